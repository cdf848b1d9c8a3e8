/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-items-private.h"
#include "fyr-store-fixture.h"

/* The objects lists are made of: from new to finalize, every property readable, none writable, each says what its
 * getter says. */

#define NURSE "0198f0aa-0000-7000-8000-00000000000a"

static FyrStoreFixture names;

static FyrAlertItem *
new_alert_item (FyrOutboxState state)
{
  FyrAlert *alert = fyr_test_alert (&names, FYR_ALERT_CATEGORY_YELLOW, 77);
  FyrMeasurement *measurement = fyr_test_measurement (&names, FYR_MEASUREMENT_KIND_GLUCOSE, 5, 17.5);

  fyr_alert_set_assignee_id (alert, NURSE);
  return fyr_alert_item_new (alert, measurement, g_strdup ("Nordmann, Ola"), g_strdup ("+4798765432"),
                             FYR_ZONE_RED, g_strdup ("Kari"), state);
}

static FyrPatientItem *
new_patient_item (void)
{
  FyrPatient *patient = fyr_test_patient (&names, "Aas", "Ase");

  fyr_patient_set_identity_number (patient, "31015012345");
  fyr_patient_set_telephone (patient, "+4798765432");
  return fyr_patient_item_new (patient, 3, FYR_ALERT_CATEGORY_RED, 123456, FYR_OUTBOX_CONFLICT);
}

/* Reads every property as text; none may be written. */
static void
assert_properties (gpointer object, const char *const *expected)
{
  guint n_properties;
  g_autofree GParamSpec **properties =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n_properties);

  for (guint i = 0; i < n_properties; i++) {
    g_auto (GValue) value = G_VALUE_INIT;
    g_autofree char *text = NULL;
    gboolean known = FALSE;

    g_assert_cmpuint (properties[i]->flags & G_PARAM_WRITABLE, ==, 0);
    g_value_init (&value, properties[i]->value_type);
    g_object_get_property (object, properties[i]->name, &value);
    text = g_strdup_value_contents (&value);
    for (gsize e = 0; expected[e] != NULL; e += 2) {
      if (g_str_equal (expected[e], properties[i]->name)) {
        g_assert_cmpstr (text, ==, expected[e + 1]);
        known = TRUE;
      }
    }
    /* Ids and objects differ from run to run; that they are there is enough. */
    g_assert_true (known || G_VALUE_HOLDS_OBJECT (&value) || g_str_has_suffix (properties[i]->name, "id"));
  }
}

static void
assert_finalized (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  g_assert_null (object);
}

static void
test_alert_item (void)
{
  const char *const expected[] = {
    "patient-name",
    "\"Nordmann, Ola\"",
    "telephone",
    "\"+4798765432\"",
    "category",
    "2",
    "status",
    "1",
    "raised-time",
    "1772438340000",
    "due-time",
    "77",
    "assignee-name",
    "\"Kari\"",
    "assignee-id",
    "\"" NURSE "\"",
    "state",
    "((FyrOutboxState) FYR_OUTBOX_WAITING)",
    NULL,
  };
  FyrAlertItem *item = new_alert_item (FYR_OUTBOX_WAITING);

  assert_properties (item, expected);
  g_assert_cmpstr (fyr_alert_item_get_id (item), ==,
                   fyr_record_get_id (FYR_RECORD (fyr_alert_item_get_alert (item))));
  g_assert_cmpstr (fyr_alert_item_get_patient_name (item), ==, "Nordmann, Ola");
  g_assert_cmpstr (fyr_alert_item_get_telephone (item), ==, "+4798765432");
  g_assert_cmpint (fyr_alert_item_get_zone (item), ==, FYR_ZONE_RED);
  g_assert_cmpstr (fyr_alert_item_get_assignee_name (item), ==, "Kari");
  g_assert_cmpfloat (fyr_measurement_get_value (fyr_alert_item_get_measurement (item)), ==, 17.5);
  g_assert_cmpint (fyr_alert_item_get_state (item), ==, FYR_OUTBOX_WAITING);
  assert_finalized (item);
}

/* Whatever of it is shown changes, the items differ; else the list need not be touched. */
static void
test_alert_items_are_compared_by_what_they_show (void)
{
  g_autoptr (FyrAlertItem) item = new_alert_item (FYR_OUTBOX_WAITING);
  FyrAlert *alert = fyr_alert_item_get_alert (item);

  for (int i = 0; i < 9; i++) {
    FyrRecord *copy = fyr_record_copy (FYR_RECORD (alert));
    FyrRecord *measurement = fyr_record_copy (FYR_RECORD (fyr_alert_item_get_measurement (item)));
    g_autoptr (FyrAlertItem) other = NULL;

    if (i == 1) {
      fyr_alert_set_status (FYR_ALERT (copy), FYR_ALERT_STATUS_CLOSED);
    } else if (i == 2) {
      fyr_measurement_set_value (FYR_MEASUREMENT (measurement), 3);
    } else if (i == 3) {
      g_clear_object (&measurement);
    }
    other = fyr_alert_item_new (FYR_ALERT (copy), measurement != NULL ? FYR_MEASUREMENT (measurement) : NULL,
                                g_strdup (i == 4 ? "Hansen, Ola" : "Nordmann, Ola"),
                                i == 5 ? NULL : g_strdup ("+4798765432"),
                                i == 6 ? FYR_ZONE_GREEN : FYR_ZONE_RED, i == 7 ? NULL : g_strdup ("Kari"),
                                i == 8 ? FYR_OUTBOX_REFUSED : FYR_OUTBOX_WAITING);
    g_assert_true (fyr_alert_item_equal (item, other) == (i == 0));
    g_assert_true (fyr_alert_item_equal (other, item) == (i == 0));
  }
}

static void
test_patient_item (void)
{
  const char *const expected[] = {
    "name",
    "\"Aas, Ase\"",
    "identity-number",
    "\"31015012345\"",
    "telephone",
    "\"+4798765432\"",
    "zone",
    "1",
    "status",
    "2",
    "open-alerts",
    "3",
    "worst-category",
    "1",
    "last-report",
    "123456",
    "state",
    "((FyrOutboxState) FYR_OUTBOX_CONFLICT)",
    NULL,
  };
  FyrPatientItem *item = new_patient_item ();

  assert_properties (item, expected);
  g_assert_cmpstr (fyr_patient_item_get_name (item), ==, "Aas, Ase");
  g_assert_cmpuint (fyr_patient_item_get_open_alerts (item), ==, 3);
  g_assert_cmpint (fyr_patient_item_get_worst_category (item), ==, FYR_ALERT_CATEGORY_RED);
  g_assert_cmpint (fyr_patient_item_get_last_report (item), ==, 123456);
  g_assert_cmpint (fyr_patient_item_get_state (item), ==, FYR_OUTBOX_CONFLICT);
  g_assert_cmpstr (fyr_patient_item_get_id (item), ==,
                   fyr_record_get_id (FYR_RECORD (fyr_patient_item_get_patient (item))));
  assert_finalized (item);
}

static void
test_event_and_note_items (void)
{
  FyrAlertEvent *event = fyr_alert_event_new ();
  FyrNote *note = fyr_test_note (&names, "text");
  FyrEventItem *event_item = fyr_event_item_new (event, g_strdup ("Kari"), FYR_OUTBOX_WAITING);
  FyrNoteItem *note_item = fyr_note_item_new (note, NULL, TRUE, FYR_OUTBOX_DELIVERED);

  g_assert_true (fyr_event_item_get_event (event_item) == event);
  g_assert_cmpstr (fyr_event_item_get_actor_name (event_item), ==, "Kari");
  g_assert_cmpint (fyr_event_item_get_state (event_item), ==, FYR_OUTBOX_WAITING);
  g_assert_true (fyr_note_item_get_note (note_item) == note);
  g_assert_null (fyr_note_item_get_author_name (note_item));
  g_assert_true (fyr_note_item_get_corrected (note_item));
  g_assert_cmpint (fyr_note_item_get_state (note_item), ==, FYR_OUTBOX_DELIVERED);
  assert_finalized (event_item);
  assert_finalized (note_item);
}

static void
test_outbox_entry (FyrStoreFixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
  g_autoptr (GPtrArray) outbox = NULL;
  const char *const expected[] = {
    "number",  "1",
    "kind",    "\"note\"",
    "command", "\"create\"",
    "state",   "((FyrOutboxState) FYR_OUTBOX_REFUSED)",
    "code",    "\"forbidden\"",
    "text",    "\"Not yours\"",
    "created", "1772438400000",
    NULL,
  };
  FyrOutboxEntry *entry;

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_REFUSED, 0));
  outbox = fyr_test_outbox (fixture, 0);
  entry = outbox->pdata[0];
  assert_properties (entry, expected);
  g_assert_cmpstr (fyr_outbox_entry_get_author_id (entry), ==, fixture->nurse);
  g_assert_cmpstr (fyr_outbox_entry_get_patient_id (entry), ==, fixture->patient);
  g_assert_cmpint (fyr_outbox_entry_get_acknowledged (entry), ==, FYR_TEST_NOW);
  g_assert_null (fyr_outbox_entry_get_conflict (entry));
}

static void
test_series_is_counted (void)
{
  FyrSeries *series = g_new0 (FyrSeries, 1);
  g_auto (GValue) value = G_VALUE_INIT;

  g_atomic_ref_count_init (&series->refs);
  series->n = 1;
  series->times = g_new0 (gint64, 1);
  g_value_init (&value, FYR_TYPE_SERIES);
  g_value_set_boxed (&value, series);
  fyr_series_unref (series);
  g_assert_cmpuint (((FyrSeries *)g_value_get_boxed (&value))->n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_test_new_id (names.centre);
  fyr_test_new_id (names.patient);
  fyr_test_new_id (names.nurse);
  g_test_add_func ("/store/items/alert-item", test_alert_item);
  g_test_add_func ("/store/items/alert-items-are-compared-by-what-they-show",
                   test_alert_items_are_compared_by_what_they_show);
  g_test_add_func ("/store/items/patient-item", test_patient_item);
  g_test_add_func ("/store/items/event-and-note-items", test_event_and_note_items);
  g_test_add_func ("/store/items/series-is-counted", test_series_is_counted);
  g_test_add ("/store/items/outbox-entry", FyrStoreFixture, NULL, fyr_store_fixture_set_up, test_outbox_entry,
              fyr_store_fixture_tear_down);
  return g_test_run ();
}
