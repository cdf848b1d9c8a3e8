/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-records.h"
#include "fyr-wire-error.h"

G_BEGIN_DECLS

/* PROTOCOL.md, "Emergency access". */

/** FYR_EMERGENCY_TEXT_MIN: characters of the words that say why, without blanks at their ends */
#define FYR_EMERGENCY_TEXT_MIN 15
#define FYR_EMERGENCY_TEXT_MAX 1000
#define FYR_EMERGENCY_NUMBER_MIN 6
#define FYR_EMERGENCY_NUMBER_MAX 20

/** FyrEmergencyRequest: who is to be opened, and why. The password is overwritten when freed. */
typedef struct {
  char *device_id;
  char *identity_number;
  FyrEmergencyReason reason;
  char *text;
  char *password;
} FyrEmergencyRequest;

FyrEmergencyRequest *
fyr_emergency_request_new (void);
void
fyr_emergency_request_free (FyrEmergencyRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrEmergencyRequest, fyr_emergency_request_free)

/** fyr_emergency_request_write: appends the request as JSON; the caller wipes @text after use */
void
fyr_emergency_request_write (const FyrEmergencyRequest *self, GString *text);

/** fyr_emergency_request_parse: Returns: (transfer full) (nullable): within the bounds of PROTOCOL.md; %NULL with an
 * error of %FYR_WIRE_ERROR that names the member and never its value */
FyrEmergencyRequest *
fyr_emergency_request_parse (const char *text, gsize length, GError **error);

/** fyr_emergency_text_is_enough: @text: (nullable). Returns: whether it says enough to count as a reason */
gboolean
fyr_emergency_text_is_enough (const char *text);

/**
 * FyrWireEmergency:
 * @begin: when it was opened; @until: when it ends by itself; by the server's clock, ms since the epoch
 * @alone: nothing else opens the patient to this user
 */
typedef struct {
  char id[37];
  char patient_id[37];
  gint64 begin;
  gint64 until;
  gboolean alone;
} FyrWireEmergency;

/** fyr_wire_emergency_write: appends it as an object; @name: (nullable): of the member */
void
fyr_wire_emergency_write (const FyrWireEmergency *self, FyrJsonWriter *json, const char *name);

/** fyr_wire_emergency_read: Returns: %TRUE, or %FALSE with an error of %FYR_WIRE_ERROR */
gboolean
fyr_wire_emergency_read (const FyrJsonValue *value, FyrWireEmergency *self, GError **error);

/** fyr_emergency_reply_write: appends the answer to a request */
void
fyr_emergency_reply_write (const FyrWireEmergency *access, gint64 server_time, GString *text);

/** fyr_emergency_reply_parse: Returns: (transfer full) (nullable): free with g_free(); %NULL with an error of
 * %FYR_WIRE_ERROR */
FyrWireEmergency *
fyr_emergency_reply_parse (const char *text, gsize length, GError **error);

/** fyr_emergency_end_write: appends the request that ends one early */
void
fyr_emergency_end_write (const char *access_id, GString *text);

/** fyr_emergency_end_parse: Returns: (transfer full) (nullable): id of the access; %NULL with %FYR_WIRE_ERROR */
char *
fyr_emergency_end_parse (const char *text, gsize length, GError **error);

G_END_DECLS
