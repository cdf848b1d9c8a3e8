/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include "fyr-good.h"

const char *
fyr_page_title (void)
{
  return _ ("Alerts");
}
