/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-category.h"
#include "fyr-store-asks.h"

/* The alert list and an alert's page against the plain way: random alerts, every filter. The seed is printed. */

typedef FyrStoreFixture Fixture;

#define N_ALERTS 120

typedef struct {
  GRand *rand;
  GPtrArray *alerts; /* as fed */
  char patients[3][37];
} Desk;

static FyrAlert *
make_alert (Fixture *fixture, Desk *desk)
{
  FyrAlertStatus status = (FyrAlertStatus)g_rand_int_range (desk->rand, 1, FYR_ALERT_STATUS_LAST + 1);
  FyrAlertCategory category = (FyrAlertCategory)g_rand_int_range (desk->rand, 1, FYR_ALERT_CATEGORY_LAST + 1);
  FyrAlert *alert = fyr_test_alert (fixture, category, FYR_TEST_NOW + g_rand_int_range (desk->rand, -4, 5));

  fyr_alert_set_patient_id (alert, desk->patients[g_rand_int_range (desk->rand, 0, 3)]);
  fyr_alert_set_raised_time (alert, FYR_TEST_NOW - g_rand_int_range (desk->rand, 0, 4));
  fyr_alert_set_status (alert, status);
  if (status != FYR_ALERT_STATUS_OPEN) {
    fyr_alert_set_assignee_id (alert, g_rand_boolean (desk->rand) ? fixture->nurse : fixture->other);
  }
  if (status == FYR_ALERT_STATUS_CLOSED) {
    fyr_alert_set_closed_time (alert, FYR_TEST_NOW - g_rand_int_range (desk->rand, 0, 6));
  }
  if (g_rand_int_range (desk->rand, 0, 5) == 0) {
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_DUE_TIME);
  }
  return alert;
}

static void
feed_desk (Fixture *fixture, Desk *desk)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  guint32 seed = g_test_rand_int ();

  g_test_message ("seed %u", seed);
  *desk = (Desk){ .rand = g_rand_new_with_seed (seed),
                  .alerts = g_ptr_array_new_with_free_func (g_object_unref) };
  for (int i = 0; i < 3; i++) {
    fyr_test_new_id (desk->patients[i]);
  }
  for (int i = 0; i < N_ALERTS; i++) {
    FyrAlert *alert = make_alert (fixture, desk);

    g_ptr_array_add (records, alert);
    g_ptr_array_add (desk->alerts, g_object_ref (alert));
  }
  fyr_test_feed_all (fixture, g_steal_pointer (&records));
}

static void
desk_clear (Desk *desk)
{
  g_rand_free (desk->rand);
  g_ptr_array_unref (desk->alerts);
}

static gboolean
is_closed (FyrAlert *alert)
{
  return fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED;
}

static gint64
due_or_never (FyrAlert *alert)
{
  return fyr_record_is_set (FYR_RECORD (alert), FYR_ALERT_DUE_TIME) ? fyr_alert_get_due_time (alert)
                                                                    : G_MAXINT64;
}

/* The order of the list, as its header says it. */
static int
compare_alerts (FyrAlert *a, FyrAlert *b)
{
  int ranks[] = { fyr_alert_category_get_rank (fyr_alert_get_category (a)),
                  fyr_alert_category_get_rank (fyr_alert_get_category (b)) };
  gint64 keys[] = { due_or_never (a), due_or_never (b) };

  if (is_closed (a) != is_closed (b)) {
    return is_closed (a) ? 1 : -1;
  }
  if (is_closed (a)) {
    gint64 later = fyr_alert_get_closed_time (b) - fyr_alert_get_closed_time (a);

    return later < 0 ? -1 : later > 0;
  }
  if (ranks[0] != ranks[1]) {
    return ranks[0] - ranks[1];
  }
  if (keys[0] != keys[1]) {
    return keys[0] < keys[1] ? -1 : 1;
  }
  return (int)(fyr_alert_get_raised_time (a) - fyr_alert_get_raised_time (b));
}

static gboolean
is_asked_for (FyrAlert *alert, const FyrAlertFilter *filter)
{
  return (filter->closed || !is_closed (alert)) &&
         (filter->categories == 0 || (filter->categories & 1u << fyr_alert_get_category (alert)) != 0) &&
         (filter->assignee_id == NULL ||
          g_strcmp0 (filter->assignee_id, fyr_alert_get_assignee_id (alert)) == 0) &&
         (filter->patient_id == NULL || g_str_equal (filter->patient_id, fyr_alert_get_patient_id (alert)));
}

static void
assert_list (Fixture *fixture, Desk *desk, const FyrAlertFilter *filter)
{
  g_autoptr (GPtrArray) items = fyr_test_list_alerts (fixture, filter);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint expected = 0;

  for (guint i = 0; i < desk->alerts->len; i++) {
    expected += is_asked_for (desk->alerts->pdata[i], filter) ? 1 : 0;
  }
  g_assert_cmpuint (items->len, ==, filter->limit != 0 ? MIN (expected, filter->limit) : expected);
  for (guint i = 0; i < items->len; i++) {
    FyrAlert *alert = fyr_alert_item_get_alert (items->pdata[i]);

    g_assert_true (is_asked_for (alert, filter));
    g_assert_true (g_hash_table_add (seen, (gpointer)fyr_alert_item_get_id (items->pdata[i])));
    if (i > 0) {
      g_assert_cmpint (compare_alerts (fyr_alert_item_get_alert (items->pdata[i - 1]), alert), <=, 0);
    }
  }
}

static void
test_every_filter_gives_what_is_asked_in_order (Fixture *fixture, gconstpointer data)
{
  Desk desk;

  feed_desk (fixture, &desk);
  for (int i = 0; i < 60; i++) {
    const char *assignees[] = { NULL, NULL, fixture->nurse, fixture->other, fixture->centre };
    const FyrAlertFilter filter = {
      .closed = g_rand_boolean (desk.rand),
      .categories = g_rand_boolean (desk.rand) ? 0 : (guint)g_rand_int_range (desk.rand, 1, 128),
      .assignee_id = assignees[g_rand_int_range (desk.rand, 0, 5)],
      .patient_id = g_rand_boolean (desk.rand) ? NULL : desk.patients[g_rand_int_range (desk.rand, 0, 3)],
      .limit = g_rand_boolean (desk.rand) ? 0 : (guint)g_rand_int_range (desk.rand, 1, 80),
    };

    assert_list (fixture, &desk, &filter);
  }
  desk_clear (&desk);
}

/* What does not fit is what is least urgent: a short list begins as the long one does. */
static void
test_a_limit_cuts_the_end (Fixture *fixture, gconstpointer data)
{
  const FyrAlertFilter whole = { .closed = TRUE };
  Desk desk;
  g_autoptr (GPtrArray) all = NULL;

  feed_desk (fixture, &desk);
  all = fyr_test_list_alerts (fixture, &whole);
  g_assert_cmpuint (all->len, ==, N_ALERTS);
  for (guint limit = 1; limit <= N_ALERTS; limit += 17) {
    const FyrAlertFilter filter = { .closed = TRUE, .limit = limit };
    g_autoptr (GPtrArray) some = fyr_test_list_alerts (fixture, &filter);

    g_assert_cmpuint (some->len, ==, limit);
    for (guint i = 0; i < limit; i++) {
      g_assert_true (fyr_alert_item_equal (some->pdata[i], all->pdata[i]));
    }
  }
  desk_clear (&desk);
}

static void
test_counts_are_those_of_the_list (Fixture *fixture, gconstpointer data)
{
  FyrAlertCounts expected = { 0 };
  FyrAlertCounts counts = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  Desk desk;

  feed_desk (fixture, &desk);
  for (guint i = 0; i < desk.alerts->len; i++) {
    FyrAlert *alert = desk.alerts->pdata[i];
    FyrAlertCategory category = fyr_alert_get_category (alert);

    if (is_closed (alert)) {
      continue;
    }
    expected.open[category] += fyr_alert_get_status (alert) == FYR_ALERT_STATUS_OPEN;
    expected.taken[category] += fyr_alert_get_status (alert) == FYR_ALERT_STATUS_TAKEN;
    expected.overdue[category] += due_or_never (alert) < FYR_TEST_NOW;
  }
  result = FYR_AWAIT (fyr_store_count_alerts_async (fixture->store, FYR_TEST_NOW, FYR_SLOT));
  g_assert_true (fyr_store_count_alerts_finish (fixture->store, result, &counts, NULL));
  for (int i = 0; i <= FYR_ALERT_CATEGORY_LAST; i++) {
    g_assert_cmpuint (counts.open[i], ==, expected.open[i]);
    g_assert_cmpuint (counts.taken[i], ==, expected.taken[i]);
    g_assert_cmpuint (counts.overdue[i], ==, expected.overdue[i]);
  }
  desk_clear (&desk);
}

/* The patient, what was reported and the limit may come later than the alert: it is shown all the same. */
static void
test_an_alert_is_shown_before_what_it_names (Fixture *fixture, gconstpointer data)
{
  const FyrAlertFilter filter = { 0 };
  FyrAlert *alert = fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, 1);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (alert)));
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (FyrAlertDetail) detail = NULL;

  fyr_alert_set_measurement_id (alert, fixture->nurse);
  fyr_alert_set_limit_id (alert, fixture->other);
  fyr_alert_set_assignee_id (alert, fixture->nurse);
  fyr_test_feed (fixture, alert, 1);
  items = fyr_test_list_alerts (fixture, &filter);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpstr (fyr_alert_item_get_patient_name (items->pdata[0]), ==, "");
  g_assert_null (fyr_alert_item_get_telephone (items->pdata[0]));
  g_assert_null (fyr_alert_item_get_measurement (items->pdata[0]));
  g_assert_null (fyr_alert_item_get_assignee_name (items->pdata[0]));
  detail = fyr_test_load_alert (fixture, id);
  g_assert_null (detail->patient);
  g_assert_null (detail->limit);
  g_assert_cmpuint (detail->events->len, ==, 0);
  g_assert_cmpuint (detail->siblings->len, ==, 0);
}

/* Own work on an alert is told line by line, with who did it, until the server has it. */
static void
test_events_tell_who_did_what_and_whether_it_is_delivered (Fixture *fixture, gconstpointer data)
{
  const FyrAlertAction actions[] = { FYR_ALERT_ACTION_TAKE, FYR_ALERT_ACTION_NOTE, FYR_ALERT_ACTION_CLOSE };
  FyrAlert *alert = fyr_test_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, 1);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (alert)));
  g_autoptr (FyrAlertDetail) detail = NULL;
  g_autoptr (FyrAlertDetail) after = NULL;

  fyr_test_feed_user (fixture, fixture->nurse, "Kari");
  fyr_test_feed (fixture, alert, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autoptr (FyrRecord) shown = fyr_test_get (fixture, &fyr_alert_info, id);

    /* What is done in one and the same millisecond has no order. */
    g_usleep (2000);
    fyr_test_save_ok (
        fixture, fyr_mutation_new_alert_command (
                     FYR_ALERT (shown), actions[i],
                     actions[i] == FYR_ALERT_ACTION_CLOSE ? FYR_ALERT_OUTCOME_OTHER : FYR_ALERT_OUTCOME_UNSET,
                     actions[i] == FYR_ALERT_ACTION_TAKE ? NULL : "ringte", fixture->nurse));
  }
  detail = fyr_test_load_alert (fixture, id);
  g_assert_cmpuint (detail->events->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    FyrEventItem *item = detail->events->pdata[i];

    g_assert_cmpint (fyr_alert_event_get_action (fyr_event_item_get_event (item)), ==, actions[i]);
    g_assert_cmpstr (fyr_event_item_get_actor_name (item), ==, "Kari");
    g_assert_cmpint (fyr_event_item_get_state (item), ==, FYR_OUTBOX_WAITING);
  }
  g_assert_cmpint (fyr_alert_item_get_state (detail->item), !=, FYR_OUTBOX_DELIVERED);
  for (int i = 1; i <= 3; i++) {
    g_assert_true (fyr_test_answer (fixture, i, FYR_OUTCOME_KIND_APPLIED, 1 + i));
  }
  after = fyr_test_load_alert (fixture, id);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (fyr_event_item_get_state (after->events->pdata[i]), ==, FYR_OUTBOX_DELIVERED);
  }
  g_assert_cmpint (fyr_alert_item_get_state (after->item), ==, FYR_OUTBOX_DELIVERED);
}

/* Beside an alert stand the patient's others, never the alert itself and never another patient's. */
static void
test_beside_an_alert_stand_the_patients_others (Fixture *fixture, gconstpointer data)
{
  Desk desk;

  feed_desk (fixture, &desk);
  for (guint i = 0; i < desk.alerts->len; i += 11) {
    FyrAlert *alert = desk.alerts->pdata[i];
    const char *id = fyr_record_get_id (FYR_RECORD (alert));
    g_autoptr (FyrAlertDetail) detail = fyr_test_load_alert (fixture, id);
    GPtrArray *lists[] = { detail->siblings, detail->recent };

    g_assert_cmpuint (detail->recent->len, <=, 5);
    for (int l = 0; l < 2; l++) {
      for (guint j = 0; j < lists[l]->len; j++) {
        FyrAlert *other = fyr_alert_item_get_alert (lists[l]->pdata[j]);

        g_assert_cmpstr (fyr_record_get_id (FYR_RECORD (other)), !=, id);
        g_assert_cmpstr (fyr_alert_get_patient_id (other), ==, fyr_alert_get_patient_id (alert));
        g_assert_true (is_closed (other) == (l == 1));
        g_assert_true (j == 0 ||
                       compare_alerts (fyr_alert_item_get_alert (lists[l]->pdata[j - 1]), other) <= 0);
      }
    }
  }
  desk_clear (&desk);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/alert-list/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                  \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-filter-gives-what-is-asked-in-order", test_every_filter_gives_what_is_asked_in_order);
  ADD ("a-limit-cuts-the-end", test_a_limit_cuts_the_end);
  ADD ("counts-are-those-of-the-list", test_counts_are_those_of_the_list);
  ADD ("an-alert-is-shown-before-what-it-names", test_an_alert_is_shown_before_what_it_names);
  ADD ("events-tell-who-did-what-and-whether-it-is-delivered",
       test_events_tell_who_did_what_and_whether_it_is_delivered);
  ADD ("beside-an-alert-stand-the-patients-others", test_beside_an_alert_stand_the_patients_others);
  return g_test_run ();
}
