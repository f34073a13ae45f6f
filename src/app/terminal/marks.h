// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * marks - what combines with a character, as a number
 *
 * Few cells have any. A sequence that is one too many for the table is dropped.
 */
#ifndef TERMINAL_MARKS_H
#define TERMINAL_MARKS_H

#include <glib.h>
#include <stdbool.h>

#define MARKS_PER_CELL 5
#define MARKS_MAX      65536 /* different sequences */

typedef struct Marks Marks;

Marks *marks_new(void);
void marks_free(Marks *marks);
/* The number of a sequence that ends with 0; 0: it is empty, or there is no room. */
guint32 marks_number(Marks *marks, const guint32 sequence[MARKS_PER_CELL]);
/* Filled with zeros; valid until the next sequence is added. */
const guint32 *marks_sequence(const Marks *marks, guint32 number);

#endif
