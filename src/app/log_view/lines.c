// SPDX-License-Identifier: GPL-2.0-or-later
#include "lines.h"

#include <string.h>

void lines_init(Lines *lines)
{
	*lines = (Lines){.all = g_array_new(false, false, sizeof(Line)),
		.lines = g_array_new(false, false, sizeof(Line)),
		.filter = g_strdup("")};
}

void lines_fini(Lines *lines)
{
	g_free(lines->content);
	g_free(lines->filter);
	g_array_unref(lines->all);
	g_array_unref(lines->lines);
}

/* Text for a terminal: colours and the like go. */
static void plain(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++) {
		if (from[0] == '\033' && from[1] == '[') {
			from += 2 + strspn(from + 2, "0123456789;:?");
			if (!*from)
				break;
		} else if (*from == '\t') {
			*to++ = ' ';
		} else if ((guchar)*from >= ' ') {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static LineKind kind_of(const char *text)
{
	if (g_str_has_prefix(text, "Error"))
		return LINE_ERROR;
	return g_str_has_prefix(text, "Warning") ? LINE_WARNING : LINE_PLAIN;
}

static void add(Lines *lines, char *row)
{
	char *tab = strchr(row, '\t');
	Line line = {.label = row};

	if (!tab)
		return;
	*tab = '\0';
	plain(tab + 1);
	if (g_str_has_prefix(row, "init -> "))
		line.label += strlen("init -> ");
	line.text = tab + 1;
	line.kind = kind_of(line.text);
	g_array_append_val(lines->all, line);
}

static bool has(const char *text, const char *filter)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);

	return strstr(text, filter) || strstr(lower, filter);
}

/* Which are shown; the number of those among the last ones, which are new. */
static guint choose(Lines *lines, guint64 last)
{
	guint first_new = lines->all->len - (guint)MIN(last, lines->all->len), chosen = 0;

	g_array_set_size(lines->lines, 0);
	for (guint i = 0; i < lines->all->len; i++) {
		const Line *line = &g_array_index(lines->all, Line, i);

		if (*lines->filter && !has(line->label, lines->filter) &&
			!has(line->text, lines->filter))
			continue;
		g_array_append_vals(lines->lines, line, 1);
		chosen += i >= first_new;
	}
	return chosen;
}

void lines_filter(Lines *lines, const char *filter)
{
	g_free(lines->filter);
	lines->filter = g_strdup(filter);
	lines->newer = 0;
	choose(lines, 0);
}

void lines_set(Lines *lines, const char *content, gsize size)
{
	guint64 before = lines->count;
	char *next = NULL;

	g_free(lines->content);
	lines->content = g_utf8_make_valid(content, (gssize)size);
	g_array_set_size(lines->all, 0);
	lines->count = g_ascii_strtoull(lines->content, &next, 10);
	next = strchr(next, '\n');
	while (next) {
		char *row = next + 1;

		next = strchr(row, '\n');
		if (next)
			*next = '\0';
		add(lines, row);
	}
	guint added = choose(lines, lines->count > before ? lines->count - before : 0);
	if (lines->newer)
		lines->newer += added;
	lines->newer = MIN(lines->newer, lines->lines->len);
}

void lines_scroll(Lines *lines, int up, guint rows)
{
	guint hidden = lines->lines->len > rows ? lines->lines->len - rows : 0;

	lines->newer = (guint)CLAMP((int)lines->newer + up, 0, (int)hidden);
}

const Line *lines_seen(const Lines *lines, guint row, guint rows)
{
	guint end = lines->lines->len - lines->newer; /* behind the last row */
	guint first = end > rows ? end - rows : 0;

	return first + row < end ? &g_array_index(lines->lines, Line, first + row) : NULL;
}
