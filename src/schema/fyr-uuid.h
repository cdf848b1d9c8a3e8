/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FYR_UUID_BYTES 16
#define FYR_UUID_TEXT_SIZE 37

/**
 * fyr_uuid_v7_new:
 * @time: milliseconds since the Unix epoch, UTC
 * @text: (out): 36 characters and a NUL
 *
 * A new identifier whose first 48 bits are @time (RFC 9562, version 7); the rest is random from the
 * operating system. Names only: order is the server's.
 */
void
fyr_uuid_v7_new (gint64 time, char text[FYR_UUID_TEXT_SIZE]);

/**
 * fyr_uuid_v7_new_many:
 * @count: how many
 * @texts: (out): room for @count
 *
 * As fyr_uuid_v7_new(), @count times, with a call of the operating system for each 64.
 */
void
fyr_uuid_v7_new_many (gint64 time, gsize count, char (*texts)[FYR_UUID_TEXT_SIZE]);

/** fyr_uuid_is_valid: whether @text (nullable) is a UUID in lower-case text form. */
gboolean
fyr_uuid_is_valid (const char *text);

/** fyr_uuid_to_bytes: %FALSE when @text (nullable) is not valid; @bytes is then all zero. */
gboolean
fyr_uuid_to_bytes (const char *text, guint8 bytes[FYR_UUID_BYTES]);

/** fyr_uuid_from_bytes: writes the text form of @bytes. */
void
fyr_uuid_from_bytes (const guint8 bytes[FYR_UUID_BYTES], char text[FYR_UUID_TEXT_SIZE]);

G_END_DECLS
