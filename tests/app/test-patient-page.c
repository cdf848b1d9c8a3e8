/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a patient: what a small screen with large text leaves of it. */
#include "fyr-app-fixture.h"
#include "fyr-patient-page.h"

typedef FyrAppFixture Fixture;

/* 96 dots an inch, in 1024ths, times 1.5: large text as in the desktop's own settings. */
#define LARGE_TEXT (96 * 1024 * 3 / 2)
/* What a window 1024 wide leaves beside its navigation, with room for longer words than English ones. */
#define WIDTH 700
#define LONGEST_MINIMUM 620

static gboolean
is_wide (gpointer page)
{
  return gtk_widget_get_width (page) > 0;
}

static gboolean
is_cut (GtkWidget *button, gconstpointer page)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (button) &&
         (!gtk_widget_compute_bounds (button, (GtkWidget *)page, &bounds) || bounds.origin.x < 0 ||
          bounds.origin.x + bounds.size.width > gtk_widget_get_width ((GtkWidget *)page));
}

static void
test_every_button_is_whole_with_large_text (Fixture *fixture, gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  GtkWidget *window = adw_window_new (), *page;
  FyrPatient *patient = fyr_test_patient (&fixture->store, "Berg", "Kari");
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (patient)));
  int usual, minimum;

  g_object_get (settings, "gtk-xft-dpi", &usual, NULL);
  g_object_set (settings, "gtk-xft-dpi", LARGE_TEXT, NULL);
  fyr_test_feed (&fixture->store, patient, 1);
  page = fyr_patient_page_new (fixture->context, id);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, 640);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  fyr_app_settle (is_wide, page);
  gtk_widget_measure (page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, LONGEST_MINIMUM);
  g_assert_nonnull (fyr_app_find (page, GTK_TYPE_BUTTON, NULL, NULL));
  g_assert_null (fyr_app_find (page, GTK_TYPE_BUTTON, is_cut, page));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_set (settings, "gtk-xft-dpi", usual, NULL);
}

int
main (int argc, char **argv)
{
  fyr_app_fixture_init (&argc, &argv);
  g_test_add ("/app/patient-page/every button is whole with large text", Fixture,
              GUINT_TO_POINTER (FYR_ROLE_NURSE), fyr_app_fixture_set_up,
              test_every_button_is_whole_with_large_text, fyr_app_fixture_tear_down);
  return g_test_run ();
}
