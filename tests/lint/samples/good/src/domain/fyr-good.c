/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-good.h"

#include <string.h>

/* "goto" and sprintf () in a comment or a string are only words. */
static const char *text = "goto sprintf (sqlite3_step (g_print (\"x\")))";

gboolean
fyr_good_sum (const int *values, gsize n, int *sum, GError **error)
{
  int total = 0;

  for (gsize i = 0; i < n; i++) {
    if (values[i] > 0) {
      while (total < 0) {
        total++;
      }
    }
    total += values[i];
  }
  *sum = total;
  return TRUE;
}

const char *
fyr_good_get_text (void)
{
  return text;
}

gsize
fyr_good_get_length (void)
{
  static const struct {
    struct {
      struct {
        int depth[2];
      } c;
    } b;
  } a = { { { { 1, 2 } } } };

  return strlen (text) + a.b.c.depth[0];
}
