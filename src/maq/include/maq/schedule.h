// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * schedule - how core learns when a component waits, and lends it a clock and turns
 *
 * Under --virtual-time and --serialize core gives each process the descriptors below and
 * sets MAQ_SCHEDULE in its environment; docs/protocol.md has the rules. A component that
 * breaks them spoils the determinism of the run, nothing else.
 */
#ifndef MAQ_SCHEDULE_H
#define MAQ_SCHEDULE_H

#include <maq/binding.h>

#include <stdatomic.h>

enum {
	MAQ_SCHEDULE_PAGE = 4, /* a dataspace with one MaqSchedulePage */
	MAQ_SCHEDULE_GO,       /* eventfd: core wakes the component */
	MAQ_SCHEDULE_NOTICE,   /* eventfd: the component tells core that it waits */
	MAQ_SCHEDULE_LOOP,     /* the epoll set of its loop */
	MAQ_SCHEDULE_CALL,     /* an epoll set for the session whose reply it awaits */
	MAQ_SCHEDULE_END,
};

typedef enum {
	MAQ_SCHEDULE_RUNS,
	MAQ_SCHEDULE_WAITS_TO_START,
	MAQ_SCHEDULE_WAITS_FOR_LOOP,
	MAQ_SCHEDULE_WAITS_FOR_REPLY,
} MaqScheduleState;

typedef struct {
	/* written by the component, and `state` by core when it gives a turn */
	_Atomic guint32 state;
	_Atomic guint32 outside;  /* handles ever watched that are no sessions */
	_Atomic guint64 deadline; /* of the wait, on the clock below, in ns; 0: none */
	_Atomic guint64 rounds;   /* waits that have ended */
	_Atomic guint64 sent, received; /* messages */
	/* written by core */
	_Atomic guint64 now;       /* virtual time in ns; 0: the monotonic clock */
	_Atomic guint32 serialize; /* after a wait, go on only when woken */
} MaqSchedulePage;

/* Takes what core has given this process. The binding to be used: that of Linux if there
 * is nothing. Once, before anything else, in the main thread. */
const MaqBinding *maq_schedule_attach(void);

#endif
