// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render - rows of the terminal's screen onto a canvas
 */
#ifndef TERMINAL_RENDER_H
#define TERMINAL_RENDER_H

#include "screen.h"

#include <maq/paint.h>

void render_rows(MaqCanvas *canvas, MaqFont *font, Screen *screen, int first, int last,
	bool focused);
/* What is right of and below the cells. */
void render_margins(MaqCanvas *canvas, MaqFont *font, const Screen *screen);

#endif
