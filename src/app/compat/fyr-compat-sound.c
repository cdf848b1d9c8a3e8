/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-sound.h"

#include <gdk/gdk.h>
#include <gsound.h>

static GSoundContext *sounds;
static gboolean is_without_sound;

static void
ring_bell (void)
{
  GdkDisplay *display = gdk_display_get_default ();

  if (display)
    gdk_display_beep (display);
}

static void
on_played (GObject *source, GAsyncResult *result, gpointer unused)
{
  if (!gsound_context_play_full_finish (GSOUND_CONTEXT (source), result, NULL))
    ring_bell ();
}

void
fyr_compat_sound_play (const char *event)
{
  if (!sounds && !is_without_sound)
    sounds = gsound_context_new (NULL, NULL);
  is_without_sound = !sounds;
  if (!sounds) {
    ring_bell ();
    return;
  }
  gsound_context_play_full (sounds, NULL, on_played, NULL, GSOUND_ATTR_EVENT_ID, event,
                            GSOUND_ATTR_EVENT_DESCRIPTION, "Fyrlykt", NULL);
}
