/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin-target.h"

G_BEGIN_DECLS

/**
 * fyr_admin_decide_device:
 * @device: (nullable): id of the workstation, as the command line has it
 * @by: (nullable): user name of the administrator who decides
 * @reason: (nullable): why
 * @at: as in #FyrDeviceDecision
 *
 * Returns: %TRUE, or %FALSE with %FYR_ADMIN_ERROR_USAGE (something was not said), _UNKNOWN (no such user) or an error
 * of fyr_shut_out_decide()
 */
gboolean
fyr_admin_decide_device (FyrAdminTarget *target,
                         FyrDeviceAction action,
                         const char *device,
                         const char *by,
                         const char *reason,
                         gint64 at,
                         GError **error);

G_END_DECLS
