/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One asynchronous call in a test, to its end. */

/** fyr_test_wait: runs the main context until the callback gave a result. Returns: (transfer full) */
GAsyncResult *
fyr_test_wait (GAsyncResult **slot);

/** fyr_test_got: GAsyncReadyCallback that puts the result into the slot given as data */
void
fyr_test_got (GObject *source, GAsyncResult *result, gpointer slot);

/** FYR_AWAIT: runs an async call to its end: FYR_AWAIT (fyr_store_list_alerts_async (store, &filter, FYR_SLOT)) */
#define FYR_AWAIT(call)                                                                                      \
  ({                                                                                                         \
    GAsyncResult *fyr_slot = NULL;                                                                           \
    call;                                                                                                    \
    fyr_test_wait (&fyr_slot);                                                                               \
  })
#define FYR_SLOT NULL, fyr_test_got, &fyr_slot

G_END_DECLS
