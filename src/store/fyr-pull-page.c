/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-pull-page-private.h"

#include "fyr-store-emergency.h"

static void
clear_entry (gpointer data)
{
  FyrPageEntry *entry = data;

  g_clear_object (&entry->record);
  g_free (entry->kind);
  g_free (entry->id);
  g_free (entry->text);
  g_free (entry->tag);
}

static void
free_scope (gpointer data)
{
  FyrPageScope *scope = data;

  g_array_unref (scope->entries);
  g_free (scope->scope);
  g_free (scope);
}

static void
clear_settlement (gpointer data)
{
  FyrPageSettlement *settlement = data;

  g_free (settlement->code);
  g_free (settlement->text);
}

FyrPullPage *
fyr_pull_page_new (const char *epoch, gint64 server_time)
{
  FyrPullPage *self = g_new0 (FyrPullPage, 1);

  g_atomic_ref_count_init (&self->refs);
  self->epoch = g_strdup (epoch);
  self->server_time = server_time;
  self->scopes = g_ptr_array_new_with_free_func (free_scope);
  self->granted = g_ptr_array_new_with_free_func (g_free);
  self->revoked = g_ptr_array_new_with_free_func (g_free);
  self->confirmed = g_ptr_array_new_with_free_func (g_free);
  self->settled = g_array_new (FALSE, FALSE, sizeof (FyrPageSettlement));
  g_array_set_clear_func (self->settled, clear_settlement);
  self->emergency = g_array_new (FALSE, FALSE, sizeof (FyrEmergency));
  self->ahead = g_ptr_array_new_with_free_func (g_object_unref);
  self->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

FyrPullPage *
fyr_pull_page_ref (FyrPullPage *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
fyr_pull_page_unref (FyrPullPage *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs)) {
    return;
  }
  g_ptr_array_unref (self->scopes);
  g_ptr_array_unref (self->granted);
  g_ptr_array_unref (self->revoked);
  g_ptr_array_unref (self->confirmed);
  g_array_unref (self->settled);
  g_free (self->author_id);
  g_array_unref (self->emergency);
  g_free (self->emergency_author);
  g_ptr_array_unref (self->ahead);
  g_hash_table_unref (self->classes);
  g_clear_pointer (&self->check, fyr_page_check_free);
  g_free (self->epoch);
  g_free (self);
}

void
fyr_pull_page_add_scope (FyrPullPage *self, const char *scope, gint64 from, gint64 to)
{
  FyrPageScope *added = g_new0 (FyrPageScope, 1);

  added->scope = g_strdup (scope);
  added->from = from;
  added->to = to;
  added->entries = g_array_new (FALSE, FALSE, sizeof (FyrPageEntry));
  g_array_set_clear_func (added->entries, clear_entry);
  g_ptr_array_add (self->scopes, added);
}

static void
add_entry (FyrPullPage *self, FyrPageEntry entry)
{
  FyrPageScope *scope;

  g_return_if_fail (self->scopes->len > 0);
  scope = g_ptr_array_index (self->scopes, self->scopes->len - 1);
  g_array_append_val (scope->entries, entry);
}

void
fyr_pull_page_add_put (FyrPullPage *self, gint64 seq, FyrRecord *record)
{
  fyr_pull_page_add_signed_put (self, seq, record, NULL);
}

void
fyr_pull_page_add_signed_put (FyrPullPage *self, gint64 seq, FyrRecord *record, const char *tag)
{
  add_entry (self,
             (FyrPageEntry){
                 .seq = seq, .op = FYR_PAGE_PUT, .record = g_object_ref (record), .tag = g_strdup (tag) });
}

void
fyr_pull_page_add_delete (FyrPullPage *self, gint64 seq, const char *kind, const char *id)
{
  fyr_pull_page_add_signed_delete (self, seq, kind, id, 0, NULL);
}

void
fyr_pull_page_add_signed_delete (
    FyrPullPage *self, gint64 seq, const char *kind, const char *id, gint64 version, const char *tag)
{
  add_entry (self, (FyrPageEntry){ .seq = seq,
                                   .op = FYR_PAGE_DELETE,
                                   .kind = g_strdup (kind),
                                   .id = g_strdup (id),
                                   .version = version,
                                   .tag = g_strdup (tag) });
}

void
fyr_pull_page_add_skip (FyrPullPage *self, gint64 seq)
{
  add_entry (self, (FyrPageEntry){ .seq = seq, .op = FYR_PAGE_SKIP });
}

void
fyr_pull_page_add_parked (FyrPullPage *self, gint64 seq, const char *kind, const char *id, const char *text)
{
  add_entry (self, (FyrPageEntry){ .seq = seq,
                                   .op = FYR_PAGE_PARKED,
                                   .kind = g_strdup (kind),
                                   .id = g_strdup (id),
                                   .text = g_strdup (text) });
}

void
fyr_pull_page_add_granted (FyrPullPage *self, const char *scope)
{
  g_ptr_array_add (self->granted, g_strdup (scope));
}

void
fyr_pull_page_add_revoked (FyrPullPage *self, const char *scope)
{
  g_ptr_array_add (self->revoked, g_strdup (scope));
}

void
fyr_pull_page_add_settlement (FyrPullPage *self, const char *author_id, const FyrPageSettlement *settlement)
{
  FyrPageSettlement own = *settlement;

  if (self->author_id == NULL) {
    self->author_id = g_strdup (author_id);
  }
  own.code = g_strdup (own.code);
  own.text = g_strdup (own.text);
  g_array_append_val (self->settled, own);
}

void
fyr_pull_page_set_emergency (FyrPullPage *self, const char *author_id, GArray *accesses)
{
  g_free (self->emergency_author);
  self->emergency_author = g_strdup (author_id);
  g_array_set_size (self->emergency, 0);
  g_array_append_vals (self->emergency, accesses->data, accesses->len);
}

void
fyr_pull_page_add_confirmed (FyrPullPage *self, const char *scope)
{
  g_ptr_array_add (self->confirmed, g_strdup (scope));
}

void
fyr_pull_page_add_classes (FyrPullPage *self, const char *scope, gint64 mask)
{
  g_hash_table_replace (self->classes, g_strdup (scope), g_memdup2 (&mask, sizeof mask));
}

void
fyr_pull_page_add_ahead (FyrPullPage *self, FyrRecord *record)
{
  g_ptr_array_add (self->ahead, g_object_ref (record));
}

FyrPageCheck *
fyr_page_check_new (const char *kind, const char *after, const char *until)
{
  FyrPageCheck *self = g_new0 (FyrPageCheck, 1);

  self->kind = g_strdup (kind);
  g_strlcpy (self->after, after, sizeof self->after);
  g_strlcpy (self->until, until, sizeof self->until);
  return self;
}

void
fyr_page_check_free (FyrPageCheck *self)
{
  g_free (self->kind);
  g_free (self->hash);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_free (self);
}

void
fyr_pull_page_take_check (FyrPullPage *self, FyrPageCheck *check)
{
  g_clear_pointer (&self->check, fyr_page_check_free);
  self->check = check;
}
