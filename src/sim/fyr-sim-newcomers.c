/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-newcomers.h"

typedef struct {
  FyrSimTarget *target;
  FyrSimPerson *person;
  guint rounds;
  gint64 due;
} Newcomer;

struct _FyrSimNewcomers {
  char *file;
  guint32 seed;
  GHashTable *known; /* "system|number" */
  GPtrArray *newcomers;
};

static void
newcomer_free (gpointer data)
{
  Newcomer *newcomer = data;

  g_clear_pointer (&newcomer->target, fyr_sim_target_free);
  fyr_sim_person_free (newcomer->person);
  g_free (newcomer);
}

/* Returns whether @target was not known before. */
static gboolean
make_known (FyrSimNewcomers *self, const FyrSimTarget *target)
{
  return g_hash_table_add (self->known, g_strdup_printf ("%s|%s", target->system, target->number));
}

FyrSimNewcomers *
fyr_sim_newcomers_new (const char *file, GPtrArray *known, guint32 seed)
{
  FyrSimNewcomers *self = g_new0 (FyrSimNewcomers, 1);

  self->file = g_strdup (file);
  self->seed = seed;
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->newcomers = g_ptr_array_new_with_free_func (newcomer_free);
  for (guint i = 0; i < known->len; i++) {
    make_known (self, known->pdata[i]);
  }
  return self;
}

void
fyr_sim_newcomers_free (FyrSimNewcomers *self)
{
  g_free (self->file);
  g_hash_table_unref (self->known);
  g_ptr_array_unref (self->newcomers);
  g_free (self);
}

/* Of all kinds, as nobody knows here for which of them there will be limits. */
static void
welcome (FyrSimNewcomers *self, FyrSimTarget *target, gint64 now)
{
  Newcomer *newcomer = g_new0 (Newcomer, 1);

  newcomer->target = target;
  newcomer->person = fyr_sim_person_new (FYR_SIM_PROFILE_MIXED, target->seed, now, FYR_SIM_THOROUGH);
  newcomer->due = now;
  g_ptr_array_add (self->newcomers, newcomer);
}

void
fyr_sim_newcomers_look (FyrSimNewcomers *self, gint64 now)
{
  g_autoptr (GPtrArray) listed = fyr_sim_targets_load (self->file, NULL, self->seed, NULL);

  while (listed != NULL && listed->len > 0) {
    FyrSimTarget *target = g_ptr_array_steal_index (listed, 0);

    if (make_known (self, target)) {
      welcome (self, target, now);
    } else {
      fyr_sim_target_free (target);
    }
  }
}

guint
fyr_sim_newcomers_next (FyrSimNewcomers *self, gint64 now, const FyrSimTarget **target, FyrSimReport *reports)
{
  for (guint i = 0; i < self->newcomers->len; i++) {
    Newcomer *newcomer = self->newcomers->pdata[i];

    if (newcomer->rounds < FYR_SIM_NEWCOMER_ROUNDS && newcomer->due <= now) {
      newcomer->due = now + FYR_SIM_NEWCOMER_WAIT;
      *target = newcomer->target;
      return fyr_sim_person_round (newcomer->person, newcomer->rounds++, now, reports);
    }
  }
  return 0;
}

FyrSimTarget *
fyr_sim_newcomers_settle (FyrSimNewcomers *self)
{
  for (guint i = 0; i < self->newcomers->len; i++) {
    Newcomer *newcomer = self->newcomers->pdata[i];

    if (newcomer->rounds == FYR_SIM_NEWCOMER_ROUNDS) {
      FyrSimTarget *target = g_steal_pointer (&newcomer->target);

      g_ptr_array_remove_index (self->newcomers, i);
      return target;
    }
  }
  return NULL;
}
