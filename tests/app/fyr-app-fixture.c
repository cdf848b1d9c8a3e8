/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-app-fixture.h"

#include "fyr-app-resources.h"

static gboolean
never_in_vain (gpointer data)
{
  g_error ("what the test waits for did not come within 10 s");
  return G_SOURCE_REMOVE;
}

void
fyr_app_settle (gboolean (*condition) (gpointer data), gpointer data)
{
  guint timeout = g_timeout_add_seconds (10, never_in_vain, NULL);
  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

void
fyr_app_fixture_set_up (FyrAppFixture *fixture, gconstpointer role)
{
  fyr_store_fixture_set_up (&fixture->store, NULL);
  g_autoptr (FyrSettings) settings = fyr_settings_new ();
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  g_autoptr (FyrCentre) centre = fyr_centre_new ();
  fyr_record_set_id (FYR_RECORD (user), fixture->store.nurse);
  fyr_record_set_id (FYR_RECORD (centre), fixture->store.centre);
  fyr_centre_set_test_centre (centre, TRUE);
  fyr_membership_set_role (membership, (FyrRole)GPOINTER_TO_UINT (role));
  fyr_membership_set_centre_id (membership, fixture->store.centre);
  fixture->context = fyr_app_context_new (settings);
  fyr_app_context_set_backend (fixture->context, fixture->store.store, NULL);
  fyr_app_context_begin_session (fixture->context, user, membership, centre);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "content", adw_toast_overlay_new (), NULL);
  gtk_window_present (fixture->window);
}

void
fyr_app_fixture_tear_down (FyrAppFixture *fixture, gconstpointer role)
{
  gtk_window_destroy (fixture->window);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  fyr_app_context_end_session (fixture->context);
  fyr_app_context_set_backend (fixture->context, NULL, NULL);
  g_clear_object (&fixture->context);
  fyr_store_fixture_tear_down (&fixture->store, NULL);
}

void
fyr_app_fixture_init (int *argc, char ***argv)
{
  if (!gtk_init_check ())
    exit (77);
  adw_init ();
  g_resources_register (fyr_app_get_resource ());
  g_test_init (argc, argv, NULL);
}

GtkWidget *
fyr_app_find (GtkWidget *root,
              GType type,
              gboolean (*matches) (GtkWidget *widget, gconstpointer data),
              gconstpointer data)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && (matches == NULL || matches (root, data)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = fyr_app_find (child, type, matches, data);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static gboolean
has_label (GtkWidget *widget, gconstpointer data)
{
  g_autofree char *label = NULL;
  g_object_get (widget, "label", &label, NULL);
  return g_strcmp0 (label, data) == 0;
}

FyrFormField *
fyr_app_find_field (GtkWidget *root, const char *label)
{
  GtkWidget *field = fyr_app_find (root, FYR_TYPE_FORM_FIELD, has_label, label);
  g_test_message ("field %s", label);
  g_assert_nonnull (field);
  return FYR_FORM_FIELD (field);
}

void
fyr_app_type (GtkWidget *root, const char *label, const char *text)
{
  GtkWidget *control = fyr_form_field_get_child (fyr_app_find_field (root, label));
  gtk_widget_grab_focus (control);
  gtk_editable_set_text (GTK_EDITABLE (control), text);
}
