// SPDX-License-Identifier: GPL-2.0-or-later
#include "take.h"

#include <string.h>

#define LEAST_MOVED 24 /* rows: fewer are as cheap as pixels */
#define LEAST_GAP   8  /* rows: fewer between changes are a change, too */

/* What is looked at. */
typedef struct {
	Picture *picture;
	Samples *samples;
	const guint32 *frame;
	gsize stride; /* bytes, of the frame */
	Rect rect;
} Look;

static guint32 *own_row(const Look *look, int y)
{
	return look->picture->rows[y] + look->rect.x;
}

static const guint32 *frame_row(const Look *look, int y)
{
	const char *row = (const char *)look->frame + (gsize)y * look->stride;

	return (const guint32 *)(const void *)row + look->rect.x;
}

static bool is_same(const Look *look, int y, int from)
{
	return from >= 0 && from < look->picture->height &&
	       memcmp(frame_row(look, y), own_row(look, from),
		       (gsize)look->rect.width * 4) == 0;
}

/* Without the rows above and below that are as they were. */
static Rect trim(const Look *look)
{
	Rect rect = look->rect;

	while (rect.height && is_same(look, rect.y, rect.y)) {
		rect.y++;
		rect.height--;
	}
	while (rect.height &&
		is_same(look, rect.y + rect.height - 1, rect.y + rect.height - 1))
		rect.height--;
	return rect;
}

/* Whether the row was there, dy above. */
static bool take_row(const Look *look, int y, int dy, bool fits)
{
	gsize size = (gsize)look->rect.width * 4;

	if (!is_same(look, y, y - dy)) {
		memcpy(own_row(look, y), frame_row(look, y), size);
		scroll_wrote(look->samples, look->picture, look->rect, y, fits);
		return false;
	}
	if (dy) {
		picture_move_row(look->picture, look->rect, y, y - dy, 0);
		scroll_moved(look->samples, y, y - dy);
	}
	return true;
}

/* In the order in which no row is overwritten before it has moved; returns how many rows
 * have been kept. */
static unsigned take_rows(const Look *look, int dy, bool fits, bool *kept)
{
	unsigned n = 0;

	for (int i = 0; i < look->rect.height; i++) {
		int at = dy > 0 ? look->rect.height - 1 - i : i;

		kept[at] = take_row(look, look->rect.y + at, dy, fits);
		n += kept[at];
	}
	return n;
}

/* All rows from the first to the last one that has moved; those between that have not
 * are drawn afterwards. */
static Rect moved(const bool *kept, Rect rect)
{
	int first = 0, last = rect.height - 1;

	while (!kept[first])
		first++;
	while (!kept[last])
		last--;
	return (Rect){rect.x, rect.y + first, rect.width, last - first + 1};
}

static unsigned add_drawn(
	const bool *kept, Rect rect, Change changes[TAKE_CHANGES], unsigned n)
{
	Rect *last = NULL;

	for (int i = 0; i < rect.height; i++) {
		int y = rect.y + i;

		if (kept[i])
			continue;
		if (last &&
			(y - last->y - last->height < LEAST_GAP || n == TAKE_CHANGES)) {
			last->height = y - last->y + 1;
			continue;
		}
		changes[n] = (Change){.rect = {rect.x, y, rect.width, 1}};
		last = &changes[n++].rect;
	}
	return n;
}

void take_moved(Picture *picture, Samples *samples, Change move)
{
	Rect rect = move.rect;
	bool down = move.dy > 0;
	/* samples are of all that has moved, and of nothing else */
	bool along = !move.dx && samples->x == rect.x && samples->width == rect.width;

	for (int i = 0; i < rect.height; i++) {
		int y = rect.y + (down ? rect.height - 1 - i : i), from = y - move.dy;

		picture_move_row(picture, rect, y, from, move.dx);
		if (along)
			scroll_moved(samples, y, from);
		else
			scroll_wrote(samples, picture, rect, y, false);
	}
}

unsigned take(Picture *picture, Samples *samples, const guint32 *frame, gsize stride,
	Rect rect, Change changes[TAKE_CHANGES])
{
	static bool kept[PICTURE_MAX]; /* of the one thread that draws */
	Look look = {picture, samples, frame, stride, rect};

	rect = look.rect = trim(&look);
	if (rect.height == 0 || rect.width == 0)
		return 0;
	bool fits = scroll_fits(rect);
	int dy = fits ? scroll_guess(samples, picture, frame, stride, rect) : 0;
	unsigned n = take_rows(&look, dy, fits, kept);
	if (!dy)
		return add_drawn(kept, rect, changes, 0);
	if (n < (unsigned)MAX(LEAST_MOVED, rect.height / 8)) {
		changes[0] = (Change){.rect = rect};
		return 1;
	}
	changes[0] = (Change){.rect = moved(kept, rect), .dy = dy};
	return add_drawn(kept, rect, changes, 1);
}
