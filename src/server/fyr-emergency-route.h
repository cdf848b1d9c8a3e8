/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-password-gate.h"
#include "fyr-request.h"

G_BEGIN_DECLS

/** FyrEmergencyRoute: the addresses of emergency access (PROTOCOL.md) */
typedef struct _FyrEmergencyRoute FyrEmergencyRoute;

/**
 * fyr_emergency_route_new:
 * @gate: (transfer none): outlives it
 * @lasts: milliseconds an access lasts; 0 for as long as it may
 */
FyrEmergencyRoute *
fyr_emergency_route_new (FyrServer *server, FyrPasswordGate *gate, gint64 lasts);
void
fyr_emergency_route_free (FyrEmergencyRoute *self);

/** fyr_emergency_open_serve: the route POST /emergency/v1/open */
void
fyr_emergency_open_serve (FyrRequest *request, gpointer route);

/** fyr_emergency_end_serve: the route POST /emergency/v1/end */
void
fyr_emergency_end_serve (FyrRequest *request, gpointer route);

G_END_DECLS
