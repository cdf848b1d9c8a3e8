/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-words.h"

#include <glib/gi18n-lib.h>

#include "fyr-format.h"
#include "fyr-measure.h"
#include "fyr-measurement-kind.h"

static char *
number (FyrLimit *limit, double value)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (fyr_limit_get_kind (limit));
  return fyr_format_number (value, info != NULL ? info->decimals : 1);
}

static void
add (GPtrArray *parts, char *text)
{
  g_ptr_array_add (parts, text);
}

static void
add_bound (GPtrArray *parts, FyrLimit *limit, gboolean has, double value, const char *format)
{
  if (!has)
    return;
  g_autofree char *text = number (limit, value);
  g_autoptr (GString) filled = g_string_new (_ (format));
  g_string_replace (filled, "{value}", text, 1);
  add (parts, g_string_free (g_steal_pointer (&filled), FALSE));
}

static void
add_repetition (GPtrArray *parts, FyrLimit *limit)
{
  if (fyr_limit_has_repeat_count (limit))
    add (parts,
         g_strdup_printf (_ ("red after %d outside in %d hours"), (int)fyr_limit_get_repeat_count (limit),
                          (int)fyr_limit_get_repeat_hours (limit)));
}

static const char *
change_format (FyrLimit *limit)
{
  switch (fyr_limit_get_change_direction (limit)) {
  case FYR_CHANGE_DIRECTION_UP:
    return N_ ("up %s or more in %d days");
  case FYR_CHANGE_DIRECTION_DOWN:
    return N_ ("down %s or more in %d days");
  case FYR_CHANGE_DIRECTION_EITHER:
  case FYR_CHANGE_DIRECTION_UNSET:
  default:
    return N_ ("changed %s or more in %d days");
  }
}

static void
add_change (GPtrArray *parts, FyrLimit *limit)
{
  if (!fyr_limit_has_change_amount (limit))
    return;
  g_autofree char *amount = number (limit, fyr_limit_get_change_amount (limit));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  add (parts, g_strdup_printf (_ (change_format (limit)), amount, (int)fyr_limit_get_change_days (limit)));
#pragma GCC diagnostic pop
}

static void
add_expectation (GPtrArray *parts, FyrLimit *limit)
{
  int days = (int)fyr_limit_get_expected_days (limit);
  if (days > 0)
    add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "expected every day", "expected every %d days",
                                              (gulong)days),
                                 days));
}

char *
fyr_limit_describe (FyrLimit *limit)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  add_bound (parts, limit, fyr_limit_has_red_low (limit), fyr_limit_get_red_low (limit),
             N_ ("red below {value}"));
  add_bound (parts, limit, fyr_limit_has_yellow_low (limit), fyr_limit_get_yellow_low (limit),
             N_ ("yellow below {value}"));
  add_bound (parts, limit, fyr_limit_has_yellow_high (limit), fyr_limit_get_yellow_high (limit),
             N_ ("yellow above {value}"));
  add_bound (parts, limit, fyr_limit_has_red_high (limit), fyr_limit_get_red_high (limit),
             N_ ("red above {value}"));
  if (parts->len > 0 && *fyr_measure_get_unit (fyr_limit_get_kind (limit)) != '\0') {
    g_autofree char *last = g_ptr_array_steal_index (parts, parts->len - 1);
    add (parts, g_strdup_printf ("%s %s", last, fyr_measure_get_unit (fyr_limit_get_kind (limit))));
  }
  add_repetition (parts, limit);
  add_change (parts, limit);
  if (parts->len == 0)
    add (parts, g_strdup (_ ("does not alert")));
  add_expectation (parts, limit);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **)parts->pdata);
}

char *
fyr_limit_get_title (FyrLimit *limit)
{
  return fyr_measure_format_component (fyr_limit_get_kind (limit), fyr_limit_get_component (limit));
}
