/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FyrFieldType:
 *
 * What a field holds. STRING is one line, TEXT several. DATE is `YYYY-MM-DD`. TIME is milliseconds since
 * the Unix epoch, UTC. ID is a UUID in its lower-case text form. ENUM is the number of its code from 1.
 */
typedef enum {
  FYR_FIELD_STRING,
  FYR_FIELD_TEXT,
  FYR_FIELD_JSON,
  FYR_FIELD_DATE,
  FYR_FIELD_INT,
  FYR_FIELD_TIME,
  FYR_FIELD_BOOL,
  FYR_FIELD_ENUM,
  FYR_FIELD_REAL,
  FYR_FIELD_ID,
} FyrFieldType;

/** FyrFieldClass: what a field reveals; access.toml says who may read and write each class. */
typedef enum {
  FYR_FIELD_CLASS_OPEN,
  FYR_FIELD_CLASS_CONTACT,
  FYR_FIELD_CLASS_IDENTITY,
  FYR_FIELD_CLASS_CLINICAL,
  FYR_FIELD_CLASS_EQUIPMENT,
  FYR_FIELD_CLASS_CONFIGURATION,
  FYR_FIELD_CLASS_AUDIT,
  FYR_FIELD_CLASS_REVIEW,
} FyrFieldClass;

/** FyrScopeClass: the data class of the feed that carries a record kind (PROTOCOL.md). */
typedef enum {
  FYR_SCOPE_CLASS_ROSTER,
  FYR_SCOPE_CLASS_MEASUREMENT,
  FYR_SCOPE_CLASS_ALERT,
  FYR_SCOPE_CLASS_PLAN,
  FYR_SCOPE_CLASS_NOTE,
  FYR_SCOPE_CLASS_RESTRICTED_NOTE,
  FYR_SCOPE_CLASS_EQUIPMENT,
  FYR_SCOPE_CLASS_CONFIGURATION,
  FYR_SCOPE_CLASS_AUDIT,
  FYR_SCOPE_CLASS_PRIVATE,
  FYR_SCOPE_CLASS_REVIEW,
  FYR_SCOPE_CLASS_N,
} FyrScopeClass;

/** FyrScopeBy: how a record finds its centre: none, its own centre_id, or through its patient. */
typedef enum {
  FYR_SCOPE_BY_GLOBAL,
  FYR_SCOPE_BY_CENTRE,
  FYR_SCOPE_BY_PATIENT,
} FyrScopeBy;

/** FyrMerge: what happens when two write the same record (PROTOCOL.md, "Conflicts by kind"). */
typedef enum {
  FYR_MERGE_FACT,
  FYR_MERGE_REGISTER,
  FYR_MERGE_VERSION,
  FYR_MERGE_COMMAND,
} FyrMerge;

/** FyrEnumInfo: codes[0] is "", codes[1] the first code; numbers are stored, so codes are only appended. */
typedef struct {
  const char *name;
  const char *const *codes;
  guint n_codes;
} FyrEnumInfo;

/** FyrFieldInfo: one declared field. min and max bound numbers; max bounds text in characters. */
typedef struct {
  const char *name;
  const char *property;
  FyrFieldType type;
  gboolean required;
  gboolean has_min;
  double min;
  gboolean has_max;
  double max;
  const char *unit;
  FyrFieldClass field_class;
  gboolean clinical_merge;
  const FyrEnumInfo *enum_info;
  const char *doc;
} FyrFieldInfo;

/**
 * FyrRecordInfo:
 *
 * One declared record kind. The SQL statements take and give the columns in the order of @columns_sql:
 * id, version, the fields in order, extra. Role masks hold bit `1 << FYR_ROLE_…`. @patient_field and
 * @centre_field are field indexes, or -1.
 */
typedef struct {
  const char *kind;
  const char *type_name;
  const char *doc;
  FyrScopeClass scope;
  FyrScopeBy scope_by;
  FyrMerge merge;
  const FyrFieldInfo *fields;
  guint n_fields;
  int patient_field;
  int centre_field;
  guint read_roles;
  guint write_roles;
  const char *create_sqlite;
  const char *create_postgresql;
  const char *columns_sql;
  const char *insert_sql;
  const char *upsert_sql;
} FyrRecordInfo;

extern const FyrRecordInfo *const fyr_record_infos[];
extern const guint fyr_n_record_infos;

typedef union {
  gint64 integer;
  double real;
  char *string;
} FyrFieldValue;

/**
 * FyrRecord:
 *
 * One record: id, version and the values of its declared fields, each set or unset. Fields this program
 * does not know (written by a newer one) travel along in `extra`. Properties "id", "version" and one a
 * field; setting a property to the value it has notifies nobody. Not thread-safe: hand over, do not share.
 */
typedef struct _FyrRecord {
  GObject parent_instance;
  /*< private >*/
  const FyrRecordInfo *info;
  char id[37];
  gint64 version;
  guint64 set_mask;
  FyrFieldValue *values;
  char *extra;
} FyrRecord;

typedef struct {
  GObjectClass parent_class;
  const FyrRecordInfo *info;
} FyrRecordClass;

#define FYR_TYPE_RECORD (fyr_record_get_type ())
#define FYR_RECORD(obj) ((FyrRecord *)(obj))
#define FYR_IS_RECORD(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), FYR_TYPE_RECORD))
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrRecord, g_object_unref)

GType
fyr_record_get_type (void);

/**
 * fyr_record_info_lookup:
 * @kind: (nullable): a record kind's name, e.g. "patient"
 *
 * Returns: (nullable) (transfer none): its declaration, or %NULL for a kind this program does not know
 */
const FyrRecordInfo *
fyr_record_info_lookup (const char *kind);

/** fyr_record_info_get_type: the #GType of the kind's records; registered at the first call, thread-safe. */
GType
fyr_record_info_get_type (const FyrRecordInfo *info);

/** fyr_record_info_find_field: the index of the field called @name (as in the declaration), or -1. */
int
fyr_record_info_find_field (const FyrRecordInfo *info, const char *name);

/** fyr_enum_from_code: the number of @code (nullable) in @info, or 0 when unset or unknown. */
guint
fyr_enum_from_code (const FyrEnumInfo *info, const char *code);

/** fyr_enum_to_code: the code of @number, "" for 0, or %NULL when @number is out of bounds. */
const char *
fyr_enum_to_code (const FyrEnumInfo *info, guint number);

/** fyr_record_new: (transfer full): an empty record of the kind with version 0 and no id. */
FyrRecord *
fyr_record_new (const FyrRecordInfo *info);

/** fyr_record_is_a: whether @object (nullable) is a record of the kind @info. */
gboolean
fyr_record_is_a (gpointer object, const FyrRecordInfo *info);

/** fyr_record_copy: (transfer full): a record with the same id, version, values and extra. */
FyrRecord *
fyr_record_copy (FyrRecord *self);

/** fyr_record_equal: whether kind, id, and all values and extra are the same; the version is not compared. */
gboolean
fyr_record_equal (FyrRecord *a, FyrRecord *b);

/** fyr_record_get_info: (transfer none): the declaration of the record's kind */
const FyrRecordInfo *
fyr_record_get_info (FyrRecord *self);

/** fyr_record_get_id: (transfer none): the UUID, or "" before fyr_record_set_id(). */
const char *
fyr_record_get_id (FyrRecord *self);

/**
 * fyr_record_set_id:
 * @id: a UUID in text form (see fyr_uuid_is_valid()); anything else is a programmer's error
 */
void
fyr_record_set_id (FyrRecord *self, const char *id);

/** fyr_record_get_version: 1 when created, one more with each change the server applied; 0 before */
gint64
fyr_record_get_version (FyrRecord *self);
/** fyr_record_set_version: @version: 0 or more; the server's to give */
void
fyr_record_set_version (FyrRecord *self, gint64 version);

/** fyr_record_is_set: whether field @field (an index below n_fields) has a value. */
gboolean
fyr_record_is_set (FyrRecord *self, guint field);

/** fyr_record_clear: makes field @field unset. */
void
fyr_record_clear (FyrRecord *self, guint field);

/** fyr_record_get_int: an int, time, bool or enum field; 0 when unset. */
gint64
fyr_record_get_int (FyrRecord *self, guint field);

/** fyr_record_set_int: for an enum field 0 makes it unset. */
void
fyr_record_set_int (FyrRecord *self, guint field, gint64 value);

/** fyr_record_get_real: a real field; 0.0 when unset: ask fyr_record_is_set() first. */
double
fyr_record_get_real (FyrRecord *self, guint field);

/** fyr_record_set_real: NaN and infinities are never stored: they make the field unset. */
void
fyr_record_set_real (FyrRecord *self, guint field, double value);

/** fyr_record_get_string: (nullable) (transfer none): a string, text, JSON, date or id field; %NULL when unset. */
const char *
fyr_record_get_string (FyrRecord *self, guint field);

/** fyr_record_set_string: %NULL and "" make the field unset. @value is copied. */
void
fyr_record_set_string (FyrRecord *self, guint field, const char *value);

/** fyr_record_copy_field: gives @field of @self the value, or unset state, it has in @from (same kind). */
void
fyr_record_copy_field (FyrRecord *self, FyrRecord *from, guint field);

/** fyr_record_field_equal: whether @field is the same in both, set or unset. */
gboolean
fyr_record_field_equal (FyrRecord *a, FyrRecord *b, guint field);

/** fyr_record_get_extra: (nullable) (transfer none): JSON object text of the fields this program does not know. */
const char *
fyr_record_get_extra (FyrRecord *self);

/** fyr_record_set_extra: @extra: (nullable): JSON object text; copied. */
void
fyr_record_set_extra (FyrRecord *self, const char *extra);

#define FYR_RECORD_ERROR (fyr_record_error_quark ())
GQuark
fyr_record_error_quark (void);

/**
 * FyrRecordError:
 * @FYR_RECORD_ERROR_MISSING: a required field is unset: ask for it
 * @FYR_RECORD_ERROR_TYPE: a value is of the wrong JSON type or no valid id, date or code: the sender is broken
 * @FYR_RECORD_ERROR_BOUNDS: a value is outside its declared bounds: ask for another
 * @FYR_RECORD_ERROR_KIND: a record kind this program does not know: park it
 */
typedef enum {
  FYR_RECORD_ERROR_MISSING,
  FYR_RECORD_ERROR_TYPE,
  FYR_RECORD_ERROR_BOUNDS,
  FYR_RECORD_ERROR_KIND,
} FyrRecordErrorCode;

/**
 * fyr_record_validate:
 * @field: (out) (optional): the field at fault, for the message at that field; -1 for the id
 *
 * Checks id, required fields, bounds, dates, ids and enum numbers. The error's message names the field and
 * the rule, never the value (it may be a patient's).
 *
 * Returns: %TRUE when the record may be saved
 */
gboolean
fyr_record_validate (FyrRecord *self, int *field, GError **error);

/** fyr_field_validate: the same for one field, with the same #FyrRecordError codes. */
gboolean
fyr_field_validate (FyrRecord *self, guint field, GError **error);

/**
 * fyr_record_to_json:
 * @class_mask: bits `1 << FYR_FIELD_CLASS_…` to be written; %G_MAXUINT for all
 *
 * Returns: (transfer full): "id", "version" and each set field, enums as codes, unknown fields as they came
 * (only with a full mask: their class is not known)
 */
JsonObject *
fyr_record_to_json (FyrRecord *self, guint class_mask);

/**
 * fyr_record_from_json:
 *
 * Unknown members and unknown enum codes are kept in extra; null means unset. Values are checked for type,
 * not for bounds: call fyr_record_validate().
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %FYR_RECORD_ERROR_TYPE
 */
FyrRecord *
fyr_record_from_json (const FyrRecordInfo *info, JsonObject *object, GError **error);

/**
 * fyr_record_apply_json:
 * @object: members to change; null makes a field unset; "id" and "version" are ignored
 * @changed: (out) (optional): mask of the fields that were named, bit `1 << field`
 *
 * Returns: %FALSE with %FYR_RECORD_ERROR_TYPE; the record may then be half-changed and must be dropped
 */
gboolean
fyr_record_apply_json (FyrRecord *self, JsonObject *object, guint64 *changed, GError **error);

/** fyr_record_field_to_json: (transfer full): the field's value as a node; JSON null when unset. */
JsonNode *
fyr_record_field_to_json (FyrRecord *self, guint field);

G_END_DECLS
