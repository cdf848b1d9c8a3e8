/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-change-set.h"

static void
test_new_is_empty (void)
{
  g_autoptr (FyrChangeSet) set = fyr_change_set_new ();
  g_autofree const char **ids = fyr_change_set_get_ids (set, "alert");

  g_assert_true (fyr_change_set_is_empty (set));
  g_assert_false (fyr_change_set_has_kind (set, "alert"));
  g_assert_null (ids[0]);
}

static void
test_answers_what_was_touched (void)
{
  g_autoptr (FyrChangeSet) set = fyr_change_set_new ();
  g_autofree const char **ids = NULL;

  fyr_change_set_add (set, "alert", "a", "p");
  fyr_change_set_add (set, "alert", "a", "p");
  g_assert_true (fyr_change_set_has (set, "alert", "a"));
  g_assert_false (fyr_change_set_has (set, "alert", "b"));
  g_assert_false (fyr_change_set_has (set, "note", "a"));
  g_assert_true (fyr_change_set_has_patient (set, "p"));
  g_assert_false (fyr_change_set_has_patient (set, "q"));
  ids = fyr_change_set_get_ids (set, "alert");
  g_assert_cmpstr (ids[0], ==, "a");
  g_assert_null (ids[1]);
}

static void
test_merging_adds (void)
{
  g_autoptr (FyrChangeSet) set = fyr_change_set_new ();
  g_autoptr (FyrChangeSet) other = fyr_change_set_new ();

  fyr_change_set_add (set, "alert", "a", "p");
  fyr_change_set_add (other, "note", "n", "q");
  fyr_change_set_merge (set, other);
  g_assert_true (fyr_change_set_has (set, "alert", "a"));
  g_assert_true (fyr_change_set_has (set, "note", "n"));
  g_assert_true (fyr_change_set_has_patient (set, "q"));
  g_assert_false (fyr_change_set_has (other, "alert", "a"));
}

static void
test_very_many_is_everything_of_the_kinds (void)
{
  g_autoptr (FyrChangeSet) set = fyr_change_set_new ();

  for (int i = 0; i < 100000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);

    fyr_change_set_add (set, "measurement", id, id);
  }
  g_assert_true (fyr_change_set_has (set, "measurement", "not one of them"));
  g_assert_true (fyr_change_set_has_patient (set, "anybody"));
  g_assert_false (fyr_change_set_has_kind (set, "alert"));
  g_assert_null (fyr_change_set_get_ids (set, "measurement"));
}

static void
test_without_an_id_is_everything (void)
{
  g_autoptr (FyrChangeSet) set = fyr_change_set_new ();

  fyr_change_set_add (set, "outbox", NULL, NULL);
  g_assert_true (fyr_change_set_has (set, "outbox", "x"));
  g_assert_false (fyr_change_set_is_empty (set));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/change-set/new-is-empty", test_new_is_empty);
  g_test_add_func ("/store/change-set/answers-what-was-touched", test_answers_what_was_touched);
  g_test_add_func ("/store/change-set/merging-adds", test_merging_adds);
  g_test_add_func ("/store/change-set/very-many-is-everything-of-the-kinds",
                   test_very_many_is_everything_of_the_kinds);
  g_test_add_func ("/store/change-set/without-an-id-is-everything", test_without_an_id_is_everything);
  return g_test_run ();
}
