/* SPDX-License-Identifier: GPL-3.0-or-later */
#if GTK_CHECK_VERSION(4, 10, 0)
#endif
