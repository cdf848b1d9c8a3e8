/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-model.h"

#include <string.h>

#include "fyr-canonical-json.h"

/* One change of one record on the server, as it came. */
typedef struct {
  const FyrRecordInfo *info;
  char id[37];
  gint64 version; /* after; of a deletion: the tombstone's */
  gboolean created;
  gboolean deleted;
  gboolean given_back;  /* by a witness, after a restore */
  guint deed;           /* of which applied command of its job, from 1 */
  gint64 status_before; /* of an alert */
  gint64 status_after;
  GHashTable *before; /* field → text of what changed */
  GHashTable *after;
} Change;

struct _FyrSimModel {
  char *violation;
  GPtrArray *saves;
  GPtrArray *log;       /* Change, in commit order */
  GHashTable *last;     /* kind/id → Change */
  guint restores;       /* of the server, from a copy */
  GPtrArray *lost;      /* Change: undone by a restore */
  guint lost_before;    /* how many of those by former ones */
  guint restored_from;  /* how many changes the copy had */
  GPtrArray *open;      /* (nullable): of the job under way */
  guint kept;           /* how many of those stay when something is undone */
  gboolean given_back;  /* what is written now was there before a restore: its version is what it was */
  guint deeds;          /* commands applied in the last job */
  guint job_deed;       /* looked at so far */
  guint job_start;      /* where its changes begin in the log */
  GPtrArray *doubtful;  /* of a job whose commit nobody heard of */
  GHashTable *outcomes; /* device/incarnation/number/hash → text */
  GHashTable *allowed;  /* id/field/value → count */
  GHashTable *unproved; /* likewise: sent after a restore by who never heard whether it had been applied */
  GHashTable *idle;     /* id/field/value or event id of what was applied and changed nothing */
};

static void
change_free (gpointer data)
{
  Change *change = data;

  g_hash_table_unref (change->before);
  g_hash_table_unref (change->after);
  g_free (change);
}

FyrSimModel *
fyr_sim_model_new (void)
{
  FyrSimModel *self = g_new0 (FyrSimModel, 1);

  self->saves = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_sim_save_free);
  self->log = g_ptr_array_new_with_free_func (change_free);
  self->doubtful = g_ptr_array_new_with_free_func (change_free);
  self->lost = g_ptr_array_new_with_free_func (change_free);
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->idle = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unproved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
fyr_sim_model_free (FyrSimModel *self)
{
  g_free (self->violation);
  g_ptr_array_unref (self->saves);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->doubtful);
  g_ptr_array_unref (self->lost);
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_hash_table_unref (self->last);
  g_hash_table_unref (self->outcomes);
  g_hash_table_unref (self->allowed);
  g_hash_table_unref (self->unproved);
  g_hash_table_unref (self->idle);
  g_free (self);
}

void
fyr_sim_violation (FyrSimModel *self, const char *format, ...)
{
  va_list list;

  if (self->violation != NULL) {
    return;
  }
  va_start (list, format);
  self->violation = g_strdup_vprintf (format, list);
  va_end (list);
}

const char *
fyr_sim_model_get_violation (FyrSimModel *self)
{
  return self->violation;
}

FyrSimSave *
fyr_sim_save_new (guint client, const FyrRecordInfo *info, const char *id, const char *command)
{
  FyrSimSave *self = g_new0 (FyrSimSave, 1);

  self->client = client;
  self->info = info;
  g_strlcpy (self->id, id, sizeof self->id);
  g_strlcpy (self->command, command, sizeof self->command);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
fyr_sim_save_free (FyrSimSave *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

static void
count_one (GHashTable *counts, const char *id, const char *field, const char *value)
{
  char *key = g_strdup_printf ("%s/%s/%s", id, field, value);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));

  g_hash_table_insert (counts, key, GUINT_TO_POINTER (count + 1));
}

void
fyr_sim_model_allow (FyrSimModel *self, const char *id, const char *field, const char *value)
{
  count_one (self->allowed, id, field, value);
}

void
fyr_sim_model_saved (FyrSimModel *self, FyrSimSave *save)
{
  g_ptr_array_add (self->saves, save);
}

GPtrArray *
fyr_sim_model_get_saves (FyrSimModel *self)
{
  return self->saves;
}

FyrSimSave *
fyr_sim_model_find_save (FyrSimModel *self, guint client, gint64 key)
{
  for (guint i = self->saves->len; i > 0; i--) {
    FyrSimSave *save = g_ptr_array_index (self->saves, i - 1);

    if (save->client == client && save->key == key) {
      return save;
    }
  }
  return NULL;
}

char *
fyr_sim_value_text (FyrRecord *record, guint field)
{
  g_autoptr (JsonNode) node = NULL;
  GString *text = g_string_new (NULL);

  if (record == NULL || !fyr_record_is_set (record, field)) {
    g_string_assign (text, "null");
  } else {
    node = fyr_record_field_to_json (record, field);
    fyr_canonical_json_append (text, node, NULL);
  }
  return g_string_free (text, FALSE);
}

static char *
key_of (const FyrRecordInfo *info, const char *id)
{
  return g_strconcat (info->kind, "/", id, NULL);
}

void
fyr_sim_model_begin (FyrSimModel *self)
{
  self->open = g_ptr_array_new_with_free_func (change_free);
  self->kept = self->deeds = self->job_deed = 0;
}

void
fyr_sim_model_give_back (FyrSimModel *self, gboolean given_back)
{
  self->given_back = given_back;
}

void
fyr_sim_model_keep (FyrSimModel *self, gboolean deed)
{
  guint n = self->open != NULL ? self->open->len : 0;

  self->deeds += deed;
  for (guint i = self->kept; i < n && deed; i++) {
    ((Change *)g_ptr_array_index (self->open, i))->deed = self->deeds;
  }
  self->kept = n;
}

void
fyr_sim_model_undo (FyrSimModel *self)
{
  if (self->open != NULL) {
    g_ptr_array_set_size (self->open, (gint)self->kept);
  }
}

static Change *
find_last (FyrSimModel *self, const FyrRecordInfo *info, const char *id)
{
  g_autofree char *key = key_of (info, id);

  for (guint i = self->open != NULL ? self->open->len : 0; i > 0; i--) {
    Change *change = g_ptr_array_index (self->open, i - 1);

    if (change->info == info && strcmp (change->id, id) == 0) {
      return change;
    }
  }
  return g_hash_table_lookup (self->last, key);
}

void
fyr_sim_model_change (FyrSimModel *self, FyrRecord *before, FyrRecord *after)
{
  FyrRecord *some = after != NULL ? after : before;
  Change *change;
  Change *former;

  if (some == NULL || self->open == NULL) {
    return;
  }
  change = g_new0 (Change, 1);
  change->info = fyr_record_get_info (some);
  g_strlcpy (change->id, fyr_record_get_id (some), sizeof change->id);
  former = find_last (self, change->info, change->id);
  change->created = before == NULL && (former == NULL || former->deleted);
  change->deleted = after == NULL;
  change->given_back = self->given_back;
  change->version = after != NULL ? fyr_record_get_version (after) : fyr_record_get_version (before) + 1;
  change->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  change->after = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (change->info == &fyr_alert_info) {
    change->status_before = before != NULL ? fyr_record_get_int (before, FYR_ALERT_STATUS) : 0;
    change->status_after = after != NULL ? fyr_record_get_int (after, FYR_ALERT_STATUS) : 0;
  }
  for (guint i = 0; i < change->info->n_fields; i++) {
    g_autofree char *was = fyr_sim_value_text (before, i);
    g_autofree char *is = fyr_sim_value_text (after, i);

    if (strcmp (was, is) != 0) {
      g_hash_table_insert (change->before, g_strdup (change->info->fields[i].name), g_steal_pointer (&was));
      g_hash_table_insert (change->after, g_strdup (change->info->fields[i].name), g_steal_pointer (&is));
    }
  }
  if (!self->given_back && former != NULL && before != NULL && change->version != former->version + 1) {
    fyr_sim_violation (self, "%s %s: version %" G_GINT64_FORMAT " came after %" G_GINT64_FORMAT,
                       change->info->kind, change->id, change->version, former->version);
  }
  g_ptr_array_add (self->open, change);
}

static void
append (FyrSimModel *self, Change *change)
{
  g_ptr_array_add (self->log, change);
  g_hash_table_replace (self->last, key_of (change->info, change->id), change);
}

void
fyr_sim_model_end (FyrSimModel *self, gboolean known)
{
  g_autoptr (GPtrArray) open = g_steal_pointer (&self->open);

  g_ptr_array_set_free_func (open, NULL);
  self->job_start = self->log->len;
  for (guint i = 0; i < open->len; i++) {
    if (known) {
      append (self, open->pdata[i]);
    } else {
      g_ptr_array_add (self->doubtful, open->pdata[i]);
    }
  }
}

void
fyr_sim_model_resolve (FyrSimModel *self, FyrSimVersionFunc version, gpointer data)
{
  g_autoptr (GPtrArray) doubtful = g_steal_pointer (&self->doubtful);

  self->doubtful = g_ptr_array_new_with_free_func (change_free);
  g_ptr_array_set_free_func (doubtful, NULL);
  for (guint i = 0; i < doubtful->len; i++) {
    Change *change = g_ptr_array_index (doubtful, i);

    if (version (change->info, change->id, data) >= change->version) {
      append (self, change);
    } else {
      change_free (change);
    }
  }
}

guint
fyr_sim_model_get_length (FyrSimModel *self)
{
  return self->log->len;
}

void
fyr_sim_model_set_back (FyrSimModel *self, guint length)
{
  self->restores++;
  self->lost_before = self->lost->len;
  self->restored_from = length;
  g_ptr_array_set_size (self->doubtful, 0);
  g_hash_table_remove_all (self->last);
  g_hash_table_remove_all (self->outcomes);
  while (self->log->len > length) {
    g_ptr_array_add (self->lost, g_ptr_array_steal_index (self->log, self->log->len - 1));
  }
  for (guint i = 0; i < length; i++) {
    Change *change = g_ptr_array_index (self->log, i);

    g_hash_table_replace (self->last, key_of (change->info, change->id), change);
  }
}

/* The change the @deed-th command of the last job made to its own record; NULL: it had nothing to change. */
static Change *
find_deed (FyrSimModel *self, const char *id, guint deed)
{
  for (guint i = self->job_start; i < self->log->len; i++) {
    Change *change = g_ptr_array_index (self->log, i);

    if (change->deed == deed && strcmp (change->id, id) == 0 && g_hash_table_size (change->after) > 0) {
      return change;
    }
  }
  return NULL;
}

/* The first or the last version in which the life before the last restore got the value; 0: it never had it. */
static gint64
find_lost (FyrSimModel *self, Change *like, const char *field, const char *value, gboolean first)
{
  gint64 version = 0;

  for (guint i = self->lost_before; i < self->lost->len; i++) {
    Change *change = g_ptr_array_index (self->lost, i);

    if (change->info == like->info && strcmp (change->id, like->id) == 0 &&
        g_strcmp0 (g_hash_table_lookup (change->after, field), value) == 0) {
      version = version == 0 || (change->version < version) == first ? change->version : version;
    }
  }
  return version;
}

/* Whether the value was put there since the last restore, by @change's predecessors. */
static gboolean
came_again (FyrSimModel *self, Change *like, const char *field, const char *value)
{
  for (guint i = self->restored_from; i < self->log->len && self->log->pdata[i] != like; i++) {
    Change *change = g_ptr_array_index (self->log, i);

    if (change->info == like->info && strcmp (change->id, like->id) == 0 &&
        g_strcmp0 (g_hash_table_lookup (change->after, field), value) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

/* Of two values that a restore took away the later one stands, whoever sends his again first. */
static void
check_order (FyrSimModel *self, Change *change, const char *field, const char *replaced)
{
  const char *value = g_hash_table_lookup (change->after, field);
  gint64 older = find_lost (self, change, field, value, FALSE);

  if (older > 0 && find_lost (self, change, field, replaced, TRUE) > older &&
      came_again (self, change, field, replaced)) {
    fyr_sim_violation (self, "an older value again: %s %s %s: %s was there before %s", change->info->kind,
                       change->id, field, value, replaced);
  }
}

/* What stood there was what the writer had seen, or is kept beside. */
static void
check_update (FyrSimModel *self,
              FyrWireMutation *mutation,
              gboolean proved,
              Change *change,
              FyrSimHistoryFunc history,
              gpointer data)
{
  GHashTableIter iter;
  gpointer field, replaced;

  g_hash_table_iter_init (&iter, change->before);
  while (g_hash_table_iter_next (&iter, &field, &replaced)) {
    JsonNode *base = mutation->bases != NULL ? json_object_get_member (mutation->bases, field) : NULL;
    int index = fyr_record_info_find_field (change->info, field);
    g_autoptr (GString) seen = g_string_new (NULL);

    if (proved) {
      check_order (self, change, field, replaced);
    } else if (self->restores > 0) {
      count_one (self->unproved, change->id, field, g_hash_table_lookup (change->after, field));
    }
    if (base == NULL || json_node_is_null (base)) {
      g_string_assign (seen, "null");
    } else {
      fyr_canonical_json_append (seen, base, NULL);
    }
    if (strcmp (seen->str, replaced) == 0 || index < 0) {
      continue;
    }
    if (change->info->fields[index].clinical_merge) {
      fyr_sim_violation (self, "lost update: %s %s %s: the writer saw %s, replaced was %s",
                         change->info->kind, change->id, (const char *)field, seen->str,
                         (const char *)replaced);
    } else if (!history (change->info, change->id, change->version - 1, field, replaced, data)) {
      fyr_sim_violation (self, "lost update: %s %s %s: %s is not kept in the history", change->info->kind,
                         change->id, (const char *)field, (const char *)replaced);
    }
  }
}

/* The table of the alert's states, once more and by hand. */
static void
check_command (FyrSimModel *self, FyrWireMutation *mutation, Change *change)
{
  gint64 before = change->status_before, after = change->status_after;
  gint64 seen =
      fyr_enum_from_code (&fyr_alert_status_info,
                          json_object_get_string_member_with_default (mutation->fields, "based_on", NULL));
  gboolean fine = TRUE;

  if (strcmp (mutation->command, "take") == 0) {
    /* From a colleague takes only who saw that it was hers. */
    fine = after == FYR_ALERT_STATUS_TAKEN &&
           (before == FYR_ALERT_STATUS_OPEN || (before == FYR_ALERT_STATUS_TAKEN && seen == before));
  } else if (strcmp (mutation->command, "release") == 0) {
    fine = before == FYR_ALERT_STATUS_TAKEN && after == FYR_ALERT_STATUS_OPEN;
  } else if (strcmp (mutation->command, "close") == 0) {
    fine = before == FYR_ALERT_STATUS_TAKEN && after == FYR_ALERT_STATUS_CLOSED;
  } else if (strcmp (mutation->command, "reopen") == 0) {
    fine = before == FYR_ALERT_STATUS_CLOSED && after == FYR_ALERT_STATUS_OPEN;
  }
  if (!fine) {
    fyr_sim_violation (self, "alert %s: %s was applied from status %d to %d", mutation->id, mutation->command,
                       (int)before, (int)after);
  }
}

static void
check_repeated (FyrSimModel *self,
                FyrPushRequest *request,
                FyrWireMutation *mutation,
                FyrWireOutcome *outcome)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT "/%s", request->device,
                                          request->incarnation, mutation->number, mutation->hash);
  const char *former = g_hash_table_lookup (self->outcomes, key);
  g_autoptr (GString) text = g_string_new (NULL);

  fyr_wire_outcome_write (outcome, text);
  if (former == NULL) {
    g_hash_table_insert (self->outcomes, g_steal_pointer (&key), g_strdup (text->str));
  } else if (strcmp (former, text->str) != 0) {
    fyr_sim_violation (self, "number %" G_GINT64_FORMAT " was answered %s, and asked again %s",
                       mutation->number, former, text->str);
  }
}

/* What was applied and had nothing to change: it was so already. */
static void
note_idle (FyrSimModel *self, FyrWireMutation *mutation, Change *change)
{
  g_autoptr (GList) names = mutation->fields != NULL ? json_object_get_members (mutation->fields) : NULL;

  for (GList *name = names; name != NULL; name = name->next) {
    g_autoptr (GString) text = g_string_new (NULL);

    if (change != NULL &&
        (change->info == &fyr_alert_info || g_hash_table_contains (change->after, name->data))) {
      continue;
    }
    fyr_canonical_json_append (text, json_object_get_member (mutation->fields, name->data), NULL);
    g_hash_table_add (self->idle, g_strdup_printf ("%s/%s/%s", mutation->id, (char *)name->data, text->str));
  }
}

static gboolean
is_deed (FyrWireMutation *mutation, FyrWireOutcome *outcome)
{
  return (outcome->kind == FYR_WIRE_OUTCOME_APPLIED || outcome->kind == FYR_WIRE_OUTCOME_MERGED) &&
         strcmp (mutation->command, "delete") != 0;
}

/* What was sent again and is applied though its record is deleted: the server knows of both. */
static void
note_settled (FyrSimModel *self, FyrPushRequest *request, FyrWireMutation *mutation, FyrWireOutcome *outcome)
{
  if (outcome->kind == FYR_WIRE_OUTCOME_APPLIED &&
      g_hash_table_contains (request->receipts, &mutation->number)) {
    g_hash_table_add (self->idle, g_strdup_printf ("%s/%s", mutation->command, mutation->id));
  }
}

static gboolean
is_settled (FyrSimModel *self, FyrSimSave *save)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", save->command, save->id);

  return g_hash_table_contains (self->idle, key);
}

static guint
count_deeds (FyrPushRequest *request, FyrPushReply *reply)
{
  guint n = 0;

  for (guint i = 0; i < reply->outcomes->len; i++) {
    n += is_deed (g_ptr_array_index (request->mutations, i), g_ptr_array_index (reply->outcomes, i));
  }
  return n;
}

/* Of the commands that were applied the last are new; those before them had been answered before. */
void
fyr_sim_model_pushed (
    FyrSimModel *self, FyrPushRequest *request, FyrPushReply *reply, FyrSimHistoryFunc history, gpointer data)
{
  guint told = count_deeds (request, reply) - self->deeds;

  for (guint i = 0; i < reply->outcomes->len; i++) {
    FyrWireMutation *mutation = g_ptr_array_index (request->mutations, i);
    FyrWireOutcome *outcome = g_ptr_array_index (reply->outcomes, i);
    Change *change;

    check_repeated (self, request, mutation, outcome);
    note_settled (self, request, mutation, outcome);
    if (!is_deed (mutation, outcome)) {
      continue;
    }
    if (told > 0) {
      told--;
      continue;
    }
    change = find_deed (self, mutation->id, ++self->job_deed);
    note_idle (self, mutation, change);
    if (change != NULL && strcmp (mutation->command, "update") == 0) {
      gboolean proved = g_hash_table_contains (request->receipts, &mutation->number);

      check_update (self, mutation, proved, change, history, data);
    } else if (change != NULL && change->info == &fyr_alert_info) {
      check_command (self, mutation, change);
    }
  }
}

static gboolean
has_value (FyrSimModel *self, const char *id, const char *field, const char *value)
{
  for (guint i = self->log->len; i > 0; i--) {
    Change *change = g_ptr_array_index (self->log, i - 1);

    if (strcmp (change->id, id) == 0 && g_strcmp0 (g_hash_table_lookup (change->after, field), value) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
has_change (FyrSimModel *self, const FyrRecordInfo *info, const char *id, gboolean deleted)
{
  for (guint i = self->log->len; i > 0; i--) {
    Change *change = g_ptr_array_index (self->log, i - 1);

    if (change->info == info && strcmp (change->id, id) == 0 && change->deleted == deleted) {
      return TRUE;
    }
  }
  return FALSE;
}

/* The version in which a life before a restore deleted the record; 0: it never did. */
static gint64
find_lost_deletion (FyrSimModel *self, FyrSimSave *save)
{
  gint64 version = 0;

  for (guint i = 0; i < self->lost->len; i++) {
    Change *change = g_ptr_array_index (self->lost, i);

    if (change->info == save->info && strcmp (change->id, save->id) == 0 && change->deleted) {
      version = MAX (version, change->version);
    }
  }
  return version;
}

/* A witness gave the record back as it was after the change or later: then the change is in it. One that was deleted
 * later, and is not there, is as it was: a server of before it was made has nothing to give back. */
static gboolean
is_given_back (FyrSimModel *self, FyrSimSave *save, const char *field, const char *value)
{
  g_autofree char *key = key_of (save->info, save->id);
  Change *now = g_hash_table_lookup (self->last, key);
  gint64 version = now != NULL ? now->version : find_lost_deletion (self, save);

  for (guint i = 0; i < self->lost->len; i++) {
    Change *change = g_ptr_array_index (self->lost, i);

    if (change->info == save->info && strcmp (change->id, save->id) == 0 && version >= change->version &&
        g_strcmp0 (g_hash_table_lookup (change->after, field), value) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
fyr_sim_model_was_applied (FyrSimModel *self, FyrSimSave *save)
{
  GHashTableIter iter;
  gpointer field, value;

  if (strcmp (save->command, "delete") == 0) {
    return has_change (self, save->info, save->id, TRUE) || is_settled (self, save);
  }
  if (save->event_id[0] != '\0') {
    g_autofree char *key = g_strdup_printf ("%s/event_id/\"%s\"", save->id, save->event_id);

    return has_change (self, &fyr_alert_event_info, save->event_id, FALSE) ||
           g_hash_table_contains (self->idle, key);
  }
  if (strcmp (save->command, "create") == 0 && !has_change (self, save->info, save->id, FALSE) &&
      !is_settled (self, save)) {
    return FALSE;
  }
  g_hash_table_iter_init (&iter, save->values);
  while (g_hash_table_iter_next (&iter, &field, &value)) {
    g_autofree char *key = g_strdup_printf ("%s/%s/%s", save->id, (char *)field, (char *)value);

    if (!has_value (self, save->id, field, value) && !g_hash_table_contains (self->idle, key) &&
        !is_given_back (self, save, field, value)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void
check_doubles (FyrSimModel *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->log->len; i++) {
    Change *change = g_ptr_array_index (self->log, i);
    GHashTableIter iter;
    gpointer field, value;

    g_hash_table_iter_init (&iter, change->after);
    while (!change->deleted && !change->given_back && g_hash_table_iter_next (&iter, &field, &value)) {
      g_autofree char *key = g_strdup_printf ("%s/%s/%s", change->id, (char *)field, (char *)value);
      guint allowed = GPOINTER_TO_UINT (g_hash_table_lookup (self->allowed, key));
      guint unproved = GPOINTER_TO_UINT (g_hash_table_lookup (self->unproved, key));
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (seen, key)) + 1;

      /* Who never heard that it was applied can show nothing for it, and of a cosmetic field the last to arrive stands:
       * once more than saved, then, and what it replaced is in the history. */
      if (allowed > 0 && count > allowed + unproved) {
        fyr_sim_violation (self, "double effect: %s went in %u times, saved %u times", key, count, allowed);
      }
      g_hash_table_insert (seen, g_steal_pointer (&key), GUINT_TO_POINTER (count));
    }
  }
}

void
fyr_sim_model_check_versions (FyrSimModel *self, FyrSimVersionFunc version, gpointer data)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->last);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Change *change = value;
    gint64 now = version (change->info, change->id, data);

    /* A deletion that was given back has the version it had. */
    if (change->deleted && change->given_back ? now < change->version : now != change->version) {
      fyr_sim_violation (
          self, "%s %s: the last change made version %" G_GINT64_FORMAT ", there is %" G_GINT64_FORMAT,
          change->info->kind, change->id, change->version, now);
    }
  }
  check_doubles (self);
}
