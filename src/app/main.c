/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdio.h>

#include "fyr-application.h"
#include "fyr-compat-painting.h"
#include "fyr-config.h"
#include "fyr-trace.h"

/* FYRLYKT_TRACE: a line for each thing painted and each step before, with the monotonic clock's microseconds.
 * FYRLYKT_BENCH: one line when the place that is shown first can be used. */
static void
print_step (const char *step, const char *what, const char *id, gint64 time)
{
  if (g_str_equal (what, "list") && g_str_equal (step, "painted") && g_getenv ("FYRLYKT_BENCH")) {
    printf ("usable\n");
    fflush (stdout);
  }
  if (!g_getenv ("FYRLYKT_TRACE"))
    return;
  printf ("%s %s %s %" G_GINT64_FORMAT "\n", step, what, id, time);
  fflush (stdout);
}

/* GTK takes and gives back pictures of some megabytes in every frame; fetched from the system each time, their
 * zeroed pages cost more than what is drawn on them. */
static void
keep_picture_memory (void)
{
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

int
main (int argc, char **argv)
{
  g_autoptr (FyrApplication) application = NULL;
  int status;

  keep_picture_memory ();
  fyr_compat_choose_painting ("/dev");
  if (g_getenv ("FYRLYKT_TRACE") || g_getenv ("FYRLYKT_BENCH"))
    fyr_trace_set_sink (print_step);
  application = fyr_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  if (fyr_application_is_version_asked (application))
    printf ("fyrlykt %s\n", FYR_VERSION);
  return status;
}
