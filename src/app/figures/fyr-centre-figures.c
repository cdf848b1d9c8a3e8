/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-centre-figures.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-badge.h"
#include "fyr-format.h"

static gint64
member_int (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

static double
member_minutes (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : -1;
}

static JsonObject *
member_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
read_lines (FyrFigures *self, JsonObject *alerts)
{
  for (guint i = 1; alerts && i <= FYR_ALERT_CATEGORY_LAST; i++) {
    JsonObject *object = member_object (alerts, fyr_enum_to_code (&fyr_alert_category_info, i));
    FyrFigureLine line = { .category = i };

    if (!object)
      continue;
    line.raised = member_int (object, "raised");
    line.closed = member_int (object, "closed");
    line.open = member_int (object, "open");
    line.overdue = member_int (object, "overdue");
    line.minutes_to_take = member_minutes (object, "median_minutes_to_take");
    line.minutes_to_close = member_minutes (object, "median_minutes_to_close");
    g_array_append_val (self->lines, line);
  }
}

FyrFigures *
fyr_figures_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (FyrFigures) self = NULL;
  JsonObject *root, *patients, *measurements;
  JsonNode *whole = NULL;
  JsonNode *centre;

  /* An empty text is parsed without an error and has no root. */
  if (json_parser_load_from_data (parser, text, (gssize)length, NULL)) {
    whole = json_parser_get_root (parser);
  }
  if (whole == NULL || !JSON_NODE_HOLDS_OBJECT (whole)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no figures in the answer");
    return NULL;
  }
  root = json_node_get_object (whole);
  self = g_new0 (FyrFigures, 1);
  self->lines = g_array_new (FALSE, FALSE, sizeof (FyrFigureLine));
  centre = json_object_get_member (root, "centre");
  if (centre && JSON_NODE_HOLDS_VALUE (centre))
    self->centre = json_node_dup_string (centre);
  self->from = member_int (root, "from");
  self->to = member_int (root, "to");
  self->fetched = member_int (root, "fetched");
  patients = member_object (root, "patients");
  for (guint i = 1; i <= FYR_PATIENT_STATUS_LAST; i++)
    self->patients[i] = member_int (patients, fyr_enum_to_code (&fyr_patient_status_info, i));
  measurements = member_object (root, "measurements");
  self->measurements = member_int (measurements, "received");
  read_lines (self, member_object (root, "alerts"));
  return g_steal_pointer (&self);
}

void
fyr_figures_free (FyrFigures *self)
{
  if (!self)
    return;
  g_free (self->centre);
  g_array_unref (self->lines);
  g_free (self);
}

const char *
fyr_figures_word_status (FyrPatientStatus status)
{
  static const char *const words[] = {
    [FYR_PATIENT_STATUS_PLANNED] = N_ ("Planned"),     [FYR_PATIENT_STATUS_ACTIVE] = N_ ("Followed up now"),
    [FYR_PATIENT_STATUS_ONHOLD] = N_ ("Paused"),       [FYR_PATIENT_STATUS_FINISHED] = N_ ("Finished"),
    [FYR_PATIENT_STATUS_CANCELLED] = N_ ("Cancelled"),
  };
  const char *word = (guint)status < G_N_ELEMENTS (words) ? words[status] : NULL;

  return word ? _ (word) : "";
}

static char *
duration (double minutes)
{
  return fyr_format_duration ((gint64)(minutes * 60000));
}

/* Half of the alerts took no longer: the median in plain words. */
char *
fyr_figures_word_line (const FyrFigureLine *line)
{
  GString *text = g_string_new (NULL);
  g_autofree char *take = duration (line->minutes_to_take);
  g_autofree char *close = duration (line->minutes_to_close);

  g_string_append_printf (text, _ ("%1$d raised, %2$d closed, %3$d open, %4$d overdue."), (int)line->raised,
                          (int)line->closed, (int)line->open, (int)line->overdue);
  if (line->minutes_to_take >= 0)
    g_string_append_printf (text, _ (" Half were taken within %s."), take);
  if (line->minutes_to_close >= 0)
    g_string_append_printf (text, _ (" Half were closed within %s."), close);
  return g_string_free (text, FALSE);
}

static void
append_number (GString *text, double value)
{
  g_autofree char *number = value < 0 ? g_strdup ("") : fyr_format_number (value, 1);

  g_string_append_printf (text, "\t%s", number);
}

char *
fyr_figures_to_text (FyrFigures *self)
{
  GString *text = g_string_new (self->centre ? self->centre : "");
  g_autofree char *from = fyr_format_date (self->from);
  g_autofree char *to = fyr_format_date (self->to);

  g_string_append_printf (text, "\t%s\t%s\n", from, to);
  for (guint i = 1; i <= FYR_PATIENT_STATUS_LAST; i++)
    g_string_append_printf (text, "%s\t%" G_GINT64_FORMAT "\n", fyr_figures_word_status (i),
                            self->patients[i]);
  g_string_append_printf (text, "%s\t%" G_GINT64_FORMAT "\n", _ ("Measurements received"),
                          self->measurements);
  g_string_append_printf (text, "\t%s\t%s\t%s\t%s\t%s\t%s\n", _ ("Raised"), _ ("Closed"), _ ("Open"),
                          _ ("Overdue"), _ ("Minutes to be taken"), _ ("Minutes to be closed"));
  for (guint i = 0; i < self->lines->len; i++) {
    FyrFigureLine *line = &g_array_index (self->lines, FyrFigureLine, i);

    g_string_append_printf (
        text, "%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT,
        fyr_category_get_word (line->category), line->raised, line->closed, line->open, line->overdue);
    append_number (text, line->minutes_to_take);
    append_number (text, line->minutes_to_close);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}
