/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the product asks of the machine it runs on, answered by the simulation. The linker's --wrap puts these in the
 * place of the calls named in meson.build, in every room, with no word about it in the product.
 */
#include "fyr-sim-link.h"

#include <sodium.h>
#include <sys/random.h>

/* A timer set with g_timeout_add(). */
typedef struct {
  guint id;
  guint interval;
  GSourceFunc func;
  gpointer data;
  FyrSimMachine *machine;
} Timer;

static GHashTable *timers; /* id → Timer */
static guint last_timer;

gint64
__wrap_g_get_real_time (void);
gint64
__real_g_get_real_time (void);
ssize_t
__wrap_getrandom (void *bytes, size_t size, unsigned int flags);
guint32
__wrap_g_random_int (void);
guint
__wrap_g_timeout_add (guint interval, GSourceFunc func, gpointer data);
gboolean
__wrap_g_source_remove (guint id);
void
__wrap_g_task_run_in_thread (GTask *task, GTaskThreadFunc func);

gint64
__wrap_g_get_real_time (void)
{
  FyrSimMachine *machine = fyr_sim_link_machine ();

  if (machine == NULL) {
    return __real_g_get_real_time ();
  }
  return (machine->frozen != 0 ? machine->frozen : fyr_sim_wall () + machine->skew) * 1000;
}

static void
fill (void *bytes, size_t size)
{
  FyrSimMachine *machine = fyr_sim_link_machine ();
  guint8 *to = bytes;

  for (size_t i = 0; i < size; i++) {
    to[i] = (guint8)(machine != NULL ? g_rand_int (machine->random) : 0);
  }
}

ssize_t
__wrap_getrandom (void *bytes, size_t size, unsigned int flags)
{
  fill (bytes, size);
  return (ssize_t)size;
}

guint32
__wrap_g_random_int (void)
{
  FyrSimMachine *machine = fyr_sim_link_machine ();

  return machine != NULL ? g_rand_int (machine->random) : 0;
}

static void
on_timer (gpointer data)
{
  guint id = GPOINTER_TO_UINT (data);
  Timer *timer = timers != NULL ? g_hash_table_lookup (timers, data) : NULL;
  gboolean again;

  if (timer == NULL) {
    return;
  }
  fyr_sim_enter (timer->machine);
  again = timer->func (timer->data);
  fyr_sim_leave ();
  if (g_hash_table_lookup (timers, GUINT_TO_POINTER (id)) == NULL) {
    return;
  }
  if (again) {
    fyr_sim_after (timer->interval, on_timer, data);
  } else {
    g_hash_table_remove (timers, data);
  }
}

guint
__wrap_g_timeout_add (guint interval, GSourceFunc func, gpointer data)
{
  Timer *timer = g_new0 (Timer, 1);

  if (timers == NULL) {
    timers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  }
  timer->id = ++last_timer;
  timer->interval = interval;
  timer->func = func;
  timer->data = data;
  timer->machine = fyr_sim_link_machine ();
  g_hash_table_insert (timers, GUINT_TO_POINTER (timer->id), timer);
  fyr_sim_after (interval, on_timer, GUINT_TO_POINTER (timer->id));
  return timer->id;
}

gboolean
__wrap_g_source_remove (guint id)
{
  return timers != NULL && g_hash_table_remove (timers, GUINT_TO_POINTER (id));
}

/* On this thread, at once: what takes long takes no time here. */
void
__wrap_g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  g_object_ref (task);
  func (task, g_task_get_source_object (task), g_task_get_task_data (task), g_task_get_cancellable (task));
  g_object_unref (task);
}

static const char *
name (void)
{
  return "simulation";
}

static uint32_t
draw (void)
{
  uint32_t value;

  fill (&value, sizeof value);
  return value;
}

void
fyr_sim_link_install (void)
{
  static randombytes_implementation implementation = { .implementation_name = name,
                                                       .random = draw,
                                                       .buf = fill };

  randombytes_set_implementation (&implementation);
  g_assert_cmpint (sodium_init (), >=, 0);
}

void
fyr_sim_link_forget (void)
{
  g_clear_pointer (&timers, g_hash_table_unref);
}
