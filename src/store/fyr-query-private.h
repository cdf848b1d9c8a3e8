/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-items-private.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/** FyrAlertQuery: a filter that owns its texts, and which one alert or siblings of one it is about. */
typedef struct {
  gboolean closed;
  gboolean only_closed;
  guint categories;
  char *assignee_id;
  char *patient_id;
  char *alert_id;  /* this one alone */
  char *except_id; /* all but this one */
  guint limit;
} FyrAlertQuery;

/** fyr_query_alert_items: Returns: (transfer full) (element-type FyrAlertItem) (nullable): NULL with error */
GPtrArray *
fyr_query_alert_items (FyrStoreContext *context, const FyrAlertQuery *query, GError **error);

/** fyr_query_note_items: notes where @field is @id. Returns: (transfer full) (nullable): NULL with error */
GPtrArray *
fyr_query_note_items (
    FyrStoreContext *context, const char *field, const char *id, gboolean newest_first, GError **error);

/** fyr_query_patient_item: Returns: (transfer full) (nullable): NULL with error, also UNKNOWN_RECORD */
FyrPatientItem *
fyr_query_patient_item (FyrStoreContext *context, const char *patient_id, GError **error);

/** fyr_query_record: Returns: (transfer full) (nullable): NULL without error for a NULL or unknown id */
FyrRecord *
fyr_query_record (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/** FYR_STATE_SQL: worst state of the own open work on a record */
#define FYR_STATE_SQL(id)                                                                                    \
  "coalesce ((SELECT max (o.state) FROM outbox o WHERE o.open = 1 AND o.record_id = " id "), 0)"

G_END_DECLS
