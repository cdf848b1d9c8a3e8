/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull-page.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/**
 * fyr_check_apply:
 * @check: the server's answer, read at the same point as the page just applied, which was the last
 *
 * Compares, and repairs what was found to differ twice.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_check_apply (FyrStoreContext *context, const FyrPageCheck *check, GError **error);

G_END_DECLS
