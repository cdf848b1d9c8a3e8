/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull-page.h"

G_BEGIN_DECLS

typedef enum {
  FYR_PAGE_PUT,
  FYR_PAGE_DELETE,
  FYR_PAGE_SKIP,
  FYR_PAGE_PARKED,
} FyrPageOp;

typedef struct {
  gint64 seq;
  FyrPageOp op;
  FyrRecord *record; /* with put */
  char *kind;        /* with delete and parked */
  char *id;
  char *text;
  char *tag;
  gint64 version; /* with a delete that has a tag */
} FyrPageEntry;

typedef struct {
  char *scope;
  gint64 from;
  gint64 to;
  GArray *entries; /* of FyrPageEntry */
} FyrPageScope;

struct _FyrPullPage {
  gatomicrefcount refs;
  char *epoch;
  gint64 server_time;
  GPtrArray *scopes;    /* of FyrPageScope */
  GPtrArray *granted;   /* of text */
  GPtrArray *revoked;   /* of text */
  GPtrArray *confirmed; /* of text */
  GArray *settled;      /* of FyrPageSettlement, of @author_id */
  char *author_id;
  GPtrArray *ahead;    /* of FyrRecord */
  GHashTable *classes; /* scope → boxed mask */
  FyrPageCheck *check;
  GArray *emergency;      /* of FyrEmergency, of @emergency_author */
  char *emergency_author; /* NULL: the page says nothing of them */
};

G_END_DECLS
