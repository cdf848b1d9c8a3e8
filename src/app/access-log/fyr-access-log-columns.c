/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-log-columns.h"

#include <glib/gi18n-lib.h>

#include "fyr-app-context.h"
#include "fyr-format.h"

/* The text of a cell: (transfer full). */
typedef char *(*CellText) (FyrAuditEvent *event);

typedef struct {
  const char *title;
  CellText text;
  gboolean expand;
  gboolean by_time;
} ColumnSpec;

static const char *const resource_words[] = {
  "",
  N_ ("Alert list"),
  N_ ("An alert"),
  N_ ("Patient list"),
  N_ ("Patient's page"),
  N_ ("Patient form"),
  N_ ("Trend"),
  N_ ("List of changes"),
  N_ ("Changes in conflict"),
  N_ ("Operator's list"),
};
static const char *const channel_words[] = { "", N_ ("Screen"), N_ ("Print"), N_ ("Export"),
                                             N_ ("Interface") };
static const char *const purpose_words[] = { "", N_ ("Treatment"), N_ ("Administration"),
                                             N_ ("Emergency access"), N_ ("Request by the patient") };
G_STATIC_ASSERT (G_N_ELEMENTS (resource_words) == FYR_AUDIT_RESOURCE_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (channel_words) == FYR_AUDIT_CHANNEL_LAST + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (purpose_words) == FYR_AUDIT_PURPOSE_LAST + 1);

/* (transfer full): a code that a newer server knows is told as such. */
static char *
word_of (const char *const *words, guint n, guint code)
{
  if (code >= n)
    return g_strdup (_ ("Something newer"));
  return g_strdup (code != 0 ? _ (words[code]) : "");
}

static char *
time_text (FyrAuditEvent *event)
{
  return fyr_format_date_time (fyr_audit_event_get_recorded_time (event));
}

static char *
person_text (FyrAuditEvent *event)
{
  const char *name = fyr_audit_event_get_agent_name (event);

  if (name == NULL)
    return g_strdup (fyr_audit_event_get_agent_id (event) == NULL ? _ ("Operator of the server") : "–");
  return g_strdup (name);
}

static char *
role_text (FyrAuditEvent *event)
{
  FyrRole role = fyr_audit_event_get_agent_role (event);

  return g_strdup (role != FYR_ROLE_UNSET ? fyr_role_get_word (role) : "");
}

static char *
patient_text (FyrAuditEvent *event)
{
  const char *name = fyr_audit_event_get_patient_name (event);

  return g_strdup (name != NULL ? name : fyr_audit_event_get_patient_id (event));
}

static char *
resource_text (FyrAuditEvent *event)
{
  return word_of (resource_words, G_N_ELEMENTS (resource_words), fyr_audit_event_get_resource (event));
}

static char *
channel_text (FyrAuditEvent *event)
{
  return word_of (channel_words, G_N_ELEMENTS (channel_words), fyr_audit_event_get_channel (event));
}

static char *
purpose_text (FyrAuditEvent *event)
{
  return word_of (purpose_words, G_N_ELEMENTS (purpose_words), fyr_audit_event_get_purpose (event));
}

static char *
organization_text (FyrAuditEvent *event)
{
  const char *name = fyr_audit_event_get_organization_name (event);

  return g_strdup (name != NULL ? name : fyr_audit_event_get_unit_name (event));
}

static const ColumnSpec columns[] = {
  { N_ ("Time"), time_text, FALSE, TRUE },        { N_ ("Person"), person_text, TRUE, FALSE },
  { N_ ("Role"), role_text, FALSE, FALSE },       { N_ ("Patient"), patient_text, TRUE, FALSE },
  { N_ ("Shown"), resource_text, FALSE, FALSE },  { N_ ("How"), channel_text, FALSE, FALSE },
  { N_ ("Purpose"), purpose_text, FALSE, FALSE }, { N_ ("Legal entity"), organization_text, TRUE, FALSE },
};

static int
compare_times (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const ColumnSpec *spec = data;
  FyrAuditEvent *first = FYR_AUDIT_EVENT ((gpointer)a);
  FyrAuditEvent *second = FYR_AUDIT_EVENT ((gpointer)b);
  g_autofree char *first_text = NULL;
  g_autofree char *second_text = NULL;

  if (spec->by_time)
    return compare_times (fyr_audit_event_get_recorded_time (first),
                          fyr_audit_event_get_recorded_time (second));
  first_text = spec->text (first);
  second_text = spec->text (second);
  return g_utf8_collate (first_text != NULL ? first_text : "", second_text != NULL ? second_text : "");
}

static void
set_up (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const ColumnSpec *spec = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (spec->by_time)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (list_item, label);
}

static void
bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const ColumnSpec *spec = data;
  g_autofree char *text = spec->text (FYR_AUDIT_EVENT (gtk_list_item_get_item (list_item)));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), text != NULL ? text : "");
}

static GtkColumnViewColumn *
add_column (GtkColumnView *view, const ColumnSpec *spec)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, (gpointer)spec, NULL));
  GtkColumnViewColumn *column;

  g_signal_connect (factory, "setup", G_CALLBACK (set_up), (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), (gpointer)spec);
  column = gtk_column_view_column_new (_ (spec->title), factory);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_append_column (view, column);
  g_object_unref (column);
  return column;
}

void
fyr_access_log_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    GtkColumnViewColumn *column = add_column (view, &columns[i]);

    if (columns[i].by_time)
      gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
  }
}
