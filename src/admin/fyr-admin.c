/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fyr-config.h"
#include "fyr-server-error.h"

G_DEFINE_QUARK (fyr - admin - error - quark, fyr_admin_error)

const FyrAdminCommand fyr_admin_commands[] = {
  { "init", N_ ("Make a database with a first centre and administrator"), fyr_admin_init },
  { "organization", N_ ("Add, change or list organizations"), fyr_admin_organization },
  { "centre", N_ ("Add, change or list follow-up centres and their opening hours"), fyr_admin_centre },
  { "user", N_ ("Add or list users, set passwords, shut users out"), fyr_admin_user },
  { "role", N_ ("Give, end or list roles of users at centres"), fyr_admin_role },
  { "gateway", N_ ("Make, end or list tokens of gateways that report measurements"), fyr_admin_gateway },
  { "import", N_ ("Import measurements from a file"), fyr_admin_import },
  { "alerts", N_ ("List alerts"), fyr_admin_alerts },
  { "patients", N_ ("List patients"), fyr_admin_patients },
  { "access-log", N_ ("List, extract or verify the access log: who saw what of which patient"),
    fyr_admin_access_log },
  { "emergency", N_ ("List and review who opened which patient in an emergency"), fyr_admin_emergency },
  { "lift-lockout", N_ ("Let a user who typed too many wrong passwords try again"), fyr_admin_lift_lockout },
  { "quarantine", N_ ("List work that came after its author had lost access"), fyr_admin_quarantine },
  { "revocations", N_ ("List what workstations have not confirmed to be removed"), fyr_admin_revocations },
  { "workstation", N_ ("List workstations, shut one out"), fyr_admin_workstation },
  { "feeds", N_ ("List the feeds workstations follow"), fyr_admin_feeds },
  { "backup", N_ ("Copy the database, also while the server runs"), fyr_admin_backup },
  { "restore", N_ ("Put a backup in the place of the database"), fyr_admin_restore },
  { "migrate-database", N_ ("Move a centre from SQLite to PostgreSQL"), fyr_admin_migrate },
  { "verify", N_ ("Check database, feeds and references"), fyr_admin_verify },
  { "demo-data", N_ ("Fill a new database with a demonstration centre"), fyr_admin_demo_data },
  { NULL },
};

gint64
fyr_admin_now (void)
{
  return g_get_real_time () / 1000;
}

char *
fyr_admin_new_password (void)
{
  static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
  char *password = g_malloc (20);
  gsize n = 0;

  for (guint i = 0; i < 16; i++) {
    if (i > 0 && i % 4 == 0) {
      password[n++] = '-';
    }
    password[n++] = letters[g_random_int_range (0, sizeof letters - 1)];
  }
  password[n] = '\0';
  return password;
}

static const char *
default_data (void)
{
  const char *set = g_getenv ("FYRLYKT_DATA");

  return set != NULL ? set : "/var/lib/fyrlykt";
}

static char *database;

const char *
fyr_admin_get_database (void)
{
  return database != NULL ? database : g_getenv ("FYRLYKT_DATABASE");
}

static gboolean
parse (GOptionContext *context, int *argc, char ***argv, GError **error)
{
  g_option_context_set_strict_posix (context, FALSE);
  return g_option_context_parse (context, argc, argv, error);
}

gboolean
fyr_admin_parse (const char *name,
                 const char *arguments,
                 const char *summary,
                 const GOptionEntry *entries,
                 int *argc,
                 char ***argv,
                 const char **data)
{
  static char *folder;
  const GOptionEntry common[] = {
    { "database", 0, 0, G_OPTION_ARG_STRING, &database,
      N_ ("PostgreSQL database of the servers (FYRLYKT_DATABASE; default: the file in the data folder)"),
      "postgresql://…" },
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &folder,
      N_ ("Data folder of the server (FYRLYKT_DATA, /var/lib/fyrlykt)"), "DIR" },
    { NULL },
  };
  g_autofree char *usage = g_strjoin (" ", name, arguments != NULL ? arguments : "", NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&folder, g_free);
  g_clear_pointer (&database, g_free);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, common, NULL);
  if (entries != NULL) {
    g_option_context_add_main_entries (context, entries, NULL);
  }
  if (!parse (context, argc, argv, &error)) {
    g_printerr (_ ("fyrlykt-admin %s: %s\nSee: fyrlykt-admin %s --help\n"), name, error->message, name);
    return FALSE;
  }
  *data = folder != NULL ? folder : default_data ();
  return TRUE;
}

int
fyr_admin_fail (const char *name, GError *error)
{
  gboolean usage = g_error_matches (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE);

  g_printerr ("fyrlykt-admin %s: %s\n", name, error->message);
  if (usage) {
    g_printerr (_ ("See: fyrlykt-admin %s --help\n"), name);
  }
  if (g_error_matches (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_LOCKED)) {
    g_printerr (_ ("Stop that process first, or wait until it has ended.\n"));
  }
  g_error_free (error);
  return usage ? FYR_ADMIN_USAGE : FYR_ADMIN_FAILED;
}

static void
print_help (void)
{
  g_print (
      _ ("Usage: fyrlykt-admin COMMAND [OPTION…]\n\nSets up and looks after a Fyrlykt server. Commands:\n"));
  for (guint i = 0; fyr_admin_commands[i].name != NULL; i++) {
    g_print ("  %-16s %s\n", fyr_admin_commands[i].name, _ (fyr_admin_commands[i].summary));
  }
  g_print (_ ("\nEach has --help. Most work beside a running server too.\n"
              "Exit status: 0 done, 1 failed or not all done, 2 wrong use.\n"));
}

int
fyr_admin_run (int argc, char **argv)
{
  if (argc < 2 || strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
      strcmp (argv[1], "help") == 0) {
    print_help ();
    return argc < 2 ? FYR_ADMIN_USAGE : FYR_ADMIN_OK;
  }
  if (strcmp (argv[1], "--version") == 0) {
    g_print ("fyrlykt-admin %s\n", FYR_VERSION);
    return FYR_ADMIN_OK;
  }
  for (guint i = 0; fyr_admin_commands[i].name != NULL; i++) {
    if (strcmp (argv[1], fyr_admin_commands[i].name) == 0) {
      return fyr_admin_commands[i].run (argc - 1, argv + 1);
    }
  }
  g_printerr (_ ("fyrlykt-admin: there is no command “%s”; see fyrlykt-admin --help\n"), argv[1]);
  return FYR_ADMIN_USAGE;
}
