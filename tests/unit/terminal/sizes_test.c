// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that are drawn larger (DECDWL, DECDHL): half as many cells, and the size stays
 * with the line wherever it goes.
 */
#include "screen_internal.h"

#include <string.h>

#define WIDE   "\033#6"
#define TOP    "\033#3"
#define BOTTOM "\033#4"
#define PLAIN  "\033#5"

static void keep(void *data, const char *bytes, gsize size)
{
	g_string_append_len(data, bytes, (gssize)size);
}

static const ScreenOps ops = {.output = keep};

static void feed(Screen *screen, const char *text)
{
	screen_feed(screen, text, strlen(text));
}

static Screen *screen_with(int columns, int rows, GString *answer, const char *text)
{
	Screen *screen = screen_new(columns, rows, 100, &ops, answer);

	feed(screen, text);
	return screen;
}

static char letter(LineSize size)
{
	return ".wtb"[size];
}

/* What is seen, a row a line: its size, and its text without blanks at its end. */
static char *seen(Screen *screen)
{
	GString *text = g_string_new(NULL);
	int columns, rows;

	screen_size(screen, &columns, &rows);
	for (int row = 0; row < rows; row++) {
		gsize start = text->len + 1;

		g_string_append_c(text, letter(screen_line_size(screen, row)));
		for (int column = 0; column < columns; column++) {
			Cell cell = screen_cell(screen, column, row);

			if (cell.width)
				g_string_append_unichar(
					text, cell.chars[0] ? cell.chars[0] : ' ');
		}
		while (text->len > start && text->str[text->len - 1] == ' ')
			g_string_truncate(text, text->len - 1);
		g_string_append_c(text, '/');
	}
	return g_string_free(text, FALSE);
}

static void assert_seen(Screen *screen, const char *expected)
{
	g_autofree char *text = seen(screen);

	g_assert_cmpstr(text, ==, expected);
}

static void assert_cursor(Screen *screen, int column, int row)
{
	int is_column, is_row;

	g_assert_true(screen_cursor(screen, &is_column, &is_row));
	g_assert_cmpint(is_column, ==, column);
	g_assert_cmpint(is_row, ==, row);
}

typedef struct {
	const char *name, *input, *seen;
} Case;

/* On a screen of 10 by 4. */
static const Case cases[] = {
	{"sizes", WIDE "ab\r\n" TOP "cd\r\n" BOTTOM "cd\r\nef", "wab/tcd/bcd/.ef/"},
	{"back-to-plain", WIDE "ab" PLAIN, ".ab/./././"},
	{"half-is-lost", "0123456789\r" WIDE PLAIN, ".01234/./././"},
	{"half-is-lost-of-the-size", "0123456789\r" TOP BOTTOM WIDE, "w01234/./././"},
	{"wraps-at-half", WIDE "0123456", "w01234/.56/././"},
	{"no-wrap", "\033[?7l" WIDE "0123456", "w01236/./././"},
	{"clamps", WIDE "\033[1;9Hx", "w    x/./././"},
	{"cursor-comes-along", "01234567" WIDE "x", "w0123x/./././"},
	{"from-the-row-above", "\r\n" WIDE "\033[1;9H\nx", "./w    x/././"},
	{"erase-right", WIDE "01234\033[1;3H\033[K", "w01/./././"},
	{"erase-line", WIDE "01234\033[2K", "w/./././"},
	{"erase-below", WIDE "0\r\n" WIDE "1\r\n" WIDE "2\033[2;1H\033[J", "w0/w/././"},
	{"erase-all", WIDE "0\r\n" TOP "1\033[2J", "././././"},
	{"insert", WIDE "01234\033[1;2H\033[2@", "w0  12/./././"},
	{"delete", WIDE "01234\033[1;2H\033[2P", "w034/./././"},
	{"insert-mode", WIDE "0123\r\033[4hxyz", "wxyz01/./././"},
	{"long-text-is-not-put-beyond", WIDE "01234567890123456789",
		"w01234/.5678901234/"
		".56789/./"},
	{"scrolls", "a\r\n" WIDE "b\r\nc\r\nd\r\ne", "wb/.c/.d/.e/"},
	{"new-rows-are-plain", "\033[4;1H" WIDE "ab\r\ncdefghij", "././wab/.cdefghij/"},
	{"new-rows-at-the-top", WIDE "ab\033[H\033Mcdefghij", ".cdefghij/wab/././"},
	{"insert-line", WIDE "ab\r\n" TOP "cd\033[2;1H\033[L0123456789",
		"wab/.0123456789/tcd/./"},
	{"delete-line", "x\r\n" WIDE "ab\r\nyz\033[1;1H\033[M", "wab/.yz/././"},
	{"delete-the-last-line", "\033[4;1H" WIDE "ab\033[M0123456789",
		"./././.0123456789/"},
	{"in-a-region", "a\r\n" WIDE "b\r\nc\033[2;3r\033[3;1H\nd0123456\033[r",
		".a/.c/.d0123456/./"},
	{"tabs-stay-inside", WIDE "\t\ty", "w    y/./././"},
	{"repeated", WIDE "a\033[9b", "waaaaa/.aaaaa/././"},
	{"wide-characters", WIDE "\u4e2d\u4e2d\u4e2d", "w\u4e2d\u4e2d/.\u4e2d/././"},
	{"aligned", WIDE "\033#8", "wEEEEE/.EEEEEEEEEE/.EEEEEEEEEE/.EEEEEEEEEE/"},
	{"not-with-margins", "\033[?69h" WIDE "a", ".a/./././"},
	{"reset", WIDE "ab\033c", "././././"},
	{"alternate-has-its-own", WIDE "ab\033[?1049h\033[H0123456789",
		".0123456789/./././"},
	{"alternate-gives-back", WIDE "ab\033[?1049h\033[2;1H" TOP "cd\033[?1049l345678",
		"wab345/.678/././"},
};

static void check(gconstpointer data)
{
	const Case *test = data;
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_with(10, 4, answer, test->input);

	assert_seen(screen, test->seen);
	screen_free(screen);
}

/* Columns are those of the line, as the program counts them. */
static void reports_its_columns(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_with(10, 4, answer, WIDE "\033[1;9H\033[6n");

	g_assert_cmpstr(answer->str, ==, "\033[1;5R");
	assert_cursor(screen, 4, 0);
	screen_free(screen);
}

static void line_text(Screen *screen, guint64 line, const char *expected)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	g_autoptr(GString) text = g_string_new(NULL);

	screen_line(screen, line, cells);
	for (guint i = 0; i < cells->len; i++)
		screen_glyph_text(screen, &g_array_index(cells, Glyph, i), text);
	g_assert_cmpstr(text->str, ==, expected);
}

/* Wrapped text of one size is one line, of two sizes it is two. */
static void lines(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen =
		screen_with(10, 4, answer, "\r\n" WIDE "\033[1;1H" WIDE "01234567");

	line_text(screen, 0, "01234567");
	feed(screen, "\033[2;1H" PLAIN);
	line_text(screen, 0, "01234");
	line_text(screen, 1, "567");
	screen_free(screen);
}

/* Lines of twice the width are broken anew, those of twice the height are not, and get
 * back what had no room. */
static void other_widths(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_with(16, 4, answer,
		WIDE "01234567\r\n" TOP "abcdefgh\r\n" BOTTOM "abcdefgh\r\n$ ");

	screen_resize(screen, 8, 5);
	assert_seen(screen, "w0123/w4567/tabcd/babcd/.$/");
	screen_resize(screen, 16, 5);
	assert_seen(screen, "w01234567/tabcdefgh/babcdefgh/.$/./");
	assert_cursor(screen, 2, 3);
	screen_resize(screen, 8, 2); /* most of it into the scroll-back */
	assert_seen(screen, "babcd/.$/");
	screen_scroll(screen, 1);
	assert_seen(screen, "tabcd/babcd/");
	screen_scroll(screen, 2);
	assert_seen(screen, "w0123/w4567/");
	screen_resize(screen, 16, 4);
	screen_scroll_to_bottom(screen);
	assert_seen(screen, "w01234567/tabcdefgh/babcdefgh/.$/");
	feed(screen, "\033[1;1H\033[K"
		     "01234567890123456789");
	assert_seen(screen, "w01234567/t89012345/b6789efgh/.$/");
	screen_free(screen);
}

/* The program is told, and libvterm, which wraps, knows. */
static void goes_on_after_another_width(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_with(16, 4, answer, "a\r\nb\r\nc\r\n" WIDE "01234567");

	screen_resize(screen, 20, 2);
	feed(screen, "890");
	assert_seen(screen, "w0123456789/.0/");
	screen_free(screen);
}

static void marks(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_with(10, 3, answer, WIDE "01234\r\n\r\nx\r\ny");

	screen_scroll(screen, 1);
	assert_seen(screen, "w01234/./.x/");
	g_assert_cmpuint(screen_mark(screen, 3, 0).cell, ==, 3);
	g_assert_cmpuint(screen_mark(screen, 9, 0).cell, ==, 5);
	g_assert_cmpuint(screen_mark(screen, 9, 1).cell, ==, 9);
	screen_free(screen);
}

static void mouse(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen =
		screen_with(10, 3, answer, "\033[?1000h\033[?1006h" WIDE "01234");

	screen_pointer(screen, 4, 0, 0);
	screen_button(screen, 1, true, 0);
	g_assert_cmpstr(answer->str, ==, "\033[<0;5;1M");
	screen_free(screen);
}

/* ---- anything in any order ---- */

static void assert_consistent(Screen *screen)
{
	const Grid *grid = screen->grid;

	for (int row = 0; row < grid->n_rows; row++) {
		const VTermLineInfo *info = vterm_state_get_lineinfo(screen->state, row);
		const Row *this = &grid->rows[row];

		g_assert_cmpint(info->doublewidth, ==, this->size != LINE_PLAIN);
		if (row && this->continued)
			g_assert_cmpint(this->size, ==, grid->rows[row - 1].size);
		if (this->continued)
			g_assert_cmpint(this->size, <=, LINE_WIDE);
	}
	g_assert_cmpint(screen->cursor.column, <, grid_width(grid, screen->cursor.row));
}

static void anything(void)
{
	static const char *const pieces[] = {WIDE, TOP, BOTTOM, PLAIN, WIDE, "\r\n", "\n",
		"\033M", "abc", "0123456789012345678901234567890", "\u4e2d\u6587",
		"\033[J", "\033[1J", "\033[2J", "\033[K", "\033[1K", "\033[L", "\033[3M",
		"\033[2S", "\033[T", "\033[2;4r", "\033[r", "\033[H", "\033[3;30H",
		"\033[5;2H", "\033[?1049h", "\033[?1049l", "\033[2@", "\033[P", "\t",
		"\033#8", "\033c", "\033[?7l", "\033[?7h", "\033[4h", "\033[4l",
		"\033[2 @", "\033[ A"};
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(20, 6, 40, &ops, answer);
	g_autoptr(GRand) chance = g_rand_new_with_seed(1);

	for (int i = 0; i < 20000; i++) {
		feed(screen, pieces[g_rand_int_range(
				     chance, 0, (gint32)G_N_ELEMENTS(pieces))]);
		if (i % 37 == 0)
			screen_resize(screen, g_rand_int_range(chance, 2, 40),
				g_rand_int_range(chance, 1, 9));
		if (i % 11 == 0)
			screen_scroll(screen, g_rand_int_range(chance, -3, 5));
		assert_consistent(screen);
		g_free(seen(screen));
	}
	screen_free(screen);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/terminal/sizes/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], check);
	}
	g_test_add_func("/terminal/sizes/reports-its-columns", reports_its_columns);
	g_test_add_func("/terminal/sizes/lines", lines);
	g_test_add_func("/terminal/sizes/other-widths", other_widths);
	g_test_add_func("/terminal/sizes/goes-on-after-another-width",
		goes_on_after_another_width);
	g_test_add_func("/terminal/sizes/marks", marks);
	g_test_add_func("/terminal/sizes/mouse", mouse);
	g_test_add_func("/terminal/sizes/anything", anything);
	return g_test_run();
}
