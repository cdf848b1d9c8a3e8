/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which schemas two sides have in common, and what a side says that was written before it was asked. */
#include <string.h>

#include "fyr-wire-push.h"
#include "fyr-wire-read.h"
#include "fyr-wire-sign-in.h"

static void
test_two_back_are_served (void)
{
  FyrWireSchemas own = fyr_wire_schemas_own ();

  g_assert_cmpint (own.max, ==, FYR_WIRE_SCHEMA);
  g_assert_cmpint (own.min, ==, MAX (FYR_WIRE_SCHEMA - 2, 1));
  for (int stated = 0; stated < FYR_WIRE_SCHEMA + 4; stated++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (fyr_wire_schema_check (stated, &error) == (stated >= own.min && stated <= own.max));
    if (error != NULL) {
      g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_SCHEMA);
    }
  }
}

static void
test_the_highest_in_common (void)
{
  const FyrWireSchemas ours = { 3, 5 };
  static const struct {
    FyrWireSchemas theirs;
    int agreed;
    gboolean older;
  } cases[] = {
    { { 3, 5 }, 5, FALSE }, { { 1, 3 }, 3, FALSE }, { { 2, 4 }, 4, FALSE }, { { 5, 9 }, 5, FALSE },
    { { 4, 4 }, 4, FALSE }, { { 1, 9 }, 5, FALSE }, { { 6, 8 }, 0, FALSE }, { { 1, 2 }, 0, TRUE },
    { { 1, 1 }, 0, TRUE },  { { 0, 0 }, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (fyr_wire_schemas_agree (ours, cases[i].theirs), ==, cases[i].agreed);
    g_assert_cmpint (fyr_wire_schemas_agree (cases[i].theirs, ours), ==, cases[i].agreed);
    g_assert_cmpint (fyr_wire_schemas_is_older (cases[i].theirs, ours), ==, cases[i].older);
  }
}

static void
test_who_states_none (void)
{
  static const struct {
    const char *text;
    int min, max;
  } cases[] = {
    { "{}", 1, 1 },
    { "{\"schema_min\":null}", 1, 1 },
    { "{\"schema_max\":4}", 1, 4 },
    { "{\"schema_min\":3}", 3, 3 },
    { "{\"schema_min\":2,\"schema_max\":7}", 2, 7 },
    { "{\"schema_min\":3,\"schema_max\":2}", 0, 0 },
    { "{\"schema_min\":0,\"schema_max\":2}", 0, 0 },
    { "{\"schema_min\":-1}", 0, 0 },
    { "{\"schema_max\":0}", 0, 0 },
    { "{\"schema_max\":\"2\"}", 0, 0 },
    { "{\"schema_max\":2.5}", 0, 0 },
    { "{\"schema_max\":4000000000}", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    const FyrJsonValue *root = NULL;
    g_autoptr (FyrJsonDocument) document = fyr_wire_read_document (cases[i].text, strlen (cases[i].text),
                                                                   &fyr_json_limits_message, &root, &error);
    FyrWireSchemas schemas = { 0, 0 };

    g_assert_nonnull (document);
    g_assert_true (fyr_wire_schemas_read (root, 1, &schemas, &error) == (cases[i].max > 0));
    g_assert_cmpint (schemas.min, ==, cases[i].min);
    g_assert_cmpint (schemas.max, ==, cases[i].max);
    if (cases[i].max == 0) {
      g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
    }
  }
}

/* A sign-in of a workstation of schema 1 says nothing of schemas; one of 40 to 42 has none of ours. */
static void
test_sign_in (void)
{
  static const char form[] = "{%s\"user_name\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"01900000-0000-"
                             "7000-8000-000000000001\"}}";
  g_autofree char *plain = g_strdup_printf (form, "");
  g_autofree char *far = g_strdup_printf (form, "\"schema_min\":40,\"schema_max\":42,");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSignInRequest) read = fyr_sign_in_request_parse (plain, strlen (plain), &error);

  g_assert_no_error (error);
  g_assert_cmpint (read->schemas.min, ==, 1);
  g_assert_cmpint (read->schemas.max, ==, 1);
  g_assert_null (fyr_sign_in_request_parse (far, strlen (far), &error));
  g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_SCHEMA);
}

static void
test_refusal_says_what_is_served (void)
{
  g_autoptr (GString) schema = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);
  g_autoptr (FyrWireProblem) told = NULL;
  g_autoptr (FyrWireProblem) silent = NULL;

  fyr_wire_problem_write ("schema", "No", NULL, 0, schema);
  fyr_wire_problem_write ("gap", "No", NULL, 3, other);
  told = fyr_wire_problem_parse (schema->str, schema->len);
  silent = fyr_wire_problem_parse (other->str, other->len);
  g_assert_cmpint (told->schemas.min, ==, FYR_WIRE_SCHEMA_MIN);
  g_assert_cmpint (told->schemas.max, ==, FYR_WIRE_SCHEMA);
  g_assert_cmpint (silent->schemas.max, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/two-back-are-served", test_two_back_are_served);
  g_test_add_func ("/schema/the-highest-that-both-know", test_the_highest_in_common);
  g_test_add_func ("/schema/who-states-none-knows-one", test_who_states_none);
  g_test_add_func ("/schema/sign-in", test_sign_in);
  g_test_add_func ("/schema/a-refusal-says-what-is-served", test_refusal_says_what_is_served);
  return g_test_run ();
}
