/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-disk.h"

#include <string.h>

/* A write or a cut (bytes NULL: length is the file's new one) that is not on the platter yet. */
typedef struct {
  gsize offset;
  gsize length;
  guint8 *bytes;
} Change;

struct _FyrSimFile {
  GByteArray *seen;
  GByteArray *platter;
  GPtrArray *changes; /* Change */
  gboolean named;     /* its name is on the platter */
  gboolean deleted;   /* its removal is not on the platter */
  gpointer slot;
};

struct _FyrSimDisk {
  char *folder;
  GHashTable *files; /* path → FyrSimFile */
  FyrSimFault fault;
  guint left;
  gboolean struck;
  gboolean dead;
  gboolean dies_after;
  gboolean honest;
  guint64 calls;
  guint64 reads;
  guint looking;
  guint life;
};

static GPtrArray *disks;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->bytes);
  g_free (change);
}

static FyrSimFile *
file_new (void)
{
  FyrSimFile *self = g_new0 (FyrSimFile, 1);

  self->seen = g_byte_array_new ();
  self->platter = g_byte_array_new ();
  self->changes = g_ptr_array_new_with_free_func (change_free);
  return self;
}

static void
file_free (gpointer data)
{
  FyrSimFile *self = data;

  g_byte_array_unref (self->seen);
  g_byte_array_unref (self->platter);
  g_ptr_array_unref (self->changes);
  g_free (self->slot);
  g_free (self);
}

FyrSimDisk *
fyr_sim_disk_new (const char *folder)
{
  FyrSimDisk *self = g_new0 (FyrSimDisk, 1);

  self->folder = g_strconcat (folder, "/", NULL);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
  self->honest = TRUE;
  if (disks == NULL) {
    disks = g_ptr_array_new ();
  }
  g_ptr_array_add (disks, self);
  return self;
}

void
fyr_sim_disk_free (FyrSimDisk *self)
{
  g_ptr_array_remove (disks, self);
  g_hash_table_unref (self->files);
  g_free (self->folder);
  g_free (self);
}

FyrSimDisk *
fyr_sim_disk_find (const char *path)
{
  for (guint i = 0; disks != NULL && i < disks->len; i++) {
    FyrSimDisk *disk = g_ptr_array_index (disks, i);

    if (g_str_has_prefix (path, disk->folder)) {
      return disk;
    }
  }
  return NULL;
}

void
fyr_sim_disk_arm (FyrSimDisk *self, FyrSimFault fault, guint countdown)
{
  self->fault = fault;
  self->left = MAX (countdown, 1);
  self->struck = FALSE;
}

gboolean
fyr_sim_disk_disarm (FyrSimDisk *self)
{
  self->fault = FYR_SIM_FAULT_NONE;
  return self->struck;
}

gboolean
fyr_sim_disk_is_dead (FyrSimDisk *self)
{
  return self->dead;
}

guint
fyr_sim_disk_get_life (FyrSimDisk *self)
{
  return self->life;
}

void
fyr_sim_disk_kill (FyrSimDisk *self)
{
  self->dead = TRUE;
}

void
fyr_sim_disk_set_honest (FyrSimDisk *self, gboolean honest)
{
  self->honest = honest;
}

gboolean
fyr_sim_disk_is_honest (FyrSimDisk *self)
{
  return self->honest;
}

guint64
fyr_sim_disk_get_calls (FyrSimDisk *self)
{
  return self->calls;
}

guint64
fyr_sim_disk_get_reads (FyrSimDisk *self)
{
  return self->reads;
}

void
fyr_sim_disk_look (FyrSimDisk *self, gboolean looking)
{
  self->looking += looking ? 1 : -1;
}

static gboolean
counts (FyrSimFault fault, FyrSimCall call)
{
  switch (fault) {
  case FYR_SIM_FAULT_NONE:
    return FALSE;
  case FYR_SIM_FAULT_SYNC:
    return call == FYR_SIM_CALL_SYNC;
  case FYR_SIM_FAULT_READ_ONCE:
  case FYR_SIM_FAULT_READ_FOREVER:
    return call == FYR_SIM_CALL_READ;
  default:
    return call != FYR_SIM_CALL_READ;
  }
}

static FyrSimVerdict
strike (FyrSimDisk *self, FyrSimCall call)
{
  self->struck = TRUE;
  switch (self->fault) {
  case FYR_SIM_FAULT_KILL:
    self->dead = TRUE;
    return FYR_SIM_FAIL;
  case FYR_SIM_FAULT_KILL_AFTER:
    self->dies_after = TRUE;
    return FYR_SIM_GO_ON;
  case FYR_SIM_FAULT_FULL:
    return call == FYR_SIM_CALL_WRITE ? FYR_SIM_FULL : FYR_SIM_GO_ON;
  case FYR_SIM_FAULT_ONCE:
  case FYR_SIM_FAULT_SYNC:
  case FYR_SIM_FAULT_READ_ONCE:
    self->fault = FYR_SIM_FAULT_NONE;
    return FYR_SIM_FAIL;
  case FYR_SIM_FAULT_FOREVER:
  default:
    return FYR_SIM_FAIL;
  }
}

FyrSimVerdict
fyr_sim_disk_ask (FyrSimDisk *self, FyrSimCall call)
{
  if (self->dead) {
    return FYR_SIM_FAIL;
  }
  if (call == FYR_SIM_CALL_READ && self->looking > 0) {
    return FYR_SIM_GO_ON;
  }
  self->calls += call != FYR_SIM_CALL_READ;
  self->reads += call == FYR_SIM_CALL_READ;
  if (!counts (self->fault, call)) {
    return FYR_SIM_GO_ON;
  }
  if (self->left > 1) {
    self->left--;
    return FYR_SIM_GO_ON;
  }
  return strike (self, call);
}

void
fyr_sim_disk_done (FyrSimDisk *self)
{
  self->dead = self->dead || self->dies_after;
  self->dies_after = FALSE;
}

FyrSimFile *
fyr_sim_disk_open (FyrSimDisk *self, const char *path, gboolean create)
{
  FyrSimFile *file = g_hash_table_lookup (self->files, path);

  if (file != NULL && file->deleted) {
    if (!create) {
      return NULL;
    }
    /* A new file under the name of one whose removal is not on the platter. */
    file->deleted = FALSE;
    fyr_sim_file_truncate (file, 0);
    return file;
  }
  if (file == NULL && create) {
    file = file_new ();
    g_hash_table_insert (self->files, g_strdup (path), file);
  }
  return file;
}

void
fyr_sim_disk_delete (FyrSimDisk *self, const char *path, gboolean sync)
{
  FyrSimFile *file = g_hash_table_lookup (self->files, path);

  if (file != NULL) {
    file->deleted = TRUE;
    g_clear_pointer (&file->slot, g_free);
  }
  if (sync) {
    fyr_sim_disk_sync_folder (self);
  }
}

void
fyr_sim_disk_sync_folder (FyrSimDisk *self)
{
  GHashTableIter iter;
  gpointer value;

  if (!self->honest) {
    return;
  }
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    FyrSimFile *file = value;

    file->named = TRUE;
    if (file->deleted) {
      g_hash_table_iter_remove (&iter);
    }
  }
}

static void
put_bytes (GByteArray *array, gconstpointer bytes, gsize length, gsize offset)
{
  if (length == 0) {
    return;
  }
  if (offset + length > array->len) {
    guint before = array->len;

    g_byte_array_set_size (array, (guint)(offset + length));
    if (offset > before) {
      memset (array->data + before, 0, offset - before);
    }
  }
  memcpy (array->data + offset, bytes, length);
}

static void
set_length (GByteArray *array, gsize length)
{
  guint before = array->len;

  g_byte_array_set_size (array, (guint)length);
  if (length > before) {
    memset (array->data + before, 0, length - before);
  }
}

static void
apply (GByteArray *array, const Change *change, gsize skip, gsize length)
{
  if (change->bytes == NULL) {
    set_length (array, change->length);
  } else if (length > 0) {
    put_bytes (array, change->bytes + skip, length, change->offset + skip);
  }
}

static void
note_change (FyrSimFile *self, gconstpointer bytes, gsize length, gsize offset)
{
  Change *change = g_new0 (Change, 1);

  change->offset = offset;
  change->length = length;
  change->bytes = bytes != NULL ? g_memdup2 (bytes, length) : NULL;
  apply (self->seen, change, 0, length);
  g_ptr_array_add (self->changes, change);
}

void
fyr_sim_file_write (FyrSimFile *self, gconstpointer bytes, gsize length, gsize offset)
{
  if (length > 0) {
    note_change (self, bytes, length, offset);
  }
}

void
fyr_sim_file_truncate (FyrSimFile *self, gsize length)
{
  note_change (self, NULL, length, 0);
}

void
fyr_sim_file_sync (FyrSimFile *self)
{
  for (guint i = 0; i < self->changes->len; i++) {
    Change *change = g_ptr_array_index (self->changes, i);

    apply (self->platter, change, 0, change->length);
  }
  g_ptr_array_set_size (self->changes, 0);
  self->named = TRUE;
}

void
fyr_sim_file_lose (FyrSimFile *self)
{
  g_ptr_array_set_size (self->changes, 0);
}

gsize
fyr_sim_file_read (FyrSimFile *self, gpointer to, gsize length, gsize offset)
{
  gsize got = offset < self->seen->len ? MIN (length, self->seen->len - offset) : 0;

  if (got > 0) {
    memcpy (to, self->seen->data + offset, got);
  }
  return got;
}

gsize
fyr_sim_file_get_size (FyrSimFile *self)
{
  return self->seen->len;
}

gpointer *
fyr_sim_file_get_slot (FyrSimFile *self)
{
  return &self->slot;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* In an order that does not depend on where things lie in memory. */
static GPtrArray *
sorted_names (FyrSimDisk *self)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    g_ptr_array_add (names, name);
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Some changes arrive, in any order, and some of those in part. */
static void
cut_file (FyrSimFile *self, GRand *cut)
{
  guint keep = (guint)g_rand_int_range (cut, 0, 101);

  for (guint i = self->changes->len; i > 1; i--) {
    guint other = (guint)g_rand_int_range (cut, 0, (gint32)i);
    gpointer kept = self->changes->pdata[i - 1];

    /* One in four cuts finds them in order: only some are missing then. */
    if (keep % 4 != 0) {
      self->changes->pdata[i - 1] = self->changes->pdata[other];
      self->changes->pdata[other] = kept;
    }
  }
  for (guint i = 0; i < self->changes->len; i++) {
    Change *change = g_ptr_array_index (self->changes, i);
    gsize skip = 0, length = change->length;

    if ((guint)g_rand_int_range (cut, 0, 100) >= keep) {
      continue;
    }
    if (change->bytes != NULL && length > 1 && g_rand_int_range (cut, 0, 4) == 0) {
      skip = (gsize)g_rand_int_range (cut, 0, (gint32)length);
      length = (gsize)g_rand_int_range (cut, 0, (gint32)(length - skip) + 1);
    }
    apply (self->platter, change, skip, length);
  }
  g_ptr_array_set_size (self->changes, 0);
  set_length (self->seen, 0);
  put_bytes (self->seen, self->platter->data, self->platter->len, 0);
}

void
fyr_sim_disk_restart (FyrSimDisk *self, GRand *cut)
{
  g_autoptr (GPtrArray) names = sorted_names (self);

  self->dead = self->dies_after = FALSE;
  self->life++;
  self->fault = FYR_SIM_FAULT_NONE;
  for (guint i = 0; i < names->len; i++) {
    FyrSimFile *file = g_hash_table_lookup (self->files, names->pdata[i]);

    g_clear_pointer (&file->slot, g_free);
    if (cut == NULL) {
      continue;
    }
    if (!file->named && g_rand_int_range (cut, 0, 2) == 0) {
      file->deleted = TRUE;
    } else if (file->deleted && g_rand_int_range (cut, 0, 2) == 0) {
      file->deleted = FALSE;
    }
    cut_file (file, cut);
    if (file->deleted) {
      g_hash_table_remove (self->files, names->pdata[i]);
    } else {
      file->named = TRUE;
    }
  }
}

GHashTable *
fyr_sim_disk_copy (FyrSimDisk *self)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  GHashTableIter iter;
  gpointer path, value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &path, &value)) {
    FyrSimFile *file = value;

    if (!file->deleted) {
      g_hash_table_insert (copy, g_strdup ((const char *)path + strlen (self->folder)),
                           g_bytes_new (file->seen->data, file->seen->len));
    }
  }
  return copy;
}

void
fyr_sim_disk_load (FyrSimDisk *self, GHashTable *files)
{
  GHashTableIter iter;
  gpointer name, bytes;

  g_hash_table_remove_all (self->files);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &bytes)) {
    FyrSimFile *file = file_new ();
    gsize length;
    gconstpointer data = g_bytes_get_data (bytes, &length);

    put_bytes (file->seen, data, length, 0);
    put_bytes (file->platter, data, length, 0);
    file->named = TRUE;
    g_hash_table_insert (self->files, g_strconcat (self->folder, name, NULL), file);
  }
}
