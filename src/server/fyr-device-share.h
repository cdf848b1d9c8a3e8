/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/**
 * fyr_device_share_make:
 * @device_id: UUID text
 *
 * The server's share of the key of a workstation's database (PROTOCOL.md, "Shares"): of the database's secret and the
 * device's id, so that a backup that is put back gives the same.
 *
 * Returns: (transfer full) (nullable): 64 hex digits, for who has just signed in from that device; the caller wipes
 * them. %NULL with any %FYR_DB_ERROR
 */
char *
fyr_device_share_make (FyrConnection *connection, const char *device_id, GError **error);

G_END_DECLS
