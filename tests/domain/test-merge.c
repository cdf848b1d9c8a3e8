/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-merge.h"

#include "fyr-domain-test.h"

#define BIT(field) (G_GUINT64_CONSTANT (1) << (field))
#define TELEPHONE BIT (FYR_PATIENT_TELEPHONE)
#define EMAIL BIT (FYR_PATIENT_EMAIL)
#define FAMILY_NAME BIT (FYR_PATIENT_FAMILY_NAME)

static FyrPatient *
patient (const char *family_name, const char *telephone, const char *email, gint64 version)
{
  FyrPatient *self = fyr_patient_new ();

  fyr_patient_set_family_name (self, family_name);
  fyr_patient_set_telephone (self, telephone);
  fyr_patient_set_email (self, email);
  fyr_record_set_version (FYR_RECORD (self), version);
  return self;
}

static FyrMergeResult
merge (FyrPatient *base,
       FyrPatient *current,
       FyrPatient *incoming,
       guint64 changed,
       FyrRecord **merged,
       guint64 *conflicts)
{
  return fyr_merge_record (FYR_RECORD (base), FYR_RECORD (current), FYR_RECORD (incoming), changed,
                           fyr_record_get_version (FYR_RECORD (base)), merged, conflicts);
}

static void
test_the_decision_table (void)
{
  static const struct {
    gboolean clinical;
    gboolean current_is_base;
    gboolean incoming_is_base;
    gboolean incoming_is_current;
    FyrMergeDecision decision;
  } cases[] = {
    { TRUE, TRUE, TRUE, TRUE, FYR_MERGE_SAME },
    { TRUE, FALSE, FALSE, TRUE, FYR_MERGE_SAME }, /* both made the same change */
    { TRUE, FALSE, TRUE, FALSE, FYR_MERGE_KEEP_CURRENT },
    { FALSE, FALSE, TRUE, FALSE, FYR_MERGE_KEEP_CURRENT },
    { TRUE, TRUE, FALSE, FALSE, FYR_MERGE_TAKE_INCOMING },
    { FALSE, TRUE, FALSE, FALSE, FYR_MERGE_TAKE_INCOMING },
    { TRUE, FALSE, FALSE, FALSE, FYR_MERGE_CONFLICT },
    { FALSE, FALSE, FALSE, FALSE, FYR_MERGE_LAST_WINS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (fyr_merge_field (cases[i].clinical, cases[i].current_is_base, cases[i].incoming_is_base,
                                      cases[i].incoming_is_current),
                     ==, cases[i].decision);
  }
}

static void
test_an_edit_of_the_latest_version_is_applied (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", "+4722334455", NULL, 3);
  g_autoptr (FyrPatient) incoming = patient ("Hansen", "+4798765432", NULL, 3);
  g_autoptr (FyrRecord) merged = NULL;
  guint64 conflicts = 1;

  g_assert_cmpint (merge (base, base, incoming, TELEPHONE, &merged, &conflicts), ==,
                   FYR_MERGE_RESULT_APPLIED);
  g_assert_cmpstr (fyr_patient_get_telephone ((FyrPatient *)merged), ==, "+4798765432");
  g_assert_cmpuint (conflicts, ==, 0);
  g_assert_cmpint (fyr_record_get_version (merged), ==, 3);
}

static void
test_different_fields_merge (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", "+4722334455", NULL, 3);
  g_autoptr (FyrPatient) current = patient ("Hansen", "+4722334455", "h@example.org", 4);
  g_autoptr (FyrPatient) incoming = patient ("Hansen", "+4798765432", NULL, 3);
  g_autoptr (FyrRecord) merged = NULL;

  g_assert_cmpint (merge (base, current, incoming, TELEPHONE, &merged, NULL), ==, FYR_MERGE_RESULT_MERGED);
  g_assert_cmpstr (fyr_patient_get_telephone ((FyrPatient *)merged), ==, "+4798765432");
  g_assert_cmpstr (fyr_patient_get_email ((FyrPatient *)merged), ==, "h@example.org");
}

static void
test_the_same_identity_field_is_a_conflict_and_nothing_goes_in (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", "+4722334455", NULL, 3);
  g_autoptr (FyrPatient) current = patient ("Hanssen", "+4722334455", NULL, 4);
  g_autoptr (FyrPatient) incoming = patient ("Hansson", "+4798765432", NULL, 3);
  g_autoptr (FyrRecord) merged = NULL;
  guint64 conflicts = 0;

  g_assert_cmpint (merge (base, current, incoming, FAMILY_NAME | TELEPHONE, &merged, &conflicts), ==,
                   FYR_MERGE_RESULT_CONFLICT);
  g_assert_null (merged);
  g_assert_cmpuint (conflicts, ==, FAMILY_NAME);
  g_assert_cmpstr (fyr_patient_get_family_name (current), ==, "Hanssen");
}

static void
test_the_same_change_twice_is_no_conflict (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", NULL, NULL, 3);
  g_autoptr (FyrPatient) current = patient ("Hanssen", NULL, NULL, 4);
  g_autoptr (FyrPatient) incoming = patient ("Hanssen", NULL, NULL, 3);
  g_autoptr (FyrRecord) merged = NULL;

  g_assert_cmpint (merge (base, current, incoming, FAMILY_NAME, &merged, NULL), ==, FYR_MERGE_RESULT_NOTHING);
  g_assert_true (fyr_record_equal (merged, FYR_RECORD (current)));
}

static void
test_cosmetic_fields_last_wins (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", NULL, "a@example.org", 3);
  g_autoptr (FyrPatient) current = patient ("Hansen", NULL, "b@example.org", 4);
  g_autoptr (FyrPatient) incoming = patient ("Hansen", NULL, "c@example.org", 3);
  g_autoptr (FyrRecord) merged = NULL;

  g_assert_cmpint (merge (base, current, incoming, EMAIL, &merged, NULL), ==, FYR_MERGE_RESULT_MERGED);
  g_assert_cmpstr (fyr_patient_get_email ((FyrPatient *)merged), ==, "c@example.org");
}

static void
test_making_a_field_unset_is_an_edit_too (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", "+4722334455", NULL, 3);
  g_autoptr (FyrPatient) current = patient ("Hansen", "+4798765432", NULL, 4);
  g_autoptr (FyrPatient) incoming = patient ("Hansen", NULL, NULL, 3);
  g_autoptr (FyrRecord) merged = NULL;
  guint64 conflicts = 0;

  g_assert_cmpint (merge (base, current, incoming, TELEPHONE, &merged, &conflicts), ==,
                   FYR_MERGE_RESULT_CONFLICT);
  g_assert_cmpuint (conflicts, ==, TELEPHONE);
  g_assert_cmpint (merge (base, base, incoming, TELEPHONE, &merged, NULL), ==, FYR_MERGE_RESULT_APPLIED);
  g_assert_null (fyr_patient_get_telephone ((FyrPatient *)merged));
}

static void
test_fields_not_sent_are_left_alone (void)
{
  g_autoptr (FyrPatient) base = patient ("Hansen", "+4722334455", NULL, 3);
  g_autoptr (FyrPatient) incoming = patient ("Olsen", "+4798765432", "x@example.org", 3);
  g_autoptr (FyrRecord) merged = NULL;

  g_assert_cmpint (merge (base, base, incoming, 0, &merged, NULL), ==, FYR_MERGE_RESULT_NOTHING);
  g_assert_true (fyr_record_equal (merged, FYR_RECORD (base)));
}

static void
test_deleting (void)
{
  g_assert_cmpint (fyr_merge_delete (3, 3, FALSE), ==, FYR_DELETE_APPLY);
  g_assert_cmpint (fyr_merge_delete (3, 4, FALSE), ==, FYR_DELETE_CONFLICT);
  g_assert_cmpint (fyr_merge_delete (3, 4, TRUE), ==, FYR_DELETE_DONE);
  g_assert_cmpint (fyr_merge_delete (5, 4, FALSE), ==, FYR_DELETE_CONFLICT);
}

/* No edit is lost without a word: each field of the merged record is somebody's, and where both edited a
 * clinical field differently there is a conflict. */
static void
test_no_edit_is_lost_silently (void)
{
  static const char *const values[] = { NULL, "+4722334455", "+4798765432" };
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 2000; i++) {
    const char *b = values[g_rand_int_range (random, 0, 3)];
    const char *c = values[g_rand_int_range (random, 0, 3)];
    const char *n = values[g_rand_int_range (random, 0, 3)];
    g_autoptr (FyrPatient) base = patient ("Hansen", b, NULL, 1);
    g_autoptr (FyrPatient) current = patient ("Hansen", c, NULL, g_rand_int_range (random, 1, 3));
    g_autoptr (FyrPatient) incoming = patient ("Hansen", n, NULL, 1);
    g_autoptr (FyrRecord) merged = NULL;
    gboolean both = g_strcmp0 (b, c) != 0 && g_strcmp0 (b, n) != 0 && g_strcmp0 (c, n) != 0;
    FyrMergeResult result = merge (base, current, incoming, TELEPHONE, &merged, NULL);

    g_assert_cmpint (result == FYR_MERGE_RESULT_CONFLICT, ==, both);
    g_assert_cmpint (merged == NULL, ==, both);
    if (merged != NULL) {
      g_assert_cmpstr (fyr_patient_get_telephone ((FyrPatient *)merged), ==, g_strcmp0 (n, b) != 0 ? n : c);
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge/decision-table", test_the_decision_table);
  g_test_add_func ("/merge/applied", test_an_edit_of_the_latest_version_is_applied);
  g_test_add_func ("/merge/different-fields-merge", test_different_fields_merge);
  g_test_add_func ("/merge/identity-conflict",
                   test_the_same_identity_field_is_a_conflict_and_nothing_goes_in);
  g_test_add_func ("/merge/same-change-twice", test_the_same_change_twice_is_no_conflict);
  g_test_add_func ("/merge/cosmetic-last-wins", test_cosmetic_fields_last_wins);
  g_test_add_func ("/merge/unset-is-an-edit", test_making_a_field_unset_is_an_edit_too);
  g_test_add_func ("/merge/not-sent-left-alone", test_fields_not_sent_are_left_alone);
  g_test_add_func ("/merge/delete", test_deleting);
  g_test_add_func ("/merge/property/no-edit-lost", test_no_edit_is_lost_silently);
  return g_test_run ();
}
