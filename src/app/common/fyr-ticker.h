/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrTickFunc:
 * @widget: the widget that shows a time
 * @now: milliseconds since the epoch
 *
 * Brings the widget's text up to date.
 *
 * Returns: when the text will be another, or 0 when no time changes it
 */
typedef gint64 (*FyrTickFunc) (GtkWidget *widget, gint64 now);

/**
 * fyr_ticker_watch:
 *
 * Calls @func while @widget is on screen: when it is mapped, and whenever the time it returned has come.
 * All watches share one timer, and there is none while nothing is on screen. One watch a widget; it ends with
 * the widget.
 */
void
fyr_ticker_watch (GtkWidget *widget, FyrTickFunc func);

/** fyr_ticker_refresh: calls @widget's function now; for when what it shows has changed. */
void
fyr_ticker_refresh (GtkWidget *widget);

G_END_DECLS
