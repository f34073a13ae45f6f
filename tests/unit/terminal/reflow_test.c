// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines stay whole at any series of sizes, and the scroll-back within its bounds.
 */
#include "history.h"
#include "screen.h"

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

static void append_line(Screen *screen, guint64 line, GString *text)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));

	screen_line(screen, line, cells);
	for (guint i = 0; i < cells->len; i++)
		screen_glyph_text(screen, &g_array_index(cells, Glyph, i), text);
}

/* All lines, without empty ones at the end. (transfer full) */
static char *all_text(Screen *screen)
{
	GString *text = g_string_new(NULL);

	for (guint64 line = screen_first_line(screen); line < screen_end_line(screen);
		line++) {
		append_line(screen, line, text);
		g_string_append_c(text, '\n');
	}
	while (text->len && text->str[text->len - 1] == '\n')
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

static void assert_text(Screen *screen, const char *expected)
{
	g_autofree char *text = all_text(screen);

	g_assert_cmpstr(text, ==, expected);
}

static void breaks_and_joins(void)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);
	int column, row;

	feed(screen, "one\r\n0123456789abcdef\r\n$ ");
	assert_text(screen, "one\n0123456789abcdef\n$ ");
	screen_resize(screen, 5, 4);
	assert_text(screen, "one\n0123456789abcdef\n$ ");
	g_assert_true(screen_cursor(screen, &column, &row));
	g_assert_cmpint(row, ==, 3);
	g_assert_cmpint(column, ==, 2);
	screen_resize(screen, 40, 4);
	assert_text(screen, "one\n0123456789abcdef\n$ ");
	g_assert_true(screen_cursor(screen, &column, &row));
	g_assert_cmpint(row, ==, 2);
	g_assert_cmpint(column, ==, 2);
	g_assert_cmpint(screen_cell(screen, 15, 1).chars[0], ==, 'f');
	screen_free(screen);
}

/* What has left a region of one row goes on nowhere. */
static void leaves_a_region(void)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);

	feed(screen, "a\033[2;2r\033[2;1H0123456789xyz");
	assert_text(screen, "a\nxyz");
	screen_free(screen);
}

static void goes_on_writing(void)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);

	feed(screen, "0123456789");
	screen_resize(screen, 5, 4);
	feed(screen, "ab");
	assert_text(screen, "0123456789ab");
	screen_resize(screen, 20, 4);
	feed(screen, "cd");
	assert_text(screen, "0123456789abcd");
	screen_resize(screen, 7, 4);
	feed(screen, "ef\r\nnext");
	assert_text(screen, "0123456789abcdef\nnext");
	screen_free(screen);
}

static void moved_cursors_join_nothing(void)
{
	Screen *screen = screen_new(5, 4, 100, &ops, NULL);

	feed(screen, "01234\r\nab\033[3;1Hcd\033[1;5H4\033[2;1Hxy");
	screen_resize(screen, 20, 4);
	assert_text(screen, "01234\nxy\ncd");
	screen_free(screen);
}

static void colours_between(void)
{
	Screen *screen = screen_new(5, 4, 100, &ops, NULL);

	feed(screen, "01234\033[31m56\033[0m789");
	screen_resize(screen, 20, 4);
	assert_text(screen, "0123456789");
	g_assert_cmphex(
		screen_cell(screen, 5, 0).front, !=, screen_cell(screen, 4, 0).front);
	screen_free(screen);
}

static void free_rows_stay(void)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);
	int column, row;

	feed(screen, "a\r\nb\r\nc\r\nd\r\ne\r\nf\033[H\033[2J$ ");
	screen_resize(screen, 8, 4);
	g_assert_true(screen_cursor(screen, &column, &row));
	g_assert_cmpint(row, ==, 0);
	screen_resize(screen, 8, 6);
	g_assert_true(screen_cursor(screen, &column, &row));
	g_assert_cmpint(row, ==, 2); /* both of the scroll-back came back */
	screen_free(screen);
}

static void alternate_screen(void)
{
	Screen *screen = screen_new(10, 4, 100, &ops, NULL);
	int column, row;

	feed(screen, "0123456789ab\r\n$ \033[?1049hfull\033[4;1Hlast");
	screen_resize(screen, 5, 3);
	g_assert_cmpint(screen_cell(screen, 0, 2).chars[0], ==, 'l');
	feed(screen, "\033[?1049l");
	assert_text(screen, "0123456789ab\n$ ");
	g_assert_true(screen_cursor(screen, &column, &row));
	g_assert_cmpint(column, ==, 2);
	feed(screen, "x");
	assert_text(screen, "0123456789ab\n$ x");
	screen_free(screen);
}

static void append_random_word(GString *text, GRand *rand)
{
	static const char *const words[] = {"word", "\u4e2d\u6587", "e\u0301", "x",
		"\U0001f600", "longer-than-a-row-of-some-width"};
	int which = g_rand_int_range(rand, 0, G_N_ELEMENTS(words));

	g_string_append(text, words[which]);
	g_string_append_printf(text, "%d", g_rand_int_range(rand, 0, 100));
}

/* (transfer full) */
static char *random_text(GRand *rand)
{
	GString *text = g_string_new(NULL);
	int lines = g_rand_int_range(rand, 1, 30);

	for (int line = 0; line < lines; line++) {
		int words = g_rand_int_range(rand, 0, 30);

		for (int word = 0; word < words; word++)
			append_random_word(text, rand);
		if (!words)
			g_string_append_c(text, '.');
		if (line + 1 < lines)
			g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static void resize_at_random(Screen *screen, GRand *rand)
{
	screen_resize(
		screen, g_rand_int_range(rand, 2, 60), g_rand_int_range(rand, 1, 20));
	screen_scroll(screen, g_rand_int_range(rand, -20, 20));
	Mark mark = screen_mark(screen, 0, 0);
	screen_show(screen, mark);
}

/* Whatever the sizes, no character is lost, doubled or moved to another line. */
static void any_sizes(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(g_test_rand_int());

	for (int run = 0; run < 30; run++) {
		g_autofree char *text = random_text(rand);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		g_autofree char *written = g_strjoinv("\r\n", lines);
		Screen *screen = screen_new(g_rand_int_range(rand, 2, 60),
			g_rand_int_range(rand, 1, 20), 100000, &ops, NULL);

		feed(screen, written);
		assert_text(screen, text);
		for (int i = 0; i < 10; i++) {
			resize_at_random(screen, rand);
			assert_text(screen, text);
		}
		screen_free(screen);
	}
}

static void fill(Glyph *cells, int count, guint32 c)
{
	for (int i = 0; i < count; i++)
		cells[i] = (Glyph){.c = c, .width = 1};
}

static void history_takes_little(void)
{
	Marks *marks = marks_new();
	History *history = history_new(100000, 64u << 20, marks);
	Glyph cells[100];

	fill(cells, 100, 'x');
	for (int i = 0; i < 200000; i++)
		history_push(history, &(Row){.cells = cells}, 100);
	g_assert_cmpuint(history_count(history), ==, 100000);
	g_assert_cmpuint(history_dropped(history), ==, 100000);
	g_assert_cmpuint(history_bytes(history), <, 14u << 20);
	history_free(history);
	marks_free(marks);
}

/* The worst that cells can be: each one of its own look, with combining characters. */
static void history_is_bounded(void)
{
	Marks *marks = marks_new();
	History *history = history_new(1000000, 4u << 20, marks);
	guint32 more[MARKS_PER_CELL] = {0x10ffff, 0x10ffff, 0x10ffff, 0x10ffff, 0x10ffff};
	Glyph cells[1000];

	fill(cells, 1000, 0x10ffff);
	for (int i = 0; i < 1000; i++) {
		cells[i].more = marks_number(marks, more);
		cells[i].style =
			(Style){COLOR_RGB | i, COLOR_RGB | 1, COLOR_RGB | 1, 1, 1};
	}
	for (int i = 0; i < 1000; i++) {
		history_push(history, &(Row){.cells = cells, .continued = i % 7}, 1000);
		g_assert_cmpuint(history_bytes(history), <=, (4u << 20) + (512u << 10));
	}
	g_assert_cmpuint(history_count(history), >, 10);
	history_free(history);
	marks_free(marks);
}

/* A line without an end is divided somewhere, and costs no more than others. */
static void endless_line(void)
{
	Screen *screen = screen_new(80, 24, 1000, &ops, NULL);
	g_autofree char *text = g_strnfill(1 << 18, 'x');

	screen_set_limits(screen, 1000, 512u << 10);
	for (int i = 0; i < 8; i++)
		feed(screen, text);
	screen_resize(screen, 33, 10);
	g_assert_cmpuint(screen_end_line(screen), >, 8);
	screen_free(screen);
}

static void lines_keep_their_numbers(void)
{
	Screen *screen = screen_new(10, 4, 5, &ops, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < 20; i++) {
		g_autofree char *line = g_strdup_printf("%s%d", i ? "\r\n" : "", i);
		feed(screen, line);
	}
	g_assert_cmpuint(screen_first_line(screen), ==, 11);
	g_assert_cmpuint(screen_end_line(screen), ==, 20);
	screen_resize(screen, 2, 8);
	append_line(screen, 13, text);
	g_assert_cmpstr(text->str, ==, "13");
	screen_free(screen);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/reflow/breaks-and-joins", breaks_and_joins);
	g_test_add_func("/terminal/reflow/goes-on-writing", goes_on_writing);
	g_test_add_func("/terminal/reflow/leaves-a-region", leaves_a_region);
	g_test_add_func("/terminal/reflow/moved-cursors", moved_cursors_join_nothing);
	g_test_add_func("/terminal/reflow/colours-between", colours_between);
	g_test_add_func("/terminal/reflow/free-rows-stay", free_rows_stay);
	g_test_add_func("/terminal/reflow/alternate-screen", alternate_screen);
	g_test_add_func("/terminal/reflow/any-sizes", any_sizes);
	g_test_add_func("/terminal/history/takes-little", history_takes_little);
	g_test_add_func("/terminal/history/is-bounded", history_is_bounded);
	g_test_add_func("/terminal/history/endless-line", endless_line);
	g_test_add_func("/terminal/history/numbers", lines_keep_their_numbers);
	return g_test_run();
}
