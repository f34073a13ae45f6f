// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_feed - what a program may write to a terminal
 *
 * After each byte 0xff (never part of UTF-8) the screen gets a new size from the next
 * two. Everything is looked at in the end, scrolled up and at the bottom.
 */
#include "screen.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drop(void *data, const char *bytes, gsize size)
{
	gsize *sum = data;

	for (gsize i = 0; i < size; i++)
		*sum += (guchar)bytes[i];
}

static void look(Screen *screen)
{
	int columns, rows, column_now, row_now;

	screen_size(screen, &columns, &rows);
	screen_cursor(screen, &column_now, &row_now);
	g_assert_cmpint(column_now, >=, 0);
	g_assert_cmpint(column_now, <, columns);
	g_assert_cmpint(row_now, >=, 0);
	for (int row = 0; row < rows; row++)
		for (int column = 0; column < columns; column++)
			g_assert_cmpint(screen_cell(screen, column, row).width, <=, 2);
}

/* As a search and a selection do. */
static void read_lines(Screen *screen)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));

	for (guint64 line = screen_first_line(screen); line < screen_end_line(screen);
		line++) {
		screen_line(screen, line, cells);
		screen_show(screen, (Mark){line, cells->len});
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize sum = 0, start = 0;
	static const ScreenOps ops = {.output = drop};
	Screen *screen = screen_new(20, 6, 40, &ops, &sum);

	for (size_t i = 0; i < size; i++) {
		if (data[i] != 0xff || i + 2 >= size)
			continue;
		screen_feed(screen, (const char *)data + start, i - start);
		screen_resize(screen, data[i + 1] % 40, data[i + 2] % 20 + 1);
		start = i + 3;
		i += 2;
	}
	screen_feed(screen, (const char *)data + start, size - start);
	look(screen);
	screen_scroll(screen, 30);
	look(screen);
	read_lines(screen);
	screen_free(screen);
	return 0;
}
