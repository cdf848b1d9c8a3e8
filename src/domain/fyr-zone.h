/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * fyr_zone_propose:
 * @readings: (array length=n): the patient's readings, any order and kind
 * @verdicts: (array length=n): what fyr_triage() said of each
 * @since: readings before this instant say nothing about today
 *
 * The worst of the latest usable reading of each kind. Technical and grey verdicts are not usable: the
 * reading before them speaks on.
 *
 * Returns: the zone to propose, %FYR_ZONE_UNSET when nothing usable came since
 */
FyrZone
fyr_zone_propose (const FyrReading *readings, const FyrVerdict *verdicts, gsize n, gint64 since);

/**
 * fyr_zone_get_name:
 *
 * Returns: (transfer none): msgid of the zone
 */
const char *
fyr_zone_get_name (FyrZone zone);

G_END_DECLS
