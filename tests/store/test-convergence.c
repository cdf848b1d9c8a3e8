/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-table.h"
#include "fyr-merge.h"
#include "fyr-mutation-private.h"
#include "fyr-store-fixture.h"

/*
 * Random histories of two workstations and a server made of a few arrays. Whatever order work, pushes, answers (lost,
 * repeated) and pulls come in: once quiet, both show exactly what the server has, nothing is lost or done twice, and
 * nobody's change was overwritten unseen. Each run from a printed seed.
 */

#define N_STATIONS 2
#define N_PATIENTS 3
#define N_ALERTS 3
#define N_STEPS 120

typedef struct {
  gint64 seq;
  char *kind;
  char *id;
} FeedEntry;

/* The server: records by kind and id, one feed a class, outcomes by author and number. */
typedef struct {
  GHashTable *records; /* "kind/id" → FyrRecord */
  GPtrArray *feeds[FYR_SCOPE_CLASS_N];
  GHashTable *outcomes; /* "author/number" → FyrPushOutcome */
  guint applied;
  char centre[37];
} Server;

typedef struct {
  FyrStoreFixture fixture;
  char author[37];
} Station;

static void
feed_entry_free (gpointer data)
{
  FeedEntry *entry = data;

  g_free (entry->kind);
  g_free (entry->id);
  g_free (entry);
}

static Server *
server_new (void)
{
  Server *server = g_new0 (Server, 1);

  server->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  server->outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < FYR_SCOPE_CLASS_N; i++) {
    server->feeds[i] = g_ptr_array_new_with_free_func (feed_entry_free);
  }
  fyr_test_new_id (server->centre);
  return server;
}

static void
server_free (Server *server)
{
  for (guint i = 0; i < FYR_SCOPE_CLASS_N; i++) {
    g_ptr_array_unref (server->feeds[i]);
  }
  g_hash_table_unref (server->records);
  g_hash_table_unref (server->outcomes);
  g_free (server);
}

static FyrRecord *
server_get (Server *server, const char *kind, const char *id)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", kind, id);

  return g_hash_table_lookup (server->records, key);
}

/* Takes @record over, as its next version. */
static void
server_put (Server *server, FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  FyrRecord *former = server_get (server, info->kind, fyr_record_get_id (record));
  FeedEntry *entry = g_new0 (FeedEntry, 1);

  fyr_record_set_version (record, former != NULL ? fyr_record_get_version (former) + 1 : 1);
  entry->seq = server->feeds[info->scope]->len + 1;
  entry->kind = g_strdup (info->kind);
  entry->id = g_strdup (fyr_record_get_id (record));
  g_ptr_array_add (server->feeds[info->scope], entry);
  g_hash_table_insert (server->records, g_strdup_printf ("%s/%s", info->kind, fyr_record_get_id (record)),
                       record);
}

static FyrPushOutcome
judge_create (Server *server, FyrMutation *mutation)
{
  FyrPushOutcome outcome = { .kind = FYR_OUTCOME_KIND_APPLIED, .version = 1 };

  if (server_get (server, mutation->info->kind, mutation->record_id) != NULL) {
    outcome.kind = FYR_OUTCOME_KIND_REFUSED;
    outcome.code = "duplicate";
  } else {
    server_put (server, fyr_mutation_apply (mutation, NULL));
  }
  return outcome;
}

static FyrPushOutcome
judge_update (Server *server, FyrMutation *mutation)
{
  FyrRecord *now = server_get (server, mutation->info->kind, mutation->record_id);
  FyrPushOutcome outcome = { .kind = FYR_OUTCOME_KIND_REFUSED, .code = "unknown-record" };
  gboolean behind;

  if (now == NULL) {
    return outcome;
  }
  behind = mutation->base_version != fyr_record_get_version (now);
  if (!fyr_mutation_saw (mutation, now)) {
    return (FyrPushOutcome){ .kind = FYR_OUTCOME_KIND_CONFLICT, .conflict = "{}" };
  }
  server_put (server, fyr_mutation_apply (mutation, fyr_record_copy (now)));
  now = server_get (server, mutation->info->kind, mutation->record_id);
  return (FyrPushOutcome){ .kind = behind ? FYR_OUTCOME_KIND_MERGED : FYR_OUTCOME_KIND_APPLIED,
                           .version = fyr_record_get_version (now) };
}

static FyrPushOutcome
judge_command (Server *server, FyrMutation *mutation)
{
  FyrRecord *now = server_get (server, "alert", mutation->record_id);
  FyrAlertRefusal refusal = fyr_mutation_judge (mutation, FYR_ALERT (now));

  if (refusal != FYR_ALERT_REFUSAL_NONE && refusal != FYR_ALERT_REFUSAL_UNCHANGED) {
    return (FyrPushOutcome){ .kind = FYR_OUTCOME_KIND_REFUSED, .code = fyr_alert_refusal_to_code (refusal) };
  }
  server_put (server, fyr_mutation_make_event (mutation, fyr_alert_get_patient_id (FYR_ALERT (now))));
  server_put (server, fyr_mutation_apply (mutation, fyr_record_copy (now)));
  now = server_get (server, "alert", mutation->record_id);
  return (FyrPushOutcome){ .kind = FYR_OUTCOME_KIND_APPLIED, .version = fyr_record_get_version (now) };
}

static gboolean
depends_on_unapplied (Server *server, const char *author, FyrOutboxEntry *entry)
{
  g_autoptr (JsonObject) object = fyr_outbox_entry_to_json (entry);
  gint64 number = json_object_get_int_member_with_default (object, "depends_on", 0);
  g_autofree char *key = g_strdup_printf ("%s/%" G_GINT64_FORMAT, author, number);
  FyrPushOutcome *outcome = number > 0 ? g_hash_table_lookup (server->outcomes, key) : NULL;

  return outcome != NULL && outcome->kind != FYR_OUTCOME_KIND_APPLIED &&
         outcome->kind != FYR_OUTCOME_KIND_MERGED;
}

/* A known number gets its stored outcome again. */
static FyrPushOutcome
server_judge (Server *server, const char *author, FyrOutboxEntry *entry)
{
  g_autofree char *key =
      g_strdup_printf ("%s/%" G_GINT64_FORMAT, author, fyr_outbox_entry_get_number (entry));
  FyrPushOutcome *known = g_hash_table_lookup (server->outcomes, key);
  g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_outbox_entry_get_payload (entry), author, NULL);
  FyrPushOutcome outcome;

  if (known != NULL) {
    return *known;
  }
  if (depends_on_unapplied (server, author, entry)) {
    outcome = (FyrPushOutcome){ .kind = FYR_OUTCOME_KIND_LATER };
  } else if (fyr_mutation_is_alert_command (mutation)) {
    outcome = judge_command (server, mutation);
  } else if (g_str_equal (mutation->command, "create")) {
    outcome = judge_create (server, mutation);
  } else {
    outcome = judge_update (server, mutation);
  }
  outcome.number = fyr_outbox_entry_get_number (entry);
  server->applied += outcome.kind == FYR_OUTCOME_KIND_APPLIED || outcome.kind == FYR_OUTCOME_KIND_MERGED;
  g_hash_table_insert (server->outcomes, g_steal_pointer (&key), g_memdup2 (&outcome, sizeof outcome));
  return outcome;
}

/* One push; the answer may be lost on the way, then the same is pushed again some other time. */
static gboolean
push (Server *server, Station *station, GRand *rand, gboolean may_lose)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (&station->fixture, station->author);
  g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (FyrPushOutcome));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < batch->entries->len; i++) {
    FyrPushOutcome outcome = server_judge (server, station->author, batch->entries->pdata[i]);

    g_array_append_val (outcomes, outcome);
  }
  if (batch->entries->len == 0 || (may_lose && g_rand_int_range (rand, 0, 3) == 0)) {
    return batch->entries->len > 0;
  }
  result = FYR_AWAIT (fyr_store_apply_outcomes_async (
      station->fixture.store, station->author, batch->incarnation, (FyrPushOutcome *)(gpointer)outcomes->data,
      outcomes->len, FYR_TEST_NOW, FYR_SLOT));
  fyr_store_apply_outcomes_finish (station->fixture.store, result, &error);
  g_assert_no_error (error);
  return TRUE;
}

/* An entry overtaken by a later one of the page is skipped, as the server does. */
static gboolean
is_overtaken (GPtrArray *feed, gint64 seq, gint64 to)
{
  const FeedEntry *entry = feed->pdata[seq - 1];

  for (gint64 later = seq + 1; later <= to; later++) {
    const FeedEntry *other = feed->pdata[later - 1];

    if (g_str_equal (entry->kind, other->kind) && g_str_equal (entry->id, other->id)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* One page over all feeds, at most @max entries of each. Returns whether anything came. */
static gboolean
pull (Server *server, Station *station, guint max)
{
  g_autoptr (FyrPullPage) page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean any = FALSE;

  for (guint k = 0; k < FYR_SCOPE_CLASS_N; k++) {
    gint64 *cursor = &station->fixture.seq[k];
    gint64 to = MIN (*cursor + max, server->feeds[k]->len);
    g_autofree char *scope =
        g_strdup_printf ("%s/%s", server->centre, fyr_scope_class_to_string ((FyrScopeClass)k));

    if (to > *cursor) {
      fyr_pull_page_add_scope (page, scope, *cursor + 1, to);
      any = TRUE;
    }
    for (gint64 seq = *cursor + 1; seq <= to; seq++) {
      const FeedEntry *entry = server->feeds[k]->pdata[seq - 1];

      if (is_overtaken (server->feeds[k], seq, to)) {
        fyr_pull_page_add_skip (page, seq);
      } else {
        g_autoptr (FyrRecord) copy = fyr_record_copy (server_get (server, entry->kind, entry->id));

        fyr_pull_page_add_put (page, seq, copy);
      }
    }
    *cursor = to;
  }
  result = FYR_AWAIT (fyr_store_apply_pull_async (station->fixture.store, page, FYR_SLOT));
  fyr_store_apply_pull_finish (station->fixture.store, result, &error);
  g_assert_no_error (error);
  return any;
}

static FyrRecord *
pick (Station *station, const FyrRecordInfo *info, GRand *rand)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_list_records_async (station->fixture.store, info->kind, NULL, NULL, FYR_SLOT));
  g_autoptr (GPtrArray) records = fyr_store_list_records_finish (station->fixture.store, result, NULL);

  return records->len > 0 ? g_object_ref (records->pdata[g_rand_int_range (rand, 0, (gint32)records->len)])
                          : NULL;
}

static void
edit_patient (Station *station, GRand *rand)
{
  g_autoptr (FyrRecord) before = pick (station, &fyr_patient_info, rand);
  g_autoptr (FyrRecord) after = before != NULL ? fyr_record_copy (before) : NULL;
  g_autofree char *text = g_strdup_printf ("%d", g_rand_int_range (rand, 0, 1000000));
  FyrMutation *mutation;

  if (before == NULL) {
    return;
  }
  switch (g_rand_int_range (rand, 0, 3)) {
  case 0:
    fyr_patient_set_telephone (FYR_PATIENT (after), text);
    break;
  case 1:
    fyr_patient_set_city (FYR_PATIENT (after), text);
    break;
  default:
    fyr_patient_set_zone (FYR_PATIENT (after), (FyrZone)g_rand_int_range (rand, 1, 4));
    break;
  }
  mutation = fyr_mutation_new_update (before, after, station->author);
  if (mutation != NULL) {
    g_object_unref (fyr_test_save (&station->fixture, mutation, NULL));
  }
}

static void
write_note (Station *station, GRand *rand)
{
  g_autoptr (FyrRecord) patient = pick (station, &fyr_patient_info, rand);
  g_autoptr (FyrNote) note = fyr_test_note (&station->fixture, "note");

  if (patient != NULL) {
    fyr_note_set_patient_id (note, fyr_record_get_id (patient));
    fyr_test_save_ok (&station->fixture, fyr_mutation_new_create (FYR_RECORD (note), station->author));
  }
}

/* Some commands are refused here already; that is part of it. */
static void
handle_alert (Station *station, GRand *rand)
{
  g_autoptr (FyrRecord) alert = pick (station, &fyr_alert_info, rand);
  FyrAlertAction action =
      (FyrAlertAction)g_rand_int_range (rand, FYR_ALERT_ACTION_TAKE, FYR_ALERT_ACTION_REOPEN + 1);
  g_autoptr (FyrSaveReceipt) receipt = NULL;

  if (alert != NULL) {
    receipt =
        fyr_test_save (&station->fixture,
                       fyr_mutation_new_alert_command (FYR_ALERT (alert), action, FYR_ALERT_OUTCOME_NO_ACTION,
                                                       "text", station->author),
                       NULL);
  }
}

/* Gives up or insists on what the server did not take. Returns whether there was any. */
static gboolean
settle_one (Station *station, GRand *rand)
{
  g_autoptr (GPtrArray) entries =
      fyr_test_outbox (&station->fixture, 1u << FYR_OUTBOX_CONFLICT | 1u << FYR_OUTBOX_REFUSED);
  FyrOutboxEntry *entry = entries->len > 0 ? entries->pdata[entries->len - 1] : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (entry == NULL) {
    return FALSE;
  }
  if (fyr_outbox_entry_get_state (entry) == FYR_OUTBOX_CONFLICT && g_rand_boolean (rand)) {
    result = FYR_AWAIT (
        fyr_store_retry_async (station->fixture.store, fyr_outbox_entry_get_key (entry), FYR_SLOT));
    g_assert_true (fyr_store_retry_finish (station->fixture.store, result, NULL));
  } else {
    result = FYR_AWAIT (
        fyr_store_discard_async (station->fixture.store, fyr_outbox_entry_get_key (entry), FYR_SLOT));
    g_assert_true (fyr_store_discard_finish (station->fixture.store, result, NULL));
  }
  return TRUE;
}

static void
do_something (Server *server, Station *station, GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 9)) {
  case 0:
  case 1:
    edit_patient (station, rand);
    break;
  case 2:
    write_note (station, rand);
    break;
  case 3:
  case 4:
    handle_alert (station, rand);
    break;
  case 5:
    push (server, station, rand, TRUE);
    break;
  case 6:
    pull (server, station, (guint)g_rand_int_range (rand, 1, 4));
    break;
  case 7:
    settle_one (station, rand);
    break;
  default:
    if (g_rand_int_range (rand, 0, 6) == 0) {
      fyr_store_fixture_reopen (&station->fixture);
    }
    break;
  }
}

/* Until nothing moves any more. */
static void
come_to_rest (Server *server, Station *stations, GRand *rand)
{
  gboolean moved = TRUE;

  for (int round = 0; moved; round++) {
    g_assert_cmpint (round, <, 500);
    moved = FALSE;
    for (guint i = 0; i < N_STATIONS; i++) {
      moved = pull (server, &stations[i], 100) || moved;
      moved = push (server, &stations[i], rand, FALSE) || moved;
      moved = settle_one (&stations[i], rand) || moved;
    }
  }
}

static void
assert_shows_server (Server *server, Station *station)
{
  const FyrRecordInfo *kinds[] = { &fyr_patient_info, &fyr_alert_info, &fyr_alert_event_info,
                                   &fyr_note_info };
  guint shown = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GAsyncResult) result = FYR_AWAIT (
        fyr_store_list_records_async (station->fixture.store, kinds[i]->kind, NULL, NULL, FYR_SLOT));
    g_autoptr (GPtrArray) records = fyr_store_list_records_finish (station->fixture.store, result, NULL);

    for (guint j = 0; j < records->len; j++) {
      FyrRecord *there = server_get (server, kinds[i]->kind, fyr_record_get_id (records->pdata[j]));

      g_assert_nonnull (there);
      for (guint f = 0; f < kinds[i]->n_fields; f++) {
        if (!fyr_record_field_equal (records->pdata[j], there, f)) {
          g_test_message ("%s.%s differs, version %" G_GINT64_FORMAT " here, %" G_GINT64_FORMAT " there",
                          kinds[i]->kind, kinds[i]->fields[f].name,
                          fyr_record_get_version (records->pdata[j]), fyr_record_get_version (there));
        }
      }
      g_assert_true (fyr_record_equal (records->pdata[j], there));
      g_assert_cmpint (fyr_record_get_version (records->pdata[j]), ==, fyr_record_get_version (there));
    }
    shown += records->len;
  }
  g_assert_cmpuint (shown, ==, g_hash_table_size (server->records));
}

/* Each delivered entry was applied once, and nothing is left over. */
static void
assert_all_settled (Server *server, Station *stations)
{
  guint delivered = 0;

  for (guint i = 0; i < N_STATIONS; i++) {
    g_autoptr (GPtrArray) done = fyr_test_outbox (&stations[i].fixture, 1u << FYR_OUTBOX_DELIVERED);
    g_autoptr (GPtrArray) open = fyr_test_outbox (&stations[i].fixture, 0);
    g_autoptr (FyrConnection) connection = NULL;

    delivered += done->len;
    g_assert_cmpuint (open->len, ==, 0);
    connection = fyr_store_fixture_look (&stations[i].fixture);
    g_assert_true (fyr_connection_check (connection, TRUE, NULL));
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM effect"), ==, 0);
    g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM base"), ==, 0);
  }
  g_assert_cmpuint (delivered, ==, server->applied);
}

static void
seed_server (Server *server)
{
  FyrStoreFixture names = { 0 };

  g_strlcpy (names.centre, server->centre, sizeof names.centre);
  for (int i = 0; i < N_PATIENTS; i++) {
    FyrPatient *patient = fyr_test_patient (&names, "Nordmann", "Ola");

    g_strlcpy (names.patient, fyr_record_get_id (FYR_RECORD (patient)), sizeof names.patient);
    server_put (server, FYR_RECORD (patient));
  }
  for (int i = 0; i < N_ALERTS; i++) {
    server_put (server, FYR_RECORD (fyr_test_alert (&names, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW)));
  }
}

static void
run_history (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Server *server = server_new ();
  Station stations[N_STATIONS] = { 0 };

  seed_server (server);
  for (guint i = 0; i < N_STATIONS; i++) {
    fyr_store_fixture_set_up (&stations[i].fixture, NULL);
    fyr_test_new_id (stations[i].author);
    g_strlcpy (stations[i].fixture.nurse, stations[i].author, sizeof stations[i].fixture.nurse);
    g_strlcpy (stations[i].fixture.centre, server->centre, sizeof server->centre);
  }
  for (int step = 0; step < N_STEPS; step++) {
    do_something (server, &stations[g_rand_int_range (rand, 0, N_STATIONS)], rand);
  }
  come_to_rest (server, stations, rand);
  for (guint i = 0; i < N_STATIONS; i++) {
    assert_shows_server (server, &stations[i]);
  }
  assert_all_settled (server, stations);
  for (guint i = 0; i < N_STATIONS; i++) {
    fyr_store_fixture_tear_down (&stations[i].fixture, NULL);
  }
  server_free (server);
}

static void
test_random_histories_converge (void)
{
  for (int run = 0; run < 6; run++) {
    guint32 seed = g_test_rand_int ();

    g_test_message ("seed %u", seed);
    run_history (seed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/convergence/random-histories-converge", test_random_histories_converge);
  return g_test_run ();
}
