/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-actions.h"

#include <glib/gi18n.h>

#include "fyr-alert-words.h"
#include "fyr-store.h"
#include "fyr-save.h"
#include "fyr-toast.h"

typedef struct {
  GtkWidget *inside;
  FyrAppContext *context;
  FyrAlertAction command;
  FyrAlertActed acted;
  gpointer user_data;
} Act;

typedef struct {
  GtkWidget *inside;
  FyrStore *store;
  GPtrArray *mutations;
} TakeBack;

static void
act_free (Act *act)
{
  g_object_unref (act->inside);
  g_object_unref (act->context);
  g_free (act);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static void
take_back_free (gpointer data)
{
  TakeBack *back = data;

  g_object_unref (back->inside);
  g_object_unref (back->store);
  g_ptr_array_unref (back->mutations);
  g_free (back);
}

static const char *
words_of_success (FyrAlertAction command)
{
  switch (command) {
  case FYR_ALERT_ACTION_TAKE:
    return _ ("You have the alert");
  case FYR_ALERT_ACTION_RELEASE:
    return _ ("The alert is free for others");
  case FYR_ALERT_ACTION_NOTE:
    return _ ("Note saved");
  case FYR_ALERT_ACTION_CLOSE:
    return _ ("Alert closed");
  default:
    return _ ("Alert opened again");
  }
}

static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) inside = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (source), result, &error);

  if (!receipt)
    fyr_toast_show (inside, fyr_save_error_get_words (error));
}

static void
take_back (gpointer data, gpointer unused)
{
  TakeBack *back = data;

  fyr_store_save_async (back->store, back->mutations, NULL, on_taken_back, g_object_ref (back->inside));
}

static void
tell_success (Act *act, FyrStore *store, FyrSaveReceipt *receipt)
{
  GPtrArray *undo = fyr_save_receipt_get_undo (receipt);
  TakeBack *back;

  if (undo->len == 0) {
    fyr_toast_show (act->inside, words_of_success (act->command));
    return;
  }
  back = g_new0 (TakeBack, 1);
  back->inside = g_object_ref (act->inside);
  back->store = g_object_ref (store);
  back->mutations = g_ptr_array_ref (undo);
  fyr_toast_show_undo (act->inside, words_of_success (act->command), take_back, back, take_back_free);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (source), result, &error);

  if (receipt)
    tell_success (act, FYR_STORE (source), receipt);
  else
    fyr_toast_show (act->inside, fyr_save_error_get_words (error));
  if (act->acted)
    act->acted (receipt != NULL, act->user_data);
}

/* What the alert will be once it is taken: closing follows in the same save. */
static FyrAlert *
as_taken_by (FyrAlert *alert, const char *user_id)
{
  FyrAlert *taken = (FyrAlert *)fyr_record_copy (FYR_RECORD (alert));

  fyr_alert_set_status (taken, FYR_ALERT_STATUS_TAKEN);
  fyr_alert_set_assignee_id (taken, user_id);
  return taken;
}

void
fyr_alert_act (GtkWidget *inside,
               FyrAppContext *context,
               FyrAlert *alert,
               FyrAlertAction command,
               FyrAlertOutcome outcome,
               const char *text,
               FyrAlertActed acted,
               gpointer user_data)
{
  FyrStore *store = fyr_app_context_get_store (context);
  const char *user_id = fyr_app_context_get_user_id (context);
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrAlert) seen = g_object_ref (alert);
  Act *act;

  g_return_if_fail (store && *user_id);
  if (command == FYR_ALERT_ACTION_CLOSE && fyr_alert_get_status (alert) == FYR_ALERT_STATUS_OPEN) {
    g_ptr_array_add (mutations, fyr_mutation_new_alert_command (alert, FYR_ALERT_ACTION_TAKE,
                                                                FYR_ALERT_OUTCOME_UNSET, NULL, user_id));
    g_object_unref (seen);
    seen = as_taken_by (alert, user_id);
  }
  g_ptr_array_add (mutations, fyr_mutation_new_alert_command (seen, command, outcome, text, user_id));
  act = g_new0 (Act, 1);
  act->inside = g_object_ref (inside);
  act->context = g_object_ref (context);
  act->command = command;
  act->acted = acted;
  act->user_data = user_data;
  fyr_store_save_async (store, mutations, NULL, on_saved, act);
}

gboolean
fyr_alert_may (FyrAppContext *context, FyrAlert *alert, FyrAlertAction command)
{
  const char *user_id = fyr_app_context_get_user_id (context);
  const char *assignee = fyr_alert_get_assignee_id (alert);
  FyrAlertStatus status = fyr_alert_get_status (alert);

  if (!*user_id)
    return FALSE;
  if (command == FYR_ALERT_ACTION_CLOSE && status == FYR_ALERT_STATUS_OPEN)
    return TRUE;
  return fyr_alert_command_is_possible (status, assignee, command, user_id);
}
