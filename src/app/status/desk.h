// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * desk - the window manager's report about its layout, as far as a bar shows it
 *
 * No input or output.
 */
#ifndef STATUS_DESK_H
#define STATUS_DESK_H

#include <glib.h>
#include <maq/hid.h>

typedef struct {
	char *name; /* owned */
	bool focused, shown, urgent, occupied;
} DeskWorkspace;

typedef struct {
	GArray *workspaces; /* owned, of DeskWorkspace */
	char *mode;         /* owned; of the key map */
	char *focused;      /* owned: label of the tile with the focus; NULL */
	bool light;         /* the theme */
} Desk;

void desk_init(Desk *desk); /* no workspaces */
void desk_fini(Desk *desk);
/* What is no report of a layout has no workspaces. */
void desk_read(Desk *desk, const char *text, gsize size);

#endif
