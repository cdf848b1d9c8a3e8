/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-zone.h"

#include <glib/gi18n.h>

static FyrZone
zone_of (FyrAlertCategory category)
{
  switch (category) {
  case FYR_ALERT_CATEGORY_RED:
    return FYR_ZONE_RED;
  case FYR_ALERT_CATEGORY_YELLOW:
    return FYR_ZONE_YELLOW;
  case FYR_ALERT_CATEGORY_UNSET:
    return FYR_ZONE_GREEN;
  case FYR_ALERT_CATEGORY_GREEN:
  case FYR_ALERT_CATEGORY_BLUE:
  case FYR_ALERT_CATEGORY_GREY:
  case FYR_ALERT_CATEGORY_TECHNICAL:
  default:
    return FYR_ZONE_UNSET;
  }
}

FyrZone
fyr_zone_propose (const FyrReading *readings, const FyrVerdict *verdicts, gsize n, gint64 since)
{
  FyrZone latest[FYR_MEASUREMENT_KIND_LAST + 1] = { FYR_ZONE_UNSET };
  gint64 latest_time[FYR_MEASUREMENT_KIND_LAST + 1];
  FyrZone worst = FYR_ZONE_UNSET;

  for (guint kind = 0; kind < G_N_ELEMENTS (latest_time); kind++) {
    latest_time[kind] = G_MININT64;
  }
  for (gsize i = 0; i < n; i++) {
    FyrZone zone = zone_of (verdicts[i].category);
    guint kind = (guint)readings[i].kind;
    gint64 time = readings[i].effective_time;

    if (zone == FYR_ZONE_UNSET || kind > FYR_MEASUREMENT_KIND_LAST || time < since) {
      continue;
    }
    if (time > latest_time[kind] || (time == latest_time[kind] && zone > latest[kind])) {
      latest_time[kind] = time;
      latest[kind] = zone;
    }
  }
  for (guint kind = 0; kind < G_N_ELEMENTS (latest); kind++) {
    worst = MAX (worst, latest[kind]);
  }
  return worst;
}

const char *
fyr_zone_get_name (FyrZone zone)
{
  static const char *const names[] = {
    [FYR_ZONE_UNSET] = N_ ("No zone set"),
    [FYR_ZONE_GREEN] = N_ ("Green zone"),
    [FYR_ZONE_YELLOW] = N_ ("Yellow zone"),
    [FYR_ZONE_RED] = N_ ("Red zone"),
  };

  return names[(guint)zone < G_N_ELEMENTS (names) ? zone : 0];
}
