/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-error.h"

G_DEFINE_QUARK (fyr - wire - error - quark, fyr_wire_error)

guint
fyr_wire_error_to_status (const GError *error)
{
  if (error->domain != FYR_WIRE_ERROR)
    return 500;
  if (error->code == FYR_WIRE_ERROR_TOO_LARGE)
    return 413;
  return error->code == FYR_WIRE_ERROR_SCHEMA ? 426 : 400;
}

const char *
fyr_wire_error_to_code (const GError *error)
{
  if (error->domain != FYR_WIRE_ERROR)
    return "internal";
  if (error->code == FYR_WIRE_ERROR_TOO_LARGE)
    return "too-large";
  return error->code == FYR_WIRE_ERROR_SCHEMA ? "schema" : "malformed";
}
