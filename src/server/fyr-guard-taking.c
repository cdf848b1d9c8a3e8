/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-taking.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Who takes nothing is cut after this; what is taken gives more time, so that a slow line gets its answer. */
#define PATIENCE_US (6 * G_USEC_PER_SEC)
#define CROWDED_PATIENCE_US G_USEC_PER_SEC
#define BYTES_A_SECOND (32 * 1024)

static guint64
acknowledged (GSocket *socket)
{
  struct tcp_info info = { 0 };
  socklen_t length = sizeof info;

  if (getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &length) != 0) {
    return 0;
  }
  return info.tcpi_bytes_acked;
}

static gboolean
has_untaken (GSocket *socket)
{
  int bytes = 0;

  return !g_socket_is_closed (socket) && ioctl (g_socket_get_fd (socket), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

void
fyr_guard_taking_begin (FyrGuardTaking *self, GSocket *socket)
{
  if (self->since == 0 || !has_untaken (socket)) {
    self->since = g_get_monotonic_time ();
    self->before = acknowledged (socket);
  }
}

gint64
fyr_guard_taking_get_deadline (FyrGuardTaking *self, GSocket *socket, gboolean done, gboolean is_crowded)
{
  guint64 taken;

  if (self->since != 0 && done && !has_untaken (socket)) {
    self->since = 0;
  }
  if (self->since == 0 || g_socket_is_closed (socket)) {
    return G_MAXINT64;
  }
  taken = acknowledged (socket) - self->before;
  return self->since + (is_crowded ? CROWDED_PATIENCE_US : PATIENCE_US) +
         (gint64)(taken * G_USEC_PER_SEC / BYTES_A_SECOND);
}

void
fyr_guard_taking_reset (GSocket *socket)
{
  const struct linger at_once = { 1, 0 };

  if (has_untaken (socket)) {
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
}
