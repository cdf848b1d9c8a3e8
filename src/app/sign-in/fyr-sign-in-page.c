/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sign-in-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fyr-alert-text.h"
#include "fyr-children.h"
#include "fyr-form-field.h"
#include "fyr-store-error.h"

struct _FyrSignInPage {
  GtkWidget parent_instance;
  FyrAppContext *context;
  FyrBackend *backend;
  gboolean locked;
  gboolean busy;
  FyrSignInResult how;

  GtkStack *stack;
  GtkLabel *title;
  GtkLabel *explanation;
  FyrFormField *server_field;
  FyrFormField *user_field;
  FyrFormField *password_field;
  GtkEditable *server;
  GtkEditable *user;
  GtkEditable *password;
  GtkLabel *problem;
  GtkWidget *progress;
  GtkButton *enter;
  GtkWidget *other_person;
  GtkListBox *roles;
};

enum { ENTERED, REFUSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrSignInPage, fyr_sign_in_page, GTK_TYPE_WIDGET)

static void
set_busy (FyrSignInPage *self, gboolean busy)
{
  self->busy = busy;
  gtk_widget_set_visible (self->progress, busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.enter", !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->server), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->user), !busy && !self->locked);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password), !busy);
}

static void
clear_faults (FyrSignInPage *self)
{
  fyr_form_field_set_message (self->server_field, NULL);
  fyr_form_field_set_message (self->user_field, NULL);
  fyr_form_field_set_message (self->password_field, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
}

static void
show_problem (FyrSignInPage *self, const char *words)
{
  fyr_alert_text_set (self->problem, words);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
}

static void
fault_at (FyrFormField *field, const char *words)
{
  fyr_form_field_set_message (field, words);
  gtk_widget_grab_focus (GTK_WIDGET (field));
}

static void
show_store_error (FyrSignInPage *self, const GError *error)
{
  switch (error->code) {
  case FYR_STORE_ERROR_LOCKED_BY_OTHER:
    show_problem (self, _ ("Fyrlykt is running already on this machine. Use the window that is open."));
    break;
  case FYR_STORE_ERROR_NEWER:
    show_problem (self, _ ("A newer version of Fyrlykt has used this machine. Update the program."));
    break;
  case FYR_STORE_ERROR_CORRUPT:
    show_problem (
        self, _ ("This machine's database is damaged. Use another machine and tell the administrator; what "
                 "was not sent is in the file and can be saved."));
    break;
  case FYR_STORE_ERROR_FOREIGN:
    show_problem (
        self, _ ("This machine worked with another server, which alone can open its data. Check the address; "
                 "nothing was changed, and what was not sent is kept."));
    break;
  case FYR_STORE_ERROR_FULL:
    show_problem (self, _ ("The disk of this machine is full. Free some space and try again."));
    break;
  default:
    show_problem (self,
                  _ ("This machine's database gives no answer. Try again; if it goes on, use another machine "
                     "and tell the administrator."));
  }
}

static void
show_error (FyrSignInPage *self, const GError *error)
{
  if (error->domain == FYR_STORE_ERROR) {
    show_store_error (self, error);
    return;
  }
  switch (error->domain == FYR_SYNC_ERROR ? (FyrSyncErrorCode)error->code : FYR_SYNC_ERROR_STORE) {
  case FYR_SYNC_ERROR_CREDENTIALS:
    gtk_editable_set_text (self->password, "");
    fault_at (self->password_field, _ ("User name or password is wrong. Try again."));
    break;
  case FYR_SYNC_ERROR_LOCKED_OUT:
    fault_at (self->password_field,
              _ ("Too many wrong passwords. Wait 15 minutes, or ask the administrator."));
    break;
  case FYR_SYNC_ERROR_SHUT_OUT:
    show_problem (self, _ ("This workstation is shut out. Use another one, and talk to the administrator."));
    break;
  case FYR_SYNC_ERROR_UNKNOWN_HERE:
    fault_at (self->server_field,
              _ ("No contact with the server, and user name and password are not known on this "
                 "machine. Check the network and the address."));
    break;
  case FYR_SYNC_ERROR_EXPIRED:
    fault_at (self->server_field,
              _ ("No contact with the server for 12 hours. Signing in needs contact now: check "
                 "the network."));
    break;
  case FYR_SYNC_ERROR_MALFORMED:
    fault_at (self->server_field,
              _ ("There is no Fyrlykt server at this address. Check it for typing errors."));
    break;
  case FYR_SYNC_ERROR_INSECURE:
    fault_at (self->server_field, _ ("The address must begin with https://."));
    break;
  case FYR_SYNC_ERROR_SCHEMA:
    show_problem (self, _ ("This program is too old for the server. Update the program."));
    break;
  case FYR_SYNC_ERROR_SERVER_OLD:
    show_problem (self, _ ("The server is too old for this program. Tell the administrator that it must be "
                           "updated."));
    break;
  case FYR_SYNC_ERROR_BUSY:
    show_problem (self, _ ("The server is busy. Wait a little and try again."));
    break;
  case FYR_SYNC_ERROR_NETWORK:
    fault_at (self->server_field, _ ("No contact with the server. Check the network and the address."));
    break;
  default:
    show_problem (self, _ ("Signing in failed. Try again; if it goes on, tell the administrator."));
  }
}

static void
enter (FyrSignInPage *self)
{
  gtk_editable_set_text (self->password, "");
  set_busy (self, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "sign-in");
  self->locked = FALSE;
  g_signal_emit (self, signals[ENTERED], 0);
}

static void
on_role_activated (FyrSignInPage *self, GtkListBoxRow *row)
{
  fyr_backend_begin_session (self->backend, g_object_get_data (G_OBJECT (row), "membership"));
  enter (self);
}

static void
ask_for_role (FyrSignInPage *self, GPtrArray *memberships)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->roles))))
    gtk_list_box_remove (self->roles, child);
  for (guint i = 0; i < memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (memberships, i);
    GtkWidget *row = adw_action_row_new ();

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                   fyr_role_get_word (fyr_membership_get_role (membership)));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    g_object_set_data_full (G_OBJECT (row), "membership", g_object_ref (membership), g_object_unref);
    gtk_list_box_append (self->roles, row);
  }
  gtk_stack_set_visible_child_name (self->stack, "role");
  gtk_widget_child_focus (GTK_WIDGET (self->roles), GTK_DIR_TAB_FORWARD);
}

static void
choose_role (FyrSignInPage *self)
{
  g_autoptr (GPtrArray) memberships = fyr_backend_list_memberships (self->backend);

  if (memberships->len == 0) {
    show_problem (self, _ ("You have no role at this centre. Ask the administrator for one."));
    fyr_backend_sign_out (self->backend);
    g_signal_emit (self, signals[REFUSED], 0);
    return;
  }
  if (memberships->len > 1) {
    ask_for_role (self, memberships);
    g_signal_emit (self, signals[REFUSED], 0);
    return;
  }
  fyr_backend_begin_session (self->backend, g_ptr_array_index (memberships, 0));
  enter (self);
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  FyrSettings *settings = fyr_app_context_get_settings (self->context);

  self->how = fyr_backend_sign_in_finish (FYR_BACKEND (source), result, &error);
  set_busy (self, FALSE);
  if (self->how == FYR_SIGN_IN_FAILED) {
    show_error (self, error);
    g_signal_emit (self, signals[REFUSED], 0);
    return;
  }
  fyr_settings_set_server_url (settings, gtk_editable_get_text (self->server));
  fyr_settings_set_last_user (settings, gtk_editable_get_text (self->user));
  if (self->locked && fyr_app_context_is_signed_in (self->context))
    enter (self);
  else
    choose_role (self);
}

/* A bare name means https; nobody should have to type it. */
static void
complete_address (FyrSignInPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->server)));
  g_autofree char *full = NULL;

  while (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
  full = *text && !strstr (text, "://") ? g_strconcat ("https://", text, NULL) : g_strdup (text);
  if (!g_str_equal (full, gtk_editable_get_text (self->server)))
    gtk_editable_set_text (self->server, full);
}

static void
enter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrSignInPage *self = FYR_SIGN_IN_PAGE (widget);

  if (self->busy)
    return;
  clear_faults (self);
  complete_address (self);
  if (!*gtk_editable_get_text (self->password))
    fault_at (self->password_field, _ ("Type your password."));
  if (!*gtk_editable_get_text (self->user))
    fault_at (self->user_field, _ ("Type your user name."));
  if (!*gtk_editable_get_text (self->server))
    fault_at (self->server_field, _ ("Type the address of the centre's server. The administrator knows it."));
  if (fyr_form_field_is_in_error (self->password_field) || fyr_form_field_is_in_error (self->user_field) ||
      fyr_form_field_is_in_error (self->server_field))
    return;
  set_busy (self, TRUE);
  fyr_backend_sign_in_async (self->backend, gtk_editable_get_text (self->server),
                             gtk_editable_get_text (self->user), gtk_editable_get_text (self->password),
                             on_signed_in, g_object_ref (self));
}

static void
other_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrSignInPage *self = FYR_SIGN_IN_PAGE (widget);

  fyr_backend_sign_out (self->backend);
  fyr_sign_in_page_reset (self);
  fyr_sign_in_page_focus (self);
}

void
fyr_sign_in_page_fill (FyrSignInPage *self, const char *server_url, const char *user_name)
{
  g_return_if_fail (FYR_IS_SIGN_IN_PAGE (self));
  if (server_url)
    gtk_editable_set_text (self->server, server_url);
  if (user_name)
    gtk_editable_set_text (self->user, user_name);
}

void
fyr_sign_in_page_sign_in (FyrSignInPage *self, const char *password)
{
  g_return_if_fail (FYR_IS_SIGN_IN_PAGE (self));
  gtk_editable_set_text (self->password, password);
  enter_action (GTK_WIDGET (self), "sign-in.enter", NULL);
}

void
fyr_sign_in_page_lock (FyrSignInPage *self, const char *why)
{
  FyrUser *user = fyr_app_context_get_user (self->context);

  g_return_if_fail (user != NULL);
  self->locked = TRUE;
  clear_faults (self);
  gtk_editable_set_text (self->password, "");
  gtk_editable_set_text (self->user, fyr_user_get_user_name (user));
  gtk_label_set_label (self->title, _ ("Locked"));
  gtk_label_set_label (self->explanation, why ? why : _ ("Type your password to go on where you were."));
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->server_field), FALSE);
  gtk_widget_set_visible (self->other_person, TRUE);
  gtk_button_set_label (self->enter, _ ("_Unlock"));
  set_busy (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

void
fyr_sign_in_page_reset (FyrSignInPage *self)
{
  FyrSettings *settings = fyr_app_context_get_settings (self->context);

  self->locked = FALSE;
  clear_faults (self);
  gtk_editable_set_text (self->password, "");
  if (!*gtk_editable_get_text (self->server))
    gtk_editable_set_text (self->server, fyr_settings_get_server_url (settings));
  gtk_editable_set_text (self->user, fyr_settings_get_last_user (settings));
  gtk_label_set_label (self->title, _ ("Sign in"));
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->server_field), TRUE);
  gtk_widget_set_visible (self->other_person, FALSE);
  gtk_button_set_label (self->enter, _ ("_Sign in"));
  gtk_stack_set_visible_child_name (self->stack, "sign-in");
  set_busy (self, FALSE);
}

/* Also before the window is on the screen: the keyboard begins there. */
static gboolean
is_asked_for (FyrSignInPage *self, GtkWidget *field)
{
  while (field && field != GTK_WIDGET (self) && gtk_widget_get_visible (field))
    field = gtk_widget_get_parent (field);
  return field == GTK_WIDGET (self);
}

void
fyr_sign_in_page_focus (FyrSignInPage *self)
{
  GtkEditable *fields[] = { self->server, self->user, self->password };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (is_asked_for (self, GTK_WIDGET (fields[i])) && !*gtk_editable_get_text (fields[i])) {
      gtk_widget_grab_focus (GTK_WIDGET (fields[i]));
      return;
    }
  }
}

static void
on_failed (FyrSignInPage *self, const GError *error)
{
  show_store_error (self, error);
}

void
fyr_sign_in_page_set_backend (FyrSignInPage *self, FyrAppContext *context, FyrBackend *backend)
{
  g_return_if_fail (FYR_IS_SIGN_IN_PAGE (self) && !self->backend);
  self->context = g_object_ref (context);
  self->backend = g_object_ref (backend);
  g_signal_connect_object (backend, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  fyr_sign_in_page_reset (self);
  if (fyr_backend_get_error (backend))
    show_store_error (self, fyr_backend_get_error (backend));
}

static void
fyr_sign_in_page_dispose (GObject *object)
{
  FyrSignInPage *self = FYR_SIGN_IN_PAGE (object);

  g_clear_object (&self->backend);
  g_clear_object (&self->context);
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_sign_in_page_parent_class)->dispose (object);
}

static void
fyr_sign_in_page_class_init (FyrSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_sign_in_page_dispose;
  signals[ENTERED] = g_signal_new ("entered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[REFUSED] = g_signal_new ("refused", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/sign-in/fyr-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, title);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, server_field);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, user_field);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, password_field);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, server);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, user);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, password);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, problem);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, progress);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, enter);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, other_person);
  gtk_widget_class_bind_template_child (widget_class, FyrSignInPage, roles);
  gtk_widget_class_bind_template_callback (widget_class, on_role_activated);
  gtk_widget_class_install_action (widget_class, "sign-in.enter", NULL, enter_action);
  gtk_widget_class_install_action (widget_class, "sign-in.other", NULL, other_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
on_activate (FyrSignInPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.enter", NULL);
}

static void
fyr_sign_in_page_init (FyrSignInPage *self)
{
  GtkEditable *fields[3];

  gtk_widget_init_template (GTK_WIDGET (self));
  fields[0] = self->server;
  fields[1] = self->user;
  fields[2] = self->password;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_signal_connect_swapped (fields[i], "activate", G_CALLBACK (on_activate), self);
}
