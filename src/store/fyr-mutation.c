/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-mutation-private.h"

#include <string.h>

#include "fyr-store-error.h"
#include "fyr-uuid.h"

G_DEFINE_FINAL_TYPE (FyrMutation, fyr_mutation, G_TYPE_OBJECT)

static const char *const commands[] = { "create",  "update", "delete", "take",
                                        "release", "note",   "close",  "reopen" };
#define FIRST_ALERT_COMMAND 3

static void
fyr_mutation_finalize (GObject *object)
{
  FyrMutation *self = FYR_MUTATION (object);

  g_clear_pointer (&self->fields, json_object_unref);
  g_clear_pointer (&self->bases, json_object_unref);
  g_clear_object (&self->seen);
  G_OBJECT_CLASS (fyr_mutation_parent_class)->finalize (object);
}

static void
fyr_mutation_class_init (FyrMutationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_mutation_finalize;
}

static void
fyr_mutation_init (FyrMutation *self)
{
  self->time = g_get_real_time () / 1000;
  self->fields = json_object_new ();
  self->bases = json_object_new ();
}

static FyrMutation *
new_mutation (const char *command, FyrRecord *record, const char *author_id)
{
  FyrMutation *self = g_object_new (FYR_TYPE_MUTATION, NULL);

  self->command = command;
  self->info = fyr_record_get_info (record);
  self->base_version = fyr_record_get_version (record);
  g_strlcpy (self->record_id, fyr_record_get_id (record), sizeof self->record_id);
  g_strlcpy (self->author_id, author_id != NULL ? author_id : "", sizeof self->author_id);
  return self;
}

FyrMutation *
fyr_mutation_new_create (FyrRecord *record, const char *author_id)
{
  FyrMutation *self = new_mutation ("create", record, author_id);

  self->base_version = 0;
  if (*self->record_id == '\0') {
    fyr_uuid_v7_new (self->time, self->record_id);
  }
  json_object_unref (self->fields);
  self->fields = fyr_record_to_json (record, G_MAXUINT);
  json_object_remove_member (self->fields, "id");
  json_object_remove_member (self->fields, "version");
  return self;
}

FyrMutation *
fyr_mutation_new_update (FyrRecord *before, FyrRecord *after, const char *author_id)
{
  g_autoptr (FyrMutation) self = new_mutation ("update", before, author_id);

  g_return_val_if_fail (fyr_record_get_info (after) == self->info, NULL);
  for (guint i = 0; i < self->info->n_fields; i++) {
    if (!fyr_record_field_equal (before, after, i)) {
      json_object_set_member (self->fields, self->info->fields[i].name, fyr_record_field_to_json (after, i));
      json_object_set_member (self->bases, self->info->fields[i].name, fyr_record_field_to_json (before, i));
    }
  }
  return json_object_get_size (self->fields) > 0 ? g_steal_pointer (&self) : NULL;
}

FyrMutation *
fyr_mutation_new_delete (FyrRecord *record, const char *author_id)
{
  FyrMutation *self = new_mutation ("delete", record, author_id);

  self->seen = fyr_record_copy (record);
  return self;
}

static void
set_code (JsonObject *fields, const char *name, const FyrEnumInfo *info, guint number)
{
  if (number != 0) {
    json_object_set_string_member (fields, name, fyr_enum_to_code (info, number));
  }
}

FyrMutation *
fyr_mutation_new_alert_command (
    FyrAlert *alert, FyrAlertAction command, FyrAlertOutcome outcome, const char *text, const char *author_id)
{
  const char *code = fyr_enum_to_code (&fyr_alert_action_info, command);
  FyrMutation *self;

  g_return_val_if_fail (command >= FYR_ALERT_ACTION_TAKE && command <= FYR_ALERT_ACTION_REOPEN, NULL);
  self = new_mutation (code, FYR_RECORD (alert), author_id);
  fyr_uuid_v7_new (self->time, self->event_id);
  json_object_set_string_member (self->fields, "event_id", self->event_id);
  set_code (self->fields, "based_on", &fyr_alert_status_info, fyr_alert_get_status (alert));
  set_code (self->fields, "outcome", &fyr_alert_outcome_info, outcome);
  if (text != NULL && *text != '\0') {
    json_object_set_string_member (self->fields, "text", text);
  }
  return self;
}

FyrMutation *
fyr_mutation_copy (FyrMutation *self)
{
  FyrMutation *copy = g_object_new (FYR_TYPE_MUTATION, NULL);

  json_object_unref (copy->fields);
  json_object_unref (copy->bases);
  copy->info = self->info;
  copy->command = self->command;
  memcpy (copy->record_id, self->record_id, sizeof copy->record_id);
  memcpy (copy->author_id, self->author_id, sizeof copy->author_id);
  memcpy (copy->event_id, self->event_id, sizeof copy->event_id);
  copy->base_version = self->base_version;
  copy->time = self->time;
  copy->has_offset = self->has_offset;
  copy->offset = self->offset;
  copy->fields = json_object_ref (self->fields);
  copy->bases = json_object_ref (self->bases);
  g_set_object (&copy->seen, self->seen);
  return copy;
}

gboolean
fyr_mutation_saw (FyrMutation *self, FyrRecord *record)
{
  if (self->seen != NULL) {
    return fyr_record_equal (self->seen, record);
  }
  for (guint i = 0; i < self->info->n_fields; i++) {
    JsonNode *base = json_object_get_member (self->bases, self->info->fields[i].name);
    g_autoptr (JsonNode) now = base != NULL ? fyr_record_field_to_json (record, i) : NULL;

    if (base != NULL && !json_node_equal (base, now)) {
      return FALSE;
    }
  }
  return TRUE;
}

const char *
fyr_mutation_get_command (FyrMutation *self)
{
  return self->command;
}

const char *
fyr_mutation_get_kind (FyrMutation *self)
{
  return self->info->kind;
}

const char *
fyr_mutation_get_record_id (FyrMutation *self)
{
  return self->record_id;
}

const char *
fyr_mutation_get_author_id (FyrMutation *self)
{
  return self->author_id;
}

const char *
fyr_mutation_get_event_id (FyrMutation *self)
{
  return *self->event_id != '\0' ? self->event_id : NULL;
}

gint64
fyr_mutation_get_time (FyrMutation *self)
{
  return self->time;
}

gboolean
fyr_mutation_is_alert_command (FyrMutation *self)
{
  return *self->event_id != '\0';
}

JsonObject *
fyr_mutation_build_payload (FyrMutation *self, gint64 number, gint64 depends_on)
{
  JsonObject *payload = json_object_new ();

  json_object_set_int_member (payload, "number", number);
  json_object_set_string_member (payload, "command", self->command);
  json_object_set_string_member (payload, "kind", self->info->kind);
  json_object_set_string_member (payload, "id", self->record_id);
  json_object_set_int_member (payload, "base_version", self->base_version);
  json_object_set_int_member (payload, "time", self->time);
  if (self->has_offset) {
    json_object_set_int_member (payload, "offset", self->offset);
  }
  json_object_set_object_member (payload, "fields", json_object_ref (self->fields));
  json_object_set_object_member (payload, "bases", json_object_ref (self->bases));
  if (depends_on > 0) {
    json_object_set_int_member (payload, "depends_on", depends_on);
  } else {
    json_object_set_null_member (payload, "depends_on");
  }
  return payload;
}

static const char *
find_command (const char *code)
{
  for (gsize i = 0; code != NULL && i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i], code)) {
      return commands[i];
    }
  }
  return NULL;
}

static gboolean
is_alert_command_name (const char *command)
{
  for (gsize i = FIRST_ALERT_COMMAND; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i], command)) {
      return TRUE;
    }
  }
  return FALSE;
}

static JsonObject *
dup_object_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static gboolean
read_payload (FyrMutation *self, JsonObject *object)
{
  const char *id = json_object_get_string_member_with_default (object, "id", NULL);

  self->command = find_command (json_object_get_string_member_with_default (object, "command", NULL));
  self->info = fyr_record_info_lookup (json_object_get_string_member_with_default (object, "kind", NULL));
  if (self->command == NULL || self->info == NULL || !fyr_uuid_is_valid (id)) {
    return FALSE;
  }
  g_strlcpy (self->record_id, id, sizeof self->record_id);
  self->base_version = json_object_get_int_member_with_default (object, "base_version", 0);
  self->time = json_object_get_int_member_with_default (object, "time", 0);
  self->has_offset = json_object_has_member (object, "offset");
  self->offset = json_object_get_int_member_with_default (object, "offset", 0);
  json_object_unref (self->fields);
  json_object_unref (self->bases);
  self->fields = dup_object_member (object, "fields");
  self->bases = dup_object_member (object, "bases");
  if (is_alert_command_name (self->command)) {
    g_strlcpy (self->event_id, json_object_get_string_member_with_default (self->fields, "event_id", ""),
               sizeof self->event_id);
    return fyr_uuid_is_valid (self->event_id);
  }
  return TRUE;
}

FyrMutation *
fyr_mutation_parse (const char *payload, const char *author_id, GError **error)
{
  g_autoptr (FyrMutation) self = g_object_new (FYR_TYPE_MUTATION, NULL);
  g_autoptr (JsonNode) node = json_from_string (payload, NULL);

  g_strlcpy (self->author_id, author_id, sizeof self->author_id);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) || !read_payload (self, json_node_get_object (node))) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT, "An outbox entry is damaged");
    return NULL;
  }
  return g_steal_pointer (&self);
}

static guint
get_code (FyrMutation *self, const char *name, const FyrEnumInfo *info)
{
  return fyr_enum_from_code (info, json_object_get_string_member_with_default (self->fields, name, NULL));
}

static FyrAlertRequest
make_request (FyrMutation *self)
{
  return (FyrAlertRequest){
    .action = fyr_enum_from_code (&fyr_alert_action_info, self->command),
    .actor = self->author_id,
    .based_on = get_code (self, "based_on", &fyr_alert_status_info),
    .outcome = get_code (self, "outcome", &fyr_alert_outcome_info),
    .note = json_object_get_string_member_with_default (self->fields, "text", NULL),
  };
}

FyrAlertRefusal
fyr_mutation_judge (FyrMutation *self, FyrAlert *alert)
{
  const FyrAlertRequest request = make_request (self);
  FyrAlertStatus status = fyr_alert_get_status (alert);
  g_autofree char *assignee = g_strdup (fyr_alert_get_assignee_id (alert));

  return fyr_alert_apply (&status, &assignee, &request);
}

/* As the server does it: who and when follow from the state reached. */
static void
run_command (FyrMutation *self, FyrAlert *alert)
{
  const FyrAlertRequest request = make_request (self);
  FyrAlertStatus status = fyr_alert_get_status (alert);
  g_autofree char *assignee = g_strdup (fyr_alert_get_assignee_id (alert));

  if (fyr_alert_apply (&status, &assignee, &request) != FYR_ALERT_REFUSAL_NONE ||
      request.action == FYR_ALERT_ACTION_NOTE) {
    return;
  }
  fyr_alert_set_status (alert, status);
  fyr_alert_set_assignee_id (alert, assignee);
  if (status == FYR_ALERT_STATUS_TAKEN) {
    fyr_alert_set_taken_time (alert, self->time);
  } else if (status == FYR_ALERT_STATUS_OPEN) {
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_TAKEN_TIME);
  }
  if (status == FYR_ALERT_STATUS_CLOSED) {
    fyr_alert_set_closed_time (alert, self->time);
    fyr_alert_set_closed_by (alert, self->author_id);
    fyr_alert_set_outcome (alert, request.outcome);
  } else {
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_CLOSED_TIME);
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_CLOSED_BY);
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_OUTCOME);
  }
}

FyrRecord *
fyr_mutation_make_event (FyrMutation *self, const char *patient_id)
{
  const FyrAlertRequest request = make_request (self);
  FyrAlertEvent *event = fyr_alert_event_new ();

  fyr_record_set_id (FYR_RECORD (event), self->event_id);
  fyr_alert_event_set_alert_id (event, self->record_id);
  fyr_alert_event_set_patient_id (event, patient_id);
  fyr_alert_event_set_action (event, request.action);
  fyr_alert_event_set_actor_id (event, self->author_id);
  fyr_alert_event_set_time (event, self->time);
  fyr_alert_event_set_outcome (event, request.outcome);
  fyr_alert_event_set_text (event, request.note);
  return FYR_RECORD (event);
}

static FyrRecord *
make_created (FyrMutation *self)
{
  g_autoptr (FyrRecord) record = fyr_record_from_json (self->info, self->fields, NULL);

  if (record == NULL) {
    return NULL;
  }
  fyr_record_set_id (record, self->record_id);
  fyr_record_set_version (record, 0);
  return g_steal_pointer (&record);
}

FyrRecord *
fyr_mutation_apply (FyrMutation *self, FyrRecord *record)
{
  g_autoptr (FyrRecord) owned = record;

  if (g_str_equal (self->command, "create")) {
    return owned != NULL ? g_steal_pointer (&owned) : make_created (self);
  }
  if (owned == NULL || g_str_equal (self->command, "delete")) {
    return NULL;
  }
  if (fyr_mutation_is_alert_command (self)) {
    run_command (self, FYR_ALERT (owned));
    return g_steal_pointer (&owned);
  }
  if (!fyr_record_apply_json (owned, self->fields, NULL, NULL)) {
    return NULL;
  }
  return g_steal_pointer (&owned);
}
