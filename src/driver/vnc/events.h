// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * events - what users do, on its way from the viewers' threads to the component's
 *
 * Of fixed size: a thread that finds it full waits, and with it that viewer's connection.
 * The component's thread never waits.
 */
#ifndef VNC_EVENTS_H
#define VNC_EVENTS_H

#include <glib.h>
#include <stdbool.h>

#define EVENTS_MAX     256
#define EVENTS_VIEWERS 64

typedef struct {
	enum {
		EVENT_KEY,     /* keysym, code, down */
		EVENT_POINTER, /* x, y, buttons */
		EVENT_SIZE,    /* x, y: the size that the viewer's window has now */
		EVENT_CUT,     /* it has copied text */
		EVENT_REFUSED, /* it could not log in (down: wrong password); EVENT_GONE
				  follows */
		EVENT_COME, /* it is a viewer; before that, and of a browser that asks for
			     * files, there is nothing but EVENT_GONE */
		EVENT_GONE, /* the viewer has left; nothing follows */
	} type;
	unsigned viewer; /* number, from 0 */
	guint32 keysym;  /* of X11 */
	guint16 code;    /* KEY_* if the viewer knows the key itself, or 0 */
	bool down;
	int x, y;
	unsigned buttons; /* RFC 6143, 7.5.5: bit 0 left, ... 3 and 4 the wheel; 7 and 8
			   * back and forward */
	bool moved;       /* set by events_post: the buttons are as they were */
} Event;

typedef struct {
	GMutex lock;
	GCond room;
	Event ring[EVENTS_MAX];
	unsigned first, count;
	unsigned buttons[EVENTS_VIEWERS]; /* of each viewer, as posted last */
	bool closed, asked;
	int fd; /* eventfd, readable while there are events, or somebody asks */
} Events;

void events_init(Events *events);
void events_fini(Events *events);
/* From now on nothing is kept, and nobody waits. */
void events_close(Events *events);
void events_post(Events *events, const Event *event);
/* False: there is none. */
bool events_take(Events *events, Event *event);
/* A viewer waits for the newest frame; never waits itself. */
void events_ask(Events *events);
/* Whether one has asked since the last call. */
bool events_asked(Events *events);

#endif
