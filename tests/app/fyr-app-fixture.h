/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"
#include "fyr-form-field.h"
#include "fyr-store-fixture.h"

G_BEGIN_DECLS

/** FyrAppFixture: a workstation's store and somebody signed in; use with g_test_add(), data: the role */
typedef struct {
  FyrStoreFixture store;
  FyrAppContext *context;
  GtkWindow *window; /* with room for toasts */
} FyrAppFixture;

void
fyr_app_fixture_set_up (FyrAppFixture *fixture, gconstpointer role);
void
fyr_app_fixture_tear_down (FyrAppFixture *fixture, gconstpointer role);

/** fyr_app_fixture_init: for main(), in place of g_test_init(); exits with 77 (skipped) without a display */
void
fyr_app_fixture_init (int *argc, char ***argv);

/** fyr_app_settle: runs the main loop until @condition (@data) is true; fails the test after 10 s */
void
fyr_app_settle (gboolean (*condition) (gpointer data), gpointer data);

/** fyr_app_find: (transfer none) (nullable): the first @type below @root that @matches (nullable) with @data */
GtkWidget *
fyr_app_find (GtkWidget *root,
              GType type,
              gboolean (*matches) (GtkWidget *widget, gconstpointer data),
              gconstpointer data);

/** fyr_app_find_field: (transfer none): the field called @label below @root; fails the test without one */
FyrFormField *
fyr_app_find_field (GtkWidget *root, const char *label);

/** fyr_app_type: types into the field called @label and leaves it */
void
fyr_app_type (GtkWidget *root, const char *label, const char *text);

G_END_DECLS
