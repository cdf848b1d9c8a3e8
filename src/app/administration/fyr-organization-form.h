/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record-form.h"

G_BEGIN_DECLS

/**
 * fyr_organization_form_new:
 * @organization: (nullable): whom to edit; %NULL for a new one
 * @all: (element-type FyrOrganization): every organisation, sorted: those it can belong to
 *
 * Returns: (transfer none): a form over @parent, to be presented; it destroys itself when closed
 */
GtkWidget *
fyr_organization_form_new (GtkWindow *parent,
                           FyrAppContext *context,
                           FyrOrganization *organization,
                           GPtrArray *all);

/**
 * fyr_organization_form_parents:
 * @all: (element-type FyrOrganization)
 *
 * Returns: (transfer full) (element-type FyrOrganization): those of @all that the organisation @id can belong to:
 *   neither itself nor one below it
 */
GPtrArray *
fyr_organization_form_parents (const char *id, GPtrArray *all);

G_END_DECLS
