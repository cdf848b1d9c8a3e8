/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static char *
format_local (GTimeZone *zone, gint64 time, const char *format)
{
  gint64 seconds = time >= 0 ? time / 1000 : -((-time + 999) / 1000);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  if (utc == NULL) {
    return g_strdup ("");
  }
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  return g_date_time_format (local, format);
}

char *
fyr_chart_format_time (GTimeZone *zone, gint64 time)
{
  /* Translators: date and time of a value, as in g_date_time_format() */
  return format_local (zone, time, C_ ("chart time", "%-d %b %Y, %H:%M"));
}

char *
fyr_chart_format_date (GTimeZone *zone, gint64 time)
{
  /* Translators: a date, as in g_date_time_format() */
  return format_local (zone, time, C_ ("chart date", "%-d %b %Y"));
}

gboolean
fyr_chart_nearest_point (FyrChartPanel *panel, gint64 time, guint *series, gsize *point)
{
  guint64 best = G_MAXUINT64;
  gboolean found = FALSE;
  for (guint i = 0; i < fyr_chart_panel_get_n_series (panel); i++) {
    FyrChartSeries *candidate = fyr_chart_panel_get_series (panel, i);
    gsize index = 0;
    if (!fyr_chart_series_nearest (candidate, time, &index)) {
      continue;
    }
    gint64 at = fyr_chart_series_get_time (candidate, index);
    guint64 distance = at > time ? (guint64)at - (guint64)time : (guint64)time - (guint64)at;
    if (!found || distance < best) {
      found = TRUE;
      best = distance;
      *series = i;
      *point = index;
    }
  }
  return found;
}

static char *
format_number (FyrChartPanel *panel, double value)
{
  return g_strdup_printf ("%.*f", (int)fyr_chart_panel_get_digits (panel), value);
}

static char *
with_unit (FyrChartPanel *panel, const char *number)
{
  const char *unit = fyr_chart_panel_get_unit (panel);
  return *unit != '\0' ? g_strdup_printf ("%s\u00a0%s", number, unit) : g_strdup (number);
}

char *
fyr_chart_readout_value (FyrChartPanel *panel, guint series_index, gsize point)
{
  FyrChartSeries *series = fyr_chart_panel_get_series (panel, series_index);
  if (series == NULL || point >= fyr_chart_series_get_n_points (series)) {
    return g_strdup ("");
  }
  g_autofree char *first = format_number (panel, fyr_chart_series_get_value (series, point));
  if (!fyr_chart_series_has_seconds (series)) {
    return with_unit (panel, first);
  }
  g_autofree char *second = format_number (panel, fyr_chart_series_get_second (series, point));
  g_autofree char *pair = g_strdup_printf ("%s/%s", first, second);
  return with_unit (panel, pair);
}

/* The limit that @value broke, in words; NULL if none. */
static char *
describe_breach (FyrChartPanel *panel, gint64 time, double value, gboolean second)
{
  const FyrChartBand *band = NULL;
  FyrChartMark mark = fyr_chart_panel_judge (panel, time, value, second, &band);
  if (mark == FYR_CHART_MARK_NONE || band == NULL) {
    return NULL;
  }
  gboolean alarm = mark == FYR_CHART_MARK_ALARM;
  gboolean below = value < (alarm ? band->red_low : band->yellow_low);
  double limit =
      below ? (alarm ? band->red_low : band->yellow_low) : (alarm ? band->red_high : band->yellow_high);
  g_autofree char *number = format_number (panel, limit);
  g_autofree char *text = with_unit (panel, number);
  if (alarm) {
    return below ? g_strdup_printf (_ ("below the red limit %s"), text)
                 : g_strdup_printf (_ ("above the red limit %s"), text);
  }
  return below ? g_strdup_printf (_ ("below the yellow limit %s"), text)
               : g_strdup_printf (_ ("above the yellow limit %s"), text);
}

char *
fyr_chart_readout (FyrChartModel *model, guint panel_index, guint series_index, gsize point)
{
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, panel_index);
  FyrChartSeries *series = panel != NULL ? fyr_chart_panel_get_series (panel, series_index) : NULL;
  if (series == NULL || point >= fyr_chart_series_get_n_points (series)) {
    return g_strdup ("");
  }
  gint64 time = fyr_chart_series_get_time (series, point);
  g_autofree char *value = fyr_chart_readout_value (panel, series_index, point);
  g_autofree char *when = fyr_chart_format_time (fyr_chart_model_get_zone (model), time);
  const char *label = fyr_chart_panel_get_n_series (panel) > 1 ? fyr_chart_series_get_label (series) : NULL;
  GString *text = g_string_new (fyr_chart_panel_get_title (panel));
  if (label != NULL && *label != '\0') {
    g_string_append_printf (text, " (%s)", label);
  }
  g_string_append_printf (text, " %s · %s", value, when);
  g_autofree char *first = describe_breach (panel, time, fyr_chart_series_get_value (series, point), FALSE);
  if (first != NULL) {
    g_string_append_printf (text, " · %s", first);
  }
  if (fyr_chart_series_has_seconds (series)) {
    g_autofree char *second =
        describe_breach (panel, time, fyr_chart_series_get_second (series, point), TRUE);
    if (second != NULL) {
      g_string_append_printf (text, " · %s", second);
    }
  }
  if (fyr_chart_series_get_mark (series, point) == FYR_CHART_MARK_DOUBTFUL) {
    g_string_append_printf (text, " · %s", _ ("doubtful value"));
  }
  return g_string_free (text, FALSE);
}

typedef struct {
  gsize lowest;
  gsize highest;
  gsize n_caution;
  gsize n_alarm;
  gsize n_doubtful;
} Summary;

static FyrChartMark
judge_point (FyrChartPanel *panel, gint64 time, double value, double second, gboolean pair)
{
  FyrChartMark mark = fyr_chart_panel_judge (panel, time, value, FALSE, NULL);
  return pair ? MAX (mark, fyr_chart_panel_judge (panel, time, second, TRUE, NULL)) : mark;
}

static void
summarize (FyrChartPanel *panel, FyrChartSeries *series, Summary *summary)
{
  gboolean pair = fyr_chart_series_has_seconds (series);
  const double *values = fyr_chart_series_get_values (series, FALSE);
  const double *seconds = fyr_chart_series_get_values (series, TRUE);
  const gint64 *times = fyr_chart_series_get_times (series);
  gsize n_bands = 0;
  fyr_chart_panel_get_bands (panel, &n_bands);
  gsize n_points = fyr_chart_series_get_n_points (series);
  *summary = (Summary){ .lowest = n_points, .highest = n_points };
  for (gsize i = 0; i < n_points; i++) {
    if (fyr_chart_series_get_mark (series, i) == FYR_CHART_MARK_DOUBTFUL) {
      summary->n_doubtful++;
      continue;
    }
    if (summary->highest == n_points || values[i] > values[summary->highest]) {
      summary->highest = i;
    }
    if (summary->lowest == n_points || seconds[i] < seconds[summary->lowest]) {
      summary->lowest = i;
    }
    FyrChartMark mark = n_bands > 0 ? judge_point (panel, times[i], values[i], seconds[i], pair) : 0;
    summary->n_caution += mark == FYR_CHART_MARK_CAUTION ? 1 : 0;
    summary->n_alarm += mark == FYR_CHART_MARK_ALARM ? 1 : 0;
  }
}

static void
append_limits (GString *text, FyrChartPanel *panel, const Summary *summary)
{
  gsize n_bands = 0;
  fyr_chart_panel_get_bands (panel, &n_bands);
  if (n_bands == 0) {
    g_string_append_c (text, ' ');
    g_string_append (text, _ ("No limits are set."));
    return;
  }
  if (summary->n_alarm == 0 && summary->n_caution == 0) {
    g_string_append_c (text, ' ');
    g_string_append (text, _ ("All values are within the limits."));
    return;
  }
  g_string_append_c (text, ' ');
  g_string_append_printf (text, _ ("Outside red limits: %u. Outside yellow limits: %u."),
                          (guint)summary->n_alarm, (guint)summary->n_caution);
}

static void
append_extremes (GString *text, GTimeZone *zone, FyrChartPanel *panel, guint index, const Summary *summary)
{
  FyrChartSeries *series = fyr_chart_panel_get_series (panel, index);
  g_autofree char *low = fyr_chart_readout_value (panel, index, summary->lowest);
  g_autofree char *high = fyr_chart_readout_value (panel, index, summary->highest);
  g_autofree char *low_time =
      fyr_chart_format_time (zone, fyr_chart_series_get_time (series, summary->lowest));
  g_autofree char *high_time =
      fyr_chart_format_time (zone, fyr_chart_series_get_time (series, summary->highest));
  g_string_append_c (text, ' ');
  g_string_append_printf (text, _ ("Lowest %s (%s), highest %s (%s)."), low, low_time, high, high_time);
}

static void
append_series (GString *text, FyrChartModel *model, FyrChartPanel *panel, guint index)
{
  FyrChartSeries *series = fyr_chart_panel_get_series (panel, index);
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  gsize n = fyr_chart_series_get_n_points (series);
  const char *label = fyr_chart_series_get_label (series);
  if (fyr_chart_panel_get_n_series (panel) > 1 && label != NULL) {
    g_string_append_printf (text, " %s:", label);
  }
  if (n == 0) {
    g_string_append_c (text, ' ');
    g_string_append (text, _ ("No values."));
    return;
  }
  Summary summary;
  summarize (panel, series, &summary);
  g_autofree char *from = fyr_chart_format_date (zone, fyr_chart_series_get_time (series, 0));
  g_autofree char *to = fyr_chart_format_date (zone, fyr_chart_series_get_time (series, n - 1));
  g_autofree char *first = fyr_chart_readout_value (panel, index, 0);
  g_autofree char *last = fyr_chart_readout_value (panel, index, n - 1);
  g_string_append_c (text, ' ');
  g_string_append_printf (
      text, g_dngettext (GETTEXT_PACKAGE, "%u value from %s to %s.", "%u values from %s to %s.", n), (guint)n,
      from, to);
  g_string_append_c (text, ' ');
  g_string_append_printf (text, _ ("First %s, last %s."), first, last);
  if (summary.n_doubtful < n) {
    append_extremes (text, zone, panel, index, &summary);
    append_limits (text, panel, &summary);
  }
  if (summary.n_doubtful > 0) {
    g_string_append_c (text, ' ');
    g_string_append_printf (text, _ ("Doubtful values, not counted: %u."), (guint)summary.n_doubtful);
  }
}

char *
fyr_chart_describe_panel (FyrChartModel *model, guint panel_index)
{
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, panel_index);
  if (panel == NULL) {
    return g_strdup ("");
  }
  const char *unit = fyr_chart_panel_get_unit (panel);
  GString *text = g_string_new (NULL);
  if (*unit != '\0') {
    /* Translators: a kind of measurement and its unit, as in "Pulse in beats/min:" */
    g_string_append_printf (text, _ ("%s in %s:"), fyr_chart_panel_get_title (panel), unit);
  } else {
    g_string_append_printf (text, "%s:", fyr_chart_panel_get_title (panel));
  }
  if (fyr_chart_panel_get_n_series (panel) == 0) {
    g_string_append_c (text, ' ');
    g_string_append (text, _ ("No values."));
  }
  for (guint i = 0; i < fyr_chart_panel_get_n_series (panel); i++) {
    append_series (text, model, panel, i);
  }
  return g_string_free (text, FALSE);
}

static void
append_events (GString *text, FyrChartModel *model)
{
  gsize n_events = 0;
  const FyrChartEvent *events = fyr_chart_model_get_events (model, &n_events);
  for (gsize i = 0; i < n_events; i++) {
    const char *description = events[i].description;
    g_autofree char *time = fyr_chart_format_time (fyr_chart_model_get_zone (model), events[i].time);
    g_string_append_printf (text, "\n%s: %s", time, events[i].label);
    if (description != NULL && *description != '\0' && g_strcmp0 (description, events[i].label) != 0) {
      g_string_append_printf (text, " · %s", description);
    }
  }
}

char *
fyr_chart_describe (FyrChartModel *model)
{
  guint n = fyr_chart_model_get_n_panels (model);
  if (n == 0) {
    return g_strdup (_ ("The chart is empty."));
  }
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < n; i++) {
    g_autofree char *panel = fyr_chart_describe_panel (model, i);
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", panel);
  }
  append_events (text, model);
  return g_string_free (text, FALSE);
}
