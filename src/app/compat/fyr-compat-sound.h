/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_compat_sound_play:
 * @event: a name of the freedesktop sound naming specification, e.g. "alarm-clock-elapsed"
 *
 * Plays the sound of the person's sound theme; where there is none, the display's bell. Never waits.
 */
void
fyr_compat_sound_play (const char *event);

G_END_DECLS
