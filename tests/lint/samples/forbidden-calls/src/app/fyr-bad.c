/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  goto out;
  sprintf (b, "x");
  strcpy (a, b);
  system ("ls");
  sleep (1);
  atoi (a);
  GtkTreeView *view;
  gtk_dialog_new ();
  gtk_show_uri (0, 0, 0);
  adw_leaflet_new ();
}
