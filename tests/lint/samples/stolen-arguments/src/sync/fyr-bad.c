/* SPDX-License-Identifier: GPL-3.0-or-later */
void
fyr_bad (void)
{
  call (g_task_get_cancellable (task), done, g_steal_pointer (&task));
  data->task = g_steal_pointer (&task);
}
