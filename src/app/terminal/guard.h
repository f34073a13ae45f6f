// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard - takes out of a program's output what libvterm cannot read
 *
 * libvterm 0.1.4 answers an unknown DECRQSS (a question for a setting, the only device
 * control string that it knows) by reading through a number as if it were a pointer
 * (state.c, request_status_string). So device control strings end here: known questions
 * are passed on whole, unknown ones are answered, everything else is dropped.
 *
 * It also does some things as often as a number says, if that is 2147483647: numbers of
 * control sequences lose what is behind their fourth digit, and sequences what is behind
 * their 16th number (for more it has no room). And it repeats for ever if
 * what REP is to repeat has no width, so repetitions are written out here.
 */
#ifndef TERMINAL_GUARD_H
#define TERMINAL_GUARD_H

#include <glib.h>
#include <stdbool.h>

#define GUARD_HELD    8 /* bytes of a sequence that are looked at before it is passed on */
#define GUARD_DIGITS  4
#define GUARD_NUMBERS 16   /* of a control sequence: CSI_ARGS_MAX of libvterm */
#define GUARD_REPEAT  1024 /* more than a line has columns */

typedef struct {
	enum {
		GUARD_TEXT,
		GUARD_ESCAPE,   /* ESC was the last, but for what is held */
		GUARD_SEQUENCE, /* within a control sequence: ESC [ 1 ; 2 m */
		GUARD_STRING,   /* within a device control string */
		GUARD_STRING_ESCAPE,
	} state;
	char held[GUARD_HELD]; /* after ESC, or of the string */
	guint n_held;          /* may exceed GUARD_HELD: too long to be a question */
	/* of a control sequence: the number that is being read, and whether there has
	 * been nothing else */
	guint digits, number, separators;
	bool plain;
	char last[4]; /* the character before, in UTF-8 */
	guint n_last;
	bool region; /* the program has set a scrolling region; whose guard it is clears
			it */
} Guard;

/* Appends to out what libvterm may read, and to answers what the program is to get. A
 * sequence may be split between calls. Start with a Guard of zeros. */
void guard_filter(Guard *guard, const char *bytes, gsize size, GByteArray *out,
	GByteArray *answers);

#endif
