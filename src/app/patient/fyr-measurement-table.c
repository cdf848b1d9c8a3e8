/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-measurement-table.h"

#include <glib/gi18n-lib.h>

#include "fyr-badge.h"
#include "fyr-children.h"
#include "fyr-correction-form.h"
#include "fyr-format.h"
#include "fyr-keyed-list.h"
#include "fyr-measure.h"
#include "fyr-store-query.h"

#define ROWS_A_PAGE 200

struct _FyrMeasurementTable {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrPatient *patient;
  FyrKeyedList *list;
  GtkSingleSelection *selection;
  GHashTable *corrected; /* ids that a later measurement corrects */
  guint rows;
  GtkColumnView *view;
  GtkWidget *correct_button;
};

G_DEFINE_TYPE (FyrMeasurementTable, fyr_measurement_table, GTK_TYPE_WIDGET)

/* The text of a cell: (transfer full). */
typedef char *(*CellText) (FyrMeasurementTable *self, FyrMeasurement *measurement);

static char *
time_text (FyrMeasurementTable *self, FyrMeasurement *measurement)
{
  return fyr_format_when (fyr_measurement_get_effective_time (measurement), fyr_now ());
}

static char *
kind_text (FyrMeasurementTable *self, FyrMeasurement *measurement)
{
  return g_strdup (fyr_measure_get_name (fyr_measurement_get_kind (measurement)));
}

static char *
value_text (FyrMeasurementTable *self, FyrMeasurement *measurement)
{
  return fyr_measurement_get_entered_in_error (measurement) ? g_strdup (_ ("entered in error"))
                                                            : fyr_measure_format (measurement);
}

/* What a reader must know before trusting the value. */
static char *
remark_text (FyrMeasurementTable *self, FyrMeasurement *measurement)
{
  if (g_hash_table_contains (self->corrected, fyr_record_get_id (FYR_RECORD (measurement))))
    return g_strdup (_ ("corrected later"));
  if (fyr_measurement_get_corrects_id (measurement) != NULL)
    return g_strdup (_ ("correction"));
  if (fyr_measurement_get_implausible (measurement))
    return g_strdup (_ ("implausible"));
  if (fyr_measurement_get_note (measurement) != NULL)
    return g_strdup (fyr_measurement_get_note (measurement));
  return g_strdup (fyr_measurement_get_source (measurement) == FYR_MEASUREMENT_SOURCE_MANUAL ? _ ("typed in")
                                                                                             : "");
}

typedef struct {
  const char *title;
  CellText text; /* NULL: badge of what triage found */
  gboolean expand;
} ColumnSpec;

static const ColumnSpec columns[] = {
  { N_ ("Found"), NULL, FALSE },
  { N_ ("When"), time_text, FALSE },
  { N_ ("Measurement"), kind_text, FALSE },
  { N_ ("Value"), value_text, FALSE },
  { N_ ("Remark"), remark_text, TRUE },
};

static FyrMeasurementTable *
table_of (GtkListItemFactory *factory)
{
  return g_object_get_data (G_OBJECT (factory), "table");
}

static const ColumnSpec *
column_of (GtkListItemFactory *factory)
{
  return &columns[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"))];
}

static CellText
text_of (GtkListItemFactory *factory)
{
  return column_of (factory)->text;
}

static void
setup (GtkListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *child = text_of (factory) != NULL ? gtk_label_new (NULL) : fyr_badge_new ();
  if (GTK_IS_LABEL (child)) {
    gtk_label_set_xalign (GTK_LABEL (child), 0);
    gtk_widget_add_css_class (child, "numeric");
    /* A remark in a narrow table goes on below rather than out of sight. */
    gtk_label_set_wrap (GTK_LABEL (child), column_of (factory)->expand);
    gtk_label_set_wrap_mode (GTK_LABEL (child), PANGO_WRAP_WORD_CHAR);
  } else {
    fyr_badge_set_compact (FYR_BADGE (child), TRUE);
  }
  gtk_list_item_set_child (list_item, child);
}

static void
bind (GtkListItemFactory *factory, GtkListItem *list_item)
{
  FyrMeasurement *measurement = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);
  CellText text_func = text_of (factory);
  if (text_func == NULL) {
    fyr_badge_set_category (FYR_BADGE (child), fyr_measurement_get_category (measurement));
    return;
  }
  g_autofree char *text = text_func (table_of (factory), measurement);
  gtk_label_set_label (GTK_LABEL (child), text);
}

static void
add_column (FyrMeasurementTable *self, guint index)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_object_set_data (G_OBJECT (factory), "table", self);
  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (index));
  g_signal_connect (factory, "setup", G_CALLBACK (setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (_ (columns[index].title), factory);
  gtk_column_view_column_set_expand (column, columns[index].expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->view, column);
}

static void
show_rows (FyrMeasurementTable *self, GPtrArray *measurements)
{
  g_hash_table_remove_all (self->corrected);
  for (guint i = 0; i < measurements->len; i++) {
    const char *id = fyr_measurement_get_corrects_id (g_ptr_array_index (measurements, i));
    if (id != NULL)
      g_hash_table_add (self->corrected, g_strdup (id));
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "measurements.older", measurements->len >= self->rows);
  fyr_keyed_list_update (self->list, measurements);
}

static void
on_answer (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrMeasurementTable) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) measurements = fyr_store_list_measurements_finish (FYR_STORE (store), result, &error);
  if (self->context == NULL)
    return;
  if (measurements != NULL)
    show_rows (self, measurements);
  else
    g_warning ("the measurements could not be read: code %d", error->code);
}

static void
ask (FyrMeasurementTable *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  if (store != NULL && self->patient != NULL)
    fyr_store_list_measurements_async (store, fyr_record_get_id (FYR_RECORD (self->patient)),
                                       FYR_MEASUREMENT_KIND_UNSET, G_MAXINT64, self->rows, NULL, on_answer,
                                       g_object_ref (self));
}

static void
show_older (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrMeasurementTable *self = FYR_MEASUREMENT_TABLE (widget);
  self->rows += ROWS_A_PAGE;
  ask (self);
}

static void
correct (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrMeasurementTable *self = FYR_MEASUREMENT_TABLE (widget);
  FyrMeasurement *measurement = gtk_single_selection_get_selected_item (self->selection);
  if (measurement != NULL)
    gtk_window_present (GTK_WINDOW (
        fyr_correction_form_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->context, measurement)));
}

/* Only a value that no later one corrects can be corrected, and only by a nurse. */
static void
on_selected (FyrMeasurementTable *self)
{
  FyrMeasurement *measurement = gtk_single_selection_get_selected_item (self->selection);
  gboolean can = measurement != NULL && !fyr_measurement_get_entered_in_error (measurement) &&
                 !g_hash_table_contains (self->corrected, fyr_record_get_id (FYR_RECORD (measurement)));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "measurements.correct", can);
}

static void
on_activated (FyrMeasurementTable *self)
{
  if (gtk_widget_get_visible (self->correct_button))
    gtk_widget_activate_action (GTK_WIDGET (self), "measurements.correct", NULL);
}

static void
fyr_measurement_table_dispose (GObject *object)
{
  FyrMeasurementTable *self = FYR_MEASUREMENT_TABLE (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_MEASUREMENT_TABLE);
  /* Only children with a name of their own go with the template. */
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->patient);
  g_clear_object (&self->context);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (fyr_measurement_table_parent_class)->dispose (object);
}

static void
fyr_measurement_table_finalize (GObject *object)
{
  g_hash_table_unref (FYR_MEASUREMENT_TABLE (object)->corrected);
  G_OBJECT_CLASS (fyr_measurement_table_parent_class)->finalize (object);
}

static void
fyr_measurement_table_class_init (FyrMeasurementTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = fyr_measurement_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_measurement_table_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/patient/fyr-measurement-table.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrMeasurementTable, view);
  gtk_widget_class_bind_template_child (widget_class, FyrMeasurementTable, correct_button);
  gtk_widget_class_install_action (widget_class, "measurements.correct", NULL, correct);
  gtk_widget_class_install_action (widget_class, "measurements.older", NULL, show_older);
}

static void
fyr_measurement_table_init (FyrMeasurementTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = ROWS_A_PAGE;
  self->corrected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = fyr_keyed_list_new (FYR_TYPE_MEASUREMENT, fyr_record_key, NULL);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, i);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (on_activated), self);
  on_selected (self);
}

GtkWidget *
fyr_measurement_table_new (FyrAppContext *context)
{
  FyrMeasurementTable *self = g_object_new (FYR_TYPE_MEASUREMENT_TABLE, NULL);
  self->context = g_object_ref (context);
  gtk_widget_set_visible (self->correct_button, fyr_app_context_get_role (context) == FYR_ROLE_NURSE);
  return GTK_WIDGET (self);
}

void
fyr_measurement_table_show (FyrMeasurementTable *self, FyrPatient *patient)
{
  g_set_object (&self->patient, patient);
  ask (self);
}

void
fyr_measurement_table_select_time (FyrMeasurementTable *self, gint64 time)
{
  for (guint i = 0; i < fyr_keyed_list_get_size (self->list); i++) {
    if (fyr_measurement_get_effective_time (fyr_keyed_list_peek (self->list, i)) != time)
      continue;
    gtk_single_selection_set_selected (self->selection, i);
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", i);
    return;
  }
}
