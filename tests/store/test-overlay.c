/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-asks.h"
#include "fyr-uuid.h"

/*
 * What a screen shows of a record while own work on it is not answered yet: the server's word with that work on top,
 * field by field, and the server's word alone once the work is taken off.
 */

typedef FyrStoreFixture Fixture;

static FyrPatient *
shown_patient (Fixture *fixture)
{
  FyrRecord *shown = fyr_test_get (fixture, &fyr_patient_info, fixture->patient);

  g_assert_nonnull (shown);
  return FYR_PATIENT (shown);
}

/* Changes one text of the patient from what is shown. */
static void
write_field (Fixture *fixture, const char *author_id, guint field, const char *text)
{
  g_autoptr (FyrRecord) before = FYR_RECORD (shown_patient (fixture));
  g_autoptr (FyrRecord) after = fyr_record_copy (before);

  fyr_record_set_string (after, field, text);
  fyr_test_save_ok (fixture, fyr_mutation_new_update (before, after, author_id));
}

static void
assert_field (Fixture *fixture, guint field, const char *text)
{
  g_autoptr (FyrRecord) shown = FYR_RECORD (shown_patient (fixture));

  g_assert_cmpstr (fyr_record_get_string (shown, field), ==, text);
}

static guint
field_of (const char *name)
{
  int field = fyr_record_info_find_field (&fyr_patient_info, name);

  g_assert_cmpint (field, >=, 0);
  return (guint)field;
}

static gboolean
is_text (guint field)
{
  FyrFieldType type = fyr_patient_info.fields[field].type;

  return type == FYR_FIELD_STRING || type == FYR_FIELD_TEXT;
}

/* No word is kept aside and no work lies on any row: what is shown is the server's alone. */
static void
assert_nothing_is_covered (Fixture *fixture)
{
  g_autoptr (FyrConnection) connection = fyr_store_fixture_look (fixture);

  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM effect"), ==, 0);
  g_assert_cmpint (fyr_test_scalar (connection, "SELECT count(*) FROM base"), ==, 0);
  g_clear_pointer (&connection, fyr_connection_unref);
  fyr_store_fixture_reopen (fixture);
}

/* For every text a patient has: own work shows there and nowhere else, whatever the server tells of the others. */
static void
test_own_work_covers_its_field_and_no_other (Fixture *fixture, gconstpointer data)
{
  gint64 version = 1;
  gint64 number = 0;

  fyr_test_feed_patient (fixture);
  for (guint own = 0; own < fyr_patient_info.n_fields; own++) {
    FyrRecord *told;

    if (!is_text (own)) {
      continue;
    }
    write_field (fixture, fixture->nurse, own, "mine");
    told = FYR_RECORD (shown_patient (fixture));
    for (guint field = 0; field < fyr_patient_info.n_fields; field++) {
      if (is_text (field)) {
        fyr_record_set_string (told, field, own % 2 == 0 ? "even" : "odd");
      }
    }
    fyr_test_feed (fixture, told, ++version);
    for (guint field = 0; field < fyr_patient_info.n_fields; field++) {
      if (is_text (field)) {
        assert_field (fixture, field, field == own ? "mine" : own % 2 == 0 ? "even" : "odd");
      }
    }
    g_assert_true (fyr_test_answer (fixture, ++number, FYR_OUTCOME_KIND_REFUSED, 0));
    assert_field (fixture, own, own % 2 == 0 ? "even" : "odd");
  }
  g_assert_cmpint (number, >, 5);
  assert_nothing_is_covered (fixture);
}

/* Three pieces on three fields, each applied or refused: all eight ways. */
static void
test_each_piece_stands_or_falls_by_itself (Fixture *fixture, gconstpointer data)
{
  const guint fields[] = { field_of ("telephone"), field_of ("address"), field_of ("city") };
  gint64 version = 1;
  gint64 number = 0;

  fyr_test_feed_patient (fixture);
  for (guint way = 0; way < 8; way++) {
    g_autoptr (FyrRecord) server = FYR_RECORD (shown_patient (fixture));
    g_autoptr (FyrRecord) shown = NULL;
    g_autofree char *text = g_strdup_printf ("way %u", way);

    for (guint i = 0; i < 3; i++) {
      write_field (fixture, fixture->nurse, fields[i], text);
    }
    for (guint i = 0; i < 3; i++) {
      gboolean applied = (way >> i & 1) != 0;

      version += applied;
      g_assert_true (fyr_test_answer (fixture, ++number,
                                      applied ? FYR_OUTCOME_KIND_APPLIED : FYR_OUTCOME_KIND_REFUSED,
                                      applied ? version : 0));
      if (applied) {
        fyr_record_set_string (server, fields[i], text);
      }
      for (guint j = 0; j < 3; j++) {
        assert_field (fixture, fields[j], j > i ? text : fyr_record_get_string (server, fields[j]));
      }
    }
    assert_nothing_is_covered (fixture);
    shown = FYR_RECORD (shown_patient (fixture));
    g_assert_true (fyr_record_equal (shown, server));
    g_assert_cmpint (fyr_record_get_version (shown), ==, version);
  }
}

/* Of several texts in one field the newest that stands is shown, in whatever order the others are refused. */
static void
test_the_newest_that_stands_is_shown (Fixture *fixture, gconstpointer data)
{
  static const guint orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  static const char *const texts[] = { "first", "second", "third" };
  const guint field = field_of ("city");
  gint64 number = 0;

  fyr_test_feed_patient (fixture);
  for (gsize order = 0; order < G_N_ELEMENTS (orders); order++) {
    gboolean refused[3] = { FALSE };

    for (guint i = 0; i < 3; i++) {
      write_field (fixture, fixture->nurse, field, texts[i]);
    }
    for (guint i = 0; i < 3; i++) {
      const char *expected = NULL;

      refused[orders[order][i]] = TRUE;
      g_assert_true (fyr_test_answer (fixture, number + orders[order][i] + 1, FYR_OUTCOME_KIND_REFUSED, 0));
      for (guint j = 0; j < 3; j++) {
        expected = refused[j] ? expected : texts[j];
      }
      assert_field (fixture, field, expected);
    }
    number += 3;
  }
  assert_nothing_is_covered (fixture);
}

/* Two people share the workstation: what the server refuses one of them takes nothing of the other's away. */
static void
test_anothers_work_on_the_same_record_stays (Fixture *fixture, gconstpointer data)
{
  const guint telephone = field_of ("telephone");
  const guint city = field_of ("city");

  fyr_test_feed_patient (fixture);
  write_field (fixture, fixture->other, city, "Oslo");
  write_field (fixture, fixture->nurse, telephone, "+4711111111");
  write_field (fixture, fixture->nurse, city, "Bergen");
  write_field (fixture, fixture->other, telephone, "+4722222222");
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_field (fixture, city, "Oslo");
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_field (fixture, telephone, "+4722222222");
  assert_field (fixture, city, "Oslo");
  fyr_store_fixture_reopen (fixture);
  assert_field (fixture, telephone, "+4722222222");
  assert_field (fixture, city, "Oslo");
}

static guint
count_found (Fixture *fixture, const char *text)
{
  const FyrPatientFilter filter = { .text = text };
  g_autoptr (GPtrArray) found = fyr_test_list_patients (fixture, &filter, NULL);

  return found->len;
}

/* Search, list and the other patients follow what is shown, and the screens are told each time. */
static void
test_lists_follow_what_is_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) other = FYR_RECORD (fyr_test_patient (fixture, "Hansen", "Kari"));
  g_autoptr (FyrRecord) still = NULL;
  const guint name = field_of ("family_name");

  fyr_test_feed_patient (fixture);
  fyr_test_feed (fixture, g_object_ref (other), 1);
  write_field (fixture, fixture->nurse, name, "Solberg");
  g_assert_cmpuint (count_found (fixture, "solb"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "nordm"), ==, 0);
  g_clear_object (&fixture->changes);
  fixture->changes = fyr_change_set_new ();
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  g_assert_true (fyr_change_set_has_patient (fixture->changes, fixture->patient));
  g_assert_false (fyr_change_set_has (fixture->changes, "patient", fyr_record_get_id (other)));
  g_assert_cmpuint (count_found (fixture, "solb"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "nordm"), ==, 1);
  g_assert_cmpuint (count_found (fixture, ""), ==, 2);
  still = fyr_test_get (fixture, &fyr_patient_info, fyr_record_get_id (other));
  g_assert_true (fyr_record_equal (still, other));
}

static FyrRecord *
feed_relative (Fixture *fixture, const char *id, const char *name, gint64 version)
{
  FyrRecord *relative = FYR_RECORD (fyr_related_person_new ());

  fyr_record_set_id (relative, id);
  fyr_related_person_set_patient_id (FYR_RELATED_PERSON (relative), fixture->patient);
  fyr_related_person_set_name (FYR_RELATED_PERSON (relative), name);
  fyr_test_feed (fixture, fyr_record_copy (relative), version);
  fyr_record_set_version (relative, version);
  return relative;
}

/* What is deleted here stays hidden however it changes elsewhere; a refusal shows it as it has become. */
static void
test_a_refused_deletion_shows_what_has_become_of_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) before = NULL;
  g_autoptr (FyrRecord) became = NULL;
  g_autoptr (FyrRecord) shown = NULL;
  char id[FYR_UUID_TEXT_SIZE];

  fyr_test_new_id (id);
  fyr_test_feed_patient (fixture);
  before = feed_relative (fixture, id, "En datter", 1);
  fyr_test_save_ok (fixture, fyr_mutation_new_delete (before, fixture->nurse));
  became = feed_relative (fixture, id, "En svigersønn", 2);
  shown = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_null (shown);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  shown = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_nonnull (shown);
  g_assert_true (fyr_record_equal (shown, became));
  /* Once it is the server's word too, it is gone for good. */
  fyr_test_save_ok (fixture, fyr_mutation_new_delete (shown, fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_APPLIED, 3));
  fyr_test_feed_delete (fixture, &fyr_related_person_info, id);
  g_clear_object (&shown);
  shown = fyr_test_get (fixture, &fyr_related_person_info, id);
  g_assert_null (shown);
  assert_nothing_is_covered (fixture);
}

/* Notes written here: shown as waiting, then as delivered or not at all, each once. */
static void
test_new_notes_are_shown_with_where_they_stand (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "ringte", "besøkte", "avtalte" };
  g_autoptr (FyrPatientDetail) waiting = NULL;
  g_autoptr (FyrPatientDetail) answered = NULL;
  FyrNote *first = NULL;

  fyr_test_feed_patient (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FyrNote) note = fyr_test_note (fixture, texts[i]);

    fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
    first = i == 0 ? g_steal_pointer (&note) : first;
  }
  waiting = fyr_test_load_patient (fixture);
  g_assert_cmpuint (waiting->notes->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (fyr_note_item_get_state (waiting->notes->pdata[i]), ==, FYR_OUTBOX_WAITING);
  }
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_REFUSED, 0));
  fyr_test_feed (fixture, first, 1);
  answered = fyr_test_load_patient (fixture);
  g_assert_cmpuint (answered->notes->len, ==, 2);
  g_assert_cmpint (fyr_note_item_get_state (answered->notes->pdata[0]), !=,
                   fyr_note_item_get_state (answered->notes->pdata[1]));
  for (guint i = 0; i < 2; i++) {
    FyrNoteItem *item = answered->notes->pdata[i];
    gboolean delivered = fyr_note_item_get_state (item) == FYR_OUTBOX_DELIVERED;

    g_assert_true (delivered || fyr_note_item_get_state (item) == FYR_OUTBOX_SENT);
    g_assert_cmpstr (fyr_note_get_text (fyr_note_item_get_note (item)), ==, texts[delivered ? 0 : 2]);
  }
}

static void
command_alert (Fixture *fixture, const char *id, FyrAlertAction action, const char *text)
{
  g_autoptr (FyrRecord) alert = fyr_test_get (fixture, &fyr_alert_info, id);
  FyrAlertOutcome outcome =
      action == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_NO_ACTION : FYR_ALERT_OUTCOME_UNSET;

  fyr_test_save_ok (
      fixture, fyr_mutation_new_alert_command (FYR_ALERT (alert), action, outcome, text, fixture->nurse));
}

static void
assert_alert (Fixture *fixture, const char *id, FyrAlertStatus status, guint n_events)
{
  g_autoptr (FyrAlertDetail) detail = fyr_test_load_alert (fixture, id);
  const FyrAlertFilter filter = { 0 };
  g_autoptr (GPtrArray) listed = fyr_test_list_alerts (fixture, &filter);

  g_assert_cmpint (fyr_alert_get_status (fyr_alert_item_get_alert (detail->item)), ==, status);
  g_assert_cmpuint (detail->events->len, ==, n_events);
  g_assert_cmpuint (listed->len, ==, status == FYR_ALERT_STATUS_CLOSED ? 0 : 1);
}

/* A closed alert that the server keeps open is in the worklist again, and its history says nothing of the closing. */
static void
test_a_refused_command_takes_its_event_along (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  const char *id = fyr_record_get_id (alert);

  fyr_test_feed_patient (fixture);
  fyr_test_feed (fixture, g_object_ref (alert), 1);
  assert_alert (fixture, id, FYR_ALERT_STATUS_OPEN, 0);
  command_alert (fixture, id, FYR_ALERT_ACTION_TAKE, NULL);
  command_alert (fixture, id, FYR_ALERT_ACTION_NOTE, "ringer igjen");
  command_alert (fixture, id, FYR_ALERT_ACTION_CLOSE, "alt vel");
  assert_alert (fixture, id, FYR_ALERT_STATUS_CLOSED, 3);
  g_assert_true (fyr_test_answer (fixture, 3, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 2);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 2));
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 2);
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 1);
  assert_nothing_is_covered (fixture);
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 1);
}

/* She had taken it from another machine: the server made no event of it, so none stays here. */
static void
test_a_command_that_changed_nothing_leaves_no_event (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrRecord) alert = FYR_RECORD (fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, FYR_TEST_NOW));
  g_autoptr (FyrRecord) taken = fyr_record_copy (alert);
  const char *id = fyr_record_get_id (alert);
  const FyrPushOutcome outcome = {
    .number = 1, .kind = FYR_OUTCOME_KIND_APPLIED, .version = 2, .unchanged = TRUE
  };
  g_autoptr (FyrPushBatch) batch = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_test_feed_patient (fixture);
  fyr_test_feed (fixture, g_object_ref (alert), 1);
  command_alert (fixture, id, FYR_ALERT_ACTION_TAKE, NULL);
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 1);
  batch = fyr_test_push (fixture, fixture->nurse);
  result = FYR_AWAIT (fyr_store_apply_outcomes_async (fixture->store, fixture->nurse, batch->incarnation,
                                                      &outcome, 1, FYR_TEST_NOW, FYR_SLOT));
  g_assert_true (fyr_store_apply_outcomes_finish (fixture->store, result, NULL));
  fyr_alert_set_status (FYR_ALERT (taken), FYR_ALERT_STATUS_TAKEN);
  fyr_alert_set_assignee_id (FYR_ALERT (taken), fixture->nurse);
  fyr_test_feed (fixture, g_object_ref (taken), 2);
  assert_alert (fixture, id, FYR_ALERT_STATUS_TAKEN, 0);
  assert_nothing_is_covered (fixture);
}

/* The server's word that is kept aside may be damaged on the disk: nothing is made up from it, and the work stays. */
static void
test_a_damaged_word_is_never_shown (Fixture *fixture, gconstpointer data)
{
  static const char *const damages[] = { "{", "[]", "", "{\"family_name\":7}" };
  const guint city = field_of ("city");

  fyr_test_feed_patient (fixture);
  write_field (fixture, fixture->nurse, city, "Bodø");
  fyr_store_fixture_change (fixture, "CREATE TABLE kept AS SELECT record FROM base");
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *sql = g_strdup_printf ("UPDATE base SET record = '%s'", damages[i]);

    fyr_store_fixture_change (fixture, sql);
    fyr_store_fixture_reopen (fixture);
    g_assert_false (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
    assert_field (fixture, city, "Bodø");
    g_assert_cmpuint (count_found (fixture, "nordm"), ==, 1);
  }
  fyr_store_fixture_change (fixture, "UPDATE base SET record = (SELECT record FROM kept)");
  fyr_store_fixture_reopen (fixture);
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  assert_field (fixture, city, NULL);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/overlay/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                     \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("own-work-covers-its-field-and-no-other", test_own_work_covers_its_field_and_no_other);
  ADD ("each-piece-stands-or-falls-by-itself", test_each_piece_stands_or_falls_by_itself);
  ADD ("the-newest-that-stands-is-shown", test_the_newest_that_stands_is_shown);
  ADD ("anothers-work-on-the-same-record-stays", test_anothers_work_on_the_same_record_stays);
  ADD ("lists-follow-what-is-shown", test_lists_follow_what_is_shown);
  ADD ("a-refused-deletion-shows-what-has-become-of-it", test_a_refused_deletion_shows_what_has_become_of_it);
  ADD ("new-notes-are-shown-with-where-they-stand", test_new_notes_are_shown_with_where_they_stand);
  ADD ("a-refused-command-takes-its-event-along", test_a_refused_command_takes_its_event_along);
  ADD ("a-command-that-changed-nothing-leaves-no-event", test_a_command_that_changed_nothing_leaves_no_event);
  ADD ("a-damaged-word-is-never-shown", test_a_damaged_word_is_never_shown);
  return g_test_run ();
}
