/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sample.h"
#include "fyr-server-fixture.h"

/*
 * Two workstations change the same record, each from what both had seen: for every field of every kind that is changed.
 * Where the field decides about care, a person chooses between both values; else the last to arrive stands. Nothing is
 * overwritten unseen, and what the other wrote beside it stays.
 */

#define APPLIED FYR_WIRE_OUTCOME_APPLIED
#define MERGED FYR_WIRE_OUTCOME_MERGED
#define CONFLICT FYR_WIRE_OUTCOME_CONFLICT
#define REFUSED FYR_WIRE_OUTCOME_REFUSED

enum { BEFORE, FIRST, SECOND };

typedef struct {
  World *world;
  Station *one;
  Station *two;
  const FyrRecordInfo *info;
  guint field;
  char id[37];
  FyrRecord *before;
} Case;

/* References are checked by themselves; who works where is changed in ways of its own. */
static gboolean
is_plain (const FyrRecordInfo *info, guint field)
{
  return info->merge == FYR_MERGE_REGISTER && info != &fyr_centre_info && info != &fyr_user_info &&
         info != &fyr_membership_info && info->fields[field].type != FYR_FIELD_ID &&
         !g_str_has_prefix (info->fields[field].name, "identity_");
}

static FyrRecord *
make_record (World *world, const FyrRecordInfo *info, const char *id)
{
  FyrRecord *record = fyr_sample_record (info, id, BEFORE);

  for (guint i = 0; i < info->n_fields; i++) {
    if (info->fields[i].type == FYR_FIELD_ID || g_str_has_prefix (info->fields[i].name, "identity_")) {
      fyr_record_clear (record, i);
    }
  }
  if (info->patient_field >= 0) {
    fyr_record_set_string (record, (guint)info->patient_field, world->one);
  }
  if (info->centre_field >= 0) {
    fyr_record_set_string (record, (guint)info->centre_field, world->centre);
  }
  return record;
}

static char *
fields_text (FyrRecord *record, guint field)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonObject *object = json_object_new ();

  json_object_set_member (object, fyr_record_get_info (record)->fields[field].name,
                          fyr_record_field_to_json (record, field));
  json_node_init (node, JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

/* The record with the field as sample @n. */
static FyrRecord *
changed (Case *c, guint n)
{
  FyrRecord *record = fyr_record_copy (c->before);

  fyr_sample_field (record, c->field, n);
  return record;
}

static FyrWireOutcome *
send_field (Case *c, Station *station, guint field, FyrRecord *record, gint64 base_version)
{
  g_autofree char *fields = fields_text (record, field);
  g_autofree char *bases = fields_text (c->before, field);

  return station_do (station,
                     station_mutation (station, "update", c->info->kind, c->id, base_version, fields, bases));
}

static void
case_begin (Case *c, const FyrRecordInfo *info, guint field)
{
  c->info = info;
  c->field = field;
  world_id (c->id);
  c->before = make_record (c->world, info, c->id);
  world_put (c->world, g_object_ref (c->before));
}

static void
assert_stands (Case *c, guint n, gint64 version)
{
  g_autoptr (FyrRecord) stands = world_get (c->world, c->info, c->id);
  g_autoptr (FyrRecord) expected = changed (c, n);

  if (!fyr_record_equal (stands, expected) || fyr_record_get_version (stands) != version) {
    g_error ("%s.%s: not as it should stand", c->info->kind, c->info->fields[c->field].name);
  }
}

/* Who may change it: a nurse, else a clerk, else an administrator. NULL: nobody does by hand. */
static const char *
find_writer (World *world, const FyrRecordInfo *info, guint field)
{
  const char *const users[] = { world->nurse, world->clerk, world->administrator };
  Case c = { .world = world };

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (Station) station = station_new (world, users[i]);
    g_autoptr (FyrWireOutcome) outcome = NULL;
    g_autoptr (FyrRecord) record = NULL;

    case_begin (&c, info, field);
    record = changed (&c, FIRST);
    outcome = send_field (&c, station, field, record, 1);
    g_clear_object (&c.before);
    if (outcome->kind == APPLIED) {
      return users[i];
    }
    g_test_message ("%s.%s by %" G_GSIZE_FORMAT ": %s %s", info->kind, info->fields[field].name, i,
                    outcome->code, outcome->text);
    g_assert_cmpint (outcome->kind, ==, REFUSED);
  }
  return NULL;
}

static void
for_every_field (void (*check) (Case *c))
{
  g_autoptr (World) world = world_new ();
  guint n = 0;

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    for (guint field = 0; field < info->n_fields; field++) {
      const char *writer = is_plain (info, field) ? find_writer (world, info, field) : NULL;
      Case c = { .world = world };

      if (writer == NULL) {
        continue;
      }
      c.one = station_new (world, writer);
      c.two = station_new (world, writer);
      case_begin (&c, info, field);
      check (&c);
      g_clear_object (&c.before);
      station_free (c.one);
      station_free (c.two);
      n++;
    }
  }
  g_test_message ("%u fields", n);
  g_assert_cmpuint (n, >, 40);
  world_check_feeds (world);
}

static void
two_values (Case *c)
{
  const FyrFieldInfo *field = &c->info->fields[c->field];
  g_autoptr (FyrRecord) mine = changed (c, FIRST);
  g_autoptr (FyrRecord) theirs = changed (c, SECOND);
  gboolean differ = !fyr_record_field_equal (mine, theirs, c->field);
  g_autoptr (FyrWireOutcome) first = send_field (c, c->one, c->field, mine, 1);
  g_autoptr (FyrWireOutcome) second = send_field (c, c->two, c->field, theirs, 1);
  g_autoptr (JsonNode) yours = fyr_record_field_to_json (theirs, c->field);
  g_autoptr (JsonNode) others = fyr_record_field_to_json (mine, c->field);
  JsonObject *said;

  g_assert_cmpint (first->kind, ==, APPLIED);
  if (fyr_record_field_equal (theirs, c->before, c->field)) {
    return; /* of two values only one is a change */
  }
  if (!differ || !field->clinical_merge) {
    g_assert_true (second->kind == APPLIED || second->kind == MERGED);
    assert_stands (c, SECOND, differ ? 3 : 2);
    return;
  }
  g_assert_cmpint (second->kind, ==, CONFLICT);
  said =
      json_object_get_object_member (json_object_get_object_member (second->conflict, "fields"), field->name);
  g_assert_nonnull (said);
  g_assert_true (json_node_equal (json_object_get_member (said, "yours"), yours));
  g_assert_true (json_node_equal (json_object_get_member (said, "theirs"), others));
  g_assert_cmpstr (json_object_get_string_member (said, "by"), ==, c->one->user);
  assert_stands (c, FIRST, 2);
}

static void
test_two_values_of_one_field (void)
{
  for_every_field (two_values);
}

/* One changes this field, the other any other of the kind: both stand. */
static void
two_fields (Case *c)
{
  g_autoptr (FyrRecord) mine = changed (c, FIRST);
  guint other = c->field;
  g_autoptr (FyrRecord) theirs = fyr_record_copy (c->before);
  g_autoptr (FyrRecord) stands = NULL;
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;

  do {
    other = (other + 1) % c->info->n_fields;
  } while (!is_plain (c->info, other));
  if (other == c->field) {
    return;
  }
  fyr_sample_field (theirs, other, FIRST);
  first = send_field (c, c->one, c->field, mine, 1);
  second = send_field (c, c->two, other, theirs, 1);
  g_assert_cmpint (first->kind, ==, APPLIED);
  if (second->kind == REFUSED) {
    g_assert_cmpstr (second->code, ==, "forbidden");
    return; /* the other field is another's to write */
  }
  stands = world_get (c->world, c->info, c->id);
  g_assert_true (fyr_record_field_equal (stands, mine, c->field));
  g_assert_true (fyr_record_field_equal (stands, theirs, other));
  g_assert_cmpint (fyr_record_get_version (stands), ==, 3);
}

static void
test_two_fields_of_one_record (void)
{
  for_every_field (two_fields);
}

/* Emptied by one and filled by the other: an empty field is a value as any other. */
static void
emptied (Case *c)
{
  const FyrFieldInfo *field = &c->info->fields[c->field];
  g_autoptr (FyrRecord) empty = fyr_record_copy (c->before);
  g_autoptr (FyrRecord) filled = changed (c, FIRST);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;

  fyr_record_clear (empty, c->field);
  first = send_field (c, c->one, c->field, empty, 1);
  if (field->required) {
    g_assert_cmpint (first->kind, ==, REFUSED);
    g_assert_cmpstr (first->code, ==, "invalid");
    assert_stands (c, BEFORE, 1);
    return;
  }
  g_assert_cmpint (first->kind, ==, APPLIED);
  second = send_field (c, c->two, c->field, filled, 1);
  g_assert_true (second->kind == (field->clinical_merge ? CONFLICT : MERGED) ||
                 (!field->clinical_merge && second->kind == APPLIED));
}

static void
test_an_empty_field_is_a_value (void)
{
  for_every_field (emptied);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/fields/" #name, test_##name)
  ADD (two_values_of_one_field);
  ADD (two_fields_of_one_record);
  ADD (an_empty_field_is_a_value);
  return g_test_run ();
}
