// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * browsers - addresses at which a browser has just been
 *
 * Browsers open connections before they need them, and would take our first word there
 * for the answer to a request: from where one loads its page, a silent connection gets
 * more time to speak. Knows 16 addresses. Any thread.
 */
#ifndef VNC_BROWSERS_H
#define VNC_BROWSERS_H

#include <glib.h>
#include <stdbool.h>

#define BROWSERS_PLACES  16
#define BROWSERS_ADDRESS 48

typedef struct {
	GMutex lock;
	struct {
		char address[BROWSERS_ADDRESS];
		gint64 last; /* us; 0: free */
	} places[BROWSERS_PLACES];
} Browsers;

void browsers_init(Browsers *browsers);
void browsers_fini(Browsers *browsers);
/* now: us, monotonic. */
void browsers_note(Browsers *browsers, const char *address, gint64 now);
bool browsers_know(Browsers *browsers, const char *address, gint64 now);

#endif
