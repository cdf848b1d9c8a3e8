/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  FyrCompatAnswered answered;
  gpointer user_data;
} Question;

static void
on_response (AdwMessageDialog *dialog, const char *response, Question *question)
{
  question->answered (g_str_equal (response, "yes"), question->user_data);
}

static void
question_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

void
fyr_compat_ask (GtkWindow *parent,
                const char *heading,
                const char *body,
                const char *action,
                FyrCompatAnswered answered,
                gpointer user_data)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  Question *question = g_new0 (Question, 1);

  question->answered = answered;
  question->user_data = user_data;
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "no", _ ("_Leave it"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "yes", action);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "no");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
