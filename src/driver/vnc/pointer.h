// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pointer - whose pointer it is, when several viewers move one
 *
 * Who holds a button keeps the pointer until the last one is up, so that nobody disturbs
 * a drag; what others do meanwhile does not count. Otherwise the last one that moves has
 * it.
 */
#ifndef VNC_POINTER_H
#define VNC_POINTER_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
	bool shared; /* no rule: everybody always */
	bool held;
	unsigned owner; /* while held */
} Pointer;

/* Whether this counts; buttons: RFC 6143, 7.5.5 (the wheel holds nothing). */
bool pointer_take(Pointer *pointer, unsigned viewer, unsigned buttons);
/* The viewer has left. */
void pointer_leave(Pointer *pointer, unsigned viewer);

#endif
