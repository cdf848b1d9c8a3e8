/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sync-transport.h"

G_BEGIN_DECLS

#define FYR_TYPE_SOUP_TRANSPORT (fyr_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (FyrSoupTransport, fyr_soup_transport, FYR, SOUP_TRANSPORT, GObject)

/** Largest answer read, in bytes; a page of a pull is about 1 MiB. */
#define FYR_SOUP_TRANSPORT_MAX_ANSWER (16 * 1024 * 1024)

/**
 * fyr_soup_transport_new:
 * @address: the server, `https://host[:port]`, or `http://` with a loopback host
 *
 * HTTP/1.1 through libsoup: gzip, no cookies, no redirects, no proxy, no credentials but the bearer token;
 * certificates by the system's authorities.
 *
 * Returns: (transfer full) (nullable): the transport, or %NULL with %FYR_SYNC_ERROR_INSECURE (plain HTTP to
 * another machine) or %FYR_SYNC_ERROR_MALFORMED (no address)
 */
FyrSoupTransport *
fyr_soup_transport_new (const char *address, GError **error);

G_END_DECLS
