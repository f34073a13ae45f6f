// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * select - a part of the text that the user marks, and addresses in the text
 */
#ifndef TERMINAL_SELECT_H
#define TERMINAL_SELECT_H

#include "screen.h"

typedef enum { SELECT_CHARACTERS, SELECT_WORDS, SELECT_LINES } SelectUnit;

typedef struct {
	bool active; /* start to end, exclusive */
	Mark start, end;
	Mark anchor, anchor_end; /* what the first click marked */
	SelectUnit unit;
	char *live; /* owned: what it says on the screen itself, where it can change */
} Selection;

void selection_begin(Selection *selection, Screen *screen, Mark at, SelectUnit unit);
/* Up to there, whole units. */
void selection_extend(Selection *selection, Screen *screen, Mark to);
void selection_clear(Selection *selection);
bool selection_has(const Selection *selection, Mark at);
/* Lines are joined by newlines, however many rows they take. (transfer full) */
char *selection_text(const Selection *selection, Screen *screen);
/* False, and it is cleared: what it stood on has been written anew. */
bool selection_check(Selection *selection, Screen *screen);

/* The address at a place, the program's own or one that looks like one, and its cells;
 * NULL: none. (transfer full) */
char *select_address(Screen *screen, Mark at, Mark *start, Mark *end);

#endif
