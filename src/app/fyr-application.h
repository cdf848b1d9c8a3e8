/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FyrApplication:
 *
 * The process. Options: `--server URL`, `--data FOLDER`, `--user NAME`, `--version`; in the environment
 * `FYRLYKT_PASSWORD` (signs in at once; taken out of the environment when read).
 *
 * Actions: `app.quit`, `app.preferences`, `app.shortcuts`, `app.help`, `app.about`, `app.silence`,
 * `app.activate`,
 * `app.show-alert` (s).
 */
#define FYR_TYPE_APPLICATION (fyr_application_get_type ())
G_DECLARE_FINAL_TYPE (FyrApplication, fyr_application, FYR, APPLICATION, AdwApplication)

/** fyr_application_new: the application; run it with g_application_run(). */
FyrApplication *
fyr_application_new (void);

/** fyr_application_is_version_asked: after the run: whether the command line asked for the version only. */
gboolean
fyr_application_is_version_asked (FyrApplication *self);

/**
 * fyr_app_register_resources:
 *
 * makes the .ui files known; for tests that use a screen without the application.
 */
void
fyr_app_register_resources (void);

/** fyr_app_load_style: the application's style sheet for @display. */
void
fyr_app_load_style (GdkDisplay *display);

/** fyr_app_apply_language: @language: "" for the system's; to be called before any text is made. */
void
fyr_app_apply_language (const char *language);

G_END_DECLS
