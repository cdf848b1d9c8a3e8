/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "fyr-help-page.h"

static const char sample[] =
    "<?xml version='1.0'?><page id='x'><info><link type='guide' xref='index'/>"
    "<link type='seealso' xref='limits'/><desc>About</desc></info><title>Alerts</title>"
    "<p>First &amp; <em>last</em>.</p><steps><item><p>Choose</p></item><item><p>Press</p>"
    "</item></steps><list><item><p>One</p></item></list><table><tr><td><p>F1</p></td>"
    "<td><p>Help</p></td></tr></table><p>After</p></page>";

static const FyrHelpBlock *
block (FyrHelpPage *page, guint i)
{
  g_assert_cmpuint (i, <, page->blocks->len);
  return page->blocks->pdata[i];
}

static void
test_parts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrHelpPage) page = fyr_help_page_parse ("x", sample, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (page->title, ==, "Alerts");
  g_assert_cmpstr (page->description, ==, "About");
  g_assert_cmpuint (page->blocks->len, ==, 6);
  g_assert_cmpstr (block (page, 0)->text, ==, "First & last.");
  g_assert_cmpint (block (page, 1)->kind, ==, FYR_HELP_BLOCK_STEP);
  g_assert_cmpint (block (page, 1)->number, ==, 1);
  g_assert_cmpint (block (page, 2)->number, ==, 2);
  g_assert_cmpint (block (page, 3)->kind, ==, FYR_HELP_BLOCK_ITEM);
  g_assert_cmpint (block (page, 4)->kind, ==, FYR_HELP_BLOCK_KEY);
  g_assert_cmpstr (block (page, 4)->term, ==, "F1");
  g_assert_cmpstr (block (page, 4)->text, ==, "Help");
  g_assert_cmpint (block (page, 5)->kind, ==, FYR_HELP_BLOCK_PARAGRAPH);
  g_assert_null (block (page, 5)->term);
  g_assert_cmpuint (page->see_also->len, ==, 1);
  g_assert_cmpstr (page->see_also->pdata[0], ==, "limits");
}

static void
test_broken (void)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (GError) error = NULL;

  g_assert_null (fyr_help_page_parse ("x", "<page><title>x</page>", -1, &error));
  g_assert_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE);
  /* Cut anywhere, with a byte changed anywhere: an error or a page, never a crash or a leak. */
  for (int i = 0; i < 2000; i++) {
    g_autofree char *text = g_strdup (sample);
    gsize length = g_rand_int_range (chance, 0, sizeof sample);

    text[g_rand_int_range (chance, 0, sizeof sample - 1)] = (char)g_rand_int_range (chance, 1, 256);
    fyr_help_page_free (fyr_help_page_parse ("x", text, length, NULL));
  }
}

static void
test_every_page_in_both_languages (void)
{
  g_auto (GStrv) ids = fyr_help_page_list ();

  g_assert_cmpuint (g_strv_length (ids), >=, 8);
  for (int i = 0; ids[i] != NULL; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrHelpPage) english = fyr_help_page_load ("C", ids[i], &error);
    g_autoptr (FyrHelpPage) norwegian = NULL;

    g_assert_no_error (error);
    norwegian = fyr_help_page_load ("nb", ids[i], &error);
    g_assert_no_error (error);
    g_assert_cmpstr (english->title, !=, "");
    g_assert_cmpuint (english->blocks->len, >, 0);
    g_assert_cmpuint (norwegian->blocks->len, ==, english->blocks->len);
    g_assert_cmpstr (block (norwegian, 0)->text, !=, block (english, 0)->text);
    for (guint other = 0; other < english->see_also->len; other++) {
      g_assert_true (g_strv_contains ((const char *const *)ids, english->see_also->pdata[other]));
    }
  }
}

static void
test_unknown_page (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fyr_help_page_load ("nb", "nothing", &error));
  g_assert_error (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND);
}

static void
test_language (void)
{
  const char *norwegian[] = { "nb_NO.UTF-8", "nb_NO", "nb", "C", NULL };
  const char *nynorsk[] = { "nn_NO", "C", NULL };
  const char *english[] = { "en_GB", "nb", NULL };
  const char *other[] = { "de_DE", "de", "C", NULL };

  g_assert_cmpstr (fyr_help_page_choose_language (norwegian), ==, "nb");
  g_assert_cmpstr (fyr_help_page_choose_language (nynorsk), ==, "nb");
  g_assert_cmpstr (fyr_help_page_choose_language (english), ==, "C");
  g_assert_cmpstr (fyr_help_page_choose_language (other), ==, "C");
  g_assert_cmpstr (fyr_help_page_choose_language (NULL), ==, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/help/reads-every-part-of-a-page", test_parts);
  g_test_add_func ("/help/refuses-what-is-not-well-formed", test_broken);
  g_test_add_func ("/help/has-every-page-in-both-languages", test_every_page_in_both_languages);
  g_test_add_func ("/help/tells-of-an-unknown-page", test_unknown_page);
  g_test_add_func ("/help/chooses-norwegian-for-norwegian-readers", test_language);
  return g_test_run ();
}
