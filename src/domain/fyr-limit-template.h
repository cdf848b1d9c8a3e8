/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-triage.h"

G_BEGIN_DECLS

/**
 * FyrLimitTemplate:
 *
 * Provisional limits for an illness, read from `data/templates/`. They serve until the patient's own are
 * set with the GP. An immutable boxed value.
 */
typedef struct _FyrLimitTemplate FyrLimitTemplate;

#define FYR_TYPE_LIMIT_TEMPLATE (fyr_limit_template_get_type ())
GType
fyr_limit_template_get_type (void) G_GNUC_CONST;

/**
 * FyrTemplateError:
 * @FYR_TEMPLATE_ERROR_JSON: not JSON, or larger than 1 MiB; the file is damaged
 * @FYR_TEMPLATE_ERROR_FORMAT: JSON of another shape; the message names the field
 * @FYR_TEMPLATE_ERROR_LIMIT: a limit that fyr_limit_rule_check() refuses; the message names the kind
 */
typedef enum {
  FYR_TEMPLATE_ERROR_JSON,
  FYR_TEMPLATE_ERROR_FORMAT,
  FYR_TEMPLATE_ERROR_LIMIT
} FyrTemplateError;

#define FYR_TEMPLATE_ERROR (fyr_template_error_quark ())
GQuark
fyr_template_error_quark (void);

/**
 * fyr_limit_template_parse:
 * @bytes: UTF-8 JSON of one template (the format is described in data/templates/README.md)
 *
 * All or nothing; unknown members are refused, so that a misspelt limit cannot be silently absent.
 *
 * Returns: (transfer full): the template, or %NULL with a #FyrTemplateError
 */
FyrLimitTemplate *
fyr_limit_template_parse (GBytes *bytes, GError **error);

FyrLimitTemplate *
fyr_limit_template_ref (FyrLimitTemplate *self);
void
fyr_limit_template_unref (FyrLimitTemplate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrLimitTemplate, fyr_limit_template_unref)

/**
 * fyr_limit_template_get_id:
 *
 * Returns: (transfer none): a stable id such as `copd`
 */
const char *
fyr_limit_template_get_id (FyrLimitTemplate *self);

/**
 * fyr_limit_template_get_name:
 * @language: (nullable): `nb` (also `no`, `nn` and with a country) for Norwegian; everything else is
 *   English
 *
 * Returns: (transfer none): the name to show
 */
const char *
fyr_limit_template_get_name (FyrLimitTemplate *self, const char *language);

/**
 * fyr_limit_template_get_source:
 *
 * Returns: (transfer none): where the numbers come from; to be shown wherever the template is offered
 */
const char *
fyr_limit_template_get_source (FyrLimitTemplate *self);

/**
 * fyr_limit_template_get_rules:
 * @n_rules: (out): how many, at least 1
 *
 * Returns: (transfer none) (array length=n_rules): the limits, valid always: set the validity on a copy
 */
const FyrLimitRule *
fyr_limit_template_get_rules (FyrLimitTemplate *self, gsize *n_rules);

/**
 * fyr_limit_template_get_rule_source:
 * @index: index of the rule
 *
 * Returns: (transfer none): where this limit's numbers come from; the template's source when it names none
 */
const char *
fyr_limit_template_get_rule_source (FyrLimitTemplate *self, gsize index);

/**
 * fyr_limit_template_matches:
 * @code: (nullable): an ICPC-2 or ICD-10 code such as `R95` or `J44.1`
 *
 * Returns: whether the template is meant for the diagnosis (by code or its beginning)
 */
gboolean
fyr_limit_template_matches (FyrLimitTemplate *self, const char *code);

G_END_DECLS
