/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-oslo-time.h"
#include "fyr-sim-crowd.h"
#include "fyr-sim-message.h"
#include "fyr-sim.h"

#define MAX_CONNECTIONS 256
#define MAX_BUNDLE 1000

/* Keeps `connections` posts under way, each of one report or a batch Bundle of `bundle`. */
typedef struct {
  GPtrArray *targets;
  FyrSimCrowd *crowd;
  FyrSimSender *sender;
  guint connections;
  guint bundle;
  guint64 posts;
  char run[24];
} Load;

static char *
next_message (Load *self)
{
  FyrSimReport report;
  guint person = fyr_sim_crowd_next (self->crowd, &report);

  report.taken = g_get_real_time () / 1000 - 1000;
  return fyr_sim_message_from_report (self->targets->pdata[person], &report, self->run);
}

static char *
next_bundle (Load *self)
{
  GString *text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[");

  for (guint i = 0; i < self->bundle; i++) {
    g_autofree char *message = next_message (self);
    g_string_append_printf (text,
                            "%s{\"resource\":%s,\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}",
                            i > 0 ? "," : "", message);
  }
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static gint64
keep_busy (gpointer data)
{
  Load *self = data;
  FyrSimCounts counts;

  fyr_sim_sender_get_counts (self->sender, &counts);
  for (guint waiting = counts.waiting; waiting < 4 * self->connections; waiting++, self->posts++) {
    if (self->bundle > 0)
      fyr_sim_sender_post (self->sender, "/fhir", next_bundle (self));
    else
      fyr_sim_sender_post (self->sender, "/fhir/Observation", next_message (self));
  }
  return 1;
}

static void
print_result (Load *self, double seconds)
{
  FyrSimCounts counts;
  double p50;
  double p99;
  guint each = MAX (self->bundle, 1);

  fyr_sim_sender_get_counts (self->sender, &counts);
  fyr_sim_sender_get_latency (self->sender, &p50, &p99);
  g_print ("{\"rate\": %.1f, \"p50\": %.2f, \"p99\": %.2f, \"refused\": %" G_GUINT64_FORMAT
           ", \"seconds\": %.2f}\n",
           (double)(counts.stored + counts.repeated) * each / seconds, p50, p99, counts.refused, seconds);
}

static int
load_with (FyrSimOptions *options, int connections, int bundle)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (FyrSimCrowd) crowd = NULL;
  g_autoptr (FyrSimSender) sender = NULL;
  Load self = { .connections = (guint)connections, .bundle = (guint)bundle };
  gint64 started = g_get_monotonic_time ();
  int status;

  if (connections < 1 || connections > MAX_CONNECTIONS || bundle < 0 || bundle > MAX_BUNDLE)
    return fyr_sim_fail (2, _ ("1 to 256 connections and Bundles of 0 to 1000 are possible"));
  targets = fyr_sim_targets_load (options->patients, (const char *const *)options->patient,
                                  (guint32)options->seed, &error);
  if (targets == NULL)
    return fyr_sim_fail (2, error->message);
  sender = fyr_sim_sender_new (options->url, options->token, self.connections);
  if (sender == NULL)
    return fyr_sim_fail (2, _ ("--url is no http address"));
  crowd = fyr_sim_crowd_new (targets, 0, FYR_SIM_FAITHFUL);
  self.targets = targets;
  self.crowd = crowd;
  self.sender = sender;
  g_snprintf (self.run, sizeof self.run, "%" G_GINT64_FORMAT "-", g_get_real_time ());
  status = fyr_sim_loop (sender, options->duration, keep_busy, &self);
  print_result (&self, (double)(g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  return status;
}

int
fyr_sim_load (int argc, char **argv)
{
  FyrSimOptions options = { .seed = 1, .speed = 1, .duration = 10 };
  int connections = 32;
  int bundle = 0;
  int status = 2;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, N_ ("The same seed gives the same reports"), "N" },
    { "connections", 0, 0, G_OPTION_ARG_INT, &connections, N_ ("How many connections at once"), "N" },
    { "bundle", 0, 0, G_OPTION_ARG_INT, &bundle, N_ ("Reports in a Bundle; 0: single Observations"), "N" },
    { "duration", 0, 0, G_OPTION_ARG_INT, &options.duration, N_ ("Stop after so many seconds"), "S" },
    { NULL },
  };

  if (fyr_sim_parse (_ ("Load for measuring a server: prints rate and answer times in JSON."), entries,
                     &options, &argc, &argv))
    status = load_with (&options, connections, bundle);
  fyr_sim_options_clear (&options);
  return status;
}
