// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen - the terminal's model: libvterm, the scroll-back, what has changed
 *
 * No input or output. Bytes of the program go in, bytes for the program come out by a
 * callback, cells are looked at.
 */
#ifndef TERMINAL_SCREEN_H
#define TERMINAL_SCREEN_H

#include <glib.h>
#include <stdbool.h>

/* A wide character must fit: libvterm places it at column -1 otherwise. */
#define SCREEN_COLUMNS_MIN 2

typedef struct Screen Screen;

typedef enum { CELL_BOLD = 1, CELL_UNDERLINE = 2, CELL_ITALIC = 4 } CellFlags;

typedef struct {
	guint32 chars[6];    /* Unicode: base and combining; chars[0] 0: empty */
	guint8 width;        /* cells: 1, 2; 0: right half of a wide one */
	guint8 flags;        /* CellFlags */
	guint32 front, back; /* 0xrrggbb */
} Cell;

/* Bytes for the program; called from within the other functions. */
typedef void (*ScreenOutput)(void *data, const char *bytes, gsize size);

/* Sizes of at least SCREEN_COLUMNS_MIN by 1; fewer columns are made that many. */
Screen *screen_new(
	int columns, int rows, guint scrollback, ScreenOutput output, void *data);
void screen_free(Screen *screen);
void screen_feed(Screen *screen, const char *bytes, gsize size);
void screen_resize(Screen *screen, int columns, int rows);
void screen_size(const Screen *screen, int *columns, int *rows);

/* Scrolls the view by lines (up: positive) into the scroll-back, or to the bottom. */
void screen_scroll(Screen *screen, int lines);
void screen_scroll_to_bottom(Screen *screen);

/* What is seen at a place of the view. */
Cell screen_cell(Screen *screen, int column, int row);
bool screen_cursor(const Screen *screen, int *column, int *row); /* false: hidden */
const char *screen_title(const Screen *screen);                  /* never NULL */

/* Rows changed since the last call; false: none. */
bool screen_take_damage(Screen *screen, int *first, int *last);

/* Keys; modifiers as libvterm's: 1 Shift, 2 Alt, 4 Control. */
void screen_character(Screen *screen, guint32 codepoint, unsigned modifiers);
/* code: KEY_* of input-event-codes.h; false: no such key. */
bool screen_key(Screen *screen, guint16 code, unsigned modifiers);

#endif
