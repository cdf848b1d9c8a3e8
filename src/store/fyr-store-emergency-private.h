/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull-page.h"
#include "fyr-store-emergency.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/** fyr_emergency_follow: makes the table what the page says, and purges what ended and nothing else covers. May add to
 * the feeds that the page revokes. Returns: %TRUE, or %FALSE with error */
gboolean
fyr_emergency_follow (FyrStoreContext *context, FyrPullPage *page, GError **error);

/** fyr_emergency_find: @access: (out): by which the patient is open; its access_id is "" for none. Returns: %TRUE, or
 * %FALSE with error */
gboolean
fyr_emergency_find (FyrStoreContext *context, const char *patient_id, FyrEmergency *access, GError **error);

G_END_DECLS
