/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-db-error.h"

G_DEFINE_QUARK (fyr - db - error - quark, fyr_db_error)
