/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-emergency.h"

#include <string.h>

#include "fyr-uuid.h"
#include "fyr-wire-read.h"

#define MAX_PASSWORD 1024
#define MAX_REASON 40

FyrEmergencyRequest *
fyr_emergency_request_new (void)
{
  return g_new0 (FyrEmergencyRequest, 1);
}

void
fyr_emergency_request_free (FyrEmergencyRequest *self)
{
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->device_id);
  g_free (self->identity_number);
  g_free (self->text);
  g_free (self);
}

void
fyr_emergency_request_write (const FyrEmergencyRequest *self, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "device", self->device_id);
  fyr_json_writer_string (&json, "identity_number", self->identity_number);
  fyr_json_writer_string (&json, "reason", fyr_enum_to_code (&fyr_emergency_reason_info, self->reason));
  fyr_json_writer_string (&json, "text", self->text);
  fyr_json_writer_string (&json, "password", self->password);
  fyr_json_writer_end_object (&json);
}

gboolean
fyr_emergency_text_is_enough (const char *text)
{
  g_autofree char *bare = g_strstrip (g_strdup (text != NULL ? text : ""));
  glong length = g_utf8_strlen (bare, -1);

  return length >= FYR_EMERGENCY_TEXT_MIN && length <= FYR_EMERGENCY_TEXT_MAX;
}

static gboolean
read_number (const FyrJsonValue *root, FyrEmergencyRequest *self, GError **error)
{
  if (!fyr_wire_read_string (root, "identity_number", FYR_EMERGENCY_NUMBER_MIN, FYR_EMERGENCY_NUMBER_MAX,
                             &self->identity_number, error))
    return FALSE;
  for (const char *p = self->identity_number; *p != '\0'; p++)
    if (!g_ascii_isdigit (*p))
      return fyr_wire_malformed (error, "identity_number", "is not digits only");
  return TRUE;
}

static gboolean
read_reason (const FyrJsonValue *root, FyrEmergencyRequest *self, GError **error)
{
  g_autofree char *code = NULL;

  if (!fyr_wire_read_string (root, "reason", 1, MAX_REASON, &code, error))
    return FALSE;
  self->reason = (FyrEmergencyReason)fyr_enum_from_code (&fyr_emergency_reason_info, code);
  if (self->reason == FYR_EMERGENCY_REASON_UNSET)
    return fyr_wire_malformed (error, "reason", "is not known");
  if (!fyr_wire_read_string (root, "text", 1, FYR_EMERGENCY_TEXT_MAX * 4, &self->text, error))
    return FALSE;
  g_strstrip (self->text);
  if (!fyr_emergency_text_is_enough (self->text))
    return fyr_wire_malformed (error, "text", "has the wrong length");
  return TRUE;
}

FyrEmergencyRequest *
fyr_emergency_request_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (FyrEmergencyRequest) self = fyr_emergency_request_new ();
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL || !fyr_wire_read_uuid (root, "device", &self->device_id, error) ||
      !read_number (root, self, error) || !read_reason (root, self, error) ||
      !fyr_wire_read_string (root, "password", 1, MAX_PASSWORD, &self->password, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fyr_wire_emergency_write (const FyrWireEmergency *self, FyrJsonWriter *json, const char *name)
{
  fyr_json_writer_begin_object (json, name);
  fyr_json_writer_string (json, "id", self->id);
  fyr_json_writer_string (json, "patient_id", self->patient_id);
  fyr_json_writer_int (json, "begin", self->begin);
  fyr_json_writer_int (json, "until", self->until);
  fyr_json_writer_bool (json, "alone", self->alone);
  fyr_json_writer_end_object (json);
}

gboolean
fyr_wire_emergency_read (const FyrJsonValue *value, FyrWireEmergency *self, GError **error)
{
  const char *id, *patient_id;

  if (!fyr_json_value_is (value, FYR_JSON_OBJECT))
    return fyr_wire_malformed (error, "emergency", "is not an object");
  id = fyr_json_value_get_string (value, "id");
  patient_id = fyr_json_value_get_string (value, "patient_id");
  if (!fyr_uuid_is_valid (id) || !fyr_uuid_is_valid (patient_id))
    return fyr_wire_malformed (error, "emergency", "lacks an id");
  g_strlcpy (self->id, id, sizeof self->id);
  g_strlcpy (self->patient_id, patient_id, sizeof self->patient_id);
  return fyr_wire_read_int (value, "begin", 0, &self->begin, error) &&
         fyr_wire_read_int (value, "until", 0, &self->until, error) &&
         fyr_wire_read_bool (value, "alone", &self->alone, error);
}

void
fyr_emergency_reply_write (const FyrWireEmergency *access, gint64 server_time, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_int (&json, "server_time", server_time);
  fyr_wire_emergency_write (access, &json, "access");
  fyr_json_writer_end_object (&json);
}

FyrWireEmergency *
fyr_emergency_reply_parse (const char *text, gsize length, GError **error)
{
  g_autofree FyrWireEmergency *self = g_new0 (FyrWireEmergency, 1);
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);

  if (document == NULL || !fyr_wire_emergency_read (fyr_json_value_get (root, "access"), self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fyr_emergency_end_write (const char *access_id, GString *text)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "access", access_id);
  fyr_json_writer_end_object (&json);
}

char *
fyr_emergency_end_parse (const char *text, gsize length, GError **error)
{
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) document =
      fyr_wire_read_document (text, length, &fyr_json_limits_message, &root, error);
  char *id = NULL;

  if (document == NULL || !fyr_wire_read_uuid (root, "access", &id, error))
    return NULL;
  return id;
}
