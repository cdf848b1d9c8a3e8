/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-item.h"
#include "fyr-outbox.h"
#include "fyr-patient-item.h"
#include "fyr-series.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/*
 * What screens ask. Every answer is one consistent point of the database, costs what is shown and not what
 * is stored, and is handed over: rows and records in it belong to the caller. Any finish function gives NULL
 * with error FYR_STORE_ERROR_IO, _CORRUPT or _CLOSED, or G_IO_ERROR_CANCELLED.
 */

/**
 * FyrAlertFilter:
 *
 * which alerts; all zero: all that are not closed. Texts are borrowed until the call returns.
 */
typedef struct {
  gboolean closed;         /* also closed ones, newest first, after the others */
  guint categories;        /* mask of 1 << FyrAlertCategory; 0: all */
  const char *assignee_id; /* (nullable): taken by this user */
  const char *patient_id;  /* (nullable): about this patient */
  guint limit;             /* at most so many rows; 0: 1000 */
} FyrAlertFilter;

/** fyr_store_list_alerts_async: not closed before closed, worst category first, most overdue first */
void
fyr_store_list_alerts_async (FyrStore *self,
                             const FyrAlertFilter *filter,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_store_list_alerts_finish:
 *
 * Returns: (transfer full) (element-type FyrAlertItem) (nullable): rows, NULL with error
 */
GPtrArray *
fyr_store_list_alerts_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrAlertCounts: alerts not closed, indexed by FyrAlertCategory */
typedef struct {
  guint open[FYR_ALERT_CATEGORY_LAST + 1];
  guint taken[FYR_ALERT_CATEGORY_LAST + 1];
  guint overdue[FYR_ALERT_CATEGORY_LAST + 1];
} FyrAlertCounts;

/** fyr_store_count_alerts_async: @now: ms since the epoch, decides what is overdue */
void
fyr_store_count_alerts_async (
    FyrStore *self, gint64 now, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_store_count_alerts_finish: Returns: whether @counts was filled; FALSE with error */
gboolean
fyr_store_count_alerts_finish (FyrStore *self, GAsyncResult *result, FyrAlertCounts *counts, GError **error);

#define FYR_TYPE_EVENT_ITEM (fyr_event_item_get_type ())
G_DECLARE_FINAL_TYPE (FyrEventItem, fyr_event_item, FYR, EVENT_ITEM, GObject)

/** fyr_event_item_get_event: Returns: (transfer none): what was done */
FyrAlertEvent *
fyr_event_item_get_event (FyrEventItem *self);
/** fyr_event_item_get_actor_name: Returns: (transfer none) (nullable): by whom; NULL: the system */
const char *
fyr_event_item_get_actor_name (FyrEventItem *self);
/** fyr_event_item_get_state: Returns: whether it is delivered */
FyrOutboxState
fyr_event_item_get_state (FyrEventItem *self);

#define FYR_TYPE_NOTE_ITEM (fyr_note_item_get_type ())
G_DECLARE_FINAL_TYPE (FyrNoteItem, fyr_note_item, FYR, NOTE_ITEM, GObject)

/** fyr_note_item_get_note: Returns: (transfer none): the note */
FyrNote *
fyr_note_item_get_note (FyrNoteItem *self);
/** fyr_note_item_get_author_name: Returns: (transfer none) (nullable): by whom */
const char *
fyr_note_item_get_author_name (FyrNoteItem *self);
/** fyr_note_item_get_corrected: Returns: whether a later note corrects it */
gboolean
fyr_note_item_get_corrected (FyrNoteItem *self);
/** fyr_note_item_get_state: Returns: whether it is delivered */
FyrOutboxState
fyr_note_item_get_state (FyrNoteItem *self);

/** FyrAlertDetail: what stands beside the chosen alert. Free with fyr_alert_detail_free(). */
typedef struct {
  FyrAlertItem *item;
  FyrPatient *patient; /* (nullable) */
  FyrLimit *limit;     /* (nullable): the limits that held */
  GPtrArray *events;   /* (element-type FyrEventItem): oldest first */
  GPtrArray *notes;    /* (element-type FyrNoteItem): written with this alert, oldest first */
  GPtrArray *siblings; /* (element-type FyrAlertItem): the patient's other alerts not closed */
  GPtrArray
      *recent; /* (element-type FyrAlertItem): the patient's last closed alerts, newest first, at most 5 */
} FyrAlertDetail;

void
fyr_alert_detail_free (FyrAlertDetail *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAlertDetail, fyr_alert_detail_free)

/** fyr_store_load_alert_async: everything about one alert */
void
fyr_store_load_alert_async (FyrStore *self,
                            const char *alert_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/** fyr_store_load_alert_finish: Returns: (transfer full) (nullable): NULL with error, also _UNKNOWN_RECORD */
FyrAlertDetail *
fyr_store_load_alert_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrPatientSort: order of the patient list; names are sorted as they are spelled in Norwegian */
typedef enum {
  FYR_PATIENT_SORT_NAME,
  FYR_PATIENT_SORT_ZONE,        /* red first, then by name */
  FYR_PATIENT_SORT_LAST_REPORT, /* longest ago first, never reported before all */
  FYR_PATIENT_SORT_ALERTS,      /* worst open alert first, then by name */
} FyrPatientSort;

/** FyrPatientFilter: which patients. Texts are borrowed until the call returns. */
typedef struct {
  const char *text; /* (nullable): beginnings of words of name, number, telephone, in any order */
  guint statuses;   /* mask of 1 << FyrPatientStatus; 0: all */
  guint zones;      /* mask of 1 << FyrZone; 0: all */
  FyrPatientSort sort;
  gboolean descending;
  guint offset; /* rows to leave out */
  guint limit;  /* at most so many rows; 0: 200 */
} FyrPatientFilter;

/** fyr_store_list_patients_async: searches and sorts */
void
fyr_store_list_patients_async (FyrStore *self,
                               const FyrPatientFilter *filter,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/**
 * fyr_store_list_patients_finish:
 * @total: (out) (optional): how many match without offset and limit
 *
 * Returns: (transfer full) (element-type FyrPatientItem) (nullable): rows, NULL with error
 */
GPtrArray *
fyr_store_list_patients_finish (FyrStore *self, GAsyncResult *result, guint *total, GError **error);

/**
 * fyr_store_find_duplicates_async:
 * @patient: as typed so far; a record that has its id is not its own duplicate
 *
 * Patients with the same identity number, or the same name and birth date.
 */
void
fyr_store_find_duplicates_async (FyrStore *self,
                                 FyrPatient *patient,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/**
 * fyr_store_find_duplicates_finish:
 *
 * Returns: (transfer full) (element-type FyrPatientItem) (nullable): NULL with error
 */
GPtrArray *
fyr_store_find_duplicates_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrPatientDetail: what a patient's page shows beside the trends; it does not change. Counts its references. */
typedef struct {
  FyrPatientItem *item;
  FyrPatient *patient;
  FyrGp *gp;              /* (nullable) */
  FyrOrganization *owner; /* (nullable): owner of the patient's record */
  GPtrArray *relatives;   /* (element-type FyrRelatedPerson): next of kin first */
  GPtrArray *conditions;  /* (element-type FyrCondition) */
  GPtrArray
      *limits; /* (element-type FyrLimit): all that ever were, by kind, component, valid_from; newest last */
  GPtrArray *notes;   /* (element-type FyrNoteItem): newest first */
  GPtrArray *alerts;  /* (element-type FyrAlertItem): not closed */
  GPtrArray *latest;  /* (element-type FyrMeasurement): the latest of each kind, by kind */
  GPtrArray *devices; /* (element-type FyrDevice): lent to the patient */
} FyrPatientDetail;

void
fyr_patient_detail_unref (FyrPatientDetail *page);
FyrPatientDetail *
fyr_patient_detail_ref (FyrPatientDetail *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPatientDetail, fyr_patient_detail_unref)

/** fyr_store_load_patient_async: everything of a patient's page */
void
fyr_store_load_patient_async (FyrStore *self,
                              const char *patient_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * fyr_store_load_patient_finish:
 *
 * Returns: (transfer full) (nullable): NULL with error, also _UNKNOWN_RECORD
 */
FyrPatientDetail *
fyr_store_load_patient_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_load_series_async:
 * @kind: of which measurement
 * @from: first time, ms since the epoch; G_MININT64 for all
 * @to: time after the last; G_MAXINT64 for all
 */
void
fyr_store_load_series_async (FyrStore *self,
                             const char *patient_id,
                             FyrMeasurementKind kind,
                             gint64 from,
                             gint64 to,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_store_load_series_finish:
 *
 * Returns: (transfer full) (nullable): the series, maybe empty; NULL with error
 */
FyrSeries *
fyr_store_load_series_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** fyr_store_load_all_series_async: the series of every kind the patient has reported, in one call */
void
fyr_store_load_all_series_async (FyrStore *self,
                                 const char *patient_id,
                                 gint64 from,
                                 gint64 to,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/**
 * fyr_store_load_all_series_finish:
 *
 * Returns: (transfer full) (element-type FyrSeries) (nullable): by kind; NULL with error
 */
GPtrArray *
fyr_store_load_all_series_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_list_measurements_async:
 * @kind: one kind, or FYR_MEASUREMENT_KIND_UNSET for all
 * @before: only those taken before this time; G_MAXINT64 for the newest
 * @limit: at most so many
 *
 * For the table beside the trends: whole records, sensor words and corrected values too, newest first.
 */
void
fyr_store_list_measurements_async (FyrStore *self,
                                   const char *patient_id,
                                   FyrMeasurementKind kind,
                                   gint64 before,
                                   guint limit,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);

/**
 * fyr_store_list_measurements_finish:
 *
 * Returns: (transfer full) (element-type FyrMeasurement) (nullable): NULL with error
 */
GPtrArray *
fyr_store_list_measurements_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_list_records_async:
 * @kind: a record kind
 * @field: (nullable): name of an id field, e.g. "patient_id"; NULL: all records of the kind
 * @id: (nullable): its value
 *
 * For small kinds: centres, users, memberships, GPs, devices, organisations.
 */
void
fyr_store_list_records_async (FyrStore *self,
                              const char *kind,
                              const char *field,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * fyr_store_list_records_finish:
 *
 * Returns: (transfer full) (element-type FyrRecord) (nullable): NULL with error
 */
GPtrArray *
fyr_store_list_records_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** fyr_store_get_record_async: one record as it is shown (own undelivered work included) */
void
fyr_store_get_record_async (FyrStore *self,
                            const char *kind,
                            const char *id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/** fyr_store_get_record_finish: Returns: (transfer full) (nullable): NULL with error, also _UNKNOWN_RECORD */
FyrRecord *
fyr_store_get_record_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_list_outbox_async:
 * @states: mask of 1 << FyrOutboxState; 0: all but delivered and discarded
 * @limit: at most so many; 0: 1000
 *
 * Work of all users of this machine, newest first; without entries of the access log, which is nobody's work.
 */
void
fyr_store_list_outbox_async (FyrStore *self,
                             guint states,
                             guint limit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_store_list_outbox_finish:
 *
 * Returns: (transfer full) (element-type FyrOutboxEntry) (nullable): NULL with error
 */
GPtrArray *
fyr_store_list_outbox_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrOutboxCounts: how much work stands where */
typedef struct {
  guint waiting; /* saved here: waiting, sent or held */
  guint conflict;
  guint refused;
  guint displays; /* entries of the access log not delivered: in none of the others */
} FyrOutboxCounts;

/** fyr_store_count_outbox_async: for the always visible sync state */
void
fyr_store_count_outbox_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/** fyr_store_count_outbox_finish: Returns: whether @counts was filled; FALSE with error */
gboolean
fyr_store_count_outbox_finish (FyrStore *self, GAsyncResult *result, FyrOutboxCounts *counts, GError **error);

G_END_DECLS
