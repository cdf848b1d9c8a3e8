/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fyr-demo-names.h"
#include "fyr-demo.h"
#include "fyr-identity-number.h"
#include "fyr-limit-set.h"

#define OWN_LIMITS_AFTER (14 * FYR_DAY_MS)

static const char *const wishes[] = {
  "Å kunne bo hjemme og stelle hagen selv.",      "Å slippe å bekymre familien.",
  "Å komme på kafé med venninnene hver torsdag.", "Å klare trappen uten pauser.",
  "Å være med barnebarna på hytta i sommer.",     "Å sove en hel natt.",
  "Å slippe flere sykehusinnleggelser i år.",     "Å gå tur med hunden morgen og kveld.",
  "Å vite når jeg skal ringe, og hvem.",          "Å kunne synge i koret igjen.",
};

void
fyr_demo_patient_free (FyrDemoPatient *patient)
{
  if (patient == NULL) {
    return;
  }
  g_ptr_array_unref (patient->limits);
  g_clear_pointer (&patient->usual, fyr_sim_person_free);
  g_free (patient);
}

static char *
draw_birth_date (FyrDemo *self, int *year)
{
  *year = g_rand_int_range (self->random, 1932, 1970);
  return g_strdup_printf ("%04d-%02d-%02d", *year, g_rand_int_range (self->random, 1, 13),
                          g_rand_int_range (self->random, 1, 29));
}

static char *
draw_identity_number (FyrDemo *self, const char *birth_date, FyrSex sex)
{
  for (guint serial = 0; serial < 250; serial++) {
    char *number = fyr_demo_identity_number (birth_date, sex, serial);

    if (number != NULL && g_hash_table_add (self->numbers, g_strdup (number))) {
      return number;
    }
    g_free (number);
  }
  return NULL;
}

/* Number, and with it what the simulated person suffers from. */
static void
draw_person (FyrDemo *self, FyrDemoPatient *made, char **birth_date, FyrSex sex, int *year)
{
  g_autofree char *number = NULL;

  g_free (*birth_date);
  *birth_date = draw_birth_date (self, year);
  number = draw_identity_number (self, *birth_date, sex);
  g_strlcpy (made->identity_number, number, sizeof made->identity_number);
  made->seed = fyr_sim_seed_for (self->seed, number);
  made->profile = fyr_sim_profile_for (made->seed);
}

static void
fill_identity (FyrDemo *self, FyrPatient *patient, FyrDemoPatient *made)
{
  FyrSex sex = g_rand_boolean (self->random) ? FYR_SEX_FEMALE : FYR_SEX_MALE;
  g_autofree char *birth_date = NULL;
  int year;

  /* The first is somebody with a lung disease: whoever tries one patient has the usual measurements. */
  do {
    draw_person (self, made, &birth_date, sex, &year);
  } while (made->index == 0 && made->profile != FYR_SIM_PROFILE_COPD);
  made->usual = fyr_sim_person_new (made->profile, made->seed, made->start, FYR_SIM_PLAIN);
  fyr_patient_set_identity_system (patient, fyr_identity_kind_get_system (FYR_IDENTITY_KIND_NATIONAL));
  fyr_patient_set_identity_number (patient, made->identity_number);
  fyr_patient_set_birth_date (patient, birth_date);
  fyr_patient_set_sex (patient, sex);
  fyr_patient_set_given_name (patient, fyr_demo_given_name (self->random, sex, year));
  fyr_patient_set_family_name (patient, fyr_demo_family_name (self->random));
}

static void
fill_contact (FyrDemo *self, FyrPatient *patient)
{
  const FyrDemoPlace *place = fyr_demo_place (self->random);
  g_autofree char *telephone = fyr_demo_telephone (self->random);
  g_autofree char *address = g_strdup_printf ("%s %d", place->street, g_rand_int_range (self->random, 1, 90));

  fyr_patient_set_telephone (patient, telephone);
  fyr_patient_set_address (patient, address);
  fyr_patient_set_postal_code (patient, place->postal_code);
  fyr_patient_set_city (patient, place->city);
  fyr_patient_set_language (patient, g_rand_int_range (self->random, 0, 20) == 0 ? "ur" : "nb");
}

static FyrZone
draw_zone (FyrDemo *self)
{
  int draw = g_rand_int_range (self->random, 0, 100);

  return draw < 6 ? FYR_ZONE_RED : draw < 26 ? FYR_ZONE_YELLOW : FYR_ZONE_GREEN;
}

/* The GPs who sign in have somebody on their list in the smallest centre too. */
static guint
draw_gp (FyrDemo *self, const FyrDemoPatient *made)
{
  guint drawn = (guint)g_rand_int_range (self->random, 0, FYR_DEMO_N_GPS);

  return made->index < FYR_DEMO_N_GPS_SIGNING_IN ? made->index : drawn;
}

static gboolean
add_patient (FyrDemo *self, FyrDemoPatient *made, GError **error)
{
  FyrPatient *patient = fyr_patient_new ();
  FyrCivilTime civil;
  g_autofree char *start = NULL;

  fyr_oslo_to_civil (made->start, &civil);
  start = fyr_civil_day_format (civil.day);
  fyr_demo_id (self, made->start, patient);
  g_strlcpy (made->id, fyr_record_get_id (FYR_RECORD (patient)), sizeof made->id);
  fyr_patient_set_centre_id (patient, self->centre_id);
  fyr_patient_set_owner_id (patient, self->owner_id);
  fill_identity (self, patient, made);
  fill_contact (self, patient);
  fyr_patient_set_gp_id (patient, self->gp_ids[draw_gp (self, made)]);
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_zone (patient, draw_zone (self));
  fyr_patient_set_start_date (patient, start);
  fyr_patient_set_what_matters (patient, wishes[g_rand_int_range (self->random, 0, G_N_ELEMENTS (wishes))]);
  /* For most a missing report is on the list of who has not reported, not an alert. */
  fyr_patient_set_missing_report_alert (patient, made->index % 20 == 9);
  return fyr_demo_take (self, patient, error);
}

static gboolean
add_relative (FyrDemo *self, FyrDemoPatient *made, gboolean nearest, GError **error)
{
  FyrRelatedPerson *person = fyr_related_person_new ();
  FyrSex sex = g_rand_boolean (self->random) ? FYR_SEX_FEMALE : FYR_SEX_MALE;
  g_autofree char *telephone = fyr_demo_telephone (self->random);
  g_autofree char *name = g_strdup_printf ("%s %s", fyr_demo_given_name (self->random, sex, 1960),
                                           fyr_demo_family_name (self->random));

  fyr_demo_id (self, made->start, person);
  fyr_related_person_set_patient_id (person, made->id);
  fyr_related_person_set_name (person, name);
  fyr_related_person_set_relationship (
      person, nearest && g_rand_boolean (self->random) ? FYR_RELATIONSHIP_SPOUSE : FYR_RELATIONSHIP_CHILD);
  fyr_related_person_set_telephone (person, telephone);
  fyr_related_person_set_next_of_kin (person, nearest);
  fyr_related_person_set_may_be_informed (person, g_rand_int_range (self->random, 0, 10) > 1);
  return fyr_demo_take (self, person, error);
}

static gboolean
add_condition (FyrDemo *self, FyrDemoPatient *made, const char *code, const char *display, GError **error)
{
  FyrCondition *condition = fyr_condition_new ();

  fyr_demo_id (self, made->start, condition);
  fyr_condition_set_patient_id (condition, made->id);
  fyr_condition_set_code_system (condition, "urn:oid:2.16.578.1.12.4.1.1.7170");
  fyr_condition_set_code (condition, code);
  fyr_condition_set_display (condition, display);
  return fyr_demo_take (self, condition, error);
}

FyrDevice *
fyr_demo_device (FyrDemo *self, FyrDeviceKind kind, const char *patient_id)
{
  static const char *const makers[] = { "Nordlys Medisinteknikk", "Kystmed", "Varde Helse" };
  FyrDevice *device = fyr_device_new ();
  g_autofree char *serial =
      g_strdup_printf ("%02d-%06d", (int)kind, g_rand_int_range (self->random, 0, 1000000));
  g_autofree char *label = g_strdup_printf ("HAV-%04d", g_rand_int_range (self->random, 1, 9999));

  fyr_demo_id (self, self->now, device);
  fyr_device_set_centre_id (device, self->centre_id);
  fyr_device_set_device_kind (device, kind);
  fyr_device_set_serial_number (device, serial);
  fyr_device_set_manufacturer (device, makers[(guint)kind % G_N_ELEMENTS (makers)]);
  fyr_device_set_model (device, patient_id != NULL ? "Hjem 2" : "Hjem 3");
  fyr_device_set_label (device, label);
  fyr_device_set_status (device, patient_id != NULL ? FYR_DEVICE_STATUS_LENT : FYR_DEVICE_STATUS_IN_STOCK);
  fyr_device_set_patient_id (device, patient_id);
  return device;
}

/* What each kind is measured with; a tablet goes with all of it. */
static FyrDeviceKind
device_for (FyrMeasurementKind kind)
{
  switch (kind) {
  case FYR_MEASUREMENT_KIND_OXYGEN_SATURATION:
    return FYR_DEVICE_KIND_PULSE_OXIMETER;
  case FYR_MEASUREMENT_KIND_BLOOD_PRESSURE:
    return FYR_DEVICE_KIND_BLOOD_PRESSURE_MONITOR;
  case FYR_MEASUREMENT_KIND_BODY_TEMPERATURE:
    return FYR_DEVICE_KIND_THERMOMETER;
  case FYR_MEASUREMENT_KIND_BODY_WEIGHT:
    return FYR_DEVICE_KIND_SCALE;
  case FYR_MEASUREMENT_KIND_GLUCOSE:
    return FYR_DEVICE_KIND_GLUCOSE_METER;
  case FYR_MEASUREMENT_KIND_FEV1:
  case FYR_MEASUREMENT_KIND_PEAK_FLOW:
    return FYR_DEVICE_KIND_SPIROMETER;
  case FYR_MEASUREMENT_KIND_STEPS:
    return FYR_DEVICE_KIND_ACTIVITY_TRACKER;
  default:
    return FYR_DEVICE_KIND_TABLET;
  }
}

static gboolean
add_devices (FyrDemo *self, FyrDemoPatient *made, GError **error)
{
  guint seen = 1U << FYR_DEVICE_KIND_TABLET;
  double value, value2;

  if (!fyr_demo_take (self, fyr_demo_device (self, FYR_DEVICE_KIND_TABLET, made->id), error)) {
    return FALSE;
  }
  for (guint kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++) {
    FyrDeviceKind device = device_for (kind);

    if ((seen & (1U << device)) || !fyr_sim_person_get_usual (made->usual, kind, &value, &value2)) {
      continue;
    }
    seen |= 1U << device;
    if (!fyr_demo_take (self, fyr_demo_device (self, device, made->id), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_demo_make_store (FyrDemo *self, GError **error)
{
  for (guint i = 0; i < 24; i++) {
    FyrDeviceKind kind = FYR_DEVICE_KIND_TABLET + i % (FYR_DEVICE_KIND_HUB - FYR_DEVICE_KIND_TABLET + 1);

    if (!fyr_demo_take (self, fyr_demo_device (self, kind, NULL), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Diagnoses by what the person measures; the first names the template. */
static gboolean
add_conditions (FyrDemo *self, FyrDemoPatient *made, GError **error)
{
  static const struct {
    const char *code;
    const char *display;
  } illnesses[] = { { "R95", "Kronisk obstruktiv lungesykdom" },
                    { "K77", "Hjertesvikt" },
                    { "T90", "Diabetes type 2" } };
  gboolean mixed = made->profile == FYR_SIM_PROFILE_MIXED;

  for (guint i = 0; i < G_N_ELEMENTS (illnesses); i++) {
    double value, value2;
    gboolean has = mixed ? i == 0 ||
                               (i == 2 && fyr_sim_person_get_usual (made->usual, FYR_MEASUREMENT_KIND_GLUCOSE,
                                                                    &value, &value2)) ||
                               (i == 1 && made->index % 2 == 0)
                         : (guint)made->profile == i;

    if (has && !add_condition (self, made, illnesses[i].code, illnesses[i].display, error)) {
      return FALSE;
    }
  }
  return g_rand_int_range (self->random, 0, 4) != 0 ||
         add_condition (self, made, "K86", "Hypertensjon", error);
}

FyrDemoPatient *
fyr_demo_make_patient (FyrDemo *self, GError **error)
{
  g_autoptr (FyrDemoPatient) made = g_new0 (FyrDemoPatient, 1);

  G_STATIC_ASSERT (FYR_SIM_PROFILE_COPD == 0 && FYR_SIM_PROFILE_HEART_FAILURE == 1 &&
                   FYR_SIM_PROFILE_DIABETES == 2);
  made->index = self->n_patients++;
  made->limits = g_ptr_array_new_with_free_func (g_object_unref);
  /* Most have been followed up all the time; some came later, a few this week. */
  made->start =
      self->now -
      (made->index % 8 == 7 ? g_rand_int_range (self->random, 3, self->days) : self->days) * FYR_DAY_MS;
  if (!add_patient (self, made, error) || !add_relative (self, made, TRUE, error) ||
      (g_rand_boolean (self->random) && !add_relative (self, made, FALSE, error)) ||
      !add_conditions (self, made, error) || !add_devices (self, made, error) ||
      !fyr_demo_make_limits (self, made, error)) {
    return NULL;
  }
  return g_steal_pointer (&made);
}

static gboolean
add_limit (FyrDemo *self, FyrDemoPatient *made, FyrLimit *limit, GError **error)
{
  fyr_limit_set_patient_id (limit, made->id);
  g_ptr_array_add (made->limits, g_object_ref (limit));
  return fyr_demo_take (self, limit, error);
}

/* How far readings of a kind lie apart from day to day in one person, in the kind's unit. */
static double
spread_of (FyrMeasurementKind kind, double usual)
{
  switch (kind) {
  case FYR_MEASUREMENT_KIND_OXYGEN_SATURATION:
    return 0.9;
  case FYR_MEASUREMENT_KIND_HEART_RATE:
    return 4;
  case FYR_MEASUREMENT_KIND_BLOOD_PRESSURE:
    return 6;
  case FYR_MEASUREMENT_KIND_BODY_TEMPERATURE:
    return 0.15;
  case FYR_MEASUREMENT_KIND_GLUCOSE:
    return 1.7;
  case FYR_MEASUREMENT_KIND_RESPIRATORY_RATE:
    return 1.3;
  default:
    return usual / 20;
  }
}

/* Low blood sugar is as dangerous to whoever is used to it. */
static gboolean
is_same_for_all (FyrMeasurementKind kind)
{
  return kind == FYR_MEASUREMENT_KIND_GLUCOSE;
}

/* Around the person's usual values, never tighter than the template: what a GP would agree to. */
static void
make_own (FyrLimitRule *rule, FyrDemoPatient *made)
{
  double usual = 0, usual2 = 0, base, spread;

  fyr_sim_person_get_usual (made->usual, rule->kind, &usual, &usual2);
  base = rule->component == FYR_LIMIT_COMPONENT_DIASTOLIC ? usual2 : usual;
  spread = spread_of (rule->kind, usual);
  if (rule->has_yellow_low && !is_same_for_all (rule->kind)) {
    rule->yellow_low = floor (MIN (rule->yellow_low, base - 2.4 * spread));
  }
  if (rule->has_red_low && !is_same_for_all (rule->kind)) {
    rule->red_low = floor (MIN (rule->red_low, base - 4 * spread));
  }
  if (rule->has_yellow_high) {
    rule->yellow_high = ceil (MAX (rule->yellow_high, base + 2.4 * spread));
  }
  if (rule->has_red_high) {
    rule->red_high = ceil (MAX (rule->red_high, base + 4 * spread));
  }
  fyr_limit_rule_clamp (rule);
}

static gboolean
add_pair (
    FyrDemo *self, FyrDemoPatient *made, const FyrLimitRule *from, const char *template_id, GError **error)
{
  gint64 turn = made->start + OWN_LIMITS_AFTER;
  gboolean has_own = turn < self->now;
  FyrLimitRule rule = *from;
  FyrLimit *limit = fyr_limit_new ();

  rule.valid_from = made->start;
  rule.valid_to = has_own ? turn : G_MAXINT64;
  fyr_demo_id (self, made->start, limit);
  fyr_limit_rule_to_record (&rule, limit);
  fyr_limit_set_template_code (limit, template_id);
  fyr_limit_set_set_by (limit, fyr_demo_user (self, FYR_ROLE_NURSE, made->index)->id);
  if (!add_limit (self, made, limit, error)) {
    return FALSE;
  }
  if (!has_own) {
    return TRUE;
  }
  make_own (&rule, made);
  rule.valid_from = turn;
  rule.valid_to = G_MAXINT64;
  limit = fyr_limit_new ();
  fyr_demo_id (self, turn, limit);
  fyr_limit_rule_to_record (&rule, limit);
  fyr_limit_set_set_by (limit, fyr_demo_user (self, FYR_ROLE_NURSE, made->index)->id);
  fyr_limit_set_reason (limit, "Avtalt med fastlegen etter oppstartsperioden.");
  return add_limit (self, made, limit, error);
}

/* What no template speaks of: no report of it alerts, somebody has decided so. */
static gboolean
add_silent (FyrDemo *self, FyrDemoPatient *made, FyrMeasurementKind kind, GError **error)
{
  FyrLimit *limit = fyr_limit_new ();
  FyrLimitRule rule;
  double usual, usual2;

  fyr_limit_rule_init (&rule, kind);
  rule.valid_from = made->start;
  if (kind == FYR_MEASUREMENT_KIND_PEAK_FLOW &&
      fyr_sim_person_get_usual (made->usual, kind, &usual, &usual2)) {
    rule.has_yellow_low = TRUE;
    rule.yellow_low = floor (usual * 0.7);
  }
  fyr_demo_id (self, made->start, limit);
  fyr_limit_rule_to_record (&rule, limit);
  fyr_limit_set_set_by (limit, fyr_demo_user (self, FYR_ROLE_NURSE, made->index)->id);
  fyr_limit_set_reason (limit, "Følges uten varsel, etter ønske fra fastlegen.");
  return add_limit (self, made, limit, error);
}

/* The template of the illness first, then the others': a person with several illnesses has limits for all. */
static gboolean
add_kind (FyrDemo *self, FyrDemoPatient *made, FyrMeasurementKind kind, GError **error)
{
  guint first = made->profile == FYR_SIM_PROFILE_MIXED ? 0 : (guint)made->profile;

  for (guint i = 0; i < self->templates->len; i++) {
    FyrLimitTemplate *template = g_ptr_array_index (self->templates, (first + i) % self->templates->len);
    gboolean found = FALSE;
    gsize n_rules;
    const FyrLimitRule *rules = fyr_limit_template_get_rules (template, &n_rules);

    for (gsize j = 0; j < n_rules; j++) {
      if (rules[j].kind == kind) {
        found = TRUE;
        if (!add_pair (self, made, &rules[j], fyr_limit_template_get_id (template), error)) {
          return FALSE;
        }
      }
    }
    if (found) {
      return TRUE;
    }
  }
  return add_silent (self, made, kind, error);
}

gboolean
fyr_demo_make_limits (FyrDemo *self, FyrDemoPatient *made, GError **error)
{
  /* Somebody who has just begun has none yet: the grey alert is about that. */
  if (made->start > self->now - 10 * FYR_DAY_MS && made->index % 16 == 15) {
    return TRUE;
  }
  for (guint kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++) {
    double usual, usual2;

    if (fyr_sim_person_get_usual (made->usual, kind, &usual, &usual2) &&
        !add_kind (self, made, kind, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
