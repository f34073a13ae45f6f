// SPDX-License-Identifier: GPL-2.0-or-later
/* boxes_test - characters that are drawn: they stay in their cell, and meet at its edges
 */
#include "boxes.h"

#define SIDE  64 /* px of the canvas */
#define LEFT  16 /* where the cell is */
#define TOP   12
#define FRONT 0xffffffu
#define BACK  0x101010u

typedef struct {
	guint32 pixels[SIDE * SIDE];
	MaqCanvas *canvas; /* owned */
	int width, height; /* of the cell */
} Page;

static void page_init(Page *page, int width, int height)
{
	page->canvas = maq_canvas_new(page->pixels, SIDE, SIDE, SIDE * 4);
	page->width = width;
	page->height = height;
}

static bool draw(Page *page, guint32 character)
{
	MaqRect cell = {LEFT, TOP, page->width, page->height};

	maq_canvas_fill(page->canvas, maq_canvas_bounds(page->canvas), BACK);
	return box_draw(page->canvas, cell, character, FRONT, BACK);
}

static guint32 at(const Page *page, int x, int y)
{
	return page->pixels[(TOP + y) * SIDE + LEFT + x] & 0xffffff;
}

static bool has_ink(const Page *page, int x, int y)
{
	return at(page, x, y) != BACK;
}

static int count_ink(const Page *page)
{
	int count = 0;

	for (int y = 0; y < page->height; y++)
		for (int x = 0; x < page->width; x++)
			count += has_ink(page, x, y);
	return count;
}

static void assert_inside(const Page *page, guint32 character)
{
	for (int y = -TOP; y < SIDE - TOP; y++)
		for (int x = -LEFT; x < SIDE - LEFT; x++)
			if (x < 0 || y < 0 || x >= page->width || y >= page->height)
				if (has_ink(page, x, y))
					g_error("U+%04x of %dx%d: ink at %d,%d",
						character, page->width, page->height, x,
						y);
}

static bool is_drawn(guint32 c)
{
	return (c >= 0x2500 && c <= 0x259f) || (c >= 0x2800 && c <= 0x28ff) ||
	       (c >= 0x1fb00 && c <= 0x1fb3b) || (c >= 0xe0b0 && c <= 0xe0b4) ||
	       c == 0xe0b6 || c == 0xe0b8 || c == 0xe0ba || c == 0xe0bc || c == 0xe0be;
}

/* At any size something of each is seen, and nothing beside its cell. */
static void test_inside(void)
{
	static const int sizes[][2] = {{1, 1}, {2, 3}, {3, 6}, {5, 9}, {8, 17}, {9, 18},
		{12, 25}, {20, 40}, {40, 20}};
	Page page;

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		page_init(&page, sizes[i][0], sizes[i][1]);
		for (guint32 c = 0x2000; c < 0x1fc00; c++) {
			if (c == 0x3000)
				c = 0xe000;
			if (c == 0xe100)
				c = 0x1fa00;
			g_assert_cmpint(draw(&page, c), ==, is_drawn(c));
			if (!is_drawn(c))
				continue;
			assert_inside(&page, c);
			if (c != 0x2800 && i > 2)
				g_assert_cmpint(count_ink(&page), >, 0);
		}
		maq_canvas_free(page.canvas);
	}
}

static int ink_of_row(const Page *page, int y)
{
	int count = 0;

	for (int x = 0; x < page->width; x++)
		count += at(page, x, y) == FRONT;
	return count;
}

static int ink_of_column(const Page *page, int x)
{
	int count = 0;

	for (int y = 0; y < page->height; y++)
		count += at(page, x, y) == FRONT;
	return count;
}

/* Arms reach the edges where they should, as thick as those that they meet there. */
static void test_meet(void)
{
	static const struct {
		guint32 c;
		int left, up, right, down; /* lines there; heavy ones: 2 px */
	} cases[] = {{0x2500, 1, 0, 1, 0}, {0x2503, 0, 2, 0, 2}, {0x250c, 0, 0, 1, 1},
		{0x2518, 1, 1, 0, 0}, {0x253c, 1, 1, 1, 1}, {0x254b, 2, 2, 2, 2},
		{0x2521, 0, 2, 2, 1}, {0x2545, 2, 1, 1, 2}, {0x2550, 2, 0, 2, 0},
		{0x2554, 0, 0, 2, 2}, {0x255e, 0, 1, 2, 1}, {0x2565, 1, 0, 1, 2},
		{0x256c, 2, 2, 2, 2}, {0x256d, 0, 0, 1, 1}, {0x256f, 1, 1, 0, 0},
		{0x2574, 1, 0, 0, 0}, {0x257f, 0, 2, 0, 1}};
	Page page;

	page_init(&page, 8, 17);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("U+%04x", cases[i].c);
		draw(&page, cases[i].c);
		g_assert_cmpint(ink_of_column(&page, 0), ==, cases[i].left);
		g_assert_cmpint(ink_of_row(&page, 0), ==, cases[i].up);
		g_assert_cmpint(ink_of_column(&page, 7), ==, cases[i].right);
		g_assert_cmpint(ink_of_row(&page, 16), ==, cases[i].down);
	}
	maq_canvas_free(page.canvas);
}

/* Two lines at a crossing leave its middle free, and those that end there close it. */
static void test_double(void)
{
	Page page;

	page_init(&page, 9, 17);
	draw(&page, 0x256c);
	g_assert_false(has_ink(&page, 4, 8));
	draw(&page, 0x256a); /* one line through two */
	g_assert_true(has_ink(&page, 4, 8));
	draw(&page, 0x2560);
	for (int y = 0; y < 17; y++)
		g_assert_true(has_ink(&page, 2, y)); /* the left line goes on */
	draw(&page, 0x2554);
	g_assert_false(has_ink(&page, 2, 0));
	for (int x = 2; x < 9; x++)
		g_assert_true(has_ink(&page, x, 6)); /* the outer one is closed */
	maq_canvas_free(page.canvas);
}

static void test_blocks(void)
{
	Page page;
	int parts = 0;

	page_init(&page, 8, 16);
	draw(&page, 0x2588);
	g_assert_cmpint(count_ink(&page), ==, 8 * 16);
	for (guint32 c = 0x2581; c <= 0x2588; c++) {
		draw(&page, c);
		g_assert_cmpint(count_ink(&page), ==, 8 * 2 * (int)(c - 0x2580));
		g_assert_true(has_ink(&page, 0, 15));
	}
	for (guint32 c = 0x2589; c <= 0x258f; c++) {
		draw(&page, c);
		g_assert_cmpint(count_ink(&page), ==, 16 * (int)(0x2590 - c));
		g_assert_true(has_ink(&page, 0, 0));
	}
	draw(&page, 0x259a);
	g_assert_true(has_ink(&page, 0, 0) && has_ink(&page, 7, 15));
	g_assert_false(has_ink(&page, 7, 0) || has_ink(&page, 0, 15));
	draw(&page, 0x1fb00);
	g_assert_true(has_ink(&page, 0, 0) && !has_ink(&page, 7, 0));
	draw(&page, 0x1fb3b);
	g_assert_true(!has_ink(&page, 0, 0) && has_ink(&page, 7, 15));
	for (guint32 bit = 1; bit < 256; bit *= 2) {
		draw(&page, 0x2800 + bit);
		parts += count_ink(&page);
	}
	draw(&page, 0x28ff);
	g_assert_cmpint(count_ink(&page), ==, parts); /* no dot lies on another one */
	draw(&page, 0xe0b0);
	g_assert_cmphex(at(&page, 0, 8), ==, FRONT);
	g_assert_false(has_ink(&page, 7, 0) || has_ink(&page, 7, 15));
	maq_canvas_free(page.canvas);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/boxes/inside", test_inside);
	g_test_add_func("/terminal/boxes/meet", test_meet);
	g_test_add_func("/terminal/boxes/double", test_double);
	g_test_add_func("/terminal/boxes/blocks", test_blocks);
	return g_test_run();
}
