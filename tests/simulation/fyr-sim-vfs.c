/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite's file layer over the disks of fyr-sim-disk.h: no file, no thread, no clock of this machine.
 */
#include "fyr-sim-vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "fyr-sim-disk.h"

#define REGION_BYTES (32 * 1024)
#define MAX_REGIONS 8
#define SECTOR_BYTES 4096

typedef struct {
  sqlite3_file base;
  FyrSimDisk *disk;
  FyrSimFile *file;
  guint life;         /* of the disk, when this was opened */
  gboolean fresh_log; /* its name is to be synced with its first bytes */
  int level;
  guint shared_slots;
  guint exclusive_slots;
} Handle;

/* What connections to one database file share. */
typedef struct {
  guint readers;
  gboolean reserved;
  gboolean exclusive;
  guint slot_readers[SQLITE_SHM_NLOCK];
  guint slot_writers;
  guint connections;
  guint8 memory[MAX_REGIONS][REGION_BYTES];
} Shared;

static guint32 chance;

static Handle *
handle_of (sqlite3_file *file)
{
  return (Handle *)file;
}

/* Opened by a process that is dead, or dies. */
static gboolean
is_gone (Handle *handle)
{
  return handle->life != fyr_sim_disk_get_life (handle->disk) || fyr_sim_disk_is_dead (handle->disk);
}

static FyrSimVerdict
ask (Handle *handle, FyrSimCall call)
{
  return handle->life == fyr_sim_disk_get_life (handle->disk) ? fyr_sim_disk_ask (handle->disk, call)
                                                              : FYR_SIM_FAIL;
}

static Shared *
shared_of (Handle *handle)
{
  gpointer *slot = fyr_sim_file_get_slot (handle->file);

  if (*slot == NULL) {
    *slot = g_new0 (Shared, 1);
  }
  return *slot;
}

static int
file_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  Handle *handle = handle_of (file);
  gsize got;

  if (ask (handle, FYR_SIM_CALL_READ) != FYR_SIM_GO_ON) {
    /* As SQLite's own layer says it of EIO. */
    return is_gone (handle) ? SQLITE_IOERR_READ : SQLITE_IOERR_CORRUPTFS;
  }
  got = fyr_sim_file_read (handle->file, to, (gsize)length, (gsize)offset);
  if (got == (gsize)length) {
    return SQLITE_OK;
  }
  memset ((char *)to + got, 0, (gsize)length - got);
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  Handle *handle = handle_of (file);

  switch (ask (handle, FYR_SIM_CALL_WRITE)) {
  case FYR_SIM_GO_ON:
    fyr_sim_file_write (handle->file, from, (gsize)length, (gsize)offset);
    fyr_sim_disk_done (handle->disk);
    return SQLITE_OK;
  case FYR_SIM_FULL:
    return SQLITE_FULL;
  case FYR_SIM_FAIL:
  default:
    /* Half of it arrives, as when a disk gives up. */
    if (!is_gone (handle)) {
      fyr_sim_file_write (handle->file, from, (gsize)length / 2, (gsize)offset);
    }
    return SQLITE_IOERR_WRITE;
  }
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  Handle *handle = handle_of (file);

  if (ask (handle, FYR_SIM_CALL_TRUNCATE) != FYR_SIM_GO_ON) {
    return SQLITE_IOERR_TRUNCATE;
  }
  fyr_sim_file_truncate (handle->file, (gsize)size);
  fyr_sim_disk_done (handle->disk);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *file, int flags)
{
  Handle *handle = handle_of (file);

  if (ask (handle, FYR_SIM_CALL_SYNC) != FYR_SIM_GO_ON) {
    if (!is_gone (handle)) {
      fyr_sim_file_lose (handle->file);
    }
    return SQLITE_IOERR_FSYNC;
  }
  if (fyr_sim_disk_is_honest (handle->disk)) {
    fyr_sim_file_sync (handle->file);
  }
  if (handle->fresh_log) {
    fyr_sim_disk_sync_folder (handle->disk);
    handle->fresh_log = FALSE;
  }
  fyr_sim_disk_done (handle->disk);
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  Handle *handle = handle_of (file);

  if (is_gone (handle)) {
    return SQLITE_IOERR_FSTAT;
  }
  *size = (sqlite3_int64)fyr_sim_file_get_size (handle->file);
  return SQLITE_OK;
}

static int
file_lock (sqlite3_file *file, int level)
{
  Handle *handle = handle_of (file);
  Shared *shared;
  guint others;

  if (is_gone (handle)) {
    return SQLITE_IOERR_LOCK;
  }
  if (handle->level >= level) {
    return SQLITE_OK;
  }
  shared = shared_of (handle);
  others = shared->readers - (handle->level >= SQLITE_LOCK_SHARED);
  if (shared->exclusive ||
      (level >= SQLITE_LOCK_RESERVED && handle->level < SQLITE_LOCK_RESERVED && shared->reserved) ||
      (level == SQLITE_LOCK_EXCLUSIVE && others > 0)) {
    return SQLITE_BUSY;
  }
  shared->readers += handle->level == SQLITE_LOCK_NONE;
  shared->reserved = shared->reserved || level >= SQLITE_LOCK_RESERVED;
  shared->exclusive = level == SQLITE_LOCK_EXCLUSIVE;
  handle->level = level;
  return SQLITE_OK;
}

static int
file_unlock (sqlite3_file *file, int level)
{
  Handle *handle = handle_of (file);
  Shared *shared;

  if (handle->life != fyr_sim_disk_get_life (handle->disk)) {
    return SQLITE_IOERR_UNLOCK;
  }
  if (handle->level <= level) {
    return SQLITE_OK;
  }
  shared = shared_of (handle);
  if (handle->level == SQLITE_LOCK_EXCLUSIVE) {
    shared->exclusive = FALSE;
  }
  if (handle->level >= SQLITE_LOCK_RESERVED) {
    shared->reserved = FALSE;
  }
  shared->readers -= level == SQLITE_LOCK_NONE;
  handle->level = level;
  return SQLITE_OK;
}

static int
file_check_reserved (sqlite3_file *file, int *reserved)
{
  if (is_gone (handle_of (file))) {
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  }
  *reserved = shared_of (handle_of (file))->reserved;
  return SQLITE_OK;
}

static int
file_close (sqlite3_file *file)
{
  return file_unlock (file, SQLITE_LOCK_NONE);
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *file)
{
  return SECTOR_BYTES;
}

static int
file_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
file_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **to)
{
  Shared *shared;

  g_assert_cmpint (size, ==, REGION_BYTES);
  g_assert_cmpint (page, <, MAX_REGIONS);
  if (is_gone (handle_of (file))) {
    return SQLITE_IOERR_SHMMAP;
  }
  shared = shared_of (handle_of (file));
  *to = shared->memory[page];
  return SQLITE_OK;
}

static void
release_slots (Handle *handle, Shared *shared, guint slots)
{
  for (guint i = 0; i < SQLITE_SHM_NLOCK; i++) {
    if (slots & handle->shared_slots & (1U << i)) {
      shared->slot_readers[i]--;
    }
  }
  shared->slot_writers &= ~(slots & handle->exclusive_slots);
  handle->shared_slots &= ~slots;
  handle->exclusive_slots &= ~slots;
}

static int
file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  Handle *handle = handle_of (file);
  Shared *shared;
  guint slots = ((1U << n) - 1) << offset;

  if (is_gone (handle)) {
    return SQLITE_IOERR_SHMLOCK;
  }
  shared = shared_of (handle);
  if (flags & SQLITE_SHM_UNLOCK) {
    release_slots (handle, shared, slots);
    return SQLITE_OK;
  }
  if (shared->slot_writers & slots & ~handle->exclusive_slots) {
    return SQLITE_BUSY;
  }
  for (guint i = 0; i < SQLITE_SHM_NLOCK; i++) {
    guint own = (handle->shared_slots >> i) & 1;

    if ((slots & (1U << i)) && (flags & SQLITE_SHM_EXCLUSIVE) && shared->slot_readers[i] > own) {
      return SQLITE_BUSY;
    }
  }
  if (flags & SQLITE_SHM_EXCLUSIVE) {
    shared->slot_writers |= slots;
    handle->exclusive_slots |= slots;
    return SQLITE_OK;
  }
  shared->slot_readers[offset] += (handle->shared_slots & slots) == 0;
  handle->shared_slots |= slots;
  return SQLITE_OK;
}

static void
file_shm_barrier (sqlite3_file *file)
{
}

static int
file_shm_unmap (sqlite3_file *file, int remove)
{
  Handle *handle = handle_of (file);
  Shared *shared;

  if (handle->life != fyr_sim_disk_get_life (handle->disk)) {
    return SQLITE_OK;
  }
  shared = shared_of (handle);
  release_slots (handle, shared, G_MAXUINT);
  if (remove) {
    memset (shared->memory, 0, sizeof shared->memory);
  }
  return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  Handle *handle = handle_of (file);
  FyrSimDisk *disk = name != NULL ? fyr_sim_disk_find (name) : NULL;
  gboolean log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  gboolean fresh;

  memset (handle, 0, sizeof *handle);
  if (disk == NULL || fyr_sim_disk_is_dead (disk)) {
    return SQLITE_CANTOPEN;
  }
  fresh = fyr_sim_disk_open (disk, name, FALSE) == NULL;
  /* The program makes its database files itself, by a way that does not lead past here. */
  handle->file = fyr_sim_disk_open (disk, name, (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0);
  if (handle->file == NULL) {
    return SQLITE_CANTOPEN;
  }
  handle->disk = disk;
  handle->life = fyr_sim_disk_get_life (disk);
  handle->fresh_log = log && fresh;
  handle->base.pMethods = &file_methods;
  if (out_flags != NULL) {
    *out_flags = flags;
  }
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_directory)
{
  FyrSimDisk *disk = fyr_sim_disk_find (name);

  if (disk == NULL || fyr_sim_disk_open (disk, name, FALSE) == NULL) {
    return SQLITE_IOERR_DELETE_NOENT;
  }
  if (fyr_sim_disk_ask (disk, FYR_SIM_CALL_DELETE) != FYR_SIM_GO_ON) {
    return SQLITE_IOERR_DELETE;
  }
  fyr_sim_disk_delete (disk, name, sync_directory != 0);
  fyr_sim_disk_done (disk);
  return SQLITE_OK;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  FyrSimDisk *disk = fyr_sim_disk_find (name);
  FyrSimFile *file = disk != NULL ? fyr_sim_disk_open (disk, name, FALSE) : NULL;

  *result = file != NULL && (flags != SQLITE_ACCESS_EXISTS || fyr_sim_file_get_size (file) > 0);
  return disk != NULL && fyr_sim_disk_is_dead (disk) ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int
vfs_full_path (sqlite3_vfs *vfs, const char *name, int size, char *to)
{
  return (int)g_strlcpy (to, name, (gsize)size) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
vfs_randomness (sqlite3_vfs *vfs, int size, char *to)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (chance++);

  for (int i = 0; i < size; i++) {
    to[i] = (char)g_rand_int (random);
  }
  return size;
}

static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
vfs_time (sqlite3_vfs *vfs, sqlite3_int64 *now)
{
  *now = (sqlite3_int64)210866760000000 + g_get_real_time () / 1000;
  return SQLITE_OK;
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *to)
{
  return 0;
}

void
fyr_sim_vfs_seed (guint32 seed)
{
  chance = seed;
  sqlite3_randomness (0, NULL);
}

void
fyr_sim_vfs_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (Handle),
    .mxPathname = 512,
    .zName = "fyr-sim",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTimeInt64 = vfs_time,
    .xGetLastError = vfs_last_error,
  };

  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}
