/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-help-window.h"

#include <glib/gi18n.h>

#include "fyr-help-page.h"

struct _FyrHelpWindow {
  AdwWindow parent_instance;

  GtkWidget *scroller;
  GtkWidget *back;
  GPtrArray *history;
};

G_DEFINE_FINAL_TYPE (FyrHelpWindow, fyr_help_window, ADW_TYPE_WINDOW)

static GtkWidget *
add_label (GtkBox *box, const char *words, const char *style)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL) {
    gtk_widget_add_css_class (label, style);
  }
  gtk_box_append (box, label);
  return label;
}

/* A term or number in front, the words beside it. */
static void
add_pair (GtkBox *box, const char *mark, const char *words)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *front = add_label (GTK_BOX (row), mark, "dim-label");

  gtk_widget_set_valign (front, GTK_ALIGN_START);
  gtk_widget_set_hexpand (add_label (GTK_BOX (row), words, NULL), TRUE);
  gtk_box_append (box, row);
}

static void
add_block (GtkBox *box, const FyrHelpBlock *block)
{
  g_autofree char *number = NULL;

  switch (block->kind) {
  case FYR_HELP_BLOCK_STEP:
    number = g_strdup_printf ("%d.", block->number);
    add_pair (box, number, block->text);
    break;
  case FYR_HELP_BLOCK_ITEM:
    add_pair (box, "•", block->text);
    break;
  case FYR_HELP_BLOCK_KEY:
    add_pair (box, block->term != NULL ? block->term : "", block->text);
    break;
  case FYR_HELP_BLOCK_PARAGRAPH:
  default:
    add_label (box, block->text, NULL);
    break;
  }
}

static void
link_clicked (GtkButton *button, FyrHelpWindow *self)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "page"));

  fyr_help_window_show_page (self, id);
}

static void
add_link (FyrHelpWindow *self, GtkBox *box, const char *language, const char *id)
{
  g_autoptr (FyrHelpPage) page = fyr_help_page_load (language, id, NULL);
  GtkWidget *button;

  if (page == NULL) {
    return;
  }
  button = gtk_button_new_with_label (page->title);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "link");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, page->description);
  g_object_set_data_full (G_OBJECT (button), "page", g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (link_clicked), self);
  gtk_box_append (box, button);
}

static void
add_links (FyrHelpWindow *self, GtkBox *box, const char *language, const FyrHelpPage *page)
{
  if (g_str_equal (page->id, "index")) {
    g_auto (GStrv) ids = fyr_help_page_list ();

    for (int i = 0; ids[i] != NULL; i++) {
      add_link (self, box, language, ids[i]);
    }
    return;
  }
  if (page->see_also->len > 0) {
    add_label (box, _ ("See also"), "heading");
  }
  for (guint i = 0; i < page->see_also->len; i++) {
    add_link (self, box, language, page->see_also->pdata[i]);
  }
}

static void
render (FyrHelpWindow *self, const char *language, const FyrHelpPage *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *title;

  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  title = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "label", page->title,
                        "wrap", TRUE, "xalign", 0.0f, NULL);
  gtk_widget_add_css_class (title, "title-1");
  gtk_box_append (GTK_BOX (box), title);
  for (guint i = 0; i < page->blocks->len; i++) {
    add_block (GTK_BOX (box), page->blocks->pdata[i]);
  }
  add_links (self, GTK_BOX (box), language, page);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), clamp);
  gtk_window_set_title (GTK_WINDOW (self), page->title);
  gtk_widget_set_sensitive (self->back, self->history->len > 1);
}

void
fyr_help_window_show_page (FyrHelpWindow *self, const char *id)
{
  const char *language = fyr_help_page_choose_language (g_get_language_names ());
  g_autoptr (FyrHelpPage) page = NULL;

  g_return_if_fail (FYR_IS_HELP_WINDOW (self));

  page = fyr_help_page_load (language, id != NULL ? id : "index", NULL);
  if (page == NULL) {
    page = fyr_help_page_load (language, "index", NULL);
  }
  g_return_if_fail (page != NULL);
  if (g_strcmp0 (fyr_help_window_get_page (self), page->id) != 0) {
    g_ptr_array_add (self->history, g_strdup (page->id));
  }
  render (self, language, page);
}

const char *
fyr_help_window_get_page (FyrHelpWindow *self)
{
  g_return_val_if_fail (FYR_IS_HELP_WINDOW (self), NULL);

  return self->history->len > 0 ? self->history->pdata[self->history->len - 1] : NULL;
}

static void
go_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  FyrHelpWindow *self = FYR_HELP_WINDOW (widget);

  if (self->history->len > 1) {
    g_ptr_array_set_size (self->history, self->history->len - 1);
    fyr_help_window_show_page (self, fyr_help_window_get_page (self));
  }
}

static void
fyr_help_window_finalize (GObject *object)
{
  FyrHelpWindow *self = FYR_HELP_WINDOW (object);

  g_clear_pointer (&self->history, g_ptr_array_unref);
  G_OBJECT_CLASS (fyr_help_window_parent_class)->finalize (object);
}

static void
fyr_help_window_class_init (FyrHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fyr_help_window_finalize;
  gtk_widget_class_install_action (widget_class, "help.back", NULL, go_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
fyr_help_window_init (FyrHelpWindow *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();

  self->history = g_ptr_array_new_with_free_func (g_free);
  self->back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  gtk_widget_set_tooltip_text (self->back, _ ("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Back"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->back), "help.back");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->back);
  self->scroller = gtk_scrolled_window_new ();
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_box_append (GTK_BOX (content), header);
  gtk_box_append (GTK_BOX (content), self->scroller);
  adw_window_set_content (ADW_WINDOW (self), content);
  gtk_window_set_default_size (GTK_WINDOW (self), 620, 640);
}

FyrHelpWindow *
fyr_help_window_new (GtkWindow *parent)
{
  return g_object_new (FYR_TYPE_HELP_WINDOW, "transient-for", parent, NULL);
}
