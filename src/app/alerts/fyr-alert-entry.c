/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-entry.h"

struct _FyrAlertEntry {
  GObject parent_instance;
  FyrAlertItem *item;
  gboolean gone;
};

enum { PROP_0, PROP_ITEM, PROP_GONE, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FyrAlertEntry, fyr_alert_entry, G_TYPE_OBJECT)

static void
fyr_alert_entry_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrAlertEntry *self = FYR_ALERT_ENTRY (object);

  switch (prop_id) {
  case PROP_ITEM:
    g_value_set_object (value, self->item);
    break;
  case PROP_GONE:
    g_value_set_boolean (value, self->gone);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_alert_entry_finalize (GObject *object)
{
  g_clear_object (&FYR_ALERT_ENTRY (object)->item);
  G_OBJECT_CLASS (fyr_alert_entry_parent_class)->finalize (object);
}

static void
fyr_alert_entry_class_init (FyrAlertEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = fyr_alert_entry_finalize;
  object_class->get_property = fyr_alert_entry_get_property;
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, FYR_TYPE_ALERT_ITEM, flags);
  properties[PROP_GONE] = g_param_spec_boolean ("gone", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fyr_alert_entry_init (FyrAlertEntry *self)
{
}

FyrAlertEntry *
fyr_alert_entry_new (FyrAlertItem *item)
{
  FyrAlertEntry *self = g_object_new (FYR_TYPE_ALERT_ENTRY, NULL);

  self->item = g_object_ref (item);
  return self;
}

FyrAlertItem *
fyr_alert_entry_get_item (FyrAlertEntry *self)
{
  return self->item;
}

FyrAlert *
fyr_alert_entry_get_alert (FyrAlertEntry *self)
{
  return fyr_alert_item_get_alert (self->item);
}

const char *
fyr_alert_entry_get_id (gpointer self)
{
  return fyr_alert_item_get_id (FYR_ALERT_ENTRY (self)->item);
}

void
fyr_alert_entry_take_over (gpointer data, gpointer fresh)
{
  FyrAlertEntry *self = FYR_ALERT_ENTRY (data);
  FyrAlertItem *item = FYR_ALERT_ENTRY (fresh)->item;

  fyr_alert_entry_set_gone (self, FALSE);
  if (self->item == item || fyr_alert_item_equal (self->item, item))
    return;
  g_set_object (&self->item, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

gboolean
fyr_alert_entry_get_gone (FyrAlertEntry *self)
{
  return self->gone;
}

void
fyr_alert_entry_set_gone (FyrAlertEntry *self, gboolean gone)
{
  if (self->gone == !!gone)
    return;
  self->gone = !!gone;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GONE]);
}
