// SPDX-License-Identifier: GPL-2.0-or-later
#include "picture.h"

static void layouts(void)
{
	Layout layout = {
		.n = 2, .screens = {{1, 0, {0, 0, 50, 40}}, {2, 0, {50, 0, 50, 40}}}};

	g_assert_true(layout_fits(&layout, 100, 40));
	g_assert_false(layout_fits(&layout, 99, 40));
	g_assert_false(layout_fits(&layout, 100, 39));
	layout.screens[1].id = 1;
	g_assert_false(layout_fits(&layout, 100, 40));
	layout.screens[1].id = 2;
	layout.screens[1].area.width = 0;
	g_assert_false(layout_fits(&layout, 100, 40));
	layout.n = 0;
	g_assert_true(layout_fits(&layout, 1, 1));
}

/* A character that does not fit is left out as a whole. */
static void names(void)
{
	Picture picture = {0};
	g_autofree char *name = g_strnfill(PICTURE_NAME - 2, 'x');
	g_autofree char *wide = g_strconcat(name, "\u00e4", NULL);

	picture_init(&picture, 1, 1);
	picture_set_name(&picture, wide);
	g_assert_cmpstr(picture.name, ==, name);
	picture_set_name(&picture, "\u00e4");
	g_assert_cmpstr(picture.name, ==, "\u00e4");
	g_assert_cmpuint(picture.name_serial, ==, 2);
	picture_fini(&picture);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/picture/layouts", layouts);
	g_test_add_func("/vnc/picture/names", names);
	return g_test_run();
}
