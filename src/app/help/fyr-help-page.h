/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** FyrHelpBlockKind: what a piece of a help page is */
typedef enum {
  FYR_HELP_BLOCK_PARAGRAPH,
  FYR_HELP_BLOCK_STEP,
  FYR_HELP_BLOCK_ITEM,
  FYR_HELP_BLOCK_KEY,
} FyrHelpBlockKind;

/**
 * FyrHelpBlock:
 *
 * @text is what stands there; @term the key it is about, only for a KEY; @number of a STEP, from 1
 */
typedef struct {
  FyrHelpBlockKind kind;
  char *text;
  char *term;
  int number;
} FyrHelpBlock;

/** FyrHelpPage: one page as the application shows it; @see_also holds ids of pages */
typedef struct {
  char *id;
  char *title;
  char *description;
  GPtrArray *blocks;
  GPtrArray *see_also;
} FyrHelpPage;

/**
 * fyr_help_page_parse:
 * @id: the page's name, without an ending
 * @text: a Mallard page, UTF-8
 * @length: bytes of @text
 *
 * Reads the part of Mallard that our pages use: title, desc, p, steps, list, table of keys, seealso links.
 *
 * Returns: (transfer full): the page, or %NULL with an error of G_MARKUP_ERROR when it is not well-formed
 */
FyrHelpPage *
fyr_help_page_parse (const char *id, const char *text, gssize length, GError **error);

/**
 * fyr_help_page_load:
 * @language: "nb", or "C" for English
 *
 * Reads a page built into the application.
 *
 * Returns: (transfer full): the page, or %NULL with an error of G_RESOURCE_ERROR when there is no such page
 */
FyrHelpPage *
fyr_help_page_load (const char *language, const char *id, GError **error);

/**
 * fyr_help_page_list:
 *
 * Returns: (transfer full): ids of all pages but the index, in the order of their names, ended by %NULL
 */
GStrv
fyr_help_page_list (void);

/** fyr_help_page_choose_language: @names: as g_get_language_names() gives them. Returns: "nb" or "C" */
const char *
fyr_help_page_choose_language (const char *const *names);

/** fyr_help_page_free: @page: (transfer full) (nullable) */
void
fyr_help_page_free (FyrHelpPage *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrHelpPage, fyr_help_page_free)

G_END_DECLS
