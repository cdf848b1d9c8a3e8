/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-organization-form.h"

#include <glib/gi18n.h>

#include "fyr-field-words.h"
#include "fyr-format.h"
#include "fyr-organization-number.h"
#include "fyr-uuid.h"

static FyrFinding
check_number (const char *number, const char **message)
{
  switch (fyr_organization_number_check (number)) {
  case FYR_REGISTER_NUMBER_OK:
  case FYR_REGISTER_NUMBER_EMPTY:
  case FYR_REGISTER_NUMBER_TEST:
    return FYR_FINDING_NONE;
  case FYR_REGISTER_NUMBER_CHECK_DIGIT:
    *message = N_ ("Check it: the last digit does not fit the others");
    return FYR_FINDING_WARNING;
  case FYR_REGISTER_NUMBER_NOT_DIGITS:
  case FYR_REGISTER_NUMBER_LENGTH:
  default:
    *message = N_ ("An organisation number has nine digits");
    return FYR_FINDING_ERROR;
  }
}

static FyrFinding
check (FyrRecord *record, guint field, gpointer data, const char **message)
{
  if (field == FYR_ORGANIZATION_ORGANIZATION_NUMBER)
    return check_number (fyr_organization_get_organization_number (FYR_ORGANIZATION (record)), message);
  return FYR_FINDING_NONE;
}

/* As it is written on paper, in threes, and kept without the spaces. */
static guint64
take (FyrRecord *record, guint field, const char *text, gpointer data)
{
  g_autofree char *digits = NULL;

  if (field != FYR_ORGANIZATION_ORGANIZATION_NUMBER)
    return 0;
  digits = g_strdup (text);
  for (char *from = digits, *to = digits;; from++) {
    if (*from != ' ')
      *to++ = *from;
    if (*from == '\0')
      break;
  }
  fyr_organization_set_organization_number (FYR_ORGANIZATION (record), *digits ? digits : NULL);
  return G_GUINT64_CONSTANT (1) << field;
}

static const FyrSectionSpec *
section (void)
{
  static FyrFieldSpec fields[] = {
    { .field = FYR_ORGANIZATION_NAME, .control = FYR_CONTROL_TEXT, .label = N_ ("Name"), .wide = TRUE },
    { .field = FYR_ORGANIZATION_ORGANIZATION_NUMBER,
      .control = FYR_CONTROL_TEXT,
      .label = N_ ("Organisation number"),
      .hint = N_ ("Nine digits") },
    { .field = FYR_ORGANIZATION_ORGANIZATION_KIND,
      .control = FYR_CONTROL_WORDS,
      .label = N_ ("Kind of organisation") },
    { .field = FYR_ORGANIZATION_PARENT_ID,
      .control = FYR_CONTROL_RECORD,
      .label = N_ ("Belongs to"),
      .hint = N_ ("The municipality of a city district, the trust of a hospital"),
      .wide = TRUE },
  };
  static const FyrSectionSpec one = { NULL, fields, G_N_ELEMENTS (fields) };

  fields[2].words = fyr_field_word_choices (&fyr_organization_kind_info, &fields[2].n_words);
  return &one;
}

static FyrRecord *
find (GPtrArray *all, const char *id)
{
  for (guint i = 0; id && i < all->len; i++)
    if (g_str_equal (fyr_record_get_id (g_ptr_array_index (all, i)), id))
      return g_ptr_array_index (all, i);
  return NULL;
}

/* Walks up no further than there are organisations: a circle in what came from elsewhere ends too. */
static gboolean
is_below (FyrRecord *organization, const char *id, GPtrArray *all)
{
  for (guint i = 0; organization && i <= all->len; i++) {
    if (g_str_equal (fyr_record_get_id (organization), id))
      return TRUE;
    organization = find (all, fyr_organization_get_parent_id (FYR_ORGANIZATION (organization)));
  }
  return FALSE;
}

GPtrArray *
fyr_organization_form_parents (const char *id, GPtrArray *all)
{
  GPtrArray *parents = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    if (!is_below (g_ptr_array_index (all, i), id, all))
      g_ptr_array_add (parents, g_object_ref (g_ptr_array_index (all, i)));
  return parents;
}

static FyrRecord *
new_organization (void)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrRecord *record = FYR_RECORD (fyr_organization_new ());

  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (record, id);
  return record;
}

GtkWidget *
fyr_organization_form_new (GtkWindow *parent,
                           FyrAppContext *context,
                           FyrOrganization *organization,
                           GPtrArray *all)
{
  static const FyrRecordFieldsRules rules = { .check = check, .take = take };
  g_autoptr (FyrRecord) record =
      organization ? fyr_record_copy (FYR_RECORD (organization)) : new_organization ();
  g_autoptr (GPtrArray) parents = fyr_organization_form_parents (fyr_record_get_id (record), all);
  GtkWidget *fields = fyr_record_fields_new (record, section (), 1, &rules, NULL, NULL);

  fyr_record_fields_set_choices (FYR_RECORD_FIELDS (fields), FYR_ORGANIZATION_PARENT_ID, parents);
  return fyr_record_form_new (parent, context,
                              organization ? _ ("Edit organisation") : _ ("New organisation"), record,
                              organization != NULL, FYR_RECORD_FIELDS (fields), _ ("Organisation saved"));
}
