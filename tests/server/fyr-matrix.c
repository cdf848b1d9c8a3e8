/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-matrix.h"

#include <stdio.h>
#include <string.h>

#include "fyr-fhir-route.h"

#define UNKNOWN_SYSTEM "urn:oid:1.2.3.4"

static gboolean
is_about_patient (const FyrRecordInfo *info)
{
  return info->scope_by == FYR_SCOPE_BY_PATIENT || info == &fyr_patient_info;
}

gboolean
matrix_has (guint kind, MatrixPlace place)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];

  if (is_about_patient (info)) {
    return TRUE;
  }
  return place == PLACE_LISTED || place == PLACE_FAR;
}

/* What a marker needs: the mark, place, kind and field. */
#define MARKER_LENGTH 9

char *
matrix_marker (guint kind, guint field, MatrixPlace place)
{
  const FyrFieldInfo *info = &fyr_record_infos[kind]->fields[field];
  gboolean text = info->type == FYR_FIELD_STRING || info->type == FYR_FIELD_TEXT;

  if (!text || (info->has_max && info->max < MARKER_LENGTH)) {
    return NULL;
  }
  return g_strdup_printf (MATRIX_MARK "%c%02u%02uZ", 'A' + (int)place, kind, field);
}

/* The oracle */

static gboolean
stands_here (const Actor *actor)
{
  return actor->standing == STANDING_MEMBER || actor->standing == STANDING_NO_LIST ||
         actor->standing == STANDING_EMERGENCY;
}

static gboolean
has_any_role (const Actor *actor)
{
  return stands_here (actor) || actor->standing == STANDING_FAR_MEMBER;
}

/* security.md 4: emergency access lifts relation and block, of its patient, for who treats. */
gboolean
matrix_is_opened (const Actor *actor, MatrixPlace place)
{
  return actor->standing == STANDING_EMERGENCY &&
         (actor->role == FYR_ROLE_NURSE || actor->role == FYR_ROLE_GP) &&
         (place == PLACE_BARRED || place == PLACE_OTHER_LIST);
}

void
matrix_add_opened (Matrix *self, const Actor *actor, GHashTable *feeds)
{
  for (guint place = 0; place < N_MATRIX_PLACES; place++) {
    if (matrix_is_opened (actor, (MatrixPlace)place)) {
      g_hash_table_add (feeds, g_strdup_printf ("patient:%s", self->patients[place]));
    }
  }
}

gboolean
matrix_is_kept (guint kind)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];

  return info == &fyr_audit_event_info || info == &fyr_emergency_access_info ||
         info == &fyr_emergency_event_info;
}

gboolean
matrix_relates (const Actor *actor, guint kind, MatrixPlace place)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];

  if (!has_any_role (actor)) {
    return FALSE;
  }
  if (info->scope_by == FYR_SCOPE_BY_GLOBAL) {
    return TRUE;
  }
  if (is_about_patient (info) && matrix_is_opened (actor, place)) {
    return TRUE;
  }
  if ((place == PLACE_FAR) != (actor->standing == STANDING_FAR_MEMBER) ||
      (place == PLACE_BARRED && is_about_patient (info))) {
    return FALSE;
  }
  if (actor->role == FYR_ROLE_GP && is_about_patient (info)) {
    return actor->standing != STANDING_NO_LIST && place != PLACE_OTHER_LIST;
  }
  return TRUE;
}

gboolean
matrix_reads (const Actor *actor, guint kind, int field, MatrixPlace place)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];
  const FyrRoleAccess *access = &fyr_role_access[actor->role];

  if (!matrix_relates (actor, kind, place) || (info->read_roles & (1u << actor->role)) == 0) {
    return FALSE;
  }
  return field < 0 || (access->read_classes & (1u << info->fields[field].field_class)) != 0;
}

/* What no role may, whoever it is: facts and commands are not edited, versions only end. */
static gboolean
kind_takes (const FyrRecordInfo *info, guint64 fields, MatrixVerb verb)
{
  switch (verb) {
  case VERB_CREATE:
    return info->merge != FYR_MERGE_COMMAND && info != &fyr_alert_event_info;
  case VERB_UPDATE:
    if (info->merge == FYR_MERGE_VERSION) {
      return (fields & ~(G_GUINT64_CONSTANT (1) << FYR_LIMIT_VALID_TO | G_GUINT64_CONSTANT (1)
                                                                            << FYR_LIMIT_REASON)) == 0;
    }
    return info->merge == FYR_MERGE_REGISTER;
  case VERB_DELETE:
    return info->merge == FYR_MERGE_REGISTER;
  case VERB_COMMAND:
    return info->merge == FYR_MERGE_COMMAND;
  case VERB_READ:
  case N_MATRIX_VERBS:
  default:
    return FALSE;
  }
}

/* Who ever saw patients of a centre owes its access log what was seen, also when shut out since. */
static gboolean
logs (const Actor *actor, MatrixPlace place)
{
  gboolean far = actor->standing == STANDING_FAR_MEMBER;
  gboolean ever =
      has_any_role (actor) || actor->standing == STANDING_ENDED || actor->standing == STANDING_INACTIVE;

  return ever && (place == PLACE_FAR) == far && (fyr_audit_event_info.write_roles & (1u << actor->role)) != 0;
}

gboolean
matrix_writes (const Actor *actor, guint kind, guint64 fields, MatrixPlace place, MatrixVerb verb)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];
  const FyrRoleAccess *access = &fyr_role_access[actor->role];

  if (verb == VERB_CREATE && info == &fyr_audit_event_info) {
    return logs (actor, place);
  }
  /* A patient who is not there yet has shut nobody out. */
  if (verb == VERB_CREATE && info == &fyr_patient_info && place == PLACE_BARRED) {
    place = PLACE_LISTED;
  }
  if (!matrix_relates (actor, kind, place) || (info->write_roles & (1u << actor->role)) == 0 ||
      !kind_takes (info, fields, verb)) {
    return FALSE;
  }
  /* A centre is changed by its own administrator, and made by operators. */
  if (info == &fyr_centre_info &&
      (verb == VERB_CREATE || (place == PLACE_FAR) != (actor->standing == STANDING_FAR_MEMBER))) {
    return FALSE;
  }
  for (guint f = 0; f < info->n_fields; f++) {
    if ((fields & (G_GUINT64_CONSTANT (1) << f)) &&
        (access->write_classes & (1u << info->fields[f].field_class)) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

guint
matrix_check_text (Matrix *self, const Actor *actor, const char *text)
{
  guint found = 0;

  for (const char *at = strstr (text, MATRIX_MARK); at != NULL; at = strstr (at + 1, MATRIX_MARK)) {
    guint place = (guint)(at[3] - 'A'), kind = 0, field = 0;

    g_assert_cmpuint (place, <, N_MATRIX_PLACES);
    g_assert_cmpint (sscanf (at + 4, "%2u%2u", &kind, &field), ==, 2);
    g_assert_cmpuint (kind, <, self->n_kinds);
    if (!matrix_reads (actor, kind, (int)field, (MatrixPlace)place)) {
      g_error ("%s was told %s.%s of place %u", actor->name, fyr_record_infos[kind]->kind,
               fyr_record_infos[kind]->fields[field].name, place);
    }
    found++;
  }
  return found;
}

/* Values */

static const char *
centre_at (Matrix *self, MatrixPlace place)
{
  return place == PLACE_FAR ? self->house->world->far_centre : self->house->world->centre;
}

/* What references point to, so that nothing but access decides. */
static const char *
reference_at (Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];
  const char *name = info->fields[field].name;
  World *world = self->house->world;

  if (g_str_equal (name, "centre_id")) {
    return centre_at (self, place);
  }
  if (g_str_equal (name, "gp_id")) {
    return place == PLACE_OTHER_LIST ? world->other_gp : world->gp;
  }
  if (g_str_equal (name, "user_id")) {
    return self->spare_user;
  }
  if (g_str_equal (name, "author_id") || g_str_equal (name, "agent_id") || g_str_equal (name, "set_by") ||
      g_str_equal (name, "actor_id")) {
    return actor != NULL ? actor->station->user : world->nurse;
  }
  if (g_str_equal (name, "corrects_id") && info == &fyr_measurement_info && actor == NULL) {
    return NULL;
  }
  if (g_str_equal (name, "corrects_id") || g_str_equal (name, "alert_id") ||
      g_str_equal (name, "access_id")) {
    const FyrRecordInfo *other = g_str_equal (name, "alert_id")    ? &fyr_alert_info
                                 : g_str_equal (name, "access_id") ? &fyr_emergency_access_info
                                                                   : info;
    for (guint k = 0; k < self->n_kinds; k++) {
      if (fyr_record_infos[k] == other && self->ids[k][place][0] != '\0') {
        return self->ids[k][place];
      }
    }
  }
  return self->patients[place];
}

static gint64
time_of (const char *name, gint64 now)
{
  if (g_str_equal (name, "valid_to")) {
    return now + 1000;
  }
  return g_str_equal (name, "valid_from") ? now - 86400000 : now - 60000;
}

/* A number the rules take: limits in their order, all else within its bounds. */
static double
number_of (const FyrFieldInfo *field)
{
  static const struct {
    const char *name;
    double value;
  } known[] = { { "red_low", 85 },       { "yellow_low", 90 }, { "yellow_high", 99.5 }, { "red_high", 99.9 },
                { "change_amount", 3 },  { "value", 93.125 },  { "value_2", 71.5 },     { "observed", 84.25 },
                { "threshold", 85.125 }, { "repeat_count", 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_str_equal (known[i].name, field->name)) {
      return known[i].value;
    }
  }
  return field->has_min ? field->min + 1 : 2;
}

static char *
text_of (guint kind, guint field, MatrixPlace place, gboolean fresh)
{
  const FyrFieldInfo *info = &fyr_record_infos[kind]->fields[field];
  static guint serial;
  char *marker;

  if (g_str_equal (info->name, "identity_system")) {
    return g_strdup (UNKNOWN_SYSTEM);
  }
  if (g_str_equal (info->name, "hpr_number") || g_str_equal (info->name, "organization_number")) {
    return g_strdup ("974760673");
  }
  marker = matrix_marker (kind, field, place);
  if (marker == NULL) {
    return g_strdup ("0123");
  }
  if (fresh) {
    /* Of the same length, as it must fit, and not the one that lies there. */
    g_free (marker);
    marker = g_strdup_printf ("N%08u", ++serial % 100000000);
  }
  return marker;
}

static char *
field_json (Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place)
{
  const FyrFieldInfo *info = &fyr_record_infos[kind]->fields[field];
  World *world = self->house->world;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (info->type) {
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT: {
    g_autofree char *text = text_of (kind, field, place, actor != NULL);
    return g_strdup_printf ("\"%s\"", text);
  }
  case FYR_FIELD_JSON:
    return g_strdup (
        g_str_equal (info->name, "closed_days") ? "\"[]\"" : "\"[[480,960],null,null,null,null,null,null]\"");
  case FYR_FIELD_DATE:
    return g_strdup ("\"1950-01-31\"");
  case FYR_FIELD_TIME:
    return g_strdup_printf ("%" G_GINT64_FORMAT, time_of (info->name, world->now));
  case FYR_FIELD_BOOL:
    return g_strdup ("true");
  case FYR_FIELD_ENUM:
    if (info->enum_info == &fyr_emergency_action_info) {
      return g_strdup ("\"seen\"");
    }
    /* Limits of a blood pressure have all fields. */
    return g_strdup_printf ("\"%s\"", info->enum_info == &fyr_measurement_kind_info &&
                                              fyr_record_infos[kind] == &fyr_limit_info
                                          ? "blood-pressure"
                                          : info->enum_info->codes[1]);
  case FYR_FIELD_ID: {
    const char *id = reference_at (self, actor, kind, field, place);
    return id != NULL ? g_strdup_printf ("\"%s\"", id) : NULL;
  }
  case FYR_FIELD_INT:
  case FYR_FIELD_REAL:
  default:
    return g_strdup (g_ascii_dtostr (number, sizeof number, number_of (info)));
  }
}

char *
matrix_field_json (Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place)
{
  return field_json (self, actor, kind, field, place);
}

static void
append_member (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, "%s\"%s\":%s", text->len > 1 ? "," : "", name, value);
}

/* Fields that the rules ask for beside one that was chosen. */
static gboolean
goes_with (const FyrRecordInfo *info, guint field, guint chosen)
{
  if (info->fields[field].required || field == chosen) {
    return TRUE;
  }
  if (info == &fyr_measurement_info) {
    return field == FYR_MEASUREMENT_VALUE;
  }
  if (info == &fyr_limit_info) {
    return field == FYR_LIMIT_RED_LOW || field == FYR_LIMIT_COMPONENT ||
           (chosen >= FYR_LIMIT_REPEAT_COUNT && chosen <= FYR_LIMIT_REPEAT_HOURS &&
            field >= FYR_LIMIT_REPEAT_COUNT && field <= FYR_LIMIT_REPEAT_HOURS) ||
           (chosen >= FYR_LIMIT_CHANGE_AMOUNT && chosen <= FYR_LIMIT_CHANGE_CATEGORY &&
            field >= FYR_LIMIT_CHANGE_AMOUNT && field <= FYR_LIMIT_CHANGE_CATEGORY);
  }
  return info == &fyr_patient_info && chosen == FYR_PATIENT_IDENTITY_NUMBER &&
         field == FYR_PATIENT_IDENTITY_SYSTEM;
}

char *
matrix_create_json (
    Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place, guint64 *set)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];
  GString *text = g_string_new ("{");

  *set = 0;
  for (guint f = 0; f < info->n_fields; f++) {
    g_autofree char *value = goes_with (info, f, field) ? field_json (self, actor, kind, f, place) : NULL;

    if (value != NULL) {
      append_member (text, info->fields[f].name, value);
      *set |= G_GUINT64_CONSTANT (1) << f;
    }
  }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* The house */

static void
put_whole (Matrix *self, guint kind, MatrixPlace place, const char *id)
{
  const FyrRecordInfo *info = fyr_record_infos[kind];
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  FyrRecord *record;

  for (guint f = 0; f < info->n_fields; f++) {
    g_autofree char *value = field_json (self, NULL, kind, f, place);
    if (value != NULL) {
      append_member (text, info->fields[f].name, value);
    }
  }
  g_string_append_c (text, '}');
  node = json_from_string (text->str, &error);
  g_assert_no_error (error);
  record = fyr_record_from_json (info, json_node_get_object (node), &error);
  g_assert_no_error (error);
  fyr_record_set_id (record, id);
  g_strlcpy (self->ids[kind][place], id, 37);
  house_put (self->house, record);
}

static gboolean
is_before (const FyrRecordInfo *info)
{
  return info == &fyr_patient_info || info == &fyr_alert_info;
}

/* Patients and alerts first: others point to them. */
static void
fill_places (Matrix *self)
{
  for (guint pass = 0; pass < 3; pass++) {
    for (guint kind = 0; kind < self->n_kinds; kind++) {
      const FyrRecordInfo *info = fyr_record_infos[kind];
      guint turn = info == &fyr_patient_info ? 0 : is_before (info) ? 1 : 2;

      for (guint place = 0; place < N_MATRIX_PLACES && turn == pass; place++) {
        char id[37];

        if (!matrix_has (kind, (MatrixPlace)place)) {
          continue;
        }
        world_id (id);
        if (info == &fyr_centre_info) {
          g_strlcpy (id, centre_at (self, (MatrixPlace)place), sizeof id);
        } else if (info == &fyr_patient_info) {
          g_strlcpy (id, self->patients[place], sizeof id);
        }
        put_whole (self, kind, (MatrixPlace)place, id);
      }
    }
  }
}

static void
put_membership (Matrix *self, const Actor *actor)
{
  World *world = self->house->world;
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_membership_set_user_id (membership, actor->station->user);
  fyr_membership_set_centre_id (membership,
                                actor->standing == STANDING_FAR_MEMBER ? world->far_centre : world->centre);
  fyr_membership_set_role (membership, actor->role);
  if (actor->role == FYR_ROLE_GP && actor->standing != STANDING_NO_LIST) {
    fyr_membership_set_gp_id (membership, world->gp);
  }
  if (actor->standing == STANDING_ENDED) {
    fyr_membership_set_valid_to (membership, world->now - 1000);
  }
  if (actor->standing == STANDING_FUTURE) {
    fyr_membership_set_valid_from (membership, world->now + 86400000);
  }
  house_put (self->house, membership);
}

typedef struct {
  const char *patient;
  const char *user;
} Block;

static gboolean
block_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Block *block = data;

  return fyr_apply_set_block (context, block->patient, block->user, TRUE, error);
}

typedef struct {
  FyrEmergencyGrant grants[3];
} Emergency;

static gboolean
emergency_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Emergency *emergency = data;

  for (guint i = 0; i < G_N_ELEMENTS (emergency->grants); i++) {
    if (!fyr_emergency_grant_begin (context, &emergency->grants[i], error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* As if the server had said yes to anybody, for any patient: what it means is decided anew each time. */
static void
open_in_emergency (Matrix *self, const char *user)
{
  static const MatrixPlace places[] = { PLACE_BARRED, PLACE_OTHER_LIST, PLACE_FAR };
  g_autoptr (GError) error = NULL;
  Emergency emergency;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    FyrEmergencyGrant *grant = &emergency.grants[i];

    world_id (grant->access_id);
    g_strlcpy (grant->user_id, user, sizeof grant->user_id);
    g_strlcpy (grant->patient_id, self->patients[places[i]], sizeof grant->patient_id);
    grant->begin = self->house->world->now - 1000;
    grant->until = self->house->world->now + 3600000;
  }
  g_assert_true (
      fyr_writer_run (fyr_server_get_writer (self->house->server), emergency_job, &emergency, &error));
  g_assert_no_error (error);
}

static void
add_actor (Matrix *self, FyrRole role, MatrixStanding standing)
{
  static const char *standings[] = { "member", "far",      "ended",  "future",
                                     "none",   "inactive", "nolist", "urgent" };
  World *world = self->house->world;
  Actor *actor = g_new0 (Actor, 1);
  FyrUser *user = fyr_user_new ();
  g_autoptr (GError) error = NULL;
  Block block;
  char id[37];

  actor->role = role;
  actor->standing = standing;
  g_snprintf (actor->name, sizeof actor->name, "%.8s-%s", fyr_enum_to_code (&fyr_role_info, role),
              standings[standing]);
  world_id (id);
  fyr_record_set_id (FYR_RECORD (user), id);
  fyr_user_set_centre_id (user, standing == STANDING_FAR_MEMBER ? world->far_centre : world->centre);
  fyr_user_set_user_name (user, actor->name);
  fyr_user_set_name (user, actor->name);
  fyr_user_set_active (user, standing != STANDING_INACTIVE);
  house_put (self->house, user);
  actor->station = station_new (world, id);
  if (standing != STANDING_NONE) {
    put_membership (self, actor);
  }
  block = (Block){ self->patients[PLACE_BARRED], id };
  g_assert_true (fyr_writer_run (fyr_server_get_writer (self->house->server), block_job, &block, &error));
  g_assert_no_error (error);
  if (standing == STANDING_EMERGENCY) {
    open_in_emergency (self, id);
  }
  g_ptr_array_add (self->actors, actor);
}

static void
actor_free (gpointer data)
{
  Actor *actor = data;

  station_free (actor->station);
  g_free (actor);
}

Matrix *
matrix_new (void)
{
  Matrix *self = g_new0 (Matrix, 1);

  self->house = house_new (NULL);
  fyr_fhir_route_add (self->house->server);
  self->actors = g_ptr_array_new_with_free_func (actor_free);
  self->n_kinds = fyr_n_record_infos;
  g_assert_cmpuint (self->n_kinds, <=, G_N_ELEMENTS (self->ids));
  g_strlcpy (self->spare_user, self->house->world->nurse_2, sizeof self->spare_user);
  for (guint place = 0; place < N_MATRIX_PLACES; place++) {
    world_id (self->patients[place]);
  }
  fill_places (self);
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    for (guint standing = 0; standing < N_STANDINGS; standing++) {
      if (standing != STANDING_NO_LIST || role == FYR_ROLE_GP) {
        add_actor (self, (FyrRole)role, (MatrixStanding)standing);
      }
    }
  }
  return self;
}

void
matrix_free (Matrix *self)
{
  g_ptr_array_unref (self->actors);
  house_free (self->house);
  g_free (self);
}
