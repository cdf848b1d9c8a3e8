/* SPDX-License-Identifier: GPL-3.0-or-later */
f (_("Close"), _("Take"), _("Note"));
