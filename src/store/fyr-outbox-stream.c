/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-canonical-json.h"
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"
#include "fyr-uuid.h"

/*
 * The sequences of numbers under which the work of this machine's users goes to the server: one a user, and those of
 * before this database was copied or put together again.
 */

static gboolean
insert_stream (FyrStoreContext *context, const char *author_id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO stream (author_id, incarnation, next, last_hash, current) VALUES (?1, ?2, 1, ?3, 1)",
      error);
  char incarnation[FYR_UUID_TEXT_SIZE];

  if (statement == NULL) {
    return FALSE;
  }
  fyr_uuid_v7_new (context->now, incarnation);
  fyr_statement_bind_id (statement, 1, author_id);
  fyr_statement_bind_id (statement, 2, incarnation);
  fyr_statement_bind_text (statement, 3, FYR_HASH_ZERO);
  return fyr_statement_run (statement, error);
}

static FyrStep
read_stream (FyrStatement *select, FyrStream *stream, GError **error)
{
  FyrStep step = fyr_statement_step (select, error);

  if (step == FYR_STEP_ROW) {
    stream->id = fyr_statement_get_int (select, 0);
    g_strlcpy (stream->incarnation, fyr_statement_get_id (select, 1), sizeof stream->incarnation);
    stream->next = fyr_statement_get_int (select, 2);
    g_strlcpy (stream->last_hash, fyr_statement_get_text (select, 3), sizeof stream->last_hash);
    stream->present = fyr_statement_get_int (select, 4) == 1;
  }
  return step;
}

#define STREAM_COLUMNS "SELECT s.id, s.incarnation, s.next, s.last_hash, s.current FROM stream s "

FyrStep
fyr_stream_find (FyrStoreContext *context,
                 const char *author_id,
                 const char *incarnation,
                 FyrStream *stream,
                 GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (incarnation == NULL) {
    select = fyr_store_query (context, error, STREAM_COLUMNS "WHERE s.author_id = ?1 AND s.current = 1",
                              FYR_ID (author_id));
  } else {
    select = fyr_store_query (context, error, STREAM_COLUMNS "WHERE s.author_id = ?1 AND s.incarnation = ?2",
                              FYR_ID (author_id), FYR_ID (incarnation));
  }
  return select != NULL ? read_stream (select, stream, error) : FYR_STEP_ERROR;
}

gboolean
fyr_stream_load (FyrStoreContext *context, const char *author_id, FyrStream *stream, GError **error)
{
  FyrStep step;

  if (!fyr_uuid_is_valid (author_id)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID, "Nobody is signed in");
    return FALSE;
  }
  step = fyr_stream_find (context, author_id, NULL, stream, error);
  if (step == FYR_STEP_DONE) {
    step = insert_stream (context, author_id, error)
               ? fyr_stream_find (context, author_id, NULL, stream, error)
               : FYR_STEP_ERROR;
  }
  return step == FYR_STEP_ROW;
}

gboolean
fyr_stream_doubt_former (FyrStoreContext *context, GError **error)
{
  return fyr_connection_exec (context->connection, "UPDATE stream SET current = 2 WHERE current = 0", error);
}

/* Work that was moved on when its stream ended has other numbers, work that was given up is nobody's. It covers no row:
 * it may be long superseded, and what the server does not have yet comes with the next pull. */
static gboolean
send_doubtful_again (FyrStoreContext *context, const char *author_id, GError **error)
{
  if (!fyr_store_execute (context, error,
                          "UPDATE outbox SET state = ?2, open = 1 WHERE state = ?3 AND stream IN"
                          " (SELECT id FROM stream WHERE author_id = ?1 AND current = 2)",
                          FYR_ID (author_id), FYR_INT (FYR_OUTBOX_WAITING), FYR_INT (FYR_OUTBOX_DELIVERED))) {
    return FALSE;
  }
  if (fyr_connection_get_changes (context->connection) > 0) {
    fyr_change_set_add (context->changes, FYR_CHANGE_OUTBOX, NULL, NULL);
  }
  return fyr_store_execute (context, error,
                            "UPDATE stream SET current = 0 WHERE author_id = ?1 AND current = 2",
                            FYR_ID (author_id));
}

gboolean
fyr_stream_load_next (FyrStoreContext *context, const char *author_id, FyrStream *stream, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  if (!send_doubtful_again (context, author_id, error)) {
    return FALSE;
  }
  select = fyr_store_query (context, error,
                            STREAM_COLUMNS "WHERE s.author_id = ?1 AND EXISTS (SELECT 1 FROM outbox o"
                                           " WHERE o.open = 1 AND o.state <= 2 AND o.stream = s.id)"
                                           " ORDER BY s.id LIMIT 1",
                            FYR_ID (author_id));
  step = select != NULL ? read_stream (select, stream, error) : FYR_STEP_ERROR;
  return step == FYR_STEP_DONE ? fyr_stream_load (context, author_id, stream, error) : step == FYR_STEP_ROW;
}

gboolean
fyr_stream_renew (
    FyrStoreContext *context, const char *author_id, gboolean doubtful, FyrStream *stream, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE stream SET current = ?2 WHERE author_id = ?1 AND current = 1",
                            FYR_ID (author_id), FYR_INT (doubtful ? 2 : 0)) &&
         fyr_stream_load (context, author_id, stream, error);
}

gboolean
fyr_stream_store (FyrStoreContext *context, const FyrStream *stream, GError **error)
{
  return fyr_store_execute (context, error, "UPDATE stream SET next = ?2, last_hash = ?3 WHERE id = ?1",
                            FYR_INT (stream->id), FYR_INT (stream->next), FYR_TEXT (stream->last_hash));
}
