// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reflow - another size for a screen and its scroll-back, with all lines whole
 *
 * Lines are broken anew at the new width. What has no room at the top goes to the
 * scroll-back, what has room again comes back from it; the free rows below the text stay.
 */
#ifndef TERMINAL_REFLOW_H
#define TERMINAL_REFLOW_H

#include "history.h"

typedef struct {
	int column, row;
} Place;

/* cursor goes where its character goes. */
void reflow(Grid *grid, History *history, int columns, int rows, Place *cursor);

#endif
