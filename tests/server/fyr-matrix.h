/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-access-table.h"
#include "fyr-http-fixture.h"

G_BEGIN_DECLS

/*
 * A house where every kind of record lies in every place, each of its texts a marker that names place, kind and field,
 * and where every role stands in every relation to it. What each may is computed from the access table
 * (src/schema/access.toml and the kinds' read and write lists) and the relation, never from the server's own decision.
 */

/** MatrixPlace: where a record is. Patients at PLACE_BARRED have shut every actor out. */
typedef enum { PLACE_LISTED, PLACE_OTHER_LIST, PLACE_BARRED, PLACE_FAR, N_MATRIX_PLACES } MatrixPlace;

/** MatrixStanding: an actor's relation to the first centre, or to the far one. At STANDING_EMERGENCY a member opened
 * the patients at PLACE_BARRED and PLACE_OTHER_LIST, and tries it with the far one. */
typedef enum {
  STANDING_MEMBER,
  STANDING_FAR_MEMBER,
  STANDING_ENDED,
  STANDING_FUTURE,
  STANDING_NONE,
  STANDING_INACTIVE,
  STANDING_NO_LIST,
  STANDING_EMERGENCY,
  N_STANDINGS
} MatrixStanding;

typedef enum {
  VERB_READ,
  VERB_CREATE,
  VERB_UPDATE,
  VERB_DELETE,
  VERB_COMMAND,
  N_MATRIX_VERBS,
} MatrixVerb;

typedef struct {
  FyrRole role;
  MatrixStanding standing;
  char name[24];
  Station *station;
} Actor;

typedef struct {
  House *house;
  GPtrArray *actors;
  /* [kind][place]: ids; "" where a kind is not found by place. */
  char ids[32][N_MATRIX_PLACES][37];
  char patients[N_MATRIX_PLACES][37];
  char spare_user[37];
  guint cells;
  guint n_kinds;
} Matrix;

/* No token holds it by chance: "~" is none of the letters of base64. */
#define MATRIX_MARK "M~Q"

Matrix *
matrix_new (void);
void
matrix_free (Matrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Matrix, matrix_free)

/** matrix_marker: (transfer full) (nullable): the text that lies in this field there; %NULL when it cannot hold one */
char *
matrix_marker (guint kind, guint field, MatrixPlace place);

/** matrix_has: whether records of this kind lie in this place */
gboolean
matrix_has (guint kind, MatrixPlace place);

/** matrix_field_code: the JSON of a value for a field that the rules take; @place's own centre and patient */
char *
matrix_field_json (Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place);

/** matrix_create_json: a new record of a kind with what is required and one field more */
char *
matrix_create_json (
    Matrix *self, const Actor *actor, guint kind, guint field, MatrixPlace place, guint64 *set);

/** matrix_relates: whether the actor has to do with this place's records of a kind at all, by the relation alone */
gboolean
matrix_relates (const Actor *actor, guint kind, MatrixPlace place);

/** matrix_is_opened: whether an emergency access opens this place's patient to the actor */
gboolean
matrix_is_opened (const Actor *actor, MatrixPlace place);

/** matrix_add_opened: the names of those patients' own feeds into the set @feeds */
void
matrix_add_opened (Matrix *self, const Actor *actor, GHashTable *feeds);

/** matrix_is_kept: whether records of the kind are added and never changed, whoever tries */
gboolean
matrix_is_kept (guint kind);

/** matrix_reads: what the table says of reading a field; @field: -1 the record */
gboolean
matrix_reads (const Actor *actor, guint kind, int field, MatrixPlace place);

/** matrix_writes: what the table says of writing all fields of a mask */
gboolean
matrix_writes (const Actor *actor, guint kind, guint64 fields, MatrixPlace place, MatrixVerb verb);

/**
 * matrix_check_text:
 *
 * Looks for markers in what an actor was told; stops the test at one that the table withholds from the actor.
 *
 * Returns: how many it found
 */
guint
matrix_check_text (Matrix *self, const Actor *actor, const char *text);

G_END_DECLS
