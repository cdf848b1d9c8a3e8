/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-head.h"

#include <string.h>

#define MAX_HEADERS 64
#define MAX_TARGET 2048
#define MAX_LENGTH_DIGITS 12
#define SYNC_MAX (G_GINT64_CONSTANT (1024) * 1024)
#define FHIR_MAX (G_GINT64_CONSTANT (4) * 1024 * 1024)

typedef struct {
  FyrGuardHead *head;
  gboolean is_get;
  gboolean is_http_10;
  gboolean is_live;
  gboolean takes_gzip;
  gboolean wants_websocket;
  guint n_host;
  guint n_length;
  guint n_encoding;
  guint n_packing;
  guint n_authorization;
} Reading;

typedef struct {
  const char *name;
  gsize name_length;
  const char *value;
  gsize value_length;
} Header;

static gboolean
refuse (Reading *self, guint status, const char *reason)
{
  if (self->head->status == 0) {
    self->head->status = status;
    self->head->reason = reason;
  }
  return FALSE;
}

gsize
fyr_guard_head_find_end (const char *bytes, gsize length)
{
  const char *end = memmem (bytes, length, "\r\n\r\n", 4);

  return end != NULL ? (gsize)(end - bytes) + 4 : 0;
}

static gboolean
is_token_char (guchar c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
equals (const char *text, gsize length, const char *word)
{
  return strlen (word) == length && g_ascii_strncasecmp (text, word, length) == 0;
}

static gboolean
is_path (const char *target, gsize length, const char *path)
{
  gsize n = strlen (path);

  return length >= n && memcmp (target, path, n) == 0 &&
         (length == n || target[n] == '/' || target[n] == '?');
}

static gboolean
read_target (Reading *self, const char *target, gsize length)
{
  if (length == 0 || target[0] != '/') {
    return refuse (self, 400, "target");
  }
  if (length > MAX_TARGET) {
    return refuse (self, 414, "target");
  }
  for (gsize i = 0; i < length; i++) {
    if (target[i] <= ' ' || target[i] >= 0x7f || target[i] == '#' || target[i] == '\\') {
      return refuse (self, 400, "target");
    }
  }
  self->head->is_fhir = is_path (target, length, "/fhir");
  self->head->max_length = self->head->is_fhir ? FHIR_MAX : SYNC_MAX;
  self->takes_gzip =
      is_path (target, length, "/sync/v1/push") || is_path (target, length, "/sync/v1/witness");
  self->is_live = is_path (target, length, "/sync/v1/live");
  return TRUE;
}

static gboolean
read_request_line (Reading *self, const char *line, gsize length)
{
  const char *space = memchr (line, ' ', length);
  const char *second = space != NULL ? memchr (space + 1, ' ', length - (gsize)(space + 1 - line)) : NULL;
  gsize rest;

  if (second == NULL || space == line) {
    return refuse (self, 400, "request-line");
  }
  self->is_get = equals (line, (gsize)(space - line), "GET") && memcmp (line, "GET", 3) == 0;
  if (!self->is_get && !(space - line == 4 && memcmp (line, "POST", 4) == 0)) {
    for (const char *p = line; p < space; p++) {
      if (!is_token_char ((guchar)*p)) {
        return refuse (self, 400, "method");
      }
    }
    return refuse (self, 405, "method");
  }
  rest = length - (gsize)(second + 1 - line);
  self->is_http_10 = rest == 8 && memcmp (second + 1, "HTTP/1.0", 8) == 0;
  if (!self->is_http_10 && !(rest == 8 && memcmp (second + 1, "HTTP/1.1", 8) == 0)) {
    return refuse (self, 505, "version");
  }
  return read_target (self, space + 1, (gsize)(second - space - 1));
}

static gboolean
read_host (Reading *self, const Header *header)
{
  if (++self->n_host > 1 || header->value_length == 0 || header->value_length > 255) {
    return refuse (self, 400, "host");
  }
  for (gsize i = 0; i < header->value_length; i++) {
    char c = header->value[i];
    if (!g_ascii_isalnum (c) && (c == '\0' || strchr (".-_:[]", c) == NULL)) {
      return refuse (self, 400, "host");
    }
  }
  return TRUE;
}

static gboolean
read_length (Reading *self, const Header *header)
{
  gint64 value = 0;

  if (++self->n_length > 1 || header->value_length == 0) {
    return refuse (self, 400, "content-length");
  }
  for (gsize i = 0; i < header->value_length; i++) {
    if (!g_ascii_isdigit (header->value[i])) {
      return refuse (self, 400, "content-length");
    }
    value = i < MAX_LENGTH_DIGITS ? value * 10 + (header->value[i] - '0') : G_MAXINT64;
  }
  self->head->length = value;
  return TRUE;
}

static gboolean
read_transfer_encoding (Reading *self, const Header *header)
{
  if (++self->n_encoding > 1 || !equals (header->value, header->value_length, "chunked")) {
    return refuse (self, 400, "transfer-encoding");
  }
  self->head->is_chunked = TRUE;
  return TRUE;
}

/* One packing, by gzip, where what comes out is bounded; the size of the body as sent is bounded as ever. */
static gboolean
read_content_encoding (Reading *self, const Header *header)
{
  self->head->is_packed = equals (header->value, header->value_length, "gzip");
  if (++self->n_packing > 1 || (self->head->is_packed && !self->takes_gzip) ||
      (!self->head->is_packed && !equals (header->value, header->value_length, "identity"))) {
    return refuse (self, 415, "content-encoding");
  }
  return TRUE;
}

/* Whether the header is handed on; sets the status when the request is refused. */
static gboolean
read_header (Reading *self, const Header *header)
{
  const char *name = header->name;
  gsize length = header->name_length;

  if (equals (name, length, "Host")) {
    return read_host (self, header);
  }
  if (equals (name, length, "Content-Length")) {
    return read_length (self, header);
  }
  if (equals (name, length, "Transfer-Encoding")) {
    return read_transfer_encoding (self, header);
  }
  if (equals (name, length, "Authorization") && ++self->n_authorization > 1) {
    return refuse (self, 400, "authorization");
  }
  if (equals (name, length, "Content-Encoding")) {
    return read_content_encoding (self, header);
  }
  if (equals (name, length, "Expect") && !equals (header->value, header->value_length, "100-continue")) {
    return refuse (self, 417, "expect");
  }
  if (equals (name, length, "Upgrade")) {
    self->wants_websocket = equals (header->value, header->value_length, "websocket");
    return self->wants_websocket && self->is_live && self->is_get;
  }
  return !equals (name, length, "Range") && !equals (name, length, "If-Range") &&
         !equals (name, length, "Cookie") && !equals (name, length, "HTTP2-Settings") &&
         !equals (name, length, "TE") && !equals (name, length, "Trailer");
}

static gboolean
split_header (Reading *self, const char *line, gsize length, Header *header)
{
  const char *colon = memchr (line, ':', length);
  const char *end = line + length;

  if (colon == NULL || colon == line) {
    return refuse (self, 400, "header");
  }
  for (const char *p = line; p < colon; p++) {
    if (!is_token_char ((guchar)*p)) {
      return refuse (self, 400, "header");
    }
  }
  header->name = line;
  header->name_length = (gsize)(colon - line);
  header->value = colon + 1;
  while (header->value < end && (*header->value == ' ' || *header->value == '\t')) {
    header->value++;
  }
  while (end > header->value && (end[-1] == ' ' || end[-1] == '\t')) {
    end--;
  }
  header->value_length = (gsize)(end - header->value);
  for (const char *p = header->value; p < end; p++) {
    if (((guchar)*p < ' ' && *p != '\t') || *p == 0x7f) {
      return refuse (self, 400, "header");
    }
  }
  return TRUE;
}

static gboolean
check_whole (Reading *self)
{
  FyrGuardHead *head = self->head;

  if (self->n_host == 0 && !self->is_http_10) {
    return refuse (self, 400, "host");
  }
  if (head->is_chunked && (self->n_length > 0 || self->is_http_10)) {
    return refuse (self, 400, "length-and-encoding");
  }
  if (self->is_get && (head->is_chunked || head->length > 0)) {
    return refuse (self, 400, "body");
  }
  if (head->length > head->max_length) {
    return refuse (self, 413, "length");
  }
  head->is_upgrade = self->wants_websocket && self->is_live && self->is_get;
  return TRUE;
}

/* The next line without its CRLF; NULL when a line ends otherwise or holds a bare CR. */
static const char *
next_line (const char **position, const char *end, gsize *length)
{
  const char *line = *position;
  const char *feed = memchr (line, '\n', (gsize)(end - line));

  if (feed == NULL || feed == line || feed[-1] != '\r' ||
      memchr (line, '\r', (gsize)(feed - line)) != feed - 1) {
    return NULL;
  }
  *length = (gsize)(feed - 1 - line);
  *position = feed + 1;
  return line;
}

static void
read_lines (Reading *self, const char *bytes, const char *end)
{
  const char *position = bytes;
  gsize length = 0;
  const char *line = next_line (&position, end, &length);
  guint n = 0;

  if (line == NULL) {
    refuse (self, 400, "line");
    return;
  }
  if (!read_request_line (self, line, length)) {
    return;
  }
  g_string_append_len (self->head->head, line, (gssize)length + 2);
  while (position < end) {
    Header header;

    line = next_line (&position, end, &length);
    if (line == NULL || (length > 0 && (*line == ' ' || *line == '\t'))) {
      refuse (self, 400, "line");
      return;
    }
    if (length == 0) {
      break;
    }
    if (++n > MAX_HEADERS) {
      refuse (self, 431, "headers");
      return;
    }
    if (split_header (self, line, length, &header) && read_header (self, &header)) {
      g_string_append_len (self->head->head, line, (gssize)length + 2);
    }
    if (self->head->status != 0) {
      return;
    }
  }
  g_string_append (self->head->head, "\r\n");
  check_whole (self);
}

void
fyr_guard_head_read (const char *bytes, gsize length, FyrGuardHead *self)
{
  Reading reading = { .head = self };

  memset (self, 0, sizeof *self);
  self->head = g_string_sized_new (length);
  self->max_length = SYNC_MAX;
  read_lines (&reading, bytes, bytes + length);
}

void
fyr_guard_head_clear (FyrGuardHead *self)
{
  if (self->head != NULL) {
    g_string_free (self->head, TRUE);
    self->head = NULL;
  }
}
