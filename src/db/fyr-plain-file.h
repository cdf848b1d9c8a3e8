/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "fyr-vfs-below.h"

G_BEGIN_DECLS

/**
 * fyr_plain_file_methods: Within the db room: of a FyrLayerFile over the file of a database that is not sealed
 *
 * All goes to the file below; what the disk would not read is not told as damage (fyr_file_read()).
 */
extern const sqlite3_io_methods fyr_plain_file_methods;

G_END_DECLS
