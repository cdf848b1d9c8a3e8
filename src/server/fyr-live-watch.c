/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-live-watch.h"

#include <string.h>

#include "fyr-session.h"

struct _FyrLiveWatch {
  FyrReader *reader;
  const FyrLiveWatchFuncs *funcs;
  gpointer data;
  GSource *tick;
  /* Token hash → stamp, of the last look. */
  GHashTable *stamps;
  gboolean looking;
  gboolean stopped;
};

typedef struct {
  FyrLiveWatch *watch;
  GByteArray *tokens;
  guint64 *stamps;
} Look;

static guint
token_hash (gconstpointer key)
{
  guint value;

  memcpy (&value, key, sizeof value);
  return value;
}

static gboolean
token_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, FYR_TOKEN_HASH_BYTES) == 0;
}

static void
look_free (gpointer data)
{
  Look *look = data;

  g_byte_array_unref (look->tokens);
  g_free (look->stamps);
  g_free (look);
}

/* FNV-1a over what a role is made of. */
static guint64
mix (guint64 stamp, const char *text)
{
  for (; text != NULL && *text != '\0'; text++) {
    stamp = (stamp ^ (guint8)*text) * G_GUINT64_CONSTANT (1099511628211);
  }
  return stamp * G_GUINT64_CONSTANT (1099511628211);
}

gboolean
fyr_live_watch_stamp (FyrConnection *connection,
                      const guint8 token[FYR_TOKEN_HASH_BYTES],
                      gint64 now,
                      guint64 *stamp,
                      GError **error)
{
  g_autoptr (FyrSubject) subject = NULL;
  FyrSession session;
  int found = fyr_session_find (connection, token, now, &session, error);

  *stamp = 0;
  if (found <= 0) {
    return found == 0;
  }
  subject = fyr_subject_load (connection, session.user_id, now, error);
  if (subject == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);

    /* A sum, as the rows come in no order. */
    *stamp += mix (mix (mix (14695981039346656037u, role->centre_id), role->gp_id),
                   fyr_enum_to_code (&fyr_role_info, role->role));
  }
  for (guint i = 0; i < subject->emergency->len; i++) {
    *stamp += mix (14695981039346656037u, g_array_index (subject->emergency, FyrEmergencyGrant, i).access_id);
  }
  return TRUE;
}

static gboolean
run_look (FyrConnection *connection, gpointer data, GError **error)
{
  Look *look = data;
  gint64 now = g_get_real_time () / 1000;

  for (guint i = 0; i < look->tokens->len / FYR_TOKEN_HASH_BYTES; i++) {
    if (!fyr_live_watch_stamp (connection, look->tokens->data + i * FYR_TOKEN_HASH_BYTES, now,
                               &look->stamps[i], error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Keeps the stamps of this look; whether one of them asks for a closer one. */
static gboolean
take_stamps (FyrLiveWatch *self, Look *look)
{
  g_autoptr (GHashTable) former = g_steal_pointer (&self->stamps);
  gboolean changed = FALSE;

  self->stamps = g_hash_table_new_full (token_hash, token_equal, g_free, g_free);
  for (guint i = 0; i < look->tokens->len / FYR_TOKEN_HASH_BYTES; i++) {
    const guint8 *token = look->tokens->data + i * FYR_TOKEN_HASH_BYTES;
    const guint64 *before = g_hash_table_lookup (former, token);

    changed = changed || look->stamps[i] == 0 || (before != NULL && *before != look->stamps[i]);
    g_hash_table_replace (self->stamps, g_memdup2 (token, FYR_TOKEN_HASH_BYTES),
                          g_memdup2 (&look->stamps[i], sizeof look->stamps[i]));
  }
  return changed;
}

static void
on_looked (gpointer data, const GError *error)
{
  Look *look = data;
  FyrLiveWatch *self = look->watch;

  self->looking = FALSE;
  if (error == NULL && !self->stopped && take_stamps (self, look)) {
    self->funcs->changed (self->data);
  }
}

static gboolean
on_tick (gpointer user_data)
{
  FyrLiveWatch *self = user_data;
  Look *look;

  if (self->looking) {
    return G_SOURCE_CONTINUE;
  }
  look = g_new0 (Look, 1);
  look->watch = self;
  look->tokens = g_byte_array_new ();
  self->funcs->list (look->tokens, self->data);
  if (look->tokens->len == 0) {
    look_free (look);
    return G_SOURCE_CONTINUE;
  }
  look->stamps = g_new0 (guint64, look->tokens->len / FYR_TOKEN_HASH_BYTES);
  self->looking = TRUE;
  fyr_reader_submit (self->reader, run_look, look, on_looked, look_free);
  return G_SOURCE_CONTINUE;
}

FyrLiveWatch *
fyr_live_watch_new (FyrReader *reader, const FyrLiveWatchFuncs *funcs, gpointer data)
{
  FyrLiveWatch *self = g_new0 (FyrLiveWatch, 1);

  self->reader = reader;
  self->funcs = funcs;
  self->data = data;
  self->stamps = g_hash_table_new_full (token_hash, token_equal, g_free, g_free);
  self->tick = g_timeout_source_new_seconds (FYR_LIVE_WATCH_SECONDS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, g_main_context_get_thread_default ());
  return self;
}

void
fyr_live_watch_stop (FyrLiveWatch *self)
{
  self->stopped = TRUE;
  g_source_destroy (self->tick);
}

void
fyr_live_watch_free (FyrLiveWatch *self)
{
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  g_hash_table_unref (self->stamps);
  g_free (self);
}
