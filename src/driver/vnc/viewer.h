// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewer - one viewer's connection, and the thread that serves it
 */
#ifndef VNC_VIEWER_H
#define VNC_VIEWER_H

#include "events.h"
#include "picture.h"

#include <rfb/rfb.h>

#define VIEWER_RECTS 16

typedef struct {
	unsigned number;
	Picture *picture; /* borrowed */
	Events *events;   /* borrowed */
	int socket;       /* owned by the component's thread, which may shut it down */
	bool view_only;
	const char *page; /* borrowed: folder of noVNC */
	int wake;         /* eventfd of this process */
	GThread *thread;

	GMutex lock; /* of these two */
	Rect damage[VIEWER_RECTS];
	unsigned n_damage;

	/* the thread's */
	rfbScreenInfoPtr screen;
	rfbClientPtr client;
	guint32 *pixels; /* owned: what is encoded, of the screen's size */
} Viewer;

/*
 * A place for one viewer at a time. libvncserver sets up locks of the whole process
 * whenever it makes a screen: make all places before the first viewer_start.
 */
void viewer_init(Viewer *viewer, unsigned number, Picture *picture, Events *events);
/* passwords: NULL-terminated, borrowed; or NULL. */
void viewer_protect(Viewer *viewer, char **passwords, bool view_only);
void viewer_fini(Viewer *viewer);
/* Serves the socket (owned) until EVENT_GONE is posted; false: no resources. */
bool viewer_start(Viewer *viewer, int socket);
bool viewer_used(const Viewer *viewer);
/* Ends the connection if it has not ended yet, and waits for the thread's end. */
void viewer_stop(Viewer *viewer);
void viewer_damage(Viewer *viewer, const Rect *rects, unsigned n);

#endif
