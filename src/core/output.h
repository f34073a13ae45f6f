// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output - lines to a descriptor whose reader may stand still
 *
 * A thread of its own writes: a terminal that is held, or a pipe that nobody reads, never
 * stops core. What does not fit the bounded queue is counted and told later.
 */
#ifndef CORE_OUTPUT_H
#define CORE_OUTPUT_H

#include <glib.h>

typedef struct Output Output;

/* fd is borrowed. */
Output *output_new(int fd);
/* Takes the text. */
void output_write(Output *output, char *text);
/* Waits for what is queued, but not longer than a second. */
void output_free(Output *output);

#endif
