/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-centre-window.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-calendar.h"
#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-mutation.h"
#include "fyr-store.h"
#include "fyr-text-fold.h"

#define N_DAYS 7

struct _FyrCentreWindow {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrCentre *centre; /* as it was */
  FyrFormField *day_fields[N_DAYS];

  FyrFormField *name_field;
  FyrFormField *telephone_field;
  FyrFormField *closed_field;
  FyrFormField *red_field;
  GtkEditable *name;
  GtkEditable *telephone;
  GtkEditable *closed;
  GtkEditable *red;
  GtkBox *hours;
};

G_DEFINE_FINAL_TYPE (FyrCentreWindow, fyr_centre_window, ADW_TYPE_WINDOW)

/* "8", "08:00", "15.30" as minutes after midnight, or -1. */
static int
minutes_from_text (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_auto (GStrv) parts = g_strsplit_set (trimmed, ":.", 2);
  guint64 hours = 0, minutes = 0;

  if (!parts[0] || !g_ascii_string_to_unsigned (parts[0], 10, 0, 24, &hours, NULL))
    return -1;
  if (parts[1] && !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &minutes, NULL))
    return -1;
  return hours * 60 + minutes <= 1440 ? (int)(hours * 60 + minutes) : -1;
}

gboolean
fyr_opening_day_from_text (const char *text, int *opens, int *closes)
{
  g_autofree char *plain = g_strstrip (g_strdup (text));
  g_auto (GStrv) ends = NULL;
  GString *dashes;

  *opens = *closes = 0;
  if (!*plain)
    return TRUE;
  dashes = g_string_new (plain);
  g_string_replace (dashes, "–", "-", 0);
  ends = g_strsplit (dashes->str, "-", 3);
  g_string_free (dashes, TRUE);
  if (g_strv_length (ends) != 2)
    return FALSE;
  *opens = minutes_from_text (ends[0]);
  *closes = minutes_from_text (ends[1]);
  return *opens >= 0 && *closes > *opens;
}

char *
fyr_closed_days_from_text (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ",;", -1);
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; parts[i]; i++) {
    const char *part = g_strstrip (parts[i]);
    g_autofree char *date = *part ? fyr_parse_date (part) : NULL;

    if (*part && !date)
      return NULL;
    if (date)
      json_array_add_string_element (array, date);
  }
  json_node_set_array (node, array);
  return json_to_string (node, FALSE);
}

static const char *
text_of (GtkEditable *editable)
{
  const char *text = gtk_editable_get_text (editable);

  return *text ? text : NULL;
}

static gboolean
mark (FyrFormField *field, gboolean good, const char *message)
{
  fyr_form_field_set_message (field, good ? NULL : message);
  if (!good)
    gtk_widget_grab_focus (GTK_WIDGET (field));
  return good;
}

static gboolean
check_days (FyrCentreWindow *self, FyrOpeningHours *hours)
{
  gboolean good = TRUE;

  for (int i = N_DAYS - 1; i >= 0; i--) {
    GtkEditable *entry = GTK_EDITABLE (fyr_form_field_get_child (self->day_fields[i]));
    int opens, closes;

    good &=
        mark (self->day_fields[i], fyr_opening_day_from_text (gtk_editable_get_text (entry), &opens, &closes),
              _ ("Write it as 08:00-15:30, or nothing when closed."));
    hours->weekday[i].open_minute = opens;
    hours->weekday[i].close_minute = closes;
  }
  return good;
}

static gboolean
check (FyrCentreWindow *self, FyrCentre *centre)
{
  g_auto (FyrOpeningHours) hours = { 0 };
  g_autofree char *number = fyr_telephone_normalize (text_of (self->telephone));
  g_autofree char *closed = fyr_closed_days_from_text (gtk_editable_get_text (self->closed));
  g_autofree char *opening = NULL;
  guint64 red = 0;
  gboolean good;

  good =
      mark (self->red_field,
            !text_of (self->red) || g_ascii_string_to_unsigned (text_of (self->red), 10, 1, 1440, &red, NULL),
            _ ("A whole number of minutes from 1 to 1440."));
  good &= mark (self->closed_field, closed != NULL, _ ("One of these is no date. Write them as 24.12.2026."));
  good &= check_days (self, &hours);
  good &= mark (self->telephone_field, !text_of (self->telephone) || number,
                _ ("Not a telephone number. Eight digits, or + and a country code."));
  good &= mark (self->name_field, text_of (self->name) != NULL, _ ("Type what the users call the centre."));
  if (!good)
    return FALSE;
  opening = fyr_opening_hours_format (&hours);
  fyr_centre_set_name (centre, text_of (self->name));
  fyr_centre_set_telephone (centre, number);
  fyr_centre_set_opening_hours (centre, opening);
  fyr_centre_set_closed_days (centre, closed);
  if (red > 0)
    fyr_centre_set_red_minutes (centre, (gint64)red);
  else
    fyr_record_clear (FYR_RECORD (centre), FYR_CENTRE_RED_MINUTES);
  return TRUE;
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrCentreWindow *self = FYR_CENTRE_WINDOW (widget);
  g_autoptr (FyrRecord) changed = fyr_record_copy (FYR_RECORD (self->centre));
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  FyrMutation *mutation;

  if (!check (self, (FyrCentre *)changed))
    return;
  mutation = fyr_mutation_new_update (FYR_RECORD (self->centre), changed,
                                      fyr_app_context_get_user_id (self->context));
  if (mutation)
    g_ptr_array_add (mutations, mutation);
  fyr_form_window_save (GTK_WINDOW (self), self->context, mutations, _ ("Centre saved"));
}

static void
make_days (FyrCentreWindow *self)
{
  const char *names[N_DAYS] = { _ ("Monday"), _ ("Tuesday"),  _ ("Wednesday"), _ ("Thursday"),
                                _ ("Friday"), _ ("Saturday"), _ ("Sunday") };

  for (guint i = 0; i < N_DAYS; i++) {
    GtkWidget *field = fyr_form_field_new (names[i], gtk_entry_new ());

    self->day_fields[i] = FYR_FORM_FIELD (field);
    gtk_box_append (self->hours, field);
  }
}

static void
fill_days (FyrCentreWindow *self)
{
  g_auto (FyrOpeningHours) hours = { 0 };
  GString *closed = g_string_new (NULL);

  fyr_opening_hours_parse (fyr_centre_get_opening_hours (self->centre),
                           fyr_centre_get_closed_days (self->centre), &hours);
  for (guint i = 0; i < N_DAYS; i++) {
    FyrOpeningDay day = hours.weekday[i];
    g_autofree char *text = NULL;

    if (day.close_minute > day.open_minute)
      text = g_strdup_printf ("%02d:%02d-%02d:%02d", day.open_minute / 60, day.open_minute % 60,
                              day.close_minute / 60, day.close_minute % 60);
    gtk_editable_set_text (GTK_EDITABLE (fyr_form_field_get_child (self->day_fields[i])), text ? text : "");
  }
  for (gsize i = 0; i < hours.n_closed_days; i++) {
    int year, month, mday;

    fyr_civil_date (hours.closed_days[i], &year, &month, &mday);
    g_string_append_printf (closed, "%s%02d.%02d.%04d", i ? ", " : "", mday, month, year);
  }
  gtk_editable_set_text (self->closed, closed->str);
  g_string_free (closed, TRUE);
}

static void
fill (FyrCentreWindow *self)
{
  g_autofree char *telephone = fyr_telephone_format (fyr_centre_get_telephone (self->centre));
  g_autofree char *red = NULL;

  if (fyr_centre_has_red_minutes (self->centre))
    red = g_strdup_printf ("%" G_GINT64_FORMAT, fyr_centre_get_red_minutes (self->centre));
  gtk_editable_set_text (self->name, fyr_centre_get_name (self->centre));
  gtk_editable_set_text (self->telephone, telephone ? telephone : "");
  gtk_editable_set_text (self->red, red ? red : "");
  gtk_window_set_title (GTK_WINDOW (self), fyr_centre_get_name (self->centre));
  fill_days (self);
}

static void
fyr_centre_window_dispose (GObject *object)
{
  FyrCentreWindow *self = FYR_CENTRE_WINDOW (object);

  g_clear_object (&self->centre);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_centre_window_parent_class)->dispose (object);
}

static void
fyr_centre_window_class_init (FyrCentreWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_centre_window_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/administration/fyr-centre-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, name_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, telephone_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, closed_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, red_field);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, name);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, telephone);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, closed);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, red);
  gtk_widget_class_bind_template_child (widget_class, FyrCentreWindow, hours);
  gtk_widget_class_install_action (widget_class, "centre.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "centre.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "centre.save", NULL);
}

static void
fyr_centre_window_init (FyrCentreWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_days (self);
}

GtkWidget *
fyr_centre_window_new (GtkWindow *parent, FyrAppContext *context, FyrCentre *centre)
{
  FyrCentreWindow *self = g_object_new (FYR_TYPE_CENTRE_WINDOW, "transient-for", parent, "modal", TRUE, NULL);

  self->context = g_object_ref (context);
  self->centre = g_object_ref (centre);
  fill (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->name));
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  return GTK_WIDGET (self);
}
