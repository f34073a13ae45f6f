// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render - rows of the terminal's screen onto a canvas
 */
#ifndef TERMINAL_RENDER_H
#define TERMINAL_RENDER_H

#include "screen.h"

#include <maq/paint.h>

#define RENDER_PADDING 6 /* px around the cells */

void render_rows(MaqCanvas *canvas, MaqFont *font, Screen *screen, int first, int last,
	bool focused);
/* Where rows first to last are. */
MaqRect render_area(MaqFont *font, int first, int last, int width);
/* What is around the cells. */
void render_margins(MaqCanvas *canvas, MaqFont *font, const Screen *screen);

#endif
