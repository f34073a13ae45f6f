// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - the pixels that all viewers see
 */
#include "picture.h"

#include <string.h>

/* Black ones, in the place of those that there were, which are the caller's. */
static void set_pixels(Picture *picture, int width, int height)
{
	picture->pixels = g_new0(guint32, (gsize)width * (gsize)height);
	picture->rows = g_new(guint32 *, (gsize)height);
	picture->width = width;
	picture->height = height;
	for (int y = 0; y < height; y++)
		picture->rows[y] = picture->pixels + (gsize)y * (gsize)width;
}

void picture_init(Picture *picture, int width, int height)
{
	g_rw_lock_init(&picture->lock);
	picture->layout_by = NOBODY;
	set_pixels(picture, width, height);
}

void picture_fini(Picture *picture)
{
	g_rw_lock_clear(&picture->lock);
	g_free(picture->pixels);
	g_free(picture->rows);
}

void picture_resize(
	Picture *picture, int width, int height, const Layout *layout, unsigned by)
{
	g_rw_lock_writer_lock(&picture->lock);
	guint32 *pixels = picture->pixels, **rows = picture->rows;
	gsize kept = (gsize)MIN(width, picture->width) * 4;
	int height_kept = MIN(height, picture->height);
	set_pixels(picture, width, height);
	for (int y = 0; y < height_kept; y++)
		memcpy(picture->pixels + (gsize)y * (gsize)width, rows[y], kept);
	picture->generation++;
	picture->layout = layout ? *layout : (Layout){0};
	picture->layout_serial++;
	picture->layout_by = by;
	g_rw_lock_writer_unlock(&picture->lock);
	g_free(pixels);
	g_free(rows);
}

void picture_set_name(Picture *picture, const char *name)
{
	const char *end;
	gsize size = strlen(name);

	g_rw_lock_writer_lock(&picture->lock);
	g_utf8_validate_len(name, MIN(size, sizeof picture->name - 1), &end);
	memcpy(picture->name, name, (gsize)(end - name));
	picture->name[end - name] = '\0';
	picture->name_serial++;
	g_rw_lock_writer_unlock(&picture->lock);
}

bool layout_fits(const Layout *layout, int width, int height)
{
	for (unsigned i = 0; i < layout->n; i++) {
		const Rect *area = &layout->screens[i].area;

		if (area->width < 1 || area->height < 1 ||
			area->x + area->width > width || area->y + area->height > height)
			return false;
		for (unsigned j = 0; j < i; j++)
			if (layout->screens[i].id == layout->screens[j].id)
				return false;
	}
	return true;
}

Rect rect_clip(Rect rect, int width, int height)
{
	int left = CLAMP(rect.x, 0, width), right = CLAMP(rect.x + rect.width, 0, width);
	int top = CLAMP(rect.y, 0, height), end = CLAMP(rect.y + rect.height, 0, height);

	return (Rect){left, top, MAX(right - left, 0), MAX(end - top, 0)};
}

Rect rect_join(Rect a, Rect b)
{
	int right = MAX(a.x + a.width, b.x + b.width);
	int end = MAX(a.y + a.height, b.y + b.height);
	int left = MIN(a.x, b.x), top = MIN(a.y, b.y);

	return (Rect){left, top, right - left, end - top};
}

bool rect_contains(Rect rect, Rect part)
{
	return part.x >= rect.x && part.y >= rect.y &&
	       part.x + part.width <= rect.x + rect.width &&
	       part.y + part.height <= rect.y + rect.height;
}

void picture_clear(Picture *picture)
{
	memset(picture->pixels, 0, (gsize)picture->width * (gsize)picture->height * 4);
}

void picture_copy(const Picture *picture, guint32 *to, Rect rect)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		memcpy(to + (gsize)y * (gsize)picture->width + rect.x,
			picture->rows[y] + rect.x, (gsize)rect.width * 4);
}

static void swap_pixels(guint32 *a, guint32 *b, int from, int to)
{
	for (int i = from; i < to; i++) {
		guint32 pixel = a[i];

		a[i] = b[i];
		b[i] = pixel;
	}
}

void picture_move_row(Picture *picture, Rect rect, int y, int from, int dx)
{
	guint32 **rows = picture->rows, *row = rows[y];
	int beside = picture->width - rect.width;

	if (dx || from < rect.y || from >= rect.y + rect.height ||
		beside > rect.width / 8) {
		memmove(row + rect.x, rows[from] + rect.x - dx, (gsize)rect.width * 4);
		return;
	}
	rows[y] = rows[from];
	rows[from] = row;
	swap_pixels(rows[y], row, 0, rect.x);
	swap_pixels(rows[y], row, rect.x + rect.width, picture->width);
}
