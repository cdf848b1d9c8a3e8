/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-typed-text.h"

char *
fyr_typed_text_dup (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer), NULL);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}
