/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-figures-place.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-badge.h"
#include "fyr-centre-figures.h"
#include "fyr-children.h"
#include "fyr-emergency-place.h"
#include "fyr-format.h"
#include "fyr-sync-engine.h"
#include "fyr-toast.h"

#define FIGURES_PATH "/figures/v1/centre"

struct _FyrFiguresPlace {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrSyncEngine *engine;
  GCancellable *cancellable;
  FyrFigures *figures;
  GList *rows; /* what was filled in, to be taken out */

  GtkStack *stack;
  GtkLabel *span;
  GtkLabel *freshness;
  AdwPreferencesGroup *patients;
  AdwPreferencesGroup *alerts;
  AdwPreferencesGroup *measurements;
};

enum { PROP_0, PROP_ATTENTION, PROP_URGENT, N_PROPS };

static void
fyr_figures_place_iface (FyrPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrFiguresPlace,
                               fyr_figures_place,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_PLACE, fyr_figures_place_iface))

static void
fyr_figures_place_iface (FyrPlaceInterface *iface)
{
}

static GFile *
cache_file (FyrFiguresPlace *self)
{
  const char *folder = fyr_app_context_get_data_dir (self->context);

  return folder ? g_file_new_build_filename (folder, "figures.json", NULL) : NULL;
}

static void
add_row (FyrFiguresPlace *self,
         AdwPreferencesGroup *group,
         const char *title,
         const char *subtitle,
         gint64 number,
         FyrAlertCategory category)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  GtkWidget *label = gtk_label_new (text);

  if (category != FYR_ALERT_CATEGORY_UNSET) {
    GtkWidget *badge = fyr_badge_new ();

    fyr_badge_set_compact (FYR_BADGE (badge), TRUE);
    fyr_badge_set_category (FYR_BADGE (badge), category);
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), badge);
  }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "title-4");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (group, row);
  g_object_set_data (G_OBJECT (row), "group", group);
  self->rows = g_list_prepend (self->rows, row);
}

static void
clear_rows (FyrFiguresPlace *self)
{
  for (GList *row = self->rows; row; row = row->next)
    adw_preferences_group_remove (g_object_get_data (row->data, "group"), row->data);
  g_clear_pointer (&self->rows, g_list_free);
}

static void
show (FyrFiguresPlace *self)
{
  FyrFigures *figures = self->figures;
  g_autofree char *from = fyr_format_date (figures->from);
  g_autofree char *to = fyr_format_date (figures->to);
  g_autofree char *span = g_strdup_printf (_ ("From %1$s to %2$s"), from, to);

  clear_rows (self);
  gtk_label_set_label (self->span, span);
  for (guint i = 1; i <= FYR_PATIENT_STATUS_LAST; i++)
    add_row (self, self->patients, fyr_figures_word_status (i), NULL, figures->patients[i], 0);
  for (guint i = 0; i < figures->lines->len; i++) {
    FyrFigureLine *line = &g_array_index (figures->lines, FyrFigureLine, i);
    g_autofree char *words = fyr_figures_word_line (line);

    add_row (self, self->alerts, fyr_category_get_word (line->category), words, line->raised, line->category);
  }
  add_row (self, self->measurements, _ ("Measurements received"), NULL, figures->measurements, 0);
  gtk_stack_set_visible_child_name (self->stack, "figures");
}

static void
show_freshness (FyrFiguresPlace *self, gboolean fresh)
{
  g_autofree char *when = NULL, *words = NULL;

  if (!self->figures || !self->figures->fetched)
    return;
  when = fyr_format_when (self->figures->fetched, fyr_now ());
  words = g_strdup_printf (fresh ? _ ("Fetched %s") : _ ("No contact with the server now. Fetched %s"), when);
  gtk_label_set_label (self->freshness, words);
}

static void
take (FyrFiguresPlace *self, const char *text, gsize length, gint64 fetched)
{
  FyrFigures *figures = fyr_figures_parse (text, length, NULL);

  if (!figures)
    return;
  g_clear_pointer (&self->figures, fyr_figures_free);
  self->figures = figures;
  if (fetched)
    figures->fetched = fetched;
  show (self);
}

static void
on_cached (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrFiguresPlace) self = user_data;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, NULL)) {
    if (!self->figures && self->context)
      gtk_stack_set_visible_child_name (self->stack, "none");
    return;
  }
  if (!self->figures && self->context)
    take (self, text, length, 0);
  show_freshness (self, FALSE);
}

/* The time of fetching is kept in the file itself: counts only, so nothing of it is about a person. */
static void
save_cache (FyrFiguresPlace *self, const char *text, gsize length)
{
  g_autoptr (GFile) file = cache_file (self);
  g_autoptr (GBytes) bytes = NULL;
  const char *brace = memchr (text, '{', length);
  char *copy;

  if (!file || !brace)
    return;
  copy = g_strdup_printf ("{\"fetched\": %" G_GINT64_FORMAT ", %.*s", self->figures->fetched,
                          (int)(length - (gsize)(brace + 1 - text)), brace + 1);
  bytes = g_bytes_new_take (copy, strlen (copy));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL, NULL);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrFiguresPlace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fyr_sync_engine_fetch_finish (FYR_SYNC_ENGINE (source), result, &error);
  g_autoptr (GFile) file = NULL;
  const char *text;
  gsize length;

  if (!self->context)
    return;
  if (bytes) {
    text = g_bytes_get_data (bytes, &length);
    take (self, text, length, fyr_now ());
    show_freshness (self, TRUE);
    if (self->figures)
      save_cache (self, text, length);
    return;
  }
  show_freshness (self, FALSE);
  file = self->figures ? NULL : cache_file (self);
  if (file)
    g_file_load_contents_async (file, NULL, on_cached, g_object_ref (self));
}

static void
fetch (FyrFiguresPlace *self)
{
  fyr_sync_engine_fetch_async (self->engine, FIGURES_PATH, self->cancellable, on_fetched,
                               g_object_ref (self));
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fetch (FYR_FIGURES_PLACE (widget));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrFiguresPlace *self = FYR_FIGURES_PLACE (widget);
  g_autofree char *text = NULL;

  if (!self->figures)
    return;
  text = fyr_figures_to_text (self->figures);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  fyr_toast_show (widget, _ ("Copied. Paste it into a spreadsheet."));
}

static void
on_online (FyrFiguresPlace *self)
{
  if (fyr_sync_engine_is_online (self->engine))
    fetch (self);
}

static void
fyr_figures_place_dispose (GObject *object)
{
  FyrFiguresPlace *self = FYR_FIGURES_PLACE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->rows, g_list_free);
  g_clear_pointer (&self->figures, fyr_figures_free);
  g_clear_object (&self->engine);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_figures_place_parent_class)->dispose (object);
}

static void
fyr_figures_place_finalize (GObject *object)
{
  g_object_unref (FYR_FIGURES_PLACE (object)->cancellable);
  G_OBJECT_CLASS (fyr_figures_place_parent_class)->finalize (object);
}

static void
fyr_figures_place_class_init (FyrFiguresPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fyr_figures_place_dispose;
  object_class->finalize = fyr_figures_place_finalize;
  object_class->get_property = fyr_place_get_quiet_property;
  fyr_place_install_properties (object_class, PROP_ATTENTION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/figures/fyr-figures-place.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, span);
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, freshness);
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, patients);
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, alerts);
  gtk_widget_class_bind_template_child (widget_class, FyrFiguresPlace, measurements);
  gtk_widget_class_install_action (widget_class, "figures.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "figures.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "figures.refresh", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
fyr_figures_place_init (FyrFiguresPlace *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

GtkWidget *
fyr_figures_place_new (FyrAppContext *context)
{
  FyrFiguresPlace *self = g_object_new (FYR_TYPE_FIGURES_PLACE, NULL);
  FyrSyncEngine *engine = fyr_app_context_get_engine (context);

  self->context = g_object_ref (context);
  gtk_widget_insert_before (fyr_emergency_notice_new (context), GTK_WIDGET (self), GTK_WIDGET (self->stack));
  if (engine) {
    self->engine = g_object_ref (engine);
    g_signal_connect_object (engine, "notify::online", G_CALLBACK (on_online), self, G_CONNECT_SWAPPED);
    fetch (self);
  }
  return GTK_WIDGET (self);
}
