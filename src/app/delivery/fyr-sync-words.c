/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-words.h"

#include <glib/gi18n.h>

#include "fyr-format.h"
#include "fyr-store-error.h"

static char *
offline_words (gint64 since, gint64 now)
{
  g_autofree char *when = since > 0 ? fyr_format_when (since, now) : NULL;

  return when ? g_strdup_printf (_ ("Offline since %s"), when) : g_strdup (_ ("Offline"));
}

char *
fyr_sync_word_state (FyrSyncEngine *engine, gint64 now)
{
  if (!engine)
    return g_strdup (_ ("Not signed in"));
  if (fyr_sync_engine_get_store_error (engine) >= 0)
    return g_strdup (fyr_sync_engine_get_store_error (engine) == FYR_STORE_ERROR_FULL
                         ? _ ("Not live: the disk is full")
                         : _ ("Not live: the disk gives faults"));
  if (fyr_sync_engine_is_restoring (engine) && fyr_sync_engine_is_online (engine))
    return g_strdup (_ ("Live, fetching after a restore…"));
  switch (fyr_sync_engine_get_state (engine)) {
  case FYR_SYNC_STATE_LIVE:
    return fyr_sync_engine_is_complete (engine) ? g_strdup (_ ("Live")) : g_strdup (_ ("Live, fetching…"));
  case FYR_SYNC_STATE_POLLING:
    return g_strdup (_ ("Up to date"));
  case FYR_SYNC_STATE_CONNECTING:
    return g_strdup (_ ("Connecting…"));
  case FYR_SYNC_STATE_LOCKED:
    return g_strdup (_ ("Closed: no contact for 12 hours"));
  case FYR_SYNC_STATE_UPGRADE_NEEDED:
    return g_strdup (fyr_sync_engine_is_server_old (engine) ? _ ("The server is too old")
                                                            : _ ("The program is too old"));
  case FYR_SYNC_STATE_OFFLINE:
    return offline_words (fyr_sync_engine_get_offline_since (engine), now);
  default:
    return g_strdup (_ ("Not signed in at the server"));
  }
}

const char *
fyr_sync_word_icon (FyrSyncEngine *engine)
{
  FyrSyncState state = engine ? fyr_sync_engine_get_state (engine) : FYR_SYNC_STATE_CONNECTING;

  if (engine && fyr_sync_engine_get_store_error (engine) >= 0)
    return "dialog-warning-symbolic";
  switch (state) {
  case FYR_SYNC_STATE_LIVE:
  case FYR_SYNC_STATE_POLLING:
    return "network-transmit-receive-symbolic";
  case FYR_SYNC_STATE_CONNECTING:
    return "network-idle-symbolic";
  default:
    return "network-offline-symbolic";
  }
}

char *
fyr_sync_word_unsent (guint waiting, guint conflicts, guint refused)
{
  GString *text = g_string_new (NULL);

  if (waiting == 0 && conflicts == 0 && refused == 0)
    g_string_append (text, _ ("All sent"));
  if (waiting > 0)
    g_string_append_printf (text, ngettext ("%d waiting", "%d waiting", waiting), (int)waiting);
  if (conflicts > 0) {
    g_string_append (text, text->len ? ", " : "");
    g_string_append_printf (text, ngettext ("%d in conflict", "%d in conflict", conflicts), (int)conflicts);
  }
  if (refused > 0) {
    g_string_append (text, text->len ? ", " : "");
    g_string_append_printf (text, ngettext ("%d not accepted", "%d not accepted", refused), (int)refused);
  }
  return g_string_free (text, FALSE);
}

static const char *
work_on_alert (const char *command)
{
  static const struct {
    const char *command;
    const char *words;
  } works[] = {
    { "take", N_ ("Alert taken") },          { "release", N_ ("Alert released") },
    { "note", N_ ("Note on an alert") },     { "close", N_ ("Alert closed") },
    { "reopen", N_ ("Alert opened again") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    if (g_strcmp0 (works[i].command, command) == 0)
      return _ (works[i].words);
  return _ ("Work on an alert");
}

const char *
fyr_outbox_word_work (FyrOutboxEntry *entry)
{
  static const struct {
    const char *kind;
    const char *created;
    const char *changed;
  } works[] = {
    { "patient", N_ ("Patient registered"), N_ ("Patient changed") },
    { "limit", N_ ("Limits set"), N_ ("Limits changed") },
    { "note", N_ ("Note written"), N_ ("Note changed") },
    { "related_person", N_ ("Relative registered"), N_ ("Relative changed") },
    { "condition", N_ ("Diagnosis registered"), N_ ("Diagnosis changed") },
    { "gp", N_ ("GP registered"), N_ ("GP changed") },
    { "measurement", N_ ("Measurement typed in"), N_ ("Measurement corrected") },
    { "user", N_ ("User registered"), N_ ("User changed") },
    { "membership", N_ ("Role given"), N_ ("Role changed") },
    { "centre", N_ ("Centre registered"), N_ ("Centre changed") },
    { "organization", N_ ("Organisation registered"), N_ ("Organisation changed") },
    { "device", N_ ("Equipment registered"), N_ ("Equipment changed") },
  };
  const char *kind = fyr_outbox_entry_get_kind (entry);
  const char *command = fyr_outbox_entry_get_command (entry);

  if (g_strcmp0 (kind, "alert") == 0)
    return work_on_alert (command);
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    if (g_strcmp0 (works[i].kind, kind) == 0)
      return _ (g_strcmp0 (command, "create") == 0 ? works[i].created : works[i].changed);
  return _ ("Other work");
}

const char *
fyr_outbox_word_state (FyrOutboxState state)
{
  switch (state) {
  case FYR_OUTBOX_WAITING:
    return _ ("Saved here, waits to be sent");
  case FYR_OUTBOX_SENT:
    return _ ("Being sent");
  case FYR_OUTBOX_HELD:
    return _ ("Waits for another that needs your decision");
  case FYR_OUTBOX_CONFLICT:
    return _ ("In conflict: somebody else changed the same");
  case FYR_OUTBOX_REFUSED:
    return _ ("Not accepted by the server");
  case FYR_OUTBOX_DISCARDED:
    return _ ("Given up");
  case FYR_OUTBOX_HANDED_OVER:
    return _ ("Handed over to the server for review");
  default:
    return _ ("Delivered");
  }
}

const char *
fyr_outbox_word_reason (FyrOutboxEntry *entry)
{
  static const struct {
    const char *code;
    const char *words;
  } reasons[] = {
    { "forbidden", N_ ("Your role may not do this. Ask a colleague or the administrator.") },
    { "invalid", N_ ("Something in it is not allowed. Do it again with other values.") },
    { "unknown-record", N_ ("What it is about is not there any more.") },
    { "already-taken", N_ ("A colleague had taken the alert already.") },
    { "already-closed", N_ ("A colleague had closed the alert already.") },
    { "not-taken", N_ ("The alert was not yours any more. Take it first.") },
    { "stale", N_ ("It had changed in the meantime. Look at it as it is now, then decide.") },
    { "duplicate", N_ ("It is there already.") },
    { "kept",
      N_ ("You had no access any more when it arrived. It is kept at the server, and an administrator "
          "decides.") },
    { "discarded", N_ ("An administrator looked at it and did not take it in.") },
  };
  const char *code = fyr_outbox_entry_get_code (entry);

  if (fyr_outbox_entry_get_state (entry) != FYR_OUTBOX_REFUSED)
    return "";
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].code, code) == 0)
      return _ (reasons[i].words);
  return _ ("The server could not accept it.");
}
