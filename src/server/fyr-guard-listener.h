/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FyrGuardListener:
 *
 * Takes what connects, many in a turn of the main loop: GSocketService takes one, and with thousands knocking the
 * others' wait in the kernel is longer than the deadlines of their requests.
 */
typedef struct _FyrGuardListener FyrGuardListener;

/** FyrGuardListenerFunc: @socket: (transfer none) (nullable): who came; %NULL when there is no descriptor for her */
typedef void (*FyrGuardListenerFunc) (GSocket *socket, gpointer user_data);

/**
 * fyr_guard_listener_new:
 * @address: an IP address
 * @port: a port, 0 for any
 *
 * Returns: (transfer full) (nullable): listening in the thread's default context; %NULL with
 *   %FYR_SERVER_ERROR_ADDRESS: no IP address, or one that is not ours or taken, which its message tells
 */
FyrGuardListener *
fyr_guard_listener_new (
    const char *address, guint port, FyrGuardListenerFunc func, gpointer user_data, GError **error);

/** fyr_guard_listener_free: (nullable): whoever connects from now on is refused by the kernel */
void
fyr_guard_listener_free (FyrGuardListener *self);

/** fyr_guard_listener_get_port: Returns: the port it listens on */
guint
fyr_guard_listener_get_port (FyrGuardListener *self);

/** fyr_guard_listener_resume: takes again after it paused for want of descriptors; else nothing */
void
fyr_guard_listener_resume (FyrGuardListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrGuardListener, fyr_guard_listener_free)

G_END_DECLS
