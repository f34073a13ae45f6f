// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewer - one viewer's connection, and the thread that serves it
 */
#ifndef VNC_VIEWER_H
#define VNC_VIEWER_H

#include "browsers.h"
#include "cut.h"
#include "events.h"
#include "jpeg.h"
#include "login.h"
#include "picture.h"

#include <rfb/rfb.h>

#define VIEWER_CHANGES 128

/* What a viewer has said of itself, for extensions (extensions.h). */
typedef struct {
	bool qemu_keys, buttons, name, qemu_leds, vmware_leds, fence, continuous;
	bool on; /* continuous updates of area */
	Rect area;
	unsigned name_serial; /* told */
	guint leds;           /* told */
} Extensions;

typedef struct Viewer {
	unsigned number;
	Picture *picture;   /* borrowed */
	Events *events;     /* borrowed */
	Guard *guard;       /* borrowed */
	Access *access;     /* owned: as it was when it connected */
	Browsers *browsers; /* borrowed */
	Cut *cut;           /* borrowed */
	Jpeg *jpeg;         /* borrowed */
	int socket;         /* owned by the component's thread, which may shut it down */
	const char *page;   /* borrowed: folder of noVNC */
	int wake;           /* eventfd of this process */
	GThread *thread;
	bool in;       /* the component's thread's: it has logged in */
	bool evicted;  /* likewise: somebody else needs the place */
	guint64 order; /* likewise: which connection it was, and from whom */
	char from[GUARD_ADDRESS];
	gint wants; /* atomic: it would take a new frame now */

	_Atomic bool begun;   /* it has said all that comes before messages */
	_Atomic bool open;    /* and nothing was asked of it */
	_Atomic gint64 heard; /* us: when it has said something last */

	GMutex lock; /* of these */
	Change changes[VIEWER_CHANGES];
	unsigned n_changes;
	Layout wanted; /* with the last EVENT_SIZE */
	char *copied;  /* owned: with EVENT_CUT; NULL */

	/* the thread's; read by the component's after EVENT_COME and EVENT_GONE */
	Login login;
	char about[LOGIN_TEXT];
	gint64 since;           /* us: when it came */
	guint64 sent, received; /* bytes */

	/* the thread's */
	rfbScreenInfoPtr screen;
	rfbClientPtr client;
	guint32 *pixels;    /* owned: of the screen's size, for what is encoded */
	gsize pixels_size;  /* bytes */
	guint64 generation; /* of the picture that they are of */
	gsize used;         /* bytes of them that may take memory, or more */
	gint64 busy;        /* us: when many of them were used at once, the last time */
	char name[PICTURE_NAME]; /* of the desktop, when it came */
	unsigned layout_serial;  /* what it was told */
	Extensions extensions;
	guint cut_serial;
	bool awaits_room; /* changes wait until the socket has room */
} Viewer;

/*
 * A place for one viewer at a time. libvncserver sets up locks of the whole process
 * whenever it makes a screen: make all places before the first viewer_start.
 */
void viewer_init(Viewer *viewer, unsigned number, Picture *picture, Events *events,
	Guard *guard, Browsers *browsers, Cut *cut, Jpeg *jpeg);
void viewer_fini(Viewer *viewer);
/* Serves the socket (owned) until EVENT_GONE is posted; false: no resources. */
bool viewer_start(Viewer *viewer, int socket, Access *access);
bool viewer_used(const Viewer *viewer);
/* Lets the connection end; EVENT_GONE follows. */
void viewer_hang_up(Viewer *viewer);
/* For how long it has said nothing, in us. */
gint64 viewer_silent(const Viewer *viewer);
/* Ends the connection if it has not ended yet, and waits for the thread's end. */
void viewer_stop(Viewer *viewer);
/* Who wants changes (wants) is to be woken afterwards. */
void viewer_change(Viewer *viewer, const Change *changes, unsigned n);
/* Likewise after the picture's size, name or lamps have changed. */
void viewer_wake(Viewer *viewer);

#endif
