/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-access-table.h"
#include "fyr-scopes.h"
#include "fyr-server-fixture.h"

/* Which feeds a person's workstation is given, in which order, and how it learns that its rights are others. */

static FyrSubject *
load_subject (World *world, const char *user)
{
  g_autoptr (GError) error = NULL;
  FyrSubject *subject =
      fyr_subject_load (fyr_server_db_get_connection (world->db), user, g_get_real_time () / 1000, &error);

  g_assert_no_error (error);
  return subject;
}

static GPtrArray *
load_scopes (World *world, const char *user)
{
  g_autoptr (FyrSubject) subject = load_subject (world, user);
  g_autoptr (GError) error = NULL;
  GPtrArray *scopes = fyr_scopes_load (fyr_server_db_get_connection (world->db), subject, &error);

  g_assert_no_error (error);
  return scopes;
}

static int
place_of (GPtrArray *scopes, const char *name)
{
  for (guint i = 0; i < scopes->len; i++) {
    if (g_str_equal (((FyrScope *)scopes->pdata[i])->name, name)) {
      return (int)i;
    }
  }
  return -1;
}

static int
place_of_class (World *world, GPtrArray *scopes, FyrScopeClass scope_class)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", world->centre, fyr_scope_class_to_string (scope_class));

  return place_of (scopes, name);
}

/* The worklist is there before the history: a first sync shows alerts while measurements still come. */
static void
test_the_worklist_comes_before_the_history (void)
{
  static const FyrScopeClass order[] = { FYR_SCOPE_CLASS_CONFIGURATION, FYR_SCOPE_CLASS_ROSTER,
                                         FYR_SCOPE_CLASS_ALERT,         FYR_SCOPE_CLASS_PLAN,
                                         FYR_SCOPE_CLASS_NOTE,          FYR_SCOPE_CLASS_EQUIPMENT,
                                         FYR_SCOPE_CLASS_MEASUREMENT };
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) scopes = load_scopes (world, world->nurse);

  g_assert_cmpint (place_of (scopes, "global/configuration"), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++) {
    g_assert_cmpint (place_of_class (world, scopes, order[i]), ==, (int)i + 1);
  }
  g_assert_cmpuint (scopes->len, ==, G_N_ELEMENTS (order) + 1);
}

static void
test_nobody_hears_another_centre (void)
{
  g_autoptr (World) world = world_new ();
  const char *users[] = { world->nurse, world->gp_user, world->clerk, world->manager, world->administrator };

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (GPtrArray) scopes = load_scopes (world, users[i]);

    for (guint j = 0; j < scopes->len; j++) {
      const FyrScope *scope = scopes->pdata[j];

      g_assert_null (strstr (scope->name, world->far_centre));
      g_assert_null (strstr (scope->name, world->far));
      g_assert_true (scope->centre_id[0] == '\0' || g_str_equal (scope->centre_id, world->centre));
    }
  }
}

static void
test_a_gp_hears_each_patient_of_the_list_alone (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) before = load_scopes (world, world->gp_user);
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *one = g_strdup_printf ("patient:%s", world->one);
  g_autofree char *two = g_strdup_printf ("patient:%s", world->two);

  g_assert_cmpint (place_of (before, one), >=, 0);
  g_assert_cmpint (place_of (before, two), ==, -1);
  g_assert_cmpint (place_of_class (world, before, FYR_SCOPE_CLASS_ROSTER), ==, -1);
  g_assert_cmpint (place_of_class (world, before, FYR_SCOPE_CLASS_MEASUREMENT), ==, -1);
  /* The patients change doctors. */
  world_put (world, world_patient (world, world->two, world->centre, world->gp, "To"));
  world_put (world, world_patient (world, world->one, world->centre, world->other_gp, "En"));
  after = load_scopes (world, world->gp_user);
  g_assert_cmpint (place_of (after, one), ==, -1);
  g_assert_cmpint (place_of (after, two), >=, 0);
}

static void
test_who_is_unknown_or_shut_out_hears_nothing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (FyrRecord) user = world_get (world, &fyr_user_info, world->nurse);
  g_autoptr (GPtrArray) unknown = NULL;
  g_autoptr (GPtrArray) shut_out = NULL;
  char id[37];

  world_id (id);
  unknown = load_scopes (world, id);
  g_assert_cmpuint (unknown->len, ==, 0);
  fyr_user_set_active (FYR_USER (user), FALSE);
  world_put (world, g_steal_pointer (&user));
  shut_out = load_scopes (world, world->nurse);
  g_assert_cmpuint (shut_out->len, ==, 0);
}

static void
add_role (World *world, const char *user, FyrRole role, const char *centre)
{
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_membership_set_user_id (membership, user);
  fyr_membership_set_centre_id (membership, centre);
  fyr_membership_set_role (membership, role);
  world_put (world, membership);
}

/* Two roles at a centre open its feeds once; a role elsewhere opens that centre's beside them. */
static void
test_roles_add_up_and_no_feed_comes_twice (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) one_role = load_scopes (world, world->nurse);
  g_autoptr (GPtrArray) scopes = NULL;

  add_role (world, world->nurse, FYR_ROLE_CLERK, world->centre);
  add_role (world, world->nurse, FYR_ROLE_NURSE, world->far_centre);
  scopes = load_scopes (world, world->nurse);
  for (guint i = 0; i < scopes->len; i++) {
    g_assert_true (g_hash_table_add (seen, ((FyrScope *)scopes->pdata[i])->name));
  }
  g_assert_cmpuint (scopes->len, ==, 2 * one_role->len - 1);
  for (guint i = 0; i < one_role->len; i++) {
    g_assert_true (g_hash_table_contains (seen, ((FyrScope *)one_role->pdata[i])->name));
  }
}

/* The heads are those the feeds have; a feed without an entry has none. */
static void
test_heads_are_those_of_the_feeds (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) scopes = load_scopes (world, world->nurse);
  g_autoptr (GHashTable) heads = fyr_scopes_to_heads (scopes);
  g_autoptr (GPtrArray) later = NULL;
  int alerts = place_of_class (world, scopes, FYR_SCOPE_CLASS_ALERT);
  gint64 before = ((FyrScope *)scopes->pdata[alerts])->head;
  char id[37];

  for (guint i = 0; i < scopes->len; i++) {
    const FyrScope *scope = scopes->pdata[i];
    const gint64 *head = g_hash_table_lookup (heads, scope->name);

    g_assert_cmpint (scope->head, ==, world_head (world, scope->name));
    g_assert_true ((scope->number > 0) == (scope->head > 0));
    g_assert_cmpint (head != NULL ? *head : 0, ==, scope->head);
  }
  world_alert (world, world->one, id);
  later = load_scopes (world, world->nurse);
  g_assert_cmpint (((FyrScope *)later->pdata[alerts])->head, >, before);
}

static gint64
classes_of (World *world, const char *user, const char *scope)
{
  g_autoptr (FyrSubject) subject = load_subject (world, user);
  g_autoptr (GPtrArray) scopes = load_scopes (world, user);
  g_autoptr (GHashTable) classes = fyr_scopes_to_classes (scopes, subject);
  const gint64 *mask = g_hash_table_lookup (classes, scope);

  g_assert_null (g_hash_table_lookup (classes, "global/configuration"));
  return mask != NULL ? *mask : 0;
}

/* A workstation begins a feed anew when what its user may read there is another. */
static void
test_another_role_is_another_mask (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *roster = g_strdup_printf ("%s/%s", world->centre, "roster");
  g_autofree char *note = g_strdup_printf ("%s/%s", world->centre, "note");
  gint64 clerk = classes_of (world, world->clerk, roster);
  gint64 nurse = classes_of (world, world->nurse, roster);

  g_assert_cmpint (clerk, !=, 0);
  g_assert_cmpint (clerk, !=, nurse);
  g_assert_cmpint (classes_of (world, world->nurse, roster), ==, nurse);
  g_assert_cmpint (classes_of (world, world->nurse_2, roster), ==, nurse);
  g_assert_cmpint (classes_of (world, world->clerk, note), ==, 0);
  add_role (world, world->clerk, FYR_ROLE_NURSE, world->centre);
  g_assert_cmpint (classes_of (world, world->clerk, roster), ==, clerk | nurse);
  g_assert_cmpint (classes_of (world, world->clerk, note), !=, 0);
  /* A role at another centre changes nothing here. */
  add_role (world, world->nurse_2, FYR_ROLE_CLERK, world->far_centre);
  g_assert_cmpint (classes_of (world, world->nurse_2, roster), ==, nurse);
}

static gboolean
mark_feed (FyrWriteContext *context, gpointer data, GError **error)
{
  const gint64 *values = data; /* of which feed, when, how far */
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO feed_mark (scope, time, head) VALUES (?1, ?2, ?3)", error);

  if (insert == NULL) {
    return FALSE;
  }
  for (int i = 0; i < 3; i++) {
    fyr_statement_bind_int (insert, i + 1, values[i]);
  }
  return fyr_statement_run (insert, error);
}

/* What is older than workstations remember tags is settled; younger entries are not. */
static void
test_a_feed_is_settled_as_far_as_nobody_remembers (void)
{
  const gint64 day = G_GINT64_CONSTANT (86400000);
  const gint64 now = g_get_real_time () / 1000;
  const gint64 ages[] = { 100, FYR_WITNESS_DAYS + 1, FYR_WITNESS_DAYS - 1, 0 };
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) scopes = load_scopes (world, world->nurse);
  FyrScope *scope = scopes->pdata[place_of_class (world, scopes, FYR_SCOPE_CLASS_ROSTER)];
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_scope_load_settled (scope, fyr_server_db_get_connection (world->db), &error));
  g_assert_cmpint (scope->settled, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (ages); i++) {
    gint64 values[] = { scope->number, now - ages[i] * day, (gint64)i + 1 };

    fyr_server_db_write (world->db, mark_feed, values, &error);
    g_assert_no_error (error);
  }
  g_assert_true (fyr_scope_load_settled (scope, fyr_server_db_get_connection (world->db), &error));
  g_assert_cmpint (scope->settled, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/scopes/" #name, test_##name)
  ADD (the_worklist_comes_before_the_history);
  ADD (nobody_hears_another_centre);
  ADD (a_gp_hears_each_patient_of_the_list_alone);
  ADD (who_is_unknown_or_shut_out_hears_nothing);
  ADD (roles_add_up_and_no_feed_comes_twice);
  ADD (heads_are_those_of_the_feeds);
  ADD (another_role_is_another_mask);
  ADD (a_feed_is_settled_as_far_as_nobody_remembers);
  return g_test_run ();
}
