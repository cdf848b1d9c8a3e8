/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-trace.h"

typedef struct {
  char *what;
  char *id;
} Painted;

static FyrTraceSink trace_sink;

void
fyr_trace_set_sink (FyrTraceSink sink)
{
  trace_sink = sink;
}

gboolean
fyr_trace_is_on (void)
{
  return trace_sink != NULL;
}

void
fyr_trace_reached (const char *step, const char *what, const char *id)
{
  if (trace_sink)
    trace_sink (step, what, id, g_get_monotonic_time ());
}

static void
painted_free (gpointer data, GClosure *closure)
{
  Painted *painted = data;

  g_free (painted->what);
  g_free (painted->id);
  g_free (painted);
}

static void
on_after_paint (GdkFrameClock *clock, Painted *painted)
{
  if (trace_sink)
    trace_sink ("painted", painted->what, painted->id, g_get_monotonic_time ());
  g_signal_handlers_disconnect_by_data (clock, painted);
}

void
fyr_trace_painted (GtkWidget *widget, const char *what, const char *id)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  Painted *painted;

  if (!trace_sink || !clock)
    return;
  painted = g_new0 (Painted, 1);
  painted->what = g_strdup (what);
  painted->id = g_strdup (id);
  g_signal_connect_data (clock, "after-paint", G_CALLBACK (on_after_paint), painted, painted_free, 0);
}
