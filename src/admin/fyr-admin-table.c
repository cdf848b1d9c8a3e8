/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-table.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "fyr-oslo-time.h"

typedef struct {
  char *shown; /* (nullable) */
  gboolean is_number;
  gint64 number;
} Cell;

struct _FyrAdminTable {
  GPtrArray *columns;
  GArray *cells;
};

static void
clear_cell (gpointer data)
{
  g_free (((Cell *)data)->shown);
}

FyrAdminTable *
fyr_admin_table_new (const char *first, ...)
{
  FyrAdminTable *self = g_new0 (FyrAdminTable, 1);
  va_list arguments;

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  g_array_set_clear_func (self->cells, clear_cell);
  va_start (arguments, first);
  for (const char *name = first; name != NULL; name = va_arg (arguments, const char *)) {
    g_ptr_array_add (self->columns, g_strdup (name));
  }
  va_end (arguments);
  return self;
}

void
fyr_admin_table_free (FyrAdminTable *self)
{
  if (self == NULL) {
    return;
  }
  g_ptr_array_unref (self->columns);
  g_array_unref (self->cells);
  g_free (self);
}

static void
add (FyrAdminTable *self, char *shown, gboolean is_number, gint64 number)
{
  Cell cell = { shown, is_number, number };

  g_array_append_val (self->cells, cell);
}

void
fyr_admin_table_text (FyrAdminTable *self, const char *text)
{
  add (self, g_strdup (text), FALSE, 0);
}

void
fyr_admin_table_int (FyrAdminTable *self, gint64 value)
{
  add (self, g_strdup_printf ("%" G_GINT64_FORMAT, value), TRUE, value);
}

void
fyr_admin_table_time (FyrAdminTable *self, gint64 time)
{
  FyrCivilTime civil;

  if (time == 0) {
    add (self, NULL, FALSE, 0);
    return;
  }
  fyr_oslo_to_civil (time, &civil);
  add (self,
       g_strdup_printf ("%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.mday, civil.minute / 60,
                        civil.minute % 60),
       TRUE, time);
}

static guint
n_rows (FyrAdminTable *self)
{
  return self->cells->len / self->columns->len;
}

static const Cell *
cell_at (FyrAdminTable *self, guint row, guint column)
{
  return &g_array_index (self->cells, Cell, row * self->columns->len + column);
}

static glong
width_of (const char *text)
{
  return text != NULL ? g_utf8_strlen (text, -1) : 0;
}

static void
print_cell (const char *text, glong width, gboolean right, gboolean last)
{
  int fill = (int)(width - width_of (text));

  if (right) {
    g_print ("%*s%s%s", fill, "", text != NULL ? text : "", last ? "\n" : "  ");
  } else if (last) {
    g_print ("%s\n", text != NULL ? text : "");
  } else {
    g_print ("%s%*s  ", text != NULL ? text : "", fill, "");
  }
}

static void
print_table (FyrAdminTable *self)
{
  guint n = self->columns->len;
  g_autofree glong *widths = g_new0 (glong, n);

  for (guint column = 0; column < n; column++) {
    widths[column] = width_of (g_ptr_array_index (self->columns, column));
    for (guint row = 0; row < n_rows (self); row++) {
      widths[column] = MAX (widths[column], width_of (cell_at (self, row, column)->shown));
    }
  }
  for (guint column = 0; column < n; column++) {
    print_cell (g_ptr_array_index (self->columns, column), widths[column], FALSE, column + 1 == n);
  }
  for (guint row = 0; row < n_rows (self); row++) {
    for (guint column = 0; column < n; column++) {
      const Cell *cell = cell_at (self, row, column);

      print_cell (cell->shown, widths[column], cell->is_number, column + 1 == n);
    }
  }
}

static void
print_json (FyrAdminTable *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *rows = json_array_new ();
  g_autofree char *text = NULL;

  json_node_take_array (root, rows);
  for (guint row = 0; row < n_rows (self); row++) {
    JsonObject *object = json_object_new ();

    for (guint column = 0; column < self->columns->len; column++) {
      const char *name = g_ptr_array_index (self->columns, column);
      const Cell *cell = cell_at (self, row, column);

      if (cell->is_number) {
        json_object_set_int_member (object, name, cell->number);
      } else if (cell->shown != NULL) {
        json_object_set_string_member (object, name, cell->shown);
      } else {
        json_object_set_null_member (object, name);
      }
    }
    json_array_add_object_element (rows, object);
  }
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

void
fyr_admin_table_print (FyrAdminTable *self, gboolean json)
{
  if (json) {
    print_json (self);
  } else {
    print_table (self);
  }
}

/* A cell that begins so would be taken for a formula by a spreadsheet. */
static gboolean
looks_like_formula (const char *text)
{
  return strchr ("=+-@", *text) != NULL && *text != '\0';
}

static void
print_csv_cell (const Cell *cell, gboolean last)
{
  const char *text = cell->shown != NULL ? cell->shown : "";
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_print ("\"%s%s\"%s", !cell->is_number && looks_like_formula (text) ? "'" : "", doubled,
           last ? "\r\n" : ",");
}

void
fyr_admin_table_print_csv (FyrAdminTable *self)
{
  guint n = self->columns->len;

  for (guint column = 0; column < n; column++) {
    g_print ("%s%s", (const char *)g_ptr_array_index (self->columns, column), column + 1 == n ? "\r\n" : ",");
  }
  for (guint row = 0; row < n_rows (self); row++) {
    for (guint column = 0; column < n; column++) {
      print_csv_cell (cell_at (self, row, column), column + 1 == n);
    }
  }
}
