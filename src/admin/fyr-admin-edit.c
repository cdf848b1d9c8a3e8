/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-edit.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-uuid.h"

gboolean
fyr_admin_unknown_verb (const char *verb, GError **error)
{
  if (verb == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("Say what to do: the words stand in the help"));
  } else {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("“%s” is nothing that can be done here: the words stand in the help"), verb);
  }
  return FALSE;
}

int
fyr_admin_run_edit (const char *command,
                    const char *arguments,
                    const char *summary,
                    const GOptionEntry *entries,
                    int argc,
                    char **argv,
                    FyrAdminEditFunc func)
{
  const char *data;
  g_autoptr (FyrAdminTarget) target = NULL;
  GError *error = NULL;

  if (!fyr_admin_parse (command, arguments, summary, entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  if (argc > 3) {
    g_set_error (&error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Too many words: put names in quotes"));
    return fyr_admin_fail (command, error);
  }
  target = fyr_admin_target_open (data, &error);
  if (target == NULL || !func (target, argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL, &error)) {
    return fyr_admin_fail (command, error);
  }
  return FYR_ADMIN_OK;
}

FyrRecord *
fyr_admin_begin_edit (FyrAdminTarget *target,
                      const FyrRecordInfo *info,
                      guint name_field,
                      const char *verb,
                      const char *name,
                      GError **error)
{
  g_autoptr (FyrRecord) found = NULL;
  char id[FYR_UUID_TEXT_SIZE];

  if (g_strcmp0 (verb, "add") != 0 && g_strcmp0 (verb, "change") != 0) {
    fyr_admin_unknown_verb (verb, error);
    return NULL;
  }
  if (name == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Say the name of the %s after the verb"),
                 fyr_admin_kind_name (info));
    return NULL;
  }
  if (strcmp (verb, "change") == 0) {
    return fyr_admin_target_find (target, info, name_field, name, error);
  }
  found = fyr_admin_target_find (target, info, name_field, name, NULL);
  if (found != NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_AMBIGUOUS,
                 _ ("There is a %s called “%s” already: “change” changes it"), fyr_admin_kind_name (info),
                 name);
    return NULL;
  }
  found = fyr_record_new (info);
  fyr_uuid_v7_new (fyr_admin_now (), id);
  fyr_record_set_id (found, id);
  fyr_record_set_string (found, name_field, name);
  return g_steal_pointer (&found);
}

gboolean
fyr_admin_end_edit (FyrAdminTarget *target, FyrRecord *record, GError **error)
{
  if (!fyr_record_validate (record, NULL, error) || !fyr_admin_target_put_one (target, record, error)) {
    return FALSE;
  }
  g_print ("%s\n", fyr_record_get_id (record));
  return TRUE;
}

static char *
join_codes (const FyrEnumInfo *info)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i <= info->n_codes; i++) {
    g_string_append_printf (text, i > 1 ? ", %s" : "%s", info->codes[i]);
  }
  return g_string_free (text, FALSE);
}

gboolean
fyr_admin_set_enum (gpointer record, guint field, const char *code, GError **error)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  guint value;
  g_autofree char *codes = NULL;

  if (code == NULL) {
    return TRUE;
  }
  value = fyr_enum_from_code (info->enum_info, code);
  if (value != 0) {
    fyr_record_set_int (record, field, value);
    return TRUE;
  }
  codes = join_codes (info->enum_info);
  g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("“%s” is none of: %s. Write one of them"),
               code, codes);
  return FALSE;
}

gboolean
fyr_admin_set_reference (FyrAdminTarget *target,
                         gpointer record,
                         guint field,
                         const FyrRecordInfo *info,
                         guint name_field,
                         const char *word,
                         GError **error)
{
  g_autoptr (FyrRecord) found = NULL;

  if (word == NULL) {
    return TRUE;
  }
  found = fyr_admin_target_find (target, info, name_field, word, error);
  if (found == NULL) {
    return FALSE;
  }
  fyr_record_set_string (record, field, fyr_record_get_id (found));
  return TRUE;
}
