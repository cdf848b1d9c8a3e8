/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull-page-private.h"
#include "fyr-store-private.h"
#include "fyr-store-sync.h"

G_BEGIN_DECLS

/** fyr_settled_name: Returns: (transfer full): under which name meta keeps how far an author knows of settlements */
char *
fyr_settled_name (const char *author_id);

/**
 * fyr_settled_apply:
 *
 * Work that was in quarantine and is settled now: delivered, or refused with the reason. Returns: %TRUE or %FALSE with
 * error
 */
gboolean
fyr_settled_apply (FyrStoreContext *context, const FyrPullPage *page, GError **error);

G_END_DECLS
