/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrFirstRows:
 *
 * A #GListModel that shows the first rows of another at once and the rest after they are on screen, some at a
 * time. A list view makes and measures up to 200 rows before its first frame, though a window shows a dozen; with
 * this between them the first frame costs what is seen in it. Positions are those of the other model.
 */
#define FYR_TYPE_FIRST_ROWS (fyr_first_rows_get_type ())
G_DECLARE_FINAL_TYPE (FyrFirstRows, fyr_first_rows, FYR, FIRST_ROWS, GObject)

/**
 * fyr_first_rows_new:
 * @model: (transfer none): any list
 *
 * Returns: (transfer full): as many of @model's first items as a window can show; more after fyr_first_rows_grow()
 */
FyrFirstRows *
fyr_first_rows_new (GListModel *model);

/**
 * fyr_first_rows_grow:
 *
 * To be called when the first rows are on screen: the rest follows in idle time, a few rows a turn. Calling it
 * again changes nothing.
 */
void
fyr_first_rows_grow (FyrFirstRows *self);

/** fyr_first_rows_show_all: everything at once, for whoever wants a row by its position now. */
void
fyr_first_rows_show_all (FyrFirstRows *self);

G_END_DECLS
