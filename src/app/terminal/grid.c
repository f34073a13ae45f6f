// SPDX-License-Identifier: GPL-2.0-or-later
#include "glyph.h"

#include <string.h>

static void blank(Glyph *cells, int count, const Style *style)
{
	Glyph glyph = {.width = 1, .style.back = style->back};

	for (int i = 0; i < count; i++)
		cells[i] = glyph;
}

static Row row_new(int columns)
{
	Row row = {.cells = g_new(Glyph, columns)};

	blank(row.cells, columns, &(Style){0});
	return row;
}

void grid_init(Grid *grid, int columns, int rows)
{
	*grid = (Grid){g_new(Row, rows), columns, rows};
	for (int i = 0; i < rows; i++)
		grid->rows[i] = row_new(columns);
}

void grid_fini(Grid *grid)
{
	for (int i = 0; i < grid->n_rows; i++)
		g_free(grid->rows[i].cells);
	g_clear_pointer(&grid->rows, g_free);
}

int line_width(LineSize size, int columns)
{
	return size == LINE_PLAIN ? columns : columns / 2;
}

int line_room(LineSize size, int columns)
{
	if (size == LINE_TOP || size == LINE_BOTTOM)
		return G_MAXINT;
	return size == LINE_PLAIN ? columns : MAX(columns / 2, 2);
}

int grid_width(const Grid *grid, int row)
{
	return line_width(grid->rows[row].size, grid->columns);
}

void grid_set_size(Grid *grid, int row, LineSize size)
{
	if (grid->rows[row].size == size)
		return;
	grid->rows[row].size = size;
	grid->rows[row].continued = false;
	if (row + 1 < grid->n_rows)
		grid->rows[row + 1].continued = false;
}

static void clear(Glyph *cell)
{
	cell->c = cell->more = 0;
	cell->width = 1;
}

/* Half a wide character is none. */
static void mend(Glyph *cells, int columns)
{
	for (int i = 0; i < columns; i++) {
		if (cells[i].width == 2 && (i + 1 == columns || cells[i + 1].width))
			clear(&cells[i]);
		if (!cells[i].width && (!i || cells[i - 1].width != 2))
			clear(&cells[i]);
	}
}

void grid_put(Grid *grid, int column, int row, const Glyph *glyph)
{
	Glyph *cells = grid->rows[row].cells;
	int end = column + glyph->width;

	if (!cells[column].width && column)
		clear(&cells[column - 1]);
	if (end < grid->columns && !cells[end].width)
		clear(&cells[end]);
	cells[column] = *glyph;
	if (glyph->width == 2)
		cells[column + 1] = (Glyph){.style = glyph->style};
}

void grid_put_text(
	Grid *grid, int column, int row, const char *text, int count, const Style *style)
{
	Glyph *cells = grid->rows[row].cells;
	Glyph glyph = {.style = *style, .width = 1};

	if (!cells[column].width && column)
		clear(&cells[column - 1]);
	if (column + count < grid->columns && !cells[column + count].width)
		clear(&cells[column + count]);
	for (int i = 0; i < count; i++) {
		glyph.c = (guchar)text[i];
		cells[column + i] = glyph;
	}
}

void grid_erase(Grid *grid, int left, int top, int right, int bottom, const Style *style,
	bool spare_protected)
{
	for (int row = top; row < bottom; row++) {
		Glyph *cells = grid->rows[row].cells;
		/* also what is not seen */
		int end = right >= grid_width(grid, row) ? grid->columns : right;

		for (int i = left; i < end; i++)
			if (!spare_protected || !(cells[i].style.flags & GLYPH_PROTECTED))
				blank(&cells[i], 1, style);
		if (left || end < grid->columns || spare_protected)
			mend(cells, grid->columns);
		else
			grid->rows[row].continued = false;
		if (end == grid->columns && row + 1 < grid->n_rows)
			grid->rows[row + 1].continued = false;
	}
}

static void reverse(Row *rows, int from, int to)
{
	for (to--; from < to; from++, to--) {
		Row row = rows[from];

		rows[from] = rows[to];
		rows[to] = row;
	}
}

static void scroll_rows(Grid *grid, int top, int bottom, int up, const Style *style)
{
	int turn = up > 0 ? up : bottom - top + up;
	int first = up > 0 ? bottom - up : top;

	/* turned by three reversals: rows are moved, not copied */
	reverse(grid->rows, top, top + turn);
	reverse(grid->rows, top + turn, bottom);
	reverse(grid->rows, top, bottom);
	for (int row = first; row < first + ABS(up); row++) {
		blank(grid->rows[row].cells, grid->columns, style);
		grid->rows[row].continued = false;
		grid->rows[row].size = LINE_PLAIN;
	}
	if (up < 0)
		grid->rows[MIN(top - up, grid->n_rows - 1)].continued = false;
	if (bottom < grid->n_rows)
		grid->rows[bottom].continued = false;
	if (top)
		grid->rows[top].continued = false;
}

static void scroll_cells(
	Grid *grid, int left, int right, int row, int leftward, const Style *style)
{
	Glyph *cells = grid->rows[row].cells;

	right = MIN(right, grid_width(grid, row));
	if (left >= right)
		return;
	leftward = CLAMP(leftward, left - right, right - left);
	int count = right - left - ABS(leftward);
	if (leftward > 0)
		memmove(&cells[left], &cells[left + leftward],
			(gsize)count * sizeof *cells);
	else
		memmove(&cells[left - leftward], &cells[left],
			(gsize)count * sizeof *cells);
	blank(&cells[leftward > 0 ? right - leftward : left], ABS(leftward), style);
	mend(cells, grid->columns);
}

static void scroll_part(
	Grid *grid, int left, int top, int right, int bottom, int up, const Style *style)
{
	for (int i = 0; i < bottom - top; i++) {
		int row = up > 0 ? top + i : bottom - 1 - i, from = row + up;
		Glyph *cells = grid->rows[row].cells;

		if (from >= top && from < bottom)
			memcpy(&cells[left], &grid->rows[from].cells[left],
				(gsize)(right - left) * sizeof *cells);
		else
			blank(&cells[left], right - left, style);
		mend(cells, grid->columns);
		grid->rows[row].continued = false;
	}
}

void grid_scroll(Grid *grid, int left, int top, int right, int bottom, int up,
	int leftward, const Style *style)
{
	up = CLAMP(up, top - bottom, bottom - top);
	if (up && !left && right == grid->columns)
		scroll_rows(grid, top, bottom, up, style);
	else if (up)
		scroll_part(grid, left, top, right, bottom, up, style);
	for (int row = top; leftward && row < bottom; row++)
		scroll_cells(grid, left, right, row, leftward, style);
	/* what was shifted is no longer what went on in the next row */
	for (int row = top; leftward && row < bottom && bottom - top > 1; row++)
		grid->rows[row].continued = false;
}

void grid_crop(Grid *grid, int columns, int rows, int gone)
{
	Grid made;

	grid_init(&made, columns, rows);
	for (int row = 0; row < rows && row + gone < grid->n_rows; row++) {
		memcpy(made.rows[row].cells, grid->rows[row + gone].cells,
			(gsize)MIN(columns, grid->columns) * sizeof(Glyph));
		made.rows[row].size = grid->rows[row + gone].size;
		mend(made.rows[row].cells, columns);
	}
	grid_fini(grid);
	*grid = made;
}

bool glyph_is_blank(const Glyph *glyph)
{
	return !glyph->c && glyph->width == 1 && !glyph->style.back &&
	       !(glyph->style.flags & GLYPH_REVERSE);
}

int grid_used(const Grid *grid, int row)
{
	const Glyph *cells = grid->rows[row].cells;
	int used = grid->columns;

	if (row + 1 < grid->n_rows && grid->rows[row + 1].continued) {
		used = grid_width(grid, row);
		bool pushed = grid->rows[row + 1].cells[0].width == 2 && used > 1 &&
			      !cells[used - 1].c && cells[used - 1].width == 1;

		return pushed ? used - 1 : used;
	}
	while (used && glyph_is_blank(&cells[used - 1]))
		used--;
	return used;
}
