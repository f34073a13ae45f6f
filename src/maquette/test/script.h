// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script - makes steps of an expectation of what a user does
 *
 * A value without a display: acts go in as Event tells them, text comes out.
 */
#ifndef MAQUETTE_SCRIPT_H
#define MAQUETTE_SCRIPT_H

#include <maq/event.h>

typedef struct {
	MaqEventActKind kind;
	guint64 time; /* ns */
	guint32 keysym;
	bool down;
	gint32 x, y;
	guint32 buttons;
} ScriptAct;

typedef struct Script Script;

Script *script_new(void);
void script_free(Script *script);
/* In the order of their happening. */
void script_act(Script *script, const ScriptAct *act);
/* The display has shown the answer to what was done last. */
void script_answered(Script *script);
/* Ends what is under way; the steps so far, "+ type | : ls" a line. Borrowed. */
const char *script_end(Script *script);

#endif
