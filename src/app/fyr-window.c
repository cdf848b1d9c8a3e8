/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-window.h"

#include <glib/gi18n.h>

#include "fyr-alert-text.h"
#include "fyr-delivery-window.h"
#include "fyr-format.h"
#include "fyr-idle-lock.h"
#include "fyr-navigation.h"
#include "fyr-sign-in-page.h"
#include "fyr-status-bar.h"
#include "fyr-sync-notice.h"
#include "fyr-sync-words.h"
#include "fyr-toast.h"
#include "fyr-trace.h"

struct _FyrWindow {
  AdwApplicationWindow parent_instance;
  FyrAppContext *context;
  FyrBackend *backend;
  FyrSyncEngine *engine;
  FyrIdleLock *idle_lock;
  GHashTable *places;      /* id → page */
  GPtrArray *hidden_forms; /* open over the window when it was locked */
  const FyrPlaceInfo *shown;
  gboolean traced;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  FyrSignInPage *sign_in;
  FyrNavigation *navigation;
  GtkStack *place_stack;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkMenuButton *menu;
  GtkRevealer *banner;
  GtkLabel *banner_words;
  FyrStatusBar *status;
};

G_DEFINE_FINAL_TYPE (FyrWindow, fyr_window, ADW_TYPE_APPLICATION_WINDOW)

/* While nobody is signed in, or the screen is locked, no key and no notification gets past the password. */
static gboolean
is_inside (FyrWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "places") == 0;
}

static gboolean
is_closed (FyrWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "closed") == 0;
}

static FyrPlace *
current_place (FyrWindow *self)
{
  return self->shown ? g_hash_table_lookup (self->places, self->shown->id) : NULL;
}

FyrPlace *
fyr_window_get_place (FyrWindow *self, const char *id)
{
  g_return_val_if_fail (FYR_IS_WINDOW (self), NULL);
  return g_hash_table_lookup (self->places, id);
}

const char *
fyr_window_get_help_page (FyrWindow *self)
{
  FyrPlace *place = current_place (self);
  const char *page = place ? fyr_place_get_help_page (place) : NULL;

  if (!is_inside (self))
    return "sign-in";
  return page ? page : self->shown ? self->shown->help_page : "index";
}

/* "(3) Alerts – Fyrlykt": the count is seen in the task bar too. */
static void
update_title (FyrWindow *self)
{
  FyrCentre *centre = fyr_app_context_get_centre (self->context);
  FyrPlace *alerts = g_hash_table_lookup (self->places, "alerts");
  gboolean inside = is_inside (self);
  guint n = alerts ? fyr_place_get_attention (alerts) : 0;
  const char *name = inside && self->shown ? _ (self->shown->title) : "Fyrlykt";
  g_autofree char *text = NULL;

  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, inside && centre ? fyr_centre_get_name (centre) : "");
  text = inside && n > 0 ? g_strdup_printf ("(%u) %s – Fyrlykt", n, name) : g_strdup ("Fyrlykt");
  gtk_window_set_title (GTK_WINDOW (self), text);
}

static void
update_back (FyrWindow *self)
{
  FyrPlace *place = current_place (self);
  gboolean can = place && fyr_place_can_go_back (place);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", can);
  gtk_widget_set_visible (self->back, can);
}

static FyrPlace *
ensure_place (FyrWindow *self, const FyrPlaceInfo *info)
{
  FyrPlace *place = g_hash_table_lookup (self->places, info->id);
  GtkWidget *page;

  if (place)
    return place;
  page = info->create (self->context);
  gtk_stack_add_named (self->place_stack, page, info->id);
  g_hash_table_insert (self->places, (gpointer)info->id, page);
  g_signal_connect_object (page, "back-changed", G_CALLBACK (update_back), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::attention", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
  fyr_navigation_follow (self->navigation, info->id, FYR_PLACE (page));
  return FYR_PLACE (page);
}

static gboolean
show_place (FyrWindow *self, const char *id)
{
  const FyrPlaceInfo *info = fyr_places_lookup (id, fyr_app_context_get_role (self->context));

  if (!info || !is_inside (self))
    return FALSE;
  ensure_place (self, info);
  self->shown = info;
  gtk_stack_set_visible_child_name (self->place_stack, id);
  fyr_navigation_select (self->navigation, id);
  update_title (self);
  update_back (self);
  return TRUE;
}

static void
on_navigated (FyrWindow *self, const char *id)
{
  show_place (self, id);
}

static void
show_first_place (FyrWindow *self)
{
  guint n;
  const FyrPlaceInfo *places = fyr_places_get (&n);

  for (guint i = 0; i < n; i++) {
    if (show_place (self, places[i].id)) {
      fyr_place_focus_default (current_place (self));
      return;
    }
  }
}

static void
clear_places (FyrWindow *self)
{
  GtkWidget *child;

  self->shown = NULL;
  g_hash_table_remove_all (self->places);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->place_stack))))
    gtk_stack_remove (self->place_stack, child);
}

/* What is not shown is not there for a screen reader either: a locked screen gives nothing away. */
static void
show_only (FyrWindow *self, const char *name)
{
  static const char *const names[] = { "starting", "sign-in", "places", "closed" };

  gtk_widget_set_visible (gtk_stack_get_child_by_name (self->stack, name), TRUE);
  gtk_stack_set_visible_child_name (self->stack, name);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_set_visible (gtk_stack_get_child_by_name (self->stack, names[i]),
                            g_str_equal (names[i], name));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-delivery",
                                 is_inside (self) || is_closed (self));
}

static gboolean
is_over (GtkWindow *window, GtkWindow *below)
{
  while ((window = gtk_window_get_transient_for (window)))
    if (window == below)
      return TRUE;
  return FALSE;
}

/* A form left open would show a patient over the locked screen; it comes back with what was typed. */
static void
hide_forms (FyrWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

    if (is_over (window, GTK_WINDOW (self)) && gtk_widget_get_visible (GTK_WIDGET (window)))
      g_ptr_array_add (self->hidden_forms, g_object_ref (window));
  }
  for (guint i = 0; i < self->hidden_forms->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->hidden_forms, i), FALSE);
}

static void
show_forms (FyrWindow *self)
{
  for (guint i = 0; i < self->hidden_forms->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->hidden_forms, i), TRUE);
  g_ptr_array_set_size (self->hidden_forms, 0);
}

/* Another person signs in: what the former had begun is not hers. */
static void
drop_forms (FyrWindow *self)
{
  hide_forms (self);
  for (guint i = 0; i < self->hidden_forms->len; i++)
    gtk_window_destroy (g_ptr_array_index (self->hidden_forms, i));
  g_ptr_array_set_size (self->hidden_forms, 0);
}

static void
show_inside (FyrWindow *self)
{
  show_only (self, "places");
  fyr_status_bar_set_locked (self->status, FALSE);
  fyr_idle_lock_start (self->idle_lock);
  update_title (self);
  if (current_place (self))
    fyr_place_focus_default (current_place (self));
  show_forms (self);
}

static void
show_outside (FyrWindow *self)
{
  hide_forms (self);
  fyr_idle_lock_stop (self->idle_lock);
  fyr_status_bar_set_locked (self->status, TRUE);
  show_only (self, "sign-in");
  update_title (self);
  fyr_sign_in_page_focus (self->sign_in);
}

/* After half a day without contact nothing of the patients is in reach, until there is contact. */
static void
update_closed (FyrWindow *self)
{
  gboolean closed = self->engine && fyr_sync_engine_get_state (self->engine) == FYR_SYNC_STATE_LOCKED;

  if (closed && is_inside (self)) {
    show_only (self, "closed");
    hide_forms (self);
  } else if (!closed && is_closed (self))
    show_inside (self);
}

static void
on_session_changed (FyrWindow *self)
{
  gboolean signed_in = fyr_app_context_is_signed_in (self->context);

  fyr_toast_dismiss_all (self->toasts);
  drop_forms (self);
  clear_places (self);
  fyr_navigation_set_role (self->navigation, fyr_app_context_get_role (self->context));
  if (!signed_in) {
    show_outside (self);
    return;
  }
  show_inside (self);
  show_first_place (self);
  update_closed (self);
}

static void
on_entered (FyrWindow *self)
{
  if (fyr_app_context_is_signed_in (self->context)) {
    show_inside (self);
    update_closed (self);
  }
}

static void
on_refused (FyrWindow *self)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "starting"))
    show_outside (self);
}

static void
lock (FyrWindow *self, const char *why)
{
  if (!fyr_app_context_is_signed_in (self->context))
    return;
  show_outside (self);
  fyr_sign_in_page_lock (self->sign_in, why);
}

void
fyr_window_lock (FyrWindow *self)
{
  g_return_if_fail (FYR_IS_WINDOW (self));
  lock (self, NULL);
}

/* The server takes the password no more: it is another one now, her access ended, or the workstation is shut out. Who
 * sits here may not be the one who signed in, so nothing stays open. */
static void
update_refused (FyrWindow *self)
{
  if (self->engine && fyr_sync_engine_get_state (self->engine) == FYR_SYNC_STATE_SIGNED_OUT &&
      (is_inside (self) || is_closed (self)))
    lock (self, _ ("The server wants you to sign in again. What you did is saved here."));
}

static void
update_banner (FyrWindow *self)
{
  g_autoptr (GPtrArray) notices = fyr_sync_notices (self->engine, fyr_now ());
  gboolean tell = fyr_app_context_is_signed_in (self->context) && notices->len > 0;
  g_autofree char *words = tell ? fyr_sync_notice_get_text (g_ptr_array_index (notices, 0)) : NULL;

  if (words && g_strcmp0 (words, gtk_label_get_label (self->banner_words)) != 0)
    fyr_alert_text_set (self->banner_words, words);
  gtk_revealer_set_reveal_child (self->banner, tell);
}

/* Without a name: whoever sits here now may not know the patient. */
static void
on_handed_over (FyrSyncEngine *engine, guint n, gpointer user_data)
{
  FyrWindow *self = user_data;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%d change that another user of this machine had not sent was handed over to the "
                "server for review",
                "%d changes that another user of this machine had not sent were handed over to the "
                "server for review",
                n),
      (int)n);

  fyr_toast_show (GTK_WIDGET (self->toasts), text);
}

static void
update_engine (FyrWindow *self)
{
  update_banner (self);
  update_closed (self);
  update_refused (self);
}

static void
on_engine_changed (FyrWindow *self)
{
  FyrSyncEngine *engine = fyr_app_context_get_engine (self->context);

  fyr_status_bar_follow_engine (self->status);
  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_set_object (&self->engine, engine);
  if (engine)
    g_signal_connect_object (engine, "notify", G_CALLBACK (update_engine), self, G_CONNECT_SWAPPED);
  if (engine)
    g_signal_connect_object (engine, "handed-over", G_CALLBACK (on_handed_over), self, 0);
  update_engine (self);
}

static void
show_place_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);

  if (show_place (self, g_variant_get_string (parameter, NULL)))
    fyr_place_focus_default (current_place (self));
}

/* Ctrl+1 and so on: places by their number in the navigation. */
static void
show_nth_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);
  FyrRole role = fyr_app_context_get_role (self->context);
  guint n, nth = g_variant_get_uint32 (parameter);
  const FyrPlaceInfo *places = fyr_places_get (&n);

  for (guint i = 0; i < n; i++) {
    if (!(places[i].roles & 1u << role) || --nth > 0)
      continue;
    if (show_place (self, places[i].id))
      fyr_place_focus_default (current_place (self));
    return;
  }
}

static void
show_record_in (FyrWindow *self, const char *place_id, const char *record_id)
{
  if (show_place (self, place_id))
    fyr_place_show_record (current_place (self), record_id);
}

static void
show_patient_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_record_in (FYR_WINDOW (widget), "patients", g_variant_get_string (parameter, NULL));
}

static void
show_alert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_record_in (FYR_WINDOW (widget), "alerts", g_variant_get_string (parameter, NULL));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrPlace *place = current_place (FYR_WINDOW (widget));

  if (place)
    fyr_place_go_back (place);
}

/* Where a place has no search of its own, the patients' search is meant. */
static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);
  FyrPlace *place = current_place (self);

  if (!is_inside (self) || (place && fyr_place_start_search (place)))
    return;
  if (show_place (self, "patients"))
    fyr_place_start_search (current_place (self));
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);
  FyrPlace *place = current_place (self);

  if (!is_inside (self) || (place && fyr_place_create_new (place)))
    return;
  if (show_place (self, "patients"))
    fyr_place_create_new (current_place (self));
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fyr_window_lock (FYR_WINDOW (widget));
}

static void
sign_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);

  fyr_backend_sign_out (self->backend);
  fyr_sign_in_page_reset (self->sign_in);
  fyr_sign_in_page_focus (self->sign_in);
}

static void
show_delivery_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);

  if (is_inside (self) || is_closed (self))
    gtk_window_present (GTK_WINDOW (fyr_delivery_window_new (GTK_WINDOW (self), self->context)));
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_menu_button_popup (FYR_WINDOW (widget)->menu);
}

/* F6: from the navigation to the place to the status bar and round again. */
static void
next_part_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrWindow *self = FYR_WINDOW (widget);
  GtkWidget *parts[] = { GTK_WIDGET (self->navigation), GTK_WIDGET (self->place_stack),
                         GTK_WIDGET (self->status) };
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  guint current = G_N_ELEMENTS (parts) - 1;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (focus && (focus == parts[i] || gtk_widget_is_ancestor (focus, parts[i])))
      current = i;
  current = (current + 1) % G_N_ELEMENTS (parts);
  if (parts[current] == GTK_WIDGET (self->place_stack) && current_place (self))
    fyr_place_focus_default (current_place (self));
  else
    gtk_widget_child_focus (parts[current], GTK_DIR_TAB_FORWARD);
}

static void
fyr_window_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FyrWindow *self = FYR_WINDOW (widget);

  GTK_WIDGET_CLASS (fyr_window_parent_class)->snapshot (widget, snapshot);
  if (self->traced || !fyr_trace_is_on ())
    return;
  self->traced = TRUE;
  fyr_trace_painted (widget, "window", "");
}

static gboolean
fyr_window_close_request (GtkWindow *window)
{
  FyrWindow *self = FYR_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  fyr_settings_set_window (fyr_app_context_get_settings (self->context), width, height,
                           gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (fyr_window_parent_class)->close_request (window);
}

static void
fyr_window_dispose (GObject *object)
{
  FyrWindow *self = FYR_WINDOW (object);

  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_clear_object (&self->engine);
  g_clear_object (&self->idle_lock);
  g_clear_object (&self->backend);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_window_parent_class)->dispose (object);
}

static void
fyr_window_finalize (GObject *object)
{
  g_hash_table_unref (FYR_WINDOW (object)->places);
  g_ptr_array_unref (FYR_WINDOW (object)->hidden_forms);
  G_OBJECT_CLASS (fyr_window_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-place", "s", show_place_action);
  gtk_widget_class_install_action (widget_class, "win.show-nth", "u", show_nth_action);
  gtk_widget_class_install_action (widget_class, "win.show-patient", "s", show_patient_action);
  gtk_widget_class_install_action (widget_class, "win.show-alert", "s", show_alert_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.sign-out", NULL, sign_out_action);
  gtk_widget_class_install_action (widget_class, "win.show-delivery", NULL, show_delivery_action);
  gtk_widget_class_install_action (widget_class, "win.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "win.next-part", NULL, next_part_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK, "win.show-delivery", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "win.next-part", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, 0, "win.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "win.new", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK, "win.lock", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  for (guint i = 1; i <= 9; i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + i, GDK_CONTROL_MASK, "win.show-nth", "u",
                                         i);
}

static void
fyr_window_class_init (FyrWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_window_finalize;
  widget_class->snapshot = fyr_window_snapshot;
  GTK_WINDOW_CLASS (klass)->close_request = fyr_window_close_request;
  g_type_ensure (FYR_TYPE_NAVIGATION);
  g_type_ensure (FYR_TYPE_SIGN_IN_PAGE);
  g_type_ensure (FYR_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/fyr-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, navigation);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, place_stack);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, title);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, back);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, banner_words);
  gtk_widget_class_bind_template_child (widget_class, FyrWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, on_navigated);
  gtk_widget_class_bind_template_callback (widget_class, on_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_refused);
  install_actions (widget_class);
}

static void
fyr_window_init (FyrWindow *self)
{
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  self->hidden_forms = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Among the places: what was undone or unsaved is out of reach while the screen is locked. */
  fyr_toast_set_home (GTK_WINDOW (self), self->toasts);
}

FyrWindow *
fyr_window_new (GtkApplication *application, FyrAppContext *context, FyrBackend *backend)
{
  FyrWindow *self = g_object_new (FYR_TYPE_WINDOW, "application", application, NULL);
  gboolean maximized;
  int width, height;

  self->context = g_object_ref (context);
  self->backend = g_object_ref (backend);
  self->idle_lock = fyr_idle_lock_new (GTK_WIDGET (self), fyr_app_context_get_settings (context));
  g_signal_connect_object (self->idle_lock, "idle", G_CALLBACK (fyr_window_lock), self, G_CONNECT_SWAPPED);
  fyr_settings_get_window (fyr_app_context_get_settings (context), &width, &height, &maximized);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  fyr_sign_in_page_set_backend (self->sign_in, context, backend);
  fyr_status_bar_set_context (self->status, context);
  g_signal_connect_object (context, "session-changed", G_CALLBACK (on_session_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::centre", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "engine-changed", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);
  on_engine_changed (self);
  update_back (self);
  show_only (self, "sign-in");
  fyr_sign_in_page_focus (self->sign_in);
  return self;
}

void
fyr_window_fill_sign_in (FyrWindow *self, const char *server_url, const char *user_name, const char *password)
{
  fyr_sign_in_page_fill (self->sign_in, server_url, user_name);
  if (password) {
    show_only (self, "starting");
    fyr_sign_in_page_sign_in (self->sign_in, password);
  } else {
    fyr_sign_in_page_focus (self->sign_in);
  }
}
