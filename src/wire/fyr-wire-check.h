/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-record-digest.h"

G_BEGIN_DECLS

/** FYR_CHECK_MAX_ROWS: most rows one digest is about */
#define FYR_CHECK_MAX_ROWS 2000
/** FYR_CHECK_MAX_LISTED: most rows of an answer by row: some came since the digest */
#define FYR_CHECK_MAX_LISTED 20000
/** FYR_CHECK_MAX_IDS: most records asked for at once */
#define FYR_CHECK_MAX_IDS 200

/**
 * FyrWireCheck:
 * @kind: which records
 * @after: ids above this; "" from the first
 * @until: (out of a digest; into a list): ids up to this, included; "" to the last
 * @list: the question is for a hash of each row from @after to @until
 * @ids: (element-type utf8): or for these records; else empty
 *
 * A workstation's question whether it holds what the server has (PROTOCOL.md, "Digests").
 */
typedef struct {
  char *kind;
  char after[37];
  char until[37];
  gboolean list;
  GPtrArray *ids;
} FyrWireCheck;

/** FyrWireRowHash: a row by its id and fyr_record_hash() */
typedef struct {
  char id[37];
  char hash[FYR_ROW_HASH_SIZE];
} FyrWireRowHash;

/**
 * FyrWireCheckReply:
 * @kind: as asked, and @after, @until, @ids
 * @count: rows in the digest
 * @hash: (nullable): fyr_record_digest_get() of them
 * @rows: (element-type FyrWireRowHash): a list; else empty
 * @listed: @rows was asked for
 * @records: (element-type FyrRecord): those of @ids that the user may have; ids without are no more
 */
typedef struct {
  char *kind;
  char after[37];
  char until[37];
  gint64 count;
  char *hash;
  gboolean listed;
  GArray *rows;
  GPtrArray *ids;
  GPtrArray *records;
} FyrWireCheckReply;

/** fyr_wire_check_new: Returns: (transfer full): asks for a digest from the first row of @kind */
FyrWireCheck *
fyr_wire_check_new (const char *kind);
void
fyr_wire_check_free (FyrWireCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWireCheck, fyr_wire_check_free)

/** fyr_wire_check_write: writes the member `check` of a pull request */
void
fyr_wire_check_write (FyrWireCheck *self, FyrJsonWriter *json);

/** fyr_wire_check_read: @check: (out) (transfer full) (nullable): %NULL when @root has none. Returns: %TRUE, or %FALSE
 * with an error of %FYR_WIRE_ERROR */
gboolean
fyr_wire_check_read (const FyrJsonValue *root, FyrWireCheck **check, GError **error);

/** fyr_wire_check_reply_new: @check: (nullable): what is answered. Returns: (transfer full): an answer without rows */
FyrWireCheckReply *
fyr_wire_check_reply_new (const FyrWireCheck *check);
void
fyr_wire_check_reply_free (FyrWireCheckReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWireCheckReply, fyr_wire_check_reply_free)

/** fyr_wire_check_reply_write: @masks: (element-type guint) (nullable): for each of @records what the reader may see */
void
fyr_wire_check_reply_write (FyrWireCheckReply *self, GArray *masks, FyrJsonWriter *json);

/** fyr_wire_check_reply_read: as fyr_wire_check_read(); a kind not known here is an error, as it was not asked for */
gboolean
fyr_wire_check_reply_read (const FyrJsonValue *root, FyrWireCheckReply **reply, GError **error);

G_END_DECLS
