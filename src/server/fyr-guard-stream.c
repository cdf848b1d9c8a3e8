/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-guard-stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "fyr-guard-answer.h"
#include "fyr-guard-chunks.h"
#include "fyr-guard-taking.h"

#define SECOND G_USEC_PER_SEC
#define FIRST_HEAD_SECONDS 5
#define IDLE_SECONDS 90
#define BODY_SECONDS 8
#define BODY_BYTES_A_SECOND (128 * 1024)
#define HANDLING_SECONDS 60
#define REJECTED_SECONDS 2
#define UNACKNOWLEDGED_MS 6000
/* A workstation sends nothing but pongs over its WebSocket. */
#define UPGRADED_BYTES_A_MINUTE (64 * 1024)
#define READ_SIZE 16384
/* What one connection gets in one turn of the main loop: others are waiting. */
#define READS_AT_ONCE 16

#define FYR_TYPE_GUARD_INPUT (fyr_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (FyrGuardInput, fyr_guard_input, FYR, GUARD_INPUT, GInputStream)

struct _FyrGuardInput {
  GInputStream parent_instance;
  GSocket *socket;
  GInputStream *base;
  FyrGuardBudget *budget;
  FyrGuardPhase phase;
  GByteArray *raw;
  GByteArray *ready;
  gsize ready_offset;
  gint64 body_left;
  gboolean is_fhir;
  gboolean is_upgrade;
  gboolean is_chunked;
  /* The library has seen nothing of the next request, or has been told that none comes. */
  gboolean between;
  gboolean said_farewell;
  FyrGuardChunks chunks;
  FyrGuardTaking taking;
  gsize held;
  gsize answer_held;
  gsize window_bytes;
  gint64 window_end;
  gint64 deadline;
  const char *reason;
  GSource *sleeping;
};

struct _FyrGuardStream {
  GIOStream parent_instance;
  GSocketConnection *connection;
  FyrGuardInput *input;
};

static void
fyr_guard_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrGuardInput,
                               fyr_guard_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      fyr_guard_input_pollable_init))
G_DEFINE_FINAL_TYPE (FyrGuardStream, fyr_guard_stream, G_TYPE_IO_STREAM)

static void
set_deadline (FyrGuardInput *self, gint64 seconds)
{
  self->deadline = g_get_monotonic_time () + seconds * SECOND;
}

static void
release_held (FyrGuardInput *self)
{
  self->budget->held -= self->held;
  self->held = 0;
  self->budget->answers -= self->answer_held;
  self->answer_held = 0;
}

static void
wake (FyrGuardInput *self)
{
  if (self->sleeping != NULL) {
    g_source_set_ready_time (self->sleeping, 0);
    g_clear_pointer (&self->sleeping, g_source_unref);
  }
}

static void
clear_ready (FyrGuardInput *self)
{
  g_byte_array_set_size (self->ready, 0);
  self->ready_offset = 0;
}

/* Bytes for the library: none before the request is whole. A connection that it reads from costs twenty times one that
 * waits here, and whoever sends slowly should not. */
static gsize
ready_length (FyrGuardInput *self)
{
  return self->phase == FYR_GUARD_HEAD || self->phase == FYR_GUARD_BODY
             ? 0
             : self->ready->len - self->ready_offset;
}

static void
reject (FyrGuardInput *self, guint status, const char *reason)
{
  g_autofree char *answer = fyr_guard_answer_new (status, self->is_fhir);

  self->phase = FYR_GUARD_REJECTED;
  self->reason = reason;
  g_byte_array_set_size (self->raw, 0);
  clear_ready (self);
  set_deadline (self, REJECTED_SECONDS);
  /* It goes at once, or the peer takes no answers: nobody waits for her. */
  g_socket_send_with_blocking (self->socket, answer, strlen (answer), FALSE, NULL, NULL);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
}

static void
pass (FyrGuardInput *self, gsize count)
{
  g_byte_array_append (self->ready, self->raw->data, (guint)count);
  g_byte_array_remove_range (self->raw, 0, (guint)count);
}

static void
pass_body (FyrGuardInput *self, gsize count)
{
  self->held += count;
  self->budget->held += count;
  if (self->budget->held > self->budget->max) {
    reject (self, 503, "memory");
    return;
  }
  pass (self, count);
  self->deadline += (gint64)count * SECOND / BODY_BYTES_A_SECOND;
}

static void
begin_answer (FyrGuardInput *self)
{
  self->phase = FYR_GUARD_ANSWER;
  self->between = FALSE;
  set_deadline (self, HANDLING_SECONDS);
}

static void
accept_head (FyrGuardInput *self, const FyrGuardHead *head)
{
  self->is_upgrade = head->is_upgrade;
  self->is_chunked = head->is_chunked;
  self->body_left = head->length;
  g_byte_array_append (self->ready, (const guint8 *)head->head->str, (guint)head->head->len);
  if (head->is_chunked) {
    fyr_guard_chunks_init (&self->chunks, head->max_length);
  }
  if (head->is_chunked || head->length > 0) {
    self->phase = FYR_GUARD_BODY;
    set_deadline (self, BODY_SECONDS);
  } else {
    begin_answer (self);
  }
}

static gboolean
process_head (FyrGuardInput *self)
{
  gsize end =
      fyr_guard_head_find_end ((const char *)self->raw->data, MIN (self->raw->len, FYR_GUARD_HEAD_MAX));
  FyrGuardHead head;

  if (end == 0) {
    if (self->raw->len >= FYR_GUARD_HEAD_MAX) {
      reject (self, 431, "head-size");
    }
    return FALSE;
  }
  fyr_guard_head_read ((const char *)self->raw->data, end, &head);
  self->is_fhir = head.is_fhir;
  g_byte_array_remove_range (self->raw, 0, (guint)end);
  if (head.status != 0) {
    reject (self, head.status, head.reason);
  } else {
    accept_head (self, &head);
  }
  fyr_guard_head_clear (&head);
  return TRUE;
}

static gboolean
process_chunks (FyrGuardInput *self)
{
  gsize used = fyr_guard_chunks_read (&self->chunks, self->raw->data, self->raw->len);

  if (self->chunks.state == FYR_GUARD_CHUNKS_BROKEN) {
    reject (self, 400, "chunk");
    return TRUE;
  }
  if (self->chunks.state == FYR_GUARD_CHUNKS_TOO_LARGE) {
    reject (self, 413, "length");
    return TRUE;
  }
  pass_body (self, used);
  if (self->phase == FYR_GUARD_BODY && self->chunks.state == FYR_GUARD_CHUNKS_END) {
    begin_answer (self);
  }
  return used > 0;
}

static gboolean
process_body (FyrGuardInput *self)
{
  gsize count;

  if (self->is_chunked) {
    return process_chunks (self);
  }
  count = (gsize)MIN ((gint64)self->raw->len, self->body_left);
  self->body_left -= (gint64)count;
  pass_body (self, count);
  if (self->phase == FYR_GUARD_BODY && self->body_left == 0) {
    begin_answer (self);
  }
  return count > 0;
}

static gboolean
process_upgraded (FyrGuardInput *self)
{
  gint64 now = g_get_monotonic_time ();

  if (now >= self->window_end) {
    self->window_end = now + 60 * SECOND;
    self->window_bytes = 0;
  }
  self->window_bytes += self->raw->len;
  if (self->window_bytes > UPGRADED_BYTES_A_MINUTE) {
    self->phase = FYR_GUARD_CLOSED;
    self->reason = "flood";
    return FALSE;
  }
  pass (self, self->raw->len);
  return TRUE;
}

/* One step with what was read; whether something changed. */
static gboolean
process (FyrGuardInput *self)
{
  if (self->raw->len == 0) {
    return FALSE;
  }
  switch (self->phase) {
  case FYR_GUARD_HEAD:
    return process_head (self);
  case FYR_GUARD_BODY:
    return process_body (self);
  case FYR_GUARD_UPGRADED:
    return process_upgraded (self);
  case FYR_GUARD_REJECTED:
    g_byte_array_set_size (self->raw, 0);
    return FALSE;
  case FYR_GUARD_ANSWER:
  case FYR_GUARD_CLOSED:
  default:
    return FALSE;
  }
}

/* Over. What came of a request that is not whole goes nowhere. */
static void
end (FyrGuardInput *self)
{
  if (self->phase == FYR_GUARD_HEAD || self->phase == FYR_GUARD_BODY) {
    clear_ready (self);
  }
  self->phase = FYR_GUARD_CLOSED;
}

/* Reads once from the socket. Returns bytes, 0 at the end, -1 with @error. */
static gssize
fill (FyrGuardInput *self, GError **error)
{
  guint8 buffer[READ_SIZE];
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->base), buffer,
                                                       sizeof buffer, NULL, error);

  if (n > 0) {
    if (self->phase == FYR_GUARD_HEAD && self->raw->len == 0) {
      self->deadline = MIN (self->deadline, g_get_monotonic_time () + FIRST_HEAD_SECONDS * SECOND);
    }
    g_byte_array_append (self->raw, buffer, (guint)n);
  }
  if (n == 0 || (n < 0 && error != NULL && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))) {
    end (self);
  }
  return n;
}

static gboolean
set_would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Nothing to read yet");
  return FALSE;
}

/* Brings bytes into @ready. FALSE with WOULD_BLOCK or a failure; TRUE with nothing ready is the end. */
static gboolean
make_ready (FyrGuardInput *self, GError **error)
{
  guint reads = 0;

  while (ready_length (self) == 0 && self->phase != FYR_GUARD_CLOSED) {
    if (process (self)) {
      continue;
    }
    if (self->phase == FYR_GUARD_ANSWER || ++reads > READS_AT_ONCE) {
      return set_would_block (error);
    }
    if (self->phase != FYR_GUARD_CLOSED && fill (self, error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

/* libsoup 3.2 forgets a connection that ends between two requests without ever freeing it. One byte of a request that
 * never comes makes it notice; its answer goes nowhere. */
static void
say_farewell (FyrGuardInput *self)
{
  if (self->phase == FYR_GUARD_CLOSED && self->between && !self->said_farewell && ready_length (self) == 0) {
    self->said_farewell = TRUE;
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
    g_byte_array_append (self->ready, (const guint8 *)"X", 1);
  }
}

static gssize
fyr_guard_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  FyrGuardInput *self = FYR_GUARD_INPUT (stream);
  gsize n;

  if (!make_ready (self, error)) {
    return -1;
  }
  say_farewell (self);
  n = MIN (count, ready_length (self));
  memcpy (buffer, self->ready->data + self->ready_offset, n);
  self->ready_offset += n;
  if (ready_length (self) == 0) {
    clear_ready (self);
  }
  return (gssize)n;
}

static gssize
fyr_guard_input_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  FyrGuardInput *self = FYR_GUARD_INPUT (stream);

  for (;;) {
    g_autoptr (GError) failure = NULL;
    gssize n = fyr_guard_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, &failure);

    if (n >= 0 || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      if (failure != NULL) {
        g_propagate_error (error, g_steal_pointer (&failure));
      }
      return n;
    }
    if (!g_socket_condition_wait (self->socket, G_IO_IN, cancellable, error)) {
      return -1;
    }
  }
}

static gboolean
fyr_guard_input_is_readable (GPollableInputStream *stream)
{
  FyrGuardInput *self = FYR_GUARD_INPUT (stream);

  if (ready_length (self) > 0 || self->phase == FYR_GUARD_CLOSED) {
    return TRUE;
  }
  return self->phase != FYR_GUARD_ANSWER &&
         (self->raw->len > 0 || g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (self->base)));
}

static gboolean
sleep_prepare (GSource *source, gint *timeout)
{
  *timeout = -1;
  return FALSE;
}

static gboolean
sleep_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static GSourceFuncs sleep_funcs = { sleep_prepare, NULL, sleep_dispatch, NULL, NULL, NULL };

/* Until the answer is out there is nothing to read, whatever the peer sends. */
static GSource *
sleeping_source (FyrGuardInput *self)
{
  GSource *source = g_source_new (&sleep_funcs, sizeof (GSource));

  g_clear_pointer (&self->sleeping, g_source_unref);
  self->sleeping = g_source_ref (source);
  return source;
}

static GSource *
fyr_guard_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  FyrGuardInput *self = FYR_GUARD_INPUT (stream);
  g_autoptr (GSource) child = NULL;

  if (ready_length (self) > 0 || self->phase == FYR_GUARD_CLOSED ||
      (self->raw->len > 0 && self->phase == FYR_GUARD_UPGRADED)) {
    child = g_timeout_source_new (0);
  } else if (self->phase == FYR_GUARD_ANSWER) {
    child = sleeping_source (self);
  } else {
    child = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->base), NULL);
  }
  return g_pollable_source_new_full (stream, child, cancellable);
}

static void
fyr_guard_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = fyr_guard_input_is_readable;
  iface->create_source = fyr_guard_input_create_source;
  iface->read_nonblocking = fyr_guard_input_read_nonblocking;
}

static void
fyr_guard_input_finalize (GObject *object)
{
  FyrGuardInput *self = FYR_GUARD_INPUT (object);

  release_held (self);
  g_rc_box_release (self->budget);
  g_clear_pointer (&self->sleeping, g_source_unref);
  g_byte_array_unref (self->raw);
  g_byte_array_unref (self->ready);
  g_object_unref (self->socket);
  g_object_unref (self->base);
  G_OBJECT_CLASS (fyr_guard_input_parent_class)->finalize (object);
}

static void
fyr_guard_input_class_init (FyrGuardInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_guard_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = fyr_guard_input_read;
}

static void
fyr_guard_input_init (FyrGuardInput *self)
{
  self->raw = g_byte_array_new ();
  self->ready = g_byte_array_new ();
  self->phase = FYR_GUARD_HEAD;
  set_deadline (self, FIRST_HEAD_SECONDS);
}

static GInputStream *
fyr_guard_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (FYR_GUARD_STREAM (stream)->input);
}

static GOutputStream *
fyr_guard_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (FYR_GUARD_STREAM (stream)->connection));
}

static gboolean
fyr_guard_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  FyrGuardStream *self = FYR_GUARD_STREAM (stream);

  end (self->input);
  release_held (self->input);
  return g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);
}

static void
fyr_guard_stream_finalize (GObject *object)
{
  FyrGuardStream *self = FYR_GUARD_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (fyr_guard_stream_parent_class)->finalize (object);
}

static void
fyr_guard_stream_class_init (FyrGuardStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_guard_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = fyr_guard_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = fyr_guard_stream_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = fyr_guard_stream_close;
}

static void
fyr_guard_stream_init (FyrGuardStream *self)
{
}

FyrGuardStream *
fyr_guard_stream_new (GSocketConnection *connection, FyrGuardBudget *budget)
{
  FyrGuardStream *self = g_object_new (FYR_TYPE_GUARD_STREAM, NULL);

  self->connection = g_object_ref (connection);
  self->input = g_object_new (FYR_TYPE_GUARD_INPUT, NULL);
  self->input->socket = g_object_ref (g_socket_connection_get_socket (connection));
  self->input->base = g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  self->input->budget = g_rc_box_acquire (budget);
  /* Who does not take what was sent is gone, whatever the application layers think. */
  g_socket_set_option (self->input->socket, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS, NULL);
  g_socket_set_option (self->input->socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  return self;
}

FyrGuardPhase
fyr_guard_stream_prefetch (FyrGuardStream *self)
{
  g_autoptr (GError) error = NULL;

  if (!make_ready (self->input, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    end (self->input);
  }
  return self->input->phase;
}

int
fyr_guard_stream_get_descriptor (FyrGuardStream *self)
{
  return g_socket_get_fd (self->input->socket);
}

FyrGuardPhase
fyr_guard_stream_get_phase (FyrGuardStream *self)
{
  return self->input->phase;
}

gint64
fyr_guard_stream_get_deadline (FyrGuardStream *self)
{
  FyrGuardInput *input = self->input;
  gint64 deadline =
      fyr_guard_taking_get_deadline (&input->taking, input->socket, input->phase != FYR_GUARD_ANSWER,
                                     input->budget->answers > input->budget->max_answers);

  return input->phase == FYR_GUARD_UPGRADED ? deadline : MIN (deadline, input->deadline);
}

const char *
fyr_guard_stream_get_reason (FyrGuardStream *self)
{
  return self->input->reason;
}

void
fyr_guard_stream_answering (FyrGuardStream *self, gsize length)
{
  FyrGuardInput *input = self->input;

  if (input->phase == FYR_GUARD_ANSWER) {
    input->deadline = G_MAXINT64;
    input->answer_held += length;
    input->budget->answers += length;
    fyr_guard_taking_begin (&input->taking, input->socket);
  }
}

void
fyr_guard_stream_answered (FyrGuardStream *self, gboolean upgraded)
{
  FyrGuardInput *input = self->input;

  release_held (input);
  input->between = TRUE;
  if (input->phase != FYR_GUARD_ANSWER) {
    return;
  }
  if (input->is_upgrade && !upgraded) {
    /* The answer is with the kernel; what follows might be read in two ways. */
    fyr_guard_stream_cut (self);
  } else if (input->is_upgrade) {
    input->phase = FYR_GUARD_UPGRADED;
  } else {
    input->phase = FYR_GUARD_HEAD;
    set_deadline (input, IDLE_SECONDS);
    /* What came meanwhile is there already: no event of the socket will tell of it. */
    while (process (input)) {
      continue;
    }
  }
  wake (input);
}

void
fyr_guard_stream_cut (FyrGuardStream *self)
{
  end (self->input);
  g_socket_shutdown (self->input->socket, TRUE, TRUE, NULL);
  wake (self->input);
}

void
fyr_guard_stream_drop (FyrGuardStream *self)
{
  fyr_guard_taking_reset (self->input->socket);
  fyr_guard_stream_cut (self);
}
