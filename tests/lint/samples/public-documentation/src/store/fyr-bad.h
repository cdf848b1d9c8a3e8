/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define FYR_TYPE_BAD (fyr_bad_get_type ())
G_DECLARE_FINAL_TYPE (FyrBad, fyr_bad, FYR, BAD, GObject)

FyrBad *fyr_bad_new (int size);

/** Opens it. */
gboolean fyr_bad_open (FyrBad *self, GError **error);

G_END_DECLS
