// SPDX-License-Identifier: LGPL-2.1-or-later
/* damage - what has changed, and what of that has only moved */
#include <maq/paint.h>

static const MaqRect none;

void maq_damage_init(MaqDamage *damage)
{
	*damage = (MaqDamage){.moved = none};
	maq_region_init(&damage->drawn);
}

void maq_damage_fini(MaqDamage *damage)
{
	maq_region_fini(&damage->drawn);
}

void maq_damage_clear(MaqDamage *damage)
{
	maq_region_clear(&damage->drawn);
	damage->moved = none;
}

bool maq_damage_empty(const MaqDamage *damage)
{
	return maq_rect_empty(damage->moved) && maq_region_empty(&damage->drawn);
}

static bool contains(MaqRect rect, MaqRect part)
{
	MaqRect both = maq_rect_intersect(rect, part);

	return both.width == part.width && both.height == part.height;
}

void maq_damage_add(MaqDamage *damage, MaqRect rect)
{
	maq_region_add(&damage->drawn, rect);
	if (contains(rect, damage->moved))
		damage->moved = none;
}

static bool touches(const MaqRegion *region, MaqRect rect)
{
	pixman_box32_t box = {rect.x, rect.y, rect.x + rect.width, rect.y + rect.height};

	return pixman_region32_contains_rectangle(
		       (pixman_region32_t *)&region->pixels, &box) != PIXMAN_REGION_OUT;
}

static MaqRect shifted(MaqRect rect, int dx, int dy)
{
	return (MaqRect){rect.x + dx, rect.y + dy, rect.width, rect.height};
}

void maq_damage_move(MaqDamage *damage, MaqRect rect, int dx, int dy)
{
	if (maq_rect_empty(rect))
		return;
	if (!maq_rect_empty(damage->moved) ||
		touches(&damage->drawn, shifted(rect, -dx, -dy))) {
		maq_damage_add(damage, rect);
		return;
	}
	damage->moved = rect;
	damage->dx = dx;
	damage->dy = dy;
}

/* All of the rectangle but the part of it. */
static void add_around(MaqDamage *damage, MaqRect rect, MaqRect part)
{
	MaqRegion around;
	pixman_region32_t inside;

	maq_region_init(&around);
	maq_region_add(&around, rect);
	pixman_region32_init_rect(
		&inside, part.x, part.y, (unsigned)part.width, (unsigned)part.height);
	pixman_region32_subtract(&around.pixels, &around.pixels, &inside);
	maq_region_add_region(&damage->drawn, &around);
	pixman_region32_fini(&inside);
	maq_region_fini(&around);
}

void maq_damage_clip(MaqDamage *damage, MaqRect rect)
{
	MaqRect moved = damage->moved;

	if (!maq_rect_empty(moved)) {
		damage->moved = maq_rect_intersect(maq_rect_intersect(moved, rect),
			shifted(rect, damage->dx, damage->dy));
		add_around(damage, moved, damage->moved);
	}
	maq_region_clip(&damage->drawn, rect);
}

unsigned maq_damage_all(const MaqDamage *damage, MaqRect *rects, unsigned max)
{
	MaqRegion all;
	unsigned n = 0;

	maq_region_init(&all);
	maq_region_add_region(&all, &damage->drawn);
	maq_region_add(&all, damage->moved);
	if (!maq_region_empty(&all))
		n = maq_region_rects(&all, rects, max);
	maq_region_fini(&all);
	return n;
}

unsigned maq_damage_rects(
	const MaqDamage *damage, MaqRect *rects, unsigned max, int *dx, int *dy)
{
	*dx = *dy = 0;
	if (maq_rect_empty(damage->moved) || max < 2)
		return maq_damage_all(damage, rects, max);
	*dx = damage->dx;
	*dy = damage->dy;
	rects[0] = damage->moved;
	if (maq_region_empty(&damage->drawn))
		return 1;
	return maq_region_rects(&damage->drawn, rects + 1, max - 1) + 1;
}
