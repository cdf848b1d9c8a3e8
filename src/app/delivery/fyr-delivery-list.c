/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-delivery-list.h"

#include "fyr-display-log.h"
#include "fyr-format.h"
#include "fyr-keyed-list.h"
#include "fyr-store-query.h"
#include "fyr-text-fold.h"

#define MAX_OPEN 500
#define MAX_DELIVERED 20

struct _FyrDeliveryList {
  GObject parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  GCancellable *cancellable;
  FyrKeyedList *groups[FYR_DELIVERY_N_GROUPS];
  GHashTable *names;   /* id → name */
  GHashTable *records; /* id → record as it is now, of this look */
  GPtrArray *gps;
  GPtrArray *entries;
  guint pending; /* questions not answered yet */
  gboolean again;
};

G_DEFINE_FINAL_TYPE (FyrDeliveryList, fyr_delivery_list, G_TYPE_OBJECT)

static guint loaded_signal;

static void
look (FyrDeliveryList *self);

static FyrDeliveryGroup
group_of (FyrOutboxEntry *entry)
{
  switch (fyr_outbox_entry_get_state (entry)) {
  case FYR_OUTBOX_CONFLICT:
  case FYR_OUTBOX_REFUSED:
    return FYR_DELIVERY_DECIDE;
  case FYR_OUTBOX_DELIVERED:
  case FYR_OUTBOX_DISCARDED:
  case FYR_OUTBOX_HANDED_OVER:
    return FYR_DELIVERY_DELIVERED;
  case FYR_OUTBOX_WAITING:
  case FYR_OUTBOX_SENT:
  case FYR_OUTBOX_HELD:
  default:
    return FYR_DELIVERY_WAITING;
  }
}

static const char *
lookup_name (FyrDeliveryList *self, const char *id)
{
  return id ? g_hash_table_lookup (self->names, id) : NULL;
}

const char *
fyr_delivery_list_get_name_of (const char *id, gpointer data)
{
  FyrDeliveryList *self = data;
  const char *name = fyr_app_context_get_name_of (self->context, id);

  return *name ? name : lookup_name (self, id);
}

static FyrDeliveryItem *
make_item (FyrDeliveryList *self, FyrOutboxEntry *entry)
{
  const char *author_id = fyr_outbox_entry_get_author_id (entry);
  const char *record_id = fyr_outbox_entry_get_record_id (entry);
  const char *about = lookup_name (self, fyr_outbox_entry_get_patient_id (entry));
  const char *author = NULL;

  if (g_strcmp0 (author_id, fyr_app_context_get_user_id (self->context)) != 0)
    author = fyr_app_context_get_name_of (self->context, author_id);
  return fyr_delivery_item_new (entry, about ? about : lookup_name (self, record_id), author,
                                g_hash_table_lookup (self->records, record_id));
}

static void
publish (FyrDeliveryList *self)
{
  for (guint group = 0; group < FYR_DELIVERY_N_GROUPS; group++) {
    g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = 0; i < self->entries->len; i++) {
      FyrOutboxEntry *entry = g_ptr_array_index (self->entries, i);

      if (group_of (entry) == group)
        g_ptr_array_add (items, make_item (self, entry));
    }
    fyr_keyed_list_update (self->groups[group], items);
  }
  g_signal_emit (self, loaded_signal, 0);
}

static void
answered (FyrDeliveryList *self)
{
  if (--self->pending > 0 || g_cancellable_is_cancelled (self->cancellable))
    return;
  publish (self);
  if (self->again)
    look (self);
}

static char *
name_of_record (FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  int name = fyr_record_info_find_field (info, "name");

  if (info == &fyr_patient_info)
    return fyr_person_list_name (fyr_patient_get_family_name (FYR_PATIENT (record)),
                                 fyr_patient_get_given_name (FYR_PATIENT (record)));
  return name >= 0 ? g_strdup (fyr_record_get_string (record, (guint)name)) : NULL;
}

static void
learn (FyrDeliveryList *self, FyrRecord *record)
{
  const char *id = fyr_record_get_id (record);
  char *name = name_of_record (record);

  if (name)
    g_hash_table_replace (self->names, g_strdup (id), name);
  g_hash_table_replace (self->records, g_strdup (id), g_object_ref (record));
}

static void
on_record (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrDeliveryList) self = user_data;
  g_autoptr (FyrRecord) record = fyr_store_get_record_finish (FYR_STORE (source), result, NULL);

  if (record)
    learn (self, record);
  answered (self);
}

static void
on_gps (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrDeliveryList) self = user_data;
  g_autoptr (GPtrArray) gps = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);

  if (gps) {
    for (guint i = 0; i < gps->len; i++)
      learn (self, g_ptr_array_index (gps, i));
    g_clear_pointer (&self->gps, g_ptr_array_unref);
    self->gps = g_steal_pointer (&gps);
  }
  answered (self);
}

static void
ask (FyrDeliveryList *self, GHashTable *asked, const char *kind, const char *id)
{
  if (!id || !kind || !g_hash_table_add (asked, (gpointer)id))
    return;
  self->pending++;
  fyr_store_get_record_async (self->store, kind, id, self->cancellable, on_record, g_object_ref (self));
}

/* What is delivered is told of in one line; for the rest the record itself is asked for, as it is now. */
static void
ask_about (FyrDeliveryList *self, GPtrArray *entries)
{
  g_autoptr (GHashTable) asked = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++) {
    FyrOutboxEntry *entry = g_ptr_array_index (entries, i);

    ask (self, asked, "patient", fyr_outbox_entry_get_patient_id (entry));
    fyr_display_log_note_listed (self->context, FYR_AUDIT_RESOURCE_DELIVERY_LIST,
                                 fyr_outbox_entry_get_patient_id (entry));
    if (group_of (entry) != FYR_DELIVERY_DELIVERED)
      ask (self, asked, fyr_outbox_entry_get_kind (entry), fyr_outbox_entry_get_record_id (entry));
  }
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrDeliveryList) self = user_data;
  g_autoptr (GPtrArray) entries = fyr_store_list_outbox_finish (FYR_STORE (source), result, NULL);

  if (entries && self->store) {
    for (guint i = 0; i < entries->len; i++)
      g_ptr_array_add (self->entries, g_object_ref (g_ptr_array_index (entries, i)));
    ask_about (self, entries);
  }
  answered (self);
}

static void
look (FyrDeliveryList *self)
{
  self->again = self->pending > 0;
  if (self->again)
    return;
  g_ptr_array_set_size (self->entries, 0);
  g_hash_table_remove_all (self->records);
  self->pending = 3;
  fyr_store_list_outbox_async (self->store, 0, MAX_OPEN, self->cancellable, on_listed, g_object_ref (self));
  fyr_store_list_outbox_async (self->store, 1u << FYR_OUTBOX_DELIVERED | 1u << FYR_OUTBOX_HANDED_OVER,
                               MAX_DELIVERED, self->cancellable, on_listed, g_object_ref (self));
  fyr_store_list_records_async (self->store, "gp", NULL, NULL, self->cancellable, on_gps,
                                g_object_ref (self));
}

/* What stands beside own work may change too. */
static gboolean
is_about_what_is_shown (FyrDeliveryList *self, FyrChangeSet *changes)
{
  FyrKeyedList *decide = self->groups[FYR_DELIVERY_DECIDE];

  for (guint i = 0; i < fyr_keyed_list_get_size (decide); i++) {
    FyrOutboxEntry *entry = fyr_delivery_item_get_entry (fyr_keyed_list_peek (decide, i));

    if (fyr_change_set_has (changes, fyr_outbox_entry_get_kind (entry),
                            fyr_outbox_entry_get_record_id (entry)))
      return TRUE;
  }
  return FALSE;
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrDeliveryList *self)
{
  if (fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX) || is_about_what_is_shown (self, changes))
    look (self);
}

static void
fyr_delivery_list_dispose (GObject *object)
{
  FyrDeliveryList *self = FYR_DELIVERY_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_delivery_list_parent_class)->dispose (object);
}

static void
fyr_delivery_list_finalize (GObject *object)
{
  FyrDeliveryList *self = FYR_DELIVERY_LIST (object);

  for (guint i = 0; i < FYR_DELIVERY_N_GROUPS; i++)
    g_object_unref (self->groups[i]);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->records);
  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->gps, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (fyr_delivery_list_parent_class)->finalize (object);
}

static void
fyr_delivery_list_class_init (FyrDeliveryListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_delivery_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_delivery_list_finalize;
  loaded_signal = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

/* A row whose work stands where it stood is not built again: the keyboard stays in it. */
static void
keep (gpointer item, gpointer fresh)
{
}

static void
fyr_delivery_list_init (FyrDeliveryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < FYR_DELIVERY_N_GROUPS; i++)
    self->groups[i] = fyr_keyed_list_new (FYR_TYPE_DELIVERY_ITEM, fyr_delivery_item_get_key, keep);
}

FyrDeliveryList *
fyr_delivery_list_new (FyrAppContext *context)
{
  FyrDeliveryList *self = g_object_new (FYR_TYPE_DELIVERY_LIST, NULL);

  self->context = g_object_ref (context);
  self->store = g_object_ref (fyr_app_context_get_store (context));
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_changed), self, 0);
  look (self);
  return self;
}

GListModel *
fyr_delivery_list_get_group (FyrDeliveryList *self, FyrDeliveryGroup group)
{
  g_return_val_if_fail (FYR_IS_DELIVERY_LIST (self) && group < FYR_DELIVERY_N_GROUPS, NULL);
  return G_LIST_MODEL (self->groups[group]);
}

GPtrArray *
fyr_delivery_list_get_gps (FyrDeliveryList *self)
{
  return self->gps;
}
