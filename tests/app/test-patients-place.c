/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of patients: what the first frame costs. */
#include "fyr-app-fixture.h"
#include "fyr-patients-place.h"

#define N_PATIENTS 80
/* Far more than the window below shows, far fewer than a list view makes by itself. */
#define MANY 24

typedef FyrAppFixture Fixture;

typedef struct {
  GListModel *rows;
  guint at_first; /* rows there were in the first frame that had any */
} Seen;

static void
on_painted (GdkFrameClock *clock, Seen *seen)
{
  if (seen->at_first == 0)
    seen->at_first = g_list_model_get_n_items (seen->rows);
}

static gboolean
has_painted_rows (gpointer seen)
{
  return ((Seen *)seen)->at_first > 0;
}

static gboolean
has_all (gpointer rows)
{
  return g_list_model_get_n_items (rows) == N_PATIENTS;
}

static void
test_the_first_frame_makes_no_more_rows_than_it_shows (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = adw_window_new (), *place, *view;
  Seen seen = { 0 };

  for (guint i = 0; i < N_PATIENTS; i++) {
    g_autofree char *name = g_strdup_printf ("Berg %u", i);

    fyr_test_feed (&fixture->store, fyr_test_patient (&fixture->store, name, "Kari"), 1);
  }
  place = fyr_patients_place_new (fixture->context);
  view = fyr_app_find (place, GTK_TYPE_COLUMN_VIEW, NULL, NULL);
  seen.rows = G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 300);
  adw_window_set_content (ADW_WINDOW (window), place);
  gtk_widget_realize (window);
  g_signal_connect_after (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), &seen);
  gtk_window_present (GTK_WINDOW (window));
  fyr_app_settle (has_painted_rows, &seen);
  g_assert_cmpuint (seen.at_first, <=, MANY);
  fyr_app_settle (has_all, seen.rows);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  fyr_app_fixture_init (&argc, &argv);
  g_test_add ("/app/patients-place/the first frame makes no more rows than it shows", Fixture,
              GUINT_TO_POINTER (FYR_ROLE_NURSE), fyr_app_fixture_set_up,
              test_the_first_frame_makes_no_more_rows_than_it_shows, fyr_app_fixture_tear_down);
  return g_test_run ();
}
