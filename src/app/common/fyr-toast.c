/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-toast.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  GFunc undo;
  gpointer user_data;
  GDestroyNotify destroy;
} Undo;

static AdwToastOverlay *
overlay_of (GtkWidget *inside)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (inside, ADW_TYPE_TOAST_OVERLAY);
  GtkRoot *root = gtk_widget_get_root (inside);

  /* A form has no room for a toast: the window behind it tells. */
  while (!ADW_IS_TOAST_OVERLAY (overlay) && GTK_IS_WINDOW (root)) {
    if (ADW_IS_APPLICATION_WINDOW (root))
      overlay = adw_application_window_get_content (ADW_APPLICATION_WINDOW (root));
    else if (ADW_IS_WINDOW (root))
      overlay = adw_window_get_content (ADW_WINDOW (root));
    root = GTK_ROOT (gtk_window_get_transient_for (GTK_WINDOW (root)));
  }
  return ADW_IS_TOAST_OVERLAY (overlay) ? ADW_TOAST_OVERLAY (overlay) : NULL;
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
fyr_toast_show (GtkWidget *inside, const char *text)
{
  AdwToastOverlay *overlay = overlay_of (inside);

  if (overlay)
    adw_toast_overlay_add_toast (overlay, toast_new (text));
}

void
fyr_toast_show_undo (
    GtkWidget *inside, const char *text, GFunc undo, gpointer user_data, GDestroyNotify destroy)
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
  adw_toast_set_button_label (toast, _ ("_Undo"));
  /* Long enough to be read and reached by keyboard. */
  adw_toast_set_timeout (toast, 12);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_undo), data, undo_free, 0);
  adw_toast_overlay_add_toast (overlay, toast);
}
