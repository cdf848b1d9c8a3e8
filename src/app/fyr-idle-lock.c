/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-idle-lock.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)

struct _FyrIdleLock {
  GObject parent_instance;
  FyrSettings *settings;
  gint64 last_use; /* monotonic, µs */
  guint source;
};

enum { IDLE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrIdleLock, fyr_idle_lock, G_TYPE_OBJECT)

static gboolean
on_timeout (gpointer data);

/* One timer that is set anew only when it fires: a key press costs no more than to note the time. */
static void
schedule (FyrIdleLock *self)
{
  gint64 due = self->last_use + fyr_settings_get_lock_minutes (self->settings) * MINUTE_US;
  gint64 wait = MAX (due - g_get_monotonic_time (), 0) / G_USEC_PER_SEC + 1;

  self->source = g_timeout_add_seconds ((guint)wait, on_timeout, self);
}

static gboolean
on_timeout (gpointer data)
{
  FyrIdleLock *self = data;
  gint64 limit = fyr_settings_get_lock_minutes (self->settings) * MINUTE_US;

  self->source = 0;
  if (g_get_monotonic_time () - self->last_use >= limit)
    g_signal_emit (self, signals[IDLE], 0);
  else
    schedule (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_event (GtkEventController *controller, GdkEvent *event, FyrIdleLock *self)
{
  self->last_use = g_get_monotonic_time ();
  return GDK_EVENT_PROPAGATE;
}

void
fyr_idle_lock_start (FyrIdleLock *self)
{
  g_return_if_fail (FYR_IS_IDLE_LOCK (self));
  fyr_idle_lock_stop (self);
  self->last_use = g_get_monotonic_time ();
  schedule (self);
}

void
fyr_idle_lock_stop (FyrIdleLock *self)
{
  g_return_if_fail (FYR_IS_IDLE_LOCK (self));
  g_clear_handle_id (&self->source, g_source_remove);
}

static void
on_setting (FyrIdleLock *self)
{
  if (self->source) {
    fyr_idle_lock_stop (self);
    schedule (self);
  }
}

static void
fyr_idle_lock_dispose (GObject *object)
{
  FyrIdleLock *self = FYR_IDLE_LOCK (object);

  fyr_idle_lock_stop (self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (fyr_idle_lock_parent_class)->dispose (object);
}

static void
fyr_idle_lock_class_init (FyrIdleLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_idle_lock_dispose;
  signals[IDLE] = g_signal_new ("idle", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
fyr_idle_lock_init (FyrIdleLock *self)
{
}

FyrIdleLock *
fyr_idle_lock_new (GtkWidget *window, FyrSettings *settings)
{
  FyrIdleLock *self = g_object_new (FYR_TYPE_IDLE_LOCK, NULL);
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  self->settings = g_object_ref (settings);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (on_event), self, 0);
  gtk_widget_add_controller (window, controller);
  g_signal_connect_object (settings, "notify::lock-minutes", G_CALLBACK (on_setting), self,
                           G_CONNECT_SWAPPED);
  return self;
}
