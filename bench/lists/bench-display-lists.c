/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The alerts place and the patients place over a database of 1,000 and of 10,000 patients while 50 reports a second
 * arrive, beside GtkListView and GtkColumnView of as many strings in the same run. A frame is what the interface's
 * thread computes from one painted frame to the next: the key, all that arrived meanwhile, layout and painting. Needs a
 * display; without one it says so and prints nothing. An argument names the one case to run. */
#include <adwaita.h>
#include <malloc.h>
#include <stdio.h>
#include <time.h>

#include "bench-chart-data.h"
#include "bench-list-centre.h"
#include "fyr-alerts-place.h"
#include "fyr-application.h"
#include "fyr-patients-place.h"

#define N_SHOWN 5
#define N_FRAMES 200
#define N_COLUMNS 5
#define PAGE_ROWS 12
#define CHANGE_MS 20
#define SETTLE_MS 2500
#define FRAME_MS (1000.0 / 60)

static const guint sizes[] = { 1000, 10000 };

typedef struct {
  BenchCentre *centre;
  GtkStringList *strings;
  guint n_changes;
} World;

typedef struct {
  const char *name;
  gboolean is_peer;
  GtkWidget *(*make) (World *world);
} Case;

typedef struct {
  GtkWidget *window;
  GtkWidget *view; /* the list, once it shows something */
  gint64 shown;    /* monotonic time of the first frame with rows */
  int position;
  int stride; /* rows to the next; below 0 on the way up; 0: nothing is timed */
  guint n_frames;
  double last;
  double frames[N_FRAMES];
} Run;

typedef struct {
  double shown, step, step_p99, jump, jump_p99;
} Figures;

static double
thread_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void
set_up_cell (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
bind_cell (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkListItemFactory *
make_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), NULL);
  return factory;
}

static GtkSelectionModel *
make_selection (World *world)
{
  return GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (g_object_ref (world->strings))));
}

static GtkWidget *
in_scroller (GtkWidget *view)
{
  return g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", view, NULL);
}

static GtkWidget *
make_list_view (World *world)
{
  return in_scroller (gtk_list_view_new (make_selection (world), make_factory ()));
}

static GtkWidget *
make_column_view (World *world)
{
  GtkWidget *view = gtk_column_view_new (make_selection (world));

  for (guint i = 0; i < N_COLUMNS; i++) {
    g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new ("Column", make_factory ());

    gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
  }
  return in_scroller (view);
}

static GtkWidget *
make_alerts (World *world)
{
  return fyr_alerts_place_new (world->centre->context);
}

static GtkWidget *
make_patients (World *world)
{
  return fyr_patients_place_new (world->centre->context);
}

static const Case cases[] = {
  { "list-view", TRUE, make_list_view },
  { "column-view", TRUE, make_column_view },
  { "alerts", FALSE, make_alerts },
  { "patients", FALSE, make_patients },
};

/* The list of a place; never that of one of its drop-downs. */
static GtkWidget *
find_rows (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget))
    return NULL;
  if (GTK_IS_LIST_VIEW (widget) && gtk_widget_get_mapped (widget)) {
    GtkSelectionModel *model = gtk_list_view_get_model (GTK_LIST_VIEW (widget));

    if (model && g_list_model_get_n_items (G_LIST_MODEL (model)) > 0)
      return widget;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_rows (child);

    if (found)
      return found;
  }
  return NULL;
}

static void
take_step (Run *run)
{
  int n = (int)g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (run->view))));

  if (run->position + run->stride >= n || run->position + run->stride < 0)
    run->stride = -run->stride;
  run->position += run->stride;
  gtk_widget_activate_action (run->view, "list.select-item", "(ubb)", (guint)run->position, FALSE, FALSE);
  gtk_widget_activate_action (run->view, "list.scroll-to-item", "u", (guint)run->position);
  gtk_widget_queue_draw (run->view);
}

static void
on_painted (GdkFrameClock *clock, Run *run)
{
  double now = thread_ms ();

  if (!run->view && (run->view = find_rows (run->window)))
    run->shown = g_get_monotonic_time ();
  if (run->stride == 0)
    return;
  if (run->last > 0 && run->n_frames < N_FRAMES)
    run->frames[run->n_frames++] = now - run->last;
  run->last = now;
  take_step (run);
}

static gboolean
on_time (gpointer flag)
{
  *(gboolean *)flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
settle (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* A new window with the case in it, painted. Returns: milliseconds until then */
static double
show (Run *run, const Case *one, World *world)
{
  gint64 begin = g_get_monotonic_time ();

  run->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (run->window), 1180, 760);
  adw_window_set_content (ADW_WINDOW (run->window), one->make (world));
  gtk_widget_realize (run->window);
  g_signal_connect_after (gtk_widget_get_frame_clock (run->window), "after-paint", G_CALLBACK (on_painted),
                          run);
  gtk_window_present (GTK_WINDOW (run->window));
  while (run->shown == 0)
    g_main_context_iteration (NULL, TRUE);
  return (double)(run->shown - begin) / 1000;
}

static void
hide (Run *run)
{
  gtk_window_destroy (GTK_WINDOW (run->window));
  settle (50);
}

/* Median and 99th percentile of frames with so many rows more in each. */
static void
time_frames (Run *run, int stride, double *median, double *p99)
{
  run->n_frames = 0;
  run->last = 0;
  run->stride = stride;
  take_step (run);
  while (run->n_frames < N_FRAMES)
    g_main_context_iteration (NULL, TRUE);
  run->stride = 0;
  *median = bench_median (run->frames, N_FRAMES);
  *p99 = run->frames[N_FRAMES * 99 / 100];
}

static gboolean
change_string (gpointer data)
{
  World *world = data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (world->strings));
  g_autofree char *text = g_strdup_printf ("Changed %u", ++world->n_changes);
  const char *const texts[] = { text, NULL };

  gtk_string_list_splice (world->strings, world->n_changes * 7919 % n, 1, texts);
  return G_SOURCE_CONTINUE;
}

static Figures
measure (const Case *one, World *world)
{
  Figures figures;
  double shown[N_SHOWN];
  Run run = { 0 };
  guint source = 0;

  for (guint i = 0; i < N_SHOWN; i++) {
    Run first = { 0 };

    shown[i] = show (&first, one, world);
    hide (&first);
  }
  figures.shown = bench_median (shown, N_SHOWN);
  show (&run, one, world);
  settle (SETTLE_MS);
  if (one->is_peer)
    source = g_timeout_add (CHANGE_MS, change_string, world);
  else
    bench_centre_begin_changes (world->centre, CHANGE_MS);
  settle (200);
  time_frames (&run, 1, &figures.step, &figures.step_p99);
  time_frames (&run, PAGE_ROWS, &figures.jump, &figures.jump_p99);
  g_clear_handle_id (&source, g_source_remove);
  bench_centre_end_changes (world->centre);
  hide (&run);
  return figures;
}

static void
print (const Case *one, guint n, const Figures *figures)
{
  g_autofree char *name = g_strdup_printf ("%s, %u patients", one->name, n);
  double frame = one->is_peer ? 0 : FRAME_MS;

  bench_print ("lists", name, "shown", figures->shown, "ms", one->is_peer ? 0 : 100, !one->is_peer);
  bench_print ("lists", name, "step p50", figures->step, "ms", 0, FALSE);
  bench_print ("lists", name, "step p99", figures->step_p99, "ms", frame, !one->is_peer);
  bench_print ("lists", name, "page jump p50", figures->jump, "ms", 0, FALSE);
  /* performance.md asks nothing of a page; what it costs beside the peer is printed below. */
  bench_print ("lists", name, "page jump p99", figures->jump_p99, "ms", 0, FALSE);
}

static void
compare (const Case *one, const Figures *ours, const Figures *peer)
{
  const guint last = G_N_ELEMENTS (sizes) - 1;

  bench_print ("lists", one->name, "step p50, 10000 over 1000 patients", ours[last].step / ours[0].step, "x",
               1.5, TRUE);
  bench_print ("lists", one->name, "shown, 10000 over 1000 patients", ours[last].shown / ours[0].shown, "x",
               1.5, TRUE);
  bench_print ("lists", one->name, "step p50 over the peer", ours[last].step / peer[last].step, "x", 0,
               FALSE);
  bench_print ("lists", one->name, "page jump p50 over the peer", ours[last].jump / peer[last].jump, "x", 0,
               FALSE);
  bench_print ("lists", one->name, "shown over the peer", ours[last].shown / peer[last].shown, "x", 0, FALSE);
}

static World
make_world (guint n)
{
  World world = { .centre = bench_centre_new (n), .strings = gtk_string_list_new (NULL) };

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strdup_printf ("Row %u", i);

    gtk_string_list_append (world.strings, text);
  }
  return world;
}

int
main (int argc, char **argv)
{
  Figures figures[G_N_ELEMENTS (cases)][G_N_ELEMENTS (sizes)];

  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  /* As the app does. */
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  if (!gtk_init_check ()) {
    fprintf (stderr, "No display: lists are not timed.\n");
    return 0;
  }
  adw_init ();
  fyr_app_register_resources ();
  fyr_app_load_style (gdk_display_get_default ());
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++) {
    World world = make_world (sizes[size]);

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
      if (argc > 1 && !g_str_equal (argv[1], cases[i].name))
        continue;
      figures[i][size] = measure (&cases[i], &world);
      print (&cases[i], sizes[size], &figures[i][size]);
    }
    bench_centre_free (world.centre);
    g_object_unref (world.strings);
  }
  if (argc == 1) {
    compare (&cases[2], figures[2], figures[0]);
    compare (&cases[3], figures[3], figures[1]);
  }
  return 0;
}
