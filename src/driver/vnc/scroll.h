// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scroll - finds out that what is drawn was there already, only higher or lower
 *
 * No client needs to tell: some rows of the frame are looked for among the rows of the
 * picture, by samples of their pixels. A sample is a line of memory that nothing else has
 * brought near, and costs as much as 40 pixels in a row: so those of the picture are kept
 * from when its rows were written.
 */
#ifndef VNC_SCROLL_H
#define VNC_SCROLL_H

#include "picture.h"

/* Samples of the picture's rows, from x on, so wide. */
typedef struct {
	int x, width; /* 0: none */
	guint64 hashes[PICTURE_MAX];
	bool known[PICTURE_MAX]; /* hashes are those of the pixels */
} Samples;

/* Whether moves within it would be of use. */
bool scroll_fits(Rect rect);
/*
 * How far most rows within rect (which fits, and lies within both) have moved, of the
 * picture and the frame that comes in its place; downwards is positive, 0: there is
 * nothing that speaks for a move. A guess: who moves a row compares it. stride: bytes.
 * The frame may change meanwhile.
 */
int scroll_guess(Samples *samples, const Picture *picture, const guint32 *frame,
	gsize stride, Rect rect);
/* Row y of the picture has been written; rect: what, near: these pixels are at hand. */
void scroll_wrote(Samples *samples, const Picture *picture, Rect rect, int y, bool near);
/* It has come from another row, as it was. */
void scroll_moved(Samples *samples, int y, int from);

#endif
