/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-fhir-time.h"
#include "fyr-oslo-time.h"
#include "fyr-sim-crowd.h"
#include "fyr-sim-message.h"
#include "fyr-sim-newcomers.h"
#include "fyr-sim.h"

#define CONNECTIONS 8
/* With --lively the real time between two reports is within these: neither silence nor the flood of 8 o'clock. */
#define SHORTEST_MS 5000
#define LONGEST_MS 10000
#define PRINT_DAYS 1
#define LOOK_SECONDS 1

typedef struct {
  GPtrArray *targets;
  FyrSimCrowd *crowd;
  FyrSimSender *sender;
  FyrSimNewcomers *newcomers; /* (nullable) */
  FyrSimFlags flags;
  gint64 planned_start;
  gint64 real_start;
  gint64 skipped;
  double speed;
  gboolean lively;
  gboolean follow;
  char run[24];
} Run;

static gint64
real_now (void)
{
  return g_get_real_time () / 1000;
}

/* The clock of the plan: it runs `speed` times as fast, from where the simulation began. */
static gint64
planned_now (Run *self)
{
  return self->planned_start + (gint64)((double)(real_now () - self->real_start) * self->speed) +
         self->skipped;
}

static gboolean
is_real_time (Run *self)
{
  return self->speed == 1 && !self->lively;
}

/* Faster than the clock on the wall, a report is stamped with the time it is sent; only its lateness stays. */
static void
stamp (Run *self, FyrSimReport *report)
{
  if (!is_real_time (self))
    report->taken = real_now () - (report->sent - report->taken);
}

static void
post (Run *self, const FyrSimTarget *target, const FyrSimReport *report, const char *run)
{
  fyr_sim_sender_post (self->sender, "/fhir/Observation", fyr_sim_message_from_report (target, report, run));
}

static void
send_next (Run *self)
{
  FyrSimReport report;
  guint person = fyr_sim_crowd_next (self->crowd, &report);

  stamp (self, &report);
  post (self, self->targets->pdata[person], &report, is_real_time (self) ? NULL : self->run);
}

static gboolean
follow (gpointer data)
{
  Run *self = data;
  gint64 now = real_now ();
  FyrSimReport reports[FYR_SIM_MAX_ROUND];
  const FyrSimTarget *target = NULL;
  FyrSimTarget *settled;
  guint n;

  fyr_sim_newcomers_look (self->newcomers, now);
  while ((n = fyr_sim_newcomers_next (self->newcomers, now, &target, reports)) > 0) {
    for (guint i = 0; i < n; i++)
      post (self, target, &reports[i], self->run);
  }
  while ((settled = fyr_sim_newcomers_settle (self->newcomers)) != NULL) {
    g_ptr_array_add (self->targets, settled);
    fyr_sim_crowd_add (self->crowd, settled, planned_now (self), self->flags);
  }
  return G_SOURCE_CONTINUE;
}

static gint64
until_next (Run *self)
{
  return (gint64)((double)(fyr_sim_crowd_peek (self->crowd) - planned_now (self)) / self->speed);
}

static gint64
send_due (gpointer data)
{
  Run *self = data;
  gint64 wait, evened;

  while (fyr_sim_crowd_peek (self->crowd) <= planned_now (self)) {
    send_next (self);
    if (self->lively)
      break;
  }
  wait = until_next (self);
  if (self->lively) {
    evened = CLAMP (wait, SHORTEST_MS, LONGEST_MS);
    self->skipped += (gint64)((double)(wait - evened) * self->speed);
    wait = evened;
  }
  return MAX (wait, 1);
}

static void
print_report (guint person, const FyrSimReport *report)
{
  static const char *const faults[] = { "", "sensor word", "implausible", "wrong unit", "duplicate", "late" };
  g_autofree char *taken = fyr_fhir_time_format (report->taken, fyr_oslo_offset_minutes (report->taken));
  g_autofree char *sent = fyr_fhir_time_format (report->sent, fyr_oslo_offset_minutes (report->sent));
  g_autofree char *value = report->has_value2 ? g_strdup_printf ("%g/%g", report->value, report->value2)
                                              : g_strdup_printf ("%g", report->value);

  g_print ("%s\t%u\t%s\t%s\t%s\t%s\t%s\t%s\n", sent, person + 1, taken,
           fyr_enum_to_code (&fyr_measurement_kind_info, report->kind),
           report->has_value ? value : report->word, report->unit, faults[report->fault], report->identifier);
}

static int
print_plan (FyrSimCrowd *crowd, gint64 start, int days)
{
  gint64 end = start + days * FYR_DAY_MS;
  FyrSimReport report;

  while (fyr_sim_crowd_peek (crowd) < end) {
    guint person = fyr_sim_crowd_next (crowd, &report);
    print_report (person, &report);
  }
  return 0;
}

static gboolean
read_start (const char *text, gint64 *start)
{
  FyrFhirTime time;

  *start = real_now ();
  if (text == NULL)
    return TRUE;
  if (!fyr_fhir_time_parse (text, &time))
    return FALSE;
  *start = time.date_only ? fyr_oslo_day_start (time.time, 0) : time.time;
  return TRUE;
}

static int
simulate (Run *self, FyrSimOptions *options)
{
  g_autoptr (FyrSimCrowd) crowd = fyr_sim_crowd_new (self->targets, self->planned_start, self->flags);
  g_autoptr (FyrSimNewcomers) newcomers =
      self->follow ? fyr_sim_newcomers_new (options->patients, self->targets, (guint32)options->seed) : NULL;
  g_autoptr (FyrSimSender) sender = fyr_sim_sender_new (options->url, options->token, CONNECTIONS);
  guint timer;
  int status;

  if (sender == NULL)
    return fyr_sim_fail (2, _ ("--url is no http address"));
  self->crowd = crowd;
  self->sender = sender;
  self->real_start = real_now ();
  g_snprintf (self->run, sizeof self->run, "%" G_GINT64_FORMAT "-", self->real_start / 1000);
  self->newcomers = newcomers;
  timer = newcomers != NULL ? g_timeout_add_seconds (LOOK_SECONDS, follow, self) : 0;
  status = fyr_sim_loop (sender, options->duration, send_due, self);
  g_clear_handle_id (&timer, g_source_remove);
  return status;
}

static int
run_with (FyrSimOptions *options, Run *self, const char *start, int days)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = NULL;

  if (options->speed <= 0 || options->speed > 100000)
    return fyr_sim_fail (2, _ ("--speed must be above 0 and at most 100000"));
  if (!read_start (start, &self->planned_start))
    return fyr_sim_fail (2, _ ("--start must be a date or a time such as 2026-01-31T07:30"));
  if (self->follow && options->patients == NULL)
    return fyr_sim_fail (2, _ ("--follow needs --patients: it is that list it looks at"));
  if (options->seed < 0)
    options->seed = g_random_int ();
  g_printerr (_ ("Seed %u\n"), (guint32)options->seed);
  targets = fyr_sim_targets_load (options->patients, (const char *const *)options->patient,
                                  (guint32)options->seed, &error);
  if (targets == NULL)
    return fyr_sim_fail (2, error->message);
  self->targets = targets;
  self->speed = options->speed;
  if (options->print) {
    g_autoptr (FyrSimCrowd) crowd = fyr_sim_crowd_new (targets, self->planned_start, self->flags);
    return print_plan (crowd, self->planned_start, days);
  }
  return simulate (self, options);
}

int
fyr_sim_run (int argc, char **argv)
{
  FyrSimOptions options = { .seed = 1, .speed = 1 };
  Run self = { 0 };
  g_autofree char *start = NULL;
  gboolean no_faults = FALSE;
  int days = PRINT_DAYS;
  int status = 2;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, N_ ("The same seed gives the same reports; -1: any"),
      "N" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &options.speed, N_ ("How many times faster than the clock"), "X" },
    { "lively", 0, 0, G_OPTION_ARG_NONE, &self.lively, N_ ("A report every few seconds, by night as by day"),
      NULL },
    { "follow", 0, 0, G_OPTION_ARG_NONE, &self.follow,
      N_ ("Who is added to the list meanwhile reports at once, well and ill in turn"), NULL },
    { "duration", 0, 0, G_OPTION_ARG_INT, &options.duration, N_ ("Stop after so many seconds"), "S" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &start, N_ ("Where in the plan to begin; now when not given"),
      "TIME" },
    { "no-faults", 0, 0, G_OPTION_ARG_NONE, &no_faults, N_ ("No device faults, duplicates and late reports"),
      NULL },
    { "print", 0, 0, G_OPTION_ARG_NONE, &options.print, N_ ("Print the planned reports, send nothing"),
      NULL },
    { "days", 0, 0, G_OPTION_ARG_INT, &days, N_ ("With --print: how many days"), "N" },
    { NULL },
  };

  if (fyr_sim_parse (_ ("Simulated patients report what they measure, as their app would."), entries,
                     &options, &argc, &argv)) {
    self.flags = no_faults ? FYR_SIM_PLAIN : FYR_SIM_FAULTS;
    status = run_with (&options, &self, start, days);
  }
  fyr_sim_options_clear (&options);
  return status;
}
