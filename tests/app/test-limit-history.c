/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-history.h"

#include <glib/gstdio.h>

#include "fyr-limit-templates.h"
#include "fyr-mutation.h"
#include "fyr-uuid.h"

#define NOW G_GINT64_CONSTANT (1772438400000) /* 2026-03-02 08:00 UTC */
#define DAY G_GINT64_CONSTANT (86400000)
#define PATIENT "01900000-0000-7000-8000-000000000001"
#define NURSE "01900000-0000-7000-8000-000000000002"

static FyrLimit *
saturation_limit (double red_low, gint64 from, gint64 to)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrLimit *limit = fyr_limit_new ();
  fyr_uuid_v7_new (from, id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_patient_id (limit, PATIENT);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, red_low);
  fyr_limit_set_yellow_low (limit, red_low + 4);
  fyr_limit_set_valid_from (limit, from);
  if (to != 0)
    fyr_limit_set_valid_to (limit, to);
  return limit;
}

static GPtrArray *
list_of (FyrLimit *first, FyrLimit *second)
{
  GPtrArray *limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (limits, first);
  if (second != NULL)
    g_ptr_array_add (limits, second);
  return limits;
}

static void
test_the_present_limit_is_the_one_in_force_last (void)
{
  FyrLimit *ended = saturation_limit (80, NOW - 9 * DAY, NOW - DAY);
  FyrLimit *present = saturation_limit (86, NOW - DAY, 0);
  g_autoptr (GPtrArray) limits = list_of (ended, present);
  g_ptr_array_add (limits, saturation_limit (90, NOW + DAY, 0));
  const FyrMeasurementKind kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION;
  g_assert_true (fyr_limit_history_current (limits, kind, FYR_LIMIT_COMPONENT_UNSET, NOW) == present);
  g_assert_true (fyr_limit_history_current (limits, kind, FYR_LIMIT_COMPONENT_UNSET, NOW - 2 * DAY) == ended);
  /* The instant at which one ends belongs to the next. */
  g_assert_true (fyr_limit_history_current (limits, kind, FYR_LIMIT_COMPONENT_UNSET, NOW - DAY) == present);
  g_assert_null (fyr_limit_history_current (limits, kind, FYR_LIMIT_COMPONENT_UNSET, NOW - 10 * DAY));
  g_assert_null (fyr_limit_history_current (limits, kind, FYR_LIMIT_COMPONENT_SYSTOLIC, NOW));
  g_assert_null (
      fyr_limit_history_current (limits, FYR_MEASUREMENT_KIND_GLUCOSE, FYR_LIMIT_COMPONENT_UNSET, NOW));
}

static void
test_replacing_ends_the_former_and_begins_the_new (void)
{
  FyrLimit *former = saturation_limit (86, NOW - DAY, 0);
  g_autoptr (GPtrArray) limits = list_of (former, NULL);
  g_autoptr (GPtrArray) fresh = list_of (saturation_limit (84, NOW - 5, 0), NULL);
  g_autoptr (GPtrArray) mutations = fyr_limit_history_replace (limits, fresh, NURSE, NOW);
  g_assert_cmpuint (mutations->len, ==, 2);
  FyrMutation *end = g_ptr_array_index (mutations, 0), *begin = g_ptr_array_index (mutations, 1);
  g_assert_cmpstr (fyr_mutation_get_command (end), ==, "update");
  g_assert_cmpstr (fyr_mutation_get_record_id (end), ==, fyr_record_get_id (FYR_RECORD (former)));
  g_assert_cmpstr (fyr_mutation_get_command (begin), ==, "create");
  g_assert_cmpstr (fyr_mutation_get_kind (begin), ==, "limit");
  g_assert_cmpstr (fyr_mutation_get_author_id (begin), ==, NURSE);
  /* What was judged stays as it was judged: the former record is not touched in place. */
  g_assert_false (fyr_limit_has_valid_to (former));
}

static void
test_the_same_rule_changes_nothing (void)
{
  FyrLimit *same = saturation_limit (86, NOW, 0);
  g_autoptr (GPtrArray) limits = list_of (saturation_limit (86, NOW - DAY, 0), NULL);
  g_autoptr (GPtrArray) fresh = list_of (same, NULL);
  fyr_limit_set_reason (same, "Avtalt med fastlegen");
  g_autoptr (GPtrArray) mutations = fyr_limit_history_replace (limits, fresh, NURSE, NOW);
  g_assert_cmpuint (mutations->len, ==, 0);
  fyr_limit_set_repeat_count (same, 3);
  g_autoptr (GPtrArray) changed = fyr_limit_history_replace (limits, fresh, NURSE, NOW);
  g_assert_cmpuint (changed->len, ==, 2);
}

static void
test_the_first_limit_ends_none (void)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) fresh = list_of (saturation_limit (86, NOW, 0), NULL);
  g_autoptr (GPtrArray) mutations = fyr_limit_history_replace (limits, fresh, NURSE, NOW);
  g_assert_cmpuint (mutations->len, ==, 1);
  g_assert_cmpstr (fyr_mutation_get_command (g_ptr_array_index (mutations, 0)), ==, "create");
}

static void
test_every_template_makes_limits_that_can_be_saved (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "data", "templates", NULL);
  g_autoptr (GPtrArray) templates = fyr_limit_templates_load (folder);
  g_assert_cmpuint (templates->len, >=, 5);
  for (guint i = 0; i < templates->len; i++) {
    gsize n = 0;
    FyrLimitTemplate *template = g_ptr_array_index (templates, i);
    const FyrLimitRule *rules = fyr_limit_template_get_rules (template, &n);
    g_assert_cmpuint (n, >, 0);
    for (gsize r = 0; r < n; r++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (FyrLimit) limit =
          fyr_limit_from_rule (&rules[r], PATIENT, fyr_limit_template_get_id (template), NOW);
      g_assert_true (fyr_record_validate (FYR_RECORD (limit), NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (fyr_limit_get_template_code (limit), ==, fyr_limit_template_get_id (template));
      g_assert_cmpint (fyr_limit_get_valid_from (limit), ==, NOW);
      g_assert_false (fyr_limit_has_valid_to (limit));
    }
    g_assert_true (i == 0 || g_strcmp0 (fyr_limit_template_get_id (g_ptr_array_index (templates, i - 1)),
                                        fyr_limit_template_get_id (template)) < 0);
  }
}

static void
test_a_damaged_template_is_left_out (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fyr-templates-XXXXXX", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.json", NULL);
  g_autofree char *other = g_build_filename (folder, "README.md", NULL);
  g_assert_true (g_file_set_contents (broken, "{ \"id\": ", -1, NULL));
  g_assert_true (g_file_set_contents (other, "not a template", -1, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*broken.json*");
  g_autoptr (GPtrArray) templates = fyr_limit_templates_load (folder);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (templates->len, ==, 0);
  g_unlink (broken);
  g_unlink (other);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limit-history/present", test_the_present_limit_is_the_one_in_force_last);
  g_test_add_func ("/limit-history/replace", test_replacing_ends_the_former_and_begins_the_new);
  g_test_add_func ("/limit-history/same", test_the_same_rule_changes_nothing);
  g_test_add_func ("/limit-history/first", test_the_first_limit_ends_none);
  g_test_add_func ("/limit-history/templates", test_every_template_makes_limits_that_can_be_saved);
  g_test_add_func ("/limit-history/damaged-template", test_a_damaged_template_is_left_out);
  return g_test_run ();
}
