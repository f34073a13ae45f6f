// SPDX-License-Identifier: GPL-2.0-or-later
/* fit_test - sizes and places of pictures by their clients' limits, sane or not */
#include "fit.h"

static void test_sizes(void)
{
	static const struct {
		Limits limits; /* min, max, aspect */
		int room_width, room_height, width, height;
	} cases[] = {
		{{0}, 800, 600, 800, 600},
		{{200, 100, 0, 0, 0, 0}, 800, 600, 800, 600},
		{{900, 100, 0, 0, 0, 0}, 800, 600, 900, 600}, /* to be panned */
		{{900, 700, 0, 0, 0, 0}, 800, 600, 900, 700},
		{{0, 0, 400, 300, 0, 0}, 800, 600, 400, 300},
		{{0, 0, 400, 0, 0, 0}, 800, 600, 400, 600},
		{{0, 0, 0, 0, 16, 9}, 800, 600, 800, 450},
		{{0, 0, 0, 0, 16, 9}, 800, 300, 533, 300},
		{{0, 0, 0, 0, 1, 1}, 800, 600, 600, 600},
		{{0, 0, 320, 320, 4, 3}, 800, 600, 320, 240},
		{{640, 480, 0, 0, 4, 3}, 320, 600, 640, 480},
		{{100, 480, 0, 0, 4, 3}, 320, 100, 640, 480},
		{{100, 100, 0, 0, 3, 2}, 50, 50, 150, 100}, /* both, and the ratio */
		{{500, 400, 300, 200, 0, 0}, 800, 600, 500, 400}, /* the least one wins */
		{{500, 400, 300, 200, 0, 0}, 100, 100, 500, 400},
		{{0, 0, 0, 0, 0, 5}, 800, 600, 800, 600}, /* no ratio */
		{{0, 0, 0, 0, 5, 0}, 800, 600, 800, 600},
		{{0, 0, 0, 0, 16383, 1}, 800, 600, 800, 1},
		{{0, 0, 0, 0, 1, 16383}, 800, 600, 1, 600},
		{{16383, 16383, 1, 1, 1, 16383}, 800, 600, 16383, 16383},
		{{0}, 0, 0, 1, 1},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		int width = cases[i].room_width, height = cases[i].room_height;

		fit_size(&cases[i].limits, &width, &height);
		g_test_message("case %" G_GSIZE_FORMAT ": %dx%d", i, width, height);
		g_assert_cmpint(width, ==, cases[i].width);
		g_assert_cmpint(height, ==, cases[i].height);
	}
}

/* A number as clients like to send them: none, small, any, the greatest. */
static int any(GRand *rand)
{
	static const int some[] = {0, 0, 1, 7, 300, 16383};

	return g_rand_boolean(rand) ? some[g_rand_int_range(rand, 0, 6)]
				    : g_rand_int_range(rand, 0, 16384);
}

/* Whatever a client says: a possible mode, never below its least one. */
static void test_any(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int i = 0; i < 200000; i++) {
		Limits limits = {
			any(rand), any(rand), any(rand), any(rand), any(rand), any(rand)};
		int width = any(rand), height = any(rand);
		int least_width = limits.min_width, least_height = limits.min_height;

		fit_size(&limits, &width, &height);
		g_assert_cmpint(width, >=, MAX(least_width, 1));
		g_assert_cmpint(height, >=, MAX(least_height, 1));
		g_assert_cmpint(width, <=, 16383);
		g_assert_cmpint(height, <=, 16383);
	}
}

static void assert_area(Area is, int x, int y, int width, int height)
{
	g_assert_cmpint(is.x, ==, x);
	g_assert_cmpint(is.y, ==, y);
	g_assert_cmpint(is.width, ==, width);
	g_assert_cmpint(is.height, ==, height);
}

static void test_places(void)
{
	Area room = {100, 50, 400, 300};
	int x = 0, y = 0;

	assert_area(fit_picture(room, 400, 300, &x, &y), 100, 50, 400, 300);
	assert_area(fit_picture(room, 200, 100, &x, &y), 200, 150, 200, 100);
	x = 30, y = -5;
	assert_area(fit_picture(room, 500, 300, &x, &y), 70, 50, 500, 300);
	g_assert_cmpint(y, ==, 0);
	x = 1000, y = 1000; /* no further than to the edge */
	assert_area(fit_picture(room, 500, 310, &x, &y), 0, 40, 500, 310);
	g_assert_cmpint(x, ==, 100);
	g_assert_cmpint(y, ==, 10);
	assert_area(fit_picture(room, 40, 30, &x, &y), 280, 185, 40, 30);
	g_assert_cmpint(x, ==, 0); /* nothing of it lies beyond any more */
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wm/fit/sizes", test_sizes);
	g_test_add_func("/wm/fit/any", test_any);
	g_test_add_func("/wm/fit/places", test_places);
	return g_test_run();
}
