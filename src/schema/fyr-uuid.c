/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-uuid.h"

#include <string.h>
#include <sys/random.h>

#define AT_ONCE 64

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

/* @bytes hold random ones. */
static void
write_v7 (gint64 time, guint8 bytes[FYR_UUID_BYTES], char text[FYR_UUID_TEXT_SIZE])
{
  for (int i = 0; i < 6; i++)
    bytes[i] = (guint8)(time >> (8 * (5 - i)));
  bytes[6] = (guint8)(0x70 | (bytes[6] & 0x0f));
  bytes[8] = (guint8)(0x80 | (bytes[8] & 0x3f));
  fyr_uuid_from_bytes (bytes, text);
}

void
fyr_uuid_v7_new (gint64 time, char text[FYR_UUID_TEXT_SIZE])
{
  fyr_uuid_v7_new_many (time, 1, (char (*)[FYR_UUID_TEXT_SIZE])text);
}

void
fyr_uuid_v7_new_many (gint64 time, gsize count, char (*texts)[FYR_UUID_TEXT_SIZE])
{
  guint8 bytes[AT_ONCE][FYR_UUID_BYTES];
  for (gsize done = 0; done < count; done++) {
    if (done % AT_ONCE == 0)
      fill_random (bytes[0], MIN (count - done, AT_ONCE) * FYR_UUID_BYTES);
    write_v7 (time, bytes[done % AT_ONCE], texts[done]);
  }
}

/* The value of a digit and one more; 0 is no digit. */
static const guint8 digit_values[256] = {
  ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
  ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};
/* Where the two digits of each byte begin. */
static const guint8 places[FYR_UUID_BYTES] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };

static gboolean
has_form (const char *text)
{
  return text != NULL && strnlen (text, FYR_UUID_TEXT_SIZE) == FYR_UUID_TEXT_SIZE - 1 && text[8] == '-' &&
         text[13] == '-' && text[18] == '-' && text[23] == '-';
}

gboolean
fyr_uuid_to_bytes (const char *text, guint8 bytes[FYR_UUID_BYTES])
{
  gboolean valid = has_form (text);
  for (int i = 0; valid && i < FYR_UUID_BYTES; i++) {
    guint high = digit_values[(guchar)text[places[i]]], low = digit_values[(guchar)text[places[i] + 1]];
    valid = high != 0 && low != 0;
    bytes[i] = (guint8)((high - 1) << 4 | (low - 1));
  }
  if (!valid)
    memset (bytes, 0, FYR_UUID_BYTES);
  return valid;
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
