/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-chart-data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const BenchCase bench_cases[N_BENCH_CASES] = {
  { "1kx1", 1000, 1 },    { "10kx1", 10000, 1 },   { "100kx1", 100000, 1 },
  { "1Mx1", 1000000, 1 }, { "100kx6", 100000, 6 }, { "1Mx6", 1000000, 6 },
};

void
bench_make_points (gsize n_points, guint seed, gint64 **times, double **values)
{
  guint32 state = MAX (seed, 1);
  *times = g_new (gint64, n_points);
  *values = g_new (double, n_points);
  for (gsize i = 0; i < n_points; i++) {
    state = state * 1664525u + 1013904223u;
    (*times)[i] = BENCH_START + (gint64)i * BENCH_INTERVAL;
    (*values)[i] = 94 + 3 * sin ((double)i / 500) + state / 4294967296.0 - (state % 9973 == 0 ? 20 : 0);
  }
}

FyrChartModel *
bench_make_model (const BenchCase *bench_case, gboolean with_points)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  FyrChartModel *model = fyr_chart_model_new (zone);
  for (guint i = 0; i < bench_case->n_panels; i++) {
    g_autoptr (FyrChartPanel) panel = fyr_chart_panel_new ("Oxygen saturation", "%");
    g_autoptr (FyrChartSeries) series = fyr_chart_series_new (NULL, FYR_CHART_FORM_LINE);
    fyr_chart_panel_set_range (panel, 70, 100);
    fyr_chart_panel_add_series (panel, series);
    fyr_chart_model_add_panel (model, panel);
    if (with_points) {
      gint64 *times;
      double *values;
      bench_make_points (bench_case->n_points, 7 + i, &times, &values);
      fyr_chart_series_take_points (series, times, values, NULL, NULL, bench_case->n_points);
    }
  }
  return model;
}

FyrChartView
bench_make_view (const BenchCase *bench_case, double pan)
{
  gint64 span = (gint64)bench_case->n_points * BENCH_INTERVAL;
  gint64 offset = (gint64)((double)span * pan / BENCH_WIDTH);
  return (FyrChartView){
    .from = BENCH_START + offset,
    .to = BENCH_START + span + offset,
    .width = BENCH_WIDTH,
    .height = (double)BENCH_PANEL_HEIGHT * bench_case->n_panels,
  };
}

void
bench_print (const char *name,
             const char *case_name,
             const char *part,
             double value,
             const char *unit,
             double goal,
             gboolean ok_below)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%.4f", value);
  printf ("{\"name\": \"%s/%s%s%s\", \"value\": %s, \"unit\": \"%s\"", name, case_name,
          *part != '\0' ? "/" : "", part, number, unit);
  if (goal > 0 || ok_below) {
    gboolean ok = ok_below ? value <= goal : value >= goal;
    g_ascii_formatd (number, sizeof number, "%.3g", goal);
    printf (", \"goal\": \"%s %s\", \"ok\": %s", ok_below ? "<=" : ">=", number, ok ? "true" : "false");
  }
  printf ("}\n");
  fflush (stdout);
}

static clockid_t bench_clock = CLOCK_PROCESS_CPUTIME_ID;

void
bench_use_wall_time (void)
{
  bench_clock = CLOCK_MONOTONIC;
}

double
bench_now_ms (void)
{
  struct timespec time;
  clock_gettime (bench_clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

double
bench_median (double *values, gsize n_values)
{
  qsort (values, n_values, sizeof (double), compare_doubles);
  return values[n_values / 2];
}
