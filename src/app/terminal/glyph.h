// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * glyph - a cell as the terminal keeps it, and rows of them
 */
#ifndef TERMINAL_GLYPH_H
#define TERMINAL_GLYPH_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
	GLYPH_BOLD = 1,
	GLYPH_DIM = 2,
	GLYPH_ITALIC = 4,
	GLYPH_BLINK = 8,
	GLYPH_REVERSE = 16,
	GLYPH_HIDDEN = 32,
	GLYPH_STRIKE = 64,
	GLYPH_OVERLINE = 128,
	GLYPH_PROTECTED = 256,
	GLYPH_UNDERLINE_SHIFT = 12, /* Underline in four bits */
} GlyphFlags;

typedef enum {
	UNDERLINE_NONE,
	UNDERLINE_SINGLE,
	UNDERLINE_DOUBLE,
	UNDERLINE_CURLY,
	UNDERLINE_DOTTED,
	UNDERLINE_DASHED,
} Underline;

/* A colour: 0: the default; COLOR_INDEXED and a number of the palette; COLOR_RGB and
 * 0xrrggbb. */
enum { COLOR_INDEXED = 1 << 24, COLOR_RGB = 2 << 24, COLOR_KIND = 3 << 24 };

typedef struct {
	guint32 front, back, line; /* colours; line: of the underline, 0: front */
	guint16 flags;             /* GlyphFlags */
	guint16 link;              /* number of a hyperlink; 0: none */
} Style;

typedef struct {
	guint32 c;    /* Unicode; 0: empty */
	guint32 more; /* number of what combines with it (marks.h); 0: nothing */
	Style style;
	guint8 width; /* cells: 1, 2; 0: right half of a wide one */
} Glyph;

/* What is drawn of a line: at twice the width, and of one of twice the height the upper
 * or the lower half. It has half as many cells as others. */
typedef enum { LINE_PLAIN, LINE_WIDE, LINE_TOP, LINE_BOTTOM } LineSize;

typedef struct {
	Glyph *cells;   /* owned */
	bool continued; /* its first cell goes on where the row above ended */
	LineSize size;
} Row;

/* A screen's rows. */
typedef struct {
	Row *rows; /* owned */
	int columns, n_rows;
} Grid;

void grid_init(Grid *grid, int columns, int rows);
void grid_fini(Grid *grid);
/* Cells of a row that are seen; what is behind those of a line that is drawn larger is
 * kept for a wider screen. */
int grid_width(const Grid *grid, int row);
/* Lines of other sizes do not go on in each other. */
void grid_set_size(Grid *grid, int row, LineSize size);
/* Sets a character of width 1 or 2 that fits; halves of others go. */
void grid_put(Grid *grid, int column, int row, const Glyph *glyph);
/* Sets as many characters of ASCII, which fit, one a cell. */
void grid_put_text(
	Grid *grid, int column, int row, const char *text, int count, const Style *style);
/* Blanks of that style; protected: those are left out. */
void grid_erase(Grid *grid, int left, int top, int right, int bottom, const Style *style,
	bool spare_protected);
/* Moves what is within up (down: negative) and to the left; what becomes free is blank.
 */
void grid_scroll(Grid *grid, int left, int top, int right, int bottom, int up,
	int leftward, const Style *style);
/* Keeps the upper left part, after as many rows at the top have gone. */
void grid_crop(Grid *grid, int columns, int rows, int gone);
/* Cells of a row that are part of its line: all that is seen or, if the next row goes on,
 * all but the last one that had no room for a wide character. */
int grid_used(const Grid *grid, int row);
bool glyph_is_blank(const Glyph *glyph);
/* Of a screen of that many, cells of a line that are seen. */
int line_width(LineSize size, int columns);
/* Cells after which it is broken: a line of twice the height never is, since only one of
 * its halves would be. */
int line_room(LineSize size, int columns);

#endif
