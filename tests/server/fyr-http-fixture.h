/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-server-fixture.h"
#include "fyr-server-main.h"

G_BEGIN_DECLS

/*
 * A real server in this process, on a loopback port of its own, and peers that speak HTTP to it or bytes.
 */
typedef struct {
  World *world;
  FyrServer *server;
  SoupSession *session;
  guint port;
} House;

House *
house_new (const FyrGuardLimits *limits);
void
house_free (House *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (House, house_free)

/** Answer: status 0 when the connection broke */
typedef struct {
  guint status;
  char *body;
  char *retry_after;
  char *encoding;
} Answer;

void
answer_free (Answer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/** house_ask: (transfer full): one request; @token, @body (nullable) */
Answer *
house_ask (House *self, const char *method, const char *path, const char *token, const char *body);

/** house_sign_in: (transfer full): a token; @device is a fresh id when NULL; stops the test when refused */
char *
house_sign_in (House *self, const char *user_name, const char *device);

/** house_set_password: gives a user the password "en lang og god frase" */
void
house_set_password (House *self, const char *user_id);
#define HOUSE_PASSWORD "en lang og god frase"

/** house_raw: (transfer full): sends bytes and returns all that comes back within @seconds; @closed (out) (optional) */
char *
house_raw (House *self, gconstpointer bytes, gsize length, guint seconds, gboolean *closed);

/** house_assert_serves: others are served, whatever one peer does */
void
house_assert_serves (House *self);

/** house_resident_kib: Returns: KiB of memory that this process, peers and server, has */
gint64
house_resident_kib (void);

/** house_run: lets the main loop run until @done (nullable) is TRUE or the time is over; returns *done */
gboolean
house_run (gboolean *done, guint milliseconds);

/** house_pull: (transfer full): one pull with empty cursors, or with @cursors (JSON) */
Answer *
house_pull (House *self, const char *token, const char *device, const char *cursors, int wait);

/** house_put: writes a record through the running server's writer; takes the reference */
void
house_put (House *self, gpointer record);

/** HouseDesk: a workstation whose user is signed in, with what the server's feeds had come to then */
typedef struct {
  House *house;
  char device[37];
  char *token;
  char *cursors;
} HouseDesk;

/** house_desk_open: gives the user a password and signs her in */
void
house_desk_open (HouseDesk *desk, House *house, const char *user_name, const char *user_id);
void
house_desk_close (HouseDesk *desk);

G_END_DECLS
