/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-print.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "fyr-chart-draw.h"
#include "fyr-chart-text.h"

/* A4 and its margins in points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 42.0

/* A panel lower than this on paper is no longer readable at reading distance. */
#define PANEL_HEIGHT 185.0
#define AXIS_HEIGHT 40.0
#define HEADING_HEIGHT 46.0
#define TEXT_SIZE 8.5

static guint
count_panels_per_page (double height)
{
  double words = 36;
  double room = height - HEADING_HEIGHT - AXIS_HEIGHT;
  return (guint)MAX (floor (room / (PANEL_HEIGHT + words)), 1);
}

guint
fyr_chart_print_count_pages (FyrChartModel *model, double width, double height)
{
  guint n_panels = fyr_chart_model_get_n_panels (model);
  guint per_page = count_panels_per_page (height);
  return MAX ((n_panels + per_page - 1) / per_page, 1);
}

static PangoContext *
make_context (cairo_t *cr)
{
  PangoContext *context = pango_cairo_create_context (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");
  pango_font_description_set_absolute_size (font, TEXT_SIZE * PANGO_SCALE);
  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  pango_cairo_context_set_resolution (context, 72);
  return context;
}

/* Returns the height used. */
static double
print_text (
    cairo_t *cr, PangoContext *context, const char *text, double size, gboolean bold, double y, double width)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (context));
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  if (bold) {
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  }
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  PangoRectangle extents;
  pango_layout_get_extents (layout, NULL, &extents);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  cairo_move_to (cr, 0, y);
  pango_cairo_show_layout (cr, layout);
  return (double)extents.height / PANGO_SCALE;
}

/* The panels of one page with all events, as a model of its own. */
static FyrChartModel *
make_page_model (FyrChartModel *model, guint first, guint n_panels)
{
  FyrChartModel *page = fyr_chart_model_new (fyr_chart_model_get_zone (model));
  for (guint i = first; i < first + n_panels; i++) {
    FyrChartPanel *panel = fyr_chart_model_get_panel (model, i);
    if (panel != NULL) {
      fyr_chart_model_add_panel (page, panel);
    }
  }
  gsize n_events = 0;
  const FyrChartEvent *events = fyr_chart_model_get_events (model, &n_events);
  for (gsize i = 0; i < n_events; i++) {
    fyr_chart_model_add_event (page, events[i].time, events[i].mark, events[i].label, events[i].description);
  }
  return page;
}

static double
print_heading (FyrChartModel *model,
               cairo_t *cr,
               PangoContext *context,
               const char *heading,
               gint64 from,
               gint64 to,
               double width)
{
  GTimeZone *zone = fyr_chart_model_get_zone (model);
  double y = 0;
  if (heading != NULL && *heading != '\0') {
    y += print_text (cr, context, heading, 13, TRUE, y, width) + 2;
  }
  g_autofree char *first = fyr_chart_format_date (zone, from);
  g_autofree char *last = fyr_chart_format_date (zone, to);
  /* Translators: the time a printed chart shows, two dates */
  g_autofree char *shown = g_strdup_printf (_ ("From %s to %s"), first, last);
  y += print_text (cr, context, shown, 9.5, FALSE, y, width) + 8;
  return y;
}

void
fyr_chart_print_page (FyrChartModel *model,
                      cairo_t *cr,
                      guint page,
                      double width,
                      double height,
                      const char *heading,
                      gint64 from,
                      gint64 to)
{
  g_return_if_fail (FYR_IS_CHART_MODEL (model));
  guint per_page = count_panels_per_page (height);
  PangoContext *context = make_context (cr);
  g_autoptr (FyrChartModel) shown = make_page_model (model, page * per_page, per_page);
  guint n_panels = fyr_chart_model_get_n_panels (shown);
  cairo_save (cr);
  double y = print_heading (model, cr, context, heading, from, to, width);
  double chart_height = MIN (n_panels * PANEL_HEIGHT + AXIS_HEIGHT, height - y - 36 * n_panels);
  if (n_panels > 0) {
    FyrChartView view = { .from = from, .to = to, .width = width, .height = chart_height };
    cairo_save (cr);
    cairo_translate (cr, 0, y);
    fyr_chart_draw (cr, context, NULL, shown, &view);
    cairo_restore (cr);
  }
  y += chart_height + 8;
  for (guint i = 0; i < n_panels; i++) {
    g_autofree char *words = fyr_chart_describe_panel (shown, i);
    y += print_text (cr, context, words, TEXT_SIZE, FALSE, y, width) + 4;
  }
  g_object_unref (context);
  cairo_restore (cr);
}

typedef struct {
  FyrChartModel *model;
  char *heading;
  gint64 from, to;
} PrintJob;

static void
free_job (gpointer data, GClosure *closure)
{
  PrintJob *job = data;
  g_object_unref (job->model);
  g_free (job->heading);
  g_free (job);
}

static void
on_begin_print (GtkPrintOperation *operation, GtkPrintContext *context, PrintJob *job)
{
  guint n_pages = fyr_chart_print_count_pages (job->model, gtk_print_context_get_width (context),
                                               gtk_print_context_get_height (context));
  gtk_print_operation_set_n_pages (operation, (int)n_pages);
}

static void
on_draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, PrintJob *job)
{
  fyr_chart_print_page (job->model, gtk_print_context_get_cairo_context (context), (guint)page,
                        gtk_print_context_get_width (context), gtk_print_context_get_height (context),
                        job->heading, job->from, job->to);
}

GtkPrintOperation *
fyr_chart_print_operation_new (FyrChartModel *model, const char *heading, gint64 from, gint64 to)
{
  g_return_val_if_fail (FYR_IS_CHART_MODEL (model), NULL);
  GtkPrintOperation *operation = gtk_print_operation_new ();
  PrintJob *job = g_new0 (PrintJob, 1);
  job->model = g_object_ref (model);
  job->heading = g_strdup (heading);
  job->from = from;
  job->to = to;
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin_print), job);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page), job, free_job, 0);
  return operation;
}

gboolean
fyr_chart_print_to_pdf (
    FyrChartModel *model, const char *path, const char *heading, gint64 from, gint64 to, GError **error)
{
  g_return_val_if_fail (FYR_IS_CHART_MODEL (model), FALSE);
  cairo_surface_t *surface = cairo_pdf_surface_create (path, PAGE_WIDTH, PAGE_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  double width = PAGE_WIDTH - 2 * MARGIN, height = PAGE_HEIGHT - 2 * MARGIN;
  guint n_pages = fyr_chart_print_count_pages (model, width, height);
  /* Old printers and archives read this version too; the same file from every version of Cairo. */
  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  for (guint i = 0; i < n_pages; i++) {
    cairo_save (cr);
    cairo_translate (cr, MARGIN, MARGIN);
    fyr_chart_print_page (model, cr, i, width, height, heading, from, to);
    cairo_restore (cr);
    cairo_show_page (cr);
  }
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_status (cr);
  if (status == CAIRO_STATUS_SUCCESS) {
    status = cairo_surface_status (surface);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, cairo_status_to_string (status));
    return FALSE;
  }
  return TRUE;
}
