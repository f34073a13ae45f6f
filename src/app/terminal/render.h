// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render - rows of the terminal's screen, and what lies above them, onto a canvas
 */
#ifndef TERMINAL_RENDER_H
#define TERMINAL_RENDER_H

#include "find.h"
#include "select.h"

#include <maq/paint.h>

#define RENDER_PADDING 6 /* px around the cells */

/* A font, and its faces. */
typedef struct {
	MaqFont *faces[4]; /* owned: regular, bold, italic, both; all but the first may be
			      the first */
} Faces;

/* Leaves faces as they are if there is no such font. */
bool faces_load(Faces *faces, const char *font, int size, GError **error);
void faces_free(Faces *faces);
int faces_width(const Faces *faces); /* of a cell */
int faces_height(const Faces *faces);

typedef struct {
	MaqCanvas *canvas;
	const Faces *faces;
	Screen *screen;
	const Selection *selection;
	const Find *find;          /* NULL: nothing is looked for */
	Mark link_start, link_end; /* an address to be underlined; equal: none */
	bool focused;
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
