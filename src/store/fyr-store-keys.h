/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-key-wrap.h"

G_BEGIN_DECLS

/** FYR_OFFLINE_MS: without contact with the server for longer, nothing on the disk opens the database (protocol.md) */
#define FYR_OFFLINE_MS (G_GINT64_CONSTANT (12) * 3600000)

/**
 * FyrStoreKeys:
 *
 * The file beside the workstation's database that its key is found by (PROTOCOL.md, "Shares"): `<database>-key`, mode
 * 0600. Until somebody has signed in at a server that has a share for this device, the device's share alone opens it;
 * from then on it is locked at each start. Used on the store's thread.
 *
 * Whatever is changed is written twice, each time whole or not at all: killed anywhere, the next start finds what was
 * before or what is to be, and overwrites the other.
 */
typedef struct _FyrStoreKeys FyrStoreKeys;

/**
 * fyr_store_keys_open:
 * @path: name of the database; its file must be there, maybe empty
 * @error: return location
 *
 * Makes a key when there is none and the database is not sealed yet.
 *
 * Returns: (transfer full) (nullable): the keys, maybe locked, or %NULL with %FYR_DB_ERROR_CORRUPT when the key of a
 * sealed database is lost, %FYR_DB_ERROR_IO when the file cannot be read or made
 */
FyrStoreKeys *
fyr_store_keys_open (const char *path, GError **error);

void
fyr_store_keys_free (FyrStoreKeys *self);

/** fyr_store_keys_get_path: Returns: (transfer none): name of the database */
const char *
fyr_store_keys_get_path (FyrStoreKeys *self);

/** fyr_store_keys_get_key: Returns: (transfer none) (nullable): the database's key; %NULL while locked */
FyrPageKey *
fyr_store_keys_get_key (FyrStoreKeys *self);

/** fyr_store_keys_is_shared: Returns: whether this machine's share alone does not open it */
gboolean
fyr_store_keys_is_shared (FyrStoreKeys *self);

/** fyr_store_keys_dup_device: Returns: (transfer full) (nullable): this device's id, once it is shared */
char *
fyr_store_keys_dup_device (FyrStoreKeys *self);

/**
 * fyr_store_keys_unlock:
 * @main_key: of fyr_key_trial_run() or fyr_store_keys_recover()
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_CORRUPT when the key file is damaged, _IO
 */
gboolean
fyr_store_keys_unlock (FyrStoreKeys *self, FyrPageKey *main_key, GError **error);

/** fyr_store_keys_recover: @share: of the server. Returns: (transfer full) (nullable): the main key; %NULL: another
 * server's share */
FyrPageKey *
fyr_store_keys_recover (FyrStoreKeys *self, const guint8 *share);

/** FyrKeyTrial: what a password is tried on, on any thread. Wipe it with sodium_memzero() */
typedef struct {
  guint8 salt[FYR_SALT_BYTES];
  FyrKeyCost cost;
  guint8 device[FYR_SHARE_BYTES];
  guint8 lease[FYR_SHARE_BYTES];
  guint8 wrap[FYR_WRAP_BYTES];
  gint64 locked_until; /* ms since the epoch, by this machine's clock */
} FyrKeyTrial;

/**
 * fyr_store_keys_find:
 * @user_name: folded
 * @trial: (out): of a user nobody knows when @user_name is not known, so that both take as long
 *
 * Returns: whether the user is known and there is a lease
 */
gboolean
fyr_store_keys_find (FyrStoreKeys *self, const char *user_name, FyrKeyTrial *trial);

/** fyr_key_trial_run: Returns: (transfer full) (nullable): the main key; %NULL when the password is wrong */
FyrPageKey *
fyr_key_trial_run (const FyrKeyTrial *trial, const char *password);

/**
 * fyr_store_keys_note_attempt:
 * @user_name: folded
 * @right: whether the password was
 * @now: this machine's clock, ms since the epoch
 *
 * Five wrong ones lock for a quarter of an hour. Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_IO
 */
gboolean
fyr_store_keys_note_attempt (
    FyrStoreKeys *self, const char *user_name, gboolean right, gint64 now, GError **error);

/** FyrKeyAdmission: a user who signed in at the server. Wipe it with sodium_memzero() */
typedef struct {
  const char *device;    /* id of this device */
  const char *user_id;   /* UUID */
  const char *user_name; /* folded */
  guint8 salt[FYR_SALT_BYTES];
  FyrKeyCost cost;
  guint8 password[FYR_SHARE_BYTES]; /* fyr_key_from_password() */
  guint8 share[FYR_SHARE_BYTES];    /* the server's */
  gint64 server_time;               /* of this contact, ms since the epoch */
  gint64 clock_offset;              /* server's clock less this machine's, ms */
} FyrKeyAdmission;

/**
 * fyr_store_keys_admit:
 *
 * Unlocked keys only: from here on this user's password, the lease and this machine's share open the database, and the
 * server's share with this machine's. What opened it by this machine's share alone is overwritten. The lease begins.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_IO; what opened it before does so still
 */
gboolean
fyr_store_keys_admit (FyrStoreKeys *self, const FyrKeyAdmission *admission, GError **error);

/** fyr_store_keys_forget: @user_id: (nullable): whose password, %NULL anybody's, opens nothing any more. Returns:
 * %TRUE, or %FALSE with %FYR_DB_ERROR_IO */
gboolean
fyr_store_keys_forget (FyrStoreKeys *self, const char *user_id, GError **error);

/** fyr_store_keys_note_contact: the server answered at @server_time: the lease begins anew. Written once a minute */
void
fyr_store_keys_note_contact (FyrStoreKeys *self, gint64 server_time, gint64 clock_offset);

/**
 * fyr_store_keys_expire:
 * @now: this machine's clock, ms since the epoch
 *
 * Overwrites the lease when it is over; to be called before each use, and in between. An unlocked key stays in memory.
 */
void
fyr_store_keys_expire (FyrStoreKeys *self, gint64 now);

/** fyr_store_keys_has_lease: Returns: whether a lease lies on the disk */
gboolean
fyr_store_keys_has_lease (FyrStoreKeys *self);

/**
 * fyr_store_keys_copy:
 * @path: of a copy of the database
 *
 * Lays the keys beside it, without the lease: nobody would overwrite it there.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_IO
 */
gboolean
fyr_store_keys_copy (FyrStoreKeys *self, const char *path, GError **error);

/**
 * fyr_store_keys_make_next: makes the key of a database that is to take this one's place; it counts when a database
 * that is sealed with it lies there. Returns: (transfer none) (nullable): %NULL with %FYR_DB_ERROR_IO
 */
FyrPageKey *
fyr_store_keys_make_next (FyrStoreKeys *self, GError **error);

/** fyr_store_keys_take_next: the database that was to take its place may lie there now. Returns: %TRUE, or %FALSE with
 * %FYR_DB_ERROR_IO */
gboolean
fyr_store_keys_take_next (FyrStoreKeys *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrStoreKeys, fyr_store_keys_free)

G_END_DECLS
