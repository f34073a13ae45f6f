// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan - a layout as HID: the one of the start, the one that is saved, the state
 *
 *     + workspace main | focus: yes
 *       + columns | share: 70
 *         + frame | focus: yes
 *           + client terminal | visible: yes
 *         + rows
 *           + frame
 *             + client status
 *           + frame
 *       + float calculator | x: 40 | y: 40 | width: 300 | height: 200
 *     + scratchpad
 *       + client notes
 *
 * columns and rows have two sub nodes each, the first with share percent (default 50).
 * A node columns, rows or frame beside the workspaces is the workspace "1".
 */
#ifndef WM_PLAN_H
#define WM_PLAN_H

#include "layout.h"

#include <maq/hid.h>

/* What is to be done with a client of that label when it comes. */
typedef struct {
	char *label;     /* owned: with ? and * as in file names */
	char *workspace; /* owned; NULL: the one with the focus */
	bool floats, scratchpad, docked, follow;
	Area area; /* of a floating one; nothing: in the middle */
	Side side; /* of a docked one */
	int size;
} Wish;

void wish_free(gpointer wish);
/* The first that fits, NULL. */
const Wish *wishes_find(const GPtrArray *wishes, const char *label);

/* layout is new. Wishes of clients that are in no frame are added to wishes. */
void plan_apply(Layout *layout, const MaqHidNode *config, GPtrArray *wishes);

typedef struct {
	const char *(*label)(void *data, ClientId client);
	/* Optional: more attributes of the client's node. */
	void (*describe)(void *data, ClientId client, MaqHidBuilder *out);
	/* Optional: whether one of that label is somewhere. */
	bool (*present)(void *data, const char *label);
	bool areas; /* of frames, too */
	void *data;
} PlanClients;

/* Appends the nodes that plan_apply understands. */
void plan_write(const Layout *layout, MaqHidBuilder *out, const PlanClients *clients);

#endif
