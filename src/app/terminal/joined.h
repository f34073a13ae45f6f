// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * joined - emoji of several characters, each in a cell of its own, that are one picture
 */
#ifndef TERMINAL_JOINED_H
#define TERMINAL_JOINED_H

#include "cell.h"

enum { JOINED_MAX = 24 };

typedef struct {
	guint32 chars[JOINED_MAX];
	unsigned count;
	int columns;
} Joined;

/* The cells of a row of that many columns, from this one on, that are one picture if the
 * font has that; else columns is 0. A character that is an emoji only by choice has one
 * cell, and the next one if that is empty. */
Joined joined_at(const Brush *brush, Screen *screen, int column, int row, int columns,
	const Cell *cell);

#endif
