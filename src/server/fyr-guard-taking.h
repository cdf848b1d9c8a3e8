/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FyrGuardTaking:
 *
 * Whether a peer takes what it asked for. What lies in the kernel's buffers has been written and yet not been taken:
 * only the peer's acknowledgements count.
 */
typedef struct {
  gint64 since;   /* monotonic, µs; 0 when there is nothing to take */
  guint64 before; /* bytes the peer had acknowledged then */
} FyrGuardTaking;

/** fyr_guard_taking_begin: an answer begins to go out; while the one before is being taken it gives no new time */
void
fyr_guard_taking_begin (FyrGuardTaking *self, GSocket *socket);

/**
 * fyr_guard_taking_get_deadline:
 * @done: the answer was written whole; when all of it was taken too, it is over
 * @is_crowded: answers that nobody takes fill the memory: one second to take something instead of six
 *
 * Returns: monotonic microseconds after which the peer took too little, %G_MAXINT64 when there is nothing to take
 */
gint64
fyr_guard_taking_get_deadline (FyrGuardTaking *self, GSocket *socket, gboolean done, gboolean is_crowded);

/** fyr_guard_taking_reset: closing @socket will drop at once what the peer has not taken, instead of keeping it */
void
fyr_guard_taking_reset (GSocket *socket);

G_END_DECLS
