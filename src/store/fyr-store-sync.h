/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-pull-page.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/* What the sync room needs of the store. Screens do not include this header. */

/** FYR_CHANGE_REBUILT: pseudo kind: a damaged database was made anew; its identity and cursors are to be read again */
#define FYR_CHANGE_REBUILT "rebuilt"

/**
 * FyrStoreIdentity:
 *
 * who this database is to the server, and how far it has come. Free with fyr_store_identity_free().
 */
typedef struct {
  gboolean sealed;     /* nobody has signed in since the program began: only the device is known */
  char *device;        /* UUID, made with the database */
  char *epoch;         /* (nullable): the server database's life these rows come from */
  GHashTable *cursors; /* scope → pointer to gint64, the last seq applied */
  GHashTable *settled; /* user id → pointer to gint64, the last settlement of her work applied */
  gint64 clock_offset; /* server's clock less this machine's, ms, as last told */
  gint64
      damaged_at; /* when a damaged database was set aside and this one made, ms since the epoch; 0: never */
  guint damaged_kept;    /* pieces of work that were not delivered then and were read */
  gboolean damaged_lost; /* some that had been saved could not be read */
  gint64 last_contact;   /* server's time of the last reply, ms since the epoch; 0 before */
} FyrStoreIdentity;

void
fyr_store_identity_free (FyrStoreIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrStoreIdentity, fyr_store_identity_free)

/** fyr_store_get_identity_async: reads device, epoch and cursors */
void
fyr_store_get_identity_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/** fyr_store_get_identity_finish: Returns: (transfer full) (nullable): %NULL with error */
FyrStoreIdentity *
fyr_store_get_identity_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrPushBatch: the next work to send. Free with fyr_push_batch_free(). */
typedef struct {
  char *device;
  char *incarnation;
  gboolean present;    /* it is the incarnation in which new work is numbered; else it is of before a fork */
  gint64 first;        /* number of the first entry */
  char *previous_hash; /* 64 hex digits; zeros when @first is 1 */
  GPtrArray *entries;  /* (element-type FyrOutboxEntry): numbers are dense; empty: nothing to send */
} FyrPushBatch;

void
fyr_push_batch_free (FyrPushBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPushBatch, fyr_push_batch_free)

/**
 * fyr_store_next_push_async:
 * @author_id: user id of who is signed in; only her own work is sent in her name
 * @max_entries: at most so many, and never more than 500
 * @max_bytes: at most so much text, and never more than 1 MiB; one entry always fits
 *
 * Everything from the first number without an answer. Marks it as sent; asking again gives the same again.
 */
void
fyr_store_next_push_async (FyrStore *self,
                           const char *author_id,
                           guint max_entries,
                           gsize max_bytes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/** fyr_store_next_push_finish: Returns: (transfer full) (nullable): the batch; %NULL with error */
FyrPushBatch *
fyr_store_next_push_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * FyrHandOver:
 * @author_id: (nullable): whose work; %NULL: there is none to hand over
 * @batch: (nullable): a dense run of it
 *
 * Work that another user of this machine left behind. Free with fyr_hand_over_free().
 */
typedef struct {
  char *author_id;
  FyrPushBatch *batch;
} FyrHandOver;

void
fyr_hand_over_free (FyrHandOver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrHandOver, fyr_hand_over_free)

/**
 * fyr_store_next_hand_over_async:
 * @not_of: (element-type utf8): users whose work stays: who is signed in, and those who can deliver it themselves
 *
 * Whatever is open: waiting, in conflict, refused, held.
 */
void
fyr_store_next_hand_over_async (FyrStore *self,
                                GPtrArray *not_of,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/** fyr_store_next_hand_over_finish: Returns: (transfer full) (nullable): %NULL with error */
FyrHandOver *
fyr_store_next_hand_over_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** FyrOutcomeKind: the server's word on one mutation (PROTOCOL.md, "Push") */
typedef enum {
  FYR_OUTCOME_KIND_APPLIED,
  FYR_OUTCOME_KIND_MERGED,
  FYR_OUTCOME_KIND_CONFLICT,
  FYR_OUTCOME_KIND_REFUSED,
  FYR_OUTCOME_KIND_LATER,
} FyrOutcomeKind;

/** FyrPushOutcome: texts are borrowed from the caller until the call returns */
typedef struct {
  gint64 number;
  FyrOutcomeKind kind;
  gint64 version;       /* with applied and merged */
  const char *code;     /* (nullable) */
  const char *text;     /* (nullable) */
  const char *conflict; /* (nullable): JSON text of the conflict object */
  gboolean deleted;     /* with applied: the record was deleted since, in a former life of the server */
  gboolean unchanged;   /* with applied: nothing was made of it, for all was so already */
  const char *receipt;  /* (nullable): kept, and sent with it again after a restore */
} FyrPushOutcome;

/**
 * fyr_store_apply_outcomes_async:
 * @author_id: of the push
 * @incarnation: of the push; outcomes for an older one are ignored
 * @outcomes: (array length=n): as replied
 * @server_time: the reply's server_time
 *
 * Moves outbox entries on and shows the records accordingly, in one transaction.
 */
void
fyr_store_apply_outcomes_async (FyrStore *self,
                                const char *author_id,
                                const char *incarnation,
                                const FyrPushOutcome *outcomes,
                                guint n,
                                gint64 server_time,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/** fyr_store_apply_outcomes_finish: Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_FULL or _IO */
gboolean
fyr_store_apply_outcomes_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_note_handed_over_async:
 * @outcomes: (array length=n): as replied
 *
 * The server keeps the work for review: it waits here no longer. What it had applied before is delivered.
 */
void
fyr_store_note_handed_over_async (FyrStore *self,
                                  FyrHandOver *hand_over,
                                  const FyrPushOutcome *outcomes,
                                  guint n,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/** fyr_store_note_handed_over_finish: Returns: %TRUE, or %FALSE with error */
gboolean
fyr_store_note_handed_over_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_apply_pull_async:
 * @page: (transfer none): what the server sent
 *
 * Applies a page, its cursors, and the removal of revoked scopes in one transaction; own undelivered work
 * is laid on top again.
 */
void
fyr_store_apply_pull_async (FyrStore *self,
                            FyrPullPage *page,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * fyr_store_apply_pull_finish:
 *
 * Returns: %TRUE, or %FALSE with error and nothing applied: %FYR_STORE_ERROR_GAP (ask again from the cursors, also when
 * the fields that may be read are others now: then those feeds are gone and begin anew), _EPOCH (call
 * fyr_store_begin_epoch_async() first), _FULL, _IO
 */
gboolean
fyr_store_apply_pull_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_list_removed_async:
 *
 * Which feeds were taken away and removed while the server has not been told so yet. Cuts the write-ahead log first:
 * when this succeeds, nothing of their rows is in any file of this database.
 */
void
fyr_store_list_removed_async (FyrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * fyr_store_list_removed_finish:
 *
 * Returns: (transfer full) (element-type utf8) (nullable): at most 1,000; %NULL with error when the log cannot be
 * cut now (ask again later)
 */
GPtrArray *
fyr_store_list_removed_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * FyrStoreCheck:
 * @kind: of which rows
 * @after: ids above this; "" from the first
 * @until: up to this, included; "" when the server says how far it goes
 * @list: a hash of each row is wanted, not one digest
 * @ids: (element-type utf8): these records are wanted; else empty
 * @urgent: something was found to differ: to be asked at once
 *
 * What this database wants to know of the server next, to find out whether it holds what it should.
 */
typedef struct {
  char *kind;
  char after[37];
  char until[37];
  gboolean list;
  GPtrArray *ids;
  gboolean urgent;
} FyrStoreCheck;

void
fyr_store_check_free (FyrStoreCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrStoreCheck, fyr_store_check_free)

/**
 * fyr_store_next_check_async:
 *
 * Goes round all rows, some thousand at a time: a digest; where it differs each row's hash, twice, so that what is on
 * its way is not taken for damage; then the records themselves, which replace what is here.
 */
void
fyr_store_next_check_async (FyrStore *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/** fyr_store_next_check_finish: Returns: (transfer full) (nullable): what to ask; %NULL with error */
FyrStoreCheck *
fyr_store_next_check_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * FyrStoreOffer:
 * @kind: of the row
 * @id: of the row
 * @record: (nullable): the row; %NULL for a deletion
 * @deleted: version of a deletion's tombstone; 0 for a row
 * @tag: what it was signed with
 * @epoch: (nullable): in which life of the server; %NULL: not known
 *
 * What a restored server may have lost.
 */
typedef struct {
  char *kind;
  char *id;
  FyrRecord *record;
  gint64 deleted;
  char *tag;
  char *epoch;
} FyrStoreOffer;

/**
 * fyr_store_next_offers_async:
 *
 * To be asked once everything of the new epoch is here: what the server has again is offered no more.
 */
void
fyr_store_next_offers_async (FyrStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/** fyr_store_next_offers_finish: Returns: (transfer full) (element-type FyrStoreOffer) (nullable): at most 200, those
 * first that others hang on; empty: nothing to offer now; %NULL with error */
GPtrArray *
fyr_store_next_offers_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_settle_offers_async:
 * @offers: (element-type FyrStoreOffer): as given by fyr_store_next_offers_finish()
 * @later: for each of them whether it is to be offered again after a while; else the server has it, and it is kept only
 * until the server's word of it is here, for a server that is restored again before
 */
void
fyr_store_settle_offers_async (FyrStore *self,
                               GPtrArray *offers,
                               const gboolean *later,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/** fyr_store_settle_offers_finish: Returns: %TRUE, or %FALSE with error */
gboolean
fyr_store_settle_offers_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_begin_epoch_async:
 * @epoch: the server's
 *
 * Another life of the server's database: cursors start over and rows are fetched afresh; undelivered work
 * stays.
 * Does nothing when @epoch is known.
 */
void
fyr_store_begin_epoch_async (FyrStore *self,
                             const char *epoch,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/** fyr_store_begin_epoch_finish: Returns: %TRUE, or %FALSE with error */
gboolean
fyr_store_begin_epoch_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_rewind_push_async:
 * @incarnation: (nullable): of the batch the server answered, %NULL for the author's present one
 * @next: the number the server expects (409 gap)
 *
 * After a restore of the server: own entries from @next on, also delivered ones still kept, are sent again.
 */
void
fyr_store_rewind_push_async (FyrStore *self,
                             const char *author_id,
                             const char *incarnation,
                             gint64 next,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/**
 * fyr_store_rewind_push_finish:
 *
 * Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_GAP when they are not kept
 */
gboolean
fyr_store_rewind_push_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_fork_push_async:
 * @incarnation: (nullable): of the batch the server answered, %NULL for the author's present one
 * @doubtful: whether the server may have begun a new life since it answered what came before
 *
 * This database is a copy (409 fork): the author's unanswered work is numbered again from 1 in a new incarnation, or
 * after what is in that already when it was of a former one. What is doubtful is sent again as it was, and goes the
 * same way when the server has something else at its number.
 */
void
fyr_store_fork_push_async (FyrStore *self,
                           const char *author_id,
                           const char *incarnation,
                           gboolean doubtful,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/** fyr_store_fork_push_finish: Returns: %TRUE, or %FALSE with error */
gboolean
fyr_store_fork_push_finish (FyrStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
