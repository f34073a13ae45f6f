// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vttest, driven by a script: what it can judge itself, and pictures whose text is known
 *
 * The program runs on a pseudo-terminal of 80 by 24, and the screen is its terminal.
 * MAQ_VTTEST_SHOW=1 prints each screen, to be looked at.
 */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COLUMNS 80
#define ROWS    24
#define WAIT_MS 20000

typedef struct {
	Screen *screen;
	int master;
	pid_t pid;
} Vttest;

static void on_output(void *data, const char *bytes, gsize size)
{
	const Vttest *vttest = data;

	g_assert_cmpint(write(vttest->master, bytes, size), ==, (gssize)size);
}

static const ScreenOps ops = {.output = on_output};

/* (transfer full) */
static char *text_of(Screen *screen)
{
	GString *text = g_string_new(NULL);

	for (int row = 0; row < ROWS; row++) {
		for (int column = 0; column < COLUMNS; column++) {
			Cell cell = screen_cell(screen, column, row);

			if (cell.width)
				g_string_append_unichar(
					text, cell.chars[0] ? cell.chars[0] : ' ');
		}
		while (g_str_has_suffix(text->str, " "))
			g_string_truncate(text, text->len - 1);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

/* False: nothing has come for so long. */
static bool read_some(Vttest *vttest, int wait_ms)
{
	struct pollfd ready = {vttest->master, POLLIN, 0};
	char bytes[4096];

	if (poll(&ready, 1, wait_ms) != 1)
		return false;
	gssize size = read(vttest->master, bytes, sizeof bytes);
	g_assert_cmpint(size, >, 0);
	screen_feed(vttest->screen, bytes, (gsize)size);
	return true;
}

/* Reads until the text is on the screen. */
static void await(Vttest *vttest, const char *wanted)
{
	for (;;) {
		g_autofree char *text = text_of(vttest->screen);

		if (strstr(text, wanted)) {
			if (getenv("MAQ_VTTEST_SHOW"))
				g_print("%s----\n", text);
			return;
		}
		if (!read_some(vttest, WAIT_MS))
			g_error("vttest does not come to \"%s\"; the screen:\n%s", wanted,
				text);
	}
}

static void type(Vttest *vttest, const char *keys)
{
	on_output(vttest, keys, strlen(keys));
}

/* A menu clears the screen before it is drawn, but its words may stand there still. */
static void choose(Vttest *vttest, const char *entry)
{
	screen_feed(vttest->screen, "\033[H\033[2J", 7);
	type(vttest, entry);
	type(vttest, "\r");
}

static void next(Vttest *vttest)
{
	choose(vttest, "");
}

/* Without that: what is on the screen counts. The text is not there yet. */
static void go_on(Vttest *vttest, const char *keys, const char *wanted)
{
	type(vttest, keys);
	type(vttest, "\r");
	await(vttest, wanted);
	await(vttest, "Push <RETURN>");
}

/* The prompt may be an old one, and the key be lost: then once more. */
static void leave(Vttest *vttest)
{
	for (int tries = 0; tries < 20; tries++) {
		g_autofree char *text = NULL;

		choose(vttest, "");
		while (read_some(vttest, WAIT_MS / 20))
			;
		text = text_of(vttest->screen);
		if (strstr(text, "Enter choice number"))
			return;
	}
	g_error("vttest does not come to its menu");
}

static bool shows(Vttest *vttest, const char *wanted)
{
	g_autofree char *text = text_of(vttest->screen);

	return strstr(text, wanted) != NULL;
}

/* The number of a row with exactly that text; -1: none. */
static int row_of(Vttest *vttest, const char *wanted)
{
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);

	for (int row = 0; rows[row]; row++)
		if (!strcmp(rows[row], wanted))
			return row;
	return -1;
}

static Vttest *vttest_new(void)
{
	Vttest *vttest = g_new0(Vttest, 1);
	struct winsize size = {ROWS, COLUMNS, 0, 0};

	vttest->screen = screen_new(COLUMNS, ROWS, 100, &ops, vttest);
	vttest->pid = forkpty(&vttest->master, NULL, NULL, &size);
	if (vttest->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execlp("vttest", "vttest", "24x80.80", NULL);
		_exit(127);
	}
	await(vttest, "Enter choice number");
	return vttest;
}

static void vttest_free(Vttest *vttest)
{
	kill(vttest->pid, SIGKILL);
	waitpid(vttest->pid, NULL, 0);
	close(vttest->master);
	screen_free(vttest->screen);
	g_free(vttest);
}

static bool is_installed(void)
{
	g_autofree char *path = g_find_program_in_path("vttest");

	if (!path)
		g_test_skip("vttest is not installed");
	return path != NULL;
}

/* A frame of * and + at the edges, E inside, around the words. */
static void cursor_movements(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "1");
	await(vttest, "Push <RETURN>");
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	for (int column = 0; column < COLUMNS; column++) {
		g_assert_cmpint(rows[0][column], ==, '*');
		g_assert_cmpint(rows[1][column], ==,
			column == 0 || column == COLUMNS - 1 ? '*' : '+');
		g_assert_cmpint(rows[ROWS - 1][column], ==, '*');
	}
	for (int row = 2; row < ROWS - 2; row++) {
		g_assert_cmpint(rows[row][0], ==, '*');
		g_assert_cmpint(rows[row][1], ==, '+');
		g_assert_cmpint(rows[row][COLUMNS - 1], ==, '*');
	}
	vttest_free(vttest);
}

/* Letters in order at both edges, by wrapping. */
static void assert_letters(Screen *screen)
{
	g_autofree char *text = text_of(screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);

	for (int i = 0; i < 18; i++) {
		g_assert_cmpint(rows[i + 2][0], ==, 'I' + i);
		g_assert_cmpint(rows[i + 2][COLUMNS - 1], ==, 'i' + i);
	}
}

/* Then control characters inside of sequences: four equal lines. */
static void control_characters(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "1");
	await(vttest, "Push <RETURN>");
	next(vttest); /* the same for the wider screen */
	await(vttest, "Push <RETURN>");
	next(vttest);
	await(vttest, "should have letters in order");
	await(vttest, "Push <RETURN>");
	assert_letters(vttest->screen);
	next(vttest);
	await(vttest, "Push <RETURN>");
	next(vttest);
	await(vttest, "four identical lines");
	await(vttest, "Push <RETURN>");
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	int equal = 0;
	for (int row = 1; row < ROWS; row++)
		equal += !strcmp(rows[row], "A B C D E F G H I");
	g_assert_cmpint(equal, ==, 4);
	vttest_free(vttest);
}

static void screen_features(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "2");
	await(vttest, "Push <RETURN>");
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	g_autofree char *stars = g_strnfill(COLUMNS, '*');
	for (int row = 0; row < 3; row++)
		g_assert_cmpstr(rows[row], ==, stars);
	g_assert_cmpstr(rows[3], ==, "");
	next(vttest);
	await(vttest, "Push <RETURN>"); /* tabs: two equal lines of stars */
	g_autofree char *tabs = text_of(vttest->screen);
	g_auto(GStrv) lines = g_strsplit(tabs, "\n", -1);
	g_assert_cmpstr(lines[0], ==, lines[1]);
	g_assert_nonnull(strchr(lines[0], '*'));
	vttest_free(vttest);
}

/* It knows what it expects and says so. */
static void reports(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "6");
	await(vttest, "Enter choice number");
	choose(vttest, "3"); /* device status */
	await(vttest, "Push <RETURN>");
	g_autofree char *text = text_of(vttest->screen);
	g_assert_nonnull(strstr(text, "TERMINAL OK"));
	g_assert_null(strstr(text, "Unknown response"));
	next(vttest);
	await(vttest, "Enter choice number");
	choose(vttest, "4"); /* primary device attributes */
	await(vttest, "Push <RETURN>");
	g_autofree char *attributes = text_of(vttest->screen);
	g_assert_nonnull(strstr(attributes, "VT100"));
	vttest_free(vttest);
}

static void insert_and_delete(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "8");
	await(vttest, "Screen accordion test");
	await(vttest, "XXXXXXXX");
	type(vttest, "\r"); /* what is on the screen counts */
	await(vttest, "nothing more. Push <RETURN>");
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	g_autofree char *top = g_strnfill(COLUMNS, 'A');
	g_autofree char *bottom = g_strnfill(COLUMNS, 'X');
	g_assert_cmpstr(rows[0], ==, top);
	g_assert_cmpstr(rows[ROWS - 1], ==, bottom);
	vttest_free(vttest);
}

/* The rest of menu 2: backgrounds, scrolling, origin mode, looks, a saved cursor. */
static void assert_looks(Vttest *vttest, int column, int row, guint flags, bool negative)
{
	Cell cell = screen_cell(vttest->screen, column, row);
	Cell blank = screen_cell(vttest->screen, COLUMNS - 1, 0);

	g_assert_cmphex(cell.flags, ==, flags);
	g_assert_cmpint(cell.back != blank.back, ==, negative);
}

static void more_screen_features(void)
{
	const guint line = UNDERLINE_SINGLE << GLYPH_UNDERLINE_SHIFT;

	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "2");
	await(vttest, "three identical lines");
	go_on(vttest, "", "look the same");
	for (int i = 0; i < 2; i++) {
		go_on(vttest, "", "light background");
		screen_feed(vttest->screen, "\033[2J", 4);
	}
	for (int i = 0; i < 2; i++) {
		go_on(vttest, "", "dark background");
		screen_feed(vttest->screen, "\033[2J", 4);
	}
	go_on(vttest, "", "Soft scroll down region [12..13] size 2 Line 29");
	go_on(vttest, "", "Soft scroll down region [1..24] size 24 Line 29");
	go_on(vttest, "", "Jump scroll down region [12..13] size 2 Line 29");
	go_on(vttest, "", "Jump scroll down region [1..24] size 24 Line 29");
	g_assert_cmpint(row_of(vttest, "Jump scroll down region [1..24] size 24 Line 7"),
		==, ROWS - 1);
	go_on(vttest, "", "above the bottom of the screen");
	g_assert_cmpint(row_of(vttest, "Origin mode test. This line should be at the "
				       "bottom of the screen."),
		==, ROWS - 1);
	go_on(vttest, "", "at the top of the screen");
	g_assert_cmpint(row_of(vttest, "This line should be at the top of the screen. "
				       "Push <RETURN>"),
		==, 0);
	go_on(vttest, "", "Dark background.");
	assert_looks(vttest, 0, 3, 0, false);
	assert_looks(vttest, 39, 3, GLYPH_BOLD, false);
	assert_looks(vttest, 44, 5, GLYPH_BOLD | line, false);
	assert_looks(vttest, 44, 9, GLYPH_BOLD | line | GLYPH_BLINK, false);
	assert_looks(vttest, 0, 11, 0, true);
	assert_looks(vttest, 44, 17, GLYPH_BOLD | line | GLYPH_BLINK, true);
	go_on(vttest, "", "Light background.");
	assert_looks(vttest, 0, 11, 0, true);
	go_on(vttest, "", "SAVE/RESTORE CURSOR");
	for (int row = 0; row < 4; row++)
		for (int column = 0; column < 5; column++)
			g_assert_cmphex(screen_cell(vttest->screen, column, row).chars[0],
				==, 'A');
	g_assert_true(shows(vttest, "**********  **********  **********"));
	g_assert_true(shows(vttest, "\u2500\u2500\u2500\u2500\u2500qqqqq"));
	g_assert_true(shows(vttest, "\u25c6\u25c6\u25c6\u25c6\u25c6`````"));
	vttest_free(vttest);
}

/* Both of G0 and G1 have it. */
static void character_sets(void)
{
	static const char drawing[] =
		"\u25c6\u2592\u2409\u240c\u240d\u240a\u00b0\u00b1\u2424\u240b\u2518\u2510"
		"\u250c\u2514\u253c\u23ba\u23bb\u2500\u23bc\u23bd\u251c\u2524\u2534\u252c"
		"\u2502\u2a7d\u2a7e\u03c0\u2260\u00a3\u00b7";

	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "3");
	await(vttest, "installed character sets");
	g_autofree char *both =
		g_strconcat("         ", drawing, "       ", drawing, NULL);
	g_assert_cmpint(row_of(vttest, both), >=, 0);
	g_assert_true(shows(vttest, "Character set A (British)\n          !\"\u00a3$%"));
	vttest_free(vttest);
}

static void assert_size(Vttest *vttest, const char *wanted, int nth, LineSize size)
{
	g_autofree char *text = text_of(vttest->screen);
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);

	for (int row = 0; row < ROWS; row++) {
		if (!strstr(rows[row], wanted) || nth--)
			continue;
		g_assert_cmpint(screen_line_size(vttest->screen, row), ==, size);
		return;
	}
	g_error("no \"%s\" in:\n%s", wanted, text);
}

/* A frame of twice the height, from edge to edge: rows of its upper and lower halves in
 * turn, from that one on. */
static void assert_frame(Vttest *vttest, int first, int rows)
{
	for (int i = 0; i < rows; i++) {
		guint32 left = screen_cell(vttest->screen, 0, first + i).chars[0];
		guint32 right =
			screen_cell(vttest->screen, COLUMNS / 2 - 1, first + i).chars[0];

		g_assert_cmpint(screen_line_size(vttest->screen, first + i), ==,
			i % 2 ? LINE_BOTTOM : LINE_TOP);
		g_assert_cmphex(left, ==, i < 2 ? 0x250c : i > 7 ? 0x2514 : 0x2502);
		g_assert_cmphex(right, ==, i < 2 ? 0x2510 : i > 7 ? 0x2518 : 0x2502);
	}
}

/* Reads until a row has that size. */
static void await_size(Vttest *vttest, int row, LineSize size)
{
	while (screen_line_size(vttest->screen, row) != size)
		if (!read_some(vttest, WAIT_MS))
			g_error("row %d does not come to its size", row);
}

static void sizes_at_a_width(Vttest *vttest)
{
	await(vttest, "This is not a double-width line");
	await(vttest, "Push <RETURN>");
	assert_size(vttest, "This is a Double-width li", 0, LINE_WIDE);
	assert_size(vttest, "This is a Double-width-and", 0, LINE_TOP);
	assert_size(vttest, "This is a Double-width-and", 1, LINE_BOTTOM);
	assert_size(vttest, "This is another such", 0, LINE_TOP);
	assert_size(vttest, "This is another such", 1, LINE_BOTTOM);
	assert_size(vttest, "This is not a double-width line", 0, LINE_PLAIN);
	screen_feed(
		vttest->screen, "\033[23;1H\033[2K", 11); /* the prompt is an old one */
	type(vttest, "\r");
	await_size(vttest, 20, LINE_WIDE);
	await(vttest, "Push <RETURN>");
	g_assert_true(shows(vttest, "This **is** a double-width line"));
}

/* Menu 4: a frame of which half is scrolled away, at last. */
static void double_sizes(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "4");
	sizes_at_a_width(vttest);
	assert_size(vttest, "This is a normal-sized line", 0, LINE_PLAIN);
	next(vttest);
	sizes_at_a_width(vttest);
	next(vttest);
	await(vttest, "all in double-height double-width size. Push <RETURN>");
	assert_frame(vttest, 7, 10);
	g_assert_cmpint(
		row_of(vttest, "\u2502 * The mad programmer strikes again * \u2502"), ==,
		11);
	type(vttest, "\r");
	await(vttest, "Exactly half of the box should remain. Push <RETURN>");
	assert_frame(vttest, 19, 5);
	for (int row = 0; row < 19; row++)
		g_assert_cmpint(screen_line_size(vttest->screen, row), ==, LINE_PLAIN);
	vttest_free(vttest);
}

/* The rest of menu 8. */
static void more_insert_and_delete(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "8");
	await(vttest, "Screen accordion test");
	await(vttest, "XXXXXXXX");
	go_on(vttest, "", "nothing more");
	go_on(vttest, "", "Insert Mode");
	g_autofree char *stars = g_strnfill(COLUMNS - 2, '*');
	g_autofree char *line = g_strconcat("A", stars, "B", NULL);
	g_assert_cmpint(row_of(vttest, line), ==, 0);
	go_on(vttest, "", "Delete Character");
	g_assert_cmpint(row_of(vttest, "AB"), ==, 0);
	go_on(vttest, "", "staggered");
	for (int i = 0; i < ROWS; i++) {
		g_assert_cmphex(screen_cell(vttest->screen, COLUMNS - 2 - i, i).chars[0],
			==, 'A' + i);
		g_assert_cmphex(
			screen_cell(vttest->screen, COLUMNS - 1 - i, i).chars[0], ==, 0);
	}
	vttest_free(vttest);
}

static void unit_and_parameters(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "6");
	await(vttest, "Enter choice number");
	choose(vttest, "6");
	await(vttest, "Push <RETURN>");
	g_assert_false(shows(vttest, "failed"));
	next(vttest);
	await(vttest, "Enter choice number");
	choose(vttest, "7");
	await(vttest, "Push <RETURN>");
	g_assert_false(shows(vttest, "Bad format"));
	vttest_free(vttest);
}

/* Of 20 stars, each has been shifted to there. */
static void assert_column(Vttest *vttest)
{
	for (int row = 0; row < 20; row++)
		for (int column = 0; column < COLUMNS; column++)
			g_assert_cmpint(
				screen_cell(vttest->screen, column, row).chars[0] == '*',
				==, column == 39);
}

/* Menu 11.7. */
static void repeat_and_scroll(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "11");
	await(vttest, "Enter choice number");
	choose(vttest, "7");
	await(vttest, "Test Repeat (REP)");
	await(vttest, "Enter choice number");
	go_on(vttest, "2", "diagonal of 2 +'s");
	g_autofree char *left = g_strnfill(18, '*');
	g_autofree char *right = g_strnfill(60, '*');
	g_autofree char *target = g_strconcat(left, "++", right, NULL);
	g_assert_cmpint(row_of(vttest, target), ==, 17);
	static const char *const scrolls[] = {"horizontal row of *'s above, just above",
		"vertical column of *'s", "vertical column of *'s",
		"horizontal row of *'s above, on the top row"};
	for (int i = 0; i < 4; i++) {
		g_autofree char *key = g_strdup_printf("%d", i + 3);

		next(vttest);
		await(vttest, "Enter choice number");
		go_on(vttest, key, scrolls[i]);
		if (i == 1 || i == 2)
			assert_column(vttest);
		if (i == 3)
			g_assert_cmphex(
				screen_cell(vttest->screen, 0, 0).chars[0], ==, '*');
	}
	vttest_free(vttest);
}

/* Goes on as a VT52, which clears its screen otherwise. */
static void next_of_vt52(Vttest *vttest)
{
	screen_feed(vttest->screen, "\033H\033J", 4);
	type(vttest, "\r");
}

/* Menu 7: a frame, both character sets, and what it says it is. */
static void as_a_vt52(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "7");
	await(vttest, "left and right. Only this, and nothing more.         !*");
	await(vttest, "Push <RETURN>");
	g_autofree char *stars = g_strnfill(61, '*');
	g_autofree char *edge = g_strconcat("         ", stars, NULL);
	g_assert_cmpint(row_of(vttest, edge), ==, 0);
	for (int row = 1; row < ROWS - 1; row++) {
		static const char sides[] = "*!!*";
		static const int columns[] = {9, 10, 68, 69};

		for (int i = 0; i < 4; i++)
			g_assert_cmpint(
				screen_cell(vttest->screen, columns[i], row).chars[0], ==,
				sides[i]);
	}
	g_assert_false(shows(vttest, "THIS SHOULD GO AWAY"));
	g_assert_false(shows(vttest, "Back scroll"));
	next_of_vt52(vttest);
	await(vttest, "Push <RETURN>");
	g_assert_true(shows(vttest, "This is the normal character set:"));
	g_assert_true(shows(vttest, "`abcdefghijklmnopqrstuvwxyz{|}~\n"));
	g_assert_true(shows(vttest, "\u25c6\u2592\u2409\u240c\u240d"));
	next_of_vt52(vttest);
	await(vttest, "Push <RETURN>");
	g_assert_true(shows(vttest, "<27> / Z"));
	vttest_free(vttest);
}

/* Menu 11.1.3, as a program that does not speak UTF-8. */
static void eight_bit_controls(void)
{
	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	screen_feed(vttest->screen, "\033%@", 3);
	choose(vttest, "11");
	await(vttest, "Enter choice number");
	choose(vttest, "1");
	await(vttest, "Test 8-bit controls");
	await(vttest, "Enter choice number");
	choose(vttest, "3");
	await(vttest, "Push <RETURN>");
	g_assert_true(shows(vttest, "8-bit controls enabled: <155> 1 ; 1 R  ok"));
	g_assert_true(shows(vttest, "8-bit controls disabled: <27> [ 1 ; 1 R  ok"));
	vttest_free(vttest);
}

/* Menu 11.8.7: modes 47, 1047 and 1049, each with a cursor of its own. */
static void alternate_screens(void)
{
	static const char *const names[] = {"mode 47", "mode 1047", "mode 1049"};

	if (!is_installed())
		return;
	Vttest *vttest = vttest_new();
	choose(vttest, "11");
	await(vttest, "Enter choice number");
	choose(vttest, "8");
	await(vttest, "Enter choice number");
	choose(vttest, "7");
	await(vttest, "Enter choice number");
	for (int i = 0; i < 3; i++) {
		g_autofree char *key = g_strdup_printf("%d", i + 3);

		g_test_message("%s", names[i]);
		go_on(vttest, key, "The next screen will be filled with E's");
		go_on(vttest, "", "EEEEEEEE");
		go_on(vttest, "", "The original screen should be restored");
		await(vttest, "cursor save/restore ok");
		leave(vttest);
	}
	vttest_free(vttest);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/vttest/cursor-movements", cursor_movements);
	g_test_add_func("/terminal/vttest/control-characters", control_characters);
	g_test_add_func("/terminal/vttest/screen-features", screen_features);
	g_test_add_func("/terminal/vttest/reports", reports);
	g_test_add_func("/terminal/vttest/insert-and-delete", insert_and_delete);
	g_test_add_func("/terminal/vttest/more-screen-features", more_screen_features);
	g_test_add_func("/terminal/vttest/character-sets", character_sets);
	g_test_add_func("/terminal/vttest/double-sizes", double_sizes);
	g_test_add_func(
		"/terminal/vttest/more-insert-and-delete", more_insert_and_delete);
	g_test_add_func("/terminal/vttest/unit-and-parameters", unit_and_parameters);
	g_test_add_func("/terminal/vttest/repeat-and-scroll", repeat_and_scroll);
	g_test_add_func("/terminal/vttest/as-a-vt52", as_a_vt52);
	g_test_add_func("/terminal/vttest/eight-bit-controls", eight_bit_controls);
	g_test_add_func("/terminal/vttest/alternate-screens", alternate_screens);
	return g_test_run();
}
