/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-alert-entry.h"

G_BEGIN_DECLS

/**
 * FyrAlertList:
 *
 * A #GListModel of #FyrAlertEntry in the order of the answers it is given, and the rule that keeps it still
 * while it is read: as long as `anchor` names an entry, nothing is put in above that entry and nothing
 * above it
 * is taken away or reordered. What is new above waits and is counted; what is no longer open stays, marked
 * gone.
 *
 * Properties, read-only: `n-waiting` (uint), `n-waiting-red` (uint).
 */
#define FYR_TYPE_ALERT_LIST (fyr_alert_list_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertList, fyr_alert_list, FYR, ALERT_LIST, GObject)

/** fyr_alert_list_new: (transfer full): an empty list. */
FyrAlertList *
fyr_alert_list_new (void);

/** fyr_alert_list_update: @items: (element-type FyrAlertItem): the whole answer, in order */
void
fyr_alert_list_update (FyrAlertList *self, GPtrArray *items);

/**
 * fyr_alert_list_set_anchor:
 * @id: (nullable): the alert being read; %NULL: nobody reads, and what waited is let in
 */
void
fyr_alert_list_set_anchor (FyrAlertList *self, const char *id);

/**
 * fyr_alert_list_release:
 *
 * lets in what waits and takes out what is gone, keeping the anchor for what comes after.
 */
void
fyr_alert_list_release (FyrAlertList *self);

/** fyr_alert_list_get_n_waiting: new alerts that are not shown yet. */
guint
fyr_alert_list_get_n_waiting (FyrAlertList *self);

/** fyr_alert_list_get_n_waiting_red: the red ones among them. */
guint
fyr_alert_list_get_n_waiting_red (FyrAlertList *self);

/**
 * fyr_alert_list_lookup:
 *
 * (transfer none) (nullable): the entry of the alert @id (nullable), if it is shown.
 */
FyrAlertEntry *
fyr_alert_list_lookup (FyrAlertList *self, const char *id);

G_END_DECLS
