/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was acknowledged in a former life of the server and is sent again changes nothing that came after it. */
#include <string.h>

#include "fyr-returned.h"
#include "fyr-server-fixture.h"
#include "fyr-witness.h"

#define APPLIED FYR_WIRE_OUTCOME_APPLIED

typedef struct {
  World *world;
  Station *kari;
  Station *berit;
  char *first;  /* Kari's receipt, of version 2 */
  char *second; /* Berit's, of version 3 */
  FyrRecord *newest;
  char tag[FYR_WITNESS_TAG_SIZE];
} Case;

static FyrWireMutation *
city (Station *station, gint64 base_version, const char *value)
{
  g_autofree char *fields = g_strdup_printf ("{\"city\":\"%s\"}", value);

  return station_mutation (station, "update", "patient", station->world->one, base_version, fields,
                           base_version == 1 ? "{\"city\":null}" : "{\"city\":\"Hamar\"}");
}

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static void
do_sql (World *world, const char *sql)
{
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, run_sql, (gpointer)sql, &error);
  g_assert_no_error (error);
}

/* As a backup from before both changes has it; the machines begin their numbers again. */
static void
restore (Case *c)
{
  do_sql (c->world, "DELETE FROM mutation; DELETE FROM workstation; DELETE FROM history;"
                    "UPDATE patient SET city = NULL, version = 1");
  c->kari->number = c->berit->number = 0;
  memcpy (c->kari->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  memcpy (c->berit->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
}

static void
case_init (Case *c)
{
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  FyrWitnessKey key;

  c->world = world_new ();
  c->kari = station_new (c->world, c->world->nurse);
  c->berit = station_new (c->world, c->world->nurse_2);
  first = station_do (c->kari, city (c->kari, 1, "Hamar"));
  second = station_do (c->berit, city (c->berit, 2, "Gjøvik"));
  g_assert_cmpint (first->version, ==, 2);
  g_assert_cmpint (second->version, ==, 3);
  c->first = g_strdup (first->receipt);
  c->second = g_strdup (second->receipt);
  g_assert_nonnull (c->first);
  g_assert_nonnull (c->second);
  c->newest = world_get (c->world, &fyr_patient_info, c->world->one);
  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c->world->db), NULL));
  fyr_witness_sign (&key, c->newest, c->tag);
  restore (c);
}

static void
case_clear (Case *c)
{
  g_free (c->first);
  g_free (c->second);
  g_object_unref (c->newest);
  station_free (c->kari);
  station_free (c->berit);
  world_free (c->world);
}

/* Takes @mutation: sends it again with a receipt (nullable). */
static FyrWireOutcome *
send_again (Station *station, FyrWireMutation *mutation, const char *receipt)
{
  g_autoptr (FyrPushRequest) request = station_request (station, mutation, NULL);
  gint64 number = mutation->number;
  g_autofree char *body = NULL;
  g_autoptr (FyrPushReply) reply = NULL;

  if (receipt != NULL) {
    g_hash_table_insert (request->receipts, g_memdup2 (&number, sizeof number), g_strdup (receipt));
  }
  g_assert_cmpuint (station_push (station, request, &body), ==, 200);
  reply = fyr_push_reply_parse (body, strlen (body), NULL);
  g_assert_nonnull (reply);
  station->number = number;
  memcpy (station->hash, mutation->hash, FYR_HASH_TEXT_SIZE);
  return g_ptr_array_steal_index (reply->outcomes, 0);
}

static gboolean
run_witness (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_witness_run (context, data, error);
}

static void
give_back (Case *c)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  FyrWitness witness = { .request = request, .reply = reply };

  request->epoch = g_strdup (fyr_server_db_get_epoch (c->world->db));
  request->device = g_strdup (c->berit->device);
  fyr_witness_request_add (request, c->tag, request->epoch, c->newest);
  fyr_token_hash (c->berit->token, witness.token);
  g_assert_true (fyr_server_db_write (c->world->db, run_witness, &witness, NULL));
  g_assert_nonnull (strstr (reply->body->str, "accepted"));
}

static void
assert_city (Case *c, const char *expected)
{
  g_autoptr (FyrRecord) now = world_get (c->world, &fyr_patient_info, c->world->one);

  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (now)), ==, expected);
}

/* Kari's change comes again, by whatever number; Berit's later one stands. Returns: (transfer full): the answer */
static FyrWireOutcome *
send_superseded_again (Case *c)
{
  FyrWireOutcome *again = send_again (c->kari, city (c->kari, 1, "Hamar"), c->first);

  g_assert_cmpint (again->kind, ==, APPLIED);
  g_assert_cmpint (again->version, ==, 3);
  assert_city (c, "Gjøvik");
  return again;
}

static void
test_newer_value_of_a_witness_stands (void)
{
  Case c;
  g_autoptr (FyrWireOutcome) again = NULL;
  g_autoptr (FyrWireOutcome) later = NULL;

  case_init (&c);
  give_back (&c);
  assert_city (&c, "Gjøvik");
  again = send_superseded_again (&c);
  /* The answer to what was sent again is good for the next restore. */
  g_assert_nonnull (again->receipt);
  later = station_do (c.kari, city (c.kari, 3, "Elverum"));
  assert_city (&c, "Elverum");
  case_clear (&c);
}

/* A machine that was copied numbers it anew: at its former number the server has what the other machine sent. */
static void
test_a_receipt_is_good_under_another_number (void)
{
  Case c;
  g_autoptr (FyrWireOutcome) other = NULL;
  g_autoptr (FyrWireOutcome) again = NULL;

  case_init (&c);
  give_back (&c);
  other = station_do (c.kari, station_mutation (c.kari, "update", "patient", c.world->two, 1,
                                                "{\"city\":\"Moelv\"}", "{\"city\":null}"));
  again = send_superseded_again (&c);
  case_clear (&c);
}

/* Who cannot show that it had been applied may have written last; so it was before there were receipts. */
static void
test_without_receipt_the_last_stands (void)
{
  const char *forged[4];
  Case c;

  case_init (&c);
  forged[0] = NULL;
  forged[1] = c.second;
  forged[2] = "2.AAAAAAAAAAAAAAAAAAAAAA.1-a";
  forged[3] = "..";
  for (guint i = 0; i < G_N_ELEMENTS (forged); i++) {
    g_autoptr (FyrWireOutcome) again = NULL;

    give_back (&c);
    again = send_again (c.kari, city (c.kari, 1, "Hamar"), forged[i]);
    g_assert_cmpint (again->version, ==, 4);
    assert_city (&c, "Hamar");
    restore (&c);
    do_sql (c.world, "DELETE FROM witnessed");
  }
  case_clear (&c);
}

/* Kari missed a restore between two: what stands came here by way of the life between, and may be later than hers. */
static void
test_who_missed_a_restore_is_asked (void)
{
  Case c;
  g_autoptr (FyrWireOutcome) of_witness = NULL;
  g_autoptr (FyrWireOutcome) of_writer = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  g_autoptr (FyrWireOutcome) own = NULL;

  case_init (&c);
  give_back (&c);
  do_sql (c.world, "UPDATE witnessed SET epoch = '2-between'");
  of_witness = send_again (c.kari, city (c.kari, 1, "Hamar"), c.first);
  g_assert_cmpint (of_witness->kind, ==, FYR_WIRE_OUTCOME_CONFLICT);
  g_assert_true (
      json_object_has_member (json_object_get_object_member (of_witness->conflict, "fields"), "city"));
  assert_city (&c, "Gjøvik");
  restore (&c);
  do_sql (c.world, "DELETE FROM witnessed");
  second = send_again (c.berit, city (c.berit, 2, "Gjøvik"), c.second);
  do_sql (c.world, "UPDATE resent SET epoch = '2-between'");
  of_writer = send_again (c.kari, city (c.kari, 1, "Hamar"), c.first);
  g_assert_cmpint (of_writer->kind, ==, FYR_WIRE_OUTCOME_CONFLICT);
  assert_city (&c, "Gjøvik");
  /* What she saw stands still, so hers is later. */
  restore (&c);
  do_sql (c.world, "UPDATE resent SET epoch = '2-between'");
  own = send_again (c.kari, city (c.kari, 1, "Hamar"), c.first);
  g_assert_cmpint (own->kind, ==, APPLIED);
  assert_city (&c, "Hamar");
  case_clear (&c);
}

/* Both authors send again, the one who wrote last first. */
static void
test_order_of_the_former_life_stands (void)
{
  Case c;
  g_autoptr (FyrWireOutcome) second = NULL;
  g_autoptr (FyrWireOutcome) first = NULL;

  case_init (&c);
  second = send_again (c.berit, city (c.berit, 2, "Gjøvik"), c.second);
  assert_city (&c, "Gjøvik");
  first = send_again (c.kari, city (c.kari, 1, "Hamar"), c.first);
  g_assert_cmpint (first->kind, ==, APPLIED);
  assert_city (&c, "Gjøvik");
  case_clear (&c);
}

static FyrWireMutation *
condition (Station *station, const char *command, const char *id, gint64 base_version)
{
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"display\":\"Kols\"}", station->world->one);

  return station_mutation (station, command, "condition", id, base_version,
                           g_str_equal (command, "create") ? fields : NULL, NULL);
}

/* One made it, another deleted it; both are sent again, in whatever order. */
static void
test_deleted_does_not_rise (gconstpointer deleter_first)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) berit = station_new (world, world->nurse_2);
  g_autoptr (FyrWireOutcome) made = NULL;
  g_autoptr (FyrWireOutcome) deleted = NULL;
  Station *order[] = { deleter_first ? berit : kari, deleter_first ? kari : berit };
  char id[37];

  world_id (id);
  made = station_do (kari, condition (kari, "create", id, 0));
  deleted = station_do (berit, condition (berit, "delete", id, 1));
  g_assert_cmpint (deleted->version, ==, 2);
  do_sql (world, "DELETE FROM mutation; DELETE FROM workstation; DELETE FROM tombstone");
  kari->number = berit->number = 0;
  memcpy (kari->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  memcpy (berit->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    gboolean makes = order[i] == kari;
    g_autoptr (FyrWireOutcome) again =
        send_again (order[i], condition (order[i], makes ? "create" : "delete", id, makes ? 0 : 1),
                    makes ? made->receipt : deleted->receipt);

    g_assert_cmpint (again->kind, ==, APPLIED);
  }
  g_assert_null (world_get (world, &fyr_condition_info, id));
  g_assert_cmpint (world_count (world, "SELECT max (version) FROM tombstone"), ==, 2);
  world_check_feeds (world);
}

/* An older program is told of no receipts and sends none. */
static void
test_none_in_schema_one (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = station_request (kari, city (kari, 1, "Hamar"), NULL);
  g_autofree char *body = NULL;

  request->schema = 1;
  g_assert_cmpuint (station_push (kari, request, &body), ==, 200);
  g_assert_null (strstr (body, "receipt"));
}

/* Beside each mutation stands when it was recorded, by what guess of the clock, and when it came: never an order. */
static void
test_clock_offset_is_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) with = NULL;
  g_autoptr (FyrWireOutcome) without = NULL;
  FyrWireMutation *mutation = city (kari, 1, "Hamar");
  gint64 time = mutation->time - G_GINT64_CONSTANT (3650) * 24 * 3600 * 1000;

  mutation->time = time;
  mutation->has_offset = TRUE;
  mutation->offset = -86400000;
  with = station_do (kari, mutation);
  without = station_do (kari, city (kari, 2, "Gjøvik"));
  g_assert_cmpint (with->version, ==, 2);
  g_assert_cmpint (without->version, ==, 3);
  g_assert_cmpint (world_count (world, "SELECT clock_offset FROM mutation WHERE number = 1"), ==, -86400000);
  g_assert_cmpint (world_count (world, "SELECT recorded FROM mutation WHERE number = 1"), ==, time);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation WHERE received >= recorded"), ==, 2);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation WHERE clock_offset IS NULL"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation m JOIN patient p ON p.id = m.record"),
                   ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/receipt/a newer value that a witness gave back stands",
                   test_newer_value_of_a_witness_stands);
  g_test_add_func ("/server/receipt/a receipt is good under another number",
                   test_a_receipt_is_good_under_another_number);
  g_test_add_func ("/server/receipt/without a receipt the last to arrive stands",
                   test_without_receipt_the_last_stands);
  g_test_add_func ("/server/receipt/the order of the former life stands",
                   test_order_of_the_former_life_stands);
  g_test_add_func ("/server/receipt/who missed a restore between two is asked",
                   test_who_missed_a_restore_is_asked);
  g_test_add_data_func ("/server/receipt/what was deleted does not rise, maker first", NULL,
                        test_deleted_does_not_rise);
  g_test_add_data_func ("/server/receipt/what was deleted does not rise, deleter first", "",
                        test_deleted_does_not_rise);
  g_test_add_func ("/server/receipt/schema 1 knows none", test_none_in_schema_one);
  g_test_add_func ("/server/mutation/the clock's offset is kept", test_clock_offset_is_kept);
  return g_test_run ();
}
