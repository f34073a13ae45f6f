// SPDX-License-Identifier: GPL-2.0-or-later
#include "scroll.h"

#include <string.h>

#define LEAST_WIDTH  64 /* px: below, pixels are as cheap */
#define LEAST_HEIGHT 48
#define SLOTS        (4 * PICTURE_MAX) /* of the table; a power of two */
#define TWICE        (-2)
#define EMPTY        (-1)
#define LANES        4
#define PARTS        12  /* of a row that are sampled, */
#define PART         16  /* px of each: a line of memory */
#define PROBES       128 /* rows of a frame that are looked for, about */

/* What is looked at of each row. */
typedef struct {
	int at[PARTS], width; /* px, from the left edge of the rectangle */
	unsigned n;
} Parts;

/* Too large for a stack: the table of the thread that draws. */
typedef struct {
	int rows[SLOTS]; /* of the picture; EMPTY, or TWICE if there are equal ones */
	unsigned votes[2 * PICTURE_MAX]; /* for each distance */
} Table;

static bool is_sampled(int width)
{
	return width > 2 * PARTS * PART;
}

/* Text begins at the left: samples are closer together there. */
static Parts parts_of(int width, bool sampled)
{
	Parts parts = {.width = sampled ? PART : width, .n = sampled ? PARTS : 1};

	for (int i = 1; i < (int)parts.n; i++)
		parts.at[i] = (width - PART) * i * i / ((PARTS - 1) * (PARTS - 1));
	return parts;
}

static guint64 hash_part(guint64 hash, const guint32 *pixels, int width)
{
	guint64 lanes[LANES] = {1, 2, 3, 4};
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

/* row: from the left edge of the rectangle. */
static guint64 hash_row(const guint32 *row, Parts parts)
{
	guint64 hash = 0;

	for (unsigned i = 0; i < parts.n; i++)
		hash = hash_part(hash, row + parts.at[i], parts.width);
	return hash;
}

static guint64 hash_own_row(const Picture *picture, int x, int y, Parts parts)
{
	return hash_row(picture->rows[y] + x, parts);
}

/* ---- the samples ---- */

bool scroll_fits(Rect rect)
{
	return rect.width >= LEAST_WIDTH && rect.height >= LEAST_HEIGHT &&
	       rect.height <= PICTURE_MAX;
}

void scroll_wrote(Samples *samples, const Picture *picture, Rect rect, int y, bool near)
{
	if (rect.x >= samples->x + samples->width || samples->x >= rect.x + rect.width)
		return;
	samples->known[y] = near;
	if (near)
		samples->hashes[y] = hash_own_row(picture, samples->x, y,
			parts_of(samples->width, is_sampled(samples->width)));
}

void scroll_moved(Samples *samples, int y, int from)
{
	samples->known[y] = samples->known[from];
	samples->hashes[y] = samples->hashes[from];
}

/* Samples of these rows, and as wide. */
static void complete(Samples *samples, const Picture *picture, Rect rect, Parts parts)
{
	if (samples->x != rect.x || samples->width != rect.width)
		memset(samples->known, 0, sizeof samples->known);
	samples->x = rect.x;
	samples->width = rect.width;
	for (int y = rect.y; y < rect.y + rect.height; y++)
		if (!samples->known[y]) {
			samples->hashes[y] = hash_own_row(picture, rect.x, y, parts);
			samples->known[y] = true;
		}
}

/* ---- the vote ---- */

static int *find_slot(Table *table, const guint64 *hashes, guint64 hash)
{
	unsigned at = hash & (SLOTS - 1);

	while (table->rows[at] != EMPTY && table->rows[at] != TWICE &&
		hashes[table->rows[at]] != hash)
		at = (at + 1) & (SLOTS - 1);
	return &table->rows[at];
}

/* Rows that are there twice, blank ones above all, tell nothing of a distance. */
static void fill_table(Table *table, const guint64 *hashes, Rect rect)
{
	memset(table->rows, 0xff, sizeof table->rows);
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		int *slot = find_slot(table, hashes, hashes[y]);

		*slot = *slot == EMPTY ? y : TWICE;
	}
}

static int find_winner(const Table *table, int height, unsigned least)
{
	int best = 0;

	for (int dy = 1 - height; dy < height; dy++)
		if (table->votes[dy + height] > table->votes[best + height])
			best = dy;
	return table->votes[best + height] >= least ? best : 0;
}

/* hashes: of the picture's rows. False: ask for more than samples, since rows are in
 * several places by them; those that are nowhere by samples are nowhere at all. */
static bool vote(const guint64 *hashes, const guint32 *frame, gsize stride, Rect rect,
	Parts parts, int *dy)
{
	static Table table; /* of the one thread that draws */
	int step = MAX(rect.height / PROBES, 1);
	unsigned probes = (unsigned)(rect.height / step), known = 0;

	fill_table(&table, hashes, rect);
	memset(table.votes, 0, (gsize)(2 * rect.height) * sizeof *table.votes);
	for (int i = 0; i < (int)probes; i++) {
		int y = rect.y + i * step;
		const char *row = (const char *)frame + (gsize)y * stride;
		guint64 hash =
			hash_row((const guint32 *)(const void *)row + rect.x, parts);
		int from = hash == hashes[y] ? EMPTY : *find_slot(&table, hashes, hash);

		known += from != EMPTY;
		if (from >= 0)
			table.votes[y - from + rect.height]++;
	}
	*dy = find_winner(&table, rect.height, probes / 16 + 2);
	return *dy || known < probes / 8;
}

int scroll_guess(Samples *samples, const Picture *picture, const guint32 *frame,
	gsize stride, Rect rect)
{
	static guint64 hashes[PICTURE_MAX]; /* likewise */
	bool sampled = is_sampled(rect.width);
	Parts parts = parts_of(rect.width, sampled);
	int dy;

	complete(samples, picture, rect, parts);
	if (vote(samples->hashes, frame, stride, rect, parts, &dy) || !sampled)
		return dy;
	parts = parts_of(rect.width, false);
	for (int y = rect.y; y < rect.y + rect.height; y++)
		hashes[y] = hash_own_row(picture, rect.x, y, parts);
	vote(hashes, frame, stride, rect, parts, &dy);
	return dy;
}
