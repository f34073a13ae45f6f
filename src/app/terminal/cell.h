// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cell - a cell of the terminal onto a canvas: its ground, its text, lines through it
 */
#ifndef TERMINAL_CELL_H
#define TERMINAL_CELL_H

#include "faces.h"
#include "screen.h"

typedef struct {
	MaqCanvas *canvas;
	Faces *faces;     /* borrowed */
	bool large;       /* cells are twice as wide and high as those of the font */
	unsigned opacity; /* of 255: of the terminal's own background */
} Brush;

void cell_draw(const Brush *brush, MaqRect at, const Cell *cell);
/* Others than its own characters, in its look. */
void cell_draw_chars(const Brush *brush, MaqRect at, const Cell *cell,
	const guint32 *chars, unsigned count);
/* Whether its font has one picture for them. */
bool cell_joins(
	const Brush *brush, const Cell *cell, const guint32 *chars, unsigned count);
unsigned cell_count_chars(const Cell *cell);
void brush_fill(const Brush *brush, int x, int y, int width, int height, guint32 color);

#endif
