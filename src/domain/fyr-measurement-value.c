/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as text: numbers, and the words devices send when they have none. */
#include "fyr-measurement-kind.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_VALUE_CHARS 24

static const struct {
  const char *word; /* lower case */
  FyrAbsentReason reason;
} sensor_words[] = {
  { "-", FYR_ABSENT_NOT_MEASURED },
  { "--", FYR_ABSENT_NOT_MEASURED },
  { "---", FYR_ABSENT_NOT_MEASURED },
  { "----", FYR_ABSENT_NOT_MEASURED },
  { "–", FYR_ABSENT_NOT_MEASURED },
  { "—", FYR_ABSENT_NOT_MEASURED },
  { "hi", FYR_ABSENT_ABOVE_RANGE },
  { "high", FYR_ABSENT_ABOVE_RANGE },
  { "over", FYR_ABSENT_ABOVE_RANGE },
  { "lo", FYR_ABSENT_BELOW_RANGE },
  { "low", FYR_ABSENT_BELOW_RANGE },
  { "under", FYR_ABSENT_BELOW_RANGE },
  { "nan", FYR_ABSENT_NOT_A_NUMBER },
  { "inf", FYR_ABSENT_NOT_A_NUMBER },
  { "+inf", FYR_ABSENT_NOT_A_NUMBER },
  { "-inf", FYR_ABSENT_NOT_A_NUMBER },
  { "infinity", FYR_ABSENT_NOT_A_NUMBER },
  { "-infinity", FYR_ABSENT_NOT_A_NUMBER },
  { "not computable", FYR_ABSENT_NOT_COMPUTABLE },
  { "not-computable", FYR_ABSENT_NOT_COMPUTABLE },
  { "n/a", FYR_ABSENT_UNKNOWN },
  { "na", FYR_ABSENT_UNKNOWN },
  { "null", FYR_ABSENT_UNKNOWN },
  { "unknown", FYR_ABSENT_UNKNOWN },
  { "err", FYR_ABSENT_ERROR },
  { "error", FYR_ABSENT_ERROR },
  { "feil", FYR_ABSENT_ERROR },
};

/* `E-4`, `E4`, `Er 3`, `Err12`: what blood-pressure monitors and meters show. */
static gboolean
is_error_code (const char *word)
{
  const char *p = word;

  if (*p++ != 'e') {
    return FALSE;
  }
  while (*p == 'r') {
    p++;
  }
  while (*p == '-' || *p == ' ') {
    p++;
  }
  if (!g_ascii_isdigit (*p)) {
    return FALSE;
  }
  return strspn (p, "0123456789") == strlen (p) && strlen (p) <= 3;
}

static gboolean
find_sensor_word (const char *word, FyrAbsentReason *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (sensor_words); i++) {
    if (g_str_equal (sensor_words[i].word, word)) {
      *reason = sensor_words[i].reason;
      return TRUE;
    }
  }
  *reason = FYR_ABSENT_ERROR;
  return is_error_code (word);
}

/* Digits, at most one mark with digits on both sides. Turns the mark into a point. */
static gboolean
is_plain_number (char *text)
{
  char *p = text;
  gsize digits;

  if (*p == '+' || *p == '-') {
    p++;
  }
  digits = strspn (p, "0123456789");
  p += digits;
  if (digits == 0) {
    return FALSE;
  }
  if (*p == ',' || *p == '.') {
    *p++ = '.';
    digits = strspn (p, "0123456789");
    p += digits;
    if (digits == 0) {
      return FALSE;
    }
  }
  return *p == '\0';
}

FyrValueParse
fyr_measurement_parse_value (const char *text, double *value, FyrAbsentReason *reason)
{
  g_autofree char *word = NULL;
  FyrAbsentReason found = FYR_ABSENT_NONE;
  FyrValueParse result;

  *value = 0;
  if (text != NULL && strnlen (text, MAX_VALUE_CHARS * 4 + 1) > MAX_VALUE_CHARS * 4) {
    word = g_strdup ("?");
  } else {
    word = g_ascii_strdown (text == NULL ? "" : text, -1);
    g_strstrip (word);
  }
  if (*word == '\0') {
    result = FYR_VALUE_EMPTY;
  } else if (find_sensor_word (word, &found)) {
    result = FYR_VALUE_SENSOR_WORD;
  } else if (strlen (word) <= MAX_VALUE_CHARS && is_plain_number (word)) {
    *value = g_ascii_strtod (word, NULL);
    result = FYR_VALUE_NUMBER;
  } else {
    result = FYR_VALUE_INVALID;
  }
  if (reason != NULL) {
    *reason = result == FYR_VALUE_SENSOR_WORD ? found : FYR_ABSENT_NONE;
  }
  return result;
}

static const struct {
  const char *code;
  const char *name;
} reasons[] = {
  [FYR_ABSENT_NONE] = { "", NULL },
  [FYR_ABSENT_UNKNOWN] = { "unknown", N_ ("No value, reason not given") },
  [FYR_ABSENT_NOT_MEASURED] = { "not-performed", N_ ("The device measured nothing") },
  [FYR_ABSENT_ABOVE_RANGE] = { "positive-infinity",
                               N_ ("above what the device can measure: may be very high") },
  [FYR_ABSENT_BELOW_RANGE] = { "negative-infinity",
                               N_ ("below what the device can measure: may be very low") },
  [FYR_ABSENT_NOT_A_NUMBER] = { "not-a-number", N_ ("The device sent no number") },
  [FYR_ABSENT_NOT_COMPUTABLE] = { "not-applicable", N_ ("The device could not compute a value") },
  [FYR_ABSENT_ERROR] = { "error", N_ ("The device reported an error") },
};

const char *
fyr_absent_reason_to_code (FyrAbsentReason reason)
{
  return (guint)reason < G_N_ELEMENTS (reasons) ? reasons[reason].code : "unknown";
}

FyrAbsentReason
fyr_absent_reason_from_code (const char *code)
{
  if (code == NULL) {
    return FYR_ABSENT_NONE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
    if (g_str_equal (reasons[i].code, code)) {
      return (FyrAbsentReason)i;
    }
  }
  return FYR_ABSENT_UNKNOWN;
}

const char *
fyr_absent_reason_get_name (FyrAbsentReason reason)
{
  return (guint)reason < G_N_ELEMENTS (reasons) ? reasons[reason].name : NULL;
}
