/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sim-message.h"

#include "fyr-fhir-observation.h"
#include "fyr-oslo-time.h"

#define REPORT_SYSTEM "urn:fyrlykt:sim|"
#define REPLAY_SYSTEM "urn:fyrlykt:sim:replay|"

static char *
write_text (const FyrObservation *observation)
{
  GString *text = g_string_sized_new (900);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_fhir_observation_write (observation, NULL, &json, NULL);
  return g_string_free (text, FALSE);
}

static void
set_person (FyrObservation *o, const FyrSimTarget *target, gint64 taken)
{
  o->subject_system = target->system;
  o->subject_value = target->number;
  o->effective_time = taken;
  o->has_offset = TRUE;
  o->offset_minutes = fyr_oslo_offset_minutes (taken);
}

char *
fyr_sim_message_from_report (const FyrSimTarget *target, const FyrSimReport *report, const char *run)
{
  g_autofree char *external_id =
      g_strconcat (REPORT_SYSTEM, run != NULL ? run : "", report->identifier, NULL);
  FyrObservation o = {
    .kind = report->kind,
    .has_value = report->has_value,
    .value = report->value,
    .has_value2 = report->has_value2,
    .value2 = report->value2,
    .value_text = report->word,
    .device_text = report->device,
    .note = report->note,
    .external_id = external_id,
  };

  if (report->fault == FYR_SIM_FAULT_WRONG_UNIT)
    o.reported_unit = report->unit;
  set_person (&o, target, report->taken);
  return write_text (&o);
}

char *
fyr_sim_message_from_entry (const FyrSimTarget *target,
                            const FyrUciEntry *entry,
                            const char *name,
                            gint64 taken)
{
  g_autofree char *external_id = g_strdup_printf (REPLAY_SYSTEM "%s:%u", name, entry->line);
  FyrObservation o = {
    .kind = entry->kind,
    .has_value = entry->has_value,
    .value_text = entry->has_value ? NULL : entry->reported,
    .note = entry->note,
    .device_text = entry->kind == FYR_MEASUREMENT_KIND_GLUCOSE ? "Glucose meter" : NULL,
    .external_id = external_id,
  };

  if (entry->has_value)
    o.value = g_ascii_strtod (entry->reported, NULL);
  if (entry->has_value && entry->kind == FYR_MEASUREMENT_KIND_GLUCOSE)
    o.reported_unit = "mg/dL";
  set_person (&o, target, taken);
  return write_text (&o);
}
