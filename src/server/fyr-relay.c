/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-relay.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fyr-log.h"
#include "fyr-shared.h"
#include "fyr-wire-pull.h"

#define COALESCE_US (20 * 1000)
#define READ_US (2 * G_USEC_PER_SEC)
#define RETRY_MS 250
/* PostgreSQL carries less than 8000 bytes in a notice; what does not fit is read by those who are told. */
#define MAX_NOTICE 7800
#define EVERYTHING "*"

struct _FyrRelay {
  FyrServerDb *db;
  const FyrRelayFuncs *funcs;
  gpointer data;
  GMainContext *main_context;
  GThread *thread;
  int wake;
  gint connected;
  gint undelivered;
  GMutex mutex; /* guards the three below */
  GHashTable *to_tell;
  gboolean tell_all;
  gboolean stopping;
  /* The thread's own. */
  FyrConnection *connection;
  GHashTable *known;
  gint64 told;
  gint64 read;
  const char *epoch;
};

/* What the thread found, on its way to the main context. */
typedef struct {
  FyrRelay *relay;
  GHashTable *heads;
  gboolean recheck;
  gboolean new_life;
} News;

static gboolean
deliver (gpointer data)
{
  News *news = data;
  FyrRelay *self = news->relay;

  if (news->new_life) {
    self->funcs->new_life (self->data);
  }
  if (g_hash_table_size (news->heads) > 0) {
    self->funcs->heads (news->heads, self->data);
  }
  if (news->recheck) {
    self->funcs->recheck (self->data);
  }
  g_hash_table_unref (news->heads);
  g_free (news);
  g_atomic_int_add (&self->undelivered, -1);
  return G_SOURCE_REMOVE;
}

static News *
news_new (FyrRelay *self)
{
  News *news = g_new0 (News, 1);

  news->relay = self;
  news->heads = fyr_wire_heads_new ();
  return news;
}

static void
send_news (News *news)
{
  g_autoptr (GSource) source = NULL;

  if (!news->recheck && !news->new_life && g_hash_table_size (news->heads) == 0) {
    g_hash_table_unref (news->heads);
    g_free (news);
    return;
  }
  source = g_idle_source_new ();
  g_atomic_int_inc (&news->relay->undelivered);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, news, NULL);
  g_source_attach (source, news->relay->main_context);
}

/* Takes over a head when it is higher than what was known. */
static void
learn (FyrRelay *self, News *news, const char *scope, gint64 head)
{
  if (head > fyr_wire_heads_get (self->known, scope)) {
    fyr_wire_heads_set (self->known, scope, head);
    fyr_wire_heads_set (news->heads, scope, head);
  }
}

static gboolean
read_heads (FyrRelay *self, News *news, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (self->connection, "SELECT name, head FROM scope", error);
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    learn (self, news, fyr_statement_get_text (select, 0), fyr_statement_get_int (select, 1));
  }
  return step == FYR_STEP_DONE;
}

/* Looks at everything: whether it is the same life still, and where all feeds stand. */
static gboolean
read_all (FyrRelay *self, gboolean recheck, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin_read (self->connection, error);
  News *news;
  gboolean done;

  if (transaction == NULL || !fyr_server_db_check_life (self->db, self->connection, FALSE, error)) {
    return FALSE;
  }
  news = news_new (self);
  news->recheck = recheck;
  if (self->epoch != fyr_server_db_get_epoch (self->db)) {
    news->new_life = self->epoch != NULL;
    self->epoch = fyr_server_db_get_epoch (self->db);
    g_hash_table_remove_all (self->known);
  }
  done = read_heads (self, news, error);
  self->read = g_get_monotonic_time ();
  send_news (news);
  return done;
}

/* The first to reach a database that was restored or failed over gives it its new epoch, also when nobody writes. */
static gboolean
settle_life (FyrRelay *self, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (self->connection, error);

  return transaction != NULL && fyr_server_db_check_life (self->db, self->connection, TRUE, error) &&
         fyr_transaction_commit (transaction, error);
}

static gboolean
connect_relay (FyrRelay *self, GError **error)
{
  self->connection = fyr_server_db_open_another (self->db, error);
  return self->connection != NULL && settle_life (self, error) &&
         fyr_connection_listen (self->connection, fyr_server_db_get_channel (self->db), error) &&
         read_all (self, TRUE, error);
}

static gboolean
take_notices (FyrRelay *self, GError **error)
{
  News *news = news_new (self);
  gboolean everything = FALSE, there;
  char *text = NULL;

  while ((there = fyr_connection_take_notice (self->connection, &text, error)) && text != NULL) {
    g_autoptr (GHashTable) heads = fyr_wire_heads_parse (text, strlen (text), NULL);
    GHashTableIter iter;
    gpointer scope, head;

    everything = everything || heads == NULL;
    if (heads != NULL) {
      g_hash_table_iter_init (&iter, heads);
      while (g_hash_table_iter_next (&iter, &scope, &head)) {
        learn (self, news, scope, *(gint64 *)head);
      }
    }
    g_clear_pointer (&text, g_free);
  }
  send_news (news);
  return there && (!everything || read_all (self, TRUE, error));
}

/* (transfer full) (nullable): what is to be told now. */
static char *
take_message (FyrRelay *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean anything;

  g_mutex_lock (&self->mutex);
  anything = self->tell_all || g_hash_table_size (self->to_tell) > 0;
  if (anything) {
    fyr_wire_heads_write (self->to_tell, text);
  }
  if (self->tell_all || text->len > MAX_NOTICE) {
    g_string_assign (text, EVERYTHING);
  }
  g_hash_table_remove_all (self->to_tell);
  self->tell_all = FALSE;
  g_mutex_unlock (&self->mutex);
  return anything ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static gboolean
tell (FyrRelay *self, GError **error)
{
  g_autofree char *message = take_message (self);

  if (message == NULL) {
    return TRUE;
  }
  self->told = g_get_monotonic_time ();
  return fyr_connection_notify (self->connection, fyr_server_db_get_channel (self->db), message, error);
}

static gboolean
has_to_tell (FyrRelay *self, gboolean *stopping)
{
  gboolean result;

  g_mutex_lock (&self->mutex);
  result = self->tell_all || g_hash_table_size (self->to_tell) > 0;
  *stopping = self->stopping;
  g_mutex_unlock (&self->mutex);
  return result;
}

/* Until something comes, something is to be told, or it is time to read. */
static void
wait_for_something (FyrRelay *self, int timeout_ms)
{
  struct pollfd fds[] = { { self->wake, POLLIN, 0 },
                          { self->connection != NULL ? fyr_connection_get_socket (self->connection) : -1,
                            POLLIN, 0 } };
  guint64 count;

  poll (fds, G_N_ELEMENTS (fds), MAX (timeout_ms, 0));
  if ((fds[0].revents & POLLIN) != 0 && read (self->wake, &count, sizeof count) < 0) {
    g_debug ("relay: nothing to read");
  }
}

/* One round: FALSE when the connection is lost, or the database cannot be read, with @error. */
static gboolean
run_round (FyrRelay *self, gboolean stopping, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  gboolean ignored;

  if (!take_notices (self, error)) {
    return FALSE;
  }
  if ((stopping || now - self->told >= COALESCE_US) && !tell (self, error)) {
    return FALSE;
  }
  if (now - self->read >= READ_US && !read_all (self, FALSE, error)) {
    return FALSE;
  }
  if (!stopping) {
    gint64 until = has_to_tell (self, &ignored) ? self->told + COALESCE_US : self->read + READ_US;

    wait_for_something (self, (int)((until - g_get_monotonic_time () + 999) / 1000));
  }
  return TRUE;
}

static void
give_up_connection (FyrRelay *self, const GError *error)
{
  if (g_atomic_int_compare_and_exchange (&self->connected, TRUE, FALSE)) {
    fyr_log ("database-lost", NULL);
  }
  g_debug ("relay: %s", error->message);
  g_clear_pointer (&self->connection, fyr_connection_unref);
}

static gpointer
relay_thread (gpointer data)
{
  FyrRelay *self = data;
  gboolean stopping = FALSE;

  while (!stopping) {
    g_autoptr (GError) error = NULL;
    gboolean connected = self->connection != NULL;

    has_to_tell (self, &stopping);
    if (!connected && stopping) {
      break;
    }
    if (!connected && connect_relay (self, &error)) {
      g_atomic_int_set (&self->connected, TRUE);
      fyr_log ("database-reached", NULL);
    }
    if (error != NULL || !run_round (self, stopping, &error)) {
      give_up_connection (self, error);
      wait_for_something (self, RETRY_MS);
    }
  }
  g_clear_pointer (&self->connection, fyr_connection_unref);
  return NULL;
}

FyrRelay *
fyr_relay_new (FyrServerDb *db, const FyrRelayFuncs *funcs, gpointer data)
{
  FyrRelay *self = g_new0 (FyrRelay, 1);

  self->db = fyr_server_db_ref (db);
  self->funcs = funcs;
  self->data = data;
  self->main_context = g_main_context_ref_thread_default ();
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_mutex_init (&self->mutex);
  self->to_tell = fyr_wire_heads_new ();
  self->known = fyr_wire_heads_new ();
  self->connected = TRUE; /* the database was opened just now */
  self->thread = g_thread_new ("fyr-relay", relay_thread, self);
  return self;
}

static void
wake_up (FyrRelay *self)
{
  guint64 one = 1;

  if (write (self->wake, &one, sizeof one) < 0) {
    g_debug ("relay: awake already");
  }
}

void
fyr_relay_free (FyrRelay *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_mutex_unlock (&self->mutex);
  wake_up (self);
  g_thread_join (self->thread);
  while (g_atomic_int_get (&self->undelivered) > 0) {
    g_main_context_iteration (self->main_context, TRUE);
  }
  g_hash_table_unref (self->to_tell);
  g_hash_table_unref (self->known);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->main_context);
  fyr_server_db_unref (self->db);
  close (self->wake);
  g_free (self);
}

void
fyr_relay_tell (FyrRelay *self, GHashTable *heads)
{
  GHashTableIter iter;
  gpointer scope, head;

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &scope, &head)) {
    fyr_wire_heads_set (self->to_tell, scope, *(gint64 *)head);
  }
  g_mutex_unlock (&self->mutex);
  wake_up (self);
}

void
fyr_relay_tell_all (FyrRelay *self)
{
  g_mutex_lock (&self->mutex);
  self->tell_all = TRUE;
  g_mutex_unlock (&self->mutex);
  wake_up (self);
}

gboolean
fyr_relay_is_connected (FyrRelay *self)
{
  return g_atomic_int_get (&self->connected);
}
