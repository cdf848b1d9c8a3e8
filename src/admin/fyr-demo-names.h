/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/* Invented people with common Norwegian names. Any likeness is what common names are for. */

/** fyr_demo_given_name: Returns: (transfer none): a common given name of somebody born in @birth_year */
const char *
fyr_demo_given_name (GRand *random, FyrSex sex, int birth_year);

/** fyr_demo_family_name: Returns: (transfer none): a common family name */
const char *
fyr_demo_family_name (GRand *random);

/** FyrDemoPlace: a postal code and its town */
typedef struct {
  const char *postal_code;
  const char *city;
  const char *street;
} FyrDemoPlace;

/** fyr_demo_place: Returns: (transfer none): a place of the demonstration's district */
const FyrDemoPlace *
fyr_demo_place (GRand *random);

/**
 * fyr_demo_telephone:
 *
 * Returns: (transfer full): +47 and eight digits that begin with 40 to 49 or 90 to 99, as Norwegian mobile numbers do
 */
char *
fyr_demo_telephone (GRand *random);

/**
 * fyr_demo_identity_number:
 * @birth_date: `YYYY-MM-DD`, 1900 to 1999
 * @sex: female or male; the third individual digit says it
 * @serial: 0 to 249: tells people of the same day and sex apart
 *
 * A number of the tax administration's synthetic series (month + 80) with valid check digits: nobody's.
 *
 * Returns: (transfer full) (nullable): 11 digits; %NULL when this serial has no valid check digit: try the
 * next
 */
char *
fyr_demo_identity_number (const char *birth_date, FyrSex sex, guint serial);

G_END_DECLS
