/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-answer.h"

#include <string.h>

static const struct {
  guint status;
  const char *phrase;
  const char *code;
  const char *issue;
  const char *text;
} answers[] = {
  { 400, "Bad Request", "malformed", "structure", "The request is not valid HTTP" },
  { 405, "Method Not Allowed", "malformed", "not-supported", "Only GET and POST are answered" },
  { 408, "Request Timeout", "malformed", "timeout", "The request took too long to arrive" },
  { 413, "Content Too Large", "too-large", "too-long", "The body is larger than allowed" },
  { 414, "URI Too Long", "malformed", "too-long", "The address is too long" },
  { 415, "Unsupported Media Type", "malformed", "not-supported", "Bodies are sent without compression" },
  { 417, "Expectation Failed", "malformed", "not-supported", "The expectation is not known" },
  { 431, "Request Header Fields Too Large", "malformed", "too-long", "The head of the request is too large" },
  { 503, "Service Unavailable", "busy", "throttled", "Too much at once; try again" },
  { 505, "HTTP Version Not Supported", "malformed", "not-supported", "Only HTTP/1.1 is spoken" },
};

static gsize
find (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++) {
    if (answers[i].status == status) {
      return i;
    }
  }
  return 0;
}

const char *
fyr_guard_answer_get_code (guint status)
{
  return answers[find (status)].code;
}

char *
fyr_guard_answer_new (guint status, gboolean is_fhir)
{
  gsize i = find (status);
  g_autofree char *body = NULL;

  if (is_fhir) {
    body = g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
                            "\"code\":\"%s\",\"diagnostics\":\"%s\"}]}",
                            answers[i].issue, answers[i].text);
  } else {
    body =
        g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"text\":\"%s\"}}", answers[i].code, answers[i].text);
  }
  return g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\n%s%sConnection: close\r\n\r\n%s",
                          answers[i].status, answers[i].phrase,
                          is_fhir ? "application/fhir+json" : "application/json", strlen (body),
                          status == 503 ? "Retry-After: 2\r\n" : "",
                          status == 405 ? "Allow: GET, POST\r\n" : "", body);
}
