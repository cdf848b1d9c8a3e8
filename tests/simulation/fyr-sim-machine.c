/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-machine.h"

#include <string.h>

#include "fyr-sim-link.h"

typedef struct {
  gint64 due;
  guint64 order;
  FyrSimFunc func;
  gpointer data;
} Event;

typedef struct {
  FyrSimReady ready;
  FyrSimFunc run;
  gpointer data;
} Worker;

static struct {
  GRand *random;
  gint64 now;
  gint64 wall;
  GPtrArray *events; /* Event, a heap by due and order */
  GPtrArray *due;    /* Event whose time has come, in any order */
  GArray *workers;
  GPtrArray *machines; /* entered, the innermost last */
  guint64 order;
  guint64 steps;
  guint64 trace;
  gboolean verbose;
} sim;

void
fyr_sim_begin (guint32 seed, gint64 wall)
{
  sim.random = g_rand_new_with_seed (seed);
  sim.now = 1;
  sim.wall = wall;
  sim.events = g_ptr_array_new ();
  sim.due = g_ptr_array_new ();
  sim.workers = g_array_new (FALSE, FALSE, sizeof (Worker));
  sim.machines = g_ptr_array_new ();
  sim.order = sim.steps = 0;
  sim.trace = 14695981039346656037u;
  sim.verbose = g_getenv ("FYR_SIM_VERBOSE") != NULL;
}

guint64
fyr_sim_end (void)
{
  g_assert_cmpuint (sim.events->len + sim.due->len, ==, 0);
  g_rand_free (sim.random);
  g_ptr_array_unref (sim.events);
  g_ptr_array_unref (sim.due);
  g_array_unref (sim.workers);
  g_ptr_array_unref (sim.machines);
  fyr_sim_link_forget ();
  return sim.trace;
}

/* No file descriptor belongs to a simulated machine: there is nothing to ask the kernel. */
static gint
poll_nothing (GPollFD *fds, guint n_fds, gint timeout)
{
  for (guint i = 0; i < n_fds; i++) {
    fds[i].revents = 0;
  }
  return 0;
}

void
fyr_sim_machine_init (FyrSimMachine *self, const char *name, guint32 seed, const char *folder)
{
  memset (self, 0, sizeof *self);
  g_strlcpy (self->name, name, sizeof self->name);
  self->random = g_rand_new_with_seed (seed);
  self->context = g_main_context_new ();
  g_main_context_set_poll_func (self->context, poll_nothing);
  self->disk = fyr_sim_disk_new (folder);
}

void
fyr_sim_machine_clear (FyrSimMachine *self)
{
  g_clear_pointer (&self->random, g_rand_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->disk, fyr_sim_disk_free);
}

void
fyr_sim_enter (FyrSimMachine *machine)
{
  g_ptr_array_add (sim.machines, machine);
  g_main_context_push_thread_default (machine->context);
}

void
fyr_sim_leave (void)
{
  FyrSimMachine *machine = fyr_sim_link_machine ();

  g_main_context_pop_thread_default (machine->context);
  g_ptr_array_set_size (sim.machines, (gint)sim.machines->len - 1);
}

FyrSimMachine *
fyr_sim_link_machine (void)
{
  return sim.machines != NULL && sim.machines->len > 0 ? sim.machines->pdata[sim.machines->len - 1] : NULL;
}

gint64
fyr_sim_now (void)
{
  return sim.now;
}

gint64
fyr_sim_wall (void)
{
  return sim.wall + sim.now;
}

static gboolean
is_before (const Event *a, const Event *b)
{
  return a->due < b->due || (a->due == b->due && a->order < b->order);
}

static void
swap (GPtrArray *heap, guint a, guint b)
{
  gpointer kept = heap->pdata[a];

  heap->pdata[a] = heap->pdata[b];
  heap->pdata[b] = kept;
}

void
fyr_sim_after (gint64 delay, FyrSimFunc func, gpointer data)
{
  Event *event = g_new0 (Event, 1);
  guint at = sim.events->len;

  event->due = sim.now + MAX (delay, 0);
  event->order = sim.order++;
  event->func = func;
  event->data = data;
  g_ptr_array_add (sim.events, event);
  while (at > 0 && is_before (sim.events->pdata[at], sim.events->pdata[(at - 1) / 2])) {
    swap (sim.events, at, (at - 1) / 2);
    at = (at - 1) / 2;
  }
}

static Event *
pop_event (void)
{
  Event *first = sim.events->pdata[0];
  guint at = 0, n = sim.events->len - 1;

  swap (sim.events, 0, n);
  g_ptr_array_set_size (sim.events, (gint)n);
  while (2 * at + 1 < n) {
    guint child = 2 * at + 1;

    if (child + 1 < n && is_before (sim.events->pdata[child + 1], sim.events->pdata[child])) {
      child++;
    }
    if (is_before (sim.events->pdata[at], sim.events->pdata[child])) {
      break;
    }
    swap (sim.events, at, child);
    at = child;
  }
  return first;
}

void
fyr_sim_add_worker (FyrSimReady ready, FyrSimFunc run, gpointer data)
{
  const Worker worker = { ready, run, data };

  g_array_append_val (sim.workers, worker);
}

static void
run_event (guint index)
{
  g_autofree Event *event = g_ptr_array_remove_index (sim.due, index);

  event->func (event->data);
}

gboolean
fyr_sim_step (gint64 end)
{
  gint64 next = G_MAXINT64;
  g_autofree guint *ready = g_new (guint, sim.workers->len + 1);
  guint n_ready = 0, choice;

  while (sim.events->len > 0 && ((Event *)sim.events->pdata[0])->due <= sim.now) {
    g_ptr_array_add (sim.due, pop_event ());
  }
  for (guint i = 0; i < sim.workers->len; i++) {
    Worker *worker = &g_array_index (sim.workers, Worker, i);
    gint64 when = worker->ready (worker->data);

    if (when <= sim.now) {
      ready[n_ready++] = i;
    }
    next = MIN (next, when);
  }
  if (n_ready + sim.due->len == 0) {
    next = MIN (next, sim.events->len > 0 ? ((Event *)sim.events->pdata[0])->due : G_MAXINT64);
    if (next > end) {
      sim.now = MAX (sim.now, end);
      return FALSE;
    }
    sim.now = next;
    return TRUE;
  }
  sim.steps++;
  choice = fyr_sim_draw (n_ready + sim.due->len);
  fyr_sim_trace ("%" G_GINT64_FORMAT " %u/%u", sim.now, choice, n_ready + sim.due->len);
  if (choice < n_ready) {
    Worker *worker = &g_array_index (sim.workers, Worker, ready[choice]);

    worker->run (worker->data);
  } else {
    run_event (choice - n_ready);
  }
  return TRUE;
}

void
fyr_sim_run (gint64 milliseconds)
{
  gint64 end = sim.now + milliseconds;

  while (sim.now < end && fyr_sim_step (end)) {
  }
}

guint64
fyr_sim_get_steps (void)
{
  return sim.steps;
}

guint
fyr_sim_draw (guint n)
{
  return n <= 1 ? 0 : (guint)g_rand_int_range (sim.random, 0, (gint32)n);
}

gboolean
fyr_sim_chance (guint percent)
{
  return percent > 0 && fyr_sim_draw (100) < percent;
}

GRand *
fyr_sim_random (void)
{
  return sim.random;
}

void
fyr_sim_trace (const char *format, ...)
{
  char text[512];
  va_list list;

  va_start (list, format);
  g_vsnprintf (text, sizeof text, format, list);
  va_end (list);
  for (const char *c = text; *c != '\0'; c++) {
    sim.trace = (sim.trace ^ (guint8)*c) * 1099511628211u;
  }
  if (sim.verbose) {
    g_printerr ("%9" G_GINT64_FORMAT " %s\n", sim.now, text);
  }
}
