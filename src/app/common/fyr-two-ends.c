/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-two-ends.h"

#include "fyr-children.h"

#define COLUMN_SPACING 12
#define ROW_SPACING 6

struct _FyrTwoEnds {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (FyrTwoEnds, fyr_two_ends, GTK_TYPE_WIDGET)

static int
get_natural_width (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static gboolean
is_one_line (GtkWidget *self, int width)
{
  GtkWidget *first = gtk_widget_get_first_child (self), *last = gtk_widget_get_last_child (self);

  return width < 0 || first == last ||
         get_natural_width (first) + COLUMN_SPACING + get_natural_width (last) <= width;
}

static void
measure_width (GtkWidget *self, int *minimum, int *natural)
{
  int gap = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int least;

    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    *minimum = MAX (*minimum, least);
    *natural += gap + get_natural_width (child);
    gap = COLUMN_SPACING;
  }
}

static void
measure_height (GtkWidget *self, int width, int *minimum, int *natural)
{
  gboolean one_line = is_one_line (self, width);
  int gap = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int least, usual;

    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, &least, &usual, NULL, NULL);
    *minimum = one_line ? MAX (*minimum, least) : *minimum + gap + least;
    *natural = one_line ? MAX (*natural, usual) : *natural + gap + usual;
    gap = ROW_SPACING;
  }
}

static void
fyr_two_ends_measure (GtkWidget *self,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    measure_width (self, minimum, natural);
  } else {
    measure_height (self, for_size, minimum, natural);
  }
}

static void
fyr_two_ends_allocate (GtkWidget *self, int width, int height, int baseline)
{
  gboolean one_line = is_one_line (self, width);
  gboolean mirrored = gtk_widget_get_direction (self) == GTK_TEXT_DIR_RTL;
  int y = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    gboolean at_start = child == gtk_widget_get_first_child (self);
    int tall, wide = MIN (get_natural_width (child), width);

    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, NULL, &tall, NULL, NULL);
    gtk_widget_size_allocate (
        child, &(GtkAllocation){ at_start != mirrored ? 0 : width - wide, y, wide, one_line ? height : tall },
        -1);
    y += one_line ? 0 : tall + ROW_SPACING;
  }
}

static GtkSizeRequestMode
fyr_two_ends_get_request_mode (GtkWidget *self)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
fyr_two_ends_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_two_ends_parent_class)->dispose (object);
}

static void
fyr_two_ends_class_init (FyrTwoEndsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_two_ends_dispose;
  widget_class->measure = fyr_two_ends_measure;
  widget_class->size_allocate = fyr_two_ends_allocate;
  widget_class->get_request_mode = fyr_two_ends_get_request_mode;
}

static void
fyr_two_ends_init (FyrTwoEnds *self)
{
}
