/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FYR_NEWS2_RESPIRATION,
  FYR_NEWS2_SATURATION,
  FYR_NEWS2_OXYGEN,
  FYR_NEWS2_SYSTOLIC,
  FYR_NEWS2_PULSE,
  FYR_NEWS2_CONSCIOUSNESS,
  FYR_NEWS2_TEMPERATURE,
  FYR_N_NEWS2_PARAMETERS
} FyrNews2Parameter;

typedef enum { FYR_NEWS2_LOW, FYR_NEWS2_LOW_MEDIUM, FYR_NEWS2_MEDIUM, FYR_NEWS2_HIGH } FyrNews2Risk;

/**
 * FyrNews2Input:
 * @scale2: saturation scale 2 (target 88–92 %), only on a doctor's order
 * @has: which of @value is known
 * @value: respiration and pulse per minute, saturation in %, oxygen 0 air or 1 supplemental, systolic in
 *   mm[Hg], consciousness 0 alert … 4 (as the measurement kind), temperature in °C
 */
typedef struct {
  gboolean scale2;
  gboolean has[FYR_N_NEWS2_PARAMETERS];
  double value[FYR_N_NEWS2_PARAMETERS];
} FyrNews2Input;

/**
 * FyrNews2Score:
 * @complete: whether all seven parameters were known; otherwise @total is at least what is shown
 * @points: per parameter, 0–3; 0 for an unknown one
 * @total: 0–20
 * @any_three: whether a single parameter scored 3
 * @risk: 0–4 low, any single 3 low–medium, 5–6 medium, 7 and more high
 */
typedef struct {
  gboolean complete;
  int points[FYR_N_NEWS2_PARAMETERS];
  int total;
  gboolean any_three;
  FyrNews2Risk risk;
} FyrNews2Score;

/**
 * fyr_news2_score:
 * @input: what was measured; whole numbers are rounded to nearest, temperature to a tenth, before the table
 *   is read
 * @score: (out): the score
 *
 * Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017; reproduced with
 * acknowledgement.
 *
 * Returns: %FALSE when a known value is not finite; @score is then empty
 */
gboolean
fyr_news2_score (const FyrNews2Input *input, FyrNews2Score *score);

/**
 * fyr_news2_applies:
 *
 * Returns: whether NEWS2 may be used: 16 years or older and not pregnant
 */
gboolean
fyr_news2_applies (int age_years, gboolean pregnant);

/**
 * fyr_news2_risk_to_code:
 *
 * Returns: (transfer none): `low`, `low-medium`, `medium` or `high`
 */
const char *
fyr_news2_risk_to_code (FyrNews2Risk risk);

/**
 * fyr_news2_risk_get_name:
 *
 * Returns: (transfer none): msgid of the risk
 */
const char *
fyr_news2_risk_get_name (FyrNews2Risk risk);

G_END_DECLS
