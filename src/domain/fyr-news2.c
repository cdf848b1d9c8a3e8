/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-news2.h"

#include <glib/gi18n.h>
#include <math.h>

#define ADULT_YEARS 16

/* A value up to and including @to scores @points; the rows of one parameter rise. */
typedef struct {
  double to;
  int points;
} Band;

static const Band respiration[] = { { 8, 3 }, { 11, 1 }, { 20, 0 }, { 24, 2 }, { INFINITY, 3 } };
static const Band saturation_1[] = { { 91, 3 }, { 93, 2 }, { 95, 1 }, { INFINITY, 0 } };
static const Band saturation_2_air[] = { { 83, 3 }, { 85, 2 }, { 87, 1 }, { INFINITY, 0 } };
static const Band saturation_2_oxygen[] = { { 83, 3 }, { 85, 2 }, { 87, 1 },      { 92, 0 },
                                            { 94, 1 }, { 96, 2 }, { INFINITY, 3 } };
static const Band systolic[] = { { 90, 3 }, { 100, 2 }, { 110, 1 }, { 219, 0 }, { INFINITY, 3 } };
static const Band pulse[] = { { 40, 3 }, { 50, 1 }, { 90, 0 }, { 110, 1 }, { 130, 2 }, { INFINITY, 3 } };
static const Band temperature[] = { { 35.0, 3 }, { 36.0, 1 }, { 38.0, 0 }, { 39.0, 1 }, { INFINITY, 2 } };

static int
read_band (const Band *bands, double value)
{
  while (value > bands->to + 1e-9) {
    bands++;
  }
  return bands->points;
}

static int
saturation_points (const FyrNews2Input *input, double value)
{
  gboolean on_oxygen = input->has[FYR_NEWS2_OXYGEN] && input->value[FYR_NEWS2_OXYGEN] > 0;

  if (!input->scale2) {
    return read_band (saturation_1, value);
  }
  return read_band (on_oxygen ? saturation_2_oxygen : saturation_2_air, value);
}

static int
parameter_points (const FyrNews2Input *input, FyrNews2Parameter parameter)
{
  double value = input->value[parameter];
  double whole = round (value);

  switch (parameter) {
  case FYR_NEWS2_RESPIRATION:
    return read_band (respiration, whole);
  case FYR_NEWS2_SATURATION:
    return saturation_points (input, whole);
  case FYR_NEWS2_OXYGEN:
    return value > 0 ? 2 : 0;
  case FYR_NEWS2_SYSTOLIC:
    return read_band (systolic, whole);
  case FYR_NEWS2_PULSE:
    return read_band (pulse, whole);
  case FYR_NEWS2_CONSCIOUSNESS:
    return whole > 0 ? 3 : 0;
  case FYR_NEWS2_TEMPERATURE:
    return read_band (temperature, round (value * 10) / 10);
  case FYR_N_NEWS2_PARAMETERS:
  default:
    return 0;
  }
}

static FyrNews2Risk
read_risk (int total, gboolean any_three)
{
  if (total >= 7) {
    return FYR_NEWS2_HIGH;
  }
  if (total >= 5) {
    return FYR_NEWS2_MEDIUM;
  }
  return any_three ? FYR_NEWS2_LOW_MEDIUM : FYR_NEWS2_LOW;
}

gboolean
fyr_news2_score (const FyrNews2Input *input, FyrNews2Score *score)
{
  *score = (FyrNews2Score){ .complete = TRUE };
  for (int i = 0; i < FYR_N_NEWS2_PARAMETERS; i++) {
    if (!input->has[i]) {
      score->complete = FALSE;
      continue;
    }
    if (!isfinite (input->value[i])) {
      *score = (FyrNews2Score){ 0 };
      return FALSE;
    }
    score->points[i] = parameter_points (input, (FyrNews2Parameter)i);
    score->total += score->points[i];
    score->any_three = score->any_three || score->points[i] == 3;
  }
  score->risk = read_risk (score->total, score->any_three);
  return TRUE;
}

gboolean
fyr_news2_applies (int age_years, gboolean pregnant)
{
  return age_years >= ADULT_YEARS && !pregnant;
}

static const struct {
  const char *code;
  const char *name;
} risks[] = {
  [FYR_NEWS2_LOW] = { "low", N_ ("Low risk") },
  [FYR_NEWS2_LOW_MEDIUM] = { "low-medium", N_ ("Low to medium risk") },
  [FYR_NEWS2_MEDIUM] = { "medium", N_ ("Medium risk") },
  [FYR_NEWS2_HIGH] = { "high", N_ ("High risk") },
};

const char *
fyr_news2_risk_to_code (FyrNews2Risk risk)
{
  return (guint)risk < G_N_ELEMENTS (risks) ? risks[risk].code : "";
}

const char *
fyr_news2_risk_get_name (FyrNews2Risk risk)
{
  return (guint)risk < G_N_ELEMENTS (risks) ? risks[risk].name : "";
}
