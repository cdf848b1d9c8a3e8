/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-badge.h"

#include <glib/gi18n.h>
#include <math.h>

#include "fyr-children.h"

typedef struct {
  const char *style;
  const char *letter;
  const char *category_word;
  const char *zone_word;
  int corners; /* of the shape; 0 is a circle, negative: standing on a corner */
} Look;

/* Translators: letters in the coloured shapes; each colour its own, at most two characters. */
static const Look looks[] = {
  [FYR_ALERT_CATEGORY_UNSET] = { "none", NC_ ("letter", "–"), N_ ("No colour"), N_ ("No zone"), 0 },
  [FYR_ALERT_CATEGORY_RED] = { "red", NC_ ("letter", "R"), N_ ("Red alert"), N_ ("Red zone"), 8 },
  [FYR_ALERT_CATEGORY_YELLOW] = { "yellow", NC_ ("letter", "Y"), N_ ("Yellow alert"), N_ ("Yellow zone"),
                                  -4 },
  [FYR_ALERT_CATEGORY_GREEN] = { "green", NC_ ("letter", "G"), N_ ("Green alert"), N_ ("Green zone"), 0 },
  [FYR_ALERT_CATEGORY_BLUE] = { "blue", NC_ ("letter", "B"), N_ ("Blue alert"), N_ ("Blue"), 4 },
  [FYR_ALERT_CATEGORY_GREY] = { "grey", NC_ ("letter", "Gy"), N_ ("Grey alert"), N_ ("Grey"), 6 },
  [FYR_ALERT_CATEGORY_TECHNICAL] = { "technical", NC_ ("letter", "T"), N_ ("Technical alert"),
                                     N_ ("Technical"), -3 },
};

struct _FyrBadge {
  GtkWidget parent_instance;
  FyrAlertCategory category;
  FyrZone zone;
  gboolean is_zone;
  gboolean compact;
  guint count;
  GtkWidget *shape;
  GtkWidget *letter;
  GtkWidget *word;
};

enum { PROP_0, PROP_CATEGORY, PROP_ZONE, PROP_COMPACT, PROP_COUNT, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_TYPE (FyrBadge, fyr_badge, GTK_TYPE_WIDGET)

static const FyrAlertCategory zone_colours[] = {
  [FYR_ZONE_UNSET] = FYR_ALERT_CATEGORY_UNSET,
  [FYR_ZONE_GREEN] = FYR_ALERT_CATEGORY_GREEN,
  [FYR_ZONE_YELLOW] = FYR_ALERT_CATEGORY_YELLOW,
  [FYR_ZONE_RED] = FYR_ALERT_CATEGORY_RED,
};

static const Look *
look_of_category (FyrAlertCategory category)
{
  return &looks[(guint)category < G_N_ELEMENTS (looks) ? category : FYR_ALERT_CATEGORY_UNSET];
}

static const Look *
look_of_zone (FyrZone zone)
{
  return &looks[(guint)zone < G_N_ELEMENTS (zone_colours) ? zone_colours[zone] : FYR_ALERT_CATEGORY_UNSET];
}

const char *
fyr_category_get_word (FyrAlertCategory category)
{
  return _ (look_of_category (category)->category_word);
}

const char *
fyr_zone_get_word (FyrZone zone)
{
  return _ (look_of_zone (zone)->zone_word);
}

const char *
fyr_category_get_style (FyrAlertCategory category)
{
  return look_of_category (category)->style;
}

static const Look *
current_look (FyrBadge *self)
{
  return self->is_zone ? look_of_zone (self->zone) : look_of_category (self->category);
}

/* The shape itself: a small widget that only draws, in the colour CSS gives it. */
#define FYR_TYPE_BADGE_SHAPE (fyr_badge_shape_get_type ())
G_DECLARE_FINAL_TYPE (FyrBadgeShape, fyr_badge_shape, FYR, BADGE_SHAPE, GtkWidget)

struct _FyrBadgeShape {
  GtkWidget parent_instance;
  int corners;
};

G_DEFINE_TYPE (FyrBadgeShape, fyr_badge_shape, GTK_TYPE_WIDGET)

static void
trace_shape (cairo_t *cr, double x, double y, double radius, int corners)
{
  int n = ABS (corners);
  double turn = corners < 0 ? -G_PI / 2 : -G_PI / 2 + G_PI / MAX (n, 1);

  if (n == 0) {
    cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
    return;
  }
  if (corners == -3)
    y += radius * 0.18;
  for (int i = 0; i < n; i++) {
    double angle = turn + i * 2 * G_PI / n;

    cairo_line_to (cr, x + radius * cos (angle), y + radius * sin (angle));
  }
  cairo_close_path (cr);
}

static void
fyr_badge_shape_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FyrBadgeShape *self = FYR_BADGE_SHAPE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double radius = MIN (width, height) / 2.0 - 0.5;
  GdkRGBA color;
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->corners == 4)
    radius *= 1.2;
  trace_shape (cr, width / 2.0, height / 2.0, radius, self->corners);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_fill_preserve (cr);
  /* An outline in the colour of the text keeps 3:1 against a light and a dark ground alike. */
  gtk_style_context_get_color (gtk_widget_get_style_context (gtk_widget_get_parent (widget)), &color);
  color.alpha *= 0.6f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
fyr_badge_shape_class_init (FyrBadgeShapeClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = fyr_badge_shape_snapshot;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "shape");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
fyr_badge_shape_init (FyrBadgeShape *self)
{
}

static void
update (FyrBadge *self)
{
  const Look *look = current_look (self);
  const char *word = _ (self->is_zone ? look->zone_word : look->category_word);
  g_autofree char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), looks[i].style);
  gtk_widget_add_css_class (GTK_WIDGET (self), look->style);
  FYR_BADGE_SHAPE (self->shape)->corners = look->corners;
  gtk_widget_queue_draw (self->shape);
  if (self->count > 0)
    name = g_strdup_printf ("%u", self->count);
  gtk_label_set_label (GTK_LABEL (self->letter),
                       name ? name : g_dpgettext2 (GETTEXT_PACKAGE, "letter", look->letter));
  gtk_label_set_label (GTK_LABEL (self->word), word);
  gtk_widget_set_visible (self->word, !self->compact);
  gtk_widget_set_visible (GTK_WIDGET (self), self->is_zone || self->category != FYR_ALERT_CATEGORY_UNSET);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->compact ? word : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
}

void
fyr_badge_set_category (FyrBadge *self, FyrAlertCategory category)
{
  g_return_if_fail (FYR_IS_BADGE (self));
  if (self->category == category && !self->is_zone)
    return;
  self->category = category;
  self->is_zone = FALSE;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CATEGORY]);
}

void
fyr_badge_set_zone (FyrBadge *self, FyrZone zone)
{
  g_return_if_fail (FYR_IS_BADGE (self));
  if (self->zone == zone && self->is_zone)
    return;
  self->zone = zone;
  self->is_zone = TRUE;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZONE]);
}

void
fyr_badge_set_compact (FyrBadge *self, gboolean compact)
{
  g_return_if_fail (FYR_IS_BADGE (self));
  if (self->compact == !!compact)
    return;
  self->compact = !!compact;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

void
fyr_badge_set_count (FyrBadge *self, guint count)
{
  g_return_if_fail (FYR_IS_BADGE (self));
  if (self->count == count)
    return;
  self->count = count;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

static void
fyr_badge_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrBadge *self = FYR_BADGE (object);

  switch (prop_id) {
  case PROP_CATEGORY:
    g_value_set_uint (value, self->category);
    break;
  case PROP_ZONE:
    g_value_set_uint (value, self->zone);
    break;
  case PROP_COMPACT:
    g_value_set_boolean (value, self->compact);
    break;
  case PROP_COUNT:
    g_value_set_uint (value, self->count);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_badge_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  FyrBadge *self = FYR_BADGE (object);

  switch (prop_id) {
  case PROP_CATEGORY:
    fyr_badge_set_category (self, g_value_get_uint (value));
    break;
  case PROP_ZONE:
    fyr_badge_set_zone (self, g_value_get_uint (value));
    break;
  case PROP_COMPACT:
    fyr_badge_set_compact (self, g_value_get_boolean (value));
    break;
  case PROP_COUNT:
    fyr_badge_set_count (self, g_value_get_uint (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_badge_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_badge_parent_class)->dispose (object);
}

static void
fyr_badge_class_init (FyrBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = fyr_badge_dispose;
  object_class->get_property = fyr_badge_get_property;
  object_class->set_property = fyr_badge_set_property;
  properties[PROP_CATEGORY] =
      g_param_spec_uint ("category", NULL, NULL, 0, FYR_ALERT_CATEGORY_LAST, 0, flags);
  properties[PROP_ZONE] = g_param_spec_uint ("zone", NULL, NULL, 0, FYR_ZONE_LAST, 0, flags);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "badge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
fyr_badge_init (FyrBadge *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->shape = g_object_new (FYR_TYPE_BADGE_SHAPE, NULL);
  self->letter = gtk_label_new (NULL);
  self->word = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->letter, "letter");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->shape);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->letter);
  gtk_widget_set_valign (overlay, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->word, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (self->letter, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->letter, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));
  gtk_widget_set_parent (self->word, GTK_WIDGET (self));
  update (self);
}

GtkWidget *
fyr_badge_new (void)
{
  return g_object_new (FYR_TYPE_BADGE, NULL);
}
