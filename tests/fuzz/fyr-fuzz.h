/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * LLVMFuzzerTestOneInput:
 * @data: any bytes
 *
 * What a target does with one input; it aborts when a promise is broken. Built with clang's -fsanitize=fuzzer the
 * library drives it, guided by coverage; otherwise fyr-fuzz-main.c does, from the corpus and a seed.
 *
 * Returns: 0
 */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
