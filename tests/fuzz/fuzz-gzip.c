/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed bodies: a result within its bound that packs and unpacks to the same, or an error. */
#include "fyr-fuzz.h"

#include "fyr-wire-gzip.h"

#define MAX_PLAIN (256 * 1024)

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = g_bytes_new (data, size);
  g_autoptr (GBytes) plain = fyr_gzip_inflate (packed, MAX_PLAIN, &error);
  g_assert_true ((plain == NULL) == (error != NULL));
  if (plain == NULL)
    return 0;
  g_assert_cmpuint (g_bytes_get_size (plain), <=, MAX_PLAIN);
  g_autoptr (GBytes) again = fyr_gzip_deflate (plain);
  g_autoptr (GBytes) same = fyr_gzip_inflate (again, MAX_PLAIN, NULL);
  g_assert_true (same == NULL || g_bytes_equal (same, plain));
  return 0;
}
