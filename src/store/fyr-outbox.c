/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"

struct _FyrOutboxEntry {
  GObject parent_instance;

  gint64 key;
  gint64 number;
  char *author_id;
  char *command;
  char *kind;
  char *record_id;
  char *patient_id;
  FyrOutboxState state;
  char *code;
  char *text;
  char *conflict;
  gint64 created;
  gint64 acknowledged;
  char *hash;
  char *payload;
  char *previous_hash;
  char *event_id;
  gint64 depends_on;
  gint64 stream;
  char *receipt;
};

G_DEFINE_FINAL_TYPE (FyrOutboxEntry, fyr_outbox_entry, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_NUMBER,
  PROP_KIND,
  PROP_COMMAND,
  PROP_RECORD_ID,
  PROP_PATIENT_ID,
  PROP_STATE,
  PROP_CODE,
  PROP_TEXT,
  PROP_CREATED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

GType
fyr_outbox_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { FYR_OUTBOX_DELIVERED, "FYR_OUTBOX_DELIVERED", "delivered" },
    { FYR_OUTBOX_WAITING, "FYR_OUTBOX_WAITING", "waiting" },
    { FYR_OUTBOX_SENT, "FYR_OUTBOX_SENT", "sent" },
    { FYR_OUTBOX_HELD, "FYR_OUTBOX_HELD", "held" },
    { FYR_OUTBOX_CONFLICT, "FYR_OUTBOX_CONFLICT", "conflict" },
    { FYR_OUTBOX_REFUSED, "FYR_OUTBOX_REFUSED", "refused" },
    { FYR_OUTBOX_DISCARDED, "FYR_OUTBOX_DISCARDED", "discarded" },
    { FYR_OUTBOX_HANDED_OVER, "FYR_OUTBOX_HANDED_OVER", "handed-over" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type, g_enum_register_static ("FyrOutboxState", values));
  }
  return type;
}

static void
fyr_outbox_entry_finalize (GObject *object)
{
  FyrOutboxEntry *self = FYR_OUTBOX_ENTRY (object);

  g_free (self->author_id);
  g_free (self->command);
  g_free (self->kind);
  g_free (self->record_id);
  g_free (self->patient_id);
  g_free (self->code);
  g_free (self->text);
  g_free (self->conflict);
  g_free (self->hash);
  g_free (self->payload);
  g_free (self->previous_hash);
  g_free (self->event_id);
  g_free (self->receipt);
  G_OBJECT_CLASS (fyr_outbox_entry_parent_class)->finalize (object);
}

static void
fyr_outbox_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrOutboxEntry *self = FYR_OUTBOX_ENTRY (object);

  switch (id) {
  case PROP_NUMBER:
    g_value_set_int64 (value, self->number);
    break;
  case PROP_KIND:
    g_value_set_string (value, self->kind);
    break;
  case PROP_COMMAND:
    g_value_set_string (value, self->command);
    break;
  case PROP_RECORD_ID:
    g_value_set_string (value, self->record_id);
    break;
  case PROP_PATIENT_ID:
    g_value_set_string (value, self->patient_id);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int)self->state);
    break;
  case PROP_CODE:
    g_value_set_string (value, self->code);
    break;
  case PROP_TEXT:
    g_value_set_string (value, self->text);
    break;
  case PROP_CREATED:
    g_value_set_int64 (value, self->created);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

static void
fyr_outbox_entry_class_init (FyrOutboxEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = fyr_outbox_entry_finalize;
  object_class->get_property = fyr_outbox_entry_get_property;
  props[PROP_NUMBER] = g_param_spec_int64 ("number", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  props[PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL, flags);
  props[PROP_RECORD_ID] = g_param_spec_string ("record-id", NULL, NULL, NULL, flags);
  props[PROP_PATIENT_ID] = g_param_spec_string ("patient-id", NULL, NULL, NULL, flags);
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, FYR_TYPE_OUTBOX_STATE, FYR_OUTBOX_DELIVERED, flags);
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
fyr_outbox_entry_init (FyrOutboxEntry *self)
{
}

FyrOutboxEntry *
fyr_outbox_entry_read (FyrStatement *statement)
{
  FyrOutboxEntry *self = g_object_new (FYR_TYPE_OUTBOX_ENTRY, NULL);

  self->key = fyr_statement_get_int (statement, 0);
  self->number = fyr_statement_get_int (statement, 1);
  self->author_id = g_strdup (fyr_statement_get_id (statement, 2));
  self->command = g_strdup (fyr_statement_get_text (statement, 3));
  self->kind = g_strdup (fyr_statement_get_text (statement, 4));
  self->record_id = g_strdup (fyr_statement_get_id (statement, 5));
  self->patient_id = g_strdup (fyr_statement_get_id (statement, 6));
  self->state = (FyrOutboxState)fyr_statement_get_int (statement, 7);
  self->code = g_strdup (fyr_statement_get_text (statement, 8));
  self->text = g_strdup (fyr_statement_get_text (statement, 9));
  self->conflict = g_strdup (fyr_statement_get_text (statement, 10));
  self->created = fyr_statement_get_int (statement, 11);
  self->acknowledged = fyr_statement_get_int (statement, 12);
  self->hash = g_strdup (fyr_statement_get_text (statement, 13));
  self->payload = g_strdup (fyr_statement_get_text (statement, 14));
  self->previous_hash = g_strdup (fyr_statement_get_text (statement, 15));
  self->event_id = g_strdup (fyr_statement_get_id (statement, 16));
  self->depends_on = fyr_statement_get_int (statement, 17);
  self->stream = fyr_statement_get_int (statement, 18);
  self->receipt = g_strdup (fyr_statement_get_text (statement, 19));
  return self;
}

GPtrArray *
fyr_outbox_entry_collect (FyrStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  FyrStep step;

  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (entries, fyr_outbox_entry_read (statement));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

gint64
fyr_outbox_entry_get_key (FyrOutboxEntry *self)
{
  return self->key;
}

gint64
fyr_outbox_entry_get_number (FyrOutboxEntry *self)
{
  return self->number;
}

const char *
fyr_outbox_entry_get_author_id (FyrOutboxEntry *self)
{
  return self->author_id;
}

const char *
fyr_outbox_entry_get_command (FyrOutboxEntry *self)
{
  return self->command;
}

const char *
fyr_outbox_entry_get_kind (FyrOutboxEntry *self)
{
  return self->kind;
}

const char *
fyr_outbox_entry_get_record_id (FyrOutboxEntry *self)
{
  return self->record_id;
}

const char *
fyr_outbox_entry_get_patient_id (FyrOutboxEntry *self)
{
  return self->patient_id;
}

FyrOutboxState
fyr_outbox_entry_get_state (FyrOutboxEntry *self)
{
  return self->state;
}

const char *
fyr_outbox_entry_get_code (FyrOutboxEntry *self)
{
  return self->code;
}

const char *
fyr_outbox_entry_get_text (FyrOutboxEntry *self)
{
  return self->text;
}

const char *
fyr_outbox_entry_get_conflict (FyrOutboxEntry *self)
{
  return self->conflict;
}

gint64
fyr_outbox_entry_get_created (FyrOutboxEntry *self)
{
  return self->created;
}

gint64
fyr_outbox_entry_get_acknowledged (FyrOutboxEntry *self)
{
  return self->acknowledged;
}

const char *
fyr_outbox_entry_get_hash (FyrOutboxEntry *self)
{
  return self->hash;
}

const char *
fyr_outbox_entry_get_payload (FyrOutboxEntry *self)
{
  return self->payload;
}

const char *
fyr_outbox_entry_get_previous_hash (FyrOutboxEntry *self)
{
  return self->previous_hash;
}

const char *
fyr_outbox_entry_get_event_id (FyrOutboxEntry *self)
{
  return self->event_id;
}

gint64
fyr_outbox_entry_get_depends_on (FyrOutboxEntry *self)
{
  return self->depends_on;
}

gint64
fyr_outbox_entry_get_stream (FyrOutboxEntry *self)
{
  return self->stream;
}

const char *
fyr_outbox_entry_get_receipt (FyrOutboxEntry *self)
{
  return self->receipt;
}

JsonObject *
fyr_outbox_entry_to_json (FyrOutboxEntry *self)
{
  g_autoptr (JsonNode) node = json_from_string (self->payload, NULL);
  JsonObject *object =
      node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();

  json_object_set_string_member (object, "hash", self->hash);
  return object;
}
