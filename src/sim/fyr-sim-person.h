/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

/**
 * FyrSimProfile:
 *
 * What a simulated patient suffers from, and so what is measured at home.
 */
typedef enum {
  FYR_SIM_PROFILE_COPD,
  FYR_SIM_PROFILE_HEART_FAILURE,
  FYR_SIM_PROFILE_DIABETES,
  FYR_SIM_PROFILE_MIXED,
  FYR_SIM_N_PROFILES,
} FyrSimProfile;

/**
 * FyrSimFlags:
 * @FYR_SIM_PLAIN: daily rhythm, missed days, deterioration and recovery, sudden bad values, pauses
 * @FYR_SIM_FAULTS: also sensor words, implausible values, wrong units, duplicates and late reports
 * @FYR_SIM_FAITHFUL: no day is missed and there is no pause
 * @FYR_SIM_THOROUGH: every kind of the profile is measured, also what only some with it measure
 */
typedef enum {
  FYR_SIM_PLAIN = 0,
  FYR_SIM_FAULTS = 1 << 0,
  FYR_SIM_FAITHFUL = 1 << 1,
  FYR_SIM_THOROUGH = 1 << 2,
} FyrSimFlags;

typedef enum {
  FYR_SIM_FAULT_NONE,
  FYR_SIM_FAULT_SENSOR_WORD,
  FYR_SIM_FAULT_IMPLAUSIBLE,
  FYR_SIM_FAULT_WRONG_UNIT,
  FYR_SIM_FAULT_DUPLICATE,
  FYR_SIM_FAULT_LATE,
} FyrSimFault;

/**
 * FyrSimReport:
 * @taken: when it is measured, milliseconds
 * @sent: when it is reported: @taken and a minute, later for a late one
 * @kind: what is measured
 * @has_value: %FALSE for a sensor word
 * @value: in the kind's own unit (systolic of a blood pressure)
 * @has_value2: whether there is a second value
 * @value2: diastolic
 * @unit: the unit the app sends; another than the kind's own only for %FYR_SIM_FAULT_WRONG_UNIT
 * @word: (nullable): what the device shows instead of a number; static
 * @device: the device's name; static
 * @note: (nullable): the patient's remark in Norwegian; static
 * @fault: what is wrong with it
 * @identifier: names the report; the same for a duplicate
 */
typedef struct {
  gint64 taken;
  gint64 sent;
  FyrMeasurementKind kind;
  gboolean has_value;
  double value;
  gboolean has_value2;
  double value2;
  const char *unit;
  const char *word;
  const char *device;
  const char *note;
  FyrSimFault fault;
  char identifier[48];
} FyrSimReport;

/**
 * FyrSimPerson:
 *
 * A patient whose reports are a pure function of profile, seed and day: two with the same seed report the
 * same, whenever each began. So a history ends where a live simulation with the same seed goes on. Not from
 * any real person; values are drawn around what the kinds of `clinical.md` look like in such an illness.
 */
typedef struct _FyrSimPerson FyrSimPerson;

/** fyr_sim_person_new: (transfer full): @start: nothing measured before it is reported, milliseconds. */
FyrSimPerson *
fyr_sim_person_new (FyrSimProfile profile, guint32 seed, gint64 start, FyrSimFlags flags);

void
fyr_sim_person_free (FyrSimPerson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSimPerson, fyr_sim_person_free)

/** fyr_sim_person_next: the next report, by the time it is taken; there is always another. */
void
fyr_sim_person_next (FyrSimPerson *self, FyrSimReport *report);

/* Of a profile there are never more kinds. */
#define FYR_SIM_MAX_ROUND 8

/**
 * fyr_sim_person_round:
 * @number: of the round; an even one is as usual, in an odd one everything that can is far outside
 * @now: when it is measured and sent, milliseconds
 * @reports: (out caller-allocates): room for %FYR_SIM_MAX_ROUND
 *
 * One report of each kind, outside the daily rhythm; it does not move fyr_sim_person_next().
 *
 * Returns: how many
 */
guint
fyr_sim_person_round (FyrSimPerson *self, guint number, gint64 now, FyrSimReport *reports);

/**
 * fyr_sim_person_get_illness:
 * @time: milliseconds
 *
 * Returns: how ill the person is then: 0 as usual, 1 about the worst of a bad spell, above 1 seldom
 */
double
fyr_sim_person_get_illness (FyrSimPerson *self, gint64 time);

/**
 * fyr_sim_person_get_usual:
 *
 * Returns: whether the person reports @kind; if so @value (and @value2 of a blood pressure) is the usual one
 */
gboolean
fyr_sim_person_get_usual (FyrSimPerson *self, FyrMeasurementKind kind, double *value, double *value2);

/** fyr_sim_person_get_interval: days between two reports of @kind; 0 when it is not reported. */
int
fyr_sim_person_get_interval (FyrSimPerson *self, FyrMeasurementKind kind);

/**
 * fyr_sim_seed_for:
 * @seed: of the whole simulation
 * @text: names one patient in it, for instance the identity number
 *
 * Returns: that patient's seed; the same in demonstration data and in the simulator
 */
guint32
fyr_sim_seed_for (guint32 seed, const char *text);

/** fyr_sim_profile_for: what a patient with this seed suffers from when nothing else says so. */
FyrSimProfile
fyr_sim_profile_for (guint32 seed);

/** fyr_sim_profile_to_code: copd, heart-failure, diabetes or mixed. */
const char *
fyr_sim_profile_to_code (FyrSimProfile profile);

/** fyr_sim_profile_from_code: %FYR_SIM_N_PROFILES for anything else. */
FyrSimProfile
fyr_sim_profile_from_code (const char *code);

G_END_DECLS
