/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdlib.h>

#include "fyr-oslo-time.h"

G_BEGIN_DECLS

/* Randomness of one test, from g_test's own seed (--seed repeats the run), which is printed. */
static inline GRand *
fyr_test_rand (void)
{
  guint32 seed = (guint32)g_test_rand_int ();

  g_test_message ("seed %u", seed);
  return g_rand_new_with_seed (seed);
}

/* The instant a clock in Norway shows @text, "YYYY-MM-DD HH:MM". */
static inline gint64
fyr_test_time (const char *text)
{
  g_autofree char *date = g_strndup (text, 10);
  int day = 0;

  g_assert_true (fyr_civil_day_parse (date, &day));
  return fyr_oslo_from_civil (day, atoi (text + 11) * 60 + atoi (text + 14));
}

/* What a clock in Norway shows at @time, "YYYY-MM-DD HH:MM". */
static inline char *
fyr_test_clock (gint64 time)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.mday, civil.minute / 60,
                          civil.minute % 60);
}

#define fyr_assert_clock(time, text)                                                                         \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autofree char *fyr_clock_ = fyr_test_clock (time);                                                     \
    g_assert_cmpstr (fyr_clock_, ==, text);                                                                  \
  }                                                                                                          \
  G_STMT_END

G_END_DECLS
