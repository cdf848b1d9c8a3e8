/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-sender.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#define FIRST_WAIT 1
#define LONGEST_WAIT 60
#define MAX_LATENCIES 100000

typedef struct {
  FyrSimSender *sender;
  char *path;
  GBytes *body;
  SoupMessage *message;
  gint64 started;
} Post;

struct _FyrSimSender {
  SoupSession *session;
  GCancellable *cancellable;
  char *url;
  char *authorization;
  GQueue waiting;
  guint connections;
  guint in_flight;
  guint timer;
  guint idle;
  guint wait;
  gboolean rejected;
  char *problem;
  FyrSimCounts counts;
  GArray *latencies;
};

static void
pump (FyrSimSender *self);

static void
post_free (gpointer data)
{
  Post *post = data;

  g_clear_object (&post->message);
  g_bytes_unref (post->body);
  g_free (post->path);
  g_free (post);
}

FyrSimSender *
fyr_sim_sender_new (const char *url, const char *token, guint connections)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  FyrSimSender *self;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 && g_strcmp0 (g_uri_get_scheme (uri), "https") != 0))
    return NULL;
  self = g_new0 (FyrSimSender, 1);
  self->url = g_strdup (url);
  if (g_str_has_suffix (self->url, "/"))
    self->url[strlen (self->url) - 1] = '\0';
  self->authorization = g_strconcat ("Bearer ", token, NULL);
  self->connections = connections;
  self->cancellable = g_cancellable_new ();
  self->session = soup_session_new_with_options ("max-conns-per-host", (int)connections, "max-conns",
                                                 (int)connections, "timeout", 30, "user-agent", "fyrlykt-sim",
                                                 "proxy-resolver", NULL, NULL);
  self->latencies = g_array_new (FALSE, FALSE, sizeof (double));
  g_queue_init (&self->waiting);
  return self;
}

void
fyr_sim_sender_free (FyrSimSender *self)
{
  g_cancellable_cancel (self->cancellable);
  soup_session_abort (self->session);
  while (self->in_flight > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_queue_clear_full (&self->waiting, post_free);
  g_object_unref (self->cancellable);
  g_object_unref (self->session);
  g_free (self->url);
  g_free (self->authorization);
  g_free (self->problem);
  g_array_unref (self->latencies);
  g_free (self);
}

static gboolean
wait_over (gpointer data)
{
  FyrSimSender *self = data;

  self->timer = 0;
  pump (self);
  return G_SOURCE_REMOVE;
}

static void
try_again (FyrSimSender *self, Post *post, const char *problem)
{
  g_queue_push_head (&self->waiting, post);
  self->counts.retried++;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (self->timer != 0)
    return;
  self->wait = self->wait == 0 ? FIRST_WAIT : MIN (self->wait * 2, LONGEST_WAIT);
  self->timer = g_timeout_add_seconds (self->wait, wait_over, self);
}

static gboolean
pump_idle (gpointer data)
{
  FyrSimSender *self = data;

  self->idle = 0;
  pump (self);
  return G_SOURCE_REMOVE;
}

/* Not within the answer's callback: its connection is only free to be used again afterwards. */
static void
pump_soon (FyrSimSender *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, pump_idle, self, NULL);
}

static void
judge_answer (FyrSimSender *self, Post *post, guint status)
{
  if (status == 401 || status == 403) {
    self->rejected = TRUE;
    try_again (self, post, _ ("the server does not know this gateway token"));
    return;
  }
  if (status == 429 || status >= 500) {
    try_again (self, post, _ ("the server is busy"));
    return;
  }
  self->wait = 0;
  g_clear_pointer (&self->problem, g_free);
  if (status == 200)
    self->counts.repeated++;
  else if (status < 300)
    self->counts.stored++;
  else
    self->counts.refused++;
  post_free (post);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Post *post = data;
  FyrSimSender *self = post->sender;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  guint status = soup_message_get_status (post->message);
  double taken = (double)(g_get_monotonic_time () - post->started) / 1000;

  self->in_flight--;
  if (self->latencies->len < MAX_LATENCIES)
    g_array_append_val (self->latencies, taken);
  g_clear_object (&post->message);
  if (g_cancellable_is_cancelled (self->cancellable)) {
    post_free (post);
    return;
  }
  if (body == NULL)
    try_again (self, post, error->message);
  else
    judge_answer (self, post, status);
  pump_soon (self);
}

static void
send_post (FyrSimSender *self, Post *post)
{
  g_autofree char *uri = g_strconcat (self->url, post->path, NULL);
  SoupMessageHeaders *headers;

  post->message = soup_message_new (SOUP_METHOD_POST, uri);
  /* By its identifier a report sent twice is one; without this flag each POST would have a connection of its own. */
  soup_message_add_flags (post->message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_set_request_body_from_bytes (post->message, "application/fhir+json", post->body);
  headers = soup_message_get_request_headers (post->message);
  soup_message_headers_replace (headers, "Authorization", self->authorization);
  soup_message_headers_replace (headers, "Accept", "application/fhir+json");
  self->in_flight++;
  post->started = g_get_monotonic_time ();
  soup_session_send_and_read_async (self->session, post->message, G_PRIORITY_DEFAULT, self->cancellable,
                                    answered, post);
}

static void
pump (FyrSimSender *self)
{
  guint allowed = self->problem != NULL ? 1 : self->connections;

  while (self->timer == 0 && self->in_flight < allowed && !g_queue_is_empty (&self->waiting))
    send_post (self, g_queue_pop_head (&self->waiting));
}

void
fyr_sim_sender_post (FyrSimSender *self, const char *path, char *body)
{
  Post *post = g_new0 (Post, 1);

  post->sender = self;
  post->path = g_strdup (path);
  post->body = g_bytes_new_take (body, strlen (body));
  g_queue_push_tail (&self->waiting, post);
  pump (self);
}

void
fyr_sim_sender_get_counts (FyrSimSender *self, FyrSimCounts *counts)
{
  *counts = self->counts;
  counts->waiting = g_queue_get_length (&self->waiting) + self->in_flight;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a;
  double right = *(const double *)b;

  return (left > right) - (left < right);
}

void
fyr_sim_sender_get_latency (FyrSimSender *self, double *p50, double *p99)
{
  guint n = self->latencies->len;

  g_array_sort (self->latencies, compare_doubles);
  *p50 = n > 0 ? g_array_index (self->latencies, double, n / 2) : 0;
  *p99 = n > 0 ? g_array_index (self->latencies, double, (guint)((gsize)n * 99 / 100)) : 0;
}

const char *
fyr_sim_sender_get_problem (FyrSimSender *self)
{
  return self->problem;
}

gboolean
fyr_sim_sender_is_rejected (FyrSimSender *self)
{
  return self->rejected;
}

gboolean
fyr_sim_sender_is_idle (FyrSimSender *self)
{
  return self->in_flight == 0 && g_queue_is_empty (&self->waiting);
}
