/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/** FYR_CHANGE_OUTBOX: pseudo kind: the state of some work in the outbox; ids are those of its records */
#define FYR_CHANGE_OUTBOX "outbox"
/** FYR_CHANGE_DISPLAY: pseudo kind: the same of entries of the access log, which no screen shows */
#define FYR_CHANGE_DISPLAY "display"

#define FYR_TYPE_CHANGE_SET (fyr_change_set_get_type ())
G_DECLARE_FINAL_TYPE (FyrChangeSet, fyr_change_set, FYR, CHANGE_SET, GObject)

/**
 * FyrChangeSet:
 *
 * What one or several transactions touched, as told by #FyrStore::changed. Immutable once told. After a
 * very large change (first sync, purge) it holds no single ids: every question about a touched kind is
 * answered yes.
 */

/** fyr_change_set_new: Returns: (transfer full): an empty set */
FyrChangeSet *
fyr_change_set_new (void);

/**
 * fyr_change_set_add:
 * @kind: record kind or %FYR_CHANGE_OUTBOX
 * @id: (nullable): the record, %NULL for many
 * @patient_id: (nullable): the patient it is about, when known
 */
void
fyr_change_set_add (FyrChangeSet *self, const char *kind, const char *id, const char *patient_id);

/** fyr_change_set_merge: adds all of @other to @self */
void
fyr_change_set_merge (FyrChangeSet *self, FyrChangeSet *other);

/** fyr_change_set_is_empty: Returns: whether nothing was touched */
gboolean
fyr_change_set_is_empty (FyrChangeSet *self);

/** fyr_change_set_has_kind: Returns: whether any record of @kind was touched */
gboolean
fyr_change_set_has_kind (FyrChangeSet *self, const char *kind);

/** fyr_change_set_has: Returns: whether the record may have been touched */
gboolean
fyr_change_set_has (FyrChangeSet *self, const char *kind, const char *id);

/**
 * fyr_change_set_has_patient:
 *
 * Returns: whether any record about the patient, or the patient, may have been touched
 */
gboolean
fyr_change_set_has_patient (FyrChangeSet *self, const char *patient_id);

/**
 * fyr_change_set_get_ids:
 *
 * Returns: (transfer container) (array zero-terminated=1) (nullable): ids of the kind; %NULL when too many
 * to tell
 */
const char **
fyr_change_set_get_ids (FyrChangeSet *self, const char *kind);

G_END_DECLS
