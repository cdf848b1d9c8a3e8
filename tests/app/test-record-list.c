/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of records: searched, sorted by heading and by keyboard, told when it is empty; rows stay chosen. */
#include "fyr-administration-columns.h"
#include "fyr-app-fixture.h"
#include "fyr-empty-state.h"
#include "fyr-organization-form.h"
#include "fyr-record-list.h"

typedef struct {
  FyrAdministrationFacts facts;
  GtkWindow *window;
  FyrRecordList *table;
  char *opened; /* id */
} Fixture;

static FyrOrganization *
organization (const char *id, const char *name, const char *number, const char *parent)
{
  FyrOrganization *made = fyr_organization_new ();

  fyr_record_set_id (FYR_RECORD (made), id);
  fyr_organization_set_name (made, name);
  fyr_organization_set_organization_number (made, number);
  fyr_organization_set_parent_id (made, parent);
  return made;
}

#define TOWN "01900000-0000-7000-8000-000000000001"
#define DISTRICT "01900000-0000-7000-8000-000000000002"
#define OFFICE "01900000-0000-7000-8000-000000000003"

static GPtrArray *
three (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (all, organization (TOWN, "Storby kommune", "958935420", NULL));
  g_ptr_array_add (all, organization (DISTRICT, "Bydel Ås", "974778807", TOWN));
  g_ptr_array_add (all, organization (OFFICE, "Ørneveien legekontor", "811111111", DISTRICT));
  return all;
}

static void
on_opened (Fixture *fixture, FyrRecord *record)
{
  g_free (fixture->opened);
  fixture->opened = g_strdup (fyr_record_get_id (record));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  guint n;
  const FyrRecordColumn *columns = fyr_organization_columns (&n);

  fixture->facts.memberships = g_ptr_array_new ();
  fixture->facts.organizations = three ();
  fixture->table = FYR_RECORD_LIST (
      fyr_record_list_new ("Organisations", "Search among organisations", columns, n, &fixture->facts,
                           fyr_empty_state_new ("list-add-symbolic", "None yet", NULL, NULL, NULL)));
  g_signal_connect_swapped (fixture->table, "opened", G_CALLBACK (on_opened), fixture);
  fixture->window = g_object_new (GTK_TYPE_WINDOW, "child", fixture->table, "default-width", 900,
                                  "default-height", 500, NULL);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_ptr_array_unref (fixture->facts.memberships);
  g_ptr_array_unref (fixture->facts.organizations);
  g_free (fixture->opened);
}

static GtkWidget *
child_of (Fixture *fixture, GType type)
{
  return fyr_app_find (GTK_WIDGET (fixture->table), type, NULL, NULL);
}

static GtkSelectionModel *
rows_of (Fixture *fixture)
{
  return gtk_column_view_get_model (GTK_COLUMN_VIEW (child_of (fixture, GTK_TYPE_COLUMN_VIEW)));
}

/* Opens the row at @position; whose it is. */
static const char *
row (Fixture *fixture, guint position)
{
  g_clear_pointer (&fixture->opened, g_free);
  g_signal_emit_by_name (child_of (fixture, GTK_TYPE_COLUMN_VIEW), "activate", position);
  return fixture->opened;
}

/* A drop-down has a stack of its own. */
static gboolean
is_ours (GtkWidget *stack, gconstpointer data)
{
  return gtk_stack_get_child_by_name (GTK_STACK (stack), "no match") != NULL;
}

static const char *
page_of (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (
      GTK_STACK (fyr_app_find (GTK_WIDGET (fixture->table), GTK_TYPE_STACK, is_ours, NULL)));
}

static void
search (Fixture *fixture, const char *text)
{
  GtkWidget *entry = child_of (fixture, GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "search-changed");
}

static void
sort_by (Fixture *fixture, guint index, GtkSortType order)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (child_of (fixture, GTK_TYPE_COLUMN_VIEW));
  g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (gtk_column_view_get_columns (view), index);

  gtk_column_view_sort_by_column (view, column, order);
}

static void
test_rows_stand_by_name_in_the_language_order (Fixture *fixture, gconstpointer data)
{
  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  g_assert_cmpstr (page_of (fixture), ==, "rows");
  g_assert_cmpstr (row (fixture, 0), ==, DISTRICT);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows_of (fixture))), ==, 3);
}

static void
test_a_heading_sorts_and_the_list_above_says_so (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *sort = GTK_DROP_DOWN (child_of (fixture, GTK_TYPE_DROP_DOWN));

  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  sort_by (fixture, 1, GTK_SORT_ASCENDING);
  g_assert_cmpstr (row (fixture, 0), ==, OFFICE);
  g_assert_cmpuint (gtk_drop_down_get_selected (sort), ==, 1);
  sort_by (fixture, 1, GTK_SORT_DESCENDING);
  g_assert_cmpstr (row (fixture, 0), ==, DISTRICT);
  g_assert_cmpuint (gtk_drop_down_get_selected (sort), ==, 1);
}

static void
test_the_list_above_sorts_without_a_mouse (Fixture *fixture, gconstpointer data)
{
  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (child_of (fixture, GTK_TYPE_DROP_DOWN)), 3);
  /* Those that belong to nobody, then by the name of the one above. */
  g_assert_cmpstr (row (fixture, 0), ==, TOWN);
  g_assert_cmpstr (row (fixture, 1), ==, OFFICE);
}

static void
test_all_words_of_a_row_are_searched (Fixture *fixture, gconstpointer data)
{
  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  search (fixture, "ørne");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows_of (fixture))), ==, 1);
  g_assert_cmpstr (row (fixture, 0), ==, OFFICE);
  search (fixture, "974");
  g_assert_cmpstr (row (fixture, 0), ==, DISTRICT);
  search (fixture, "nobody");
  g_assert_cmpstr (page_of (fixture), ==, "no match");
  search (fixture, "");
  g_assert_cmpstr (page_of (fixture), ==, "rows");
}

static void
test_an_empty_table_says_what_to_do (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  fyr_record_list_show (fixture->table, none);
  g_assert_cmpstr (page_of (fixture), ==, "empty");
  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  g_assert_cmpstr (page_of (fixture), ==, "rows");
}

static void
test_a_chosen_row_stays_chosen_when_it_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) renamed = three ();

  fyr_record_list_show (fixture->table, fixture->facts.organizations);
  gtk_selection_model_select_item (rows_of (fixture), 0, TRUE);
  /* The district is now the last by name. */
  fyr_organization_set_name (g_ptr_array_index (renamed, 1), "Årnes bydel");
  fyr_record_list_show (fixture->table, renamed);
  g_assert_false (gtk_selection_model_is_selected (rows_of (fixture), 0));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (gtk_selection_model_is_selected (rows_of (fixture), i), ==,
                     g_str_equal (row (fixture, i), DISTRICT));
}

static void
test_an_organisation_belongs_to_none_below_it (void)
{
  g_autoptr (GPtrArray) all = three ();
  g_autoptr (GPtrArray) of_town = fyr_organization_form_parents (TOWN, all);
  g_autoptr (GPtrArray) of_office = fyr_organization_form_parents (OFFICE, all);
  g_autoptr (GPtrArray) in_circle = NULL;

  g_assert_cmpuint (of_town->len, ==, 0);
  g_assert_cmpuint (of_office->len, ==, 2);
  /* A circle from elsewhere is no trap. */
  fyr_organization_set_parent_id (g_ptr_array_index (all, 0), DISTRICT);
  in_circle = fyr_organization_form_parents (OFFICE, all);
  g_assert_cmpuint (in_circle->len, ==, 2);
}

#define ADD(name, function) g_test_add ("/app/record-list/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  fyr_app_fixture_init (&argc, &argv);
  ADD ("rows stand by name", test_rows_stand_by_name_in_the_language_order);
  ADD ("a heading sorts, and the list above says so", test_a_heading_sorts_and_the_list_above_says_so);
  ADD ("the list above sorts without a mouse", test_the_list_above_sorts_without_a_mouse);
  ADD ("all words of a row are searched", test_all_words_of_a_row_are_searched);
  ADD ("an empty table says what to do", test_an_empty_table_says_what_to_do);
  ADD ("a chosen row stays chosen when it changes", test_a_chosen_row_stays_chosen_when_it_changes);
  g_test_add_func ("/app/organization-form/an organisation belongs to none below it",
                   test_an_organisation_belongs_to_none_below_it);
  return g_test_run ();
}
