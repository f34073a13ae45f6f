// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen - the terminal's model: what libvterm says, on rows of our own, with a
 * scroll-back that is broken anew at each width
 *
 * No input or output. Bytes of the program go in, bytes for the program and what else it
 * asks for come out by callbacks, cells are looked at.
 */
#ifndef TERMINAL_SCREEN_H
#define TERMINAL_SCREEN_H

#include "glyph.h"

/* A wide character must fit: libvterm places it at column -1 otherwise. */
#define SCREEN_COLUMNS_MIN 2
#define SCREEN_COLORS      16 /* of the palette that can be set */

typedef struct Screen Screen;

typedef struct {
	guint32 chars[6];    /* Unicode: base and combining; chars[0] 0: empty */
	guint8 width;        /* cells: 1, 2; 0: right half of a wide one */
	guint16 flags;       /* GlyphFlags, without REVERSE */
	guint16 link;        /* of a hyperlink; 0: none */
	guint32 front, back; /* 0xrrggbb */
	guint32 line;        /* likewise: of the underline */
	bool ground;         /* back is the terminal's own background, and nothing else */
} Cell;

typedef struct {
	guint32 front, back; /* 0xrrggbb */
	guint32 colors[SCREEN_COLORS];
} Palette;

typedef enum { CURSOR_BLOCK, CURSOR_UNDERLINE, CURSOR_BAR } CursorShape;

typedef enum { MOUSE_NONE, MOUSE_CLICK, MOUSE_DRAG, MOUSE_MOVE } MouseMode;

/* Called from within the other functions. */
typedef struct {
	void (*output)(void *data, const char *bytes, gsize size); /* for the program */
	void (*bell)(void *data); /* NULL: nobody hears */
	/* It copies a text, or (text NULL) asks for what was copied. NULL: not here. */
	void (*copy)(void *data, const char *text);
} ScreenOps;

/* Sizes of at least SCREEN_COLUMNS_MIN by 1; fewer columns are made that many. ops and
 * data are borrowed. */
Screen *screen_new(
	int columns, int rows, guint scrollback, const ScreenOps *ops, void *data);
void screen_free(Screen *screen);
/* Lines of scroll-back, and bytes that they may take. */
void screen_set_limits(Screen *screen, guint lines, gsize bytes);
void screen_set_palette(Screen *screen, const Palette *palette);
void screen_feed(Screen *screen, const char *bytes, gsize size);
void screen_resize(Screen *screen, int columns, int rows);
void screen_size(const Screen *screen, int *columns, int *rows);
/* Pixels of a cell, for programs that ask. */
void screen_set_cell(Screen *screen, int width, int height);

/* Scrolls the view by lines (up: positive) into the scroll-back, or to the bottom. */
void screen_scroll(Screen *screen, int lines);
void screen_scroll_to_bottom(Screen *screen);
/* Rows below the view, and of the scroll-back. */
guint screen_scrolled(const Screen *screen, guint *rows);

/* How a row of the view is drawn. A larger line has cells in its left half only, which
 * its columns count. */
LineSize screen_line_size(Screen *screen, int row);
/* What is seen at a place of the view. */
Cell screen_cell(Screen *screen, int column, int row);
bool screen_cursor(const Screen *screen, int *column, int *row); /* false: hidden */
CursorShape screen_cursor_shape(const Screen *screen);
const char *screen_title(const Screen *screen);              /* never NULL */
const char *screen_link(const Screen *screen, guint16 link); /* NULL: none */
const Palette *screen_palette(const Screen *screen);
MouseMode screen_mouse(const Screen *screen);
bool screen_alternate(const Screen *screen);
/* The program is amid a picture that is to be seen as a whole only. */
bool screen_held(const Screen *screen);
/* It takes too long: let it be seen. */
void screen_release(Screen *screen);

/* Rows changed since the last call; false: none. */
bool screen_take_damage(Screen *screen, int *first, int *last);
void screen_damage(Screen *screen);

/* Keys; modifiers as libvterm's: 1 Shift, 2 Alt, 4 Control. */
void screen_character(Screen *screen, guint32 codepoint, unsigned modifiers);
/* code: KEY_* of input-event-codes.h; false: no such key. */
bool screen_key(Screen *screen, guint16 code, unsigned modifiers);
/* What has been copied, as if it were typed. */
void screen_paste(Screen *screen, const char *text);
void screen_focus(Screen *screen, bool focused);
/* For the program, if it wants to know: the pointer, button 1 to 3, and the wheel as 4
 * (up) and 5. */
void screen_pointer(Screen *screen, int column, int row, unsigned modifiers);
void screen_button(Screen *screen, int button, bool pressed, unsigned modifiers);

/* ---- lines: text that stays where it is, at any size and however far it scrolls ---- */

/* A place in the text: the line, counted from the beginning, and the cell in it. */
typedef struct {
	guint64 line;
	guint cell;
} Mark;

int mark_compare(Mark a, Mark b);
/* The place at a cell of the view; rows outside are the first or last one. */
Mark screen_mark(Screen *screen, int column, int row);
/* The first line that is kept, and the one behind the last. */
guint64 screen_first_line(const Screen *screen);
guint64 screen_end_line(const Screen *screen);
/* The first line of the screen's own. */
guint64 screen_live_line(const Screen *screen);
/* Appends the cells (Glyph) of a line, whole. */
void screen_line(Screen *screen, guint64 line, GArray *cells);
/* Appends a cell's text to it; nothing for the half of a wide one. */
void screen_glyph_text(const Screen *screen, const Glyph *glyph, GString *text);
/* Scrolls so that the place is seen. */
void screen_show(Screen *screen, Mark mark);

#endif
