/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fyr-simulate: runs histories by their seeds, and says which broke a promise.
 */
#include <stdlib.h>

#include "fyr-log.h"
#include "fyr-sim-link.h"
#include "fyr-sim-vfs.h"
#include "fyr-sim-world.h"
#include "fyr-store-private.h"

static gint64 seed_given = -1;
static gint64 first = 1;
static int count = 100;
static double seconds;
static gboolean keep_going;
static char *defect_name;
static char *profile_name;
static char *every_call;
static int stride = 1;

static const GOptionEntry entries[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed_given, "Run this history alone and print its hash", "N" },
  { "from", 0, 0, G_OPTION_ARG_INT64, &first, "First seed", "N" },
  { "count", 0, 0, G_OPTION_ARG_INT, &count, "So many seeds", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "Stop after this time", "S" },
  { "keep-going", 0, 0, G_OPTION_ARG_NONE, &keep_going, "Do not stop at the first broken promise", NULL },
  { "defect", 0, 0, G_OPTION_ARG_STRING, &defect_name, "Break the product on purpose", "NAME" },
  { "profile", 0, 0, G_OPTION_ARG_STRING, &profile_name, "Only the faults of a row: kill, power, disk, …",
    "NAME" },
  { "every-call", 0, 0, G_OPTION_ARG_STRING, &every_call,
    "One history a call that changes a disk, struck there: client-kill, client-disk, server-kill, "
    "server-disk; or a call that reads one: client-read, server-read",
    "HOW" },
  { "stride", 0, 0, G_OPTION_ARG_INT, &stride, "With --every-call: only each so many", "N" },
  { NULL },
};

static FyrSimDefect
find_defect (void)
{
  for (guint i = 0; defect_name != NULL && i < FYR_SIM_N_DEFECTS; i++) {
    if (g_str_equal (fyr_sim_defect_names[i], defect_name)) {
      return (FyrSimDefect)i;
    }
  }
  return FYR_SIM_SOUND;
}

static gboolean
run_plan (guint32 seed, const FyrSimPlan *plan, FyrSimTotals *totals)
{
  g_autofree char *violation = NULL;

  fyr_sim_vfs_seed (seed);
  violation = fyr_sim_history_run (seed, plan, totals);
  if (violation != NULL) {
    g_print ("BROKEN seed %u%s%s, fault %d at call %u: %s\n", seed, plan->profile != NULL ? ", profile " : "",
             plan->profile != NULL ? plan->profile : "", (int)plan->fault, plan->countdown, violation);
  }
  return violation == NULL;
}

static gboolean
run_seed (guint32 seed, FyrSimTotals *totals)
{
  const FyrSimPlan plan = { .defect = find_defect (), .profile = profile_name };

  return run_plan (seed, &plan, totals);
}

/* Every call of one history, struck by each of the faults; the history is the same up to there. */
static guint
run_every_call (FyrSimTotals *totals)
{
  static const FyrSimFault kills[] = { FYR_SIM_FAULT_KILL, FYR_SIM_FAULT_KILL_AFTER };
  static const FyrSimFault failures[] = { FYR_SIM_FAULT_ONCE, FYR_SIM_FAULT_FOREVER, FYR_SIM_FAULT_FULL,
                                          FYR_SIM_FAULT_SYNC };
  static const FyrSimFault reads[] = { FYR_SIM_FAULT_READ_ONCE, FYR_SIM_FAULT_READ_FOREVER };
  gboolean kill = g_str_has_suffix (every_call, "-kill"), read = g_str_has_suffix (every_call, "-read");
  const FyrSimFault *struck_by = kill ? kills : read ? reads : failures;
  guint n = kill || read ? G_N_ELEMENTS (kills) : G_N_ELEMENTS (failures);
  FyrSimPlan plan = { .profile = "calm", .on_server = g_str_has_prefix (every_call, "server-") };
  guint broken = !run_plan ((guint32)first, &plan, totals);
  guint64 calls = (read ? totals->reads : totals->calls)[plan.on_server ? 1 : 0];

  for (guint64 call = 1; call <= calls && (keep_going || broken == 0); call += (guint64)MAX (stride, 1)) {
    for (guint i = 0; i < n; i++) {
      plan.fault = struck_by[i];
      plan.countdown = (guint)call;
      broken += !run_plan ((guint32)first, &plan, totals);
    }
  }
  return broken;
}

static void
report (const FyrSimTotals *totals, guint broken, gint64 begin)
{
  double time = (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC;

  g_print ("{\"histories\": %" G_GUINT64_FORMAT
           ", \"broken\": %u, \"seconds\": %.2f, \"saves\": %" G_GUINT64_FORMAT
           ", \"pushes\": %" G_GUINT64_FORMAT ", \"pulls\": %" G_GUINT64_FORMAT
           ", \"steps\": %" G_GUINT64_FORMAT ", \"alike_after\": %" G_GINT64_FORMAT ", \"faults\": {",
           totals->histories, broken, time, totals->saves, totals->pushes, totals->pulls, totals->steps,
           totals->alike_after);
  for (guint i = 0; i < FYR_SIM_N_KINDS; i++) {
    g_print ("%s\"%s\": %" G_GUINT64_FORMAT, i > 0 ? ", " : "", fyr_sim_kind_names[i], totals->counts[i]);
  }
  g_print ("}}\n");
}

static GLogWriterOutput
no_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0 || g_getenv ("FYR_SIM_VERBOSE") != NULL) {
    return g_log_writer_default (level, fields, n_fields, data);
  }
  return G_LOG_WRITER_HANDLED;
}

static int
run_all (void)
{
  FyrSimTotals totals = { 0 };
  gint64 begin = g_get_monotonic_time ();
  guint broken = 0;

  if (seed_given >= 0) {
    g_print ("seed %u\n", (guint32)seed_given);
    broken = !run_seed ((guint32)seed_given, &totals);
    g_print ("hash %016" G_GINT64_MODIFIER "x\n", totals.trace);
  } else if (every_call != NULL) {
    g_print ("seed %u, every call: %s\n", (guint32)first, every_call);
    broken = run_every_call (&totals);
  } else {
    g_print ("seeds from %u\n", (guint32)first);
    for (int i = 0; i < count && (keep_going || broken == 0); i++) {
      broken += !run_seed ((guint32)(first + i), &totals);
      if (seconds > 0 && (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC > seconds) {
        break;
      }
    }
  }
  report (&totals, broken, begin);
  return broken > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- simulate workstations, network and server");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  int status;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  if (profile_name != NULL && !fyr_sim_history_has_profile (profile_name)) {
    g_printerr ("There is no profile %s\n", profile_name);
    return 2;
  }
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE);
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_log_set_writer_func (no_log, NULL, NULL);
  fyr_log_set_enabled (FALSE);
  folder = g_dir_make_tmp ("fyrlykt-simulation-XXXXXX", &error);
  if (folder == NULL) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  fyr_sim_vfs_install ();
  fyr_sim_link_install ();
  fyr_offline_user_make_cheap ();
  fyr_sim_vfs_seed (0);
  fyr_sim_world_prepare (folder);
  status = run_all ();
  fyr_sim_world_unprepare ();
  return status;
}
