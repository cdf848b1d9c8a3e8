/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-empty-state.h"

#include <adwaita.h>

GtkWidget *
fyr_empty_state_new (const char *icon_name,
                     const char *title,
                     const char *description,
                     const char *button_label,
                     const char *action_name)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *button;

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon_name);
  fyr_empty_state_set (page, title, description);
  gtk_widget_add_css_class (page, "compact");
  if (!button_label)
    return page;
  button = gtk_button_new_with_mnemonic (button_label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
  return page;
}

void
fyr_empty_state_set (GtkWidget *empty_state, const char *title, const char *description)
{
  if (title)
    adw_status_page_set_title (ADW_STATUS_PAGE (empty_state), title);
  if (description) {
    g_autofree char *escaped = g_markup_escape_text (description, -1);

    adw_status_page_set_description (ADW_STATUS_PAGE (empty_state), escaped);
  }
}
