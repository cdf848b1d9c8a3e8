/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-access-heads.h"
#include "fyr-admin-access-log.h"

typedef struct {
  FyrConnection *connection;
  const char *key;
  char *epoch; /* of the database as it is */
  gboolean json;
  gint64 entries;
  gint64 heads;
  gint64 restored; /* heads of an earlier life that fit no more */
  gint64 faults;
} Check;

static const char *
word_for (FyrAccessChainFault fault)
{
  switch (fault) {
  case FYR_ACCESS_CHAIN_CHANGED:
    return _ ("does not fit its hash: it, or what stands before it, was changed");
  case FYR_ACCESS_CHAIN_DELETED:
    return _ ("was taken out of the log");
  case FYR_ACCESS_CHAIN_GAP:
    return _ ("does not follow the one before: entries are missing, or were moved");
  case FYR_ACCESS_CHAIN_MISPLACED:
    return _ ("is in another centre's log");
  case FYR_ACCESS_CHAIN_INSERTED:
    return _ ("was put into the log beside the server");
  case FYR_ACCESS_CHAIN_SHORT:
  default:
    return _ ("is the last, but the feed told of another number of entries");
  }
}

static void
note (Check *check, const char *centre_id, gint64 number, const char *id, const char *word)
{
  check->faults++;
  if (!check->json) {
    g_print (_ ("Centre %s, entry %d (%s) %s\n"), centre_id, (int)number, id != NULL ? id : "–", word);
  }
}

static void
on_fault (FyrAccessChainFault fault, const char *centre_id, gint64 number, const char *id, gpointer user_data)
{
  note (user_data, centre_id, number, id, word_for (fault));
}

static gboolean
check_head (Check *check, const char *line, GError **error)
{
  FyrSignedHead signed_head;
  int found;

  check->heads++;
  if (!fyr_signed_head_parse (line, &signed_head)) {
    note (check, "?", 0, NULL, _ ("has a signed head that is damaged"));
    return TRUE;
  }
  if (check->key != NULL && strcmp (check->key, signed_head.key) != 0) {
    note (check, signed_head.head.centre_id, signed_head.head.number, NULL,
          _ ("has a head that another key signed"));
    return TRUE;
  }
  found = fyr_access_chain_has (check->connection, &signed_head.head, error);
  if (found == 0 && g_strcmp0 (check->epoch, signed_head.epoch) != 0) {
    check->restored++;
  } else if (found == 0) {
    note (check, signed_head.head.centre_id, signed_head.head.number, NULL, _ ("is not what was signed"));
  }
  return found >= 0;
}

static gboolean
check_heads (Check *check, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, error)) {
    return FALSE;
  }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] != '\0' && !check_head (check, lines[i], error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static char *
read_epoch (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT value FROM meta WHERE name = 'epoch'", error);

  return select != NULL && fyr_statement_step (select, error) == FYR_STEP_ROW
             ? g_strdup (fyr_statement_get_text (select, 0))
             : NULL;
}

gboolean
fyr_admin_check_access_log (
    FyrConnection *connection, const char *heads, const char *key, gboolean json, GError **error)
{
  g_autofree char *epoch = read_epoch (connection, error);
  Check check = { .connection = connection, .key = key, .epoch = epoch, .json = json };

  if (epoch == NULL || !fyr_access_chain_verify (connection, on_fault, &check, &check.entries, error) ||
      (heads != NULL && !check_heads (&check, heads, error))) {
    return FALSE;
  }
  if (json) {
    g_print ("{\"entries\": %" G_GINT64_FORMAT ", \"heads\": %" G_GINT64_FORMAT
             ", \"restored\": %" G_GINT64_FORMAT ", \"faults\": %" G_GINT64_FORMAT "}\n",
             check.entries, check.heads, check.restored, check.faults);
  } else {
    if (check.restored > 0) {
      g_print (_ ("%d heads of an earlier life of the database fit no more: a backup put in its place "
                  "explains it, "
                  "nothing else does\n"),
               (int)check.restored);
    }
    g_print (_ ("%d entries, %d signed heads, %d faults\n"), (int)check.entries, (int)check.heads,
             (int)check.faults);
  }
  if (check.faults > 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_DAMAGED,
                 _ ("The access log was tampered with, or damaged: keep a copy of the database as it is, and "
                    "report it "
                    "as a breach"));
  }
  return check.faults == 0;
}
