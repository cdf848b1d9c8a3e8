/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-item.h"

#include "fyr-items-private.h"
#include "fyr-text-fold.h"

struct _FyrPatientItem {
  GObject parent_instance;

  FyrPatient *patient;
  char *name;
  guint open_alerts;
  FyrAlertCategory worst;
  gint64 last_report;
  FyrOutboxState state;
};

G_DEFINE_FINAL_TYPE (FyrPatientItem, fyr_patient_item, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_PATIENT,
  PROP_NAME,
  PROP_IDENTITY_NUMBER,
  PROP_TELEPHONE,
  PROP_ZONE,
  PROP_STATUS,
  PROP_OPEN_ALERTS,
  PROP_WORST_CATEGORY,
  PROP_LAST_REPORT,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
fyr_patient_item_finalize (GObject *object)
{
  FyrPatientItem *self = FYR_PATIENT_ITEM (object);

  g_clear_object (&self->patient);
  g_free (self->name);
  G_OBJECT_CLASS (fyr_patient_item_parent_class)->finalize (object);
}

static void
fyr_patient_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrPatientItem *self = FYR_PATIENT_ITEM (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, fyr_patient_item_get_id (self));
    break;
  case PROP_PATIENT:
    g_value_set_object (value, self->patient);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_IDENTITY_NUMBER:
    g_value_set_string (value, fyr_patient_get_identity_number (self->patient));
    break;
  case PROP_TELEPHONE:
    g_value_set_string (value, fyr_patient_get_telephone (self->patient));
    break;
  case PROP_ZONE:
    g_value_set_uint (value, fyr_patient_get_zone (self->patient));
    break;
  case PROP_STATUS:
    g_value_set_uint (value, fyr_patient_get_status (self->patient));
    break;
  case PROP_OPEN_ALERTS:
    g_value_set_uint (value, self->open_alerts);
    break;
  case PROP_WORST_CATEGORY:
    g_value_set_uint (value, self->worst);
    break;
  case PROP_LAST_REPORT:
    g_value_set_int64 (value, self->last_report);
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
fyr_patient_item_class_init (FyrPatientItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = fyr_patient_item_finalize;
  object_class->get_property = fyr_patient_item_get_property;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_PATIENT] = g_param_spec_object ("patient", NULL, NULL, FYR_TYPE_RECORD, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_IDENTITY_NUMBER] = g_param_spec_string ("identity-number", NULL, NULL, NULL, flags);
  props[PROP_TELEPHONE] = g_param_spec_string ("telephone", NULL, NULL, NULL, flags);
  props[PROP_ZONE] = g_param_spec_uint ("zone", NULL, NULL, 0, FYR_ZONE_LAST, 0, flags);
  props[PROP_STATUS] = g_param_spec_uint ("status", NULL, NULL, 0, FYR_PATIENT_STATUS_LAST, 0, flags);
  props[PROP_OPEN_ALERTS] = g_param_spec_uint ("open-alerts", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_WORST_CATEGORY] =
      g_param_spec_uint ("worst-category", NULL, NULL, 0, FYR_ALERT_CATEGORY_LAST, 0, flags);
  props[PROP_LAST_REPORT] = g_param_spec_int64 ("last-report", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, FYR_TYPE_OUTBOX_STATE, FYR_OUTBOX_DELIVERED, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
fyr_patient_item_init (FyrPatientItem *self)
{
}

FyrPatientItem *
fyr_patient_item_new (
    FyrPatient *patient, guint open_alerts, FyrAlertCategory worst, gint64 last_report, FyrOutboxState state)
{
  FyrPatientItem *self = g_object_new (FYR_TYPE_PATIENT_ITEM, NULL);

  self->patient = patient;
  self->name =
      fyr_person_list_name (fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient));
  self->open_alerts = open_alerts;
  self->worst = worst;
  self->last_report = last_report;
  self->state = state;
  return self;
}

FyrPatient *
fyr_patient_item_get_patient (FyrPatientItem *self)
{
  return self->patient;
}

const char *
fyr_patient_item_get_id (FyrPatientItem *self)
{
  return fyr_record_get_id (FYR_RECORD (self->patient));
}

const char *
fyr_patient_item_get_name (FyrPatientItem *self)
{
  return self->name;
}

guint
fyr_patient_item_get_open_alerts (FyrPatientItem *self)
{
  return self->open_alerts;
}

FyrAlertCategory
fyr_patient_item_get_worst_category (FyrPatientItem *self)
{
  return self->worst;
}

gint64
fyr_patient_item_get_last_report (FyrPatientItem *self)
{
  return self->last_report;
}

FyrOutboxState
fyr_patient_item_get_state (FyrPatientItem *self)
{
  return self->state;
}

void
fyr_patient_item_take_over (FyrPatientItem *self, FyrPatientItem *fresh)
{
  gboolean same = fyr_record_equal (FYR_RECORD (self->patient), FYR_RECORD (fresh->patient)) &&
                  self->open_alerts == fresh->open_alerts && self->worst == fresh->worst &&
                  self->last_report == fresh->last_report && self->state == fresh->state;

  if (self == fresh) {
    return;
  }
  /* Also when nothing that is shown differs: the version may. */
  g_set_object (&self->patient, fresh->patient);
  if (same) {
    return;
  }
  g_free (self->name);
  self->name = g_strdup (fresh->name);
  self->open_alerts = fresh->open_alerts;
  self->worst = fresh->worst;
  self->last_report = fresh->last_report;
  self->state = fresh->state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PATIENT]);
}
