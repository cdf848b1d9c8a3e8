/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-display-log.h"

#include <glib/gi18n.h>

#include "fyr-format.h"
#include "fyr-oslo-time.h"
#include "fyr-store-access-log.h"

/* So few that the thread of the database is free again before anybody notices. */
#define PORTION 40

/* Who stood in a list today, of whom; kept with the context. */
typedef struct {
  FyrAppContext *context; /* not owned: it owns this */
  char *user_id;
  char *centre_id;
  FyrRole role;
  gint64 from; /* the day */
  gint64 until;
  GHashTable *listed; /* ids of patients */
  GPtrArray *waiting[FYR_AUDIT_RESOURCE_LAST + 1];
  guint idle;
  guint writing; /* portions under way */
} Listed;

static void
listed_free (gpointer data)
{
  Listed *self = data;

  g_clear_handle_id (&self->idle, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (self->waiting); i++)
    g_ptr_array_unref (self->waiting[i]);
  g_hash_table_unref (self->listed);
  g_free (self->user_id);
  g_free (self->centre_id);
  g_free (self);
}

static Listed *
get_listed (FyrAppContext *context)
{
  static const char key[] = "fyr-display-log-listed";
  Listed *self = g_object_get_data (G_OBJECT (context), key);

  if (self != NULL)
    return self;
  self = g_new0 (Listed, 1);
  self->context = context;
  self->listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->waiting); i++)
    self->waiting[i] = g_ptr_array_new_with_free_func (g_free);
  g_object_set_data_full (G_OBJECT (context), key, self, listed_free);
  return self;
}

/* What the role is shown of a patient; the clerk's workstation holds no health data. */
static const char *
get_data_classes (FyrRole role)
{
  switch (role) {
  case FYR_ROLE_CLERK:
    return "contact";
  case FYR_ROLE_NURSE:
  case FYR_ROLE_GP:
    return "contact identity clinical";
  case FYR_ROLE_MANAGER:
  case FYR_ROLE_ADMINISTRATOR:
  case FYR_ROLE_UNSET:
  default:
    return NULL;
  }
}

static FyrDisplay
describe (FyrRole role, const char *centre_id, FyrAuditResource resource, FyrAuditChannel channel)
{
  return (FyrDisplay){
    .resource = resource,
    .channel = channel,
    .purpose = role == FYR_ROLE_CLERK ? FYR_AUDIT_PURPOSE_ADMINISTRATION : FYR_AUDIT_PURPOSE_TREATMENT,
    .data_classes = get_data_classes (role),
    .centre_id = centre_id,
  };
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = fyr_store_log_display_finish (FYR_STORE (source), result, &error);

  if (ids != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
fyr_display_log_open_async (FyrAppContext *context,
                            FyrAuditResource resource,
                            FyrAuditChannel channel,
                            const char *patient_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FyrStore *store = fyr_app_context_get_store (context);
  const FyrDisplay display = describe (fyr_app_context_get_role (context),
                                       fyr_app_context_get_centre_id (context), resource, channel);
  const char *patients[] = { patient_id, NULL };
  GTask *task = g_task_new (context, cancellable, callback, user_data);

  g_task_set_source_tag (task, fyr_display_log_open_async);
  if (store == NULL) {
    g_task_return_new_error (task, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED, "The database is not open");
    g_object_unref (task);
    return;
  }
  /* Once asked for it is written, shown or not: nothing else would tell for certain. */
  fyr_store_log_display_async (store, &display, patients, fyr_app_context_get_user_id (context), NULL,
                               on_opened, task);
}

gboolean
fyr_display_log_open_finish (FyrAppContext *context, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
fyr_display_log_error_get_words (const GError *error)
{
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FULL))
    return _ ("The access log cannot be written: the disk is full. Free some space and open it again.");
  return _ ("The access log cannot be written: this machine's database gives no answer. Start the "
            "application again; "
            "if it happens again, call your operator.");
}

static void
begin_writing (Listed *self);

typedef struct {
  FyrAppContext *context;
  char *user_id;
  GPtrArray *ids; /* ended by NULL */
} Portion;

static void
portion_free (Portion *portion)
{
  g_ptr_array_unref (portion->ids);
  g_object_unref (portion->context);
  g_free (portion->user_id);
  g_free (portion);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Portion, portion_free)

/* What could not be written counts as not listed: it is tried again when the list shows it the next time. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Portion) portion = data;
  Listed *self = get_listed (portion->context);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) written = fyr_store_log_display_finish (FYR_STORE (source), result, &error);

  self->writing--;
  if (written == NULL) {
    g_warning ("the access log could not be written: code %d", error->code);
    for (guint i = 0; i + 1 < portion->ids->len && g_strcmp0 (portion->user_id, self->user_id) == 0; i++)
      g_hash_table_remove (self->listed, portion->ids->pdata[i]);
  }
  begin_writing (self);
}

/* Writes up to @most entries of one list. Returns: whether there were any */
static gboolean
write_some (Listed *self, guint most)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  guint resource = 0;
  Portion *portion;
  FyrDisplay display;

  while (resource <= FYR_AUDIT_RESOURCE_LAST && self->waiting[resource]->len == 0)
    resource++;
  if (resource > FYR_AUDIT_RESOURCE_LAST || store == NULL)
    return FALSE;
  portion = g_new0 (Portion, 1);
  portion->context = g_object_ref (self->context);
  portion->user_id = g_strdup (self->user_id);
  portion->ids = g_ptr_array_new_with_free_func (g_free);
  while (portion->ids->len < most && self->waiting[resource]->len > 0)
    g_ptr_array_add (portion->ids, g_ptr_array_steal_index_fast (self->waiting[resource], 0));
  g_ptr_array_add (portion->ids, NULL);
  self->writing++;
  display = describe (self->role, self->centre_id, (FyrAuditResource)resource, FYR_AUDIT_CHANNEL_SCREEN);
  fyr_store_log_display_async (store, &display, (const char *const *)portion->ids->pdata, self->user_id, NULL,
                               on_written, portion);
  return TRUE;
}

static gboolean
write_portion (gpointer data)
{
  Listed *self = data;

  self->idle = 0;
  write_some (self, PORTION);
  return G_SOURCE_REMOVE;
}

/* After what is drawn. */
static void
begin_writing (Listed *self)
{
  if (self->idle == 0 && self->writing == 0)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, write_portion, self, NULL);
}

/* Another user or another day: everybody counts anew. What waits was seen by the one before, and is written so. */
static void
follow_session (Listed *self)
{
  const char *user_id = fyr_app_context_get_user_id (self->context);
  gint64 now = fyr_now ();

  if (now >= self->from && now < self->until && g_strcmp0 (user_id, self->user_id) == 0)
    return;
  while (write_some (self, G_MAXUINT))
    ;
  g_free (self->user_id);
  g_free (self->centre_id);
  self->user_id = g_strdup (user_id);
  self->centre_id = g_strdup (fyr_app_context_get_centre_id (self->context));
  self->role = fyr_app_context_get_role (self->context);
  self->from = fyr_oslo_day_start (now, 0);
  self->until = fyr_oslo_day_start (now, 1);
  g_hash_table_remove_all (self->listed);
}

void
fyr_display_log_note_listed (FyrAppContext *context, FyrAuditResource resource, const char *patient_id)
{
  Listed *self = get_listed (context);

  if (patient_id == NULL || !fyr_app_context_is_signed_in (context))
    return;
  follow_session (self);
  if (g_hash_table_contains (self->listed, patient_id))
    return;
  g_hash_table_add (self->listed, g_strdup (patient_id));
  g_ptr_array_add (self->waiting[resource], g_strdup (patient_id));
  begin_writing (self);
}
