// SPDX-License-Identifier: GPL-2.0-or-later
#include "joined.h"

enum { ZERO_WIDTH_JOINER = 0x200d, EMOJI_STYLE = 0xfe0f };

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

	if (joined->count + cell_count_chars(next) > JOINED_MAX || !c)
		return false;
	return last == ZERO_WIDTH_JOINER ? c >= 0x2000
	       : is_skin(c)              ? last >= 0x2000 && !is_skin(last)
			    : is_letter_of_flag(c) && is_letter_of_flag(last) &&
				      joined->count == 1;
}

static void append(Joined *joined, const Cell *cell)
{
	unsigned count = cell_count_chars(cell);

	for (unsigned i = 0; i < count; i++)
		joined->chars[joined->count++] = cell->chars[i];
	joined->columns += MAX(cell->width, 1);
}

static bool is_blank(const Cell *cell)
{
	return cell->width == 1 && (!cell->chars[0] || cell->chars[0] == ' ') &&
	       !cell->chars[1];
}

Joined joined_at(const Brush *brush, Screen *screen, int column, int row, int columns,
	const Cell *cell)
{
	Joined joined = {0};
	bool chosen = cell->chars[1] == EMOJI_STYLE;

	if (!chosen && (cell->chars[0] < 0x2000 || is_ideographic(cell->chars[0])))
		return joined;
	append(&joined, cell);
	while (column + joined.columns < columns) {
		Cell next = screen_cell(screen, column + joined.columns, row);

		if (chosen && joined.columns == 1 && is_blank(&next)) {
			joined.columns++;
			break;
		}
		if (!goes_on(&joined, &next))
			break;
		append(&joined, &next);
	}
	if (joined.columns <= cell->width ||
		!cell_joins(brush, cell, joined.chars, joined.count))
		joined.columns = 0;
	return joined;
}
