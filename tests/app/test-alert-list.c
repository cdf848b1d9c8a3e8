/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-list.h"
#include "fyr-items-private.h"
#include "fyr-keyed-list.h"

static char *
id_of (guint n)
{
  return g_strdup_printf ("00000000-0000-7000-8000-%012u", n);
}

static FyrAlertItem *
item (guint n, FyrAlertCategory category, FyrAlertStatus status)
{
  FyrAlert *alert = fyr_alert_new ();
  g_autofree char *id = id_of (n);

  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_category (alert, category);
  fyr_alert_set_status (alert, status);
  return fyr_alert_item_new (alert, NULL, g_strdup_printf ("Patient %u", n), NULL, FYR_ZONE_UNSET, NULL,
                             FYR_OUTBOX_DELIVERED);
}

/* An answer of the database: numbers of alerts in order; a red one has a number below 100. */
static void
answer (FyrAlertList *list, const guint *numbers, guint n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items,
                     item (numbers[i], numbers[i] < 100 ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_YELLOW,
                           FYR_ALERT_STATUS_OPEN));
  fyr_alert_list_update (list, items);
}

#define ANSWER(list, ...)                                                                                    \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    const guint numbers[] = { __VA_ARGS__ };                                                                 \
    answer (list, numbers, G_N_ELEMENTS (numbers));                                                          \
  }                                                                                                          \
  G_STMT_END

static char *
shown (FyrAlertList *list)
{
  GString *text = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrAlertEntry) entry = g_list_model_get_item (G_LIST_MODEL (list), i);
    guint64 number = g_ascii_strtoull (fyr_alert_entry_get_id (entry) + 24, NULL, 10);

    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "%s", i ? " " : "", number,
                            fyr_alert_entry_get_gone (entry) ? "x" : "");
  }
  return g_string_free (text, FALSE);
}

static void
expect (FyrAlertList *list, const char *wanted)
{
  g_autofree char *text = shown (list);

  g_assert_cmpstr (text, ==, wanted);
}

static void
read_alert (FyrAlertList *list, guint n)
{
  g_autofree char *id = id_of (n);

  fyr_alert_list_set_anchor (list, id);
}

static void
test_follows_when_nobody_reads (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 200, 201);
  expect (list, "200 201");
  ANSWER (list, 1, 200, 201, 202);
  expect (list, "1 200 201 202");
  g_assert_cmpuint (fyr_alert_list_get_n_waiting (list), ==, 0);
}

static void
test_new_above_the_reader_waits (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 200, 201, 202);
  read_alert (list, 201);
  ANSWER (list, 1, 200, 199, 201, 202);
  expect (list, "200 201 202");
  g_assert_cmpuint (fyr_alert_list_get_n_waiting (list), ==, 2);
  g_assert_cmpuint (fyr_alert_list_get_n_waiting_red (list), ==, 1);
}

static void
test_new_below_the_reader_is_shown_at_once (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 1, 200);
  read_alert (list, 1);
  ANSWER (list, 1, 2, 200, 201);
  expect (list, "1 2 200 201");
  g_assert_cmpuint (fyr_alert_list_get_n_waiting (list), ==, 0);
}

static void
test_what_is_handled_elsewhere_stays_until_one_looks_up (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 1, 200, 201);
  read_alert (list, 200);
  ANSWER (list, 201);
  expect (list, "1x 200x 201");
  fyr_alert_list_release (list);
  expect (list, "201");
}

static void
test_release_lets_in_what_waited (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 200);
  read_alert (list, 200);
  ANSWER (list, 1, 200);
  fyr_alert_list_release (list);
  expect (list, "1 200");
  g_assert_cmpuint (fyr_alert_list_get_n_waiting (list), ==, 0);
  /* and the reader is still the reader */
  ANSWER (list, 2, 1, 200);
  expect (list, "1 200");
  fyr_alert_list_set_anchor (list, NULL);
  expect (list, "2 1 200");
}

static void
test_reopened_is_not_gone_any_more (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();

  ANSWER (list, 1, 200);
  read_alert (list, 1);
  ANSWER (list, 200);
  expect (list, "1x 200");
  ANSWER (list, 1, 200);
  expect (list, "1 200");
}

static void
test_rows_live_on_through_an_answer (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();
  FyrAlertEntry *entry;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *id = id_of (200);

  ANSWER (list, 1, 200);
  entry = fyr_alert_list_lookup (list, id);
  g_ptr_array_add (items, item (200, FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_STATUS_TAKEN));
  fyr_alert_list_update (list, items);
  g_assert_true (fyr_alert_list_lookup (list, id) == entry);
  g_assert_cmpint (fyr_alert_get_status (fyr_alert_entry_get_alert (entry)), ==, FYR_ALERT_STATUS_TAKEN);
}

static void
count (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
test_an_equal_answer_tells_nobody (void)
{
  g_autoptr (FyrAlertList) list = fyr_alert_list_new ();
  g_autofree char *id = id_of (1);
  guint n = 0;

  ANSWER (list, 1, 200);
  g_signal_connect (fyr_alert_list_lookup (list, id), "notify", G_CALLBACK (count), &n);
  ANSWER (list, 1, 200);
  g_assert_cmpuint (n, ==, 0);
}

static guint
position_of (FyrAlertList *list, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++) {
    g_autoptr (FyrAlertEntry) entry = g_list_model_get_item (G_LIST_MODEL (list), i);

    if (g_str_equal (fyr_alert_entry_get_id (entry), id))
      return i;
  }
  return G_MAXUINT;
}

/* Whatever comes and goes: the alert that is read keeps its place, and nothing open is lost from the count. */
static void
test_the_alert_that_is_read_never_moves (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int round = 0; round < 300; round++) {
    g_autoptr (FyrAlertList) list = fyr_alert_list_new ();
    g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
    g_autofree char *id = NULL;
    guint place, reader;

    for (guint n = 1; n < 40; n++)
      if (g_rand_boolean (rand))
        g_array_append_val (numbers, n);
    if (numbers->len == 0)
      continue;
    answer (list, (const guint *)(gpointer)numbers->data, numbers->len);
    reader = g_array_index (numbers, guint, g_rand_int_range (rand, 0, (gint32)numbers->len));
    id = id_of (reader);
    fyr_alert_list_set_anchor (list, id);
    place = position_of (list, id);
    for (int step = 0; step < 10; step++) {
      guint n_open = 0, n_shown = 0;

      g_array_set_size (numbers, 0);
      for (guint n = 1; n < 60; n++)
        if (g_rand_int_range (rand, 0, 3) > 0)
          g_array_append_val (numbers, n);
      n_open = numbers->len;
      answer (list, (const guint *)(gpointer)numbers->data, numbers->len);
      g_assert_cmpuint (position_of (list, id), ==, place);
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
        g_autoptr (FyrAlertEntry) entry = g_list_model_get_item (G_LIST_MODEL (list), i);

        n_shown += !fyr_alert_entry_get_gone (entry);
      }
      g_assert_cmpuint (n_shown + fyr_alert_list_get_n_waiting (list), ==, n_open);
    }
  }
}

static const char *
object_name (gpointer object)
{
  return g_object_get_data (object, "name");
}

typedef struct {
  GPtrArray *mirror;
} Mirror;

static void
mirror_change (GListModel *model, guint position, guint removed, guint added, Mirror *mirror)
{
  for (guint i = 0; i < removed; i++)
    g_ptr_array_remove_index (mirror->mirror, position);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror->mirror, (gint)(position + i), g_list_model_get_item (model, position + i));
}

/* What items-changed tells is enough to follow the list exactly. */
static void
test_changes_told_are_the_changes_made (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (FyrKeyedList) list = fyr_keyed_list_new (G_TYPE_OBJECT, object_name, NULL);
  Mirror mirror = { g_ptr_array_new_with_free_func (g_object_unref) };

  g_test_message ("seed %u", seed);
  g_signal_connect (list, "items-changed", G_CALLBACK (mirror_change), &mirror);
  for (int round = 0; round < 500; round++) {
    g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint n = 0; n < 20; n++) {
      GObject *object;

      if (g_rand_boolean (rand))
        continue;
      object = g_object_new (G_TYPE_OBJECT, NULL);
      g_object_set_data_full (object, "name", g_strdup_printf ("%u", n), g_free);
      g_ptr_array_add (fresh, object);
    }
    fyr_keyed_list_update (list, fresh);
    g_assert_cmpuint (mirror.mirror->len, ==, fyr_keyed_list_get_size (list));
    for (guint i = 0; i < mirror.mirror->len; i++)
      g_assert_true (g_ptr_array_index (mirror.mirror, i) == fyr_keyed_list_peek (list, i));
  }
  g_assert_null (fyr_keyed_list_peek (list, G_MAXUINT));
  g_assert_null (fyr_keyed_list_lookup (list, "absent"));
  g_ptr_array_unref (mirror.mirror);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/alert-list/follows-when-nobody-reads", test_follows_when_nobody_reads);
  g_test_add_func ("/app/alert-list/new-above-the-reader-waits", test_new_above_the_reader_waits);
  g_test_add_func ("/app/alert-list/new-below-the-reader-is-shown-at-once",
                   test_new_below_the_reader_is_shown_at_once);
  g_test_add_func ("/app/alert-list/what-is-handled-elsewhere-stays-until-one-looks-up",
                   test_what_is_handled_elsewhere_stays_until_one_looks_up);
  g_test_add_func ("/app/alert-list/release-lets-in-what-waited", test_release_lets_in_what_waited);
  g_test_add_func ("/app/alert-list/reopened-is-not-gone-any-more", test_reopened_is_not_gone_any_more);
  g_test_add_func ("/app/alert-list/rows-live-on-through-an-answer", test_rows_live_on_through_an_answer);
  g_test_add_func ("/app/alert-list/an-equal-answer-tells-nobody", test_an_equal_answer_tells_nobody);
  g_test_add_func ("/app/alert-list/the-alert-that-is-read-never-moves",
                   test_the_alert_that_is_read_never_moves);
  g_test_add_func ("/app/keyed-list/changes-told-are-the-changes-made",
                   test_changes_told_are_the_changes_made);
  return g_test_run ();
}
