/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS

/**
 * FyrPullPage:
 *
 * A page of the feeds as the server sent it, made by the sync room from a pull reply, applied whole or not
 * at all by fyr_store_apply_pull_async(). Built on one thread, then handed over; not changed afterwards.
 */
typedef struct _FyrPullPage FyrPullPage;

/**
 * fyr_pull_page_new:
 * @epoch: the reply's epoch
 * @server_time: the reply's server_time, ms since the epoch
 *
 * Returns: (transfer full): an empty page
 */
FyrPullPage *
fyr_pull_page_new (const char *epoch, gint64 server_time);

FyrPullPage *
fyr_pull_page_ref (FyrPullPage *self);
void
fyr_pull_page_unref (FyrPullPage *self);

/**
 * fyr_pull_page_add_scope:
 *
 * the entries added next belong to @scope and number from @from to @to, both included
 */
void
fyr_pull_page_add_scope (FyrPullPage *self, const char *scope, gint64 from, gint64 to);

/** fyr_pull_page_add_put: an entry that carries a record as it is now */
void
fyr_pull_page_add_put (FyrPullPage *self, gint64 seq, FyrRecord *record);

/** fyr_pull_page_add_signed_put: @tag: (nullable): with what the record can be given back to a restored server */
void
fyr_pull_page_add_signed_put (FyrPullPage *self, gint64 seq, FyrRecord *record, const char *tag);

/** fyr_pull_page_add_delete: an entry that says the record is no more */
void
fyr_pull_page_add_delete (FyrPullPage *self, gint64 seq, const char *kind, const char *id);

/** fyr_pull_page_add_signed_delete: @version: of the tombstone; @tag: (nullable): with what the deletion can be given
 * back to a restored server */
void
fyr_pull_page_add_signed_delete (
    FyrPullPage *self, gint64 seq, const char *kind, const char *id, gint64 version, const char *tag);

/** fyr_pull_page_add_skip: an entry overtaken by a later one */
void
fyr_pull_page_add_skip (FyrPullPage *self, gint64 seq);

/**
 * fyr_pull_page_add_parked:
 * @text: (nullable): the record as JSON text; %NULL for a delete
 *
 * An entry of a kind this program does not know; kept for the version that does.
 */
void
fyr_pull_page_add_parked (FyrPullPage *self, gint64 seq, const char *kind, const char *id, const char *text);

/**
 * fyr_pull_page_add_classes:
 * @mask: which classes of fields the user reads in @scope
 *
 * When it is another than with the last page, all rows of the scope go, and it is asked for from the beginning.
 */
void
fyr_pull_page_add_classes (FyrPullPage *self, const char *scope, gint64 mask);

/** fyr_pull_page_add_ahead: a record that is needed before its entry comes */
void
fyr_pull_page_add_ahead (FyrPullPage *self, FyrRecord *record);

/**
 * FyrPageCheck:
 * @kind: of the rows
 * @after: ids above this; "" from the first
 * @until: up to this, included; "" to the last
 * @hash: (nullable): digest of the server's rows
 * @count: of how many
 * @rows: (nullable) (element-type utf8 utf8): id → fyr_record_hash() of each
 * @ids: (nullable) (element-type utf8): asked for
 * @records: (nullable) (element-type FyrRecord): those of @ids that there are
 *
 * The server's answer to what fyr_store_next_check_async() wanted to know. One of @hash, @rows and @ids is set.
 */
typedef struct {
  char *kind;
  char after[37];
  char until[37];
  char *hash;
  gint64 count;
  GHashTable *rows;
  GPtrArray *ids;
  GPtrArray *records;
} FyrPageCheck;

/** fyr_page_check_new: Returns: (transfer full): an answer with nothing in it yet */
FyrPageCheck *
fyr_page_check_new (const char *kind, const char *after, const char *until);
void
fyr_page_check_free (FyrPageCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPageCheck, fyr_page_check_free)

/** fyr_pull_page_take_check: @check: (transfer full): compared once the page is applied, which must be the last */
void
fyr_pull_page_take_check (FyrPullPage *self, FyrPageCheck *check);

/** fyr_pull_page_add_granted: a scope granted now (all of them are told with each page) */
void
fyr_pull_page_add_granted (FyrPullPage *self, const char *scope);

/** fyr_pull_page_add_revoked: a scope granted no more: its rows are removed with this page */
void
fyr_pull_page_add_revoked (FyrPullPage *self, const char *scope);

/**
 * FyrPageSettlement: what became of work that was kept for review
 * @taken: it was applied; else refused with @code and @text (nullable)
 */
typedef struct {
  gint64 seq;
  char incarnation[37];
  gint64 number;
  gboolean taken;
  gint64 version;
  char *code;
  char *text;
} FyrPageSettlement;

/** fyr_pull_page_add_settlement: @author_id: who is signed in, whose work it was. @settlement: copied; by seq */
void
fyr_pull_page_add_settlement (FyrPullPage *self, const char *author_id, const FyrPageSettlement *settlement);

/**
 * fyr_pull_page_set_emergency:
 * @author_id: whose page it is
 * @accesses: (element-type FyrEmergency): all her emergency accesses that last
 */
void
fyr_pull_page_set_emergency (FyrPullPage *self, const char *author_id, GArray *accesses);

/** fyr_pull_page_add_confirmed: a scope whose removal the server has been told of with the request */
void
fyr_pull_page_add_confirmed (FyrPullPage *self, const char *scope);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPullPage, fyr_pull_page_unref)

G_END_DECLS
