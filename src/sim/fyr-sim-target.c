/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-target.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

G_DEFINE_QUARK (fyr - sim - error - quark, fyr_sim_error)

void
fyr_sim_target_free (FyrSimTarget *self)
{
  if (self == NULL)
    return;
  g_free (self->system);
  g_free (self->number);
  g_free (self);
}

static void
add_target (GPtrArray *targets, const char *system, const char *number, const char *profile, guint32 seed)
{
  FyrSimTarget *target = g_new0 (FyrSimTarget, 1);

  target->system = g_strdup (system);
  target->number = g_strdup (number);
  target->seed = fyr_sim_seed_for (seed, number);
  target->profile = fyr_sim_profile_from_code (profile);
  if (target->profile == FYR_SIM_N_PROFILES)
    target->profile = fyr_sim_profile_for (target->seed);
  g_ptr_array_add (targets, target);
}

static gboolean
add_word (GPtrArray *targets, const char *word, guint32 seed, GError **error)
{
  const char *bar = strrchr (word, '|');
  g_autofree char *system = bar != NULL ? g_strndup (word, (gsize)(bar - word)) : NULL;

  if (bar == NULL || bar == word || bar[1] == '\0') {
    g_set_error_literal (error, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS,
                         _ ("A patient is named by SYSTEM|NUMBER, for instance urn:oid:…|number"));
    return FALSE;
  }
  add_target (targets, system, bar + 1, NULL, seed);
  return TRUE;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
add_element (GPtrArray *targets, JsonNode *element, guint32 seed)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
  const char *system = object != NULL ? get_text (object, "identity_system") : NULL;
  const char *number = object != NULL ? get_text (object, "identity_number") : NULL;

  if (system == NULL || number == NULL || *system == '\0' || *number == '\0')
    return FALSE;
  add_target (targets, system, number, get_text (object, "profile"), seed);
  return TRUE;
}

static gboolean
add_file (GPtrArray *targets, const char *file, guint32 seed, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonNode *list = NULL;
  JsonArray *array = NULL;

  if (!g_file_get_contents (file, &text, NULL, error))
    return FALSE;
  root = json_from_string (text, NULL);
  list = root;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    list = json_object_get_member (json_node_get_object (root), "patients");
  if (list != NULL && JSON_NODE_HOLDS_ARRAY (list))
    array = json_node_get_array (list);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    if (!add_element (targets, json_array_get_element (array, i), seed)) {
      g_set_error (error, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS,
                   _ ("Patient %u of the list has no identity_system and identity_number"), i + 1);
      return FALSE;
    }
  }
  if (array != NULL)
    return TRUE;
  g_set_error_literal (error, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS,
                       _ ("The file is no JSON list of patients"));
  return FALSE;
}

GPtrArray *
fyr_sim_targets_load (const char *file, const char *const *words, guint32 seed, GError **error)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_sim_target_free);

  if (file != NULL && !add_file (targets, file, seed, error))
    return NULL;
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (!add_word (targets, words[i], seed, error))
      return NULL;
  if (targets->len == 0) {
    g_set_error_literal (error, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS,
                         _ ("No patient is named; give --patients or --patient"));
    return NULL;
  }
  return g_steal_pointer (&targets);
}
