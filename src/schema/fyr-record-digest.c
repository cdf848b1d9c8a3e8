/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-digest.h"

#include <stdlib.h>
#include <string.h>

#include "fyr-canonical-json.h"

/* Members before the fields: places in an order are these, then fields from FIRST_FIELD on. */
#define ID_MEMBER 0
#define VERSION_MEMBER 1
#define FIRST_FIELD 2
#define MAX_MEMBERS (64 + FIRST_FIELD)

typedef struct {
  guint n;
  guint8 members[MAX_MEMBERS];
} Order;

static const char *
member_name (const FyrRecordInfo *info, guint member)
{
  return member == ID_MEMBER        ? "id"
         : member == VERSION_MEMBER ? "version"
                                    : info->fields[member - FIRST_FIELD].name;
}

static int
compare_members (gconstpointer a, gconstpointer b, gpointer info)
{
  return strcmp (member_name (info, *(const guint8 *)a), member_name (info, *(const guint8 *)b));
}

static Order *
order_new (const FyrRecordInfo *info)
{
  Order *order = g_new0 (Order, 1);

  order->n = MIN (info->n_fields + FIRST_FIELD, MAX_MEMBERS);
  for (guint i = 0; i < order->n; i++)
    order->members[i] = (guint8)i;
  g_qsort_with_data (order->members, (int)order->n, 1, compare_members, (gpointer)info);
  return order;
}

/* A kind's members by name; made once, kept for good. */
static const Order *
find_order (const FyrRecordInfo *info)
{
  static GHashTable *orders;
  static GMutex mutex;
  Order *order;

  g_mutex_lock (&mutex);
  if (orders == NULL)
    orders = g_hash_table_new (NULL, NULL);
  order = g_hash_table_lookup (orders, info);
  if (order == NULL) {
    order = order_new (info);
    g_hash_table_insert (orders, (gpointer)info, order);
  }
  g_mutex_unlock (&mutex);
  return order;
}

static void
append_int (GString *text, gint64 value)
{
  g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
}

static void
append_field (FyrRecord *self, guint field, GString *text)
{
  const FyrFieldInfo *info = &self->info->fields[field];
  const char *string;

  switch (info->type) {
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    append_int (text, fyr_record_get_int (self, field));
    return;
  case FYR_FIELD_BOOL:
    g_string_append (text, fyr_record_get_int (self, field) != 0 ? "true" : "false");
    return;
  case FYR_FIELD_REAL:
    fyr_canonical_json_append_real (text, fyr_record_get_real (self, field));
    return;
  case FYR_FIELD_ENUM:
    string = fyr_enum_to_code (info->enum_info, (guint)fyr_record_get_int (self, field));
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  case FYR_FIELD_DATE:
  case FYR_FIELD_ID:
  default:
    string = fyr_record_get_string (self, field);
    break;
  }
  /* A damaged row may hold a number that is no code. */
  if (string != NULL)
    fyr_canonical_json_append_string (text, string);
  else
    g_string_append (text, "null");
}

static void
append_member (FyrRecord *self, guint member, GString *text)
{
  if (member == ID_MEMBER)
    fyr_canonical_json_append_string (text, fyr_record_get_id (self));
  else if (member == VERSION_MEMBER)
    append_int (text, fyr_record_get_version (self));
  else
    append_field (self, member - FIRST_FIELD, text);
}

static gboolean
is_written (FyrRecord *self, guint member, guint class_mask)
{
  guint field = member - FIRST_FIELD;

  return member < FIRST_FIELD || (fyr_record_is_set (self, field) &&
                                  (class_mask & (1u << self->info->fields[field].field_class)) != 0);
}

void
fyr_record_append_canonical (FyrRecord *self, guint class_mask, GString *text)
{
  const Order *order;
  gboolean comma = FALSE;

  if (class_mask == G_MAXUINT && fyr_record_get_extra (self) != NULL) {
    g_autoptr (JsonNode) node = json_node_alloc ();

    json_node_init_object (node, NULL);
    json_node_take_object (node, fyr_record_to_json (self, class_mask));
    fyr_canonical_json_append (text, node, NULL);
    return;
  }
  order = find_order (self->info);
  g_string_append_c (text, '{');
  for (guint i = 0; i < order->n; i++) {
    guint member = order->members[i];

    if (!is_written (self, member, class_mask))
      continue;
    if (comma)
      g_string_append_c (text, ',');
    comma = TRUE;
    g_string_append_c (text, '"');
    g_string_append (text, member_name (self->info, member));
    g_string_append (text, "\":");
    append_member (self, member, text);
  }
  g_string_append_c (text, '}');
}

void
fyr_record_hash (FyrRecord *self, guint class_mask, char hash[FYR_ROW_HASH_SIZE])
{
  g_autoptr (GString) text = g_string_sized_new (512);
  g_autofree char *whole = NULL;

  fyr_record_append_canonical (self, class_mask, text);
  whole = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text->str, text->len);
  g_strlcpy (hash, whole, FYR_ROW_HASH_SIZE);
}

void
fyr_record_digest_init (FyrRecordDigest *self)
{
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->count = 0;
}

void
fyr_record_digest_add (FyrRecordDigest *self, const char *hash)
{
  g_checksum_update (self->checksum, (const guchar *)hash, -1);
  self->count++;
}

const char *
fyr_record_digest_get (FyrRecordDigest *self)
{
  return g_checksum_get_string (self->checksum);
}

void
fyr_record_digest_clear (FyrRecordDigest *self)
{
  g_clear_pointer (&self->checksum, g_checksum_free);
}
