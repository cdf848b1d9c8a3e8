/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-alert-category.h"
#include "fyr-store-rows.h"
#include "fyr-text-fold.h"
#include "fyr-store-sql.h"

#define NO_PATIENT_YET "INSERT INTO patient_index VALUES (?1, 0, '', NULL, 0, 0, ?2, 0, 9)"

#define A_RING 0xe5

/* Letters that sort with others of another shape, which no decomposition tells. */
static const char *
sort_letters (gunichar letter)
{
  switch (letter) {
  case 0xe6: /* æ */
  case 0xe4: /* ä */
    return "{a";
  case 0xf8: /* ø */
  case 0xf6: /* ö */
    return "{o";
  case A_RING:
    return "{p";
  case 0xdf: /* ß */
    return "ss";
  case 0xf0:  /* ð */
  case 0x111: /* đ */
    return "d";
  case 0x142: /* ł */
    return "l";
  case 0xfe: /* þ */
    return "th";
  default:
    return NULL;
  }
}

/* Norwegian order: æ, ø, å after z; foreign ä and ö beside æ and ø; other accents and strokes as their letter. */
static void
append_sort_letter (GString *key, gunichar letter)
{
  const char *letters = sort_letters (letter);
  gunichar parts[4];

  if (letters != NULL) {
    g_string_append (key, letters);
  } else if (g_unichar_isalnum (letter)) {
    g_unichar_fully_decompose (letter, FALSE, parts, G_N_ELEMENTS (parts));
    letters = sort_letters (parts[0]);
    if (letters != NULL) {
      g_string_append (key, letters);
    } else {
      g_string_append_unichar (key, parts[0]);
    }
  } else if (key->len > 0 && key->str[key->len - 1] != ' ') {
    g_string_append_c (key, ' ');
  }
}

/* In names aa is how å was written before 1917, and stands where å does: Aasen beside Åsen (nb in Unicode's CLDR). */
static void
append_sort_name (GString *key, const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name != NULL ? name : "", -1, G_NORMALIZE_DEFAULT_COMPOSE);
  g_autofree char *lower = g_utf8_strdown (composed != NULL ? composed : "", -1);

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at)) {
    if (g_str_has_prefix (at, "aa")) {
      append_sort_letter (key, A_RING);
      at++;
    } else {
      append_sort_letter (key, g_utf8_get_char (at));
    }
  }
}

/* Two spaces, which stand in no name: every Berg comes before the first Berg Hansen. */
static char *
make_sort_name (const char *family_name, const char *given_name)
{
  g_autoptr (GString) key = g_string_new (NULL);

  append_sort_name (key, family_name);
  g_string_append (key, "  ");
  append_sort_name (key, given_name);
  return g_string_free (g_steal_pointer (&key), FALSE);
}

static gboolean
only_digits (const char *text)
{
  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

/* Digits of a telephone as people type them: without the country in front. */
static char *
bare_number (const char *text)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  const char *rest = text;

  for (; *rest != '\0'; rest++) {
    if (g_ascii_isdigit (*rest)) {
      g_string_append_c (digits, *rest);
    } else if (strchr (" +-.()/", *rest) == NULL) {
      return NULL;
    }
  }
  if (text[0] == '+' && g_str_has_prefix (digits->str, "47")) {
    g_string_erase (digits, 0, 2);
  } else if (g_str_has_prefix (digits->str, "0047")) {
    g_string_erase (digits, 0, 4);
  }
  return digits->len > 0 ? g_string_free (g_steal_pointer (&digits), FALSE) : NULL;
}

char **
fyr_patient_search_words (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *stripped = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autofree char *number = bare_number (stripped);
  g_autofree char *folded = NULL;
  g_auto (GStrv) parts = NULL;

  if (number != NULL) {
    g_strv_builder_add (words, number);
    return g_strv_builder_end (words);
  }
  folded = fyr_text_fold (stripped);
  parts = g_strsplit (folded, " ", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] != '\0') {
      g_strv_builder_add (words, parts[i]);
    }
  }
  return g_strv_builder_end (words);
}

static void
add_words (GHashTable *words, const char *text)
{
  g_autofree char *folded = fyr_text_fold (text);
  g_auto (GStrv) parts = g_strsplit (folded, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] != '\0') {
      g_hash_table_add (words, g_strdup (parts[i]));
    }
  }
}

static void
add_number (GHashTable *words, const char *text)
{
  char *number = text != NULL ? bare_number (text) : NULL;

  if (number != NULL) {
    g_hash_table_add (words, number);
  }
}

static GHashTable *
collect_words (FyrPatient *patient)
{
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_words (words, fyr_patient_get_family_name (patient));
  add_words (words, fyr_patient_get_given_name (patient));
  add_number (words, fyr_patient_get_telephone (patient));
  add_number (words, fyr_patient_get_telephone_2 (patient));
  if (fyr_patient_get_identity_number (patient) != NULL &&
      only_digits (fyr_patient_get_identity_number (patient))) {
    g_hash_table_add (words, g_strdup (fyr_patient_get_identity_number (patient)));
  }
  return words;
}

static gboolean
drop_words (FyrStoreContext *context, const char *patient_id, GError **error)
{
  return fyr_store_execute (context, error, "DELETE FROM patient_word WHERE patient_id = ?1",
                            FYR_ID (patient_id));
}

static gboolean
insert_words (FyrStoreContext *context, FyrPatient *patient, const char *sort_name, GError **error)
{
  g_autoptr (GHashTable) words = collect_words (patient);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context, "INSERT INTO patient_word VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);
  GHashTableIter iter;
  gpointer word;

  if (statement == NULL) {
    return FALSE;
  }
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL)) {
    g_string_append_printf (all, " %s", (char *)word);
  }
  fyr_statement_bind_id (statement, 2, fyr_record_get_id (FYR_RECORD (patient)));
  fyr_statement_bind_text (statement, 3, sort_name);
  fyr_statement_bind_text (statement, 4, all->str);
  fyr_statement_bind_int (statement, 5, fyr_patient_get_status (patient));
  fyr_statement_bind_int (statement, 6, fyr_patient_get_zone (patient));
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL)) {
    fyr_statement_bind_text (statement, 1, word);
    if (!fyr_statement_run (statement, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
put_position (FyrStoreContext *context, FyrPatient *patient, const char *sort_name, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO patient_index VALUES (?1, 1, ?2, ?3, ?4, ?5, 0, 0, 9)"
      " ON CONFLICT (patient_id) DO UPDATE SET present = 1, sort_name = excluded.sort_name,"
      " duplicate_key = excluded.duplicate_key, status = excluded.status, zone = excluded.zone",
      error);
  g_autofree char *duplicate_key =
      fyr_person_duplicate_key (fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient),
                                fyr_patient_get_birth_date (patient));

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, fyr_record_get_id (FYR_RECORD (patient)));
  fyr_statement_bind_text (statement, 2, sort_name);
  fyr_statement_bind_text (statement, 3, duplicate_key);
  fyr_statement_bind_int (statement, 4, fyr_patient_get_status (patient));
  fyr_statement_bind_int (statement, 5, fyr_patient_get_zone (patient));
  return fyr_statement_run (statement, error);
}

gboolean
fyr_patient_index_put (FyrStoreContext *context, FyrPatient *patient, GError **error)
{
  g_autofree char *sort_name =
      make_sort_name (fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient));

  return put_position (context, patient, sort_name, error) &&
         drop_words (context, fyr_record_get_id (FYR_RECORD (patient)), error) &&
         insert_words (context, patient, sort_name, error);
}

gboolean
fyr_patient_index_delete (FyrStoreContext *context, const char *patient_id, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE patient_index SET present = 0, sort_name = '', duplicate_key = NULL "
                            "WHERE patient_id = ?1",
                            FYR_ID (patient_id)) &&
         drop_words (context, patient_id, error);
}

static gboolean
set_sort_name (FyrConnection *connection, const char *sql, const char *id, const char *name, GError **error)
{
  g_autoptr (FyrStatement) update = fyr_connection_prepare (connection, sql, error);

  if (update == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (update, 1, id);
  fyr_statement_bind_text (update, 2, name);
  return fyr_statement_run (update, error);
}

gboolean
fyr_patient_index_sort_again (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT id, family_name, given_name FROM patient", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    const char *id = fyr_statement_get_id (select, 0);
    g_autofree char *name =
        make_sort_name (fyr_statement_get_text (select, 1), fyr_statement_get_text (select, 2));

    if (!set_sort_name (connection, "UPDATE patient_index SET sort_name = ?2 WHERE patient_id = ?1", id, name,
                        error) ||
        !set_sort_name (connection, "UPDATE patient_word SET sort_name = ?2 WHERE patient_id = ?1", id, name,
                        error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

/* The worst of the categories counted, by the order of the alert list. */
static gboolean
count_open (FyrStoreContext *context, const char *patient_id, gint64 *count, gint64 *worst, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT category, count(*) FROM alert WHERE patient_id = ?1 AND status <> 3 GROUP BY category",
      FYR_ID (patient_id));
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  *count = 0;
  *worst = FYR_NO_WORST;
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    int rank = fyr_alert_category_get_rank ((FyrAlertCategory)fyr_statement_get_int (statement, 0));

    *count += fyr_statement_get_int (statement, 1);
    *worst = MIN (*worst, rank);
  }
  return step == FYR_STEP_DONE;
}

gboolean
fyr_patient_index_count_alerts (FyrStoreContext *context, const char *patient_id, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO patient_index VALUES (?1, 0, '', NULL, 0, 0, 0, ?2, ?3) ON CONFLICT (patient_id)"
      " DO UPDATE SET open_alerts = excluded.open_alerts, worst = excluded.worst",
      error);
  gint64 count;
  gint64 worst;

  if (statement == NULL || !count_open (context, patient_id, &count, &worst, error)) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, patient_id);
  fyr_statement_bind_int (statement, 2, count);
  fyr_statement_bind_int (statement, 3, worst);
  return fyr_statement_run (statement, error);
}

gboolean
fyr_patient_index_note_report (FyrStoreContext *context, const char *patient_id, gint64 time, GError **error)
{
  return fyr_store_execute (context, error,
                            NO_PATIENT_YET
                            " ON CONFLICT (patient_id) DO UPDATE SET last_report = excluded.last_report"
                            " WHERE excluded.last_report > patient_index.last_report",
                            FYR_ID (patient_id), FYR_INT (time));
}

gboolean
fyr_patient_index_reset_report (FyrStoreContext *context, const char *patient_id, GError **error)
{
  return fyr_store_execute (context, error,
                            "UPDATE patient_index SET last_report = coalesce ((SELECT max (time) FROM latest"
                            " WHERE latest.patient_id = ?1), 0) WHERE patient_id = ?1",
                            FYR_ID (patient_id));
}
