/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-error.h"

G_BEGIN_DECLS

/** FYR_PASSWORD_MIN: characters; ASVS 5.0 V6.2 asks for 8 and recommends more */
#define FYR_PASSWORD_MIN 10
#define FYR_PASSWORD_MAX_BYTES 1024

/**
 * fyr_password_check:
 * @password: what the user wants
 * @user_name: (nullable): must not be part of it
 *
 * Length counts, mixtures of characters do not (NIST SP 800-63B): refuses what is short, what is on lists of
 * breached passwords also with figures hung on, rows of one character or of neighbours, and the user's name.
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_INVALID and the reason
 */
gboolean
fyr_password_check (const char *password, const char *user_name, GError **error);

/**
 * fyr_password_hash:
 *
 * Argon2id, 64 MiB, three passes: about 0.1 s on a thread of its own.
 *
 * Returns: (transfer full) (nullable): the text to store; %NULL with %FYR_SERVER_ERROR_BUSY when there is
 * no memory
 */
char *
fyr_password_hash (const char *password, GError **error);

/** fyr_password_hash_cheaply: the same with the least cost, for tests that sign in a hundred times */
char *
fyr_password_hash_cheaply (const char *password);

/**
 * fyr_password_verify:
 * @hash: (nullable): what fyr_password_hash() gave; %NULL for an unknown user: takes as long and says no
 *
 * Returns: whether @password is the one
 */
gboolean
fyr_password_verify (const char *hash, const char *password);

G_END_DECLS
