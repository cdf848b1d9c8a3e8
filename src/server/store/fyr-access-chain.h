/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/*
 * The access log's hash chain, one a centre. Entry n has the hash SHA-256 over the hash of entry n - 1 (64 zeros
 * before the first), a line feed and the canonical text of its record (PROTOCOL.md, "Push"), so an entry changed,
 * taken out, put in or moved fits no more. Numbers are dense from 1 in the order of commits, as in the feed
 * `<centre>/audit`. Triggers of the database refuse to change or delete entries; its owner could take them away, and
 * a later check notices what was done then.
 */

/**
 * fyr_access_chain_migrate:
 *
 * Makes the tables of the access log, or what lacks of them. Part of a migration.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_access_chain_migrate (FyrConnection *connection, GError **error);

/**
 * fyr_access_chain_keep:
 *
 * Whoever the database's user is, rows of @table are read and added, and neither changed nor deleted from now on. Part
 * of a migration after fyr_access_chain_migrate().
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_access_chain_keep (FyrConnection *connection, const char *table, GError **error);

/**
 * fyr_access_chain_get_centre:
 * @scope: name of a feed
 *
 * Returns: (transfer full) (nullable): the centre when it is the feed of an access log; %NULL else
 */
char *
fyr_access_chain_get_centre (const char *scope);

/**
 * fyr_access_chain_append:
 * @centre_id: whose chain
 * @id: 16 bytes: an audit_event written in this transaction
 *
 * In the order of the feed and after it, whose row in `scope` keeps other processes out until the commit.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_access_chain_append (FyrConnection *connection, const char *centre_id, const guint8 *id, GError **error);

/**
 * FyrAccessChainFault:
 * @FYR_ACCESS_CHAIN_CHANGED: the entry does not fit its hash: it, or the chain, was changed
 * @FYR_ACCESS_CHAIN_DELETED: the chain's entry is not in the log
 * @FYR_ACCESS_CHAIN_GAP: numbers are missing before this one
 * @FYR_ACCESS_CHAIN_MISPLACED: the entry is in another centre's log
 * @FYR_ACCESS_CHAIN_INSERTED: an entry of the log is not in the chain (number 0)
 * @FYR_ACCESS_CHAIN_SHORT: the feed has told of more entries than the chain has (number: its last)
 */
typedef enum {
  FYR_ACCESS_CHAIN_CHANGED,
  FYR_ACCESS_CHAIN_DELETED,
  FYR_ACCESS_CHAIN_GAP,
  FYR_ACCESS_CHAIN_MISPLACED,
  FYR_ACCESS_CHAIN_INSERTED,
  FYR_ACCESS_CHAIN_SHORT,
} FyrAccessChainFault;

/** FyrAccessChainFunc: told of each fault; @id: (nullable): of the entry */
typedef void (*FyrAccessChainFunc) (
    FyrAccessChainFault fault, const char *centre_id, gint64 number, const char *id, gpointer user_data);

/**
 * fyr_access_chain_verify:
 * @n_entries: (out): how many entries were checked
 *
 * Goes through all chains once.
 *
 * Returns: %TRUE when it came through, faults or not; %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_access_chain_verify (FyrConnection *connection,
                         FyrAccessChainFunc func,
                         gpointer user_data,
                         gint64 *n_entries,
                         GError **error);

/**
 * FyrAccessHead:
 *
 * The end of a chain: its last number and hash.
 */
typedef struct {
  char centre_id[37];
  gint64 number;
  char hash[65];
} FyrAccessHead;

/** fyr_access_chain_list_heads: Returns: (transfer full) (element-type FyrAccessHead): one a centre that has a log;
 * %NULL with any %FYR_DB_ERROR */
GArray *
fyr_access_chain_list_heads (FyrConnection *connection, GError **error);

/** fyr_access_chain_has: Returns: 1 when entry @head->number of the centre has this hash, 0 when not, -1 with @error */
int
fyr_access_chain_has (FyrConnection *connection, const FyrAccessHead *head, GError **error);

G_END_DECLS
