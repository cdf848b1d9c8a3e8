/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-seam.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "fyr-store-emergency.h"

#define FIRST_PAGE_BYTES (4 * 1024 * 1024)

static void
append_string (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, "\"%s\":", name);
  if (value == NULL) {
    g_string_append (text, "null");
  } else {
    g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
    g_autofree char *quoted = json_to_string (node, FALSE);

    g_string_append (text, quoted);
  }
  g_string_append_c (text, ',');
}

/* Of what is sent again after a restore: what the server had said of it. */
static void
append_receipts (GString *text, GPtrArray *entries)
{
  gboolean any = FALSE;

  for (guint i = 0; i < entries->len; i++) {
    FyrOutboxEntry *entry = g_ptr_array_index (entries, i);

    if (fyr_outbox_entry_get_receipt (entry) == NULL) {
      continue;
    }
    g_string_append (text, any ? ",{" : ",\"receipts\":[{");
    append_string (text, "receipt", fyr_outbox_entry_get_receipt (entry));
    g_string_append_printf (text, "\"number\":%" G_GINT64_FORMAT "}", fyr_outbox_entry_get_number (entry));
    any = TRUE;
  }
  if (any) {
    g_string_append_c (text, ']');
  }
}

/* @author: (nullable): when it is another's work. @n: so many of the entries */
static GBytes *
write_push (FyrPushBatch *batch, const char *author, guint n, const char *epoch, int schema)
{
  GString *text = g_string_new ("{");

  if (author != NULL) {
    append_string (text, "author", author);
  }
  append_string (text, "epoch", epoch);
  append_string (text, "device", batch->device);
  append_string (text, "incarnation", batch->incarnation);
  append_string (text, "previous_hash", batch->previous_hash);
  g_string_append_printf (text, "\"schema\":%d,\"schema_min\":%d,\"schema_max\":%d,", schema,
                          FYR_WIRE_SCHEMA_MIN, FYR_WIRE_SCHEMA);
  g_string_append_printf (text, "\"first\":%" G_GINT64_FORMAT ",\"mutations\":[", batch->first);
  for (guint i = 0; i < n; i++) {
    FyrOutboxEntry *entry = g_ptr_array_index (batch->entries, i);

    g_string_append (text, i > 0 ? ",{" : "{");
    append_string (text, "hash", fyr_outbox_entry_get_hash (entry));
    g_string_append (text, fyr_outbox_entry_get_payload (entry) + 1);
  }
  g_string_append_c (text, ']');
  if (schema >= FYR_WIRE_SCHEMA_RETURNS && author == NULL) {
    append_receipts (text, batch->entries);
  }
  g_string_append_c (text, '}');
  return g_string_free_to_bytes (text);
}

GBytes *
fyr_sync_write_push (FyrPushBatch *batch, const char *epoch, int schema)
{
  return write_push (batch, NULL, batch->entries->len, epoch, schema);
}

GBytes *
fyr_sync_write_hand_over (FyrHandOver *hand_over, gboolean asks, const char *epoch, int schema)
{
  return write_push (hand_over->batch, hand_over->author_id, asks ? 0 : hand_over->batch->entries->len, epoch,
                     schema);
}

FyrPullRequest *
fyr_sync_make_pull (const char *device, const char *epoch, GHashTable *cursors, int wait, gint64 max_bytes)
{
  FyrPullRequest *request = fyr_pull_request_new ();
  GHashTableIter iter;
  gpointer scope, seq;

  g_free (request->epoch);
  request->epoch = g_strdup (epoch);
  g_free (request->device);
  request->device = g_strdup (device);
  request->max_bytes = max_bytes;
  request->wait = wait;
  request->first = g_hash_table_size (cursors) == 0;
  g_hash_table_iter_init (&iter, cursors);
  while (g_hash_table_iter_next (&iter, &scope, &seq)) {
    fyr_pull_request_set_cursor (request, scope, *(gint64 *)seq);
  }
  return request;
}

static void
add_entry (FyrPullPage *page, FyrPullEntry *entry)
{
  gboolean known = fyr_record_info_lookup (entry->kind) != NULL;

  if (entry->op == FYR_PULL_OP_SKIP) {
    fyr_pull_page_add_skip (page, entry->seq);
  } else if (!known) {
    fyr_pull_page_add_parked (page, entry->seq, entry->kind, entry->id, entry->parked);
  } else if (entry->op == FYR_PULL_OP_DELETE) {
    fyr_pull_page_add_signed_delete (page, entry->seq, entry->kind, entry->id, entry->version, entry->tag);
  } else {
    fyr_pull_page_add_signed_put (page, entry->seq, entry->record, entry->tag);
  }
}

FyrWireCheck *
fyr_sync_make_check (FyrStoreCheck *check)
{
  FyrWireCheck *made = fyr_wire_check_new (check->kind);

  g_strlcpy (made->after, check->after, sizeof made->after);
  g_strlcpy (made->until, check->until, sizeof made->until);
  made->list = check->list;
  for (guint i = 0; i < check->ids->len; i++) {
    g_ptr_array_add (made->ids, g_strdup (check->ids->pdata[i]));
  }
  return made;
}

static FyrPageCheck *
make_page_check (FyrWireCheckReply *reply)
{
  FyrPageCheck *check = fyr_page_check_new (reply->kind, reply->after, reply->until);

  check->hash = g_strdup (reply->hash);
  check->count = reply->count;
  if (reply->listed) {
    check->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  }
  for (guint i = 0; reply->listed && i < reply->rows->len; i++) {
    const FyrWireRowHash *row = &g_array_index (reply->rows, FyrWireRowHash, i);

    g_hash_table_replace (check->rows, g_strdup (row->id), g_strdup (row->hash));
  }
  if (reply->ids->len > 0) {
    check->ids = g_ptr_array_ref (reply->ids);
    check->records = g_ptr_array_ref (reply->records);
  }
  return check;
}

FyrPullPage *
fyr_sync_make_page (FyrPullReply *reply)
{
  FyrPullPage *page = fyr_pull_page_new (reply->epoch, reply->server_time);
  GHashTableIter iter;
  gpointer scope_name, mask;

  for (guint i = 0; i < reply->granted->len; i++) {
    fyr_pull_page_add_granted (page, g_ptr_array_index (reply->granted, i));
  }
  for (guint i = 0; i < reply->revoked->len; i++) {
    fyr_pull_page_add_revoked (page, g_ptr_array_index (reply->revoked, i));
  }
  g_hash_table_iter_init (&iter, reply->classes);
  while (g_hash_table_iter_next (&iter, &scope_name, &mask)) {
    fyr_pull_page_add_classes (page, scope_name, *(gint64 *)mask);
  }
  for (guint i = 0; i < reply->ahead->len; i++) {
    FyrPullEntry *entry = g_ptr_array_index (reply->ahead, i);

    if (entry->record != NULL) {
      fyr_pull_page_add_ahead (page, entry->record);
    }
  }
  if (reply->check != NULL && reply->complete) {
    fyr_pull_page_take_check (page, make_page_check (reply->check));
  }
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);

    fyr_pull_page_add_scope (page, scope->scope, scope->from, scope->to);
    for (guint j = 0; j < scope->entries->len; j++) {
      add_entry (page, g_ptr_array_index (scope->entries, j));
    }
  }
  return page;
}

void
fyr_sync_add_settled (FyrPullPage *page, FyrPullReply *reply, const char *author_id)
{
  for (guint i = 0; i < reply->settled->len; i++) {
    FyrPullSettlement *told = g_ptr_array_index (reply->settled, i);
    FyrWireOutcome *outcome = told->outcome;
    FyrPageSettlement settlement = { .seq = told->seq,
                                     .number = outcome->number,
                                     .taken = outcome->kind == FYR_WIRE_OUTCOME_APPLIED ||
                                              outcome->kind == FYR_WIRE_OUTCOME_MERGED,
                                     .version = outcome->version,
                                     .code = outcome->code,
                                     .text = outcome->text };

    g_strlcpy (settlement.incarnation, told->incarnation, sizeof settlement.incarnation);
    fyr_pull_page_add_settlement (page, author_id, &settlement);
  }
}

void
fyr_sync_add_emergency (FyrPullPage *page, FyrPullReply *reply, const char *author_id)
{
  g_autoptr (GArray) accesses = g_array_new (FALSE, TRUE, sizeof (FyrEmergency));

  for (guint i = 0; i < reply->emergency->len; i++) {
    const FyrWireEmergency *told = &g_array_index (reply->emergency, FyrWireEmergency, i);
    FyrEmergency access = { .begin = told->begin, .until = told->until, .alone = told->alone };

    g_strlcpy (access.access_id, told->id, sizeof access.access_id);
    g_strlcpy (access.patient_id, told->patient_id, sizeof access.patient_id);
    g_array_append_val (accesses, access);
  }
  fyr_pull_page_set_emergency (page, author_id, accesses);
}

static FyrOutcomeKind
kind_from_wire (FyrWireOutcomeKind kind)
{
  switch (kind) {
  case FYR_WIRE_OUTCOME_MERGED:
    return FYR_OUTCOME_KIND_MERGED;
  case FYR_WIRE_OUTCOME_CONFLICT:
    return FYR_OUTCOME_KIND_CONFLICT;
  case FYR_WIRE_OUTCOME_REFUSED:
    return FYR_OUTCOME_KIND_REFUSED;
  case FYR_WIRE_OUTCOME_LATER:
    return FYR_OUTCOME_KIND_LATER;
  case FYR_WIRE_OUTCOME_APPLIED:
  default:
    return FYR_OUTCOME_KIND_APPLIED;
  }
}

static void
clear_outcome (gpointer data)
{
  FyrPushOutcome *outcome = data;

  g_free ((char *)outcome->conflict);
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = NULL;

  if (object == NULL) {
    return NULL;
  }
  node = json_node_init_object (json_node_alloc (), object);
  return json_to_string (node, FALSE);
}

GArray *
fyr_sync_make_outcomes (FyrPushReply *reply, gint64 first, guint n_sent)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (FyrPushOutcome));

  g_array_set_clear_func (outcomes, clear_outcome);
  if (reply->outcomes->len != n_sent) {
    return NULL;
  }
  for (guint i = 0; i < n_sent; i++) {
    FyrWireOutcome *told = g_ptr_array_index (reply->outcomes, i);
    FyrPushOutcome outcome = { .number = told->number,
                               .kind = kind_from_wire (told->kind),
                               .version = told->version,
                               .code = told->code,
                               .text = told->text,
                               .deleted = told->deleted,
                               .unchanged = told->unchanged,
                               .receipt = told->receipt };

    if (told->number != first + i) {
      return NULL;
    }
    outcome.conflict = object_to_text (told->conflict);
    g_array_append_val (outcomes, outcome);
  }
  return g_steal_pointer (&outcomes);
}
