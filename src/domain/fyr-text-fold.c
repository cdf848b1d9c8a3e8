/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-text-fold.h"

#include <string.h>

#include "fyr-oslo-time.h"

/* Letters that are letters of their own and not a base with an accent. */
static const char *
fold_letter (gunichar c)
{
  switch (c) {
  case 0xE6: /* æ */
  case 0xE4: /* ä */
    return "ae";
  case 0xF8:  /* ø */
  case 0xF6:  /* ö */
  case 0x153: /* œ */
    return "oe";
  case 0xE5: /* å */
    return "aa";
  case 0xDF: /* ß */
    return "ss";
  case 0xF0:  /* ð */
  case 0x111: /* đ */
    return "d";
  case 0x142: /* ł */
    return "l";
  case 0xFE: /* þ */
    return "th";
  case 0x127: /* ħ */
    return "h";
  case 0x131: /* ı */
    return "i";
  default:
    return NULL;
  }
}

static gboolean
is_separator (gunichar c)
{
  return g_unichar_isspace (c) || c == '-' || c == '.' || c == ',' || c == 0xA0 || c == 0x2010 ||
         c == 0x2011 || c == 0x2013;
}

static gboolean
is_dropped (gunichar c)
{
  return c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x2BC ||
         g_unichar_iscntrl (c) || g_unichar_ismark (c) || g_unichar_type (c) == G_UNICODE_FORMAT;
}

/* The letter without its accent, by Unicode's own decomposition. */
static gunichar
strip_accent (gunichar c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  return g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts)) > 1 ? parts[0] : c;
}

char *
fyr_text_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text == NULL ? "" : text, -1);
  /* First what only looks different (ligatures, wide letters), then case; that may take letters apart again. */
  g_autofree char *plain = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *small = g_utf8_strdown (plain, -1);
  g_autofree char *lower = g_utf8_normalize (small, -1, G_NORMALIZE_ALL_COMPOSE);
  GString *folded = g_string_sized_new (strlen (lower));
  gboolean gap = FALSE;

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    gunichar base = fold_letter (c) != NULL ? c : strip_accent (c); /* å is no accented a, ǽ an accented æ */
    const char *letters = fold_letter (base);

    if (is_separator (c)) {
      gap = folded->len > 0;
      continue;
    }
    if (c == 0xFFFD || is_dropped (c)) {
      continue;
    }
    if (gap) {
      g_string_append_c (folded, ' ');
      gap = FALSE;
    }
    if (letters != NULL) {
      g_string_append (folded, letters);
    } else {
      g_string_append_unichar (folded, base);
    }
  }
  return g_string_free (folded, FALSE);
}

static gboolean
match_word (char **text_words, gboolean *used, const char *word)
{
  for (guint i = 0; text_words[i] != NULL; i++) {
    if (!used[i] && g_str_has_prefix (text_words[i], word)) {
      used[i] = TRUE;
      return TRUE;
    }
  }
  return FALSE;
}

static int
longer_first (gconstpointer a, gconstpointer b)
{
  gsize length_a = strlen (*(const char *const *)a);
  gsize length_b = strlen (*(const char *const *)b);

  return length_a > length_b ? -1 : length_a < length_b ? 1 : 0;
}

gboolean
fyr_text_fold_matches (const char *folded_text, const char *folded_query)
{
  g_auto (GStrv) text_words = g_strsplit (folded_text, " ", -1);
  g_auto (GStrv) query_words = g_strsplit (folded_query, " ", -1);
  g_autofree gboolean *used = g_new0 (gboolean, g_strv_length (text_words) + 1);

  /* The most telling word first, so that "a anna" finds "anna andersen". */
  qsort (query_words, g_strv_length (query_words), sizeof (char *), longer_first);
  for (guint i = 0; query_words[i] != NULL; i++) {
    if (*query_words[i] != '\0' && !match_word (text_words, used, query_words[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

/* The digits of a number as typed, `+` first when it has a country; NULL when something else is in it. */
static char *
collect_number (const char *text)
{
  g_autoptr (GString) number = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++) {
    if (strncmp (p, "\xc2\xa0", 2) == 0) {
      p++;
    } else if (g_ascii_isdigit (*p) || (*p == '+' && number->len == 0)) {
      g_string_append_c (number, *p);
    } else if (strchr (" \t-.()/", *p) == NULL) {
      return NULL;
    }
  }
  if (g_str_has_prefix (number->str, "00")) {
    g_string_erase (number, 0, 2);
    g_string_prepend_c (number, '+');
  }
  return g_strdup (number->str);
}

char *
fyr_telephone_normalize (const char *text)
{
  g_autofree char *number = text == NULL ? NULL : collect_number (text);
  gsize length = number == NULL ? 0 : strlen (number);

  if (length == 0) {
    return NULL;
  }
  if (*number != '+') {
    if (length == 8 && *number >= '2') {
      return g_strconcat ("+47", number, NULL);
    }
    return length >= 3 && length <= 6 ? g_steal_pointer (&number) : NULL;
  }
  if (g_str_has_prefix (number, "+47")) {
    return length == 11 ? g_steal_pointer (&number) : NULL;
  }
  return length >= 8 && length <= 16 && number[1] != '0' ? g_steal_pointer (&number) : NULL;
}

char *
fyr_telephone_format (const char *number)
{
  if (number == NULL || !g_str_has_prefix (number, "+47") || strlen (number) != 11 ||
      strspn (number + 1, "0123456789") != 10) {
    return g_strdup (number == NULL ? "" : number);
  }
  number += 3;
  if (*number == '4' || *number == '9') {
    return g_strdup_printf ("%.3s %.2s %s", number, number + 3, number + 5);
  }
  return g_strdup_printf ("%.2s %.2s %.2s %s", number, number + 2, number + 4, number + 6);
}

char *
fyr_person_list_name (const char *family_name, const char *given_name)
{
  if (given_name == NULL || *given_name == '\0') {
    return g_strdup (family_name != NULL ? family_name : "");
  }
  return family_name == NULL || *family_name == '\0' ? g_strdup (given_name)
                                                     : g_strdup_printf ("%s, %s", family_name, given_name);
}

char *
fyr_person_duplicate_key (const char *family_name, const char *given_name, const char *birth_date)
{
  g_autofree char *family = fyr_text_fold (family_name);
  g_autofree char *given = fyr_text_fold (given_name);

  if (*family == '\0' || *given == '\0' || !fyr_civil_day_parse (birth_date, NULL)) {
    return NULL;
  }
  *strchrnul (given, ' ') = '\0';
  return g_strdup_printf ("%s|%s|%s", family, given, birth_date);
}
