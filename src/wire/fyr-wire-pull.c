/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-pull.h"

#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-uuid.h"
#include "fyr-wire-read.h"
#include "fyr-wire-record.h"
#include "fyr-wire-witness.h"

#define MAX_EPOCH 100
#define MAX_SCOPE 100
#define MAX_KIND 40
#define MIN_BYTES (16 * 1024)

static const char *const op_codes[] = { "put", "delete", "skip" };

GHashTable *
fyr_wire_heads_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
fyr_wire_heads_set (GHashTable *heads, const char *scope, gint64 head)
{
  g_hash_table_replace (heads, g_strdup (scope), g_memdup2 (&head, sizeof head));
}

gint64
fyr_wire_heads_get (GHashTable *heads, const char *scope)
{
  const gint64 *head = g_hash_table_lookup (heads, scope);

  return head != NULL ? *head : 0;
}

void
fyr_wire_heads_raise (GHashTable *heads, GHashTable *news)
{
  GHashTableIter iter;
  gpointer scope, head;

  g_hash_table_iter_init (&iter, news);
  while (g_hash_table_iter_next (&iter, &scope, &head)) {
    if (*(gint64 *)head > fyr_wire_heads_get (heads, scope)) {
      fyr_wire_heads_set (heads, scope, *(gint64 *)head);
    }
  }
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* Sorted, so that the same heads are the same text. */
static void
write_heads (FyrJsonWriter *json, const char *name, GHashTable *heads)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (heads), compare_keys);

  fyr_json_writer_begin_object (json, name);
  for (GList *l = keys; l != NULL; l = l->next)
    fyr_json_writer_int (json, l->data, fyr_wire_heads_get (heads, l->data));
  fyr_json_writer_end_object (json);
}

static gboolean
read_heads (const FyrJsonValue *object, const char *name, GHashTable *heads, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, name);

  if (!fyr_json_value_is (member, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, name, "is not an object");
  if (member->length > FYR_PULL_MAX_SCOPES) {
    g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "%s has too many scopes", name);
    return FALSE;
  }
  for (const FyrJsonValue *v = member->first; v != NULL; v = v->next) {
    gint64 seq;

    if (v->name_length == 0 || v->name_length > MAX_SCOPE)
      return fyr_wire_malformed (error, name, "has a scope of the wrong length");
    if (!fyr_json_value_to_int (v, &seq) || seq < 0)
      return fyr_wire_malformed (error, name, "has no sequence number");
    fyr_wire_heads_set (heads, v->name, seq);
  }
  return TRUE;
}

void
fyr_wire_heads_write (GHashTable *heads, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  write_heads (&json, "heads", heads);
  fyr_json_writer_end_object (&json);
}

GHashTable *
fyr_wire_heads_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL || !read_heads (root, "heads", heads, error))
    return NULL;
  return g_steal_pointer (&heads);
}

static gboolean
read_names (const FyrJsonValue *root, const char *name, GPtrArray *names, GError **error)
{
  const FyrJsonValue *array = NULL;

  if (!fyr_wire_read_array (root, name, &array, error))
    return FALSE;
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    if (v->type != FYR_JSON_STRING || v->length == 0 || v->length > MAX_SCOPE)
      return fyr_wire_malformed (error, name, "holds something else than scopes");
    g_ptr_array_add (names, g_strdup (v->text));
  }
  return TRUE;
}

static gboolean
read_optional_names (const FyrJsonValue *root, const char *name, GPtrArray *names, GError **error)
{
  const FyrJsonValue *array = fyr_json_value_get (root, name);

  if (array == NULL)
    return TRUE;
  if (array->length > FYR_PULL_MAX_SCOPES) {
    g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "%s has too many scopes", name);
    return FALSE;
  }
  return read_names (root, name, names, error);
}

static void
write_names (FyrJsonWriter *json, const char *name, GPtrArray *names)
{
  fyr_json_writer_begin_array (json, name);
  for (guint i = 0; names != NULL && i < names->len; i++)
    fyr_json_writer_string (json, NULL, names->pdata[i]);
  fyr_json_writer_end_array (json);
}

FyrPullRequest *
fyr_pull_request_new (void)
{
  FyrPullRequest *self = g_new0 (FyrPullRequest, 1);

  self->schema = FYR_WIRE_SCHEMA;
  self->schemas = fyr_wire_schemas_own ();
  self->cursors = fyr_wire_heads_new ();
  self->removed = g_ptr_array_new_with_free_func (g_free);
  self->max_bytes = FYR_PULL_DEFAULT_BYTES;
  return self;
}

void
fyr_pull_request_free (FyrPullRequest *self)
{
  g_free (self->epoch);
  g_free (self->device);
  g_hash_table_unref (self->cursors);
  g_ptr_array_unref (self->removed);
  g_clear_pointer (&self->check, fyr_wire_check_free);
  g_free (self);
}

void
fyr_pull_request_set_cursor (FyrPullRequest *self, const char *scope, gint64 seq)
{
  fyr_wire_heads_set (self->cursors, scope, seq);
}

gint64
fyr_pull_request_get_cursor (FyrPullRequest *self, const char *scope)
{
  return fyr_wire_heads_get (self->cursors, scope);
}

void
fyr_pull_request_write (FyrPullRequest *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "epoch", self->epoch);
  fyr_json_writer_int (&json, "schema", self->schema);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_string (&json, "device", self->device);
  write_heads (&json, "cursors", self->cursors);
  fyr_json_writer_int (&json, "max_bytes", self->max_bytes);
  fyr_json_writer_int (&json, "wait", self->wait);
  fyr_json_writer_bool (&json, "first", self->first);
  if (self->removed->len > 0)
    write_names (&json, "removed", self->removed);
  if (self->settled > 0)
    fyr_json_writer_int (&json, "settled", self->settled);
  if (self->emergency)
    fyr_json_writer_bool (&json, "emergency", TRUE);
  if (self->check != NULL)
    fyr_wire_check_write (self->check, &json);
  fyr_json_writer_end_object (&json);
}

FyrPullRequest *
fyr_pull_request_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrPullRequest) self = fyr_pull_request_new ();
  const FyrJsonValue *root = NULL;
  gint64 wait = 0;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL)
    return NULL;
  if (!fyr_wire_read_schema (root, &self->schema, &self->schemas, error) ||
      !fyr_wire_read_text (root, "epoch", MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_uuid (root, "device", &self->device, error) ||
      !read_heads (root, "cursors", self->cursors, error) ||
      !fyr_wire_read_optional_int (root, "max_bytes", 1, FYR_PULL_DEFAULT_BYTES, &self->max_bytes, error) ||
      !fyr_wire_read_optional_int (root, "wait", 0, 0, &wait, error) ||
      !fyr_wire_read_bool (root, "first", &self->first, error) ||
      !read_optional_names (root, "removed", self->removed, error) ||
      !fyr_wire_read_optional_int (root, "settled", 0, 0, &self->settled, error) ||
      !fyr_wire_read_bool (root, "emergency", &self->emergency, error) ||
      !fyr_wire_check_read (root, &self->check, error))
    return NULL;
  self->max_bytes = CLAMP (self->max_bytes, MIN_BYTES, FYR_PULL_MAX_BYTES);
  self->wait = (int)MIN (wait, FYR_PULL_MAX_WAIT);
  return g_steal_pointer (&self);
}

static void
pull_entry_free (FyrPullEntry *self)
{
  g_free (self->kind);
  g_clear_object (&self->record);
  g_free (self->parked);
  g_free (self->tag);
  g_free (self);
}

static void
pull_scope_free (FyrPullScope *self)
{
  g_free (self->scope);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static gboolean
read_op (const FyrJsonValue *value, FyrPullOp *op, GError **error)
{
  const char *code = fyr_json_value_get_string (value, "op");

  for (guint i = 0; i < G_N_ELEMENTS (op_codes); i++) {
    if (g_strcmp0 (code, op_codes[i]) == 0) {
      *op = (FyrPullOp)i;
      return TRUE;
    }
  }
  return fyr_wire_malformed (error, "op", "is not known");
}

static gboolean
read_put (const FyrJsonValue *value, FyrPullEntry *entry, GError **error)
{
  const FyrJsonValue *record = fyr_json_value_get (value, "record");
  const FyrRecordInfo *info = fyr_record_info_lookup (entry->kind);

  if (!fyr_json_value_is (record, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, "record", "is not an object");
  if (g_strcmp0 (fyr_json_value_get_string (record, "id"), entry->id) != 0)
    return fyr_wire_malformed (error, "record", "is another than the entry's");
  if (info == NULL) {
    g_autoptr (JsonNode) node = fyr_json_value_to_node (record);
    g_autoptr (GString) text = g_string_new (NULL);

    fyr_canonical_json_append (text, node, NULL);
    entry->parked = g_strdup (text->str);
    return TRUE;
  }
  entry->record = fyr_wire_record_read (info, record, error);
  return entry->record != NULL && fyr_wire_read_text (value, "tag", FYR_WITNESS_MAX_TAG, &entry->tag, error);
}

static gboolean
read_delete (const FyrJsonValue *value, FyrPullEntry *entry, GError **error)
{
  if (!fyr_wire_read_text (value, "tag", FYR_WITNESS_MAX_TAG, &entry->tag, error))
    return FALSE;
  return entry->tag == NULL || fyr_wire_read_int (value, "version", 1, &entry->version, error);
}

static gboolean
read_entry (const FyrJsonValue *value, gint64 seq, GPtrArray *entries, GError **error)
{
  FyrPullEntry *entry = g_new0 (FyrPullEntry, 1);
  const char *id = fyr_json_value_get_string (value, "id");

  g_ptr_array_add (entries, entry);
  if (!fyr_wire_read_int (value, "seq", 0, &entry->seq, error) || !read_op (value, &entry->op, error) ||
      !fyr_wire_read_string (value, "kind", 1, MAX_KIND, &entry->kind, error))
    return FALSE;
  if (entry->seq != seq)
    return fyr_wire_malformed (error, "seq", "is not the next one");
  if (!fyr_uuid_is_valid (id))
    return fyr_wire_malformed (error, "id", "is not an id");
  g_strlcpy (entry->id, id, sizeof entry->id);
  if (entry->op == FYR_PULL_OP_DELETE)
    return read_delete (value, entry, error);
  return entry->op == FYR_PULL_OP_PUT ? read_put (value, entry, error) : TRUE;
}

static gboolean
read_scope (const FyrJsonValue *value, GPtrArray *scopes, GError **error)
{
  FyrPullScope *scope = g_new0 (FyrPullScope, 1);
  const FyrJsonValue *array = NULL;
  gint64 seq;

  scope->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)pull_entry_free);
  scope->scope = g_strdup (value->name);
  g_ptr_array_add (scopes, scope);
  if (value->name_length == 0 || value->name_length > MAX_SCOPE)
    return fyr_wire_malformed (error, "scopes", "has a scope of the wrong length");
  if (!fyr_wire_read_int (value, "from", 1, &scope->from, error) ||
      !fyr_wire_read_int (value, "to", 0, &scope->to, error) ||
      !fyr_wire_read_array (value, "entries", &array, error))
    return FALSE;
  seq = scope->from;
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next)
    if (!read_entry (v, seq++, scope->entries, error))
      return FALSE;
  return seq - 1 == scope->to ? TRUE : fyr_wire_malformed (error, "to", "is not the last entry's number");
}

static gboolean
read_scopes (FyrPullReply *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *scopes = fyr_json_value_get (root, "scopes");

  if (!fyr_json_value_is (scopes, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, "scopes", "is not an object");
  for (const FyrJsonValue *v = scopes->first; v != NULL; v = v->next)
    if (!read_scope (v, self->scopes, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_ahead (FyrPullReply *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *ahead = fyr_json_value_get (root, "ahead");

  if (ahead == NULL)
    return TRUE;
  if (!fyr_json_value_is (ahead, FYR_JSON_ARRAY))
    return fyr_wire_malformed (error, "ahead", "is not an array");
  for (const FyrJsonValue *v = ahead->first; v != NULL; v = v->next)
    if (g_strcmp0 (fyr_json_value_get_string (v, "op"), "put") != 0 || !read_entry (v, 0, self->ahead, error))
      return error != NULL && *error != NULL ? FALSE : fyr_wire_malformed (error, "ahead", "holds no put");
  return TRUE;
}

static void
pull_settlement_free (gpointer data)
{
  FyrPullSettlement *self = data;

  g_clear_pointer (&self->outcome, fyr_wire_outcome_free);
  g_free (self);
}

static gboolean
read_settled (FyrPullReply *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *settled = fyr_json_value_get (root, "settled");

  if (settled == NULL)
    return TRUE;
  if (!fyr_json_value_is (settled, FYR_JSON_ARRAY))
    return fyr_wire_malformed (error, "settled", "is not an array");
  for (const FyrJsonValue *v = settled->first; v != NULL; v = v->next) {
    FyrPullSettlement *one = g_new0 (FyrPullSettlement, 1);
    const FyrJsonValue *outcome = fyr_json_value_get (v, "outcome");
    const char *incarnation = fyr_json_value_get_string (v, "incarnation");

    g_ptr_array_add (self->settled, one);
    if (!fyr_wire_read_int (v, "seq", 1, &one->seq, error))
      return FALSE;
    if (!fyr_uuid_is_valid (incarnation) || !fyr_json_value_is (outcome, FYR_JSON_OBJECT))
      return fyr_wire_malformed (error, "settled", "lacks an incarnation or an outcome");
    g_strlcpy (one->incarnation, incarnation, sizeof one->incarnation);
    one->outcome = fyr_wire_outcome_read (outcome, error);
    if (one->outcome == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_emergency (FyrPullReply *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *array = fyr_json_value_get (root, "emergency");

  if (array == NULL)
    return TRUE;
  if (!fyr_json_value_is (array, FYR_JSON_ARRAY))
    return fyr_wire_malformed (error, "emergency", "is not an array");
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    FyrWireEmergency access = { 0 };

    if (!fyr_wire_emergency_read (v, &access, error))
      return FALSE;
    g_array_append_val (self->emergency, access);
  }
  return TRUE;
}

static FyrPullReply *
pull_reply_new (void)
{
  FyrPullReply *self = g_new0 (FyrPullReply, 1);

  self->granted = g_ptr_array_new_with_free_func (g_free);
  self->revoked = g_ptr_array_new_with_free_func (g_free);
  self->heads = fyr_wire_heads_new ();
  self->classes = fyr_wire_heads_new ();
  self->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify)pull_scope_free);
  self->ahead = g_ptr_array_new_with_free_func ((GDestroyNotify)pull_entry_free);
  self->settled = g_ptr_array_new_with_free_func (pull_settlement_free);
  self->emergency = g_array_new (FALSE, FALSE, sizeof (FyrWireEmergency));
  return self;
}

void
fyr_pull_reply_free (FyrPullReply *self)
{
  g_free (self->epoch);
  g_ptr_array_unref (self->granted);
  g_ptr_array_unref (self->revoked);
  g_hash_table_unref (self->heads);
  g_hash_table_unref (self->classes);
  g_ptr_array_unref (self->scopes);
  g_ptr_array_unref (self->ahead);
  g_ptr_array_unref (self->settled);
  g_array_unref (self->emergency);
  g_clear_pointer (&self->check, fyr_wire_check_reply_free);
  g_free (self);
}

FyrPullReply *
fyr_pull_reply_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrPullReply) self = pull_reply_new ();
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_page, &root, error);

  if (document == NULL)
    return NULL;
  if (!fyr_wire_read_string (root, "epoch", 1, MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_int (root, "server_time", 0, &self->server_time, error) ||
      !fyr_wire_schemas_read (root, 1, &self->schemas, error) ||
      !read_names (root, "granted", self->granted, error) ||
      !read_names (root, "revoked", self->revoked, error) ||
      !fyr_wire_read_bool (root, "complete", &self->complete, error) ||
      !read_heads (root, "heads", self->heads, error) ||
      (fyr_json_value_get (root, "classes") != NULL && !read_heads (root, "classes", self->classes, error)) ||
      !read_ahead (self, root, error) || !read_settled (self, root, error) ||
      !read_emergency (self, root, error) || !read_scopes (self, root, error) ||
      !fyr_wire_check_reply_read (root, &self->check, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fyr_pull_writer_begin (FyrPullWriter *self,
                       GString *text,
                       const char *epoch,
                       gint64 server_time,
                       GPtrArray *granted,
                       GPtrArray *revoked)
{
  self->json = (FyrJsonWriter)FYR_JSON_WRITER_INIT (text);
  fyr_json_writer_begin_object (&self->json, NULL);
  fyr_json_writer_string (&self->json, "epoch", epoch);
  fyr_json_writer_int (&self->json, "server_time", server_time);
  fyr_wire_schemas_write (&self->json);
  write_names (&self->json, "granted", granted);
  write_names (&self->json, "revoked", revoked);
}

void
fyr_pull_writer_begin_ahead (FyrPullWriter *self)
{
  fyr_json_writer_begin_array (&self->json, "ahead");
}

void
fyr_pull_writer_end_ahead (FyrPullWriter *self)
{
  fyr_json_writer_end_array (&self->json);
}

void
fyr_pull_writer_begin_settled (FyrPullWriter *self)
{
  fyr_json_writer_begin_array (&self->json, "settled");
}

void
fyr_pull_writer_settled (FyrPullWriter *self, gint64 seq, const char *incarnation, const char *outcome)
{
  fyr_json_writer_begin_object (&self->json, NULL);
  fyr_json_writer_int (&self->json, "seq", seq);
  fyr_json_writer_string (&self->json, "incarnation", incarnation);
  fyr_json_writer_raw (&self->json, "outcome", outcome);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_end_settled (FyrPullWriter *self)
{
  fyr_json_writer_end_array (&self->json);
}

void
fyr_pull_writer_begin_scopes (FyrPullWriter *self)
{
  fyr_json_writer_begin_object (&self->json, "scopes");
}

void
fyr_pull_writer_begin_scope (FyrPullWriter *self, const char *scope, gint64 from, gint64 to)
{
  fyr_json_writer_begin_object (&self->json, scope);
  fyr_json_writer_int (&self->json, "from", from);
  fyr_json_writer_int (&self->json, "to", to);
  fyr_json_writer_begin_array (&self->json, "entries");
}

static void
begin_entry (FyrPullWriter *self, gint64 seq, const char *kind, const char *id, FyrPullOp op)
{
  fyr_json_writer_begin_object (&self->json, NULL);
  fyr_json_writer_int (&self->json, "seq", seq);
  fyr_json_writer_string (&self->json, "kind", kind);
  fyr_json_writer_string (&self->json, "id", id);
  fyr_json_writer_string (&self->json, "op", op_codes[op]);
}

void
fyr_pull_writer_put (FyrPullWriter *self, gint64 seq, FyrRecord *record, guint class_mask)
{
  begin_entry (self, seq, fyr_record_get_info (record)->kind, fyr_record_get_id (record), FYR_PULL_OP_PUT);
  fyr_json_writer_record (&self->json, "record", record, class_mask);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_put_signed (
    FyrPullWriter *self, gint64 seq, FyrRecord *record, guint class_mask, const char *tag)
{
  begin_entry (self, seq, fyr_record_get_info (record)->kind, fyr_record_get_id (record), FYR_PULL_OP_PUT);
  fyr_json_writer_record (&self->json, "record", record, class_mask);
  fyr_json_writer_string (&self->json, "tag", tag);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_delete (FyrPullWriter *self, gint64 seq, const char *kind, const char *id)
{
  begin_entry (self, seq, kind, id, FYR_PULL_OP_DELETE);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_delete_signed (
    FyrPullWriter *self, gint64 seq, const char *kind, const char *id, gint64 version, const char *tag)
{
  begin_entry (self, seq, kind, id, FYR_PULL_OP_DELETE);
  fyr_json_writer_int (&self->json, "version", version);
  fyr_json_writer_string (&self->json, "tag", tag);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_skip (FyrPullWriter *self, gint64 seq, const char *kind, const char *id)
{
  begin_entry (self, seq, kind, id, FYR_PULL_OP_SKIP);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_end_scope (FyrPullWriter *self)
{
  fyr_json_writer_end_array (&self->json);
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_end_scopes (FyrPullWriter *self)
{
  fyr_json_writer_end_object (&self->json);
}

void
fyr_pull_writer_check (FyrPullWriter *self, FyrWireCheckReply *reply, GArray *masks)
{
  fyr_wire_check_reply_write (reply, masks, &self->json);
}

void
fyr_pull_writer_emergency (FyrPullWriter *self, GArray *accesses)
{
  if (accesses->len == 0)
    return;
  fyr_json_writer_begin_array (&self->json, "emergency");
  for (guint i = 0; i < accesses->len; i++)
    fyr_wire_emergency_write (&g_array_index (accesses, FyrWireEmergency, i), &self->json, NULL);
  fyr_json_writer_end_array (&self->json);
}

void
fyr_pull_writer_classes (FyrPullWriter *self, GHashTable *classes)
{
  write_heads (&self->json, "classes", classes);
}

void
fyr_pull_writer_end (FyrPullWriter *self, GHashTable *heads, gboolean complete)
{
  write_heads (&self->json, "heads", heads);
  fyr_json_writer_bool (&self->json, "complete", complete);
  fyr_json_writer_end_object (&self->json);
}
