/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-check.h"

#include <string.h>

#include "fyr-uuid.h"
#include "fyr-wire-read.h"
#include "fyr-wire-record.h"

#define MAX_KIND 40

FyrWireCheck *
fyr_wire_check_new (const char *kind)
{
  FyrWireCheck *self = g_new0 (FyrWireCheck, 1);

  self->kind = g_strdup (kind);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
fyr_wire_check_free (FyrWireCheck *self)
{
  g_free (self->kind);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

static void
write_id (FyrJsonWriter *json, const char *name, const char *id)
{
  fyr_json_writer_text (json, name, *id != '\0' ? id : NULL);
}

static void
write_ids (FyrJsonWriter *json, GPtrArray *ids)
{
  if (ids->len == 0)
    return;
  fyr_json_writer_begin_array (json, "ids");
  for (guint i = 0; i < ids->len; i++)
    fyr_json_writer_string (json, NULL, ids->pdata[i]);
  fyr_json_writer_end_array (json);
}

void
fyr_wire_check_write (FyrWireCheck *self, FyrJsonWriter *json)
{
  fyr_json_writer_begin_object (json, "check");
  fyr_json_writer_string (json, "kind", self->kind);
  write_id (json, "after", self->after);
  write_id (json, "until", self->until);
  if (self->list)
    fyr_json_writer_bool (json, "list", TRUE);
  write_ids (json, self->ids);
  fyr_json_writer_end_object (json);
}

/* An id that may be absent: then "". */
static gboolean
read_id (const FyrJsonValue *object, const char *name, char id[37], GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, name);

  id[0] = '\0';
  if (member == NULL || member->type == FYR_JSON_NULL)
    return TRUE;
  if (member->type != FYR_JSON_STRING || !fyr_uuid_is_valid (member->text))
    return fyr_wire_malformed (error, name, "is not an id");
  g_strlcpy (id, member->text, 37);
  return TRUE;
}

static gboolean
read_ids (const FyrJsonValue *object, GPtrArray *ids, GError **error)
{
  const FyrJsonValue *member = fyr_json_value_get (object, "ids");

  if (member == NULL)
    return TRUE;
  if (!fyr_json_value_is (member, FYR_JSON_ARRAY) || member->length > FYR_CHECK_MAX_IDS)
    return fyr_wire_malformed (error, "ids", "is not a list of at most 200 ids");
  for (const FyrJsonValue *v = member->first; v != NULL; v = v->next) {
    if (v->type != FYR_JSON_STRING || !fyr_uuid_is_valid (v->text))
      return fyr_wire_malformed (error, "ids", "holds something else than ids");
    g_ptr_array_add (ids, g_strdup (v->text));
  }
  return TRUE;
}

/* The member `check`: FALSE also when there is none, then without an error. */
static gboolean
find_check (const FyrJsonValue *root, const FyrJsonValue **member, GError **error)
{
  *member = fyr_json_value_get (root, "check");
  if (*member == NULL || (*member)->type == FYR_JSON_NULL)
    *member = NULL;
  else if ((*member)->type != FYR_JSON_OBJECT)
    return fyr_wire_malformed (error, "check", "is not an object");
  return TRUE;
}

gboolean
fyr_wire_check_read (const FyrJsonValue *root, FyrWireCheck **check, GError **error)
{
  const FyrJsonValue *member;
  g_autoptr (FyrWireCheck) self = fyr_wire_check_new (NULL);

  *check = NULL;
  if (!find_check (root, &member, error))
    return FALSE;
  if (member == NULL)
    return TRUE;
  if (!fyr_wire_read_string (member, "kind", 1, MAX_KIND, &self->kind, error) ||
      !read_id (member, "after", self->after, error) || !read_id (member, "until", self->until, error) ||
      !fyr_wire_read_bool (member, "list", &self->list, error) || !read_ids (member, self->ids, error))
    return FALSE;
  *check = g_steal_pointer (&self);
  return TRUE;
}

FyrWireCheckReply *
fyr_wire_check_reply_new (const FyrWireCheck *check)
{
  FyrWireCheckReply *self = g_new0 (FyrWireCheckReply, 1);

  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_array_new (FALSE, FALSE, sizeof (FyrWireRowHash));
  self->records = g_ptr_array_new_with_free_func (g_object_unref);
  if (check == NULL)
    return self;
  self->kind = g_strdup (check->kind);
  g_strlcpy (self->after, check->after, sizeof self->after);
  g_strlcpy (self->until, check->until, sizeof self->until);
  self->listed = check->list;
  for (guint i = 0; i < check->ids->len; i++)
    g_ptr_array_add (self->ids, g_strdup (check->ids->pdata[i]));
  return self;
}

void
fyr_wire_check_reply_free (FyrWireCheckReply *self)
{
  g_free (self->kind);
  g_free (self->hash);
  g_array_unref (self->rows);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->records);
  g_free (self);
}

static void
write_rows (FyrWireCheckReply *self, FyrJsonWriter *json)
{
  fyr_json_writer_begin_object (json, "rows");
  for (guint i = 0; i < self->rows->len; i++) {
    const FyrWireRowHash *row = &g_array_index (self->rows, FyrWireRowHash, i);

    fyr_json_writer_string (json, row->id, row->hash);
  }
  fyr_json_writer_end_object (json);
}

void
fyr_wire_check_reply_write (FyrWireCheckReply *self, GArray *masks, FyrJsonWriter *json)
{
  fyr_json_writer_begin_object (json, "check");
  fyr_json_writer_string (json, "kind", self->kind);
  write_id (json, "after", self->after);
  write_id (json, "until", self->until);
  if (self->hash != NULL) {
    fyr_json_writer_int (json, "count", self->count);
    fyr_json_writer_string (json, "hash", self->hash);
  }
  if (self->listed)
    write_rows (self, json);
  write_ids (json, self->ids);
  if (self->ids->len > 0) {
    fyr_json_writer_begin_array (json, "records");
    for (guint i = 0; i < self->records->len; i++)
      fyr_json_writer_record (json, NULL, self->records->pdata[i],
                              masks != NULL ? g_array_index (masks, guint, i) : G_MAXUINT);
    fyr_json_writer_end_array (json);
  }
  fyr_json_writer_end_object (json);
}

static gboolean
read_rows (const FyrJsonValue *member, FyrWireCheckReply *self, GError **error)
{
  const FyrJsonValue *rows = fyr_json_value_get (member, "rows");

  self->listed = rows != NULL;
  if (rows == NULL)
    return TRUE;
  if (!fyr_json_value_is (rows, FYR_JSON_OBJECT) || rows->length > FYR_CHECK_MAX_LISTED)
    return fyr_wire_malformed (error, "rows", "is not an object of so many rows");
  for (const FyrJsonValue *v = rows->first; v != NULL; v = v->next) {
    FyrWireRowHash row;

    if (!fyr_uuid_is_valid (v->name) || v->type != FYR_JSON_STRING || v->length != FYR_ROW_HASH_SIZE - 1)
      return fyr_wire_malformed (error, "rows", "has a row without id or hash");
    g_strlcpy (row.id, v->name, sizeof row.id);
    g_strlcpy (row.hash, v->text, sizeof row.hash);
    g_array_append_val (self->rows, row);
  }
  return TRUE;
}

static gboolean
was_asked (FyrWireCheckReply *self, FyrRecord *record)
{
  return g_ptr_array_find_with_equal_func (self->ids, fyr_record_get_id (record), g_str_equal, NULL);
}

static gboolean
read_records (const FyrJsonValue *member, const FyrRecordInfo *info, FyrWireCheckReply *self, GError **error)
{
  const FyrJsonValue *records = fyr_json_value_get (member, "records");

  if (records == NULL && self->ids->len == 0)
    return TRUE;
  if (!fyr_json_value_is (records, FYR_JSON_ARRAY) || records->length > self->ids->len)
    return fyr_wire_malformed (error, "records", "is not a list of those asked for");
  for (const FyrJsonValue *v = records->first; v != NULL; v = v->next) {
    FyrRecord *record = fyr_wire_record_read (info, v, error);

    if (record == NULL)
      return FALSE;
    g_ptr_array_add (self->records, record);
    if (!was_asked (self, record))
      return fyr_wire_malformed (error, "records", "holds one that was not asked for");
  }
  return TRUE;
}

static gboolean
read_digest (const FyrJsonValue *member, FyrWireCheckReply *self, GError **error)
{
  char hash[65];

  if (fyr_json_value_get (member, "hash") == NULL)
    return TRUE;
  if (!fyr_wire_read_int (member, "count", 0, &self->count, error) ||
      !fyr_wire_read_hash (member, "hash", hash, error))
    return FALSE;
  self->hash = g_strdup (hash);
  return TRUE;
}

gboolean
fyr_wire_check_reply_read (const FyrJsonValue *root, FyrWireCheckReply **reply, GError **error)
{
  const FyrJsonValue *member;
  const FyrRecordInfo *info;
  g_autoptr (FyrWireCheckReply) self = fyr_wire_check_reply_new (NULL);

  *reply = NULL;
  if (!find_check (root, &member, error))
    return FALSE;
  if (member == NULL)
    return TRUE;
  if (!fyr_wire_read_string (member, "kind", 1, MAX_KIND, &self->kind, error))
    return FALSE;
  info = fyr_record_info_lookup (self->kind);
  if (info == NULL)
    return fyr_wire_malformed (error, "kind", "is not known");
  if (!read_id (member, "after", self->after, error) || !read_id (member, "until", self->until, error) ||
      !read_digest (member, self, error) || !read_rows (member, self, error) ||
      !read_ids (member, self->ids, error) || !read_records (member, info, self, error))
    return FALSE;
  *reply = g_steal_pointer (&self);
  return TRUE;
}
