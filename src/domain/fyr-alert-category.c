/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-category.h"

#include <glib/gi18n.h>

static const struct {
  const char *code;
  const char *name;
  int rank;
} categories[FYR_N_ALERT_CATEGORIES] = {
  [FYR_ALERT_NONE] = { "none", N_ ("No alert"), 6 },
  [FYR_ALERT_RED] = { "red", N_ ("Red alert"), 0 },
  [FYR_ALERT_YELLOW] = { "yellow", N_ ("Yellow alert"), 1 },
  [FYR_ALERT_GREEN] = { "green", N_ ("Green alert"), 4 },
  [FYR_ALERT_BLUE] = { "blue", N_ ("Blue alert"), 3 },
  [FYR_ALERT_GREY] = { "grey", N_ ("Grey alert"), 5 },
  [FYR_ALERT_TECHNICAL] = { "technical", N_ ("Technical alert"), 2 },
};

static guint
bounded (FyrAlertCategory category)
{
  return (guint)category < FYR_N_ALERT_CATEGORIES ? (guint)category : (guint)FYR_ALERT_NONE;
}

const char *
fyr_alert_category_to_code (FyrAlertCategory category)
{
  return categories[bounded (category)].code;
}

FyrAlertCategory
fyr_alert_category_from_code (const char *code)
{
  for (guint i = 0; i < FYR_N_ALERT_CATEGORIES; i++) {
    if (g_strcmp0 (code, categories[i].code) == 0) {
      return (FyrAlertCategory)i;
    }
  }
  return FYR_ALERT_NONE;
}

const char *
fyr_alert_category_get_name (FyrAlertCategory category)
{
  return categories[bounded (category)].name;
}

int
fyr_alert_category_get_rank (FyrAlertCategory category)
{
  return categories[bounded (category)].rank;
}
