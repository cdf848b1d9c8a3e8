/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-app-context.h"

#include <glib/gi18n.h>

struct _FyrAppContext {
  GObject parent_instance;
  FyrSettings *settings;
  GObject *store;
  GObject *engine;
  FyrUser *user;
  FyrMembership *membership;
  FyrCentre *centre;
  GHashTable *names; /* user id → name */
  char *data_dir;
};

enum { PROP_0, PROP_SIGNED_IN, PROP_CENTRE, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { SESSION_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrAppContext, fyr_app_context, G_TYPE_OBJECT)

static void
fyr_app_context_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_SIGNED_IN)
    g_value_set_boolean (value, fyr_app_context_is_signed_in (FYR_APP_CONTEXT (object)));
  else if (prop_id == PROP_CENTRE)
    g_value_set_object (value, FYR_APP_CONTEXT (object)->centre);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
fyr_app_context_dispose (GObject *object)
{
  FyrAppContext *self = FYR_APP_CONTEXT (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  g_clear_object (&self->user);
  g_clear_object (&self->membership);
  g_clear_object (&self->centre);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->data_dir, g_free);
  G_OBJECT_CLASS (fyr_app_context_parent_class)->dispose (object);
}

static void
fyr_app_context_class_init (FyrAppContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = fyr_app_context_dispose;
  object_class->get_property = fyr_app_context_get_property;
  properties[PROP_SIGNED_IN] =
      g_param_spec_boolean ("signed-in", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CENTRE] =
      g_param_spec_object ("centre", NULL, NULL, FYR_TYPE_CENTRE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SESSION_CHANGED] = g_signal_new ("session-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_app_context_init (FyrAppContext *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

FyrAppContext *
fyr_app_context_new (FyrSettings *settings)
{
  FyrAppContext *self = g_object_new (FYR_TYPE_APP_CONTEXT, NULL);

  self->settings = g_object_ref (settings);
  return self;
}

FyrSettings *
fyr_app_context_get_settings (FyrAppContext *self)
{
  return self->settings;
}

void
fyr_app_context_set_backend (FyrAppContext *self, FyrStore *store, FyrSyncEngine *engine)
{
  g_return_if_fail (FYR_IS_APP_CONTEXT (self));
  g_set_object (&self->store, (GObject *)store);
  g_set_object (&self->engine, (GObject *)engine);
}

void
fyr_app_context_set_data_dir (FyrAppContext *self, const char *data_dir)
{
  g_return_if_fail (FYR_IS_APP_CONTEXT (self));
  g_free (self->data_dir);
  self->data_dir = g_strdup (data_dir);
}

const char *
fyr_app_context_get_data_dir (FyrAppContext *self)
{
  return self->data_dir;
}

FyrStore *
fyr_app_context_get_store (FyrAppContext *self)
{
  return (FyrStore *)self->store;
}

FyrSyncEngine *
fyr_app_context_get_engine (FyrAppContext *self)
{
  return (FyrSyncEngine *)self->engine;
}

void
fyr_app_context_begin_session (FyrAppContext *self,
                               FyrUser *user,
                               FyrMembership *membership,
                               FyrCentre *centre)
{
  g_return_if_fail (FYR_IS_APP_CONTEXT (self));
  g_return_if_fail (user && membership);
  g_set_object (&self->user, user);
  g_set_object (&self->membership, membership);
  g_set_object (&self->centre, centre);
  g_hash_table_replace (self->names, g_strdup (fyr_record_get_id (FYR_RECORD (user))),
                        g_strdup (fyr_user_get_name (user)));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGNED_IN]);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
}

void
fyr_app_context_set_centre (FyrAppContext *self, FyrCentre *centre)
{
  g_return_if_fail (FYR_IS_APP_CONTEXT (self));
  if (g_set_object (&self->centre, centre))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CENTRE]);
}

void
fyr_app_context_end_session (FyrAppContext *self)
{
  g_return_if_fail (FYR_IS_APP_CONTEXT (self));
  if (!self->user)
    return;
  g_clear_object (&self->user);
  g_clear_object (&self->membership);
  g_clear_object (&self->centre);
  g_hash_table_remove_all (self->names);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGNED_IN]);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
}

gboolean
fyr_app_context_is_signed_in (FyrAppContext *self)
{
  return self->user != NULL;
}

FyrUser *
fyr_app_context_get_user (FyrAppContext *self)
{
  return self->user;
}

const char *
fyr_app_context_get_user_id (FyrAppContext *self)
{
  return self->user ? fyr_record_get_id (FYR_RECORD (self->user)) : "";
}

FyrRole
fyr_app_context_get_role (FyrAppContext *self)
{
  return self->membership ? fyr_membership_get_role (self->membership) : FYR_ROLE_UNSET;
}

FyrCentre *
fyr_app_context_get_centre (FyrAppContext *self)
{
  return self->centre;
}

const char *
fyr_app_context_get_centre_id (FyrAppContext *self)
{
  const char *id = self->membership ? fyr_membership_get_centre_id (self->membership) : NULL;

  return id ? id : "";
}

const char *
fyr_app_context_get_gp_id (FyrAppContext *self)
{
  return self->membership ? fyr_membership_get_gp_id (self->membership) : NULL;
}

void
fyr_app_context_learn_users (FyrAppContext *self, GPtrArray *users)
{
  for (guint i = 0; self->names && i < users->len; i++) {
    FyrUser *user = g_ptr_array_index (users, i);
    const char *name = fyr_user_get_name (user);

    g_hash_table_replace (self->names, g_strdup (fyr_record_get_id (FYR_RECORD (user))),
                          g_strdup (name ? name : ""));
  }
}

const char *
fyr_app_context_get_name_of (FyrAppContext *self, const char *user_id)
{
  const char *name = user_id ? g_hash_table_lookup (self->names, user_id) : NULL;

  return name ? name : "";
}

const char *
fyr_role_get_word (FyrRole role)
{
  static const char *const words[] = {
    [FYR_ROLE_UNSET] = "",
    [FYR_ROLE_NURSE] = N_ ("Nurse"),
    [FYR_ROLE_GP] = N_ ("General practitioner"),
    [FYR_ROLE_CLERK] = N_ ("Equipment clerk"),
    [FYR_ROLE_MANAGER] = N_ ("Manager"),
    [FYR_ROLE_ADMINISTRATOR] = N_ ("Administrator"),
  };
  const char *word = (guint)role < G_N_ELEMENTS (words) ? words[role] : "";

  return *word ? _ (word) : "";
}
