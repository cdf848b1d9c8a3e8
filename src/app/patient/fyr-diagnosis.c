/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-diagnosis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Chapters of ICPC-2; those of ICD-10 that it lacks are C, E, G, I, J, M, O, Q, V. */
#define ICPC_CHAPTERS "ABDFHKLNPRSTUWXYZ"

static const char *const common_codes[] = {
  "",    "R95", "K77", "T90", "T89", "K86", "K87", "K78", "K76", "K90",
  "R96", "R84", "X76", "D75", "Y77", "N87", "P70", "P76", "P72", "T05",
};

static const char *const common_words[] = {
  N_ ("Choose from the most common"),
  N_ ("R95 COPD"),
  N_ ("K77 Heart failure"),
  N_ ("T90 Diabetes type 2"),
  N_ ("T89 Diabetes type 1"),
  N_ ("K86 Hypertension, uncomplicated"),
  N_ ("K87 Hypertension with complications"),
  N_ ("K78 Atrial fibrillation or flutter"),
  N_ ("K76 Ischaemic heart disease"),
  N_ ("K90 Stroke"),
  N_ ("R96 Asthma"),
  N_ ("R84 Lung cancer"),
  N_ ("X76 Breast cancer"),
  N_ ("D75 Colorectal cancer"),
  N_ ("Y77 Prostate cancer"),
  N_ ("N87 Parkinson's disease"),
  N_ ("P70 Dementia"),
  N_ ("P76 Depression"),
  N_ ("P72 Schizophrenia"),
  N_ ("T05 Feeding problem"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (common_codes) == G_N_ELEMENTS (common_words));

guint
fyr_diagnosis_get_common (const char *const **codes, const char *const **words)
{
  *codes = common_codes;
  *words = common_words;
  return G_N_ELEMENTS (common_codes);
}

const char *
fyr_diagnosis_get_words (const char *code)
{
  for (guint i = 1; code != NULL && i < G_N_ELEMENTS (common_codes); i++) {
    if (g_str_equal (common_codes[i], code)) {
      const char *space = strchr (_ (common_words[i]), ' ');
      return space != NULL ? space + 1 : _ (common_words[i]);
    }
  }
  return NULL;
}

/* Words that came from the list may be replaced by those of another code; a nurse's own may not. */
static gboolean
is_from_list (const char *display)
{
  for (guint i = 1; display != NULL && i < G_N_ELEMENTS (common_codes); i++) {
    if (g_str_equal (fyr_diagnosis_get_words (common_codes[i]), display))
      return TRUE;
  }
  return FALSE;
}

/* A letter, two digits, and for ICD-10 one or two more after a point. */
static const char *
system_of (const char *code)
{
  if (code == NULL || !g_ascii_isupper (code[0]) || !g_ascii_isdigit (code[1]) || !g_ascii_isdigit (code[2]))
    return NULL;
  const char *rest = code + 3;
  if (*rest == '\0')
    return strchr (ICPC_CHAPTERS, code[0]) != NULL ? FYR_ICPC_2 : FYR_ICD_10;
  gsize digits = *rest == '.' ? strspn (rest + 1, "0123456789") : 0;
  return digits >= 1 && digits <= 2 && rest[1 + digits] == '\0' ? FYR_ICD_10 : NULL;
}

void
fyr_diagnosis_take_code (FyrCondition *condition, const char *text)
{
  g_autofree char *typed = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autofree char *code = g_ascii_strup (typed, -1);
  const char *display = fyr_condition_get_display (condition);
  const gboolean own_words = display != NULL && !is_from_list (display);
  fyr_condition_set_code (condition, code);
  fyr_condition_set_code_system (condition, system_of (code));
  if (!own_words && fyr_diagnosis_get_words (code) != NULL)
    fyr_condition_set_display (condition, fyr_diagnosis_get_words (code));
}

FyrFinding
fyr_diagnosis_check_code (FyrCondition *condition, const char **message)
{
  const char *code = fyr_condition_get_code (condition);
  *message = NULL;
  if (code == NULL || system_of (code) != NULL)
    return FYR_FINDING_NONE;
  *message = N_ ("Enter an ICPC-2 code such as R95, or an ICD-10 code such as J44.1");
  return FYR_FINDING_ERROR;
}
