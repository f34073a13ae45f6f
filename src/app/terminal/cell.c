// SPDX-License-Identifier: GPL-2.0-or-later
#include "cell.h"

#include "boxes.h"

static MaqFont *font_of(const Brush *brush, const Cell *cell)
{
	int face = (cell->flags & GLYPH_BOLD ? FACE_BOLD : 0) |
		   (cell->flags & GLYPH_ITALIC ? FACE_ITALIC : 0);

	return faces_get(brush->faces, face, brush->large);
}

unsigned cell_count_chars(const Cell *cell)
{
	unsigned count = 0;

	while (count < G_N_ELEMENTS(cell->chars) && cell->chars[count])
		count++;
	return count;
}

bool cell_joins(
	const Brush *brush, const Cell *cell, const guint32 *chars, unsigned count)
{
	return maq_font_joins(font_of(brush, cell), chars, count);
}

void cell_draw_chars(const Brush *brush, MaqRect at, const Cell *cell,
	const guint32 *chars, unsigned count)
{
	maq_font_draw_cell(
		font_of(brush, cell), brush->canvas, at, cell->front, chars, count);
}

static void draw_text(const Brush *brush, MaqRect at, const Cell *cell)
{
	unsigned count = cell_count_chars(cell);

	if (!count || (count == 1 && cell->chars[0] == ' '))
		return;
	if (count == 1 &&
		box_draw(brush->canvas, at, cell->chars[0], cell->front, cell->back))
		return;
	cell_draw_chars(brush, at, cell, cell->chars, count);
}

/* ---- lines ---- */

void brush_fill(const Brush *brush, int x, int y, int width, int height, guint32 color)
{
	maq_canvas_fill(brush->canvas, (MaqRect){x, y, width, height}, color);
}

static void draw_pattern(const Brush *brush, MaqRect at, int y, int on, int period,
	int thick, guint32 color)
{
	for (int x = at.x; x < at.x + at.width; x++)
		if (x % period < on)
			brush_fill(brush, x, y, 1, thick, color);
}

static void draw_wave(const Brush *brush, MaqRect at, int y, int thick, guint32 color)
{
	int step = MAX(thick, 2);

	for (int x = at.x; x < at.x + at.width; x++) {
		int phase = x % (4 * step);
		int up = phase < 2 * step ? phase : 4 * step - phase;

		brush_fill(brush, x, y - up / 2, 1, thick, color);
	}
}

static void draw_underline(const Brush *brush, MaqRect at, const Cell *cell)
{
	int thick = MAX(at.height / 16, 1), y = at.y + at.height - 1 - thick;

	switch (cell->flags >> GLYPH_UNDERLINE_SHIFT) {
	case UNDERLINE_NONE:
		break;
	case UNDERLINE_DOUBLE:
		brush_fill(brush, at.x, y, at.width, thick, cell->line);
		brush_fill(brush, at.x, y - 2 * thick, at.width, thick, cell->line);
		break;
	case UNDERLINE_CURLY:
		draw_wave(brush, at, y, thick, cell->line);
		break;
	case UNDERLINE_DOTTED:
		draw_pattern(brush, at, y, thick, 3 * thick, thick, cell->line);
		break;
	case UNDERLINE_DASHED:
		draw_pattern(brush, at, y, 4 * thick, 6 * thick, thick, cell->line);
		break;
	default:
		brush_fill(brush, at.x, y, at.width, thick, cell->line);
	}
}

static void draw_lines(const Brush *brush, MaqRect at, const Cell *cell)
{
	int thick = MAX(at.height / 16, 1);

	draw_underline(brush, at, cell);
	if (cell->flags & GLYPH_STRIKE)
		brush_fill(
			brush, at.x, at.y + at.height / 2, at.width, thick, cell->front);
	if (cell->flags & GLYPH_OVERLINE)
		brush_fill(brush, at.x, at.y, at.width, thick, cell->front);
}

void cell_draw(const Brush *brush, MaqRect at, const Cell *cell)
{
	maq_canvas_fill_alpha(
		brush->canvas, at, cell->back, cell->ground ? brush->opacity : 255);
	draw_text(brush, at, cell);
	if (cell->flags & (GLYPH_STRIKE | GLYPH_OVERLINE | 0xf000))
		draw_lines(brush, at, cell);
}
