// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB server: everybody who looks at one picture
 *
 * Each viewer has a thread, and a copy of what it is sent, so that one that does not
 * read, or sends half a message, delays nobody. The functions belong to the thread
 * that made the Viewers; none of them waits.
 */
#ifndef VNC_VIEWERS_H
#define VNC_VIEWERS_H

#include "access.h"
#include "events.h"
#include "picture.h"

#define VIEWERS_MAX 31

typedef struct Viewers Viewers;

/* A client's picture, which is complete in each of its frames. */
typedef struct {
	const guint32 *pixels; /* XRGB8888 */
	gsize stride;          /* bytes */
	int width, height;
} Frame;

/* The newest frame; false: there is none. It is asked for whenever it is read. */
typedef bool (*ViewersSource)(void *owner, Frame *frame);

/* Sizes from 1 to PICTURE_MAX; access: owned. */
Viewers *viewers_new(int width, int height, Access *access);
/* Before the first viewer; owner is borrowed. */
void viewers_set_source(Viewers *viewers, ViewersSource source, void *owner);
/* Folder of noVNC; borrowed, before the first viewer. */
void viewers_set_page(Viewers *viewers, const char *folder);
/* access (owned) is asked from now on. Who has not come in yet has to connect again. */
void viewers_set_access(Viewers *viewers, Access *access);
void viewers_free(Viewers *viewers);
int viewers_events(const Viewers *viewers); /* readable: call viewers_next */
/*
 * The number of the new viewer; -1: there is none. If all places are taken, somebody has
 * to go: of those that have not logged in yet, who is longest at it of the busiest
 * address; else, of those that were asked for no password, who is silent for longest.
 * viewers_waiting() then, and the listening socket need not be looked at.
 */
int viewers_accept(Viewers *viewers, int listener);
bool viewers_waiting(const Viewers *viewers);
/* The oldest event; false: there is none. Viewers who wait for it get the newest frame.
 */
bool viewers_next(Viewers *viewers, Event *event);
void viewers_resize(
	Viewers *viewers, int width, int height, const Layout *layout, unsigned by);
/* The screens that a viewer wants with the size it has asked for last. */
Layout viewers_wanted(Viewers *viewers, unsigned viewer);
/*
 * The newest frame has changed within the rectangles, which lie within it and are clipped
 * to the picture. The picture takes them over when a viewer wants them: at once, or at
 * viewers_next(). Frames that no viewer takes cost nothing.
 */
void viewers_draw(Viewers *viewers, const Change *changes, unsigned n);
/* What was believed has not been compared. */
bool viewers_doubt(const Viewers *viewers);
/* Compares it, when a viewer wants to know. */
void viewers_audit(Viewers *viewers);
/* All is black, and nothing is left of what was drawn. */
void viewers_clear(Viewers *viewers);
void viewers_set_name(Viewers *viewers, const char *name);
void viewers_set_leds(Viewers *viewers, guint leds);
/* What a viewer has copied, at EVENT_CUT; owned by the caller; NULL: taken already. */
char *viewers_take_cut(Viewers *viewers, unsigned viewer);
/* Text for all viewers but the one it came from (or NOBODY). */
void viewers_paste(Viewers *viewers, const char *text, unsigned from);
/* For people; after EVENT_COME, EVENT_REFUSED or EVENT_GONE of that viewer, and before
 * the next call of viewers_next. Owned by the caller. */
char *viewers_about(const Viewers *viewers, unsigned viewer);
/* Why it was refused. */
const char *viewers_reason(const Viewers *viewers, unsigned viewer);
char *viewers_farewell(const Viewers *viewers, unsigned viewer);
/* What all of them see; borrowed. */
const Picture *viewers_picture(const Viewers *viewers);
/* How many parts of updates were not compressed since another viewer's had been. */
guint viewers_shared(const Viewers *viewers);
void viewers_size(const Viewers *viewers, int *width, int *height);

#endif
