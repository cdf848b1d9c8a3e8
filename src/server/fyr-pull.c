/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-pull-private.h"

#include <string.h>

#include "fyr-apply-state.h"
#include "fyr-record-table.h"
#include "fyr-wire-sign-in.h"

/* Entries read at a time; fewer when records turn out large. */
#define CHUNK_MAX 512
#define CHUNK_MIN 16
/* Entries from which a first sync takes long enough for the worklist to go ahead. */
#define AHEAD_FROM 1000

typedef struct {
  gint64 seq;
  const FyrRecordInfo *info;
  FyrFeedOp op;
  char id[37];
  gboolean overtaken;
} Entry;

const FyrPatientPlace *
fyr_pull_find_place (FyrPullRun *run, const char *patient_id, GError **error)
{
  FyrPatientPlace *place = g_hash_table_lookup (run->places, patient_id);
  FyrPatientPlace loaded;

  if (place == NULL && fyr_patient_place_load (run->connection, patient_id, &loaded, error) >= 0) {
    place = g_memdup2 (&loaded, sizeof loaded);
    g_hash_table_insert (run->places, g_strdup (patient_id), place);
  }
  return place;
}

/* Whether a record, as it is now, is carried by the feed: it may have moved since the entry was made. */
static gboolean
belongs (const FyrScope *scope, const FyrRecordResource *resource)
{
  const FyrResource *r = &resource->resource;

  if (scope->patient_id[0] != '\0') {
    return g_strcmp0 (r->patient_id, scope->patient_id) == 0;
  }
  if (scope->centre_id[0] == '\0') {
    return r->info->scope_by == FYR_SCOPE_BY_GLOBAL;
  }
  return r->info->scope_by != FYR_SCOPE_BY_GLOBAL && g_strcmp0 (r->centre_id, scope->centre_id) == 0 &&
         r->scope == scope->scope_class;
}

/* With a tag when it is recent enough that a restore may lose it, and whole, so that it can be given back. */
static void
write_visible (FyrPullRun *run,
               const FyrScope *scope,
               FyrPullWriter *writer,
               const Entry *entry,
               FyrRecord *record,
               guint mask)
{
  char tag[FYR_WITNESS_TAG_SIZE];

  if (entry->seq <= scope->settled || !fyr_witness_may_return (entry->info) ||
      !fyr_witness_is_whole (record, mask)) {
    fyr_pull_writer_put (writer, entry->seq, record, mask);
    return;
  }
  fyr_witness_sign (&run->key, record, tag);
  fyr_pull_writer_put_signed (writer, entry->seq, record, mask, tag);
}

/* @patient_id: (nullable) */
static gboolean
is_barred (FyrPullRun *run, const FyrScope *scope, const char *patient_id)
{
  return patient_id != NULL && g_hash_table_contains (run->subject->blocked, patient_id) &&
         (scope->patient_id[0] == '\0' || fyr_subject_find_emergency (run->subject, patient_id) == NULL);
}

static void
write_record (FyrPullRun *run,
              const FyrScope *scope,
              FyrPullWriter *writer,
              const Entry *entry,
              FyrRecord *record,
              const FyrPatientPlace *place)
{
  FyrRecordResource resource;
  guint mask;

  fyr_record_resource_init (&resource, record, place);
  if (!belongs (scope, &resource)) {
    fyr_pull_writer_skip (writer, entry->seq, entry->info->kind, entry->id);
    return;
  }
  if (is_barred (run, scope, resource.resource.patient_id)) {
    /* What the patient's own feed brings in an emergency is not to be taken away by the centre's. */
    if (fyr_subject_find_emergency (run->subject, resource.resource.patient_id) != NULL) {
      fyr_pull_writer_skip (writer, entry->seq, entry->info->kind, entry->id);
    } else {
      fyr_pull_writer_delete (writer, entry->seq, entry->info->kind, entry->id);
    }
    return;
  }
  mask = fyr_authz_read_mask (run->subject, &resource.resource, FYR_PURPOSE_WORK);
  if (mask == 0) {
    fyr_pull_writer_skip (writer, entry->seq, entry->info->kind, entry->id);
  } else {
    write_visible (run, scope, writer, entry, record, mask);
  }
}

static gboolean
write_put (FyrPullRun *run, const FyrScope *scope, FyrPullWriter *writer, const Entry *entry, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = fyr_record_table_get (run->connection, entry->info, entry->id, &failure);
  const FyrPatientPlace *place = NULL;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (record == NULL) {
    /* Deleted since: a later entry says so. */
    fyr_pull_writer_skip (writer, entry->seq, entry->info->kind, entry->id);
    return TRUE;
  }
  if (entry->info->scope_by == FYR_SCOPE_BY_PATIENT) {
    place = fyr_pull_find_place (run, fyr_record_get_string (record, entry->info->patient_field), error);
    if (place == NULL) {
      return FALSE;
    }
  }
  write_record (run, scope, writer, entry, record, place);
  return TRUE;
}

static gboolean
may_read_kind (FyrPullRun *run, const FyrScope *scope, const FyrRecordInfo *info)
{
  for (guint i = 0; i < run->subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (run->subject->roles, FyrSubjectRole, i);
    FyrResource resource = {
      .info = info,
      .scope = info->scope,
      .centre_id = role->centre_id,
      .patient_id = scope->patient_id[0] != '\0' ? scope->patient_id : NULL,
      .gp_id = role->gp_id,
    };
    if ((scope->centre_id[0] == '\0' || g_str_equal (scope->centre_id, role->centre_id)) &&
        fyr_authz (run->subject, FYR_ACTION_READ, &resource, NULL, FYR_PURPOSE_WORK)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* With a tag when it was one; a record that only left the feed has no tombstone. */
static gboolean
write_deletion (
    FyrPullRun *run, const FyrScope *scope, FyrPullWriter *writer, const Entry *entry, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  char tag[FYR_WITNESS_TAG_SIZE];
  FyrStep step = FYR_STEP_DONE;

  if (entry->seq > scope->settled && fyr_witness_may_return (entry->info)) {
    select = fyr_connection_prepare (run->connection,
                                     "SELECT version FROM tombstone WHERE kind = ?1 AND id = ?2", error);
    if (select == NULL) {
      return FALSE;
    }
    fyr_statement_bind_int (select, 1, fyr_server_db_get_kind_number (run->pull->db, entry->info->kind));
    fyr_statement_bind_id (select, 2, entry->id);
    step = fyr_statement_step (select, error);
  }
  if (step == FYR_STEP_ROW) {
    gint64 version = fyr_statement_get_int (select, 0);

    fyr_witness_sign_deletion (&run->key, entry->info->kind, entry->id, version, tag);
    fyr_pull_writer_delete_signed (writer, entry->seq, entry->info->kind, entry->id, version, tag);
  } else if (step == FYR_STEP_DONE) {
    fyr_pull_writer_delete (writer, entry->seq, entry->info->kind, entry->id);
  }
  return step != FYR_STEP_ERROR;
}

static gboolean
write_entry (
    FyrPullRun *run, const FyrScope *scope, FyrPullWriter *writer, const Entry *entry, GError **error)
{
  if (entry->overtaken || !may_read_kind (run, scope, entry->info)) {
    fyr_pull_writer_skip (writer, entry->seq, entry->info->kind, entry->id);
    return TRUE;
  }
  if (entry->op == FYR_FEED_DELETE) {
    return write_deletion (run, scope, writer, entry, error);
  }
  return write_put (run, scope, writer, entry, error);
}

static void
mark_overtaken (GArray *entries)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = entries->len; i > 0; i--) {
    Entry *entry = &g_array_index (entries, Entry, i - 1);
    entry->overtaken = g_hash_table_contains (seen, entry->id);
    g_hash_table_add (seen, entry->id);
  }
}

static GArray *
read_entries (FyrPullRun *run, const FyrScope *scope, gint64 after, guint limit, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (run->connection,
                                   "SELECT seq, kind, id, op FROM feed WHERE scope = ?1 AND seq > ?2"
                                   " ORDER BY seq LIMIT ?3",
                                   error);
  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_int (select, 1, scope->number);
  fyr_statement_bind_int (select, 2, after);
  fyr_statement_bind_int (select, 3, limit);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    Entry entry = { .seq = fyr_statement_get_int (select, 0),
                    .op = (FyrFeedOp)fyr_statement_get_int (select, 3) };
    const char *kind = fyr_server_db_get_kind_name (run->pull->db, (gint)fyr_statement_get_int (select, 1));

    entry.info = fyr_record_info_lookup (kind);
    g_strlcpy (entry.id, fyr_statement_get_id (select, 2), sizeof entry.id);
    if (entry.info == NULL) {
      g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT,
                           "A feed names an unknown kind of record");
      return NULL;
    }
    g_array_append_val (entries, entry);
  }
  mark_overtaken (entries);
  return step == FYR_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

/* One chunk of a feed into @text; how far it came in @to. */
static gboolean
write_chunk (
    FyrPullRun *run, const FyrScope *scope, FyrPullWriter *writer, guint limit, gint64 *to, GError **error)
{
  g_autoptr (GArray) entries = read_entries (run, scope, *to, limit, error);

  if (entries == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < entries->len; i++) {
    if (!write_entry (run, scope, writer, &g_array_index (entries, Entry, i), error)) {
      return FALSE;
    }
  }
  *to = entries->len > 0 ? g_array_index (entries, Entry, entries->len - 1).seq : scope->head;
  return TRUE;
}

/* As many chunks as there is room for, and one in any case. A chunk that turns out too large is written again,
 * smaller. */
static gboolean
write_chunks (
    FyrPullRun *run, const FyrScope *scope, FyrPullWriter *scratch, gsize room, gint64 *to, GError **error)
{
  guint limit = room > 0 ? CHUNK_MAX : CHUNK_MIN;

  do {
    FyrPullWriter before = *scratch;
    gsize length = scratch->json.text->len;
    gint64 reached = *to;

    if (!write_chunk (run, scope, scratch, limit, &reached, error)) {
      return FALSE;
    }
    if (scratch->json.text->len > room && limit > CHUNK_MIN) {
      *scratch = before;
      g_string_truncate (scratch->json.text, length);
      limit = MAX (limit / 2, CHUNK_MIN);
      continue;
    }
    *to = reached;
  } while (*to < scope->head && scratch->json.text->len < room);
  return TRUE;
}

static gboolean
write_scope (FyrPullRun *run, const FyrScope *scope, gint64 cursor, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  FyrPullWriter scratch = { FYR_JSON_WRITER_INIT (text) };
  GString *body = run->pull->reply->body;
  gsize max = (gsize)run->pull->request->max_bytes;
  gint64 to = cursor;

  /* With very many feeds their names alone are larger: a page that told nothing would be asked for again for ever. */
  if (body->len >= max && run->moved) {
    run->complete = FALSE;
    return TRUE;
  }
  if (!write_chunks (run, scope, &scratch, body->len < max ? max - body->len : 0, &to, error)) {
    return FALSE;
  }
  run->moved = TRUE;
  fyr_pull_writer_begin_scope (&run->writer, scope->name, cursor + 1, to);
  g_string_append_len (body, text->str, (gssize)text->len);
  run->writer.json.comma = text->len > 0;
  fyr_pull_writer_end_scope (&run->writer);
  run->complete = run->complete && to >= scope->head;
  return TRUE;
}

static gboolean
has_news (FyrPullRun *run, GPtrArray *revoked)
{
  for (guint i = 0; i < run->scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (run->scopes, i);
    if (scope->head > fyr_pull_request_get_cursor (run->pull->request, scope->name)) {
      return TRUE;
    }
  }
  return revoked->len > 0;
}

/* Names of granted feeds, and of those asked for that are granted no more. */
static void
sort_out (FyrPullRun *run, GPtrArray *granted, GPtrArray *revoked)
{
  GHashTableIter iter;
  gpointer name;

  g_clear_pointer (&run->pull->granted, g_hash_table_unref);
  run->pull->granted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < run->scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (run->scopes, i);
    g_ptr_array_add (granted, scope->name);
    g_hash_table_add (run->pull->granted, g_strdup (scope->name));
  }
  g_hash_table_iter_init (&iter, run->pull->request->cursors);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (!g_hash_table_contains (run->pull->granted, name)) {
      g_ptr_array_add (revoked, name);
    }
  }
}

/* What the workstation says it has removed; of a feed it asks for it has something. */
static gboolean
check_holding (FyrPullRun *run, GPtrArray *granted, GError **error)
{
  FyrPullRequest *request = run->pull->request;
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();

  for (guint i = 0; i < request->removed->len; i++) {
    if (!g_hash_table_contains (request->cursors, request->removed->pdata[i])) {
      g_ptr_array_add (removed, request->removed->pdata[i]);
    }
  }
  return fyr_holding_check (run->connection, &run->session, granted, removed, &run->pull->note, error);
}

/* Who has nothing and must wait for more than a page or two gets the worklist ahead of its place. */
static gboolean
needs_ahead (FyrPullRun *run)
{
  gint64 entries = 0;

  if (!run->pull->request->first || g_hash_table_size (run->pull->request->cursors) > 0) {
    return FALSE;
  }
  for (guint i = 0; i < run->scopes->len; i++) {
    entries += ((FyrScope *)g_ptr_array_index (run->scopes, i))->head;
  }
  return entries > AHEAD_FROM;
}

static gboolean
write_scopes (FyrPullRun *run, GError **error)
{
  fyr_pull_writer_begin_scopes (&run->writer);
  for (guint i = 0; i < run->scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (run->scopes, i);
    gint64 cursor = fyr_pull_request_get_cursor (run->pull->request, scope->name);

    if (scope->head > cursor && (!fyr_scope_load_settled (scope, run->connection, error) ||
                                 !write_scope (run, scope, cursor, error))) {
      return FALSE;
    }
  }
  fyr_pull_writer_end_scopes (&run->writer);
  return TRUE;
}

/* Of those whose feed is granted: a patient who moved to another centre is not opened any more. */
static GArray *
list_emergency (FyrPullRun *run, GError **error)
{
  g_autoptr (GArray) accesses = g_array_new (FALSE, TRUE, sizeof (FyrWireEmergency));

  for (guint i = 0; run->subject->emergency != NULL && i < run->subject->emergency->len; i++) {
    const FyrEmergencyGrant *grant = &g_array_index (run->subject->emergency, FyrEmergencyGrant, i);
    const FyrPatientPlace *place = fyr_pull_find_place (run, grant->patient_id, error);
    FyrWireEmergency access = { .begin = grant->begin, .until = grant->until };
    FyrResource patient = { .info = &fyr_patient_info, .scope = fyr_patient_info.scope };

    if (place == NULL) {
      return NULL;
    }
    if (!fyr_scopes_has_patient (run->scopes, grant->patient_id)) {
      continue;
    }
    patient.centre_id = place->centre_id;
    patient.patient_id = grant->patient_id;
    patient.gp_id = place->gp_id;
    g_strlcpy (access.id, grant->access_id, sizeof access.id);
    g_strlcpy (access.patient_id, grant->patient_id, sizeof access.patient_id);
    access.alone = fyr_authz_is_alone (run->subject, &patient);
    g_array_append_val (accesses, access);
  }
  return g_steal_pointer (&accesses);
}

static gboolean
write_page (FyrPullRun *run, GError **error)
{
  g_autoptr (GPtrArray) granted = g_ptr_array_new ();
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_scopes_to_heads (run->scopes);
  g_autoptr (GHashTable) classes = fyr_scopes_to_classes (run->scopes, run->subject);
  g_autoptr (GPtrArray) settled = fyr_pull_load_settled (run, error);
  g_autoptr (GArray) emergency = list_emergency (run, error);

  sort_out (run, granted, revoked);
  if (settled == NULL || emergency == NULL || !check_holding (run, granted, error)) {
    return FALSE;
  }
  if (run->pull->may_wait && run->pull->note == NULL && settled->len == 0 && !has_news (run, revoked)) {
    run->pull->waiting = TRUE;
    return TRUE;
  }
  run->complete = TRUE;
  fyr_pull_writer_begin (&run->writer, run->pull->reply->body, fyr_server_db_get_epoch (run->pull->db),
                         g_get_real_time () / 1000, granted, revoked);
  if (needs_ahead (run) && !fyr_pull_write_ahead (run, error)) {
    return FALSE;
  }
  fyr_pull_write_settled (run, settled);
  if (!write_scopes (run, error) || !fyr_pull_write_check (run, error)) {
    return FALSE;
  }
  fyr_pull_writer_emergency (&run->writer, emergency);
  fyr_pull_writer_classes (&run->writer, classes);
  fyr_pull_writer_end (&run->writer, heads, run->complete);
  if (run->pull->compress) {
    fyr_reply_compress (run->pull->reply);
  }
  return TRUE;
}

/* A workstation that is ahead of the server knows another life of it. */
static gboolean
check_epoch (FyrPullRun *run)
{
  const char *epoch = fyr_server_db_get_epoch (run->pull->db);

  if (g_strcmp0 (run->pull->request->epoch, epoch) == 0) {
    return TRUE;
  }
  run->pull->reply->status = 409;
  fyr_wire_problem_write ("epoch", "The server's database began a new life", epoch, 0,
                          run->pull->reply->body);
  return FALSE;
}

static gboolean
check_device (FyrPullRun *run)
{
  if (g_strcmp0 (run->session.device_id, run->pull->request->device) == 0) {
    return TRUE;
  }
  fyr_reply_fail (run->pull->reply, 403, "forbidden", "The session belongs to another workstation");
  return FALSE;
}

static gboolean
check_cursors (FyrPullRun *run)
{
  for (guint i = 0; i < run->scopes->len; i++) {
    FyrScope *scope = g_ptr_array_index (run->scopes, i);
    if (fyr_pull_request_get_cursor (run->pull->request, scope->name) > scope->head) {
      fyr_reply_fail (run->pull->reply, 400, "malformed", "A cursor is beyond its feed");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
run_pull (FyrPullRun *run, GError **error)
{
  gint64 now = g_get_real_time () / 1000;
  int found = fyr_session_find_leaving (run->connection, run->pull->token, now, &run->session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (run->pull->reply);
  }
  if (found <= 0) {
    return found == 0;
  }
  if (!check_device (run) || !check_epoch (run)) {
    return TRUE;
  }
  run->subject = fyr_subject_load (run->connection, run->session.user_id, now, error);
  if (run->subject != NULL && !run->pull->request->emergency) {
    fyr_subject_forget_emergency (run->subject);
  }
  if (run->subject != NULL && run->session.shut_out) {
    fyr_subject_forget_roles (run->subject);
  }
  run->scopes = run->subject != NULL && fyr_subject_narrow (run->subject, run->connection, error)
                    ? fyr_scopes_load (run->connection, run->subject, error)
                    : NULL;
  if (run->scopes == NULL) {
    return FALSE;
  }
  if (!fyr_witness_key_load (&run->key, run->connection, error)) {
    return FALSE;
  }
  return check_cursors (run) ? write_page (run, error) : TRUE;
}

gboolean
fyr_pull_run (FyrConnection *connection, FyrPull *pull, GError **error)
{
  FyrPullRun run = {
    .connection = connection,
    .pull = pull,
    .places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };
  gboolean done;

  pull->waiting = FALSE;
  g_clear_pointer (&pull->note, fyr_holding_note_free);
  g_string_truncate (pull->reply->body, 0);
  done = run_pull (&run, error);
  g_hash_table_unref (run.places);
  g_clear_pointer (&run.subject, fyr_subject_free);
  g_clear_pointer (&run.scopes, g_ptr_array_unref);
  return done;
}
