// SPDX-License-Identifier: LGPL-2.1-or-later
/* canvas - what the font needs of a canvas */
#ifndef PAINT_CANVAS_H
#define PAINT_CANVAS_H

#include <maq/paint.h>

struct MaqCanvas {
	uint32_t *pixels; /* borrowed */
	int stride;       /* in pixels */
	MaqRect bounds;
	MaqRect clip;          /* within bounds */
	pixman_image_t *image; /* owned; clipped like this */
	MaqRegion damage;
	bool alpha;
};

void canvas_touch(MaqCanvas *canvas, MaqRect rect);

#endif
