/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-json-document.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#define DEPTH_CEILING 64
#define BLOCK_VALUES 120
#define PAIRWISE_MEMBERS 16

const FyrJsonLimits fyr_json_limits_message = { 1280 * 1024, 32, 100000 };
const FyrJsonLimits fyr_json_limits_page = { 16 * 1024 * 1024, 32, 2000000 };
const FyrJsonLimits fyr_json_limits_fhir = { 8 * 1024 * 1024, 32, 400000 };

typedef struct _Block Block;
struct _Block {
  Block *next;
  guint used;
  FyrJsonValue values[BLOCK_VALUES];
};

struct _FyrJsonDocument {
  char *buffer;
  Block *blocks;
  GStringChunk *texts;
  FyrJsonValue *root;
};

/* `at` walks over a copy that ends in NUL and is changed in place: strings are unescaped where they stand,
   and a NUL is put behind a number once the character there (`cut`) has been taken. */
typedef struct {
  FyrJsonDocument *document;
  const FyrJsonLimits *limits;
  char *at;
  char *end;
  char *cut;
  const char *name;
  guint name_length;
  guint depth;
  guint n_values;
  FyrJsonValue *open[DEPTH_CEILING];
  FyrJsonValue *last[DEPTH_CEILING];
  int error_code;
  const char *problem;
} Reader;

static gboolean
fail (Reader *r, const char *problem)
{
  r->error_code = FYR_WIRE_ERROR_MALFORMED;
  r->problem = problem;
  return FALSE;
}

static gboolean
fail_large (Reader *r, const char *problem)
{
  r->error_code = FYR_WIRE_ERROR_TOO_LARGE;
  r->problem = problem;
  return FALSE;
}

static char
take (Reader *r)
{
  char *p = r->at;
  char c = *p;

  if (p == r->cut)
    *p = '\0';
  if (p < r->end)
    r->at++;
  return c;
}

static inline gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline void
skip_space (Reader *r)
{
  if (r->at == r->cut)
    return;
  while (is_space (*r->at))
    r->at++;
}

static FyrJsonValue *
new_value (Reader *r, FyrJsonType type)
{
  FyrJsonDocument *document = r->document;
  Block *block = document->blocks;
  FyrJsonValue *value;

  if (block == NULL || block->used == BLOCK_VALUES) {
    block = g_malloc (sizeof (Block));
    block->next = document->blocks;
    block->used = 0;
    document->blocks = block;
  }
  value = &block->values[block->used++];
  memset (value, 0, sizeof *value);
  value->type = type;
  if (r->depth == 0) {
    document->root = value;
    return value;
  }
  FyrJsonValue *parent = r->open[r->depth - 1];
  FyrJsonValue *before = r->last[r->depth - 1];

  value->name = r->name;
  value->name_length = r->name_length;
  if (before == NULL)
    parent->first = value;
  else
    before->next = value;
  r->last[r->depth - 1] = value;
  parent->length++;
  r->name = NULL;
  r->name_length = 0;
  return value;
}

static gboolean
read_hex (Reader *r, gunichar *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (r->at[0]);

    if (digit < 0)
      return fail (r, "bad \\u escape");
    *unit = *unit << 4 | (guint)digit;
    r->at++;
  }
  return TRUE;
}

static gboolean
read_unicode (Reader *r, char **out)
{
  gunichar unit = 0;
  gunichar low = 0;

  if (!read_hex (r, &unit))
    return FALSE;
  if (unit >= 0xd800 && unit < 0xdc00) {
    if (r->at[0] != '\\' || r->at[1] != 'u')
      return fail (r, "lone surrogate");
    r->at += 2;
    if (!read_hex (r, &low))
      return FALSE;
    if (low < 0xdc00 || low > 0xdfff)
      return fail (r, "lone surrogate");
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  } else if (unit >= 0xdc00 && unit <= 0xdfff) {
    return fail (r, "lone surrogate");
  }
  if (unit == 0)
    return fail (r, "NUL in a string");
  *out += g_unichar_to_utf8 (unit, *out);
  return TRUE;
}

static gboolean
read_escape (Reader *r, char **out)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  char c = *r->at;
  const char *found = c == '\0' ? NULL : strchr (from, c);

  if (c == 'u') {
    r->at++;
    return read_unicode (r, out);
  }
  if (found == NULL)
    return fail (r, "bad escape");
  r->at++;
  *(*out)++ = to[found - from];
  return TRUE;
}

/* The opening quote has been taken. */
static gboolean
read_string (Reader *r, const char **text, guint *length)
{
  char *start = r->at;
  char *out = start;

  for (;;) {
    char *plain = r->at;

    while ((guchar)*r->at >= 0x20 && *r->at != '"' && *r->at != '\\')
      r->at++;
    if (out != plain)
      memmove (out, plain, (gsize)(r->at - plain));
    out += r->at - plain;
    if (*r->at == '"')
      break;
    if (*r->at != '\\')
      return fail (r, r->at >= r->end ? "string without end" : "control character in a string");
    r->at++;
    if (!read_escape (r, &out))
      return FALSE;
  }
  r->at++;
  *out = '\0';
  *text = start;
  *length = (guint)(out - start);
  return TRUE;
}

static char *
skip_digits (char *p)
{
  while (g_ascii_isdigit (*p))
    p++;
  return p;
}

static gboolean
read_number (Reader *r, FyrJsonValue *value)
{
  char *p = r->at;
  char *digits;

  if (*p == '-')
    p++;
  digits = p;
  p = skip_digits (p);
  if (p == digits || (*digits == '0' && p != digits + 1))
    return fail (r, "no JSON value");
  if (*p == '.') {
    digits = ++p;
    p = skip_digits (p);
    if (p == digits)
      return fail (r, "number without digits after the point");
  }
  if (*p == 'e' || *p == 'E') {
    p++;
    if (*p == '+' || *p == '-')
      p++;
    digits = p;
    p = skip_digits (p);
    if (p == digits)
      return fail (r, "number without exponent");
  }
  value->text = r->at;
  value->length = (guint)(p - r->at);
  r->at = p;
  r->cut = p;
  if (is_space (*p))
    take (r);
  return TRUE;
}

static gboolean
read_word (Reader *r, const char *word)
{
  gsize length = strlen (word);

  if (strncmp (r->at, word, length) != 0)
    return fail (r, "no JSON value");
  r->at += length;
  return TRUE;
}

static gboolean
read_name (Reader *r)
{
  skip_space (r);
  if (take (r) != '"')
    return fail (r, "a member's name is missing");
  if (!read_string (r, &r->name, &r->name_length))
    return FALSE;
  skip_space (r);
  if (take (r) != ':')
    return fail (r, "colon is missing");
  return TRUE;
}

static gboolean
names_differ_pairwise (const FyrJsonValue *object)
{
  for (const FyrJsonValue *a = object->first; a != NULL; a = a->next)
    for (const FyrJsonValue *b = a->next; b != NULL; b = b->next)
      if (a->name_length == b->name_length && memcmp (a->name, b->name, a->name_length) == 0)
        return FALSE;
  return TRUE;
}

static gboolean
names_differ (const FyrJsonValue *object)
{
  if (object->length <= PAIRWISE_MEMBERS)
    return names_differ_pairwise (object);

  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (const FyrJsonValue *v = object->first; v != NULL; v = v->next)
    if (!g_hash_table_add (seen, (gpointer)v->name))
      return FALSE;
  return TRUE;
}

static gboolean
close_container (Reader *r)
{
  const FyrJsonValue *container = r->open[--r->depth];

  if (container->type == FYR_JSON_OBJECT && !names_differ (container))
    return fail (r, "a name stands twice in an object");
  return TRUE;
}

/* Opens a container whose bracket has been taken. *complete: it is empty and closed again. */
static gboolean
open_container (Reader *r, FyrJsonType type, gboolean *complete)
{
  FyrJsonValue *value;

  if (r->depth >= MIN (r->limits->max_depth, DEPTH_CEILING))
    return fail_large (r, "too deep");
  value = new_value (r, type);
  r->open[r->depth] = value;
  r->last[r->depth] = NULL;
  r->depth++;
  skip_space (r);
  *complete = *r->at == (type == FYR_JSON_OBJECT ? '}' : ']');
  if (*complete) {
    take (r);
    return close_container (r);
  }
  return type == FYR_JSON_OBJECT ? read_name (r) : TRUE;
}

static gboolean
read_value (Reader *r, gboolean *complete)
{
  FyrJsonValue *value;

  *complete = TRUE;
  if (++r->n_values > r->limits->max_values)
    return fail_large (r, "too many values");
  skip_space (r);
  switch (*r->at) {
  case '{':
    take (r);
    return open_container (r, FYR_JSON_OBJECT, complete);
  case '[':
    take (r);
    return open_container (r, FYR_JSON_ARRAY, complete);
  case '"':
    take (r);
    value = new_value (r, FYR_JSON_STRING);
    return read_string (r, &value->text, &value->length);
  case 't':
    new_value (r, FYR_JSON_TRUE);
    return read_word (r, "true");
  case 'f':
    new_value (r, FYR_JSON_FALSE);
    return read_word (r, "false");
  case 'n':
    new_value (r, FYR_JSON_NULL);
    return read_word (r, "null");
  case '\0':
    return fail (r, "the text ends too early");
  default:
    return read_number (r, new_value (r, FYR_JSON_NUMBER));
  }
}

/* After a complete value: takes closing brackets up to a comma or the end. *more: another value follows. */
static gboolean
read_after_value (Reader *r, gboolean *more)
{
  *more = FALSE;
  while (r->depth > 0) {
    gboolean object = r->open[r->depth - 1]->type == FYR_JSON_OBJECT;
    char c;

    skip_space (r);
    c = take (r);
    if (c == ',') {
      *more = TRUE;
      return object ? read_name (r) : TRUE;
    }
    if (c != (object ? '}' : ']'))
      return fail (r, c == '\0' ? "the text ends too early" : "comma or closing bracket is missing");
    if (!close_container (r))
      return FALSE;
  }
  skip_space (r);
  return r->at == r->end ? TRUE : fail (r, "text after the value");
}

static gboolean
read_document (Reader *r)
{
  gboolean more = TRUE;

  while (more) {
    gboolean complete = FALSE;

    if (!read_value (r, &complete))
      return FALSE;
    if (complete && !read_after_value (r, &more))
      return FALSE;
  }
  return TRUE;
}

FyrJsonDocument *
fyr_json_document_parse (const char *text, gsize length, const FyrJsonLimits *limits, GError **error)
{
  g_autoptr (FyrJsonDocument) self = NULL;
  Reader reader = { 0 };

  if (text == NULL || length == 0) {
    g_set_error_literal (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_EMPTY, "The body is empty");
    return NULL;
  }
  if (length > limits->max_bytes) {
    g_set_error_literal (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "The body is too large");
    return NULL;
  }
  if (!g_utf8_validate_len (text, length, NULL)) {
    g_set_error_literal (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED, "The body is not UTF-8");
    return NULL;
  }
  self = g_new0 (FyrJsonDocument, 1);
  self->buffer = g_malloc (length + 1);
  memcpy (self->buffer, text, length);
  self->buffer[length] = '\0';
  reader.document = self;
  reader.limits = limits;
  reader.at = self->buffer;
  reader.end = self->buffer + length;
  if (!read_document (&reader)) {
    g_set_error (error, FYR_WIRE_ERROR, reader.error_code,
                 "Not acceptable JSON at byte %" G_GSIZE_FORMAT ": %s", (gsize)(reader.at - self->buffer),
                 reader.problem);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
fyr_json_document_free (FyrJsonDocument *self)
{
  for (Block *block = self->blocks; block != NULL;) {
    Block *next = block->next;

    g_free (block);
    block = next;
  }
  g_clear_pointer (&self->texts, g_string_chunk_free);
  g_free (self->buffer);
  g_free (self);
}

const FyrJsonValue *
fyr_json_document_get_root (FyrJsonDocument *self)
{
  return self->root;
}

const char *
fyr_json_document_concat (FyrJsonDocument *self, const char *first, ...)
{
  char buffer[512];
  gsize used = g_strlcpy (buffer, first, sizeof buffer);
  const char *more;
  va_list list;

  va_start (list, first);
  while (used < sizeof buffer && (more = va_arg (list, const char *)) != NULL)
    used += g_strlcpy (buffer + used, more, sizeof buffer - used);
  va_end (list);
  if (self->texts == NULL)
    self->texts = g_string_chunk_new (1024);
  if (used < sizeof buffer)
    return g_string_chunk_insert (self->texts, buffer);

  g_autoptr (GString) joined = g_string_new (first);
  va_start (list, first);
  while ((more = va_arg (list, const char *)) != NULL)
    g_string_append (joined, more);
  va_end (list);
  return g_string_chunk_insert (self->texts, joined->str);
}

const FyrJsonValue *
fyr_json_value_get (const FyrJsonValue *self, const char *name)
{
  if (self == NULL || self->type != FYR_JSON_OBJECT)
    return NULL;
  for (const FyrJsonValue *v = self->first; v != NULL; v = v->next)
    if (strcmp (v->name, name) == 0)
      return v;
  return NULL;
}

const char *
fyr_json_value_get_string (const FyrJsonValue *self, const char *name)
{
  const FyrJsonValue *value = fyr_json_value_get (self, name);

  return fyr_json_value_is (value, FYR_JSON_STRING) ? value->text : NULL;
}

const FyrJsonValue *
fyr_json_value_get_array (const FyrJsonValue *self, const char *name)
{
  const FyrJsonValue *value = fyr_json_value_get (self, name);

  return fyr_json_value_is (value, FYR_JSON_ARRAY) ? value->first : NULL;
}

gboolean
fyr_json_value_is (const FyrJsonValue *self, FyrJsonType type)
{
  return self != NULL && self->type == type;
}

gboolean
fyr_json_value_to_int (const FyrJsonValue *self, gint64 *value)
{
  char *end = NULL;

  *value = 0;
  if (!fyr_json_value_is (self, FYR_JSON_NUMBER) || strpbrk (self->text, ".eE") != NULL)
    return FALSE;
  errno = 0;
  *value = g_ascii_strtoll (self->text, &end, 10);
  if (errno == 0 && *end == '\0')
    return TRUE;
  *value = 0;
  return FALSE;
}

gboolean
fyr_json_value_to_double (const FyrJsonValue *self, double *value)
{
  *value = 0;
  if (!fyr_json_value_is (self, FYR_JSON_NUMBER))
    return FALSE;
  *value = g_ascii_strtod (self->text, NULL);
  if (isfinite (*value))
    return TRUE;
  *value = 0;
  return FALSE;
}

static JsonNode *
number_to_node (const FyrJsonValue *self)
{
  JsonNode *node = json_node_alloc ();
  gint64 whole;
  double real;

  if (fyr_json_value_to_int (self, &whole))
    return json_node_init_int (node, whole);
  if (!fyr_json_value_to_double (self, &real))
    return json_node_init_null (node);
  return json_node_init_double (node, real);
}

static JsonArray *
to_array (const FyrJsonValue *self)
{
  JsonArray *array = json_array_sized_new (self->length);

  for (const FyrJsonValue *v = self->first; v != NULL; v = v->next)
    json_array_add_element (array, fyr_json_value_to_node (v));
  return array;
}

JsonObject *
fyr_json_value_to_object (const FyrJsonValue *self)
{
  JsonObject *object;

  if (!fyr_json_value_is (self, FYR_JSON_OBJECT))
    return NULL;
  object = json_object_new ();
  for (const FyrJsonValue *v = self->first; v != NULL; v = v->next)
    json_object_set_member (object, v->name, fyr_json_value_to_node (v));
  return object;
}

/* Recursion is bounded: a document is no deeper than DEPTH_CEILING. */
JsonNode *
fyr_json_value_to_node (const FyrJsonValue *self)
{
  JsonNode *node;

  switch (self->type) {
  case FYR_JSON_FALSE:
  case FYR_JSON_TRUE:
    return json_node_init_boolean (json_node_alloc (), self->type == FYR_JSON_TRUE);
  case FYR_JSON_NUMBER:
    return number_to_node (self);
  case FYR_JSON_STRING:
    return json_node_init_string (json_node_alloc (), self->text);
  case FYR_JSON_ARRAY:
    node = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (node, to_array (self));
    return node;
  case FYR_JSON_OBJECT:
    node = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (node, fyr_json_value_to_object (self));
    return node;
  case FYR_JSON_NULL:
  default:
    return json_node_new (JSON_NODE_NULL);
  }
}
