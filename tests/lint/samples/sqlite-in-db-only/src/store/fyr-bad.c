/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  sqlite3_step (s);
  PQexec (c, q);
}
