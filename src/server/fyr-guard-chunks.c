/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-chunks.h"

#define MAX_DIGITS 8

void
fyr_guard_chunks_init (FyrGuardChunks *self, gint64 max)
{
  *self = (FyrGuardChunks){ .state = FYR_GUARD_CHUNKS_SIZE, .max = max };
}

static FyrGuardChunksState
expect (guint8 byte, guint8 wanted, FyrGuardChunksState next)
{
  return byte == wanted ? next : FYR_GUARD_CHUNKS_BROKEN;
}

static FyrGuardChunksState
read_size (FyrGuardChunks *self, guint8 byte)
{
  if (byte == '\r') {
    return self->digits > 0 ? FYR_GUARD_CHUNKS_SIZE_LF : FYR_GUARD_CHUNKS_BROKEN;
  }
  if (!g_ascii_isxdigit (byte) || ++self->digits > MAX_DIGITS) {
    return FYR_GUARD_CHUNKS_BROKEN;
  }
  self->left = self->left * 16 + g_ascii_xdigit_value ((char)byte);
  return FYR_GUARD_CHUNKS_SIZE;
}

static FyrGuardChunksState
end_size (FyrGuardChunks *self, guint8 byte)
{
  if (byte != '\n') {
    return FYR_GUARD_CHUNKS_BROKEN;
  }
  self->total += self->left;
  if (self->total > self->max) {
    return FYR_GUARD_CHUNKS_TOO_LARGE;
  }
  return self->left == 0 ? FYR_GUARD_CHUNKS_END_CR : FYR_GUARD_CHUNKS_DATA;
}

static FyrGuardChunksState
step (FyrGuardChunks *self, guint8 byte)
{
  switch (self->state) {
  case FYR_GUARD_CHUNKS_SIZE:
    return read_size (self, byte);
  case FYR_GUARD_CHUNKS_SIZE_LF:
    return end_size (self, byte);
  case FYR_GUARD_CHUNKS_DATA_CR:
    return expect (byte, '\r', FYR_GUARD_CHUNKS_DATA_LF);
  case FYR_GUARD_CHUNKS_DATA_LF:
    self->digits = 0;
    self->left = 0;
    return expect (byte, '\n', FYR_GUARD_CHUNKS_SIZE);
  case FYR_GUARD_CHUNKS_END_CR:
    return expect (byte, '\r', FYR_GUARD_CHUNKS_END_LF);
  case FYR_GUARD_CHUNKS_END_LF:
    return expect (byte, '\n', FYR_GUARD_CHUNKS_END);
  default:
    return self->state;
  }
}

gsize
fyr_guard_chunks_read (FyrGuardChunks *self, const guint8 *bytes, gsize length)
{
  gsize i = 0;

  while (i < length && self->state < FYR_GUARD_CHUNKS_END) {
    if (self->state == FYR_GUARD_CHUNKS_DATA) {
      gsize count = (gsize)MIN ((gint64)(length - i), self->left);
      i += count;
      self->left -= (gint64)count;
      self->state = self->left == 0 ? FYR_GUARD_CHUNKS_DATA_CR : FYR_GUARD_CHUNKS_DATA;
      continue;
    }
    self->state = step (self, bytes[i++]);
  }
  return i;
}
