/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-records.h"
#include "fyr-settings.h"

G_BEGIN_DECLS

typedef struct _FyrStore FyrStore;
typedef struct _FyrSyncEngine FyrSyncEngine;

/**
 * FyrAppContext:
 *
 * What every screen needs: the local database, the sync engine, the settings and who is signed in. One a
 * process; screens get it when they are made and keep a reference.
 *
 * Properties: `signed-in` (bool, read-only), `centre` (a centre record, read-only). Signal: `session-
 * changed`, after the user, role or centre is another.
 *
 * What a screen asks of the window goes through actions: `win.show-patient` (s: patient id),
 * `win.show-place` (s: place id), `win.show-alert` (s: alert id).
 */
#define FYR_TYPE_APP_CONTEXT (fyr_app_context_get_type ())
G_DECLARE_FINAL_TYPE (FyrAppContext, fyr_app_context, FYR, APP_CONTEXT, GObject)

/**
 * fyr_app_context_new:
 * @settings: (transfer none)
 */
FyrAppContext *
fyr_app_context_new (FyrSettings *settings);

/** fyr_app_context_get_settings: (transfer none). */
FyrSettings *
fyr_app_context_get_settings (FyrAppContext *self);

/** fyr_app_context_set_backend: @store: (nullable); @engine: (nullable); what is open on this machine */
void
fyr_app_context_set_backend (FyrAppContext *self, FyrStore *store, FyrSyncEngine *engine);

/** fyr_app_context_set_data_dir: @data_dir: folder of this machine's data. */
void
fyr_app_context_set_data_dir (FyrAppContext *self, const char *data_dir);

/** fyr_app_context_get_data_dir: (transfer none) (nullable): folder of this machine's data. */
const char *
fyr_app_context_get_data_dir (FyrAppContext *self);

/** fyr_app_context_get_store: (transfer none) (nullable): %NULL until the local database is open. */
FyrStore *
fyr_app_context_get_store (FyrAppContext *self);

/** fyr_app_context_get_engine: (transfer none) (nullable): %NULL until the local database is open. */
FyrSyncEngine *
fyr_app_context_get_engine (FyrAppContext *self);

/**
 * fyr_app_context_begin_session:
 * @membership: as what @user works now
 * @centre: (nullable): where
 */
void
fyr_app_context_begin_session (FyrAppContext *self,
                               FyrUser *user,
                               FyrMembership *membership,
                               FyrCentre *centre);

/**
 * fyr_app_context_set_centre: @centre: the record of the centre worked at, when it comes after the session
 * has begun
 */
void
fyr_app_context_set_centre (FyrAppContext *self, FyrCentre *centre);

/** fyr_app_context_end_session: nobody is signed in any more. */
void
fyr_app_context_end_session (FyrAppContext *self);

/** fyr_app_context_is_signed_in: whether somebody is. */
gboolean
fyr_app_context_is_signed_in (FyrAppContext *self);

/** fyr_app_context_get_user: (transfer none) (nullable): who is signed in. */
FyrUser *
fyr_app_context_get_user (FyrAppContext *self);

/** fyr_app_context_get_user_id: (transfer none): id of who is signed in; "" for nobody. */
const char *
fyr_app_context_get_user_id (FyrAppContext *self);

/** fyr_app_context_get_role: as what; unset when nobody is signed in. */
FyrRole
fyr_app_context_get_role (FyrAppContext *self);

/** fyr_app_context_get_centre: (transfer none) (nullable): the centre worked at. */
FyrCentre *
fyr_app_context_get_centre (FyrAppContext *self);

/** fyr_app_context_get_centre_id: (transfer none): its id; "" when nobody is signed in. */
const char *
fyr_app_context_get_centre_id (FyrAppContext *self);

/** fyr_app_context_get_gp_id: (transfer none) (nullable): for a GP: her entry in the register of GPs. */
const char *
fyr_app_context_get_gp_id (FyrAppContext *self);

/**
 * fyr_app_context_learn_users: @users: (element-type FyrUser): colleagues whose names screens will ask for
 */
void
fyr_app_context_learn_users (FyrAppContext *self, GPtrArray *users);

/** fyr_app_context_get_name_of: (transfer none): name of the user @user_id (nullable); "" when not known. */
const char *
fyr_app_context_get_name_of (FyrAppContext *self, const char *user_id);

/** fyr_role_get_word: (transfer none): what people call the role, translated. */
const char *
fyr_role_get_word (FyrRole role);

G_END_DECLS
