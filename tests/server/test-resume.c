/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-server-fixture.h"

/*
 * A workstation that is cut off after any page, of any size, goes on where it was: from its cursors alone, in a session
 * of its own, whatever happened meanwhile. In the end it holds what one that was never cut off holds.
 */

/* From the smallest a workstation may ask for. */
static const gint64 sizes[] = { 16 * 1024, 20 * 1000, 50 * 1000, FYR_PULL_DEFAULT_BYTES };

/* What a workstation holds: id → canonical JSON of the record. */
static GHashTable *
holdings_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static char *
record_text (FyrRecord *record)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_node_init (node, JSON_NODE_OBJECT);
  json_node_take_object (node, fyr_record_to_json (record, G_MAXUINT));
  return json_to_string (node, FALSE);
}

static void
take_page (GHashTable *holdings, FyrPullReply *page)
{
  for (guint i = 0; i < page->scopes->len; i++) {
    FyrPullScope *scope = page->scopes->pdata[i];

    for (guint j = 0; j < scope->entries->len; j++) {
      FyrPullEntry *entry = scope->entries->pdata[j];

      g_assert_cmpint (entry->seq, ==, scope->from + j);
      if (entry->op == FYR_PULL_OP_PUT) {
        g_hash_table_replace (holdings, g_strdup (entry->id), record_text (entry->record));
      } else if (entry->op == FYR_PULL_OP_DELETE) {
        g_hash_table_remove (holdings, entry->id);
      }
    }
    g_assert_cmpint (scope->to, ==, scope->from + scope->entries->len - 1);
  }
}

static void
assert_same (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer id, text;

  g_assert_cmpuint (g_hash_table_size (a), ==, g_hash_table_size (b));
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &id, &text)) {
    g_assert_cmpstr (text, ==, g_hash_table_lookup (b, id));
  }
}

/* The same workstation after it was cut off: another session, another connection, the cursors it had written down. */
static Station *
station_again (Station *former)
{
  Station *self = station_new_at (former->world, former->user, former->device);
  GHashTableIter iter;
  gpointer name, seq;

  g_hash_table_iter_init (&iter, former->cursors);
  while (g_hash_table_iter_next (&iter, &name, &seq)) {
    g_hash_table_insert (self->cursors, g_strdup (name), g_memdup2 (seq, sizeof (gint64)));
  }
  station_free (former);
  return self;
}

static GHashTable *
pull_whole (World *world, const char *user)
{
  GHashTable *holdings = holdings_new ();
  g_autoptr (Station) station = station_new (world, user);
  gboolean complete = FALSE;

  while (!complete) {
    g_autoptr (FyrPullReply) page = station_pull (station, FYR_PULL_DEFAULT_BYTES);

    take_page (holdings, page);
    complete = page->complete;
  }
  return holdings;
}

typedef void (*Meanwhile) (World *world, guint page);

/* Cut off after each page. Returns how many there were. */
static guint
pull_in_pieces (World *world, const char *user, gint64 bytes, Meanwhile meanwhile, GHashTable *holdings)
{
  Station *station = station_new (world, user);
  gboolean complete = FALSE;
  guint pages = 0;

  for (; !complete; pages++) {
    g_autoptr (FyrPullReply) page = station_pull (station, bytes);

    g_assert_cmpuint (pages, <, 500);
    take_page (holdings, page);
    complete = page->complete;
    if (meanwhile != NULL && !complete) {
      meanwhile (world, pages);
    }
    station = station_again (station);
  }
  station_free (station);
  return pages;
}

static void
fill (World *world)
{
  for (guint i = 0; i < 40; i++) {
    g_autofree char *text = g_strnfill (200 + i * 150, 'n');

    world_put (world, world_note (world, i % 2 == 0 ? world->one : world->two, text));
    if (i % 4 == 0) {
      world_put (world, world_measurement (world, world->one, 60 + i));
      world_put (world, world_limit (world, world->two, world->now + i));
    }
  }
}

static void
test_cut_off_after_each_page_it_holds_the_same (void)
{
  g_autoptr (World) world = world_new ();
  const char *users[] = { world->nurse, world->gp_user, world->clerk, world->manager, world->administrator };
  guint before = G_MAXUINT;

  fill (world);
  for (gsize u = 0; u < G_N_ELEMENTS (users); u++) {
    g_autoptr (GHashTable) whole = pull_whole (world, users[u]);

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
      g_autoptr (GHashTable) pieces = holdings_new ();
      guint pages = pull_in_pieces (world, users[u], sizes[i], NULL, pieces);

      assert_same (pieces, whole);
      g_assert_true (i == 0 || pages <= before);
      before = pages;
    }
    g_assert_cmpuint (before, ==, 1);
  }
}

/* Asked for the same page again, because the answer was lost, the server gives the same. */
static void
test_a_page_asked_for_again_is_the_same (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  gboolean complete = FALSE;

  fill (world);
  while (!complete) {
    g_autofree char *first = NULL;
    g_autofree char *again = NULL;
    g_autoptr (FyrPullReply) page = NULL;
    const char *scopes, *scopes_again;

    g_assert_cmpuint (station_pull_text (station, sizes[0], &first), ==, 200);
    g_assert_cmpuint (station_pull_text (station, sizes[0], &again), ==, 200);
    /* Only the server's clock moved on. */
    scopes = strstr (first, "\"scopes\"");
    scopes_again = strstr (again, "\"scopes\"");
    g_assert_nonnull (scopes);
    g_assert_cmpstr (scopes, ==, scopes_again);
    page = station_pull (station, sizes[0]);
    complete = page->complete;
  }
}

/* Between two pages: new work, a change of what was sent already, and the deletion of what was not sent yet. */
static void
work_meanwhile (World *world, guint page)
{
  g_autofree char *name = g_strdup_printf ("Etternavn %u", page);
  g_autoptr (FyrRecord) patient = NULL;

  if (page > 6) {
    return; /* so that it comes to an end */
  }
  world_put (world, world_note (world, world->one, name));
  patient = world_get (world, &fyr_patient_info, world->two);
  fyr_patient_set_family_name (FYR_PATIENT (patient), name);
  world_put (world, g_steal_pointer (&patient));
  if (world_count (world, "SELECT count (*) FROM note") > 3) {
    FyrConnection *connection = fyr_server_db_get_connection (world->db);
    g_autoptr (FyrStatement) newest =
        fyr_connection_prepare (connection, "SELECT id FROM note ORDER BY id DESC LIMIT 1 OFFSET 2", NULL);
    char id[37];

    g_assert_cmpint (fyr_statement_step (newest, NULL), ==, FYR_STEP_ROW);
    g_strlcpy (id, fyr_statement_get_id (newest, 0), sizeof id);
    g_clear_pointer (&newest, fyr_statement_free);
    world_delete (world, &fyr_note_info, id);
  }
}

static void
test_work_between_two_pages_is_neither_lost_nor_doubled (void)
{
  for (gsize i = 0; i < 2; i++) {
    g_autoptr (World) world = world_new ();
    g_autoptr (GHashTable) pieces = holdings_new ();
    g_autoptr (GHashTable) whole = NULL;

    fill (world);
    pull_in_pieces (world, world->nurse, sizes[i], work_meanwhile, pieces);
    whole = pull_whole (world, world->nurse);
    assert_same (pieces, whole);
    world_check_feeds (world);
  }
}

/* The smallest page still moves on: one entry at least, or nobody would ever come to the end. */
static void
test_the_smallest_page_moves_on (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  gboolean complete = FALSE;
  GHashTableIter iter;
  gpointer cursor;
  gint64 seen = 0;

  fill (world);
  while (!complete) {
    g_autoptr (FyrPullReply) page = station_pull (station, sizes[0]);
    gint64 entries = 0;

    for (guint i = 0; i < page->scopes->len; i++) {
      entries += ((FyrPullScope *)page->scopes->pdata[i])->entries->len;
    }
    complete = page->complete;
    g_assert_true (complete || entries > 0);
    seen += entries;
  }
  g_hash_table_iter_init (&iter, station->cursors);
  while (g_hash_table_iter_next (&iter, NULL, &cursor)) {
    seen -= *(gint64 *)cursor;
  }
  g_assert_cmpint (seen, ==, 0);
}

/* Wherever a page ends: told that this is all, every feed has been heard to its end, and not before. */
static void
test_complete_is_said_at_the_end_of_every_feed (void)
{
  g_autoptr (World) world = world_new ();

  fill (world);
  for (gint64 bytes = sizes[0]; bytes < sizes[0] + 8000; bytes += 233) {
    g_autoptr (Station) station = station_new (world, world->nurse);
    gboolean complete = FALSE;

    while (!complete) {
      g_autoptr (FyrPullReply) page = station_pull (station, bytes);
      gboolean at_end = TRUE;
      GHashTableIter iter;
      gpointer scope, head;

      g_hash_table_iter_init (&iter, page->heads);
      while (g_hash_table_iter_next (&iter, &scope, &head)) {
        gint64 *cursor = g_hash_table_lookup (station->cursors, scope);

        at_end = at_end && (cursor != NULL ? *cursor : 0) == *(gint64 *)head;
      }
      complete = page->complete;
      g_assert_cmpint (complete, ==, at_end);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/resume/" #name, test_##name)
  ADD (cut_off_after_each_page_it_holds_the_same);
  ADD (a_page_asked_for_again_is_the_same);
  ADD (work_between_two_pages_is_neither_lost_nor_doubled);
  ADD (the_smallest_page_moves_on);
  ADD (complete_is_said_at_the_end_of_every_feed);
  return g_test_run ();
}
