// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lines - the ROM module `log` as lines, and which of them are seen
 *
 * The module begins with the number of lines so far; then each line is a label, a tab and
 * a text. No input or output.
 */
#ifndef LOG_VIEW_LINES_H
#define LOG_VIEW_LINES_H

#include <glib.h>
#include <stdbool.h>

typedef enum { LINE_PLAIN, LINE_WARNING, LINE_ERROR } LineKind;

typedef struct {
	const char *label; /* without the "init -> " that all have */
	const char *text;  /* no control characters */
	LineKind kind;
} Line;

typedef struct {
	char *content; /* owned: what lines point into */
	GArray *all;   /* owned, of Line, oldest first */
	GArray *lines; /* owned, likewise: those that the filter lets through */
	char *filter;  /* owned; "": all */
	guint64 count; /* lines so far, also those that are gone */
	guint newer;   /* lines below the view; 0: it follows */
} Lines;

void lines_init(Lines *lines);
void lines_fini(Lines *lines);
/* Takes a new content of the module. A view that does not follow stays where it is. */
void lines_set(Lines *lines, const char *content, gsize size);
/* Only lines with that in their label or text from now on, and follows again. Small
 * letters also find capitals. */
void lines_filter(Lines *lines, const char *filter);
/* Scrolls up by that many lines (down: negative), rows of which are seen at a time. */
void lines_scroll(Lines *lines, int up, guint rows);
/* The line in row, NULL: that row is empty. */
const Line *lines_seen(const Lines *lines, guint row, guint rows);

#endif
