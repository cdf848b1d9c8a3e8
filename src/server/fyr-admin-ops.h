/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin-socket.h"

G_BEGIN_DECLS

/**
 * fyr_admin_ops_run:
 *
 * What fyrlykt-admin has a running server do; a #FyrAdminRunFunc. Input and output are JSON.
 *
 * | argv | input | output |
 * | --- | --- | --- |
 * | put-records | `[{"kind", "record": {…}}, …]`: whole records, all or none | `{}` |
 * | set-password-hash USER-ID | hash of fyr_password_hash(); none takes it away | `{}` |
 * | lift-lockout USER-NAME | | `{}` |
 * | new-gateway CENTRE-ID NAME | | `{"gateway", "token"}` |
 * | end-gateway GATEWAY-ID | | `{"ended": bool}` |
 * | end-sessions USER-ID | | `{}` |
 * | settle-quarantine N accept\|discard USER-ID | reason | `{"settled": bool, "outcome", "code", "text"}` |
 * | decide-device shut-out\|let-in\|wiped DEVICE-ID USER-ID MS | reason; MS: when it was wiped, else 0 | `{}` |
 * | backup PATH | | `{}` |
 *
 * Returns: 0; 1 with the reason in @errors; 2 for what it does not know
 */
int
fyr_admin_ops_run (FyrAdminHost *host,
                   const char *const *argv,
                   const char *input,
                   GString *output,
                   GString *errors,
                   gpointer user_data);

G_END_DECLS
