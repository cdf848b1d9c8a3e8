/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-guard-answer.h"
#include "fyr-guard-chunks.h"
#include "fyr-guard-head.h"

/* What the guard reads before the HTTP library sees a byte. */

static guint
status_of (const char *head)
{
  FyrGuardHead result;
  guint status;

  fyr_guard_head_read (head, strlen (head), &result);
  status = result.status;
  g_assert_true ((status == 0) == (result.reason == NULL));
  fyr_guard_head_clear (&result);
  return status;
}

static char *
handed_on (const char *head)
{
  FyrGuardHead result;
  char *text;

  fyr_guard_head_read (head, strlen (head), &result);
  g_assert_cmpuint (result.status, ==, 0);
  text = g_strdup (result.head->str);
  fyr_guard_head_clear (&result);
  return text;
}

static guint
get_with (const char *headers)
{
  g_autofree char *head = g_strdup_printf ("GET /healthz HTTP/1.1\r\n%s\r\n", headers);

  return status_of (head);
}

static guint
post_with (const char *headers)
{
  g_autofree char *head = g_strdup_printf ("POST /sync/v1/push HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);

  return status_of (head);
}

static void
test_a_plain_request_goes_on_as_it_came (void)
{
  const char *head = "POST /sync/v1/push HTTP/1.1\r\nHost: 127.0.0.1:8460\r\nContent-Length: 12\r\n"
                     "Authorization: Bearer abc\r\nContent-Type: application/json\r\n\r\n";
  g_autofree char *text = handed_on (head);
  FyrGuardHead result;

  g_assert_cmpstr (text, ==, head);
  fyr_guard_head_read (head, strlen (head), &result);
  g_assert_cmpint (result.length, ==, 12);
  g_assert_false (result.is_chunked);
  g_assert_false (result.is_fhir);
  g_assert_false (result.is_upgrade);
  g_assert_cmpint (result.max_length, ==, 1024 * 1024);
  fyr_guard_head_clear (&result);
}

static void
test_the_end_of_a_head_is_its_empty_line (void)
{
  const char *text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody";

  for (gsize n = 0; n < 27; n++) {
    g_assert_cmpuint (fyr_guard_head_find_end (text, n), ==, 0);
  }
  g_assert_cmpuint (fyr_guard_head_find_end (text, 27), ==, 27);
  g_assert_cmpuint (fyr_guard_head_find_end (text, strlen (text)), ==, 27);
  g_assert_cmpuint (fyr_guard_head_find_end ("\n\n", 2), ==, 0);
}

static void
test_broken_request_lines_are_refused (void)
{
  const struct {
    const char *line;
    guint status;
  } cases[] = {
    { "", 400 },
    { "GET", 400 },
    { "GET ", 400 },
    { "GET /", 400 },
    { "GET / ", 505 },
    { " GET / HTTP/1.1", 400 },
    { "GET  / HTTP/1.1", 505 },
    { "GET / HTTP/1.1 ", 505 },
    { "GET / HTTP/2.0", 505 },
    { "GET / HTTP/0.9", 505 },
    { "GET / http/1.1", 505 },
    { "GET / HTTP/1.10", 505 },
    { "get / HTTP/1.1", 405 },
    { "PUT / HTTP/1.1", 405 },
    { "DELETE / HTTP/1.1", 405 },
    { "TRACE / HTTP/1.1", 405 },
    { "CONNECT x:443 HTTP/1.1", 405 },
    { "OPTIONS * HTTP/1.1", 405 },
    { "HEAD / HTTP/1.1", 405 },
    { "PRI * HTTP/2.0", 405 },
    { "G\tT / HTTP/1.1", 400 },
    { "GET http://x/ HTTP/1.1", 400 },
    { "GET * HTTP/1.1", 400 },
    { "GET healthz HTTP/1.1", 400 },
    { "GET /a#b HTTP/1.1", 400 },
    { "GET /a\\b HTTP/1.1", 400 },
    { "GET /\x7f HTTP/1.1", 400 },
    { "GET /\xc3\xa6 HTTP/1.1", 400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *head = g_strdup_printf ("%s\r\nHost: x\r\n\r\n", cases[i].line);

    if (status_of (head) != cases[i].status) {
      g_error ("“%s” is %u, not %u", cases[i].line, status_of (head), cases[i].status);
    }
  }
}

static void
test_a_very_long_address_is_refused (void)
{
  g_autofree char *path = g_strnfill (2100, 'a');
  g_autofree char *head = g_strdup_printf ("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", path);

  g_assert_cmpuint (status_of (head), ==, 414);
}

static void
test_there_is_one_sound_host (void)
{
  g_assert_cmpuint (get_with ("Host: x\r\n"), ==, 0);
  g_assert_cmpuint (get_with ("Host: [::1]:8460\r\n"), ==, 0);
  g_assert_cmpuint (get_with ("HOST:x\r\n"), ==, 0);
  g_assert_cmpuint (get_with (""), ==, 400);
  g_assert_cmpuint (get_with ("Host:\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x\r\nHost: x\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x\r\nhost: y\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x y\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x/y\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x@y\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x,y\r\n"), ==, 400);
  /* HTTP/1.0 needs none: a proxy's health check. */
  g_assert_cmpuint (status_of ("GET /healthz HTTP/1.0\r\n\r\n"), ==, 0);
}

static void
test_lengths_are_one_row_of_digits (void)
{
  const char *bad[] = {
    "Content-Length: -1\r\n",
    "Content-Length: +1\r\n",
    "Content-Length: 0x10\r\n",
    "Content-Length: 1 2\r\n",
    "Content-Length: 5, 5\r\n",
    "Content-Length: 5,6\r\n",
    "Content-Length:\r\n",
    "Content-Length: \r\n",
    "Content-Length: 1e3\r\n",
    "Content-Length: 5\r\nContent-Length: 5\r\n",
    "Content-Length: 5\r\ncontent-length: 6\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_cmpuint (post_with (bad[i]), ==, 400);
  }
  g_assert_cmpuint (post_with ("Content-Length: 0\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("Content-Length: 007\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("Content-Length: 1048576\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("Content-Length: 1048577\r\n"), ==, 413);
  g_assert_cmpuint (post_with ("Content-Length: 99999999999999999999999999\r\n"), ==, 413);
}

static void
test_a_bundle_may_be_larger_than_a_push (void)
{
  g_assert_cmpuint (status_of ("POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n"), ==, 0);
  g_assert_cmpuint (status_of ("POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 4194305\r\n\r\n"), ==, 413);
  g_assert_cmpuint (status_of ("POST /fhirx HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"), ==,
                    413);
  g_assert_cmpuint (
      status_of ("POST /fhir/Observation?a HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"), ==, 0);
}

static void
test_chunked_stands_alone (void)
{
  const char *bad[] = {
    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding: \"chunked\"\r\n",
    "Transfer-Encoding:\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_cmpuint (post_with (bad[i]), ==, 400);
  }
  g_assert_cmpuint (post_with ("Transfer-Encoding: chunked\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("transfer-encoding: Chunked\r\n"), ==, 0);
  g_assert_cmpuint (status_of ("POST /fhir HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), ==,
                    400);
}

static void
test_a_get_has_no_body (void)
{
  g_assert_cmpuint (get_with ("Host: x\r\nContent-Length: 0\r\n"), ==, 0);
  g_assert_cmpuint (get_with ("Host: x\r\nContent-Length: 1\r\n"), ==, 400);
  g_assert_cmpuint (get_with ("Host: x\r\nTransfer-Encoding: chunked\r\n"), ==, 400);
}

static void
test_broken_headers_are_refused (void)
{
  const char *bad[] = {
    "Host: x\r\nA b: c\r\n",     "Host: x\r\nA : c\r\n",       "Host: x\r\n: c\r\n",
    "Host: x\r\nA\r\n",          "Host: x\r\n A: c\r\n",       "Host: x\r\nA: b\r\n\tc\r\n",
    "Host: x\r\nA: b\x01\r\n",   "Host: x\r\nA: b\x7f\r\n",    "Host: x\r\nA: b\rC: d\r\n",
    "Host: x\r\nA: b\nC: d\r\n", "Host: x\r\n\xc3\xa6: d\r\n", "Host: x\r\nA(b): c\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    if (get_with (bad[i]) != 400) {
      g_error ("header %u is not refused", i);
    }
  }
}

static void
test_a_nul_is_refused (void)
{
  char head[] = "GET /health?z HTTP/1.1\r\nHost: x\r\nA: b?c\r\n\r\n";
  FyrGuardHead result;

  for (char *p = head; *p != '\0'; p++) {
    if (*p == '?') {
      gsize length = strlen (head);

      *p = '\0';
      fyr_guard_head_read (head, length, &result);
      g_assert_cmpuint (result.status, ==, 400);
      fyr_guard_head_clear (&result);
      *p = '?';
    }
  }
}

static void
test_too_many_headers_are_refused (void)
{
  g_autoptr (GString) headers = g_string_new ("Host: x\r\n");

  for (guint i = 0; i < 63; i++) {
    g_string_append_printf (headers, "A%u: b\r\n", i);
  }
  g_assert_cmpuint (get_with (headers->str), ==, 0);
  g_string_append (headers, "One: more\r\n");
  g_assert_cmpuint (get_with (headers->str), ==, 431);
}

static void
test_ranges_and_cookies_are_dropped (void)
{
  g_autofree char *text =
      handed_on ("GET /healthz HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1,2-3\r\nIf-Range: x\r\n"
                 "Cookie: a=b\r\nrange: bytes=0-\r\nTE: trailers\r\nAccept: */*\r\n\r\n");

  g_assert_cmpstr (text, ==, "GET /healthz HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n");
}

static void
test_only_the_live_address_becomes_a_websocket (void)
{
  FyrGuardHead result;
  const char *live =
      "GET /sync/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  g_autofree char *other =
      handed_on ("GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  g_autofree char *h2c =
      handed_on ("GET /sync/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n");

  fyr_guard_head_read (live, strlen (live), &result);
  g_assert_true (result.is_upgrade);
  g_assert_nonnull (strstr (result.head->str, "Upgrade: websocket"));
  fyr_guard_head_clear (&result);
  g_assert_null (strstr (other, "Upgrade: websocket"));
  g_assert_null (strstr (h2c, "h2c"));
  g_assert_null (strstr (h2c, "HTTP2"));
}

static void
test_two_authorizations_and_compressed_bodies_are_refused (void)
{
  g_assert_cmpuint (post_with ("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), ==, 400);
  g_assert_cmpuint (post_with ("Content-Encoding: br\r\n"), ==, 415);
  g_assert_cmpuint (post_with ("Content-Encoding: gzip, gzip\r\n"), ==, 415);
  g_assert_cmpuint (post_with ("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"), ==, 415);
  g_assert_cmpuint (post_with ("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"), ==, 415);
  g_assert_cmpuint (post_with ("Content-Encoding: identity\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("Content-Encoding: gzip\r\n"), ==, 0);
  g_assert_cmpuint (status_of ("POST /sync/v1/pull HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n\r\n"),
                    ==, 415);
  g_assert_cmpuint (
      status_of ("POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n\r\n"), ==, 415);
  g_assert_cmpuint (post_with ("Expect: 100-continue\r\n"), ==, 0);
  g_assert_cmpuint (post_with ("Expect: the-worst\r\n"), ==, 417);
}

static void
test_no_bytes_whatever_break_the_reader (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const char *whole =
      "POST /fhir/Observation HTTP/1.1\r\nHost: a.b:1\r\nContent-Length: 12\r\nRange: bytes=0-\r\n"
      "Transfer-Encoding: chunked\r\nUpgrade: websocket\r\nAuthorization: Bearer abc\r\n\r\n";
  gsize length = strlen (whole);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 20000; round++) {
    g_autofree char *bytes = g_memdup2 (whole, length + 1);
    g_autofree char *lower = NULL;
    FyrGuardHead result;

    for (gint n = g_rand_int_range (rand, 0, 8); n > 0; n--) {
      bytes[g_rand_int_range (rand, 0, (gint32)length)] = (char)g_rand_int_range (rand, 0, 256);
    }
    fyr_guard_head_read (bytes, (gsize)g_rand_int_range (rand, 1, (gint32)length + 1), &result);
    if (result.status == 0) {
      /* What goes on has no line that could be read in another way. */
      g_assert_true (g_str_has_suffix (result.head->str, "\r\n\r\n"));
      g_assert_cmpuint (strlen (result.head->str), ==, result.head->len);
      for (const char *p = strchr (result.head->str, '\n'); p != NULL; p = strchr (p + 1, '\n')) {
        g_assert_cmpint (p[-1], ==, '\r');
      }
      g_assert_false (result.is_chunked && result.length > 0);
      /* In the value of a header whose name and end were hit the word may stand: that is no Range. */
      lower = g_ascii_strdown (result.head->str, -1);
      g_assert_null (strstr (lower, "\r\nrange:"));
    }
    fyr_guard_head_clear (&result);
  }
}

/* Chunks */

static FyrGuardChunksState
read_chunks (const char *text, gint64 max, gsize *used)
{
  FyrGuardChunks chunks;

  fyr_guard_chunks_init (&chunks, max);
  *used = fyr_guard_chunks_read (&chunks, (const guint8 *)text, strlen (text));
  return chunks.state;
}

static void
test_chunks_end_where_they_say (void)
{
  gsize used;

  g_assert_cmpint (read_chunks ("0\r\n\r\n", 10, &used), ==, FYR_GUARD_CHUNKS_END);
  g_assert_cmpuint (used, ==, 5);
  g_assert_cmpint (read_chunks ("5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1", 10, &used), ==,
                   FYR_GUARD_CHUNKS_END);
  g_assert_cmpuint (used, ==, 15);
  g_assert_cmpint (read_chunks ("A\r\n0123456789\r\n00\r\n\r\n", 10, &used), ==, FYR_GUARD_CHUNKS_END);
  g_assert_cmpint (read_chunks ("5\r\nhel", 10, &used), ==, FYR_GUARD_CHUNKS_DATA);
}

static void
test_broken_chunks_are_told (void)
{
  const char *bad[] = {
    "\r\n",
    "g\r\n",
    "-1\r\n",
    "5;ext=1\r\nhello\r\n",
    "5 \r\nhello\r\n",
    "0x5\r\nhello\r\n",
    "5\nhello\r\n",
    "5\r\nhelloX\r\n",
    "5\r\nhello\n0\r\n",
    "0\r\nTrailer: x\r\n\r\n",
    "000000005\r\nhello\r\n",
    "5\rhello",
    "0\r\n\n",
  };
  gsize used;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    if (read_chunks (bad[i], 100, &used) != FYR_GUARD_CHUNKS_BROKEN) {
      g_error ("chunk %u is not broken", i);
    }
  }
}

static void
test_chunks_stop_at_the_limit (void)
{
  gsize used;

  g_assert_cmpint (read_chunks ("b\r\nhello", 10, &used), ==, FYR_GUARD_CHUNKS_TOO_LARGE);
  g_assert_cmpint (read_chunks ("5\r\nhello\r\n6\r\nworld!\r\n", 10, &used), ==, FYR_GUARD_CHUNKS_TOO_LARGE);
  g_assert_cmpint (read_chunks ("ffffffff\r\n", 1024, &used), ==, FYR_GUARD_CHUNKS_TOO_LARGE);
}

static void
test_chunks_read_the_same_in_any_portions (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const char *text = "5\r\nhello\r\n1\r\n \r\n6\r\nworld!\r\n0\r\n\r\nrest";

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 2000; round++) {
    FyrGuardChunks chunks;
    gsize at = 0;

    fyr_guard_chunks_init (&chunks, 100);
    while (at < strlen (text) && chunks.state < FYR_GUARD_CHUNKS_END) {
      gsize n = MIN ((gsize)g_rand_int_range (rand, 1, 9), strlen (text) - at);
      at += fyr_guard_chunks_read (&chunks, (const guint8 *)text + at, n);
    }
    g_assert_cmpint (chunks.state, ==, FYR_GUARD_CHUNKS_END);
    g_assert_cmpstr (text + at, ==, "rest");
    g_assert_cmpint (chunks.total, ==, 12);
  }
}

static void
test_the_guards_answers_close_and_say_their_length (void)
{
  const guint statuses[] = { 400, 405, 408, 413, 414, 415, 417, 431, 503, 505, 299 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    for (guint fhir = 0; fhir < 2; fhir++) {
      g_autofree char *answer = fyr_guard_answer_new (statuses[i], fhir);
      const char *body = strstr (answer, "\r\n\r\n") + 4;
      g_autofree char *length = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n", strlen (body));

      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));
      g_assert_nonnull (strstr (answer, "\r\nConnection: close\r\n"));
      g_assert_nonnull (strstr (answer, length));
      g_assert_cmpint (strstr (body, "OperationOutcome") != NULL, ==, fhir);
      g_assert_cmpint (strstr (body, "\"error\"") != NULL && !fhir, ==, !fhir);
    }
  }
  g_assert_cmpstr (fyr_guard_answer_get_code (413), ==, "too-large");
  g_assert_cmpstr (fyr_guard_answer_get_code (503), ==, "busy");
  g_assert_cmpstr (fyr_guard_answer_get_code (400), ==, "malformed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/guard/" #name, test_##name)
  ADD (a_plain_request_goes_on_as_it_came);
  ADD (the_end_of_a_head_is_its_empty_line);
  ADD (broken_request_lines_are_refused);
  ADD (a_very_long_address_is_refused);
  ADD (there_is_one_sound_host);
  ADD (lengths_are_one_row_of_digits);
  ADD (a_bundle_may_be_larger_than_a_push);
  ADD (chunked_stands_alone);
  ADD (a_get_has_no_body);
  ADD (broken_headers_are_refused);
  ADD (a_nul_is_refused);
  ADD (too_many_headers_are_refused);
  ADD (ranges_and_cookies_are_dropped);
  ADD (only_the_live_address_becomes_a_websocket);
  ADD (two_authorizations_and_compressed_bodies_are_refused);
  ADD (no_bytes_whatever_break_the_reader);
  ADD (chunks_end_where_they_say);
  ADD (broken_chunks_are_told);
  ADD (chunks_stop_at_the_limit);
  ADD (chunks_read_the_same_in_any_portions);
  ADD (the_guards_answers_close_and_say_their_length);
  return g_test_run ();
}
