// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * find - a text in all lines of the screen and its scroll-back
 *
 * Letters in small also find capitals, a capital finds itself only.
 */
#ifndef TERMINAL_FIND_H
#define TERMINAL_FIND_H

#include "screen.h"

#define FIND_MAX 10000 /* places; those behind are not looked for */

typedef struct {
	Mark start;
	guint cells;
} Hit;

typedef struct {
	GArray *pattern; /* owned, of guint32 */
	bool exact;      /* there is a capital in it */
	GArray *hits;    /* owned, of Hit, in order */
	guint current;   /* of hits */
	guint64 from;    /* lines before are looked through, and don't change */
} Find;

void find_init(Find *find);
void find_fini(Find *find);
/* Another text, without looking for it. */
void find_pattern(Find *find, const char *text);
/* Whether it is in that line. */
bool find_in_line(Find *find, Screen *screen, guint64 line);
/* Another text; the current place is the last one before `at`. */
void find_set(Find *find, Screen *screen, const char *text, Mark at);
/* The screen has changed: looks through what may be different. */
void find_again(Find *find, Screen *screen);
/* The place before (-1) or behind (1), round; NULL: there is none. */
const Hit *find_step(Find *find, int step);
const Hit *find_current(const Find *find); /* NULL: none */
/* 0: nothing there; 1: a place; 2: the current one. */
int find_at(const Find *find, Mark at);

#endif
