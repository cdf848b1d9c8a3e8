/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-admin-edit.h"

static const GOptionEntry entries[] = {
  { NULL },
};

static gboolean
run (FyrAdminTarget *target, const char *name, const char *word, GError **error)
{
  g_autoptr (FyrRecord) user = NULL;

  if (name == NULL || word != NULL) {
    g_set_error_literal (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Say which user"));
    return FALSE;
  }
  user = fyr_admin_target_find (target, &fyr_user_info, FYR_USER_USER_NAME, name, error);
  return user != NULL &&
         fyr_admin_target_lift_lockout (target, fyr_record_get_string (user, FYR_USER_USER_NAME), error);
}

int
fyr_admin_lift_lockout (int argc, char **argv)
{
  return fyr_admin_run_edit (
      "lift-lockout", "USER",
      _ ("Lets a user who typed too many wrong passwords try again at once. The password stays as it is: "
         "“user password” makes a new one."),
      entries, argc, argv, run);
}
