/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-item.h"

G_BEGIN_DECLS

/**
 * FyrAlertEntry:
 *
 * One row of the alert list for as long as the row lives; what it shows is exchanged in place.
 *
 * Properties: `item` (the #FyrAlertItem shown now), `gone` (bool: no longer in the list's answer, kept
 * in its place because somebody is reading).
 */
#define FYR_TYPE_ALERT_ENTRY (fyr_alert_entry_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertEntry, fyr_alert_entry, FYR, ALERT_ENTRY, GObject)

/** fyr_alert_entry_new: (transfer full): an entry that shows @item. */
FyrAlertEntry *
fyr_alert_entry_new (FyrAlertItem *item);

/** fyr_alert_entry_get_item: (transfer none): what is shown now. */
FyrAlertItem *
fyr_alert_entry_get_item (FyrAlertEntry *self);

/** fyr_alert_entry_get_alert: (transfer none): the alert shown now. */
FyrAlert *
fyr_alert_entry_get_alert (FyrAlertEntry *self);

/** fyr_alert_entry_get_id: (transfer none): the alert's id. */
const char *
fyr_alert_entry_get_id (gpointer self);

/** fyr_alert_entry_take_over: shows what @fresh shows; notifies only when something is another. */
void
fyr_alert_entry_take_over (gpointer self, gpointer fresh);

/** fyr_alert_entry_get_gone: see the property. */
gboolean
fyr_alert_entry_get_gone (FyrAlertEntry *self);

/** fyr_alert_entry_set_gone: see the property. */
void
fyr_alert_entry_set_gone (FyrAlertEntry *self, gboolean gone);

G_END_DECLS
