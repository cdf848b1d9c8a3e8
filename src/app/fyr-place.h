/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrPlace:
 *
 * What the window asks of the page of a place; all functions may be left out.
 *
 * Properties every place has: `attention` (uint: number shown at its name in the navigation) and `urgent`
 * (bool: the number is of red alerts). They may be constant; then a place need not notify.
 */
#define FYR_TYPE_PLACE (fyr_place_get_type ())
G_DECLARE_INTERFACE (FyrPlace, fyr_place, FYR, PLACE, GtkWidget)

/**
 * FyrPlaceInterface:
 * @start_search: Ctrl+F: puts the keyboard in the search field; %FALSE when there is none
 * @go_back: Alt+Left: leaves a record for the list; %FALSE when there is nothing to leave
 * @can_go_back: whether @go_back would do something; after a change emit `back-changed`
 * @show_record: shows the record with this id (a patient, an alert); %FALSE when the place cannot
 * @create_new: Ctrl+N; %FALSE when nothing can be made here
 * @focus_default: puts the keyboard where work begins; %FALSE for the first control
 * @get_help_page: (transfer none): page of the help for what is shown now; without it the place's own
 */
struct _FyrPlaceInterface {
  GTypeInterface parent_interface;
  gboolean (*start_search) (FyrPlace *self);
  gboolean (*go_back) (FyrPlace *self);
  gboolean (*can_go_back) (FyrPlace *self);
  gboolean (*show_record) (FyrPlace *self, const char *id);
  gboolean (*create_new) (FyrPlace *self);
  gboolean (*focus_default) (FyrPlace *self);
  const char *(*get_help_page) (FyrPlace *self);
};

/** fyr_place_start_search: %FALSE when the place has no search. */
gboolean
fyr_place_start_search (FyrPlace *self);
/** fyr_place_go_back: %FALSE when there was nothing to leave. */
gboolean
fyr_place_go_back (FyrPlace *self);
/** fyr_place_can_go_back: whether fyr_place_go_back() would do something. */
gboolean
fyr_place_can_go_back (FyrPlace *self);
/** fyr_place_emit_back_changed: called by a place when fyr_place_can_go_back() gives another answer. */
void
fyr_place_emit_back_changed (FyrPlace *self);
/** fyr_place_show_record: %FALSE when the place cannot show @id. */
gboolean
fyr_place_show_record (FyrPlace *self, const char *id);
/** fyr_place_create_new: %FALSE when nothing can be made here. */
gboolean
fyr_place_create_new (FyrPlace *self);
/** fyr_place_focus_default: puts the keyboard where work begins. */
void
fyr_place_focus_default (FyrPlace *self);
/** fyr_place_get_help_page: (transfer none) (nullable): the help page of what is shown now. */
const char *
fyr_place_get_help_page (FyrPlace *self);
/** fyr_place_get_attention: see the property. */
guint
fyr_place_get_attention (FyrPlace *self);
/** fyr_place_get_urgent: see the property. */
gboolean
fyr_place_get_urgent (FyrPlace *self);

/**
 * fyr_place_install_properties:
 * @first_id: id of `attention`; `urgent` is the next
 *
 * For the class of a place: overrides the interface's properties.
 */
void
fyr_place_install_properties (GObjectClass *object_class, guint first_id);

/**
 * FyrPlaceInfo:
 * @id: name in actions and tests
 * @title: msgid
 * @icon_name: symbolic
 * @help_page: page of the help
 * @roles: mask of `1 << FYR_ROLE_…`
 * @create: makes the page when it is first shown; a #FyrPlace
 */
typedef struct {
  const char *id;
  const char *title;
  const char *icon_name;
  const char *help_page;
  guint roles;
  GtkWidget *(*create) (FyrAppContext *context);
} FyrPlaceInfo;

/** fyr_places_get: (transfer none): every place, in the order of the navigation; @n: (out) their number */
const FyrPlaceInfo *
fyr_places_get (guint *n);

/** fyr_places_lookup: (transfer none) (nullable): the place called @id (nullable) that @role has. */
const FyrPlaceInfo *
fyr_places_lookup (const char *id, FyrRole role);

/** fyr_place_get_quiet_property: a class's `get_property` for a place that never asks for attention. */
void
fyr_place_get_quiet_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec);

G_END_DECLS
