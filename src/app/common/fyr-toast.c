/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-toast.h"

#include <glib/gi18n.h>

#define HOME "fyr-toast-home"
#define SHOWN "fyr-toast-shown"
#define KEPT "fyr-toast-kept"
/* More than its longest animation. */
#define MOVED_AWAY_MS 600

typedef struct {
  GFunc undo;
  gpointer user_data;
  GDestroyNotify destroy;
} Undo;

static AdwToastOverlay *
home_of (GtkRoot *window)
{
  GtkWidget *content = ADW_IS_APPLICATION_WINDOW (window)
                           ? adw_application_window_get_content (ADW_APPLICATION_WINDOW (window))
                       : ADW_IS_WINDOW (window) ? adw_window_get_content (ADW_WINDOW (window))
                                                : NULL;
  AdwToastOverlay *home = g_object_get_data (G_OBJECT (window), HOME);

  return home ? home : ADW_IS_TOAST_OVERLAY (content) ? ADW_TOAST_OVERLAY (content) : NULL;
}

static AdwToastOverlay *
overlay_of (GtkWidget *inside)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (inside, ADW_TYPE_TOAST_OVERLAY);
  AdwToastOverlay *found = overlay ? ADW_TOAST_OVERLAY (overlay) : NULL;
  GtkRoot *root = gtk_widget_get_root (inside);

  /* A form has no room for a toast: the window behind it tells. */
  while (!found && GTK_IS_WINDOW (root)) {
    found = home_of (root);
    root = GTK_ROOT (gtk_window_get_transient_for (GTK_WINDOW (root)));
  }
  return found;
}

static GPtrArray *
shown_in (AdwToastOverlay *overlay)
{
  GPtrArray *shown = g_object_get_data (G_OBJECT (overlay), SHOWN);

  if (!shown) {
    shown = g_ptr_array_new_with_free_func (g_object_unref);
    g_object_set_data_full (G_OBJECT (overlay), SHOWN, shown, (GDestroyNotify)g_ptr_array_unref);
  }
  return shown;
}

static void
on_dismissed (AdwToast *toast, AdwToastOverlay *overlay)
{
  g_ptr_array_remove (shown_in (overlay), toast);
}

static gboolean
dismiss (gpointer toast)
{
  adw_toast_dismiss (toast);
  return G_SOURCE_REMOVE;
}

/* Undo means what was done last: what was there before makes room, and goes once libadwaita has moved it away, since
 * up to 1.2 it does not bear that a toast is dismissed while it comes in. */
static void
make_room (AdwToastOverlay *overlay)
{
  GPtrArray *shown = shown_in (overlay);

  for (guint i = 0; i < shown->len; i++) {
    AdwToast *toast = g_ptr_array_index (shown, i);

    if (!g_object_get_data (G_OBJECT (toast), KEPT))
      g_timeout_add_full (G_PRIORITY_DEFAULT, MOVED_AWAY_MS, dismiss, g_object_ref (toast), g_object_unref);
  }
}

/* Takes @toast. */
static void
show (AdwToastOverlay *overlay, AdwToast *toast)
{
  make_room (overlay);
  g_ptr_array_add (shown_in (overlay), g_object_ref (toast));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (on_dismissed), overlay, 0);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (overlay, toast);
}

static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  if (undo->destroy)
    undo->destroy (undo->user_data);
  g_free (undo);
}

static void
on_undo (AdwToast *toast, Undo *undo)
{
  undo->undo (undo->user_data, NULL);
}

void
fyr_toast_set_home (GtkWindow *window, AdwToastOverlay *overlay)
{
  g_return_if_fail (GTK_IS_WINDOW (window) && ADW_IS_TOAST_OVERLAY (overlay));
  g_object_set_data (G_OBJECT (window), HOME, overlay);
}

void
fyr_toast_show (GtkWidget *inside, const char *text)
{
  AdwToastOverlay *overlay = overlay_of (inside);

  if (overlay)
    show (overlay, toast_new (text));
}

static void
show_undo (GtkWidget *inside,
           const char *text,
           gboolean kept,
           GFunc undo,
           gpointer user_data,
           GDestroyNotify destroy)
{
  AdwToastOverlay *overlay = overlay_of (inside);
  AdwToast *toast;
  Undo *data;

  if (!overlay) {
    if (destroy)
      destroy (user_data);
    return;
  }
  data = g_new0 (Undo, 1);
  data->undo = undo;
  data->user_data = user_data;
  data->destroy = destroy;
  toast = toast_new (text);
  g_object_set_data (G_OBJECT (toast), KEPT, GINT_TO_POINTER (kept));
  adw_toast_set_button_label (toast, _ ("_Undo"));
  /* Long enough to be read and reached by keyboard. */
  adw_toast_set_timeout (toast, 12);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_undo), data, undo_free, 0);
  show (overlay, toast);
}

void
fyr_toast_show_undo (
    GtkWidget *inside, const char *text, GFunc undo, gpointer user_data, GDestroyNotify destroy)
{
  show_undo (inside, text, FALSE, undo, user_data, destroy);
}

void
fyr_toast_show_unsaved (
    GtkWidget *inside, const char *text, GFunc undo, gpointer user_data, GDestroyNotify destroy)
{
  show_undo (inside, text, TRUE, undo, user_data, destroy);
}

void
fyr_toast_dismiss_all (AdwToastOverlay *overlay)
{
  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  while (shown_in (overlay)->len > 0) {
    g_autoptr (AdwToast) toast = g_ptr_array_steal_index (shown_in (overlay), 0);

    adw_toast_dismiss (toast);
  }
}
