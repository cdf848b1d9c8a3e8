/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-trend-print.h"

#include <glib/gi18n-lib.h>

#include "fyr-badge.h"
#include "fyr-chart-print.h"
#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-limit-words.h"
#include "fyr-measure.h"

#define TEXT_SIZE 9.0
#define LINE_HEIGHT 14.0
#define HEADING_HEIGHT 34.0
#define N_COLUMNS 4

/* Where each column begins, as a share of the width: when, what, value, what triage found. */
static const double columns[N_COLUMNS] = { 0, 0.24, 0.56, 0.78 };

typedef struct {
  gint64 time;
  char *cells[N_COLUMNS]; /* NULL: the first takes the whole width */
  gboolean bold;
} Line;

typedef struct {
  FyrChartModel *model;
  char *heading;
  gint64 from;
  gint64 to;
  GPtrArray *lines; /* Line */
  guint n_charts;   /* pages of trends, before those of the table */
} Job;

static void
line_free (gpointer data)
{
  Line *line = data;
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (line->cells[i]);
  g_free (line);
}

static void
job_free (gpointer data, GClosure *closure)
{
  Job *job = data;
  g_object_unref (job->model);
  g_ptr_array_unref (job->lines);
  g_free (job->heading);
  g_free (job);
}

/* Takes @text. */
static Line *
add_line (GPtrArray *lines, char *text, gboolean bold)
{
  Line *line = g_new0 (Line, 1);
  line->cells[0] = text;
  line->bold = bold;
  g_ptr_array_add (lines, line);
  return line;
}

static gboolean
holds (FyrLimit *limit, gint64 now)
{
  return fyr_limit_get_valid_from (limit) <= now &&
         (!fyr_limit_has_valid_to (limit) || fyr_limit_get_valid_to (limit) > now);
}

static void
add_limits (Job *job, GPtrArray *limits, gint64 now)
{
  add_line (job->lines, g_strdup (_ ("Limits that hold now")), TRUE);
  for (guint i = 0; i < limits->len; i++) {
    FyrLimit *limit = g_ptr_array_index (limits, i);
    if (!holds (limit, now))
      continue;
    g_autofree char *title = fyr_limit_get_title (limit);
    g_autofree char *words = fyr_limit_describe (limit);
    add_line (job->lines, g_strdup_printf ("%s: %s", title, words), FALSE);
  }
  if (job->lines->len == 1)
    add_line (job->lines, g_strdup (_ ("No limits are set")), FALSE);
  add_line (job->lines, g_strdup (""), FALSE);
}

static const char *
finding_of (guint8 flags)
{
  guint category = flags & FYR_SERIES_CATEGORY_MASK;
  if ((flags & FYR_SERIES_IMPLAUSIBLE) != 0)
    return _ ("Doubtful value");
  return category != 0 ? fyr_category_get_word (category) : "";
}

static void
add_value (GPtrArray *values, FyrSeries *series, gsize i)
{
  gboolean pair = series->values2 != NULL && series->values2[i] == series->values2[i];
  Line *line = add_line (values, fyr_format_date_time (series->times[i]), FALSE);
  line->time = series->times[i];
  line->cells[1] = g_strdup (fyr_measure_get_name (series->kind));
  line->cells[2] = pair ? fyr_measure_format_pair (series->kind, series->values[i], series->values2[i])
                        : fyr_measure_format_value (series->kind, series->values[i]);
  line->cells[3] = g_strdup (finding_of (series->flags[i]));
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const Line *left = *(Line *const *)a, *right = *(Line *const *)b;
  return (left->time < right->time) - (left->time > right->time);
}

static void
add_table (Job *job, GPtrArray *series)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (line_free);
  for (guint i = 0; i < series->len; i++) {
    FyrSeries *one = g_ptr_array_index (series, i);
    for (gsize k = 0; k < one->n; k++)
      if (one->times[k] >= job->from && one->times[k] < job->to)
        add_value (values, one, k);
  }
  g_ptr_array_sort (values, newest_first);
  guint n = MIN (values->len, FYR_TREND_PRINT_MAX_ROWS), left_out = values->len - n;
  Line *head = add_line (job->lines, g_strdup (_ ("When")), TRUE);
  head->cells[1] = g_strdup (_ ("Measurement"));
  head->cells[2] = g_strdup (_ ("Value"));
  head->cells[3] = g_strdup (_ ("Found"));
  g_ptr_array_set_size (values, (int)n);
  g_ptr_array_extend_and_steal (job->lines, g_steal_pointer (&values));
  if (left_out > 0)
    add_line (
        job->lines,
        g_strdup_printf (ngettext ("%u older value is left out", "%u older values are left out", left_out),
                         left_out),
        FALSE);
}

static guint
lines_per_page (double height)
{
  return (guint)MAX ((height - HEADING_HEIGHT) / LINE_HEIGHT, 1);
}

static void
print_cell (cairo_t *cr,
            PangoContext *context,
            const char *text,
            double size,
            gboolean bold,
            double x,
            double y,
            double width)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string (bold ? "Sans Bold" : "Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
  pango_layout_set_height (layout, -1);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static void
print_line (cairo_t *cr, PangoContext *context, const Line *line, double y, double width)
{
  gboolean whole = line->cells[1] == NULL;
  for (guint i = 0; i < N_COLUMNS && line->cells[i] != NULL; i++) {
    double end = whole || i + 1 == N_COLUMNS ? 1 : columns[i + 1];
    print_cell (cr, context, line->cells[i], TEXT_SIZE, line->bold, columns[i] * width, y,
                (end - columns[i]) * width - 4);
  }
}

static void
print_table_page (Job *job, cairo_t *cr, guint page, double width, double height)
{
  PangoContext *context = pango_cairo_create_context (cr);
  guint per_page = lines_per_page (height), first = page * per_page;
  pango_cairo_context_set_resolution (context, 72);
  cairo_set_source_rgb (cr, 0, 0, 0);
  print_cell (cr, context, job->heading, 12, TRUE, 0, 0, width);
  for (guint i = 0; i < per_page && first + i < job->lines->len; i++)
    print_line (cr, context, g_ptr_array_index (job->lines, first + i), HEADING_HEIGHT + i * LINE_HEIGHT,
                width);
  g_object_unref (context);
}

static void
on_begin_print (GtkPrintOperation *operation, GtkPrintContext *context, Job *job)
{
  double height = gtk_print_context_get_height (context);
  guint per_page = lines_per_page (height);
  job->n_charts = fyr_chart_print_count_pages (job->model, gtk_print_context_get_width (context), height);
  gtk_print_operation_set_n_pages (operation,
                                   (int)(job->n_charts + (job->lines->len + per_page - 1) / per_page));
}

static void
on_draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, Job *job)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double width = gtk_print_context_get_width (context), height = gtk_print_context_get_height (context);
  if ((guint)page < job->n_charts)
    fyr_chart_print_page (job->model, cr, (guint)page, width, height, job->heading, job->from, job->to);
  else
    print_table_page (job, cr, (guint)page - job->n_charts, width, height);
}

static char *
heading_of (FyrPatient *patient)
{
  g_autofree char *name =
      fyr_join_name (fyr_patient_get_given_name (patient), fyr_patient_get_family_name (patient));
  g_autofree char *born = fyr_format_day (fyr_patient_get_birth_date (patient));
  g_autofree char *number = fyr_identity_number_format (fyr_patient_get_identity_number (patient));
  GString *text = g_string_new (name);
  if (*born != '\0')
    g_string_append_printf (text, _ (", born %s"), born);
  if (number != NULL && *number != '\0')
    g_string_append_printf (text, " · %s", number);
  return g_string_free (text, FALSE);
}

GtkPrintOperation *
fyr_trend_print_new (FyrChartModel *model,
                     FyrPatient *patient,
                     GPtrArray *limits,
                     GPtrArray *series,
                     gint64 from,
                     gint64 to,
                     gint64 now)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  Job *job = g_new0 (Job, 1);
  job->model = g_object_ref (model);
  job->heading = heading_of (patient);
  job->from = from;
  job->to = to;
  job->lines = g_ptr_array_new_with_free_func (line_free);
  add_limits (job, limits, now);
  add_table (job, series);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin_print), job);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page), job, job_free, 0);
  return operation;
}
