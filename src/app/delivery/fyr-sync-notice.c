/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-notice.h"

#include <glib/gi18n.h>

#include "fyr-format.h"
#include "fyr-store-error.h"

/* After that everybody who works here has seen it. */
#define DAMAGE_SHOWN (24 * G_GINT64_CONSTANT (3600000))

static void
notice_free (gpointer data)
{
  FyrSyncNotice *notice = data;

  g_free (notice->title);
  g_free (notice->works);
  g_free (notice->lacks);
  g_free (notice);
}

/* Takes @title. */
static void
add (GPtrArray *notices, const char *id, char *title, const char *works, const char *lacks)
{
  FyrSyncNotice *notice = g_new0 (FyrSyncNotice, 1);

  notice->id = id;
  notice->title = title;
  notice->works = g_strdup (works);
  notice->lacks = g_strdup (lacks);
  g_ptr_array_add (notices, notice);
}

static void
add_store (GPtrArray *notices, int error)
{
  if (error < 0)
    return;
  if (error == FYR_STORE_ERROR_FULL)
    add (
        notices, "disk-full", g_strdup (_ ("The disk of this machine is full.")),
        _ ("What was saved before is safe and can be read; nothing is saved by half."),
        _ ("Nothing new can be saved or fetched. Free some space: it goes on by itself, without a restart."));
  else
    add (notices, "disk", g_strdup (_ ("This machine's disk gives faults.")),
         _ ("What was saved before is kept, and is tried again by itself."),
         _ ("New alerts may be missing here. Work on another machine and tell the administrator."));
}

static char *
offline_title (FyrSyncEngine *engine, gint64 now)
{
  gint64 since = fyr_sync_engine_get_offline_since (engine);
  g_autofree char *when = since > 0 ? fyr_format_when (since, now) : NULL;

  return when ? g_strdup_printf (_ ("Not live since %s."), when)
              : g_strdup (_ ("No contact with the server."));
}

static void
add_state (GPtrArray *notices, FyrSyncEngine *engine, gint64 now)
{
  switch (fyr_sync_engine_get_state (engine)) {
  case FYR_SYNC_STATE_LOCKED:
    add (notices, "locked", g_strdup (_ ("No contact with the server for 12 hours.")),
         _ ("What you did is kept, and is sent when there is contact again."),
         _ ("The patients' data are closed on this machine until there is contact."));
    break;
  case FYR_SYNC_STATE_UPGRADE_NEEDED:
    if (fyr_sync_engine_is_server_old (engine))
      add (notices, "server-old", g_strdup (_ ("The server is older than this program.")),
           _ ("What you do is saved here, and is sent when the server has been updated."),
           _ ("New alerts do not come. Tell the administrator that the server must be updated."));
    else
      add (notices, "upgrade", g_strdup (_ ("This program is older than the server.")),
           _ ("What you do is saved here, and is sent when the program has been updated."),
           _ ("New alerts do not come. Tell the administrator."));
    break;
  case FYR_SYNC_STATE_SIGNED_OUT:
    add (notices, "signed-out", g_strdup (_ ("The server wants you to sign in again.")),
         _ ("What you do is saved here until then."), _ ("New alerts do not come before you have."));
    break;
  case FYR_SYNC_STATE_OFFLINE:
    add (notices, "offline", offline_title (engine, now),
         _ ("You can read, take and close alerts, write, register and set limits: it is saved and is sent "
            "when there "
            "is contact again."),
         _ ("New alerts may be missing here, and so may what your colleagues do."));
    break;
  case FYR_SYNC_STATE_CONNECTING:
  case FYR_SYNC_STATE_POLLING:
  case FYR_SYNC_STATE_LIVE:
  default:
    break;
  }
}

static void
add_damage (GPtrArray *notices, const FyrSyncDamage *damage, gint64 now)
{
  g_autofree char *works = NULL;

  if (!damage || ABS (now - damage->time) > DAMAGE_SHOWN)
    return;
  works = g_strdup_printf (
      g_dngettext (NULL, "%u piece of work that was not delivered was read out of it and is sent.",
                   "%u pieces of work that were not delivered were read out of it and are sent.",
                   damage->kept),
      damage->kept);
  add (notices, "damaged", g_strdup (_ ("This machine's database was damaged and has been made anew.")),
       works,
       damage->lost
           ? _ ("Something you saved lately may be lost. Look through what you did; the damaged file is kept "
                "for the administrator.")
           : _ ("The patients' data are being fetched again."));
}

static void
add_clock (GPtrArray *notices, gint64 offset)
{
  g_autofree char *how_much = fyr_format_duration (ABS (offset));
  char *title;

  if (ABS (offset) < FYR_CLOCK_TOLERANCE)
    return;
  title = g_strdup_printf (
      offset > 0 ? _ ("This machine's clock is %s slow.") : _ ("This machine's clock is %s fast."), how_much);
  add (notices, "clock", title, _ ("The times you save are corrected by the server's clock."),
       _ ("What is left of a deadline is shown wrong. Set the clock, or tell who looks after the machine."));
}

GPtrArray *
fyr_sync_notices (FyrSyncEngine *engine, gint64 now)
{
  GPtrArray *notices = g_ptr_array_new_with_free_func (notice_free);

  if (!engine)
    return notices;
  /* A full disk makes pages fail; that is no outage of the network and is not called one. */
  add_store (notices, fyr_sync_engine_get_store_error (engine));
  if (notices->len == 0 || fyr_sync_engine_get_state (engine) == FYR_SYNC_STATE_LOCKED)
    add_state (notices, engine, now);
  if (fyr_sync_engine_is_restoring (engine))
    add (notices, "restoring", g_strdup (_ ("The server was put back to an older copy.")),
         _ ("What it lost is being sent again from here. You can go on working."),
         _ ("Until that is done, work of colleagues may be missing."));
  add_damage (notices, fyr_sync_engine_get_damage (engine), now);
  add_clock (notices, fyr_sync_engine_get_clock_offset (engine));
  return notices;
}

char *
fyr_sync_notice_get_text (const FyrSyncNotice *self)
{
  GString *text = g_string_new (self->title);

  if (self->lacks)
    g_string_append_printf (text, " %s", self->lacks);
  if (self->works)
    g_string_append_printf (text, " %s", self->works);
  return g_string_free (text, FALSE);
}
