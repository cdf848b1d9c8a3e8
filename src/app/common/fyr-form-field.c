/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-form-field.h"

#include <glib/gi18n.h>

#include "fyr-children.h"

struct _FyrFormField {
  GtkWidget parent_instance;
  GtkWidget *label;
  GtkWidget *child;
  GtkWidget *hint;
  GtkWidget *message;
  char *label_text;
  gboolean warning;
  gboolean required;
  guint frames_to_scroll; /* 0 when nothing is to be scrolled */
};

enum { PROP_0, PROP_LABEL, PROP_HINT, PROP_MESSAGE, PROP_WARNING, PROP_REQUIRED, PROP_CHILD, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
fyr_form_field_buildable (GtkBuildableIface *iface);

G_DEFINE_TYPE_WITH_CODE (FyrFormField,
                         fyr_form_field,
                         GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, fyr_form_field_buildable))

static GtkBuildableIface *parent_buildable;

static void
update_label (FyrFormField *self)
{
  g_autofree char *text = NULL;

  if (self->required)
    /* Translators: the label of a field that must be filled in. */
    text = g_strdup_printf (_ ("%s (required)"), self->label_text ? self->label_text : "");
  gtk_label_set_label (GTK_LABEL (self->label), text ? text : self->label_text ? self->label_text : "");
  if (self->child && GTK_IS_DROP_DOWN (self->child))
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (self->child)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, self->label_text ? self->label_text : "",
                                    -1);
}

/* What is said of the control after its name: the hint, and what is wrong. */
static void
update_description (FyrFormField *self)
{
  const char *message = gtk_label_get_label (GTK_LABEL (self->message));
  const char *hint = gtk_label_get_label (GTK_LABEL (self->hint));
  g_autofree char *text = g_strdup_printf ("%s%s%s", message, *message && *hint ? " " : "", hint);

  if (!self->child)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->child), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->child), GTK_ACCESSIBLE_STATE_INVALID,
      *message && !self->warning ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* Hint and message too, which the scrolled window, that cares for the control alone, leaves out of view. */
static void
scroll_into_view (FyrFormField *self)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);
  GtkAdjustment *adjustment;
  graphene_rect_t bounds;
  double top;

  if (!viewport || !gtk_widget_compute_bounds (GTK_WIDGET (self), viewport, &bounds))
    return;
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
  top = gtk_adjustment_get_value (adjustment) + bounds.origin.y;
  if (bounds.size.height <= gtk_adjustment_get_page_size (adjustment))
    gtk_adjustment_clamp_page (adjustment, top, top + bounds.size.height);
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  FyrFormField *self = FYR_FORM_FIELD (widget);

  if (--self->frames_to_scroll > 0)
    return G_SOURCE_CONTINUE;
  scroll_into_view (self);
  return G_SOURCE_REMOVE;
}

/* In the frame after the next, when a message that was shown just now has its place. */
static void
scroll_soon (FyrFormField *self)
{
  if (self->frames_to_scroll == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
  self->frames_to_scroll = 2;
}

static void
show_message (FyrFormField *self, const char *message, gboolean warning)
{
  const char *text = message ? message : "";

  if (g_str_equal (text, gtk_label_get_label (GTK_LABEL (self->message))) && self->warning == warning)
    return;
  self->warning = warning;
  gtk_label_set_label (GTK_LABEL (self->message), text);
  gtk_widget_set_visible (self->message, *text != '\0');
  gtk_widget_remove_css_class (GTK_WIDGET (self), "in-error");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "in-doubt");
  if (*text)
    gtk_widget_add_css_class (GTK_WIDGET (self), warning ? "in-doubt" : "in-error");
  if (self->child) {
    gtk_widget_remove_css_class (self->child, "error");
    gtk_widget_remove_css_class (self->child, "warning");
    if (*text)
      gtk_widget_add_css_class (self->child, warning ? "warning" : "error");
  }
  update_description (self);
  if (gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_FOCUS_WITHIN)
    scroll_soon (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

void
fyr_form_field_set_message (FyrFormField *self, const char *message)
{
  g_return_if_fail (FYR_IS_FORM_FIELD (self));
  show_message (self, message, FALSE);
}

void
fyr_form_field_set_warning_message (FyrFormField *self, const char *message)
{
  g_return_if_fail (FYR_IS_FORM_FIELD (self));
  show_message (self, message, TRUE);
}

const char *
fyr_form_field_get_message (FyrFormField *self)
{
  g_return_val_if_fail (FYR_IS_FORM_FIELD (self), NULL);
  return gtk_label_get_label (GTK_LABEL (self->message));
}

gboolean
fyr_form_field_is_in_error (FyrFormField *self)
{
  g_return_val_if_fail (FYR_IS_FORM_FIELD (self), FALSE);
  return !self->warning && *fyr_form_field_get_message (self) != '\0';
}

void
fyr_form_field_set_hint (FyrFormField *self, const char *hint)
{
  g_return_if_fail (FYR_IS_FORM_FIELD (self));
  gtk_label_set_label (GTK_LABEL (self->hint), hint ? hint : "");
  gtk_widget_set_visible (self->hint, hint && *hint);
  update_description (self);
}

GtkWidget *
fyr_form_field_get_child (FyrFormField *self)
{
  g_return_val_if_fail (FYR_IS_FORM_FIELD (self), NULL);
  return self->child;
}

static void
set_child (FyrFormField *self, GtkWidget *child)
{
  g_return_if_fail (!self->child);
  if (!child)
    return;
  self->child = child;
  gtk_widget_insert_after (child, GTK_WIDGET (self), self->label);
  gtk_label_set_mnemonic_widget (GTK_LABEL (self->label), child);
  update_label (self);
  update_description (self);
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child) && !type)
    set_child (FYR_FORM_FIELD (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
fyr_form_field_buildable (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static void
fyr_form_field_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrFormField *self = FYR_FORM_FIELD (object);

  switch (prop_id) {
  case PROP_LABEL:
    g_value_set_string (value, self->label_text);
    break;
  case PROP_HINT:
    g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->hint)));
    break;
  case PROP_MESSAGE:
    g_value_set_string (value, fyr_form_field_get_message (self));
    break;
  case PROP_WARNING:
    g_value_set_boolean (value, self->warning);
    break;
  case PROP_REQUIRED:
    g_value_set_boolean (value, self->required);
    break;
  case PROP_CHILD:
    g_value_set_object (value, self->child);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_form_field_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  FyrFormField *self = FYR_FORM_FIELD (object);

  switch (prop_id) {
  case PROP_LABEL:
    g_free (self->label_text);
    self->label_text = g_value_dup_string (value);
    update_label (self);
    break;
  case PROP_HINT:
    fyr_form_field_set_hint (self, g_value_get_string (value));
    break;
  case PROP_MESSAGE:
    show_message (self, g_value_get_string (value), self->warning);
    break;
  case PROP_WARNING:
    show_message (self, fyr_form_field_get_message (self), g_value_get_boolean (value));
    break;
  case PROP_REQUIRED:
    self->required = g_value_get_boolean (value);
    update_label (self);
    break;
  case PROP_CHILD:
    set_child (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static gboolean
fyr_form_field_grab_focus (GtkWidget *widget)
{
  FyrFormField *self = FYR_FORM_FIELD (widget);

  return self->child && gtk_widget_grab_focus (self->child);
}

static void
fyr_form_field_dispose (GObject *object)
{
  FYR_FORM_FIELD (object)->child = NULL;
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_form_field_parent_class)->dispose (object);
}

static void
fyr_form_field_finalize (GObject *object)
{
  g_free (FYR_FORM_FIELD (object)->label_text);
  G_OBJECT_CLASS (fyr_form_field_parent_class)->finalize (object);
}

static void
fyr_form_field_class_init (FyrFormFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = fyr_form_field_dispose;
  object_class->finalize = fyr_form_field_finalize;
  object_class->get_property = fyr_form_field_get_property;
  object_class->set_property = fyr_form_field_set_property;
  widget_class->grab_focus = fyr_form_field_grab_focus;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_WARNING] = g_param_spec_boolean ("warning", NULL, NULL, FALSE, flags);
  properties[PROP_REQUIRED] = g_param_spec_boolean ("required", NULL, NULL, FALSE, flags);
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "formfield");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
text_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
fyr_form_field_init (FyrFormField *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (focus, "enter", G_CALLBACK (scroll_soon), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 4);
  self->label = text_label ("field-label");
  self->message = text_label ("field-message");
  self->hint = text_label ("dim-label");
  gtk_widget_add_css_class (self->hint, "caption");
  gtk_widget_set_visible (self->message, FALSE);
  gtk_widget_set_visible (self->hint, FALSE);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_parent (self->message, GTK_WIDGET (self));
  gtk_widget_set_parent (self->hint, GTK_WIDGET (self));
}

GtkWidget *
fyr_form_field_new (const char *label, GtkWidget *child)
{
  return g_object_new (FYR_TYPE_FORM_FIELD, "label", label, "child", child, NULL);
}
