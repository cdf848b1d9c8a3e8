/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-state.h"

G_DEFINE_ENUM_TYPE (FyrSyncState,
                    fyr_sync_state,
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_SIGNED_OUT, "signed-out"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_POLLING, "polling"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (FYR_SYNC_STATE_UPGRADE_NEEDED, "upgrade-needed"))

G_DEFINE_QUARK (fyr - sync - error - quark, fyr_sync_error)

const char *
fyr_sync_state_to_code (FyrSyncState state)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (FYR_TYPE_SYNC_STATE);
  GEnumValue *value = g_enum_get_value (klass, (int)state);

  return value != NULL ? value->value_nick : "unknown";
}

gboolean
fyr_sync_state_is_online (FyrSyncState state)
{
  return state == FYR_SYNC_STATE_LIVE || state == FYR_SYNC_STATE_POLLING;
}
