// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MAQUETTE_CLIPBOARD_H
#define MAQUETTE_CLIPBOARD_H

#include "remote.h"

/* As a component of the scenario that copies, under its clipboard's policy. */
bool clipboard_copy(Remote *remote, const char *text, GError **error);
/* Waits until the text is in what can be pasted; an exit code. */
int clipboard_await(Remote *remote, const char *text, gint64 seconds);

#endif
