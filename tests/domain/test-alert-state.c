/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-state.h"

#include "fyr-alert-category.h"
#include "fyr-domain-test.h"

#define ANNE "01890000-0000-7000-8000-00000000000a"
#define BERIT "01890000-0000-7000-8000-00000000000b"

typedef struct {
  FyrAlertStatus status;
  char *assignee;
} Alert;

static void
alert_clear (Alert *alert)
{
  g_free (alert->assignee);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Alert, alert_clear)

static FyrAlertRefusal
apply (Alert *alert, FyrAlertRequest request)
{
  return fyr_alert_apply (&alert->status, &alert->assignee, &request);
}

#define DO(alert, who, what, ...)                                                                            \
  apply (&(alert), (FyrAlertRequest){ .actor = (who), .action = FYR_ALERT_ACTION_##what, __VA_ARGS__ })

static void
test_take_note_close (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_OPEN, NULL };

  g_assert_cmpint (DO (alert, ANNE, TAKE), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpstr (alert.assignee, ==, ANNE);
  g_assert_cmpint (DO (alert, ANNE, NOTE, .note = "Rang, feels well"), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_CONTACTED_PATIENT), ==,
                   FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_CLOSED);
  g_assert_cmpstr (alert.assignee, ==, ANNE);
}

static void
test_the_first_to_take_wins (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_OPEN, NULL };

  g_assert_cmpint (DO (alert, ANNE, TAKE, .based_on = FYR_ALERT_STATUS_OPEN), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (DO (alert, BERIT, TAKE, .based_on = FYR_ALERT_STATUS_OPEN), ==,
                   FYR_ALERT_REFUSAL_ALREADY_TAKEN);
  g_assert_cmpint (DO (alert, BERIT, TAKE), ==, FYR_ALERT_REFUSAL_ALREADY_TAKEN);
  g_assert_cmpstr (alert.assignee, ==, ANNE);
}

static void
test_who_saw_it_taken_takes_over (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_TAKEN, g_strdup (ANNE) };

  g_assert_cmpint (DO (alert, BERIT, TAKE, .based_on = FYR_ALERT_STATUS_TAKEN), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpstr (alert.assignee, ==, BERIT);
}

static void
test_taking_twice_changes_nothing (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_TAKEN, g_strdup (ANNE) };

  g_assert_cmpint (DO (alert, ANNE, TAKE), ==, FYR_ALERT_REFUSAL_UNCHANGED);
  g_assert_null (fyr_alert_refusal_get_message (FYR_ALERT_REFUSAL_UNCHANGED));
}

static void
test_only_the_one_who_has_it_releases_and_closes (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_TAKEN, g_strdup (ANNE) };

  g_assert_cmpint (DO (alert, BERIT, RELEASE), ==, FYR_ALERT_REFUSAL_ALREADY_TAKEN);
  g_assert_cmpint (DO (alert, BERIT, CLOSE, .outcome = FYR_ALERT_OUTCOME_NO_ACTION), ==,
                   FYR_ALERT_REFUSAL_ALREADY_TAKEN);
  g_assert_cmpint (DO (alert, ANNE, RELEASE), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_OPEN);
  g_assert_null (alert.assignee);
  g_assert_cmpint (DO (alert, ANNE, RELEASE), ==, FYR_ALERT_REFUSAL_NOT_TAKEN);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_NO_ACTION), ==,
                   FYR_ALERT_REFUSAL_NOT_TAKEN);
}

static void
test_closing_needs_a_measure (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_TAKEN, g_strdup (ANNE) };

  g_assert_cmpint (DO (alert, ANNE, CLOSE), ==, FYR_ALERT_REFUSAL_OUTCOME_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = (FyrAlertOutcome)99), ==,
                   FYR_ALERT_REFUSAL_OUTCOME_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = (FyrAlertOutcome)-1), ==,
                   FYR_ALERT_REFUSAL_OUTCOME_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_OTHER), ==,
                   FYR_ALERT_REFUSAL_NOTE_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_OTHER, .note = " \n\xc2\xa0"), ==,
                   FYR_ALERT_REFUSAL_NOTE_REQUIRED);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_TAKEN);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_OTHER, .note = "Å"), ==,
                   FYR_ALERT_REFUSAL_NONE);
}

static void
test_every_measure_but_other_closes_without_note (void)
{
  for (int i = FYR_ALERT_OUTCOME_CONTACTED_PATIENT; i < FYR_ALERT_OUTCOME_OTHER; i++) {
    g_auto (Alert) alert = { FYR_ALERT_STATUS_TAKEN, g_strdup (ANNE) };

    g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = (FyrAlertOutcome)i), ==, FYR_ALERT_REFUSAL_NONE);
    g_assert_nonnull (fyr_alert_outcome_get_name ((FyrAlertOutcome)i));
  }
}

static void
test_a_closed_alert_can_only_be_noted_and_reopened (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_CLOSED, g_strdup (ANNE) };

  g_assert_cmpint (DO (alert, BERIT, TAKE), ==, FYR_ALERT_REFUSAL_ALREADY_CLOSED);
  g_assert_cmpint (DO (alert, ANNE, RELEASE), ==, FYR_ALERT_REFUSAL_ALREADY_CLOSED);
  g_assert_cmpint (DO (alert, ANNE, CLOSE, .outcome = FYR_ALERT_OUTCOME_NO_ACTION), ==,
                   FYR_ALERT_REFUSAL_ALREADY_CLOSED);
  g_assert_cmpint (DO (alert, BERIT, NOTE, .note = "The GP rang back"), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (DO (alert, BERIT, REOPEN), ==, FYR_ALERT_REFUSAL_NONE);
  g_assert_cmpint (alert.status, ==, FYR_ALERT_STATUS_OPEN);
  g_assert_null (alert.assignee);
  g_assert_cmpint (DO (alert, BERIT, REOPEN), ==, FYR_ALERT_REFUSAL_NOT_CLOSED);
}

static void
test_a_note_needs_words (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_OPEN, NULL };

  g_assert_cmpint (DO (alert, ANNE, NOTE), ==, FYR_ALERT_REFUSAL_NOTE_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, NOTE, .note = ""), ==, FYR_ALERT_REFUSAL_NOTE_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, NOTE, .note = "\t "), ==, FYR_ALERT_REFUSAL_NOTE_REQUIRED);
}

static void
test_nobody_and_nonsense_are_refused (void)
{
  g_auto (Alert) alert = { FYR_ALERT_STATUS_OPEN, NULL };

  g_assert_cmpint (DO (alert, NULL, TAKE), ==, FYR_ALERT_REFUSAL_ACTOR_REQUIRED);
  g_assert_cmpint (DO (alert, "", TAKE), ==, FYR_ALERT_REFUSAL_ACTOR_REQUIRED);
  g_assert_cmpint (DO (alert, ANNE, RAISED), ==, FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
  g_assert_cmpint (DO (alert, ANNE, TRIED), ==, FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
  g_assert_cmpint (DO (alert, ANNE, UNSET), ==, FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
  g_assert_cmpint (apply (&alert, (FyrAlertRequest){ .actor = ANNE, .action = (FyrAlertAction)99 }), ==,
                   FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
  alert.status = FYR_ALERT_STATUS_UNSET;
  g_assert_cmpint (DO (alert, ANNE, TAKE), ==, FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
  g_assert_cmpint (DO (alert, ANNE, CLOSE), ==, FYR_ALERT_REFUSAL_UNKNOWN_COMMAND);
}

static void
test_refusals_have_words_and_the_protocols_codes (void)
{
  static const char *const codes[] = { "already-taken", "already-closed", "not-taken", "stale", "invalid" };

  for (int i = FYR_ALERT_REFUSAL_ALREADY_TAKEN; i < FYR_N_ALERT_REFUSALS; i++) {
    const char *code = fyr_alert_refusal_to_code ((FyrAlertRefusal)i);
    gboolean known = FALSE;

    for (guint j = 0; j < G_N_ELEMENTS (codes); j++) {
      known = known || g_str_equal (code, codes[j]);
    }
    g_assert_true (known);
    g_assert_nonnull (fyr_alert_refusal_get_message ((FyrAlertRefusal)i));
  }
  g_assert_cmpstr (fyr_alert_refusal_to_code (FYR_ALERT_REFUSAL_NONE), ==, "");
  g_assert_cmpstr (fyr_alert_refusal_to_code ((FyrAlertRefusal)99), ==, "invalid");
  g_assert_null (fyr_alert_refusal_get_message ((FyrAlertRefusal)99));
}

static void
test_buttons_say_what_will_happen (void)
{
  static const struct {
    FyrAlertStatus status;
    const char *assignee;
    gboolean take;
    gboolean release;
    gboolean close;
    gboolean reopen;
  } cases[] = {
    { FYR_ALERT_STATUS_OPEN, NULL, TRUE, FALSE, FALSE, FALSE },
    { FYR_ALERT_STATUS_TAKEN, ANNE, FALSE, TRUE, TRUE, FALSE },
    { FYR_ALERT_STATUS_TAKEN, BERIT, FALSE, FALSE, FALSE, FALSE },
    { FYR_ALERT_STATUS_CLOSED, ANNE, FALSE, FALSE, FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrAlertStatus status = cases[i].status;
    const char *who = cases[i].assignee;

    g_assert_cmpint (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_TAKE, ANNE), ==,
                     cases[i].take);
    g_assert_cmpint (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_RELEASE, ANNE), ==,
                     cases[i].release);
    g_assert_cmpint (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_CLOSE, ANNE), ==,
                     cases[i].close);
    g_assert_cmpint (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_REOPEN, ANNE), ==,
                     cases[i].reopen);
    g_assert_true (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_NOTE, ANNE));
    g_assert_false (fyr_alert_command_is_possible (status, who, FYR_ALERT_ACTION_NOTE, NULL));
  }
}

static void
test_names (void)
{
  for (int i = 1; i <= FYR_ALERT_STATUS_LAST; i++) {
    g_assert_cmpstr (fyr_alert_status_get_name ((FyrAlertStatus)i), !=, "");
  }
  for (int i = 1; i <= FYR_ALERT_ACTION_LAST; i++) {
    g_assert_cmpstr (fyr_alert_action_get_name ((FyrAlertAction)i), !=, "");
  }
  g_assert_cmpstr (fyr_alert_status_get_name ((FyrAlertStatus)99), ==, "");
  g_assert_cmpstr (fyr_alert_action_get_name ((FyrAlertAction)99), ==, "");
  g_assert_null (fyr_alert_outcome_get_name (FYR_ALERT_OUTCOME_UNSET));
  g_assert_null (fyr_alert_outcome_get_name ((FyrAlertOutcome)99));
}

static void
test_categories_are_ranked (void)
{
  static const FyrAlertCategory order[] = {
    FYR_ALERT_CATEGORY_RED,   FYR_ALERT_CATEGORY_YELLOW, FYR_ALERT_CATEGORY_TECHNICAL,
    FYR_ALERT_CATEGORY_BLUE,  FYR_ALERT_CATEGORY_GREEN,  FYR_ALERT_CATEGORY_GREY,
    FYR_ALERT_CATEGORY_UNSET,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    g_assert_cmpint (fyr_alert_category_get_rank (order[i]), ==, i);
    g_assert_nonnull (fyr_alert_category_get_name (order[i]));
  }
  g_assert_cmpint (fyr_alert_category_get_rank ((FyrAlertCategory)99), ==, 6);
  g_assert_nonnull (fyr_alert_category_get_name ((FyrAlertCategory)-1));
}

/* Whatever is tried in whatever order: taken means somebody has it, open means nobody, and a refusal
 * leaves all as it was. */
static void
test_invariants_hold_in_any_order (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  const char *const actors[] = { ANNE, BERIT, NULL, "" };
  const char *const notes[] = { NULL, "", "seen" };

  for (int round = 0; round < 200; round++) {
    g_auto (Alert) alert = { FYR_ALERT_STATUS_OPEN, NULL };

    for (int i = 0; i < 100; i++) {
      FyrAlertStatus before = alert.status;
      g_autofree char *assignee = g_strdup (alert.assignee);
      FyrAlertRequest request = {
        .action = (FyrAlertAction)g_rand_int_range (random, 0, FYR_ALERT_ACTION_LAST + 2),
        .actor = actors[g_rand_int_range (random, 0, 4)],
        .based_on = (FyrAlertStatus)g_rand_int_range (random, 0, 4),
        .outcome = (FyrAlertOutcome)g_rand_int_range (random, 0, FYR_ALERT_OUTCOME_LAST + 2),
        .note = notes[g_rand_int_range (random, 0, 3)],
      };
      FyrAlertRefusal refusal = apply (&alert, request);

      if (refusal != FYR_ALERT_REFUSAL_NONE) {
        g_assert_cmpint (alert.status, ==, before);
        g_assert_cmpstr (alert.assignee, ==, assignee);
      }
      g_assert_cmpint (alert.assignee == NULL, ==, alert.status == FYR_ALERT_STATUS_OPEN);
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert/take-note-close", test_take_note_close);
  g_test_add_func ("/alert/first-to-take-wins", test_the_first_to_take_wins);
  g_test_add_func ("/alert/take-over", test_who_saw_it_taken_takes_over);
  g_test_add_func ("/alert/taking-twice", test_taking_twice_changes_nothing);
  g_test_add_func ("/alert/only-owner-releases-and-closes", test_only_the_one_who_has_it_releases_and_closes);
  g_test_add_func ("/alert/closing-needs-a-measure", test_closing_needs_a_measure);
  g_test_add_func ("/alert/every-measure-closes", test_every_measure_but_other_closes_without_note);
  g_test_add_func ("/alert/closed", test_a_closed_alert_can_only_be_noted_and_reopened);
  g_test_add_func ("/alert/note-needs-words", test_a_note_needs_words);
  g_test_add_func ("/alert/nobody-and-nonsense", test_nobody_and_nonsense_are_refused);
  g_test_add_func ("/alert/refusals", test_refusals_have_words_and_the_protocols_codes);
  g_test_add_func ("/alert/buttons", test_buttons_say_what_will_happen);
  g_test_add_func ("/alert/names", test_names);
  g_test_add_func ("/alert/categories-are-ranked", test_categories_are_ranked);
  g_test_add_func ("/alert/property/invariants", test_invariants_hold_in_any_order);
  return g_test_run ();
}
