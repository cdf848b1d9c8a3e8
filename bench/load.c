/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load HOST PORT TOKEN PATIENTS CONNECTIONS SECONDS BUNDLE
 *
 * A gateway under load: CONNECTIONS keep-alive connections on one epoll loop, each sending the next
 * Observation (BUNDLE = 0) or batch Bundle of BUNDLE Observations as soon as the last one is answered.
 * PATIENTS is a file with "system<TAB>value" lines. Prints one JSON object with what was answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  int fd;
  GString *out;
  gsize sent;
  GString *in;
  gint64 started;
} Peer;

typedef struct {
  char **patients;
  guint n_patients;
  const char *token;
  const char *host;
  int bundle;
  guint64 serial;
  GRand *chance;
  GArray *latencies;
  guint64 answered;
  guint64 refused;
  int last_refusal;
  gint64 run;
} Load;

typedef struct {
  const char *code;
  const char *unit;
  double usual;
  double spread;
} Kind;

static const Kind kinds[] = {
  { "59408-5", "%", 95, 3 },  { "8867-4", "/min", 75, 12 }, { "8310-5", "Cel", 36.8, 0.4 },
  { "29463-7", "kg", 78, 5 }, { "9279-1", "/min", 16, 3 },
};

static void
append_observation (Load *self, GString *text)
{
  const Kind *kind = &kinds[self->serial % G_N_ELEMENTS (kinds)];
  g_auto (GStrv) patient = g_strsplit (self->patients[self->serial % self->n_patients], "\t", 2);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  /* Spread over the last day, so that no two of one patient and kind fall on the same time. */
  g_autoptr (GDateTime) taken = g_date_time_add_seconds (now, -(double)(self->serial % 80000) - 1);
  g_autofree char *time = g_date_time_format (taken, "%Y-%m-%dT%H:%M:%SZ");
  char value[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (value, sizeof value, "%.1f",
                   kind->usual + g_rand_double_range (self->chance, -1, 1) * kind->spread);
  g_string_append_printf (
      text,
      "{\"resourceType\":\"Observation\",\"identifier\":[{\"system\":\"urn:fyrlykt:load\",\"value\":"
      "\"%" G_GINT64_FORMAT "-%" G_GUINT64_FORMAT
      "\"}],\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":"
      "\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"vital-signs\"}]}],\"code\":"
      "{\"coding\":[{\"system\":\"http://"
      "loinc.org\",\"code\":\"%s\"}]},\"subject\":{\"identifier\":{\"system\":"
      "\"%s\",\"value\":\"%s\"}},\"effectiveDateTime\":\"%s\",\"valueQuantity\":{\"value\":%s,\"unit\":\"%"
      "s\","
      "\"system\":\"http://unitsofmeasure.org\",\"code\":\"%s\"}}",
      self->run, self->serial, kind->code, patient[0], patient[1], time, value, kind->unit, kind->unit);
  self->serial++;
}

static void
next_request (Load *self, Peer *peer)
{
  g_autoptr (GString) body = g_string_new (NULL);

  if (self->bundle == 0) {
    append_observation (self, body);
  } else {
    g_string_append (body, "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[");
    for (int i = 0; i < self->bundle; i++) {
      g_autofree char *uuid = g_uuid_string_random ();

      g_string_append_printf (body, "%s{\"fullUrl\":\"urn:uuid:%s\",\"resource\":", i > 0 ? "," : "", uuid);
      append_observation (self, body);
      g_string_append (body, ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}");
    }
    g_string_append (body, "]}");
  }
  g_string_printf (peer->out,
                   "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
                   "Content-Type: application/fhir+json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                   self->bundle == 0 ? "/fhir/Observation" : "/fhir", self->host, self->token, body->len,
                   body->str);
  peer->sent = 0;
  g_string_truncate (peer->in, 0);
  peer->started = g_get_monotonic_time ();
}

static gboolean
send_more (Peer *peer)
{
  while (peer->sent < peer->out->len) {
    ssize_t n = send (peer->fd, peer->out->str + peer->sent, peer->out->len - peer->sent, MSG_NOSIGNAL);

    if (n < 0) {
      return errno == EAGAIN;
    }
    peer->sent += n;
  }
  return TRUE;
}

/* Whether the whole answer is there; the status in @status. */
static gboolean
answer_complete (Peer *peer, int *status)
{
  const char *end = strstr (peer->in->str, "\r\n\r\n");
  const char *length;

  if (end == NULL) {
    return FALSE;
  }
  *status = atoi (peer->in->str + 9);
  length = strcasestr (peer->in->str, "\r\ncontent-length:");
  if (length == NULL || length > end) {
    return strcasestr (peer->in->str, "transfer-encoding: chunked") == NULL ||
           g_str_has_suffix (peer->in->str, "0\r\n\r\n");
  }
  return peer->in->len >= (gsize)(end + 4 - peer->in->str) + strtoul (length + 17, NULL, 10);
}

static void
count_answer (Load *self, Peer *peer, int status)
{
  gint64 took = g_get_monotonic_time () - peer->started;

  g_array_append_val (self->latencies, took);
  if (status >= 200 && status < 300) {
    self->answered++;
  } else {
    self->refused++;
    self->last_refusal = status;
    if (self->refused == 1) {
      fprintf (stderr, "load: first refusal:\n%s\n", peer->in->str);
    }
  }
}

static gboolean
receive (Load *self, Peer *peer)
{
  char buffer[65536];
  int status = 0;

  for (;;) {
    ssize_t n = recv (peer->fd, buffer, sizeof buffer, 0);

    if (n == 0 || (n < 0 && errno != EAGAIN)) {
      return FALSE;
    }
    if (n < 0) {
      return TRUE;
    }
    g_string_append_len (peer->in, buffer, n);
    if (answer_complete (peer, &status)) {
      count_answer (self, peer, status);
      next_request (self, peer);
      return send_more (peer);
    }
  }
}

static Peer *
open_peer (Load *self, const char *host, int port, int epoll)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
  Peer *peer = g_new0 (Peer, 1);
  int one = 1;

  inet_pton (AF_INET, host, &address.sin_addr);
  peer->fd = socket (AF_INET, SOCK_STREAM, 0);
  if (connect (peer->fd, (struct sockaddr *)&address, sizeof address) != 0) {
    g_error ("load: cannot connect to %s:%d", host, port);
  }
  setsockopt (peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl (peer->fd, F_SETFL, O_NONBLOCK);
  peer->out = g_string_new (NULL);
  peer->in = g_string_new (NULL);
  next_request (self, peer);
  event.data.ptr = peer;
  epoll_ctl (epoll, EPOLL_CTL_ADD, peer->fd, &event);
  return peer;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a;
  gint64 right = *(const gint64 *)b;

  return left < right ? -1 : left > right;
}

static double
percentile (GArray *sorted, double part)
{
  return sorted->len == 0 ? 0 : g_array_index (sorted, gint64, (guint)(part * (sorted->len - 1))) / 1000.0;
}

static guint
run (Load *self, int epoll, double seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64)(seconds * G_USEC_PER_SEC);
  guint lost = 0;

  while (g_get_monotonic_time () < end) {
    struct epoll_event events[256];
    int n = epoll_wait (epoll, events, G_N_ELEMENTS (events), 50);

    for (int i = 0; i < n; i++) {
      Peer *peer = events[i].data.ptr;

      if (!send_more (peer) || !receive (self, peer)) {
        close (peer->fd);
        lost++;
      }
    }
  }
  return lost;
}

int
main (int argc, char **argv)
{
  Load self = { .chance = g_rand_new_with_seed (7),
                .latencies = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  g_autofree char *text = NULL;
  int epoll = epoll_create1 (0);
  gint64 started;
  double took;
  guint lost;

  if (argc != 8 || !g_file_get_contents (argv[4], &text, NULL, NULL)) {
    fprintf (stderr, "usage: load HOST PORT TOKEN PATIENTS CONNECTIONS SECONDS BUNDLE\n");
    return 2;
  }
  self.patients = g_strsplit (g_strchomp (text), "\n", -1);
  self.n_patients = g_strv_length (self.patients);
  self.token = argv[3];
  self.host = argv[1];
  self.bundle = atoi (argv[7]);
  self.run = g_get_real_time ();
  for (int i = 0; i < atoi (argv[5]); i++) {
    open_peer (&self, argv[1], atoi (argv[2]), epoll);
  }
  started = g_get_monotonic_time ();
  lost = run (&self, epoll, g_ascii_strtod (argv[6], NULL));
  took = (g_get_monotonic_time () - started) / (double)G_USEC_PER_SEC;
  g_array_sort (self.latencies, by_size);
  printf ("{\"answered\":%" G_GUINT64_FORMAT ",\"refused\":%" G_GUINT64_FORMAT
          ",\"last_refusal\":%d,\"lost\":%u,"
          "\"seconds\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
          self.answered, self.refused, self.last_refusal, lost, took, percentile (self.latencies, 0.5),
          percentile (self.latencies, 0.99));
  return self.answered > 0 ? 0 : 1;
}
