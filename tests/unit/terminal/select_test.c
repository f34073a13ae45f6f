// SPDX-License-Identifier: GPL-2.0-or-later
#include "find.h"
#include "select.h"

#include <string.h>

static void drop(void *data, const char *bytes, gsize size)
{
	(void)data, (void)bytes, (void)size;
}

static const ScreenOps ops = {.output = drop};

static void feed(Screen *screen, const char *text)
{
	screen_feed(screen, text, strlen(text));
}

static Screen *screen_with(const char *text)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);

	feed(screen, text);
	return screen;
}

static void assert_selected(Selection *selection, Screen *screen, const char *expected)
{
	g_autofree char *text = selection_text(selection, screen);

	g_assert_cmpstr(text, ==, expected);
}

/* A line that takes three rows is one line. */
static void across_rows(void)
{
	Screen *screen = screen_with("0123456789abcdefghijKL\r\nnext");
	Selection selection = {0};

	selection_begin(&selection, screen, screen_mark(screen, 8, 0), SELECT_CHARACTERS);
	g_assert_false(selection.active);
	selection_extend(&selection, screen, screen_mark(screen, 2, 2));
	assert_selected(&selection, screen, "89abcdefghijKL");
	selection_extend(&selection, screen, screen_mark(screen, 2, 3));
	assert_selected(&selection, screen, "89abcdefghijKL\nne");
	screen_resize(screen, 7, 4); /* it stays, wherever that is now */
	assert_selected(&selection, screen, "89abcdefghijKL\nne");
	selection_clear(&selection);
	screen_free(screen);
}

static void backwards(void)
{
	Screen *screen = screen_with("0123456789");
	Selection selection = {0};

	selection_begin(&selection, screen, screen_mark(screen, 6, 0), SELECT_CHARACTERS);
	selection_extend(&selection, screen, screen_mark(screen, 2, 0));
	assert_selected(&selection, screen, "2345");
	g_assert_true(selection_has(&selection, screen_mark(screen, 2, 0)));
	g_assert_false(selection_has(&selection, screen_mark(screen, 6, 0)));
	selection_clear(&selection);
	screen_free(screen);
}

static void words(void)
{
	Screen *screen = screen_with("ab c-d_e/longer-word \u4e2d\u6587!");
	Selection selection = {0};

	selection_begin(&selection, screen, screen_mark(screen, 4, 0), SELECT_WORDS);
	assert_selected(&selection, screen, "c-d_e/longer-word");
	selection_extend(&selection, screen, screen_mark(screen, 0, 0));
	assert_selected(&selection, screen, "ab c-d_e/longer-word");
	selection_begin(&selection, screen, screen_mark(screen, 2, 0), SELECT_WORDS);
	assert_selected(&selection, screen, " ");
	selection_begin(&selection, screen, screen_mark(screen, 2, 2), SELECT_WORDS);
	assert_selected(&selection, screen, "\u4e2d\u6587");
	selection_clear(&selection);
	screen_free(screen);
}

static void whole_lines(void)
{
	Screen *screen = screen_with("0123456789ab\r\ncd");
	Selection selection = {0};

	selection_begin(&selection, screen, screen_mark(screen, 1, 1), SELECT_LINES);
	assert_selected(&selection, screen, "0123456789ab\n");
	selection_clear(&selection);
	screen_free(screen);
}

static void is_lost_with_its_text(void)
{
	Screen *screen = screen_with("one\r\ntwo\r\nthree");
	Selection selection = {0};

	selection_begin(&selection, screen, screen_mark(screen, 0, 1), SELECT_WORDS);
	feed(screen, "\r\nfour\r\nfive\r\nsix"); /* two is scrolled away */
	g_assert_true(selection_check(&selection, screen));
	assert_selected(&selection, screen, "two");
	selection_begin(&selection, screen, screen_mark(screen, 0, 1), SELECT_WORDS);
	assert_selected(&selection, screen, "four");
	feed(screen, "\033[1;1Hx");
	g_assert_true(selection_check(&selection, screen));
	feed(screen, "\033[2;2Hx");
	g_assert_false(selection_check(&selection, screen));
	g_assert_false(selection.active);
	selection_begin(&selection, screen, screen_mark(screen, 0, 2), SELECT_WORDS);
	feed(screen, "\033[2J");
	g_assert_false(selection_check(&selection, screen));
	screen_free(screen);
}

static void check_address(const char *text, int column, const char *expected)
{
	Screen *screen = screen_with(text);
	Mark start, end;
	g_autofree char *address =
		select_address(screen, screen_mark(screen, column, 0), &start, &end);

	g_assert_cmpstr(address, ==, expected);
	screen_free(screen);
}

static void addresses(void)
{
	check_address("see https://a.bc/d?e=f#g.", 9, "https://a.bc/d?e=f#g");
	check_address("see https://a.bc", 2, NULL);
	check_address("(http://a.b/c_(d))", 4, "http://a.b/c_(d)");
	check_address("<http://a.b>x", 4, "http://a.b");
	check_address("\"http://a.b\",", 4, "http://a.b");
	check_address("http://", 4, NULL);
	check_address("\033]8;;file:///x\033\\text\033]8;;\033\\", 2, "file:///x");
	check_address("\033]8;;file:///x\033\\text\033]8;;\033\\y", 4, NULL);
}

static void finds(void)
{
	Screen *screen = screen_new(10, 3, 100, &ops, NULL);
	Find find;

	find_init(&find);
	feed(screen, "needle\r\nhay hay hay needle hay\r\nNeedle\r\nhay\r\n\u4e2dneedle");
	find_set(&find, screen, "needle", (Mark){100, 0});
	g_assert_cmpuint(find.hits->len, ==, 4);
	g_assert_cmpuint(find_current(&find)->start.line, ==, 4);
	g_assert_cmpuint(find_step(&find, -1)->start.line, ==, 2);
	g_assert_cmpint(find_at(&find, (Mark){1, 12}), ==, 1);
	g_assert_cmpint(find_at(&find, (Mark){2, 5}), ==, 2);
	g_assert_cmpint(find_at(&find, (Mark){2, 6}), ==, 0);
	find_set(&find, screen, "Needle", (Mark){0, 0});
	g_assert_cmpuint(find.hits->len, ==, 1);
	find_set(&find, screen, "nothing", (Mark){0, 0});
	g_assert_null(find_current(&find));
	g_assert_null(find_step(&find, 1));
	find_set(&find, screen, "hay", (Mark){0, 0});
	g_assert_cmpuint(find.hits->len, ==, 5);
	feed(screen, "\r\nhay\r\nhay");
	find_again(&find, screen);
	g_assert_cmpuint(find.hits->len, ==, 7);
	find_fini(&find);
	screen_free(screen);
}

/* What is found is shown, however far up. */
static void shows(void)
{
	Screen *screen = screen_new(10, 4, 1000, &ops, NULL);

	for (int i = 0; i < 300; i++) {
		g_autofree char *line = g_strdup_printf("line-with-%d\r\n", i);

		feed(screen, line);
	}
	for (guint64 line = 0; line < 300; line += 7) {
		bool seen = false;

		screen_show(screen, (Mark){line, 11});
		for (int row = 0; row < 4; row++) {
			Mark mark = screen_mark(screen, 0, row);

			seen = seen || (mark.line == line && mark.cell == 10);
		}
		g_assert_true(seen);
	}
	screen_free(screen);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/select/across-rows", across_rows);
	g_test_add_func("/terminal/select/backwards", backwards);
	g_test_add_func("/terminal/select/words", words);
	g_test_add_func("/terminal/select/whole-lines", whole_lines);
	g_test_add_func("/terminal/select/is-lost-with-its-text", is_lost_with_its_text);
	g_test_add_func("/terminal/select/addresses", addresses);
	g_test_add_func("/terminal/find/finds", finds);
	g_test_add_func("/terminal/find/shows", shows);
	return g_test_run();
}
