/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-chart-draw.h"

/* What all chart benchmarks draw: values like a saturation, with rare deep dips. */

typedef struct {
  const char *name;
  gsize n_points;
  guint n_panels;
} BenchCase;

#define N_BENCH_CASES 6
extern const BenchCase bench_cases[N_BENCH_CASES];

#define BENCH_WIDTH 1200
#define BENCH_PANEL_HEIGHT 500
#define BENCH_START G_GINT64_CONSTANT (1700000000000)
#define BENCH_INTERVAL G_GINT64_CONSTANT (60000)

/* One series' arrays, sorted; caller frees. */
void
bench_make_points (gsize n_points, guint seed, gint64 **times, double **values);

/* A model of empty panels: axes and texts only; with @n_points the time axis is as if it had that many. */
FyrChartModel *
bench_make_model (const BenchCase *bench_case, gboolean with_points);

/* The view that shows everything, moved by @pan pixels. */
FyrChartView
bench_make_view (const BenchCase *bench_case, double pan);

/* One result line; @goal 0 = none; @ok_below: whether the value must not exceed the goal, else not be below. */
void
bench_print (const char *name,
             const char *case_name,
             const char *part,
             double value,
             const char *unit,
             double goal,
             gboolean ok_below);

/* Milliseconds that this process has computed: what a neighbour or the X server does in between is not ours. */
double
bench_now_ms (void);

/* From now on bench_now_ms() is the time of day: beside a peer in a process of its own, which can be timed so only. */
void
bench_use_wall_time (void);

double
bench_median (double *values, gsize n_values);
