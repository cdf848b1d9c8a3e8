/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-sync-transport.h"

G_BEGIN_DECLS

#define FYR_TYPE_SOUP_LIVE (fyr_soup_live_get_type ())
G_DECLARE_FINAL_TYPE (FyrSoupLive, fyr_soup_live, FYR, SOUP_LIVE, FyrSyncLive)

/** Largest frame read, in bytes: heads of some ten thousand scopes; a longer one ends the channel. */
#define FYR_SOUP_LIVE_MAX_FRAME (2 * 1024 * 1024)

/** fyr_soup_live_new: Returns: (transfer full): the live channel over an open WebSocket */
FyrSyncLive *
fyr_soup_live_new (SoupWebsocketConnection *connection);

G_END_DECLS
