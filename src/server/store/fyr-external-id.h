/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/**
 * fyr_external_id_add:
 *
 * Remembers the sender's identifier of a new measurement within its patient's centre; fyr_apply_put() and
 * fyr_apply_insert() call it.
 *
 * Returns: %TRUE, also when there is no identifier; %FALSE with %FYR_SERVER_ERROR_DUPLICATE when a
 * measurement with it is there already
 */
gboolean
fyr_external_id_add (FyrWriteContext *context, FyrMeasurement *measurement, GError **error);

/**
 * fyr_external_id_find:
 * @centre_id: within which centre
 * @text: system|value as in the field external_id
 * @measurement_id: (out): the measurement's id when found
 *
 * Returns: 1 when there is one: a repeated report; 0 when not; -1 with @error set
 */
int
fyr_external_id_find (FyrWriteContext *context,
                      const char *centre_id,
                      const char *text,
                      char measurement_id[37],
                      GError **error);

/**
 * fyr_external_id_claim:
 * @measurement_id: (inout): the measurement that shall have the identifier; who has it, when somebody has
 *
 * fyr_external_id_find() and fyr_external_id_add() in one. What claimed it is written with
 * fyr_apply_insert_claimed() in the same job.
 *
 * Returns: 1 when it is @measurement_id's now; 0 when there was one: a repeated report; -1 with @error set
 */
int
fyr_external_id_claim (FyrWriteContext *context,
                       const char *centre_id,
                       const char *text,
                       char measurement_id[37],
                       GError **error);

G_END_DECLS
