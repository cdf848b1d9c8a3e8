/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-emergency-case.h"

#include <glib/gi18n-lib.h>

#include "fyr-emergency-dialog.h"
#include "fyr-format.h"
#include "fyr-store-query.h"

struct _FyrEmergencyCase {
  GObject parent_instance;
  FyrEmergencyAccess *access;
  FyrEmergencyEvent *ended;  /* (nullable) */
  FyrEmergencyEvent *review; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (FyrEmergencyCase, fyr_emergency_case, G_TYPE_OBJECT)

FyrEmergencyAccess *
fyr_emergency_case_get_access (FyrEmergencyCase *self)
{
  return self->access;
}

FyrEmergencyEvent *
fyr_emergency_case_get_review (FyrEmergencyCase *self)
{
  return self->review;
}

gboolean
fyr_emergency_case_needs_review (FyrEmergencyCase *self)
{
  return self->review == NULL || fyr_emergency_event_get_action (self->review) == FYR_EMERGENCY_ACTION_SEEN;
}

const char *
fyr_emergency_case_word_state (FyrEmergencyCase *self)
{
  switch (self->review != NULL ? fyr_emergency_event_get_action (self->review) : FYR_EMERGENCY_ACTION_UNSET) {
  case FYR_EMERGENCY_ACTION_SEEN:
    return _ ("Seen");
  case FYR_EMERGENCY_ACTION_JUSTIFIED:
    return _ ("Justified");
  case FYR_EMERGENCY_ACTION_UNJUSTIFIED:
    return _ ("Not justified");
  case FYR_EMERGENCY_ACTION_UNSET:
  case FYR_EMERGENCY_ACTION_ENDED:
  default:
    return _ ("To be reviewed");
  }
}

char *
fyr_emergency_case_dup_title (FyrEmergencyCase *self)
{
  const char *name = fyr_emergency_access_get_user_name (self->access);
  g_autofree char *when = fyr_format_date_time (fyr_emergency_access_get_begin_time (self->access));

  /* Translators: who opened a patient in an emergency: name, role, time. */
  return g_strdup_printf (_ ("%s, %s, %s"), name != NULL ? name : "–",
                          fyr_role_get_word (fyr_emergency_access_get_user_role (self->access)), when);
}

static void
append_review (FyrEmergencyCase *self, GString *words)
{
  const char *note = fyr_emergency_event_get_text (self->review);
  const char *name = fyr_emergency_event_get_actor_name (self->review);
  g_autofree char *when = fyr_format_date_time (fyr_emergency_event_get_time (self->review));

  /* Translators: what a review said: its word, by whom, when. */
  g_string_append_printf (words, _ ("\n%s: %s, %s"), fyr_emergency_case_word_state (self),
                          name != NULL ? name : "–", when);
  if (note != NULL)
    g_string_append_printf (words, "\n%s", note);
}

char *
fyr_emergency_case_dup_words (FyrEmergencyCase *self)
{
  GString *words = g_string_new (NULL);
  const char *patient = fyr_emergency_access_get_patient_name (self->access);
  const char *text = fyr_emergency_access_get_reason_text (self->access);
  gint64 until = self->ended != NULL ? fyr_emergency_event_get_time (self->ended)
                                     : fyr_emergency_access_get_until_time (self->access);
  g_autofree char *end = fyr_format_date_time (until);

  g_string_append (words, fyr_emergency_word_reason (fyr_emergency_access_get_reason (self->access)));
  if (text != NULL)
    g_string_append_printf (words, "\n%s", text);
  if (patient != NULL)
    g_string_append_printf (words, _ ("\nPatient: %s"), patient);
  g_string_append_printf (words, _ ("\nUntil %s"), end);
  if (self->review != NULL)
    append_review (self, words);
  return g_string_free (words, FALSE);
}

static void
fyr_emergency_case_finalize (GObject *object)
{
  FyrEmergencyCase *self = FYR_EMERGENCY_CASE (object);

  g_clear_object (&self->access);
  g_clear_object (&self->ended);
  g_clear_object (&self->review);
  G_OBJECT_CLASS (fyr_emergency_case_parent_class)->finalize (object);
}

static void
fyr_emergency_case_class_init (FyrEmergencyCaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_emergency_case_finalize;
}

static void
fyr_emergency_case_init (FyrEmergencyCase *self)
{
}

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  FyrEmergencyCase *first = *(gpointer *)a, *second = *(gpointer *)b;
  gboolean left = fyr_emergency_case_needs_review (first), right = fyr_emergency_case_needs_review (second);
  gint64 x = fyr_emergency_access_get_begin_time (first->access);
  gint64 y = fyr_emergency_access_get_begin_time (second->access);

  return left != right ? right - left : (x < y) - (x > y);
}

/* The last review counts; what was said before stays in the record. */
static void
take_event (GHashTable *cases, FyrEmergencyEvent *event)
{
  const char *access_id = fyr_emergency_event_get_access_id (event);
  FyrEmergencyCase *one = access_id != NULL ? g_hash_table_lookup (cases, access_id) : NULL;

  if (one == NULL)
    return;
  if (fyr_emergency_event_get_action (event) == FYR_EMERGENCY_ACTION_ENDED)
    g_set_object (&one->ended, event);
  else if (one->review == NULL ||
           fyr_emergency_event_get_time (event) >= fyr_emergency_event_get_time (one->review))
    g_set_object (&one->review, event);
}

static GPtrArray *
make_cases (GPtrArray *accesses, GPtrArray *events)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) cases = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < accesses->len; i++) {
    FyrEmergencyCase *one = g_object_new (FYR_TYPE_EMERGENCY_CASE, NULL);

    one->access = g_object_ref (accesses->pdata[i]);
    g_hash_table_insert (cases, (gpointer)fyr_record_get_id (FYR_RECORD (one->access)), one);
    g_ptr_array_add (all, one);
  }
  for (guint i = 0; i < events->len; i++)
    take_event (cases, events->pdata[i]);
  g_ptr_array_sort (all, compare_cases);
  return all;
}

static void
on_events (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) events = fyr_store_list_records_finish (FYR_STORE (store), result, &error);

  if (events == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, make_cases (g_task_get_task_data (task), events),
                           (GDestroyNotify)g_ptr_array_unref);
}

static void
on_accesses (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GPtrArray *accesses = fyr_store_list_records_finish (FYR_STORE (store), result, &error);

  if (accesses == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_task_set_task_data (task, accesses, (GDestroyNotify)g_ptr_array_unref);
  fyr_store_list_records_async (FYR_STORE (store), fyr_emergency_event_info.kind, NULL, NULL,
                                g_task_get_cancellable (task), on_events, g_object_ref (task));
}

void
fyr_emergency_cases_load_async (FyrStore *store,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  fyr_store_list_records_async (store, fyr_emergency_access_info.kind, NULL, NULL, cancellable, on_accesses,
                                g_task_new (store, cancellable, callback, user_data));
}

GPtrArray *
fyr_emergency_cases_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
