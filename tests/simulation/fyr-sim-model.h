/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"
#include "fyr-wire-push.h"

G_BEGIN_DECLS

/*
 * The small model the product is held against: what users were told is saved, and every change of the server in its
 * order. It knows nothing of feeds, outboxes and merges.
 */

typedef struct _FyrSimModel FyrSimModel;

/**
 * FyrSimSave: one thing a user was told is saved.
 * @key: of the outbox entry; 0 until told
 * @values: field → value of a create or update, texts never used before
 * @settled: the user gave it up or saved it again
 * @doubtful: the life of the client in which the disk could not say whether that was done; only until the program ends
 *   does it see to it that nothing was
 * @excused: the database it was in was set back on purpose
 */
typedef struct {
  guint client;
  gint64 key;
  const FyrRecordInfo *info;
  char id[37];
  char command[12];
  char event_id[37];
  GHashTable *values;
  gboolean settled;
  guint doubtful;
  gboolean excused;
} FyrSimSave;

FyrSimModel *
fyr_sim_model_new (void);
void
fyr_sim_model_free (FyrSimModel *self);

/** fyr_sim_violation: a promise was broken. The first one stands */
void
fyr_sim_violation (FyrSimModel *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** fyr_sim_model_get_violation: Returns: (transfer none) (nullable) */
const char *
fyr_sim_model_get_violation (FyrSimModel *self);

/** fyr_sim_model_saved: Takes @save: acknowledged. @save: values allowed once more */
void
fyr_sim_model_saved (FyrSimModel *self, FyrSimSave *save);
FyrSimSave *
fyr_sim_save_new (guint client, const FyrRecordInfo *info, const char *id, const char *command);
void
fyr_sim_save_free (FyrSimSave *self);

/** fyr_sim_model_allow: a value may go in once more: somebody tries again */
void
fyr_sim_model_allow (FyrSimModel *self, const char *id, const char *field, const char *value);

/** fyr_sim_model_get_saves: Returns: (transfer none) (element-type FyrSimSave) */
GPtrArray *
fyr_sim_model_get_saves (FyrSimModel *self);

/** fyr_sim_model_find_save: Returns: (transfer none) (nullable) */
FyrSimSave *
fyr_sim_model_find_save (FyrSimModel *self, guint client, gint64 key);

/** fyr_sim_model_begin: a write job of the server begins; what it changes is noted until the end */
void
fyr_sim_model_begin (FyrSimModel *self);

/** fyr_sim_model_change: the server changed a record. @before, @after: (nullable) */
void
fyr_sim_model_change (FyrSimModel *self, FyrRecord *before, FyrRecord *after);

/** fyr_sim_model_give_back: what is written until told otherwise was there before a restore, as it was */
void
fyr_sim_model_give_back (FyrSimModel *self, gboolean given_back);

/** fyr_sim_model_keep: what the job did so far stays also when what follows is undone; @deed: it was one command */
void
fyr_sim_model_keep (FyrSimModel *self, gboolean deed);

/** fyr_sim_model_undo: what followed is undone */
void
fyr_sim_model_undo (FyrSimModel *self);

/** fyr_sim_value_text: Returns: (transfer full): a field's value as the model compares it; @record: (nullable) */
char *
fyr_sim_value_text (FyrRecord *record, guint field);

/** fyr_sim_model_end: @known: whether it is on the disk. When not, the next start of the server shows */
void
fyr_sim_model_end (FyrSimModel *self, gboolean known);

/** fyr_sim_model_pushed: what came of a push, with what its mutations said they saw. @history: asks the server */
typedef gboolean (*FyrSimHistoryFunc) (const FyrRecordInfo *info,
                                       const char *id,
                                       gint64 version,
                                       const char *field,
                                       const char *value,
                                       gpointer data);
void
fyr_sim_model_pushed (FyrSimModel *self,
                      FyrPushRequest *request,
                      FyrPushReply *reply,
                      FyrSimHistoryFunc history,
                      gpointer data);

/** fyr_sim_model_doubtful: after a start: @version is what the server has of a record that a lost job changed */
typedef gint64 (*FyrSimVersionFunc) (const FyrRecordInfo *info, const char *id, gpointer data);
void
fyr_sim_model_resolve (FyrSimModel *self, FyrSimVersionFunc version, gpointer data);

/** fyr_sim_model_get_length: Returns: how many changes there were in this life of the server */
guint
fyr_sim_model_get_length (FyrSimModel *self);

/** fyr_sim_model_set_back: the server was restored from a copy made when there were @length */
void
fyr_sim_model_set_back (FyrSimModel *self, guint length);

/** fyr_sim_model_was_applied: Returns: whether a save's effect is in the log */
gboolean
fyr_sim_model_was_applied (FyrSimModel *self, FyrSimSave *save);

/** fyr_sim_model_check_versions: every record is what the last change made it */
void
fyr_sim_model_check_versions (FyrSimModel *self, FyrSimVersionFunc version, gpointer data);

G_END_DECLS
