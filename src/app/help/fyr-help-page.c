/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-help-page.h"

#include <string.h>

#include "fyr-help-resources.h"

#define PREFIX "/no/fyrlykt/Fyrlykt/help"

/* Where the parser stands. */
typedef struct {
  FyrHelpPage *page;
  GString *text;
  gboolean collecting;
  gboolean in_info;
  int cell;
  int step;
  char *term;
  FyrHelpBlockKind kind;
} Reading;

static void
block_free (gpointer data)
{
  FyrHelpBlock *block = data;

  g_free (block->text);
  g_free (block->term);
  g_free (block);
}

static char *
take_text (Reading *self)
{
  char *words = g_strdup (g_strstrip (self->text->str));

  g_string_truncate (self->text, 0);
  self->collecting = FALSE;
  return words;
}

static void
read_link (Reading *self, const char **names, const char **values)
{
  const char *type = NULL;
  const char *target = NULL;

  for (int i = 0; names[i] != NULL; i++) {
    if (strcmp (names[i], "type") == 0) {
      type = values[i];
    } else if (strcmp (names[i], "xref") == 0) {
      target = values[i];
    }
  }
  if (g_strcmp0 (type, "seealso") == 0 && target != NULL) {
    g_ptr_array_add (self->page->see_also, g_strdup (target));
  }
}

static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer user_data,
               GError **error)
{
  Reading *self = user_data;

  if (strcmp (element, "info") == 0) {
    self->in_info = TRUE;
  } else if (strcmp (element, "link") == 0 && self->in_info) {
    read_link (self, names, values);
  } else if (strcmp (element, "steps") == 0) {
    self->kind = FYR_HELP_BLOCK_STEP;
    self->step = 0;
  } else if (strcmp (element, "list") == 0) {
    self->kind = FYR_HELP_BLOCK_ITEM;
  } else if (strcmp (element, "table") == 0) {
    self->kind = FYR_HELP_BLOCK_KEY;
  } else if (strcmp (element, "tr") == 0) {
    self->cell = 0;
  } else if (strcmp (element, "p") == 0 || strcmp (element, "title") == 0 || strcmp (element, "desc") == 0) {
    g_string_truncate (self->text, 0);
    self->collecting = TRUE;
  }
}

static void
end_paragraph (Reading *self)
{
  g_autofree char *words = take_text (self);
  FyrHelpBlock *block;

  if (self->kind == FYR_HELP_BLOCK_KEY && self->cell++ == 0) {
    g_free (self->term);
    self->term = g_steal_pointer (&words);
    return;
  }
  block = g_new0 (FyrHelpBlock, 1);
  block->kind = self->kind;
  block->text = g_steal_pointer (&words);
  block->term = g_steal_pointer (&self->term);
  block->number = self->kind == FYR_HELP_BLOCK_STEP ? ++self->step : 0;
  g_ptr_array_add (self->page->blocks, block);
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Reading *self = user_data;

  if (strcmp (element, "info") == 0) {
    self->in_info = FALSE;
  } else if (strcmp (element, "title") == 0) {
    g_free (self->page->title);
    self->page->title = take_text (self);
  } else if (strcmp (element, "desc") == 0) {
    g_free (self->page->description);
    self->page->description = take_text (self);
  } else if (strcmp (element, "p") == 0) {
    end_paragraph (self);
  } else if (strcmp (element, "steps") == 0 || strcmp (element, "list") == 0 ||
             strcmp (element, "table") == 0) {
    self->kind = FYR_HELP_BLOCK_PARAGRAPH;
  }
}

static void
text (GMarkupParseContext *context, const char *words, gsize length, gpointer user_data, GError **error)
{
  Reading *self = user_data;

  if (self->collecting) {
    g_string_append_len (self->text, words, length);
  }
}

FyrHelpPage *
fyr_help_page_parse (const char *id, const char *mallard, gssize length, GError **error)
{
  static const GMarkupParser parser = { start_element, end_element, text, NULL, NULL };
  g_autoptr (FyrHelpPage) page = g_new0 (FyrHelpPage, 1);
  g_autoptr (GString) collected = g_string_new (NULL);
  g_autoptr (GMarkupParseContext) context = NULL;
  Reading reading = { .page = page, .text = collected };
  gboolean good;

  g_return_val_if_fail (id != NULL && mallard != NULL, NULL);

  page->id = g_strdup (id);
  page->title = g_strdup ("");
  page->description = g_strdup ("");
  page->blocks = g_ptr_array_new_with_free_func (block_free);
  page->see_also = g_ptr_array_new_with_free_func (g_free);
  context = g_markup_parse_context_new (&parser, 0, &reading, NULL);
  good = g_markup_parse_context_parse (context, mallard, length, error) &&
         g_markup_parse_context_end_parse (context, error);
  g_free (reading.term);
  return good ? g_steal_pointer (&page) : NULL;
}

FyrHelpPage *
fyr_help_page_load (const char *language, const char *id, GError **error)
{
  g_autofree char *path = g_strdup_printf (PREFIX "/%s/%s.page", language, id);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (fyr_help_get_resource (), path, 0, error);
  gsize length;
  const char *data;

  if (bytes == NULL) {
    return NULL;
  }
  data = g_bytes_get_data (bytes, &length);
  return fyr_help_page_parse (id, data, length, error);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GStrv
fyr_help_page_list (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = g_resource_enumerate_children (fyr_help_get_resource (), PREFIX "/C", 0, NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (int i = 0; names != NULL && names[i] != NULL; i++) {
    g_ptr_array_add (sorted, names[i]);
  }
  g_ptr_array_sort (sorted, by_name);
  for (guint i = 0; i < sorted->len; i++) {
    g_autofree char *id = g_strndup (sorted->pdata[i], strcspn (sorted->pdata[i], "."));

    if (strcmp (id, "index") != 0) {
      g_strv_builder_add (builder, id);
    }
  }
  return g_strv_builder_end (builder);
}

const char *
fyr_help_page_choose_language (const char *const *names)
{
  for (int i = 0; names != NULL && names[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit_set (names[i], "_.@", 2);

    /* Nynorsk readers are better served by Bokmål than by English. */
    if (g_strcmp0 (parts[0], "nb") == 0 || g_strcmp0 (parts[0], "no") == 0 ||
        g_strcmp0 (parts[0], "nn") == 0) {
      return "nb";
    }
    if (g_strcmp0 (parts[0], "en") == 0 || g_strcmp0 (parts[0], "C") == 0) {
      return "C";
    }
  }
  return "C";
}

void
fyr_help_page_free (FyrHelpPage *page)
{
  if (page == NULL) {
    return;
  }
  g_free (page->id);
  g_free (page->title);
  g_free (page->description);
  g_clear_pointer (&page->blocks, g_ptr_array_unref);
  g_clear_pointer (&page->see_also, g_ptr_array_unref);
  g_free (page);
}
