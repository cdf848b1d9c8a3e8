/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives a fuzz target without a fuzzer: each file of the corpus as it is, then mutations of them for a fixed count. */
#include "fyr-fuzz.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_ROUNDS 150000
#define MAX_SIZE 65536

static const char *const tokens[] = {
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\"",
  "\\",
  "\\u0000",
  "\\ud800",
  "null",
  "true",
  "-",
  "1e999",
  "-0",
  "0.1",
  "NaN",
  "9223372036854775808",
  "\xff\xfe",
  "\xf0\x9f\x98\x80",
  "\n",
  "\t",
  ";",
  "resourceType",
  "Observation",
  "Bundle",
  "valueQuantity",
  "component",
  "2026-02-30T25:61:00Z",
  "urn:oid:2.16.578.1.12.4.1.4.1",
  "mmol/L",
  "0Hi",
  "--",
  "000",
};

static GPtrArray *
load_corpus (const char *folder)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    char *text = NULL;
    gsize size = 0;
    if (g_file_get_contents (path, &text, &size, NULL))
      g_ptr_array_add (corpus, g_bytes_new_take (text, size));
  }
  g_ptr_array_add (corpus, g_bytes_new_static ("", 0));
  return corpus;
}

static const char *const words[] = {
  "",
  "Hi",
  "--",
  "NaN",
  "2026-02-30",
  "2026-11-20T08:00:00.123+14:00",
  "0001-01-01",
  "mg/dL",
  "8462-4",
  "8867-4",
  "http://snomed.info/sct",
  "entered-in-error",
  "create",
  "update",
  "close",
  "alert",
  "limit",
  "put",
  "skip",
  "urn:uuid:",
};

/* Another word between two quotes: the text stays JSON, so the readers behind the parser meet it. */
static void
replace_word (GByteArray *bytes, guint at, const char *word)
{
  const guint8 *open = memchr (bytes->data + at, '"', bytes->len - at);
  if (open == NULL)
    return;
  guint from = (guint)(open - bytes->data) + 1;
  const guint8 *close = memchr (bytes->data + from, '"', bytes->len - from);
  if (close == NULL)
    return;
  gsize size = strlen (word);
  g_autofree guint8 *tail = g_memdup2 (close, bytes->len - (guint)(close - bytes->data));
  guint tail_size = bytes->len - (guint)(close - bytes->data);
  g_byte_array_set_size (bytes, from);
  g_byte_array_append (bytes, (const guint8 *)word, (guint)size);
  g_byte_array_append (bytes, tail, tail_size);
}

/* Another digit: counts, versions, times and values at and beyond their bounds. */
static void
replace_digit (GByteArray *bytes, guint at, GRand *rand)
{
  while (at < bytes->len && !g_ascii_isdigit (bytes->data[at]))
    at++;
  if (at < bytes->len)
    bytes->data[at] = (guint8) "0123456789-.e"[g_rand_int (rand) % 13];
}

/* What a member may hold instead: of another type, empty, at and beyond every bound. */
static const char *const values[] = {
  "null",
  "true",
  "false",
  "0",
  "1",
  "-1",
  "1.5",
  "1e999",
  "9007199254740993",
  "\"\"",
  "\"x\"",
  "\"\\n\"",
  "[]",
  "{}",
  "[null]",
  "[[]]",
  "[{}]",
  "{\"a\":1}",
  "[1]",
  "\"a b\"",
  "-0.0",
  "1e-7",
  "1790000000000",
  "\"#a\"",
  "[\"a\",1]",
};

/* Where the JSON value that begins at @from ends. */
static guint
value_end (GByteArray *bytes, guint from)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (guint i = from; i < bytes->len; i++) {
    guint8 c = bytes->data[i];
    if (quoted) {
      i += c == '\\';
      quoted = c != '"';
      if (!quoted && depth == 0)
        return MIN (i + 1, bytes->len);
    } else if (c == '"') {
      quoted = TRUE;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      if (depth == 0)
        return i;
      if (--depth == 0)
        return i + 1;
    } else if (c == ',' && depth == 0) {
      return i;
    }
  }
  return bytes->len;
}

static void
put_in_place (GByteArray *bytes, guint from, guint to, const char *text, gsize size)
{
  guint tail_size = bytes->len - to;
  g_autofree guint8 *tail = g_memdup2 (bytes->data + to, tail_size);
  g_byte_array_set_size (bytes, from);
  g_byte_array_append (bytes, (const guint8 *)text, (guint)size);
  g_byte_array_append (bytes, tail, tail_size);
}

/* Another value after a colon, a very long one, or the whole member gone: still JSON, but not what was agreed. */
static void
replace_value (GByteArray *bytes, guint at, GRand *rand)
{
  const guint8 *colon = at < bytes->len ? memchr (bytes->data + at, ':', bytes->len - at) : NULL;
  const char *value = values[g_rand_int (rand) % G_N_ELEMENTS (values)];
  guint from, to;
  if (colon == NULL)
    return;
  from = (guint)(colon - bytes->data) + 1;
  to = value_end (bytes, from);
  if (g_rand_int (rand) % 12 == 0) {
    g_autofree char *filling = g_strnfill (1 + g_rand_int (rand) % 9000, 'a');
    g_autofree char *text = g_strconcat ("\"", filling, "\"", NULL);
    put_in_place (bytes, from, to, text, strlen (text));
  } else if (g_rand_int (rand) % 4 == 0) {
    while (from > 0 && bytes->data[from - 1] != ',' && bytes->data[from - 1] != '{')
      from--;
    if (to < bytes->len && bytes->data[to] == ',')
      to++;
    else if (from > 0 && bytes->data[from - 1] == ',')
      from--;
    put_in_place (bytes, from, to, "", 0);
  } else {
    put_in_place (bytes, from, to, value, strlen (value));
  }
}

static void
mutate_once (GByteArray *bytes, GRand *rand)
{
  guint at = bytes->len > 0 ? g_rand_int (rand) % bytes->len : 0;
  guint span = bytes->len > 0 ? 1 + g_rand_int (rand) % MIN (bytes->len - at, 64) : 0;
  const char *token = tokens[g_rand_int (rand) % G_N_ELEMENTS (tokens)];
  switch (g_rand_int (rand) % 24) {
  case 0:
    if (bytes->len > 0)
      bytes->data[at] ^= (guint8)(1u << (g_rand_int (rand) % 8));
    break;
  case 1:
    if (span > 0)
      g_byte_array_remove_range (bytes, at, span);
    break;
  case 2: {
    /* Doubled: the same stretch again, as a careless sender repeats a member. */
    g_autofree guint8 *copy = g_memdup2 (bytes->data + at, span);
    g_byte_array_append (bytes, copy, span);
    break;
  }
  case 3: {
    gsize size = strlen (token);
    g_byte_array_set_size (bytes, bytes->len + (guint)size);
    memmove (bytes->data + at + size, bytes->data + at, bytes->len - at - size);
    memcpy (bytes->data + at, token, size);
    break;
  }
  case 4:
    g_byte_array_set_size (bytes, at);
    break;
  case 5:
  case 6:
  case 7:
  case 8:
    if (bytes->len > 0)
      replace_digit (bytes, at, rand);
    break;
  case 9:
  case 10:
  case 11:
  case 12:
  case 13:
  case 14:
  case 15:
  case 16:
    replace_value (bytes, at, rand);
    break;
  default:
    if (bytes->len > 0)
      replace_word (bytes, at, words[g_rand_int (rand) % G_N_ELEMENTS (words)]);
  }
}

static void
try_mutation (GPtrArray *corpus, GRand *rand)
{
  GBytes *seed = g_ptr_array_index (corpus, g_rand_int (rand) % corpus->len);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_byte_array_append (bytes, g_bytes_get_data (seed, NULL), (guint)g_bytes_get_size (seed));
  for (guint i = 1 + g_rand_int (rand) % 6; i > 0 && bytes->len < MAX_SIZE; i--)
    mutate_once (bytes, rand);
  /* An exact copy, so that a sanitizer sees a read past the end. */
  g_autofree guint8 *exact = bytes->len > 0 ? g_memdup2 (bytes->data, bytes->len) : NULL;
  LLVMFuzzerTestOneInput (exact, bytes->len);
}

int
main (int argc, char **argv)
{
  const char *rounds_text = g_getenv ("FYR_FUZZ_ROUNDS"), *seed_text = g_getenv ("FYR_FUZZ_SEED");
  guint64 rounds = rounds_text != NULL ? g_ascii_strtoull (rounds_text, NULL, 10) : DEFAULT_ROUNDS;
  guint32 seed = seed_text != NULL ? (guint32)g_ascii_strtoull (seed_text, NULL, 10) : g_random_int ();
  g_assert_cmpint (argc, ==, 2);
  g_autoptr (GPtrArray) corpus = load_corpus (argv[1]);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_print ("1..2\n# FYR_FUZZ_SEED=%u FYR_FUZZ_ROUNDS=%" G_GUINT64_FORMAT "\n", seed, rounds);
  for (guint i = 0; i < corpus->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (corpus, i), &size);
    LLVMFuzzerTestOneInput (data, size);
  }
  g_print ("ok 1 - %u files of the corpus\n", corpus->len);
  for (guint64 i = 0; i < rounds; i++)
    try_mutation (corpus, rand);
  g_print ("ok 2 - %" G_GUINT64_FORMAT " mutations\n", rounds);
  return 0;
}
