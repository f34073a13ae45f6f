// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * traces - the memory into which components record what they do last
 *
 * Core records as well, as the component "core". What it gives out are copies; it never
 * looks at what components have written.
 */
#ifndef CORE_TRACES_H
#define CORE_TRACES_H

#include "log.h"

typedef struct Traces Traces;

/* From now on all are recorded that start. NULL and error. log is borrowed. */
Traces *traces_new(Log *log, GError **error);
void traces_free(Traces *traces);

/* A ring for a component about to start: the descriptor, the caller's, and its number;
 * -1 and 0: it gets none, since there are too many, or the memory is used up, which is
 * logged, or traces is NULL. */
int traces_begin(Traces *traces, const char *label, guint16 *number);
/* It is kept, as long as there is room. traces may be NULL, number 0. */
void traces_end(Traces *traces, guint16 number, bool crashed);

/* A copy (maq/trace_ring.h) of the first ring whose number is at least from, as a
 * dataspace that nobody can change, the caller's; *next: from where to go on, 0 if this
 * was the last. -1: there is none (error not set), or error. */
int traces_copy(const Traces *traces, guint32 from, guint32 *next, GError **error);
/* All as files NUMBER.ring in a folder, which is made; others of such names go. */
bool traces_save(const Traces *traces, const char *folder, GError **error);

#endif
