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
}

void picture_fini(Picture *picture)
{
	g_rw_lock_clear(&picture->lock);
	g_free(picture->pixels);
}

void picture_resize(Picture *picture, int width, int height)
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
	g_rw_lock_writer_unlock(&picture->lock);
}

Rect rect_clip(Rect rect, int width, int height)
{
	int left = CLAMP(rect.x, 0, width), right = CLAMP(rect.x + rect.width, 0, width);
	int top = CLAMP(rect.y, 0, height), end = CLAMP(rect.y + rect.height, 0, height);

	return (Rect){left, top, MAX(right - left, 0), MAX(end - top, 0)};
}

void pixels_copy(
	guint32 *to, gsize to_stride, const guint32 *from, gsize from_stride, Rect rect)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		memcpy((char *)to + (gsize)y * to_stride + (gsize)rect.x * 4,
			(const char *)from + (gsize)y * from_stride + (gsize)rect.x * 4,
			(gsize)rect.width * 4);
}
