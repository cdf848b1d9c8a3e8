/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alerts-place.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-alert-filter-bar.h"
#include "fyr-alert-pane.h"
#include "fyr-alert-row.h"
#include "fyr-alert-text.h"
#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-first-rows.h"
#include "fyr-trace.h"

/* So long after the last key or pointer the list counts as not being read, and may move. */
#define READING_SECONDS 60

struct _FyrAlertsPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrAlertFeed *feed;
  GtkFilterListModel *filtered;
  GtkCustomFilter *filter;
  FyrFirstRows *rows;
  GtkSingleSelection *selection;
  guint idle_source;
  guint first_source;
  gboolean reading;
  gboolean traced; /* that the list was painted */

  GtkPaned *paned;
  FyrAlertFilterBar *filter_bar;
  GtkStack *stack;
  GtkListView *list;
  GtkRevealer *news;
  GtkLabel *news_words;
  FyrAlertPane *pane;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT, N_PROPS };

static void
fyr_alerts_place_iface (FyrPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrAlertsPlace,
                               fyr_alerts_place,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_alerts_place_iface))

static void
on_closed (FyrAlertsPlace *self);

static FyrAlertEntry *
chosen (FyrAlertsPlace *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

/* The pages for an empty list are made when they are needed: most days that is not at the start. */
static void
ensure_page (FyrAlertsPlace *self, const char *name)
{
  GtkWidget *page;

  if (gtk_stack_get_child_by_name (self->stack, name))
    return;
  if (g_str_equal (name, "empty"))
    page = fyr_empty_state_new (
        "emblem-ok-symbolic", _ ("No open alerts"),
        _ ("New ones come here by themselves. Closed alerts of today: choose “Closed today” "
           "above."),
        NULL, NULL);
  else if (g_str_equal (name, "filtered"))
    page = fyr_empty_state_new ("edit-find-symbolic", _ ("None of these"),
                                _ ("There are open alerts, but not of the kind chosen above."),
                                _ ("Show _all"), "alerts.show-all");
  else
    page = fyr_empty_state_new (
        "dialog-error-symbolic", _ ("The alerts could not be read"),
        _ ("This machine's database gives no answer. Try again; if it goes on, use another "
           "machine and tell the administrator."),
        _ ("_Try again"), "alerts.retry");
  gtk_stack_add_named (self->stack, page, name);
}

static void
update_stack (FyrAlertsPlace *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (fyr_alert_feed_get_list (self->feed))) > 0;
  const char *page = "list";

  if (!fyr_alert_feed_get_loaded (self->feed))
    page = fyr_alert_feed_get_failed (self->feed) ? "failed" : "loading";
  else if (n == 0)
    page = any ? "filtered" : "empty";
  if (!g_str_equal (page, "loading") && !g_str_equal (page, "list"))
    ensure_page (self, page);
  gtk_stack_set_visible_child_name (self->stack, page);
}

/* What stands beside the list is made after the list is on screen. */
static FyrAlertPane *
ensure_pane (FyrAlertsPlace *self)
{
  if (self->pane)
    return self->pane;
  self->pane = FYR_ALERT_PANE (fyr_alert_pane_new (self->context));
  g_signal_connect_object (self->pane, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);
  gtk_paned_set_end_child (self->paned, GTK_WIDGET (self->pane));
  return self->pane;
}

static gboolean
is_writing (FyrAlertsPlace *self)
{
  return self->pane && fyr_alert_pane_is_writing (self->pane);
}

/* The first is chosen as long as nobody has chosen: beside the list there is always something to read. */
static void
choose_first_unless_reading (FyrAlertsPlace *self)
{
  if (!self->reading && !is_writing (self) && g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0 &&
      gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, 0);
}

static gboolean
on_list_on_screen (gpointer data)
{
  FyrAlertsPlace *self = data;

  self->first_source = 0;
  fyr_first_rows_grow (self->rows);
  ensure_pane (self);
  choose_first_unless_reading (self);
  return G_SOURCE_REMOVE;
}

/* The list goes before what stands beside it: the first is chosen when the frame is done. */
static void
on_items_changed (FyrAlertsPlace *self)
{
  update_stack (self);
  if (self->pane)
    choose_first_unless_reading (self);
  else if (fyr_alert_feed_get_loaded (self->feed) && self->first_source == 0)
    self->first_source = g_timeout_add_full (G_PRIORITY_LOW, 30, on_list_on_screen, self, NULL);
}

static void
set_anchor (FyrAlertsPlace *self)
{
  FyrAlertEntry *entry = self->reading ? chosen (self) : NULL;

  fyr_alert_list_set_anchor (fyr_alert_feed_get_list (self->feed),
                             entry ? fyr_alert_entry_get_id (entry) : NULL);
}

static gboolean
stop_reading (gpointer data)
{
  FyrAlertsPlace *self = data;

  self->idle_source = 0;
  if (is_writing (self)) {
    self->idle_source = g_timeout_add_seconds (READING_SECONDS, stop_reading, self);
    return G_SOURCE_REMOVE;
  }
  self->reading = FALSE;
  set_anchor (self);
  return G_SOURCE_REMOVE;
}

static void
keep_reading (FyrAlertsPlace *self)
{
  g_clear_handle_id (&self->idle_source, g_source_remove);
  self->idle_source = g_timeout_add_seconds (READING_SECONDS, stop_reading, self);
  if (self->reading)
    return;
  self->reading = TRUE;
  set_anchor (self);
}

static void
on_selected (FyrAlertsPlace *self)
{
  FyrAlertEntry *entry = chosen (self);

  if (!entry && is_writing (self))
    return;
  fyr_alert_pane_set_entry (ensure_pane (self), entry);
  set_anchor (self);
}

static void
scroll_to (FyrAlertsPlace *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
choose (FyrAlertsPlace *self, guint position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  if (n == 0)
    return;
  position = MIN (position, n - 1);
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->rows)))
    fyr_first_rows_show_all (self->rows);
  gtk_single_selection_set_selected (self->selection, position);
  scroll_to (self, position);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (widget);
  guint position = gtk_single_selection_get_selected (self->selection);

  keep_reading (self);
  choose (self, position == GTK_INVALID_LIST_POSITION ? 0 : position + 1);
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (widget);
  guint position = gtk_single_selection_get_selected (self->selection);

  keep_reading (self);
  choose (self, position == GTK_INVALID_LIST_POSITION || position == 0 ? 0 : position - 1);
}

static void
show_new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (widget);

  fyr_alert_list_release (fyr_alert_feed_get_list (self->feed));
  if (!is_writing (self))
    choose (self, 0);
  else
    scroll_to (self, 0);
}

/* Closing leaves the list as it is but for the closed one; the next in line is chosen. */
static void
on_closed (FyrAlertsPlace *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  if (position + 1 < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    choose (self, position + 1);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
on_waiting (FyrAlertsPlace *self)
{
  guint n = fyr_alert_list_get_n_waiting (fyr_alert_feed_get_list (self->feed));
  guint n_red = fyr_alert_list_get_n_waiting_red (fyr_alert_feed_get_list (self->feed));
  g_autofree char *words = NULL;

  if (n_red > 0)
    words = g_strdup_printf (ngettext ("%d new red alert", "%d new red alerts", n_red), (int)n_red);
  else if (n > 0)
    words = g_strdup_printf (ngettext ("%d new alert", "%d new alerts", n), (int)n);
  if (words)
    fyr_alert_text_set (self->news_words, words);
  if (n_red > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->news), "red");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->news), "red");
  gtk_revealer_set_reveal_child (self->news, n > 0);
}

static gboolean
matches (gpointer item, gpointer data)
{
  FyrAlertsPlace *self = data;
  FyrAlert *alert = fyr_alert_entry_get_alert (item);
  guint categories = fyr_alert_filter_bar_get_categories (self->filter_bar);

  if (categories && !(categories & 1u << fyr_alert_get_category (alert)))
    return FALSE;
  return !fyr_alert_filter_bar_get_mine (self->filter_bar) ||
         g_strcmp0 (fyr_alert_get_assignee_id (alert), fyr_app_context_get_user_id (self->context)) == 0;
}

static void
on_filter_changed (FyrAlertsPlace *self)
{
  fyr_alert_feed_set_with_closed (self->feed, fyr_alert_filter_bar_get_closed (self->filter_bar));
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  fyr_alert_list_release (fyr_alert_feed_get_list (self->feed));
  on_items_changed (self);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fyr_alert_filter_bar_clear (FYR_ALERTS_PLACE (widget)->filter_bar);
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fyr_alert_feed_refresh (FYR_ALERTS_PLACE (widget)->feed);
}

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item, FyrAlertsPlace *self)
{
  gtk_list_item_set_child (item, fyr_alert_row_new (fyr_app_context_get_user_id (self->context)));
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item, FyrAlertsPlace *self)
{
  fyr_alert_row_set_entry (FYR_ALERT_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item, FyrAlertsPlace *self)
{
  fyr_alert_row_set_entry (FYR_ALERT_ROW (gtk_list_item_get_child (item)), NULL);
}

static gboolean
show_record (FyrPlace *place, const char *id)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (place);
  guint n;

  fyr_alert_list_release (fyr_alert_feed_get_list (self->feed));
  fyr_alert_filter_bar_clear (self->filter_bar);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrAlertEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);

    if (g_str_equal (fyr_alert_entry_get_id (entry), id)) {
      keep_reading (self);
      choose (self, i);
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
focus_default (FyrPlace *place)
{
  return gtk_widget_grab_focus (GTK_WIDGET (FYR_ALERTS_PLACE (place)->list));
}

static void
fyr_alerts_place_iface (FyrPlaceInterface *iface)
{
  iface->show_record = show_record;
  iface->focus_default = focus_default;
}

static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, FyrAlertsPlace *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_SCROLL || type == GDK_TOUCH_BEGIN)
    keep_reading (self);
  return GDK_EVENT_PROPAGATE;
}

static void
on_count (FyrAlertsPlace *self)
{
  g_object_notify (G_OBJECT (self), "attention");
  g_object_notify (G_OBJECT (self), "urgent");
}

static void
watch_feed (FyrAlertsPlace *self)
{
  FyrAlertList *list = fyr_alert_feed_get_list (self->feed);

  g_signal_connect_object (self->feed, "notify::loaded", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->feed, "notify::failed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->feed, "notify::n-open", G_CALLBACK (on_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->feed, "notify::n-red", G_CALLBACK (on_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify", G_CALLBACK (on_waiting), self, G_CONNECT_SWAPPED);
}

static void
make_list (FyrAlertsPlace *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  FyrAlertList *list = fyr_alert_feed_get_list (self->feed);

  self->filter = gtk_custom_filter_new (matches, self, NULL);
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (list)),
                                              g_object_ref (GTK_FILTER (self->filter)));
  self->rows = fyr_first_rows_new (G_LIST_MODEL (self->filtered));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
fyr_alerts_place_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (object);

  switch (prop_id) {
  case PROP_ATTENTION:
    g_value_set_uint (value, self->feed ? fyr_alert_feed_get_n_open (self->feed) : 0);
    break;
  case PROP_URGENT:
    g_value_set_boolean (value, self->feed && fyr_alert_feed_get_n_red (self->feed) > 0);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_alerts_place_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (widget);

  GTK_WIDGET_CLASS (fyr_alerts_place_parent_class)->snapshot (widget, snapshot);
  if (self->traced || !fyr_trace_is_on () || !fyr_alert_feed_get_loaded (self->feed))
    return;
  self->traced = TRUE;
  fyr_trace_painted (widget, "list", "");
}

static void
fyr_alerts_place_dispose (GObject *object)
{
  FyrAlertsPlace *self = FYR_ALERTS_PLACE (object);

  g_clear_handle_id (&self->idle_source, g_source_remove);
  g_clear_handle_id (&self->first_source, g_source_remove);
  if (self->list) {
    gtk_list_view_set_model (self->list, NULL);
    gtk_list_view_set_factory (self->list, NULL);
    self->list = NULL;
  }
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->feed);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alerts_place_parent_class)->dispose (object);
}

/* Wherever in the window the keyboard is, but in a text: those keys never get here. */
static void
add_keys (FyrAlertsPlace *self)
{
  static const struct {
    const char *key;
    const char *action;
  } keys[] = {
    { "j", "alerts.next" }, { "k", "alerts.previous" }, { "t", "alerts.take" },
    { "n", "alerts.note" }, { "c", "alerts.close" },    { "F5", "alerts.show-new" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].key),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* Keys of a place that is not on screen do nothing. */
static void
update_keys (GtkWidget *widget)
{
  static const char *const actions[] = { "alerts.next", "alerts.previous", "alerts.take",
                                         "alerts.note", "alerts.close",    "alerts.show-new" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (widget, actions[i], gtk_widget_get_mapped (widget));
}

/* The pane's actions are below this widget: keys pressed in the list are handed on to it. */
static void
pane_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *inner = g_strconcat ("alert.", strchr (name, '.') + 1, NULL);

  gtk_widget_activate_action (GTK_WIDGET (ensure_pane (FYR_ALERTS_PLACE (widget))), inner, NULL);
}

static void
fyr_alerts_place_class_init (FyrAlertsPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fyr_alerts_place_dispose;
  object_class->get_property = fyr_alerts_place_get_property;
  widget_class->snapshot = fyr_alerts_place_snapshot;
  fyr_place_install_properties (object_class, PROP_ATTENTION);
  g_type_ensure (FYR_TYPE_ALERT_FILTER_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/alerts/fyr-alerts-place.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, paned);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, filter_bar);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, list);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, news);
  gtk_widget_class_bind_template_child (widget_class, FyrAlertsPlace, news_words);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_install_action (widget_class, "alerts.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "alerts.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "alerts.take", NULL, pane_action);
  gtk_widget_class_install_action (widget_class, "alerts.note", NULL, pane_action);
  gtk_widget_class_install_action (widget_class, "alerts.close", NULL, pane_action);
  gtk_widget_class_install_action (widget_class, "alerts.show-new", NULL, show_new_action);
  gtk_widget_class_install_action (widget_class, "alerts.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (widget_class, "alerts.retry", NULL, retry_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fyr_alerts_place_init (FyrAlertsPlace *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);
  g_signal_connect (self, "map", G_CALLBACK (update_keys), NULL);
  g_signal_connect_after (self, "unmap", G_CALLBACK (update_keys), NULL);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

GtkWidget *
fyr_alerts_place_new (FyrAppContext *context)
{
  /* The question goes before the widgets: the database answers while they are made. */
  g_autoptr (FyrAlertFeed) feed = fyr_alert_feed_new (context);
  FyrAlertsPlace *self = g_object_new (FYR_TYPE_ALERTS_PLACE, NULL);

  self->context = g_object_ref (context);
  self->feed = g_steal_pointer (&feed);
  make_list (self);
  watch_feed (self);
  update_stack (self);
  return GTK_WIDGET (self);
}

FyrAlertFeed *
fyr_alerts_place_get_feed (FyrAlertsPlace *self)
{
  return self->feed;
}
