/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-place.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "fyr-emergency-review.h"
#include "fyr-empty-state.h"
#include "fyr-store-query.h"

struct _FyrEmergencyPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  GtkWidget *stack;
  GtkListBox *list;
  GtkWidget *empty;
  guint waiting;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT };

static void
fyr_emergency_place_iface (FyrPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrEmergencyPlace,
                               fyr_emergency_place,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_emergency_place_iface))

static gboolean
focus_list (FyrPlace *place)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (FYR_EMERGENCY_PLACE (place)->list, 0);

  return first != NULL && gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
fyr_emergency_place_iface (FyrPlaceInterface *iface)
{
  iface->focus_default = focus_list;
}

static guint
count_waiting (GPtrArray *cases)
{
  guint n = 0;

  for (guint i = 0; i < cases->len; i++)
    n += fyr_emergency_case_needs_review (cases->pdata[i]);
  return n;
}

/* What comes with a row: its words are data, never markup. */
static GtkWidget *
make_row (FyrEmergencyCase *one)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "activatable", TRUE,
                                 "subtitle-lines", 0, "title-lines", 0, NULL);
  GtkWidget *state = gtk_label_new (fyr_emergency_case_word_state (one));
  g_autofree char *title = fyr_emergency_case_dup_title (one);
  g_autofree char *words = fyr_emergency_case_dup_words (one);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  if (fyr_emergency_case_needs_review (one))
    gtk_widget_add_css_class (state, "heading");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), state);
  g_object_set_data_full (G_OBJECT (row), "case", g_object_ref (one), g_object_unref);
  return row;
}

static void
show (FyrEmergencyPlace *self, GPtrArray *cases)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < cases->len; i++)
    gtk_list_box_append (self->list, make_row (cases->pdata[i]));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), cases->len > 0 ? "list" : "empty");
  self->waiting = count_waiting (cases);
  g_object_notify (G_OBJECT (self), "attention");
}

static void
on_cases (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrEmergencyPlace) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cases = fyr_emergency_cases_load_finish (result, &error);

  if (self->context == NULL)
    return;
  if (cases != NULL) {
    show (self, cases);
    return;
  }
  fyr_empty_state_set (self->empty, _ ("Emergency access could not be read"),
                       _ ("Close and start the application again. If it happens again, call your operator."));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "empty");
}

static void
ask (FyrEmergencyPlace *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);

  if (store != NULL)
    fyr_emergency_cases_load_async (store, NULL, on_cases, g_object_ref (self));
}

static gboolean
concerns (FyrChangeSet *changes)
{
  return fyr_change_set_has_kind (changes, fyr_emergency_access_info.kind) ||
         fyr_change_set_has_kind (changes, fyr_emergency_event_info.kind);
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrEmergencyPlace *self)
{
  if (concerns (changes))
    ask (self);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, FyrEmergencyPlace *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  FyrEmergencyCase *one = g_object_get_data (G_OBJECT (row), "case");

  gtk_window_present (GTK_WINDOW (fyr_emergency_review_new (GTK_WINDOW (root), self->context, one)));
}

static void
fyr_emergency_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ATTENTION)
    g_value_set_uint (value, FYR_EMERGENCY_PLACE (object)->waiting);
  else
    g_value_set_boolean (value, FALSE);
}

static void
fyr_emergency_place_dispose (GObject *object)
{
  FyrEmergencyPlace *self = FYR_EMERGENCY_PLACE (object);

  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_emergency_place_parent_class)->dispose (object);
}

static void
fyr_emergency_place_class_init (FyrEmergencyPlaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_emergency_place_dispose;
  G_OBJECT_CLASS (klass)->get_property = fyr_emergency_place_get_property;
  fyr_place_install_properties (G_OBJECT_CLASS (klass), PROP_ATTENTION);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
fyr_emergency_place_init (FyrEmergencyPlace *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->stack = gtk_stack_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->empty = fyr_empty_state_new (
      "security-high-symbolic", _ ("No emergency access"),
      _ ("When somebody opens a patient in an emergency, it stands here to be reviewed."), NULL, NULL);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Emergency access"), -1);
  g_object_set (clamp, "maximum-size", 800, "margin-top", 18, "margin-bottom", 18, "margin-start", 12,
                "margin-end", 12, "child", self->list, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_stack_add_named (GTK_STACK (self->stack), self->empty, "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "list");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
}

GtkWidget *
fyr_emergency_place_new (FyrAppContext *context)
{
  FyrEmergencyPlace *self = g_object_new (FYR_TYPE_EMERGENCY_PLACE, NULL);
  FyrStore *store = fyr_app_context_get_store (context);

  self->context = g_object_ref (context);
  if (store != NULL)
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), self, 0);
  ask (self);
  return GTK_WIDGET (self);
}

/* The line in another place. */

static void
on_counted (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) notice = data;
  g_autoptr (GPtrArray) cases = fyr_emergency_cases_load_finish (result, NULL);
  guint n = cases != NULL ? count_waiting (cases) : 0;
  g_autofree char *words =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u emergency access waits for your review",
                                    "%u emergency accesses wait for your review", n),
                       n);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (notice)), words);
  gtk_widget_set_visible (notice, n > 0);
}

static void
on_changed_count (FyrStore *store, FyrChangeSet *changes, GtkWidget *notice)
{
  if (changes == NULL || concerns (changes))
    fyr_emergency_cases_load_async (store, NULL, on_counted, g_object_ref (notice));
}

GtkWidget *
fyr_emergency_notice_new (FyrAppContext *context)
{
  FyrStore *store = fyr_app_context_get_store (context);
  GtkWidget *notice = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "wrap",
                                   TRUE, "xalign", 0.0, "hexpand", TRUE, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Review…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-place");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "emergency");
  gtk_widget_add_css_class (notice, "notice");
  gtk_widget_add_css_class (notice, "problem");
  gtk_box_append (GTK_BOX (notice), label);
  gtk_box_append (GTK_BOX (notice), button);
  gtk_widget_set_visible (notice, FALSE);
  if (store != NULL) {
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed_count), notice, 0);
    on_changed_count (store, NULL, notice);
  }
  return notice;
}
