/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gboolean enabled = TRUE;

void
fyr_log_set_enabled (gboolean on)
{
  enabled = on;
}

static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p++) {
    if (!g_ascii_isalnum (*p) && strchr ("-_.:/+", *p) == NULL) {
      return FALSE;
    }
  }
  return *text != '\0';
}

void
fyr_log (const char *event, ...)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL;
  g_autoptr (GString) line = NULL;
  const char *name;
  va_list list;

  if (!enabled) {
    return;
  }
  now = g_date_time_new_now_utc ();
  time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  line = g_string_new (time);
  g_string_append_printf (line, " %s", event);
  va_start (list, event);
  while ((name = va_arg (list, const char *)) != NULL) {
    const char *value = va_arg (list, const char *);
    g_string_append_printf (line, " %s=%s", name, value != NULL && is_plain (value) ? value : "?");
  }
  va_end (list);
  g_string_append_c (line, '\n');
  /* One call, so that lines of several threads do not mix. */
  if (write (STDERR_FILENO, line->str, line->len) < 0) {
    return;
  }
}
