/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** FyrCompatAnswered: @yes: whether the person chose the action, and not to leave it */
typedef void (*FyrCompatAnswered) (gboolean yes, gpointer user_data);

/**
 * fyr_compat_ask:
 * @parent: (nullable): the window it belongs to
 * @heading: translated question
 * @body: translated: what happens
 * @action: translated label of the button that does it, with a mnemonic
 * @answered: called once
 *
 * Asks before something that cannot be undone; for everything else undo is offered instead.
 */
void
fyr_compat_ask (GtkWindow *parent,
                const char *heading,
                const char *body,
                const char *action,
                FyrCompatAnswered answered,
                gpointer user_data);

G_END_DECLS
