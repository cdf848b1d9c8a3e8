/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fault.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} FaultFile;

static struct {
  FyrFaultKind kind;
  int io_left;
  int reads_left; /* 0: not armed */
  gboolean reads_forever;
  gboolean read_struck;
  int memory_left; /* 0: not armed */
  gboolean memory_forever;
  gboolean struck;
} fault;

static sqlite3_vfs *real_vfs;
static sqlite3_mem_methods real_memory;

/* Whether this call must fail. Only calls that change the disk are counted. */
static gboolean
strike (gboolean is_sync)
{
  if (fault.kind == FYR_FAULT_NONE || (fault.kind == FYR_FAULT_SYNC && !is_sync)) {
    return FALSE;
  }
  if (fault.io_left > 1) {
    fault.io_left--;
    return FALSE;
  }
  if (fault.io_left == 0 && (fault.kind == FYR_FAULT_ONCE || fault.kind == FYR_FAULT_SYNC)) {
    return FALSE;
  }
  fault.io_left = 0;
  fault.struck = TRUE;
  if (fault.kind == FYR_FAULT_KILL) {
    _exit (9);
  }
  return !(fault.kind == FYR_FAULT_FULL && is_sync);
}

/* Counts down what is armed. Returns: whether this call is struck */
static gboolean
count_down (int *left, gboolean forever)
{
  if (*left == 0) {
    return FALSE;
  }
  if (*left > 1) {
    --*left;
    return FALSE;
  }
  *left = forever ? 1 : 0;
  fault.struck = TRUE;
  return TRUE;
}

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return ((FaultFile *)file)->real;
}

static int
file_close (sqlite3_file *file)
{
  int result = real_of (file)->pMethods->xClose (real_of (file));

  sqlite3_free (real_of (file));
  return result;
}

static int
file_read (sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
  /* SQLite's name for EIO where it comes from a read. */
  if (count_down (&fault.reads_left, fault.reads_forever)) {
    fault.read_struck = TRUE;
    return SQLITE_IOERR_CORRUPTFS;
  }
  return real_of (file)->pMethods->xRead (real_of (file), to, length, offset);
}

static int
file_write (sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
  if (strike (FALSE)) {
    /* Half a page arrives, as when power goes. */
    if (fault.kind == FYR_FAULT_FOREVER) {
      real_of (file)->pMethods->xWrite (real_of (file), from, length / 2, offset);
    }
    return fault.kind == FYR_FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return real_of (file)->pMethods->xWrite (real_of (file), from, length, offset);
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  if (strike (FALSE)) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
file_sync (sqlite3_file *file, int flags)
{
  if (strike (TRUE)) {
    return SQLITE_IOERR_FSYNC;
  }
  return real_of (file)->pMethods->xSync (real_of (file), flags);
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), size);
}

static int
file_lock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xLock (real_of (file), level);
}

static int
file_unlock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), level);
}

static int
file_check_reserved (sqlite3_file *file, int *reserved)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), reserved);
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), operation, argument);
}

static int
file_sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

static int
file_characteristics (sqlite3_file *file)
{
  return real_of (file)->pMethods->xDeviceCharacteristics (real_of (file));
}

static int
file_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **to)
{
  return real_of (file)->pMethods->xShmMap (real_of (file), page, size, extend, to);
}

static int
file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return real_of (file)->pMethods->xShmLock (real_of (file), offset, n, flags);
}

static void
file_shm_barrier (sqlite3_file *file)
{
  real_of (file)->pMethods->xShmBarrier (real_of (file));
}

static int
file_shm_unmap (sqlite3_file *file, int remove)
{
  return real_of (file)->pMethods->xShmUnmap (real_of (file), remove);
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
  FaultFile *opened = (FaultFile *)file;
  int result;

  memset (opened, 0, sizeof *opened);
  opened->real = sqlite3_malloc (real_vfs->szOsFile);
  if (opened->real == NULL) {
    return SQLITE_NOMEM;
  }
  result = real_vfs->xOpen (real_vfs, name, opened->real, flags, out_flags);
  if (result != SQLITE_OK) {
    sqlite3_free (opened->real);
    opened->real = NULL;
    return result;
  }
  opened->base.pMethods = &file_methods;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_directory)
{
  if (strike (FALSE)) {
    return SQLITE_IOERR_DELETE;
  }
  return real_vfs->xDelete (real_vfs, name, sync_directory);
}

static gboolean
memory_strikes (void)
{
  return count_down (&fault.memory_left, fault.memory_forever);
}

static void *
memory_allocate (int size)
{
  return memory_strikes () ? NULL : real_memory.xMalloc (size);
}

static void *
memory_reallocate (void *old, int size)
{
  return memory_strikes () ? NULL : real_memory.xRealloc (old, size);
}

void
fyr_fault_install (void)
{
  static sqlite3_vfs vfs;
  sqlite3_mem_methods memory;

  sqlite3_config (SQLITE_CONFIG_GETMALLOC, &real_memory);
  memory = real_memory;
  memory.xMalloc = memory_allocate;
  memory.xRealloc = memory_reallocate;
  sqlite3_config (SQLITE_CONFIG_MALLOC, &memory);
  /* Without a per-thread pool every allocation is counted. */
  sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 0, 0);

  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "fault";
  vfs.szOsFile = sizeof (FaultFile);
  vfs.pNext = NULL;
  vfs.xOpen = vfs_open;
  vfs.xDelete = vfs_delete;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}

void
fyr_fault_arm_io (FyrFaultKind kind, int countdown)
{
  fault.kind = kind;
  fault.io_left = countdown;
  fault.struck = FALSE;
}

void
fyr_fault_arm_reads (int countdown, gboolean forever)
{
  fault.reads_left = countdown;
  fault.reads_forever = forever;
  fault.read_struck = FALSE;
  fault.struck = FALSE;
}

gboolean
fyr_fault_disarm_reads (void)
{
  fault.reads_left = 0;
  return fault.read_struck;
}

void
fyr_fault_arm_memory (int countdown, gboolean forever)
{
  fault.memory_left = countdown;
  fault.memory_forever = forever;
  fault.struck = FALSE;
}

gboolean
fyr_fault_disarm (void)
{
  fault.kind = FYR_FAULT_NONE;
  fault.io_left = 0;
  fault.reads_left = 0;
  fault.memory_left = 0;
  return fault.struck;
}
