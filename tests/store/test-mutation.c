/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-mutation-private.h"
#include "fyr-store-error.h"
#include "fyr-uuid.h"

#define AUTHOR "0198f0aa-0000-7000-8000-00000000000a"
#define COLLEAGUE "0198f0aa-0000-7000-8000-00000000000b"
#define PATIENT "0198f0aa-0000-7000-8000-00000000000c"

static void
fill_field (FyrRecord *record, guint field, GRand *rand)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  char id[FYR_UUID_TEXT_SIZE];

  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, 1 << 30));
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, g_rand_boolean (rand));
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, (gint32)info->enum_info->n_codes + 1));
    break;
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, g_rand_double_range (rand, -1000, 1000));
    break;
  case FYR_FIELD_ID:
    fyr_uuid_v7_new (g_rand_int (rand), id);
    fyr_record_set_string (record, field, id);
    break;
  default:
    fyr_record_set_string (record, field, g_rand_boolean (rand) ? "Blåbær \"syltetøy\"" : "x\\y\nz");
    break;
  }
}

static FyrRecord *
random_record (const FyrRecordInfo *info, GRand *rand)
{
  FyrRecord *record = fyr_record_new (info);
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (g_rand_int (rand), id);
  fyr_record_set_id (record, id);
  fyr_record_set_version (record, g_rand_int_range (rand, 1, 50));
  for (guint i = 0; i < info->n_fields; i++) {
    if (info->fields[i].required || g_rand_boolean (rand)) {
      fill_field (record, i, rand);
    }
  }
  return record;
}

static void
change_some (FyrRecord *record, GRand *rand)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  for (guint i = 0; i < info->n_fields; i++) {
    int choice = g_rand_int_range (rand, 0, 4);

    if (choice == 0) {
      fill_field (record, i, rand);
    } else if (choice == 1 && !info->fields[i].required) {
      fyr_record_clear (record, i);
    }
  }
}

/* As it comes back from the outbox. */
static FyrMutation *
through_the_outbox (FyrMutation *mutation)
{
  g_autoptr (JsonObject) payload = fyr_mutation_build_payload (mutation, 7, 3);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), payload);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  FyrMutation *parsed;

  fyr_canonical_json_append (text, node, NULL);
  parsed = fyr_mutation_parse (text->str, fyr_mutation_get_author_id (mutation), &error);
  g_assert_no_error (error);
  return parsed;
}

static void
assert_same_head (FyrMutation *a, FyrMutation *b)
{
  g_assert_cmpstr (fyr_mutation_get_command (a), ==, fyr_mutation_get_command (b));
  g_assert_cmpstr (fyr_mutation_get_kind (a), ==, fyr_mutation_get_kind (b));
  g_assert_cmpstr (fyr_mutation_get_record_id (a), ==, fyr_mutation_get_record_id (b));
  g_assert_cmpstr (fyr_mutation_get_author_id (a), ==, fyr_mutation_get_author_id (b));
  g_assert_cmpstr (fyr_mutation_get_event_id (a), ==, fyr_mutation_get_event_id (b));
  g_assert_cmpint (fyr_mutation_get_time (a), ==, fyr_mutation_get_time (b));
  g_assert_cmpint (a->base_version, ==, b->base_version);
}

/* Runs @check for many random records of every kind; the seed is printed. */
static void
for_random_records (void (*check) (FyrRecord *record, GRand *rand))
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int round = 0; round < 40; round++) {
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      g_autoptr (FyrRecord) record = random_record (fyr_record_infos[i], rand);

      check (record, rand);
    }
  }
}

static void
check_create (FyrRecord *record, GRand *rand)
{
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (record, AUTHOR);
  g_autoptr (FyrMutation) parsed = through_the_outbox (mutation);
  g_autoptr (FyrRecord) made = fyr_mutation_apply (parsed, NULL);

  assert_same_head (mutation, parsed);
  g_assert_true (fyr_record_equal (record, made));
  g_assert_cmpint (fyr_record_get_version (made), ==, 0);
  g_assert_false (json_object_has_member (mutation->fields, "id"));
  g_assert_false (json_object_has_member (mutation->fields, "version"));
}

static void
test_create_makes_the_record_again (void)
{
  for_random_records (check_create);
}

static void
check_update (FyrRecord *record, GRand *rand)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  g_autoptr (FyrMutation) mutation = NULL;
  g_autoptr (FyrMutation) back = NULL;
  g_autoptr (FyrMutation) parsed = NULL;
  g_autoptr (FyrRecord) changed = NULL;
  g_autoptr (FyrRecord) restored = NULL;

  change_some (after, rand);
  mutation = fyr_mutation_new_update (record, after, AUTHOR);
  g_assert_true ((mutation == NULL) == fyr_record_equal (record, after));
  if (mutation == NULL) {
    return;
  }
  parsed = through_the_outbox (mutation);
  assert_same_head (mutation, parsed);
  changed = fyr_mutation_apply (parsed, fyr_record_copy (record));
  g_assert_true (fyr_record_equal (changed, after));
  back = fyr_mutation_new_update (after, record, AUTHOR);
  restored = fyr_mutation_apply (back, g_steal_pointer (&changed));
  g_assert_true (fyr_record_equal (restored, record));
}

static void
test_update_makes_the_change_and_its_reverse_takes_it_back (void)
{
  for_random_records (check_update);
}

static void
check_other_fields (FyrRecord *record, GRand *rand)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  g_autoptr (FyrRecord) elsewhere = fyr_record_copy (record);
  g_autoptr (FyrMutation) mutation = NULL;
  g_autoptr (FyrRecord) changed = NULL;
  const FyrRecordInfo *info = fyr_record_get_info (record);
  guint mine = (guint)g_rand_int_range (rand, 0, (gint32)info->n_fields);

  fill_field (after, mine, rand);
  change_some (elsewhere, rand);
  mutation = fyr_mutation_new_update (record, after, AUTHOR);
  if (mutation == NULL) {
    return;
  }
  changed = fyr_mutation_apply (mutation, fyr_record_copy (elsewhere));
  for (guint i = 0; i < info->n_fields; i++) {
    g_assert_true (fyr_record_field_equal (changed, i == mine ? after : elsewhere, i));
  }
}

static void
test_update_leaves_other_fields_alone (void)
{
  for_random_records (check_other_fields);
}

static void
check_saw (FyrRecord *record, GRand *rand)
{
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  g_autoptr (FyrRecord) elsewhere = fyr_record_copy (record);
  g_autoptr (FyrMutation) update = NULL;
  g_autoptr (FyrMutation) delete = fyr_mutation_new_delete (record, AUTHOR);
  gboolean touched = FALSE;

  change_some (after, rand);
  change_some (elsewhere, rand);
  update = fyr_mutation_new_update (record, after, AUTHOR);
  for (guint i = 0; i < fyr_record_get_info (record)->n_fields; i++) {
    touched = touched ||
              (!fyr_record_field_equal (record, after, i) && !fyr_record_field_equal (record, elsewhere, i));
  }
  g_assert_true (fyr_mutation_saw (delete, record));
  g_assert_true (fyr_mutation_saw (delete, elsewhere) == fyr_record_equal (record, elsewhere));
  if (update != NULL) {
    g_assert_true (fyr_mutation_saw (update, record));
    g_assert_true (fyr_mutation_saw (update, elsewhere) == !touched);
  }
}

static void
test_what_was_seen_is_compared_where_it_matters (void)
{
  for_random_records (check_saw);
}

static void
test_delete_leaves_nothing (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (FyrRecord) record = random_record (&fyr_patient_info, rand);
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_delete (record, AUTHOR);

  g_assert_null (fyr_mutation_apply (mutation, fyr_record_copy (record)));
  g_assert_null (fyr_mutation_apply (mutation, NULL));
  g_assert_cmpint (mutation->base_version, ==, fyr_record_get_version (record));
}

static void
test_update_of_what_is_gone_makes_nothing (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (FyrRecord) record = random_record (&fyr_gp_info, rand);
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  g_autoptr (FyrMutation) mutation = NULL;

  fyr_gp_set_office (FYR_GP (after), "Torget legesenter");
  mutation = fyr_mutation_new_update (record, after, AUTHOR);
  g_assert_null (fyr_mutation_apply (mutation, NULL));
}

static void
test_create_never_overwrites (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (FyrRecord) record = random_record (&fyr_gp_info, rand);
  g_autoptr (FyrRecord) there = fyr_record_copy (record);
  g_autoptr (FyrMutation) mutation = fyr_mutation_new_create (record, AUTHOR);
  g_autoptr (FyrRecord) shown = NULL;

  fyr_gp_set_name (FYR_GP (there), "En annen");
  shown = fyr_mutation_apply (mutation, g_object_ref (there));
  g_assert_true (shown == there);
}

static void
test_a_new_record_gets_an_id (void)
{
  g_autoptr (FyrGp) gp = fyr_gp_new ();
  g_autoptr (FyrMutation) mutation = NULL;

  fyr_gp_set_name (gp, "Lege");
  mutation = fyr_mutation_new_create (FYR_RECORD (gp), AUTHOR);
  g_assert_true (fyr_uuid_is_valid (fyr_mutation_get_record_id (mutation)));
}

static FyrAlert *
new_alert (FyrAlertStatus status, const char *assignee)
{
  FyrAlert *alert = fyr_alert_new ();
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (1, id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, PATIENT);
  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_RED);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_ABOVE_RED);
  fyr_alert_set_raised_time (alert, 1);
  fyr_alert_set_status (alert, status);
  fyr_alert_set_assignee_id (alert, assignee);
  return alert;
}

/* Each command in each state, mine and a colleague's: what becomes of the alert. */
static void
test_commands_follow_the_state_machine (void)
{
  const struct {
    FyrAlertAction action;
    FyrAlertStatus status;
    const char *assignee;
    FyrAlertRefusal refusal;
    FyrAlertStatus after;
    const char *assignee_after;
  } cases[] = {
    { FYR_ALERT_ACTION_TAKE, FYR_ALERT_STATUS_OPEN, NULL, FYR_ALERT_REFUSAL_NONE, FYR_ALERT_STATUS_TAKEN,
      AUTHOR },
    { FYR_ALERT_ACTION_TAKE, FYR_ALERT_STATUS_TAKEN, AUTHOR, FYR_ALERT_REFUSAL_UNCHANGED,
      FYR_ALERT_STATUS_TAKEN, AUTHOR },
    { FYR_ALERT_ACTION_TAKE, FYR_ALERT_STATUS_TAKEN, COLLEAGUE, FYR_ALERT_REFUSAL_NONE,
      FYR_ALERT_STATUS_TAKEN, AUTHOR },
    { FYR_ALERT_ACTION_TAKE, FYR_ALERT_STATUS_CLOSED, COLLEAGUE, FYR_ALERT_REFUSAL_ALREADY_CLOSED,
      FYR_ALERT_STATUS_CLOSED, COLLEAGUE },
    { FYR_ALERT_ACTION_RELEASE, FYR_ALERT_STATUS_TAKEN, AUTHOR, FYR_ALERT_REFUSAL_NONE, FYR_ALERT_STATUS_OPEN,
      NULL },
    { FYR_ALERT_ACTION_RELEASE, FYR_ALERT_STATUS_OPEN, NULL, FYR_ALERT_REFUSAL_NOT_TAKEN,
      FYR_ALERT_STATUS_OPEN, NULL },
    { FYR_ALERT_ACTION_CLOSE, FYR_ALERT_STATUS_TAKEN, AUTHOR, FYR_ALERT_REFUSAL_NONE, FYR_ALERT_STATUS_CLOSED,
      AUTHOR },
    { FYR_ALERT_ACTION_CLOSE, FYR_ALERT_STATUS_TAKEN, COLLEAGUE, FYR_ALERT_REFUSAL_ALREADY_TAKEN,
      FYR_ALERT_STATUS_TAKEN, COLLEAGUE },
    { FYR_ALERT_ACTION_CLOSE, FYR_ALERT_STATUS_OPEN, NULL, FYR_ALERT_REFUSAL_NOT_TAKEN, FYR_ALERT_STATUS_OPEN,
      NULL },
    { FYR_ALERT_ACTION_NOTE, FYR_ALERT_STATUS_OPEN, NULL, FYR_ALERT_REFUSAL_NONE, FYR_ALERT_STATUS_OPEN,
      NULL },
    { FYR_ALERT_ACTION_REOPEN, FYR_ALERT_STATUS_CLOSED, COLLEAGUE, FYR_ALERT_REFUSAL_NONE,
      FYR_ALERT_STATUS_OPEN, NULL },
    { FYR_ALERT_ACTION_REOPEN, FYR_ALERT_STATUS_OPEN, NULL, FYR_ALERT_REFUSAL_NOT_CLOSED,
      FYR_ALERT_STATUS_OPEN, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrAlert) alert = new_alert (cases[i].status, cases[i].assignee);
    g_autoptr (FyrMutation) mutation = fyr_mutation_new_alert_command (
        alert, cases[i].action,
        cases[i].action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_NO_ACTION : FYR_ALERT_OUTCOME_UNSET,
        "seen", AUTHOR);
    g_autoptr (FyrMutation) parsed = through_the_outbox (mutation);
    g_autoptr (FyrRecord) after = NULL;

    assert_same_head (mutation, parsed);
    g_assert_cmpint (fyr_mutation_judge (parsed, alert), ==, cases[i].refusal);
    after = fyr_mutation_apply (parsed, fyr_record_copy (FYR_RECORD (alert)));
    g_assert_cmpint (fyr_alert_get_status (FYR_ALERT (after)), ==, cases[i].after);
    g_assert_cmpstr (fyr_alert_get_assignee_id (FYR_ALERT (after)), ==, cases[i].assignee_after);
  }
}

static void
test_times_and_names_follow_the_state (void)
{
  g_autoptr (FyrAlert) alert = new_alert (FYR_ALERT_STATUS_OPEN, NULL);
  g_autoptr (FyrMutation) take =
      fyr_mutation_new_alert_command (alert, FYR_ALERT_ACTION_TAKE, FYR_ALERT_OUTCOME_UNSET, NULL, AUTHOR);
  g_autoptr (FyrRecord) taken = fyr_mutation_apply (take, fyr_record_copy (FYR_RECORD (alert)));
  g_autoptr (FyrMutation) close = fyr_mutation_new_alert_command (FYR_ALERT (taken), FYR_ALERT_ACTION_CLOSE,
                                                                  FYR_ALERT_OUTCOME_EMERGENCY, "113", AUTHOR);
  g_autoptr (FyrRecord) closed = fyr_mutation_apply (close, fyr_record_copy (taken));
  g_autoptr (FyrMutation) reopen = fyr_mutation_new_alert_command (
      FYR_ALERT (closed), FYR_ALERT_ACTION_REOPEN, FYR_ALERT_OUTCOME_UNSET, NULL, COLLEAGUE);
  g_autoptr (FyrRecord) reopened = fyr_mutation_apply (reopen, fyr_record_copy (closed));

  g_assert_cmpint (fyr_alert_get_taken_time (FYR_ALERT (taken)), ==, fyr_mutation_get_time (take));
  g_assert_cmpint (fyr_alert_get_closed_time (FYR_ALERT (closed)), ==, fyr_mutation_get_time (close));
  g_assert_cmpstr (fyr_alert_get_closed_by (FYR_ALERT (closed)), ==, AUTHOR);
  g_assert_cmpint (fyr_alert_get_outcome (FYR_ALERT (closed)), ==, FYR_ALERT_OUTCOME_EMERGENCY);
  g_assert_cmpint (fyr_alert_get_taken_time (FYR_ALERT (closed)), ==, fyr_mutation_get_time (take));
  g_assert_true (fyr_record_equal (reopened, FYR_RECORD (alert)));
}

static void
test_a_command_leaves_an_event (void)
{
  g_autoptr (FyrAlert) alert = new_alert (FYR_ALERT_STATUS_TAKEN, AUTHOR);
  g_autoptr (FyrMutation) close = fyr_mutation_new_alert_command (
      alert, FYR_ALERT_ACTION_CLOSE, FYR_ALERT_OUTCOME_OTHER, "Pårørende ringt", AUTHOR);
  g_autoptr (FyrRecord) event = fyr_mutation_make_event (close, PATIENT);
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_record_validate (event, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fyr_record_get_id (event), ==, fyr_mutation_get_event_id (close));
  g_assert_cmpstr (fyr_alert_event_get_alert_id (FYR_ALERT_EVENT (event)), ==,
                   fyr_record_get_id (FYR_RECORD (alert)));
  g_assert_cmpint (fyr_alert_event_get_action (FYR_ALERT_EVENT (event)), ==, FYR_ALERT_ACTION_CLOSE);
  g_assert_cmpstr (fyr_alert_event_get_actor_id (FYR_ALERT_EVENT (event)), ==, AUTHOR);
  g_assert_cmpstr (fyr_alert_event_get_text (FYR_ALERT_EVENT (event)), ==, "Pårørende ringt");
  g_assert_cmpint (fyr_alert_event_get_outcome (FYR_ALERT_EVENT (event)), ==, FYR_ALERT_OUTCOME_OTHER);
}

static void
test_damaged_payloads_are_errors (void)
{
  const char *damaged[] = {
    "",
    "{",
    "[]",
    "null",
    "{}",
    "{\"command\":\"create\"}",
    "{\"command\":\"create\",\"kind\":\"note\"}",
    "{\"command\":\"create\",\"kind\":\"note\",\"id\":\"x\"}",
    "{\"command\":\"drop\",\"kind\":\"note\",\"id\":\"" PATIENT "\"}",
    "{\"command\":\"create\",\"kind\":\"unheard-of\",\"id\":\"" PATIENT "\"}",
    "{\"command\":\"take\",\"kind\":\"alert\",\"id\":\"" PATIENT "\",\"fields\":{}}",
    "{\"command\":\"take\",\"kind\":\"alert\",\"id\":\"" PATIENT "\",\"fields\":{\"event_id\":\"y\"}}",
    "{\"command\":\"take\",\"kind\":\"alert\",\"id\":\"" PATIENT "\",\"fields\":7}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrMutation) mutation = fyr_mutation_parse (damaged[i], AUTHOR, &error);

    g_assert_null (mutation);
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT);
  }
}

/* One byte of a stored text changed: it is read, or refused, and applied without harm. */
static void
test_flipped_bytes_do_no_harm (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (FyrRecord) record = random_record (&fyr_patient_info, rand);
  g_autoptr (FyrRecord) after = fyr_record_copy (record);
  g_autoptr (FyrMutation) mutation = NULL;
  g_autoptr (JsonObject) payload = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_test_message ("seed %u", seed);
  fyr_patient_set_city (FYR_PATIENT (after), "Ålesund by");
  mutation = fyr_mutation_new_update (record, after, AUTHOR);
  payload = fyr_mutation_build_payload (mutation, 1, 0);
  node = json_node_init_object (json_node_alloc (), payload);
  fyr_canonical_json_append (text, node, NULL);
  for (int i = 0; i < 3000; i++) {
    g_autofree char *flipped = g_strdup (text->str);
    g_autoptr (FyrMutation) parsed = NULL;
    g_autoptr (FyrRecord) changed = NULL;

    flipped[g_rand_int_range (rand, 0, (gint32)text->len)] ^= (char)(1 << g_rand_int_range (rand, 0, 7));
    parsed = fyr_mutation_parse (flipped, AUTHOR, NULL);
    if (parsed != NULL) {
      changed = fyr_mutation_apply (
          parsed, fyr_mutation_get_kind (parsed) == mutation->info->kind ? fyr_record_copy (record) : NULL);
    }
  }
}

#define ADD(name, function) g_test_add_func ("/store/mutation/" name, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("create-makes-the-record-again", test_create_makes_the_record_again);
  ADD ("update-makes-the-change-and-its-reverse-takes-it-back",
       test_update_makes_the_change_and_its_reverse_takes_it_back);
  ADD ("update-leaves-other-fields-alone", test_update_leaves_other_fields_alone);
  ADD ("what-was-seen-is-compared-where-it-matters", test_what_was_seen_is_compared_where_it_matters);
  ADD ("delete-leaves-nothing", test_delete_leaves_nothing);
  ADD ("update-of-what-is-gone-makes-nothing", test_update_of_what_is_gone_makes_nothing);
  ADD ("create-never-overwrites", test_create_never_overwrites);
  ADD ("a-new-record-gets-an-id", test_a_new_record_gets_an_id);
  ADD ("commands-follow-the-state-machine", test_commands_follow_the_state_machine);
  ADD ("times-and-names-follow-the-state", test_times_and_names_follow_the_state);
  ADD ("a-command-leaves-an-event", test_a_command_leaves_an_event);
  ADD ("damaged-payloads-are-errors", test_damaged_payloads_are_errors);
  ADD ("flipped-bytes-do-no-harm", test_flipped_bytes_do_no_harm);
  return g_test_run ();
}
