/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-check.h"

#include <string.h>

#include "fyr-record-digest.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"
#include "fyr-store-sync.h"

#define FIRST_ID "00000000-0000-0000-0000-000000000000"
#define LAST_ID "ffffffff-ffff-ffff-ffff-ffffffffffff"
#define MAX_IDS 200
/* A stretch that differs again after so many repairs is left for the next round. */
#define MAX_TRIES 3

/* What is asked next about the stretch; kept in the database, so a restart goes on. */
typedef enum {
  STAGE_DIGEST,
  STAGE_LIST,
  STAGE_AGAIN, /* the list once more: what was only on its way has come by then */
  STAGE_FETCH,
} Stage;

typedef struct {
  const FyrRecordInfo *info;
  char after[37];
  char until[37];
  Stage stage;
  gint64 tries;
  GPtrArray *ids;
} Progress;

void
fyr_store_check_free (FyrStoreCheck *self)
{
  if (self == NULL) {
    return;
  }
  g_free (self->kind);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

static void
progress_clear (Progress *self)
{
  g_clear_pointer (&self->ids, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Progress, progress_clear)

static void
load_id (FyrStoreContext *context, const char *name, char id[37])
{
  g_autofree char *text = fyr_meta_get (context->connection, name, NULL);

  g_strlcpy (id, text != NULL ? text : "", 37);
}

static void
load_progress (FyrStoreContext *context, Progress *self)
{
  g_autofree char *kind = fyr_meta_get (context->connection, "check_kind", NULL);
  g_autofree char *ids = fyr_meta_get (context->connection, "check_ids", NULL);
  g_auto (GStrv) parts = g_strsplit (ids != NULL ? ids : "", " ", -1);

  self->info = fyr_record_info_lookup (kind);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  if (self->info == NULL) {
    self->info = fyr_record_infos[0];
    return;
  }
  load_id (context, "check_after", self->after);
  load_id (context, "check_until", self->until);
  self->stage = (Stage)fyr_meta_get_int (context->connection, "check_stage");
  self->tries = fyr_meta_get_int (context->connection, "check_tries");
  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] != '\0') {
      g_ptr_array_add (self->ids, g_strdup (parts[i]));
    }
  }
}

static gboolean
save_progress (FyrStoreContext *context, const Progress *self, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < self->ids->len; i++) {
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", (char *)self->ids->pdata[i]);
  }
  return fyr_meta_set (context->connection, "check_kind", self->info->kind, error) &&
         fyr_meta_set (context->connection, "check_after", self->after, error) &&
         fyr_meta_set (context->connection, "check_until", self->until, error) &&
         fyr_meta_set_int (context->connection, "check_stage", self->stage, error) &&
         fyr_meta_set_int (context->connection, "check_tries", self->tries, error) &&
         fyr_meta_set (context->connection, "check_ids", ids->str, error);
}

static const FyrRecordInfo *
next_kind (const FyrRecordInfo *info)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (fyr_record_infos[i] == info) {
      return fyr_record_infos[(i + 1) % fyr_n_record_infos];
    }
  }
  return fyr_record_infos[0];
}

static void
begin_stage (Progress *self, Stage stage)
{
  self->stage = stage;
  if (stage == STAGE_DIGEST) {
    self->until[0] = '\0';
    g_ptr_array_set_size (self->ids, 0);
  }
}

/* On to what follows @until; at a kind's end to the next kind. */
static void
advance (Progress *self, const char *until)
{
  if (*until != '\0') {
    g_strlcpy (self->after, until, sizeof self->after);
  } else {
    self->after[0] = '\0';
    self->info = next_kind (self->info);
  }
  self->tries = 0;
  begin_stage (self, STAGE_DIGEST);
}

/* Ids are texts, so a map keeps them; hashes are sorted by id when a digest is wanted. */
static void
note_row (GHashTable *rows, FyrRecord *record)
{
  char hash[FYR_ROW_HASH_SIZE];

  fyr_record_hash (record, G_MAXUINT, hash);
  g_hash_table_replace (rows, g_strdup (fyr_record_get_id (record)), g_strdup (hash));
}

static gboolean
is_within (const char *id, const char *after, const char *until)
{
  return strcmp (id, after) > 0 && (*until == '\0' || strcmp (id, until) <= 0);
}

/* What own work covers counts as what the server last said of it. */
static gboolean
look_below_own_work (FyrStoreContext *context,
                     const FyrRecordInfo *info,
                     const char *after,
                     const char *until,
                     GHashTable *rows,
                     GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error, "SELECT id, record FROM base WHERE kind = ?1", FYR_TEXT (info->kind));
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autofree char *id = g_strdup (fyr_statement_get_id (select, 0));
    g_autoptr (JsonNode) node = NULL;
    g_autoptr (FyrRecord) record = NULL;

    if (!is_within (id, after, until)) {
      continue;
    }
    g_hash_table_remove (rows, id);
    node = fyr_statement_is_null (select, 1) ? NULL
                                             : json_from_string (fyr_statement_get_text (select, 1), NULL);
    if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
      record = fyr_record_from_json (info, json_node_get_object (node), NULL);
    }
    if (record != NULL) {
      note_row (rows, record);
    }
  }
  return step == FYR_STEP_DONE;
}

/* (transfer full) (nullable): id → hash of the server's rows as they are kept here; NULL with error. */
static GHashTable *
hash_rows (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *after, const char *until, GError **error)
{
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (FyrStatement) select =
      fyr_record_table_select (context->connection, info, "WHERE id > ?1 AND id <= ?2", error);
  FyrStep step;

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (select, 1, *after != '\0' ? after : FIRST_ID);
  fyr_statement_bind_id (select, 2, *until != '\0' ? until : LAST_ID);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) record = fyr_record_table_read (select, info, 0);

    note_row (rows, record);
  }
  return step == FYR_STEP_DONE && look_below_own_work (context, info, after, until, rows, error)
             ? g_steal_pointer (&rows)
             : NULL;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static gboolean
is_same_digest (GHashTable *rows, const FyrPageCheck *check)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (rows), compare_texts);
  g_auto (FyrRecordDigest) digest;

  fyr_record_digest_init (&digest);
  for (GList *l = ids; l != NULL; l = l->next) {
    fyr_record_digest_add (&digest, g_hash_table_lookup (rows, l->data));
  }
  return digest.count == check->count && g_strcmp0 (fyr_record_digest_get (&digest), check->hash) == 0;
}

static void
add_differing (GHashTable *rows, GHashTable *others, GHashTable *wrong)
{
  GHashTableIter iter;
  gpointer id, hash;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &id, &hash)) {
    if (g_strcmp0 (hash, g_hash_table_lookup (others, id)) != 0) {
      g_hash_table_add (wrong, id);
    }
  }
}

/* Missing here, missing there, or other than there; borrowed from both. */
static GHashTable *
find_wrong (GHashTable *here, GHashTable *there)
{
  GHashTable *wrong = g_hash_table_new (g_str_hash, g_str_equal);

  add_differing (here, there, wrong);
  add_differing (there, here, wrong);
  return wrong;
}

static void
keep_suspects (Progress *self, GHashTable *wrong)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, wrong);
  while (g_hash_table_iter_next (&iter, &id, NULL) && kept->len < MAX_IDS) {
    if (self->stage == STAGE_LIST || g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, NULL)) {
      g_ptr_array_add (kept, g_strdup (id));
    }
  }
  g_ptr_array_unref (self->ids);
  self->ids = g_steal_pointer (&kept);
}

static void
compare_list (Progress *self, GHashTable *here, const FyrPageCheck *check)
{
  g_autoptr (GHashTable) wrong = find_wrong (here, check->rows);

  keep_suspects (self, wrong);
  if (self->ids->len == 0) {
    advance (self, check->until);
  } else {
    begin_stage (self, self->stage == STAGE_LIST ? STAGE_AGAIN : STAGE_FETCH);
  }
}

static FyrRecord *
find_record (const FyrPageCheck *check, const char *id)
{
  for (guint i = 0; i < check->records->len; i++) {
    if (g_str_equal (fyr_record_get_id (check->records->pdata[i]), id)) {
      return check->records->pdata[i];
    }
  }
  return NULL;
}

/* Away first, with what is kept beside it, as a damaged row may stand in another's place there. */
static gboolean
replace_row (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, FyrRecord *record, GError **error)
{
  return fyr_overlay_server_forget (context, info, id, error) &&
         (record == NULL || fyr_overlay_server_put (context, record, error));
}

static gboolean
repair (FyrStoreContext *context, Progress *self, const FyrPageCheck *check, GError **error)
{
  gint64 repaired = fyr_meta_get_int (context->connection, "check_repaired");

  for (guint i = 0; i < check->ids->len; i++) {
    const char *id = check->ids->pdata[i];

    if (!replace_row (context, self->info, id, find_record (check, id), error)) {
      return FALSE;
    }
  }
  g_message ("%u rows of kind %s differed from the server's and were fetched again", check->ids->len,
             self->info->kind);
  if (++self->tries >= MAX_TRIES) {
    advance (self, self->until);
  } else {
    begin_stage (self, STAGE_DIGEST);
  }
  return fyr_meta_set_int (context->connection, "check_repaired", repaired + check->ids->len, error);
}

/* Whether the answer is to what is asked now; a late one tells nothing. */
static gboolean
answers (const Progress *self, const FyrPageCheck *check)
{
  if (g_strcmp0 (check->kind, self->info->kind) != 0) {
    return FALSE;
  }
  switch (self->stage) {
  case STAGE_FETCH:
    return check->ids != NULL && check->records != NULL;
  case STAGE_LIST:
  case STAGE_AGAIN:
    return check->rows != NULL && g_str_equal (check->after, self->after);
  case STAGE_DIGEST:
  default:
    return check->hash != NULL && g_str_equal (check->after, self->after);
  }
}

gboolean
fyr_check_apply (FyrStoreContext *context, const FyrPageCheck *check, GError **error)
{
  g_auto (Progress) progress = { 0 };
  g_autoptr (GHashTable) here = NULL;

  load_progress (context, &progress);
  if (!answers (&progress, check)) {
    return TRUE;
  }
  if (progress.stage == STAGE_FETCH) {
    return repair (context, &progress, check, error) && save_progress (context, &progress, error);
  }
  here = hash_rows (context, progress.info, check->after, check->until, error);
  if (here == NULL) {
    return FALSE;
  }
  if (progress.stage != STAGE_DIGEST) {
    compare_list (&progress, here, check);
  } else if (is_same_digest (here, check)) {
    advance (&progress, check->until);
  } else {
    begin_stage (&progress, STAGE_LIST);
    g_strlcpy (progress.until, check->until, sizeof progress.until);
  }
  return save_progress (context, &progress, error);
}

static gpointer
next_check_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrStoreCheck *check = g_new0 (FyrStoreCheck, 1);
  g_auto (Progress) progress = { 0 };

  load_progress (context, &progress);
  check->kind = g_strdup (progress.info->kind);
  g_strlcpy (check->after, progress.after, sizeof check->after);
  g_strlcpy (check->until, progress.until, sizeof check->until);
  check->list = progress.stage == STAGE_LIST || progress.stage == STAGE_AGAIN;
  check->urgent = progress.stage != STAGE_DIGEST || progress.tries > 0;
  check->ids = progress.stage == STAGE_FETCH ? g_steal_pointer (&progress.ids)
                                             : g_ptr_array_new_with_free_func (g_free);
  return check;
}

void
fyr_store_next_check_async (FyrStore *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_QUERY,
    .func = next_check_job,
    .result_free = (GDestroyNotify)fyr_store_check_free,
    .tag = fyr_store_next_check_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrStoreCheck *
fyr_store_next_check_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_next_check_async, result, error);
}
