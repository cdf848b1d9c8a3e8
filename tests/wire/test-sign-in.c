/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-records.h"
#include "fyr-wire-sign-in.h"

#define DEVICE "01900000-0000-7000-8000-000000000001"
#define USER "01900000-0000-7000-8000-000000000002"
#define CENTRE "01900000-0000-7000-8000-000000000003"

static void
test_request (void)
{
  g_autoptr (FyrSignInRequest) request = fyr_sign_in_request_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSignInRequest) read = NULL;

  request->user_name = g_strdup ("berit");
  request->password = g_strdup ("pass \"word\" æøå");
  request->device_id = g_strdup (DEVICE);
  request->device_name = g_strdup ("Kontor 3");
  fyr_sign_in_request_write (request, text);
  read = fyr_sign_in_request_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->user_name, ==, "berit");
  g_assert_cmpstr (read->password, ==, request->password);
  g_assert_cmpstr (read->device_id, ==, DEVICE);
  g_assert_cmpstr (read->device_name, ==, "Kontor 3");
}

static void
test_broken_requests (void)
{
  g_autofree char *long_word = g_strnfill (1025, 'x');
  g_autofree char *long_password = g_strdup_printf (
      "{\"user_name\":\"a\",\"password\":\"%s\",\"device\":{\"id\":\"" DEVICE "\"}}", long_word);
  const char *const cases[] = {
    "{}",
    "{\"user_name\":\"\",\"password\":\"b\",\"device\":{\"id\":\"" DEVICE "\"}}",
    "{\"user_name\":\"a\",\"password\":\"\",\"device\":{\"id\":\"" DEVICE "\"}}",
    "{\"user_name\":\"a\",\"device\":{\"id\":\"" DEVICE "\"}}",
    "{\"user_name\":[\"a\"],\"password\":\"b\",\"device\":{\"id\":\"" DEVICE "\"}}",
    "{\"user_name\":\"a\",\"password\":\"b\"}",
    "{\"user_name\":\"a\",\"password\":\"b\",\"device\":\"" DEVICE "\"}",
    "{\"user_name\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"x\"}}",
    "{\"user_name\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"" DEVICE "\",\"name\":7}}",
    long_password,
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_sign_in_request_parse (cases[i], strlen (cases[i]), &error));
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_reply (void)
{
  g_autoptr (FyrSignInReply) reply = fyr_sign_in_reply_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSignInReply) read = NULL;
  FyrUser *user = fyr_user_new ();
  FyrMembership *membership = fyr_membership_new ();
  FyrCentre *centre = fyr_centre_new ();

  reply->token = g_strdup ("secret");
  reply->expires = 1790000000000;
  reply->epoch = g_strdup ("e");
  reply->server_time = 1780000000000;
  fyr_record_set_id (FYR_RECORD (user), USER);
  fyr_user_set_name (user, "Berit Ås");
  reply->user = FYR_RECORD (user);
  fyr_record_set_id (FYR_RECORD (membership), DEVICE);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  g_ptr_array_add (reply->memberships, membership);
  fyr_record_set_id (FYR_RECORD (centre), CENTRE);
  g_ptr_array_add (reply->centres, centre);
  fyr_sign_in_reply_write (reply, text);
  read = fyr_sign_in_reply_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  fyr_sign_in_reply_write (read, again);
  g_assert_cmpstr (text->str, ==, again->str);
  g_assert_cmpstr (fyr_user_get_name (FYR_USER (read->user)), ==, "Berit Ås");
  g_assert_cmpint (fyr_membership_get_role (FYR_MEMBERSHIP (read->memberships->pdata[0])), ==,
                   FYR_ROLE_NURSE);
  g_assert_cmpstr (fyr_record_get_id (read->centres->pdata[0]), ==, CENTRE);
}

/* A server of an older release has none to give; one that gives it says it as it is. */
static void
test_share (void)
{
  static const char *const share = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  static const char *const start = "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,"
                                   "\"memberships\":[],\"centres\":[],\"user\":{\"id\":\"" USER "\"}";
  g_autofree char *without = g_strconcat (start, "}", NULL);
  g_autofree char *with = g_strconcat (start, ",\"share\":\"", share, "\"}", NULL);
  g_autofree char *number = g_strconcat (start, ",\"share\":7}", NULL);
  g_autofree char *longer = g_strconcat (start, ",\"share\":\"", share, "00\"}", NULL);
  g_autoptr (FyrSignInReply) none = fyr_sign_in_reply_parse (without, strlen (without), NULL);
  g_autoptr (FyrSignInReply) one = fyr_sign_in_reply_parse (with, strlen (with), NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (none);
  g_assert_null (none->share);
  g_assert_cmpstr (one->share, ==, share);
  g_assert_null (fyr_sign_in_reply_parse (number, strlen (number), NULL));
  g_assert_null (fyr_sign_in_reply_parse (longer, strlen (longer), NULL));
  fyr_sign_in_reply_write (none, text);
  g_assert_null (strstr (text->str, "share"));
  g_string_truncate (text, 0);
  fyr_sign_in_reply_write (one, text);
  g_assert_nonnull (strstr (text->str, share));
}

static void
test_broken_replies (void)
{
  static const char *const cases[] = {
    "{}",
    "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":[],\"centres\":[]}",
    "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":[],\"centres\":[],"
    "\"user\":7}",
    "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":{},\"centres\":[],"
    "\"user\":{}}",
    "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":[7],\"centres\":[],"
    "\"user\":{}}",
    "{\"token\":\"t\",\"expires\":\"1\",\"epoch\":\"e\",\"server_time\":1,\"memberships\":[],\"centres\":[],"
    "\"user\":{}}",
    "{\"token\":\"\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":[],\"centres\":[],"
    "\"user\":{}}",
    "{\"token\":\"t\",\"expires\":1,\"epoch\":\"e\",\"server_time\":1,\"memberships\":[],\"centres\":[],"
    "\"user\":{\"id\":\"x\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_sign_in_reply_parse (cases[i], strlen (cases[i]), &error));
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_problem (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FyrWireProblem) gap = NULL;
  static const char *const none[] = { "",   "<html>502</html>", "{}",
                                      "[]", "{\"error\":7}",    "{\"error\":{\"code\":7}}" };

  fyr_wire_problem_write ("gap", "Number 7 comes next", "e", 7, text);
  g_assert_cmpstr (
      text->str, ==,
      "{\"error\":{\"code\":\"gap\",\"text\":\"Number 7 comes next\"},\"epoch\":\"e\",\"next\":7}");
  gap = fyr_wire_problem_parse (text->str, text->len);
  g_assert_cmpstr (gap->code, ==, "gap");
  g_assert_cmpstr (gap->text, ==, "Number 7 comes next");
  g_assert_cmpstr (gap->epoch, ==, "e");
  g_assert_cmpint (gap->next, ==, 7);
  for (guint i = 0; i < G_N_ELEMENTS (none); i++) {
    g_autoptr (FyrWireProblem) problem = fyr_wire_problem_parse (none[i], strlen (none[i]));
    g_assert_cmpstr (problem->code, ==, "");
    g_assert_cmpint (problem->next, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sign-in/a-request-comes-back-the-same", test_request);
  g_test_add_func ("/sign-in/a-broken-request-is-refused", test_broken_requests);
  g_test_add_func ("/sign-in/a-reply-comes-back-the-same", test_reply);
  g_test_add_func ("/sign-in/a-share-may-be-there-or-not", test_share);
  g_test_add_func ("/sign-in/a-broken-reply-is-refused", test_broken_replies);
  g_test_add_func ("/problem/an-error-body-is-read-and-whatever-else-is-none", test_problem);
  return g_test_run ();
}
