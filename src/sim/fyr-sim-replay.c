/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-fhir-time.h"
#include "fyr-oslo-time.h"
#include "fyr-sim-message.h"
#include "fyr-sim.h"

#define CONNECTIONS 2
#define MOST_AHEAD 64

typedef struct {
  FyrUciLog *log;
  const FyrSimTarget *target;
  FyrSimSender *sender;
  char *name;
  int shift;
  gint64 first;
  gint64 real_start;
  double speed;
  guint at;
} Replay;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const FyrUciEntry *left = a;
  const FyrUciEntry *right = b;

  if (left->day != right->day)
    return left->day < right->day ? -1 : 1;
  if (left->minute != right->minute)
    return left->minute < right->minute ? -1 : 1;
  return left->line < right->line ? -1 : 1;
}

static const FyrUciEntry *
entry_at (Replay *self, guint index)
{
  return &g_array_index (self->log->entries, FyrUciEntry, index);
}

/* The log's own time of day on another date. */
static gint64
time_of (Replay *self, const FyrUciEntry *entry)
{
  return fyr_oslo_from_civil (entry->day + self->shift, entry->minute);
}

/* Runs from the first row, `speed` times as fast, and never ahead of the clock on the wall. */
static gint64
clock_of (Replay *self)
{
  gint64 now = g_get_real_time () / 1000;

  return MIN (self->first + (gint64)((double)(now - self->real_start) * self->speed), now);
}

static gint64
send_due (gpointer data)
{
  Replay *self = data;
  FyrSimCounts counts;

  fyr_sim_sender_get_counts (self->sender, &counts);
  while (self->at < self->log->entries->len && counts.waiting++ < MOST_AHEAD &&
         time_of (self, entry_at (self, self->at)) <= clock_of (self)) {
    const FyrUciEntry *entry = entry_at (self, self->at++);

    fyr_sim_sender_post (self->sender, "/fhir/Observation",
                         fyr_sim_message_from_entry (self->target, entry, self->name, time_of (self, entry)));
  }
  return self->at < self->log->entries->len ? 20 : -1;
}

static int
print_entries (Replay *self)
{
  for (guint i = 0; i < self->log->entries->len; i++) {
    const FyrUciEntry *entry = entry_at (self, i);
    gint64 time = time_of (self, entry);
    g_autofree char *text = fyr_fhir_time_format (time, fyr_oslo_offset_minutes (time));

    g_print ("%s\t%u\t%s\t%s\t%s\n", text, entry->line,
             fyr_enum_to_code (&fyr_measurement_kind_info, entry->kind), entry->reported,
             entry->note != NULL ? _ (entry->note) : "");
  }
  return 0;
}

static void
tell_problems (Replay *self)
{
  for (guint i = 0; i < self->log->problems->len; i++) {
    const FyrUciProblem *problem = &g_array_index (self->log->problems, FyrUciProblem, i);

    g_printerr (_ ("Line %u is left out: %s\n"), problem->line, _ (problem->reason));
  }
  g_printerr (_ ("%u rows to send, %u left out\n"), self->log->entries->len, self->log->problems->len);
}

static gboolean
load_log (Replay *self, const char *file, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (file, &text, &length, error))
    return FALSE;
  self->log = fyr_uci_log_parse (text, length);
  self->name = g_path_get_basename (file);
  g_array_sort (self->log->entries, compare_entries);
  if (self->log->entries->len > 0)
    return TRUE;
  g_set_error_literal (error, FYR_SIM_ERROR, FYR_SIM_ERROR_LOG, _ ("The log has no row that can be read"));
  return FALSE;
}

/* Without --start the last day of the log becomes yesterday. */
static gboolean
set_start (Replay *self, const char *start)
{
  FyrCivilTime today;
  int day;

  fyr_oslo_to_civil (g_get_real_time () / 1000, &today);
  self->shift = today.day - 1 - entry_at (self, self->log->entries->len - 1)->day;
  if (start != NULL && !fyr_civil_day_parse (start, &day))
    return FALSE;
  if (start != NULL)
    self->shift = day - entry_at (self, 0)->day;
  self->first = time_of (self, entry_at (self, 0));
  return TRUE;
}

static int
replay (Replay *self, FyrSimOptions *options)
{
  g_autoptr (FyrSimSender) sender = fyr_sim_sender_new (options->url, options->token, CONNECTIONS);

  if (sender == NULL)
    return fyr_sim_fail (2, _ ("--url is no http address"));
  self->sender = sender;
  self->speed = options->speed;
  self->real_start = g_get_real_time () / 1000;
  return fyr_sim_loop (sender, options->duration, send_due, self);
}

static int
replay_with (FyrSimOptions *options, Replay *self, const char *file, const char *start)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = NULL;

  if (file == NULL)
    return fyr_sim_fail (2, _ ("--file is needed"));
  if (options->speed <= 0)
    return fyr_sim_fail (2, _ ("--speed must be above 0"));
  if (!load_log (self, file, &error))
    return fyr_sim_fail (1, error->message);
  if (!set_start (self, start))
    return fyr_sim_fail (2, _ ("--start must be a date such as 2026-01-31"));
  tell_problems (self);
  if (options->print)
    return print_entries (self);
  targets = fyr_sim_targets_load (options->patients, (const char *const *)options->patient, 0, &error);
  if (targets == NULL)
    return fyr_sim_fail (2, error->message);
  self->target = targets->pdata[0];
  return replay (self, options);
}

int
fyr_sim_replay (int argc, char **argv)
{
  FyrSimOptions options = { .speed = 1 };
  Replay self = { 0 };
  g_autofree char *file = NULL;
  g_autofree char *start = NULL;
  int status = 2;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("The log, as in the UCI diabetes data set"), "FILE" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &start, N_ ("The date its first day becomes"), "DATE" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &options.speed, N_ ("How many times faster than the clock"), "X" },
    { "duration", 0, 0, G_OPTION_ARG_INT, &options.duration, N_ ("Stop after so many seconds"), "S" },
    { "print", 0, 0, G_OPTION_ARG_NONE, &options.print, N_ ("Print the planned reports, send nothing"),
      NULL },
    { NULL },
  };

  if (fyr_sim_parse (_ ("A real glucose log is sent as it would have come."), entries, &options, &argc,
                     &argv))
    status = replay_with (&options, &self, file, start);
  g_clear_pointer (&self.log, fyr_uci_log_free);
  g_free (self.name);
  fyr_sim_options_clear (&options);
  return status;
}
