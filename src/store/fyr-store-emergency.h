/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store.h"

G_BEGIN_DECLS

/** FYR_CHANGE_EMERGENCY: pseudo kind: an emergency access began, is another, or ended; ids are those of accesses */
#define FYR_CHANGE_EMERGENCY "emergency"

/**
 * FyrEmergency:
 * @begin, @until: by the server's clock, ms since the epoch
 * @alone: nothing else opens the patient to this user: all rows of the patient go with it
 *
 * An emergency access (nødtilgang) as it stands on this machine.
 */
typedef struct {
  char access_id[37];
  char patient_id[37];
  gint64 begin;
  gint64 until;
  gboolean alone;
} FyrEmergency;

/** fyr_store_list_emergency_async: those that are here, of whomever the last page was for */
void
fyr_store_list_emergency_async (FyrStore *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/** fyr_store_list_emergency_finish: Returns: (transfer full) (element-type FyrEmergency): %NULL with error */
GArray *
fyr_store_list_emergency_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_end_emergency_async:
 * @author_id: (nullable): who works here; those of others end. %NULL: only those whose time is over
 * @ids: (nullable) (array zero-terminated=1): accesses that end whatever this machine's clock says
 *
 * Removes what emergency accesses brought, without the server. Afterwards fyr_store_list_removed_async() cuts the log
 * and says what the server is to be told. An access whose time is over by the server's clock as last told ends; so does
 * one that has not begun by it, as then the clock was set back.
 */
void
fyr_store_end_emergency_async (FyrStore *self,
                               const char *author_id,
                               const char *const *ids,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/** fyr_store_end_emergency_finish: Returns: (transfer full) (element-type utf8) (nullable): names of the feeds that
 * were removed; %NULL with error */
GPtrArray *
fyr_store_end_emergency_finish (FyrStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
