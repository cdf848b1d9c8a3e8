/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-category.h"

#include <glib/gi18n.h>

static const struct {
  const char *name;
  int rank;
} categories[] = {
  [FYR_ALERT_CATEGORY_UNSET] = { N_ ("No alert"), 6 },
  [FYR_ALERT_CATEGORY_RED] = { N_ ("Red alert"), 0 },
  [FYR_ALERT_CATEGORY_YELLOW] = { N_ ("Yellow alert"), 1 },
  [FYR_ALERT_CATEGORY_GREEN] = { N_ ("Green alert"), 4 },
  [FYR_ALERT_CATEGORY_BLUE] = { N_ ("Blue alert"), 3 },
  [FYR_ALERT_CATEGORY_GREY] = { N_ ("Grey alert"), 5 },
  [FYR_ALERT_CATEGORY_TECHNICAL] = { N_ ("Technical alert"), 2 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (categories) == FYR_ALERT_CATEGORY_LAST + 1);

static guint
bounded (FyrAlertCategory category)
{
  return (guint)category < G_N_ELEMENTS (categories) ? (guint)category : 0;
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
