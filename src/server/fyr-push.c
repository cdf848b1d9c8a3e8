/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-push.h"

#include <string.h>

#include "fyr-quarantine.h"
#include "fyr-rows.h"
#include "fyr-session.h"
#include "fyr-shared.h"
#include "fyr-wire-sign-in.h"

/* A workstation's line in the server's book: what came last from this incarnation. */
typedef struct {
  gint64 row;
  gint64 number;
  char hash[FYR_HASH_TEXT_SIZE];
  char user_id[37];
} Workstation;

typedef struct {
  FyrWriteContext *context;
  FyrConnection *connection;
  FyrPush *push;
  FyrPushRequest *request;
  FyrSession session;
  const char *author; /* whose work it is: the session's user's, or of another who cannot sign in any more */
  Workstation workstation;
  FyrWitnessKey key;
  GPtrArray *outcomes;
  /* Of the mutations from number @first_new on, which are judged in this run: their kinds of outcome. */
  gint64 first_new;
  GArray *kinds;
} Run;

static FyrWireMutation *
mutation_at (Run *run, guint index)
{
  return g_ptr_array_index (run->request->mutations, index);
}

static void
conflict_reply (Run *run, const char *code, const char *text, const char *epoch, gint64 next)
{
  run->push->reply->status = 409;
  fyr_wire_problem_write (code, text, epoch, next, run->push->reply->body);
}

static gboolean
load_workstation (Run *run, GError **error)
{
  g_autofree char *sql = NULL;
  g_autofree char *name = g_strdup_printf ("workstation %s", run->request->incarnation);
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  /* The name covers the first push, when there is no row to hold yet. */
  if (!fyr_connection_lock_name (run->connection, name, error)) {
    return FALSE;
  }
  memcpy (run->workstation.hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  g_strlcpy (run->workstation.user_id, run->author, sizeof run->workstation.user_id);
  sql = g_strconcat (
      "SELECT id, number, hash, \"user\" FROM workstation WHERE device = ?1 AND incarnation = ?2",
      fyr_connection_get_row_lock (run->connection), NULL);
  select = fyr_connection_prepare (run->connection, sql, error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, run->request->device);
  fyr_statement_bind_id (select, 2, run->request->incarnation);
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    run->workstation.row = fyr_statement_get_int (select, 0);
    run->workstation.number = fyr_statement_get_int (select, 1);
    g_strlcpy (run->workstation.hash, fyr_statement_get_text (select, 2), FYR_HASH_TEXT_SIZE);
    g_strlcpy (run->workstation.user_id, fyr_statement_get_id (select, 3), sizeof run->workstation.user_id);
  }
  return step != FYR_STEP_ERROR;
}

static gboolean
save_workstation (Run *run, GError **error)
{
  g_autoptr (FyrStatement) put = NULL;

  put = fyr_connection_prepare (run->connection,
                                "INSERT INTO workstation (device, incarnation, \"user\", number, hash, seen)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (device, incarnation) DO UPDATE"
                                " SET number = excluded.number, hash = excluded.hash, seen = excluded.seen"
                                " RETURNING id",
                                error);
  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (put, 1, run->request->device);
  fyr_statement_bind_id (put, 2, run->request->incarnation);
  fyr_statement_bind_id (put, 3, run->author);
  fyr_statement_bind_int (put, 4, run->workstation.number);
  fyr_statement_bind_text (put, 5, run->workstation.hash);
  fyr_statement_bind_int (put, 6, fyr_write_context_get_time (run->context));
  if (fyr_statement_step (put, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  run->workstation.row = fyr_statement_get_int (put, 0);
  return fyr_statement_step (put, error) == FYR_STEP_DONE;
}

/* The stored outcome of a known number: 1 found with @hash; 0 not found or of another hash; -1 with @error. */
static int
find_outcome (Run *run, gint64 number, const char *hash, char **outcome, int *kind, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (
      run->connection, "SELECT hash, kind, outcome FROM mutation WHERE workstation = ?1 AND number = ?2",
      error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_int (select, 1, run->workstation.row);
  fyr_statement_bind_int (select, 2, number);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE ? 0 : -1;
  }
  if (hash != NULL && g_strcmp0 (fyr_statement_get_text (select, 0), hash) != 0) {
    return 0;
  }
  if (kind != NULL) {
    *kind = (int)fyr_statement_get_int (select, 1);
  }
  if (outcome != NULL) {
    *outcome = g_strdup (fyr_statement_get_text (select, 2));
  }
  return 1;
}

static void
note_outcome (Run *run, FyrWireOutcome *outcome)
{
  GString *text = g_string_new (NULL);
  int kind = outcome->kind;

  fyr_wire_outcome_write (outcome, text);
  g_ptr_array_add (run->outcomes, g_string_free (text, FALSE));
  g_array_append_val (run->kinds, kind);
}

/* @row counts from the first mutation that is new. */
static void
bind_outcome (FyrStatement *insert, int first, guint row, gpointer data)
{
  Run *run = data;
  guint index = run->request->mutations->len - run->kinds->len + row;
  FyrWireMutation *mutation = mutation_at (run, index);

  fyr_statement_bind_int (insert, first, run->workstation.row);
  fyr_statement_bind_int (insert, first + 1, mutation->number);
  fyr_statement_bind_text (insert, first + 2, mutation->hash);
  fyr_statement_bind_int (insert, first + 3, g_array_index (run->kinds, int, row));
  fyr_statement_bind_text (insert, first + 4, g_ptr_array_index (run->outcomes, index));
  fyr_statement_bind_id (insert, first + 5, mutation->id);
  fyr_statement_bind_int (insert, first + 6, mutation->time);
  if (mutation->has_offset) {
    fyr_statement_bind_int (insert, first + 7, mutation->offset);
  } else {
    fyr_statement_bind_null (insert, first + 7);
  }
  fyr_statement_bind_int (insert, first + 8, fyr_write_context_get_time (run->context));
}

static gboolean
store_outcomes (Run *run, GError **error)
{
  return fyr_rows_insert (
      run->connection,
      "INSERT INTO mutation (workstation, number, hash, kind, outcome, record, recorded, clock_offset,"
      " received) VALUES",
      9, run->kinds->len, bind_outcome, run, error);
}

/* Work of another is never applied under the session of whoever delivers it. */
static gboolean
is_hand_over (Run *run)
{
  return !g_str_equal (run->author, run->session.user_id);
}

/* What the author was told and did not decide on waits for her no longer. */
static gboolean
keep_known (Run *run, FyrWireMutation *mutation, int kind, GError **error)
{
  return kind == FYR_WIRE_OUTCOME_APPLIED || kind == FYR_WIRE_OUTCOME_MERGED ||
         fyr_quarantine_keep (run->context, run->request, run->author, run->session.user_id, mutation,
                              fyr_wire_outcome_kind_to_code ((FyrWireOutcomeKind)kind), error);
}

/* A push that was told already, or an overlap of one: its stored outcomes. FALSE with @error, or with reply set. */
static gboolean
repeat_known (Run *run, guint *next_index, GError **error)
{
  guint i;

  for (i = 0; i < run->request->mutations->len; i++) {
    FyrWireMutation *mutation = mutation_at (run, i);
    char *outcome = NULL;
    int kind = FYR_WIRE_OUTCOME_APPLIED;
    int found;

    if (mutation->number > run->workstation.number) {
      break;
    }
    found = find_outcome (run, mutation->number, mutation->hash, &outcome, &kind, error);
    if (found < 0) {
      return FALSE;
    }
    if (found == 0) {
      conflict_reply (run, "fork", "This number was given to something else: take a new incarnation", NULL,
                      mutation->number);
      return FALSE;
    }
    g_ptr_array_add (run->outcomes, outcome);
    if (is_hand_over (run) && !keep_known (run, mutation, kind, error)) {
      return FALSE;
    }
  }
  *next_index = i;
  return TRUE;
}

/* Of who asks about numbers that are known: 1 when the last before @number is hers, or is not kept any more; 0 when it
 * was given to something else; -1 with error. */
static int
is_same_chain (Run *run, gint64 number, GError **error)
{
  int found = number > 1 ? find_outcome (run, number - 1, run->request->previous_hash, NULL, NULL, error) : 1;

  if (found == 0) {
    int kept = find_outcome (run, number - 1, NULL, NULL, NULL, error);

    return kept < 0 ? -1 : !kept;
  }
  return found;
}

/* FALSE with @error, or with reply set. */
static gboolean
check_next (Run *run, guint index, GError **error)
{
  gboolean asks = run->request->mutations->len == 0;
  gint64 number;
  int same;

  /* An empty push asks whether the server has all that came before. */
  if (!asks && index >= run->request->mutations->len) {
    return TRUE;
  }
  number = asks ? run->request->first : mutation_at (run, index)->number;
  same = asks && number <= run->workstation.number ? is_same_chain (run, number, error) : 0;
  if (same != 0) {
    return same > 0;
  }
  if (number > run->workstation.number + 1) {
    conflict_reply (run, "gap", "Numbers are missing before these", NULL, run->workstation.number + 1);
    return FALSE;
  }
  /* With an overlap the chain runs through a hash that was compared already. */
  if (index == 0 && !g_str_equal (run->request->previous_hash, run->workstation.hash)) {
    conflict_reply (run, "fork", "The number before was given to something else: take a new incarnation",
                    NULL, number);
    return FALSE;
  }
  return TRUE;
}

static int
dependency_state (Run *run, FyrWireMutation *mutation, GError **error)
{
  int kind = FYR_WIRE_OUTCOME_APPLIED;

  if (mutation->depends_on >= run->first_new && mutation->depends_on < mutation->number) {
    return g_array_index (run->kinds, int, mutation->depends_on - run->first_new);
  }
  if (mutation->depends_on > 0 && mutation->depends_on < mutation->number &&
      find_outcome (run, mutation->depends_on, NULL, NULL, &kind, error) < 0) {
    return -1;
  }
  return kind;
}

/* What comes from a workstation that is shut out may be by anybody who has it; who saw what there is to be known. */
static gboolean
is_suspect (Run *run, const FyrWireMutation *mutation)
{
  return run->session.shut_out && !g_str_equal (mutation->kind, fyr_audit_event_info.kind);
}

/* For what changes a record; what was done with an alert is known by its event. */
static gboolean
gives_receipt (Run *run, const FyrWireMutation *mutation, const FyrWireOutcome *outcome)
{
  return run->request->schema >= FYR_WIRE_SCHEMA_RETURNS && outcome->version > 0 &&
         (outcome->kind == FYR_WIRE_OUTCOME_APPLIED || outcome->kind == FYR_WIRE_OUTCOME_MERGED) &&
         !g_str_equal (mutation->kind, fyr_alert_info.kind);
}

/* A receipt is for what was done, by whatever number: a copied machine sends it again by another. One of an older
 * release is for the mutation with its number. */
static void
read_receipt (Run *run, FyrWireMutation *mutation, FyrReceipt *receipt)
{
  const char *text = g_hash_table_lookup (run->request->receipts, &mutation->number);
  char digest[FYR_HASH_TEXT_SIZE];

  if (text != NULL) {
    fyr_wire_mutation_digest (mutation, digest);
    if (!fyr_receipt_read (&run->key, digest, text, receipt)) {
      fyr_receipt_read (&run->key, mutation->hash, text, receipt);
    }
  }
}

static char *
write_receipt (Run *run, FyrWireMutation *mutation, gint64 version)
{
  char digest[FYR_HASH_TEXT_SIZE];

  fyr_wire_mutation_digest (mutation, digest);
  return fyr_receipt_write (&run->key, digest,
                            fyr_server_db_get_epoch (fyr_write_context_get_db (run->context)), version);
}

static FyrWireOutcome *
judge (Run *run, const FyrSubject *subject, FyrWireMutation *mutation, GError **error)
{
  int dependency = dependency_state (run, mutation, error);
  FyrMutate mutate = {
    .context = run->context,
    .subject = subject,
    .applied = run->push->applied,
    .applied_data = run->push->applied_data,
    .mutation = mutation,
  };
  FyrWireOutcome *outcome;

  if (dependency < 0) {
    return NULL;
  }
  if (is_hand_over (run) || is_suspect (run, mutation)) {
    outcome = fyr_wire_outcome_new (mutation->number, FYR_WIRE_OUTCOME_REFUSED, 0);
    outcome->code = g_strdup (is_hand_over (run) ? "handed-over" : "shut-out");
    return outcome;
  }
  if (dependency != FYR_WIRE_OUTCOME_APPLIED && dependency != FYR_WIRE_OUTCOME_MERGED) {
    return fyr_wire_outcome_new (mutation->number, FYR_WIRE_OUTCOME_LATER, 0);
  }
  read_receipt (run, mutation, &mutate.receipt);
  outcome = fyr_mutate (&mutate, error);
  if (outcome != NULL && gives_receipt (run, mutation, outcome)) {
    outcome->receipt = write_receipt (run, mutation, outcome->version);
  }
  return outcome;
}

/* Judged by the tables as they are after the mutation before: asked anew when that may have changed who may do what. */
static gboolean
may_change_grants (const FyrWireMutation *mutation)
{
  return g_str_equal (mutation->kind, fyr_user_info.kind) ||
         g_str_equal (mutation->kind, fyr_membership_info.kind);
}

/* Why work is to be kept for review; NULL: it is not. FALSE with @error. */
static gboolean
find_reason (Run *run,
             const FyrSubject *subject,
             const FyrWireMutation *mutation,
             const FyrWireOutcome *outcome,
             const char **reason,
             GError **error)
{
  int was_open = 0;

  *reason = NULL;
  if (fyr_quarantine_wants (subject, outcome) || is_suspect (run, mutation)) {
    *reason = outcome->code != NULL ? outcome->code : fyr_wire_outcome_kind_to_code (outcome->kind);
    return TRUE;
  }
  was_open = fyr_quarantine_was_open (run->context, run->author, mutation, outcome, error);
  if (was_open > 0) {
    *reason = FYR_QUARANTINE_EMERGENCY;
  }
  return was_open >= 0;
}

/* What a user did who may not do it any more is kept, and she is told so; what is wrong with it is for the reviewer. */
static gboolean
keep (Run *run, FyrWireMutation *mutation, FyrWireOutcome *outcome, const char *reason, GError **error)
{
  if (!fyr_quarantine_keep (run->context, run->request, run->author,
                            is_hand_over (run) ? run->session.user_id : NULL, mutation, reason, error)) {
    return FALSE;
  }
  if (outcome->kind == FYR_WIRE_OUTCOME_REFUSED) {
    g_free (outcome->code);
    outcome->code = g_strdup (FYR_QUARANTINE_CODE);
    g_free (outcome->text);
    outcome->text = g_strdup ("It is kept for review");
  }
  return TRUE;
}

static gboolean
apply_new (Run *run, guint index, GError **error)
{
  g_autoptr (FyrSubject) subject = NULL;

  run->first_new = mutation_at (run, index)->number;
  if (!fyr_witness_key_load (&run->key, run->connection, error) ||
      !fyr_mutate_look_ahead (run->context, run->request->mutations, index, error)) {
    return FALSE;
  }
  for (; index < run->request->mutations->len; index++) {
    FyrWireMutation *mutation = mutation_at (run, index);
    g_autoptr (FyrWireOutcome) outcome = NULL;
    const char *reason;

    if (subject == NULL) {
      subject =
          fyr_subject_load (run->connection, run->author, fyr_write_context_get_time (run->context), error);
    }
    if (subject == NULL) {
      return FALSE;
    }
    outcome = judge (run, subject, mutation, error);
    if (outcome == NULL || !find_reason (run, subject, mutation, outcome, &reason, error) ||
        (reason != NULL && !keep (run, mutation, outcome, reason, error))) {
      return FALSE;
    }
    note_outcome (run, outcome);
    if (may_change_grants (mutation)) {
      g_clear_pointer (&subject, fyr_subject_free);
    }
    run->workstation.number = mutation->number;
    g_strlcpy (run->workstation.hash, mutation->hash, FYR_HASH_TEXT_SIZE);
  }
  return store_outcomes (run, error) && save_workstation (run, error);
}

static int
has_role (Run *run, const char *user_id, GError **error)
{
  g_autoptr (FyrSubject) subject =
      fyr_subject_load (run->connection, user_id, fyr_write_context_get_time (run->context), error);

  return subject == NULL ? -1 : subject->roles->len > 0;
}

/* Who can deliver it herself does so; who has no role herself delivers for nobody. As check_caller(). */
static int
check_hand_over (Run *run, GError **error)
{
  int caller = has_role (run, run->session.user_id, error);
  int author = caller >= 0 ? has_role (run, run->author, error) : -1;

  if (author < 0) {
    return -1;
  }
  if (caller > 0 && author == 0) {
    return 1;
  }
  conflict_reply (run, "author", "This is not for you to deliver", NULL, 0);
  return 0;
}

/* 1: go on; 0: the reply says why not; -1: @error. */
static int
check_caller (Run *run, GError **error)
{
  FyrPush *push = run->push;
  const char *epoch = fyr_server_db_get_epoch (fyr_write_context_get_db (run->context));
  int found = fyr_session_find_leaving (run->connection, push->token,
                                        fyr_write_context_get_time (run->context), &run->session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (push->reply);
  }
  if (found <= 0) {
    return found;
  }
  if (g_strcmp0 (run->session.device_id, run->request->device) != 0) {
    fyr_reply_fail (push->reply, 403, "forbidden", "The session belongs to another workstation");
    return 0;
  }
  if (g_strcmp0 (run->request->epoch, epoch) != 0) {
    conflict_reply (run, "epoch", "The server's database began a new life", epoch, 0);
    return 0;
  }
  run->author = run->request->author != NULL ? run->request->author : run->session.user_id;
  return is_hand_over (run) ? check_hand_over (run, error) : 1;
}

static gboolean
run_push (Run *run, GError **error)
{
  int caller = check_caller (run, error);
  guint index = 0;

  if (caller <= 0) {
    return caller == 0;
  }
  if (!load_workstation (run, error)) {
    return FALSE;
  }
  if (!g_str_equal (run->workstation.user_id, run->author)) {
    conflict_reply (run, "fork", "This incarnation is another user's: take a new one", NULL, 0);
    return TRUE;
  }
  if (!repeat_known (run, &index, error)) {
    return run->push->reply->status == 409;
  }
  if (!check_next (run, index, error)) {
    return run->push->reply->status == 409;
  }
  if (index < run->request->mutations->len &&
      (!save_workstation (run, error) || !apply_new (run, index, error))) {
    return FALSE;
  }
  fyr_push_reply_write_stored (fyr_server_db_get_epoch (fyr_write_context_get_db (run->context)),
                               fyr_write_context_get_time (run->context),
                               (const char *const *)run->outcomes->pdata, run->outcomes->len,
                               run->push->reply->body);
  return TRUE;
}

gboolean
fyr_push_run (FyrWriteContext *context, FyrPush *push, GError **error)
{
  Run run = {
    .context = context,
    .connection = fyr_write_context_get_connection (context),
    .push = push,
    .request = push->request,
    .outcomes = g_ptr_array_new_with_free_func (g_free),
    .kinds = g_array_new (FALSE, FALSE, sizeof (int)),
  };
  gboolean done = run_push (&run, error);

  g_ptr_array_unref (run.outcomes);
  g_array_unref (run.kinds);
  return done;
}
