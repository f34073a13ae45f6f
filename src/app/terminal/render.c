// SPDX-License-Identifier: GPL-2.0-or-later
#include "render.h"

enum { COLOR_MARGIN = 0x101418 };

static MaqRect cell_rect(MaqFont *font, int column, int row, int width)
{
	int w = maq_font_cell_width(font), h = maq_font_height(font);

	return (MaqRect){
		RENDER_PADDING + column * w, RENDER_PADDING + row * h, w * width, h};
}

static void draw_cell(MaqCanvas *canvas, MaqFont *font, MaqRect at, const Cell *cell)
{
	unsigned count = 0;

	while (count < G_N_ELEMENTS(cell->chars) && cell->chars[count])
		count++;
	if (!count || cell->chars[0] == ' ')
		return;
	maq_font_draw_cell(font, canvas, at.x, at.y, cell->front, cell->chars, count);
	/* bold by drawing twice: one font is enough, and the cell keeps its width */
	if (cell->flags & CELL_BOLD)
		maq_font_draw_cell(
			font, canvas, at.x + 1, at.y, cell->front, cell->chars, count);
}

static void render_row(
	MaqCanvas *canvas, MaqFont *font, Screen *screen, int row, bool focused)
{
	int columns, rows, cursor_column, cursor_row;
	bool cursor = screen_cursor(screen, &cursor_column, &cursor_row);

	screen_size(screen, &columns, &rows);
	for (int column = 0; column < columns; column++) {
		Cell cell = screen_cell(screen, column, row);
		MaqRect at = cell_rect(font, column, row, MAX(cell.width, 1));

		if (!cell.width)
			continue;
		bool here = cursor && cursor_column == column && cursor_row == row;
		if (here && focused) {
			guint32 front = cell.front;

			cell.front = cell.back;
			cell.back = front;
		}
		maq_canvas_fill(canvas, at, cell.back);
		draw_cell(canvas, font, at, &cell);
		if (cell.flags & CELL_UNDERLINE)
			maq_canvas_fill(canvas,
				(MaqRect){at.x, at.y + at.height - 2, at.width, 1},
				cell.front);
		if (here && !focused)
			maq_canvas_outline(canvas, at, 1, cell.front);
	}
}

void render_rows(MaqCanvas *canvas, MaqFont *font, Screen *screen, int first, int last,
	bool focused)
{
	for (int row = first; row <= last; row++)
		render_row(canvas, font, screen, row, focused);
}

MaqRect render_area(MaqFont *font, int first, int last, int width)
{
	int h = maq_font_height(font);

	return (MaqRect){0, RENDER_PADDING + first * h, width, (last - first + 1) * h};
}

void render_margins(MaqCanvas *canvas, MaqFont *font, const Screen *screen)
{
	MaqRect all = maq_canvas_bounds(canvas);
	int columns, rows, pad = RENDER_PADDING;

	screen_size(screen, &columns, &rows);
	int right = pad + columns * maq_font_cell_width(font);
	int below = pad + rows * maq_font_height(font);
	maq_canvas_fill(canvas, (MaqRect){0, 0, all.width, pad}, COLOR_MARGIN);
	maq_canvas_fill(canvas, (MaqRect){0, pad, pad, all.height - pad}, COLOR_MARGIN);
	maq_canvas_fill(canvas,
		(MaqRect){right, pad, all.width - right, all.height - pad}, COLOR_MARGIN);
	maq_canvas_fill(canvas, (MaqRect){pad, below, right - pad, all.height - below},
		COLOR_MARGIN);
}
