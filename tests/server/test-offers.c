/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-http-fixture.h"
#include "fyr-wire-witness.h"
#include "fyr-witness-tag.h"

/*
 * What a workstation offers after a restore, as it comes over the line: each offer has its answer, in order, whatever
 * else is among them; and no more is read at once than was agreed on.
 */

typedef struct {
  House *house;
  char *token;
  char device[37];
  FyrWitnessKey key;
} Desk;

static void
desk_open (Desk *self)
{
  self->house = house_new (NULL);
  world_id (self->device);
  house_set_password (self->house, self->house->world->nurse);
  self->token = house_sign_in (self->house, "kari", self->device);
  g_assert_true (
      fyr_witness_key_load (&self->key, fyr_server_db_get_connection (self->house->world->db), NULL));
}

static void
desk_close (Desk *self)
{
  g_free (self->token);
  house_free (self->house);
}

static FyrWitnessRequest *
new_request (Desk *self)
{
  FyrWitnessRequest *request = fyr_witness_request_new ();

  request->epoch = g_strdup (fyr_server_db_get_epoch (self->house->world->db));
  request->device = g_strdup (self->device);
  return request;
}

/* A note the server never had, signed as if it had. */
static FyrRecord *
lost_note (Desk *self, const char *text, char tag[FYR_WITNESS_TAG_SIZE])
{
  FyrRecord *note = FYR_RECORD (world_note (self->house->world, self->house->world->one, text));

  fyr_record_set_version (note, 1);
  fyr_witness_sign (&self->key, note, tag);
  return note;
}

static Answer *
offer (Desk *self, FyrWitnessRequest *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fyr_witness_request_write (request, text);
  return house_ask (self->house, "POST", "/sync/v1/witness", self->token, text->str);
}

static FyrWitnessReply *
read_reply (Answer *answer)
{
  g_autoptr (GError) error = NULL;
  FyrWitnessReply *reply = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  reply = fyr_witness_reply_parse (answer->body, strlen (answer->body), &error);
  g_assert_no_error (error);
  return reply;
}

static void
add_lost (Desk *self, FyrWitnessRequest *request, const char *text, gboolean changed)
{
  char tag[FYR_WITNESS_TAG_SIZE];
  g_autoptr (FyrRecord) note = lost_note (self, text, tag);

  if (changed) {
    fyr_note_set_text (FYR_NOTE (note), "endret");
  }
  fyr_witness_request_add (request, tag, request->epoch, note);
}

/* Taken, refused and taken: one that is refused takes none of the others with it. */
static void
test_each_offer_has_its_answer (void)
{
  Desk desk;
  g_autoptr (FyrWitnessRequest) request = NULL;
  g_autoptr (Answer) answer = NULL;
  g_autoptr (Answer) again = NULL;
  g_autoptr (FyrWitnessReply) reply = NULL;
  g_autoptr (FyrWitnessReply) known = NULL;
  const FyrWitnessResult expected[] = { FYR_WITNESS_ACCEPTED, FYR_WITNESS_REFUSED, FYR_WITNESS_ACCEPTED };

  desk_open (&desk);
  request = new_request (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    add_lost (&desk, request, "tapt", expected[i] == FYR_WITNESS_REFUSED);
  }
  answer = offer (&desk, request);
  reply = read_reply (answer);
  g_assert_cmpuint (reply->results->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpint (g_array_index (reply->results, FyrWitnessResult, i), ==, expected[i]);
  }
  g_assert_cmpint (world_count (desk.house->world, "SELECT count (*) FROM note"), ==, 2);
  /* The answer was lost: the same again changes nothing. */
  again = offer (&desk, request);
  known = read_reply (again);
  g_assert_cmpint (g_array_index (known->results, FyrWitnessResult, 0), ==, FYR_WITNESS_KNOWN);
  g_assert_cmpint (world_count (desk.house->world, "SELECT count (*) FROM note"), ==, 2);
  desk_close (&desk);
}

static void
test_no_more_than_200_are_read_at_once (void)
{
  Desk desk;

  desk_open (&desk);
  for (guint n = FYR_WITNESS_MAX_RECORDS; n <= FYR_WITNESS_MAX_RECORDS + 1; n++) {
    g_autoptr (FyrWitnessRequest) request = new_request (&desk);
    g_autoptr (Answer) answer = NULL;
    gint64 before = world_count (desk.house->world, "SELECT count (*) FROM note");

    for (guint i = 0; i < n; i++) {
      add_lost (&desk, request, "tapt", FALSE);
    }
    answer = offer (&desk, request);
    if (n <= FYR_WITNESS_MAX_RECORDS) {
      g_assert_cmpuint (answer->status, ==, 200);
    } else {
      g_assert_cmpuint (answer->status, >=, 400);
      g_assert_cmpuint (answer->status, <, 500);
      g_assert_cmpint (world_count (desk.house->world, "SELECT count (*) FROM note"), ==, before);
    }
  }
  desk_close (&desk);
}

/* Colleagues hear of what came back as of any other work. */
static void
test_what_came_back_is_in_the_feed (void)
{
  Desk desk;
  g_autoptr (FyrWitnessRequest) request = NULL;
  g_autoptr (Answer) answer = NULL;
  g_autoptr (Answer) pulled = NULL;

  desk_open (&desk);
  request = new_request (&desk);
  add_lost (&desk, request, "kom tilbake", FALSE);
  answer = offer (&desk, request);
  g_assert_cmpuint (answer->status, ==, 200);
  pulled = house_pull (desk.house, desk.token, desk.device, NULL, 0);
  g_assert_nonnull (strstr (pulled->body, "kom tilbake"));
  desk_close (&desk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/offers/" #name, test_##name)
  ADD (each_offer_has_its_answer);
  ADD (no_more_than_200_are_read_at_once);
  ADD (what_came_back_is_in_the_feed);
  return g_test_run ();
}
