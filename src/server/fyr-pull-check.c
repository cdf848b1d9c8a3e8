/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-pull-private.h"

#include "fyr-access-table.h"
#include "fyr-record-table.h"

#define FIRST_ID "00000000-0000-0000-0000-000000000000"
#define LAST_ID "ffffffff-ffff-ffff-ffff-ffffffffffff"

static gboolean
is_granted (FyrPullRun *run, const FyrResource *resource)
{
  char name[100];

  if (resource->info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    g_snprintf (name, sizeof name, "global/%s", fyr_scope_class_to_string (resource->scope));
  } else {
    g_snprintf (name, sizeof name, "%s/%s", resource->centre_id != NULL ? resource->centre_id : "",
                fyr_scope_class_to_string (resource->scope));
  }
  if (g_hash_table_contains (run->pull->granted, name)) {
    return TRUE;
  }
  g_snprintf (name, sizeof name, "patient:%s", resource->patient_id != NULL ? resource->patient_id : "");
  return g_hash_table_contains (run->pull->granted, name);
}

gboolean
fyr_pull_read_mask (FyrPullRun *run, FyrRecord *record, guint *mask, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  const FyrPatientPlace *place = NULL;
  FyrRecordResource resource;

  *mask = 0;
  if (info->scope_by == FYR_SCOPE_BY_PATIENT) {
    place = fyr_pull_find_place (run, fyr_record_get_string (record, (guint)info->patient_field), error);
    if (place == NULL) {
      return FALSE;
    }
  }
  fyr_record_resource_init (&resource, record, place);
  if (is_granted (run, &resource.resource)) {
    *mask = fyr_authz_read_mask (run->subject, &resource.resource, FYR_PURPOSE_WORK);
  }
  return TRUE;
}

typedef struct {
  FyrPullRun *run;
  FyrWireCheckReply *reply;
  FyrRecordDigest digest;
} Check;

static gboolean
add_row (Check *check, FyrRecord *record, GError **error)
{
  FyrWireRowHash row;
  guint mask;

  if (!fyr_pull_read_mask (check->run, record, &mask, error)) {
    return FALSE;
  }
  if (mask == 0) {
    return TRUE;
  }
  g_strlcpy (row.id, fyr_record_get_id (record), sizeof row.id);
  fyr_record_hash (record, mask, row.hash);
  if (check->reply->listed) {
    g_array_append_val (check->reply->rows, row);
  } else {
    fyr_record_digest_add (&check->digest, row.hash);
  }
  return TRUE;
}

/* Goes over at most @limit rows; @last: (out): the last of them, "" when the kind ends before. */
static gboolean
scan (Check *check, const FyrRecordInfo *info, const char *until, guint limit, char last[37], GError **error)
{
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      check->run->connection, info, "WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3", error);
  const char *after = check->reply->after;
  guint n = 0;
  FyrStep step;

  last[0] = '\0';
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, *after != '\0' ? after : FIRST_ID);
  fyr_statement_bind_id (select, 2, *until != '\0' ? until : LAST_ID);
  fyr_statement_bind_int (select, 3, limit);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) record = fyr_record_table_read (select, info, 0);

    if (!add_row (check, record, error)) {
      return FALSE;
    }
    if (++n == limit) {
      g_strlcpy (last, fyr_record_get_id (record), 37);
    }
  }
  return step == FYR_STEP_DONE;
}

/* A role that never gets the kind has none of it: nothing is gone over for that. */
static gboolean
ever_reads (FyrPullRun *run, const FyrRecordInfo *info)
{
  for (guint i = 0; i < run->subject->roles->len; i++) {
    if (fyr_role_may_read (g_array_index (run->subject->roles, FyrSubjectRole, i).role, info)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
write_digest (Check *check, const FyrRecordInfo *info, GError **error)
{
  gboolean done;

  fyr_record_digest_init (&check->digest);
  check->reply->until[0] = '\0';
  done = !ever_reads (check->run, info) ||
         scan (check, info, "", FYR_CHECK_MAX_ROWS, check->reply->until, error);
  if (done) {
    check->reply->count = check->digest.count;
    check->reply->hash = g_strdup (fyr_record_digest_get (&check->digest));
    fyr_pull_writer_check (&check->run->writer, check->reply, NULL);
  }
  fyr_record_digest_clear (&check->digest);
  return done;
}

static gboolean
write_list (Check *check, const FyrRecordInfo *info, GError **error)
{
  char last[37];

  if (!scan (check, info, check->reply->until, FYR_CHECK_MAX_LISTED, last, error)) {
    return FALSE;
  }
  if (*last != '\0') {
    g_strlcpy (check->reply->until, last, sizeof check->reply->until);
  }
  fyr_pull_writer_check (&check->run->writer, check->reply, NULL);
  return TRUE;
}

static gboolean
write_records (Check *check, const FyrRecordInfo *info, GError **error)
{
  g_autoptr (GArray) masks = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < check->reply->ids->len; i++) {
    g_autoptr (GError) failure = NULL;
    g_autoptr (FyrRecord) record =
        fyr_record_table_get (check->run->connection, info, check->reply->ids->pdata[i], &failure);
    guint mask = 0;

    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (record != NULL && !fyr_pull_read_mask (check->run, record, &mask, error)) {
      return FALSE;
    }
    if (mask != 0) {
      g_ptr_array_add (check->reply->records, g_steal_pointer (&record));
      g_array_append_val (masks, mask);
    }
  }
  fyr_pull_writer_check (&check->run->writer, check->reply, masks);
  return TRUE;
}

gboolean
fyr_pull_write_check (FyrPullRun *run, GError **error)
{
  FyrWireCheck *asked = run->pull->request->check;
  const FyrRecordInfo *info = asked != NULL ? fyr_record_info_lookup (asked->kind) : NULL;
  g_autoptr (FyrWireCheckReply) reply = NULL;
  Check check = { .run = run };

  /* Only who has everything can compare; a kind of a newer program is nothing this one can tell of. */
  if (info == NULL || !run->complete) {
    return TRUE;
  }
  reply = fyr_wire_check_reply_new (asked);
  check.reply = reply;
  if (reply->ids->len > 0) {
    return write_records (&check, info, error);
  }
  return asked->list ? write_list (&check, info, error) : write_digest (&check, info, error);
}
