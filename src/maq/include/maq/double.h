// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * double - a binding for tests: components as threads of one process, under one baton
 *
 * One thread, a task, runs at a time. It gives the baton away where it would wait, and
 * where it sends; who is next is drawn from a seed among those that can go on. So a run
 * is the same again for the same seed. Messages go through the same sockets as otherwise:
 * limits, back-pressure and the end of sessions are those of the Linux binding.
 *
 * The clock stands still while any task can go on, and then leaps to the next deadline.
 * Where all wait and no deadline is left, the run is stuck: the first task is told.
 */
#ifndef MAQ_DOUBLE_H
#define MAQ_DOUBLE_H

#include <maq/binding.h>

extern const MaqBinding maq_binding_double;

typedef struct MaqDouble MaqDouble;

/* The calling thread becomes the first task, which runs. At most one double a process at
 * a time has this thread as its own. */
MaqDouble *maq_double_new(guint64 seed);
/* By the first task, when all others have ended. */
void maq_double_free(MaqDouble *self);

/* A new task, which runs when it is drawn. data is borrowed. */
void maq_double_start(
	MaqDouble *self, const char *name, void (*body)(void *data), void *data);
/* Tasks that have not ended, the first one included. */
unsigned maq_double_tasks(const MaqDouble *self);
/* The name of the task that runs; NULL in a thread of no double. */
const char *maq_double_task(void);

typedef enum {
	MAQ_DOUBLE_TRUE,  /* the condition holds */
	MAQ_DOUBLE_READY, /* the handle is readable */
	MAQ_DOUBLE_LATE,  /* the deadline has come */
	MAQ_DOUBLE_STUCK, /* no task can go on: only the first one is told */
} MaqDoubleWait;

/* Waits for a condition on what tasks share (NULL: none), a handle (-1: none), a time on
 * the double's clock (0: none). */
MaqDoubleWait maq_double_wait(MaqDouble *self, bool (*condition)(void *data), void *data,
	int handle, guint64 deadline);

/* One line for each task: what it waits for. Free with g_free. */
char *maq_double_report(const MaqDouble *self);

#endif
