/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  if (x) {
    if (x) {
      if (x) {
        if (x) {
          if (x) {
            y ();
          }
        }
      }
    }
  }
}
