/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-wire-emergency.h"
#include "fyr-wire-pull.h"

#define DEVICE "01980000-0000-7000-8000-000000000001"
#define ACCESS "01980000-0000-7000-8000-000000000002"
#define PATIENT "01980000-0000-7000-8000-000000000003"
#define WHY "Bevisstløs hjemme i dag"

static char *
body_of (const char *device, const char *number, const char *reason, const char *text, const char *password)
{
  return g_strdup_printf ("{\"device\":%s,\"identity_number\":%s,\"reason\":%s,\"text\":%s,\"password\":%s}",
                          device, number, reason, text, password);
}

static void
assert_taken (const char *number, const char *text, const char *password)
{
  g_autofree char *body = body_of ("\"" DEVICE "\"", number, "\"danger\"", text, password);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrEmergencyRequest) request = fyr_emergency_request_parse (body, strlen (body), &error);

  g_assert_no_error (error);
  g_assert_nonnull (request);
}

/* Names the member, and never what it held. */
static void
assert_refused (const char *body, const char *member)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fyr_emergency_request_parse (body, strlen (body), &error));
  g_assert_true (error->domain == FYR_WIRE_ERROR);
  if (member != NULL && strstr (error->message, member) == NULL) {
    g_error ("%s: said %s", body, error->message);
  }
  g_assert_null (strstr (error->message, "HEMMELIG"));
}

static void
test_a_request_goes_round_whole (void)
{
  g_autoptr (FyrEmergencyRequest) request = fyr_emergency_request_new ();
  g_autoptr (FyrEmergencyRequest) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  request->device_id = g_strdup (DEVICE);
  request->identity_number = g_strdup ("15076500565");
  request->reason = FYR_EMERGENCY_REASON_RESPONSIBLE_ABSENT;
  request->text = g_strdup ("Fastlegen er \"borte\"\ntil mandag");
  request->password = g_strdup ("en \\ lang frase");
  fyr_emergency_request_write (request, text);
  read = fyr_emergency_request_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->device_id, ==, request->device_id);
  g_assert_cmpstr (read->identity_number, ==, request->identity_number);
  g_assert_cmpint (read->reason, ==, request->reason);
  g_assert_cmpstr (read->text, ==, request->text);
  g_assert_cmpstr (read->password, ==, request->password);
}

static void
test_every_reason_has_a_code (void)
{
  for (guint reason = 1; reason <= FYR_EMERGENCY_REASON_LAST; reason++) {
    g_autofree char *code = g_strdup_printf ("\"%s\"", fyr_enum_to_code (&fyr_emergency_reason_info, reason));
    g_autofree char *body = body_of ("\"" DEVICE "\"", "\"123456\"", code, "\"" WHY "\"", "\"x\"");
    g_autoptr (FyrEmergencyRequest) request = fyr_emergency_request_parse (body, strlen (body), NULL);

    g_assert_cmpint (request->reason, ==, (int)reason);
  }
}

static void
test_the_bounds_of_a_request (void)
{
  g_autofree char *longest = g_strnfill (FYR_EMERGENCY_TEXT_MAX, 'x');
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", longest);
  g_autofree char *beyond = g_strdup_printf ("\"%sx\"", longest);
  g_autofree char *too_long = body_of ("\"" DEVICE "\"", "\"123456\"", "\"danger\"", beyond, "\"x\"");
  g_autofree char *password = g_strnfill (1024, 'p');
  g_autofree char *long_password = g_strdup_printf ("\"%s\"", password);
  g_autofree char *longer_password = g_strdup_printf ("\"%sp\"", password);
  g_autofree char *much =
      body_of ("\"" DEVICE "\"", "\"123456\"", "\"danger\"", "\"" WHY "\"", longer_password);

  assert_taken ("\"123456\"", "\"" WHY "\"", "\"x\"");
  assert_taken ("\"12345678901234567890\"", "\"" WHY "\"", "\"x\"");
  assert_taken ("\"15076500565\"", "\"akkurat femten!\"", "\"x\"");
  assert_taken ("\"15076500565\"", "\"ææææææææææøøøøå\"", "\"x\"");
  assert_taken ("\"15076500565\"", quoted, "\"x\"");
  assert_taken ("\"15076500565\"", "\"" WHY "\"", long_password);
  assert_refused (too_long, "text");
  assert_refused (much, "password");
}

static void
test_what_is_not_so_is_refused (void)
{
  static const char *const cases[][6] = {
    { "1", "\"123456\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "device" },
    { "\"HEMMELIG\"", "\"123456\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "device" },
    { "null", "\"123456\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "device" },
    { "\"" DEVICE "\"", "123456", "\"danger\"", "\"" WHY "\"", "\"x\"", "identity_number" },
    { "\"" DEVICE "\"", "\"12345\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "identity_number" },
    { "\"" DEVICE "\"", "\"123456789012345678901\"", "\"danger\"", "\"" WHY "\"", "\"x\"",
      "identity_number" },
    { "\"" DEVICE "\"", "\"HEMMELIG\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "identity_number" },
    { "\"" DEVICE "\"", "\"150765 00565\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "identity_number" },
    { "\"" DEVICE "\"", "\"1507650\\u00005\"", "\"danger\"", "\"" WHY "\"", "\"x\"", NULL },
    { "\"" DEVICE "\"", "\"123456%\"", "\"danger\"", "\"" WHY "\"", "\"x\"", "identity_number" },
    { "\"" DEVICE "\"", "\"123456\"", "\"\"", "\"" WHY "\"", "\"x\"", "reason" },
    { "\"" DEVICE "\"", "\"123456\"", "\"HEMMELIG\"", "\"" WHY "\"", "\"x\"", "reason" },
    { "\"" DEVICE "\"", "\"123456\"", "2", "\"" WHY "\"", "\"x\"", "reason" },
    { "\"" DEVICE "\"", "\"123456\"", "\"danger\"", "\"HEMMELIG\"", "\"x\"", "text" },
    { "\"" DEVICE "\"", "\"123456\"", "\"danger\"", "\"  fjorten tegn  \"", "\"x\"", "text" },
    { "\"" DEVICE "\"", "\"123456\"", "\"danger\"", "[\"" WHY "\"]", "\"x\"", "text" },
    { "\"" DEVICE "\"", "\"123456\"", "\"danger\"", "\"" WHY "\"", "\"\"", "password" },
    { "\"" DEVICE "\"", "\"123456\"", "\"danger\"", "\"" WHY "\"", "null", "password" },
  };
  static const char *const bodies[] = { "",    "[]", "{}", "null", "\"HEMMELIG\"", "{\"device\":\"HEMMELIG\"",
                                        "{}{}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = body_of (cases[i][0], cases[i][1], cases[i][2], cases[i][3], cases[i][4]);

    assert_refused (body, cases[i][5]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    assert_refused (bodies[i], NULL);
  }
}

static void
test_blanks_are_no_reason (void)
{
  g_assert_false (fyr_emergency_text_is_enough (NULL));
  g_assert_false (fyr_emergency_text_is_enough (""));
  g_assert_false (fyr_emergency_text_is_enough ("                         "));
  g_assert_false (fyr_emergency_text_is_enough ("  bare fjorten.  "));
  g_assert_true (fyr_emergency_text_is_enough ("akkurat femten!"));
}

static FyrWireEmergency
make_access (void)
{
  return (FyrWireEmergency){
    .id = ACCESS, .patient_id = PATIENT, .begin = 1790000000000, .until = 1790014400000, .alone = TRUE
  };
}

static void
assert_same (const FyrWireEmergency *a, const FyrWireEmergency *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->patient_id, ==, b->patient_id);
  g_assert_cmpint (a->begin, ==, b->begin);
  g_assert_cmpint (a->until, ==, b->until);
  g_assert_cmpint (a->alone, ==, b->alone);
}

static void
test_a_reply_goes_round_whole (void)
{
  FyrWireEmergency access = make_access ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree FyrWireEmergency *read = NULL;

  fyr_emergency_reply_write (&access, 1790000000001, text);
  read = fyr_emergency_reply_parse (text->str, text->len, NULL);
  assert_same (read, &access);
}

static void
test_half_a_reply_is_none (void)
{
  static const char *const bodies[] = {
    "",
    "{}",
    "{\"access\":null}",
    "{\"access\":{}}",
    "{\"access\":{\"id\":\"x\",\"patient_id\":\"" PATIENT "\",\"begin\":1,\"until\":2}}",
    "{\"access\":{\"id\":\"" ACCESS "\",\"patient_id\":\"x\",\"begin\":1,\"until\":2}}",
    "{\"access\":{\"id\":\"" ACCESS "\",\"patient_id\":\"" PATIENT "\",\"until\":2}}",
    "{\"access\":{\"id\":\"" ACCESS "\",\"patient_id\":\"" PATIENT "\",\"begin\":-1,\"until\":2}}",
    "{\"access\":{\"id\":\"" ACCESS "\",\"patient_id\":\"" PATIENT "\",\"begin\":1,\"until\":\"2\"}}",
    "{\"access\":{\"id\":\"" ACCESS "\",\"patient_id\":\"" PATIENT "\",\"begin\":1,\"until\":2,\"alone\":1}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_emergency_reply_parse (bodies[i], strlen (bodies[i]), &error));
    g_assert_true (error->domain == FYR_WIRE_ERROR);
  }
}

static void
test_an_ending_goes_round (void)
{
  static const char *const bodies[] = { "", "{}", "{\"access\":7}", "{\"access\":\"x\"}", "[]" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *id = NULL;

  fyr_emergency_end_write (ACCESS, text);
  id = fyr_emergency_end_parse (text->str, text->len, NULL);
  g_assert_cmpstr (id, ==, ACCESS);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_assert_null (fyr_emergency_end_parse (bodies[i], strlen (bodies[i]), NULL));
  }
}

static void
test_a_pull_says_that_it_knows_of_them (void)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  g_autoptr (FyrPullRequest) knows = NULL, old = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) without = g_string_new (NULL);

  request->epoch = g_strdup ("e");
  request->device = g_strdup (DEVICE);
  fyr_pull_request_write (request, without);
  g_assert_null (strstr (without->str, "emergency"));
  old = fyr_pull_request_parse (without->str, without->len, NULL);
  g_assert_false (old->emergency);
  request->emergency = TRUE;
  fyr_pull_request_write (request, text);
  knows = fyr_pull_request_parse (text->str, text->len, NULL);
  g_assert_true (knows->emergency);
}

static FyrPullReply *
reply_with (GArray *accesses)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  FyrPullWriter writer = { { NULL } };
  g_autoptr (GError) error = NULL;
  FyrPullReply *reply;

  fyr_pull_writer_begin (&writer, text, "e", 1, names, names);
  fyr_pull_writer_begin_scopes (&writer);
  fyr_pull_writer_end_scopes (&writer);
  fyr_pull_writer_emergency (&writer, accesses);
  fyr_pull_writer_end (&writer, heads, TRUE);
  reply = fyr_pull_reply_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  return reply;
}

static void
test_a_page_has_those_that_last (void)
{
  g_autoptr (GArray) accesses = g_array_new (FALSE, TRUE, sizeof (FyrWireEmergency));
  FyrWireEmergency first = make_access (), second = make_access ();
  g_autoptr (FyrPullReply) none = reply_with (accesses);
  g_autoptr (FyrPullReply) two = NULL;

  second.alone = FALSE;
  g_array_append_val (accesses, first);
  g_array_append_val (accesses, second);
  two = reply_with (accesses);
  g_assert_cmpuint (none->emergency->len, ==, 0);
  g_assert_cmpuint (two->emergency->len, ==, 2);
  assert_same (&g_array_index (two->emergency, FyrWireEmergency, 0), &first);
  assert_same (&g_array_index (two->emergency, FyrWireEmergency, 1), &second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/wire/emergency/" #name, test_##name)
  ADD (a_request_goes_round_whole);
  ADD (every_reason_has_a_code);
  ADD (the_bounds_of_a_request);
  ADD (what_is_not_so_is_refused);
  ADD (blanks_are_no_reason);
  ADD (a_reply_goes_round_whole);
  ADD (half_a_reply_is_none);
  ADD (an_ending_goes_round);
  ADD (a_pull_says_that_it_knows_of_them);
  ADD (a_page_has_those_that_last);
  return g_test_run ();
}
