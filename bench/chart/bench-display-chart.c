/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole frame of GTK with the chart being panned, beside one of a widget of the same size with nothing on it
 * but a ground that changes, so that GTK has the same area to bring to the screen. Needs a display; without one
 * it says so and prints nothing. An argument names the one case to run. */
#include <gtk/gtk.h>
#include <malloc.h>
#include <stdio.h>

#include "bench-chart-data.h"
#include "fyr-chart.h"

#define N_FRAMES 40
#define N_ROUNDS 3
#define N_WARM_UP 10

#define PEER_TYPE_EMPTY (peer_empty_get_type ())
G_DECLARE_FINAL_TYPE (PeerEmpty, peer_empty, PEER, EMPTY, GtkWidget)

struct _PeerEmpty {
  GtkWidget parent_instance;
  guint n_frames;
};

G_DEFINE_FINAL_TYPE (PeerEmpty, peer_empty, GTK_TYPE_WIDGET)

static void
peer_empty_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PeerEmpty *self = PEER_EMPTY (widget);
  const GdkRGBA color = { 1, 1, self->n_frames++ % 2 == 0 ? 1.0f : 0.9f, 1 };
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  gtk_snapshot_append_color (snapshot, &color, &bounds);
}

static void
peer_empty_class_init (PeerEmptyClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = peer_empty_snapshot;
}

static void
peer_empty_init (PeerEmpty *self)
{
}

typedef struct {
  GtkWidget *widget;
  const BenchCase *bench_case;
  double times[N_FRAMES];
  guint n_frames;
  double start;
  GMainLoop *loop;
} Run;

static void
on_before_paint (GdkFrameClock *clock, Run *run)
{
  run->start = bench_now_ms ();
}

static void
on_after_paint (GdkFrameClock *clock, Run *run)
{
  if (run->start <= 0) {
    return;
  }
  if (run->n_frames >= N_WARM_UP && run->n_frames < N_WARM_UP + N_FRAMES) {
    run->times[run->n_frames - N_WARM_UP] = bench_now_ms () - run->start;
  }
  run->n_frames++;
  if (run->n_frames == N_WARM_UP + N_FRAMES) {
    g_main_loop_quit (run->loop);
  }
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Run *run = data;
  if (FYR_IS_CHART (widget)) {
    FyrChartView view = bench_make_view (run->bench_case, 3.3 * run->n_frames);
    fyr_chart_set_view (FYR_CHART (widget), view.from, view.to);
  }
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static double
time_frames (const BenchCase *bench_case, GtkWidget *widget)
{
  Run run = { .widget = widget, .bench_case = bench_case };
  GtkWidget *window = gtk_window_new ();
  gtk_widget_set_size_request (widget, BENCH_WIDTH, BENCH_PANEL_HEIGHT * (int)bench_case->n_panels);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  run.loop = g_main_loop_new (NULL, FALSE);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gulong before = g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), &run);
  gulong after = g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_after_paint), &run);
  guint tick = gtk_widget_add_tick_callback (widget, on_tick, &run, NULL);
  g_main_loop_run (run.loop);
  gtk_widget_remove_tick_callback (widget, tick);
  g_signal_handler_disconnect (clock, before);
  g_signal_handler_disconnect (clock, after);
  gtk_window_destroy (GTK_WINDOW (window));
  g_main_loop_unref (run.loop);
  return bench_median (run.times, N_FRAMES);
}

int
main (int argc, char **argv)
{
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  /* As the app does. */
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  if (!gtk_init_check ()) {
    fprintf (stderr, "No display: whole frames are not timed.\n");
    return 0;
  }
  for (guint i = 0; i < N_BENCH_CASES; i++) {
    const BenchCase *bench_case = &bench_cases[i];
    if (argc > 1 && !g_str_equal (argv[1], bench_case->name)) {
      continue;
    }
    g_autoptr (FyrChartModel) model = bench_make_model (bench_case, TRUE);
    double empties[N_ROUNDS], charts[N_ROUNDS];
    /* In turn, so that a busy moment of the machine meets both. */
    for (guint round = 0; round < N_ROUNDS; round++) {
      empties[round] = time_frames (bench_case, g_object_new (PEER_TYPE_EMPTY, NULL));
      charts[round] = time_frames (bench_case, fyr_chart_new (model));
    }
    double empty = bench_median (empties, N_ROUNDS), ours = bench_median (charts, N_ROUNDS);
    bench_print ("chart/frame", bench_case->name, "empty-widget", empty, "ms", 0, FALSE);
    bench_print ("chart/frame", bench_case->name, "", ours, "ms", 0, FALSE);
    bench_print ("chart/frame", bench_case->name, "over-empty", ours / empty, "x", 1.5, TRUE);
  }
  return 0;
}
