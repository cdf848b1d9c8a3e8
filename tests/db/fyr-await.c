/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-await.h"

void
fyr_test_got (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

GAsyncResult *
fyr_test_wait (GAsyncResult **slot)
{
  while (*slot == NULL) {
    g_main_context_iteration (NULL, TRUE);
  }
  return g_steal_pointer (slot);
}
