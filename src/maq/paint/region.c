// SPDX-License-Identifier: LGPL-2.1-or-later
/* region - rectangles, and sets of pixels made of them */
#include <maq/paint.h>

/* Keeps x + width within int for pixman, whatever a caller passes. */
static const MaqRect everything = {-(1 << 29), -(1 << 29), 1 << 30, 1 << 30};

bool maq_rect_empty(MaqRect rect)
{
	return rect.width <= 0 || rect.height <= 0;
}

static void overlap(int a, int a_size, int b, int b_size, int *start, int *size)
{
	int64_t end = MIN((int64_t)a + a_size, (int64_t)b + b_size);

	*start = MAX(a, b);
	*size = CLAMP(end - *start, 0, INT_MAX);
}

MaqRect maq_rect_intersect(MaqRect a, MaqRect b)
{
	MaqRect both;

	overlap(a.x, a.width, b.x, b.width, &both.x, &both.width);
	overlap(a.y, a.height, b.y, b.height, &both.y, &both.height);
	return both;
}

void maq_region_init(MaqRegion *region)
{
	pixman_region32_init(&region->pixels);
}

void maq_region_fini(MaqRegion *region)
{
	pixman_region32_fini(&region->pixels);
}

void maq_region_clear(MaqRegion *region)
{
	pixman_region32_clear(&region->pixels);
}

/* pixman's readers take a pointer to what they do not change */
static pixman_region32_t *readable(const MaqRegion *region)
{
	return (pixman_region32_t *)&region->pixels;
}

bool maq_region_empty(const MaqRegion *region)
{
	return !pixman_region32_not_empty(readable(region));
}

void maq_region_add(MaqRegion *region, MaqRect rect)
{
	rect = maq_rect_intersect(rect, everything);
	if (!maq_rect_empty(rect))
		pixman_region32_union_rect(&region->pixels, &region->pixels, rect.x,
			rect.y, (unsigned)rect.width, (unsigned)rect.height);
}

void maq_region_add_region(MaqRegion *region, const MaqRegion *other)
{
	pixman_region32_union(&region->pixels, &region->pixels, readable(other));
}

void maq_region_clip(MaqRegion *region, MaqRect rect)
{
	rect = maq_rect_intersect(rect, everything);
	if (maq_rect_empty(rect))
		maq_region_clear(region);
	else
		pixman_region32_intersect_rect(&region->pixels, &region->pixels, rect.x,
			rect.y, (unsigned)rect.width, (unsigned)rect.height);
}

static MaqRect from_box(const pixman_box32_t *box)
{
	return (MaqRect){box->x1, box->y1, box->x2 - box->x1, box->y2 - box->y1};
}

MaqRect maq_region_bounds(const MaqRegion *region)
{
	return from_box(pixman_region32_extents(readable(region)));
}

unsigned maq_region_rects(const MaqRegion *region, MaqRect *rects, unsigned max)
{
	int count;
	const pixman_box32_t *boxes =
		pixman_region32_rectangles(readable(region), &count);

	g_assert(max > 0);
	if ((unsigned)count > max) {
		rects[0] = maq_region_bounds(region);
		return 1;
	}
	for (int i = 0; i < count; i++)
		rects[i] = from_box(&boxes[i]);
	return (unsigned)count;
}
