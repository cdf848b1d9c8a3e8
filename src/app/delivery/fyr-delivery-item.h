/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-outbox.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrDeliveryItem:
 *
 * One piece of work of this machine's users with what a person needs to recognise it: whose record it is about, and
 * for work on an alert the alert as it is now. Immutable.
 */
#define FYR_TYPE_DELIVERY_ITEM (fyr_delivery_item_get_type ())
G_DECLARE_FINAL_TYPE (FyrDeliveryItem, fyr_delivery_item, FYR, DELIVERY_ITEM, GObject)

/**
 * fyr_delivery_item_new:
 * @about: (nullable): name of the patient or other record
 * @author: (nullable): name of whose work it is, when not the reader's
 * @record: (nullable): the record as it is now
 */
FyrDeliveryItem *
fyr_delivery_item_new (FyrOutboxEntry *entry, const char *about, const char *author, FyrRecord *record);

/** fyr_delivery_item_get_entry: (transfer none). */
FyrOutboxEntry *
fyr_delivery_item_get_entry (FyrDeliveryItem *self);

/** fyr_delivery_item_get_key: (transfer none): names work, state, reason and record version, for FyrKeyedList. */
const char *
fyr_delivery_item_get_key (gpointer self);

/** fyr_delivery_item_get_title: (transfer full): "Patient changed · Nordmann, Ola". */
char *
fyr_delivery_item_get_title (FyrDeliveryItem *self);

/** fyr_delivery_item_get_about: (transfer none): "" when nobody. */
const char *
fyr_delivery_item_get_about (FyrDeliveryItem *self);

/** fyr_delivery_item_get_author: (transfer none): "" for the reader's own. */
const char *
fyr_delivery_item_get_author (FyrDeliveryItem *self);

/** fyr_delivery_item_get_record: (transfer none) (nullable): as it is now. */
FyrRecord *
fyr_delivery_item_get_record (FyrDeliveryItem *self);

G_END_DECLS
