/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-save.h"

#include <glib/gi18n-lib.h>

#include "fyr-toast.h"

typedef struct {
  GtkWidget *inside;
  FyrAppContext *context;
  GPtrArray *undo;
  char *done;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;
  g_clear_object (&saving->inside);
  g_clear_object (&saving->context);
  g_clear_pointer (&saving->undo, g_ptr_array_unref);
  g_free (saving->done);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (GtkWidget *inside, FyrAppContext *context)
{
  Saving *saving = g_new0 (Saving, 1);
  saving->inside = g_object_ref (inside);
  saving->context = g_object_ref (context);
  return saving;
}

const char *
fyr_save_error_get_words (const GError *error)
{
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FULL))
    return _ ("Not saved: the disk is full. Free some space and try again.");
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_REFUSED))
    return _ (error->message);
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_UNKNOWN_RECORD))
    return _ ("Not saved: it is not there any more.");
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_INVALID))
    return _ ("Not saved: something in it is not allowed.");
  return _ ("Not saved: this machine's database gives no answer. Keep your text and try again.");
}

static void
tell_failure (GtkWidget *inside, const GError *error)
{
  fyr_toast_show (inside, fyr_save_error_get_words (error));
}

static void
on_undone (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (store), result, &error);
  if (receipt == NULL)
    tell_failure (saving->inside, error);
}

static void
undo (gpointer data, gpointer unused)
{
  Saving *saving = data;
  FyrStore *store = fyr_app_context_get_store (saving->context);
  if (store != NULL)
    fyr_store_save_async (store, saving->undo, NULL, on_undone, saving_new (saving->inside, saving->context));
}

void
fyr_save_offer_undo (GtkWidget *inside, FyrAppContext *context, FyrSaveReceipt *receipt, const char *done)
{
  GPtrArray *mutations = fyr_save_receipt_get_undo (receipt);
  if (mutations->len == 0) {
    fyr_toast_show (inside, done);
    return;
  }
  Saving *saving = saving_new (inside, context);
  saving->undo = g_ptr_array_ref (mutations);
  fyr_toast_show_undo (inside, done, (GFunc)undo, saving, saving_free);
}

static void
on_saved (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSaveReceipt) receipt = fyr_store_save_finish (FYR_STORE (store), result, &error);
  if (receipt == NULL)
    tell_failure (saving->inside, error);
  else
    fyr_save_offer_undo (saving->inside, saving->context, receipt, saving->done);
}

void
fyr_save_all_with_undo (GtkWidget *inside, FyrAppContext *context, GPtrArray *mutations, const char *done)
{
  FyrStore *store = fyr_app_context_get_store (context);
  g_return_if_fail (store != NULL);
  Saving *saving = saving_new (inside, context);
  saving->done = g_strdup (done);
  fyr_store_save_async (store, mutations, NULL, on_saved, saving);
}

void
fyr_save_with_undo (GtkWidget *inside, FyrAppContext *context, FyrMutation *mutation, const char *done)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_ptr_array_add (mutations, mutation);
  fyr_save_all_with_undo (inside, context, mutations, done);
}
