/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-fixture.h"

G_BEGIN_DECLS

/* A store's files as a bad day leaves them. */

/** fyr_test_save_notes: the nurse writes notes numbered @from to @to, the last not among them; none is delivered */
void
fyr_test_save_notes (FyrStoreFixture *fixture, guint from, guint to);

/** fyr_test_change_file: turns each bit of @length bytes from @offset on; @cut: the length that is left, -1 all */
void
fyr_test_change_file (const char *path, const char *suffix, gsize offset, gsize length, gssize cut);

/** fyr_test_size_of: Returns: bytes of the file; 0: there is none */
gsize
fyr_test_size_of (const char *path, const char *suffix);

/** fyr_test_count_damaged: Returns: how many files of the fixture's folder were set aside */
guint
fyr_test_count_damaged (FyrStoreFixture *fixture);

/** fyr_test_identity: Returns: (transfer full): what the store says of itself */
FyrStoreIdentity *
fyr_test_identity (FyrStoreFixture *fixture);

G_END_DECLS
