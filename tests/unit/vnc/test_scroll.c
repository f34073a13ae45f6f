// SPDX-License-Identifier: GPL-2.0-or-later
#include "scroll.h"

#include <string.h>

#define WIDTH  500 /* so that rows are sampled */
#define HEIGHT 120

static guint32 before[WIDTH * HEIGHT], after[WIDTH * HEIGHT];
static const Rect all = {0, 0, WIDTH, HEIGHT};

static void fill(guint32 *pixels, guint32 seed)
{
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		pixels[i] = seed = seed * 1664525 + 1013904223;
}

static void shift(int dy)
{
	fill(before, 1);
	fill(after, 2);
	for (int y = MAX(dy, 0); y < HEIGHT + MIN(dy, 0); y++)
		memcpy(after + y * WIDTH, before + (y - dy) * WIDTH, WIDTH * 4);
}

static guint32 *rows[HEIGHT];
static const Picture picture = {.rows = rows, .width = WIDTH, .height = HEIGHT};

static int guess(Rect rect)
{
	static Samples samples;

	samples.width = 0; /* it is another picture each time */
	return scroll_guess(&samples, &picture, after, (gsize)WIDTH * 4, rect);
}

static void finds(void)
{
	Rect narrow = {7, 0, 70, HEIGHT};

	for (int dy = -HEIGHT + 20; dy < HEIGHT - 20; dy++) {
		shift(dy);
		g_assert_cmpint(guess(all), ==, dy);
		g_assert_cmpint(guess(narrow), ==, dy);
	}
}

static void leaves_alone(void)
{
	shift(3);
	fill(after, 2); /* another picture */
	g_assert_cmpint(guess(all), ==, 0);
	memcpy(after, before, sizeof after); /* the same picture */
	g_assert_cmpint(guess(all), ==, 0);
	memset(before, 0, sizeof before); /* blank ones */
	memset(after, 0, sizeof after);
	g_assert_cmpint(guess(all), ==, 0);
	g_assert_false(scroll_fits((Rect){0, 0, 20, HEIGHT}));
	g_assert_false(scroll_fits((Rect){0, 0, WIDTH, 20}));
	g_assert_false(scroll_fits((Rect){0, 0, 0, 0}));
	g_assert_true(scroll_fits(all));
}

/* Rows that differ only where no sample is. */
static void looks_closer(void)
{
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			before[y * WIDTH + x] =
				x == WIDTH - 20 ? (guint32)y : (guint32)y & 1;
	memcpy(after, before + 9 * WIDTH, (HEIGHT - 9) * WIDTH * 4);
	g_assert_cmpint(guess(all), ==, -9);
}

/* Samples that are kept are those of the pixels, or not known. */
static void keeps_samples(void)
{
	static Samples samples, fresh;

	shift(3);
	g_assert_cmpint(
		scroll_guess(&samples, &picture, after, (gsize)WIDTH * 4, all), ==, 3);
	for (int y = HEIGHT - 1; y >= 3; y--) {
		memcpy(before + y * WIDTH, before + (y - 3) * WIDTH, WIDTH * 4);
		scroll_moved(&samples, y, y - 3);
	}
	for (int y = 0; y < 3; y++) {
		memcpy(before + y * WIDTH, after + y * WIDTH, WIDTH * 4);
		scroll_wrote(&samples, &picture, all, y, true);
	}
	before[50 * WIDTH] = 1;
	scroll_wrote(&samples, &picture, (Rect){0, 50, 1, 1}, 50, false);
	g_assert_false(samples.known[50]);
	memcpy(after + 2 * WIDTH, before, (HEIGHT - 2) * WIDTH * 4);
	g_assert_cmpint(
		scroll_guess(&samples, &picture, after, (gsize)WIDTH * 4, all), ==, 2);
	scroll_guess(&fresh, &picture, after, (gsize)WIDTH * 4, all);
	g_assert_cmpmem(samples.hashes, HEIGHT * sizeof *samples.hashes, fresh.hashes,
		HEIGHT * sizeof *fresh.hashes);
}

int main(int argc, char **argv)
{
	for (int y = 0; y < HEIGHT; y++)
		rows[y] = before + y * WIDTH;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/scroll/finds", finds);
	g_test_add_func("/vnc/scroll/leaves-alone", leaves_alone);
	g_test_add_func("/vnc/scroll/looks-closer", looks_closer);
	g_test_add_func("/vnc/scroll/keeps-samples", keeps_samples);
	return g_test_run();
}
