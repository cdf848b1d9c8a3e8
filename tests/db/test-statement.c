/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-db-fixture.h"

typedef struct {
  FyrConnection *connection;
  FyrStatement *put;
  FyrStatement *get;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->connection = fyr_connection_open (":memory:", 0, &error);
  g_assert_true (fyr_connection_exec (fixture->connection, "CREATE TABLE t (a)", &error));
  fixture->put = fyr_connection_prepare (fixture->connection, "INSERT INTO t VALUES (?1)", &error);
  fixture->get = fyr_connection_prepare (fixture->connection, "SELECT a FROM t", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_statement_free (fixture->put);
  fyr_statement_free (fixture->get);
  fyr_connection_unref (fixture->connection);
}

static void
store_and_read (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_connection_exec (fixture->connection, "DELETE FROM t", &error));
  g_assert_true (fyr_statement_run (fixture->put, &error));
  g_assert_no_error (error);
  fyr_statement_reset (fixture->get);
  g_assert_cmpint (fyr_statement_step (fixture->get, &error), ==, FYR_STEP_ROW);
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  const gint64 ints[] = { 0, -1, 1, G_MAXINT64, G_MININT64, G_GINT64_CONSTANT (1753000000000) };
  const double reals[] = { 0.5, -0.1, 1e300, 5e-324, -1e-300 };

  for (gsize i = 0; i < G_N_ELEMENTS (ints); i++) {
    fyr_statement_bind_int (fixture->put, 1, ints[i]);
    store_and_read (fixture);
    g_assert_cmpint (fyr_statement_get_int (fixture->get, 0), ==, ints[i]);
    g_assert_cmpint (fyr_statement_get_type (fixture->get, 0), ==, FYR_COLUMN_INT);
    fyr_statement_reset (fixture->get);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (reals); i++) {
    fyr_statement_bind_real (fixture->put, 1, reals[i]);
    store_and_read (fixture);
    g_assert_true (fyr_statement_get_real (fixture->get, 0) == reals[i]);
    fyr_statement_reset (fixture->get);
  }
}

static void
test_text_and_blobs (Fixture *fixture, gconstpointer data)
{
  const char *texts[] = { "", "Ærlig ØÅ", "'; DROP TABLE t; --", "\xf0\x9f\x92\x9a", "?1 :a @b $c" };
  g_autofree guint8 *big = g_malloc (3 << 20);
  gsize length;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    fyr_statement_bind_text (fixture->put, 1, texts[i]);
    store_and_read (fixture);
    g_assert_cmpstr (fyr_statement_get_text (fixture->get, 0), ==, texts[i]);
    fyr_statement_reset (fixture->get);
  }
  for (int i = 0; i < 3 << 20; i++) {
    big[i] = (guint8)(i * 31 >> 3);
  }
  fyr_statement_bind_blob (fixture->put, 1, big, 3 << 20);
  store_and_read (fixture);
  g_assert_cmpmem (fyr_statement_get_blob (fixture->get, 0, &length), length, big, 3 << 20);
  fyr_statement_bind_blob (fixture->put, 1, "", 0);
  store_and_read (fixture);
  g_assert_nonnull (fyr_statement_get_blob (fixture->get, 0, &length));
  g_assert_cmpuint (length, ==, 0);
}

static void
test_null (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 4; i++) {
    fyr_statement_bind_int (fixture->put, 1, 5);
    if (i == 0) {
      fyr_statement_bind_null (fixture->put, 1);
    } else if (i == 1) {
      fyr_statement_bind_text (fixture->put, 1, NULL);
    } else if (i == 2) {
      fyr_statement_bind_blob (fixture->put, 1, NULL, 0);
    } else {
      fyr_statement_bind_id (fixture->put, 1, NULL);
    }
    store_and_read (fixture);
    g_assert_true (fyr_statement_get_is_null (fixture->get, 0));
    g_assert_null (fyr_statement_get_text (fixture->get, 0));
    g_assert_null (fyr_statement_get_id (fixture->get, 0));
    g_assert_cmpint (fyr_statement_get_int (fixture->get, 0), ==, 0);
    fyr_statement_reset (fixture->get);
  }
}

/* As it is, whatever it is: nothing is made into something else on the way. */
static void
test_a_column_is_carried_as_it_is (Fixture *fixture, gconstpointer data)
{
  static const char *const values[] = { "7", "2.5", "'æøå'", "x'00ff00'", "NULL" };
  static const FyrColumnType types[] = { FYR_COLUMN_INT, FYR_COLUMN_REAL, FYR_COLUMN_TEXT, FYR_COLUMN_BLOB,
                                         FYR_COLUMN_NULL };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *sql = g_strconcat ("SELECT ", values[i], NULL);
    g_autofree char *same = g_strconcat ("SELECT a IS ", values[i], " FROM t", NULL);
    g_autoptr (FyrStatement) from = fyr_connection_prepare (fixture->connection, sql, NULL);

    g_assert_cmpint (fyr_statement_step (from, NULL), ==, FYR_STEP_ROW);
    fyr_statement_bind_column (fixture->put, 1, from, 0);
    store_and_read (fixture);
    g_assert_cmpint (fyr_statement_get_type (fixture->get, 0), ==, types[i]);
    g_assert_cmpint (fyr_test_scalar (fixture->connection, same), ==, 1);
    fyr_statement_reset (fixture->get);
  }
}

static void
test_ids_are_sixteen_bytes (Fixture *fixture, gconstpointer data)
{
  const char *id = "0198f0aa-1234-7abc-8def-00112233ffee";
  gsize length;

  fyr_statement_bind_id (fixture->put, 1, id);
  store_and_read (fixture);
  g_assert_cmpint (fyr_statement_get_type (fixture->get, 0), ==, FYR_COLUMN_BLOB);
  fyr_statement_get_blob (fixture->get, 0, &length);
  g_assert_cmpuint (length, ==, 16);
  g_assert_cmpstr (fyr_statement_get_id (fixture->get, 0), ==, id);
}

static void
assert_refused (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fyr_statement_step (fixture->put, &error), ==, FYR_STEP_ERROR);
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED);
  g_assert_cmpint (fyr_test_scalar (fixture->connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_bad_values_are_refused_before_running (Fixture *fixture, gconstpointer data)
{
  const char *ids[] = { "",
                        "x",
                        "0198f0aa-1234-7abc-8def-00112233ffe",
                        "0198f0aa-1234-7abc-8def-00112233ffee0",
                        "0198f0aa+1234-7abc-8def-00112233ffee",
                        "0198f0aa-1234-7abc-8def-00112233ffeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    fyr_statement_bind_id (fixture->put, 1, ids[i]);
    assert_refused (fixture);
  }
  fyr_statement_bind_real (fixture->put, 1, NAN);
  assert_refused (fixture);
  fyr_statement_bind_real (fixture->put, 1, INFINITY);
  assert_refused (fixture);
  fyr_statement_bind_text (fixture->put, 1, "\xff\xfe");
  assert_refused (fixture);
  fyr_statement_bind_int (fixture->put, 2, 1);
  assert_refused (fixture);
  fyr_statement_bind_int (fixture->put, 0, 1);
  assert_refused (fixture);
}

static void
test_after_a_refusal_it_works_again (Fixture *fixture, gconstpointer data)
{
  fyr_statement_bind_real (fixture->put, 1, NAN);
  assert_refused (fixture);
  fyr_statement_bind_int (fixture->put, 1, 3);
  store_and_read (fixture);
  g_assert_cmpint (fyr_statement_get_int (fixture->get, 0), ==, 3);
}

static void
test_wrong_types_in_the_file_are_reported (Fixture *fixture, gconstpointer data)
{
  const char *rows[] = { "'text'", "1.5", "x'00'", "1", "x'ff'", "CAST (x'ff' AS TEXT)" };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT %s UNION ALL SELECT NULL", rows[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrStatement) statement = fyr_connection_prepare (fixture->connection, sql, &error);

    g_assert_cmpint (fyr_statement_step (statement, &error), ==, FYR_STEP_ROW);
    if (i < 3) {
      g_assert_cmpint (fyr_statement_get_int (statement, 0), ==, 0);
    } else if (i == 4) {
      g_assert_null (fyr_statement_get_id (statement, 0));
    } else {
      g_assert_null (fyr_statement_get_text (statement, 0));
    }
    g_assert_cmpint (fyr_statement_step (statement, &error), ==, FYR_STEP_ERROR);
    g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT);
  }
}

static void
test_constraints_have_their_own_code (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      fyr_connection_exec (fixture->connection, "CREATE TABLE u (a INTEGER NOT NULL) STRICT", &error));
  g_assert_false (fyr_connection_exec (fixture->connection, "INSERT INTO u VALUES (NULL)", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_false (fyr_connection_exec (fixture->connection, "INSERT INTO u VALUES ('secret name')", &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
  g_assert_null (strstr (error->message, "secret"));
}

/* Whatever is put in comes out, of whatever type; the seed is printed to repeat a failure. */
static void
test_random_values_come_back (Fixture *fixture, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 500; i++) {
    gsize length = (gsize)g_rand_int_range (rand, 0, 300);
    guint8 bytes[300];
    gsize got;

    for (gsize j = 0; j < length; j++) {
      bytes[j] = (guint8)g_rand_int (rand);
    }
    fyr_statement_bind_blob (fixture->put, 1, bytes, length);
    store_and_read (fixture);
    g_assert_cmpmem (fyr_statement_get_blob (fixture->get, 0, &got), got, bytes, length);
    fyr_statement_reset (fixture->get);
  }
}

#define ADD(name, function) g_test_add ("/db/statement/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("numbers", test_numbers);
  ADD ("text-and-blobs", test_text_and_blobs);
  ADD ("null", test_null);
  ADD ("a-column-is-carried-as-it-is", test_a_column_is_carried_as_it_is);
  ADD ("ids-are-sixteen-bytes", test_ids_are_sixteen_bytes);
  ADD ("bad-values-are-refused-before-running", test_bad_values_are_refused_before_running);
  ADD ("after-a-refusal-it-works-again", test_after_a_refusal_it_works_again);
  ADD ("wrong-types-in-the-file-are-reported", test_wrong_types_in_the_file_are_reported);
  ADD ("constraints-have-their-own-code", test_constraints_have_their_own_code);
  ADD ("random-values-come-back", test_random_values_come_back);
  return g_test_run ();
}
