/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * FyrZone:
 *
 * The patient's zone (tilstand): set by the nurse, proposed by the data.
 */
#define FYR_ZONE_UNKNOWN FYR_ZONE_UNSET

/**
 * fyr_zone_propose:
 * @readings: (array length=n): the patient's readings, any order and kind
 * @verdicts: (array length=n): what fyr_triage() said of each
 * @since: readings before this instant say nothing about today
 *
 * The worst of the latest usable reading of each kind. Technical and grey verdicts are not usable: the
 * reading before them speaks on.
 *
 * Returns: the zone to propose, %FYR_ZONE_UNKNOWN when nothing usable came since
 */
FyrZone
fyr_zone_propose (const FyrReading *readings, const FyrVerdict *verdicts, gsize n, gint64 since);

/**
 * fyr_zone_to_code:
 *
 * Returns: (transfer none): `green`, `yellow`, `red` or `unknown`
 */
const char *
fyr_zone_to_code (FyrZone zone);

/**
 * fyr_zone_from_code:
 * @code: (nullable): a text as fyr_zone_to_code() gives it
 *
 * Returns: the zone, %FYR_ZONE_UNKNOWN for everything else
 */
FyrZone
fyr_zone_from_code (const char *code);

/**
 * fyr_zone_get_name:
 *
 * Returns: (transfer none): msgid of the zone
 */
const char *
fyr_zone_get_name (FyrZone zone);

G_END_DECLS
