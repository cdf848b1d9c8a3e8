/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-uuid.h"

#include <string.h>
#include <sys/random.h>

static void
fill_random (guint8 *bytes, gsize size)
{
  gsize done = 0;
  while (done < size) {
    gssize got = getrandom (bytes + done, size - done, 0);
    if (got > 0)
      done += (gsize)got;
  }
}

void
fyr_uuid_v7_new (gint64 time, char text[FYR_UUID_TEXT_SIZE])
{
  guint8 bytes[FYR_UUID_BYTES];
  fill_random (bytes, sizeof bytes);
  for (int i = 0; i < 6; i++)
    bytes[i] = (guint8)(time >> (8 * (5 - i)));
  bytes[6] = (guint8)(0x70 | (bytes[6] & 0x0f));
  bytes[8] = (guint8)(0x80 | (bytes[8] & 0x3f));
  fyr_uuid_from_bytes (bytes, text);
}

static int
hex_value (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

gboolean
fyr_uuid_to_bytes (const char *text, guint8 bytes[FYR_UUID_BYTES])
{
  memset (bytes, 0, FYR_UUID_BYTES);
  if (text == NULL || strnlen (text, FYR_UUID_TEXT_SIZE) != FYR_UUID_TEXT_SIZE - 1)
    return FALSE;
  guint8 parsed[FYR_UUID_BYTES];
  int n = 0;
  for (int i = 0; i < 36;) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-')
        return FALSE;
      continue;
    }
    int high = hex_value (text[i]), low = hex_value (text[i + 1]);
    if (high < 0 || low < 0)
      return FALSE;
    parsed[n++] = (guint8)(high << 4 | low);
    i += 2;
  }
  memcpy (bytes, parsed, sizeof parsed);
  return TRUE;
}

gboolean
fyr_uuid_is_valid (const char *text)
{
  guint8 bytes[FYR_UUID_BYTES];
  return fyr_uuid_to_bytes (text, bytes);
}

void
fyr_uuid_from_bytes (const guint8 bytes[FYR_UUID_BYTES], char text[FYR_UUID_TEXT_SIZE])
{
  static const char digits[] = "0123456789abcdef";
  char *out = text;
  for (int i = 0; i < FYR_UUID_BYTES; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      *out++ = '-';
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = '\0';
}
