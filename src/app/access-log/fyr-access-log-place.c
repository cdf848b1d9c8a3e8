/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-log-place.h"

#include <glib/gi18n-lib.h>

#include "fyr-access-log-columns.h"
#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-format.h"
#include "fyr-keyed-list.h"
#include "fyr-oslo-time.h"
#include "fyr-store-access-log.h"

#define MAX_ROWS 5000

struct _FyrAccessLogPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrStore *store; /* (nullable) */
  FyrKeyedList *list;
  GCancellable *cancellable;
  gboolean asking;
  gboolean ask_again;
  GtkWidget *empty;

  GtkSearchEntry *search;
  GtkDropDown *span;
  GtkStack *stack;
  GtkColumnView *view;
  GtkLabel *total;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT };

static void
fyr_access_log_place_iface (FyrPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrAccessLogPlace,
                               fyr_access_log_place,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_access_log_place_iface))

/* Days back that the span begins, today included; 0 for all. In the order of the .ui file. */
static const int spans[] = { 7, 1, 31, 366, 0 };

static void
ask (FyrAccessLogPlace *self);

static const char *
get_text (FyrAccessLogPlace *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search));
}

static void
show_emptiness (FyrAccessLogPlace *self, gboolean failed)
{
  if (failed)
    fyr_empty_state_set (
        self->empty, _ ("The access log could not be read"),
        _ ("Close and start the application again. If it happens again, call your operator."));
  else if (*get_text (self) != '\0')
    fyr_empty_state_set (
        self->empty, _ ("No entry matches"),
        _ ("Search by beginnings of a patient's or a person's name, or choose a longer time."));
  else
    fyr_empty_state_set (self->empty, _ ("Nothing was shown in this time"), _ ("Choose a longer time."));
}

static void
show_total (FyrAccessLogPlace *self, guint shown, guint total)
{
  g_autofree char *text =
      shown < total ? g_strdup_printf (_ ("The newest %u of %u entries: search, or choose a shorter time"),
                                       shown, total)
                    : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry", "%u entries", total), total);

  gtk_label_set_label (self->total, text);
}

static void
on_answer (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrAccessLogPlace) self = data;
  g_autoptr (GError) error = NULL;
  guint total = 0;
  g_autoptr (GPtrArray) events = fyr_store_list_access_log_finish (FYR_STORE (store), result, &total, &error);

  self->asking = FALSE;
  if (self->context == NULL)
    return;
  if (events != NULL) {
    fyr_keyed_list_update (self->list, events);
    show_total (self, events->len, total);
  } else {
    g_warning ("the access log could not be read: code %d", error->code);
  }
  show_emptiness (self, events == NULL);
  gtk_stack_set_visible_child_name (self->stack, events != NULL && events->len > 0 ? "rows" : "empty");
  if (self->ask_again)
    ask (self);
}

static void
ask (FyrAccessLogPlace *self)
{
  guint chosen = gtk_drop_down_get_selected (self->span);
  int days = chosen < G_N_ELEMENTS (spans) ? spans[chosen] : 0;
  FyrAccessLogFilter filter = { .limit = MAX_ROWS };

  self->ask_again = self->asking;
  if (self->asking || self->store == NULL)
    return;
  self->asking = TRUE;
  filter.centre_id = fyr_app_context_get_centre_id (self->context);
  filter.text = get_text (self);
  filter.from = days > 0 ? fyr_oslo_day_start (fyr_now (), 1 - days) : 0;
  fyr_store_list_access_log_async (self->store, &filter, self->cancellable, on_answer, g_object_ref (self));
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrAccessLogPlace *self)
{
  if (fyr_change_set_has_kind (changes, fyr_audit_event_info.kind))
    ask (self);
}

static gboolean
start_search (FyrPlace *place)
{
  return gtk_widget_grab_focus (GTK_WIDGET (FYR_ACCESS_LOG_PLACE (place)->search));
}

static void
fyr_access_log_place_iface (FyrPlaceInterface *iface)
{
  iface->start_search = start_search;
  iface->focus_default = start_search;
}

static void
fyr_access_log_place_dispose (GObject *object)
{
  FyrAccessLogPlace *self = FYR_ACCESS_LOG_PLACE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  g_clear_object (&self->list);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_ACCESS_LOG_PLACE);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_access_log_place_parent_class)->dispose (object);
}

static void
fyr_access_log_place_finalize (GObject *object)
{
  g_object_unref (FYR_ACCESS_LOG_PLACE (object)->cancellable);
  G_OBJECT_CLASS (fyr_access_log_place_parent_class)->finalize (object);
}

static void
fyr_access_log_place_class_init (FyrAccessLogPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fyr_access_log_place_dispose;
  object_class->finalize = fyr_access_log_place_finalize;
  object_class->get_property = fyr_place_get_quiet_property;
  fyr_place_install_properties (object_class, PROP_ATTENTION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/access-log/fyr-access-log-place.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAccessLogPlace, search);
  gtk_widget_class_bind_template_child (widget_class, FyrAccessLogPlace, span);
  gtk_widget_class_bind_template_child (widget_class, FyrAccessLogPlace, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrAccessLogPlace, view);
  gtk_widget_class_bind_template_child (widget_class, FyrAccessLogPlace, total);
  gtk_widget_class_bind_template_callback (widget_class, ask);
}

static void
fyr_access_log_place_init (FyrAccessLogPlace *self)
{
  GtkSortListModel *sorted;
  GtkSingleSelection *selection;

  self->cancellable = g_cancellable_new ();
  self->list = fyr_keyed_list_new (FYR_TYPE_AUDIT_EVENT, fyr_record_key, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->empty = fyr_empty_state_new ("view-list-symbolic", "", NULL, NULL, NULL);
  gtk_stack_add_named (self->stack, self->empty, "empty");
  fyr_access_log_columns_add (self->view);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->list)),
                                    g_object_ref (gtk_column_view_get_sorter (self->view)));
  selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
}

GtkWidget *
fyr_access_log_place_new (FyrAppContext *context)
{
  FyrAccessLogPlace *self = g_object_new (FYR_TYPE_ACCESS_LOG_PLACE, NULL);
  FyrStore *store = fyr_app_context_get_store (context);

  self->context = g_object_ref (context);
  if (store != NULL) {
    self->store = g_object_ref (store);
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), self, 0);
  }
  ask (self);
  return GTK_WIDGET (self);
}
