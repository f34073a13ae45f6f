// SPDX-License-Identifier: GPL-2.0-or-later
#include "screen.h"

#include <linux/input-event-codes.h>
#include <string.h>

typedef struct {
	Screen *screen;
	GString *output; /* for the program */
} Fixture;

static void on_output(void *data, const char *bytes, gsize size)
{
	g_string_append_len(((Fixture *)data)->output, bytes, (gssize)size);
}

static const ScreenOps ops = {.output = on_output};

static void set_up(Fixture *f, gconstpointer unused)
{
	(void)unused;
	f->output = g_string_new(NULL);
	f->screen = screen_new(10, 4, 100, &ops, f);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	(void)unused;
	screen_free(f->screen);
	g_string_free(f->output, TRUE);
}

static void feed(Fixture *f, const char *text)
{
	screen_feed(f->screen, text, strlen(text));
}

/* A row as text; blanks at its end are left out. */
static void assert_row(Fixture *f, int row, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int columns, rows;

	screen_size(f->screen, &columns, &rows);
	for (int column = 0; column < columns; column++) {
		Cell cell = screen_cell(f->screen, column, row);

		if (cell.width == 0)
			continue;
		g_string_append_unichar(text, cell.chars[0] ? cell.chars[0] : ' ');
		for (int i = 1; i < 6 && cell.chars[i]; i++)
			g_string_append_unichar(text, cell.chars[i]);
	}
	g_strchomp(text->str);
	g_assert_cmpstr(text->str, ==, expected);
}

static void assert_cursor(Fixture *f, int column, int row)
{
	int c = -1, r = -1;

	g_assert_true(screen_cursor(f->screen, &c, &r));
	g_assert_cmpint(c, ==, column);
	g_assert_cmpint(r, ==, row);
}

/* ---- text ---- */

static void wraps(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "0123456789ab");
	assert_row(f, 0, "0123456789");
	assert_row(f, 1, "ab");
	assert_cursor(f, 2, 1);
}

/* The line is full, but the next character decides whether it wraps. */
static void wraps_late(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "0123456789\r\nab");
	assert_row(f, 0, "0123456789");
	assert_row(f, 1, "ab");
}

static void wide(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "a\u4e2db");
	assert_row(f, 0, "a\u4e2db");
	g_assert_cmpint(screen_cell(f->screen, 1, 0).width, ==, 2);
	g_assert_cmpint(screen_cell(f->screen, 2, 0).width, ==, 0);
	assert_cursor(f, 4, 0);
}

static void wide_wraps_whole(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "012345678\u4e2d");
	assert_row(f, 0, "012345678");
	assert_row(f, 1, "\u4e2d");
}

static void combines(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "e\u0301x");
	assert_row(f, 0, "e\u0301x");
	assert_cursor(f, 2, 0);
}

static void split_utf8(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\xe4\xb8");
	feed(f, "\xad!");
	assert_row(f, 0, "\u4e2d!");
}

/* ---- looks ---- */

static void colors(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033[41ma\033[48;5;196mb\033[38;2;1;2;3mc\033[0md");
	g_assert_cmphex(screen_cell(f->screen, 0, 0).back, ==, 0xe0604c);
	g_assert_cmphex(screen_cell(f->screen, 1, 0).back, ==, 0xff0000);
	g_assert_cmphex(screen_cell(f->screen, 2, 0).front, ==, 0x010203);
	g_assert_cmphex(screen_cell(f->screen, 3, 0).back, ==, 0x101418);
}

static void reverse(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "a\033[7mb");
	g_assert_cmphex(screen_cell(f->screen, 1, 0).back, ==,
		screen_cell(f->screen, 0, 0).front);
}

static void attributes(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033[1ma\033[0;4mb\033[0;3mc");
	g_assert_cmpint(screen_cell(f->screen, 0, 0).flags, ==, GLYPH_BOLD);
	g_assert_cmpint(screen_cell(f->screen, 1, 0).flags, ==,
		UNDERLINE_SINGLE << GLYPH_UNDERLINE_SHIFT);
	g_assert_cmpint(screen_cell(f->screen, 2, 0).flags, ==, GLYPH_ITALIC);
}

static void cursor(Fixture *f, gconstpointer unused)
{
	int column, row;

	(void)unused;
	feed(f, "\033[3;5H");
	assert_cursor(f, 4, 2);
	feed(f, "\033[?25l");
	g_assert_false(screen_cursor(f->screen, &column, &row));
	feed(f, "\033[?25h");
	assert_cursor(f, 4, 2);
}

static void title(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033]2;hello\007");
	g_assert_cmpstr(screen_title(f->screen), ==, "hello");
}

/* ---- scroll-back ---- */

static void feed_lines(Fixture *f, int from, int to)
{
	for (int i = from; i <= to; i++) {
		g_autofree char *line = g_strdup_printf("\r\nl%d", i);

		feed(f, line);
	}
}

static void scrolls_back(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed_lines(f, 1, 9); /* 6 to 9 are on the screen */
	assert_row(f, 0, "l6");
	screen_scroll(f->screen, 2);
	assert_row(f, 0, "l4");
	assert_row(f, 2, "l6");
	feed_lines(f, 10, 10); /* the view stays */
	assert_row(f, 0, "l4");
	screen_scroll_to_bottom(f->screen);
	assert_row(f, 0, "l7");
}

static void scrollback_is_bounded(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed_lines(f, 1, 500); /* 496 have left, 100 of them are kept */
	screen_scroll(f->screen, 1000);
	assert_row(f, 0, "l397");
}

static void assert_same(const Cell *a, const Cell *b)
{
	g_assert_cmpmem(a->chars, sizeof a->chars, b->chars, sizeof b->chars);
	g_assert_cmpint(a->width, ==, b->width);
	g_assert_cmpint(a->flags, ==, b->flags);
	g_assert_cmphex(a->front, ==, b->front);
	g_assert_cmphex(a->back, ==, b->back);
}

static void keeps_looks(Fixture *f, gconstpointer unused)
{
	Cell before[10];

	(void)unused;
	feed(f, "\033[1;33ma\033[0m \033[44m\u4e2d\033[38;5;9me\u0301\033[7m  \033[0m");
	for (int i = 0; i < 10; i++)
		before[i] = screen_cell(f->screen, i, 0);
	feed_lines(f, 1, 4);
	screen_scroll(f->screen, 1);
	for (int i = 0; i < 10; i++) {
		Cell cell = screen_cell(f->screen, i, 0);

		assert_same(&cell, &before[i]);
	}
}

static void lines_come_back(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed_lines(f, 1, 9);
	screen_resize(f->screen, 10, 6);
	assert_row(f, 0, "l4");
	assert_row(f, 5, "l9");
}

/* ---- size ---- */

static void resizes(Fixture *f, gconstpointer unused)
{
	Damage damage;

	(void)unused;
	feed(f, "hello");
	screen_take_damage(f->screen, &damage);
	screen_resize(f->screen, 20, 8);
	assert_row(f, 0, "hello");
	g_assert_true(screen_take_damage(f->screen, &damage));
	g_assert_cmpint(damage.first, ==, 0);
	g_assert_cmpint(damage.last, ==, 7);
	g_assert_cmpint(damage.count, ==, 0);
}

static void cursor_stays_inside(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "one\r\ntwo\033[H");
	screen_resize(f->screen, 10, 1);
	assert_cursor(f, 0, 0);
	feed(f, "\033[Jx");
	assert_row(f, 0, "x");
}

static void region_is_forgotten(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033[3;4r\033[4;2H");
	screen_resize(f->screen, 10, 2);
	feed(f, "a\nb\nc\n");
	assert_row(f, 1, "");
}

static void one_column(Fixture *f, gconstpointer unused)
{
	int columns, rows;

	(void)unused;
	screen_resize(f->screen, 1, 4);
	screen_size(f->screen, &columns, &rows);
	g_assert_cmpint(columns, ==, 2);
	feed(f, "\u4e2d\u6587");
	assert_row(f, 0, "\u4e2d");
	assert_row(f, 1, "\u6587");
}

static void damage(Fixture *f, gconstpointer unused)
{
	Damage damage;

	(void)unused;
	g_assert_true(screen_take_damage(f->screen, &damage));
	g_assert_false(screen_take_damage(f->screen, &damage));
	feed(f, "\033[3;1Hx");
	g_assert_true(screen_take_damage(f->screen, &damage));
	g_assert_cmpint(damage.last, ==, 2);
	g_assert_cmpint(damage.count, ==, 0);
}

/* A new line at the bottom: the rows move, the cursor's old picture is drawn over. */
static void tells_moves(Fixture *f, gconstpointer unused)
{
	Damage damage;

	(void)unused;
	feed(f, "a\r\nb\r\nc\r\nd");
	screen_take_damage(f->screen, &damage);
	feed(f, "\r\ne");
	g_assert_true(screen_take_damage(f->screen, &damage));
	g_assert_cmpint(damage.to, ==, 0);
	g_assert_cmpint(damage.count, ==, 3);
	g_assert_cmpint(damage.up, ==, 1);
	g_assert_false(damage.drawn[0] || damage.drawn[1]);
	g_assert_true(damage.drawn[2] && damage.drawn[3]);
	feed(f, "\r\n\r\n\r\n\r\n\r\n"); /* more than there is */
	g_assert_true(screen_take_damage(f->screen, &damage));
	g_assert_cmpint(damage.count, ==, 0);
	g_assert_true(damage.drawn[0] && damage.drawn[3]);
}

enum { SEEN_COLUMNS = 10, SEEN_ROWS = 12 };

/* What somebody shows who follows the damage. */
typedef struct {
	/* the last ones: where the cursor is, and how large the row */
	guint32 cells[SEEN_ROWS][SEEN_COLUMNS + 2];
} Seen;

static void look_at_row(Fixture *f, Seen *seen, int row)
{
	int column, cursor_row;
	bool cursor = screen_cursor(f->screen, &column, &cursor_row);

	for (int i = 0; i < SEEN_COLUMNS; i++)
		seen->cells[row][i] = screen_cell(f->screen, i, row).chars[0];
	seen->cells[row][SEEN_COLUMNS] =
		cursor && cursor_row == row ? (guint32)column + 1 : 0;
	seen->cells[row][SEEN_COLUMNS + 1] = screen_line_size(f->screen, row);
}

static void follow(Fixture *f, Seen *seen, const Damage *damage)
{
	Seen before = *seen;

	for (int i = damage->to; i < damage->to + damage->count; i++)
		memcpy(seen->cells[i], before.cells[i + damage->up], sizeof *seen->cells);
	for (int row = damage->first; row <= damage->last; row++)
		if (damage->drawn[row])
			look_at_row(f, seen, row);
}

/* Whatever scrolls, in whatever order: rows that have moved and rows that are drawn make
 * the screen out of the one before. */
static void damage_is_all(Fixture *f, gconstpointer unused)
{
	static const char *const acts[] = {"\r\n", "\n", "\033M", "\033[2S", "\033[T",
		"\033[L", "\033[2M", "\033[3;9r", "\033[r", "\033[5;5H", "\033[12;1H",
		"\033[1;1H", "\033[2K", "\033[J", "\033[?25l", "\033[?25h", "\033[2P",
		"\033[?1049h", "\033[?1049l", "\033[@", "\033#6", "\033#3", "\033#4",
		"\033#5", "abc", "x", "y\r\nz"};
	g_autoptr(GRand) numbers = g_rand_new_with_seed(4);
	Seen seen = {{{0}}}, now;
	guint moves = 0;

	(void)unused;
	screen_resize(f->screen, SEEN_COLUMNS, SEEN_ROWS);
	for (int round = 0; round < 5000; round++) {
		Damage damage;

		for (int n = g_rand_int_range(numbers, 0, 6); n; n--)
			feed(f, acts[g_rand_int_range(numbers, 0, G_N_ELEMENTS(acts))]);
		if (screen_take_damage(f->screen, &damage))
			follow(f, &seen, &damage);
		moves += damage.count > 0;
		for (int row = 0; row < SEEN_ROWS; row++)
			look_at_row(f, &now, row);
		g_assert_cmpmem(&seen, sizeof seen, &now, sizeof now);
	}
	g_assert_cmpuint(moves, >, 500);
}

/* ---- keys and answers ---- */

static void keys(Fixture *f, gconstpointer unused)
{
	(void)unused;
	g_assert_true(screen_key(f->screen, KEY_UP, 0));
	g_assert_true(screen_key(f->screen, KEY_ENTER, 0));
	g_assert_false(screen_key(f->screen, KEY_A, 0));
	screen_character(f->screen, 'c', 4);
	screen_character(f->screen, 'x', 2);
	g_assert_cmpstr(f->output->str, ==, "\033[A\r\003\033x");
}

static void repeats(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033[5b\u0301\033[5bx\033[4by");
	assert_row(f, 0, "xxxxxy");
}

static void unknown_question(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033P$q;m\033\\a");
	g_assert_cmpstr(f->output->str, ==, "\033P0$r\033\\");
	assert_row(f, 0, "a");
}

static void known_question(Fixture *f, gconstpointer unused)
{
	(void)unused;
	feed(f, "\033[1m\033P$qm\033\\");
	g_assert_cmpstr(f->output->str, ==, "\033P1$r0;1m\033\\");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(Fixture *, gconstpointer);
	} cases[] = {
		{"wraps", wraps},
		{"wraps-late", wraps_late},
		{"wide", wide},
		{"wide-wraps-whole", wide_wraps_whole},
		{"combines", combines},
		{"split-utf8", split_utf8},
		{"colors", colors},
		{"reverse", reverse},
		{"attributes", attributes},
		{"cursor", cursor},
		{"title", title},
		{"scrolls-back", scrolls_back},
		{"scrollback-is-bounded", scrollback_is_bounded},
		{"keeps-looks", keeps_looks},
		{"lines-come-back", lines_come_back},
		{"resizes", resizes},
		{"cursor-stays-inside", cursor_stays_inside},
		{"region-is-forgotten", region_is_forgotten},
		{"one-column", one_column},
		{"damage", damage},
		{"keys", keys},
		{"repeats", repeats},
		{"unknown-question", unknown_question},
		{"known-question", known_question},
		{"tells-moves", tells_moves},
		{"damage-is-all", damage_is_all},
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/terminal/screen/", cases[i].name, NULL);

		g_test_add(path, Fixture, NULL, set_up, cases[i].test, tear_down);
	}
	return g_test_run();
}
