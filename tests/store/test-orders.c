/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fault.h"
#include "fyr-store-access-log.h"
#include "fyr-store-fixture.h"

/*
 * Everything the store may be told to do. Told that it failed, nothing is done: not one value of any table is another,
 * whichever call of the disk or of memory failed. Told of a closed store, nobody waits for an answer.
 */

typedef FyrStoreFixture Fixture;

/* One more call of it does something, or nothing; it never depends on what the former did. */
typedef struct {
  const char *name;
  gboolean (*run) (Fixture *fixture, GError **error);
} Order;

static gint64 conflict_key;

static gboolean
order_save (Fixture *fixture, GError **error)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "ringte");
  g_autoptr (FyrSaveReceipt) receipt =
      fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse), error);

  return receipt != NULL;
}

static gboolean
order_display (Fixture *fixture, GError **error)
{
  const FyrDisplay display = { .resource = FYR_AUDIT_RESOURCE_PATIENT,
                               .channel = FYR_AUDIT_CHANNEL_SCREEN,
                               .purpose = FYR_AUDIT_PURPOSE_TREATMENT,
                               .centre_id = fixture->centre };
  const char *patients[] = { fixture->patient, fixture->other, NULL };
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_log_display_async (fixture->store, &display, patients, fixture->nurse, FYR_SLOT));
  g_auto (GStrv) ids = fyr_store_log_display_finish (fixture->store, result, error);

  g_assert_true (ids == NULL || g_strv_length (ids) == 2);
  return ids != NULL;
}

static gboolean
order_next_push (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_next_push_async (fixture->store, fixture->nurse, 500, 1 << 20, FYR_SLOT));
  g_autoptr (FyrPushBatch) batch = fyr_store_next_push_finish (fixture->store, result, error);

  return batch != NULL;
}

static gboolean
order_pull (Fixture *fixture, GError **error)
{
  static gint64 seq;
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "fra tjeneren");
  g_autofree char *scope = g_strdup_printf ("%s/note", fixture->centre);
  g_autofree char *revoked = g_strdup_printf ("%s/plan", fixture->centre);
  FyrPullPage *page = fyr_pull_page_new (FYR_TEST_EPOCH, FYR_TEST_NOW + 1000 + seq);
  g_autoptr (FyrPullPage) owned = page;
  g_autoptr (GAsyncResult) result = NULL;
  gboolean done;

  fyr_pull_page_add_granted (page, scope);
  fyr_pull_page_add_revoked (page, revoked);
  fyr_pull_page_add_scope (page, scope, seq + 1, seq + 1);
  fyr_record_set_version (FYR_RECORD (note), 1);
  fyr_pull_page_add_put (page, seq + 1, FYR_RECORD (note));
  result = FYR_AWAIT (fyr_store_apply_pull_async (fixture->store, page, FYR_SLOT));
  done = fyr_store_apply_pull_finish (fixture->store, result, error);
  seq += done ? 1 : 0;
  return done;
}

static gboolean
order_rewind (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_rewind_push_async (fixture->store, fixture->nurse, NULL, 1, FYR_SLOT));

  return fyr_store_rewind_push_finish (fixture->store, result, error);
}

static gboolean
order_fork (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_fork_push_async (fixture->store, fixture->nurse, NULL, FALSE, FYR_SLOT));

  return fyr_store_fork_push_finish (fixture->store, result, error);
}

static gboolean
order_forget_user (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_forget_user_async (fixture->store, fixture->other, FYR_SLOT));

  return fyr_store_forget_user_finish (fixture->store, result, error);
}

static gboolean
order_decide (Fixture *fixture, GError **error)
{
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (GAsyncResult) result = NULL;

  json_object_set_string_member (values, "telephone", "+4733333333");
  result = FYR_AWAIT (fyr_store_decide_async (fixture->store, conflict_key, values, FYR_SLOT));
  return fyr_store_decide_finish (fixture->store, result, error);
}

static gboolean
order_next_offers (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_next_offers_async (fixture->store, FYR_SLOT));
  g_autoptr (GPtrArray) offers = fyr_store_next_offers_finish (fixture->store, result, error);

  return offers != NULL;
}

static gboolean
order_verify (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_verify_async (fixture->store, 0, FYR_SLOT));

  return fyr_store_verify_finish (fixture->store, result, error);
}

static gboolean
order_epoch (Fixture *fixture, GError **error)
{
  static guint lives;
  g_autofree char *epoch = g_strdup_printf ("epoch-%u", 2 + lives);
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_begin_epoch_async (fixture->store, epoch, FYR_SLOT));
  gboolean done = fyr_store_begin_epoch_finish (fixture->store, result, error);

  lives += done ? 1 : 0;
  return done;
}

/* The last begins another life of the server's, in which no page of the former is taken any more. */
static const Order orders[] = {
  { "save", order_save },           { "display", order_display },
  { "next push", order_next_push }, { "pull", order_pull },
  { "rewind", order_rewind },       { "fork", order_fork },
  { "verify", order_verify },       { "forget user", order_forget_user },
  { "decide", order_decide },       { "next offers", order_next_offers },
  { "epoch", order_epoch },
};

static void
append_row (GString *text, FyrStatement *row)
{
  for (int column = 0; column < fyr_statement_get_columns (row); column++) {
    gsize length = 0;
    const guint8 *bytes;

    switch (fyr_statement_get_type (row, column)) {
    case FYR_COLUMN_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, fyr_statement_get_int (row, column));
      break;
    case FYR_COLUMN_REAL:
      g_string_append_printf (text, "%.17g", fyr_statement_get_real (row, column));
      break;
    case FYR_COLUMN_TEXT:
      g_string_append (text, fyr_statement_get_text (row, column));
      break;
    case FYR_COLUMN_BLOB:
      bytes = fyr_statement_get_blob (row, column, &length);
      for (gsize i = 0; i < length; i++) {
        g_string_append_printf (text, "%02x", bytes[i]);
      }
      break;
    case FYR_COLUMN_NULL:
    default:
      g_string_append (text, "NULL");
    }
    g_string_append_c (text, '|');
  }
  g_string_append_c (text, '\n');
}

/* Every value of every table. */
static gpointer
dump_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FyrStatement) tables = fyr_connection_prepare (
      context->connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", error);

  while (tables != NULL && fyr_statement_step (tables, error) == FYR_STEP_ROW) {
    g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", fyr_statement_get_text (tables, 0));
    g_autoptr (FyrStatement) rows = fyr_connection_prepare (context->connection, sql, error);

    g_string_append_printf (text, "# %s\n", fyr_statement_get_text (tables, 0));
    while (rows != NULL && fyr_statement_step (rows, error) == FYR_STEP_ROW) {
      append_row (text, rows);
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dump (Fixture *fixture)
{
  const FyrStoreJob job = { FYR_STORE_SAVE, dump_job, NULL, NULL, g_free, dump_job };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_run_async (fixture->store, &job, FYR_SLOT));
  char *text = fyr_store_run_finish (fixture->store, dump_job, result, &error);

  g_assert_no_error (error);
  return text;
}

/* Work that is delivered, in conflict and waiting; rows of the server's; someone who may sign in without it. */
static void
fill (Fixture *fixture)
{
  g_autoptr (FyrPatient) before = fyr_test_patient (fixture, "Nordmann", "Ola");
  g_autoptr (FyrRecord) after = fyr_record_copy (FYR_RECORD (before));

  fyr_test_feed (fixture, g_object_ref (before), 1);
  fyr_patient_set_telephone (FYR_PATIENT (after), "+4711111111");
  g_assert_true (order_save (fixture, NULL));
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  conflict_key =
      fyr_test_save_ok (fixture, fyr_mutation_new_update (FYR_RECORD (before), after, fixture->nurse));
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_CONFLICT, 0));
  g_assert_true (order_save (fixture, NULL));
}

static void
fail_each_call (Fixture *fixture, const Order *order, gboolean memory)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n += memory ? 5 : 1) {
    g_autofree char *before = dump (fixture);
    g_autofree char *after = NULL;
    g_autoptr (GError) error = NULL;
    gboolean done;

    g_assert_cmpint (n, <, 5000);
    if (memory) {
      fyr_fault_arm_memory (n, FALSE);
    } else {
      fyr_fault_arm_io (FYR_FAULT_ONCE, n);
    }
    done = order->run (fixture, &error);
    struck = fyr_fault_disarm ();
    g_assert_true (done == (error == NULL));
    if (!done) {
      after = dump (fixture);
      g_test_message ("%s: %s", order->name, error->message);
      g_assert_cmpstr (after, ==, before);
      g_assert_true (error->domain == FYR_STORE_ERROR);
    }
    if (done && order->run == order_decide) {
      break;
    }
  }
}

static void
test_what_failed_on_the_disk_is_not_done (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++) {
    fail_each_call (fixture, &orders[i], FALSE);
  }
}

static void
test_what_failed_for_memory_is_not_done (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++) {
    fail_each_call (fixture, &orders[i], TRUE);
  }
}

static void
test_a_closed_store_takes_no_orders (Fixture *fixture, gconstpointer data)
{
  FyrStore *kept;

  fill (fixture);
  kept = g_object_ref (fixture->store);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fixture->store = kept;
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", orders[i].name);
    g_assert_false (orders[i].run (fixture, &error));
    g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED);
  }
  g_clear_object (&fixture->store);
}

#define ADD(name)                                                                                            \
  g_test_add ("/store/orders/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,                  \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD (what_failed_on_the_disk_is_not_done);
  ADD (what_failed_for_memory_is_not_done);
  ADD (a_closed_store_takes_no_orders);
  return g_test_run ();
}
