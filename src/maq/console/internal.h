// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * internal - what the files of the library share
 */
#ifndef MAQ_CONSOLE_INTERNAL_H
#define MAQ_CONSOLE_INTERNAL_H

#include "held.h"
#include "keys.h"

#include <maq/console.h>

#define INJECTOR                                                                         \
	MAQ_CONSOLE_USERS /* number of the user that the clients of Event are            \
			   */
#define USERS (MAQ_CONSOLE_USERS + 1)

/* All consoles of the env. */
typedef struct {
	MaqEnv *env;           /* borrowed */
	MaqConsole **consoles; /* owned by env */
	guint n;
	Keys *keys;          /* owned */
	int keymap;          /* dataspace with its text; owned */
	guint32 keymap_size; /* without the zero byte */
	GPtrArray *captures; /* owned, of borrowed clients of Capture */
	GPtrArray *events;   /* owned, of borrowed clients of Event */
} Consoles;

/* What a user has done, as the interface Event tells it. */
typedef struct {
	unsigned kind; /* MaqEventActKind */
	guint64 time;  /* ns */
	guint32 keysym;
	bool down;
	int x, y;
	unsigned buttons;
} Act;

struct MaqConsole {
	Consoles *all; /* borrowed */
	MaqEnv *env;   /* borrowed */
	const char *name;
	const MaqConsoleOps *ops;
	void *owner;
	int width, height, most;
	GPtrArray *views, *seats; /* owned, of borrowed MaqView, MaqSeat; newest last */
	MaqView *pending;         /* not said yet that it is shown; NULL */
	MaqSeat *exclusive;       /* who has caught the pointer; NULL */
	bool focused;
	Held held;
	unsigned buttons[USERS]; /* as told by RFB */
	int x, y;                /* of the pointer */
	guint64 sent; /* the last event of Input that asks for an answer; 0: none */
};

/* By the last part of the label. */
MaqConsole *console_find(const Consoles *all, const char *label);
/* To the newest client of Input, if keys come here at all. */
void console_send(MaqConsole *console, MaqInputEvent event);
/* What was held is not held for the next client. */
void console_enter(MaqConsole *console);
void console_leave(MaqConsole *console);
/* Lets the pointer go, whoever has caught it. */
void console_free_pointer(MaqConsole *console);

void capture_provide(Consoles *all);
/* Another picture, or another answer. */
void capture_changed(const MaqConsole *console);
/* Tells the clients of Event; time is set here. */
void capture_acted(const MaqConsole *console, Act act);

#endif
