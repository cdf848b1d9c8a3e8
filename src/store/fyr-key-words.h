/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-key-wrap.h"
#include "fyr-uuid.h"

G_BEGIN_DECLS

/* The key file as it lies on the disk, and in memory: bytes only, numbers with the lowest first. */

/** FYR_KEY_USERS: who signed in last, so many, can sign in without the server */
#define FYR_KEY_USERS 48

/** FYR_KEY_SERVERS: so many that this machine worked with last can open its database, the last one first */
#define FYR_KEY_SERVERS 4

typedef struct {
  guint8 name[FYR_SHARE_BYTES]; /* hash of the folded user name, by this machine's share; zero: nobody */
  guint8 user_id[FYR_UUID_BYTES];
  guint8 salt[FYR_SALT_BYTES];
  guint8 passes[8];
  guint8 memory[8];
  guint8 wrap[FYR_WRAP_BYTES]; /* the main key, by this machine's share, the password and the lease */
  guint8 failures[8];
  guint8 locked_until[8]; /* by this machine's clock */
  guint8 admitted[8];     /* server's time of her last sign-in there */
} FyrKeyUser;

typedef struct {
  guint8 form[4];
  guint8 device[FYR_UUID_BYTES]; /* its id */
  guint8 share[FYR_SHARE_BYTES]; /* this machine's */
  guint8 wrap[FYR_WRAP_BYTES];   /* the database's key, by the main key */
  guint8 next[FYR_WRAP_BYTES];   /* of the database that takes its place; zero: none is being made */
  guint8 alone[FYR_WRAP_BYTES];  /* the main key, by this machine's share alone; zero: it is shared */
  guint8 recovery[FYR_KEY_SERVERS][FYR_WRAP_BYTES]; /* the main key, by this machine's share and a server's */
  guint8 lease[FYR_SHARE_BYTES];                    /* zero: over */
  guint8 contact[8];                                /* server's time of the last contact */
  guint8 clock_offset[8];                           /* server's clock less this machine's */
  FyrKeyUser users[FYR_KEY_USERS];
} FyrKeyWords;

/** fyr_key_words_read: takes in what this release wrote or the one before it. Returns: whether it is whole */
gboolean
fyr_key_words_read (FyrKeyWords *self, GBytes *bytes);

/** fyr_key_words_begin: makes those of a machine that is known nowhere yet; without wraps */
void
fyr_key_words_begin (FyrKeyWords *self);

/** fyr_key_words_find: @user_name: folded. Returns: (transfer none) (nullable): her words */
FyrKeyUser *
fyr_key_words_find (FyrKeyWords *self, const char *user_name);

/** fyr_key_words_find_id: as fyr_key_words_find(), by the user's id */
FyrKeyUser *
fyr_key_words_find_id (FyrKeyWords *self, const char *user_id);

/** fyr_key_words_place: Returns: (transfer none): where words of this user belong: her own, free, or the oldest */
FyrKeyUser *
fyr_key_words_place (FyrKeyWords *self, const char *user_id, const char *user_name);

/** fyr_key_words_hash_name: @hash: (out): FYR_SHARE_BYTES */
void
fyr_key_words_hash_name (FyrKeyWords *self, const char *user_name, guint8 *hash);

/** fyr_key_words_get: Returns: the number that stands in these eight bytes */
gint64
fyr_key_words_get (const guint8 *number);

/** fyr_key_words_set: @number: (out): eight bytes */
void
fyr_key_words_set (guint8 *number, gint64 value);

G_END_DECLS
