// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen_internal - what the files of the screen know of each other
 */
#ifndef TERMINAL_SCREEN_INTERNAL_H
#define TERMINAL_SCREEN_INTERNAL_H

#include "guard.h"
#include "history.h"
#include "pen.h"
#include "reflow.h"
#include "screen.h"

#include <vterm.h>

#define LINKS_MAX 65535
#define LINK_MAX  2000 /* bytes of an address */

/* A saved cursor; libvterm has one for both screens. */
typedef struct {
	Style pen;
	bool drawing, shifted, origin;
	Place place;
} Saved;

struct Screen {
	VTerm *term;       /* owned */
	VTermState *state; /* term's */
	const ScreenOps *ops;
	void *data;
	Guard guard;      /* in front of term */
	Marks *marks;     /* owned */
	History *history; /* owned */
	Grid grids[2];    /* of the program's screens: the first and the alternate one */
	Grid *grid;       /* that of now */
	bool alternate;
	Style pen;
	Saved saved[2];
	/* Whether plain characters are written as they are: G0 is another set than ASCII,
	 * G1 is used, they are inserted, protected, or something that is not followed. */
	bool drawing, shifted, inserting, protecting, odd;
	bool eight_bit;     /* it wants answers with C1 controls of one byte (S8C1T) */
	bool unfinished;    /* libvterm may have a part of a character */
	bool resized_lines; /* some may be drawn larger */
	Place cursor, main_cursor;    /* main_cursor: when the alternate screen began */
	bool cursor_visible, resized; /* resized: while on the alternate screen */
	CursorShape shape;
	MouseMode mouse;
	bool reversed, held;
	bool margins;    /* DECLRMM: CSI s is something else */
	bool region;     /* there may be a scrolling region */
	int top, bottom; /* of it, bottom exclusive; 0: that of the screen */
	int left, right; /* likewise; they count if margins does */
	bool origin;     /* rows are counted from it (DECOM) */
	Place written;   /* where the next character goes if nothing comes in between */
	int written_end; /* column behind the last character; -1: nothing was written */
	LineSize written_size; /* of that row */
	guint offset;          /* rows that the view is scrolled up */
	GArray *found; /* owned: the line of history that was looked at last, of Glyph */
	guint found_row;              /* of the history; G_MAXUINT: none */
	guint found_first, found_end; /* its cells in that line */
	LineSize found_size;
	int first, last;             /* damaged rows; first > last: none */
	GString *title;              /* owned */
	GPtrArray *titles;           /* owned: put away, the last one is next */
	int cell_width, cell_height; /* px, as told; 0: not known */
	bool columns_allowed;        /* mode 3 may clear the screen */
	Palette palette, original;
	GPtrArray *links;         /* owned: addresses; number 1 is the first */
	GHashTable *link_numbers; /* owned: address -> number; borrows from links */
};

void screen_damage_rows(Screen *screen, int first, int last);
void screen_write(Screen *screen, const char *text);               /* to libvterm */
void screen_output(Screen *screen, const char *bytes, gsize size); /* for the program */
/* Likewise what we make up: sequences of seven bits. */
void screen_answer(Screen *screen, const char *format, ...) G_GNUC_PRINTF(2, 3);
guint32 screen_rgb(const Screen *screen, guint32 color, guint32 fallback);
void screen_forget_found(Screen *screen);
/* Scrolls so that the place is seen in the first row. */
void screen_show_at_top(Screen *screen, Mark mark);
void screen_put_cursor(Screen *screen, Place place);
/* There is none, from now on. */
void screen_forget_region(Screen *screen);

/* sequences.c: what the program asks of us and not of libvterm. */
bool sequences_control(void *screen, const GuardSequence *sequence);
bool sequences_escape(void *screen, char intermediate, char final);
void sequences_command(void *screen, const char *text, gsize size);

/* charset.c */
/* In how many bits libvterm answers, from now on. */
void charset_tell(Screen *screen);
/* An answer with C1 controls of one byte, if that is what the program wants. */
void charset_shorten(const Screen *screen, char *answer);
/* What is typed, as the program's characters. (transfer full) */
GByteArray *charset_encode(const char *text, gsize size);

/* vt52.c */
void vt52_set(Screen *screen, bool on);
void vt52_escape(void *screen, char final, int column, int row);
/* False: the key is as it always is. */
bool vt52_key(Screen *screen, guint16 code);

/* reports.c: what it asks about it. False: not this. */
bool reports_answer(Screen *screen, const GuardSequence *sequence);
void reports_color(Screen *screen, const char *what, guint32 rgb);
void sequences_question(void *screen, const char *setting);

#endif
