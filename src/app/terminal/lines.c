// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lines - the screen and its scroll-back as lines that keep their numbers
 */
#include "screen_internal.h"

/* The newest line of the history goes on at the screen's top. */
static bool is_joined(const Screen *screen)
{
	return !screen->alternate && screen->grid->rows[0].continued &&
	       history_count(screen->history);
}

int mark_compare(Mark a, Mark b)
{
	if (a.line != b.line)
		return a.line < b.line ? -1 : 1;
	return a.cell < b.cell ? -1 : a.cell > b.cell;
}

static guint64 history_end(const Screen *screen)
{
	return history_dropped(screen->history) + history_count(screen->history);
}

guint64 screen_live_line(const Screen *screen)
{
	return history_end(screen) - is_joined(screen);
}

guint64 screen_first_line(const Screen *screen)
{
	return screen->alternate ? history_end(screen) : history_dropped(screen->history);
}

/* The place where a row of the screen begins. */
static Mark row_mark(const Screen *screen, int row)
{
	const Grid *grid = screen->grid;
	Mark mark = {screen_live_line(screen), 0};

	if (is_joined(screen))
		mark.cell = history_line_cells(
			screen->history, history_count(screen->history) - 1);
	for (int i = 1; i <= row; i++) {
		if (grid->rows[i].continued)
			mark.cell += (guint)grid_used(grid, i - 1);
		else
			mark = (Mark){mark.line + 1, 0};
	}
	return mark;
}

guint64 screen_end_line(const Screen *screen)
{
	return row_mark(screen, screen->grid->n_rows - 1).line + 1;
}

Mark screen_mark(Screen *screen, int column, int row)
{
	row = CLAMP(row, 0, screen->grid->n_rows - 1);
	column = CLAMP(column, 0,
		line_width(screen_line_size(screen, row), screen->grid->columns));
	if ((guint)row >= screen->offset) {
		Mark mark = row_mark(screen, row - (int)screen->offset);

		mark.cell += (guint)column;
		return mark;
	}
	guint first, at = history_rows(screen->history) - screen->offset + (guint)row;
	guint index = history_find_row(screen->history, at, &first);
	return (Mark){history_dropped(screen->history) + index, first + (guint)column};
}

void screen_line(Screen *screen, guint64 line, GArray *cells)
{
	const Grid *grid = screen->grid;
	guint64 first = history_dropped(screen->history), end = history_end(screen);
	guint64 at = screen_live_line(screen);

	if (line < first)
		return;
	if (line < end)
		history_line(screen->history, (guint)(line - first), cells);
	for (int row = 0; row < grid->n_rows && at <= line; row++) {
		if (row && !grid->rows[row].continued)
			at++;
		if (at == line)
			g_array_append_vals(cells, grid->rows[row].cells,
				(guint)grid_used(grid, row));
	}
}

void screen_glyph_text(const Screen *screen, const Glyph *glyph, GString *text)
{
	const guint32 *more = marks_sequence(screen->marks, glyph->more);

	if (!glyph->width)
		return;
	g_string_append_unichar(text, glyph->c ? glyph->c : ' ');
	for (int i = 0; i < MARKS_PER_CELL && more[i]; i++)
		g_string_append_unichar(text, more[i]);
}

/* Rows from the first one kept to that with the place. */
static guint row_of(Screen *screen, Mark mark)
{
	guint64 first = history_dropped(screen->history);
	guint rows = screen->alternate ? 0 : history_rows(screen->history);

	if (mark.line < first)
		return 0;
	for (int row = screen->grid->n_rows - 1; row >= 0; row--)
		if (mark_compare(row_mark(screen, row), mark) <= 0)
			return rows + (guint)row;
	if (screen->alternate)
		return 0;
	guint index = (guint)MIN(mark.line - first, history_count(screen->history) - 1);
	guint row = history_row_of(screen->history, index), from = 0;
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	history_line(screen->history, index, cells);
	int room = line_room(
		history_line_size(screen->history, index), screen->grid->columns);
	while ((from = line_break(cells, from, room)) <= mark.cell && from < cells->len)
		row++;
	return row;
}

void screen_show_at_top(Screen *screen, Mark mark)
{
	guint row = row_of(screen, mark), rows = history_rows(screen->history);

	screen->offset = row < rows && !screen->alternate ? rows - row : 0;
}

void screen_show(Screen *screen, Mark mark)
{
	guint row = row_of(screen, mark), height = (guint)screen->grid->n_rows;
	guint rows = screen->alternate ? 0 : history_rows(screen->history);
	guint top = rows - screen->offset;

	if (row >= top && row < top + height)
		return;
	guint wanted = row > height / 2 ? row - height / 2 : 0;
	screen->offset = wanted < rows ? rows - wanted : 0;
	screen_damage(screen);
}
