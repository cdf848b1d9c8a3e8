/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-first-rows.h"

#define MANY 1000

static GtkStringList *
list_of (guint n)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strdup_printf ("%u", i);

    gtk_string_list_append (list, text);
  }
  return list;
}

/* Follows items-changed alone; must always be as long as the model says. */
typedef struct {
  guint n;
  guint turns;
  guint largest;
} Follower;

static void
follow (GListModel *model, guint position, guint removed, guint added, Follower *follower)
{
  g_assert_cmpuint (position + removed, <=, follower->n);
  follower->n += added - removed;
  follower->turns++;
  follower->largest = MAX (follower->largest, added);
  g_assert_cmpuint (follower->n, ==, g_list_model_get_n_items (model));
}

static guint
size (FyrFirstRows *rows)
{
  return g_list_model_get_n_items (G_LIST_MODEL (rows));
}

static void
run_until (FyrFirstRows *rows, guint n)
{
  while (size (rows) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_first_rows_only (void)
{
  g_autoptr (GtkStringList) list = list_of (MANY);
  g_autoptr (FyrFirstRows) rows = fyr_first_rows_new (G_LIST_MODEL (list));

  g_assert_cmpuint (size (rows), >, 0);
  g_assert_cmpuint (size (rows), <=, 24);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (size (rows), <=, 24);
}

static void
test_grows_to_the_whole_list (void)
{
  g_autoptr (GtkStringList) list = list_of (MANY);
  g_autoptr (FyrFirstRows) rows = fyr_first_rows_new (G_LIST_MODEL (list));
  Follower follower = { .n = size (rows) };

  g_signal_connect (rows, "items-changed", G_CALLBACK (follow), &follower);
  fyr_first_rows_grow (rows);
  fyr_first_rows_grow (rows);
  run_until (rows, MANY);
  g_assert_cmpuint (follower.n, ==, MANY);
  g_assert_cmpuint (follower.turns, >, 10);
  for (guint i = 0; i < MANY; i++) {
    g_autoptr (GtkStringObject) item = g_list_model_get_item (G_LIST_MODEL (rows), i);

    g_assert_cmpint (atoi (gtk_string_object_get_string (item)), ==, (int)i);
  }
  gtk_string_list_append (list, "last");
  g_assert_cmpuint (size (rows), ==, MANY + 1);
}

static void
test_all_at_once_when_asked (void)
{
  g_autoptr (GtkStringList) list = list_of (MANY);
  g_autoptr (FyrFirstRows) rows = fyr_first_rows_new (G_LIST_MODEL (list));
  Follower follower = { .n = size (rows) };

  g_signal_connect (rows, "items-changed", G_CALLBACK (follow), &follower);
  fyr_first_rows_grow (rows);
  fyr_first_rows_show_all (rows);
  g_assert_cmpuint (follower.n, ==, MANY);
  g_assert_cmpuint (follower.turns, ==, 1);
}

static void
test_changes_of_the_list_pass_while_it_grows (void)
{
  g_autoptr (GtkStringList) list = list_of (100);
  g_autoptr (FyrFirstRows) rows = fyr_first_rows_new (G_LIST_MODEL (list));
  Follower follower = { .n = size (rows) };

  g_signal_connect (rows, "items-changed", G_CALLBACK (follow), &follower);
  fyr_first_rows_grow (rows);
  gtk_string_list_splice (list, 0, 95, NULL);
  g_assert_cmpuint (size (rows), ==, 5);
  gtk_string_list_append (list, "6");
  run_until (rows, 6);
  g_assert_cmpuint (follower.n, ==, 6);
}

static void
test_ends_while_it_grows (void)
{
  g_autoptr (GtkStringList) list = list_of (MANY);
  FyrFirstRows *rows = fyr_first_rows_new (G_LIST_MODEL (list));
  gpointer watched = rows;

  g_object_add_weak_pointer (G_OBJECT (rows), &watched);
  fyr_first_rows_grow (rows);
  g_object_unref (rows);
  g_assert_null (watched);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  gtk_string_list_append (list, "later");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/first-rows/only-the-first-until-asked", test_first_rows_only);
  g_test_add_func ("/app/first-rows/grows-to-the-whole-list-in-turns", test_grows_to_the_whole_list);
  g_test_add_func ("/app/first-rows/all-at-once-when-asked", test_all_at_once_when_asked);
  g_test_add_func ("/app/first-rows/changes-pass-while-it-grows",
                   test_changes_of_the_list_pass_while_it_grows);
  g_test_add_func ("/app/first-rows/ends-while-it-grows", test_ends_while_it_grows);
  return g_test_run ();
}
