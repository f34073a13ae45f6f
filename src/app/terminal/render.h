// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render - rows of the terminal's screen, and what lies above them, onto a canvas
 */
#ifndef TERMINAL_RENDER_H
#define TERMINAL_RENDER_H

#include "faces.h"
#include "find.h"
#include "select.h"

#define RENDER_PADDING 6 /* px around the cells */

typedef struct {
	MaqCanvas *canvas;
	Faces *faces;
	Screen *screen;
	const Selection *selection;
	const Find *find;          /* NULL: nothing is looked for */
	Mark link_start, link_end; /* an address to be underlined; equal: none */
	bool focused;
	unsigned opacity; /* of 255: of the background; less if the canvas has alpha */
} Render;

void render_rows(const Render *render, int first, int last);
/* Where rows first to last are. */
MaqRect render_area(const Faces *faces, int first, int last, int width);
/* What is around the cells. */
void render_margins(const Render *render);
/* How far the view is scrolled up, at the right edge. */
void render_scrolled(const Render *render);
/* A line at the bottom: what, and at the right hint. */
void render_bar(const Render *render, const char *what, const char *hint);

#endif
