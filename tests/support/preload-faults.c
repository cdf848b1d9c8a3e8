/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD: a disk that fails, and a process that dies at the worst moment, while it runs.
 *
 * FYR_PRELOAD_CONTROL names a file of four 32-bit integers shared with the test: mode, how many calls are let through
 * first, whether only one call is struck, how many were struck. FYR_PRELOAD_FOLDER: only files below it are meant.
 */
/* Both names of each call are ours, so the short ones must not become the long ones. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  MODE_NONE,
  MODE_FULL,       /* writes: no space */
  MODE_IO,         /* writes: input/output error */
  MODE_SYNC,       /* syncs: input/output error */
  MODE_KILL_SYNC,  /* dies when a sync is done: after the commit, before the answer */
  MODE_KILL_REPLY, /* dies when PostgreSQL has said COMMIT: the same, of the other database */
  MODE_KILL_WRITE, /* dies before a write */
  MODE_READ,       /* reads: input/output error */
  MODE_SYNC_READ,  /* the next sync, and from then on as MODE_READ */
};

typedef struct {
  _Atomic int mode;
  _Atomic int left;
  _Atomic int once;
  _Atomic int struck;
} Control;

static Control *control;

__attribute__ ((constructor)) static void
open_control (void)
{
  const char *path = getenv ("FYR_PRELOAD_CONTROL");
  int fd = path != NULL ? open (path, O_RDWR | O_CLOEXEC) : -1;
  void *memory =
      fd >= 0 ? mmap (NULL, sizeof (Control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;

  control = memory != MAP_FAILED ? memory : NULL;
  if (fd >= 0) {
    close (fd);
  }
}

static int
is_meant (int fd)
{
  const char *folder = getenv ("FYR_PRELOAD_FOLDER");
  char link[64], path[4096];
  ssize_t length;

  if (folder == NULL) {
    return 1;
  }
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = '\0';
  return strncmp (path, folder, strlen (folder)) == 0;
}

/* Whether this call is struck. */
static int
strikes (int mode, int fd)
{
  if (control == NULL || control->mode != mode || (fd >= 0 && !is_meant (fd))) {
    return 0;
  }
  if (atomic_fetch_sub (&control->left, 1) > 0) {
    return 0;
  }
  if (control->once) {
    control->mode = MODE_NONE;
  }
  atomic_fetch_add (&control->struck, 1);
  return 1;
}

static void
die (void)
{
  kill (getpid (), SIGKILL);
  pause ();
}

/* The errno a write ends with; 0: it goes through. */
static int
write_fault (int fd)
{
  if (strikes (MODE_KILL_WRITE, fd)) {
    die ();
  }
  if (strikes (MODE_FULL, fd)) {
    return ENOSPC;
  }
  return strikes (MODE_IO, fd) ? EIO : 0;
}

#define REAL(name)                                                                                           \
  static __typeof__ (&name) real;                                                                            \
  if (real == NULL) {                                                                                        \
    real = (__typeof__ (&name))dlsym (RTLD_NEXT, #name);                                                     \
  }

#define FAIL_WRITE(fd)                                                                                       \
  do {                                                                                                       \
    int fault = write_fault (fd);                                                                            \
    if (fault != 0) {                                                                                        \
      errno = fault;                                                                                         \
      return -1;                                                                                             \
    }                                                                                                        \
  } while (0)

ssize_t
write (int fd, const void *bytes, size_t count)
{
  REAL (write)
  FAIL_WRITE (fd);
  return real (fd, bytes, count);
}

ssize_t
pwrite (int fd, const void *bytes, size_t count, off_t offset)
{
  REAL (pwrite)
  FAIL_WRITE (fd);
  return real (fd, bytes, count, offset);
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t count, off64_t offset)
{
  REAL (pwrite64)
  FAIL_WRITE (fd);
  return real (fd, bytes, count, offset);
}

int
ftruncate64 (int fd, off64_t size)
{
  REAL (ftruncate64)
  FAIL_WRITE (fd);
  return real (fd, size);
}

int
posix_fallocate64 (int fd, off64_t offset, off64_t size)
{
  REAL (posix_fallocate64)
  int fault = write_fault (fd);

  return fault != 0 ? fault : real (fd, offset, size);
}

#define FAIL_READ(fd)                                                                                        \
  do {                                                                                                       \
    if (strikes (MODE_READ, fd)) {                                                                           \
      errno = EIO;                                                                                           \
      return -1;                                                                                             \
    }                                                                                                        \
  } while (0)

ssize_t
read (int fd, void *bytes, size_t count)
{
  REAL (read)
  FAIL_READ (fd);
  return real (fd, bytes, count);
}

ssize_t
pread (int fd, void *bytes, size_t count, off_t offset)
{
  REAL (pread)
  FAIL_READ (fd);
  return real (fd, bytes, count, offset);
}

ssize_t
pread64 (int fd, void *bytes, size_t count, off64_t offset)
{
  REAL (pread64)
  FAIL_READ (fd);
  return real (fd, bytes, count, offset);
}

static int
after_sync (int fd, int result)
{
  if (result == 0 && strikes (MODE_KILL_SYNC, fd)) {
    die ();
  }
  return result;
}

/* Whoever doubts a file after a failed sync reads it. */
static int
sync_fault (int fd)
{
  if (control != NULL && control->mode == MODE_SYNC_READ && is_meant (fd)) {
    control->mode = MODE_READ;
    return 1;
  }
  return strikes (MODE_SYNC, fd);
}

int
fsync (int fd)
{
  REAL (fsync)
  if (sync_fault (fd)) {
    errno = EIO;
    return -1;
  }
  return after_sync (fd, real (fd));
}

int
fdatasync (int fd)
{
  REAL (fdatasync)
  if (sync_fault (fd)) {
    errno = EIO;
    return -1;
  }
  return after_sync (fd, real (fd));
}

ssize_t
recv (int fd, void *bytes, size_t count, int flags)
{
  REAL (recv)
  ssize_t got = real (fd, bytes, count, flags);

  if (got > 0 && control != NULL && control->mode == MODE_KILL_REPLY &&
      memmem (bytes, (size_t)got, "COMMIT", 7) != NULL && strikes (MODE_KILL_REPLY, -1)) {
    die ();
  }
  return got;
}
