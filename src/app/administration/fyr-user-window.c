/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-user-window.h"

#include <glib/gi18n.h>

#include "fyr-form-field.h"
#include "fyr-form-window.h"
#include "fyr-format.h"
#include "fyr-mutation.h"
#include "fyr-store-query.h"
#include "fyr-text-fold.h"
#include "fyr-uuid.h"

struct _FyrUserWindow {
  AdwWindow parent_instance;
  FyrAppContext *context;
  FyrStore *store;
  FyrUser *user;          /* as it was; a new one has no id */
  GPtrArray *memberships; /* of the user, valid now */
  GtkWidget *role_switches[FYR_ROLE_LAST + 1];

  FyrFormField *name_field;
  FyrFormField *user_name_field;
  FyrFormField *telephone_field;
  FyrFormField *hpr_field;
  GtkEditable *name;
  GtkEditable *user_name;
  GtkEditable *telephone;
  GtkEditable *hpr;
  GtkSwitch *active;
  GtkListBox *roles;
  GtkWidget *password_words;
};

G_DEFINE_FINAL_TYPE (FyrUserWindow, fyr_user_window, ADW_TYPE_WINDOW)

static gboolean
is_new (FyrUserWindow *self)
{
  return !*fyr_record_get_id (FYR_RECORD (self->user));
}

static FyrMembership *
membership_as (FyrUserWindow *self, FyrRole role)
{
  for (guint i = 0; self->memberships && i < self->memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (self->memberships, i);

    if (fyr_membership_get_role (membership) == role)
      return membership;
  }
  return NULL;
}

static void
show_roles (FyrUserWindow *self)
{
  for (guint role = 1; role <= FYR_ROLE_LAST; role++)
    gtk_switch_set_active (GTK_SWITCH (self->role_switches[role]), membership_as (self, role) != NULL);
}

static void
on_memberships (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrUserWindow) self = user_data;
  g_autoptr (GPtrArray) all = fyr_store_list_records_finish (FYR_STORE (source), result, NULL);
  gint64 now = fyr_now ();

  if (!all || !self->context)
    return;
  g_ptr_array_set_size (self->memberships, 0);
  for (guint i = 0; i < all->len; i++) {
    FyrMembership *membership = g_ptr_array_index (all, i);

    if (!fyr_membership_has_valid_to (membership) || fyr_membership_get_valid_to (membership) > now)
      g_ptr_array_add (self->memberships, g_object_ref (membership));
  }
  show_roles (self);
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
}

/* An empty field is unset, not the empty text. */
static const char *
text_of (GtkEditable *editable)
{
  const char *text = gtk_editable_get_text (editable);

  return *text ? text : NULL;
}

static gboolean
check (FyrUserWindow *self)
{
  g_autofree char *number = fyr_telephone_normalize (text_of (self->telephone));
  gboolean has_name = *gtk_editable_get_text (self->name) != '\0';
  gboolean has_user_name = *gtk_editable_get_text (self->user_name) != '\0';
  gboolean has_space = strchr (gtk_editable_get_text (self->user_name), ' ') != NULL;
  gboolean has_number = !text_of (self->telephone) || number;

  fyr_form_field_set_message (self->name_field, has_name ? NULL : _ ("Type the full name."));
  fyr_form_field_set_message (self->user_name_field, !has_user_name
                                                         ? _ ("Type what the person signs in with.")
                                                     : has_space ? _ ("Without spaces.")
                                                                 : NULL);
  fyr_form_field_set_message (
      self->telephone_field,
      has_number ? NULL : _ ("Not a telephone number. Eight digits, or + and a country code."));
  if (!has_name)
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
  else if (!has_user_name || has_space)
    gtk_widget_grab_focus (GTK_WIDGET (self->user_name));
  else if (!has_number)
    gtk_widget_grab_focus (GTK_WIDGET (self->telephone));
  return has_name && has_user_name && !has_space && has_number;
}

static FyrUser *
user_as_typed (FyrUserWindow *self)
{
  FyrUser *user = (FyrUser *)fyr_record_copy (FYR_RECORD (self->user));
  g_autofree char *number = fyr_telephone_normalize (text_of (self->telephone));

  if (is_new (self)) {
    char id[FYR_UUID_TEXT_SIZE];

    fyr_uuid_v7_new (fyr_now (), id);
    fyr_record_set_id (FYR_RECORD (user), id);
    fyr_user_set_centre_id (user, fyr_app_context_get_centre_id (self->context));
  }
  fyr_user_set_name (user, text_of (self->name));
  fyr_user_set_user_name (user, text_of (self->user_name));
  fyr_user_set_telephone (user, number);
  fyr_user_set_hpr_number (user, text_of (self->hpr));
  fyr_user_set_active (user, gtk_switch_get_active (self->active));
  return user;
}

/* A role is given by a new membership and ended by its date: who was what when stays known. */
static void
add_role_changes (FyrUserWindow *self, FyrUser *user, GPtrArray *mutations)
{
  const char *author = fyr_app_context_get_user_id (self->context);

  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    gboolean wanted = gtk_switch_get_active (GTK_SWITCH (self->role_switches[role]));
    FyrMembership *had = membership_as (self, role);

    if (wanted && !had) {
      g_autoptr (FyrRecord) given = FYR_RECORD (fyr_membership_new ());

      fyr_membership_set_user_id ((FyrMembership *)given, fyr_record_get_id (FYR_RECORD (user)));
      fyr_membership_set_centre_id ((FyrMembership *)given, fyr_app_context_get_centre_id (self->context));
      fyr_membership_set_role ((FyrMembership *)given, role);
      fyr_membership_set_valid_from ((FyrMembership *)given, fyr_now ());
      g_ptr_array_add (mutations, fyr_mutation_new_create (given, author));
    } else if (!wanted && had) {
      g_autoptr (FyrRecord) ended = fyr_record_copy (FYR_RECORD (had));

      fyr_membership_set_valid_to ((FyrMembership *)ended, fyr_now ());
      g_ptr_array_add (mutations, fyr_mutation_new_update (FYR_RECORD (had), ended, author));
    }
  }
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FyrUserWindow *self = FYR_USER_WINDOW (widget);
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (g_object_unref);
  const char *author = fyr_app_context_get_user_id (self->context);
  g_autoptr (FyrUser) user = NULL;
  FyrMutation *mutation;

  if (!check (self))
    return;
  user = user_as_typed (self);
  mutation = is_new (self) ? fyr_mutation_new_create (FYR_RECORD (user), author)
                           : fyr_mutation_new_update (FYR_RECORD (self->user), FYR_RECORD (user), author);
  if (mutation)
    g_ptr_array_add (mutations, mutation);
  add_role_changes (self, user, mutations);
  fyr_form_window_save (GTK_WINDOW (self), self->context, mutations, _ ("User saved"));
}

static void
fill (FyrUserWindow *self)
{
  const char *name = fyr_user_get_name (self->user);
  const char *user_name = fyr_user_get_user_name (self->user);
  const char *hpr = fyr_user_get_hpr_number (self->user);
  g_autofree char *telephone = fyr_telephone_format (fyr_user_get_telephone (self->user));

  gtk_editable_set_text (self->name, name ? name : "");
  gtk_editable_set_text (self->user_name, user_name ? user_name : "");
  gtk_editable_set_text (self->telephone, telephone ? telephone : "");
  gtk_editable_set_text (self->hpr, hpr ? hpr : "");
  gtk_switch_set_active (self->active, is_new (self) || fyr_user_get_active (self->user));
  gtk_window_set_title (GTK_WINDOW (self), is_new (self) ? _ ("New user") : name);
  gtk_widget_set_visible (self->password_words, is_new (self));
}

static void
make_roles (FyrUserWindow *self)
{
  for (guint role = 1; role <= FYR_ROLE_LAST; role++) {
    GtkWidget *row = adw_action_row_new ();
    GtkWidget *toggle = gtk_switch_new ();

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), fyr_role_get_word (role));
    gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    fyr_role_get_word (role), -1);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
    gtk_list_box_append (self->roles, row);
    self->role_switches[role] = toggle;
  }
}

static void
fyr_user_window_dispose (GObject *object)
{
  FyrUserWindow *self = FYR_USER_WINDOW (object);

  g_clear_object (&self->user);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  G_OBJECT_CLASS (fyr_user_window_parent_class)->dispose (object);
}

static void
fyr_user_window_class_init (FyrUserWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_user_window_dispose;
  g_type_ensure (FYR_TYPE_FORM_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/fyrlykt/Fyrlykt/administration/fyr-user-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, name_field);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, user_name_field);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, telephone_field);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, hpr_field);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, name);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, user_name);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, telephone);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, hpr);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, active);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, roles);
  gtk_widget_class_bind_template_child (widget_class, FyrUserWindow, password_words);
  gtk_widget_class_install_action (widget_class, "user.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "user.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "user.save", NULL);
}

static void
fyr_user_window_init (FyrUserWindow *self)
{
  self->memberships = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  make_roles (self);
}

GtkWidget *
fyr_user_window_new (GtkWindow *parent, FyrAppContext *context, FyrUser *user)
{
  FyrUserWindow *self = g_object_new (FYR_TYPE_USER_WINDOW, "transient-for", parent, "modal", TRUE, NULL);

  self->context = g_object_ref (context);
  self->store = g_object_ref (fyr_app_context_get_store (context));
  self->user = user ? g_object_ref (user) : fyr_user_new ();
  fill (self);
  if (user)
    fyr_store_list_records_async (self->store, "membership", "user_id", fyr_record_get_id (FYR_RECORD (user)),
                                  NULL, on_memberships, g_object_ref (self));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->name));
  fyr_form_window_keep_unsaved (GTK_WINDOW (self), NULL);
  return GTK_WIDGET (self);
}
