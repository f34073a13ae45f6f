// SPDX-License-Identifier: GPL-2.0-or-later
/* paint_test - every pixel of small drawings, text in a box, and the damage of each */
#include <maq/paint.h>

#include <string.h>

enum {
	WIDTH = 64,
	HEIGHT = 32,
	STRIDE = 68 /* pixels: the margin must stay untouched */
};

#define MARGIN 0x5A5A5A5Au

typedef struct {
	uint32_t pixels[STRIDE * HEIGHT];
	MaqCanvas *canvas;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < STRIDE * HEIGHT; i++)
		f->pixels[i] = i % STRIDE < WIDTH ? 0 : MARGIN;
	f->canvas = maq_canvas_new(f->pixels, WIDTH, HEIGHT, STRIDE * 4);
	g_assert_nonnull(f->canvas);
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = WIDTH; x < STRIDE; x++)
			g_assert_cmphex(f->pixels[y * STRIDE + x], ==, MARGIN);
	maq_canvas_free(f->canvas);
}

static bool inside(MaqRect r, int x, int y)
{
	return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
}

static void assert_only(Fixture *f, MaqRect rect, uint32_t colour)
{
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			g_assert_cmphex(f->pixels[y * STRIDE + x], ==,
				inside(rect, x, y) ? colour : 0);
}

static void assert_rect(MaqRect is, int x, int y, int width, int height)
{
	g_assert_cmpint(is.x, ==, x);
	g_assert_cmpint(is.y, ==, y);
	g_assert_cmpint(is.width, ==, width);
	g_assert_cmpint(is.height, ==, height);
}

/* Over what is there, within the clip; the source need not lie at its upper left. */
static void test_blend(Fixture *f, gconstpointer data)
{
	uint32_t pixels[4] = {0x80400000, 0xff123456, 0, 0x80008000};
	g_autoptr(MaqCanvas) source = maq_canvas_new(pixels, 2, 2, 8);
	MaqRect clip = {0, 0, 12, 11};

	(void)data;
	maq_canvas_fill(f->canvas, (MaqRect){0, 0, WIDTH, HEIGHT}, 0x0000ff);
	maq_region_clear(maq_canvas_damage(f->canvas));
	maq_canvas_blend(f->canvas, 10, 10, source, (MaqRect){0, 0, 2, 2});
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), 10, 10, 2, 2);
	g_assert_cmphex(f->pixels[10 * STRIDE + 10] & 0xffffff, ==, 0x40007f);
	g_assert_cmphex(f->pixels[10 * STRIDE + 11] & 0xffffff, ==, 0x123456);
	g_assert_cmphex(f->pixels[11 * STRIDE + 10] & 0xffffff, ==, 0x0000ff);
	g_assert_cmphex(f->pixels[11 * STRIDE + 11] & 0xffffff, ==, 0x00807f);
	maq_canvas_clip(f->canvas, &clip);
	maq_region_clear(maq_canvas_damage(f->canvas));
	maq_canvas_blend(f->canvas, 11, 10, source, (MaqRect){1, 0, 9, 9});
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), 11, 10, 1, 1);
	maq_canvas_blend(
		f->canvas, 50, 10, source, (MaqRect){-9, -9, 9, 9}); /* nothing */
	g_assert_cmphex(f->pixels[10 * STRIDE + 11] & 0xffffff, ==, 0x123456);
}

static void test_tint(Fixture *f, gconstpointer data)
{
	MaqRect clip = {0, 0, 12, HEIGHT};

	(void)data;
	maq_canvas_fill(f->canvas, (MaqRect){0, 0, WIDTH, HEIGHT}, 0x0000ff);
	maq_region_clear(maq_canvas_damage(f->canvas));
	maq_canvas_clip(f->canvas, &clip);
	maq_canvas_tint(f->canvas, (MaqRect){10, 10, 9, 2}, 0xff0000, 128);
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), 10, 10, 2, 2);
	g_assert_cmphex(f->pixels[10 * STRIDE + 10] & 0xffffff, ==, 0x80007f);
	g_assert_cmphex(f->pixels[10 * STRIDE + 12] & 0xffffff, ==, 0x0000ff);
	maq_canvas_tint(f->canvas, (MaqRect){0, 0, 1, 1}, 0x123456, 255);
	g_assert_cmphex(f->pixels[0] & 0xffffff, ==, 0x123456);
	maq_canvas_tint(f->canvas, (MaqRect){0, 0, 1, 1}, 0xffffff, 0);
	g_assert_cmphex(f->pixels[0] & 0xffffff, ==, 0x123456);
}

static void test_refuses(void)
{
	uint32_t pixel[16];

	g_assert_null(maq_canvas_new(NULL, 1, 1, 4));
	g_assert_null(maq_canvas_new(pixel, 0, 1, 4));
	g_assert_null(maq_canvas_new(pixel, 4, -1, 16));
	g_assert_null(maq_canvas_new(pixel, 4, 1, 12));
	g_assert_null(maq_canvas_new(pixel, 4, 1, 18));
	g_assert_null(maq_canvas_new(pixel, MAQ_CANVAS_MAX + 1, 1, 1 << 20));
}

static void test_fill(Fixture *f, gconstpointer data)
{
	(void)data;
	maq_canvas_fill(f->canvas, (MaqRect){-5, 28, 10, INT_MAX}, 0xABCDEF);
	assert_only(f, (MaqRect){0, 28, 5, 4}, 0xABCDEF);
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), 0, 28, 5, 4);
	maq_region_clear(maq_canvas_damage(f->canvas));
	maq_canvas_fill(f->canvas, (MaqRect){INT_MAX, 0, INT_MAX, 9}, 1);
	maq_canvas_fill(f->canvas, (MaqRect){3, 3, -1, 9}, 1);
	g_assert_true(maq_region_empty(maq_canvas_damage(f->canvas)));
	assert_only(f, (MaqRect){0, 28, 5, 4}, 0xABCDEF);
}

static void test_clip(Fixture *f, gconstpointer data)
{
	MaqRect clip = {10, 10, 20, 10};

	(void)data;
	maq_canvas_clip(f->canvas, &clip);
	maq_canvas_fill(f->canvas, maq_canvas_bounds(f->canvas), 7);
	assert_only(f, clip, 7);
	maq_canvas_clip(f->canvas, NULL);
	maq_canvas_fill(f->canvas, maq_canvas_bounds(f->canvas), 8);
	assert_only(f, maq_canvas_bounds(f->canvas), 8);
}

static void test_outline(Fixture *f, gconstpointer data)
{
	MaqRect rect = {4, 4, 20, 10};
	MaqRect hollow = {6, 6, 16, 6};

	(void)data;
	maq_canvas_outline(f->canvas, rect, 2, 3);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			g_assert_cmphex(f->pixels[y * STRIDE + x], ==,
				inside(rect, x, y) && !inside(hollow, x, y) ? 3 : 0);
}

/* Scrolling by one row in either direction keeps each row's content. */
static void test_copy_overlap(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int y = 0; y < HEIGHT; y++)
		maq_canvas_fill(f->canvas, (MaqRect){0, y, WIDTH, 1}, (uint32_t)y + 1);
	maq_canvas_copy(f->canvas, 0, 1, f->canvas, (MaqRect){0, 0, WIDTH, HEIGHT});
	for (int y = 1; y < HEIGHT; y++)
		g_assert_cmphex(f->pixels[y * STRIDE], ==, y);
	maq_canvas_copy(f->canvas, 0, 0, f->canvas, (MaqRect){0, 1, WIDTH, HEIGHT - 1});
	for (int y = 0; y < HEIGHT - 1; y++)
		g_assert_cmphex(f->pixels[y * STRIDE], ==, y + 1);
}

/* Large ones are copied by other means; rows begin at every offset. */
static void test_copy_large(void)
{
	enum { SIDE = 640 };
	g_autofree uint32_t *from = g_new(uint32_t, SIDE * SIDE);
	g_autofree uint32_t *to = g_new0(uint32_t, SIDE * SIDE);
	g_autoptr(MaqCanvas) source = maq_canvas_new(from, SIDE, SIDE, SIDE * 4);
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(to, SIDE, SIDE, SIDE * 4);

	for (uint32_t i = 0; i < SIDE * SIDE; i++)
		from[i] = i + 1;
	for (int x = 0; x < 9; x++) {
		MaqRect part = {8 - x, 3, SIDE - 9 - x, SIDE - 7};

		memset(to, 0, SIDE * SIDE * sizeof *to);
		maq_canvas_copy(canvas, x, 2, source, part);
		for (int row = 0; row < SIDE; row++)
			for (int column = 0; column < SIDE; column++) {
				bool inside = row >= 2 && row < 2 + part.height &&
					      column >= x && column < x + part.width;
				int index = (row + 1) * SIDE + column - x + part.x;

				g_assert_cmpuint(to[row * SIDE + column], ==,
					inside ? from[index] : 0);
			}
	}
	/* and within one, row by row */
	maq_canvas_copy(source, 0, 1, source, (MaqRect){0, 0, SIDE, SIDE - 1});
	for (uint32_t i = SIDE; i < SIDE * SIDE; i++)
		g_assert_cmpuint(from[i], ==, i - SIDE + 1);
}

static void test_copy_clipped(Fixture *f, gconstpointer data)
{
	uint32_t other[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
	g_autoptr(MaqCanvas) source = maq_canvas_new(other, 4, 4, 16);

	(void)data;
	/* begins outside of the source, and ends outside of the canvas */
	maq_canvas_copy(
		f->canvas, WIDTH - 3, HEIGHT - 3, source, (MaqRect){-1, -1, 10, 10});
	g_assert_cmphex(f->pixels[(HEIGHT - 2) * STRIDE + WIDTH - 2], ==, 1);
	g_assert_cmphex(f->pixels[(HEIGHT - 1) * STRIDE + WIDTH - 1], ==, 6);
	g_assert_cmphex(f->pixels[(HEIGHT - 3) * STRIDE + WIDTH - 3], ==, 0);
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), WIDTH - 2,
		HEIGHT - 2, 2, 2);
}

/* Opaque but where it is filled with less; text in it is opaque, and blends at its edge.
 */
static void test_alpha(Fixture *f, gconstpointer data)
{
	const uint32_t letter = 'M';
	g_autoptr(MaqFont) font = maq_font_new("monospace", 16, NULL);
	bool solid = false, edge = false;

	(void)data;
	maq_canvas_fill_alpha(f->canvas, (MaqRect){0, 0, 1, 1}, 0x804020, 128);
	g_assert_cmphex(f->pixels[0], ==, 0x804020); /* it has none yet */
	maq_canvas_set_alpha(f->canvas);
	maq_canvas_fill(f->canvas, (MaqRect){0, 0, 1, 1}, 0x804020);
	g_assert_cmphex(f->pixels[0], ==, 0xff804020);
	maq_canvas_fill_alpha(f->canvas, (MaqRect){0, 0, WIDTH, HEIGHT}, 0xff0000, 51);
	g_assert_cmphex(f->pixels[0], ==, 0x33330000);
	maq_canvas_tint(f->canvas, (MaqRect){0, 0, 1, 1}, 0x00ff00, 255);
	g_assert_cmphex(f->pixels[0], ==, 0xff00ff00);
	maq_font_draw_cell(
		font, f->canvas, (MaqRect){0, 0, WIDTH, HEIGHT}, 0xffffff, &letter, 1);
	for (int i = 0; i < STRIDE * HEIGHT; i++) {
		uint32_t alpha = f->pixels[i] >> 24;

		solid = solid || f->pixels[i] == 0xffffffff;
		edge = edge || (i % STRIDE < WIDTH && alpha > 0x33 && alpha < 0xff);
	}
	g_assert_true(solid);
	g_assert_true(edge);
}

/* A part of something larger: fills, copies, clips and damage are in its coordinates. */
static void test_moved(Fixture *f, gconstpointer data)
{
	MaqRect clip = {1005, 500, 1000, 10};
	uint32_t pixel = 0x111111;
	g_autoptr(MaqCanvas) dot = maq_canvas_new(&pixel, 1, 1, 4);

	(void)data;
	maq_canvas_move(f->canvas, 1000, 500);
	assert_rect(maq_canvas_bounds(f->canvas), 1000, 500, WIDTH, HEIGHT);
	maq_canvas_clip(f->canvas, &clip);
	maq_canvas_fill(f->canvas, (MaqRect){0, 0, 1010, 505}, 0xABCDEF);
	assert_only(f, (MaqRect){5, 0, 5, 5}, 0xABCDEF);
	assert_rect(maq_region_bounds(maq_canvas_damage(f->canvas)), 1005, 500, 5, 5);
	maq_canvas_copy(f->canvas, 1006, 501, dot, (MaqRect){0, 0, 1, 1});
	g_assert_cmphex(f->pixels[STRIDE + 6], ==, pixel);
	maq_canvas_copy(f->canvas, 1007, 502, f->canvas, (MaqRect){1006, 501, 1, 1});
	g_assert_cmphex(f->pixels[2 * STRIDE + 7], ==, pixel);
}

static void test_region(void)
{
	g_auto(MaqRegion) region;
	MaqRect rects[2];

	maq_region_init(&region);
	g_assert_true(maq_region_empty(&region));
	maq_region_add(&region, (MaqRect){0, 0, 2, 2});
	maq_region_add(&region, (MaqRect){10, 10, 2, 2});
	g_assert_cmpuint(maq_region_rects(&region, rects, 2), ==, 2);
	g_assert_cmpuint(maq_region_rects(&region, rects, 1), ==, 1);
	assert_rect(rects[0], 0, 0, 12, 12);
	maq_region_clip(&region, (MaqRect){1, 1, 5, 5});
	assert_rect(maq_region_bounds(&region), 1, 1, 1, 1);
	maq_region_add(&region, (MaqRect){INT_MAX, INT_MIN, INT_MAX, INT_MAX});
	assert_rect(maq_region_bounds(&region), 1, 1, 1, 1);
}

static MaqFont *open_font(void)
{
	g_autoptr(GError) error = NULL;
	MaqFont *font = maq_font_new("DejaVu Sans Mono", 16, &error);

	g_assert_no_error(error);
	return font;
}

/* The same pixels, wherever the canvas is said to be. */
static void test_moved_text(Fixture *f, gconstpointer data)
{
	g_autofree uint32_t *before = NULL;
	MaqFont *font = open_font();

	(void)data;
	maq_font_draw(font, f->canvas, 4, 2, 0xFFFFFF, "ok");
	before = g_memdup2(f->pixels, sizeof f->pixels);
	maq_canvas_fill(f->canvas, maq_canvas_bounds(f->canvas), 0);
	maq_canvas_move(f->canvas, -300, 70);
	maq_font_draw(font, f->canvas, -296, 72, 0xFFFFFF, "ok");
	g_assert_cmpmem(before, sizeof f->pixels, f->pixels, sizeof f->pixels);
	maq_font_free(font);
}

static void test_text(Fixture *f, gconstpointer data)
{
	g_autoptr(MaqFont) font = open_font();
	MaqRect box = {4, 4, maq_font_cell_width(font) * 3, maq_font_height(font)};
	unsigned strong = 0;

	(void)data;
	g_assert_cmpint(maq_font_measure(font, "abc"), ==, box.width);
	g_assert_cmpint(
		maq_font_draw(font, f->canvas, 4, 4, 0x00FF00, "HgM"), ==, 4 + box.width);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			uint32_t pixel = f->pixels[y * STRIDE + x] & 0xFFFFFF;

			g_assert_cmphex(pixel & 0xFF00FF, ==, 0); /* only green */
			g_assert_true(!pixel || inside(box, x, y));
			strong += pixel > 0xC000;
		}
	g_assert_cmpuint(strong, >, 40);
}

static void test_malformed_text(Fixture *f, gconstpointer data)
{
	g_autoptr(MaqFont) font = open_font();
	int replacement = maq_font_measure(font, "\xEF\xBF\xBD");

	(void)data;
	g_assert_cmpint(maq_font_measure(font, "\xFF\xC3"), ==, 2 * replacement);
	maq_font_draw(font, f->canvas, -8, -8, 0xFFFFFF, "\x80\xE2\x82 \xF8");
	g_assert_cmpint(maq_font_measure(font, ""), ==, 0);
}

static void test_combining(Fixture *f, gconstpointer data)
{
	g_autoptr(MaqFont) font = open_font();
	const uint32_t accented[] = {'e', 0x301};
	uint32_t plain[STRIDE * HEIGHT];
	int right = 20 + maq_font_cell_width(font);
	bool differs = false;

	(void)data;
	maq_font_draw_cell(font, f->canvas,
		(MaqRect){20, 2, maq_font_cell_width(font), 30}, 0xFFFFFF, accented, 1);
	memcpy(plain, f->pixels, sizeof plain);
	maq_font_draw_cell(font, f->canvas,
		(MaqRect){20, 2, maq_font_cell_width(font), 30}, 0xFFFFFF, accented, 2);
	for (int i = 0; i < STRIDE * HEIGHT; i++) {
		if (plain[i] == f->pixels[i])
			continue;
		differs = true;
		g_assert_cmpint(i % STRIDE, >=, 20); /* the mark is over its base */
		g_assert_cmpint(i % STRIDE, <, right);
	}
	g_assert_true(differs);
}

/* What has no room is made smaller; what has is drawn as it is. */
static void test_smaller(Fixture *f, gconstpointer data)
{
	g_autoptr(MaqFont) font = open_font();
	const uint32_t wide = 0x2014; /* a dash */
	int width = maq_font_cell_width(font), narrow = width / 2;

	(void)data;
	maq_font_draw_cell(
		font, f->canvas, (MaqRect){20, 2, narrow, 20}, 0xFFFFFF, &wide, 1);
	MaqRect drawn = maq_region_bounds(maq_canvas_damage(f->canvas));
	g_assert_cmpint(drawn.x, >=, 20);
	g_assert_cmpint(drawn.x + drawn.width, <=, 20 + narrow);
	maq_region_clear(maq_canvas_damage(f->canvas));
	maq_font_draw_cell(
		font, f->canvas, (MaqRect){20, 2, width, 20}, 0xFFFFFF, &wide, 1);
	drawn = maq_region_bounds(maq_canvas_damage(f->canvas));
	g_assert_cmpint(drawn.width, >, narrow);
}

/* Flags and families are one picture each, if there is a font with it. */
static void test_joined(Fixture *f, gconstpointer data)
{
	g_autoptr(MaqFont) font = open_font();
	const uint32_t flag[] = {0x1f1e9, 0x1f1ea}, letters[] = {'a', 'b'};
	const uint32_t smile = 0x1f600;

	(void)data;
	g_assert_false(maq_font_joins(font, letters, 2));
	g_assert_false(maq_font_joins(font, letters, 1));
	maq_font_draw_cell(font, f->canvas, (MaqRect){4, 2, 16, 20}, 0xFFFFFF, &smile, 1);
	maq_font_draw_cell(font, f->canvas, (MaqRect){24, 2, 16, 20}, 0xFFFFFF, flag, 2);
	if (!maq_font_joins(font, flag, 2))
		g_test_skip("no font here has flags: fonts-noto-color-emoji");
}

static void test_many_glyphs(void)
{
	g_autoptr(MaqFont) font = open_font();

	/* more characters than the cache holds: the font starts anew, and still draws */
	for (uint32_t c = 0x4E00; c < 0x4E00 + 9000; c++) {
		char utf8[7] = {0};

		g_unichar_to_utf8(c, utf8);
		g_assert_cmpint(maq_font_measure(font, utf8), >, 0);
	}
	g_assert_cmpint(maq_font_measure(font, "a"), ==, maq_font_cell_width(font));
}

#define ADD(name, test) g_test_add("/paint/" name, Fixture, NULL, set_up, test, tear_down)

/* What hangs lowest is within the line: the next one would be drawn over it. */
static void test_underscore(void)
{
	const uint32_t lowest[] = {'_', 'g'};
	uint32_t pixels[100 * 100];

	for (int size = 6; size <= 60; size++) {
		g_autoptr(MaqFont) font = maq_font_new("monospace", size, NULL);
		g_autoptr(MaqCanvas) canvas = maq_canvas_new(pixels, 100, 100, 400);

		g_assert_nonnull(font);
		maq_canvas_fill(canvas, maq_canvas_bounds(canvas), 0);
		maq_region_clear(maq_canvas_damage(canvas));
		for (int i = 0; i < 2; i++)
			maq_font_draw_cell(font, canvas, (MaqRect){0, 0, 100, 100},
				0xFFFFFF, &lowest[i], 1);
		for (int y = maq_font_height(font); y < 100; y++)
			for (int x = 0; x < 100; x++)
				g_assert_cmphex(pixels[y * 100 + x] & 0xFFFFFF, ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/paint/refuses", test_refuses);
	ADD("blend", test_blend);
	ADD("tint", test_tint);
	ADD("alpha", test_alpha);
	ADD("smaller", test_smaller);
	ADD("joined", test_joined);
	ADD("moved", test_moved);
	ADD("moved-text", test_moved_text);
	g_test_add_func("/paint/region", test_region);
	ADD("fill", test_fill);
	ADD("clip", test_clip);
	ADD("outline", test_outline);
	ADD("copy-overlap", test_copy_overlap);
	ADD("copy-clipped", test_copy_clipped);
	g_test_add_func("/paint/copy-large", test_copy_large);
	ADD("text", test_text);
	ADD("malformed-text", test_malformed_text);
	ADD("combining", test_combining);
	g_test_add_func("/paint/underscore", test_underscore);
	g_test_add_func("/paint/many-glyphs", test_many_glyphs);
	return g_test_run();
}
