/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-witness.h"

#include "fyr-json-writer.h"
#include "fyr-wire-read.h"
#include "fyr-wire-record.h"

#define MAX_EPOCH 100
#define MAX_KIND 40

static const char *const result_codes[] = { "accepted", "known", "refused", "later" };

static void
offer_free (gpointer data)
{
  FyrWireOffer *offer = data;

  g_free (offer->kind);
  g_free (offer->tag);
  g_free (offer->epoch);
  g_clear_object (&offer->record);
  g_free (offer);
}

FyrWitnessRequest *
fyr_witness_request_new (void)
{
  FyrWitnessRequest *self = g_new0 (FyrWitnessRequest, 1);

  self->schema = FYR_WIRE_SCHEMA;
  self->schemas = fyr_wire_schemas_own ();
  self->offers = g_ptr_array_new_with_free_func (offer_free);
  return self;
}

void
fyr_witness_request_free (FyrWitnessRequest *self)
{
  g_free (self->epoch);
  g_free (self->device);
  g_ptr_array_unref (self->offers);
  g_free (self);
}

static FyrWireOffer *
add_offer (FyrWitnessRequest *self, const char *kind, const char *tag, const char *epoch)
{
  FyrWireOffer *offer = g_new0 (FyrWireOffer, 1);

  offer->kind = g_strdup (kind);
  offer->tag = g_strdup (tag);
  offer->epoch = g_strdup (epoch);
  g_ptr_array_add (self->offers, offer);
  return offer;
}

void
fyr_witness_request_add (FyrWitnessRequest *self, const char *tag, const char *epoch, FyrRecord *record)
{
  add_offer (self, fyr_record_get_info (record)->kind, tag, epoch)->record = g_object_ref (record);
}

void
fyr_witness_request_add_deletion (FyrWitnessRequest *self,
                                  const char *tag,
                                  const char *epoch,
                                  const char *kind,
                                  const char *id,
                                  gint64 version)
{
  FyrWireOffer *offer = add_offer (self, kind, tag, epoch);

  offer->deleted = version;
  g_strlcpy (offer->id, id, sizeof offer->id);
}

void
fyr_witness_request_write (FyrWitnessRequest *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "epoch", self->epoch);
  fyr_json_writer_int (&json, "schema", self->schema);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_string (&json, "device", self->device);
  fyr_json_writer_begin_array (&json, "records");
  for (guint i = 0; i < self->offers->len; i++) {
    FyrWireOffer *offer = self->offers->pdata[i];

    fyr_json_writer_begin_object (&json, NULL);
    fyr_json_writer_string (&json, "kind", offer->kind);
    fyr_json_writer_string (&json, "tag", offer->tag);
    fyr_json_writer_text (&json, "epoch", offer->epoch);
    if (offer->deleted > 0) {
      fyr_json_writer_begin_object (&json, "deleted");
      fyr_json_writer_string (&json, "id", offer->id);
      fyr_json_writer_int (&json, "version", offer->deleted);
      fyr_json_writer_end_object (&json);
    } else {
      fyr_json_writer_record (&json, "record", offer->record, G_MAXUINT);
    }
    fyr_json_writer_end_object (&json);
  }
  fyr_json_writer_end_array (&json);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_deletion (const FyrJsonValue *value, FyrWireOffer *offer, GError **error)
{
  g_autofree char *id = NULL;

  if (!fyr_json_value_is (value, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, "deleted", "is not an object");
  if (!fyr_wire_read_uuid (value, "id", &id, error) ||
      !fyr_wire_read_int (value, "version", 1, &offer->deleted, error))
    return FALSE;
  g_strlcpy (offer->id, id, sizeof offer->id);
  return TRUE;
}

static gboolean
read_offer (const FyrJsonValue *value, GPtrArray *offers, GError **error)
{
  FyrWireOffer *offer = g_new0 (FyrWireOffer, 1);
  const FyrJsonValue *record = fyr_json_value_get (value, "record");
  const FyrRecordInfo *info;

  g_ptr_array_add (offers, offer);
  if (!fyr_wire_read_string (value, "kind", 1, MAX_KIND, &offer->kind, error) ||
      !fyr_wire_read_string (value, "tag", 1, FYR_WITNESS_MAX_TAG, &offer->tag, error) ||
      !fyr_wire_read_text (value, "epoch", MAX_EPOCH, &offer->epoch, error))
    return FALSE;
  if (fyr_json_value_get (value, "deleted") != NULL)
    return read_deletion (fyr_json_value_get (value, "deleted"), offer, error);
  if (!fyr_json_value_is (record, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, "record", "is not an object");
  info = fyr_record_info_lookup (offer->kind);
  if (info == NULL)
    return TRUE;
  offer->record = fyr_wire_record_read (info, record, error);
  return offer->record != NULL;
}

FyrWitnessRequest *
fyr_witness_request_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrWitnessRequest) self = fyr_witness_request_new ();
  const FyrJsonValue *root = NULL, *records = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL || !fyr_wire_read_schema (root, &self->schema, &self->schemas, error) ||
      !fyr_wire_read_text (root, "epoch", MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_uuid (root, "device", &self->device, error) ||
      !fyr_wire_read_array (root, "records", &records, error))
    return NULL;
  if (records->length > FYR_WITNESS_MAX_RECORDS) {
    g_set_error_literal (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "records are too many");
    return NULL;
  }
  for (const FyrJsonValue *v = records->first; v != NULL; v = v->next)
    if (!read_offer (v, self->offers, error))
      return NULL;
  return g_steal_pointer (&self);
}

FyrWitnessReply *
fyr_witness_reply_new (void)
{
  FyrWitnessReply *self = g_new0 (FyrWitnessReply, 1);

  self->results = g_array_new (FALSE, FALSE, sizeof (FyrWitnessResult));
  return self;
}

void
fyr_witness_reply_free (FyrWitnessReply *self)
{
  g_free (self->epoch);
  g_array_unref (self->results);
  g_free (self);
}

void
fyr_witness_reply_write (FyrWitnessReply *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "epoch", self->epoch);
  fyr_json_writer_begin_array (&json, "results");
  for (guint i = 0; i < self->results->len; i++)
    fyr_json_writer_string (&json, NULL, result_codes[g_array_index (self->results, FyrWitnessResult, i)]);
  fyr_json_writer_end_array (&json);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_result (const FyrJsonValue *value, GArray *results)
{
  for (guint i = 0; value->type == FYR_JSON_STRING && i < G_N_ELEMENTS (result_codes); i++) {
    if (g_str_equal (value->text, result_codes[i])) {
      FyrWitnessResult result = (FyrWitnessResult)i;

      g_array_append_val (results, result);
      return TRUE;
    }
  }
  return FALSE;
}

FyrWitnessReply *
fyr_witness_reply_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrWitnessReply) self = fyr_witness_reply_new ();
  const FyrJsonValue *root = NULL, *results = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL || !fyr_wire_read_string (root, "epoch", 1, MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_array (root, "results", &results, error))
    return NULL;
  if (results->length > FYR_WITNESS_MAX_RECORDS) {
    fyr_wire_malformed (error, "results", "are too many");
    return NULL;
  }
  for (const FyrJsonValue *v = results->first; v != NULL; v = v->next) {
    if (!read_result (v, self->results)) {
      fyr_wire_malformed (error, "results", "holds a word that is not known");
      return NULL;
    }
  }
  return g_steal_pointer (&self);
}
