// SPDX-License-Identifier: GPL-2.0-or-later
#include "reflow.h"

#include <string.h>

/* The screen's lines, whole. */
typedef struct {
	GPtrArray *lines; /* owned, of GArray of Glyph */
	GArray *sizes;    /* owned, of LineSize: theirs */
	bool joined;      /* the first one was the newest of the history */
	guint cursor_line, cursor_cell;
	int free_rows; /* below the text */
} Lines;

/* Rows of the new size. */
typedef struct {
	GArray *rows; /* owned, of Row */
	GArray *used; /* owned, of int: cells that belong to the line */
	int columns;
} Rows;

static GArray *cells_new(void)
{
	return g_array_new(false, false, sizeof(Glyph));
}

static int last_row(const Grid *grid, const Place *cursor)
{
	int row = grid->n_rows - 1;

	while (row > cursor->row && !grid_used(grid, row) && !grid->rows[row].continued)
		row--;
	return row;
}

static void gather(Lines *lines, Grid *grid, History *history, const Place *cursor)
{
	int last = last_row(grid, cursor);

	lines->lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	lines->sizes = g_array_new(false, false, sizeof(LineSize));
	lines->free_rows = grid->n_rows - 1 - last;
	for (int row = 0; row <= last; row++) {
		bool goes_on = grid->rows[row].continued;

		if (!goes_on || !row) {
			g_ptr_array_add(lines->lines, cells_new());
			g_array_append_val(lines->sizes, grid->rows[row].size);
		}
		GArray *line = lines->lines->pdata[lines->lines->len - 1];
		if (!row && goes_on && history_count(history))
			history_pop(history, line);
		if (row == cursor->row) {
			lines->cursor_line = lines->lines->len - 1;
			lines->cursor_cell = line->len + (guint)cursor->column;
		}
		g_array_append_vals(
			line, grid->rows[row].cells, (guint)grid_used(grid, row));
	}
}

/* A line that is not broken may have more cells than are seen. */
static void add_row(Rows *rows, const GArray *line, LineSize size, guint from, guint to)
{
	int used = (int)(to - from);
	Row row = {g_new0(Glyph, MAX(rows->columns, used)), from > 0, size};

	if (used)
		memcpy(row.cells, &g_array_index(line, Glyph, from),
			(gsize)used * sizeof(Glyph));
	for (int i = used; i < rows->columns; i++)
		row.cells[i].width = 1;
	g_array_append_val(rows->rows, row);
	g_array_append_val(rows->used, used);
}

/* Breaks a line; cursor (NULL: it is elsewhere) is a cell of it, or behind its end. */
static void wrap(
	Rows *rows, const GArray *line, LineSize size, const guint *cell, Place *cursor)
{
	int room = line_room(size, rows->columns);
	guint from = 0;

	do {
		guint to = line_break(line, from, room);

		if (cell && *cell >= from && (*cell < to || to == line->len)) {
			cursor->row = (int)rows->rows->len;
			cursor->column = (int)(*cell - from);
		}
		add_row(rows, line, size, from, to);
		from = to;
	} while (from < line->len);
	if (!cell || cursor->column < room)
		return;
	/* behind a full row: what comes next begins another one */
	cursor->column = MIN(cursor->column - room, room - 1);
	cursor->row++;
	add_row(rows, line, size, line->len, line->len);
}

static void rows_init(Rows *rows, int columns)
{
	rows->rows = g_array_new(false, false, sizeof(Row));
	rows->used = g_array_new(false, false, sizeof(int));
	rows->columns = columns;
}

static void rows_fini(Rows *rows)
{
	g_array_unref(rows->rows);
	g_array_unref(rows->used);
}

/* Puts the newest line of the history in front. */
static void bring_back(Rows *rows, History *history)
{
	g_autoptr(GArray) line = cells_new();
	Rows more;

	LineSize size = history_pop(history, line);
	rows_init(&more, rows->columns);
	wrap(&more, line, size, NULL, NULL);
	g_array_prepend_vals(rows->rows, more.rows->data, more.rows->len);
	g_array_prepend_vals(rows->used, more.used->data, more.used->len);
	rows_fini(&more);
}

/* Rows that have no room go to the history. */
static int push(Rows *rows, History *history, int excess)
{
	for (int i = 0; i < excess; i++) {
		Row *row = &g_array_index(rows->rows, Row, i);

		history_push(history, row, g_array_index(rows->used, int, i));
		g_free(row->cells);
	}
	g_array_remove_range(rows->rows, 0, (guint)excess);
	g_array_remove_range(rows->used, 0, (guint)excess);
	return excess;
}

static void fill(Grid *grid, const Rows *rows, int n_rows)
{
	grid_fini(grid);
	grid_init(grid, rows->columns, n_rows);
	for (guint i = 0; i < rows->rows->len; i++) {
		g_free(grid->rows[i].cells);
		grid->rows[i] = g_array_index(rows->rows, Row, i);
	}
}

void reflow(Grid *grid, History *history, int columns, int n_rows, Place *cursor)
{
	Lines lines = {0};
	Rows rows;

	gather(&lines, grid, history, cursor);
	history_set_width(history, columns);
	rows_init(&rows, columns);
	for (guint i = 0; i < lines.lines->len; i++)
		wrap(&rows, lines.lines->pdata[i],
			g_array_index(lines.sizes, LineSize, i),
			i == lines.cursor_line ? &lines.cursor_cell : NULL, cursor);
	int free_rows = MIN(lines.free_rows, n_rows - 1);
	while ((int)rows.rows->len + free_rows < n_rows && history_count(history)) {
		guint before = rows.rows->len;

		bring_back(&rows, history);
		cursor->row += (int)(rows.rows->len - before);
	}
	if ((int)rows.rows->len > n_rows)
		cursor->row -= push(&rows, history, (int)rows.rows->len - n_rows);
	cursor->row = CLAMP(cursor->row, 0, n_rows - 1);
	fill(grid, &rows, n_rows);
	int width = grid_width(grid, cursor->row);
	cursor->column = CLAMP(cursor->column, 0, width - 1);
	rows_fini(&rows);
	g_ptr_array_unref(lines.lines);
	g_array_unref(lines.sizes);
}
