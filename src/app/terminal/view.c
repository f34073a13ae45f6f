// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view - what of the screen and its scroll-back is seen, and what it looks like
 */
#include "screen_internal.h"

#include <string.h>

void screen_scroll(Screen *screen, int lines)
{
	gint64 most = screen->alternate ? 0 : history_rows(screen->history);

	screen->offset = (guint)CLAMP((gint64)screen->offset + lines, 0, most);
	screen_damage(screen);
}

void screen_scroll_to_bottom(Screen *screen)
{
	if (!screen->offset)
		return;
	screen->offset = 0;
	screen_damage(screen);
}

guint screen_scrolled(const Screen *screen, guint *rows)
{
	*rows = screen->alternate ? 0 : history_rows(screen->history);
	return screen->offset;
}

const char *screen_title(const Screen *screen)
{
	return screen->title->str;
}

const char *screen_link(const Screen *screen, guint16 link)
{
	return link && link <= screen->links->len ? screen->links->pdata[link - 1] : NULL;
}

const Palette *screen_palette(const Screen *screen)
{
	return &screen->palette;
}

MouseMode screen_mouse(const Screen *screen)
{
	return screen->mouse;
}

bool screen_alternate(const Screen *screen)
{
	return screen->alternate;
}

bool screen_held(const Screen *screen)
{
	return screen->held;
}

void screen_release(Screen *screen)
{
	screen->held = false;
}

CursorShape screen_cursor_shape(const Screen *screen)
{
	return screen->shape;
}

bool screen_take_damage(Screen *screen, int *first, int *last)
{
	if (screen->first > screen->last)
		return false;
	*first = screen->first;
	*last = screen->last;
	screen->first = screen->grid->n_rows;
	screen->last = -1;
	return true;
}

bool screen_cursor(const Screen *screen, int *column, int *row)
{
	*column = screen->cursor.column;
	*row = (int)MIN(screen->offset, 10000u) + screen->cursor.row;
	return screen->cursor_visible && *row < screen->grid->n_rows;
}

/* ---- cells ---- */

static guint32 cube(guint index)
{
	static const guint8 levels[] = {0, 95, 135, 175, 215, 255};
	guint grey = 8 + (index - 232) * 10;

	if (index >= 232)
		return grey << 16 | grey << 8 | grey;
	index -= 16;
	return (guint32)levels[index / 36] << 16 | (guint32)levels[index / 6 % 6] << 8 |
	       levels[index % 6];
}

guint32 screen_rgb(const Screen *screen, guint32 color, guint32 fallback)
{
	guint index = color & 255;

	if (!(color & COLOR_KIND))
		return fallback;
	if (color & COLOR_RGB)
		return color & 0xffffff;
	return index < SCREEN_COLORS ? screen->palette.colors[index] : cube(index);
}

static guint32 mix(guint32 a, guint32 b)
{
	return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1);
}

static void set_colors(const Screen *screen, const Style *style, Cell *cell)
{
	const Palette *palette = &screen->palette;
	bool reverse = ((style->flags & GLYPH_REVERSE) != 0) != screen->reversed;
	guint32 front = screen_rgb(screen, style->front, palette->front);
	guint32 back = screen_rgb(screen, style->back, palette->back);

	if (style->flags & GLYPH_DIM)
		front = mix(front, back);
	cell->front = reverse ? back : front;
	cell->back = reverse ? front : back;
	cell->ground = !reverse && !style->back;
	if (style->flags & GLYPH_HIDDEN)
		cell->front = cell->back;
	cell->line = screen_rgb(screen, style->line, cell->front);
}

/* Cells are asked for row by row, and a line of history is one text. */
static void find_row(Screen *screen, guint row)
{
	if (row == screen->found_row)
		return;
	guint index = history_find_row(screen->history, row, &screen->found_first);
	g_array_set_size(screen->found, 0);
	history_line(screen->history, index, screen->found);
	screen->found_size = history_line_size(screen->history, index);
	screen->found_end = line_break(screen->found, screen->found_first,
		line_room(screen->found_size, screen->grid->columns));
	screen->found_row = row;
}

static const Glyph *find_in_history(Screen *screen, guint row, int column)
{
	find_row(screen, row);
	guint cell = screen->found_first + (guint)column;
	return cell < screen->found_end ? &g_array_index(screen->found, Glyph, cell)
					: NULL;
}

LineSize screen_line_size(Screen *screen, int row)
{
	guint offset = screen->offset;

	if (row < 0 || row >= screen->grid->n_rows)
		return LINE_PLAIN;
	if ((guint)row >= offset)
		return screen->grid->rows[row - (int)offset].size;
	find_row(screen, history_rows(screen->history) - offset + (guint)row);
	return screen->found_size;
}

static const Glyph *find(Screen *screen, int column, int row)
{
	guint offset = screen->offset;

	if (row < 0 || row >= screen->grid->n_rows || column < 0 ||
		column >=
			line_width(screen_line_size(screen, row), screen->grid->columns))
		return NULL;
	if ((guint)row < offset)
		return find_in_history(screen,
			history_rows(screen->history) - offset + (guint)row, column);
	return &screen->grid->rows[row - (int)offset].cells[column];
}

Cell screen_cell(Screen *screen, int column, int row)
{
	static const Glyph blank = {.width = 1};
	const Glyph *glyph = find(screen, column, row);
	Cell cell = {0};

	if (!glyph)
		glyph = &blank;
	set_colors(screen, &glyph->style, &cell);
	cell.width = glyph->width;
	cell.chars[0] = glyph->c;
	if (glyph->more)
		memcpy(cell.chars + 1, marks_sequence(screen->marks, glyph->more),
			MARKS_PER_CELL * sizeof *cell.chars);
	cell.flags = glyph->style.flags & (guint16) ~(GLYPH_REVERSE | GLYPH_PROTECTED);
	cell.link = glyph->style.link;
	return cell;
}
