/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

#define PROGRESS_SECONDS 10
#define LAST_WAIT_SECONDS 10

typedef struct {
  GMainLoop *loop;
  FyrSimSender *sender;
  FyrSimDueFunc due;
  gpointer data;
  gint64 started;
  gint64 ended;
  int duration;
  gboolean over;
  guint timer;
  char *told;
} Loop;

gboolean
fyr_sim_parse (
    const char *summary, const GOptionEntry *entries, FyrSimOptions *options, int *argc, char ***argv)
{
  const GOptionEntry common[] = {
    { "url", 0, 0, G_OPTION_ARG_STRING, &options->url, N_ ("Address of the server"), "URL" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &options->token, N_ ("The gateway's bearer token"), "TOKEN" },
    { "patients", 0, 0, G_OPTION_ARG_FILENAME, &options->patients, N_ ("List of patients, JSON"), "FILE" },
    { "patient", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->patient, N_ ("A patient; may be repeated"),
      "SYSTEM|NUMBER" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    fyr_sim_fail (2, error->message);
    return FALSE;
  }
  if (*argc > 1) {
    fyr_sim_fail (2, _ ("Too many words on the command line; see --help"));
    return FALSE;
  }
  if (!options->print && (options->url == NULL || options->token == NULL)) {
    fyr_sim_fail (2, _ ("--url and --token are needed"));
    return FALSE;
  }
  return TRUE;
}

void
fyr_sim_options_clear (FyrSimOptions *options)
{
  g_clear_pointer (&options->url, g_free);
  g_clear_pointer (&options->token, g_free);
  g_clear_pointer (&options->patients, g_free);
  g_clear_pointer (&options->patient, g_strfreev);
}

int
fyr_sim_fail (int status, const char *message)
{
  g_printerr ("fyrlykt-sim: %s\n", message);
  return status;
}

/* Told once, not each time. */
static void
tell_problem (Loop *self)
{
  const char *problem = fyr_sim_sender_get_problem (self->sender);

  if (g_strcmp0 (problem, self->told) == 0)
    return;
  g_free (self->told);
  self->told = g_strdup (problem);
  if (problem != NULL)
    g_printerr (_ ("Not sent now: %s. What is measured meanwhile is kept and sent later.\n"), problem);
}

static void
tell_counts (Loop *self)
{
  FyrSimCounts counts;

  fyr_sim_sender_get_counts (self->sender, &counts);
  g_printerr (_ ("%u stored, %u there already, %u refused, %u waiting\n"), (guint)counts.stored,
              (guint)counts.repeated, (guint)counts.refused, counts.waiting);
}

static gboolean
tell (gpointer data)
{
  tell_counts (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
stop (gpointer data)
{
  Loop *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_due (gpointer data);

static void
call_due (Loop *self)
{
  gint64 wait = self->over ? -1 : self->due (self->data);

  if (wait < 0)
    self->over = TRUE;
  else
    self->timer = g_timeout_add ((guint)CLAMP (wait, 1, 60000), on_due, self);
}

static gboolean
on_due (gpointer data)
{
  Loop *self = data;

  self->timer = 0;
  call_due (self);
  return G_SOURCE_REMOVE;
}

/* Each quarter of a second: is it over, and is something wrong? */
static gboolean
look (gpointer data)
{
  Loop *self = data;
  gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;

  tell_problem (self);
  if (self->duration > 0 && now - self->started >= self->duration)
    self->over = TRUE;
  if (self->over && self->ended == 0)
    self->ended = now;
  if (fyr_sim_sender_is_rejected (self->sender) ||
      (self->over && (fyr_sim_sender_is_idle (self->sender) ||
                      (self->duration > 0 && now - self->ended > LAST_WAIT_SECONDS))))
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

int
fyr_sim_loop (FyrSimSender *sender, int duration, FyrSimDueFunc due, gpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Loop self = {
    loop, sender, due, data, g_get_monotonic_time () / G_USEC_PER_SEC, 0, duration, FALSE, 0, NULL
  };
  guint sources[] = {
    g_unix_signal_add (SIGINT, stop, &self),
    g_unix_signal_add (SIGTERM, stop, &self),
    g_timeout_add_seconds (PROGRESS_SECONDS, tell, &self),
    g_timeout_add (250, look, &self),
  };

  call_due (&self);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_clear_handle_id (&self.timer, g_source_remove);
  tell_counts (&self);
  g_free (self.told);
  if (fyr_sim_sender_is_rejected (sender))
    return fyr_sim_fail (1, _ ("The server does not know this gateway token"));
  return 0;
}
