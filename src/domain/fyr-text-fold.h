/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_text_fold:
 * @text: (nullable): UTF-8; invalid bytes are dropped
 *
 * A key for finding names: case and accents gone, æ/ä → ae, ø/ö → oe, å → aa, ß → ss, đ and ð → d, ł → l, þ
 * → th; hyphens, full stops and runs of spaces become one space, apostrophes go, ends trimmed. "Åse-Marie
 * Ødegård" and "aase marie oedegaard" give the same key. Never shown.
 *
 * Returns: (transfer full): the key, "" for %NULL
 */
char *
fyr_text_fold (const char *text);

/**
 * fyr_text_fold_matches:
 * @folded_text: a key of fyr_text_fold(): a whole name
 * @folded_query: a key of fyr_text_fold(): what was typed
 *
 * Returns: whether each word of the query begins a different word of the text; an empty query matches all
 */
gboolean
fyr_text_fold_matches (const char *folded_text, const char *folded_query);

/**
 * fyr_telephone_normalize:
 * @text: (nullable): a number as typed; spaces, no-break spaces, hyphens, full stops and brackets are
 *   ignored; `00` is `+`
 *
 * Eight digits, or +47 with eight, become `+47NNNNNNNN`; other countries' keep their prefix (E.164, 7 to 15
 * digits); short numbers of 3 to 6 digits (113, 116117) stay as they are.
 *
 * Returns: (transfer full) (nullable): the number to store and compare, %NULL when it is none
 */
char *
fyr_telephone_normalize (const char *text);

/**
 * fyr_telephone_format:
 * @number: (nullable): as normalized
 *
 * Returns: (transfer full): Norwegian numbers in groups without +47 ("987 65 432" mobile, "22 33 44 55"
 *   others), everything else as it is
 */
char *
fyr_telephone_format (const char *number);

/**
 * fyr_person_list_name:
 * @family_name: (nullable): family name
 * @given_name: (nullable): given names
 *
 * Returns: (transfer full): a person as lists sort her, "Nordmann, Ola"; of one name alone that one, of none ""
 */
char *
fyr_person_list_name (const char *family_name, const char *given_name);

/**
 * fyr_person_duplicate_key:
 * @family_name: (nullable): family name
 * @given_name: (nullable): given names; only the first word counts
 * @birth_date: (nullable): `YYYY-MM-DD`
 *
 * Two people with the same key may be one person registered twice: ask.
 *
 * Returns: (transfer full) (nullable): the key; %NULL when name or date is missing, or the date is no date
 */
char *
fyr_person_duplicate_key (const char *family_name, const char *given_name, const char *birth_date);

G_END_DECLS
