/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server.h"

G_BEGIN_DECLS

/**
 * fyr_fhir_route_add:
 *
 * answers everything below /fhir by the intake, and looks for missing reports each minute
 */
void
fyr_fhir_route_add (FyrServer *server);

G_END_DECLS
