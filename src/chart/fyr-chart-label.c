/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-label.h"

#include <math.h>

/* Beyond this many kept texts the long unused ones go; a screen holds about a hundred. */
#define MANY_LABELS 600
#define KEEP_DRAWINGS 200

struct _FyrChartLabels {
  PangoContext *context;
  GHashTable *labels[FYR_CHART_N_FONTS]; /* text → FyrChartLabel */
  double line_heights[FYR_CHART_N_FONTS];
  guint64 drawing;
};

static void
free_label (gpointer data)
{
  FyrChartLabel *label = data;
  g_object_unref (label->layout);
  g_clear_pointer (&label->mask, cairo_surface_destroy);
  g_free (label);
}

static PangoContext *
make_default_context (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string ("Sans 10");
  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  return context;
}

FyrChartLabels *
fyr_chart_labels_new (PangoContext *context)
{
  FyrChartLabels *self = g_new0 (FyrChartLabels, 1);
  self->context = context != NULL ? g_object_ref (context) : make_default_context ();
  for (guint i = 0; i < FYR_CHART_N_FONTS; i++) {
    self->labels[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_label);
  }
  return self;
}

void
fyr_chart_labels_free (FyrChartLabels *self)
{
  if (self == NULL) {
    return;
  }
  for (guint i = 0; i < FYR_CHART_N_FONTS; i++) {
    g_hash_table_unref (self->labels[i]);
  }
  g_object_unref (self->context);
  g_free (self);
}

void
fyr_chart_labels_reset (FyrChartLabels *self)
{
  for (guint i = 0; i < FYR_CHART_N_FONTS; i++) {
    g_hash_table_remove_all (self->labels[i]);
    self->line_heights[i] = 0;
  }
}

static PangoLayout *
make_layout (FyrChartLabels *self, FyrChartFont font, const char *text)
{
  PangoLayout *layout = pango_layout_new (self->context);
  gboolean is_small = font == FYR_CHART_FONT_SMALL || font == FYR_CHART_FONT_SMALL_BOLD;
  gboolean is_bold = font == FYR_CHART_FONT_BOLD || font == FYR_CHART_FONT_SMALL_BOLD;
  PangoFontDescription *description =
      pango_font_description_copy (pango_context_get_font_description (self->context));
  if (is_bold) {
    pango_font_description_set_weight (description, PANGO_WEIGHT_BOLD);
  }
  if (is_small) {
    int size = (int)(pango_font_description_get_size (description) * 0.88);
    if (pango_font_description_get_size_is_absolute (description)) {
      pango_font_description_set_absolute_size (description, size);
    } else {
      pango_font_description_set_size (description, size);
    }
  }
  /* Figures of equal width: values do not jump while the cursor moves. */
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

FyrChartLabel *
fyr_chart_labels_get (FyrChartLabels *self, FyrChartFont font, const char *text)
{
  FyrChartLabel *label = g_hash_table_lookup (self->labels[font], text);
  if (label == NULL) {
    label = g_new0 (FyrChartLabel, 1);
    label->layout = make_layout (self, font, text);
    int width, height;
    pango_layout_get_size (label->layout, &width, &height);
    label->width = (double)width / PANGO_SCALE;
    label->height = (double)height / PANGO_SCALE;
    g_hash_table_insert (self->labels[font], g_strdup (text), label);
  }
  label->used = self->drawing;
  return label;
}

static gboolean
is_stale (gpointer key, gpointer value, gpointer data)
{
  const FyrChartLabel *label = value;
  const FyrChartLabels *self = data;
  return label->used + KEEP_DRAWINGS < self->drawing;
}

void
fyr_chart_labels_trim (FyrChartLabels *self)
{
  self->drawing++;
  for (guint i = 0; i < FYR_CHART_N_FONTS; i++) {
    if (g_hash_table_size (self->labels[i]) > MANY_LABELS) {
      g_hash_table_foreach_remove (self->labels[i], is_stale, self);
    }
  }
}

double
fyr_chart_labels_get_line_height (FyrChartLabels *self, FyrChartFont font)
{
  if (self->line_heights[font] <= 0) {
    self->line_heights[font] = fyr_chart_labels_get (self, font, "0Ég")->height;
  }
  return self->line_heights[font];
}

cairo_surface_t *
fyr_chart_label_get_mask (FyrChartLabel *label, double scale)
{
  if (label->mask != NULL && label->mask_scale == scale) {
    return label->mask;
  }
  g_clear_pointer (&label->mask, cairo_surface_destroy);
  PangoRectangle ink;
  pango_layout_get_pixel_extents (label->layout, &ink, NULL);
  /* Two units more on the right: slanted glyphs lean out of their box. */
  double width = MAX (label->width, ink.x + ink.width) + 2;
  double height = MAX (label->height, ink.y + ink.height);
  label->mask =
      cairo_image_surface_create (CAIRO_FORMAT_A8, (int)ceil (width * scale), (int)ceil (height * scale));
  label->mask_scale = scale;
  cairo_surface_set_device_scale (label->mask, scale, scale);
  cairo_t *cr = cairo_create (label->mask);
  pango_cairo_show_layout (cr, label->layout);
  cairo_destroy (cr);
  cairo_surface_flush (label->mask);
  return label->mask;
}
