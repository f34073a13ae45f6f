// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard - slows down who guesses passwords
 *
 * After three failed log-ins an address waits 2 s before the next try is looked at, then
 * twice as long each time, at most five minutes. A log-in that succeeds, or an hour of
 * peace, forgets them. Knows 256 addresses; more push out those that have waited. Any
 * thread.
 */
#ifndef VNC_GUARD_H
#define VNC_GUARD_H

#include <glib.h>
#include <stdbool.h>

#define GUARD_PLACES  256
#define GUARD_ADDRESS 48

typedef struct {
	char address[GUARD_ADDRESS];
	unsigned failures;
	gint64 last; /* us: when the last one was */
} GuardPlace;

typedef struct {
	GMutex lock;
	GuardPlace places[GUARD_PLACES];
} Guard;

void guard_init(Guard *guard);
void guard_fini(Guard *guard);
/* How long this address has to wait, in us; 0: not at all. now: us, monotonic. */
gint64 guard_wait(Guard *guard, const char *address, gint64 now);
void guard_failed(Guard *guard, const char *address, gint64 now);
void guard_succeeded(Guard *guard, const char *address);

#endif
