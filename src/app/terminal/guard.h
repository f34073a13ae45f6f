// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard - divides a program's output into text and sequences, in front of libvterm
 *
 * libvterm 0.1.4 cannot read all of it: it answers an unknown DECRQSS by reading through
 * a number as if it were a pointer, does some things as often as a number says, if that
 * is 2147483647, has room for 16 numbers, and repeats for ever what has no width. So it
 * gets nothing but what has been read here to its end, and is within bounds: numbers have
 * four digits, repetitions (REP) are written out. Whoever owns the guard sees each
 * sequence first and may do it himself, since libvterm does not know all of them either.
 *
 * A control character of C1 is the escape that it stands for. As in xterm, in UTF-8 it
 * has two bytes; a byte of its own it has where each byte is a character of Latin-1.
 */
#ifndef TERMINAL_GUARD_H
#define TERMINAL_GUARD_H

#include <glib.h>
#include <stdbool.h>

#define GUARD_NUMBERS    32   /* of a control sequence; libvterm gets 16 of them */
#define GUARD_NUMBER_MAX 9999 /* as large as a number gets */
#define GUARD_REPEAT     1024 /* more than a line has columns */
#define GUARD_STRING     8192 /* bytes of a string that is no copied text */
#define GUARD_LONG       (1400u << 10) /* base64 of a megabyte */

/* A control sequence: CSI leader numbers intermediate final. */
typedef struct {
	char leader, intermediate, final; /* 0: none */
	guint n;                          /* numbers, at least 1 */
	struct {
		guint16 value;
		bool given; /* else it is the default */
		bool sub;   /* a colon stands before it, no semicolon */
	} numbers[GUARD_NUMBERS];
} GuardSequence;

typedef struct {
	/* Printable characters, and bytes of UTF-8. */
	void (*text)(void *data, const char *bytes, gsize size);
	/* What else is for libvterm. */
	void (*pass)(void *data, const char *bytes, gsize size);
	/* True: it is done; else it is passed on. */
	bool (*sequence)(void *data, const GuardSequence *sequence);
	/* Likewise, ESC and intermediate (0: none) and final. */
	bool (*escape)(void *data, char intermediate, char final);
	/* An operating system command, a zero byte behind it. */
	void (*command)(void *data, const char *text, gsize size);
	/* A question for a setting (DECRQSS), e.g. "m". */
	void (*question)(void *data, const char *setting);
	/* An escape of a VT52; column and row, from 0, belong to Y. */
	void (*vt52)(void *data, char final, int column, int row);
} GuardOps;

typedef struct {
	enum {
		GUARD_TEXT,
		GUARD_ESCAPE,
		GUARD_SEQUENCE,
		GUARD_IN_STRING,
		GUARD_STRING_END, /* ESC within a string */
		GUARD_VT52_PLACE, /* two more bytes belong to the escape */
	} state;
	const GuardOps *ops; /* borrowed */
	void *data;          /* borrowed */
	GString *string;     /* owned: of a string sequence */
	char kind;           /* of the string: its introducer */
	bool too_long;       /* the string, or the escape: it is dropped */
	char intermediate;   /* of an escape */
	GuardSequence sequence;
	bool malformed; /* the sequence: it is dropped */
	bool vt52;      /* the only escapes are those of a VT52 */
	int row;        /* of a VT52's place; -1: it has not come yet */
	char last[4];   /* the character before, in UTF-8 */
	guint n_last;
	bool latin; /* each byte is a character; else it is UTF-8 */
	bool lead;  /* UTF-8: the first byte of a character up to U+00BF has come */
} Guard;

void guard_init(Guard *guard, const GuardOps *ops, void *data);
void guard_fini(Guard *guard);
/* Whether each byte is a character of Latin-1 from now on, or a part of UTF-8. */
void guard_set_latin(Guard *guard, bool latin);
void guard_set_vt52(Guard *guard, bool vt52);
/* A sequence may be split between calls. Text comes out as UTF-8. */
void guard_feed(Guard *guard, const char *bytes, gsize size);
/* The number at index, or fallback if it is not given or 0. */
guint guard_count(const GuardSequence *sequence, guint index, guint fallback);

#endif
