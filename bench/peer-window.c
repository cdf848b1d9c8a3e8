/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer of the start benchmark: an empty libadwaita window. Prints "painted" after its first frame,
 * then waits to be ended, so that its memory can be read. */
#include <adwaita.h>

static void
painted (GdkFrameClock *clock, gpointer window)
{
  g_signal_handlers_disconnect_by_func (clock, painted, window);
  g_print ("painted\n");
}

static void
realized (GtkWidget *window)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted), window);
}

static void
activate (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 760);
  g_signal_connect (window, "realize", G_CALLBACK (realized), NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), adw_header_bar_new ());
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("no.fyrlykt.Peer", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
