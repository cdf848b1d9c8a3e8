/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutation.h"

G_BEGIN_DECLS

struct _FyrMutation {
  GObject parent_instance;

  const FyrRecordInfo *info;
  const char *command; /* static */
  char record_id[37];
  char author_id[37];
  char event_id[37]; /* of the alert_event; "" when the command makes none */
  gint64 base_version;
  gint64 time;
  gboolean has_offset;
  gint64 offset; /* added to this machine's clock for @time */
  JsonObject *fields;
  JsonObject *bases;
  FyrRecord *seen; /* with delete: what the user saw */
};

/** fyr_mutation_copy: Returns: (transfer full): a copy whose head may be changed; the fields are shared */
FyrMutation *
fyr_mutation_copy (FyrMutation *self);

/** fyr_mutation_saw: Returns: whether @record is, where it matters for this change, what the user saw */
gboolean
fyr_mutation_saw (FyrMutation *self, FyrRecord *record);

/**
 * fyr_mutation_parse:
 * @payload: canonical text of a mutation object
 * @author_id: whose it is
 *
 * Returns: (transfer full) (nullable): the mutation as it was saved; %NULL with error when the text is
 * damaged
 */
FyrMutation *
fyr_mutation_parse (const char *payload, const char *author_id, GError **error);

/**
 * fyr_mutation_build_payload:
 * @depends_on: 0 for none
 *
 * Returns: (transfer full): the mutation object of PROTOCOL.md without `hash`
 */
JsonObject *
fyr_mutation_build_payload (FyrMutation *self, gint64 number, gint64 depends_on);

/** fyr_mutation_is_alert_command: Returns: whether it is a command on the alert state machine */
gboolean
fyr_mutation_is_alert_command (FyrMutation *self);

/**
 * fyr_mutation_apply:
 * @record: (nullable) (transfer full): the record as it is; %NULL when there is none
 *
 * What the record looks like with this change made. A command that the present state forbids changes nothing.
 *
 * Returns: (transfer full) (nullable): the record; %NULL when there is none after it
 */
FyrRecord *
fyr_mutation_apply (FyrMutation *self, FyrRecord *record);

/** fyr_mutation_judge: Returns: whether the state machine accepts the command on @alert */
FyrAlertRefusal
fyr_mutation_judge (FyrMutation *self, FyrAlert *alert);

/** fyr_mutation_make_event: Returns: (transfer full): the alert_event a command leaves, about @patient_id */
FyrRecord *
fyr_mutation_make_event (FyrMutation *self, const char *patient_id);

G_END_DECLS
