// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * take - the picture takes a frame over, and tells what has become of its pixels
 *
 * Each row of the frame is compared, so that only what differs is told, and what has
 * moved is told as such. A row that was there is taken from the picture and not from the
 * frame: a client that changes its frame meanwhile shows viewers nothing else than what
 * they have.
 */
#ifndef VNC_TAKE_H
#define VNC_TAKE_H

#include "scroll.h"

#define TAKE_CHANGES 8

/*
 * rect lies within the picture, which must be locked, and the frame; stride in bytes.
 * samples: zeros at first, and whenever somebody else has written to the picture. The
 * changes are to be made one after the other, a move comes first; returns how many: 0,
 * the picture was like that.
 */
unsigned take(Picture *picture, Samples *samples, const guint32 *frame, gsize stride,
	Rect rect, Change changes[TAKE_CHANGES]);

/* Without a look at any frame: what lies within move.rect now was dx to its left and dy
 * above it, which is within the picture, too. */
void take_moved(Picture *picture, Samples *samples, Change move);

#endif
