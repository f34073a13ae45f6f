// SPDX-License-Identifier: GPL-2.0-or-later
#include "jpeg.h"

static const JpegKey key = {.generation = 7, .offset = 64, .width = 8, .quality = 60};

static void put(Jpeg *jpeg, const JpegKey *of, gsize size)
{
	bool his;

	g_assert_null(jpeg_find(jpeg, of, &his));
	g_assert_true(his);
	jpeg_put(jpeg, of, g_bytes_new_take(g_malloc0(size), size));
}

static gsize find(Jpeg *jpeg, const JpegKey *of)
{
	bool his;
	g_autoptr(GBytes) found = jpeg_find(jpeg, of, &his);

	g_assert_false(found && his);
	if (his)
		jpeg_put(jpeg, of, NULL);
	return found ? g_bytes_get_size(found) : 0;
}

static void finds(void)
{
	Jpeg *jpeg = jpeg_new();
	JpegKey others[] = {key, key, key, key, key, key, key};

	others[0].generation++;
	others[1].offset += 4;
	others[2].width++;
	others[3].height++;
	others[4].subsampling++;
	others[5].quality++;
	others[6].flags++;
	jpeg_count(jpeg, 1);
	jpeg_count(jpeg, 1);
	put(jpeg, &key, 100);
	g_assert_cmpuint(find(jpeg, &key), ==, 100);
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		g_assert_cmpuint(find(jpeg, &others[i]), ==, 0);
		if (!find(jpeg, &key)) /* the other one was in its place */
			put(jpeg, &key, 100);
	}
	g_assert_cmpuint(jpeg_shared(jpeg), >=, 1);
	jpeg_count(jpeg, -1); /* one alone needs nothing */
	g_assert_cmpuint(find(jpeg, &key), ==, 0);
	jpeg_free(jpeg);
}

/* Old ones go for new ones. */
static void forgets(void)
{
	Jpeg *jpeg = jpeg_new();
	JpegKey next = key;

	put(jpeg, &key, 1 << 20);
	for (int i = 0; i < 20; i++) {
		next.generation++;
		put(jpeg, &next, 1 << 20);
		g_assert_cmpuint(find(jpeg, &next), ==, 1 << 20);
	}
	g_assert_cmpuint(find(jpeg, &key), ==, 0);
	jpeg_free(jpeg);
}

static gpointer find_late(gpointer jpeg)
{
	return GSIZE_TO_POINTER(find(jpeg, &key));
}

/* Who comes while it is made has it, too, or makes it after a failure. */
static void waits(void)
{
	Jpeg *jpeg = jpeg_new();

	for (int fails = 0; fails < 2; fails++) {
		bool his;
		JpegKey of = key;
		GThread *late;

		g_assert_null(jpeg_find(jpeg, &of, &his));
		g_assert_true(his);
		late = g_thread_new("late", find_late, jpeg);
		jpeg_put(jpeg, &of, fails ? NULL : g_bytes_new_static("xyz", 3));
		g_assert_cmpuint(
			GPOINTER_TO_SIZE(g_thread_join(late)), ==, fails ? 0 : 3);
		jpeg_count(jpeg, 0); /* empties it */
	}
	jpeg_free(jpeg);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/jpeg/finds", finds);
	g_test_add_func("/vnc/jpeg/forgets", forgets);
	g_test_add_func("/vnc/jpeg/waits", waits);
	return g_test_run();
}
