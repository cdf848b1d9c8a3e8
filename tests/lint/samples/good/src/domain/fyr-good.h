/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_good_sum:
 * @values: (array length=n) (nullable): what to add
 * @error: FYR_DOMAIN_ERROR_RANGE when the sum does not fit
 *
 * Returns: TRUE with the sum in @sum
 */
gboolean
fyr_good_sum (const int *values, gsize n, int *sum, GError **error);

/** Text and its length, in bytes. Neither is NULL. */
const char *
fyr_good_get_text (void);
gsize
fyr_good_get_length (void);

G_END_DECLS
