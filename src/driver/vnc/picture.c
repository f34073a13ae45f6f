// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - the pixels that all viewers see
 */
#include "picture.h"

#include <string.h>

void picture_init(Picture *picture, int width, int height)
{
	g_rw_lock_init(&picture->lock);
	picture->pixels = g_new0(guint32, (gsize)width * (gsize)height);
	picture->width = width;
	picture->height = height;
	picture->layout_by = NOBODY;
}

void picture_fini(Picture *picture)
{
	g_rw_lock_clear(&picture->lock);
	g_free(picture->pixels);
}

void picture_resize(
	Picture *picture, int width, int height, const Layout *layout, unsigned by)
{
	Rect all = {0, 0, picture->width, picture->height};
	guint32 *pixels = g_new0(guint32, (gsize)width * (gsize)height);

	pixels_copy(pixels, (gsize)width * 4, picture->pixels, (gsize)picture->width * 4,
		rect_clip(all, width, height));
	g_rw_lock_writer_lock(&picture->lock);
	g_free(picture->pixels);
	picture->pixels = pixels;
	picture->width = width;
	picture->height = height;
	picture->generation++;
	picture->layout = layout ? *layout : (Layout){0};
	picture->layout_serial++;
	picture->layout_by = by;
	g_rw_lock_writer_unlock(&picture->lock);
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

void pixels_copy(
	guint32 *to, gsize to_stride, const guint32 *from, gsize from_stride, Rect rect)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		memcpy((char *)to + (gsize)y * to_stride + (gsize)rect.x * 4,
			(const char *)from + (gsize)y * from_stride + (gsize)rect.x * 4,
			(gsize)rect.width * 4);
}
