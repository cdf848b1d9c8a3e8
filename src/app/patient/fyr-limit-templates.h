/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-limit-template.h"

G_BEGIN_DECLS

/**
 * fyr_limit_templates_load:
 * @folder: (nullable): where the templates lie; %NULL for those built in, or those in the folder that the
 *   environment variable FYRLYKT_TEMPLATES names
 *
 * Reads every `.json` file; one that is damaged is left out with a warning that names the file, so that
 * the others
 * can be used. Some small files: may be called on the main thread.
 *
 * Returns: (transfer full) (element-type FyrLimitTemplate): the templates, sorted by id; empty without any
 */
GPtrArray *
fyr_limit_templates_load (const char *folder);

G_END_DECLS
