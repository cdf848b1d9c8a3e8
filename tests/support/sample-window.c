/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with the faults that tests/support/atspi.py must find, and parts it must be able to drive. */
#include <gtk/gtk.h>

static void
pressed (GtkButton *button, gpointer label)
{
  gtk_label_set_text (label, "Pressed");
}

static void
typed (GtkEditable *entry, gpointer label)
{
  gtk_label_set_text (label, gtk_editable_get_text (entry));
}

static void
name_it (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
activate (GtkApplication *application, gpointer faults)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *button = gtk_button_new_with_label ("Press");
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *label = gtk_label_new ("Waiting");
  GtkWidget *check = gtk_check_button_new_with_label ("Choose");

  name_it (entry, "Name");
  g_signal_connect (button, "clicked", G_CALLBACK (pressed), label);
  g_signal_connect (entry, "changed", G_CALLBACK (typed), label);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), check);
  if (GPOINTER_TO_INT (faults)) {
    GtkWidget *cut = gtk_label_new ("This text is longer than the place it has got");

    gtk_box_append (GTK_BOX (box), gtk_button_new_from_icon_name ("list-add-symbolic"));
    gtk_label_set_ellipsize (GTK_LABEL (cut), PANGO_ELLIPSIZE_END);
    gtk_box_append (GTK_BOX (box), cut);
  }
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Sample");
  gtk_window_set_default_size (GTK_WINDOW (window), 200, 200);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application =
      gtk_application_new ("no.fyrlykt.Sample", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate), GINT_TO_POINTER (argc > 1));
  return g_application_run (G_APPLICATION (application), 1, argv);
}
