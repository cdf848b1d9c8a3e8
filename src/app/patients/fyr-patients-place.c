/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patients-place.h"

#include <glib/gi18n-lib.h>

#include "fyr-children.h"
#include "fyr-emergency-dialog.h"
#include "fyr-empty-state.h"
#include "fyr-first-rows.h"
#include "fyr-patient-columns.h"
#include "fyr-patient-form.h"
#include "fyr-patient-page.h"
#include "fyr-patient-search.h"

struct _FyrPatientsPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatientSearch *search;
  FyrFirstRows *rows;
  GtkSingleSelection *selection;
  GtkWidget *empty;
  gboolean open_first;     /* Enter was pressed before the answer came */
  guint frames;            /* begun since the first rows came, one more; 0: none came yet */
  GtkWidget *patient_page; /* NULL while the list is shown */
  GtkStack *stack;
  GtkStack *answer_stack;
  GtkWidget *search_entry;
  GtkDropDown *status_drop_down;
  GtkDropDown *sort_drop_down;
  GtkWidget *register_button;
  GtkWidget *emergency_button;
  GtkColumnView *view;
  GtkLabel *total_label;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT };

static void
fyr_patients_place_place (FyrPlaceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FyrPatientsPlace,
                         fyr_patients_place,
                         GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_patients_place_place))

static gboolean
is_clerk (FyrPatientsPlace *self)
{
  return fyr_app_context_get_role (self->context) == FYR_ROLE_CLERK;
}

/* What the list says when there is nothing in it: why, and what to do. */
static void
show_emptiness (FyrPatientsPlace *self)
{
  const char *text = fyr_patient_search_get_text (self->search);
  g_autofree char *nobody = NULL;
  if (fyr_patient_search_get_failed (self->search)) {
    fyr_empty_state_set (
        self->empty, _ ("The patients could not be read"),
        _ ("Close and start the application again. If it happens again, call your operator."));
  } else if (*text != '\0') {
    nobody = g_strdup_printf (_ ("Nobody matches “%s”"), text);
    fyr_empty_state_set (
        self->empty, nobody,
        _ ("Search by beginnings of names, identity number or telephone, or choose Everybody."));
  } else if (fyr_app_context_get_role (self->context) == FYR_ROLE_NURSE) {
    fyr_empty_state_set (self->empty, _ ("No patients here"),
                         _ ("Register the first with Register patient, or Ctrl+N."));
  } else {
    fyr_empty_state_set (self->empty, _ ("No patients here"),
                         _ ("They appear as soon as the centre has registered them."));
  }
}

/* (transfer full) */
static char *
count_words (FyrPatientsPlace *self, guint total)
{
  if (is_clerk (self))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u borrower", "%u borrowers", total), total);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u patient", "%u patients", total), total);
}

static void
show_total (FyrPatientsPlace *self)
{
  guint total = fyr_patient_search_get_total (self->search);
  guint shown = g_list_model_get_n_items (fyr_patient_search_get_model (self->search));
  g_autofree char *text =
      shown < total
          ? g_strdup_printf (_ ("The first %u of %u patients: search to see the others"), shown, total)
          : count_words (self, total);
  gtk_label_set_label (self->total_label, text);
}

/* In the frame after the one that shows the first rows. */
static gboolean
on_tick (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  FyrPatientsPlace *self = data;

  if (++self->frames < 3)
    return G_SOURCE_CONTINUE;
  fyr_first_rows_grow (self->rows);
  return G_SOURCE_REMOVE;
}

static void
show_answer (FyrPatientsPlace *self)
{
  guint shown = g_list_model_get_n_items (fyr_patient_search_get_model (self->search));
  gboolean failed = fyr_patient_search_get_failed (self->search);
  if (!fyr_patient_search_get_loaded (self->search) && !failed) {
    gtk_stack_set_visible_child_name (self->answer_stack, "loading");
    return;
  }
  show_emptiness (self);
  show_total (self);
  if (shown > 0 && self->frames == 0) {
    self->frames = 1;
    gtk_widget_add_tick_callback (GTK_WIDGET (self->view), on_tick, self, NULL);
  }
  gtk_stack_set_visible_child_name (self->answer_stack, shown == 0 || failed ? "empty" : "rows");
}

static void
show_list (FyrPatientsPlace *self)
{
  if (self->patient_page == NULL)
    return;
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_stack_remove (self->stack, self->patient_page);
  self->patient_page = NULL;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  fyr_place_emit_back_changed (FYR_PLACE (self));
}

static void
show_patient (FyrPatientsPlace *self, const char *id)
{
  GtkWidget *former = self->patient_page;
  self->patient_page = fyr_patient_page_new (self->context, id);
  gtk_stack_add_child (self->stack, self->patient_page);
  gtk_stack_set_visible_child (self->stack, self->patient_page);
  if (former != NULL)
    gtk_stack_remove (self->stack, former);
  gtk_widget_grab_focus (self->patient_page);
  fyr_place_emit_back_changed (FYR_PLACE (self));
}

static void
on_activated (GtkColumnView *view, guint position, FyrPatientsPlace *self)
{
  g_autoptr (FyrPatientItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  if (item != NULL && !is_clerk (self))
    show_patient (self, fyr_patient_item_get_id (item));
}

static void
open_first (FyrPatientsPlace *self)
{
  if (!self->open_first || !fyr_patient_search_get_current (self->search))
    return;
  self->open_first = FALSE;
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    on_activated (self->view, 0, self);
}

/* Enter in the search field opens the first that matches what is typed, never what matched before it. */
static void
on_search_activated (GtkSearchEntry *entry, FyrPatientsPlace *self)
{
  fyr_patient_search_set_text (self->search, gtk_editable_get_text (GTK_EDITABLE (entry)));
  self->open_first = TRUE;
  open_first (self);
}

static void
on_search_changed (GtkSearchEntry *entry, FyrPatientsPlace *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  /* It comes a moment after the typing: Enter may have asked for the same already, and still waits to open. */
  if (g_str_equal (text, fyr_patient_search_get_text (self->search)))
    return;
  self->open_first = FALSE;
  fyr_patient_search_set_text (self->search, text);
}

static void
on_search_stopped (GtkSearchEntry *entry, FyrPatientsPlace *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static gboolean
on_search_key (
    GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state, FyrPatientsPlace *self)
{
  if (keyval != GDK_KEY_Down || g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  return GDK_EVENT_STOP;
}

static void
on_status_chosen (GtkDropDown *drop_down, GParamSpec *pspec, FyrPatientsPlace *self)
{
  static const guint masks[] = { (1u << FYR_PATIENT_STATUS_ACTIVE) | (1u << FYR_PATIENT_STATUS_PLANNED),
                                 1u << FYR_PATIENT_STATUS_ONHOLD,
                                 (1u << FYR_PATIENT_STATUS_FINISHED) | (1u << FYR_PATIENT_STATUS_CANCELLED),
                                 0 };
  guint selected = gtk_drop_down_get_selected (drop_down);
  if (selected < G_N_ELEMENTS (masks))
    fyr_patient_search_set_statuses (self->search, masks[selected]);
}

static void
on_sort_chosen (GtkDropDown *drop_down, GParamSpec *pspec, FyrPatientsPlace *self)
{
  static const FyrPatientSort orders[] = { FYR_PATIENT_SORT_NAME, FYR_PATIENT_SORT_ZONE,
                                           FYR_PATIENT_SORT_LAST_REPORT, FYR_PATIENT_SORT_ALERTS };
  guint selected = gtk_drop_down_get_selected (drop_down);
  if (selected < G_N_ELEMENTS (orders))
    fyr_patient_search_set_sort (self->search, orders[selected]);
}

static void
on_saved (FyrPatientForm *form, const char *patient_id, FyrPatientsPlace *self)
{
  show_patient (self, patient_id);
}

static void
register_patient (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *form = fyr_patient_form_new (GTK_WINDOW (root), self->context, NULL);
  g_signal_connect_object (form, "saved", G_CALLBACK (on_saved), self, 0);
  gtk_window_present (GTK_WINDOW (form));
}

static void
on_opened (FyrEmergencyDialog *dialog, const char *patient_id, FyrPatientsPlace *self)
{
  show_patient (self, patient_id);
}

static void
open_in_emergency (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog = fyr_emergency_dialog_new (GTK_WINDOW (root), self->context,
                                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  g_signal_connect_object (dialog, "opened", G_CALLBACK (on_opened), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
start_search (FyrPlace *place)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (place);
  show_list (self);
  return gtk_widget_grab_focus (self->search_entry);
}

static gboolean
go_back (FyrPlace *place)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (place);
  gboolean leaves = self->patient_page != NULL;
  show_list (self);
  return leaves;
}

static gboolean
can_go_back (FyrPlace *place)
{
  return FYR_PATIENTS_PLACE (place)->patient_page != NULL;
}

static gboolean
show_record (FyrPlace *place, const char *id)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (place);
  if (is_clerk (self))
    return FALSE;
  show_patient (self, id);
  return TRUE;
}

static gboolean
create_new (FyrPlace *place)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (place);
  if (fyr_app_context_get_role (self->context) != FYR_ROLE_NURSE)
    return FALSE;
  register_patient (GTK_WIDGET (self), NULL, NULL);
  return TRUE;
}

static const char *
get_help_page (FyrPlace *place)
{
  return FYR_PATIENTS_PLACE (place)->patient_page != NULL ? "patient" : "patients";
}

static void
fyr_patients_place_place (FyrPlaceInterface *iface)
{
  iface->start_search = start_search;
  iface->go_back = go_back;
  iface->can_go_back = can_go_back;
  iface->show_record = show_record;
  iface->create_new = create_new;
  iface->focus_default = start_search;
  iface->get_help_page = get_help_page;
}

/* This place never calls for attention: alerts do that in theirs. */
static void
fyr_patients_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ATTENTION)
    g_value_set_uint (value, 0);
  else
    g_value_set_boolean (value, FALSE);
}

static void
fyr_patients_place_dispose (GObject *object)
{
  FyrPatientsPlace *self = FYR_PATIENTS_PLACE (object);
  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_PATIENTS_PLACE);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->search);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_patients_place_parent_class)->dispose (object);
}

static void
fyr_patients_place_class_init (FyrPatientsPlaceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_patients_place_dispose;
  G_OBJECT_CLASS (klass)->get_property = fyr_patients_place_get_property;
  fyr_place_install_properties (G_OBJECT_CLASS (klass), PROP_ATTENTION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patients/fyr-patients-place.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, answer_stack);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, status_drop_down);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, sort_drop_down);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, register_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, emergency_button);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, view);
  gtk_widget_class_bind_template_child (widget_class, FyrPatientsPlace, total_label);
  gtk_widget_class_install_action (widget_class, "patients.register", NULL, register_patient);
  gtk_widget_class_install_action (widget_class, "patients.emergency", NULL, open_in_emergency);
}

static void
fyr_patients_place_init (FyrPatientsPlace *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
connect_controls (FyrPatientsPlace *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_search_key), self);
  gtk_widget_add_controller (self->search_entry, key);
  g_signal_connect (self->search_entry, "search-changed", G_CALLBACK (on_search_changed), self);
  g_signal_connect (self->search_entry, "stop-search", G_CALLBACK (on_search_stopped), self);
  g_signal_connect (self->search_entry, "activate", G_CALLBACK (on_search_activated), self);
  g_signal_connect (self->status_drop_down, "notify::selected", G_CALLBACK (on_status_chosen), self);
  g_signal_connect (self->sort_drop_down, "notify::selected", G_CALLBACK (on_sort_chosen), self);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activated), self);
  g_signal_connect_swapped (self->search, "notify", G_CALLBACK (show_answer), self);
  g_signal_connect_swapped (self->search, "notify::current", G_CALLBACK (open_first), self);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (show_answer), self,
                           G_CONNECT_SWAPPED);
}

/* What a role may not see or do is not there, rather than there and grey. */
static void
fit_role (FyrPatientsPlace *self)
{
  FyrRole role = fyr_app_context_get_role (self->context);
  gtk_widget_set_visible (self->register_button, role == FYR_ROLE_NURSE);
  gtk_widget_set_visible (self->emergency_button, role == FYR_ROLE_NURSE || role == FYR_ROLE_GP);
  gtk_widget_set_visible (GTK_WIDGET (self->sort_drop_down), role != FYR_ROLE_CLERK);
  gtk_widget_set_visible (GTK_WIDGET (self->status_drop_down), role != FYR_ROLE_CLERK);
  fyr_patient_columns_add (self->view, role);
  if (role == FYR_ROLE_CLERK) {
    g_object_set (self->search_entry, "placeholder-text", _ ("Name or telephone"), NULL);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Search borrowers"), -1);
    return;
  }
  FyrSettings *settings = fyr_app_context_get_settings (self->context);
  g_object_bind_property (settings, "list-filter", self->status_drop_down, "selected",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (settings, "list-sort", self->sort_drop_down, "selected",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

GtkWidget *
fyr_patients_place_new (FyrAppContext *context)
{
  FyrPatientsPlace *self = g_object_new (FYR_TYPE_PATIENTS_PLACE, NULL);
  self->context = g_object_ref (context);
  self->search = fyr_patient_search_new (context);
  self->rows = fyr_first_rows_new (fyr_patient_search_get_model (self->search));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  self->empty = fyr_empty_state_new ("system-users-symbolic", "", NULL, NULL, NULL);
  gtk_stack_add_named (self->answer_stack, self->empty, "empty");
  fit_role (self);
  connect_controls (self);
  if (!is_clerk (self)) {
    on_status_chosen (self->status_drop_down, NULL, self);
    on_sort_chosen (self->sort_drop_down, NULL, self);
  }
  show_answer (self);
  return GTK_WIDGET (self);
}
