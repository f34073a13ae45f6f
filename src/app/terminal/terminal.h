// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * terminal - what the files of the component know of each other
 */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include "keyboard.h"
#include "render.h"
#include "settings.h"

#include <maq/clipboard.h>
#include <maq/component.h>
#include <maq/display.h>
#include <maq/terminal.h>

/* What the user looks for; the bar is shown. */
typedef struct {
	bool open;
	GString *text; /* owned */
	Find find;
	Mark from; /* where the user was when it began */
} Bar;

typedef struct Contents Contents;

/* The pointer. */
typedef struct {
	int x, y;   /* px */
	int button; /* of the program, or 1 while text is being selected; 0: none */
	bool selecting;
	guint clicks;     /* in a row, at the same place */
	guint64 click_at; /* ns */
	int click_column, click_row;
	int wheel; /* 1/120 notches that are not yet a line */
} Pointer;

typedef struct {
	MaqEnv *env;
	MaqScreen *display; /* owned by itself; closed with env */
	MaqEvents *events;
	MaqClipboard *clipboard; /* owned by env */
	Contents *contents;      /* likewise; NULL: nobody may read them */
	Settings settings;
	Faces faces;
	int zoom; /* px that the user has added to the configured size */
	Screen *screen;
	Selection selection;
	Bar bar;
	Pointer pointer;
	Mark link_start, link_end; /* the address under the pointer */
	char *notice;              /* owned; NULL: none. Until the next key */
	GByteArray *input;         /* for the program */
	MaqPeer *program;          /* borrowed; NULL: none */
	bool closing;              /* asked to, it waits for the program to end */
	guint64 input_seq;         /* last event that became input */
	guint64 answer_seq;        /* highest that the program may have answered */
	Keyboard keyboard;
	int width, height;
	bool focused, redraw, scheduled, urgent, changed;
	bool was_scrolled;
	guint64 drawn_at;    /* ns */
	MaqTimeout *later;   /* a drawing; NULL: none */
	MaqTimeout *holding; /* until a picture that takes too long is shown */
} Terminal;

/* What changed is drawn before the loop sleeps, or a little later in a flood. */
void terminal_schedule(Terminal *terminal);
/* Everything is drawn anew. */
void terminal_redraw(Terminal *terminal);
/* False: there is no such font; all is as before. */
bool terminal_load_font(Terminal *terminal, GError **error);
/* Says something at the bottom; NULL: no more. */
void terminal_notice(Terminal *terminal, const char *text);
void terminal_tell_hints(Terminal *terminal);
void terminal_send(Terminal *terminal, const char *bytes, gsize size);

/* input.c */
void input_event(void *terminal, const MaqInputEvent *event);

/* contents.c */
Contents *contents_provide(Terminal *terminal, GError **error);
void contents_changed(Contents *contents); /* NULL is fine */

/* bar.c */
void bar_open(Terminal *terminal);
void bar_close(Terminal *terminal);
/* True: the key was for the bar. */
bool bar_key(Terminal *terminal, const MaqInputEvent *event);
void bar_draw(Terminal *terminal, const Render *render);

#endif
