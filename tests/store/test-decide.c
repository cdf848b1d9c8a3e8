/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-sample.h"
#include "fyr-store-asks.h"

/*
 * A colleague changed the same field: mine, theirs or something else, for every field of every kind that is changed.
 * What is chosen is shown, survives a restart, and is sent only where it says something else than the server has.
 */

typedef FyrStoreFixture Fixture;

enum { BEFORE, MINE, THEIRS, THIRD };

/* One field in conflict. */
typedef struct {
  Fixture *fixture;
  const FyrRecordInfo *info;
  guint field;
  char id[37];
  FyrRecord *theirs; /* as the server has it */
  gint64 key;
} Conflict;

static FyrRecord *
make_record (Fixture *fixture, const FyrRecordInfo *info, const char *id)
{
  FyrRecord *record = fyr_sample_record (info, id, BEFORE);

  if (info->patient_field >= 0) {
    fyr_record_set_string (record, (guint)info->patient_field, fixture->patient);
  }
  if (info->centre_field >= 0) {
    fyr_record_set_string (record, (guint)info->centre_field, fixture->centre);
  }
  return record;
}

static gboolean
is_changed_by_people (const FyrRecordInfo *info, guint field)
{
  return (info->merge == FYR_MERGE_REGISTER || info->merge == FYR_MERGE_VERSION) &&
         (int)field != info->patient_field && (int)field != info->centre_field;
}

/* The newest piece of work is the one in conflict; all before it was answered. */
static void
answer_conflict (Fixture *fixture)
{
  g_autoptr (FyrPushBatch) batch = fyr_test_push (fixture, fixture->nurse);

  g_assert_cmpuint (batch->entries->len, ==, 1);
  g_assert_true (fyr_test_answer (fixture, batch->first, FYR_OUTCOME_KIND_CONFLICT, 0));
}

static void
conflict_init (Conflict *conflict, Fixture *fixture, const FyrRecordInfo *info, guint field)
{
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (FyrRecord) mine = NULL;

  *conflict = (Conflict){ .fixture = fixture, .info = info, .field = field };
  fyr_test_new_id (conflict->id);
  before = make_record (fixture, info, conflict->id);
  fyr_record_set_version (before, 1);
  fyr_test_feed (fixture, g_object_ref (before), 1);
  mine = fyr_record_copy (before);
  fyr_sample_field (mine, field, MINE);
  conflict->key = fyr_test_save_ok (fixture, fyr_mutation_new_update (before, mine, fixture->nurse));
  answer_conflict (fixture);
  conflict->theirs = fyr_record_copy (before);
  fyr_sample_field (conflict->theirs, field, THEIRS);
  fyr_test_feed (fixture, g_object_ref (conflict->theirs), 2);
}

/* The field is as chosen, all else as the server has it. */
static void
assert_shown (Conflict *conflict, FyrRecord *chosen)
{
  g_autoptr (FyrRecord) shown = fyr_test_get (conflict->fixture, conflict->info, conflict->id);

  g_assert_nonnull (shown);
  if (!fyr_record_equal (shown, chosen)) {
    g_error ("%s.%s is not as chosen", conflict->info->kind, conflict->info->fields[conflict->field].name);
  }
}

/* What is sent is the choice, and what it was made on; answered, so that the next conflict begins with none. */
static void
assert_sent (Conflict *conflict, FyrRecord *chosen)
{
  const char *name = conflict->info->fields[conflict->field].name;
  g_autoptr (FyrPushBatch) batch = fyr_test_push (conflict->fixture, conflict->fixture->nurse);
  g_autoptr (JsonNode) payload = NULL;
  g_autoptr (JsonNode) wanted = fyr_record_field_to_json (chosen, conflict->field);
  JsonObject *fields;

  if (fyr_record_field_equal (chosen, conflict->theirs, conflict->field)) {
    g_assert_cmpuint (batch->entries->len, ==, 0);
    return;
  }
  g_assert_cmpuint (batch->entries->len, ==, 1);
  payload = json_from_string (fyr_outbox_entry_get_payload (batch->entries->pdata[0]), NULL);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (payload), "base_version"), ==, 2);
  fields = json_object_get_object_member (json_node_get_object (payload), "fields");
  g_assert_cmpuint (json_object_get_size (fields), ==, 1);
  g_assert_true (json_node_equal (json_object_get_member (fields, name), wanted));
  g_assert_true (fyr_test_answer (conflict->fixture, batch->first, FYR_OUTCOME_KIND_APPLIED, 3));
}

static void
assert_chosen (Conflict *conflict, FyrRecord *chosen)
{
  g_autoptr (GPtrArray) open = NULL;

  assert_shown (conflict, chosen);
  assert_sent (conflict, chosen);
  open = fyr_test_outbox (conflict->fixture, 1u << FYR_OUTBOX_CONFLICT);
  g_assert_cmpuint (open->len, ==, 0);
  g_clear_object (&conflict->theirs);
}

static gboolean
decide (Conflict *conflict, JsonNode *value, GError **error)
{
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;

  json_object_set_member (values, conflict->info->fields[conflict->field].name, json_node_copy (value));
  result = FYR_AWAIT (fyr_store_decide_async (conflict->fixture->store, conflict->key, values, FYR_SLOT));
  return fyr_store_decide_finish (conflict->fixture->store, result, error);
}

static void
choose (Conflict *conflict, guint n)
{
  g_autoptr (FyrRecord) chosen = fyr_record_copy (conflict->theirs);
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (GError) error = NULL;

  fyr_sample_field (chosen, conflict->field, n);
  value = fyr_record_field_to_json (chosen, conflict->field);
  decide (conflict, value, &error);
  g_assert_no_error (error);
  assert_chosen (conflict, chosen);
}

/* One of each sort only: what it reveals, its type, and whether it must be filled. */
static gboolean
was_seen (GHashTable *seen, const FyrFieldInfo *field)
{
  guint sort = (guint)field->field_class << 8 | (guint)field->type << 1 | (guint)field->required;

  return !g_hash_table_add (seen, GUINT_TO_POINTER (sort + 1));
}

typedef enum { EVERY_FIELD, EVERY_SORT } Extent;

static void
for_fields (Fixture *fixture, Extent extent, void (*check) (Conflict *conflict))
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n = 0;

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    for (guint field = 0; field < info->n_fields; field++) {
      Conflict conflict;

      if (is_changed_by_people (info, field) &&
          (extent == EVERY_FIELD || !was_seen (seen, &info->fields[field]))) {
        conflict_init (&conflict, fixture, info, field);
        check (&conflict);
        g_clear_object (&conflict.theirs);
        n++;
      }
    }
  }
  g_assert_cmpuint (n, >, extent == EVERY_FIELD ? 60 : 15);
}

static void
keep_mine (Conflict *conflict)
{
  g_autoptr (FyrRecord) chosen = fyr_record_copy (conflict->theirs);

  fyr_sample_field (chosen, conflict->field, MINE);
  g_assert_true (fyr_test_settle (conflict->fixture, FYR_TEST_RETRY, conflict->key, NULL));
  assert_chosen (conflict, chosen);
}

static void
test_mine_is_shown_and_sent (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_SORT, keep_mine);
}

static void
keep_theirs (Conflict *conflict)
{
  g_autoptr (FyrRecord) chosen = fyr_record_copy (conflict->theirs);

  g_assert_true (fyr_test_settle (conflict->fixture, FYR_TEST_DISCARD, conflict->key, NULL));
  assert_chosen (conflict, chosen);
}

static void
test_theirs_is_shown_and_nothing_sent (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_SORT, keep_theirs);
}

static void
choose_third (Conflict *conflict)
{
  choose (conflict, THIRD);
}

static void
test_a_third_value_is_shown_and_sent (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_FIELD, choose_third);
}

static void
choose_theirs (Conflict *conflict)
{
  choose (conflict, THEIRS);
}

static void
test_deciding_for_what_the_server_has_sends_nothing (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_SORT, choose_theirs);
}

/* Nothing is a decision as well; a field that must be filled cannot be emptied by one. */
static void
choose_nothing (Conflict *conflict)
{
  g_autoptr (FyrRecord) chosen = fyr_record_copy (conflict->theirs);
  g_autoptr (JsonNode) nothing = json_node_new (JSON_NODE_NULL);
  g_autoptr (GError) error = NULL;

  if (!conflict->info->fields[conflict->field].required) {
    fyr_record_clear (chosen, conflict->field);
    g_assert_true (decide (conflict, nothing, NULL));
    assert_chosen (conflict, chosen);
    return;
  }
  g_assert_false (decide (conflict, nothing, &error));
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
  keep_theirs (conflict);
}

static void
test_only_what_may_be_empty_is_emptied (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_SORT, choose_nothing);
}

/* Of the wrong type, or out of bounds: told, and the conflict waits as before. */
static void
choose_nonsense (Conflict *conflict)
{
  const FyrFieldInfo *field = &conflict->info->fields[conflict->field];
  g_autofree char *endless = g_strnfill (20000, 'x');
  g_autoptr (JsonNode) list = json_from_string ("[[]]", NULL);
  g_autoptr (JsonNode) long_text = json_node_init_string (json_node_alloc (), endless);
  g_autoptr (JsonNode) far = json_node_init_int (json_node_alloc (), -1000000);
  gboolean is_number = field->type == FYR_FIELD_INT || field->type == FYR_FIELD_REAL;
  JsonNode *nonsense[] = { list, is_number        ? field->has_min ? far : list
                                 : field->has_max ? long_text
                                                  : list };

  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) open = NULL;

    if (decide (conflict, nonsense[i], &error)) {
      g_error ("%s.%s takes nonsense", conflict->info->kind, field->name);
    }
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID);
    open = fyr_test_outbox (conflict->fixture, 1u << FYR_OUTBOX_CONFLICT);
    g_assert_cmpuint (open->len, ==, 1);
  }
  keep_theirs (conflict);
}

static void
test_nonsense_decides_nothing (Fixture *fixture, gconstpointer data)
{
  for_fields (fixture, EVERY_SORT, choose_nonsense);
}

/* A decision that was made before the program was closed stands when it opens. */
static void
test_decisions_survive_a_restart (Fixture *fixture, gconstpointer data)
{
  const guint fields[] = { FYR_PATIENT_TELEPHONE, FYR_PATIENT_BIRTH_DATE, FYR_PATIENT_ZONE };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    Conflict conflict;
    g_autoptr (FyrRecord) chosen = NULL;
    g_autoptr (JsonNode) value = NULL;

    conflict_init (&conflict, fixture, &fyr_patient_info, fields[i]);
    chosen = fyr_record_copy (conflict.theirs);
    fyr_sample_field (chosen, fields[i], THIRD);
    value = fyr_record_field_to_json (chosen, fields[i]);
    fyr_store_fixture_reopen (fixture);
    g_assert_true (decide (&conflict, value, NULL));
    fyr_store_fixture_reopen (fixture);
    assert_chosen (&conflict, chosen);
  }
}

#define ADD(name)                                                                                            \
  g_test_add ("/store/decide/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,                  \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (mine_is_shown_and_sent);
  ADD (theirs_is_shown_and_nothing_sent);
  ADD (a_third_value_is_shown_and_sent);
  ADD (deciding_for_what_the_server_has_sends_nothing);
  ADD (only_what_may_be_empty_is_emptied);
  ADD (nonsense_decides_nothing);
  ADD (decisions_survive_a_restart);
  return g_test_run ();
}
