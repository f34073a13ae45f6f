// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layout's promises under random operations: the frames tile the area exactly, the
 * focus is one of them, no client is lost or doubled.
 */
#include "plan.h"

#define CLIENTS 12

static int total(const Layout *layout)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	int n = 0;

	for (guint i = 0; i < frames->len; i++)
		n += (int)frame_count(frames->pdata[i]);
	return n;
}

static bool overlap(Area a, Area b)
{
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
	       b.y < a.y + a.height;
}

static void check(const Layout *layout, int width, int height)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	gint64 sum = 0;

	g_assert_true(g_ptr_array_find(frames, layout_focused(layout), NULL));
	if (layout_zoomed(layout))
		return;
	for (guint i = 0; i < frames->len; i++) {
		Area a = frame_area(frames->pdata[i]);

		g_assert_cmpint(a.x, >=, 0);
		g_assert_cmpint(a.y, >=, 0);
		g_assert_cmpint(a.x + a.width, <=, width);
		g_assert_cmpint(a.y + a.height, <=, height);
		sum += (gint64)a.width * a.height;
		for (guint j = 0; j < i; j++)
			g_assert_false(overlap(a, frame_area(frames->pdata[j])));
	}
	g_assert_cmpint(sum, ==, (gint64)width * height);
}

static void random_operations(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	int width = 1280, height = 800, clients[CLIENTS] = {0}, present = 0;
	Layout *layout = layout_new(width, height);

	for (int i = 0; i < 100000; i++) {
		Side side = (Side)g_rand_int_range(rand, 0, 4);
		int c = g_rand_int_range(rand, 0, CLIENTS);

		switch (g_rand_int_range(rand, 0, 10)) {
		case 0:
			layout_split(layout, g_rand_boolean(rand));
			break;
		case 1:
		case 2:
			layout_unsplit(layout);
			break;
		case 3:
			layout_resize(layout, side, g_rand_int_range(rand, -300, 300));
			break;
		case 4:
			width = g_rand_int_range(rand, 1, 3000);
			height = g_rand_int_range(rand, 1, 2000);
			layout_set_size(layout, width, height);
			break;
		case 5:
			layout_toggle_zoom(layout);
			break;
		case 6:
			layout_move(layout, side);
			break;
		case 7:
			frame_next_tab(
				layout_focused(layout), g_rand_boolean(rand) ? 1 : -1);
			break;
		case 8:
			if (!layout_frame_of(layout, &clients[c])) {
				frame_add(layout_focused(layout), &clients[c]);
				present++;
			} else {
				layout_remove(layout, &clients[c]);
				present--;
			}
			break;
		default:
			layout_focus_side(layout, side);
		}
		check(layout, width, height);
		g_assert_cmpint(total(layout), ==, present);
	}
	layout_free(layout);
}

static void frames_persist(void)
{
	int client;
	Layout *layout = layout_new(800, 600);

	g_assert_true(layout_split(layout, true));
	Frame *right = layout_focused(layout);
	g_assert_cmpint(frame_area(right).x, ==, 400);
	frame_add(right, &client);
	layout_remove(layout, &client);
	g_assert_null(frame_visible(right));
	g_assert_true(layout_focus_side(layout, SIDE_LEFT));
	g_assert_false(layout_focus_side(layout, SIDE_LEFT));
	g_assert_true(layout_frame_at(layout, 700, 10) == right);
	layout_free(layout);
}

static void plans(void)
{
	static const char text[] = "config | new: tab\n"
				   "+ columns | share: 70\n"
				   "  + frame\n"
				   "    + client a\n"
				   "    + client b\n"
				   "  + rows\n"
				   "    + frame | focus: yes\n"
				   "    + frame\n"
				   "      + client c\n"
				   "-\n";
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "plan", MAQ_HID_STRICT, NULL);
	Layout *layout = layout_new(1000, 600);
	g_autoptr(GPtrArray) frames = NULL;

	plan_apply(layout, maq_hid_root(document));
	frames = layout_frames(layout);
	g_assert_cmpuint(frames->len, ==, 3);
	g_assert_cmpint(frame_area(frames->pdata[0]).width, ==, 700);
	g_assert_cmpint(frame_area(frames->pdata[1]).height, ==, 300);
	g_assert_true(layout_focused(layout) == frames->pdata[1]);
	g_assert_true(layout_reserved(layout, "a") == frames->pdata[0]);
	g_assert_true(layout_reserved(layout, "b") == frames->pdata[0]);
	g_assert_true(layout_reserved(layout, "c") == frames->pdata[2]);
	g_assert_null(layout_reserved(layout, "d"));
	layout_free(layout);
	layout = layout_new(1000, 600);
	plan_apply(layout, NULL); /* no configuration, no plan */
	g_assert_true(layout_unsplit(layout) == false);
	layout_free(layout);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wm/layout/random", random_operations);
	g_test_add_func("/wm/layout/frames-persist", frames_persist);
	g_test_add_func("/wm/layout/plans", plans);
	return g_test_run();
}
