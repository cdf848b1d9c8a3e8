/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-test-world.h"

#include <gio/gio.h>
#include <string.h>

#include "fyr-apply.h"
#include "fyr-db-fixture.h"
#include "fyr-offline-user.h"
#include "fyr-record-table.h"
#include "fyr-row-security.h"
#include "fyr-scopes.h"
#include "fyr-session.h"
#include "fyr-settle.h"
#include "fyr-store-private.h"
#include "fyr-uuid.h"

#define QUIET_ROUNDS 4
#define BEAT 20000
#define SETTLE_STEPS 4000

typedef struct {
  gint64 due;
  guint64 order;
  FyrTestFunc func;
  gpointer data;
} Delivery;

void
fyr_test_world_after (FyrTestWorld *self, gint64 delay, FyrTestFunc func, gpointer data)
{
  static guint64 order;
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->due = self->now + delay;
  delivery->order = order++;
  delivery->func = func;
  delivery->data = data;
  g_ptr_array_add (self->deliveries, delivery);
}

gboolean
fyr_test_world_chance (FyrTestWorld *self, guint percent)
{
  return percent > 0 && (guint)g_rand_int_range (self->random, 0, 100) < percent;
}

static gint64
world_clock (gpointer data)
{
  return ((FyrTestWorld *)data)->now;
}

static void
new_id (gpointer record, char id[37])
{
  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
  fyr_record_set_id (record, id);
}

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

void
fyr_test_world_put (FyrTestWorld *self, gpointer record)
{
  g_autoptr (FyrRecord) owned = record;
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (self->db, put_job, owned, &error);
  g_assert_no_error (error);
  fyr_test_world_tell (self);
}

FyrRecord *
fyr_test_world_get (FyrTestWorld *self, const FyrRecordInfo *info, const char *id)
{
  return fyr_record_table_get (self->reader, info, id, NULL);
}

static void
make_centre (FyrTestWorld *self)
{
  FyrCentre *centre = fyr_centre_new ();

  new_id (centre, self->centre_id);
  fyr_centre_set_name (centre, "Senteret");
  fyr_test_world_put (self, centre);
}

static void
make_nurse (FyrTestWorld *self, FyrTestClient *client)
{
  FyrUser *user = fyr_user_new ();
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  new_id (user, client->user_id);
  client->user_name = g_strdup_printf ("nurse%u", client->index);
  fyr_user_set_centre_id (user, self->centre_id);
  fyr_user_set_user_name (user, client->user_name);
  fyr_user_set_name (user, client->user_name);
  fyr_user_set_active (user, TRUE);
  fyr_test_world_put (self, user);
  new_id (membership, id);
  fyr_membership_set_user_id (membership, client->user_id);
  fyr_membership_set_centre_id (membership, self->centre_id);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  fyr_test_world_put (self, membership);
}

static void
make_patients (FyrTestWorld *self)
{
  for (guint i = 0; i < FYR_TEST_PATIENTS; i++) {
    FyrPatient *patient = fyr_patient_new ();

    new_id (patient, self->patients[i]);
    fyr_patient_set_centre_id (patient, self->centre_id);
    fyr_patient_set_family_name (patient, "Nordmann");
    fyr_patient_set_given_name (patient, i % 2 == 0 ? "Kari" : "Ola");
    fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
    fyr_test_world_put (self, patient);
  }
  for (guint i = 0; i < FYR_TEST_ALERTS; i++) {
    FyrAlert *alert = fyr_alert_new ();

    new_id (alert, self->alerts[i]);
    fyr_alert_set_patient_id (alert, self->patients[i % FYR_TEST_PATIENTS]);
    fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_RED);
    fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
    fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
    fyr_alert_set_raised_time (alert, g_get_real_time () / 1000);
    fyr_test_world_put (self, alert);
  }
}

static void
open_server (FyrTestWorld *self, FyrServerDbFlags flags)
{
  g_autofree char *path = g_build_filename (self->folder, "server", NULL);
  g_autoptr (GError) error = NULL;

  self->db = fyr_server_db_open_at (path, self->location, flags, &error);
  g_assert_no_error (error);
  self->reader = fyr_server_db_open_reader (self->db, &error);
  g_assert_no_error (error);
  /* The tests look at everything; a pull narrows its own transaction. */
  g_assert_true (fyr_row_security_open_all (self->reader, &error));
}

static void
close_server (FyrTestWorld *self)
{
  g_clear_pointer (&self->reader, fyr_connection_unref);
  g_clear_pointer (&self->db, fyr_server_db_unref);
}

FyrTestWorld *
fyr_test_world_new (guint32 seed)
{
  FyrTestWorld *self = g_new0 (FyrTestWorld, 1);

  self->folder = fyr_test_folder_new ();
  self->random = g_rand_new_with_seed (seed);
  self->now = 1000000;
  self->deliveries = g_ptr_array_new ();
  self->lives = g_ptr_array_new_with_free_func (g_object_unref);
  self->location = fyr_test_database_new ();
  open_server (self, FYR_SERVER_DB_CREATE);
  make_centre (self);
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    FyrTestClient *client = &self->clients[i];

    client->world = self;
    client->index = i;
    client->path = g_strdup_printf ("%s/client%u.db", self->folder, i);
    client->notes = g_ptr_array_new_with_free_func (g_free);
    make_nurse (self, client);
  }
  make_patients (self);
  return self;
}

static Delivery *
take_next (FyrTestWorld *self)
{
  guint best = 0;

  if (self->deliveries->len == 0) {
    return NULL;
  }
  for (guint i = 1; i < self->deliveries->len; i++) {
    Delivery *a = g_ptr_array_index (self->deliveries, i);
    Delivery *b = g_ptr_array_index (self->deliveries, best);

    if (a->due < b->due || (a->due == b->due && a->order < b->order)) {
      best = i;
    }
  }
  return g_ptr_array_index (self->deliveries, best);
}

static void
hand_over (FyrTestWorld *self, Delivery *delivery)
{
  g_ptr_array_remove_fast (self->deliveries, delivery);
  delivery->func (delivery->data);
  g_free (delivery);
}

static void
empty_network (FyrTestWorld *self)
{
  Delivery *delivery;

  while ((delivery = take_next (self)) != NULL) {
    self->now = MAX (self->now, delivery->due);
    hand_over (self, delivery);
    while (g_main_context_iteration (NULL, FALSE)) {
    }
  }
}

static gpointer
nothing_to_do (FyrStoreContext *context, gpointer data, GError **error)
{
  return FYR_STORE_DONE;
}

/* What is asked of a store outside of transactions comes behind everything else: answered, all before it was. */
static void
wait_for_store (FyrStore *store)
{
  const FyrStoreJob job = { FYR_STORE_BARE, nothing_to_do, NULL, NULL, NULL, wait_for_store };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_store_run_async (store, &job, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  fyr_store_run_finish (store, wait_for_store, result, NULL);
}

/* Until neither the stores' threads nor the main loop have anything left to do. Each answer may lead to another
 * question, so some rounds are gone. */
static void
drain (FyrTestWorld *self)
{
  for (guint round = 0; round < QUIET_ROUNDS; round++) {
    for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
      while (g_main_context_iteration (NULL, FALSE)) {
      }
      if (self->clients[i].store != NULL) {
        wait_for_store (self->clients[i].store);
      }
    }
    while (g_main_context_iteration (NULL, FALSE)) {
    }
  }
}

void
fyr_test_world_free (FyrTestWorld *self)
{
  if (self == NULL) {
    return;
  }
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    fyr_test_client_close (&self->clients[i]);
    g_free (self->clients[i].path);
    g_free (self->clients[i].user_name);
    g_ptr_array_unref (self->clients[i].notes);
  }
  empty_network (self);
  drain (self);
  g_ptr_array_unref (self->deliveries);
  g_ptr_array_unref (self->lives);
  close_server (self);
  g_rand_free (self->random);
  g_free (self->location);
  g_free (self->folder);
  g_free (self);
}

static gint64
next_moment (FyrTestWorld *self)
{
  Delivery *delivery = take_next (self);
  gint64 next = self->next_beat;

  if (delivery != NULL) {
    next = MIN (next, delivery->due);
  }
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    if (self->clients[i].engine != NULL) {
      next = MIN (next, fyr_sync_engine_get_deadline (self->clients[i].engine));
    }
  }
  return MAX (next, self->now);
}

void
fyr_test_world_step (FyrTestWorld *self)
{
  Delivery *delivery;

  drain (self);
  self->now = next_moment (self);
  while ((delivery = take_next (self)) != NULL && delivery->due <= self->now) {
    hand_over (self, delivery);
  }
  if (self->now >= self->next_beat) {
    self->next_beat = self->now + BEAT;
    fyr_test_world_tell (self);
  }
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    FyrSyncEngine *engine = self->clients[i].engine;

    if (engine != NULL && fyr_sync_engine_get_deadline (engine) <= self->now) {
      fyr_sync_engine_wake (engine);
    }
  }
}

void
fyr_test_world_run (FyrTestWorld *self, gint64 milliseconds)
{
  gint64 end = self->now + milliseconds;

  drain (self);
  while (next_moment (self) < end) {
    fyr_test_world_step (self);
    drain (self);
  }
  self->now = MAX (self->now, end);
}

static void
change_roles (FyrTestWorld *self, const char *user_id, guint field, gint64 value)
{
  g_autoptr (GPtrArray) all =
      fyr_record_table_list (self->reader, &fyr_membership_info, FYR_MEMBERSHIP_USER_ID, user_id, NULL, NULL);

  for (guint i = 0; i < all->len; i++) {
    FyrRecord *membership = g_object_ref (g_ptr_array_index (all, i));

    fyr_record_set_int (membership, field, value);
    fyr_test_world_put (self, membership);
  }
}

void
fyr_test_world_end_roles (FyrTestWorld *self, const char *user_id)
{
  /* The server judges by milliseconds of the real clock. */
  g_usleep (2000);
  change_roles (self, user_id, FYR_MEMBERSHIP_VALID_TO, g_get_real_time () / 1000);
  g_usleep (2000);
}

static gboolean
settle_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_settle_run (context, data, error);
}

void
fyr_test_world_settle_kept (FyrTestWorld *self, gboolean accept, const char *reason)
{
  FyrTestClient *administrator = &self->clients[FYR_TEST_CLIENTS - 1];
  FyrSettle job = { .accept = accept, .settler = administrator->user_id, .reason = reason };
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (self->reader, "SELECT min (id) FROM quarantine WHERE settled IS NULL", NULL);
  g_autoptr (GError) error = NULL;

  change_roles (self, administrator->user_id, FYR_MEMBERSHIP_ROLE, FYR_ROLE_ADMINISTRATOR);
  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  job.id = fyr_statement_get_int (select, 0);
  fyr_statement_reset (select);
  fyr_server_db_write (self->db, settle_job, &job, &error);
  g_assert_no_error (error);
  g_assert_true (job.settled);
  fyr_wire_outcome_free (job.outcome);
}

static gboolean
end_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_session_end_all (context, data, error);
}

void
fyr_test_world_end_session (FyrTestWorld *self, FyrTestClient *client)
{
  g_assert_true (fyr_server_db_write (self->db, end_job, client->user_id, NULL));
}

void
fyr_test_world_back_up (FyrTestWorld *self)
{
  g_autofree char *path = g_build_filename (self->folder, "backup.db", NULL);

  g_assert_true (fyr_connection_backup (self->reader, path, NULL));
}

void
fyr_test_world_restore (FyrTestWorld *self)
{
  g_autofree char *backup = g_build_filename (self->folder, "backup.db", NULL);
  g_autofree char *path = g_strdup (fyr_server_db_get_path (self->db));
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  close_server (self);
  g_assert_true (g_file_get_contents (backup, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
  g_assert_true (!g_file_test (log, G_FILE_TEST_EXISTS) || g_file_set_contents (log, "", 0, NULL));
  open_server (self, FYR_SERVER_DB_NONE);
  g_assert_true (fyr_server_db_renew_epoch (self->db, &error));
  g_assert_no_error (error);
}

/* Waits for one answer of a store or engine; the world goes on meanwhile. */
static GAsyncResult *
wait_for (FyrTestWorld *self, GAsyncResult **slot)
{
  while (*slot == NULL) {
    if (!g_main_context_iteration (NULL, FALSE)) {
      Delivery *delivery = take_next (self);

      if (delivery != NULL && delivery->due <= self->now + 20000) {
        self->now = MAX (self->now, delivery->due);
        hand_over (self, delivery);
      } else {
        g_usleep (50);
      }
    }
  }
  return g_steal_pointer (slot);
}

void
fyr_test_client_open (FyrTestClient *client)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_open_async (client->path, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  client->store = fyr_store_open_finish (result, &error);
  g_assert_no_error (error);
  client->transport = fyr_test_transport_new (client);
  client->engine = fyr_sync_engine_new (client->store, FYR_SYNC_TRANSPORT (client->transport));
  fyr_sync_engine_set_clock (client->engine, world_clock, client->world);
}

FyrConnection *
fyr_test_client_look (FyrTestClient *client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreKeys) keys = fyr_store_keys_open (client->path, &error);
  g_autoptr (FyrPageKey) main_key = NULL;
  FyrConnection *connection;
  FyrKeyTrial trial;

  g_assert_no_error (error);
  if (fyr_store_keys_is_shared (keys)) {
    g_assert_true (fyr_store_keys_find (keys, client->user_name, &trial));
    main_key = fyr_key_trial_run (&trial, FYR_TEST_PASSWORD);
    g_assert_nonnull (main_key);
    g_assert_true (fyr_store_keys_unlock (keys, main_key, &error));
  }
  connection =
      fyr_connection_open_sealed (client->path, fyr_store_keys_get_key (keys), FYR_CONNECTION_NONE, &error);
  g_assert_no_error (error);
  return connection;
}

void
fyr_test_client_close (FyrTestClient *client)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (client->engine == NULL) {
    return;
  }
  fyr_test_transport_forget (client->transport);
  g_object_run_dispose (G_OBJECT (client->engine));
  g_clear_object (&client->engine);
  g_clear_object (&client->transport);
  fyr_store_close_async (client->store, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  fyr_store_close_finish (client->store, result, NULL);
  g_clear_object (&client->store);
  drain (client->world);
}

FyrSignInResult
fyr_test_client_sign_in (FyrTestClient *client, const char *password, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_sync_engine_sign_in_async (client->engine, client->user_name, password, NULL, fyr_test_got, &slot);
  result = wait_for (client->world, &slot);
  return fyr_sync_engine_sign_in_finish (client->engine, result, error);
}

void
fyr_test_client_wait_known (FyrTestClient *client)
{
  g_autoptr (FyrOfflineUser) known = NULL;

  for (guint tries = 0; known == NULL; tries++) {
    GAsyncResult *slot = NULL;
    g_autoptr (GAsyncResult) result = NULL;

    g_assert_cmpuint (tries, <, 100);
    fyr_store_check_user_async (client->store, client->user_name, FYR_TEST_PASSWORD, NULL, fyr_test_got,
                                &slot);
    result = fyr_test_wait (&slot);
    known = fyr_store_check_user_finish (client->store, result, NULL);
  }
}

gboolean
fyr_test_client_save (FyrTestClient *client, FyrMutation *mutation)
{
  g_autoptr (FyrMutation) owned = mutation;
  g_autoptr (FyrSaveReceipt) receipt = NULL;
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_store_save_one_async (client->store, owned, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  receipt = fyr_store_save_finish (client->store, result, NULL);
  return receipt != NULL;
}

void
fyr_test_client_discard (FyrTestClient *client, gint64 key)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_store_discard_async (client->store, key, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  fyr_store_discard_finish (client->store, result, &error);
  g_assert_no_error (error);
}

void
fyr_test_client_note (FyrTestClient *client, guint index, const char *text)
{
  g_autoptr (FyrRecord) note = FYR_RECORD (fyr_note_new ());
  char id[37];

  new_id (note, id);
  fyr_note_set_patient_id ((FyrNote *)note, client->world->patients[index]);
  fyr_note_set_author_id ((FyrNote *)note, client->user_id);
  fyr_note_set_time ((FyrNote *)note, g_get_real_time () / 1000);
  fyr_note_set_text ((FyrNote *)note, text);
  g_assert_true (fyr_test_client_save (client, fyr_mutation_new_create (note, client->user_id)));
  g_ptr_array_add (client->notes, g_strdup (id));
}

FyrRecord *
fyr_test_client_get (FyrTestClient *client, const FyrRecordInfo *info, const char *id)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fyr_store_get_record_async (client->store, info->kind, id, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  return fyr_store_get_record_finish (client->store, result, NULL);
}

GPtrArray *
fyr_test_client_list (FyrTestClient *client, const FyrRecordInfo *info)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  fyr_store_list_records_async (client->store, info->kind, NULL, NULL, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  records = fyr_store_list_records_finish (client->store, result, &error);
  g_assert_no_error (error);
  return records;
}

GPtrArray *
fyr_test_client_outbox (FyrTestClient *client, guint states)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *entries;

  fyr_store_list_outbox_async (client->store, states, 0, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  entries = fyr_store_list_outbox_finish (client->store, result, &error);
  g_assert_no_error (error);
  return entries;
}

static gboolean
has_all (FyrTestClient *client)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FyrStoreIdentity) identity = NULL;
  g_autoptr (FyrSubject) subject =
      fyr_subject_load (client->world->reader, client->user_id, g_get_real_time () / 1000, NULL);
  g_autoptr (GPtrArray) scopes = fyr_scopes_load (client->world->reader, subject, NULL);

  fyr_store_get_identity_async (client->store, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  identity = fyr_store_get_identity_finish (client->store, result, NULL);
  for (guint i = 0; i < scopes->len; i++) {
    const FyrScope *scope = g_ptr_array_index (scopes, i);
    gint64 *cursor = g_hash_table_lookup (identity->cursors, scope->name);

    if (scope->head > (cursor != NULL ? *cursor : 0)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_settled (FyrTestWorld *self)
{
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    FyrTestClient *client = &self->clients[i];
    g_autoptr (GPtrArray) waiting = NULL;

    if (client->engine == NULL) {
      continue;
    }
    waiting = fyr_test_client_outbox (client, 1U << FYR_OUTBOX_WAITING | 1U << FYR_OUTBOX_SENT);
    if (waiting->len > 0 || !has_all (client)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
fyr_test_world_settle (FyrTestWorld *self)
{
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    self->clients[i].faults = (FyrTestFaults){ .delay = 5 };
  }
  for (guint step = 0; step < SETTLE_STEPS; step++) {
    fyr_test_world_step (self);
    if (step % 8 == 7 && is_settled (self)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (fyr_record_get_id (*(FyrRecord *const *)a), fyr_record_get_id (*(FyrRecord *const *)b));
}

void
fyr_test_world_assert_same (FyrTestWorld *self, const FyrRecordInfo *info)
{
  g_autoptr (GPtrArray) truth = fyr_record_table_list (self->reader, info, -1, NULL, NULL, NULL);

  g_ptr_array_sort (truth, compare_ids);
  for (guint i = 0; i < FYR_TEST_CLIENTS; i++) {
    g_autoptr (GPtrArray) shown = NULL;

    if (self->clients[i].engine == NULL) {
      continue;
    }
    shown = fyr_test_client_list (&self->clients[i], info);
    g_ptr_array_sort (shown, compare_ids);
    g_assert_cmpuint (shown->len, ==, truth->len);
    for (guint j = 0; j < truth->len; j++) {
      FyrRecord *here = g_ptr_array_index (shown, j);
      FyrRecord *there = g_ptr_array_index (truth, j);

      g_assert_cmpstr (fyr_record_get_id (here), ==, fyr_record_get_id (there));
      g_assert_cmpint (fyr_record_get_version (here), ==, fyr_record_get_version (there));
      g_assert_true (fyr_record_equal (here, there));
    }
  }
}

void
fyr_test_client_sign_in_online (FyrTestClient *client)
{
  g_autoptr (GError) error = NULL;

  fyr_test_client_open (client);
  g_assert_cmpint (fyr_test_client_sign_in (client, FYR_TEST_PASSWORD, &error), ==, FYR_SIGN_IN_ONLINE);
  g_assert_no_error (error);
}

void
fyr_test_pair_set_up (FyrTestPair *self, gconstpointer data)
{
  self->world = fyr_test_world_new (42);
  self->first = &self->world->clients[0];
  self->second = &self->world->clients[1];
  fyr_test_client_sign_in_online (self->first);
  fyr_test_client_sign_in_online (self->second);
  g_assert_true (fyr_test_world_settle (self->world));
}

void
fyr_test_pair_tear_down (FyrTestPair *self, gconstpointer data)
{
  fyr_test_world_free (self->world);
}
