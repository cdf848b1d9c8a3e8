/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-intake.h"

#include <string.h>

#include "fyr-config.h"
#include "fyr-fhir-bundle.h"
#include "fyr-intake-missing.h"
#include "fyr-intake-store.h"
#include "fyr-uuid.h"

/* So many jobs may wait for the disk; above it senders are told to come again. */
#define MAX_PENDING 4000
#define METADATA "/fhir/metadata"

struct _FyrIntake {
  FyrWriter *writer;
  FyrIntakeCache *cache;
  FyrIntakeSweep *sweep;
  char *capability;
};

/* One entry of a Bundle, or the one Observation. `outcome` is made when there is something to say. */
typedef struct {
  const char *full_url;
  gboolean readable;
  char new_id[FYR_UUID_TEXT_SIZE];
  FyrObservation observation;
  FyrIntakeResult result;
  FyrFhirOutcome *outcome;
  gboolean tried;
} Item;

typedef struct {
  FyrIntake *intake;
  FyrJsonDocument *document;
  GArray *items;
  gboolean is_bundle;
  FyrBundleType type;
  char centre_id[37];
  FyrIntakeDoneFunc done;
  gpointer data;
} Job;

static void
clear_item (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->outcome, fyr_fhir_outcome_free);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->document, fyr_json_document_free);
  g_array_unref (job->items);
  g_free (job);
}

FyrIntake *
fyr_intake_new (FyrServerDb *db, FyrWriter *writer)
{
  FyrIntake *self = g_new0 (FyrIntake, 1);

  self->writer = writer;
  self->cache = fyr_intake_cache_new (db);
  self->sweep = fyr_intake_sweep_new (writer, self->cache);
  self->capability = fyr_fhir_capability_statement (FYR_VERSION, g_get_real_time () / 1000);
  return self;
}

void
fyr_intake_free (FyrIntake *self)
{
  fyr_intake_sweep_free (self->sweep);
  fyr_intake_cache_free (self->cache);
  g_free (self->capability);
  g_free (self);
}

void
fyr_intake_check_missing (FyrIntake *self, gint64 now)
{
  fyr_intake_sweep_run (self->sweep, now);
}

static void
answer_text (FyrIntakeDoneFunc done, gpointer data, guint status, const char *location, const char *body)
{
  const FyrIntakeReply reply = { status, location, body, strlen (body) };

  done (&reply, data);
}

static void
answer_outcome (FyrIntakeDoneFunc done, gpointer data, FyrFhirOutcome *outcome)
{
  g_autofree char *body = fyr_fhir_outcome_to_text (outcome);

  answer_text (done, data, fyr_fhir_outcome_get_status (outcome), NULL, body);
}

static void
answer_refusal (FyrIntakeDoneFunc done, gpointer data, guint status, const char *code, const char *text)
{
  g_autofree char *body = fyr_intake_refusal (status, code, text);

  answer_text (done, data, status, NULL, body);
}

char *
fyr_intake_refusal (guint status, const char *code, const char *text)
{
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();

  fyr_fhir_outcome_add (outcome, status, code, NULL, text);
  return fyr_fhir_outcome_to_text (outcome);
}

static FyrFhirOutcome *
item_outcome (Item *item)
{
  if (item->outcome == NULL)
    item->outcome = fyr_fhir_outcome_new ();
  return item->outcome;
}

/* Patients and devices in a Bundle only serve references: they are taken note of and not stored. */
static gboolean
is_companion (const char *type)
{
  return g_strcmp0 (type, "Patient") == 0 || g_strcmp0 (type, "Device") == 0 ||
         g_strcmp0 (type, "DeviceMetric") == 0 || g_strcmp0 (type, "Practitioner") == 0 ||
         g_strcmp0 (type, "Organization") == 0;
}

static void
read_item (Job *job, const FyrBundleEntry *entry, const FyrJsonValue *bundle, gint64 now)
{
  Item item = { .full_url = entry->full_url, .outcome = fyr_fhir_outcome_new () };

  if (entry->resource_type == NULL)
    fyr_fhir_outcome_add (item.outcome, 400, "required", "Bundle.entry.resource",
                          "The entry has no resource with a resourceType");
  else if (is_companion (entry->resource_type))
    item.result.status = 200;
  else if (!g_str_equal (entry->resource_type, "Observation"))
    fyr_fhir_outcome_add (item.outcome, 404, "not-supported", "Bundle.entry.resource",
                          "Resources of this type are not taken here");
  else if (entry->method != NULL && !g_str_equal (entry->method, "POST") &&
           !g_str_equal (entry->method, "PUT"))
    fyr_fhir_outcome_add (item.outcome, 422, "not-supported", "Bundle.entry.request.method",
                          "Only POST and PUT are taken");
  else
    item.readable = fyr_fhir_observation_read (job->document, entry->resource, bundle, now, &item.observation,
                                               item.outcome);
  if (fyr_fhir_outcome_get_length (item.outcome) == 0)
    g_clear_pointer (&item.outcome, fyr_fhir_outcome_free);
  else
    item.result.status = fyr_fhir_outcome_get_status (item.outcome);
  g_array_append_val (job->items, item);
}

/* What needs no database is done before the writer has it. */
static void
name_items (Job *job, gint64 now)
{
  g_autofree char (*ids)[FYR_UUID_TEXT_SIZE] = g_malloc_n (job->items->len, sizeof *ids);

  fyr_uuid_v7_new_many (now, job->items->len, ids);
  for (guint i = 0; i < job->items->len; i++)
    memcpy (g_array_index (job->items, Item, i).new_id, ids[i], sizeof ids[i]);
}

static gboolean
read_items (Job *job, gint64 now, FyrFhirOutcome *outcome)
{
  const FyrJsonValue *root = fyr_json_document_get_root (job->document);
  FyrBundleEntry only = { 0, NULL, root, "Observation", NULL };
  g_autoptr (FyrBundle) bundle = NULL;

  if (!job->is_bundle) {
    read_item (job, &only, NULL, now);
    return TRUE;
  }
  bundle = fyr_fhir_bundle_read (root, outcome);
  if (bundle == NULL)
    return FALSE;
  job->type = bundle->type;
  for (guint i = 0; i < bundle->entries->len; i++)
    read_item (job, &g_array_index (bundle->entries, FyrBundleEntry, i), root, now);
  return TRUE;
}

/* A transaction is all or nothing. */
static gboolean
is_whole (Job *job)
{
  return job->is_bundle && job->type == FYR_BUNDLE_TRANSACTION;
}

static gboolean
has_refusal (Job *job)
{
  for (guint i = 0; i < job->items->len; i++)
    if (g_array_index (job->items, Item, i).result.status >= 400)
      return TRUE;
  return FALSE;
}

static gboolean
store_item (Job *job, Item *item, FyrWriteContext *context, gboolean only_resolve, GError **error)
{
  FyrIntakeCache *cache = job->intake->cache;
  FyrIntakePatient *patient = NULL;
  int resolved;

  if (!item->readable || item->result.status >= 400)
    return TRUE;
  item->tried = TRUE;
  resolved = fyr_intake_resolve (cache, context, job->centre_id, &item->observation, &patient,
                                 item_outcome (item), error);
  if (resolved < 0)
    return FALSE;
  if (resolved == 0) {
    item->result.status = fyr_fhir_outcome_get_status (item->outcome);
    return TRUE;
  }
  return only_resolve || fyr_intake_store (cache, context, patient, &item->observation, item->new_id,
                                           &item->result, item_outcome (item), error);
}

static gboolean
store_items (Job *job, FyrWriteContext *context, gboolean only_resolve, GError **error)
{
  for (guint i = 0; i < job->items->len; i++)
    if (!store_item (job, &g_array_index (job->items, Item, i), context, only_resolve, error))
      return FALSE;
  return TRUE;
}

/* A job that met another process is run once more, as if for the first time. */
static void
forget_tries (Job *job)
{
  for (guint i = 0; i < job->items->len; i++) {
    Item *item = &g_array_index (job->items, Item, i);

    if (item->tried) {
      item->tried = FALSE;
      item->result = (FyrIntakeResult){ 0, "" };
      g_clear_pointer (&item->outcome, fyr_fhir_outcome_free);
    }
  }
}

static gboolean
run_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  forget_tries (job);
  if (is_whole (job)) {
    if (!store_items (job, context, TRUE, error))
      return FALSE;
    if (has_refusal (job))
      return TRUE;
  }
  if (!store_items (job, context, FALSE, error))
    return FALSE;
  return !is_whole (job) || !has_refusal (job);
}

static void
answer_observation (Job *job)
{
  Item *item = &g_array_index (job->items, Item, 0);
  g_autoptr (GString) text = NULL;
  char location[64];

  if (item->result.status >= 400) {
    answer_outcome (job->done, job->data, item->outcome);
    return;
  }
  text = g_string_sized_new (1024);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
  g_snprintf (location, sizeof location, "Observation/%s", item->result.id);
  if (item->observation.kind != FYR_MEASUREMENT_KIND_UNSET)
    fyr_fhir_observation_write (&item->observation, item->result.id, &json, NULL);
  answer_text (job->done, job->data, item->result.status, location, text->str);
}

static void
answer_whole_refused (Job *job)
{
  g_autoptr (FyrFhirOutcome) all = fyr_fhir_outcome_new ();

  for (guint i = 0; i < job->items->len; i++) {
    Item *item = &g_array_index (job->items, Item, i);

    if (item->result.status >= 400)
      fyr_fhir_outcome_add_all (all, item->outcome, i);
  }
  answer_outcome (job->done, job->data, all);
}

static void
answer_bundle (Job *job)
{
  g_autoptr (GString) text = g_string_sized_new (256 * job->items->len + 64);
  FyrBundleReply reply;
  FyrIntakeReply answer = { 200, NULL, NULL, 0 };

  if (is_whole (job) && has_refusal (job)) {
    answer_whole_refused (job);
    return;
  }
  fyr_bundle_reply_begin (&reply, text, job->type);
  for (guint i = 0; i < job->items->len; i++) {
    Item *item = &g_array_index (job->items, Item, i);
    guint status = item->result.status;

    fyr_bundle_reply_add (&reply, item->full_url, status, item->result.id[0] != '\0' ? item->result.id : NULL,
                          status >= 400 ? item->outcome : NULL);
  }
  fyr_bundle_reply_end (&reply);
  answer.body = text->str;
  answer.length = text->len;
  job->done (&answer, job->data);
}

static void
answer_job (gpointer data, const GError *error)
{
  Job *job = data;

  if (error != NULL && !(is_whole (job) && has_refusal (job))) {
    g_message ("intake: not stored, domain %s code %d", g_quark_to_string (error->domain), error->code);
    answer_refusal (job->done, job->data, 503, "transient",
                    "The server could not store this; send it again later");
  } else if (job->is_bundle) {
    answer_bundle (job);
  } else {
    answer_observation (job);
  }
}

static gboolean
has_work (Job *job)
{
  gboolean work = FALSE;

  for (guint i = 0; i < job->items->len; i++)
    work = work || g_array_index (job->items, Item, i).readable;
  return work && !(is_whole (job) && has_refusal (job));
}

static void
handle_resource (FyrIntake *self,
                 const FyrIntakeRequest *request,
                 gboolean is_bundle,
                 FyrIntakeDoneFunc done,
                 gpointer data)
{
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
  g_autoptr (GError) error = NULL;
  Job *job = g_new0 (Job, 1);
  gsize length = 0;
  const char *text = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;

  job->intake = self;
  job->is_bundle = is_bundle;
  job->done = done;
  job->data = data;
  job->items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_array_set_clear_func (job->items, clear_item);
  g_strlcpy (job->centre_id, request->centre_id, sizeof job->centre_id);
  job->document = fyr_json_document_parse (text, length, &fyr_json_limits_fhir, &error);
  if (error != NULL)
    fyr_fhir_outcome_add_error (outcome, error);
  if (error != NULL || !read_items (job, request->now, outcome)) {
    answer_outcome (done, data, outcome);
    job_free (job);
  } else if (!has_work (job)) {
    answer_job (job, NULL);
    job_free (job);
  } else if (fyr_writer_get_pending (self->writer) > MAX_PENDING) {
    answer_refusal (done, data, 503, "throttled", "Too much is waiting; send it again later");
    job_free (job);
  } else {
    name_items (job, request->now);
    fyr_writer_submit (self->writer, run_job, job, answer_job, job_free);
  }
}

static gboolean
is_json (const char *type)
{
  static const char *const types[] = { "application/fhir+json", "application/json", "application/json+fhir" };
  gsize length = type != NULL ? strcspn (type, "; \t") : 0;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i]) == length && g_ascii_strncasecmp (type, types[i], length) == 0)
      return TRUE;
  return FALSE;
}

static void
handle_post (FyrIntake *self, const FyrIntakeRequest *request, FyrIntakeDoneFunc done, gpointer data)
{
  gboolean bundle = g_str_equal (request->path, "/fhir") || g_str_equal (request->path, "/fhir/");

  if (!bundle && !g_str_equal (request->path, "/fhir/Observation"))
    answer_refusal (done, data, 404, "not-supported", "Post to /fhir/Observation, or a Bundle to /fhir");
  else if (!is_json (request->content_type))
    answer_refusal (done, data, 415, "not-supported", "The content type must be application/fhir+json");
  else
    handle_resource (self, request, bundle, done, data);
}

gboolean
fyr_intake_is_for_everybody (const char *method, const char *path)
{
  return g_str_equal (path, METADATA) && (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"));
}

void
fyr_intake_handle (FyrIntake *self, const FyrIntakeRequest *request, FyrIntakeDoneFunc done, gpointer data)
{
  if (fyr_intake_is_for_everybody (request->method, request->path))
    answer_text (done, data, 200, NULL, self->capability);
  else if (request->centre_id == NULL)
    answer_refusal (done, data, 401, "login", "A gateway's bearer token is needed");
  else if (g_str_equal (request->path, METADATA) || !g_str_equal (request->method, "POST"))
    answer_refusal (done, data, 405, "not-supported", "This method is not served here");
  else
    handle_post (self, request, done, data);
}

gboolean
fyr_intake_follow (
    FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer intake, GError **error)
{
  FyrIntake *self = intake;

  if (before != NULL || after == NULL || !fyr_record_is_a (after, &fyr_measurement_info))
    return TRUE;
  return fyr_intake_judge (self->cache, context, FYR_MEASUREMENT (after), error);
}
