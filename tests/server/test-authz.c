/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-access-table.h"
#include "fyr-authz.h"
#include "fyr-resource.h"

/*
 * The access decision, against a second telling of domain.md's table "Who uses this software": written here by hand, a
 * line for each kind and class of field, so that neither access.toml nor the declarations judge themselves.
 */

#define HERE "01980000-0000-7000-8000-000000000001"
#define THERE "01980000-0000-7000-8000-000000000002"
#define USER "01980000-0000-7000-8000-000000000003"
#define PATIENT "01980000-0000-7000-8000-000000000004"
#define GP "01980000-0000-7000-8000-000000000005"
#define OTHER_GP "01980000-0000-7000-8000-000000000006"

#define N (1u << FYR_ROLE_NURSE)
#define G (1u << FYR_ROLE_GP)
#define C (1u << FYR_ROLE_CLERK)
#define M (1u << FYR_ROLE_MANAGER)
#define A (1u << FYR_ROLE_ADMINISTRATOR)
#define ALL (N | G | C | M | A)

typedef struct {
  const FyrRecordInfo *info;
  FyrFieldClass field_class;
  guint read;
  guint write;
} Expectation;

static const Expectation expectations[] = {
  { &fyr_organization_info, FYR_FIELD_CLASS_OPEN, ALL, A },
  { &fyr_centre_info, FYR_FIELD_CLASS_OPEN, ALL, A },
  { &fyr_user_info, FYR_FIELD_CLASS_OPEN, ALL, A },
  { &fyr_membership_info, FYR_FIELD_CLASS_OPEN, ALL, A },
  { &fyr_gp_info, FYR_FIELD_CLASS_OPEN, ALL, N | A },
  /* The borrower's name, address and telephone are all an equipment clerk gets of a patient. */
  { &fyr_patient_info, FYR_FIELD_CLASS_OPEN, N | G | C, N },
  { &fyr_patient_info, FYR_FIELD_CLASS_CONTACT, N | G | C, N },
  { &fyr_patient_info, FYR_FIELD_CLASS_IDENTITY, N | G, N },
  { &fyr_patient_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_related_person_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_related_person_info, FYR_FIELD_CLASS_CONTACT, N | G, N },
  { &fyr_related_person_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_condition_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_condition_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_device_info, FYR_FIELD_CLASS_OPEN, N | C, C },
  { &fyr_device_info, FYR_FIELD_CLASS_EQUIPMENT, N | C, C },
  /* A GP sees, and neither changes limits nor closes alerts. */
  { &fyr_limit_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_limit_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_measurement_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_measurement_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_alert_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_alert_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_alert_event_info, FYR_FIELD_CLASS_OPEN, N | G, N },
  { &fyr_alert_event_info, FYR_FIELD_CLASS_CLINICAL, N | G, N },
  { &fyr_note_info, FYR_FIELD_CLASS_OPEN, N | G, N | G },
  { &fyr_note_info, FYR_FIELD_CLASS_CLINICAL, N | G, N | G },
  /* Who sees patients writes the access log, and does not read it. */
  { &fyr_audit_event_info, FYR_FIELD_CLASS_OPEN, A, N | G | C | A },
  { &fyr_audit_event_info, FYR_FIELD_CLASS_AUDIT, A, N | G | C | A },
  /* Who answers for the centre reads and reviews; the patient is named to who reads the access log. */
  { &fyr_emergency_access_info, FYR_FIELD_CLASS_OPEN, M | A, 0 },
  { &fyr_emergency_access_info, FYR_FIELD_CLASS_REVIEW, M | A, 0 },
  { &fyr_emergency_access_info, FYR_FIELD_CLASS_AUDIT, A, 0 },
  { &fyr_emergency_event_info, FYR_FIELD_CLASS_OPEN, M | A, M | A },
  { &fyr_emergency_event_info, FYR_FIELD_CLASS_REVIEW, M | A, M | A },
};

static const FyrAction record_actions[] = {
  FYR_ACTION_READ, FYR_ACTION_CREATE, FYR_ACTION_UPDATE, FYR_ACTION_DELETE, FYR_ACTION_COMMAND,
};

static const Expectation *
find_expectation (const FyrRecordInfo *info, FyrFieldClass field_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (expectations); i++) {
    if (expectations[i].info == info && expectations[i].field_class == field_class) {
      return &expectations[i];
    }
  }
  g_error ("%s has fields of a class nobody has thought of", info->kind);
}

static FyrSubject *
subject_of (FyrRole role, const char *gp)
{
  FyrSubject *subject = fyr_subject_new (USER);

  fyr_subject_add_role (subject, role, HERE, gp);
  return subject;
}

/* Where the record is, and whose patient it is about. */
typedef enum { AT_HOME, ELSEWHERE, OTHER_LIST, NO_LIST, N_PLACES } Place;

static FyrResource
resource_at (const FyrRecordInfo *info, Place place)
{
  gboolean about_patient = info->scope_by == FYR_SCOPE_BY_PATIENT || info == &fyr_patient_info;
  FyrResource resource = { .info = info, .scope = info->scope };

  if (info->scope_by != FYR_SCOPE_BY_GLOBAL || info == &fyr_centre_info) {
    resource.centre_id = place == ELSEWHERE ? THERE : HERE;
  }
  if (about_patient) {
    resource.patient_id = PATIENT;
    resource.gp_id = place == OTHER_LIST ? OTHER_GP : place == NO_LIST ? "" : GP;
  }
  return resource;
}

static gboolean
place_allows (FyrRole role, const FyrRecordInfo *info, FyrAction action, Place place)
{
  gboolean about_patient = info->scope_by == FYR_SCOPE_BY_PATIENT || info == &fyr_patient_info;

  if (place == ELSEWHERE) {
    return info->scope_by == FYR_SCOPE_BY_GLOBAL && (action == FYR_ACTION_READ || info != &fyr_centre_info);
  }
  return role != FYR_ROLE_GP || !about_patient || place == AT_HOME;
}

static gboolean
expected (FyrRole role, const FyrRecordInfo *info, const FyrFieldInfo *field, FyrAction action, Place place)
{
  guint bit = 1u << role;
  const Expectation *line =
      find_expectation (info, field != NULL ? field->field_class : FYR_FIELD_CLASS_OPEN);

  if (!place_allows (role, info, action, place)) {
    return FALSE;
  }
  if (action == FYR_ACTION_READ) {
    return (line->read & bit) != 0;
  }
  if (action == FYR_ACTION_COMMAND && info != &fyr_alert_info) {
    return FALSE;
  }
  return (line->write & bit) != 0;
}

static void
open_in_emergency (FyrSubject *subject, const char *patient)
{
  FyrEmergencyGrant grant = { .begin = 1, .until = 2 };

  subject->emergency = g_array_new (FALSE, TRUE, sizeof grant);
  g_strlcpy (grant.patient_id, patient, sizeof grant.patient_id);
  g_array_append_val (subject->emergency, grant);
}

/* Emergency access lifts relation and block, for who treats, of that patient; nothing else of any cell. */
static guint
check_emergency_cell (
    FyrRole role, const FyrRecordInfo *info, const FyrFieldInfo *field, FyrAction action, Place place)
{
  g_autoptr (FyrSubject) subject = subject_of (role, role == FYR_ROLE_GP ? GP : NULL);
  FyrResource resource = resource_at (info, place);
  gboolean treats = role == FYR_ROLE_NURSE || role == FYR_ROLE_GP;
  gboolean about_patient = resource.patient_id != NULL;
  Place as_if = treats && about_patient && place != ELSEWHERE ? AT_HOME : place;
  gboolean wanted = expected (role, info, field, action, as_if);

  open_in_emergency (subject, PATIENT);
  g_assert_cmpint (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_WORK), ==, wanted);
  g_hash_table_add (subject->blocked, g_strdup (PATIENT));
  g_assert_cmpint (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_WORK), ==,
                   wanted && (treats || !about_patient));
  fyr_subject_forget_emergency (subject);
  open_in_emergency (subject, USER);
  if (about_patient) {
    g_assert_false (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_WORK));
  }
  return 3;
}

static guint
check_cell (FyrRole role, const FyrRecordInfo *info, const FyrFieldInfo *field, FyrAction action, Place place)
{
  g_autoptr (FyrSubject) subject = subject_of (role, role == FYR_ROLE_GP ? GP : NULL);
  FyrResource resource = resource_at (info, place);
  gboolean wanted = expected (role, info, field, action, place);

  if (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_WORK) != wanted) {
    g_error ("%s %s.%s action %d place %d: not %d", fyr_enum_to_code (&fyr_role_info, role), info->kind,
             field != NULL ? field->name : "*", action, place, wanted);
  }
  /* A block closes every cell of a patient's records, and a wrong purpose every cell. */
  if (resource.patient_id != NULL) {
    g_hash_table_add (subject->blocked, g_strdup (PATIENT));
    g_assert_false (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_WORK));
    g_hash_table_remove_all (subject->blocked);
  }
  g_assert_false (fyr_authz (subject, action, &resource, field, FYR_PURPOSE_STATISTICS));
  return 3 + check_emergency_cell (role, info, field, action, place);
}

/* The record as a whole, then each of its fields. */
static guint
check_cells (FyrRole role, const FyrRecordInfo *info, FyrAction action, Place place)
{
  guint cells = check_cell (role, info, NULL, action, place);

  for (guint f = 0; f < info->n_fields; f++) {
    cells += check_cell (role, info, &info->fields[f], action, place);
  }
  return cells;
}

static void
test_every_cell_of_role_kind_field_verb_and_place (void)
{
  guint cells = 0;

  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    for (guint k = 0; k < fyr_n_record_infos; k++) {
      const FyrRecordInfo *info = fyr_record_infos[k];

      for (guint a = 0; a < G_N_ELEMENTS (record_actions); a++) {
        for (Place place = AT_HOME; place < N_PLACES; place++) {
          cells += check_cells ((FyrRole)role, info, record_actions[a], place);
        }
      }
    }
  }
  g_test_message ("%u cells", cells);
  g_assert_cmpuint (cells, >=, 20000);
}

static void
test_nobody_without_a_role_gets_anything (void)
{
  g_autoptr (FyrSubject) subject = fyr_subject_new (USER);
  g_autoptr (FyrSubject) unset = subject_of (FYR_ROLE_UNSET, NULL);
  g_autoptr (FyrSubject) beyond = subject_of ((FyrRole)99, GP);

  for (guint k = 0; k < fyr_n_record_infos; k++) {
    FyrResource resource = resource_at (fyr_record_infos[k], AT_HOME);

    for (guint a = 0; a < G_N_ELEMENTS (record_actions); a++) {
      g_assert_false (fyr_authz (subject, record_actions[a], &resource, NULL, FYR_PURPOSE_WORK));
      g_assert_false (fyr_authz (unset, record_actions[a], &resource, NULL, FYR_PURPOSE_WORK));
      g_assert_false (fyr_authz (beyond, record_actions[a], &resource, NULL, FYR_PURPOSE_WORK));
    }
    g_assert_cmpuint (fyr_authz_read_mask (subject, &resource, FYR_PURPOSE_WORK), ==, 0);
  }
}

typedef struct {
  FyrScopeClass scope;
  guint roles;
} FeedExpectation;

static const FeedExpectation feeds[] = {
  { FYR_SCOPE_CLASS_ROSTER, N | C },    { FYR_SCOPE_CLASS_MEASUREMENT, N },
  { FYR_SCOPE_CLASS_ALERT, N },         { FYR_SCOPE_CLASS_PLAN, N },
  { FYR_SCOPE_CLASS_NOTE, N },          { FYR_SCOPE_CLASS_RESTRICTED_NOTE, 0 },
  { FYR_SCOPE_CLASS_EQUIPMENT, N | C }, { FYR_SCOPE_CLASS_CONFIGURATION, ALL },
  { FYR_SCOPE_CLASS_AUDIT, A },         { FYR_SCOPE_CLASS_PRIVATE, 0 },
  { FYR_SCOPE_CLASS_REVIEW, M | A },
};

static void
test_each_role_hears_its_own_centres_feeds (void)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (feeds) == FYR_SCOPE_CLASS_N);
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    g_autoptr (FyrSubject) subject = subject_of ((FyrRole)role, GP);

    for (guint i = 0; i < G_N_ELEMENTS (feeds); i++) {
      FyrResource here = { .scope = feeds[i].scope, .centre_id = HERE };
      FyrResource there = { .scope = feeds[i].scope, .centre_id = THERE };
      gboolean wanted = (feeds[i].roles & (1u << role)) != 0;

      g_assert_cmpint (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &here, NULL, FYR_PURPOSE_WORK), ==, wanted);
      g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &there, NULL, FYR_PURPOSE_WORK));
      g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &here, NULL, FYR_PURPOSE_STATISTICS));
    }
  }
}

static void
test_a_patients_own_feed_is_for_the_gp_of_the_list (void)
{
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    g_autoptr (FyrSubject) subject = subject_of ((FyrRole)role, GP);
    FyrResource own = { .by_patient = TRUE, .centre_id = HERE, .patient_id = PATIENT, .gp_id = GP };
    FyrResource other = { .by_patient = TRUE, .centre_id = HERE, .patient_id = PATIENT, .gp_id = OTHER_GP };
    FyrResource away = { .by_patient = TRUE, .centre_id = THERE, .patient_id = PATIENT, .gp_id = GP };

    g_assert_cmpint (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &own, NULL, FYR_PURPOSE_WORK), ==,
                     role == FYR_ROLE_GP);
    g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &other, NULL, FYR_PURPOSE_WORK));
    g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &away, NULL, FYR_PURPOSE_WORK));
    g_hash_table_add (subject->blocked, g_strdup (PATIENT));
    g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &own, NULL, FYR_PURPOSE_WORK));
  }
}

static void
test_an_opened_patients_own_feed_is_for_who_treats_at_the_centre (void)
{
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    g_autoptr (FyrSubject) subject = subject_of ((FyrRole)role, NULL);
    FyrResource own = { .by_patient = TRUE, .centre_id = HERE, .patient_id = PATIENT, .gp_id = OTHER_GP };
    FyrResource away = { .by_patient = TRUE, .centre_id = THERE, .patient_id = PATIENT, .gp_id = OTHER_GP };
    FyrResource other = { .by_patient = TRUE, .centre_id = HERE, .patient_id = USER, .gp_id = OTHER_GP };
    gboolean treats = role == FYR_ROLE_NURSE || role == FYR_ROLE_GP;

    open_in_emergency (subject, PATIENT);
    g_hash_table_add (subject->blocked, g_strdup (PATIENT));
    g_assert_cmpint (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &own, NULL, FYR_PURPOSE_WORK), ==, treats);
    g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &away, NULL, FYR_PURPOSE_WORK));
    g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &other, NULL, FYR_PURPOSE_WORK));
    g_assert_cmpint (fyr_role_treats ((FyrRole)role), ==, treats);
  }
}

/* Alone: a nurse whom the patient bars, a GP without the patient on her list; also while it is open. */
static void
test_alone_is_who_would_see_nothing_without_it (void)
{
  g_autoptr (FyrSubject) nurse = subject_of (FYR_ROLE_NURSE, NULL);
  g_autoptr (FyrSubject) gp = subject_of (FYR_ROLE_GP, GP);
  FyrResource listed = resource_at (&fyr_patient_info, AT_HOME);
  FyrResource unlisted = resource_at (&fyr_patient_info, OTHER_LIST);

  open_in_emergency (nurse, PATIENT);
  open_in_emergency (gp, PATIENT);
  g_assert_false (fyr_authz_is_alone (nurse, &unlisted));
  g_assert_false (fyr_authz_is_alone (gp, &listed));
  g_assert_true (fyr_authz_is_alone (gp, &unlisted));
  g_hash_table_add (nurse->blocked, g_strdup (PATIENT));
  g_assert_true (fyr_authz_is_alone (nurse, &listed));
}

static void
test_a_gp_without_a_list_sees_no_patient (void)
{
  g_autoptr (FyrSubject) subject = subject_of (FYR_ROLE_GP, NULL);
  FyrResource patient = { .info = &fyr_patient_info, .centre_id = HERE, .patient_id = PATIENT, .gp_id = "" };
  FyrResource feed = { .by_patient = TRUE, .centre_id = HERE, .patient_id = PATIENT, .gp_id = "" };

  g_assert_false (fyr_authz (subject, FYR_ACTION_READ, &patient, NULL, FYR_PURPOSE_WORK));
  g_assert_false (fyr_authz (subject, FYR_ACTION_SUBSCRIBE, &feed, NULL, FYR_PURPOSE_WORK));
}

static void
test_only_managers_and_administrators_count (void)
{
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    g_autoptr (FyrSubject) subject = subject_of ((FyrRole)role, NULL);
    FyrResource here = { .scope = FYR_SCOPE_CLASS_N, .centre_id = HERE };
    FyrResource there = { .scope = FYR_SCOPE_CLASS_N, .centre_id = THERE };
    gboolean wanted = role == FYR_ROLE_MANAGER || role == FYR_ROLE_ADMINISTRATOR;

    g_assert_cmpint (fyr_authz (subject, FYR_ACTION_COUNT, &here, NULL, FYR_PURPOSE_STATISTICS), ==, wanted);
    g_assert_false (fyr_authz (subject, FYR_ACTION_COUNT, &here, NULL, FYR_PURPOSE_WORK));
    g_assert_false (fyr_authz (subject, FYR_ACTION_COUNT, &there, NULL, FYR_PURPOSE_STATISTICS));
  }
}

static void
test_two_roles_add_up_each_at_its_own_centre (void)
{
  g_autoptr (FyrSubject) subject = subject_of (FYR_ROLE_CLERK, NULL);
  FyrResource here = resource_at (&fyr_note_info, AT_HOME);
  FyrResource there = resource_at (&fyr_note_info, ELSEWHERE);
  FyrResource device = resource_at (&fyr_device_info, AT_HOME);
  FyrResource far_device = resource_at (&fyr_device_info, ELSEWHERE);

  fyr_subject_add_role (subject, FYR_ROLE_NURSE, THERE, NULL);
  g_assert_false (fyr_authz (subject, FYR_ACTION_READ, &here, NULL, FYR_PURPOSE_WORK));
  g_assert_true (fyr_authz (subject, FYR_ACTION_READ, &there, NULL, FYR_PURPOSE_WORK));
  g_assert_true (fyr_authz (subject, FYR_ACTION_UPDATE, &device, NULL, FYR_PURPOSE_WORK));
  g_assert_false (fyr_authz (subject, FYR_ACTION_UPDATE, &far_device, NULL, FYR_PURPOSE_WORK));
  g_assert_true (fyr_subject_has_role (subject, FYR_ROLE_CLERK, HERE));
  g_assert_false (fyr_subject_has_role (subject, FYR_ROLE_CLERK, THERE));
  g_assert_true (fyr_subject_has_role (subject, FYR_ROLE_NURSE, NULL));
  g_assert_false (fyr_subject_has_role (subject, FYR_ROLE_GP, NULL));
}

/* The mask is what the single answers say, whatever the roles. */
static void
test_the_mask_is_the_sum_of_the_single_answers (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 3000; round++) {
    const FyrRecordInfo *info = fyr_record_infos[g_rand_int_range (rand, 0, (gint32)fyr_n_record_infos)];
    FyrResource resource = resource_at (info, (Place)g_rand_int_range (rand, 0, N_PLACES));
    g_autoptr (FyrSubject) subject = fyr_subject_new (USER);
    guint mask;

    for (gint i = g_rand_int_range (rand, 0, 4); i > 0; i--) {
      fyr_subject_add_role (subject, (FyrRole)g_rand_int_range (rand, 0, FYR_ROLE_LAST + 1),
                            g_rand_boolean (rand) ? HERE : THERE, g_rand_boolean (rand) ? GP : NULL);
    }
    mask = fyr_authz_read_mask (subject, &resource, FYR_PURPOSE_WORK);
    for (guint f = 0; f < info->n_fields; f++) {
      gboolean single = fyr_authz (subject, FYR_ACTION_READ, &resource, &info->fields[f], FYR_PURPOSE_WORK);

      g_assert_cmpint (single, ==, (mask & (1u << info->fields[f].field_class)) != 0);
    }
    g_assert_true (mask == 0 || fyr_authz (subject, FYR_ACTION_READ, &resource, NULL, FYR_PURPOSE_WORK));
  }
}

static void
test_only_who_reads_every_class_gets_unknown_fields (void)
{
  FyrResource patient = resource_at (&fyr_patient_info, AT_HOME);

  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    g_autoptr (FyrSubject) subject = subject_of ((FyrRole)role, GP);

    g_assert_cmpint (fyr_authz_read_mask (subject, &patient, FYR_PURPOSE_WORK) == G_MAXUINT, ==,
                     role == FYR_ROLE_NURSE);
  }
}

static void
test_a_record_says_itself_where_it_belongs (void)
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();
  g_autoptr (FyrNote) note = fyr_note_new ();
  g_autoptr (FyrCentre) centre = fyr_centre_new ();
  g_autoptr (FyrGp) gp = fyr_gp_new ();
  FyrPatientPlace place = { HERE, GP };
  FyrRecordResource resource;

  fyr_record_set_id (FYR_RECORD (patient), PATIENT);
  fyr_patient_set_centre_id (patient, HERE);
  fyr_patient_set_gp_id (patient, GP);
  fyr_record_resource_init (&resource, FYR_RECORD (patient), NULL);
  g_assert_cmpstr (resource.resource.centre_id, ==, HERE);
  g_assert_cmpstr (resource.resource.patient_id, ==, PATIENT);
  g_assert_cmpstr (resource.resource.gp_id, ==, GP);
  fyr_note_set_patient_id (note, PATIENT);
  fyr_record_resource_init (&resource, FYR_RECORD (note), &place);
  g_assert_cmpstr (resource.resource.centre_id, ==, HERE);
  g_assert_cmpstr (resource.resource.patient_id, ==, PATIENT);
  g_assert_cmpstr (resource.resource.gp_id, ==, GP);
  fyr_record_resource_init (&resource, FYR_RECORD (note), NULL);
  g_assert_cmpstr (resource.resource.centre_id, ==, "");
  fyr_record_set_id (FYR_RECORD (centre), THERE);
  fyr_record_resource_init (&resource, FYR_RECORD (centre), NULL);
  g_assert_cmpstr (resource.resource.centre_id, ==, THERE);
  g_assert_null (resource.resource.patient_id);
  fyr_record_resource_init (&resource, FYR_RECORD (gp), NULL);
  g_assert_null (resource.resource.centre_id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/authz/" #name, test_##name)
  ADD (every_cell_of_role_kind_field_verb_and_place);
  ADD (nobody_without_a_role_gets_anything);
  ADD (each_role_hears_its_own_centres_feeds);
  ADD (a_patients_own_feed_is_for_the_gp_of_the_list);
  ADD (an_opened_patients_own_feed_is_for_who_treats_at_the_centre);
  ADD (alone_is_who_would_see_nothing_without_it);
  ADD (a_gp_without_a_list_sees_no_patient);
  ADD (only_managers_and_administrators_count);
  ADD (two_roles_add_up_each_at_its_own_centre);
  ADD (the_mask_is_the_sum_of_the_single_answers);
  ADD (only_who_reads_every_class_gets_unknown_fields);
  ADD (a_record_says_itself_where_it_belongs);
  return g_test_run ();
}
