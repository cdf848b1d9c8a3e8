/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-app-context.h"
#include "fyr-delivery-item.h"

G_BEGIN_DECLS

/** FyrDeliveryGroup: states that are never mixed in one list */
typedef enum {
  FYR_DELIVERY_DECIDE,    /* in conflict or refused: a person must decide */
  FYR_DELIVERY_WAITING,   /* saved here, being sent, or held by one of those above */
  FYR_DELIVERY_DELIVERED, /* the latest that the server has */
  FYR_DELIVERY_N_GROUPS,
} FyrDeliveryGroup;

/**
 * FyrDeliveryList:
 *
 * The work of this machine's users by where it stands. It follows the database.
 *
 * Signal `loaded`: after each look at the database.
 */
#define FYR_TYPE_DELIVERY_LIST (fyr_delivery_list_get_type ())
G_DECLARE_FINAL_TYPE (FyrDeliveryList, fyr_delivery_list, FYR, DELIVERY_LIST, GObject)

/** fyr_delivery_list_new: begins to load at once; @context must have a store. */
FyrDeliveryList *
fyr_delivery_list_new (FyrAppContext *context);

/** fyr_delivery_list_get_group: (transfer none): a list model of FyrDeliveryItem, newest first. */
GListModel *
fyr_delivery_list_get_group (FyrDeliveryList *self, FyrDeliveryGroup group);

/**
 * fyr_delivery_list_get_name_of: a FyrNameOfFunc
 *
 * Returns: (transfer none) (nullable): name of a user, GP, organisation, centre or patient
 */
const char *
fyr_delivery_list_get_name_of (const char *id, gpointer self);

/** fyr_delivery_list_get_gps: (transfer none) (element-type FyrRecord): GPs, by name, to choose from. */
GPtrArray *
fyr_delivery_list_get_gps (FyrDeliveryList *self);

G_END_DECLS
