/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-change-set.h"

/* More ids than any screen shows: from here on "everything" is the better answer. */
#define MAX_IDS 2000

struct _FyrChangeSet {
  GObject parent_instance;

  GHashTable *kinds;    /* kind → GHashTable of ids */
  GHashTable *patients; /* ids */
  guint n_ids;
  gboolean many;
};

G_DEFINE_FINAL_TYPE (FyrChangeSet, fyr_change_set, G_TYPE_OBJECT)

static void
fyr_change_set_finalize (GObject *object)
{
  FyrChangeSet *self = FYR_CHANGE_SET (object);

  g_hash_table_unref (self->kinds);
  g_hash_table_unref (self->patients);
  G_OBJECT_CLASS (fyr_change_set_parent_class)->finalize (object);
}

static void
fyr_change_set_class_init (FyrChangeSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_change_set_finalize;
}

static void
fyr_change_set_init (FyrChangeSet *self)
{
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  self->patients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

FyrChangeSet *
fyr_change_set_new (void)
{
  return g_object_new (FYR_TYPE_CHANGE_SET, NULL);
}

static GHashTable *
ids_of (FyrChangeSet *self, const char *kind)
{
  GHashTable *ids = g_hash_table_lookup (self->kinds, kind);

  if (ids == NULL) {
    ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert (self->kinds, g_strdup (kind), ids);
  }
  return ids;
}

void
fyr_change_set_add (FyrChangeSet *self, const char *kind, const char *id, const char *patient_id)
{
  GHashTable *ids = ids_of (self, kind);

  if (id == NULL || self->n_ids >= MAX_IDS) {
    self->many = TRUE;
  }
  if (self->many) {
    return;
  }
  if (g_hash_table_add (ids, g_strdup (id))) {
    self->n_ids++;
  }
  if (patient_id != NULL && !g_hash_table_contains (self->patients, patient_id)) {
    g_hash_table_add (self->patients, g_strdup (patient_id));
  }
}

static void
merge_kind (FyrChangeSet *self, const char *kind, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer id;

  ids_of (self, kind);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    fyr_change_set_add (self, kind, id, NULL);
  }
}

void
fyr_change_set_merge (FyrChangeSet *self, FyrChangeSet *other)
{
  GHashTableIter iter;
  gpointer key;
  gpointer ids;

  self->many = self->many || other->many;
  g_hash_table_iter_init (&iter, other->kinds);
  while (g_hash_table_iter_next (&iter, &key, &ids)) {
    merge_kind (self, key, ids);
  }
  g_hash_table_iter_init (&iter, other->patients);
  while (!self->many && g_hash_table_iter_next (&iter, &key, NULL)) {
    g_hash_table_add (self->patients, g_strdup (key));
  }
}

gboolean
fyr_change_set_is_empty (FyrChangeSet *self)
{
  return g_hash_table_size (self->kinds) == 0;
}

gboolean
fyr_change_set_has_kind (FyrChangeSet *self, const char *kind)
{
  return g_hash_table_contains (self->kinds, kind);
}

gboolean
fyr_change_set_has (FyrChangeSet *self, const char *kind, const char *id)
{
  GHashTable *ids = g_hash_table_lookup (self->kinds, kind);

  return ids != NULL && (self->many || g_hash_table_contains (ids, id));
}

gboolean
fyr_change_set_has_patient (FyrChangeSet *self, const char *patient_id)
{
  return self->many || g_hash_table_contains (self->patients, patient_id) ||
         fyr_change_set_has (self, "patient", patient_id);
}

const char **
fyr_change_set_get_ids (FyrChangeSet *self, const char *kind)
{
  GHashTable *ids = g_hash_table_lookup (self->kinds, kind);

  if (self->many) {
    return NULL;
  }
  return ids != NULL ? (const char **)g_hash_table_get_keys_as_array (ids, NULL) : g_new0 (const char *, 1);
}
