// SPDX-License-Identifier: GPL-2.0-or-later
#include "scroll.h"

#include <string.h>

#define WIDTH  100
#define HEIGHT 120

static guint32 before[WIDTH * HEIGHT], after[WIDTH * HEIGHT];

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

static bool find(Rect rect, Scroll *scroll)
{
	return scroll_find(
		before, (gsize)WIDTH * 4, after, (gsize)WIDTH * 4, rect, scroll);
}

static const Rect all = {0, 0, WIDTH, HEIGHT};

static void finds(void)
{
	Scroll scroll;

	for (int dy = -HEIGHT + 30; dy < HEIGHT - 30; dy++) {
		if (!dy)
			continue;
		shift(dy);
		g_assert_true(find(all, &scroll));
		g_assert_cmpint(scroll.dy, ==, dy);
		g_assert_cmpint(scroll.to.y, ==, MAX(dy, 0));
		g_assert_cmpint(scroll.to.height, ==, HEIGHT - ABS(dy));
	}
}

static void leaves_alone(void)
{
	Scroll scroll;

	shift(3);
	fill(after, 2); /* another picture */
	g_assert_false(find(all, &scroll));
	memcpy(after, before, sizeof after); /* the same picture */
	g_assert_false(find(all, &scroll));
	memset(before, 0, sizeof before); /* blank ones */
	memset(after, 0, sizeof after);
	g_assert_false(find(all, &scroll));
	shift(3);
	g_assert_false(find((Rect){0, 0, 20, HEIGHT}, &scroll)); /* too narrow */
	g_assert_false(find((Rect){0, 0, WIDTH, 20}, &scroll));
	g_assert_false(find((Rect){0, 0, 0, 0}, &scroll));
}

/* What it says lies within the rectangle, and so does where it has come from. */
static void stays_within(void)
{
	Rect part = {7, 11, 70, 100};
	Scroll scroll;

	shift(-5);
	g_assert_true(find(part, &scroll));
	g_assert_cmpint(scroll.dy, ==, -5);
	g_assert_cmpint(scroll.to.y, ==, part.y);
	g_assert_cmpint(scroll.to.height, ==, part.height - 5);
	g_assert_cmpint(scroll.to.x, ==, part.x);
	g_assert_cmpint(scroll.to.width, ==, part.width);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/scroll/finds", finds);
	g_test_add_func("/vnc/scroll/leaves-alone", leaves_alone);
	g_test_add_func("/vnc/scroll/stays-within", stays_within);
	return g_test_run();
}
