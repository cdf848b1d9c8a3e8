/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * headless DATABASE ADDRESS USER PASSWORD
 *
 * The real workstation, store and sync engine, without a window: what end-to-end tests, benchmarks and fault
 * rows run many of. Prints one JSON object a line: {"event": "state" | "changed" | "signed-in" | "saved" |
 * "shown" | "alerts" | "outbox" | "failed", …}; "us" is the monotonic clock in microseconds, the same
 * for all processes.
 * Reads commands, one a line:
 *   alerts | take ID | close ID | release ID | note ID TEXT | write PATIENT TEXT | show PATIENT | outbox | cursors |
 *   sync | quit
 * Whoever handles an alert or writes about a patient has opened the record: as in the application an entry of the
 * access log goes before it, and "shown" names the entry ("id") and the patient.
 * "saved" names what was made ("id": the event of an alert's command, or the note) and its text.
 */
#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "fyr-soup-transport.h"
#include "fyr-store-access-log.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"
#include "fyr-sync-engine.h"

typedef struct {
  GMainLoop *loop;
  GDataInputStream *input;
  FyrStore *store;
  FyrSyncEngine *engine;
  char **arguments;
  int status;
} Headless;

/* A command under way. */
typedef struct {
  Headless *self;
  FyrAlertAction command;
  char *text;
  char *patient; /* whose record is opened */
  char *made;    /* id of the alert_event or note */
  FyrAlert *alert;
  gint64 started;
} Work;

static void
work_free (Work *work)
{
  g_free (work->text);
  g_free (work->patient);
  g_free (work->made);
  g_clear_object (&work->alert);
  g_free (work);
}

static void
tell (JsonBuilder *builder)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;

  json_builder_set_member_name (builder, "us");
  json_builder_add_int_value (builder, g_get_monotonic_time ());
  json_builder_end_object (builder);
  node = json_builder_get_root (builder);
  line = json_to_string (node, FALSE);
  printf ("%s\n", line);
  fflush (stdout);
}

static JsonBuilder *
event (const char *name)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, name);
  return builder;
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
tell_failure (const char *what, const GError *error)
{
  g_autoptr (JsonBuilder) builder = event ("failed");

  add_text (builder, "what", what);
  add_text (builder, "domain", g_quark_to_string (error->domain));
  add_number (builder, "code", error->code);
  add_text (builder, "text", error->message);
  tell (builder);
}

static void
changed (FyrStore *store, FyrChangeSet *changes, Headless *self)
{
  g_autofree const char **ids = fyr_change_set_get_ids (changes, "alert");
  g_autoptr (JsonBuilder) builder = NULL;

  if (!fyr_change_set_has_kind (changes, "alert")) {
    return;
  }
  builder = event ("changed");
  json_builder_set_member_name (builder, "alerts");
  json_builder_begin_array (builder);
  for (int i = 0; ids != NULL && ids[i] != NULL; i++) {
    json_builder_add_string_value (builder, ids[i]);
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "many");
  json_builder_add_boolean_value (builder, ids == NULL);
  tell (builder);
}

static void
state_changed (FyrSyncEngine *engine, GParamSpec *pspec, Headless *self)
{
  g_autoptr (JsonBuilder) builder = event ("state");
  g_autofree char *state = g_enum_to_string (FYR_TYPE_SYNC_STATE, fyr_sync_engine_get_state (engine));

  add_text (builder, "state", state);
  json_builder_set_member_name (builder, "online");
  json_builder_add_boolean_value (builder, fyr_sync_engine_is_online (engine));
  json_builder_set_member_name (builder, "complete");
  json_builder_add_boolean_value (builder, fyr_sync_engine_is_complete (engine));
  add_number (builder, "waiting", fyr_sync_engine_get_waiting (engine));
  add_number (builder, "conflicts", fyr_sync_engine_get_conflicts (engine));
  add_number (builder, "refused", fyr_sync_engine_get_refused (engine));
  add_number (builder, "clock_offset", fyr_sync_engine_get_clock_offset (engine));
  tell (builder);
}

static void
alerts_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = fyr_store_list_alerts_finish (FYR_STORE (source), result, &error);
  g_autoptr (JsonBuilder) builder = NULL;

  if (rows == NULL) {
    tell_failure ("alerts", error);
    return;
  }
  builder = event ("alerts");
  json_builder_set_member_name (builder, "alerts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++) {
    FyrRecord *record = FYR_RECORD (fyr_alert_item_get_alert (rows->pdata[i]));
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);

    json_node_take_object (node, fyr_record_to_json (record, G_MAXUINT));
    json_builder_add_value (builder, node);
  }
  json_builder_end_array (builder);
  tell (builder);
}

/* "displays": entries of the access log not delivered yet. */
static void
outbox_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = user_data;
  FyrOutboxCounts counts = { 0 };

  fyr_store_count_outbox_finish (FYR_STORE (source), result, &counts, NULL);
  add_number (builder, "displays", counts.displays);
  tell (builder);
}

/* "held": of those waiting, what builds on work that a person must decide about first. */
static void
outbox_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (FYR_STORE (source), result, &error);
  g_autoptr (JsonBuilder) builder = NULL;
  guint counts[FYR_OUTBOX_DISCARDED + 1] = { 0 };

  if (entries == NULL) {
    tell_failure ("outbox", error);
    return;
  }
  for (guint i = 0; i < entries->len; i++) {
    counts[fyr_outbox_entry_get_state (entries->pdata[i])]++;
  }
  builder = event ("outbox");
  add_number (builder, "waiting",
              counts[FYR_OUTBOX_WAITING] + counts[FYR_OUTBOX_SENT] + counts[FYR_OUTBOX_HELD]);
  add_number (builder, "held", counts[FYR_OUTBOX_HELD]);
  add_number (builder, "conflict", counts[FYR_OUTBOX_CONFLICT]);
  add_number (builder, "refused", counts[FYR_OUTBOX_REFUSED]);
  fyr_store_count_outbox_async (FYR_STORE (source), NULL, outbox_counted, g_steal_pointer (&builder));
}

/* How far it has come, to be held beside the server's heads. */
static void
identity_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreIdentity) identity = fyr_store_get_identity_finish (FYR_STORE (source), result, &error);
  g_autoptr (JsonBuilder) builder = NULL;
  GHashTableIter iter;
  gpointer scope, seq;

  if (identity == NULL) {
    tell_failure ("cursors", error);
    return;
  }
  builder = event ("cursors");
  add_number (builder, "damaged_at", identity->damaged_at);
  add_number (builder, "damaged_kept", identity->damaged_kept);
  add_number (builder, "damaged_lost", identity->damaged_lost);
  json_builder_set_member_name (builder, "cursors");
  json_builder_begin_object (builder);
  g_hash_table_iter_init (&iter, identity->cursors);
  while (g_hash_table_iter_next (&iter, &scope, &seq)) {
    add_number (builder, scope, *(gint64 *)seq);
  }
  json_builder_end_object (builder);
  tell (builder);
}

static void
verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = event ("verified");

  json_builder_set_member_name (builder, "sound");
  json_builder_add_boolean_value (builder, fyr_store_verify_finish (FYR_STORE (source), result, NULL));
  tell (builder);
}

static void
saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (source), result, &error);

  if (receipt == NULL) {
    tell_failure ("save", error);
  } else {
    g_autoptr (JsonBuilder) builder = event ("saved");

    add_number (builder, "took_us", g_get_monotonic_time () - work->started);
    add_text (builder, "id", work->made);
    add_text (builder, "text", work->text != NULL ? work->text : "");
    tell (builder);
  }
  work_free (work);
}

static void
handle_alert (Work *work, FyrUser *user)
{
  FyrAlertOutcome outcome = FYR_ALERT_OUTCOME_UNSET;
  g_autoptr (FyrMutation) mutation = NULL;

  if (work->command == FYR_ALERT_ACTION_CLOSE) {
    outcome = FYR_ALERT_OUTCOME_CONTACTED_PATIENT;
  }
  mutation = fyr_mutation_new_alert_command (work->alert, work->command, outcome, work->text,
                                             fyr_record_get_id (FYR_RECORD (user)));
  work->made = g_strdup (fyr_mutation_get_event_id (mutation));
  work->started = g_get_monotonic_time ();
  fyr_store_save_one_async (work->self->store, mutation, NULL, saved, work);
}

static void
write_note (Work *work, FyrUser *user)
{
  const char *author = fyr_record_get_id (FYR_RECORD (user));
  g_autoptr (FyrNote) note = fyr_note_new ();
  g_autoptr (FyrMutation) mutation = NULL;

  fyr_note_set_patient_id (note, work->patient);
  fyr_note_set_author_id (note, author);
  fyr_note_set_time (note, g_get_real_time () / 1000);
  fyr_note_set_text (note, work->text);
  mutation = fyr_mutation_new_create (FYR_RECORD (note), author);
  work->made = g_strdup (fyr_mutation_get_record_id (mutation));
  work->started = g_get_monotonic_time ();
  fyr_store_save_one_async (work->self->store, mutation, NULL, saved, work);
}

/* The record may be seen: what was to be done in it follows. */
static void
logged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  FyrUser *user = fyr_sync_engine_get_user (work->self->engine);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = fyr_store_log_display_finish (FYR_STORE (source), result, &error);
  g_autoptr (JsonBuilder) builder = NULL;

  if (ids == NULL || user == NULL) {
    if (error != NULL) {
      tell_failure ("save", error);
    }
    work_free (work);
    return;
  }
  builder = event ("shown");
  add_text (builder, "id", ids[0]);
  add_text (builder, "patient", work->patient);
  tell (builder);
  if (work->alert != NULL) {
    handle_alert (work, user);
  } else if (work->text != NULL) {
    write_note (work, user);
  } else {
    work_free (work);
  }
}

/* Takes @work over. */
static void
open_record (Work *work, FyrAuditResource resource)
{
  FyrUser *user = fyr_sync_engine_get_user (work->self->engine);
  const char *patients[] = { work->patient, NULL };
  const FyrDisplay display = {
    .resource = resource,
    .channel = FYR_AUDIT_CHANNEL_SCREEN,
    .purpose = FYR_AUDIT_PURPOSE_TREATMENT,
    .data_classes = "identity contact clinical",
    .centre_id = fyr_user_get_centre_id (user),
  };

  fyr_store_log_display_async (work->self->store, &display, patients, fyr_record_get_id (FYR_RECORD (user)),
                               NULL, logged, work);
}

static void
alert_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrRecord) record = fyr_store_get_record_finish (FYR_STORE (source), result, &error);

  if (record == NULL || fyr_sync_engine_get_user (work->self->engine) == NULL) {
    if (error != NULL) {
      tell_failure ("find", error);
    }
    work_free (work);
    return;
  }
  work->alert = FYR_ALERT (g_steal_pointer (&record));
  work->patient = g_strdup (fyr_alert_get_patient_id (work->alert));
  open_record (work, FYR_AUDIT_RESOURCE_ALERT);
}

static void
command_alert (Headless *self, FyrAlertAction command, const char *id, const char *text)
{
  Work *work = g_new0 (Work, 1);

  work->self = self;
  work->command = command;
  work->text = g_strdup (text);
  fyr_store_get_record_async (self->store, "alert", id, NULL, alert_found, work);
}

/* @text: (nullable): what is written there; NULL: it is only looked at */
static void
open_patient (Headless *self, const char *patient_id, const char *text)
{
  Work *work = g_new0 (Work, 1);

  work->self = self;
  work->patient = g_strdup (patient_id);
  work->text = g_strdup (text);
  open_record (work, FYR_AUDIT_RESOURCE_PATIENT);
}

static void
obey (Headless *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  const FyrAlertFilter everything = { .closed = TRUE, .limit = 100000 };
  static const struct {
    const char *word;
    FyrAlertAction command;
  } commands[] = {
    { "take", FYR_ALERT_ACTION_TAKE },
    { "close", FYR_ALERT_ACTION_CLOSE },
    { "release", FYR_ALERT_ACTION_RELEASE },
    { "note", FYR_ALERT_ACTION_NOTE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands) && words[0] != NULL && words[1] != NULL; i++) {
    if (g_str_equal (words[0], commands[i].word)) {
      command_alert (self, commands[i].command, words[1], words[2]);
      return;
    }
  }
  if (g_strcmp0 (words[0], "write") == 0 && words[1] != NULL && words[2] != NULL) {
    open_patient (self, words[1], words[2]);
  } else if (g_strcmp0 (words[0], "show") == 0 && words[1] != NULL) {
    open_patient (self, words[1], NULL);
  } else if (g_strcmp0 (words[0], "alerts") == 0) {
    fyr_store_list_alerts_async (self->store, &everything, NULL, alerts_listed, self);
  } else if (g_strcmp0 (words[0], "outbox") == 0) {
    fyr_store_list_outbox_async (self->store, 0, 1000000, NULL, outbox_listed, self);
  } else if (g_strcmp0 (words[0], "cursors") == 0) {
    fyr_store_get_identity_async (self->store, NULL, identity_read, self);
  } else if (g_strcmp0 (words[0], "verify") == 0) {
    fyr_store_verify_async (self->store, 0, NULL, verified, self);
  } else if (g_strcmp0 (words[0], "sync") == 0) {
    fyr_sync_engine_sync_now (self->engine);
  } else {
    g_main_loop_quit (self->loop);
  }
}

static void
line_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Headless *self = user_data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL) {
    g_main_loop_quit (self->loop);
    return;
  }
  obey (self, line);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_read, self);
}

static void
signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Headless *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  FyrSignInResult how = fyr_sync_engine_sign_in_finish (FYR_SYNC_ENGINE (source), result, &error);

  if (how == FYR_SIGN_IN_FAILED) {
    tell_failure ("sign-in", error);
    self->status = 1;
    g_main_loop_quit (self->loop);
    return;
  }
  builder = event ("signed-in");
  add_text (builder, "how", how == FYR_SIGN_IN_ONLINE ? "online" : "offline");
  tell (builder);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_read, self);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Headless *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSoupTransport) transport = NULL;

  self->store = fyr_store_open_finish (result, &error);
  if (self->store != NULL) {
    transport = fyr_soup_transport_new (self->arguments[2], &error);
  }
  if (transport == NULL) {
    tell_failure ("open", error);
    self->status = 1;
    g_main_loop_quit (self->loop);
    return;
  }
  g_signal_connect (self->store, "changed", G_CALLBACK (changed), self);
  self->engine = fyr_sync_engine_new (self->store, FYR_SYNC_TRANSPORT (transport));
  g_signal_connect (self->engine, "notify", G_CALLBACK (state_changed), self);
  fyr_sync_engine_sign_in_async (self->engine, self->arguments[3], self->arguments[4], NULL, signed_in, self);
}

int
main (int argc, char **argv)
{
  Headless self = { .arguments = argv };
  g_autoptr (GInputStream) standard = g_unix_input_stream_new (0, FALSE);

  if (argc != 5) {
    fprintf (stderr, "usage: headless DATABASE ADDRESS USER PASSWORD\n");
    return 2;
  }
  self.loop = g_main_loop_new (NULL, FALSE);
  self.input = g_data_input_stream_new (standard);
  fyr_store_open_async (argv[1], NULL, opened, &self);
  g_main_loop_run (self.loop);
  g_clear_object (&self.engine);
  g_clear_object (&self.store);
  g_clear_object (&self.input);
  g_main_loop_unref (self.loop);
  return self.status;
}
