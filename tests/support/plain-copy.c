/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a workstation's database, which is sealed, in one that any SQLite program reads, for tests written in
 * Python: plain-copy DATABASE COPY, and on its input lines of a user's name, a tab and her password, of whom the first
 * that is known there opens it
 */
#include <stdio.h>

#include <glib/gstdio.h>

#include "fyr-connection.h"
#include "fyr-store-keys.h"

static gboolean
copy_rows (FyrConnection *from, FyrConnection *to, const char *table, GError **error)
{
  g_autofree char *question = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (from, question, error);
  g_autoptr (FyrStatement) insert = NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  g_string_printf (sql, "INSERT INTO \"%s\" VALUES (?1", table);
  for (int i = 2; i <= fyr_statement_get_columns (select); i++) {
    g_string_append_printf (sql, ", ?%d", i);
  }
  g_string_append_c (sql, ')');
  insert = fyr_connection_prepare (to, sql->str, error);
  while (insert != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    for (int i = 0; i < fyr_statement_get_columns (select); i++) {
      fyr_statement_bind_column (insert, i + 1, select, i);
    }
    if (!fyr_statement_run (insert, error)) {
      return FALSE;
    }
    fyr_statement_reset (insert);
  }
  return insert != NULL && step == FYR_STEP_DONE;
}

static gboolean
copy_tables (FyrConnection *from, FyrConnection *to, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      from, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name", error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    if (!fyr_connection_exec (to, fyr_statement_get_text (select, 1), error) ||
        !copy_rows (from, to, fyr_statement_get_text (select, 0), error)) {
      return FALSE;
    }
  }
  return step == FYR_STEP_DONE;
}

/* A password costs a moment, so names that are not known are passed over. */
static gboolean
unlock (FyrStoreKeys *keys)
{
  char line[1024];

  while (fyr_store_keys_get_key (keys) == NULL && fgets (line, sizeof line, stdin) != NULL) {
    g_auto (GStrv) words = g_strsplit (g_strchomp (line), "\t", 2);
    g_autofree char *name = words[0] != NULL ? g_utf8_casefold (words[0], -1) : NULL;
    g_autoptr (FyrPageKey) main_key = NULL;
    FyrKeyTrial trial;

    if (name != NULL && words[1] != NULL && fyr_store_keys_find (keys, name, &trial)) {
      main_key = fyr_key_trial_run (&trial, words[1]);
    }
    if (main_key != NULL) {
      fyr_store_keys_unlock (keys, main_key, NULL);
    }
  }
  return fyr_store_keys_get_key (keys) != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  g_autoptr (FyrConnection) from = NULL;
  g_autoptr (FyrConnection) to = NULL;

  if (argc != 3) {
    fprintf (stderr, "usage: plain-copy DATABASE COPY\n");
    return 2;
  }
  keys = fyr_store_keys_open (argv[1], &error);
  if (keys != NULL && !unlock (keys)) {
    fprintf (stderr, "plain-copy: nobody who opens the database was named\n");
    return 1;
  }
  if (keys != NULL) {
    from = fyr_connection_open_sealed (argv[1], fyr_store_keys_get_key (keys), FYR_CONNECTION_NONE, &error);
  }
  g_unlink (argv[2]);
  to = from != NULL ? fyr_connection_open (argv[2], FYR_CONNECTION_CREATE, &error) : NULL;
  if (to == NULL || !fyr_connection_exec (to, "PRAGMA foreign_keys = OFF; BEGIN", &error) ||
      !copy_tables (from, to, &error) || !fyr_connection_exec (to, "COMMIT", &error)) {
    fprintf (stderr, "plain-copy: %s\n", error->message);
    return 1;
  }
  return 0;
}
