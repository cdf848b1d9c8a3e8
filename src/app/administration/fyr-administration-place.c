/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-administration-place.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-centre-window.h"
#include "fyr-format.h"
#include "fyr-store-query.h"
#include "fyr-text-fold.h"
#include "fyr-user-window.h"

struct _FyrAdministrationPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  GCancellable *cancellable;
  GPtrArray *users;
  GPtrArray *memberships;
  GPtrArray *centres;

  GtkSearchEntry *search;
  GtkListBox *user_list;
  GtkListBox *centre_list;
  GtkStack *user_stack;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT, N_PROPS };

static void
fyr_administration_place_iface (FyrPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrAdministrationPlace,
                               fyr_administration_place,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_administration_place_iface))

static GtkWindow *
window_of (FyrAdministrationPlace *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static gboolean
is_valid_now (FyrMembership *membership, gint64 now)
{
  if (fyr_membership_has_valid_from (membership) && fyr_membership_get_valid_from (membership) > now)
    return FALSE;
  return !fyr_membership_has_valid_to (membership) || fyr_membership_get_valid_to (membership) > now;
}

static char *
roles_of (FyrAdministrationPlace *self, FyrUser *user)
{
  GString *text = g_string_new (NULL);
  gint64 now = fyr_now ();

  for (guint i = 0; self->memberships && i < self->memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (self->memberships, i);

    if (g_strcmp0 (fyr_membership_get_user_id (membership), fyr_record_get_id (FYR_RECORD (user))) != 0 ||
        !is_valid_now (membership, now))
      continue;
    if (text->len > 0)
      g_string_append (text, ", ");
    g_string_append (text, fyr_role_get_word (fyr_membership_get_role (membership)));
  }
  if (text->len == 0)
    g_string_append (text, _ ("No role"));
  return g_string_free (text, FALSE);
}

static GtkWidget *
user_row (FyrAdministrationPlace *self, FyrUser *user)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *roles = roles_of (self, user);
  g_autofree char *subtitle = NULL;

  subtitle = g_strdup_printf ("%s · %s", fyr_user_get_user_name (user), roles);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), fyr_user_get_name (user));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (!fyr_user_get_active (user)) {
    GtkWidget *label = gtk_label_new (_ ("May not sign in"));

    gtk_widget_add_css_class (label, "dim-label");
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "record", g_object_ref (user), g_object_unref);
  return row;
}

static GtkWidget *
centre_row (FyrCentre *centre)
{
  GtkWidget *row = adw_action_row_new ();
  const char *telephone = fyr_centre_get_telephone (centre);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), fyr_centre_get_name (centre));
  if (telephone)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), telephone);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "record", g_object_ref (centre), g_object_unref);
  return row;
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, child);
}

static gboolean
user_matches (FyrUser *user, const char *query)
{
  g_autofree char *name = fyr_text_fold (fyr_user_get_name (user));
  g_autofree char *user_name = fyr_text_fold (fyr_user_get_user_name (user));

  return fyr_text_fold_matches (name, query) || fyr_text_fold_matches (user_name, query);
}

static void
show_users (FyrAdministrationPlace *self)
{
  g_autofree char *query = fyr_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  guint n = 0;

  empty_list (self->user_list);
  for (guint i = 0; self->users && i < self->users->len; i++) {
    FyrUser *user = g_ptr_array_index (self->users, i);

    if (!user_matches (user, query))
      continue;
    gtk_list_box_append (self->user_list, user_row (self, user));
    n++;
  }
  gtk_stack_set_visible_child_name (self->user_stack, n > 0 ? "users" : "none");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *first = fyr_user_get_name (*(FyrUser *const *)a);
  const char *second = fyr_user_get_name (*(FyrUser *const *)b);

  return g_utf8_collate (first ? first : "", second ? second : "");
}

static void
on_users (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAdministrationPlace) self = user_data;
  g_autoptr (GPtrArray) users = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (!users || !self->context)
    return;
  g_ptr_array_sort (users, compare_names);
  g_clear_pointer (&self->users, g_ptr_array_unref);
  self->users = g_steal_pointer (&users);
  show_users (self);
}

static void
on_memberships (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAdministrationPlace) self = user_data;
  g_autoptr (GPtrArray) memberships = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (!memberships || !self->context)
    return;
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  self->memberships = g_steal_pointer (&memberships);
  fyr_store_list_records_async (self->store, "user", NULL, NULL, self->cancellable, on_users,
                                g_object_ref (self));
}

static void
on_centres (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAdministrationPlace) self = user_data;
  g_autoptr (GPtrArray) centres = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (!centres || !self->context)
    return;
  empty_list (self->centre_list);
  for (guint i = 0; i < centres->len; i++)
    gtk_list_box_append (self->centre_list, centre_row (g_ptr_array_index (centres, i)));
  g_clear_pointer (&self->centres, g_ptr_array_unref);
  self->centres = g_steal_pointer (&centres);
}

static void
refresh (FyrAdministrationPlace *self)
{
  fyr_store_list_records_async (self->store, "membership", NULL, NULL, self->cancellable, on_memberships,
                                g_object_ref (self));
  fyr_store_list_records_async (self->store, "centre", NULL, NULL, self->cancellable, on_centres,
                                g_object_ref (self));
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrAdministrationPlace *self)
{
  if (fyr_change_set_has_kind (changes, "user") || fyr_change_set_has_kind (changes, "membership") ||
      fyr_change_set_has_kind (changes, "centre"))
    refresh (self);
}

static void
on_user_activated (FyrAdministrationPlace *self, GtkListBoxRow *row)
{
  FyrUser *user = g_object_get_data (G_OBJECT (row), "record");

  gtk_window_present (GTK_WINDOW (fyr_user_window_new (window_of (self), self->context, user)));
}

static void
on_centre_activated (FyrAdministrationPlace *self, GtkListBoxRow *row)
{
  FyrCentre *centre = g_object_get_data (G_OBJECT (row), "record");

  gtk_window_present (GTK_WINDOW (fyr_centre_window_new (window_of (self), self->context, centre)));
}

static gboolean
start_search (FyrPlace *place)
{
  return gtk_widget_grab_focus (GTK_WIDGET (FYR_ADMINISTRATION_PLACE (place)->search));
}

static gboolean
create_new (FyrPlace *place)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (place);

  gtk_window_present (GTK_WINDOW (fyr_user_window_new (window_of (self), self->context, NULL)));
  return TRUE;
}

static void
fyr_administration_place_iface (FyrPlaceInterface *iface)
{
  iface->start_search = start_search;
  iface->focus_default = start_search;
  iface->create_new = create_new;
}

static void
new_user_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  create_new (FYR_PLACE (widget));
}

static void
fyr_administration_place_dispose (GObject *object)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  g_clear_pointer (&self->centres, g_ptr_array_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (fyr_administration_place_parent_class)->dispose (object);
}

static void
fyr_administration_place_finalize (GObject *object)
{
  g_object_unref (FYR_ADMINISTRATION_PLACE (object)->cancellable);
  G_OBJECT_CLASS (fyr_administration_place_parent_class)->finalize (object);
}

static void
fyr_administration_place_class_init (FyrAdministrationPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fyr_administration_place_dispose;
  object_class->finalize = fyr_administration_place_finalize;
  object_class->get_property = fyr_place_get_quiet_property;
  fyr_place_install_properties (object_class, PROP_ATTENTION);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/no/fyrlykt/Fyrlykt/administration/fyr-administration-place.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAdministrationPlace, search);
  gtk_widget_class_bind_template_child (widget_class, FyrAdministrationPlace, user_list);
  gtk_widget_class_bind_template_child (widget_class, FyrAdministrationPlace, centre_list);
  gtk_widget_class_bind_template_child (widget_class, FyrAdministrationPlace, user_stack);
  gtk_widget_class_bind_template_callback (widget_class, on_user_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_centre_activated);
  gtk_widget_class_bind_template_callback (widget_class, show_users);
  gtk_widget_class_install_action (widget_class, "administration.new-user", NULL, new_user_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fyr_administration_place_init (FyrAdministrationPlace *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_set (self->search, "placeholder-text", _ ("Search by name"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search among users"), -1);
}

GtkWidget *
fyr_administration_place_new (FyrAppContext *context)
{
  FyrAdministrationPlace *self = g_object_new (FYR_TYPE_ADMINISTRATION_PLACE, NULL);
  FyrStore *store = fyr_app_context_get_store (context);

  self->context = g_object_ref (context);
  if (store) {
    self->store = g_object_ref (store);
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), self, 0);
    refresh (self);
  }
  return GTK_WIDGET (self);
}
