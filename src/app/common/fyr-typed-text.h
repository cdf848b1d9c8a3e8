/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** fyr_typed_text_dup: Returns: (transfer full): all that stands in @buffer, as it was typed */
char *
fyr_typed_text_dup (GtkTextBuffer *buffer);

G_END_DECLS
