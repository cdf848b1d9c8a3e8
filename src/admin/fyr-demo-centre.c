/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "fyr-apply.h"
#include "fyr-demo-names.h"
#include "fyr-demo.h"
#include "fyr-uuid.h"

#define TEMPLATES "/no/fyrlykt/admin/templates/"

typedef struct {
  const char *user_name;
  const char *name;
  FyrRole role;
  gboolean other_centre;
} Person;

static const Person people[] = {
  { "kari", "Kari Nordmann", FYR_ROLE_NURSE, FALSE },
  { "ola", "Ola Nordmann", FYR_ROLE_NURSE, FALSE },
  { "ingrid", "Ingrid Solberg", FYR_ROLE_NURSE, FALSE },
  { "amina", "Amina Hassan", FYR_ROLE_NURSE, FALSE },
  { "lege", "Astrid Lund", FYR_ROLE_GP, FALSE },
  { "lege2", "Henrik Dahl", FYR_ROLE_GP, FALSE },
  { "utstyr", "Bjørn Hagen", FYR_ROLE_CLERK, FALSE },
  { "leder", "Tove Eide", FYR_ROLE_MANAGER, FALSE },
  { "forvalter", "Jonas Berg", FYR_ROLE_ADMINISTRATOR, FALSE },
  { "marit", "Marit Vik", FYR_ROLE_NURSE, TRUE },
  { "leder2", "Svein Moen", FYR_ROLE_MANAGER, TRUE },
};

static gboolean
load_templates (FyrDemo *self, GError **error)
{
  static const char *const names[] = { "copd", "heart-failure", "diabetes" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strconcat (TEMPLATES, names[i], ".json", NULL);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    FyrLimitTemplate *template = bytes != NULL ? fyr_limit_template_parse (bytes, error) : NULL;

    if (template == NULL) {
      return FALSE;
    }
    g_ptr_array_add (self->templates, template);
  }
  return TRUE;
}

FyrDemo *
fyr_demo_new (guint32 seed, gint64 now, GError **error)
{
  g_autoptr (FyrDemo) self = g_new0 (FyrDemo, 1);

  self->random = g_rand_new_with_seed (seed);
  self->now = now;
  self->days = 182;
  self->seed = seed;
  self->users = g_array_new (FALSE, TRUE, sizeof (FyrDemoUser));
  self->templates = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_limit_template_unref);
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fyr_opening_hours_init (&self->hours, FYR_DEFAULT_OPEN_MINUTE, FYR_DEFAULT_CLOSE_MINUTE);
  return load_templates (self, error) ? g_steal_pointer (&self) : NULL;
}

void
fyr_demo_free (FyrDemo *self)
{
  if (self == NULL) {
    return;
  }
  g_rand_free (self->random);
  g_array_unref (self->users);
  g_ptr_array_unref (self->templates);
  g_hash_table_unref (self->numbers);
  fyr_opening_hours_clear (&self->hours);
  g_free (self);
}

void
fyr_demo_id (FyrDemo *self, gint64 time, gpointer record)
{
  guint8 bytes[FYR_UUID_BYTES];
  char text[FYR_UUID_TEXT_SIZE];

  for (guint i = 0; i < 6; i++) {
    bytes[i] = (guint8)(time >> (8 * (5 - i)));
  }
  for (guint i = 6; i < FYR_UUID_BYTES; i++) {
    bytes[i] = (guint8)g_rand_int_range (self->random, 0, 256);
  }
  bytes[6] = (guint8)((bytes[6] & 0x0f) | 0x70);
  bytes[8] = (guint8)((bytes[8] & 0x3f) | 0x80);
  fyr_uuid_from_bytes (bytes, text);
  fyr_record_set_id (record, text);
}

gboolean
fyr_demo_take (FyrDemo *self, gpointer record, GError **error)
{
  g_autoptr (FyrRecord) owned = record;

  return fyr_apply_insert (self->context, owned, error);
}

const FyrDemoUser *
fyr_demo_user (FyrDemo *self, FyrRole role, guint index)
{
  guint n = 0;

  for (guint i = 0; i < self->users->len; i++) {
    n += g_array_index (self->users, FyrDemoUser, i).role == role && !people[i].other_centre;
  }
  g_return_val_if_fail (n > 0, NULL);
  index %= n;
  for (guint i = 0;; i++) {
    const FyrDemoUser *user = &g_array_index (self->users, FyrDemoUser, i);

    if (user->role == role && !people[i].other_centre && index-- == 0) {
      return user;
    }
  }
}

/* The only id of a table with one row. */
static gboolean
find_only (FyrDemo *self, const char *sql, char id[37], GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (self->context);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (connection, sql, error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ROW) {
    g_strlcpy (id, fyr_statement_get_id (select, 0), 37);
  }
  return step != FYR_STEP_ERROR;
}

gboolean
fyr_demo_adopt (FyrDemo *self, GError **error)
{
  return find_only (self,
                    "SELECT id FROM organization WHERE (SELECT count (*) FROM organization) = 1"
                    " AND NOT EXISTS (SELECT 1 FROM patient)",
                    self->adopted_organization, error) &&
         find_only (self,
                    "SELECT id FROM centre WHERE (SELECT count (*) FROM centre) = 1"
                    " AND NOT EXISTS (SELECT 1 FROM patient)",
                    self->adopted_centre, error);
}

static void
give_id (FyrDemo *self, gpointer record, const char *adopted)
{
  if (adopted[0] != '\0') {
    fyr_record_set_id (record, adopted);
  } else {
    fyr_demo_id (self, self->now, record);
  }
}

static gboolean
put_over (FyrDemo *self, gpointer record, GError **error)
{
  g_autoptr (FyrRecord) owned = record;

  return fyr_apply_put (self->context, owned, error);
}

static gboolean
make_organization (FyrDemo *self,
                   const char *name,
                   FyrOrganizationKind kind,
                   const char *parent_id,
                   char id[37],
                   GError **error)
{
  FyrOrganization *organization = fyr_organization_new ();

  give_id (self, organization, parent_id == NULL ? self->adopted_organization : "");
  g_strlcpy (id, fyr_record_get_id (FYR_RECORD (organization)), 37);
  fyr_organization_set_name (organization, name);
  fyr_organization_set_organization_kind (organization, kind);
  fyr_organization_set_parent_id (organization, parent_id);
  return put_over (self, organization, error);
}

static gboolean
make_one_centre (FyrDemo *self,
                 const char *name,
                 const char *organization_id,
                 const char *telephone,
                 char id[37],
                 GError **error)
{
  FyrCentre *centre = fyr_centre_new ();
  g_autofree char *hours = fyr_opening_hours_format (&self->hours);

  give_id (self, centre, id == self->centre_id ? self->adopted_centre : "");
  g_strlcpy (id, fyr_record_get_id (FYR_RECORD (centre)), 37);
  fyr_centre_set_name (centre, name);
  fyr_centre_set_organization_id (centre, organization_id);
  fyr_centre_set_telephone (centre, telephone);
  fyr_centre_set_time_zone (centre, "Europe/Oslo");
  fyr_centre_set_opening_hours (centre, hours);
  fyr_centre_set_red_minutes (centre, FYR_DEFAULT_RED_MINUTES);
  fyr_centre_set_test_centre (centre, TRUE);
  return put_over (self, centre, error);
}

static gboolean
make_gps (FyrDemo *self, GError **error)
{
  for (guint i = 0; i < FYR_DEMO_N_GPS; i++) {
    FyrGp *gp = fyr_gp_new ();
    FyrSex sex = i % 2 == 0 ? FYR_SEX_FEMALE : FYR_SEX_MALE;
    g_autofree char *drawn = g_strdup_printf ("%s %s", fyr_demo_given_name (self->random, sex, 1972),
                                              fyr_demo_family_name (self->random));
    g_autofree char *telephone = fyr_demo_telephone (self->random);

    fyr_demo_id (self, self->now, gp);
    g_strlcpy (self->gp_ids[i], fyr_record_get_id (FYR_RECORD (gp)), 37);
    fyr_gp_set_name (gp, i == 0 ? "Astrid Lund" : i == 1 ? "Henrik Dahl" : drawn);
    fyr_gp_set_office (gp, i < 4 ? "Fyrvik legesenter" : "Havna legekontor");
    fyr_gp_set_telephone (gp, telephone);
    if (!fyr_demo_take (self, gp, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
make_user (FyrDemo *self, const Person *person, guint *n_gps, GError **error)
{
  const char *centre_id = person->other_centre ? self->other_centre_id : self->centre_id;
  FyrUser *user = fyr_user_new ();
  FyrMembership *membership = fyr_membership_new ();
  FyrDemoUser made = { .role = person->role };

  fyr_demo_id (self, self->now, user);
  g_strlcpy (made.id, fyr_record_get_id (FYR_RECORD (user)), sizeof made.id);
  g_strlcpy (made.user_name, person->user_name, sizeof made.user_name);
  fyr_user_set_centre_id (user, centre_id);
  fyr_user_set_user_name (user, person->user_name);
  fyr_user_set_name (user, person->name);
  fyr_user_set_active (user, TRUE);
  fyr_demo_id (self, self->now, membership);
  fyr_membership_set_user_id (membership, made.id);
  fyr_membership_set_centre_id (membership, centre_id);
  fyr_membership_set_role (membership, person->role);
  if (person->role == FYR_ROLE_GP) {
    fyr_membership_set_gp_id (membership, self->gp_ids[(*n_gps)++]);
  }
  g_array_append_val (self->users, made);
  if (!fyr_demo_take (self, user, error)) {
    g_object_unref (membership);
    return FALSE;
  }
  return fyr_demo_take (self, membership, error);
}

gboolean
fyr_demo_make_centre (FyrDemo *self, GError **error)
{
  char municipality[37];
  guint n_gps = 0;

  if (!make_organization (self, "Fyrvik kommune", FYR_ORGANIZATION_KIND_MUNICIPALITY, NULL, municipality,
                          error) ||
      !make_organization (self, "Bydel Havna", FYR_ORGANIZATION_KIND_DISTRICT, municipality, self->owner_id,
                          error) ||
      !make_one_centre (self, "Fyrvik oppfølgingssenter", municipality, "22000001", self->centre_id, error) ||
      !make_one_centre (self, "Havna oppfølgingssenter", self->owner_id, "22000002", self->other_centre_id,
                        error) ||
      !make_gps (self, error)) {
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (people); i++) {
    if (!make_user (self, &people[i], &n_gps, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
