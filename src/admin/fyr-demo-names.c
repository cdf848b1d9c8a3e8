/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-demo-names.h"

#include <stdio.h>

static const char *const women_old[] = {
  "Anne",   "Inger", "Kari",   "Marit",  "Ingrid",   "Liv",       "Berit",  "Astrid",   "Randi",    "Solveig",
  "Bjørg",  "Gerd",  "Else",   "Turid",  "Ruth",     "Aud",       "Karin",  "Reidun",   "Sissel",   "Unni",
  "Eva",    "Grete", "Torill", "Wenche", "Tove",     "Elisabeth", "Åse",    "Sigrid",   "Kirsten",  "Ellen",
  "Margit", "Brit",  "Helga",  "Edith",  "Borghild", "Klara",     "Gudrun", "Ragnhild", "Eldbjørg", "Jorunn",
};
static const char *const women_young[] = {
  "Hilde", "Anita",   "Monica", "Camilla", "Silje", "Kristin", "Hege",  "Linda",   "Heidi", "Marianne",
  "Trine", "Cecilie", "Ida",    "Maria",   "Nina",  "Tone",    "Stine", "Line",    "Marte", "Guro",
  "Amina", "Fatima",  "Lene",   "Mona",    "Siri",  "Thea",    "Emma",  "Ingvild", "Vilde", "Tuva",
};
static const char *const men_old[] = {
  "Jan",    "Per",    "Bjørn",  "Ole",   "Kjell",   "Knut",     "Svein",  "Arne",   "Odd",    "Tor",
  "Hans",   "Leif",   "Harald", "Arvid", "Egil",    "Gunnar",   "Rolf",   "Sverre", "Finn",   "Terje",
  "Einar",  "Reidar", "Olav",   "Johan", "Asbjørn", "Magne",    "Helge",  "Trygve", "Oddvar", "Ivar",
  "Birger", "Alf",    "Roald",  "Nils",  "Erling",  "Torstein", "Ragnar", "Sigurd", "Øyvind", "Kåre",
};
static const char *const men_young[] = {
  "Thomas",  "Morten", "Geir",  "Lars",    "Anders", "Frode",  "Espen", "Kristian", "Stian",  "Henrik",
  "Martin",  "Daniel", "Erik",  "Andreas", "Trond",  "Rune",   "Roger", "Kenneth",  "Magnus", "Sindre",
  "Mohamed", "Ali",    "Jonas", "Simen",   "Eirik",  "Vegard", "Håkon", "Sander",   "Even",   "Tarjei",
};
static const char *const family_names[] = {
  "Hansen",      "Johansen",   "Olsen",         "Larsen",     "Andersen",  "Pedersen",  "Nilsen",
  "Kristiansen", "Jensen",     "Karlsen",       "Johnsen",    "Pettersen", "Eriksen",   "Berg",
  "Haugen",      "Hagen",      "Johannessen",   "Andreassen", "Jacobsen",  "Dahl",      "Jørgensen",
  "Halvorsen",   "Henriksen",  "Lund",          "Sørensen",   "Jakobsen",  "Moen",      "Gundersen",
  "Iversen",     "Strand",     "Solberg",       "Svendsen",   "Eide",      "Knutsen",   "Martinsen",
  "Paulsen",     "Bakken",     "Kristoffersen", "Mathisen",   "Lie",       "Amundsen",  "Nguyen",
  "Rasmussen",   "Ali",        "Lunde",         "Solheim",    "Berge",     "Moe",       "Nygård",
  "Bakke",       "Kristensen", "Fredriksen",    "Holm",       "Lien",      "Hauge",     "Christensen",
  "Andresen",    "Nielsen",    "Knudsen",       "Evensen",    "Sæther",    "Aas",       "Myhre",
  "Hanssen",     "Haugland",   "Thomassen",     "Sivertsen",  "Simonsen",  "Danielsen", "Ahmed",
  "Berntsen",    "Sandvik",    "Rønning",       "Arnesen",    "Antonsen",  "Næss",      "Vik",
  "Haug",        "Ellingsen",  "Thorsen",       "Edvardsen",  "Birkeland", "Isaksen",   "Gulbrandsen",
  "Ruud",        "Aasen",      "Strøm",         "Myklebust",  "Ødegård",   "Tangen",    "Eliassen",
  "Mikkelsen",   "Helland",    "Bøe",           "Jenssen",    "Aune",      "Tveit",     "Brekke",
  "Normann",
};

/* Streets are invented; codes and towns are of eastern Oslo and Lillestrøm. */
static const FyrDemoPlace places[] = {
  { "0484", "Oslo", "Fyrveien" },          { "0957", "Oslo", "Lyktestien" },
  { "0962", "Oslo", "Vardebakken" },       { "0968", "Oslo", "Havnelia" },
  { "0975", "Oslo", "Naustgata" },         { "0982", "Oslo", "Svaberget" },
  { "1053", "Oslo", "Bøyevegen" },         { "1081", "Oslo", "Ankerstubben" },
  { "2000", "Lillestrøm", "Tårnsvingen" }, { "2010", "Strømmen", "Lanterneveien" },
};

static const char *
pick (GRand *random, const char *const *names, gsize n)
{
  return names[g_rand_int_range (random, 0, (gint32)n)];
}

const char *
fyr_demo_given_name (GRand *random, FyrSex sex, int birth_year)
{
  gboolean old = birth_year < 1965;

  if (sex == FYR_SEX_FEMALE) {
    return old ? pick (random, women_old, G_N_ELEMENTS (women_old))
               : pick (random, women_young, G_N_ELEMENTS (women_young));
  }
  return old ? pick (random, men_old, G_N_ELEMENTS (men_old))
             : pick (random, men_young, G_N_ELEMENTS (men_young));
}

const char *
fyr_demo_family_name (GRand *random)
{
  return pick (random, family_names, G_N_ELEMENTS (family_names));
}

const FyrDemoPlace *
fyr_demo_place (GRand *random)
{
  return &places[g_rand_int_range (random, 0, G_N_ELEMENTS (places))];
}

char *
fyr_demo_telephone (GRand *random)
{
  int first = g_rand_boolean (random) ? 40 : 90;

  return g_strdup_printf ("+47%d%06d", first + g_rand_int_range (random, 0, 10),
                          g_rand_int_range (random, 0, 1000000));
}

static int
check_digit (const char *digits, const int *weights, int n)
{
  int sum = 0;

  for (int i = 0; i < n; i++) {
    sum += (digits[i] - '0') * weights[i];
  }
  sum = 11 - sum % 11;
  return sum == 11 ? 0 : sum;
}

char *
fyr_demo_identity_number (const char *birth_date, FyrSex sex, guint serial)
{
  static const int first_weights[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 };
  static const int second_weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
  int year, month, day, individual, first, second;
  char digits[40];

  g_return_val_if_fail (serial < 250, NULL);
  if (sscanf (birth_date, "%4d-%2d-%2d", &year, &month, &day) != 3) {
    return NULL;
  }
  individual = (int)serial * 2 + (sex == FYR_SEX_MALE ? 1 : 0);
  g_snprintf (digits, sizeof digits, "%02d%02d%02d%03d", day, month + 80, year % 100, individual);
  first = check_digit (digits, first_weights, 9);
  if (first > 9) {
    return NULL;
  }
  digits[9] = (char)('0' + first);
  second = check_digit (digits, second_weights, 10);
  if (second > 9) {
    return NULL;
  }
  return g_strdup_printf ("%.10s%d", digits, second);
}
