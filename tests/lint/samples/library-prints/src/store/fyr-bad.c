/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  g_print ("x");
  fprintf (stderr, "x");
}
