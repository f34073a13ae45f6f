// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * client - what the files of a Framebuffer's client know of each other
 */
#ifndef MAQ_DISPLAY_CLIENT_H
#define MAQ_DISPLAY_CLIENT_H

#include "again.h"
#include "pay.h"

#include <maq/display.h>

#define SLOTS     3
#define OWN_POOLS 8 /* ids of our own pools; those above are for the memory of others */
#define POOLS     16

typedef struct {
	int x1, y1, x2, y2; /* bounding box of what is out of date */
} Stale;

typedef struct Attaching Attaching;

struct MaqScreen {
	MaqEnv *env;             /* borrowed */
	char *label;             /* owned */
	MaqFramebuffer *session; /* owned; NULL while it is lost */
	MaqFramebuffer
		*opening;  /* owned: the next one, whose pages are asked for; NULL */
	Pay *paying;       /* before the pages are asked for again; NULL */
	unsigned payments; /* for the pages */
	MaqHandler ready;
	void *data; /* borrowed */
	Again again;
	MaqFramebufferClientPage *client;
	const MaqFramebufferServerPage *server;
	gsize server_size;
	MaqRingWriter commits;
	guint8 *pixels; /* of the pool; NULL: none */
	gsize pool_size, stride, slot_size;
	int capacity_width, capacity_height;
	guint32 pool;
	Stale stale[SLOTS];
	guint64 committed[SLOTS]; /* sequence of the last commit of the slot; 0: none */
	int current, drawing;     /* slots; -1: none */
	int width, height;        /* of the mode in use by begin */
	int drawn_width, drawn_height; /* of the frame committed last */
	guint32 serial;
	bool attached[POOLS]; /* others' */
	guint64 forwarded[POOLS - OWN_POOLS]
			 [4];       /* by slot: sequence of the last commit */
	MaqHandler released, close; /* NULL: none */
	void *close_data;           /* borrowed */
	bool listens;               /* to all answers */
	void *released_data;        /* borrowed */
	unsigned sessions;
	guint64 sequence;
	guint64 discarded; /* as read last */
	guint64 last_mode; /* of a session that is lost */
	bool unseen;       /* a frame was discarded: the next one shows everything */
	bool alpha;        /* of what we draw ourselves */
	MaqHints hints;    /* to be told, in each session; with these: */
	bool urgent;
	char *title;          /* owned; NULL: there are none */
	bool patient;         /* the server is never waited for */
	Attaching *attaching; /* owned by its call: a pool on its way; NULL */
	bool waiting;         /* begin failed: tell when a slot is free */
};

/* attach.c: a pool of our own. */

/* Room for the mode of now. False: not now, ready will be called; or not at all. */
bool attach_new(MaqScreen *screen);
/* The session has gone, and what is on its way in it. */
void attach_abandon(MaqScreen *screen);

#endif
