/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  g_message ("new patient %s", fyr_patient_get_family_name (p));
  g_warning ("cannot call %s",
             row->telephone);
}
