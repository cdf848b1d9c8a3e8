/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every message of the sync protocol, as server and workstation read it. What is read can be written and read again. */
#include "fyr-fuzz.h"

#include "fyr-json-document.h"
#include "fyr-records.h"
#include "fyr-wire-pull.h"
#include "fyr-wire-push.h"
#include "fyr-wire-sign-in.h"
#include "fyr-wire-witness.h"

static void
read_push (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (text, size, &error);
  g_assert_true ((request == NULL) == (error != NULL));
  if (request == NULL)
    return;
  g_autoptr (GString) again = g_string_new (NULL);
  fyr_push_request_write (request, again);
  g_clear_error (&error);
  g_autoptr (FyrPushRequest) second = fyr_push_request_parse (again->str, again->len, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
read_pull (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) request = fyr_pull_request_parse (text, size, &error);
  g_assert_true ((request == NULL) == (error != NULL));
  if (request == NULL)
    return;
  g_autoptr (GString) again = g_string_new (NULL);
  fyr_pull_request_write (request, again);
  g_clear_error (&error);
  g_autoptr (FyrPullRequest) second = fyr_pull_request_parse (again->str, again->len, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
read_replies (const char *text, gsize size)
{
  g_autoptr (GError) pull_error = NULL, push_error = NULL, heads_error = NULL, sign_in_error = NULL;
  g_autoptr (FyrPullReply) page = fyr_pull_reply_parse (text, size, &pull_error);
  g_autoptr (FyrPushReply) outcomes = fyr_push_reply_parse (text, size, &push_error);
  g_autoptr (GHashTable) heads = fyr_wire_heads_parse (text, size, &heads_error);
  g_autoptr (FyrSignInReply) session = fyr_sign_in_reply_parse (text, size, &sign_in_error);
  g_autoptr (FyrWireProblem) problem = fyr_wire_problem_parse (text, size);
  g_assert_true ((page == NULL) == (pull_error != NULL));
  g_assert_true ((outcomes == NULL) == (push_error != NULL));
  g_assert_true ((heads == NULL) == (heads_error != NULL));
  g_assert_true ((session == NULL) == (sign_in_error != NULL));
  /* An error reply must be told from a broken one, so there is always a problem to speak of. */
  g_assert_nonnull (problem);
}

static void
read_witness (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL, reply_error = NULL;
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_parse (text, size, &error);
  g_autoptr (FyrWitnessReply) reply = fyr_witness_reply_parse (text, size, &reply_error);
  g_assert_true ((request == NULL) == (error != NULL));
  g_assert_true ((reply == NULL) == (reply_error != NULL));
}

static void
read_sign_in (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSignInRequest) request = fyr_sign_in_request_parse (text, size, &error);
  g_assert_true ((request == NULL) == (error != NULL));
}

static void
read_record (const char *text, gsize size)
{
  g_autoptr (FyrJsonDocument) document = fyr_json_document_parse (text, size, &fyr_json_limits_message, NULL);
  g_autoptr (JsonObject) object =
      document != NULL ? fyr_json_value_to_object (fyr_json_document_get_root (document)) : NULL;
  for (guint i = 0; object != NULL && i < fyr_n_record_infos; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrRecord) record = fyr_record_from_json (fyr_record_infos[i], object, &error);
    g_assert_true ((record == NULL) == (error != NULL));
    if (record != NULL)
      fyr_record_validate (record, NULL, NULL);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *)data;
  read_push (text, size);
  read_pull (text, size);
  read_replies (text, size);
  read_sign_in (text, size);
  read_witness (text, size);
  read_record (text, size);
  return 0;
}
