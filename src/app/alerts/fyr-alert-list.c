/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-list.h"

#include "fyr-keyed-list.h"

struct _FyrAlertList {
  GObject parent_instance;
  FyrKeyedList *shown;
  GPtrArray *answer; /* the latest, of FyrAlertItem */
  char *anchor;
  guint n_waiting;
  guint n_waiting_red;
};

enum { PROP_0, PROP_N_WAITING, PROP_N_WAITING_RED, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
fyr_alert_list_model (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrAlertList,
                               fyr_alert_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, fyr_alert_list_model))

static GType
get_item_type (GListModel *model)
{
  return FYR_TYPE_ALERT_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return fyr_keyed_list_get_size (FYR_ALERT_LIST (model)->shown);
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (FYR_ALERT_LIST (model)->shown), position);
}

static void
fyr_alert_list_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
count_waiting (FyrAlertList *self, guint n, guint n_red)
{
  if (self->n_waiting != n) {
    self->n_waiting = n;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WAITING]);
  }
  if (self->n_waiting_red != n_red) {
    self->n_waiting_red = n_red;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WAITING_RED]);
  }
}

static void
show_answer (FyrAlertList *self)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_full (self->answer->len, g_object_unref);

  for (guint i = 0; i < self->answer->len; i++)
    g_ptr_array_add (entries, fyr_alert_entry_new (g_ptr_array_index (self->answer, i)));
  fyr_keyed_list_update (self->shown, entries);
  count_waiting (self, 0, 0);
}

/* The answer by id, and where the anchor stands in it; the length of the answer when it is not there. */
static GHashTable *
index_answer (FyrAlertList *self, guint *anchor_place)
{
  GHashTable *by_id = g_hash_table_new (g_str_hash, g_str_equal);

  *anchor_place = self->answer->len;
  for (guint i = 0; i < self->answer->len; i++) {
    FyrAlertItem *item = g_ptr_array_index (self->answer, i);

    g_hash_table_insert (by_id, (gpointer)fyr_alert_item_get_id (item), item);
    if (g_str_equal (fyr_alert_item_get_id (item), self->anchor))
      *anchor_place = i;
  }
  return by_id;
}

/* What stands at and above the anchor stays where it is, brought up to date or marked gone. */
static GPtrArray *
keep_until_anchor (FyrAlertList *self, GHashTable *by_id, guint anchor_position, GHashTable *kept)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i <= anchor_position; i++) {
    FyrAlertEntry *entry = fyr_keyed_list_peek (self->shown, i);
    const char *id = fyr_alert_entry_get_id (entry);
    FyrAlertItem *item = g_hash_table_lookup (by_id, id);

    g_hash_table_add (kept, (gpointer)id);
    if (item) {
      g_ptr_array_add (entries, fyr_alert_entry_new (item));
    } else {
      fyr_alert_entry_set_gone (entry, TRUE);
      g_ptr_array_add (entries, g_object_ref (entry));
    }
  }
  return entries;
}

/* New work above the anchor waits; everything else follows in the answer's order. */
static void
show_below_anchor (FyrAlertList *self, guint anchor_position)
{
  guint anchor_place, n_waiting = 0, n_red = 0;
  g_autoptr (GHashTable) by_id = index_answer (self, &anchor_place);
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) entries = keep_until_anchor (self, by_id, anchor_position, kept);

  for (guint i = 0; i < self->answer->len; i++) {
    FyrAlertItem *item = g_ptr_array_index (self->answer, i);
    const char *id = fyr_alert_item_get_id (item);
    gboolean is_above = anchor_place < self->answer->len && i < anchor_place;

    if (g_hash_table_contains (kept, id))
      continue;
    if (is_above && !fyr_keyed_list_lookup (self->shown, id)) {
      n_waiting++;
      n_red += fyr_alert_get_category (fyr_alert_item_get_alert (item)) == FYR_ALERT_CATEGORY_RED;
      continue;
    }
    g_ptr_array_add (entries, fyr_alert_entry_new (item));
  }
  fyr_keyed_list_update (self->shown, entries);
  count_waiting (self, n_waiting, n_red);
}

void
fyr_alert_list_update (FyrAlertList *self, GPtrArray *items)
{
  guint position;

  g_return_if_fail (FYR_IS_ALERT_LIST (self));
  g_clear_pointer (&self->answer, g_ptr_array_unref);
  self->answer = g_ptr_array_ref (items);
  if (self->anchor && fyr_keyed_list_find (self->shown, self->anchor, &position))
    show_below_anchor (self, position);
  else
    show_answer (self);
}

void
fyr_alert_list_set_anchor (FyrAlertList *self, const char *id)
{
  g_return_if_fail (FYR_IS_ALERT_LIST (self));
  if (g_strcmp0 (self->anchor, id) == 0)
    return;
  g_free (self->anchor);
  self->anchor = g_strdup (id);
  if (!id)
    show_answer (self);
}

void
fyr_alert_list_release (FyrAlertList *self)
{
  g_return_if_fail (FYR_IS_ALERT_LIST (self));
  show_answer (self);
}

guint
fyr_alert_list_get_n_waiting (FyrAlertList *self)
{
  return self->n_waiting;
}

guint
fyr_alert_list_get_n_waiting_red (FyrAlertList *self)
{
  return self->n_waiting_red;
}

FyrAlertEntry *
fyr_alert_list_lookup (FyrAlertList *self, const char *id)
{
  return fyr_keyed_list_lookup (self->shown, id);
}

static void
on_items_changed (GListModel *shown, guint position, guint removed, guint added, FyrAlertList *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
fyr_alert_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrAlertList *self = FYR_ALERT_LIST (object);

  switch (prop_id) {
  case PROP_N_WAITING:
    g_value_set_uint (value, self->n_waiting);
    break;
  case PROP_N_WAITING_RED:
    g_value_set_uint (value, self->n_waiting_red);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_alert_list_finalize (GObject *object)
{
  FyrAlertList *self = FYR_ALERT_LIST (object);

  g_object_unref (self->shown);
  g_ptr_array_unref (self->answer);
  g_free (self->anchor);
  G_OBJECT_CLASS (fyr_alert_list_parent_class)->finalize (object);
}

static void
fyr_alert_list_class_init (FyrAlertListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = fyr_alert_list_finalize;
  object_class->get_property = fyr_alert_list_get_property;
  properties[PROP_N_WAITING] = g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_WAITING_RED] = g_param_spec_uint ("n-waiting-red", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fyr_alert_list_init (FyrAlertList *self)
{
  self->shown = fyr_keyed_list_new (FYR_TYPE_ALERT_ENTRY, fyr_alert_entry_get_id, fyr_alert_entry_take_over);
  self->answer = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (on_items_changed), self, 0);
}

FyrAlertList *
fyr_alert_list_new (void)
{
  return g_object_new (FYR_TYPE_ALERT_LIST, NULL);
}
