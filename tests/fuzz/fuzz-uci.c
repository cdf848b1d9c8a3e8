/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home glucose logs: every line is an entry or a problem, once, and a sensor word is never a number. */
#include "fyr-fuzz.h"

#include <math.h>

#include "fyr-uci-log.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (FyrUciLog) log = fyr_uci_log_parse (size > 0 ? (const char *)data : "", size);
  guint last = 0;
  for (guint i = 0; i < log->entries->len; i++) {
    const FyrUciEntry *entry = &g_array_index (log->entries, FyrUciEntry, i);
    g_assert_cmpuint (entry->line, >, last);
    last = entry->line;
    g_assert_true (!entry->has_value || isfinite (entry->value));
    g_assert_cmpint (entry->minute, >=, 0);
    g_assert_cmpint (entry->minute, <, 24 * 60);
  }
  last = 0;
  for (guint i = 0; i < log->problems->len; i++) {
    const FyrUciProblem *problem = &g_array_index (log->problems, FyrUciProblem, i);
    g_assert_cmpuint (problem->line, >, last);
    last = problem->line;
    g_assert_nonnull (problem->reason);
  }
  return 0;
}
