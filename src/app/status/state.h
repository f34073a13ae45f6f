// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state - init's state report as a list of components
 *
 * No input or output.
 */
#ifndef STATUS_STATE_H
#define STATUS_STATE_H

#include <glib.h>
#include <maq/hid.h>

typedef enum { STATE_RUNNING, STATE_INCOMPLETE, STATE_EXITED } State;

typedef struct {
	char *name; /* owned */
	State state;
	int exit_code;
	guint64 ram,
		ram_spent; /* bytes: assigned; used or donated of that. 0: not known */
} Component;

/* Of Component, in the order of the report; owned by the caller. What is no state report
 * has none. */
GArray *state_read(const char *text, gsize size);
/* "running", "exited 1", ...; owned by the caller. */
char *state_text(const Component *component);
/* "12 MiB of 64 MiB", or "64 MiB" if nothing is spent; "" if not known; owned by the
 * caller. */
char *state_ram_text(const Component *component);

#endif
