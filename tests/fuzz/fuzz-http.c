/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first bytes of a stranger: request head, chunked body, token. What is let through is one clean request. */
#include "fyr-fuzz.h"

#include <string.h>

#include "fyr-guard-chunks.h"
#include "fyr-guard-head.h"
#include "fyr-token.h"

#define MOST (64 * 1024)

static void
read_head (const char *text, gsize size)
{
  gsize end = fyr_guard_head_find_end (text, size);
  FyrGuardHead head = { 0 };

  g_assert_cmpuint (end, <=, size);
  fyr_guard_head_read (text, end > 0 ? end : size, &head);
  g_assert_true (head.status == 0 || (head.status >= 400 && head.status < 600));
  if (head.status == 0) {
    g_assert_cmpint (head.length, <=, head.max_length);
    g_assert_false (head.is_chunked && head.length > 0);
    g_assert_nonnull (head.head);
    /* One head, and nothing behind it that another server could take for a second. */
    g_assert_cmpuint (fyr_guard_head_find_end (head.head->str, head.head->len), ==, head.head->len);
  }
  fyr_guard_head_clear (&head);
}

/* However the pieces come, the same is read. */
static void
read_chunks (const guint8 *data, gsize size)
{
  FyrGuardChunks whole, pieces;
  gsize used = 0, taken;

  fyr_guard_chunks_init (&whole, MOST);
  taken = fyr_guard_chunks_read (&whole, data, size);
  g_assert_cmpuint (taken, <=, size);
  g_assert_true (whole.total <= MOST || whole.state == FYR_GUARD_CHUNKS_TOO_LARGE);
  fyr_guard_chunks_init (&pieces, MOST);
  while (used < taken && pieces.state < FYR_GUARD_CHUNKS_END) {
    gsize more = fyr_guard_chunks_read (&pieces, data + used, 1);

    used += more;
    if (more == 0) {
      break;
    }
  }
  g_assert_cmpint (pieces.state, ==, whole.state);
  g_assert_cmpint (pieces.total, ==, whole.total);
}

static void
read_token (const char *text, gsize size)
{
  g_autofree char *header = g_strndup (size > 0 ? text : "", size);
  guint8 hash[FYR_TOKEN_HASH_BYTES];

  fyr_token_hash_header (header, hash);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0) {
    return 0;
  }
  read_head ((const char *)data, size);
  read_chunks (data, size);
  read_token ((const char *)data, size);
  return 0;
}
