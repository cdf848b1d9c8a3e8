/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-place.h"

G_DEFINE_INTERFACE (FyrPlace, fyr_place, GTK_TYPE_WIDGET)

static guint back_changed;

static void
fyr_place_default_init (FyrPlaceInterface *iface)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  g_object_interface_install_property (iface,
                                       g_param_spec_uint ("attention", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_interface_install_property (iface, g_param_spec_boolean ("urgent", NULL, NULL, FALSE, flags));
  back_changed =
      g_signal_new ("back-changed", FYR_TYPE_PLACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

void
fyr_place_install_properties (GObjectClass *object_class, guint first_id)
{
  g_object_class_override_property (object_class, first_id, "attention");
  g_object_class_override_property (object_class, first_id + 1, "urgent");
}

gboolean
fyr_place_start_search (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->start_search && iface->start_search (self);
}

gboolean
fyr_place_go_back (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->go_back && iface->go_back (self);
}

gboolean
fyr_place_can_go_back (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->can_go_back && iface->can_go_back (self);
}

void
fyr_place_emit_back_changed (FyrPlace *self)
{
  g_signal_emit (self, back_changed, 0);
}

gboolean
fyr_place_show_record (FyrPlace *self, const char *id)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->show_record && iface->show_record (self, id);
}

gboolean
fyr_place_create_new (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->create_new && iface->create_new (self);
}

void
fyr_place_focus_default (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  if (!iface->focus_default || !iface->focus_default (self))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

const char *
fyr_place_get_help_page (FyrPlace *self)
{
  FyrPlaceInterface *iface = FYR_PLACE_GET_IFACE (self);

  return iface->get_help_page ? iface->get_help_page (self) : NULL;
}

guint
fyr_place_get_attention (FyrPlace *self)
{
  guint attention;

  g_object_get (self, "attention", &attention, NULL);
  return attention;
}

gboolean
fyr_place_get_urgent (FyrPlace *self)
{
  gboolean urgent;

  g_object_get (self, "urgent", &urgent, NULL);
  return urgent;
}

void
fyr_place_get_quiet_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "attention"))
    g_value_set_uint (value, 0);
  else if (g_str_equal (pspec->name, "urgent"))
    g_value_set_boolean (value, FALSE);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}
