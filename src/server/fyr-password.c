/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-password.h"

#include <sodium.h>
#include <string.h>

#define MEMORY_BYTES (64u * 1024 * 1024)
#define PASSES 3

/* Words most breached passwords are made of, in English and Norwegian; figures and signs round them do not help. */
static const char *const common_words[] = {
  "password",         "passord",        "qwerty",        "qwertyuiop", "letmein",      "welcome",
  "velkommen",        "admin",          "administrator", "hemmelig",   "sommer",       "vinter",
  "hosten",           "varen",          "norge",         "oslo",       "bergen",       "trondheim",
  "stavanger",        "tromso",         "football",      "fotball",    "liverpool",    "manchester",
  "arsenal",          "rosenborg",      "brann",         "iloveyou",   "jegelskerdeg", "sunshine",
  "solskinn",         "princess",       "prinsesse",     "dragon",     "monkey",       "master",
  "superman",         "batman",         "pokemon",       "starwars",   "computer",     "datamaskin",
  "internet",         "sykehus",        "sykepleier",    "helse",      "fastlege",     "legevakt",
  "pasient",          "kommune",        "oppfolging",    "fyrlykt",    "changeme",     "default",
  "secret",           "trustnoone",     "whatever",      "football",   "baseball",     "shadow",
  "michael",          "jennifer",       "asdfghjkl",     "zxcvbnm",    "qazwsx",       "onetwothree",
  "passwordpassword", "passordpassord", "january",       "januar",     "monday",       "mandag",
};

static const char *const rows[] = { "01234567890123456789", "98765432109876543210",
                                    "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
                                    "1qaz2wsx3edc4rfv5tgb6yhn" };

/* Reads figures and signs as the letters they stand for, and drops the rest. */
static char *
plain_letters (const char *password)
{
  static const char *const from = "@430$5!71";
  static const char *const to = "aaeossiti";
  GString *text = g_string_new (NULL);
  const char *end = password + strlen (password);

  /* Figures hung on behind are not letters. */
  while (end > password && !g_ascii_isalpha (end[-1])) {
    end--;
  }
  for (const char *p = password; p < end; p++) {
    const char *found = strchr (from, *p);
    char c = found != NULL ? to[found - from] : g_ascii_tolower (*p);
    if (g_ascii_isalpha (c)) {
      g_string_append_c (text, c);
    }
  }
  return g_string_free (text, FALSE);
}

static char *
bare_letters (const char *password)
{
  GString *text = g_string_new (NULL);

  for (const char *p = password; *p != '\0'; p++) {
    if (g_ascii_isalpha (*p) || (guchar)*p >= 0x80) {
      g_string_append_c (text, g_ascii_tolower (*p));
    }
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_common (const char *password)
{
  g_autofree char *bare = bare_letters (password);
  g_autofree char *read = plain_letters (password);
  gsize letters = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (common_words); i++) {
    if (g_str_equal (bare, common_words[i]) || g_str_equal (read, common_words[i])) {
      return TRUE;
    }
  }
  /* A common word and a little more is no better: "Velkommen2024a". */
  letters = strlen (bare);
  for (gsize i = 0; i < G_N_ELEMENTS (common_words); i++) {
    if (g_str_has_prefix (bare, common_words[i]) && letters < strlen (common_words[i]) + 3) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
is_row (const char *password)
{
  g_autofree char *lower = g_ascii_strdown (password, -1);
  gboolean same = TRUE;

  for (const char *p = lower; *p != '\0'; p++) {
    same = same && *p == lower[0];
  }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    same = same || strstr (rows[i], lower) != NULL;
  }
  return same;
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, reason);
  return FALSE;
}

gboolean
fyr_password_check (const char *password, const char *user_name, GError **error)
{
  g_autofree char *folded = g_utf8_validate (password, -1, NULL) ? g_utf8_casefold (password, -1) : NULL;
  g_autofree char *name = user_name != NULL ? g_utf8_casefold (user_name, -1) : NULL;

  if (folded == NULL || strlen (password) > FYR_PASSWORD_MAX_BYTES) {
    return refuse (error, "The password is too long or not text");
  }
  if (g_utf8_strlen (password, -1) < FYR_PASSWORD_MIN) {
    return refuse (error, "The password must have at least 10 characters");
  }
  if (is_row (password) || is_common (password)) {
    return refuse (error, "The password is one of those tried first: choose another");
  }
  if (name != NULL && strlen (name) >= 3 && strstr (folded, name) != NULL) {
    return refuse (error, "The password must not hold the user name");
  }
  return TRUE;
}

static char *
hash_with (const char *password, guint64 passes, gsize memory)
{
  char *text = g_malloc0 (crypto_pwhash_STRBYTES);

  if (crypto_pwhash_str_alg (text, password, strlen (password), passes, memory,
                             crypto_pwhash_ALG_ARGON2ID13) == 0) {
    return text;
  }
  g_free (text);
  return NULL;
}

char *
fyr_password_hash (const char *password, GError **error)
{
  char *text = hash_with (password, PASSES, MEMORY_BYTES);

  if (text == NULL) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_BUSY,
                         "Not enough memory to hash a password");
  }
  return text;
}

char *
fyr_password_hash_cheaply (const char *password)
{
  return hash_with (password, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN);
}

/* The hash of a password nobody has: made once, so that unknown users cost as much as known ones. */
static const char *
nobody (void)
{
  static gsize once = 0;
  static char *hash = NULL;

  if (g_once_init_enter (&once)) {
    g_autofree char *random = g_uuid_string_random ();
    hash = hash_with (random, PASSES, MEMORY_BYTES);
    g_once_init_leave (&once, 1);
  }
  return hash;
}

gboolean
fyr_password_verify (const char *hash, const char *password)
{
  gboolean known = hash != NULL;
  const char *against = known ? hash : nobody ();

  return against != NULL && crypto_pwhash_str_verify (against, password, strlen (password)) == 0 && known;
}
