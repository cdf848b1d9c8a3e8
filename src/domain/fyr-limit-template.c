/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-template.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_BYTES (1024 * 1024)
#define MAX_LIMITS 100

struct _FyrLimitTemplate {
  gatomicrefcount ref_count;
  char *id;
  char *name_en;
  char *name_nb;
  char *source;
  GStrv diagnoses;
  GArray *rules;      /* FyrLimitRule */
  GPtrArray *sources; /* one a rule, NULL for the template's */
};

G_DEFINE_BOXED_TYPE (FyrLimitTemplate, fyr_limit_template, fyr_limit_template_ref, fyr_limit_template_unref)
G_DEFINE_QUARK (fyr - template - error - quark, fyr_template_error)

FyrLimitTemplate *
fyr_limit_template_ref (FyrLimitTemplate *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
fyr_limit_template_unref (FyrLimitTemplate *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count)) {
    return;
  }
  g_free (self->id);
  g_free (self->name_en);
  g_free (self->name_nb);
  g_free (self->source);
  g_strfreev (self->diagnoses);
  g_array_unref (self->rules);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

static gboolean
fail_format (GError **error, const char *what, const char *member)
{
  g_set_error (error, FYR_TEMPLATE_ERROR, FYR_TEMPLATE_ERROR_FORMAT, "%s: %s", what, member);
  return FALSE;
}

/* Every member must be one of @known: a misspelt limit must not be silently absent. */
static gboolean
check_members (JsonObject *object, const char *const *known, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next) {
    if (!g_strv_contains (known, l->data)) {
      return fail_format (error, "unknown member", l->data);
    }
  }
  return TRUE;
}

static gboolean
read_text (JsonObject *object, const char *member, gboolean required, char **text, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL && !required) {
    return TRUE;
  }
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
      *json_node_get_string (node) == '\0') {
    return fail_format (error, "text expected", member);
  }
  g_free (*text);
  *text = g_strdup (json_node_get_string (node));
  return TRUE;
}

static gboolean
read_number (JsonObject *object, const char *member, gboolean *has, double *number, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL) {
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 && json_node_get_value_type (node) != G_TYPE_DOUBLE)) {
    return fail_format (error, "number expected", member);
  }
  *number = json_node_get_double (node);
  if (has != NULL) {
    *has = TRUE;
  }
  return TRUE;
}

static gboolean
read_count (JsonObject *object, const char *member, guint *count, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL) {
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < 1 || json_node_get_int (node) > 100000) {
    return fail_format (error, "whole number expected", member);
  }
  *count = (guint)json_node_get_int (node);
  return TRUE;
}

static gboolean
read_code (JsonObject *object,
           const char *member,
           gboolean required,
           const FyrEnumInfo *info,
           guint *number,
           GError **error)
{
  g_autofree char *code = NULL;

  if (!read_text (object, member, required, &code, error)) {
    return FALSE;
  }
  if (code == NULL) {
    return TRUE;
  }
  *number = fyr_enum_from_code (info, code);
  return *number != 0 || fail_format (error, "unknown code", member);
}

static gboolean
read_rule_codes (JsonObject *object, FyrLimitRule *rule, GError **error)
{
  guint kind = 0;
  guint component = 0;
  guint direction = 0;
  guint category = 0;

  if (!read_code (object, "kind", TRUE, &fyr_measurement_kind_info, &kind, error) ||
      !read_code (object, "component", FALSE, &fyr_limit_component_info, &component, error) ||
      !read_code (object, "change_direction", FALSE, &fyr_change_direction_info, &direction, error) ||
      !read_code (object, "change_category", FALSE, &fyr_alert_category_info, &category, error)) {
    return FALSE;
  }
  fyr_limit_rule_init (rule, (FyrMeasurementKind)kind);
  rule->component = (FyrLimitComponent)component;
  rule->change_direction = (FyrChangeDirection)direction;
  rule->change_category = (FyrAlertCategory)category;
  return TRUE;
}

static gboolean
read_rule (JsonObject *object, FyrLimitRule *rule, char **source, GError **error)
{
  static const char *const known[] = {
    "kind",          "component",    "red_low",     "yellow_low",    "yellow_high",      "red_high",
    "repeat_count",  "repeat_hours", "change_days", "change_amount", "change_direction", "change_category",
    "expected_days", "source",       NULL,
  };
  const char *problem;

  if (!check_members (object, known, error) || !read_rule_codes (object, rule, error) ||
      !read_number (object, "red_low", &rule->has_red_low, &rule->red_low, error) ||
      !read_number (object, "yellow_low", &rule->has_yellow_low, &rule->yellow_low, error) ||
      !read_number (object, "yellow_high", &rule->has_yellow_high, &rule->yellow_high, error) ||
      !read_number (object, "red_high", &rule->has_red_high, &rule->red_high, error) ||
      !read_number (object, "change_amount", NULL, &rule->change_amount, error) ||
      !read_count (object, "repeat_count", &rule->repeat_count, error) ||
      !read_count (object, "repeat_hours", &rule->repeat_hours, error) ||
      !read_count (object, "change_days", &rule->change_days, error) ||
      !read_count (object, "expected_days", &rule->expected_days, error) ||
      !read_text (object, "source", FALSE, source, error)) {
    return FALSE;
  }
  problem = fyr_limit_rule_check (rule);
  if (problem != NULL) {
    g_set_error (error, FYR_TEMPLATE_ERROR, FYR_TEMPLATE_ERROR_LIMIT, "%s: %s",
                 fyr_enum_to_code (&fyr_measurement_kind_info, rule->kind), problem);
    return FALSE;
  }
  return TRUE;
}

static JsonArray *
get_array (JsonObject *object, const char *member, guint min, guint max, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array = NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node)) {
    array = json_node_get_array (node);
  }
  if (array == NULL || json_array_get_length (array) < min || json_array_get_length (array) > max) {
    fail_format (error, "list of the right length expected", member);
    return NULL;
  }
  return array;
}

static gboolean
read_rules (FyrLimitTemplate *self, JsonObject *object, GError **error)
{
  JsonArray *limits = get_array (object, "limits", 1, MAX_LIMITS, error);

  for (guint i = 0; limits != NULL && i < json_array_get_length (limits); i++) {
    JsonNode *node = json_array_get_element (limits, i);
    FyrLimitRule rule;
    char *source = NULL;

    if (!JSON_NODE_HOLDS_OBJECT (node)) {
      return fail_format (error, "object expected", "limits");
    }
    if (!read_rule (json_node_get_object (node), &rule, &source, error)) {
      g_free (source);
      return FALSE;
    }
    g_array_append_val (self->rules, rule);
    g_ptr_array_add (self->sources, source);
  }
  return limits != NULL;
}

static gboolean
read_diagnoses (FyrLimitTemplate *self, JsonObject *object, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *codes = get_array (object, "diagnoses", 0, MAX_LIMITS, error);

  for (guint i = 0; codes != NULL && i < json_array_get_length (codes); i++) {
    JsonNode *node = json_array_get_element (codes, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
        *json_node_get_string (node) == '\0') {
      return fail_format (error, "text expected", "diagnoses");
    }
    g_strv_builder_add (builder, json_node_get_string (node));
  }
  self->diagnoses = g_strv_builder_end (builder);
  return codes != NULL;
}

static gboolean
read_names (FyrLimitTemplate *self, JsonObject *object, GError **error)
{
  static const char *const known[] = { "en", "nb", NULL };
  JsonNode *node = json_object_get_member (object, "name");

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    return fail_format (error, "object expected", "name");
  }
  return check_members (json_node_get_object (node), known, error) &&
         read_text (json_node_get_object (node), "en", TRUE, &self->name_en, error) &&
         read_text (json_node_get_object (node), "nb", TRUE, &self->name_nb, error);
}

static JsonNode *
parse_root (GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (size == 0 || size > MAX_BYTES || !g_utf8_validate_len (data, size, NULL)) {
    g_set_error_literal (error, FYR_TEMPLATE_ERROR, FYR_TEMPLATE_ERROR_JSON, "empty, too large or not UTF-8");
    return NULL;
  }
  if (!json_parser_load_from_data (parser, data, (gssize)size, &cause)) {
    g_set_error_literal (error, FYR_TEMPLATE_ERROR, FYR_TEMPLATE_ERROR_JSON, cause->message);
    return NULL;
  }
  return json_parser_steal_root (parser);
}

FyrLimitTemplate *
fyr_limit_template_parse (GBytes *bytes, GError **error)
{
  static const char *const known[] = { "id", "name", "diagnoses", "source", "limits", NULL };
  g_autoptr (JsonNode) root = parse_root (bytes, error);
  g_autoptr (FyrLimitTemplate) self = NULL;
  JsonObject *object;

  if (root == NULL) {
    return NULL;
  }
  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    fail_format (error, "object expected", "template");
    return NULL;
  }
  object = json_node_get_object (root);
  self = g_new0 (FyrLimitTemplate, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->rules = g_array_new (FALSE, TRUE, sizeof (FyrLimitRule));
  self->sources = g_ptr_array_new_with_free_func (g_free);
  if (!check_members (object, known, error) || !read_text (object, "id", TRUE, &self->id, error) ||
      !read_text (object, "source", TRUE, &self->source, error) || !read_names (self, object, error) ||
      !read_diagnoses (self, object, error) || !read_rules (self, object, error)) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

const char *
fyr_limit_template_get_id (FyrLimitTemplate *self)
{
  return self->id;
}

const char *
fyr_limit_template_get_name (FyrLimitTemplate *self, const char *language)
{
  static const char *const norwegian[] = { "nb", "nn", "no" };

  for (guint i = 0; language != NULL && i < G_N_ELEMENTS (norwegian); i++) {
    if (g_str_has_prefix (language, norwegian[i]) && !g_ascii_isalnum (language[2])) {
      return self->name_nb;
    }
  }
  return self->name_en;
}

const char *
fyr_limit_template_get_source (FyrLimitTemplate *self)
{
  return self->source;
}

const FyrLimitRule *
fyr_limit_template_get_rules (FyrLimitTemplate *self, gsize *n_rules)
{
  *n_rules = self->rules->len;
  return (const FyrLimitRule *)(gpointer)self->rules->data;
}

const char *
fyr_limit_template_get_rule_source (FyrLimitTemplate *self, gsize index)
{
  const char *source = index < self->sources->len ? g_ptr_array_index (self->sources, index) : NULL;

  return source == NULL ? self->source : source;
}

gboolean
fyr_limit_template_matches (FyrLimitTemplate *self, const char *code)
{
  for (guint i = 0; code != NULL && self->diagnoses[i] != NULL; i++) {
    if (g_str_has_prefix (code, self->diagnoses[i])) {
      return TRUE;
    }
  }
  return FALSE;
}
