/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it costs that the workstation's database is sealed: the same rows, questions and commits, sealed and plain, side
 * by side. Sizes and goals of performance.md, "Local database": two million measurements of 500 patients.
 */
#include <stdio.h>
#include <stdlib.h>

#include <glib/gstdio.h>

#include "fyr-connection.h"
#include "fyr-page-seal.h"
#include "fyr-transaction.h"

#define PATIENTS 500
#define KINDS 8
#define ROWS_EACH 500 /* 2,000,000 in all */
#define QUESTIONS 2000
#define COMMITS 400
#define SCREEN_MS 10.0
#define COLD_MS 50.0
#define SAVE_MS 20.0

typedef struct {
  const char *name;
  char *path;
  FyrPageKey *key;         /* (nullable) */
  double warm, cold, save; /* ms, 99 of 100 */
  double usual;            /* look-up in a warm database, ms, median */
} Side;

static void
check (gboolean ok, GError *error)
{
  if (!ok) {
    fprintf (stderr, "bench-sealed: %s\n", error != NULL ? error->message : "failed");
    exit (1);
  }
}

static FyrConnection *
open_side (const Side *side)
{
  const FyrConnectionFlags flags = FYR_CONNECTION_CREATE | FYR_CONNECTION_EXCLUSIVE;
  GError *error = NULL;
  FyrConnection *connection = side->key != NULL
                                  ? fyr_connection_open_sealed (side->path, side->key, flags, &error)
                                  : fyr_connection_open (side->path, flags, &error);

  check (connection != NULL && fyr_connection_exec (connection, "PRAGMA cache_size = -32000", &error), error);
  return connection;
}

static void
fill (const Side *side)
{
  g_autoptr (FyrConnection) connection = open_side (side);
  g_autofree char *sql =
      g_strdup_printf ("CREATE TABLE m (patient INTEGER, kind INTEGER, time INTEGER, value REAL, id BLOB,"
                       " PRIMARY KEY (patient, kind, time)) WITHOUT ROWID;"
                       "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT %d)"
                       " INSERT INTO m SELECT i / %d, i / %d %% %d, i %% %d, i * 0.5, randomblob (16) FROM n",
                       PATIENTS * KINDS * ROWS_EACH, KINDS * ROWS_EACH, ROWS_EACH, KINDS, ROWS_EACH);
  GError *error = NULL;

  check (fyr_connection_exec (connection, sql, &error), error);
}

static int
compare (gconstpointer left, gconstpointer right)
{
  double a = *(const double *)left, b = *(const double *)right;

  return a < b ? -1 : a > b;
}

static double
percentile (double *values, guint n, guint part)
{
  qsort (values, n, sizeof *values, compare);
  return values[MIN (n - 1, n * part / 100)];
}

/* One patient's rows of one kind, of patients in an order that no cache likes. In milliseconds, 99 of 100. @median:
 * (nullable) */
static double
ask (FyrConnection *connection, guint32 seed, double *median)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  g_autofree double *took = g_new (double, QUESTIONS);
  GError *error = NULL;

  for (guint i = 0; i < QUESTIONS; i++) {
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (FyrStatement) select = fyr_connection_prepare (
        connection, "SELECT sum (value), count (*) FROM m WHERE patient = ?1 AND kind = ?2", &error);

    check (select != NULL, error);
    fyr_statement_bind_int (select, 1, g_rand_int_range (chance, 0, PATIENTS));
    fyr_statement_bind_int (select, 2, g_rand_int_range (chance, 0, KINDS));
    check (fyr_statement_step (select, &error) == FYR_STEP_ROW, error);
    took[i] = (double)(g_get_monotonic_time () - begin) / 1000;
  }
  if (median != NULL) {
    *median = percentile (took, QUESTIONS, 50);
  }
  return percentile (took, QUESTIONS, 99);
}

static double
save (FyrConnection *connection)
{
  g_autofree double *took = g_new (double, COMMITS);
  GError *error = NULL;

  for (guint i = 0; i < COMMITS; i++) {
    gint64 begin = g_get_monotonic_time ();
    g_autofree char *sql =
        g_strdup_printf ("INSERT INTO m VALUES (%u, 0, %u, 1, randomblob (16))", i % PATIENTS, ROWS_EACH + i);
    g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, &error);

    check (transaction != NULL && fyr_connection_exec (connection, sql, &error) &&
               fyr_transaction_commit (transaction, &error),
           error);
    took[i] = (double)(g_get_monotonic_time () - begin) / 1000;
  }
  return percentile (took, COMMITS, 99);
}

static void
measure (Side *side)
{
  g_autoptr (FyrConnection) connection = NULL;

  fill (side);
  connection = open_side (side);
  side->cold = ask (connection, 1, NULL);
  side->warm = ask (connection, 1, &side->usual);
  side->save = save (connection);
}

static void
tell (const char *name, double value, const char *unit, double goal)
{
  printf ("{\"name\": \"sealed: %s\", \"value\": %.3f, \"unit\": \"%s\", \"goal\": ", name, value, unit);
  if (goal > 0) {
    printf ("\"≤ %g\", \"ok\": %s}\n", goal, value <= goal ? "true" : "false");
  } else {
    printf ("null, \"ok\": null}\n");
  }
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fyrlykt-sealed-XXXXXX", NULL);
  g_autoptr (FyrPageKey) key = fyr_page_key_new_random ();
  Side plain = { "plain", g_build_filename (folder, "plain.db", NULL), NULL, 0, 0, 0, 0 };
  Side sealed = { "sealed", g_build_filename (folder, "sealed.db", NULL), key, 0, 0, 0, 0 };
  const char *const files[] = { "plain.db", "sealed.db", "sealed.db-mark" };

  measure (&plain);
  measure (&sealed);
  tell ("look-up, plain, median", plain.usual, "ms", 0);
  tell ("look-up, sealed, median", sealed.usual, "ms", SCREEN_MS);
  tell ("look-up, plain, p99", plain.warm, "ms", 0);
  tell ("look-up, sealed, p99", sealed.warm, "ms", SCREEN_MS);
  tell ("first look-ups, plain, p99", plain.cold, "ms", 0);
  tell ("first look-ups, sealed, p99", sealed.cold, "ms", COLD_MS);
  tell ("save, plain, p99", plain.save, "ms", 0);
  tell ("save, sealed, p99", sealed.save, "ms", SAVE_MS);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (folder, files[i], NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (plain.path);
  g_free (sealed.path);
  return 0;
}
