/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-sign-in.h"

#include <string.h>

#include "fyr-wire-read.h"
#include "fyr-wire-record.h"

#define MAX_USER_NAME 240
#define MAX_PASSWORD 1024
#define MAX_DEVICE_NAME 480
#define MAX_TOKEN 4096
#define MAX_EPOCH 100
#define SHARE_SIZE 64

static void
free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

FyrSignInRequest *
fyr_sign_in_request_new (void)
{
  FyrSignInRequest *self = g_new0 (FyrSignInRequest, 1);

  self->schemas = fyr_wire_schemas_own ();
  return self;
}

void
fyr_sign_in_request_free (FyrSignInRequest *self)
{
  g_free (self->user_name);
  free_secret (self->password);
  g_free (self->device_id);
  g_free (self->device_name);
  g_free (self);
}

void
fyr_sign_in_request_write (FyrSignInRequest *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_string (&json, "user_name", self->user_name);
  fyr_json_writer_string (&json, "password", self->password);
  fyr_json_writer_begin_object (&json, "device");
  fyr_json_writer_string (&json, "id", self->device_id);
  fyr_json_writer_text (&json, "name", self->device_name);
  fyr_json_writer_end_object (&json);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_schemas (const FyrJsonValue *root, FyrSignInRequest *self, GError **error)
{
  FyrWireSchemas own = fyr_wire_schemas_own ();

  if (!fyr_wire_schemas_read (root, 1, &self->schemas, error))
    return FALSE;
  return fyr_wire_schemas_agree (own, self->schemas) > 0 || fyr_wire_schema_check (self->schemas.max, error);
}

FyrSignInRequest *
fyr_sign_in_request_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrSignInRequest) self = fyr_sign_in_request_new ();
  const FyrJsonValue *root = NULL;
  const FyrJsonValue *device;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL)
    return NULL;
  device = fyr_json_value_get (root, "device");
  if (!read_schemas (root, self, error) ||
      !fyr_wire_read_string (root, "user_name", 1, MAX_USER_NAME, &self->user_name, error) ||
      !fyr_wire_read_string (root, "password", 1, MAX_PASSWORD, &self->password, error) ||
      !fyr_wire_read_uuid (device, "id", &self->device_id, error) ||
      !fyr_wire_read_text (device, "name", MAX_DEVICE_NAME, &self->device_name, error))
    return NULL;
  return g_steal_pointer (&self);
}

FyrSignInReply *
fyr_sign_in_reply_new (void)
{
  FyrSignInReply *self = g_new0 (FyrSignInReply, 1);

  self->memberships = g_ptr_array_new_with_free_func (g_object_unref);
  self->centres = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
fyr_sign_in_reply_free (FyrSignInReply *self)
{
  free_secret (self->token);
  free_secret (self->share);
  g_free (self->epoch);
  g_clear_object (&self->user);
  g_ptr_array_unref (self->memberships);
  g_ptr_array_unref (self->centres);
  g_free (self);
}

static void
write_records (FyrJsonWriter *json, const char *name, GPtrArray *records)
{
  fyr_json_writer_begin_array (json, name);
  for (guint i = 0; i < records->len; i++)
    fyr_json_writer_record (json, NULL, records->pdata[i], G_MAXUINT);
  fyr_json_writer_end_array (json);
}

void
fyr_sign_in_reply_write (FyrSignInReply *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "token", self->token);
  fyr_json_writer_int (&json, "expires", self->expires);
  fyr_json_writer_string (&json, "epoch", self->epoch);
  fyr_json_writer_int (&json, "server_time", self->server_time);
  fyr_wire_schemas_write (&json);
  fyr_json_writer_record (&json, "user", self->user, G_MAXUINT);
  write_records (&json, "memberships", self->memberships);
  write_records (&json, "centres", self->centres);
  fyr_json_writer_text (&json, "share", self->share);
  fyr_json_writer_end_object (&json);
}

static gboolean
read_records (
    const FyrJsonValue *root, const char *name, const char *kind, GPtrArray *records, GError **error)
{
  const FyrRecordInfo *info = fyr_record_info_lookup (kind);
  const FyrJsonValue *array = NULL;

  if (!fyr_wire_read_array (root, name, &array, error))
    return FALSE;
  for (const FyrJsonValue *v = array->first; v != NULL; v = v->next) {
    FyrRecord *record = fyr_wire_record_read (info, v, error);

    if (record == NULL)
      return FALSE;
    g_ptr_array_add (records, record);
  }
  return TRUE;
}

FyrSignInReply *
fyr_sign_in_reply_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrSignInReply) self = fyr_sign_in_reply_new ();
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_page, &root, error);

  if (document == NULL)
    return NULL;
  if (!fyr_wire_read_string (root, "token", 1, MAX_TOKEN, &self->token, error) ||
      !fyr_wire_read_int (root, "expires", 0, &self->expires, error) ||
      !fyr_wire_read_string (root, "epoch", 1, MAX_EPOCH, &self->epoch, error) ||
      !fyr_wire_read_int (root, "server_time", 0, &self->server_time, error) ||
      !fyr_wire_schemas_read (root, 1, &self->schemas, error) ||
      !fyr_wire_read_text (root, "share", SHARE_SIZE, &self->share, error) ||
      !read_records (root, "memberships", "membership", self->memberships, error) ||
      !read_records (root, "centres", "centre", self->centres, error))
    return NULL;
  self->user =
      fyr_wire_record_read (fyr_record_info_lookup ("user"), fyr_json_value_get (root, "user"), error);
  return self->user != NULL ? g_steal_pointer (&self) : NULL;
}

void
fyr_wire_problem_free (FyrWireProblem *self)
{
  g_free (self->code);
  g_free (self->text);
  g_free (self->epoch);
  g_free (self);
}

void
fyr_wire_problem_write (const char *code, const char *message, const char *epoch, gint64 next, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_begin_object (&json, "error");
  fyr_json_writer_string (&json, "code", code);
  fyr_json_writer_text (&json, "text", message);
  fyr_json_writer_end_object (&json);
  if (strcmp (code, "schema") == 0)
    fyr_wire_schemas_write (&json);
  fyr_json_writer_text (&json, "epoch", epoch);
  if (next > 0)
    fyr_json_writer_int (&json, "next", next);
  fyr_json_writer_end_object (&json);
}

FyrWireProblem *
fyr_wire_problem_parse (const char *text, gsize length)
{
  FyrWireProblem *self = g_new0 (FyrWireProblem, 1);
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, NULL);
  const FyrJsonValue *error = document != NULL ? fyr_json_value_get (root, "error") : NULL;

  fyr_wire_read_text (error, "code", 40, &self->code, NULL);
  fyr_wire_read_text (error, "text", 2000, &self->text, NULL);
  if (document != NULL) {
    fyr_wire_read_text (root, "epoch", MAX_EPOCH, &self->epoch, NULL);
    fyr_wire_read_optional_int (root, "next", 1, 0, &self->next, NULL);
    fyr_wire_schemas_read (root, 0, &self->schemas, NULL);
  }
  if (self->code == NULL)
    self->code = g_strdup ("");
  return self;
}
