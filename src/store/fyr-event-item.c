/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-items-private.h"

struct _FyrEventItem {
  GObject parent_instance;

  FyrAlertEvent *event;
  char *actor_name;
  FyrOutboxState state;
};

G_DEFINE_FINAL_TYPE (FyrEventItem, fyr_event_item, G_TYPE_OBJECT)

static void
fyr_event_item_finalize (GObject *object)
{
  FyrEventItem *self = FYR_EVENT_ITEM (object);

  g_clear_object (&self->event);
  g_free (self->actor_name);
  G_OBJECT_CLASS (fyr_event_item_parent_class)->finalize (object);
}

static void
fyr_event_item_class_init (FyrEventItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_event_item_finalize;
}

static void
fyr_event_item_init (FyrEventItem *self)
{
}

FyrEventItem *
fyr_event_item_new (FyrAlertEvent *event, char *actor_name, FyrOutboxState state)
{
  FyrEventItem *self = g_object_new (FYR_TYPE_EVENT_ITEM, NULL);

  self->event = event;
  self->actor_name = actor_name;
  self->state = state;
  return self;
}

FyrAlertEvent *
fyr_event_item_get_event (FyrEventItem *self)
{
  return self->event;
}

const char *
fyr_event_item_get_actor_name (FyrEventItem *self)
{
  return self->actor_name;
}

FyrOutboxState
fyr_event_item_get_state (FyrEventItem *self)
{
  return self->state;
}
