// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - the pixels that all viewers see
 *
 * Written by the component's thread, read by the viewers' threads.
 */
#ifndef VNC_PICTURE_H
#define VNC_PICTURE_H

#include <glib.h>
#include <stdbool.h>

#define PICTURE_MAX 4096 /* px, each way; every viewer may need a copy */

typedef struct {
	int x, y, width, height;
} Rect;

/* What has become of pixels: they are others, or have come from elsewhere. */
typedef struct {
	Rect rect;  /* where, now */
	int dx, dy; /* how far they have moved; 0, 0: they are others */
} Change;

#define LAYOUT_SCREENS 16
#define PICTURE_NAME   128

/* How a viewer divides the picture into screens (ExtendedDesktopSize). */
typedef struct {
	struct {
		guint32 id, flags;
		Rect area;
	} screens[LAYOUT_SCREENS];
	unsigned n; /* 0: one that is all of it */
} Layout;

/* Nobody in particular has changed the layout. */
#define NOBODY G_MAXUINT

typedef struct {
	GRWLock lock;
	guint32 **rows;  /* owned; XRGB8888, in any order in one block of memory */
	guint32 *pixels; /* owned: that block */
	int width, height;
	guint64 generation; /* rises whenever pixels change */
	Layout layout;
	unsigned layout_serial; /* rises with each new size or layout */
	unsigned layout_by;     /* number of the viewer that wanted it, or NOBODY */
	char name[PICTURE_NAME];
	unsigned name_serial;
	guint leds;  /* atomic; bits 0 to 2: scroll, num, caps lock */
	gint behind; /* atomic; whether the client has drawn what is not in it yet */
} Picture;

void picture_init(Picture *picture, int width, int height);
void picture_fini(Picture *picture);
/* Keeps what fits, black elsewhere. layout: NULL for one screen. */
void picture_resize(
	Picture *picture, int width, int height, const Layout *layout, unsigned by);
void picture_set_name(Picture *picture, const char *name);
/* Every screen has pixels and lies within the size; no two have the same id. */
bool layout_fits(const Layout *layout, int width, int height);
/* The common part of rect and 0, 0, width, height; it may be empty. */
Rect rect_clip(Rect rect, int width, int height);
/* The least rect that has both in it; both have pixels. */
Rect rect_join(Rect a, Rect b);
bool rect_contains(Rect rect, Rect part);
void picture_clear(Picture *picture);
/* to: pixels of the picture's size, rows without gaps. */
void picture_copy(const Picture *picture, guint32 *to, Rect rect);
/*
 * The part of row y that lies within rect gets what was in row from, dx to its left. With
 * that, what was in row y goes to row from if that lies within rect, too: who moves all
 * of rect begins where nothing has to be kept.
 */
void picture_move_row(Picture *picture, Rect rect, int y, int from, int dx);

#endif
