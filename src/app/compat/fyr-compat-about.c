/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-config.h"

void
fyr_compat_about_show (GtkWindow *parent)
{
  static const char *const developers[] = { "The Fyrlykt authors", NULL };

  adw_show_about_window (
      parent, "application-name", "Fyrlykt", "application-icon", FYR_APPLICATION_ID, "version", FYR_VERSION,
      "developers", developers, "developer-name", "The Fyrlykt authors", "comments",
      _ ("Digital home follow-up: a measurement at home becomes an alert at the nurse's desk."),
      "license-type", GTK_LICENSE_GPL_3_0, "translator-credits", _ ("translator-credits"), NULL);
}
