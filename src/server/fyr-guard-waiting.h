/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-guard-stream.h"

G_BEGIN_DECLS

/**
 * FyrGuardWaiting:
 *
 * Connections of which no whole request has come yet, each with a reference. The kernel watches all of them behind one
 * descriptor: thousands that say nothing cost the main loop nothing, while a source each would be looked at in every
 * turn of it.
 */
typedef struct _FyrGuardWaiting FyrGuardWaiting;

/**
 * FyrGuardWaitingFunc:
 * @stream: has something to read, or is over
 *
 * Called until the stream is removed.
 */
typedef void (*FyrGuardWaitingFunc) (FyrGuardStream *stream, gpointer user_data);

/**
 * fyr_guard_waiting_new:
 *
 * Returns: (transfer full) (nullable): none waiting yet, watched from the thread's default context; %NULL with
 *   %FYR_SERVER_ERROR_ADDRESS when the kernel gives no descriptor: the limit of open files is too low
 */
FyrGuardWaiting *
fyr_guard_waiting_new (FyrGuardWaitingFunc func, gpointer user_data, GError **error);

/** fyr_guard_waiting_free: (nullable): leaves the streams as they are */
void
fyr_guard_waiting_free (FyrGuardWaiting *self);

/**
 * fyr_guard_waiting_add:
 * @stream: (transfer none): not handed on to anybody who reads from it
 *
 * Returns: FALSE when the kernel has no room to watch it; close it then
 */
gboolean
fyr_guard_waiting_add (FyrGuardWaiting *self, FyrGuardStream *stream);

/** fyr_guard_waiting_remove: Returns: whether it was there; it is watched no more */
gboolean
fyr_guard_waiting_remove (FyrGuardWaiting *self, FyrGuardStream *stream);

/** fyr_guard_waiting_contains: Returns: whether the stream waits here */
gboolean
fyr_guard_waiting_contains (FyrGuardWaiting *self, FyrGuardStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrGuardWaiting, fyr_guard_waiting_free)

G_END_DECLS
