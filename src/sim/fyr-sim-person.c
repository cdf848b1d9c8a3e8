/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-person.h"

#include <math.h>
#include <string.h>

#include "fyr-oslo-time.h"

#define SPELL_BLOCK 60
#define MAX_REPORTS_A_DAY 40

/* How one kind looks in a person: usual ± spread between persons, noise between readings, what a spell adds. */
typedef struct {
  FyrMeasurementKind kind;
  int interval;
  int times;
  int share; /* of 100 persons with the profile, how many report it */
  double usual;
  double spread;
  double noise;
  double illness;
  double bad_low;
  double bad_high;
  const char *device;
} Trait;

static const Trait copd_traits[] = {
  { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 1, 1, 100, 93, 1.6, 0.9, -6, 79, 0, "Nonin 3230" },
  { FYR_MEASUREMENT_KIND_HEART_RATE, 1, 1, 100, 80, 8, 4, 22, 42, 139, "Nonin 3230" },
  { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 1, 1, 80, 36.7, 0.2, 0.15, 1.3, 0, 39.6, "Thermoval Duo" },
  { FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, 2, 1, 40, 17, 2, 1.3, 8, 0, 31, "Masimo MightySat" },
  { FYR_MEASUREMENT_KIND_PEAK_FLOW, 1, 1, 45, 240, 50, 14, -80, 95, 0, "MIR Smart One" },
  { FYR_MEASUREMENT_KIND_FEV1, 7, 1, 45, 1.35, 0.35, 0.06, -0.4, 0.5, 0, "MIR Smart One" },
  { FYR_MEASUREMENT_KIND_STEPS, 1, 1, 35, 3600, 1300, 700, -2600, 0, 0, "Withings Steel" },
  { FYR_MEASUREMENT_KIND_CRP, 14, 1, 20, 6, 3, 2, 75, 0, 120, "QuikRead go" },
};

static const Trait heart_traits[] = {
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, 1, 1, 100, 79, 12, 0.25, 3.4, 0, 0, "A&D UC-352BLE" },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 1, 1, 100, 127, 11, 6, 16, 84, 192, "A&D UA-651BLE" },
  { FYR_MEASUREMENT_KIND_HEART_RATE, 1, 1, 100, 72, 8, 4, 18, 41, 132, "A&D UA-651BLE" },
  { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 1, 1, 60, 96, 1, 0.7, -4, 84, 0, "Nonin 3230" },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, 1, 1, 40, 1500, 180, 180, 300, 0, 0, NULL },
};

static const Trait diabetes_traits[] = {
  { FYR_MEASUREMENT_KIND_GLUCOSE, 1, 3, 100, 7.8, 1.2, 1.7, 6.5, 2.6, 22.4, "Contour Next One" },
  { FYR_MEASUREMENT_KIND_INSULIN, 1, 1, 70, 18, 6, 1.5, 4, 0, 0, NULL },
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, 7, 1, 80, 84, 12, 0.5, 0, 0, 0, "A&D UC-352BLE" },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 7, 1, 50, 134, 10, 6, 6, 0, 191, "A&D UA-651BLE" },
};

static const Trait mixed_traits[] = {
  { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 1, 1, 100, 94, 1.4, 0.9, -5, 81, 0, "Nonin 3230" },
  { FYR_MEASUREMENT_KIND_HEART_RATE, 1, 1, 100, 78, 8, 4, 20, 42, 136, "Nonin 3230" },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, 1, 1, 80, 131, 11, 6, 14, 86, 190, "A&D UA-651BLE" },
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, 1, 1, 70, 76, 13, 0.3, 2.4, 0, 0, "A&D UC-352BLE" },
  { FYR_MEASUREMENT_KIND_GLUCOSE, 1, 2, 50, 8.2, 1.1, 1.8, 5, 2.8, 21.5, "Contour Next One" },
  { FYR_MEASUREMENT_KIND_PAIN, 3, 1, 60, 3, 1.4, 0.8, 3, 0, 9, NULL },
};

static const struct {
  const char *code;
  const Trait *traits;
  guint n_traits;
} profiles[] = {
  [FYR_SIM_PROFILE_COPD] = { "copd", copd_traits, G_N_ELEMENTS (copd_traits) },
  [FYR_SIM_PROFILE_HEART_FAILURE] = { "heart-failure", heart_traits, G_N_ELEMENTS (heart_traits) },
  [FYR_SIM_PROFILE_DIABETES] = { "diabetes", diabetes_traits, G_N_ELEMENTS (diabetes_traits) },
  [FYR_SIM_PROFILE_MIXED] = { "mixed", mixed_traits, G_N_ELEMENTS (mixed_traits) },
};

/* What the simulated patients write now and then; the content of a report, not of the interface. */
static const char *const bad_notes[] = {
  "Tungpusten siden i går kveld.",
  "Sov dårlig, hoster mer enn vanlig.",
  "Føler meg slapp i dag.",
  "Hovne ankler.",
};
static const char *const plain_notes[] = {
  "Målt etter en tur.",
  "Føler meg bra.",
  "Litt sent i dag, var hos datteren min.",
};

typedef struct {
  const Trait *trait;
  double usual;
  double usual2;
  int phase;
} Habit;

/* A bad spell of a block of days. */
typedef struct {
  gboolean known;
  int block;
  gboolean is_bad;
  double onset;
  double rise;
  double hold;
  double fall;
  double worst;
} Spell;

#define KEPT_SPELLS 4

struct _FyrSimPerson {
  FyrSimProfile profile;
  guint32 seed;
  gint64 start;
  FyrSimFlags flags;
  Spell spells[KEPT_SPELLS]; /* drawn before: making dice is what costs */
  Habit habits[FYR_SIM_MAX_ROUND];
  guint n_habits;
  double adherence;
  int wake_minute;
  int day;
  FyrSimReport queue[MAX_REPORTS_A_DAY];
  guint n_queue;
  guint at;
};

/* SplitMix64: begun anew for each day and purpose, which a generator with a large state is too slow for. */
typedef struct {
  guint64 state;
} Dice;

static guint64
roll (Dice *dice)
{
  guint64 z = dice->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Every random number comes from seed, day and purpose, so that nothing depends on what was asked before. */
static Dice
make_dice (FyrSimPerson *self, int day, guint32 purpose)
{
  Dice dice = { (guint64)self->seed << 32 | (guint32)day };

  dice.state = roll (&dice) ^ ((guint64)purpose << 8 | ((guint64)self->profile + 1));
  roll (&dice);
  return dice;
}

/* 0 and more, below 1. */
static double
roll_double (Dice *dice)
{
  return (double)(roll (dice) >> 11) / 9007199254740992.0;
}

static double
roll_between (Dice *dice, double low, double high)
{
  return low + (high - low) * roll_double (dice);
}

/* low and more, below high. */
static int
roll_int (Dice *dice, int low, int high)
{
  return low + (int)(roll (dice) % (guint64)(high - low));
}

static double
normal (Dice *dice, double mean, double deviation)
{
  double sum = -6;

  for (guint i = 0; i < 12; i++)
    sum += roll_double (dice);
  return mean + deviation * CLAMP (sum, -2.5, 2.5);
}

static gboolean
happens (Dice *dice, double probability)
{
  return roll_double (dice) < probability;
}

static void
take_habits (FyrSimPerson *self)
{
  Dice dice = make_dice (self, 0, 'H');

  self->adherence = 0.86 + 0.12 * roll_double (&dice);
  self->wake_minute = (int)normal (&dice, 495, 45);
  for (guint i = 0; i < profiles[self->profile].n_traits; i++) {
    const Trait *trait = &profiles[self->profile].traits[i];
    gboolean has = roll_int (&dice, 0, 100) < trait->share || (self->flags & FYR_SIM_THOROUGH) != 0;
    double usual = normal (&dice, trait->usual, trait->spread);
    double usual2 = usual * 0.6 + normal (&dice, 1, 3);
    int phase = roll_int (&dice, 0, trait->interval);

    if (has)
      self->habits[self->n_habits++] = (Habit){ trait, usual, usual2, phase };
  }
}

FyrSimPerson *
fyr_sim_person_new (FyrSimProfile profile, guint32 seed, gint64 start, FyrSimFlags flags)
{
  FyrSimPerson *self = g_new0 (FyrSimPerson, 1);
  FyrCivilTime civil;

  self->profile = (guint)profile < FYR_SIM_N_PROFILES ? profile : FYR_SIM_PROFILE_MIXED;
  self->seed = seed;
  self->start = start;
  self->flags = flags;
  fyr_oslo_to_civil (start, &civil);
  self->day = civil.day;
  take_habits (self);
  return self;
}

void
fyr_sim_person_free (FyrSimPerson *self)
{
  g_free (self);
}

static int
floor_div (int a, int b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static const Spell *
spell_of (FyrSimPerson *self, int block)
{
  Spell *kept = &self->spells[(guint)block % KEPT_SPELLS];

  if (!kept->known || kept->block != block) {
    Dice dice = make_dice (self, block, 'E');

    kept->known = TRUE;
    kept->block = block;
    kept->is_bad = happens (&dice, 0.66);
    kept->onset = block * SPELL_BLOCK + roll_between (&dice, 5, 45);
    kept->rise = roll_between (&dice, 3, 8);
    kept->hold = roll_between (&dice, 0.5, 3);
    kept->fall = roll_between (&dice, 4, 10);
    kept->worst = roll_between (&dice, 0.45, 1.15);
  }
  return kept;
}

/* Two of three blocks of 60 days hold a bad spell: some days worse and worse, then better again. */
static double
spell (FyrSimPerson *self, int block, double day)
{
  const Spell *bad = spell_of (self, block);
  double since = day - bad->onset;

  if (!bad->is_bad || since <= 0 || since >= bad->rise + bad->hold + bad->fall)
    return 0;
  if (since < bad->rise)
    return bad->worst * since / bad->rise;
  return since < bad->rise + bad->hold ? bad->worst
                                       : bad->worst * (1 - (since - bad->rise - bad->hold) / bad->fall);
}

static double
illness_on (FyrSimPerson *self, double day)
{
  int block = floor_div ((int)floor (day), SPELL_BLOCK);

  return MAX (spell (self, block, day), spell (self, block - 1, day));
}

double
fyr_sim_person_get_illness (FyrSimPerson *self, gint64 time)
{
  FyrCivilTime civil;

  fyr_oslo_to_civil (time, &civil);
  return illness_on (self, civil.day + civil.minute / 1440.0);
}

static const Habit *
find_habit (FyrSimPerson *self, FyrMeasurementKind kind)
{
  for (guint i = 0; i < self->n_habits; i++)
    if (self->habits[i].trait->kind == kind)
      return &self->habits[i];
  return NULL;
}

gboolean
fyr_sim_person_get_usual (FyrSimPerson *self, FyrMeasurementKind kind, double *value, double *value2)
{
  const Habit *habit = find_habit (self, kind);

  *value = habit != NULL ? habit->usual : 0;
  *value2 = habit != NULL && kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE ? habit->usual2 : 0;
  return habit != NULL;
}

int
fyr_sim_person_get_interval (FyrSimPerson *self, FyrMeasurementKind kind)
{
  const Habit *habit = find_habit (self, kind);

  return habit != NULL ? habit->trait->interval : 0;
}

/* Some blocks hold a stay in hospital or a holiday of 4 to 9 days without any report. */
static gboolean
is_away (FyrSimPerson *self, int day)
{
  int block = floor_div (day, SPELL_BLOCK);
  Dice dice = make_dice (self, block, 'P');
  gboolean is_paused = happens (&dice, 0.2);
  int from = block * SPELL_BLOCK + roll_int (&dice, 10, 48);
  int length = roll_int (&dice, 4, 10);

  return is_paused && day >= from && day < from + length;
}

static double
round_for (FyrMeasurementKind kind, double value)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);
  double scale = info->decimals == 0 ? 1 : info->decimals == 1 ? 10 : 100;
  double rounded = round (value * scale) / scale;

  if (kind == FYR_MEASUREMENT_KIND_INSULIN)
    rounded = round (value);
  if (kind == FYR_MEASUREMENT_KIND_STEPS || kind == FYR_MEASUREMENT_KIND_FLUID_INTAKE)
    rounded = round (value / 10) * 10;
  return CLAMP (rounded, info->low, info->high);
}

/* Higher after meals for glucose, warmer in the evening, and so on: small and smooth. */
static double
rhythm (const Trait *trait, int minute)
{
  double phase = sin ((minute - 540) / 1440.0 * 2 * G_PI);

  return trait->kind == FYR_MEASUREMENT_KIND_GLUCOSE ? 1.2 * phase : trait->noise * 0.5 * phase;
}

static void
give_value (FyrSimPerson *self, const Habit *habit, Dice *dice, int minute, FyrSimReport *report)
{
  const Trait *trait = habit->trait;
  double ill = illness_on (self, self->day + minute / 1440.0);
  double value = habit->usual + rhythm (trait, minute) + ill * trait->illness;

  value = normal (dice, value, trait->noise);
  report->has_value = TRUE;
  report->value = round_for (report->kind, value);
  if (trait->kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    report->has_value2 = TRUE;
    report->value2 = round (CLAMP (normal (dice, habit->usual2 + ill * 8, 4), 40, report->value - 15));
  }
  if (ill > 0.5 && happens (dice, 0.12))
    report->note = bad_notes[roll_int (dice, 0, G_N_ELEMENTS (bad_notes))];
  else if (happens (dice, 0.008))
    report->note = plain_notes[roll_int (dice, 0, G_N_ELEMENTS (plain_notes))];
}

/* A value far outside from one reading to the next. */
static void
make_sudden (const Trait *trait, Dice *dice, FyrSimReport *report)
{
  gboolean high = happens (dice, 0.5);
  double bad = high ? trait->bad_high : trait->bad_low;

  if (bad <= 0)
    bad = high ? trait->bad_low : trait->bad_high;
  if (bad <= 0)
    return;
  report->value = round_for (report->kind, normal (dice, bad, trait->noise));
  if (report->has_value2)
    report->value2 = round (report->value * 0.58);
  report->note = bad_notes[0];
}

static const char *
wrong_unit (FyrMeasurementKind kind)
{
  switch (kind) {
  case FYR_MEASUREMENT_KIND_OXYGEN_SATURATION:
    return "kPa";
  case FYR_MEASUREMENT_KIND_BODY_TEMPERATURE:
    return "%";
  case FYR_MEASUREMENT_KIND_BODY_WEIGHT:
    return "m";
  case FYR_MEASUREMENT_KIND_GLUCOSE:
    return "mmol";
  default:
    return "unit";
  }
}

static const char *
sensor_word (FyrMeasurementKind kind, Dice *dice)
{
  if (kind == FYR_MEASUREMENT_KIND_GLUCOSE)
    return happens (dice, 0.6) ? "Hi" : "Lo";
  return happens (dice, 0.6) ? "--" : "Err";
}

static double
implausible_value (FyrMeasurementKind kind)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);

  return info->low > 5 ? floor (info->low / 4) : info->high * 10;
}

static void
give_fault (Dice *dice, FyrSimReport *report)
{
  double roll = roll_double (dice);

  if (roll < 0.008) {
    report->fault = FYR_SIM_FAULT_SENSOR_WORD;
    report->word = sensor_word (report->kind, dice);
    report->has_value = FALSE;
    report->has_value2 = FALSE;
  } else if (roll < 0.011) {
    report->fault = FYR_SIM_FAULT_IMPLAUSIBLE;
    report->value = implausible_value (report->kind);
  } else if (roll < 0.015) {
    report->fault = FYR_SIM_FAULT_WRONG_UNIT;
    report->unit = wrong_unit (report->kind);
  } else if (roll < 0.025) {
    report->fault = FYR_SIM_FAULT_DUPLICATE;
  } else if (roll < 0.04) {
    report->fault = FYR_SIM_FAULT_LATE;
    report->sent += (gint64)roll_int (dice, 60, 1800) * FYR_MINUTE_MS;
  }
}

static void
add_report (FyrSimPerson *self, const FyrSimReport *report)
{
  if (self->n_queue < MAX_REPORTS_A_DAY && report->taken >= self->start)
    self->queue[self->n_queue++] = *report;
}

static int
minute_of (FyrSimPerson *self, Dice *dice, int time, int times)
{
  int late = times > 1 ? time * (810 / (times - 1)) : 0;

  return CLAMP (self->wake_minute + late + (int)normal (dice, 0, 18), 240, 1430);
}

static void
name_report (const Habit *habit, FyrSimReport *report)
{
  report->kind = habit->trait->kind;
  report->device = habit->trait->device;
  report->unit = fyr_measurement_kind_get_info (report->kind)->unit;
}

static void
report_once (FyrSimPerson *self, guint index, int time, int session, gboolean sudden)
{
  const Habit *habit = &self->habits[index];
  Dice dice = make_dice (self, self->day, 'R' + index * 16 + (guint)time);
  FyrSimReport report = { 0 };
  int minute = habit->trait->times > 1 ? minute_of (self, &dice, time, habit->trait->times)
                                       : MIN (session + (int)index, 1435);

  name_report (habit, &report);
  report.taken = fyr_oslo_from_civil (self->day, minute) + roll_int (&dice, 0, 60) * 1000;
  report.sent = report.taken + 45000;
  g_snprintf (report.identifier, sizeof report.identifier, "%08x-%d-%u-%d", self->seed, self->day, index,
              time);
  give_value (self, habit, &dice, minute, &report);
  if (sudden)
    make_sudden (habit->trait, &dice, &report);
  if ((self->flags & FYR_SIM_FAULTS) != 0)
    give_fault (&dice, &report);
  add_report (self, &report);
  if (report.fault == FYR_SIM_FAULT_DUPLICATE) {
    report.sent += 5000;
    add_report (self, &report);
  }
}

static int
compare_reports (gconstpointer a, gconstpointer b)
{
  const FyrSimReport *left = a;
  const FyrSimReport *right = b;

  if (left->taken != right->taken)
    return left->taken < right->taken ? -1 : 1;
  return strcmp (left->identifier, right->identifier);
}

static void
fill_day (FyrSimPerson *self)
{
  Dice dice = make_dice (self, self->day, 'D');
  gboolean faithful = (self->flags & FYR_SIM_FAITHFUL) != 0;
  gboolean missed = !happens (&dice, self->adherence);
  int sudden = happens (&dice, 1 / 110.0) ? roll_int (&dice, 0, (gint32)self->n_habits) : -1;
  int session = minute_of (self, &dice, 0, 1);

  self->n_queue = 0;
  self->at = 0;
  if (!faithful && (missed || is_away (self, self->day)))
    return;
  for (guint i = 0; i < self->n_habits; i++) {
    const Trait *trait = self->habits[i].trait;

    if ((self->day - self->habits[i].phase) % trait->interval != 0)
      continue;
    for (int time = 0; time < trait->times; time++)
      report_once (self, i, time, session, sudden == (int)i && time == 0);
  }
  qsort (self->queue, self->n_queue, sizeof self->queue[0], compare_reports);
}

void
fyr_sim_person_next (FyrSimPerson *self, FyrSimReport *report)
{
  while (self->at >= self->n_queue) {
    fill_day (self);
    self->day++;
  }
  *report = self->queue[self->at++];
}

guint
fyr_sim_person_round (FyrSimPerson *self, guint number, gint64 now, FyrSimReport *reports)
{
  for (guint i = 0; i < self->n_habits; i++) {
    const Habit *habit = &self->habits[i];
    Dice dice = make_dice (self, (int)number, 'N' + i * 16);
    FyrSimReport *report = &reports[i];

    *report = (FyrSimReport){ .taken = now, .sent = now, .has_value = TRUE };
    name_report (habit, report);
    g_snprintf (report->identifier, sizeof report->identifier, "%08x-new-%u-%u", self->seed, number, i);
    report->value = round_for (report->kind, normal (&dice, habit->usual, habit->trait->noise));
    if (report->kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
      report->has_value2 = TRUE;
      report->value2 = round (CLAMP (normal (&dice, habit->usual2, 4), 40, report->value - 15));
    }
    if (number % 2 == 1)
      make_sudden (habit->trait, &dice, report);
  }
  return self->n_habits;
}

guint32
fyr_sim_seed_for (guint32 seed, const char *text)
{
  guint32 hash = 2166136261u ^ seed;

  for (const char *p = text; *p != '\0'; p++)
    hash = (hash ^ (guchar)*p) * 16777619u;
  return hash;
}

FyrSimProfile
fyr_sim_profile_for (guint32 seed)
{
  return (FyrSimProfile)((seed >> 7) % FYR_SIM_N_PROFILES);
}

const char *
fyr_sim_profile_to_code (FyrSimProfile profile)
{
  return (guint)profile < FYR_SIM_N_PROFILES ? profiles[profile].code : "mixed";
}

FyrSimProfile
fyr_sim_profile_from_code (const char *code)
{
  for (guint i = 0; i < FYR_SIM_N_PROFILES; i++)
    if (g_strcmp0 (profiles[i].code, code) == 0)
      return (FyrSimProfile)i;
  return FYR_SIM_N_PROFILES;
}
