/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_x (void)
{ gtk_dialog_new (); strcpy (a, b); }
