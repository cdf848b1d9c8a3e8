/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_guard_answer_new:
 * @status: HTTP status
 * @is_fhir: as an OperationOutcome
 *
 * Returns: (transfer full): a whole HTTP response that closes the connection, for what never reaches a route
 */
char *
fyr_guard_answer_new (guint status, gboolean is_fhir);

/** fyr_guard_answer_get_code: Returns: PROTOCOL.md's word for the status */
const char *
fyr_guard_answer_get_code (guint status);

G_END_DECLS
