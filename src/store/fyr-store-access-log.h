/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store.h"

G_BEGIN_DECLS

/**
 * FyrDisplay:
 *
 * What is about to be shown, of one patient or of several in a list. Texts are borrowed until the call returns.
 */
typedef struct {
  FyrAuditResource resource;
  FyrAuditChannel channel;
  FyrAuditPurpose purpose;
  const char *data_classes; /* (nullable): classes of access.toml, divided by spaces */
  const char *decision_id;  /* (nullable): the emergency access it rests on */
  const char *centre_id;    /* the centre worked at; a patient known here is logged at her own */
} FyrDisplay;

/**
 * fyr_store_log_display_async:
 * @patient_ids: (array zero-terminated=1): whose data; one entry each
 * @author_id: user id of who is signed in
 *
 * Writes the access log (innsynslogg) before something is shown: entries and outbox rows in one transaction with full
 * sync, as fyr_store_save_async(), offline too. They are sent with the rest of the work, and are no work of the user's:
 * neither listed nor counted with it. Entries never change a row here, whoever reads the log gets them by a pull.
 */
void
fyr_store_log_display_async (FyrStore *self,
                             const FyrDisplay *display,
                             const char *const *patient_ids,
                             const char *author_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_store_log_display_finish:
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): ids of the entries, in the order of the patients: show
 * it. %NULL with error %FYR_STORE_ERROR_FULL, _IO or _CLOSED: nothing was written, do not show it and say why
 */
char **
fyr_store_log_display_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * FyrAccessLogFilter:
 *
 * Which entries an administrator asks for. Texts are borrowed until the call returns.
 */
typedef struct {
  const char *centre_id; /* (nullable): of this centre; NULL: all that are here */
  const char
      *text; /* (nullable): beginnings of words of patient, person or legal entity, or a whole id or number */
  gint64 from;  /* first time, ms since the epoch; 0: since ever */
  gint64 until; /* time after the last; 0: to this day */
  guint limit;  /* at most so many; 0: 1000 */
} FyrAccessLogFilter;

/** fyr_store_list_access_log_async: entries of the access log, newest first; none where nobody may read it */
void
fyr_store_list_access_log_async (FyrStore *self,
                                 const FyrAccessLogFilter *filter,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/**
 * fyr_store_list_access_log_finish:
 * @total: (out) (optional): how many match without the limit
 *
 * Returns: (transfer full) (element-type FyrAuditEvent) (nullable): entries; %NULL with error %FYR_STORE_ERROR_IO,
 * _CORRUPT or _CLOSED, or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
fyr_store_list_access_log_finish (FyrStore *self, GAsyncResult *result, guint *total, GError **error);

G_END_DECLS
