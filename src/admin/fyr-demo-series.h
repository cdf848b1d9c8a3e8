/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/** FyrDemoIllness: what a demonstration patient has, and so what she measures */
typedef enum {
  FYR_DEMO_COPD,
  FYR_DEMO_HEART_FAILURE,
  FYR_DEMO_DIABETES,
  FYR_DEMO_HYPERTENSION,
  FYR_DEMO_CO2_RETAINER,
  FYR_DEMO_N_ILLNESSES,
} FyrDemoIllness;

/**
 * FyrDemoTask:
 * @kind: what is measured
 * @minutes: local minutes after midnight of each time a day, ended by 0
 * @every_days: 1 daily, 7 weekly
 * @low: of the patient's usual value, from …
 * @high: … to
 * @spread: standard deviation from reading to reading
 * @low2: of the diastolic value
 * @high2: of the diastolic value
 * @worse: what a bad spell does to the value, in spreads: negative is down
 * @device: what it is measured with
 */
typedef struct {
  FyrMeasurementKind kind;
  int minutes[5];
  int every_days;
  double low;
  double high;
  double spread;
  double low2;
  double high2;
  double worse;
  FyrDeviceKind device;
} FyrDemoTask;

/** FyrDemoIllnessInfo: @tasks: at most six, ended by an unset kind */
typedef struct {
  const char *template_id;
  const char *code;
  const char *display;
  int share; /* patients in 100 */
  FyrDemoTask tasks[6];
} FyrDemoIllnessInfo;

extern const FyrDemoIllnessInfo fyr_demo_illnesses[FYR_DEMO_N_ILLNESSES];

/** fyr_demo_draw_illness: Returns: one, by the shares */
FyrDemoIllness
fyr_demo_draw_illness (GRand *random);

/**
 * FyrDemoSeries:
 * @base: the patient's usual value
 * @base2: the usual diastolic value
 * @drift: how far the last days are from it
 *
 * One kind of value of one person through time.
 */
typedef struct {
  const FyrDemoTask *task;
  double base;
  double base2;
  double drift;
} FyrDemoSeries;

/** fyr_demo_series_init: draws the person's usual values */
void
fyr_demo_series_init (FyrDemoSeries *self, const FyrDemoTask *task, GRand *random);

/**
 * fyr_demo_series_next:
 * @badness: 0 well, 1 a bad spell at its worst
 * @value2: (out): diastolic; 0 for other kinds
 *
 * Returns: the next value, rounded as a device shows it
 */
double
fyr_demo_series_next (FyrDemoSeries *self, GRand *random, double badness, double *value2);

/** fyr_demo_normal: Returns: a normally distributed number with mean 0 and deviation 1 */
double
fyr_demo_normal (GRand *random);

G_END_DECLS
