// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * loop - the event loop of a component: handles, timers, deferred work
 *
 * One loop a thread. Handlers run one after another and may add or remove anything, their
 * own watch included. To run inside another main loop (GLib's, Qt's, libwayland's), call
 * maq_loop_attach(), let that one wait for maq_loop_fd() to be readable, and call
 * maq_loop_dispatch() whenever it is.
 */
#ifndef MAQ_LOOP_H
#define MAQ_LOOP_H

#include <maq/binding.h>

typedef struct MaqLoop MaqLoop;
typedef struct MaqWatch MaqWatch;
typedef struct MaqTimeout MaqTimeout;

typedef void (*MaqWatchHandler)(void *data, unsigned events);

MaqLoop *maq_loop_new(const MaqBinding *binding);
void maq_loop_free(MaqLoop *loop);
const MaqBinding *maq_loop_binding(const MaqLoop *loop);

/* Runs until maq_loop_quit; returns its code. Must not be called from a handler: nested
 * dispatch is a bug, and ends the program with a message. */
int maq_loop_run(MaqLoop *loop);
void maq_loop_quit(MaqLoop *loop, int code);
/* One round: waits at most timeout ns (-1: no limit), dispatches what is ready. False
 * once the loop was told to quit. */
bool maq_loop_step(MaqLoop *loop, gint64 timeout);
/* What another loop of this thread waits for. From attach on it is readable also when a
 * timer or deferred work is due, set from outside of handlers as well. */
void maq_loop_attach(MaqLoop *loop);
bool maq_loop_is_attached(const MaqLoop *loop);
int maq_loop_fd(const MaqLoop *loop);
/* Dispatches what is ready, without waiting. False once the loop was told to quit. */
bool maq_loop_dispatch(MaqLoop *loop);
gint64 maq_loop_timeout(const MaqLoop *loop); /* ns until the next timer, -1: none */

/* events: EPOLLIN, EPOLLOUT, EPOLLET; hang-ups are always told. The handle is borrowed.
 * A watch that is left at the end is freed with the loop. */
MaqWatch *maq_loop_watch(
	MaqLoop *loop, int handle, unsigned events, MaqWatchHandler handler, void *data);
void maq_watch_set_events(MaqWatch *watch, unsigned events);
void maq_watch_free(MaqWatch *watch); /* NULL is fine; before the handle is closed */

/* One shot at a time of the monotonic clock in ns. Freed by itself after it fired. */
MaqTimeout *maq_loop_at(
	MaqLoop *loop, guint64 deadline, void (*handler)(void *data), void *data);
void maq_timeout_cancel(MaqTimeout *timeout); /* only before it fired; NULL is fine */

/* Calls handler once, in this round or the next, before the loop sleeps. */
void maq_loop_defer(MaqLoop *loop, void (*handler)(void *data), void *data);
/* Forgets what was deferred with this data. */
void maq_loop_undefer(MaqLoop *loop, void *data);

/* For the session library: waits for more than the loop's set. It is called instead of
 * the binding's set_wait, and dispatches itself what else has come. NULL: as before. Not
 * for an attached loop: who waits for maq_loop_fd() is not woken by what waiter knows. */
typedef int (*MaqLoopWaiter)(void *data, MaqReady *ready, int max, gint64 timeout);
void maq_loop_set_waiter(MaqLoop *loop, MaqLoopWaiter waiter, void *data);

#endif
