// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * history - the scroll-back: lines that have left the screen at its top
 *
 * A line is kept as text with marks where its look changes, about one byte a character
 * (libvterm's cell has 40). Both ends are reached in constant time.
 */
#ifndef TERMINAL_HISTORY_H
#define TERMINAL_HISTORY_H

#include <glib.h>
#include <stdbool.h>
#include <vterm.h>

/* All lines together; the oldest ones go when there are more bytes than this. */
#define HISTORY_BYTES (16u << 20)

typedef struct History History;

/* max: lines kept; 0: none. */
History *history_new(guint max);
void history_free(History *history);
guint history_count(const History *history);
/* What the lines and the ring take. */
gsize history_bytes(const History *history);
void history_push(History *history, int columns, const VTermScreenCell *cells);
/* Line index (0: the oldest) into cells; what it does not fill is blank. */
void history_line(
	const History *history, guint index, int columns, VTermScreenCell *cells);
/* Forgets the newest line; there must be one. */
void history_pop(History *history);

#endif
