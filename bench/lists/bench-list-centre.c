/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-list-centre.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "fyr-access-table.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"
#include "fyr-uuid.h"

#define EPOCH "bench"
#define PAGE 2000
#define HOUR_MS (3600 * 1000LL)

static gint64
now (void)
{
  return g_get_real_time () / 1000;
}

static char *
new_id (void)
{
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (now (), id);
  return g_strdup (id);
}

static void
fail (const char *what, const GError *error)
{
  fprintf (stderr, "bench-display-lists: %s: %s\n", what, error ? error->message : "unknown");
  exit (1);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (slot);
}

static FyrRecord *
make_patient (BenchCentre *self, guint number)
{
  static const char *const names[] = { "Berg", "Dahl", "Eide", "Hansen", "Lund", "Moen", "Strøm", "Vik" };
  FyrPatient *patient = fyr_patient_new ();
  g_autofree char *family_name = g_strdup_printf ("%s %s", names[number % G_N_ELEMENTS (names)],
                                                  names[number / 8 % G_N_ELEMENTS (names)]);
  g_autofree char *given_name = g_strdup_printf ("Prøve %u", number);

  fyr_record_set_id (FYR_RECORD (patient), g_ptr_array_index (self->patients, number));
  fyr_patient_set_centre_id (patient, self->centre);
  fyr_patient_set_family_name (patient, family_name);
  fyr_patient_set_given_name (patient, given_name);
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_zone (patient, FYR_ZONE_GREEN);
  return FYR_RECORD (patient);
}

/* Each change moves the alert by what its deadline now is. */
static FyrRecord *
make_alert (BenchCentre *self, guint number, guint change)
{
  static const FyrAlertCategory categories[] = { FYR_ALERT_CATEGORY_RED, FYR_ALERT_CATEGORY_YELLOW,
                                                 FYR_ALERT_CATEGORY_YELLOW };
  FyrAlert *alert = fyr_alert_new ();

  fyr_record_set_id (FYR_RECORD (alert), g_ptr_array_index (self->alerts, number));
  fyr_alert_set_patient_id (alert, g_ptr_array_index (self->patients, number));
  fyr_alert_set_category (alert, categories[number % G_N_ELEMENTS (categories)]);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_raised_time (alert, now () - HOUR_MS);
  fyr_alert_set_due_time (alert, now () + (gint64)((number * 7919 + change * 104729) % 10000) * 1000);
  return FYR_RECORD (alert);
}

static FyrRecord *
make_measurement (BenchCentre *self, guint number, guint change)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  g_autofree char *id = new_id ();

  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, g_ptr_array_index (self->patients, number));
  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_measurement_set_value (measurement, 84 + change % 6);
  fyr_measurement_set_effective_time (measurement, now () - 2000);
  fyr_measurement_set_received_time (measurement, now ());
  fyr_measurement_set_source (measurement, FYR_MEASUREMENT_SOURCE_DEVICE);
  return FYR_RECORD (measurement);
}

static char *
scope_of (BenchCentre *self, FyrScopeClass scope_class)
{
  return g_strdup_printf ("%s/%s", self->centre, fyr_scope_class_to_string (scope_class));
}

/* A page that takes nothing away of what was granted before. */
static FyrPullPage *
begin_page (BenchCentre *self)
{
  static const FyrRecordInfo *const kinds[] = { &fyr_patient_info, &fyr_measurement_info, &fyr_alert_info };
  FyrPullPage *page = fyr_pull_page_new (EPOCH, now ());

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *scope = scope_of (self, kinds[i]->scope);

    fyr_pull_page_add_granted (page, scope);
  }
  return page;
}

/* Records of one kind. */
static void
add (BenchCentre *self, FyrPullPage *page, GPtrArray *records, gint64 version)
{
  FyrScopeClass scope_class = fyr_record_get_info (g_ptr_array_index (records, 0))->scope;
  g_autofree char *scope = scope_of (self, scope_class);
  gint64 *seq = &self->seq[scope_class];

  fyr_pull_page_add_scope (page, scope, *seq + 1, *seq + records->len);
  for (guint i = 0; i < records->len; i++) {
    fyr_record_set_version (g_ptr_array_index (records, i), version);
    fyr_pull_page_add_put (page, ++*seq, g_ptr_array_index (records, i));
  }
}

static void
apply (BenchCentre *self, FyrPullPage *page)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_apply_pull_async (self->store, page, NULL, on_result, &slot);
  result = await (&slot);
  if (!fyr_store_apply_pull_finish (self->store, result, &error))
    fail ("apply", error);
}

static void
fill (BenchCentre *self, guint n_patients, FyrRecord *(*make) (BenchCentre *self, guint number))
{
  for (guint from = 0; from < n_patients; from += PAGE) {
    g_autoptr (FyrPullPage) page = begin_page (self);
    g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = from; i < MIN (from + PAGE, n_patients); i++)
      g_ptr_array_add (records, make (self, i));
    add (self, page, records, 1);
    apply (self, page);
  }
}

static FyrRecord *
make_first_alert (BenchCentre *self, guint number)
{
  return make_alert (self, number, 0);
}

static FyrRecord *
make_first_measurement (BenchCentre *self, guint number)
{
  return make_measurement (self, number, 0);
}

static void
open_store (BenchCentre *self)
{
  g_autofree char *path = g_build_filename (self->folder, "bench.db", NULL);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_open_async (path, NULL, on_result, &slot);
  result = await (&slot);
  self->store = fyr_store_open_finish (result, &error);
  if (!self->store)
    fail ("open", error);
}

static void
sign_in (BenchCentre *self)
{
  g_autoptr (FyrSettings) settings = fyr_settings_new ();
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  g_autofree char *user_id = new_id (), *membership_id = new_id ();

  fyr_record_set_id (FYR_RECORD (user), user_id);
  fyr_user_set_name (user, "Kari Nordmann");
  fyr_record_set_id (FYR_RECORD (membership), membership_id);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  fyr_membership_set_centre_id (membership, self->centre);
  self->context = fyr_app_context_new (settings);
  fyr_app_context_set_backend (self->context, self->store, NULL);
  fyr_app_context_begin_session (self->context, user, membership, NULL);
}

BenchCentre *
bench_centre_new (guint n_patients)
{
  BenchCentre *self = g_new0 (BenchCentre, 1);
  g_autofree char *centre = new_id ();

  self->folder = g_dir_make_tmp ("fyrlykt-bench-XXXXXX", NULL);
  self->patients = g_ptr_array_new_with_free_func (g_free);
  self->alerts = g_ptr_array_new_with_free_func (g_free);
  g_strlcpy (self->centre, centre, sizeof self->centre);
  for (guint i = 0; i < n_patients; i++) {
    g_ptr_array_add (self->patients, new_id ());
    g_ptr_array_add (self->alerts, new_id ());
  }
  open_store (self);
  fill (self, n_patients, make_patient);
  fill (self, n_patients, make_first_measurement);
  fill (self, n_patients, make_first_alert);
  sign_in (self);
  return self;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files && (name = g_dir_read_name (files))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

void
bench_centre_free (BenchCentre *self)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  bench_centre_end_changes (self);
  fyr_app_context_end_session (self->context);
  fyr_app_context_set_backend (self->context, NULL, NULL);
  fyr_store_close_async (self->store, on_result, &slot);
  result = await (&slot);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_object_unref (self->context);
  g_object_unref (self->store);
  remove_folder (self->folder);
  g_ptr_array_unref (self->patients);
  g_ptr_array_unref (self->alerts);
  g_free (self->folder);
  g_free (self);
}

static void
on_applied (GObject *store, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (!fyr_store_apply_pull_finish (FYR_STORE (store), result, &error))
    fail ("apply", error);
}

static gboolean
change (gpointer data)
{
  BenchCentre *self = data;
  guint number = self->n_changes++ * 7919 % self->patients->len;
  g_autoptr (FyrPullPage) page = begin_page (self);
  g_autoptr (GPtrArray) measurements = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) alerts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (measurements, make_measurement (self, number, self->n_changes));
  g_ptr_array_add (alerts, make_alert (self, number, self->n_changes));
  add (self, page, measurements, 1);
  add (self, page, alerts, self->n_changes + 1);
  fyr_store_apply_pull_async (self->store, page, NULL, on_applied, NULL);
  return G_SOURCE_CONTINUE;
}

void
bench_centre_begin_changes (BenchCentre *self, guint interval_ms)
{
  self->source = g_timeout_add (interval_ms, change, self);
}

void
bench_centre_end_changes (BenchCentre *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
}
