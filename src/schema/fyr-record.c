/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record.h"

#include <math.h>
#include <string.h>

#include "fyr-uuid.h"

enum { PROP_ID = 1, PROP_VERSION, PROP_FIRST_FIELD };

#define MAX_FIELDS 64 /* bits of set_mask */

/* A kind's class. Its properties by number: looking one up by its name at each change is what a change would cost. */
typedef struct {
  FyrRecordClass parent_class;
  GParamSpec *specs[PROP_FIRST_FIELD + MAX_FIELDS];
} KindClass;

G_DEFINE_QUARK (fyr - record - error - quark, fyr_record_error)
G_DEFINE_ABSTRACT_TYPE (FyrRecord, fyr_record, G_TYPE_OBJECT)

static gboolean
holds_string (FyrFieldType type)
{
  return type == FYR_FIELD_STRING || type == FYR_FIELD_TEXT || type == FYR_FIELD_JSON ||
         type == FYR_FIELD_DATE || type == FYR_FIELD_ID;
}

static const FyrFieldInfo *
field_info (FyrRecord *self, guint field)
{
  g_assert (field < self->info->n_fields);
  return &self->info->fields[field];
}

static void
notify (FyrRecord *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), ((KindClass *)G_OBJECT_GET_CLASS (self))->specs[property]);
}

static void
notify_field (FyrRecord *self, guint field)
{
  notify (self, PROP_FIRST_FIELD + field);
}

static void
fyr_record_finalize (GObject *object)
{
  FyrRecord *self = FYR_RECORD (object);
  for (guint i = 0; i < self->info->n_fields; i++) {
    if (holds_string (self->info->fields[i].type))
      g_free (self->values[i].string);
  }
  g_free (self->values);
  g_free (self->extra);
  G_OBJECT_CLASS (fyr_record_parent_class)->finalize (object);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrRecord *self = FYR_RECORD (object);
  if (id == PROP_ID)
    g_value_set_string (value, self->id);
  else if (id == PROP_VERSION)
    g_value_set_int64 (value, self->version);
  else if (holds_string (self->info->fields[id - PROP_FIRST_FIELD].type))
    g_value_set_string (value, self->values[id - PROP_FIRST_FIELD].string);
  else if (self->info->fields[id - PROP_FIRST_FIELD].type == FYR_FIELD_REAL)
    g_value_set_double (value, self->values[id - PROP_FIRST_FIELD].real);
  else if (self->info->fields[id - PROP_FIRST_FIELD].type == FYR_FIELD_BOOL)
    g_value_set_boolean (value, self->values[id - PROP_FIRST_FIELD].integer != 0);
  else
    g_value_set_int64 (value, self->values[id - PROP_FIRST_FIELD].integer);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FyrRecord *self = FYR_RECORD (object);
  if (id == PROP_ID)
    fyr_record_set_id (self, g_value_get_string (value));
  else if (id == PROP_VERSION)
    fyr_record_set_version (self, g_value_get_int64 (value));
  else if (G_VALUE_HOLDS_STRING (value))
    fyr_record_set_string (self, id - PROP_FIRST_FIELD, g_value_get_string (value));
  else if (G_VALUE_HOLDS_DOUBLE (value))
    fyr_record_set_real (self, id - PROP_FIRST_FIELD, g_value_get_double (value));
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    fyr_record_set_int (self, id - PROP_FIRST_FIELD, g_value_get_boolean (value));
  else
    fyr_record_set_int (self, id - PROP_FIRST_FIELD, g_value_get_int64 (value));
}

static GParamSpec *
field_pspec (const FyrFieldInfo *field)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  if (holds_string (field->type))
    return g_param_spec_string (field->property, NULL, field->doc, NULL, flags);
  if (field->type == FYR_FIELD_REAL)
    return g_param_spec_double (field->property, NULL, field->doc, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  if (field->type == FYR_FIELD_BOOL)
    return g_param_spec_boolean (field->property, NULL, field->doc, FALSE, flags);
  return g_param_spec_int64 (field->property, NULL, field->doc, G_MININT64, G_MAXINT64, 0, flags);
}

static void
fyr_record_class_init (FyrRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->finalize = fyr_record_finalize;
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  g_object_class_install_property (object_class, PROP_ID, g_param_spec_string ("id", NULL, NULL, "", flags));
  g_object_class_install_property (object_class, PROP_VERSION,
                                   g_param_spec_int64 ("version", NULL, NULL, 0, G_MAXINT64, 0, flags));
}

static void
fyr_record_init (FyrRecord *self)
{
}

static void
kind_class_init (gpointer klass, gpointer data)
{
  const FyrRecordInfo *info = data;
  GParamSpec **specs = ((KindClass *)klass)->specs;

  g_assert (info->n_fields <= MAX_FIELDS);
  ((FyrRecordClass *)klass)->info = info;
  /* GObject does not let a class inherit these two. */
  G_OBJECT_CLASS (klass)->get_property = get_property;
  G_OBJECT_CLASS (klass)->set_property = set_property;
  specs[PROP_ID] = g_object_class_find_property (klass, "id");
  specs[PROP_VERSION] = g_object_class_find_property (klass, "version");
  for (guint i = 0; i < info->n_fields; i++) {
    specs[PROP_FIRST_FIELD + i] = field_pspec (&info->fields[i]);
    g_object_class_install_property (klass, PROP_FIRST_FIELD + i, specs[PROP_FIRST_FIELD + i]);
  }
}

static void
kind_instance_init (GTypeInstance *instance, gpointer klass)
{
  FyrRecord *self = FYR_RECORD (instance);
  self->info = ((FyrRecordClass *)klass)->info;
  self->values = g_new0 (FyrFieldValue, self->info->n_fields);
}

static GType *kind_types;

static gpointer
register_kinds (gpointer data)
{
  kind_types = g_new0 (GType, fyr_n_record_infos);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const GTypeInfo type_info = {
      .class_size = sizeof (KindClass),
      .class_init = kind_class_init,
      .class_data = fyr_record_infos[i],
      .instance_size = sizeof (FyrRecord),
      .instance_init = kind_instance_init,
    };
    kind_types[i] = g_type_register_static (FYR_TYPE_RECORD, fyr_record_infos[i]->type_name, &type_info, 0);
  }
  return NULL;
}

GType
fyr_record_info_get_type (const FyrRecordInfo *info)
{
  static GOnce once = G_ONCE_INIT;
  g_once (&once, register_kinds, NULL);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (fyr_record_infos[i] == info)
      return kind_types[i];
  }
  g_assert_not_reached ();
}

const FyrRecordInfo *
fyr_record_info_lookup (const char *kind)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    if (g_strcmp0 (fyr_record_infos[i]->kind, kind) == 0)
      return fyr_record_infos[i];
  }
  return NULL;
}

int
fyr_record_info_find_field (const FyrRecordInfo *info, const char *name)
{
  for (guint i = 0; i < info->n_fields; i++) {
    if (strcmp (info->fields[i].name, name) == 0)
      return (int)i;
  }
  return -1;
}

guint
fyr_enum_from_code (const FyrEnumInfo *info, const char *code)
{
  for (guint i = 1; code != NULL && i <= info->n_codes; i++) {
    if (strcmp (info->codes[i], code) == 0)
      return i;
  }
  return 0;
}

const char *
fyr_enum_to_code (const FyrEnumInfo *info, guint number)
{
  return number <= info->n_codes ? info->codes[number] : NULL;
}

FyrRecord *
fyr_record_new (const FyrRecordInfo *info)
{
  return g_object_new (fyr_record_info_get_type (info), NULL);
}

gboolean
fyr_record_is_a (gpointer object, const FyrRecordInfo *info)
{
  return FYR_IS_RECORD (object) && FYR_RECORD (object)->info == info;
}

FyrRecord *
fyr_record_copy (FyrRecord *self)
{
  FyrRecord *copy = fyr_record_new (self->info);
  memcpy (copy->id, self->id, sizeof copy->id);
  copy->version = self->version;
  for (guint i = 0; i < self->info->n_fields; i++)
    fyr_record_copy_field (copy, self, i);
  copy->extra = g_strdup (self->extra);
  return copy;
}

gboolean
fyr_record_equal (FyrRecord *a, FyrRecord *b)
{
  if (a->info != b->info || strcmp (a->id, b->id) != 0 || g_strcmp0 (a->extra, b->extra) != 0)
    return FALSE;
  for (guint i = 0; i < a->info->n_fields; i++) {
    if (!fyr_record_field_equal (a, b, i))
      return FALSE;
  }
  return TRUE;
}

const FyrRecordInfo *
fyr_record_get_info (FyrRecord *self)
{
  return self->info;
}

const char *
fyr_record_get_id (FyrRecord *self)
{
  return self->id;
}

void
fyr_record_set_id (FyrRecord *self, const char *id)
{
  g_return_if_fail (fyr_uuid_is_valid (id));
  if (strcmp (self->id, id) == 0)
    return;
  g_strlcpy (self->id, id, sizeof self->id);
  notify (self, PROP_ID);
}

gint64
fyr_record_get_version (FyrRecord *self)
{
  return self->version;
}

void
fyr_record_set_version (FyrRecord *self, gint64 version)
{
  if (self->version == version)
    return;
  self->version = version;
  notify (self, PROP_VERSION);
}

gboolean
fyr_record_is_set (FyrRecord *self, guint field)
{
  g_assert (field < self->info->n_fields);
  return (self->set_mask & (G_GUINT64_CONSTANT (1) << field)) != 0;
}

void
fyr_record_clear (FyrRecord *self, guint field)
{
  const FyrFieldInfo *info = field_info (self, field);
  if (!fyr_record_is_set (self, field))
    return;
  if (holds_string (info->type))
    g_clear_pointer (&self->values[field].string, g_free);
  self->values[field] = (FyrFieldValue){ 0 };
  self->set_mask &= ~(G_GUINT64_CONSTANT (1) << field);
  notify_field (self, field);
}

gint64
fyr_record_get_int (FyrRecord *self, guint field)
{
  g_assert (!holds_string (field_info (self, field)->type) &&
            self->info->fields[field].type != FYR_FIELD_REAL);
  return self->values[field].integer;
}

void
fyr_record_set_int (FyrRecord *self, guint field, gint64 value)
{
  const FyrFieldInfo *info = field_info (self, field);
  g_assert (!holds_string (info->type) && info->type != FYR_FIELD_REAL);
  if (info->type == FYR_FIELD_ENUM && value == 0) {
    fyr_record_clear (self, field);
    return;
  }
  if (fyr_record_is_set (self, field) && self->values[field].integer == value)
    return;
  self->values[field].integer = value;
  self->set_mask |= G_GUINT64_CONSTANT (1) << field;
  notify_field (self, field);
}

double
fyr_record_get_real (FyrRecord *self, guint field)
{
  g_assert (field_info (self, field)->type == FYR_FIELD_REAL);
  return self->values[field].real;
}

void
fyr_record_set_real (FyrRecord *self, guint field, double value)
{
  g_assert (field_info (self, field)->type == FYR_FIELD_REAL);
  if (!isfinite (value)) {
    fyr_record_clear (self, field);
    return;
  }
  if (fyr_record_is_set (self, field) && self->values[field].real == value)
    return;
  self->values[field].real = value;
  self->set_mask |= G_GUINT64_CONSTANT (1) << field;
  notify_field (self, field);
}

const char *
fyr_record_get_string (FyrRecord *self, guint field)
{
  g_assert (holds_string (field_info (self, field)->type));
  return self->values[field].string;
}

void
fyr_record_set_string (FyrRecord *self, guint field, const char *value)
{
  g_assert (holds_string (field_info (self, field)->type));
  if (value == NULL || *value == '\0') {
    fyr_record_clear (self, field);
    return;
  }
  if (g_strcmp0 (self->values[field].string, value) == 0)
    return;
  char *copy = g_strdup (value);
  g_free (self->values[field].string);
  self->values[field].string = copy;
  self->set_mask |= G_GUINT64_CONSTANT (1) << field;
  notify_field (self, field);
}

void
fyr_record_copy_field (FyrRecord *self, FyrRecord *from, guint field)
{
  g_assert (self->info == from->info);
  const FyrFieldInfo *info = field_info (self, field);
  if (!fyr_record_is_set (from, field))
    fyr_record_clear (self, field);
  else if (holds_string (info->type))
    fyr_record_set_string (self, field, from->values[field].string);
  else if (info->type == FYR_FIELD_REAL)
    fyr_record_set_real (self, field, from->values[field].real);
  else
    fyr_record_set_int (self, field, from->values[field].integer);
}

gboolean
fyr_record_field_equal (FyrRecord *a, FyrRecord *b, guint field)
{
  g_assert (a->info == b->info);
  const FyrFieldInfo *info = field_info (a, field);
  if (fyr_record_is_set (a, field) != fyr_record_is_set (b, field))
    return FALSE;
  if (holds_string (info->type))
    return g_strcmp0 (a->values[field].string, b->values[field].string) == 0;
  if (info->type == FYR_FIELD_REAL)
    return a->values[field].real == b->values[field].real;
  return a->values[field].integer == b->values[field].integer;
}

const char *
fyr_record_get_extra (FyrRecord *self)
{
  return self->extra;
}

void
fyr_record_set_extra (FyrRecord *self, const char *extra)
{
  char *copy = g_strdup (extra);
  g_free (self->extra);
  self->extra = copy;
}
