/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-item.h"

#include "fyr-items-private.h"

struct _FyrAlertItem {
  GObject parent_instance;

  FyrAlert *alert;
  FyrMeasurement *measurement;
  char *patient_name;
  char *telephone;
  char *assignee_name;
  FyrZone zone;
  FyrOutboxState state;
};

G_DEFINE_FINAL_TYPE (FyrAlertItem, fyr_alert_item, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_ALERT,
  PROP_PATIENT_ID,
  PROP_PATIENT_NAME,
  PROP_TELEPHONE,
  PROP_CATEGORY,
  PROP_STATUS,
  PROP_RAISED_TIME,
  PROP_DUE_TIME,
  PROP_ASSIGNEE_ID,
  PROP_ASSIGNEE_NAME,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
fyr_alert_item_finalize (GObject *object)
{
  FyrAlertItem *self = FYR_ALERT_ITEM (object);

  g_clear_object (&self->alert);
  g_clear_object (&self->measurement);
  g_free (self->patient_name);
  g_free (self->telephone);
  g_free (self->assignee_name);
  G_OBJECT_CLASS (fyr_alert_item_parent_class)->finalize (object);
}

static void
fyr_alert_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrAlertItem *self = FYR_ALERT_ITEM (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, fyr_alert_item_get_id (self));
    break;
  case PROP_ALERT:
    g_value_set_object (value, self->alert);
    break;
  case PROP_PATIENT_ID:
    g_value_set_string (value, fyr_alert_get_patient_id (self->alert));
    break;
  case PROP_PATIENT_NAME:
    g_value_set_string (value, self->patient_name);
    break;
  case PROP_TELEPHONE:
    g_value_set_string (value, self->telephone);
    break;
  case PROP_CATEGORY:
    g_value_set_uint (value, fyr_alert_get_category (self->alert));
    break;
  case PROP_STATUS:
    g_value_set_uint (value, fyr_alert_get_status (self->alert));
    break;
  case PROP_RAISED_TIME:
    g_value_set_int64 (value, fyr_alert_get_raised_time (self->alert));
    break;
  case PROP_DUE_TIME:
    g_value_set_int64 (value, fyr_alert_get_due_time (self->alert));
    break;
  case PROP_ASSIGNEE_ID:
    g_value_set_string (value, fyr_alert_get_assignee_id (self->alert));
    break;
  case PROP_ASSIGNEE_NAME:
    g_value_set_string (value, self->assignee_name);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int)self->state);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

static void
fyr_alert_item_class_init (FyrAlertItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = fyr_alert_item_finalize;
  object_class->get_property = fyr_alert_item_get_property;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_ALERT] = g_param_spec_object ("alert", NULL, NULL, FYR_TYPE_RECORD, flags);
  props[PROP_PATIENT_ID] = g_param_spec_string ("patient-id", NULL, NULL, NULL, flags);
  props[PROP_PATIENT_NAME] = g_param_spec_string ("patient-name", NULL, NULL, NULL, flags);
  props[PROP_TELEPHONE] = g_param_spec_string ("telephone", NULL, NULL, NULL, flags);
  props[PROP_CATEGORY] = g_param_spec_uint ("category", NULL, NULL, 0, FYR_ALERT_CATEGORY_LAST, 0, flags);
  props[PROP_STATUS] = g_param_spec_uint ("status", NULL, NULL, 0, FYR_ALERT_STATUS_LAST, 0, flags);
  props[PROP_RAISED_TIME] = g_param_spec_int64 ("raised-time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_DUE_TIME] = g_param_spec_int64 ("due-time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_ASSIGNEE_ID] = g_param_spec_string ("assignee-id", NULL, NULL, NULL, flags);
  props[PROP_ASSIGNEE_NAME] = g_param_spec_string ("assignee-name", NULL, NULL, NULL, flags);
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, FYR_TYPE_OUTBOX_STATE, FYR_OUTBOX_DELIVERED, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
fyr_alert_item_init (FyrAlertItem *self)
{
}

FyrAlertItem *
fyr_alert_item_new (FyrAlert *alert,
                    FyrMeasurement *measurement,
                    char *patient_name,
                    char *telephone,
                    FyrZone zone,
                    char *assignee_name,
                    FyrOutboxState state)
{
  FyrAlertItem *self = g_object_new (FYR_TYPE_ALERT_ITEM, NULL);

  self->alert = alert;
  self->measurement = measurement;
  self->patient_name = patient_name;
  self->telephone = telephone;
  self->zone = zone;
  self->assignee_name = assignee_name;
  self->state = state;
  return self;
}

FyrAlert *
fyr_alert_item_get_alert (FyrAlertItem *self)
{
  return self->alert;
}

const char *
fyr_alert_item_get_id (FyrAlertItem *self)
{
  return fyr_record_get_id (FYR_RECORD (self->alert));
}

const char *
fyr_alert_item_get_patient_name (FyrAlertItem *self)
{
  return self->patient_name;
}

const char *
fyr_alert_item_get_telephone (FyrAlertItem *self)
{
  return self->telephone;
}

FyrZone
fyr_alert_item_get_zone (FyrAlertItem *self)
{
  return self->zone;
}

const char *
fyr_alert_item_get_assignee_name (FyrAlertItem *self)
{
  return self->assignee_name;
}

FyrMeasurement *
fyr_alert_item_get_measurement (FyrAlertItem *self)
{
  return self->measurement;
}

FyrOutboxState
fyr_alert_item_get_state (FyrAlertItem *self)
{
  return self->state;
}

static gboolean
same_measurement (FyrMeasurement *a, FyrMeasurement *b)
{
  return a == b || (a != NULL && b != NULL && fyr_record_equal (FYR_RECORD (a), FYR_RECORD (b)));
}

gboolean
fyr_alert_item_equal (FyrAlertItem *a, FyrAlertItem *b)
{
  return a->state == b->state && a->zone == b->zone &&
         fyr_record_equal (FYR_RECORD (a->alert), FYR_RECORD (b->alert)) &&
         g_strcmp0 (a->patient_name, b->patient_name) == 0 && g_strcmp0 (a->telephone, b->telephone) == 0 &&
         g_strcmp0 (a->assignee_name, b->assignee_name) == 0 &&
         same_measurement (a->measurement, b->measurement);
}
