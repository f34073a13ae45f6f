// SPDX-License-Identifier: GPL-2.0-or-later
#include "render.h"

#include "boxes.h"

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

/* ---- fonts ---- */

static MaqFont *load_face(const char *font, const char *face, int size, MaqFont *instead)
{
	g_autofree char *name = g_strconcat(font, face, NULL);
	MaqFont *loaded = maq_font_new(name, size, NULL);

	return loaded ? loaded : instead;
}

bool faces_load(Faces *faces, const char *font, int size, GError **error)
{
	MaqFont *regular = maq_font_new(font, size, error);

	if (!regular)
		return false;
	faces_free(faces);
	faces->faces[0] = regular;
	faces->faces[1] = load_face(font, ":bold", size, regular);
	faces->faces[2] = load_face(font, ":italic", size, regular);
	faces->faces[3] = load_face(font, ":bold:italic", size, regular);
	return true;
}

void faces_free(Faces *faces)
{
	for (int i = 3; i >= 0; i--)
		if (!i || faces->faces[i] != faces->faces[0])
			maq_font_free(faces->faces[i]);
	*faces = (Faces){{NULL}};
}

int faces_width(const Faces *faces)
{
	return maq_font_cell_width(faces->faces[0]);
}

int faces_height(const Faces *faces)
{
	return maq_font_height(faces->faces[0]);
}

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

static MaqRect cell_rect(const Faces *faces, int column, int row, int width)
{
	int w = faces_width(faces), h = faces_height(faces);

	return (MaqRect){
		RENDER_PADDING + column * w, RENDER_PADDING + row * h, w * width, h};
}

static MaqFont *face_of(const Render *render, const Cell *cell)
{
	int face =
		(cell->flags & GLYPH_BOLD ? 1 : 0) | (cell->flags & GLYPH_ITALIC ? 2 : 0);

	return render->faces->faces[face];
}

static unsigned count_chars(const Cell *cell)
{
	unsigned count = 0;

	while (count < G_N_ELEMENTS(cell->chars) && cell->chars[count])
		count++;
	return count;
}

static void draw_text(const Render *render, MaqRect at, const Cell *cell)
{
	unsigned count = count_chars(cell);

	if (!count || (count == 1 && cell->chars[0] == ' '))
		return;
	if (count == 1 &&
		box_draw(render->canvas, at, cell->chars[0], cell->front, cell->back))
		return;
	maq_font_draw_cell(face_of(render, cell), render->canvas, at, cell->front,
		cell->chars, count);
}

/* ---- emoji of several characters, each in a cell of its own ---- */

enum { ZERO_WIDTH_JOINER = 0x200d, EMOJI_STYLE = 0xfe0f, JOINED_MAX = 24 };

typedef struct {
	guint32 chars[JOINED_MAX];
	unsigned count;
	int columns;
} Joined;

static bool is_ideographic(guint32 c)
{
	return c >= 0x2e80 && c <= 0xd7ff;
}

static bool is_letter_of_flag(guint32 c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static bool is_skin(guint32 c)
{
	return c >= 0x1f3fb && c <= 0x1f3ff;
}

/* Whether the cell goes on what came before it. */
static bool goes_on(const Joined *joined, const Cell *next)
{
	guint32 c = next->chars[0], last = joined->chars[joined->count - 1];

	if (joined->count + count_chars(next) > JOINED_MAX || !c)
		return false;
	return last == ZERO_WIDTH_JOINER ? c >= 0x2000
	       : is_skin(c)              ? last >= 0x2000 && !is_skin(last)
			    : is_letter_of_flag(c) && is_letter_of_flag(last) &&
				      joined->count == 1;
}

static void append(Joined *joined, const Cell *cell)
{
	unsigned count = count_chars(cell);

	for (unsigned i = 0; i < count; i++)
		joined->chars[joined->count++] = cell->chars[i];
	joined->columns += MAX(cell->width, 1);
}

static bool is_blank(const Cell *cell)
{
	return cell->width == 1 && (!cell->chars[0] || cell->chars[0] == ' ') &&
	       !cell->chars[1];
}

/* Cells from this one on that are one picture, if the font has that; else columns is 0. A
 * character that is an emoji only by choice has one cell, and the next one if that is
 * empty. */
static Joined joined_at(const Render *render, int column, int row, const Cell *cell)
{
	Joined joined = {0};
	bool chosen = cell->chars[1] == EMOJI_STYLE;
	int columns, rows;

	if (!chosen && (cell->chars[0] < 0x2000 || is_ideographic(cell->chars[0])))
		return joined;
	screen_size(render->screen, &columns, &rows);
	append(&joined, cell);
	while (column + joined.columns < columns) {
		Cell next = screen_cell(render->screen, column + joined.columns, row);

		if (chosen && joined.columns == 1 && is_blank(&next)) {
			joined.columns++;
			break;
		}
		if (!goes_on(&joined, &next))
			break;
		append(&joined, &next);
	}
	if (joined.columns <= cell->width ||
		!maq_font_joins(face_of(render, cell), joined.chars, joined.count))
		joined.columns = 0;
	return joined;
}

static void fill(const Render *render, int x, int y, int width, int height, guint32 color)
{
	maq_canvas_fill(render->canvas, (MaqRect){x, y, width, height}, color);
}

static void draw_pattern(const Render *render, MaqRect at, int y, int on, int period,
	int thick, guint32 color)
{
	for (int x = at.x; x < at.x + at.width; x++)
		if (x % period < on)
			fill(render, x, y, 1, thick, color);
}

static void draw_wave(const Render *render, MaqRect at, int y, int thick, guint32 color)
{
	int step = MAX(thick, 2);

	for (int x = at.x; x < at.x + at.width; x++) {
		int phase = x % (4 * step);
		int up = phase < 2 * step ? phase : 4 * step - phase;

		fill(render, x, y - up / 2, 1, thick, color);
	}
}

static void draw_underline(const Render *render, MaqRect at, const Cell *cell)
{
	int thick = MAX(at.height / 16, 1), y = at.y + at.height - 1 - thick;

	switch (cell->flags >> GLYPH_UNDERLINE_SHIFT) {
	case UNDERLINE_NONE:
		break;
	case UNDERLINE_DOUBLE:
		fill(render, at.x, y, at.width, thick, cell->line);
		fill(render, at.x, y - 2 * thick, at.width, thick, cell->line);
		break;
	case UNDERLINE_CURLY:
		draw_wave(render, at, y, thick, cell->line);
		break;
	case UNDERLINE_DOTTED:
		draw_pattern(render, at, y, thick, 3 * thick, thick, cell->line);
		break;
	case UNDERLINE_DASHED:
		draw_pattern(render, at, y, 4 * thick, 6 * thick, thick, cell->line);
		break;
	default:
		fill(render, at.x, y, at.width, thick, cell->line);
	}
}

static void draw_lines(const Render *render, MaqRect at, const Cell *cell)
{
	int thick = MAX(at.height / 16, 1);

	draw_underline(render, at, cell);
	if (cell->flags & GLYPH_STRIKE)
		fill(render, at.x, at.y + at.height / 2, at.width, thick, cell->front);
	if (cell->flags & GLYPH_OVERLINE)
		fill(render, at.x, at.y, at.width, thick, cell->front);
}

/* What the user marks, looks for, or points at. */
static void mark_cell(const Render *render, Mark mark, Cell *cell)
{
	int hit = render->find ? find_at(render->find, mark) : 0;

	if (selection_has(render->selection, mark))
		cell->back = blend(cell->back, COLOR_ACCENT, 50);
	if (hit) {
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

static void draw_thin_cursor(const Render *render, MaqRect at, guint32 color)
{
	int thick = MAX(at.height / 8, 2);

	if (screen_cursor_shape(render->screen) == CURSOR_BAR)
		fill(render, at.x, at.y, MAX(at.width / 6, 2), at.height, color);
	else
		fill(render, at.x, at.y + at.height - thick, at.width, thick, color);
}

static void draw_cell(const Render *render, MaqRect at, Cell *cell, bool cursor)
{
	bool block = screen_cursor_shape(render->screen) == CURSOR_BLOCK;
	guint32 front = cell->front;

	if (cursor && render->focused && block) {
		cell->front = cell->line = cell->back;
		cell->back = front;
		if (cell->front == cell->back)
			cell->back = screen_palette(render->screen)->front;
	}
	maq_canvas_fill(render->canvas, at, cell->back);
	draw_text(render, at, cell);
	if (cell->flags & (GLYPH_STRIKE | GLYPH_OVERLINE | 0xf000))
		draw_lines(render, at, cell);
	if (cursor && !render->focused)
		maq_canvas_outline(render->canvas, at, 1, front);
	else if (cursor && !block)
		draw_thin_cursor(render, at, front);
}

static void render_cell(
	const Render *render, int column, int row, Mark mark, Cell *cell, bool cursor)
{
	MaqRect at = cell_rect(render->faces, column, row, MAX(cell->width, 1));

	mark_cell(render, mark, cell);
	draw_cell(render, at, cell, cursor);
}

/* Cells without their text, then that, above them. */
static void render_joined(const Render *render, int column, int row, Mark mark,
	const Joined *joined, int cursor)
{
	Cell first = screen_cell(render->screen, column, row);
	MaqRect at = cell_rect(render->faces, column, row, MIN(joined->columns, 2));

	for (int i = column; i < column + joined->columns; i++, mark.cell++) {
		Cell cell = screen_cell(render->screen, i, row);

		cell.chars[0] = 0;
		if (cell.width)
			render_cell(render, i, row, mark, &cell, i == cursor);
	}
	maq_font_draw_cell(face_of(render, &first), render->canvas, at, first.front,
		joined->chars, joined->count);
}

static void render_row(const Render *render, int row)
{
	int columns, rows, cursor_column, cursor_row;
	bool cursor = screen_cursor(render->screen, &cursor_column, &cursor_row) &&
		      cursor_row == row;
	Mark mark = screen_mark(render->screen, 0, row);

	screen_size(render->screen, &columns, &rows);
	MaqRect all = cell_rect(render->faces, 0, row, columns);
	maq_canvas_clip(render->canvas, &all);
	cursor_column = cursor ? cursor_column : -1;
	for (int column = 0; column < columns;) {
		Cell cell = screen_cell(render->screen, column, row);
		Joined joined = joined_at(render, column, row, &cell);
		int width = joined.columns ? joined.columns : MAX(cell.width, 1);

		if (joined.columns)
			render_joined(render, column, row, mark, &joined, cursor_column);
		else if (cell.width)
			render_cell(render, column, row, mark, &cell,
				column == cursor_column);
		column += width;
		mark.cell += (guint)width;
	}
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

void render_margins(const Render *render)
{
	MaqRect all = maq_canvas_bounds(render->canvas);
	guint32 color = screen_palette(render->screen)->back;
	int columns, rows, pad = RENDER_PADDING;

	screen_size(render->screen, &columns, &rows);
	int right = pad + columns * faces_width(render->faces);
	int below = pad + rows * faces_height(render->faces);
	fill(render, 0, 0, all.width, pad, color);
	fill(render, 0, pad, pad, all.height - pad, color);
	fill(render, right, pad, all.width - right, all.height - pad, color);
	fill(render, pad, below, right - pad, all.height - below, color);
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
