/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-error.h"

G_DEFINE_QUARK (fyr - store - error - quark, fyr_store_error)
