/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-table.h"

static gboolean
reads_class (FyrRole role, FyrFieldClass field_class)
{
  return (fyr_role_read_classes (role) & (1u << field_class)) != 0;
}

static void
test_a_clerk_is_granted_no_health_data (void)
{
  g_assert_false (reads_class (FYR_ROLE_CLERK, FYR_FIELD_CLASS_CLINICAL));
  g_assert_false (reads_class (FYR_ROLE_CLERK, FYR_FIELD_CLASS_IDENTITY));
  g_assert_true (reads_class (FYR_ROLE_CLERK, FYR_FIELD_CLASS_CONTACT));
  const FyrScopeClass forbidden[] = { FYR_SCOPE_CLASS_MEASUREMENT, FYR_SCOPE_CLASS_ALERT,
                                      FYR_SCOPE_CLASS_PLAN, FYR_SCOPE_CLASS_NOTE,
                                      FYR_SCOPE_CLASS_RESTRICTED_NOTE };
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    g_assert_false (fyr_role_has_scope (FYR_ROLE_CLERK, forbidden[i]));
  g_assert_false (fyr_role_may_read (FYR_ROLE_CLERK, &fyr_measurement_info));
  g_assert_false (fyr_role_may_read (FYR_ROLE_CLERK, &fyr_alert_info));
  g_assert_false (fyr_role_may_read (FYR_ROLE_CLERK, &fyr_condition_info));
  g_assert_true (fyr_role_may_read (FYR_ROLE_CLERK, &fyr_patient_info));
  g_assert_false (fyr_role_may_write (FYR_ROLE_CLERK, &fyr_patient_info));
}

static void
test_managers_and_administrators_see_no_patient (void)
{
  const FyrRole roles[] = { FYR_ROLE_MANAGER, FYR_ROLE_ADMINISTRATOR };
  for (guint r = 0; r < G_N_ELEMENTS (roles); r++) {
    g_assert_false (fyr_role_has_scope (roles[r], FYR_SCOPE_CLASS_ROSTER));
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      /* The access log and emergency access tell who saw whom, and nothing of what was seen. */
      if (fyr_record_infos[i] != &fyr_audit_event_info && fyr_record_infos[i] != &fyr_emergency_access_info &&
          (fyr_record_infos[i] == &fyr_patient_info || fyr_record_infos[i]->patient_field >= 0))
        g_assert_false (fyr_role_may_read (roles[r], fyr_record_infos[i]));
    }
  }
}

static void
test_the_access_log_holds_no_health_data_and_one_role_reads_it (void)
{
  for (guint i = 0; i < fyr_audit_event_info.n_fields; i++) {
    FyrFieldClass class = fyr_audit_event_info.fields[i].field_class;
    g_assert_true (class == FYR_FIELD_CLASS_OPEN || class == FYR_FIELD_CLASS_AUDIT);
  }
  for (FyrRole role = FYR_ROLE_UNSET; role <= FYR_ROLE_LAST; role++) {
    gboolean administrator = role == FYR_ROLE_ADMINISTRATOR;
    gboolean reads = (fyr_role_read_classes (role) & (1u << FYR_FIELD_CLASS_AUDIT)) != 0;
    g_assert_cmpint (fyr_role_may_read (role, &fyr_audit_event_info), ==, administrator);
    g_assert_cmpint (fyr_role_has_scope (role, FYR_SCOPE_CLASS_AUDIT), ==, administrator);
    g_assert_cmpint (reads, ==, administrator);
  }
  g_assert_false (fyr_role_may_write (FYR_ROLE_MANAGER, &fyr_audit_event_info));
}

/* A manager reads who and why, and not whom. */
static void
test_emergency_access_names_the_patient_to_one_role (void)
{
  for (guint i = 0; i < fyr_emergency_access_info.n_fields; i++) {
    const FyrFieldInfo *field = &fyr_emergency_access_info.fields[i];
    gboolean patient = g_str_has_prefix (field->name, "patient_");

    g_assert_cmpint (field->field_class == FYR_FIELD_CLASS_AUDIT, ==, patient);
  }
  for (FyrRole role = FYR_ROLE_UNSET; role <= FYR_ROLE_LAST; role++) {
    gboolean answers = role == FYR_ROLE_MANAGER || role == FYR_ROLE_ADMINISTRATOR;

    g_assert_cmpint (fyr_role_may_read (role, &fyr_emergency_access_info), ==, answers);
    g_assert_cmpint (fyr_role_may_write (role, &fyr_emergency_event_info), ==, answers);
    g_assert_cmpint (fyr_role_has_scope (role, FYR_SCOPE_CLASS_REVIEW), ==, answers);
    g_assert_false (fyr_role_may_write (role, &fyr_emergency_access_info));
  }
}

static void
test_a_gp_has_no_centre_wide_feed_of_patients (void)
{
  for (guint scope = 0; scope < FYR_SCOPE_CLASS_N; scope++) {
    gboolean expected = scope == FYR_SCOPE_CLASS_CONFIGURATION || scope == FYR_SCOPE_CLASS_PRIVATE;
    g_assert_cmpint (fyr_role_has_scope (FYR_ROLE_GP, (FyrScopeClass)scope), ==, expected);
  }
  g_assert_false (fyr_role_may_write (FYR_ROLE_GP, &fyr_limit_info));
  g_assert_false (fyr_role_may_write (FYR_ROLE_GP, &fyr_alert_info));
  g_assert_true (fyr_role_may_write (FYR_ROLE_GP, &fyr_note_info));
}

static void
test_an_unknown_role_may_nothing (void)
{
  const FyrRole roles[] = { FYR_ROLE_UNSET, (FyrRole)77, (FyrRole)-1 };
  for (guint r = 0; r < G_N_ELEMENTS (roles); r++) {
    g_assert_cmpuint (fyr_role_read_classes (roles[r]), ==, 0);
    g_assert_cmpuint (fyr_role_write_classes (roles[r]), ==, 0);
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      g_assert_false (fyr_role_may_read (roles[r], fyr_record_infos[i]));
      g_assert_false (fyr_role_may_write (roles[r], fyr_record_infos[i]));
    }
  }
}

static void
test_scope_words_are_each_others_inverse (void)
{
  for (guint scope = 0; scope < FYR_SCOPE_CLASS_N; scope++)
    g_assert_cmpint (fyr_scope_class_from_string (fyr_scope_class_to_string ((FyrScopeClass)scope)), ==,
                     scope);
  g_assert_cmpint (fyr_scope_class_from_string ("everything"), ==, FYR_SCOPE_CLASS_N);
  g_assert_cmpint (fyr_scope_class_from_string (NULL), ==, FYR_SCOPE_CLASS_N);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/access/a-clerk-is-granted-no-health-data",
                   test_a_clerk_is_granted_no_health_data);
  g_test_add_func ("/schema/access/managers-and-administrators-see-no-patient",
                   test_managers_and_administrators_see_no_patient);
  g_test_add_func ("/schema/access/the-access-log-holds-no-health-data-and-one-role-reads-it",
                   test_the_access_log_holds_no_health_data_and_one_role_reads_it);
  g_test_add_func ("/schema/access/emergency-access-names-the-patient-to-one-role",
                   test_emergency_access_names_the_patient_to_one_role);
  g_test_add_func ("/schema/access/a-gp-has-no-centre-wide-feed",
                   test_a_gp_has_no_centre_wide_feed_of_patients);
  g_test_add_func ("/schema/access/an-unknown-role-may-nothing", test_an_unknown_role_may_nothing);
  g_test_add_func ("/schema/access/scope-words", test_scope_words_are_each_others_inverse);
  return g_test_run ();
}
