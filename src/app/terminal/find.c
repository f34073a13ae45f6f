// SPDX-License-Identifier: GPL-2.0-or-later
#include "find.h"

void find_init(Find *find)
{
	*find = (Find){.pattern = g_array_new(false, false, sizeof(guint32)),
		.hits = g_array_new(false, false, sizeof(Hit))};
}

void find_fini(Find *find)
{
	g_array_unref(find->pattern);
	g_array_unref(find->hits);
}

static bool matches(const Find *find, const GArray *cells, guint at, guint *end)
{
	for (guint i = 0; i < find->pattern->len; i++) {
		while (at < cells->len && !g_array_index(cells, Glyph, at).width)
			at++;
		if (at >= cells->len)
			return false;
		guint32 c = g_array_index(cells, Glyph, at).c;
		c = c ? c : ' ';
		if (!find->exact)
			c = g_unichar_tolower(c);
		if (c != g_array_index(find->pattern, guint32, i))
			return false;
		at++;
	}
	while (at < cells->len && !g_array_index(cells, Glyph, at).width)
		at++;
	*end = at;
	return true;
}

static void look_through(Find *find, guint64 line, const GArray *cells)
{
	guint at = 0, end;

	while (at < cells->len && find->hits->len < FIND_MAX) {
		if (g_array_index(cells, Glyph, at).width &&
			matches(find, cells, at, &end)) {
			Hit hit = {{line, at}, end - at};

			g_array_append_val(find->hits, hit);
			at = end;
		} else {
			at++;
		}
	}
}

static void look(Find *find, Screen *screen)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	guint64 end = screen_end_line(screen);
	guint64 line = MAX(find->from, screen_first_line(screen));

	for (; find->pattern->len && line < end; line++) {
		g_array_set_size(cells, 0);
		screen_line(screen, line, cells);
		look_through(find, line, cells);
	}
	find->from = screen_live_line(screen);
}

void find_pattern(Find *find, const char *text)
{
	g_array_set_size(find->pattern, 0);
	g_array_set_size(find->hits, 0);
	find->exact = false;
	find->from = find->current = 0;
	for (; *text; text = g_utf8_next_char(text)) {
		guint32 c = g_utf8_get_char(text);

		g_array_append_val(find->pattern, c);
		find->exact = find->exact || g_unichar_isupper(c);
	}
}

bool find_in_line(Find *find, Screen *screen, guint64 line)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	guint end;

	screen_line(screen, line, cells);
	for (guint at = 0; find->pattern->len && at < cells->len; at++)
		if (g_array_index(cells, Glyph, at).width &&
			matches(find, cells, at, &end))
			return true;
	return false;
}

void find_set(Find *find, Screen *screen, const char *text, Mark at)
{
	find_pattern(find, text);
	look(find, screen);
	while (find->current + 1 < find->hits->len &&
		mark_compare(
			g_array_index(find->hits, Hit, find->current + 1).start, at) <= 0)
		find->current++;
}

void find_again(Find *find, Screen *screen)
{
	guint64 first = screen_first_line(screen);
	guint gone = 0, kept = find->hits->len;

	while (kept && g_array_index(find->hits, Hit, kept - 1).start.line >= find->from)
		kept--;
	g_array_set_size(find->hits, kept);
	while (gone < kept && g_array_index(find->hits, Hit, gone).start.line < first)
		gone++;
	g_array_remove_range(find->hits, 0, gone);
	find->current -= MIN(gone, find->current);
	look(find, screen);
	find->current = MIN(find->current, MAX(find->hits->len, 1) - 1);
}

const Hit *find_current(const Find *find)
{
	return find->current < find->hits->len
		       ? &g_array_index(find->hits, Hit, find->current)
		       : NULL;
}

const Hit *find_step(Find *find, int step)
{
	guint count = find->hits->len;

	if (count)
		find->current = (find->current + count + (guint)step) % count;
	return find_current(find);
}

int find_at(const Find *find, Mark at)
{
	guint low = 0, high = find->hits->len;

	/* the last one that begins at or before the place */
	while (low < high) {
		guint middle = (low + high) / 2;

		if (mark_compare(g_array_index(find->hits, Hit, middle).start, at) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return 0;
	const Hit *hit = &g_array_index(find->hits, Hit, low - 1);
	if (hit->start.line != at.line || at.cell >= hit->start.cell + hit->cells)
		return 0;
	return low - 1 == find->current ? 2 : 1;
}
