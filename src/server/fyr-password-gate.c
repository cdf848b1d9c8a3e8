/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-password-gate.h"

#include "fyr-password.h"

#define MAX_WAITING 64

struct _FyrPasswordGate {
  GThreadPool *pool;
  GMainContext *main_context;
  guint waiting;
};

typedef struct {
  FyrPasswordGate *gate;
  const char *hash;
  const char *password;
  FyrPasswordFunc func;
  gpointer data;
  gboolean right;
} Job;

static gboolean
on_hashed (gpointer data)
{
  Job *job = data;

  job->gate->waiting--;
  job->func (job->data, job->right);
  return G_SOURCE_REMOVE;
}

static void
hash_thread (gpointer data, gpointer user_data)
{
  Job *job = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  job->right = fyr_password_verify (job->hash, job->password);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_hashed, job, g_free);
  g_source_attach (source, job->gate->main_context);
}

gboolean
fyr_password_gate_verify (
    FyrPasswordGate *self, const char *hash, const char *password, FyrPasswordFunc func, gpointer data)
{
  Job *job;

  if (self->waiting >= MAX_WAITING) {
    return FALSE;
  }
  job = g_new0 (Job, 1);
  job->gate = self;
  job->hash = hash;
  job->password = password;
  job->func = func;
  job->data = data;
  self->waiting++;
  g_thread_pool_push (self->pool, job, NULL);
  return TRUE;
}

FyrPasswordGate *
fyr_password_gate_new (guint n_threads)
{
  FyrPasswordGate *self = g_new0 (FyrPasswordGate, 1);

  self->main_context = g_main_context_ref_thread_default ();
  self->pool = g_thread_pool_new (hash_thread, self, (int)n_threads, FALSE, NULL);
  return self;
}

void
fyr_password_gate_free (FyrPasswordGate *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_main_context_unref (self->main_context);
  g_free (self);
}
