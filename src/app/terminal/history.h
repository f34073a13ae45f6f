// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * history - the scroll-back: lines that have left the screen at its top
 *
 * Lines are whole, however many rows they took: a row that goes on where the one before
 * ended is put behind it. So nothing is to be done for them at another width but to
 * count rows. A line is kept as text with marks where its look changes, about one byte a
 * character. Lines lie one behind the other in blocks, so that the oldest ones give their
 * memory back. Both ends are reached in constant time.
 */
#ifndef TERMINAL_HISTORY_H
#define TERMINAL_HISTORY_H

#include "glyph.h"
#include "marks.h"

#define HISTORY_LINE_MAX 65536 /* bytes of a line; what goes on becomes another one */

typedef struct History History;

/* lines: kept at most; bytes: that all may take, the oldest lines go. marks is borrowed.
 */
History *history_new(guint lines, gsize bytes, Marks *marks);
void history_free(History *history);
void history_set_limits(History *history, guint lines, gsize bytes);
void history_clear(History *history);

guint history_count(const History *history); /* lines */
/* Lines that were before the oldest one: with an index in front of it, a number that a
 * line keeps. */
guint64 history_dropped(const History *history);
gsize history_bytes(const History *history); /* what it takes */
/* The first cells of a row that leaves the screen; if it is continued, it belongs to the
 * newest line, which is of the same size. */
void history_push(History *history, const Row *row, int count);
/* The newest line is taken out; its cells are appended to cells (of Glyph). */
LineSize history_pop(History *history, GArray *cells);
/* Line index (0: the oldest); its cells are appended. */
void history_line(const History *history, guint index, GArray *cells);
guint history_line_cells(const History *history, guint index);
LineSize history_line_size(const History *history, guint index);

/* ---- rows, as many as the lines take at a width ---- */

void history_set_width(History *history, int columns);
guint history_rows(const History *history);
/* Of which line a row (0: the oldest) is a part, and of its first cell there. */
guint history_find_row(History *history, guint row, guint *first_cell);
/* The first row of a line. */
guint history_row_of(History *history, guint index);

/* Where the row that begins with cell `from` ends, if that many have room (line_room);
 * wide characters stay whole. */
guint line_break(const GArray *cells, guint from, int room);

#endif
