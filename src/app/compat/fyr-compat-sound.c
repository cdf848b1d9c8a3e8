/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-sound.h"

#include <gdk/gdk.h>
#include <gsound.h>

static GSoundContext *sounds;
static gboolean is_without_sound;

static gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *path = folder ? g_build_filename (folder, name, NULL) : NULL;

  return path && g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
has_playback_device (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/dev/snd", 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "pcm") && g_str_has_suffix (name, "p"))
      return TRUE;
  return FALSE;
}

/* Asking the sound library where there is no sound fills the log with its complaints. */
static gboolean
can_sound (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");

  return g_getenv ("PULSE_SERVER") || is_there (runtime, "pulse/native") ||
         is_there (runtime, "pipewire-0") || has_playback_device ();
}

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
  if (!sounds && !is_without_sound && can_sound ())
    sounds = gsound_context_new (NULL, NULL);
  is_without_sound = !sounds;
  if (!sounds) {
    ring_bell ();
    return;
  }
  gsound_context_play_full (sounds, NULL, on_played, NULL, GSOUND_ATTR_EVENT_ID, event,
                            GSOUND_ATTR_EVENT_DESCRIPTION, "Fyrlykt", NULL);
}
