// SPDX-License-Identifier: GPL-2.0-or-later
#include "lines.h"

#include <string.h>

static void set(Lines *lines, const char *content)
{
	lines_set(lines, content, strlen(content));
}

static void set_numbers(Lines *lines, int from, int to)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "%d\n", to);
	for (int i = from; i <= to; i++)
		g_string_append_printf(text, "init -> a\tl%d\n", i);
	set(lines, text->str);
}

static void assert_seen(Lines *lines, guint row, guint rows, const char *text)
{
	const Line *line = lines_seen(lines, row, rows);

	g_assert_cmpstr(line ? line->text : NULL, ==, text);
}

static void reads(void)
{
	Lines lines;
	const Line *line;

	lines_init(&lines);
	set(&lines, "3\ninit\thello\ninit -> vnc\tError: \033[1mno\tport\033[0m\n"
		    "no tab\ninit -> a -> b\tWarning: x");
	line = lines_seen(&lines, 0, 5);
	g_assert_cmpstr(line->label, ==, "init");
	g_assert_cmpstr(line->text, ==, "hello");
	line = lines_seen(&lines, 1, 5);
	g_assert_cmpstr(line->label, ==, "vnc");
	g_assert_cmpstr(line->text, ==, "Error: no port");
	g_assert_cmpint(line->kind, ==, LINE_ERROR);
	line = lines_seen(&lines, 2, 5);
	g_assert_cmpstr(line->label, ==, "a -> b");
	g_assert_cmpint(line->kind, ==, LINE_WARNING);
	g_assert_null(lines_seen(&lines, 3, 5));
	set(&lines, "");
	g_assert_null(lines_seen(&lines, 0, 5));
	set(&lines, "0\n\033[\tx\033[12\n");
	lines_fini(&lines);
}

static void follows(void)
{
	Lines lines;

	lines_init(&lines);
	set_numbers(&lines, 1, 10);
	assert_seen(&lines, 0, 4, "l7");
	assert_seen(&lines, 3, 4, "l10");
	set_numbers(&lines, 1, 12);
	assert_seen(&lines, 3, 4, "l12");
	lines_fini(&lines);
}

static void looks_back(void)
{
	Lines lines;

	lines_init(&lines);
	set_numbers(&lines, 1, 10);
	lines_scroll(&lines, 3, 4);
	assert_seen(&lines, 3, 4, "l7");
	set_numbers(&lines, 3, 12); /* the view stays, though old ones go */
	assert_seen(&lines, 3, 4, "l7");
	lines_scroll(&lines, 100, 4);
	assert_seen(&lines, 0, 4, "l3");
	lines_scroll(&lines, -100, 4);
	assert_seen(&lines, 3, 4, "l12");
	lines_scroll(&lines, 1, 40); /* all are seen */
	assert_seen(&lines, 9, 40, "l12");
	lines_fini(&lines);
}

static void filters(void)
{
	Lines lines;

	lines_init(&lines);
	set(&lines, "4\ninit -> vnc\tone\ninit -> wm\tTwo\ninit -> vnc\tthree\ninit -> "
		    "wm\tof "
		    "vnc");
	lines_filter(&lines, "vnc");
	g_assert_cmpuint(lines.lines->len, ==, 3);
	assert_seen(&lines, 1, 5, "three");
	lines_filter(&lines, "two");
	assert_seen(&lines, 0, 5, "Two");
	lines_filter(&lines, "TWO");
	assert_seen(&lines, 0, 5, NULL);
	lines_filter(&lines, "");
	assert_seen(&lines, 3, 5, "of vnc");
	lines_fini(&lines);
}

/* A view that looks back stays, also if only some of the new lines are shown. */
static void filters_while_looking_back(void)
{
	Lines lines;

	lines_init(&lines);
	lines_filter(&lines, "a");
	set(&lines, "4\ninit\ta1\ninit\ta2\ninit\tb3\ninit\ta4\n");
	lines_scroll(&lines, 1, 2);
	assert_seen(&lines, 1, 2, "a2");
	set(&lines, "6\ninit\ta1\ninit\ta2\ninit\tb3\ninit\ta4\ninit\tb5\ninit\ta6\n");
	assert_seen(&lines, 1, 2, "a2");
	lines_fini(&lines);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log-view/reads", reads);
	g_test_add_func("/log-view/follows", follows);
	g_test_add_func("/log-view/looks-back", looks_back);
	g_test_add_func("/log-view/filters", filters);
	g_test_add_func(
		"/log-view/filters-while-looking-back", filters_while_looking_back);
	return g_test_run();
}
