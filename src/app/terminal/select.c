// SPDX-License-Identifier: GPL-2.0-or-later
#include "select.h"

#include <string.h>

static GArray *line_of(Screen *screen, guint64 line)
{
	GArray *cells = g_array_new(false, false, sizeof(Glyph));

	screen_line(screen, line, cells);
	return cells;
}

static const Glyph *glyph_at(const GArray *cells, guint i)
{
	return &g_array_index(cells, Glyph, i);
}

/* ---- words ---- */

static bool is_word(const Glyph *glyph)
{
	guint32 c = glyph->c;

	return !glyph->width ||
	       (c && (g_unichar_isalnum(c) ||
			     (c < 0x80 && strchr("-_./~+%@:&=?#", (int)c))));
}

static void word_around(const GArray *cells, Mark at, Mark *start, Mark *end)
{
	guint from = MIN(at.cell, cells->len), to = from;

	if (from < cells->len && is_word(glyph_at(cells, from))) {
		while (from && is_word(glyph_at(cells, from - 1)))
			from--;
		while (to < cells->len && is_word(glyph_at(cells, to)))
			to++;
	} else {
		to = MIN(from + 1, cells->len);
	}
	*start = (Mark){at.line, from};
	*end = (Mark){at.line, MAX(to, from)};
}

/* The unit at a place. */
static void unit_around(
	const Selection *selection, Screen *screen, Mark at, Mark *start, Mark *end)
{
	g_autoptr(GArray) cells = line_of(screen, at.line);
	guint cell = at.cell;

	switch (selection->unit) {
	case SELECT_WORDS:
		word_around(cells, at, start, end);
		break;
	case SELECT_LINES:
		*start = (Mark){at.line, 0};
		*end = (Mark){at.line + 1, 0};
		break;
	default:
		while (cell && cell < cells->len && !glyph_at(cells, cell)->width)
			cell--;
		*start = *end = (Mark){at.line, cell};
	}
}

/* ---- the selection ---- */

void selection_clear(Selection *selection)
{
	selection->active = false;
	g_clear_pointer(&selection->live, g_free);
}

void selection_begin(Selection *selection, Screen *screen, Mark at, SelectUnit unit)
{
	selection_clear(selection);
	selection->unit = unit;
	unit_around(selection, screen, at, &selection->anchor, &selection->anchor_end);
	selection_extend(selection, screen, at);
}

/* What of it lies on the screen itself. */
static char *live_text(const Selection *selection, Screen *screen)
{
	Selection part = *selection;
	Mark live = {screen_live_line(screen), 0};

	if (mark_compare(part.start, live) < 0)
		part.start = live;
	part.active = mark_compare(part.start, part.end) < 0;
	return selection_text(&part, screen);
}

void selection_extend(Selection *selection, Screen *screen, Mark to)
{
	Mark start, end;

	unit_around(selection, screen, to, &start, &end);
	selection->start =
		mark_compare(start, selection->anchor) < 0 ? start : selection->anchor;
	selection->end = mark_compare(end, selection->anchor_end) > 0
				 ? end
				 : selection->anchor_end;
	selection->active = mark_compare(selection->start, selection->end) < 0;
	g_free(selection->live);
	selection->live = live_text(selection, screen);
}

bool selection_has(const Selection *selection, Mark at)
{
	return selection->active && mark_compare(selection->start, at) <= 0 &&
	       mark_compare(at, selection->end) < 0;
}

char *selection_text(const Selection *selection, Screen *screen)
{
	GString *text = g_string_new(NULL);
	guint64 line = MAX(selection->start.line, screen_first_line(screen));
	guint64 end = MIN(selection->end.line + 1, screen_end_line(screen));

	for (; selection->active && line < end; line++) {
		g_autoptr(GArray) cells = line_of(screen, line);
		guint from = line == selection->start.line ? selection->start.cell : 0;
		guint to = line == selection->end.line ? selection->end.cell : cells->len;

		for (guint i = from; i < MIN(to, cells->len); i++)
			screen_glyph_text(screen, glyph_at(cells, i), text);
		if (line < selection->end.line)
			g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

bool selection_check(Selection *selection, Screen *screen)
{
	if (!selection->active)
		return true;
	g_autofree char *now = live_text(selection, screen);
	bool erased = !*now && selection->live && *selection->live &&
		      selection->end.line >= screen_live_line(screen);
	/* lines may have gone to the scroll-back since, where nothing changes */
	if (!erased && selection->live && g_str_has_suffix(selection->live, now))
		return true;
	selection_clear(selection);
	return false;
}

/* ---- addresses ---- */

static bool is_address(guint32 c)
{
	return c > ' ' && c != 0x7f && !strchr("<>\"`{}|\\^", c < 0x80 ? (int)c : 'x') &&
	       (c < 0x80 || g_unichar_isalnum(c));
}

/* The characters of a line's cells in ASCII, one a cell, others as 'x' or blank. */
static char *ascii_of(const GArray *cells)
{
	char *text = g_malloc(cells->len + 1);

	for (guint i = 0; i < cells->len; i++) {
		guint32 c = glyph_at(cells, i)->c;

		text[i] = (char)(!is_address(c) ? ' ' : c < 0x80 ? c : 'x');
		if (!glyph_at(cells, i)->width)
			text[i] = 'x';
	}
	text[cells->len] = '\0';
	return text;
}

/* Where an address that begins at text ends: not with what ends a sentence, nor with a
 * bracket that was opened before it. */
static gsize address_size(const char *text)
{
	gsize size = strcspn(text, " ");
	int round = 0, square = 0;

	for (gsize i = 0; i < size; i++) {
		round += (text[i] == '(') - (text[i] == ')');
		square += (text[i] == '[') - (text[i] == ']');
	}
	for (;; size--) {
		char last = size ? text[size - 1] : 'x';

		if (last == ')' && round < 0)
			round++;
		else if (last == ']' && square < 0)
			square++;
		else if (!strchr(".,;:!?'", last))
			return size;
	}
}

static bool find_address(const char *text, guint cell, guint *from, guint *to)
{
	static const char *const schemes[] = {"https://", "http://", "ftp://", "file://",
		"mailto:", "ssh://", "git://"};

	for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
		const char *at = text;

		while ((at = strstr(at, schemes[i]))) {
			gsize size = address_size(at);
			gsize start = (gsize)(at - text);

			if (size > strlen(schemes[i]) && cell >= start &&
				cell < start + size) {
				*from = (guint)start;
				*to = (guint)(start + size);
				return true;
			}
			at++;
		}
	}
	return false;
}

static char *own_address(
	Screen *screen, const GArray *cells, Mark at, Mark *start, Mark *end)
{
	guint16 link = glyph_at(cells, at.cell)->style.link;
	guint from = at.cell, to = from;

	while (from && glyph_at(cells, from - 1)->style.link == link)
		from--;
	while (to < cells->len && glyph_at(cells, to)->style.link == link)
		to++;
	*start = (Mark){at.line, from};
	*end = (Mark){at.line, to};
	return g_strdup(screen_link(screen, link));
}

char *select_address(Screen *screen, Mark at, Mark *start, Mark *end)
{
	g_autoptr(GArray) cells = line_of(screen, at.line);
	guint from, to;

	if (at.cell >= cells->len)
		return NULL;
	if (screen_link(screen, glyph_at(cells, at.cell)->style.link))
		return own_address(screen, cells, at, start, end);
	g_autofree char *ascii = ascii_of(cells);
	if (!find_address(ascii, at.cell, &from, &to))
		return NULL;
	GString *text = g_string_new(NULL);
	for (guint i = from; i < to; i++)
		screen_glyph_text(screen, glyph_at(cells, i), text);
	*start = (Mark){at.line, from};
	*end = (Mark){at.line, to};
	return g_string_free(text, FALSE);
}
