// SPDX-License-Identifier: GPL-2.0-or-later
#include "scroll.h"

#include <string.h>

#define LEAST_WIDTH  64 /* px: below, pixels are as cheap */
#define LEAST_HEIGHT 48
#define LEAST_RUN    24                /* rows that come together */
#define SLOTS        (4 * PICTURE_MAX) /* of the table; a power of two */
#define TWICE        (-2)
#define EMPTY        (-1)
#define LANES        4

/* Too large for a stack: the table of the thread that draws. */
typedef struct {
	guint64 old[PICTURE_MAX], new[PICTURE_MAX]; /* a hash for each row */
	int rows[SLOTS]; /* of the picture; EMPTY, or TWICE if there are equal ones */
	unsigned votes[2 * PICTURE_MAX]; /* for each distance */
} Table;

static guint64 hash_row(const guint32 *pixels, int width)
{
	guint64 lanes[LANES] = {1, 2, 3, 4}, hash = 0;
	int at = 0;

	for (; at + 2 * LANES <= width; at += 2 * LANES)
		for (int lane = 0; lane < LANES; lane++) {
			guint64 word;

			memcpy(&word, pixels + at + 2 * lane, sizeof word);
			lanes[lane] = (lanes[lane] ^ word) * 0x9e3779b97f4a7c15u;
			lanes[lane] ^= lanes[lane] >> 29;
		}
	for (; at < width; at++)
		lanes[at % LANES] =
			(lanes[at % LANES] ^ pixels[at]) * 0x9e3779b97f4a7c15u;
	for (int lane = 0; lane < LANES; lane++)
		hash = (hash ^ lanes[lane]) * 0xff51afd7ed558ccdu;
	return hash ^ hash >> 32;
}

static void hash_rows(
	guint64 *hashes, const guint32 *pixels, gsize stride, const Rect *rect)
{
	for (int i = 0; i < rect->height; i++)
		hashes[i] = hash_row(
			(const guint32 *)(const void *)((const char *)pixels +
							(gsize)(rect->y + i) * stride) +
				rect->x,
			rect->width);
}

static int *find_slot(Table *table, guint64 hash)
{
	unsigned at = hash & (SLOTS - 1);

	while (table->rows[at] != EMPTY && table->rows[at] != TWICE &&
		table->old[table->rows[at]] != hash)
		at = (at + 1) & (SLOTS - 1);
	return &table->rows[at];
}

/* Rows that are there twice, blank ones above all, tell nothing of a distance. */
static void fill_table(Table *table, int height)
{
	memset(table->rows, 0xff, sizeof table->rows);
	for (int i = 0; i < height; i++) {
		int *slot = find_slot(table, table->old[i]);

		*slot = *slot == EMPTY ? i : TWICE;
	}
}

/* How far most rows have moved; 0: they have not. */
static int count_votes(Table *table, int height)
{
	int best = 0;

	memset(table->votes, 0, (gsize)(2 * height) * sizeof *table->votes);
	for (int i = 0; i < height; i++) {
		int from = table->new[i] == table->old[i]
				   ? EMPTY
				   : *find_slot(table, table->new[i]);

		if (from >= 0)
			table->votes[i - from + height]++;
	}
	for (int dy = 1 - height; dy < height; dy++)
		if (table->votes[dy + height] > table->votes[best + height])
			best = dy;
	return table->votes[best + height] >= (unsigned)height / 16 + 2 ? best : 0;
}

/* The longest run of rows that have come from so far. */
static int find_run(const Table *table, int height, int dy, int *start)
{
	int best = 0, run = 0;

	for (int i = MAX(dy, 0); i < height + MIN(dy, 0); i++) {
		run = table->new[i] == table->old[i - dy] ? run + 1 : 0;
		if (run > best) {
			best = run;
			*start = i - run + 1;
		}
	}
	return best;
}

static bool is_same(const guint32 *picture, gsize picture_stride, const guint32 *frame,
	gsize frame_stride, const Scroll *scroll)
{
	for (int y = scroll->to.y; y < scroll->to.y + scroll->to.height; y++)
		if (memcmp((const char *)picture +
				    (gsize)(y - scroll->dy) * picture_stride +
				    (gsize)scroll->to.x * 4,
			    (const char *)frame + (gsize)y * frame_stride +
				    (gsize)scroll->to.x * 4,
			    (gsize)scroll->to.width * 4) != 0)
			return false;
	return true;
}

bool scroll_find(const guint32 *picture, gsize picture_stride, const guint32 *frame,
	gsize frame_stride, Rect rect, Scroll *scroll)
{
	static Table table; /* of the one thread that draws */
	int dy, start = 0, run;

	if (rect.width < LEAST_WIDTH || rect.height < LEAST_HEIGHT ||
		rect.height > PICTURE_MAX)
		return false;
	hash_rows(table.old, picture, picture_stride, &rect);
	hash_rows(table.new, frame, frame_stride, &rect);
	fill_table(&table, rect.height);
	dy = count_votes(&table, rect.height);
	run = dy ? find_run(&table, rect.height, dy, &start) : 0;
	if (run < MAX(LEAST_RUN, rect.height / 8))
		return false;
	*scroll = (Scroll){{rect.x, rect.y + start, rect.width, run}, dy};
	return is_same(picture, picture_stride, frame, frame_stride, scroll);
}
