/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-push.h"

#include <string.h>

#include "fyr-wire-read.h"

#define MAX_WORD 40
#define MAX_EPOCH 100

static const char *const outcome_codes[] = { "applied", "merged", "conflict", "refused", "later" };

FyrWireMutation *
fyr_wire_mutation_new (void)
{
  return g_new0 (FyrWireMutation, 1);
}

void
fyr_wire_mutation_free (FyrWireMutation *self)
{
  g_free (self->command);
  g_free (self->kind);
  g_free (self->id);
  g_clear_pointer (&self->fields, json_object_unref);
  g_clear_pointer (&self->bases, json_object_unref);
  g_free (self);
}

static void
set_object_or_empty (JsonObject *object, const char *name, JsonObject *value)
{
  json_object_set_object_member (object, name, value != NULL ? json_object_ref (value) : json_object_new ());
}

JsonObject *
fyr_wire_mutation_to_json (FyrWireMutation *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", self->number);
  if (self->hash[0] != '\0')
    json_object_set_string_member (object, "hash", self->hash);
  json_object_set_string_member (object, "command", self->command);
  json_object_set_string_member (object, "kind", self->kind);
  json_object_set_string_member (object, "id", self->id);
  json_object_set_int_member (object, "base_version", self->base_version);
  json_object_set_int_member (object, "time", self->time);
  if (self->has_offset)
    json_object_set_int_member (object, "offset", self->offset);
  set_object_or_empty (object, "fields", self->fields);
  set_object_or_empty (object, "bases", self->bases);
  if (self->depends_on > 0)
    json_object_set_int_member (object, "depends_on", self->depends_on);
  else
    json_object_set_null_member (object, "depends_on");
  return object;
}

void
fyr_wire_mutation_digest (FyrWireMutation *self, char digest[FYR_HASH_TEXT_SIZE])
{
  g_autoptr (JsonObject) object = fyr_wire_mutation_to_json (self);

  json_object_remove_member (object, "number");
  json_object_remove_member (object, "depends_on");
  fyr_canonical_json_hash (FYR_HASH_ZERO, object, digest);
}

void
fyr_wire_mutation_seal (FyrWireMutation *self, const char *previous_hash)
{
  g_autoptr (JsonObject) object = fyr_wire_mutation_to_json (self);

  fyr_canonical_json_hash (previous_hash, object, self->hash);
}

static gboolean
read_object (const FyrJsonValue *value, const char *name, JsonObject **object, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (value, name);

  if (member == NULL || member->type == FYR_JSON_NULL)
    return TRUE;
  *object = fyr_json_value_to_object (member);
  return *object != NULL ? TRUE : fyr_wire_malformed (error, name, "is not an object");
}

static gboolean
read_offset (const FyrJsonValue *value, FyrWireMutation *self, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (value, "offset");

  /* What says none is another text than what says nothing, and hashed so: it is not taken for it. */
  self->has_offset = member != NULL;
  return member == NULL || fyr_wire_read_int (value, "offset", G_MININT64, &self->offset, error);
}

static FyrWireMutation *
read_members (const FyrJsonValue *value, GError **error)
{
  g_autoptr (FyrWireMutation) self = fyr_wire_mutation_new ();

  if (!fyr_wire_read_int (value, "number", 1, &self->number, error) ||
      !fyr_wire_read_hash (value, "hash", self->hash, error) ||
      !fyr_wire_read_string (value, "command", 1, MAX_WORD, &self->command, error) ||
      !fyr_wire_read_string (value, "kind", 1, MAX_WORD, &self->kind, error) ||
      !fyr_wire_read_uuid (value, "id", &self->id, error) ||
      !fyr_wire_read_int (value, "base_version", 0, &self->base_version, error) ||
      !fyr_wire_read_int (value, "time", 0, &self->time, error) || !read_offset (value, self, error) ||
      !fyr_wire_read_optional_int (value, "depends_on", 1, 0, &self->depends_on, error) ||
      !read_object (value, "fields", &self->fields, error) ||
      !read_object (value, "bases", &self->bases, error))
    return NULL;
  if (self->depends_on >= self->number) {
    fyr_wire_malformed (error, "depends_on", "does not point back");
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrWireMutation *
fyr_wire_mutation_parse (const char *text, gsize length, GError **error)
{
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  return document != NULL ? read_members (root, error) : NULL;
}

static FyrWireMutation *
read_mutation (const FyrJsonValue *value, const char *previous_hash, GError **error)
{
  g_autoptr (FyrWireMutation) self = read_members (value, error);
  g_autoptr (JsonObject) object = NULL;
  char hash[FYR_HASH_TEXT_SIZE];

  if (self == NULL)
    return NULL;
  object = fyr_json_value_to_object (value);
  fyr_canonical_json_hash (previous_hash, object, hash);
  if (strcmp (hash, self->hash) != 0) {
    fyr_wire_malformed (error, "hash", "does not fit the mutation and the one before");
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrPushRequest *
fyr_push_request_new (void)
{
  FyrPushRequest *self = g_new0 (FyrPushRequest, 1);

  self->schema = FYR_WIRE_SCHEMA;
  self->schemas = fyr_wire_schemas_own ();
  self->first = 1;
  g_strlcpy (self->previous_hash, FYR_HASH_ZERO, sizeof self->previous_hash);
  self->mutations = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_wire_mutation_free);
  self->receipts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
fyr_push_request_free (FyrPushRequest *self)
{
  g_free (self->epoch);
  g_free (self->device);
  g_free (self->incarnation);
  g_free (self->author);
  g_ptr_array_unref (self->mutations);
  g_hash_table_unref (self->receipts);
  g_free (self);
}

/* In the order of the mutations, so that the same request is the same text. */
static void
write_receipts (FyrJsonWriter *json, FyrPushRequest *self)
{
  fyr_json_writer_begin_array (json, "receipts");
  for (guint i = 0; i < self->mutations->len; i++) {
    FyrWireMutation *mutation = self->mutations->pdata[i];
    const char *receipt = g_hash_table_lookup (self->receipts, &mutation->number);

    if (receipt == NULL)
      continue;
    fyr_json_writer_begin_object (json, NULL);
    fyr_json_writer_int (json, "number", mutation->number);
    fyr_json_writer_string (json, "receipt", receipt);
    fyr_json_writer_end_object (json);
  }
  fyr_json_writer_end_array (json);
}

void
fyr_push_request_write (FyrPushRequest *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "epoch", self->epoch);
  fyr_json_writer_int (&json, "schema", self->schema);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_string (&json, "device", self->device);
  fyr_json_writer_string (&json, "incarnation", self->incarnation);
  if (self->author != NULL)
    fyr_json_writer_string (&json, "author", self->author);
  fyr_json_writer_int (&json, "first", self->first);
  fyr_json_writer_string (&json, "previous_hash", self->previous_hash);
  fyr_json_writer_begin_array (&json, "mutations");
  for (guint i = 0; i < self->mutations->len; i++) {
    g_autoptr (JsonObject) object = fyr_wire_mutation_to_json (self->mutations->pdata[i]);
    fyr_json_writer_object (&json, NULL, object);
  }
  fyr_json_writer_end_array (&json);
  if (g_hash_table_size (self->receipts) > 0)
    write_receipts (&json, self);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_receipts (FyrPushRequest *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *array = NULL;

  if (fyr_json_value_get (root, "receipts") == NULL)
    return TRUE;
  if (!fyr_wire_read_array (root, "receipts", &array, error))
    return FALSE;
  if (array->length > FYR_PUSH_MAX_MUTATIONS)
    return fyr_wire_malformed (error, "receipts", "are too many");
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    g_autofree char *receipt = NULL;
    gint64 number = 0;

    if (!fyr_wire_read_int (v, "number", 1, &number, error) ||
        !fyr_wire_read_string (v, "receipt", 1, FYR_PUSH_MAX_RECEIPT, &receipt, error))
      return FALSE;
    g_hash_table_replace (self->receipts, g_memdup2 (&number, sizeof number), g_steal_pointer (&receipt));
  }
  return TRUE;
}

static gboolean
read_mutations (FyrPushRequest *self, const FyrJsonValue *root, GError **error)
{
  const FyrJsonValue *array = NULL;
  const char *previous = self->previous_hash;
  gint64 number = self->first;

  if (!fyr_wire_read_array (root, "mutations", &array, error))
    return FALSE;
  if (array->length > FYR_PUSH_MAX_MUTATIONS) {
    g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "More than %d mutations",
                 FYR_PUSH_MAX_MUTATIONS);
    return FALSE;
  }
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    FyrWireMutation *mutation = read_mutation (v, previous, error);

    if (mutation == NULL)
      return FALSE;
    g_ptr_array_add (self->mutations, mutation);
    if (mutation->number != number)
      return fyr_wire_malformed (error, "number", "is not the next one");
    number++;
    previous = mutation->hash;
  }
  return TRUE;
}

FyrPushRequest *
fyr_push_request_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrPushRequest) self = fyr_push_request_new ();
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL)
    return NULL;
  if (!fyr_wire_read_schema (root, &self->schema, &self->schemas, error) ||
      !fyr_wire_read_string (root, "epoch", 1, MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_uuid (root, "device", &self->device, error) ||
      !fyr_wire_read_uuid (root, "incarnation", &self->incarnation, error) ||
      (fyr_json_value_get (root, "author") != NULL &&
       !fyr_wire_read_uuid (root, "author", &self->author, error)) ||
      !fyr_wire_read_int (root, "first", 1, &self->first, error) ||
      !fyr_wire_read_hash (root, "previous_hash", self->previous_hash, error) ||
      !read_mutations (self, root, error) || !read_receipts (self, root, error))
    return NULL;
  if (self->first == 1 && strcmp (self->previous_hash, FYR_HASH_ZERO) != 0) {
    fyr_wire_malformed (error, "previous_hash", "must be zeros before number 1");
    return NULL;
  }
  return g_steal_pointer (&self);
}

const char *
fyr_wire_outcome_kind_to_code (FyrWireOutcomeKind kind)
{
  return (guint)kind < G_N_ELEMENTS (outcome_codes) ? outcome_codes[kind] : "refused";
}

FyrWireOutcome *
fyr_wire_outcome_new (gint64 number, FyrWireOutcomeKind kind, gint64 version)
{
  FyrWireOutcome *self = g_new0 (FyrWireOutcome, 1);

  self->number = number;
  self->kind = kind;
  self->version = version;
  return self;
}

void
fyr_wire_outcome_free (FyrWireOutcome *self)
{
  g_free (self->code);
  g_free (self->text);
  g_clear_pointer (&self->conflict, json_object_unref);
  g_free (self->receipt);
  g_free (self);
}

void
fyr_wire_outcome_write (FyrWireOutcome *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_int (&json, "number", self->number);
  fyr_json_writer_string (&json, "outcome", fyr_wire_outcome_kind_to_code (self->kind));
  if (self->version > 0)
    fyr_json_writer_int (&json, "version", self->version);
  fyr_json_writer_text (&json, "code", self->code);
  fyr_json_writer_text (&json, "text", self->text);
  fyr_json_writer_object (&json, "conflict", self->conflict);
  if (self->deleted)
    fyr_json_writer_bool (&json, "deleted", TRUE);
  if (self->unchanged)
    fyr_json_writer_bool (&json, "unchanged", TRUE);
  fyr_json_writer_text (&json, "receipt", self->receipt);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_outcome_kind (const FyrJsonValue *value, FyrWireOutcomeKind *kind, GError **error)
{
  const char *code = fyr_json_value_get_string (value, "outcome");

  for (guint i = 0; i < G_N_ELEMENTS (outcome_codes); i++) {
    if (g_strcmp0 (code, outcome_codes[i]) == 0) {
      *kind = (FyrWireOutcomeKind)i;
      return TRUE;
    }
  }
  return fyr_wire_malformed (error, "outcome", "is not known");
}

FyrWireOutcome *
fyr_wire_outcome_read (const FyrJsonValue *value, GError **error)
{
  g_autoptr (FyrWireOutcome) self = fyr_wire_outcome_new (0, FYR_WIRE_OUTCOME_LATER, 0);

  if (!fyr_wire_read_int (value, "number", 1, &self->number, error) ||
      !read_outcome_kind (value, &self->kind, error) ||
      !fyr_wire_read_optional_int (value, "version", 0, 0, &self->version, error) ||
      !fyr_wire_read_text (value, "code", MAX_WORD, &self->code, error) ||
      !fyr_wire_read_text (value, "text", 2000, &self->text, error) ||
      !fyr_wire_read_bool (value, "deleted", &self->deleted, error) ||
      !fyr_wire_read_bool (value, "unchanged", &self->unchanged, error) ||
      !fyr_wire_read_text (value, "receipt", FYR_PUSH_MAX_RECEIPT, &self->receipt, error) ||
      !read_object (value, "conflict", &self->conflict, error))
    return NULL;
  return g_steal_pointer (&self);
}

FyrPushReply *
fyr_push_reply_new (void)
{
  FyrPushReply *self = g_new0 (FyrPushReply, 1);

  self->outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_wire_outcome_free);
  return self;
}

void
fyr_push_reply_free (FyrPushReply *self)
{
  g_free (self->epoch);
  g_ptr_array_unref (self->outcomes);
  g_free (self);
}

void
fyr_push_reply_write_stored (
    const char *epoch, gint64 server_time, const char *const *outcomes, gsize n_outcomes, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "epoch", epoch);
  fyr_json_writer_int (&json, "server_time", server_time);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_begin_array (&json, "outcomes");
  for (gsize i = 0; i < n_outcomes; i++)
    fyr_json_writer_raw (&json, NULL, outcomes[i]);
  fyr_json_writer_end_array (&json);
  fyr_json_writer_end_object (&json);
}

void
fyr_push_reply_write (FyrPushReply *self, GString *text)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->outcomes->len; i++) {
    GString *one = g_string_new (NULL);

    fyr_wire_outcome_write (self->outcomes->pdata[i], one);
    g_ptr_array_add (stored, g_string_free (one, FALSE));
  }
  fyr_push_reply_write_stored (self->epoch, self->server_time, (const char *const *)stored->pdata,
                               stored->len, text);
}

FyrPushReply *
fyr_push_reply_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrPushReply) self = fyr_push_reply_new ();
  const FyrJsonValue *root = NULL;
  const FyrJsonValue *array = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_page, &root, error);

  if (document == NULL || !fyr_wire_read_string (root, "epoch", 1, MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_int (root, "server_time", 0, &self->server_time, error) ||
      !fyr_wire_schemas_read (root, 1, &self->schemas, error) ||
      !fyr_wire_read_array (root, "outcomes", &array, error))
    return NULL;
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    FyrWireOutcome *outcome = fyr_wire_outcome_read (v, error);

    if (outcome == NULL)
      return NULL;
    g_ptr_array_add (self->outcomes, outcome);
  }
  return g_steal_pointer (&self);
}
