// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB side of the driver: a thread and a private screen for each viewer
 *
 * libvncserver serves all viewers of one screen from one thread, and waits in it for a
 * viewer that has sent half a message or does not read. So each has its own here; they
 * share nothing but the pixels. The owner's thread never waits for one.
 */
#ifndef VNC_VIEWERS_H
#define VNC_VIEWERS_H

#include <glib.h>
#include <stdbool.h>

#define VIEWERS_MAX 32

typedef struct Viewers Viewers;

typedef enum {
	VIEWER_KEY,     /* keysym, pressed */
	VIEWER_MOTION,  /* x, y */
	VIEWER_BUTTONS, /* mask, x, y */
	VIEWER_RESIZE,  /* width, height wanted */
	VIEWER_GONE,    /* one has left: its keys and buttons are up */
} ViewerEventKind;

typedef struct {
	ViewerEventKind kind;
	guint32 keysym;
	bool pressed;
	int x, y, mask, width, height;
} ViewerEvent;

/* password: NULL for none. */
Viewers *viewers_new(int width, int height, const char *password, bool view_only);
void viewers_free(Viewers *viewers);
/* Takes a connected socket (owned). */
void viewers_accept(Viewers *viewers, int socket);
guint viewers_count(Viewers *viewers);

/* The pixels that viewers see, XRGB8888; the owner writes and then says what has changed.
 * The viewers' threads read them at any time: what they read torn is damage, and sent
 * again. */
guint32 *viewers_pixels(Viewers *viewers, int *width, int *height, gsize *stride);
void viewers_damage(Viewers *viewers, int x, int y, int width, int height);
/* New, black pixels of another size. */
void viewers_resize(Viewers *viewers, int width, int height);

/* Readable while events wait. */
int viewers_event_fd(const Viewers *viewers);
bool viewers_next_event(Viewers *viewers, ViewerEvent *event);

#endif
