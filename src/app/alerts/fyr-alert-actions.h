/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"
#include "fyr-mutation.h"

G_BEGIN_DECLS

/**
 * FyrAlertActed:
 * @saved: whether it is saved here (and so will be delivered); otherwise the reason has been shown and the
 *   form with the person's words must stay
 */
typedef void (*FyrAlertActed) (gboolean saved, gpointer user_data);

/**
 * fyr_alert_act:
 * @inside: a widget of the window, for the toast
 * @alert: as it is seen
 * @outcome: with close
 * @text: (nullable): the person's words
 * @acted: (nullable): called once, later
 *
 * Saves what is done with an alert in the local database; nothing waits for the network. Closing what
 * nobody has
 * taken takes it first. Tells with a toast, which takes it back where that can be done.
 */
void
fyr_alert_act (GtkWidget *inside,
               FyrAppContext *context,
               FyrAlert *alert,
               FyrAlertAction command,
               FyrAlertOutcome outcome,
               const char *text,
               FyrAlertActed acted,
               gpointer user_data);

/** fyr_alert_may: whether the person signed in can do @command with @alert now. */
gboolean
fyr_alert_may (FyrAppContext *context, FyrAlert *alert, FyrAlertAction command);

G_END_DECLS
