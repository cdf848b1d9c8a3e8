/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-demo-series.h"

#include <math.h>

#define SPO2 FYR_MEASUREMENT_KIND_OXYGEN_SATURATION
#define PULSE FYR_MEASUREMENT_KIND_HEART_RATE
#define PRESSURE FYR_MEASUREMENT_KIND_BLOOD_PRESSURE
#define TEMPERATURE FYR_MEASUREMENT_KIND_BODY_TEMPERATURE
#define WEIGHT FYR_MEASUREMENT_KIND_BODY_WEIGHT
#define GLUCOSE FYR_MEASUREMENT_KIND_GLUCOSE
#define OXIMETER FYR_DEVICE_KIND_PULSE_OXIMETER
#define MONITOR FYR_DEVICE_KIND_BLOOD_PRESSURE_MONITOR

/* Usual values are plausible ones for the illness, not anybody's; sets of tasks follow clinical.md. */
const FyrDemoIllnessInfo fyr_demo_illnesses[FYR_DEMO_N_ILLNESSES] = {
  [FYR_DEMO_COPD] = { "copd",
                      "R95",
                      "Kronisk obstruktiv lungesykdom",
                      34,
                      { { SPO2, { 510 }, 1, 92.5, 96, 0.9, 0, 0, -4.5, OXIMETER },
                        { PULSE, { 511 }, 1, 68, 90, 5, 0, 0, 2.5, OXIMETER },
                        { TEMPERATURE, { 515 }, 2, 36.4, 36.9, 0.2, 0, 0, 4, FYR_DEVICE_KIND_THERMOMETER },
                        { FYR_MEASUREMENT_KIND_RESPIRATORY_RATE,
                          { 518 },
                          3,
                          15,
                          20,
                          1.3,
                          0,
                          0,
                          3.5,
                          OXIMETER },
                        { FYR_MEASUREMENT_KIND_FEV1,
                          { 525 },
                          7,
                          0.8,
                          2.2,
                          0.07,
                          0,
                          0,
                          -3,
                          FYR_DEVICE_KIND_SPIROMETER } } },
  [FYR_DEMO_HEART_FAILURE] = { "heart-failure",
                               "K77",
                               "Hjertesvikt",
                               26,
                               { { WEIGHT, { 435 }, 1, 58, 104, 0.32, 0, 0, 6, FYR_DEVICE_KIND_SCALE },
                                 { PRESSURE, { 445 }, 1, 112, 142, 6, 66, 84, 1.5, MONITOR },
                                 { PULSE, { 446 }, 1, 60, 84, 5, 0, 0, 2.2, MONITOR },
                                 { SPO2, { 455 }, 2, 95.2, 97.5, 0.6, 0, 0, -2.5, OXIMETER } } },
  [FYR_DEMO_DIABETES] = { "diabetes",
                          "T90",
                          "Diabetes type 2",
                          20,
                          { { GLUCOSE,
                              { 450, 720, 1050, 1320 },
                              1,
                              5.8,
                              8.0,
                              0.9,
                              0,
                              0,
                              3.5,
                              FYR_DEVICE_KIND_GLUCOSE_METER },
                            { WEIGHT, { 460 }, 7, 66, 112, 0.4, 0, 0, 1, FYR_DEVICE_KIND_SCALE } } },
  [FYR_DEMO_HYPERTENSION] = { "hypertension",
                              "K86",
                              "Hypertensjon",
                              12,
                              { { PRESSURE, { 480, 1230 }, 2, 124, 148, 7, 72, 88, 2.5, MONITOR },
                                { PULSE, { 481 }, 2, 58, 82, 5, 0, 0, 1, MONITOR } } },
  [FYR_DEMO_CO2_RETAINER] = { "copd-co2-retainer",
                              "R95",
                              "KOLS med kronisk respirasjonssvikt",
                              8,
                              { { SPO2, { 540, 1140 }, 1, 89.5, 91.5, 0.8, 0, 0, -4, OXIMETER },
                                { PULSE, { 541, 1141 }, 1, 72, 92, 5, 0, 0, 2.5, OXIMETER },
                                { TEMPERATURE,
                                  { 545 },
                                  2,
                                  36.4,
                                  36.9,
                                  0.2,
                                  0,
                                  0,
                                  3,
                                  FYR_DEVICE_KIND_THERMOMETER } } },
};

FyrDemoIllness
fyr_demo_draw_illness (GRand *random)
{
  int draw = g_rand_int_range (random, 0, 100);

  for (guint i = 0; i < FYR_DEMO_N_ILLNESSES; i++) {
    draw -= fyr_demo_illnesses[i].share;
    if (draw < 0) {
      return i;
    }
  }
  return FYR_DEMO_COPD;
}

double
fyr_demo_normal (GRand *random)
{
  double a = 1 - g_rand_double (random);
  double b = g_rand_double (random);

  return sqrt (-2 * log (a)) * cos (2 * G_PI * b);
}

void
fyr_demo_series_init (FyrDemoSeries *self, const FyrDemoTask *task, GRand *random)
{
  self->task = task;
  self->base = g_rand_double_range (random, task->low, task->high);
  self->base2 = task->high2 > task->low2 ? g_rand_double_range (random, task->low2, task->high2) : 0;
  self->drift = 0;
}

static double
round_as_shown (FyrMeasurementKind kind, double value)
{
  switch (kind) {
  case FYR_MEASUREMENT_KIND_BODY_TEMPERATURE:
  case FYR_MEASUREMENT_KIND_BODY_WEIGHT:
  case FYR_MEASUREMENT_KIND_GLUCOSE:
    return round (value * 10) / 10;
  case FYR_MEASUREMENT_KIND_FEV1:
    return round (value * 100) / 100;
  default:
    return round (value);
  }
}

double
fyr_demo_series_next (FyrDemoSeries *self, GRand *random, double badness, double *value2)
{
  const FyrDemoTask *task = self->task;
  double wobble;
  double value;

  /* Days hang together: half of yesterday's distance stays. */
  self->drift = self->drift * 0.5 + fyr_demo_normal (random) * task->spread * 0.5;
  wobble = self->drift + fyr_demo_normal (random) * task->spread * 0.6 + badness * task->worse * task->spread;
  value = self->base + wobble;
  if (task->kind == FYR_MEASUREMENT_KIND_OXYGEN_SATURATION) {
    value = MIN (value, 100);
  }
  *value2 = self->base2 > 0 ? round (self->base2 + wobble * 0.5) : 0;
  return round_as_shown (task->kind, MAX (value, 0.3));
}
