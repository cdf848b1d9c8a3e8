/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-crowd.h"

typedef struct {
  FyrSimReport report;
  guint person;
  gboolean refills;
} Entry;

/* `heap` is a binary heap by the time of sending; each person has one entry that brings the next. */
struct _FyrSimCrowd {
  GPtrArray *persons;
  GArray *heap;
};

static gboolean
is_before (const Entry *a, const Entry *b)
{
  if (a->report.sent != b->report.sent)
    return a->report.sent < b->report.sent;
  return a->person < b->person;
}

static Entry *
at (FyrSimCrowd *self, guint index)
{
  return &g_array_index (self->heap, Entry, index);
}

static void
swap (FyrSimCrowd *self, guint a, guint b)
{
  Entry entry = *at (self, a);

  *at (self, a) = *at (self, b);
  *at (self, b) = entry;
}

static void
push (FyrSimCrowd *self, const Entry *entry)
{
  guint index = self->heap->len;

  g_array_append_vals (self->heap, entry, 1);
  while (index > 0 && is_before (at (self, index), at (self, (index - 1) / 2))) {
    swap (self, index, (index - 1) / 2);
    index = (index - 1) / 2;
  }
}

static void
pop (FyrSimCrowd *self, Entry *entry)
{
  guint index = 0;

  *entry = *at (self, 0);
  swap (self, 0, self->heap->len - 1);
  g_array_set_size (self->heap, self->heap->len - 1);
  for (;;) {
    guint least = index;

    for (guint child = 2 * index + 1; child <= 2 * index + 2; child++)
      if (child < self->heap->len && is_before (at (self, child), at (self, least)))
        least = child;
    if (least == index)
      return;
    swap (self, index, least);
    index = least;
  }
}

/* A late report waits while the person goes on. */
static void
refill (FyrSimCrowd *self, guint person)
{
  Entry entry = { .person = person };

  while (!entry.refills) {
    fyr_sim_person_next (self->persons->pdata[person], &entry.report);
    entry.refills = entry.report.fault != FYR_SIM_FAULT_LATE;
    push (self, &entry);
  }
}

void
fyr_sim_crowd_add (FyrSimCrowd *self, const FyrSimTarget *target, gint64 start, FyrSimFlags flags)
{
  g_ptr_array_add (self->persons, fyr_sim_person_new (target->profile, target->seed, start, flags));
  refill (self, self->persons->len - 1);
}

FyrSimCrowd *
fyr_sim_crowd_new (GPtrArray *targets, gint64 start, FyrSimFlags flags)
{
  FyrSimCrowd *self = g_new0 (FyrSimCrowd, 1);

  self->persons = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_sim_person_free);
  self->heap = g_array_new (FALSE, FALSE, sizeof (Entry));
  for (guint i = 0; i < targets->len; i++)
    fyr_sim_crowd_add (self, targets->pdata[i], start, flags);
  return self;
}

void
fyr_sim_crowd_free (FyrSimCrowd *self)
{
  g_ptr_array_unref (self->persons);
  g_array_unref (self->heap);
  g_free (self);
}

gint64
fyr_sim_crowd_peek (FyrSimCrowd *self)
{
  return at (self, 0)->report.sent;
}

guint
fyr_sim_crowd_next (FyrSimCrowd *self, FyrSimReport *report)
{
  Entry entry;

  pop (self, &entry);
  *report = entry.report;
  if (entry.refills)
    refill (self, entry.person);
  return entry.person;
}
