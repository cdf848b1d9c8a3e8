/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-template.h"

#include <string.h>

#include "fyr-domain-test.h"

#define TEMPLATE(limits)                                                                                     \
  "{\"id\":\"t\",\"name\":{\"en\":\"Test\",\"nb\":\"Prøve\"},\"diagnoses\":[\"R95\",\"J44\"],"              \
  "\"source\":\"A book\",\"limits\":[" limits "]}"
#define GOOD_LIMIT                                                                                           \
  "{\"kind\":\"oxygen-saturation\",\"red_low\":88,\"yellow_low\":92.5,\"source\":\"Another\"}"

static FyrLimitTemplate *
parse (const char *json, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return fyr_limit_template_parse (bytes, error);
}

static void
test_a_template_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrLimitTemplate) template = parse (TEMPLATE (GOOD_LIMIT ",{\"kind\":\"glucose\"}"), &error);
  const FyrLimitRule *rules;
  gsize n = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (fyr_limit_template_get_id (template), ==, "t");
  g_assert_cmpstr (fyr_limit_template_get_source (template), ==, "A book");
  rules = fyr_limit_template_get_rules (template, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (rules[0].kind, ==, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  g_assert_true (rules[0].has_red_low && rules[0].has_yellow_low);
  g_assert_false (rules[0].has_red_high || rules[0].has_yellow_high);
  g_assert_cmpfloat (rules[0].red_low, ==, 88);
  g_assert_cmpfloat (rules[0].yellow_low, ==, 92.5);
  g_assert_cmpint (rules[0].valid_to, ==, G_MAXINT64);
  g_assert_cmpstr (fyr_limit_template_get_rule_source (template, 0), ==, "Another");
  g_assert_cmpstr (fyr_limit_template_get_rule_source (template, 1), ==, "A book");
  g_assert_cmpstr (fyr_limit_template_get_rule_source (template, 2), ==, "A book");
}

static void
test_names_follow_the_language (void)
{
  static const struct {
    const char *language;
    const char *name;
  } cases[] = {
    { "nb", "Prøve" }, { "nb_NO.UTF-8", "Prøve" }, { "no", "Prøve" }, { "nn-NO", "Prøve" },
    { "nbx", "Test" }, { "en", "Test" },           { "C", "Test" },   { "", "Test" },
    { NULL, "Test" },
  };
  g_autoptr (FyrLimitTemplate) template = parse (TEMPLATE (GOOD_LIMIT), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpstr (fyr_limit_template_get_name (template, cases[i].language), ==, cases[i].name);
  }
}

static void
test_diagnoses_match_by_their_beginning (void)
{
  g_autoptr (FyrLimitTemplate) template = parse (TEMPLATE (GOOD_LIMIT), NULL);

  g_assert_true (fyr_limit_template_matches (template, "R95"));
  g_assert_true (fyr_limit_template_matches (template, "J44.1"));
  g_assert_false (fyr_limit_template_matches (template, "J4"));
  g_assert_false (fyr_limit_template_matches (template, "K77"));
  g_assert_false (fyr_limit_template_matches (template, NULL));
}

static void
test_references_are_counted (void)
{
  FyrLimitTemplate *template = parse (TEMPLATE (GOOD_LIMIT), NULL);
  FyrLimitTemplate *copy = g_boxed_copy (FYR_TYPE_LIMIT_TEMPLATE, template);

  g_assert_true (copy == template);
  fyr_limit_template_unref (template);
  g_assert_cmpstr (fyr_limit_template_get_id (copy), ==, "t");
  g_boxed_free (FYR_TYPE_LIMIT_TEMPLATE, copy);
}

static void
test_what_is_wrong_is_refused_whole (void)
{
  static const struct {
    const char *json;
    FyrTemplateError code;
  } cases[] = {
    { "", FYR_TEMPLATE_ERROR_JSON },
    { "{", FYR_TEMPLATE_ERROR_JSON },
    { "\xff", FYR_TEMPLATE_ERROR_JSON },
    { "[]", FYR_TEMPLATE_ERROR_FORMAT },
    { "null", FYR_TEMPLATE_ERROR_FORMAT },
    { "{}", FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE (""), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("1"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"blood-sugar\"}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":7}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"yelow_low\":4}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"yellow_low\":\"4\"}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"yellow_low\":null}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"repeat_count\":2.5}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"repeat_count\":-3}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"change_direction\":\"sideways\"}"), FYR_TEMPLATE_ERROR_FORMAT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"component\":\"systolic\"}"), FYR_TEMPLATE_ERROR_LIMIT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"yellow_low\":400}"), FYR_TEMPLATE_ERROR_LIMIT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"yellow_low\":5,\"yellow_high\":4}"), FYR_TEMPLATE_ERROR_LIMIT },
    { TEMPLATE ("{\"kind\":\"glucose\",\"change_amount\":1}"), FYR_TEMPLATE_ERROR_LIMIT },
    { TEMPLATE (GOOD_LIMIT ",[]"), FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"\",\"name\":{\"en\":\"a\",\"nb\":\"a\"},\"diagnoses\":[],\"source\":\"s\",\"limits\":"
      "[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"t\",\"name\":\"a\",\"diagnoses\":[],\"source\":\"s\",\"limits\":[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"t\",\"name\":{\"en\":\"a\"},\"diagnoses\":[],\"source\":\"s\",\"limits\":[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"t\",\"name\":{\"en\":\"a\",\"nb\":\"a\"},\"diagnoses\":[],\"limits\":[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"t\",\"name\":{\"en\":\"a\",\"nb\":\"a\"},\"diagnoses\":[1],\"source\":\"s\",\"limits\":"
      "[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
    { "{\"id\":\"t\",\"name\":{\"en\":\"a\",\"nb\":\"a\"},\"source\":\"s\",\"limits\":[" GOOD_LIMIT "]}",
      FYR_TEMPLATE_ERROR_FORMAT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (parse (cases[i].json, &error));
    g_assert_error (error, FYR_TEMPLATE_ERROR, (int)cases[i].code);
  }
}

static void
test_a_huge_file_is_refused (void)
{
  g_autofree char *spaces = g_strnfill (2 * 1024 * 1024, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (spaces, &error));
  g_assert_error (error, FYR_TEMPLATE_ERROR, FYR_TEMPLATE_ERROR_JSON);
}

/* A damaged file is refused or read, never half-read and never a crash. */
static void
test_damaged_files (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  const char *whole = TEMPLATE (GOOD_LIMIT);
  gsize length = strlen (whole);

  for (int i = 0; i < 5000; i++) {
    g_autofree char *damaged = g_strdup (whole);
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrLimitTemplate) template = NULL;

    for (int j = 0; j < 3; j++) {
      damaged[g_rand_int_range (random, 0, (gint32)length)] = (char)g_rand_int_range (random, 32, 256);
    }
    bytes = g_bytes_new (damaged, (gsize)g_rand_int_range (random, 1, (gint32)length + 1));
    template = fyr_limit_template_parse (bytes, &error);
    g_assert_cmpint (template == NULL, ==, error != NULL);
  }
}

static void
check_shipped (const char *path, const char *name)
{
  g_autofree char *text = NULL;
  g_autofree char *id = g_strndup (name, strlen (name) - strlen (".json"));
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrLimitTemplate) template = NULL;
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  template = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fyr_limit_template_get_id (template), ==, id);
  g_assert_cmpuint (strlen (fyr_limit_template_get_source (template)), >, 20);
  fyr_limit_template_get_rules (template, &n);
  g_assert_cmpuint (n, >=, 1);
}

static void
test_every_shipped_template_is_right_and_names_its_source (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "..", "data", "templates", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_suffix (name, ".json")) {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_test_message ("%s", name);
      check_shipped (path, name);
      n++;
    }
  }
  g_assert_cmpuint (n, >=, 7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/is-read", test_a_template_is_read);
  g_test_add_func ("/template/names", test_names_follow_the_language);
  g_test_add_func ("/template/diagnoses", test_diagnoses_match_by_their_beginning);
  g_test_add_func ("/template/references", test_references_are_counted);
  g_test_add_func ("/template/wrong-is-refused", test_what_is_wrong_is_refused_whole);
  g_test_add_func ("/template/huge", test_a_huge_file_is_refused);
  g_test_add_func ("/template/damaged", test_damaged_files);
  g_test_add_func ("/template/shipped", test_every_shipped_template_is_right_and_names_its_source);
  return g_test_run ();
}
