/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was taken away from a workstation is on a list until that workstation says that nothing of it is left. */
#include <string.h>

#include "fyr-holding.h"
#include "fyr-housekeeping.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static void
end_roles (World *world)
{
  char sql[] = "UPDATE membership SET valid_to = 1 WHERE role = 1";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
}

static void
give_roles_back (World *world)
{
  char sql[] = "UPDATE membership SET valid_to = NULL WHERE role = 1";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
}

static GPtrArray *
list (World *world, gboolean all)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (world->db, NULL);
  g_autoptr (FyrTransaction) reading = fyr_transaction_begin_read (reader, NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  g_assert_true (fyr_row_security_begin (reader, FYR_ROW_SECURITY_ALL, NULL));
  rows = fyr_holding_list (reader, all, g_get_real_time () / 1000, &error);
  g_assert_no_error (error);
  return rows;
}

static char *
note_feed (World *world)
{
  return g_strdup_printf ("%s/note", world->centre);
}

static FyrRevocation *
find (GPtrArray *rows, const char *scope)
{
  for (guint i = 0; i < rows->len; i++) {
    FyrRevocation *row = g_ptr_array_index (rows, i);

    if (g_str_equal (row->scope, scope)) {
      return row;
    }
  }
  return NULL;
}

static void
pull (Station *station)
{
  g_autoptr (FyrPullReply) reply = station_pull (station, FYR_PULL_MAX_BYTES);

  g_assert_true (reply->complete);
}

static void
test_what_is_held_and_granted_is_on_no_list (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) rows = NULL;

  pull (station);
  pull (station);
  rows = list (world, TRUE);
  g_assert_cmpuint (rows->len, ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM holding"), >, 4);
}

/* The workstation is away: the operator sees that it holds what its user may not have. */
static void
test_who_has_not_asked_since_is_on_the_list (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *notes = note_feed (world);
  g_autoptr (GPtrArray) rows = NULL;
  FyrRevocation *row;

  pull (station);
  end_roles (world);
  rows = list (world, FALSE);
  row = find (rows, notes);
  g_assert_nonnull (row);
  g_assert_cmpstr (row->device, ==, station->device);
  g_assert_cmpstr (row->user_id, ==, world->nurse);
  g_assert_cmpint (row->told, ==, 0);
}

static void
test_told_is_not_gone_until_it_is_confirmed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *notes = note_feed (world);
  g_autoptr (GPtrArray) told = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) all = NULL;

  pull (station);
  end_roles (world);
  pull (station);
  told = list (world, FALSE);
  g_assert_cmpint (find (told, notes)->told, >, 0);
  station->removed = g_strdup (notes);
  pull (station);
  left = list (world, FALSE);
  g_assert_null (find (left, notes));
  g_assert_cmpuint (left->len, ==, told->len - 1);
  all = list (world, TRUE);
  g_assert_cmpint (find (all, notes)->confirmed, >=, find (told, notes)->told);
}

/* Of a feed that it asks for it has something, whatever it says. */
static void
test_a_feed_asked_for_is_not_removed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *notes = note_feed (world);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 zero = 0;

  pull (station);
  end_roles (world);
  pull (station);
  g_hash_table_insert (station->cursors, g_strdup (notes), g_memdup2 (&zero, sizeof zero));
  station->removed = g_strdup (notes);
  pull (station);
  rows = list (world, FALSE);
  g_assert_nonnull (find (rows, notes));
}

static void
test_access_that_came_back_needs_no_confirmation (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) rows = NULL;

  pull (station);
  end_roles (world);
  pull (station);
  give_roles_back (world);
  pull (station);
  rows = list (world, TRUE);
  g_assert_cmpuint (rows->len, ==, 0);
}

/* What a workstation removed by itself, for a new life of the server, is known to be gone at once. */
static void
test_removed_before_it_was_told (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *notes = note_feed (world);
  g_autoptr (GPtrArray) rows = NULL;

  pull (station);
  end_roles (world);
  g_hash_table_remove_all (station->cursors);
  station->removed = g_strdup (notes);
  pull (station);
  rows = list (world, FALSE);
  g_assert_cmpuint (rows->len, >, 0);
  g_assert_null (find (rows, notes));
}

static void
test_nothing_is_written_when_nothing_is_new (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrConnection) reader = NULL;
  FyrPull again = { .db = world->db, .may_wait = TRUE };
  GHashTableIter iter;
  gpointer name, seq;

  pull (station);
  reader = fyr_server_db_open_reader (world->db, NULL);
  again.request = fyr_pull_request_new ();
  again.request->epoch = g_strdup (fyr_server_db_get_epoch (world->db));
  again.request->device = g_strdup (station->device);
  g_hash_table_iter_init (&iter, station->cursors);
  while (g_hash_table_iter_next (&iter, &name, &seq)) {
    fyr_pull_request_set_cursor (again.request, name, *(gint64 *)seq);
  }
  again.reply = fyr_reply_new ();
  fyr_token_hash (station->token, again.token);
  {
    g_autoptr (FyrTransaction) reading = fyr_transaction_begin_read (reader, NULL);

    g_assert_true (fyr_pull_run (reader, &again, NULL));
  }
  g_assert_null (again.note);
  fyr_reply_free (again.reply);
  fyr_pull_request_free (again.request);
  g_hash_table_unref (again.granted);
}

static gboolean
house_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_housekeeping_run (context, 0, *(gint64 *)data, NULL, error);
}

/* What is confirmed is history after a year and more; what is not confirmed is never forgotten. */
static void
test_only_what_is_confirmed_is_forgotten (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  gint64 later = g_get_real_time () / 1000 + (FYR_OUTCOME_DAYS + 1) * G_TIME_SPAN_DAY / 1000;
  gint64 told;

  pull (station);
  end_roles (world);
  pull (station);
  told = world_count (world, "SELECT count (*) FROM revocation");
  station->removed = note_feed (world);
  pull (station);
  g_assert_true (fyr_server_db_write (world->db, house_job, &later, NULL));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM revocation"), ==, told - 1);
}

#define ADD(text, name) g_test_add_func ("/server/holding/" text, test_##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what is held and granted is on no list", what_is_held_and_granted_is_on_no_list);
  ADD ("who has not asked since is on the list", who_has_not_asked_since_is_on_the_list);
  ADD ("told is not gone until it is confirmed", told_is_not_gone_until_it_is_confirmed);
  ADD ("a feed asked for is not removed", a_feed_asked_for_is_not_removed);
  ADD ("access that came back needs no confirmation", access_that_came_back_needs_no_confirmation);
  ADD ("removed before it was told is known to be gone", removed_before_it_was_told);
  ADD ("only what is confirmed is forgotten", only_what_is_confirmed_is_forgotten);
  ADD ("nothing is written when nothing is new", nothing_is_written_when_nothing_is_new);
  return g_test_run ();
}
