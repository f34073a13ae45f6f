// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB server: everybody who looks at one picture
 *
 * Each viewer has a thread and a copy of the picture of its own, so that one that does
 * not read, or sends half a message, delays nobody. The functions belong to the thread
 * that made the Viewers; none of them waits.
 */
#ifndef VNC_VIEWERS_H
#define VNC_VIEWERS_H

#include "events.h"
#include "picture.h"

#define VIEWERS_MAX 31

typedef struct Viewers Viewers;

/* listener (owned) is a listening stream socket, -1 for none; sizes from 1 to
 * PICTURE_MAX; password: NULL for none. */
Viewers *viewers_new(
	int listener, int width, int height, const char *password, bool view_only);
/* Folder of noVNC; borrowed, before the first viewer. */
void viewers_set_page(Viewers *viewers, const char *folder);
void viewers_free(Viewers *viewers);
int viewers_listener(const Viewers *viewers); /* readable: call viewers_accept */
int viewers_events(const Viewers *viewers);   /* readable: call viewers_next */
/* The number of the new viewer; -1: there is none. */
int viewers_accept(Viewers *viewers);
/* The oldest event; false: there is none. */
bool viewers_next(Viewers *viewers, Event *event);
void viewers_resize(Viewers *viewers, int width, int height);
/* Copies the rectangles from a frame of that stride (bytes) into the picture; they lie
 * within the frame and are clipped to the picture. */
void viewers_draw(Viewers *viewers, const guint32 *pixels, gsize stride,
	const Rect *rects, unsigned n);
void viewers_clear(Viewers *viewers);
/* What all of them see; borrowed. */
const Picture *viewers_picture(const Viewers *viewers);
void viewers_size(const Viewers *viewers, int *width, int *height);

#endif
