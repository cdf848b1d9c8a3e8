/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-columns.h"

#include <glib/gi18n-lib.h>

#include "fyr-badge.h"
#include "fyr-format.h"
#include "fyr-identity-number.h"
#include "fyr-patient-item.h"
#include "fyr-text-fold.h"

#define CLINICAL_ROLES ((1u << FYR_ROLE_NURSE) | (1u << FYR_ROLE_GP))
#define ALL_ROLES (CLINICAL_ROLES | (1u << FYR_ROLE_CLERK))
#define CLERK_ROLE (1u << FYR_ROLE_CLERK)

/* The text of a cell: (transfer full). */
typedef char *(*CellText) (FyrPatientItem *item);

typedef struct {
  const char *title;
  CellText text; /* NULL: a badge of the zone */
  guint roles;
  gboolean expand;
  gboolean number;
} ColumnSpec;

static char *
name_text (FyrPatientItem *item)
{
  return g_strdup (fyr_patient_item_get_name (item));
}

static char *
identity_text (FyrPatientItem *item)
{
  return fyr_identity_number_format (fyr_patient_get_identity_number (fyr_patient_item_get_patient (item)));
}

static char *
age_text (FyrPatientItem *item)
{
  return fyr_format_age (fyr_patient_get_birth_date (fyr_patient_item_get_patient (item)), fyr_now ());
}

static char *
telephone_text (FyrPatientItem *item)
{
  return fyr_telephone_format (fyr_patient_get_telephone (fyr_patient_item_get_patient (item)));
}

static char *
status_text (FyrPatientItem *item)
{
  static const char *const words[] = {
    "", N_ ("Planned"), N_ ("Active"), N_ ("Paused"), N_ ("Finished"), N_ ("Cancelled")
  };
  FyrPatientStatus status = fyr_patient_get_status (fyr_patient_item_get_patient (item));
  return g_strdup (status != FYR_PATIENT_STATUS_UNSET ? _ (words[status]) : "");
}

static char *
last_report_text (FyrPatientItem *item)
{
  gint64 time = fyr_patient_item_get_last_report (item);
  return time != 0 ? fyr_format_when (time, fyr_now ()) : g_strdup (_ ("never"));
}

static char *
address_text (FyrPatientItem *item)
{
  FyrPatient *patient = fyr_patient_item_get_patient (item);
  const char *address = fyr_patient_get_address (patient);
  const char *code = fyr_patient_get_postal_code (patient), *city = fyr_patient_get_city (patient);
  if (fyr_patient_get_protected_address (patient))
    return g_strdup (_ ("Protected address"));
  return g_strdup_printf ("%s%s%s %s", address != NULL ? address : "",
                          address != NULL && code != NULL ? ", " : "", code != NULL ? code : "",
                          city != NULL ? city : "");
}

static const ColumnSpec columns[] = {
  { N_ ("Zone"), NULL, CLINICAL_ROLES, FALSE, FALSE },
  { N_ ("Name"), name_text, ALL_ROLES, TRUE, FALSE },
  { N_ ("Age"), age_text, CLINICAL_ROLES, FALSE, TRUE },
  { N_ ("Identity number"), identity_text, CLINICAL_ROLES, FALSE, TRUE },
  { N_ ("Telephone"), telephone_text, ALL_ROLES, FALSE, TRUE },
  { N_ ("Address"), address_text, CLERK_ROLE, TRUE, FALSE },
  { N_ ("Last report"), last_report_text, CLINICAL_ROLES, FALSE, FALSE },
  { N_ ("Status"), status_text, CLINICAL_ROLES, FALSE, FALSE },
};

static void
setup_text (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const ColumnSpec *spec = data;
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), spec->expand ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  if (spec->number)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (list_item, label);
}

static void
show_text (GtkListItem *list_item, CellText make_text)
{
  g_autofree char *text = make_text (gtk_list_item_get_item (list_item));
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), text != NULL ? text : "");
}

/* Zone of the patient and, beside it, the worst alert not closed with their number. */
static void
setup_zone (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *zone = fyr_badge_new (), *alerts = fyr_badge_new ();
  fyr_badge_set_compact (FYR_BADGE (zone), TRUE);
  fyr_badge_set_compact (FYR_BADGE (alerts), TRUE);
  gtk_box_append (GTK_BOX (box), zone);
  gtk_box_append (GTK_BOX (box), alerts);
  gtk_list_item_set_child (list_item, box);
}

static void
show_zone (GtkListItem *list_item)
{
  FyrPatientItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *zone = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *alerts = gtk_widget_get_next_sibling (zone);
  fyr_badge_set_zone (FYR_BADGE (zone), fyr_patient_get_zone (fyr_patient_item_get_patient (item)));
  fyr_badge_set_category (FYR_BADGE (alerts), fyr_patient_item_get_worst_category (item));
  fyr_badge_set_count (FYR_BADGE (alerts), fyr_patient_item_get_open_alerts (item));
}

static void
show_cell (FyrPatientItem *item, GParamSpec *pspec, GtkListItem *list_item)
{
  const ColumnSpec *spec = g_object_get_data (G_OBJECT (list_item), "fyr-column");
  if (spec->text != NULL)
    show_text (list_item, spec->text);
  else
    show_zone (list_item);
}

/* A cell follows its patient, so that news of one does not make the list anew under the reader's hand. */
static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  FyrPatientItem *item = gtk_list_item_get_item (list_item);
  g_object_set_data (G_OBJECT (list_item), "fyr-column", data);
  g_signal_connect (item, "notify::patient", G_CALLBACK (show_cell), list_item);
  show_cell (item, NULL, list_item);
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), show_cell, list_item);
}

static void
add_column (GtkColumnView *view, const ColumnSpec *spec)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (spec->text != NULL ? setup_text : setup_zone),
                    (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), (gpointer)spec);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), NULL);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (_ (spec->title), factory);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (view, column);
}

void
fyr_patient_columns_add (GtkColumnView *view, FyrRole role)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    if ((columns[i].roles & (1u << role)) != 0)
      add_column (view, &columns[i]);
  }
}
