// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is told of a frame makes it out of the picture before; so does what a client says
 * of it.
 */
#include "take.h"

#include <string.h>

#define WIDTH  420
#define HEIGHT 160
#define STRIDE (WIDTH + 5) /* px, of the frame */

static guint32 frame[STRIDE * HEIGHT];
static guint32 shown[WIDTH * HEIGHT]; /* by who follows the changes */
static Picture picture;
static Samples samples;
static Change changes[TAKE_CHANGES];

static void set_up(void)
{
	static bool is_set;

	if (!is_set)
		picture_init(&picture, WIDTH, HEIGHT);
	is_set = true;
	samples.width = 0;
	for (guint32 i = 0; i < WIDTH * HEIGHT; i++)
		shown[i] = i * 2654435761u >> 8;
	for (int y = 0; y < HEIGHT; y++) {
		memcpy(frame + y * STRIDE, shown + y * WIDTH, WIDTH * 4);
		memcpy(picture.rows[y], shown + y * WIDTH, WIDTH * 4);
	}
}

static void scroll(Rect rect, int dy)
{
	for (int i = 0; i < rect.height - ABS(dy); i++) {
		int y = rect.y + (dy > 0 ? rect.height - 1 - i : i);

		memcpy(frame + y * STRIDE + rect.x, frame + (y - dy) * STRIDE + rect.x,
			(gsize)rect.width * 4);
	}
}

static void apply(const Change *change)
{
	static guint32 before[WIDTH * HEIGHT];
	const Rect *rect = &change->rect;

	memcpy(before, shown, sizeof before);
	for (int y = rect->y; y < rect->y + rect->height; y++)
		for (int x = rect->x; x < rect->x + rect->width; x++)
			shown[y * WIDTH + x] =
				change->dy ? before[(y - change->dy) * WIDTH + x]
					   : frame[y * STRIDE + x];
}

/* Takes it; returns how many rows had to be drawn. */
static int take_it(Rect rect)
{
	unsigned n = take(&picture, &samples, frame, (gsize)STRIDE * 4, rect, changes);
	int drawn = 0;

	for (unsigned i = 0; i < n; i++) {
		g_assert_true(rect_contains(rect, changes[i].rect));
		g_assert_true(i == 0 || changes[i].dy == 0);
		apply(&changes[i]);
		drawn += changes[i].dy ? 0 : changes[i].rect.height;
	}
	for (int y = 0; y < HEIGHT; y++) {
		g_assert_cmpmem(
			picture.rows[y], WIDTH * 4, frame + y * STRIDE, WIDTH * 4);
		g_assert_cmpmem(
			shown + y * WIDTH, WIDTH * 4, frame + y * STRIDE, WIDTH * 4);
	}
	return drawn;
}

static const Rect all = {0, 0, WIDTH, HEIGHT};

static void tells_moves(void)
{
	const Rect part = {9, 20, 400, 130};

	set_up();
	scroll(all, -16);
	g_assert_cmpint(take_it(all), ==, 0); /* the last rows are there twice */
	g_assert_cmpint(changes[0].dy, ==, -16);
	scroll(part, 7);
	frame[22 * STRIDE + 30] ^= 1;
	g_assert_cmpint(take_it(part), ==, 5); /* rows 22 to 26: nothing was above */
	g_assert_cmpint(changes[0].dy, ==, 7);
}

/* A bar beside what has moved, say: some rows have not come along. */
static void draws_between(void)
{
	set_up();
	scroll(all, -10);
	for (int y = 60; y < 64; y++)
		frame[y * STRIDE + WIDTH - 1] = 1;
	frame[100 * STRIDE + 5] = 2;
	g_assert_cmpint(take_it(all), ==, 5);
	g_assert_cmpint(changes[0].dy, ==, -10);
}

static void leaves_out(void)
{
	set_up();
	g_assert_cmpint(take_it(all), ==, 0);
	frame[30 * STRIDE] ^= 1;
	frame[33 * STRIDE] ^= 1;
	frame[90 * STRIDE] ^= 1;
	g_assert_cmpint(take_it(all), ==, 5); /* 30 to 33 are one */
	g_assert_cmpint(take_it((Rect){0, 0, 0, 0}), ==, 0);
	g_assert_cmpint(take_it((Rect){0, 30, WIDTH, 0}), ==, 0);
	for (int y = 0; y < HEIGHT; y += 10)
		frame[y * STRIDE] ^= 1;
	take_it(all); /* more than can be told one by one */
}

static Rect any_rect(GRand *numbers)
{
	int x = g_rand_int_range(numbers, 0, WIDTH - 70);
	int y = g_rand_int_range(numbers, 0, HEIGHT - 60);

	return (Rect){x, y, g_rand_int_range(numbers, 1, WIDTH - x + 1),
		g_rand_int_range(numbers, 1, HEIGHT - y + 1)};
}

static void takes_anything(void)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(3);

	set_up();
	for (int round = 0; round < 500; round++) {
		Rect rect = g_rand_int_range(numbers, 0, 3) ? all : any_rect(numbers);
		int most = MIN(rect.height - 1, 30);

		if (most > 0)
			scroll(rect, g_rand_int_range(numbers, -most, most + 1));
		for (int n = g_rand_int_range(numbers, 0, 9); n; n--)
			frame[g_rand_int_range(numbers, rect.y, rect.y + rect.height) *
					STRIDE +
				g_rand_int_range(numbers, rect.x, rect.x + rect.width)] =
				g_rand_int(numbers);
		take_it(rect);
	}
}

/* What it should be, by a copy of all pixels. */
static void apply_move(const Change *move)
{
	static guint32 before[WIDTH * HEIGHT];
	const Rect *rect = &move->rect;

	memcpy(before, shown, sizeof before);
	for (int y = rect->y; y < rect->y + rect->height; y++)
		memcpy(shown + y * WIDTH + rect->x,
			before + (y - move->dy) * WIDTH + rect->x - move->dx,
			(gsize)rect->width * 4);
}

static void check_samples(void)
{
	static Samples fresh;

	scroll_guess(&samples, &picture, frame, (gsize)STRIDE * 4, all);
	fresh.width = 0;
	scroll_guess(&fresh, &picture, frame, (gsize)STRIDE * 4, all);
	g_assert_cmpmem(samples.hashes, HEIGHT * sizeof *samples.hashes, fresh.hashes,
		HEIGHT * sizeof *fresh.hashes);
}

/* Narrow, wide, and as wide as the picture; no other pixel changes. */
static void moves_anything(void)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(7);

	set_up();
	for (int round = 0; round < 500; round++) {
		bool whole = g_rand_int_range(numbers, 0, 3) == 0;
		int x = whole ? 0 : g_rand_int_range(numbers, 0, 60);
		int right = whole ? 0 : g_rand_int_range(numbers, 0, x ? 300 : 9);
		int y = g_rand_int_range(numbers, 0, HEIGHT);
		Change move = {.rect = {x, y, WIDTH - x - right,
				       g_rand_int_range(numbers, 0, HEIGHT - y + 1)}};

		move.dy = g_rand_int_range(numbers, y + move.rect.height - HEIGHT, y + 1);
		if (!whole && g_rand_boolean(numbers))
			move.dx = g_rand_int_range(numbers, -right, x + 1);
		take_moved(&picture, &samples, move);
		apply_move(&move);
		for (int i = 0; i < HEIGHT; i++)
			g_assert_cmpmem(
				picture.rows[i], WIDTH * 4, shown + i * WIDTH, WIDTH * 4);
		check_samples();
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/take/tells-moves", tells_moves);
	g_test_add_func("/vnc/take/draws-between", draws_between);
	g_test_add_func("/vnc/take/leaves-out", leaves_out);
	g_test_add_func("/vnc/take/takes-anything", takes_anything);
	g_test_add_func("/vnc/take/moves-anything", moves_anything);
	return g_test_run();
}
