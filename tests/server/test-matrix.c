/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fyr-apply-state.h"
#include "fyr-log.h"
#include "fyr-matrix.h"
#include "fyr-session.h"

/*
 * Climbing over access rules: every cell of role × relation × kind × field × verb × place, through every entrance,
 * against the access table. A cell's change is undone, so that no cell knows of another.
 */

static const char *commands[] = { "take", "release", "note", "close", "reopen" };

typedef struct {
  Matrix *matrix;
  const Actor *actor;
  MatrixVerb verb;
  const char *command;
  guint kind;
  guint field;
  MatrixPlace place;
} Cell;

typedef struct {
  Station *station;
  FyrPushRequest *request;
  char *body;
} OnePush;

/* Pushes and takes it back. */
static gboolean
push_and_undo (FyrWriteContext *context, gpointer data, GError **error)
{
  OnePush *one = data;
  FyrPush push = { .request = one->request, .reply = fyr_reply_new () };
  gboolean done;

  fyr_token_hash (one->station->token, push.token);
  done = fyr_push_run (context, &push, error);
  one->body = g_strdup_printf ("%u %s", push.reply->status, push.reply->body->str);
  fyr_reply_free (push.reply);
  if (done) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "undone");
  }
  return FALSE;
}

/* (transfer full): status and outcome of one mutation, without what differs by time. */
static char *
try_mutation (FyrWriteContext *context, Station *station, FyrWireMutation *mutation)
{
  g_autoptr (FyrPushRequest) request = station_request (station, mutation, NULL);
  g_autoptr (GError) error = NULL;
  OnePush one = { station, request, NULL };
  g_autofree char *body = NULL;
  const char *outcomes;

  g_assert_false (fyr_write_context_run_job (context, push_and_undo, &one, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  body = one.body;
  outcomes = strstr (body, "\"outcomes\"");
  return g_strdup (outcomes != NULL ? outcomes : body);
}

static char *
event_fields (const char *event_id)
{
  return g_strdup_printf (
      "{\"event_id\":\"%s\",\"based_on\":\"open\",\"text\":\"tekst\",\"outcome\":\"no-action\"}", event_id);
}

static FyrWireMutation *
mutation_of (const Cell *cell, const char *id, guint64 *fields_set, const char *instead)
{
  Matrix *matrix = cell->matrix;
  const FyrRecordInfo *info = fyr_record_infos[cell->kind];
  static const char *const words[] = {
    [VERB_CREATE] = "create", [VERB_UPDATE] = "update", [VERB_DELETE] = "delete"
  };
  g_autoptr (GString) fields = g_string_new (NULL);
  /* The house wrote its centres over those of the world. */
  gint64 base = info == &fyr_centre_info ? 2 : 1;
  char fresh[37];

  *fields_set = 0;
  world_id (fresh);
  if (cell->verb == VERB_CREATE) {
    g_autofree char *json =
        matrix_create_json (matrix, cell->actor, cell->kind, cell->field, cell->place, fields_set);
    g_string_assign (fields, json);
    if (instead != NULL) {
      g_string_replace (fields, matrix->patients[cell->place], instead, 0);
    }
    return station_mutation (cell->actor->station, "create", info->kind, fresh, 0, fields->str, NULL);
  }
  if (cell->verb == VERB_UPDATE) {
    g_autofree char *value = matrix_field_json (matrix, cell->actor, cell->kind, cell->field, cell->place);
    g_string_printf (fields, "{\"%s\":%s}", info->fields[cell->field].name, value);
    *fields_set = G_GUINT64_CONSTANT (1) << cell->field;
  } else if (cell->verb == VERB_COMMAND) {
    g_autofree char *event = event_fields (fresh);
    g_string_assign (fields, event);
  } else {
    g_string_assign (fields, "{}");
  }
  return station_mutation (cell->actor->station,
                           cell->verb == VERB_COMMAND ? cell->command : words[cell->verb], info->kind, id,
                           base, fields->str, NULL);
}

static gboolean
is_refused_by_access (const char *outcome)
{
  return strstr (outcome, "\"code\":\"forbidden\"") != NULL ||
         strstr (outcome, "\"code\":\"unknown-record\"") != NULL;
}

static gboolean
is_refused (const char *outcome)
{
  return strstr (outcome, "\"outcome\":\"refused\"") != NULL;
}

static void
fail_cell (const Cell *cell, const char *outcome, const char *wanted)
{
  const FyrRecordInfo *info = fyr_record_infos[cell->kind];

  g_error ("%s, verb %d %s of %s.%s in place %d: %s; the table says %s", cell->actor->name, cell->verb,
           cell->command != NULL ? cell->command : "", info->kind, info->fields[cell->field].name,
           cell->place, outcome, wanted);
}

/* What is there and not theirs must be answered like what is not there. */
static void
check_like_missing (FyrWriteContext *context, const Cell *cell, const char *outcome)
{
  const FyrRecordInfo *info = fyr_record_infos[cell->kind];
  g_autofree char *missing = NULL;
  char nowhere[37];
  guint64 set;

  if (matrix_reads (cell->actor, cell->kind, -1, cell->place) ||
      (cell->verb == VERB_CREATE && info->scope_by != FYR_SCOPE_BY_PATIENT)) {
    return;
  }
  world_id (nowhere);
  missing = try_mutation (context, cell->actor->station, mutation_of (cell, nowhere, &set, nowhere));
  if (!g_str_equal (missing, outcome)) {
    fail_cell (cell, outcome, missing);
  }
  cell->matrix->cells++;
}

static void
try_cell (FyrWriteContext *context, const Cell *cell)
{
  guint64 set;
  FyrWireMutation *mutation = mutation_of (cell, cell->matrix->ids[cell->kind][cell->place], &set, NULL);
  g_autofree char *outcome = try_mutation (context, cell->actor->station, mutation);
  gboolean allowed = matrix_writes (cell->actor, cell->kind, set, cell->place, cell->verb);

  if (allowed && (cell->verb == VERB_CREATE || cell->verb == VERB_UPDATE)) {
    if (strstr (outcome, "\"outcome\":\"applied\"") == NULL) {
      fail_cell (cell, outcome, "applied");
    }
  } else if (allowed ? is_refused_by_access (outcome) : !is_refused (outcome)) {
    fail_cell (cell, outcome, allowed ? "allowed" : "refused");
  }
  if (!allowed) {
    matrix_check_text (cell->matrix, cell->actor, outcome);
    check_like_missing (context, cell, outcome);
  }
  cell->matrix->cells++;
}

static void
try_record (FyrWriteContext *context, Cell cell)
{
  const FyrRecordInfo *info = fyr_record_infos[cell.kind];

  for (cell.field = 0; cell.field < info->n_fields; cell.field++) {
    cell.verb = VERB_UPDATE;
    try_cell (context, &cell);
    cell.verb = VERB_CREATE;
    try_cell (context, &cell);
  }
  cell.field = 0;
  cell.verb = VERB_DELETE;
  try_cell (context, &cell);
  cell.verb = VERB_COMMAND;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    cell.command = commands[i];
    try_cell (context, &cell);
  }
}

typedef struct {
  Matrix *matrix;
  const Actor *actor;
} ActorJob;

static gboolean
try_all_records (FyrWriteContext *context, gpointer data, GError **error)
{
  ActorJob *job = data;

  for (guint kind = 0; kind < job->matrix->n_kinds; kind++) {
    for (guint place = 0; place < N_MATRIX_PLACES; place++) {
      if (matrix_has (kind, (MatrixPlace)place)) {
        try_record (
            context,
            (Cell){ .matrix = job->matrix, .actor = job->actor, .kind = kind, .place = (MatrixPlace)place });
      }
    }
  }
  return TRUE;
}

static void
test_every_write_is_as_the_table_says (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < matrix->actors->len; i++) {
    ActorJob job = { matrix, g_ptr_array_index (matrix->actors, i) };
    g_assert_true (
        fyr_writer_run (fyr_server_get_writer (matrix->house->server), try_all_records, &job, &error));
    g_assert_no_error (error);
  }
  g_test_message ("cells %u", matrix->cells);
  g_assert_cmpuint (matrix->cells, >=, 40000);
  world_check_feeds (matrix->house->world);
}

/* Reading */

static void
take_entries (GHashTable *records, JsonArray *entries)
{
  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = json_array_get_object_element (entries, i);

    if (json_object_has_member (entry, "record")) {
      g_hash_table_insert (records, g_strdup (json_object_get_string_member (entry, "id")),
                           json_object_ref (json_object_get_object_member (entry, "record")));
    }
  }
}

/* Moves the cursors; whether there is more. */
static gboolean
take_page (GHashTable *records, JsonObject *cursors, const char *body)
{
  g_autoptr (JsonNode) node = json_from_string (body, NULL);
  JsonObject *page = json_node_get_object (node);
  JsonObject *scopes = json_object_get_object_member (page, "scopes");
  g_autoptr (GList) names = json_object_get_members (scopes);

  for (GList *l = names; l != NULL; l = l->next) {
    JsonObject *scope = json_object_get_object_member (scopes, l->data);

    take_entries (records, json_object_get_array_member (scope, "entries"));
    json_object_set_int_member (cursors, l->data, json_object_get_int_member (scope, "to"));
  }
  return !json_object_get_boolean_member (page, "complete");
}

static GHashTable *
pull_everything (Matrix *matrix, const Actor *actor)
{
  GHashTable *records =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref);
  g_autoptr (JsonObject) cursors = json_object_new ();
  gboolean more = TRUE;

  while (more) {
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), cursors);
    g_autofree char *text = json_to_string (node, FALSE);
    g_autoptr (Answer) answer =
        house_pull (matrix->house, actor->station->token, actor->station->device, text, 0);

    g_assert_cmpuint (answer->status, ==, 200);
    matrix->cells += matrix_check_text (matrix, actor, answer->body);
    more = take_page (records, cursors, answer->body);
  }
  return records;
}

static void
check_read_fields (Matrix *matrix, const Actor *actor, guint kind, MatrixPlace place, JsonObject *record)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];

  for (guint f = 0; f < info->n_fields; f++) {
    g_autofree char *lies_there = matrix_field_json (matrix, NULL, kind, f, place);
    gboolean wanted = lies_there != NULL && matrix_reads (actor, kind, (int)f, place);
    gboolean got = record != NULL && json_object_has_member (record, info->fields[f].name);

    if (wanted != got) {
      g_error ("%s pulls %s.%s of place %d: %d", actor->name, info->kind, info->fields[f].name, place, got);
    }
    matrix->cells++;
  }
}

static void
test_every_field_pulled_is_as_the_table_says (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();

  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    g_autoptr (GHashTable) records = pull_everything (matrix, actor);

    for (guint kind = 0; kind < matrix->n_kinds; kind++) {
      for (guint place = 0; place < N_MATRIX_PLACES; place++) {
        if (matrix_has (kind, (MatrixPlace)place)) {
          check_read_fields (matrix, actor, kind, (MatrixPlace)place,
                             g_hash_table_lookup (records, matrix->ids[kind][place]));
        }
      }
    }
  }
  g_test_message ("cells %u", matrix->cells);
  g_assert_cmpuint (matrix->cells, >=, 12000);
}

/* The same refusals through the whole server: bytes in, bytes out. */

static void
add_refused (GPtrArray *mutations, Matrix *matrix, const Actor *actor, guint kind, MatrixPlace place)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];

  for (guint f = 0; f < info->n_fields; f++) {
    for (guint verb = VERB_CREATE; verb <= VERB_COMMAND; verb++) {
      Cell cell = { matrix, actor, (MatrixVerb)verb, commands[f % 5], kind, f, place };
      guint64 set;
      FyrWireMutation *mutation = mutation_of (&cell, matrix->ids[kind][place], &set, NULL);

      if (matrix_writes (actor, kind, set, place, (MatrixVerb)verb)) {
        fyr_wire_mutation_free (mutation);
      } else {
        g_ptr_array_add (mutations, mutation);
      }
    }
  }
}

/* Seals the next at most 500 and sends them. */
static guint
push_refused (Matrix *matrix, const Actor *actor, GPtrArray *mutations)
{
  g_autoptr (FyrPushRequest) request = station_request (actor->station, NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (Answer) answer = NULL;
  g_autoptr (FyrPushReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  Station *station = actor->station;

  while (mutations->len > 0 && request->mutations->len < 500) {
    FyrWireMutation *mutation = g_ptr_array_steal_index_fast (mutations, mutations->len - 1);

    mutation->number = ++station->number;
    fyr_wire_mutation_seal (mutation, station->hash);
    memcpy (station->hash, mutation->hash, FYR_HASH_TEXT_SIZE);
    g_ptr_array_add (request->mutations, mutation);
  }
  fyr_push_request_write (request, text);
  answer = house_ask (matrix->house, "POST", "/sync/v1/push", station->token, text->str);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (matrix_check_text (matrix, actor, answer->body), ==, 0);
  reply = fyr_push_reply_parse (answer->body, strlen (answer->body), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->outcomes->len, ==, request->mutations->len);
  for (guint i = 0; i < reply->outcomes->len; i++) {
    FyrWireOutcome *outcome = g_ptr_array_index (reply->outcomes, i);
    g_assert_cmpint (outcome->kind, ==, FYR_WIRE_OUTCOME_REFUSED);
  }
  return reply->outcomes->len;
}

/* Every count of every table, so that nothing was written by any of it. */
static char *
count_all (Matrix *matrix)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint kind = 0; kind < matrix->n_kinds; kind++) {
    g_autofree char *sql = g_strdup_printf ("SELECT count (*) * 1000000 + sum (version) FROM \"%s\"",
                                            fyr_record_infos[kind]->kind);
    g_string_append_printf (text, "%s %" G_GINT64_FORMAT "\n", fyr_record_infos[kind]->kind,
                            world_count (matrix->house->world, sql));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_every_refusal_is_one_over_http_too (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  g_autofree char *before = count_all (matrix);
  g_autofree char *after = NULL;
  /* Under fewer rounds every actor still has each kind; which of its cells go over the wire is by chance. */
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_wire_mutation_free);

    for (guint kind = 0; kind < matrix->n_kinds; kind++) {
      MatrixPlace place = (MatrixPlace)g_rand_int_range (rand, 0, N_MATRIX_PLACES);
      add_refused (mutations, matrix, actor, kind, matrix_has (kind, place) ? place : PLACE_FAR);
    }
    while (mutations->len > 0) {
      matrix->cells += push_refused (matrix, actor, mutations);
    }
  }
  after = count_all (matrix);
  g_assert_cmpstr (after, ==, before);
  g_test_message ("cells %u", matrix->cells);
  g_assert_cmpuint (matrix->cells, >=, 10000);
}

/* Live: names of feeds and numbers, of granted feeds alone */

typedef struct {
  gboolean open;
  SoupWebsocketConnection *connection;
  GString *text;
  GHashTable *scopes;
} Ear;

static void
on_frame (SoupWebsocketConnection *connection, gint type, GBytes *bytes, gpointer data)
{
  Ear *ear = data;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (GList) names =
      json_object_get_members (json_object_get_object_member (json_node_get_object (node), "heads"));

  g_string_append (ear->text, text);
  for (GList *l = names; l != NULL; l = l->next) {
    g_hash_table_add (ear->scopes, g_strdup (l->data));
  }
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Ear *ear = data;

  ear->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  g_assert_nonnull (ear->connection);
  g_signal_connect (ear->connection, "message", G_CALLBACK (on_frame), ear);
  ear->open = TRUE;
}

static void
ear_open (Ear *ear, House *house, const char *token)
{
  static char *protocols[] = { (char *)"fyrlykt.1", NULL };
  g_autofree char *uri = g_strdup_printf ("%s/sync/v1/live", fyr_server_get_url (house->server));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  ear->text = g_string_new (NULL);
  ear->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  soup_session_websocket_connect_async (house->session, message, NULL, protocols, G_PRIORITY_DEFAULT, NULL,
                                        on_connected, ear);
  g_assert_true (house_run (&ear->open, 30000));
}

static void
ear_close (Ear *ear)
{
  g_signal_handlers_disconnect_by_data (ear->connection, ear);
  g_clear_object (&ear->connection);
  g_string_free (ear->text, TRUE);
  g_hash_table_unref (ear->scopes);
}

/* The feeds the table gives. */
static GHashTable *
feeds_of (Matrix *matrix, const Actor *actor)
{
  World *world = matrix->house->world;
  GHashTable *feeds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean far = actor->standing == STANDING_FAR_MEMBER;

  if (!matrix_relates (actor, 0, PLACE_FAR) && !matrix_relates (actor, 0, PLACE_LISTED)) {
    return feeds;
  }
  g_hash_table_add (feeds, g_strdup ("global/configuration"));
  for (guint scope = 0; scope < FYR_SCOPE_CLASS_N; scope++) {
    if (scope != FYR_SCOPE_CLASS_PRIVATE && (fyr_role_access[actor->role].scopes & (1u << scope)) != 0) {
      g_hash_table_add (feeds, g_strdup_printf ("%s/%s", far ? world->far_centre : world->centre,
                                                fyr_scope_class_to_string ((FyrScopeClass)scope)));
    }
  }
  if (actor->role == FYR_ROLE_GP && actor->standing != STANDING_NO_LIST) {
    g_hash_table_add (feeds,
                      g_strdup_printf ("patient:%s", matrix->patients[far ? PLACE_FAR : PLACE_LISTED]));
    g_hash_table_add (feeds, g_strdup_printf ("patient:%s", far ? world->far : world->one));
  }
  matrix_add_opened (matrix, actor, feeds);
  return feeds;
}

static gboolean
touch_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Matrix *matrix = data;

  for (guint kind = 0; kind < matrix->n_kinds; kind++) {
    for (guint place = 0; place < N_MATRIX_PLACES; place++) {
      g_autoptr (FyrRecord) record = NULL;

      if (!matrix_has (kind, (MatrixPlace)place)) {
        continue;
      }
      record = fyr_apply_get (context, fyr_record_infos[kind], matrix->ids[kind][place], error);
      if (record != NULL && matrix_is_kept (kind)) {
        /* Never changed: one more, as the first. */
        char id[37];

        world_id (id);
        fyr_record_set_id (record, id);
      }
      if (record == NULL || !fyr_apply_put (context, record, error)) {
        return FALSE;
      }
    }
  }
  return TRUE;
}

static gboolean
all_heard (Ear *ears, GHashTable **feeds, guint n)
{
  for (guint i = 0; i < n; i++) {
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init (&iter, feeds[i]);
    while (g_hash_table_iter_next (&iter, &name, NULL)) {
      if (!g_hash_table_contains (ears[i].scopes, name)) {
        return FALSE;
      }
    }
  }
  return TRUE;
}

static void
check_frames (Matrix *matrix, Ear *ear, GHashTable *feeds)
{
  GHashTableIter iter;
  gpointer name;

  g_assert_null (strstr (ear->text->str, MATRIX_MARK));
  g_hash_table_iter_init (&iter, ear->scopes);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (!g_hash_table_contains (feeds, name)) {
      g_error ("live tells of %s", (const char *)name);
    }
    matrix->cells++;
  }
}

static void
test_live_tells_of_granted_feeds_alone (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  guint n = matrix->actors->len;
  g_autofree Ear *ears = g_new0 (Ear, n);
  g_autofree GHashTable **feeds = g_new0 (GHashTable *, n);
  g_autoptr (GError) error = NULL;
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (guint i = 0; i < n; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    feeds[i] = feeds_of (matrix, actor);
    ear_open (&ears[i], matrix->house, actor->station->token);
  }
  g_assert_true (fyr_writer_run (fyr_server_get_writer (matrix->house->server), touch_job, matrix, &error));
  g_assert_no_error (error);
  while (!all_heard (ears, feeds, n) && g_get_monotonic_time () < until) {
    house_run (NULL, 20);
  }
  g_assert_true (all_heard (ears, feeds, n));
  house_run (NULL, 200);
  for (guint i = 0; i < n; i++) {
    check_frames (matrix, &ears[i], feeds[i]);
    ear_close (&ears[i]);
    g_hash_table_unref (feeds[i]);
  }
  g_test_message ("cells %u", matrix->cells);
}

/* Figures and sessions */

static void
test_figures_are_for_those_who_count (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  World *world = matrix->house->world;

  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    g_autoptr (Answer) answer =
        house_ask (matrix->house, "GET", "/figures/v1/centre", actor->station->token, NULL);
    gboolean far = actor->standing == STANDING_FAR_MEMBER;
    gboolean counts = (actor->role == FYR_ROLE_MANAGER || actor->role == FYR_ROLE_ADMINISTRATOR) &&
                      (actor->standing == STANDING_MEMBER || actor->standing == STANDING_EMERGENCY || far);

    g_assert_cmpuint (answer->status, ==, counts ? 200 : 403);
    g_assert_null (strstr (answer->body, MATRIX_MARK));
    g_assert_null (strstr (answer->body, far ? world->centre : world->far_centre));
    for (guint place = 0; place < N_MATRIX_PLACES; place++) {
      g_assert_null (strstr (answer->body, matrix->patients[place]));
    }
  }
}

static void
test_sessions_of_others_are_neither_listed_nor_ended (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  gint64 before = world_count (matrix->house->world, "SELECT count (*) FROM session");
  g_autofree char *missing_body = NULL;

  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    const Actor *other = g_ptr_array_index (matrix->actors, (i + 1) % matrix->actors->len);
    g_autoptr (Answer) list =
        house_ask (matrix->house, "GET", "/auth/v1/sessions", actor->station->token, NULL);
    g_autoptr (Answer) others =
        house_ask (matrix->house, "GET", "/auth/v1/sessions", other->station->token, NULL);
    g_autoptr (Answer) ended = NULL;
    g_autoptr (Answer) missing = NULL;
    g_autofree char *body = NULL;
    g_autofree char *nowhere = NULL;
    char fresh[37], session[37];

    g_assert_nonnull (strstr (list->body, actor->station->device));
    g_assert_null (strstr (list->body, other->station->device));
    g_strlcpy (session, strstr (others->body, "\"session\":\"") + 11, sizeof session);
    body = g_strdup_printf ("{\"session\":\"%s\"}", session);
    world_id (fresh);
    nowhere = g_strdup_printf ("{\"session\":\"%s\"}", fresh);
    ended = house_ask (matrix->house, "POST", "/auth/v1/sessions/end", actor->station->token, body);
    missing = house_ask (matrix->house, "POST", "/auth/v1/sessions/end", actor->station->token, nowhere);
    g_assert_cmpuint (ended->status, ==, 404);
    g_assert_cmpuint (missing->status, ==, 404);
    g_assert_cmpstr (ended->body, ==, missing->body);
  }
  g_assert_cmpint (world_count (matrix->house->world, "SELECT count (*) FROM session"), ==, before);
}

/* The gateways' entrance */

typedef struct {
  FyrGateway gateway;
  char *token;
} NewGateway;

static gboolean
gateway_job (FyrWriteContext *context, gpointer data, GError **error)
{
  NewGateway *made = data;

  made->token = fyr_gateway_create (context, &made->gateway, "port", error);
  return made->token != NULL;
}

static Answer *
report (Matrix *matrix, const char *token, const char *system, const char *number, const char *device)
{
  g_autofree char *body = g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
      "\"http://"
      "loinc.org\",\"code\":\"2708-6\"}]},\"subject\":{\"identifier\":{\"system\":\"%s\",\"value\":\"%s\"}},"
      "\"effectiveDateTime\":\"2026-01-05T08:00:00+01:00\",\"identifier\":[{\"system\":\"urn:test\","
      "\"value\":\"%s\"}],"
      "\"valueQuantity\":{\"value\":95,\"system\":\"http://unitsofmeasure.org\",\"code\":\"%%\"}}",
      system, number, device);

  return house_ask (matrix->house, "POST", "/fhir/Observation", token, body);
}

static const char *session_paths[][2] = {
  { "POST", "/sync/v1/push" },    { "POST", "/sync/v1/pull" },     { "GET", "/sync/v1/live" },
  { "GET", "/auth/v1/sessions" }, { "POST", "/auth/v1/sign-out" }, { "GET", "/figures/v1/centre" },
};

static const char *
a_body_for (Matrix *matrix, const char *path, char **keep)
{
  const char *epoch = fyr_server_db_get_epoch (matrix->house->world->db);
  const char *device = ((Actor *)g_ptr_array_index (matrix->actors, 0))->station->device;

  if (g_str_has_suffix (path, "push")) {
    *keep = g_strdup_printf (
        "{\"epoch\":\"%s\",\"schema\":1,\"device\":\"%s\",\"incarnation\":\"%s\",\"first\":1,"
        "\"previous_hash\":\"" FYR_HASH_ZERO "\",\"mutations\":[]}",
        epoch, device, device);
  } else if (g_str_has_suffix (path, "pull")) {
    *keep = g_strdup_printf (
        "{\"epoch\":\"%s\",\"schema\":1,\"device\":\"%s\",\"cursors\":{},\"max_bytes\":65536,"
        "\"wait\":0,\"first\":true}",
        epoch, device);
  }
  return *keep;
}

static void
test_a_gateway_reports_for_its_own_centre_and_reads_nothing (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  World *world = matrix->house->world;
  NewGateway made = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) own = NULL;
  g_autoptr (Answer) far = NULL;
  g_autoptr (Answer) nobody = NULL;
  g_autoptr (Answer) read = NULL;
  g_autofree char *far_number = NULL;
  g_autofree char *path = g_strdup_printf ("/fhir/Patient/%s", world->one);
  guint patient_kind = 0;

  g_strlcpy (made.gateway.centre_id, world->centre, sizeof made.gateway.centre_id);
  g_assert_true (fyr_writer_run (fyr_server_get_writer (matrix->house->server), gateway_job, &made, &error));
  own = report (matrix, made.token, "urn:oid:2.16.578.1.12.4.1.4.1", MARK_IDENTITY, "a");
  g_assert_cmpuint (own->status, ==, 201);
  while (fyr_record_infos[patient_kind] != &fyr_patient_info) {
    patient_kind++;
  }
  far_number = matrix_marker (patient_kind, FYR_PATIENT_IDENTITY_NUMBER, PLACE_FAR);
  far = report (matrix, made.token, "urn:oid:1.2.3.4", far_number, "b");
  nobody = report (matrix, made.token, "urn:oid:1.2.3.4", MATRIX_MARK "Z9999Z", "b");
  g_assert_cmpuint (far->status, >=, 400);
  g_assert_cmpuint (far->status, ==, nobody->status);
  g_assert_cmpstr (far->body, ==, nobody->body);
  g_assert_null (strstr (far->body, far_number));
  read = house_ask (matrix->house, "GET", path, made.token, NULL);
  g_assert_cmpuint (read->status, >=, 400);
  g_assert_null (strstr (read->body, MATRIX_MARK));
  for (guint i = 0; i < G_N_ELEMENTS (session_paths); i++) {
    g_autofree char *keep = NULL;
    g_autoptr (Answer) answer = house_ask (matrix->house, session_paths[i][0], session_paths[i][1],
                                           made.token, a_body_for (matrix, session_paths[i][1], &keep));
    g_assert_cmpuint (answer->status, ==, 401);
  }
  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);
    g_autoptr (Answer) answer =
        report (matrix, actor->station->token, "urn:oid:2.16.578.1.12.4.1.4.1", MARK_IDENTITY, "c");
    g_assert_cmpuint (answer->status, ==, 401);
  }
  g_free (made.token);
}

/* Missing and forbidden cost the same */

static gint64
cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

#define TIMED 400

typedef struct {
  Matrix *matrix;
  gint64 forbidden[TIMED];
  gint64 missing[TIMED];
} Timing;

static gint64
time_of_update (FyrWriteContext *context, const Cell *cell, const char *id)
{
  guint64 set;
  FyrWireMutation *mutation = mutation_of (cell, id, &set, NULL);
  gint64 begin = cpu_ns ();
  g_autofree char *outcome = try_mutation (context, cell->actor->station, mutation);
  gint64 end = cpu_ns ();

  g_assert_true (is_refused (outcome));
  return end - begin;
}

static gboolean
timing_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Timing *timing = data;
  Matrix *matrix = timing->matrix;
  Cell cell = { .matrix = matrix,
                .actor = g_ptr_array_index (matrix->actors, 0),
                .verb = VERB_UPDATE,
                .field = FYR_NOTE_TEXT,
                .place = PLACE_FAR };

  while (fyr_record_infos[cell.kind] != &fyr_note_info) {
    cell.kind++;
  }
  for (guint i = 0; i < TIMED; i++) {
    char nowhere[37];

    world_id (nowhere);
    timing->forbidden[i] = time_of_update (context, &cell, matrix->ids[cell.kind][PLACE_FAR]);
    timing->missing[i] = time_of_update (context, &cell, nowhere);
  }
  return TRUE;
}

static void
test_missing_and_forbidden_cost_about_the_same (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  g_autofree Timing *timing = g_new0 (Timing, 1);
  g_autoptr (GError) error = NULL;
  double ratio;

  timing->matrix = matrix;
  g_assert_true (fyr_writer_run (fyr_server_get_writer (matrix->house->server), timing_job, timing, &error));
  g_assert_no_error (error);
  qsort (timing->forbidden, TIMED, sizeof (gint64), compare_times);
  qsort (timing->missing, TIMED, sizeof (gint64), compare_times);
  ratio = (double)timing->forbidden[TIMED / 2] / (double)timing->missing[TIMED / 2];
  g_test_message ("ratio %.3f", ratio);
  g_assert_cmpfloat (ratio, >, 0.5);
  g_assert_cmpfloat (ratio, <, 2);
}

/* What was deleted */

static gboolean
delete_marked (FyrWriteContext *context, gpointer data, GError **error)
{
  Matrix *matrix = data;

  for (guint kind = 0; kind < matrix->n_kinds; kind++) {
    const FyrRecordInfo *info = fyr_record_infos[kind];

    if (info != &fyr_device_info && info != &fyr_condition_info && info != &fyr_related_person_info) {
      continue;
    }
    for (guint place = 0; place < N_MATRIX_PLACES; place++) {
      if (matrix_has (kind, (MatrixPlace)place) &&
          !fyr_apply_delete (context, info, matrix->ids[kind][place], error)) {
        return FALSE;
      }
    }
  }
  return TRUE;
}

/* (transfer full): what a deletion of this id is answered. */
static char *
delete_by (FyrWriteContext *context, Matrix *matrix, const Actor *actor, guint kind, const char *id)
{
  Cell cell = { .matrix = matrix, .actor = actor, .verb = VERB_DELETE, .kind = kind };
  guint64 set;

  return try_mutation (context, actor->station, mutation_of (&cell, id, &set, NULL));
}

static gboolean
delete_again (FyrWriteContext *context, gpointer data, GError **error)
{
  Matrix *matrix = data;

  for (guint i = 0; i < matrix->actors->len; i++) {
    const Actor *actor = g_ptr_array_index (matrix->actors, i);

    for (guint kind = 0; kind < matrix->n_kinds; kind++) {
      const FyrRecordInfo *info = fyr_record_infos[kind];

      if (info != &fyr_device_info && info != &fyr_condition_info && info != &fyr_related_person_info) {
        continue;
      }
      for (guint place = 0; place < N_MATRIX_PLACES; place++) {
        g_autofree char *there = NULL;
        g_autofree char *nowhere = NULL;
        char fresh[37];

        /* A patient barred to the actor is in the centre's feed all the same, whose readers hear of deletions. */
        if (!matrix_has (kind, (MatrixPlace)place) || place == PLACE_BARRED ||
            matrix_reads (actor, kind, -1, (MatrixPlace)place)) {
          continue;
        }
        world_id (fresh);
        there = delete_by (context, matrix, actor, kind, matrix->ids[kind][place]);
        nowhere = delete_by (context, matrix, actor, kind, fresh);
        g_assert_true (is_refused (there));
        g_assert_cmpstr (there, ==, nowhere);
        matrix->cells++;
      }
    }
  }
  return TRUE;
}

static void
test_what_was_deleted_elsewhere_looks_as_if_it_never_was (void)
{
  g_autoptr (Matrix) matrix = matrix_new ();
  FyrWriter *writer = fyr_server_get_writer (matrix->house->server);
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_writer_run (writer, delete_marked, matrix, &error));
  g_assert_true (fyr_writer_run (writer, delete_again, matrix, &error));
  g_assert_no_error (error);
  g_test_message ("cells %u", matrix->cells);
  g_assert_cmpuint (matrix->cells, >, 150);
}

/* What the server writes about all this */

static void
test_the_log_names_nobody (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "fyrlykt-matrix-log-XXXXXX", NULL);
  int log = g_mkstemp (path);
  int kept = dup (STDERR_FILENO);
  g_autofree char *text = NULL;

  g_assert_cmpint (dup2 (log, STDERR_FILENO), >=, 0);
  {
    g_autoptr (Matrix) matrix = matrix_new ();

    fyr_log_set_enabled (TRUE);
    for (guint i = 0; i < matrix->actors->len; i++) {
      const Actor *actor = g_ptr_array_index (matrix->actors, i);
      g_autoptr (GHashTable) records = pull_everything (matrix, actor);
      g_autoptr (GPtrArray) mutations =
          g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_wire_mutation_free);
      g_autoptr (Answer) wrong = house_ask (matrix->house, "POST", "/auth/v1/sign-in", NULL,
                                            "{\"user_name\":\"" MATRIX_MARK "\",\"password\":\"" MATRIX_MARK
                                            "\",\"device\":{\"id\":\"x\",\"name\":\"" MATRIX_MARK "\"}}");

      g_assert_cmpuint (wrong->status, >=, 400);
      add_refused (mutations, matrix, actor, 5, PLACE_FAR);
      push_refused (matrix, actor, mutations);
    }
  }
  fyr_log_set_enabled (FALSE);
  fsync (log);
  dup2 (kept, STDERR_FILENO);
  close (kept);
  close (log);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, MATRIX_MARK));
  g_assert_null (strstr (text, MARK_CLINICAL));
  g_unlink (path);
}

#define ADD(name) g_test_add_func ("/server/matrix/" #name, test_##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (every_write_is_as_the_table_says);
  ADD (every_field_pulled_is_as_the_table_says);
  ADD (every_refusal_is_one_over_http_too);
  ADD (live_tells_of_granted_feeds_alone);
  ADD (figures_are_for_those_who_count);
  ADD (sessions_of_others_are_neither_listed_nor_ended);
  ADD (a_gateway_reports_for_its_own_centre_and_reads_nothing);
  ADD (missing_and_forbidden_cost_about_the_same);
  ADD (what_was_deleted_elsewhere_looks_as_if_it_never_was);
  ADD (the_log_names_nobody);
  return g_test_run ();
}
