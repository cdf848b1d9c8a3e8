/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  now = g_get_real_time ();
  g_file_get_contents (p, &t, NULL, NULL);
  g_getenv ("TZ");
}
