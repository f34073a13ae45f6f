// SPDX-License-Identifier: GPL-2.0-or-later
#include "view.h"

#include <glib.h>

static View view_of(int width, int height)
{
	View view = {0};

	view_set_area(&view, 400, 300);
	view_set_picture(&view, width, height);
	return view;
}

static void assert_near(double a, double b)
{
	g_assert_cmpfloat_with_epsilon(a, b, 0.01);
}

static void fits(void)
{
	View small = view_of(100, 100), large = view_of(800, 900);
	double x, y;

	assert_near(small.zoom, 1); /* never larger than it is */
	view_corner(&small, &x, &y);
	assert_near(x, 150);
	assert_near(y, 100);
	assert_near(large.zoom, 1 / 3.0);
	view_set_area(&large, 800, 900);
	assert_near(large.zoom, 1);
}

/* What is below the pointer stays there. */
static void zooms_at_a_place(void)
{
	View view = view_of(4000, 3000);
	double x, y;

	view_zoom_to(&view, 1);
	view_corner(&view, &x, &y);
	double place = (100 - x) / view.zoom;
	view_zoom(&view, 2, 100, 50);
	view_corner(&view, &x, &y);
	assert_near(view.zoom, 2);
	assert_near((100 - x) / view.zoom, place);
}

static void stays_within_bounds(void)
{
	View view = view_of(1000, 1000);
	double x, y;

	view_zoom_to(&view, 1);
	view_pan(&view, -5000, 9000);
	view_corner(&view, &x, &y);
	assert_near(x, 0);
	assert_near(y, -700);
	view_zoom(&view, 1e9, 0, 0);
	assert_near(view.zoom, VIEW_ZOOM_MAX);
	view_zoom(&view, 1e-9, 0, 0);
	assert_near(view.zoom, 0.3);
	g_assert_true(view.fits);
	view_set_area(&view, 1, 1);
	view_set_picture(&view, 0, 0); /* none at all */
	view_corner(&view, &x, &y);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/image_view/fits", fits);
	g_test_add_func("/image_view/zooms-at-a-place", zooms_at_a_place);
	g_test_add_func("/image_view/stays-within-bounds", stays_within_bounds);
	return g_test_run();
}
