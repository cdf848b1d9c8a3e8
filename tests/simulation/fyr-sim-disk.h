/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A disk in memory for one simulated machine. What is written is seen at once and is on the platter only
 * after a sync; a power cut drops, reorders and tears the rest. Faults strike a counted call.
 */

/** FyrSimFault: what happens to the counted call: one that changes the disk, with the last two one that reads it */
typedef enum {
  FYR_SIM_FAULT_NONE,
  FYR_SIM_FAULT_ONCE,       /* it fails with an I/O error, later ones work */
  FYR_SIM_FAULT_FOREVER,    /* it and all later ones fail */
  FYR_SIM_FAULT_FULL,       /* writes from here on say that the disk is full; syncs work */
  FYR_SIM_FAULT_SYNC,       /* only syncs are counted: it fails once, and what it was to write never is */
  FYR_SIM_FAULT_KILL,       /* the process ends before it */
  FYR_SIM_FAULT_KILL_AFTER, /* the process ends after it */
  FYR_SIM_FAULT_READ_ONCE,
  FYR_SIM_FAULT_READ_FOREVER,
  FYR_SIM_FAULT_N,
} FyrSimFault;

/** FyrSimCall: what the file layer asks before it changes or reads something */
typedef enum {
  FYR_SIM_CALL_WRITE,
  FYR_SIM_CALL_TRUNCATE,
  FYR_SIM_CALL_SYNC,
  FYR_SIM_CALL_DELETE,
  FYR_SIM_CALL_READ,
} FyrSimCall;

/** FyrSimVerdict: what becomes of a call */
typedef enum {
  FYR_SIM_GO_ON,
  FYR_SIM_FAIL, /* an I/O error */
  FYR_SIM_FULL,
} FyrSimVerdict;

typedef struct _FyrSimDisk FyrSimDisk;
typedef struct _FyrSimFile FyrSimFile;

/** fyr_sim_disk_new: Returns: (transfer full): an empty disk for every file below @folder */
FyrSimDisk *
fyr_sim_disk_new (const char *folder);
void
fyr_sim_disk_free (FyrSimDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSimDisk, fyr_sim_disk_free)

/** fyr_sim_disk_find: Returns: (transfer none) (nullable): the disk a path is on */
FyrSimDisk *
fyr_sim_disk_find (const char *path);

/** fyr_sim_disk_arm: the @countdown-th call from now that the fault counts (1: the next) is struck */
void
fyr_sim_disk_arm (FyrSimDisk *self, FyrSimFault fault, guint countdown);

/** fyr_sim_disk_disarm: Returns: whether anything was struck since arming */
gboolean
fyr_sim_disk_disarm (FyrSimDisk *self);

/** fyr_sim_disk_look: TRUE: from here to the FALSE that belongs to it the run itself reads, which nothing strikes */
void
fyr_sim_disk_look (FyrSimDisk *self, gboolean looking);

/** fyr_sim_disk_is_dead: Returns: whether the process was killed: every call fails until the restart */
gboolean
fyr_sim_disk_is_dead (FyrSimDisk *self);

/**
 * fyr_sim_disk_get_life: counts the starts of the machine's program. Whoever opened a file in an earlier life was a
 * process that is dead: what is left of it here must not touch the disk any more.
 */
guint
fyr_sim_disk_get_life (FyrSimDisk *self);

/** fyr_sim_disk_kill: the process ends now */
void
fyr_sim_disk_kill (FyrSimDisk *self);

/**
 * fyr_sim_disk_restart:
 * @cut: (nullable): power went too: of what was not synced, this draws what is there, and how torn
 *
 * The machine or the program comes back; nothing may be open.
 */
void
fyr_sim_disk_restart (FyrSimDisk *self, GRand *cut);

/** fyr_sim_disk_get_calls: Returns: changing calls so far */
guint64
fyr_sim_disk_get_calls (FyrSimDisk *self);

/** fyr_sim_disk_get_reads: Returns: calls so far that read */
guint64
fyr_sim_disk_get_reads (FyrSimDisk *self);

/** fyr_sim_disk_set_honest: FALSE: syncs say yes and do nothing. The disk of a deliberately broken run */
void
fyr_sim_disk_set_honest (FyrSimDisk *self, gboolean honest);

gboolean
fyr_sim_disk_is_honest (FyrSimDisk *self);

/** fyr_sim_disk_copy: Returns: (transfer full) (element-type utf8 GBytes): every file by its name, as seen now */
GHashTable *
fyr_sim_disk_copy (FyrSimDisk *self);

/** fyr_sim_disk_load: the disk holds these files and no others, all synced; nothing may be open */
void
fyr_sim_disk_load (FyrSimDisk *self, GHashTable *files);

/* For the file layer. */

/** fyr_sim_disk_ask: counts a call. Returns: what becomes of it */
FyrSimVerdict
fyr_sim_disk_ask (FyrSimDisk *self, FyrSimCall call);

/** fyr_sim_disk_done: to be told after a call that went through: the process may end here */
void
fyr_sim_disk_done (FyrSimDisk *self);

/** fyr_sim_disk_open: Returns: (transfer none) (nullable): the file; @create: made when it is not there */
FyrSimFile *
fyr_sim_disk_open (FyrSimDisk *self, const char *path, gboolean create);

/** fyr_sim_disk_delete: @sync: the folder is synced too */
void
fyr_sim_disk_delete (FyrSimDisk *self, const char *path, gboolean sync);

/** fyr_sim_disk_sync_folder: names that were made and removed are on the platter */
void
fyr_sim_disk_sync_folder (FyrSimDisk *self);

void
fyr_sim_file_write (FyrSimFile *self, gconstpointer bytes, gsize length, gsize offset);
void
fyr_sim_file_truncate (FyrSimFile *self, gsize length);
void
fyr_sim_file_sync (FyrSimFile *self);

/** fyr_sim_file_lose: a sync failed: what is not on the platter never will be, though it can still be read */
void
fyr_sim_file_lose (FyrSimFile *self);

/** fyr_sim_file_read: Returns: bytes read, maybe fewer than asked */
gsize
fyr_sim_file_read (FyrSimFile *self, gpointer to, gsize length, gsize offset);
gsize
fyr_sim_file_get_size (FyrSimFile *self);

/** fyr_sim_file_get_slot: Returns: (transfer none): room for what the file layer keeps with a file: g_free'd */
gpointer *
fyr_sim_file_get_slot (FyrSimFile *self);

G_END_DECLS
