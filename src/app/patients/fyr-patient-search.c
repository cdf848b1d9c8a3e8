/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-search.h"

#include "fyr-display-log.h"
#include "fyr-keyed-list.h"

struct _FyrPatientSearch {
  GObject parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  FyrKeyedList *list;
  GCancellable *cancellable;
  char *text;
  guint statuses;
  FyrPatientSort sort;
  gboolean asking;
  gboolean ask_again;
  gboolean loaded;
  gboolean failed;
  gboolean current;
  guint total;
};

enum { PROP_0, PROP_LOADED, PROP_FAILED, PROP_CURRENT, PROP_TOTAL, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FyrPatientSearch, fyr_patient_search, G_TYPE_OBJECT)

static const char *
item_key (gpointer item)
{
  return fyr_patient_item_get_id (item);
}

static void
take_over (gpointer item, gpointer fresh)
{
  fyr_patient_item_take_over (item, fresh);
}

static void
set_flag (FyrPatientSearch *self, gboolean *flag, gboolean value, guint property)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
ask (FyrPatientSearch *self);

static void
take_answer (FyrPatientSearch *self, GPtrArray *items, guint total)
{
  set_flag (self, &self->failed, items == NULL, PROP_FAILED);
  if (items == NULL)
    return;
  for (guint i = 0; i < items->len; i++)
    fyr_display_log_note_listed (self->context, FYR_AUDIT_RESOURCE_PATIENT_LIST,
                                 fyr_patient_item_get_id (items->pdata[i]));
  fyr_keyed_list_update (self->list, items);
  if (self->total != total) {
    self->total = total;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  }
  set_flag (self, &self->loaded, TRUE, PROP_LOADED);
  set_flag (self, &self->current, TRUE, PROP_CURRENT);
}

static void
on_answer (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (FyrPatientSearch) self = data;
  g_autoptr (GError) error = NULL;
  guint total = 0;
  g_autoptr (GPtrArray) items = fyr_store_list_patients_finish (FYR_STORE (store), result, &total, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  if (error != NULL)
    g_warning ("the patient list could not be read: code %d", error->code);
  if (store == (GObject *)self->store)
    take_answer (self, items, total);
  if (self->ask_again)
    ask (self);
}

static void
ask (FyrPatientSearch *self)
{
  if (self->store == NULL)
    return;
  const FyrPatientFilter filter = { .text = *self->text != '\0' ? self->text : NULL,
                                    .statuses = self->statuses,
                                    .sort = self->sort,
                                    .limit = FYR_PATIENT_SEARCH_ROWS };
  self->asking = TRUE;
  self->ask_again = FALSE;
  fyr_store_list_patients_async (self->store, &filter, self->cancellable, on_answer, g_object_ref (self));
}

/* Another question: the answer on its way is of no use. */
static void
ask_anew (FyrPatientSearch *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_flag (self, &self->current, FALSE, PROP_CURRENT);
  ask (self);
}

/* The same question again: many changes in a row make one more question, not one each. */
static void
on_store_changed (FyrStore *store, FyrChangeSet *changes, FyrPatientSearch *self)
{
  if (!fyr_change_set_has_kind (changes, "patient") && !fyr_change_set_has_kind (changes, "alert") &&
      !fyr_change_set_has_kind (changes, "measurement") &&
      !fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX))
    return;
  if (self->asking)
    self->ask_again = TRUE;
  else
    ask (self);
}

static void
follow_store (FyrPatientSearch *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  if (store == self->store)
    return;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  if (store == NULL)
    return;
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed), self);
  ask_anew (self);
}

static void
on_session_changed (FyrAppContext *context, FyrPatientSearch *self)
{
  follow_store (self);
}

static void
fyr_patient_search_dispose (GObject *object)
{
  FyrPatientSearch *self = FYR_PATIENT_SEARCH (object);
  g_cancellable_cancel (self->cancellable);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->context != NULL)
    g_signal_handlers_disconnect_by_data (self->context, self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (fyr_patient_search_parent_class)->dispose (object);
}

static void
fyr_patient_search_finalize (GObject *object)
{
  g_free (FYR_PATIENT_SEARCH (object)->text);
  G_OBJECT_CLASS (fyr_patient_search_parent_class)->finalize (object);
}

static void
fyr_patient_search_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrPatientSearch *self = FYR_PATIENT_SEARCH (object);
  if (id == PROP_TOTAL)
    g_value_set_uint (value, self->total);
  else
    g_value_set_boolean (value, id == PROP_LOADED   ? self->loaded
                                : id == PROP_FAILED ? self->failed
                                                    : self->current);
}

static void
fyr_patient_search_class_init (FyrPatientSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  object_class->dispose = fyr_patient_search_dispose;
  object_class->finalize = fyr_patient_search_finalize;
  object_class->get_property = fyr_patient_search_get_property;
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_FAILED] = g_param_spec_boolean ("failed", NULL, NULL, FALSE, flags);
  properties[PROP_CURRENT] = g_param_spec_boolean ("current", NULL, NULL, FALSE, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fyr_patient_search_init (FyrPatientSearch *self)
{
  self->list = fyr_keyed_list_new (FYR_TYPE_PATIENT_ITEM, item_key, take_over);
  self->text = g_strdup ("");
}

FyrPatientSearch *
fyr_patient_search_new (FyrAppContext *context)
{
  FyrPatientSearch *self = g_object_new (FYR_TYPE_PATIENT_SEARCH, NULL);
  self->context = g_object_ref (context);
  g_signal_connect (context, "session-changed", G_CALLBACK (on_session_changed), self);
  follow_store (self);
  return self;
}

GListModel *
fyr_patient_search_get_model (FyrPatientSearch *self)
{
  return G_LIST_MODEL (self->list);
}

void
fyr_patient_search_set_text (FyrPatientSearch *self, const char *text)
{
  if (g_strcmp0 (self->text, text != NULL ? text : "") == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text != NULL ? text : "");
  ask_anew (self);
}

const char *
fyr_patient_search_get_text (FyrPatientSearch *self)
{
  return self->text;
}

void
fyr_patient_search_set_statuses (FyrPatientSearch *self, guint statuses)
{
  if (self->statuses == statuses)
    return;
  self->statuses = statuses;
  ask_anew (self);
}

void
fyr_patient_search_set_sort (FyrPatientSearch *self, FyrPatientSort sort)
{
  if (self->sort == sort)
    return;
  self->sort = sort;
  ask_anew (self);
}

gboolean
fyr_patient_search_get_loaded (FyrPatientSearch *self)
{
  return self->loaded;
}

gboolean
fyr_patient_search_get_failed (FyrPatientSearch *self)
{
  return self->failed;
}

gboolean
fyr_patient_search_get_current (FyrPatientSearch *self)
{
  return self->current;
}

guint
fyr_patient_search_get_total (FyrPatientSearch *self)
{
  return self->total;
}
