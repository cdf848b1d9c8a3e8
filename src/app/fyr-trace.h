/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrTraceSink:
 * @step: "painted", "listed" (the list holds it), "changed" (the database told of it) or "fetched" (a pull
 *   found nothing more)
 * @what: a word: "alert", "list", "window"
 * @id: id of the record, "" for none; never a name
 * @time: microseconds of the monotonic clock
 */
typedef void (*FyrTraceSink) (const char *step, const char *what, const char *id, gint64 time);

/**
 * fyr_trace_set_sink: @sink: (nullable): who is told what was painted; set by main when FYRLYKT_TRACE is
 * in the environment
 */
void
fyr_trace_set_sink (FyrTraceSink sink);

/** fyr_trace_is_on: whether anybody is told. */
gboolean
fyr_trace_is_on (void);

/** fyr_trace_reached: tells now that @what has come so far as @step says. */
void
fyr_trace_reached (const char *step, const char *what, const char *id);

/** fyr_trace_painted: tells, when the frame that is being made is on screen, that @what was painted. */
void
fyr_trace_painted (GtkWidget *widget, const char *what, const char *id);

G_END_DECLS
