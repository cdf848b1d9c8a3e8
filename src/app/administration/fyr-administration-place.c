/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-administration-place.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-administration-columns.h"
#include "fyr-centre-window.h"
#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-organization-form.h"
#include "fyr-store-query.h"
#include "fyr-user-window.h"

struct _FyrAdministrationPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  GCancellable *cancellable;
  GPtrArray *users;
  GPtrArray *centres;
  FyrAdministrationFacts facts;

  GtkStack *tabs;
  FyrRecordList *user_table;
  FyrRecordList *centre_table;
  FyrRecordList *organization_table;
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

static void
show_tables (FyrAdministrationPlace *self)
{
  fyr_record_list_show (self->user_table, self->users);
  fyr_record_list_show (self->centre_table, self->centres);
  fyr_record_list_show (self->organization_table, self->facts.organizations);
}

/* Takes what was read in place of what is held; %FALSE when there is nothing to show. */
static gboolean
take (FyrAdministrationPlace *self, GObject *store, GAsyncResult *result, GPtrArray **held)
{
  GPtrArray *records = fyr_store_list_records_finish (FYR_STORE (store), result, NULL);

  if (!records || !self->context) {
    g_clear_pointer (&records, g_ptr_array_unref);
    return FALSE;
  }
  g_ptr_array_unref (*held);
  *held = records;
  return TRUE;
}

static void
on_users (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrAdministrationPlace) self = data;

  if (take (self, store, result, &self->users))
    show_tables (self);
}

static void
on_centres (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrAdministrationPlace) self = data;

  take (self, store, result, &self->centres);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *first = fyr_organization_get_name (*(FyrOrganization *const *)a);
  const char *second = fyr_organization_get_name (*(FyrOrganization *const *)b);

  return g_utf8_collate (first ? first : "", second ? second : "");
}

static void
on_organizations (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrAdministrationPlace) self = data;

  if (take (self, store, result, &self->facts.organizations))
    g_ptr_array_sort (self->facts.organizations, compare_names);
}

static void
on_memberships (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrAdministrationPlace) self = data;

  take (self, store, result, &self->facts.memberships);
}

/* The store answers in the order it is asked: with the last answer all is there. */
static void
refresh (FyrAdministrationPlace *self)
{
  static const struct {
    const char *kind;
    GAsyncReadyCallback callback;
  } questions[] = {
    { "organization", on_organizations },
    { "centre", on_centres },
    { "membership", on_memberships },
    { "user", on_users },
  };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    fyr_store_list_records_async (self->store, questions[i].kind, NULL, NULL, self->cancellable,
                                  questions[i].callback, g_object_ref (self));
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrAdministrationPlace *self)
{
  if (fyr_change_set_has_kind (changes, "user") || fyr_change_set_has_kind (changes, "membership") ||
      fyr_change_set_has_kind (changes, "centre") || fyr_change_set_has_kind (changes, "organization"))
    refresh (self);
}

static void
open_user (FyrAdministrationPlace *self, FyrRecord *user)
{
  gtk_window_present (GTK_WINDOW (fyr_user_window_new (window_of (self), self->context, FYR_USER (user))));
}

static void
open_centre (FyrAdministrationPlace *self, FyrRecord *centre)
{
  gtk_window_present (
      GTK_WINDOW (fyr_centre_window_new (window_of (self), self->context, FYR_CENTRE (centre))));
}

static void
open_organization (FyrAdministrationPlace *self, FyrRecord *organization)
{
  gtk_window_present (GTK_WINDOW (fyr_organization_form_new (
      window_of (self), self->context, FYR_ORGANIZATION (organization), self->facts.organizations)));
}

static void
new_user_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (widget);

  gtk_window_present (GTK_WINDOW (fyr_user_window_new (window_of (self), self->context, NULL)));
}

static void
new_organization_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (widget);

  gtk_window_present (GTK_WINDOW (
      fyr_organization_form_new (window_of (self), self->context, NULL, self->facts.organizations)));
}

static gboolean
start_search (FyrPlace *place)
{
  GtkWidget *shown = gtk_stack_get_visible_child (FYR_ADMINISTRATION_PLACE (place)->tabs);

  return FYR_IS_RECORD_LIST (shown) && fyr_record_list_start_search (FYR_RECORD_LIST (shown));
}

static gboolean
create_new (FyrPlace *place)
{
  GtkWidget *shown = gtk_stack_get_visible_child (FYR_ADMINISTRATION_PLACE (place)->tabs);
  gboolean organizations = shown == GTK_WIDGET (FYR_ADMINISTRATION_PLACE (place)->organization_table);

  gtk_widget_activate_action (GTK_WIDGET (place),
                              organizations ? "administration.new-organization" : "administration.new-user",
                              NULL);
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
fyr_administration_place_dispose (GObject *object)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_administration_place_parent_class)->dispose (object);
}

static void
fyr_administration_place_finalize (GObject *object)
{
  FyrAdministrationPlace *self = FYR_ADMINISTRATION_PLACE (object);

  g_ptr_array_unref (self->users);
  g_ptr_array_unref (self->centres);
  g_ptr_array_unref (self->facts.memberships);
  g_ptr_array_unref (self->facts.organizations);
  g_object_unref (self->cancellable);
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
  gtk_widget_class_bind_template_child (widget_class, FyrAdministrationPlace, tabs);
  gtk_widget_class_install_action (widget_class, "administration.new-user", NULL, new_user_action);
  gtk_widget_class_install_action (widget_class, "administration.new-organization", NULL,
                                   new_organization_action);
}

/* What a table of this place says and does; msgids. */
typedef struct {
  const char *id;
  const char *title;
  const char *search;
  const FyrRecordColumn *(*columns) (guint *n);
  const char *icon;
  const char *empty_title;
  const char *empty_text;
  const char *new_label; /* (nullable): none is made here */
  const char *new_action;
  GCallback opened;
} Table;

static const Table users_table = {
  "users",
  N_ ("Users"),
  N_ ("Search among users"),
  fyr_user_columns,
  "system-users-symbolic",
  N_ ("No users yet"),
  N_ ("Make the first, and give the password with fyrlykt-admin on the server."),
  N_ ("_New user"),
  "administration.new-user",
  G_CALLBACK (open_user),
};
static const Table centres_table = {
  "centres",
  N_ ("Centres"),
  N_ ("Search among centres"),
  fyr_centre_columns,
  "go-home-symbolic",
  N_ ("No centres yet"),
  N_ ("A centre is made with fyrlykt-admin on the server."),
  NULL,
  NULL,
  G_CALLBACK (open_centre),
};
static const Table organizations_table = {
  "organizations",
  N_ ("Organisations"),
  N_ ("Search among organisations"),
  fyr_organization_columns,
  "x-office-address-book-symbolic",
  N_ ("No organisations yet"),
  N_ ("Patients belong to a municipality or a city district. Make them here."),
  N_ ("_New organisation"),
  "administration.new-organization",
  G_CALLBACK (open_organization),
};

static FyrRecordList *
add_table (FyrAdministrationPlace *self, const Table *table)
{
  guint n;
  const FyrRecordColumn *columns = table->columns (&n);
  const char *new_label = table->new_label ? _ (table->new_label) : NULL;
  GtkWidget *empty = fyr_empty_state_new (table->icon, _ (table->empty_title), _ (table->empty_text),
                                          new_label, table->new_action);
  GtkWidget *list =
      fyr_record_list_new (_ (table->title), _ (table->search), columns, n, &self->facts, empty);

  if (new_label)
    fyr_record_list_add_button (FYR_RECORD_LIST (list), new_label, table->new_action);
  g_signal_connect_object (list, "opened", table->opened, self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->tabs, list, table->id, _ (table->title));
  return FYR_RECORD_LIST (list);
}

static void
fyr_administration_place_init (FyrAdministrationPlace *self)
{
  self->cancellable = g_cancellable_new ();
  self->users = g_ptr_array_new ();
  self->centres = g_ptr_array_new ();
  self->facts.memberships = g_ptr_array_new ();
  self->facts.organizations = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->user_table = add_table (self, &users_table);
  self->centre_table = add_table (self, &centres_table);
  self->organization_table = add_table (self, &organizations_table);
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
