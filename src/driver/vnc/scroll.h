// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scroll - finds out that what is drawn was there already, only higher or lower
 *
 * No client needs to tell: rows of the frame are looked for among the rows of the
 * picture.
 */
#ifndef VNC_SCROLL_H
#define VNC_SCROLL_H

#include "picture.h"

typedef struct {
	Rect to; /* where the rows are now */
	int dy;  /* how far they have moved: downwards is positive */
} Scroll;

/*
 * Within rect (which lies within both), of a picture and the frame that comes in its
 * place; strides in bytes. False: nothing worth telling. The frame may change meanwhile:
 * what it says is a guess then, but never beyond rect.
 */
bool scroll_find(const guint32 *picture, gsize picture_stride, const guint32 *frame,
	gsize frame_stride, Rect rect, Scroll *scroll);

#endif
