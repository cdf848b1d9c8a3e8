/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-backend.h"

#include <string.h>

#include "fyr-format.h"
#include "fyr-soup-transport.h"
#include "fyr-store-emergency.h"
#include "fyr-store-query.h"

/* The whole database is read once a day; asked for that often, beginning when the first lists have been shown. */
#define VERIFY_EVERY (24 * G_GINT64_CONSTANT (3600000))
#define VERIFY_SECONDS 600

struct _FyrBackend {
  GObject parent_instance;
  FyrAppContext *context;
  char *data_dir;
  FyrStore *store;
  FyrSyncEngine *engine;
  char *server_url; /* of the engine */
  GError *error;
  GPtrArray *waiting; /* sign-ins until the database is open, of GTask */
  GTask *early;       /* (nullable): a sign-in begun before anybody waits for it */
  GTask *early_waiter;
  guint verify; /* source */
};

typedef struct {
  char *server_url;
  char *user_name;
  char *password;
} SignIn;

enum { PROP_0, PROP_READY, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { ENGINE_CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrBackend, fyr_backend, G_TYPE_OBJECT)

static void
begin_sign_in (FyrBackend *self, GTask *task);

static void
sign_in_free (gpointer data)
{
  SignIn *sign_in = data;

  g_free (sign_in->server_url);
  g_free (sign_in->user_name);
  if (sign_in->password)
    explicit_bzero (sign_in->password, strlen (sign_in->password));
  g_free (sign_in->password);
  g_free (sign_in);
}

static void
serve_waiting (FyrBackend *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    begin_sign_in (self, g_ptr_array_index (waiting, i));
}

static gboolean
verify_store (gpointer user_data)
{
  FyrBackend *self = user_data;

  fyr_store_verify_async (self->store, VERIFY_EVERY, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrBackend) self = user_data;

  self->store = fyr_store_open_finish (result, &self->error);
  if (self->store) {
    fyr_app_context_set_backend (self->context, self->store, NULL);
    /* Before anybody signs in: what was opened in an emergency does not wait for that. */
    fyr_store_end_emergency_async (self->store, NULL, NULL, NULL, NULL, NULL);
    self->verify = g_timeout_add_seconds (VERIFY_SECONDS, verify_store, self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
  } else {
    g_warning ("The database could not be opened: error %d", self->error->code);
    g_signal_emit (self, signals[FAILED], 0, self->error);
  }
  serve_waiting (self);
}

void
fyr_backend_open (FyrBackend *self)
{
  g_autofree char *path = NULL;

  g_return_if_fail (FYR_IS_BACKEND (self) && !self->store);
  g_clear_error (&self->error);
  path = g_build_filename (self->data_dir, "fyrlykt.db", NULL);
  fyr_store_open_async (path, NULL, on_opened, g_object_ref (self));
}

const GError *
fyr_backend_get_error (FyrBackend *self)
{
  return self->error;
}

static void
on_users (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrBackend) self = user_data;
  g_autoptr (GPtrArray) users = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (users && self->context)
    fyr_app_context_learn_users (self->context, users);
}

static void
on_centre (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrBackend) self = user_data;
  g_autoptr (FyrRecord) centre = fyr_store_get_record_finish (FYR_STORE (source), result, NULL);

  if (centre && self->context && fyr_app_context_is_signed_in (self->context))
    fyr_app_context_set_centre (self->context, (FyrCentre *)centre);
}

static void
on_store_changed (FyrStore *store, FyrChangeSet *changes, FyrBackend *self)
{
  if (!self->context || !fyr_app_context_is_signed_in (self->context))
    return;
  if (fyr_change_set_has (changes, "centre", fyr_app_context_get_centre_id (self->context)))
    fyr_store_get_record_async (store, "centre", fyr_app_context_get_centre_id (self->context), NULL,
                                on_centre, g_object_ref (self));
  if (fyr_change_set_has_kind (changes, "user"))
    fyr_store_list_records_async (store, "user", NULL, NULL, NULL, on_users, g_object_ref (self));
}

void
fyr_backend_begin_session (FyrBackend *self, FyrMembership *membership)
{
  FyrUser *user = self->engine ? fyr_sync_engine_get_user (self->engine) : NULL;
  const char *centre_id = fyr_membership_get_centre_id (membership);

  g_return_if_fail (FYR_IS_BACKEND (self) && user);
  fyr_app_context_begin_session (self->context, user, membership, NULL);
  fyr_store_get_record_async (self->store, "centre", centre_id ? centre_id : "", NULL, on_centre,
                              g_object_ref (self));
  fyr_store_list_records_async (self->store, "user", NULL, NULL, NULL, on_users, g_object_ref (self));
}

GPtrArray *
fyr_backend_list_memberships (FyrBackend *self)
{
  GPtrArray *valid = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *all = self->engine ? fyr_sync_engine_get_memberships (self->engine) : NULL;
  gint64 now = fyr_now ();

  for (guint i = 0; all && i < all->len; i++) {
    FyrMembership *membership = g_ptr_array_index (all, i);

    if (fyr_membership_has_valid_from (membership) && fyr_membership_get_valid_from (membership) > now)
      continue;
    if (fyr_membership_has_valid_to (membership) && fyr_membership_get_valid_to (membership) <= now)
      continue;
    g_ptr_array_add (valid, g_object_ref (membership));
  }
  return valid;
}

void
fyr_backend_sign_out (FyrBackend *self)
{
  g_return_if_fail (FYR_IS_BACKEND (self));
  if (self->engine)
    fyr_sync_engine_sign_out (self->engine);
  fyr_app_context_end_session (self->context);
}

static gboolean
ensure_engine (FyrBackend *self, const char *server_url, GError **error)
{
  g_autoptr (FyrSyncTransport) transport = NULL;

  if (self->engine && g_strcmp0 (self->server_url, server_url) == 0)
    return TRUE;
  transport = FYR_SYNC_TRANSPORT (fyr_soup_transport_new (server_url, error));
  if (!transport)
    return FALSE;
  if (self->engine)
    fyr_sync_engine_sign_out (self->engine);
  g_clear_object (&self->engine);
  self->engine = fyr_sync_engine_new (self->store, transport);
  g_free (self->server_url);
  self->server_url = g_strdup (server_url);
  fyr_app_context_set_backend (self->context, self->store, self->engine);
  g_signal_emit (self, signals[ENGINE_CHANGED], 0);
  return TRUE;
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  FyrSignInResult how = fyr_sync_engine_sign_in_finish (FYR_SYNC_ENGINE (source), result, &error);

  if (how == FYR_SIGN_IN_FAILED)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, how);
}

static void
begin_sign_in (FyrBackend *self, GTask *task)
{
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  if (self->error) {
    g_task_return_error (task, g_error_copy (self->error));
    return;
  }
  if (!ensure_engine (self, sign_in->server_url, &error)) {
    g_task_return_error (task, error);
    return;
  }
  fyr_sync_engine_sign_in_async (self->engine, sign_in->user_name, sign_in->password, NULL, on_signed_in,
                                 g_object_ref (task));
}

static GTask *
sign_in_task (FyrBackend *self,
              const char *server_url,
              const char *user_name,
              const char *password,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  SignIn *sign_in = g_new0 (SignIn, 1);

  sign_in->server_url = g_strdup (server_url);
  sign_in->user_name = g_strdup (user_name);
  sign_in->password = g_strdup (password);
  g_task_set_task_data (task, sign_in, sign_in_free);
  if (self->store || self->error)
    begin_sign_in (self, task);
  else
    g_ptr_array_add (self->waiting, g_object_ref (task));
  return task;
}

static void
hand_over (FyrBackend *self)
{
  g_autoptr (GTask) early = g_steal_pointer (&self->early);
  g_autoptr (GTask) waiter = g_steal_pointer (&self->early_waiter);
  GError *error = NULL;
  gssize how = g_task_propagate_int (early, &error);

  if (error)
    g_task_return_error (waiter, error);
  else
    g_task_return_int (waiter, how);
}

static void
on_early (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FyrBackend *self = FYR_BACKEND (source);

  if (self->early_waiter)
    hand_over (self);
}

void
fyr_backend_sign_in_early (FyrBackend *self,
                           const char *server_url,
                           const char *user_name,
                           const char *password)
{
  g_return_if_fail (FYR_IS_BACKEND (self) && !self->early);
  self->early = sign_in_task (self, server_url, user_name, password, on_early, NULL);
}

static gboolean
is_early (FyrBackend *self, const char *server_url, const char *user_name, const char *password)
{
  SignIn *early = self->early ? g_task_get_task_data (self->early) : NULL;

  return early && !self->early_waiter && g_str_equal (early->server_url, server_url) &&
         g_str_equal (early->user_name, user_name) && g_str_equal (early->password, password);
}

void
fyr_backend_sign_in_async (FyrBackend *self,
                           const char *server_url,
                           const char *user_name,
                           const char *password,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  if (is_early (self, server_url, user_name, password)) {
    self->early_waiter = g_task_new (self, NULL, callback, user_data);
    if (g_task_get_completed (self->early))
      hand_over (self);
    return;
  }
  g_object_unref (sign_in_task (self, server_url, user_name, password, callback, user_data));
}

FyrSignInResult
fyr_backend_sign_in_finish (FyrBackend *self, GAsyncResult *result, GError **error)
{
  gssize how = g_task_propagate_int (G_TASK (result), error);

  return how < 0 ? FYR_SIGN_IN_FAILED : (FyrSignInResult)how;
}

static void
fyr_backend_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_READY)
    g_value_set_boolean (value, FYR_BACKEND (object)->store != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
on_ready (FyrBackend *self)
{
  if (self->store)
    g_signal_connect_object (self->store, "changed", G_CALLBACK (on_store_changed), self, 0);
}

static void
fyr_backend_dispose (GObject *object)
{
  FyrBackend *self = FYR_BACKEND (object);

  g_clear_handle_id (&self->verify, g_source_remove);
  g_clear_object (&self->early);
  g_clear_object (&self->early_waiter);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_backend_parent_class)->dispose (object);
}

static void
fyr_backend_finalize (GObject *object)
{
  FyrBackend *self = FYR_BACKEND (object);

  g_free (self->data_dir);
  g_free (self->server_url);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->waiting);
  G_OBJECT_CLASS (fyr_backend_parent_class)->finalize (object);
}

static void
fyr_backend_class_init (FyrBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = fyr_backend_dispose;
  object_class->finalize = fyr_backend_finalize;
  object_class->get_property = fyr_backend_get_property;
  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[ENGINE_CHANGED] = g_signal_new ("engine-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
fyr_backend_init (FyrBackend *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self, "notify::ready", G_CALLBACK (on_ready), NULL);
}

FyrBackend *
fyr_backend_new (FyrAppContext *context, const char *data_dir)
{
  FyrBackend *self = g_object_new (FYR_TYPE_BACKEND, NULL);

  self->context = g_object_ref (context);
  self->data_dir = g_strdup (data_dir);
  return self;
}
