// SPDX-License-Identifier: GPL-2.0-or-later
#include "render.h"

#include "joined.h"

enum {
	COLOR_ACCENT = 0x4a90d9,
	COLOR_HIT = 0x8a7430,
	COLOR_HIT_NOW = 0xe6bf52,
	COLOR_HIT_TEXT = 0x101418,
	COLOR_BAR = 0x26405c,
	COLOR_BAR_TEXT = 0xf0f4f8,
	COLOR_BAR_HINT = 0xa8c0d8,
};

enum { SCROLL_BAR = 3 }; /* px */

/* ---- cells ---- */

static guint32 blend(guint32 a, guint32 b, guint32 percent)
{
	guint32 out = 0;

	for (int shift = 16; shift >= 0; shift -= 8)
		out |= ((a >> shift & 255) * (100 - percent) +
			       (b >> shift & 255) * percent) /
			       100
		       << shift;
	return out;
}

/* A row, and where its cells are drawn. */
typedef struct {
	const Render *render;
	Brush brush;
	int row, columns, cursor; /* cursor: a column; -1: it is elsewhere */
	int x, y, width, height;  /* of its first cell */
} Band;

static MaqRect cell_rect(const Band *band, int column, int columns)
{
	return (MaqRect){band->x + column * band->width, band->y, columns * band->width,
		band->height};
}

/* What the user marks, looks for, or points at. */
static void mark_cell(const Render *render, Mark mark, Cell *cell)
{
	int hit = render->find ? find_at(render->find, mark) : 0;

	if (selection_has(render->selection, mark)) {
		cell->back = blend(cell->back, COLOR_ACCENT, 50);
		cell->ground = false;
	}
	if (hit) {
		cell->ground = false;
		cell->back = hit == 2 ? COLOR_HIT_NOW : COLOR_HIT;
		cell->front = hit == 2 ? COLOR_HIT_TEXT : 0xffffff;
	}
	if (mark_compare(render->link_start, mark) <= 0 &&
		mark_compare(mark, render->link_end) < 0) {
		cell->flags &= 0x0fff;
		cell->flags |= UNDERLINE_SINGLE << GLYPH_UNDERLINE_SHIFT;
		cell->line = cell->front = blend(cell->front, COLOR_ACCENT, 70);
	} else if (cell->link && !(cell->flags >> GLYPH_UNDERLINE_SHIFT)) {
		cell->flags |= UNDERLINE_DOTTED << GLYPH_UNDERLINE_SHIFT;
		cell->line = blend(cell->back, cell->front, 60);
	}
}

static void draw_thin_cursor(const Band *band, MaqRect at, guint32 color)
{
	int thick = MAX(at.height / 8, 2);

	if (screen_cursor_shape(band->render->screen) == CURSOR_BAR)
		brush_fill(
			&band->brush, at.x, at.y, MAX(at.width / 6, 2), at.height, color);
	else
		brush_fill(&band->brush, at.x, at.y + at.height - thick, at.width, thick,
			color);
}

static void draw_with_cursor(const Band *band, MaqRect at, Cell *cell)
{
	const Render *render = band->render;
	bool block = screen_cursor_shape(render->screen) == CURSOR_BLOCK;
	guint32 front = cell->front;

	if (render->focused && block) {
		cell->front = cell->line = cell->back;
		cell->back = front;
		cell->ground = false;
		if (cell->front == cell->back)
			cell->back = screen_palette(render->screen)->front;
	}
	cell_draw(&band->brush, at, cell);
	if (!render->focused)
		maq_canvas_outline(band->brush.canvas, at, 1, front);
	else if (!block)
		draw_thin_cursor(band, at, front);
}

static void render_cell(const Band *band, int column, Mark mark, Cell *cell)
{
	MaqRect at = cell_rect(band, column, MAX(cell->width, 1));

	mark_cell(band->render, mark, cell);
	if (column == band->cursor)
		draw_with_cursor(band, at, cell);
	else
		cell_draw(&band->brush, at, cell);
}

/* Cells without their text, then that, above them. */
static void render_joined(const Band *band, int column, Mark mark, const Joined *joined)
{
	Screen *screen = band->render->screen;
	Cell first = screen_cell(screen, column, band->row);

	for (int i = column; i < column + joined->columns; i++, mark.cell++) {
		Cell cell = screen_cell(screen, i, band->row);

		cell.chars[0] = 0;
		if (cell.width)
			render_cell(band, i, mark, &cell);
	}
	cell_draw_chars(&band->brush, cell_rect(band, column, MIN(joined->columns, 2)),
		&first, joined->chars, joined->count);
}

static void render_cells(const Band *band)
{
	Screen *screen = band->render->screen;
	Mark mark = screen_mark(screen, 0, band->row);

	for (int column = 0; column < band->columns;) {
		Cell cell = screen_cell(screen, column, band->row);
		Joined joined = joined_at(
			&band->brush, screen, column, band->row, band->columns, &cell);
		int width = joined.columns ? joined.columns : MAX(cell.width, 1);

		if (joined.columns)
			render_joined(band, column, mark, &joined);
		else if (cell.width)
			render_cell(band, column, mark, &cell);
		column += width;
		mark.cell += (guint)width;
	}
}

/* Of both at once: one pixel out of two, one above the other. */
static guint32 mean(guint32 a, guint32 b)
{
	return (a & b) + (((a ^ b) & 0xfefefefe) >> 1);
}

/* Twice the width only: drawn at twice the size, and made half as high. */
static void render_wide(Band *band, MaqRect all)
{
	g_autofree guint32 *pixels =
		g_new0(guint32, (gsize)all.width * (gsize)band->height);
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		pixels, all.width, band->height, all.width * (int)sizeof *pixels);
	MaqCanvas *target = band->brush.canvas;

	if (!canvas)
		return;
	maq_canvas_move(canvas, all.x, all.y);
	if (band->render->opacity < 255)
		maq_canvas_set_alpha(canvas);
	band->brush.canvas = canvas;
	render_cells(band);
	for (int y = 0; y < all.height; y++)
		for (int x = 0; x < all.width; x++)
			pixels[y * all.width + x] = mean(pixels[2 * y * all.width + x],
				pixels[(2 * y + 1) * all.width + x]);
	maq_canvas_copy(target, all.x, all.y, canvas, all);
	band->brush.canvas = target;
}

/* The cells of a larger line, each in the place of two; of one of twice the height only a
 * half lies within the row. */
static void enlarge(Band *band, LineSize size)
{
	band->brush.large = true;
	if (size == LINE_BOTTOM)
		band->y -= band->height;
	band->width *= 2;
	band->height *= 2;
	band->columns = line_width(size, band->columns);
}

static void render_large(Band *band, LineSize size, MaqRect all)
{
	Cell blank = screen_cell(band->render->screen, -1, band->row);

	enlarge(band, size);
	/* an odd column stays free */
	all.width -= band->columns * band->width;
	all.x += band->columns * band->width;
	maq_canvas_fill_alpha(band->brush.canvas, all, blank.back, band->brush.opacity);
	all.x = band->x;
	all.width = band->columns * band->width;
	if (size == LINE_WIDE)
		render_wide(band, all);
	else
		render_cells(band);
}

static void render_row(const Render *render, int row)
{
	int columns, rows, column, cursor_row;
	bool cursor = screen_cursor(render->screen, &column, &cursor_row);
	int width = faces_width(render->faces), height = faces_height(render->faces);
	LineSize size = screen_line_size(render->screen, row);

	screen_size(render->screen, &columns, &rows);
	Band band = {render, {render->canvas, render->faces, false, render->opacity}, row,
		columns, cursor && cursor_row == row ? column : -1, RENDER_PADDING,
		RENDER_PADDING + row * height, width, height};
	MaqRect all = cell_rect(&band, 0, columns);
	maq_canvas_clip(render->canvas, &all);
	if (size == LINE_PLAIN)
		render_cells(&band);
	else
		render_large(&band, size, all);
	maq_canvas_clip(render->canvas, NULL);
}

void render_rows(const Render *render, int first, int last)
{
	for (int row = first; row <= last; row++)
		render_row(render, row);
}

MaqRect render_area(const Faces *faces, int first, int last, int width)
{
	int h = faces_height(faces);

	return (MaqRect){0, RENDER_PADDING + first * h, width, (last - first + 1) * h};
}

/* ---- around and above ---- */

static void fill(const Render *render, int x, int y, int width, int height, guint32 color)
{
	maq_canvas_fill(render->canvas, (MaqRect){x, y, width, height}, color);
}

static void fill_ground(const Render *render, int x, int y, int width, int height)
{
	maq_canvas_fill_alpha(render->canvas, (MaqRect){x, y, width, height},
		screen_palette(render->screen)->back, render->opacity);
}

void render_margins(const Render *render)
{
	MaqRect all = maq_canvas_bounds(render->canvas);
	int columns, rows, pad = RENDER_PADDING;

	screen_size(render->screen, &columns, &rows);
	int right = pad + columns * faces_width(render->faces);
	int below = pad + rows * faces_height(render->faces);
	fill_ground(render, 0, 0, all.width, pad);
	fill_ground(render, 0, pad, pad, all.height - pad);
	fill_ground(render, right, pad, all.width - right, all.height - pad);
	fill_ground(render, pad, below, right - pad, all.height - below);
}

void render_scrolled(const Render *render)
{
	MaqRect all = maq_canvas_bounds(render->canvas);
	int columns, rows;
	guint history, offset = screen_scrolled(render->screen, &history);

	if (!offset)
		return;
	screen_size(render->screen, &columns, &rows);
	gint64 total = (gint64)history + rows, room = all.height - 2;
	int height = (int)MAX(room * rows / total, 16);
	int y = 1 + (int)((room - height) * (history - offset) / MAX(history, 1));
	fill(render, all.width - SCROLL_BAR - 1, y, SCROLL_BAR, height, COLOR_ACCENT);
}

void render_bar(const Render *render, const char *what, const char *hint)
{
	MaqRect all = maq_canvas_bounds(render->canvas);
	MaqFont *font = render->faces->faces[0];
	int height = faces_height(render->faces) + 8, y = all.height - height;
	int width = maq_font_measure(font, hint);
	int left = maq_font_measure(font, what) + 3 * RENDER_PADDING;

	fill(render, 0, y, all.width, height, COLOR_BAR);
	fill(render, 0, y, all.width, 1, COLOR_ACCENT);
	maq_font_draw(font, render->canvas, RENDER_PADDING, y + 4, COLOR_BAR_TEXT, what);
	if (left + width + RENDER_PADDING < all.width)
		maq_font_draw(font, render->canvas, all.width - width - RENDER_PADDING,
			y + 4, COLOR_BAR_HINT, hint);
}
