/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-error.h"

G_DEFINE_QUARK (fyr - server - error - quark, fyr_server_error)
