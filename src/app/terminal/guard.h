// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard - takes out of a program's output what libvterm cannot read
 *
 * libvterm 0.1.4 answers an unknown DECRQSS (a question for a setting, the only device
 * control string that it knows) by reading through a number as if it were a pointer
 * (state.c, request_status_string). So device control strings end here: known questions
 * are passed on whole, unknown ones are answered, everything else is dropped.
 */
#ifndef TERMINAL_GUARD_H
#define TERMINAL_GUARD_H

#include <glib.h>
#include <stdbool.h>

#define GUARD_HELD 8 /* bytes of a sequence that are looked at before it is passed on */

typedef struct {
	enum { GUARD_TEXT, GUARD_ESCAPE, GUARD_STRING, GUARD_STRING_ESCAPE } state;
	char held[GUARD_HELD]; /* after ESC, or of the string */
	guint n_held;          /* may exceed GUARD_HELD: too long to be a question */
} Guard;

/* Appends to out what libvterm may read, and to answers what the program is to get. A
 * sequence may be split between calls. Start with a Guard of zeros. */
void guard_filter(Guard *guard, const char *bytes, gsize size, GByteArray *out,
	GByteArray *answers);

#endif
