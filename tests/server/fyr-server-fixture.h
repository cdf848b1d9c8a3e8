/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "fyr-apply.h"
#include "fyr-pull.h"
#include "fyr-push.h"
#include "fyr-records.h"
#include "fyr-session.h"
#include "fyr-wire-push.h"

G_BEGIN_DECLS

/*
 * A data folder of its own with two centres, people of every role and three patients: "one" and "two" at
 * the first
 * centre (one is on the GP's list), "far" at the second. Every clinical text of theirs holds a marker.
 */

#define MARK_CLINICAL "KLINISKMERKE"
#define MARK_IDENTITY "13116900216"
#define MARK_CONTACT "KONTAKTMERKE"
#define MARK_FAR "FJERNMERKE"

typedef struct {
  char *directory;
  char *location; /* (nullable): address of a PostgreSQL database; NULL: a file in @directory */
  FyrServerDb *db;
  char centre[37];
  char far_centre[37];
  char nurse[37];
  char nurse_2[37];
  char gp_user[37];
  char clerk[37];
  char manager[37];
  char administrator[37];
  char far_nurse[37];
  char gp[37];
  char other_gp[37];
  char one[37];
  char two[37];
  char far[37];
  gint64 now;
  GPtrArray *batch;
} World;

/** world_new: a world in a new folder; stops the test on any failure */
World *
world_new (void);
void
world_free (World *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/** world_id: a new id, kept by nobody */
void
world_id (char id[37]);

/** world_put: writes a record as the server's own work; takes the reference */
void
world_put (World *self, gpointer record);

/** world_put_fails: the same; (transfer full): why not */
GError *
world_put_fails (World *self, gpointer record);

void
world_delete (World *self, const FyrRecordInfo *info, const char *id);

/** world_get: (transfer full) (nullable): the record as it is */
FyrRecord *
world_get (World *self, const FyrRecordInfo *info, const char *id);

/** world_count: the whole number a query answers */
gint64
world_count (World *self, const char *sql);

/** world_head: the head of a feed */
gint64
world_head (World *self, const char *scope);

/** world_check_feeds: every feed is dense from 1 to its head */
void
world_check_feeds (World *self);

/** world_user: a user with one role; the id is written to @id */
void
world_user (World *self, const char *name, FyrRole role, const char *centre, const char *gp, char id[37]);

FyrPatient *
world_patient (World *self, const char *id, const char *centre, const char *gp, const char *family_name);

FyrNote *
world_note (World *self, const char *patient, const char *text);

FyrMeasurement *
world_measurement (World *self, const char *patient, double value);

FyrLimit *
world_limit (World *self, const char *patient, gint64 valid_from);

/** world_alert: an open red alert about a patient; already written */
void
world_alert (World *self, const char *patient, char id[37]);

/** Station: a workstation with a session, its numbers and its cursors */
typedef struct {
  World *world;
  char user[37];
  char device[37];
  char incarnation[37];
  char *token;
  gint64 number;
  char hash[FYR_HASH_TEXT_SIZE];
  GHashTable *cursors;
  FyrAppliedFunc applied;
  gpointer applied_data;
  FyrWireCheck *check; /* asked with the next pull */
  char *removed;       /* (nullable): a feed said to be removed with the next pull */
  gboolean first;
  gint64 settled;
  gboolean old; /* says nothing of emergency access, as older programs */
} Station;

Station *
station_new (World *world, const char *user);
/** station_new_at: another user at the same @device */
Station *
station_new_at (World *world, const char *user, const char *device);
void
station_free (Station *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Station, station_free)

/** station_mutation: (transfer full): the next mutation; @fields, @bases (nullable): JSON objects */
FyrWireMutation *
station_mutation (Station *self,
                  const char *command,
                  const char *kind,
                  const char *id,
                  gint64 base_version,
                  const char *fields,
                  const char *bases);

/**
 * station_request:
 *
 * (transfer full): a request with @mutations (transfer full, ended by NULL), numbered from the next
 */
FyrPushRequest *
station_request (Station *self, FyrWireMutation *first, ...) G_GNUC_NULL_TERMINATED;

/** station_push: status of a request; @body: (out) (nullable): the answer. The numbers are not moved on */
guint
station_push (Station *self, FyrPushRequest *request, char **body);

/** station_do: pushes one mutation (transfer full), moves the numbers on; (transfer full): its outcome */
FyrWireOutcome *
station_do (Station *self, FyrWireMutation *mutation);

/** station_try: as station_do() with its parts; expects an outcome and a code ("" for none) */
FyrWireOutcome *
station_try (Station *self,
             const char *command,
             const char *kind,
             const char *id,
             gint64 base_version,
             const char *fields,
             const char *bases,
             FyrWireOutcomeKind kind_expected,
             const char *code);

/** world_note_held: writes down what a pull wants written before it is answered */
void
world_note_held (World *self, FyrPull *pull);

/** station_pull_text: status of one pull from the cursors; @body (out): the answer */
guint
station_pull_text (Station *self, gint64 max_bytes, char **body);

/** station_pull: (transfer full): one page, moved into the cursors */
FyrPullReply *
station_pull (Station *self, gint64 max_bytes);

/**
 * station_pull_all:
 *
 * (transfer full) (element-type FyrPullEntry): entries of all pages that are puts or deletions
 */
GPtrArray *
station_pull_all (Station *self);

/** entries_find: (nullable): the last entry for an id */
FyrPullEntry *
entries_find (GPtrArray *entries, const char *id);

G_END_DECLS
