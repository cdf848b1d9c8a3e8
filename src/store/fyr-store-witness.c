/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-witness.h"

#include <string.h>

#include "fyr-record-digest.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"
#include "fyr-store-sync.h"

#define KEEP_MS (G_GINT64_CONSTANT (45) * 24 * 3600 * 1000)
#define EXPIRE_EVERY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define MAX_OFFERS 200
#define MAX_OFFER_BYTES (512 * 1024)
/* What is waited with is offered again after so long. */
#define LATER_MS (10 * 60 * 1000)

/* `offer.after` of what the server has been given: this and when that was. It is kept until the server's own word of it
 * is here, for a server that is restored once more before that has nothing of it. */
#define GIVEN (G_GINT64_CONSTANT (1) << 60)

static FyrRecord *
still_lost (FyrStoreContext *context, const char *kind, const char *id, const char *text);

static gboolean
drop_offer (FyrStoreContext *context, const char *kind, const char *id, GError **error);

/* The server's word of a row is here: what was given of it need not be given again. */
static gboolean
note_arrived (FyrStoreContext *context, const char *kind, const char *id, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (FyrRecord) lost = NULL;
  FyrStep step;

  if (fyr_store_is_empty (context, &context->offer, "SELECT 1 FROM offer LIMIT 1")) {
    return TRUE;
  }
  select = fyr_store_query (context, error,
                            "SELECT record, deleted FROM offer WHERE kind = ?1 AND id = ?2 AND after >= ?3",
                            FYR_TEXT (kind), FYR_ID (id), FYR_INT (GIVEN));
  step = select != NULL ? fyr_statement_step (select, error) : FYR_STEP_ERROR;
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE;
  }
  if (fyr_statement_get_int (select, 1) == 0) {
    lost = still_lost (context, kind, id, fyr_statement_get_text (select, 0));
  }
  g_clear_pointer (&select, fyr_statement_free);
  return lost != NULL || drop_offer (context, kind, id, error);
}

gboolean
fyr_witness_note (FyrStoreContext *context, FyrRecord *record, const char *tag, gint64 time, GError **error)
{
  if (tag == NULL) {
    return TRUE;
  }
  context->witness = FYR_STORE_SOME;
  return note_arrived (context, fyr_record_get_info (record)->kind, fyr_record_get_id (record), error) &&
         fyr_store_execute (context, error,
                            "INSERT INTO witness VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, id)"
                            " DO UPDATE SET tag = excluded.tag, time = excluded.time",
                            FYR_TEXT (fyr_record_get_info (record)->kind),
                            FYR_ID (fyr_record_get_id (record)), FYR_TEXT (tag), FYR_INT (time));
}

gboolean
fyr_witness_note_deletion (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           gint64 version,
                           const char *tag,
                           GError **error)
{
  return tag == NULL ||
         (note_arrived (context, info->kind, id, error) &&
          fyr_store_execute (
              context, error,
              "INSERT INTO deletion VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (kind, id)"
              " DO UPDATE SET version = excluded.version, tag = excluded.tag, time = excluded.time",
              FYR_TEXT (info->kind), FYR_ID (id), FYR_INT (version), FYR_TEXT (tag),
              FYR_INT (context->now + context->clock_offset)));
}

gboolean
fyr_witness_forget (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  return fyr_store_is_empty (context, &context->witness, "SELECT 1 FROM witness LIMIT 1") ||
         fyr_store_execute (context, error, "DELETE FROM witness WHERE kind = ?1 AND id = ?2",
                            FYR_TEXT (info->kind), FYR_ID (id));
}

gboolean
fyr_witness_forget_kind (FyrStoreContext *context,
                         const FyrRecordInfo *info,
                         const char *patient_id,
                         GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "DELETE FROM witness WHERE kind = '%s' AND id NOT IN (SELECT id FROM \"%s\")", info->kind, info->kind);

  /* Whose a deleted row was cannot be told any more; other machines hold its deletion too. */
  return fyr_connection_exec (context->connection, sql, error) &&
         fyr_store_execute (context, error, "DELETE FROM deletion WHERE kind = ?1", FYR_TEXT (info->kind)) &&
         fyr_store_execute (context, error, "DELETE FROM offer WHERE kind = ?1 AND deleted > 0",
                            FYR_TEXT (info->kind)) &&
         fyr_store_execute (context, error,
                            "DELETE FROM offer WHERE kind = ?1 AND (?2 IS NULL OR patient_id = ?2)",
                            FYR_TEXT (info->kind), FYR_ID (patient_id));
}

gboolean
fyr_witness_expire (FyrStoreContext *context, GError **error)
{
  gint64 now = context->now + context->clock_offset;
  gint64 last = fyr_meta_get_int (context->connection, "witness_expired");

  /* Every row of it is read. A clock that was ahead has not put it off for good. */
  if (last <= now && now - last < EXPIRE_EVERY_MS) {
    return TRUE;
  }
  return fyr_store_execute (context, error, "DELETE FROM witness WHERE time < ?1", FYR_INT (now - KEEP_MS)) &&
         fyr_store_execute (context, error, "DELETE FROM deletion WHERE time < ?1",
                            FYR_INT (now - KEEP_MS)) &&
         fyr_store_execute (context, error, "DELETE FROM offer WHERE after BETWEEN ?1 AND ?2",
                            FYR_INT (GIVEN), FYR_INT (GIVEN + context->now - KEEP_MS)) &&
         fyr_meta_set_int (context->connection, "witness_expired", now, error);
}

/* A new version undoes nothing that came before it, so what was done comes before what it was done to. */
static int
rank_of (const FyrRecordInfo *info)
{
  if (info == &fyr_alert_info) {
    return 3;
  }
  return info == &fyr_patient_info ? 1 : info->patient_field < 0 ? 0 : 2;
}

static gboolean
put_offer (FyrStoreContext *context, FyrRecord *record, const char *tag, const char *epoch, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autoptr (GString) text = g_string_new (NULL);

  fyr_record_append_canonical (record, G_MAXUINT, text);
  return fyr_store_execute (context, error,
                            "INSERT INTO offer (kind, id, patient_id, rank, after, tag, record, epoch) VALUES"
                            " (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7) ON CONFLICT (kind, id) DO UPDATE SET"
                            " tag = excluded.tag, record = excluded.record, epoch = excluded.epoch",
                            FYR_TEXT (info->kind), FYR_ID (fyr_record_get_id (record)),
                            FYR_ID (fyr_rows_get_patient_id (record)), FYR_INT (rank_of (info)),
                            FYR_TEXT (tag), FYR_TEXT (text->str), FYR_TEXT (epoch));
}

/* (nullable) (transfer full): what the server last said of a row. */
static FyrRecord *
load_word (FyrStoreContext *context, const FyrRecordInfo *info, const char *id)
{
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, NULL, "SELECT record FROM base WHERE kind = ?1 AND id = ?2",
                       FYR_TEXT (info->kind), FYR_ID (id));
  g_autoptr (JsonNode) node = NULL;

  if (select == NULL || fyr_statement_step (select, NULL) != FYR_STEP_ROW) {
    return fyr_record_table_get (context->connection, info, id, NULL);
  }
  node =
      fyr_statement_is_null (select, 0) ? NULL : json_from_string (fyr_statement_get_text (select, 0), NULL);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? fyr_record_from_json (info, json_node_get_object (node), NULL)
             : NULL;
}

static gboolean
set_kind_aside (FyrStoreContext *context, const FyrRecordInfo *info, const char *epoch, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_store_query (context, error, "SELECT id, tag FROM witness WHERE kind = ?1", FYR_TEXT (info->kind));
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrRecord) record = load_word (context, info, fyr_statement_get_id (select, 0));

    if (record != NULL && !put_offer (context, record, fyr_statement_get_text (select, 1), epoch, error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

/* After everything else, so that a server of an older schema, to which none is offered, is not kept from the rest. */
static gboolean
set_deletions_aside (FyrStoreContext *context, const char *epoch, GError **error)
{
  return fyr_store_execute (context, error,
                            "INSERT INTO offer (kind, id, rank, after, tag, record, deleted, epoch)"
                            " SELECT kind, id, 4, 0, tag, '', version, ?1 FROM deletion WHERE true"
                            " ON CONFLICT (kind, id) DO UPDATE SET rank = excluded.rank, tag = excluded.tag,"
                            " record = excluded.record, deleted = excluded.deleted, epoch = excluded.epoch",
                            FYR_TEXT (epoch)) &&
         fyr_connection_exec (context->connection, "DELETE FROM deletion", error);
}

gboolean
fyr_witness_set_aside (FyrStoreContext *context, const char *epoch, GError **error)
{
  if (!fyr_store_execute (context, error, "UPDATE offer SET after = 0 WHERE after >= ?1", FYR_INT (GIVEN))) {
    return FALSE;
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (!set_kind_aside (context, fyr_record_infos[i], epoch, error)) {
      return FALSE;
    }
  }
  return set_deletions_aside (context, epoch, error) &&
         fyr_connection_exec (context->connection, "DELETE FROM witness", error);
}

static void
offer_free (gpointer data)
{
  FyrStoreOffer *offer = data;

  g_clear_object (&offer->record);
  g_free (offer->kind);
  g_free (offer->id);
  g_free (offer->tag);
  g_free (offer->epoch);
  g_free (offer);
}

static gboolean
drop_offer (FyrStoreContext *context, const char *kind, const char *id, GError **error)
{
  return fyr_store_execute (context, error, "DELETE FROM offer WHERE kind = ?1 AND id = ?2", FYR_TEXT (kind),
                            FYR_ID (id));
}

/* (nullable) (transfer full): the offered record, unless the server has it again as new. */
static FyrRecord *
still_lost (FyrStoreContext *context, const char *kind, const char *id, const char *text)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (kind);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (FyrRecord) record = NULL;
  g_autoptr (FyrRecord) word = NULL;

  if (info == NULL || node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    return NULL;
  }
  record = fyr_record_from_json (info, json_node_get_object (node), NULL);
  word = load_word (context, info, id);
  if (record == NULL || (word != NULL && fyr_record_get_version (word) >= fyr_record_get_version (record))) {
    return NULL;
  }
  return g_steal_pointer (&record);
}

/* (nullable) (transfer full): what the present row says is lost. A deletion always may be: what it deleted may yet be
 * sent again by who made it. */
static FyrStoreOffer *
read_offer (FyrStoreContext *context, FyrStatement *select)
{
  FyrStoreOffer *offer = g_new0 (FyrStoreOffer, 1);

  offer->kind = g_strdup (fyr_statement_get_text (select, 0));
  offer->id = g_strdup (fyr_statement_get_id (select, 1));
  offer->tag = g_strdup (fyr_statement_get_text (select, 2));
  offer->deleted = fyr_statement_get_int (select, 4);
  offer->epoch = g_strdup (fyr_statement_get_text (select, 5));
  if (offer->deleted == 0) {
    offer->record = still_lost (context, offer->kind, offer->id, fyr_statement_get_text (select, 3));
  }
  return offer;
}

static gboolean
collect_offers (
    FyrStoreContext *context, FyrStatement *select, GPtrArray *offers, GPtrArray *had, GError **error)
{
  gsize bytes = 0;
  FyrStep step = FYR_STEP_DONE;

  while (offers->len < MAX_OFFERS && bytes < MAX_OFFER_BYTES &&
         (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gsize length = strlen (fyr_statement_get_text (select, 3));
    FyrStoreOffer *offer = read_offer (context, select);

    if (offer->record == NULL && offer->deleted == 0) {
      g_ptr_array_add (had, offer);
    } else {
      bytes += length;
      g_ptr_array_add (offers, offer);
    }
  }
  return step != FYR_STEP_ERROR;
}

static gpointer
next_offers_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) offers = g_ptr_array_new_with_free_func (offer_free);
  g_autoptr (GPtrArray) had = g_ptr_array_new_with_free_func (offer_free);
  g_autoptr (FyrStatement) select = fyr_store_query (
      context, error,
      "SELECT kind, id, tag, record, deleted, epoch FROM offer WHERE after <= ?1 ORDER BY rank, id",
      FYR_INT (context->now));

  if (select == NULL || !collect_offers (context, select, offers, had, error)) {
    return NULL;
  }
  g_clear_pointer (&select, fyr_statement_free);
  for (guint i = 0; i < had->len; i++) {
    FyrStoreOffer *offer = had->pdata[i];

    if (!drop_offer (context, offer->kind, offer->id, error)) {
      return NULL;
    }
  }
  return g_steal_pointer (&offers);
}

void
fyr_store_next_offers_async (FyrStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  const FyrStoreJob job = {
    .mode = FYR_STORE_SYNC,
    .func = next_offers_job,
    .result_free = (GDestroyNotify)g_ptr_array_unref,
    .tag = fyr_store_next_offers_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

GPtrArray *
fyr_store_next_offers_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_next_offers_async, result, error);
}

typedef struct {
  GPtrArray *offers;
  GArray *later; /* of gboolean */
} Settlement;

static void
settlement_free (gpointer data)
{
  Settlement *settlement = data;

  g_ptr_array_unref (settlement->offers);
  g_array_unref (settlement->later);
  g_free (settlement);
}

static gpointer
settle_job (FyrStoreContext *context, gpointer data, GError **error)
{
  Settlement *settlement = data;

  for (guint i = 0; i < settlement->offers->len; i++) {
    FyrStoreOffer *offer = settlement->offers->pdata[i];
    gboolean later = g_array_index (settlement->later, gboolean, i);

    if (!fyr_store_execute (context, error, "UPDATE offer SET after = ?3 WHERE kind = ?1 AND id = ?2",
                            FYR_TEXT (offer->kind), FYR_ID (offer->id),
                            FYR_INT (context->now + (later ? LATER_MS : GIVEN))) ||
        (!later && !note_arrived (context, offer->kind, offer->id, error))) {
      return NULL;
    }
  }
  return FYR_STORE_DONE;
}

void
fyr_store_settle_offers_async (FyrStore *self,
                               GPtrArray *offers,
                               const gboolean *later,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Settlement *settlement = g_new0 (Settlement, 1);
  const FyrStoreJob job = {
    FYR_STORE_SYNC, settle_job, settlement, settlement_free, NULL, fyr_store_settle_offers_async,
  };

  settlement->offers = g_ptr_array_ref (offers);
  settlement->later = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (gboolean)), later, offers->len);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_settle_offers_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_settle_offers_async, result, error) != NULL;
}
