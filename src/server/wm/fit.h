// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fit - how large a client's picture is in the room that it has, and where
 *
 * Pure. Limits are a client's word and may contradict one another: the least size wins
 * over the ratio, and that over the greatest size.
 */
#ifndef WM_FIT_H
#define WM_FIT_H

#include "layout.h"

/* The mode for a client that has that much room: not smaller than its least size (then
 * only a part is seen), not larger than its greatest one, and of its ratio. Always from 1
 * to 16383 px. */
void fit_size(const Limits *limits, int *width, int *height);

/* Where a picture of that size lies: in the middle of the room, or, if it is larger, so
 * that a part is seen: *pan_x and *pan_y are what is beyond the left and upper edge. They
 * are changed to what is possible. */
Area fit_picture(Area room, int width, int height, int *pan_x, int *pan_y);

#endif
