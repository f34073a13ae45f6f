// SPDX-License-Identifier: GPL-2.0-or-later
#include "picture.h"

#include <errno.h>
#include <png.h>
#include <string.h>

#define PIXELS_MAX (1u << 28) /* no picture of a display is larger */

bool picture_write(const Shot *shot, const char *path, GError **error)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
		.width = shot->width,
		.height = shot->height,
		.format = PNG_FORMAT_BGR};
	gsize n = (gsize)shot->width * shot->height;
	g_autofree guint8 *rows = g_malloc(n * 3);

	for (gsize i = 0; i < n; i++) {
		rows[3 * i] = (guint8)shot->pixels[i];
		rows[3 * i + 1] = (guint8)(shot->pixels[i] >> 8);
		rows[3 * i + 2] = (guint8)(shot->pixels[i] >> 16);
	}
	int well = strcmp(path, "-")
			   ? png_image_write_to_file(&image, path, 0, rows, 0, NULL)
			   : png_image_write_to_stdio(&image, stdout, 0, rows, 0, NULL);
	if (!well)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "%s: %s", path,
			errno ? g_strerror(errno) : image.message);
	return well;
}

bool picture_read(const char *path, Shot *shot, GError **error)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	g_autofree guint8 *rows = NULL;
	bool well = png_image_begin_read_from_file(&image, path);

	image.format = PNG_FORMAT_RGB;
	gsize n = (gsize)image.width * image.height;
	if (well && n <= PIXELS_MAX) {
		rows = g_malloc(n * 3);
		well = png_image_finish_read(&image, NULL, rows, 0, NULL);
	}
	if (!well || !rows) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID, "%s: %s", path,
			well ? "too large" : image.message);
		png_image_free(&image);
		return false;
	}
	*shot = (Shot){image.width, image.height, g_new(guint32, n)};
	for (gsize i = 0; i < n; i++)
		shot->pixels[i] = (guint32)rows[3 * i] << 16 |
				  (guint32)rows[3 * i + 1] << 8 | rows[3 * i + 2];
	return true;
}

Shot picture_crop(const Shot *shot, guint32 x, guint32 y, guint32 width, guint32 height)
{
	x = MIN(x, shot->width);
	y = MIN(y, shot->height);
	width = MIN(width, shot->width - x);
	height = MIN(height, shot->height - y);
	Shot part = {width, height, g_new0(guint32, (gsize)width * height + 1)};
	for (guint32 row = 0; row < height; row++)
		memcpy(part.pixels + (gsize)row * width,
			shot->pixels + (gsize)(y + row) * shot->width + x, width * 4ul);
	return part;
}

static bool is_masked(const Mask *masks, guint n_masks, guint32 x, guint32 y)
{
	for (guint i = 0; i < n_masks; i++)
		if (x >= masks[i].x && x - masks[i].x < masks[i].width &&
			y >= masks[i].y && y - masks[i].y < masks[i].height)
			return true;
	return false;
}

static bool is_alike(guint32 one, guint32 other, guint tolerance)
{
	for (int shift = 0; shift < 24; shift += 8)
		if (ABS((int)(one >> shift & 0xff) - (int)(other >> shift & 0xff)) >
			(int)tolerance)
			return false;
	return true;
}

guint64 picture_compare(const Shot *needle, const Shot *got, guint tolerance,
	const Mask *masks, guint n_masks, Shot *difference)
{
	guint64 different = 0;
	gsize n = (gsize)needle->width * needle->height;

	if (difference)
		*difference = (Shot){needle->width, needle->height, g_new(guint32, n)};
	for (gsize i = 0; i < n; i++) {
		guint32 x = (guint32)(i % needle->width),
			y = (guint32)(i / needle->width);
		bool masked = is_masked(masks, n_masks, x, y);
		bool inside = x < got->width && y < got->height;
		bool alike = masked ||
			     (inside && is_alike(needle->pixels[i],
						got->pixels[(gsize)y * got->width + x],
						tolerance));

		different += !alike;
		if (difference)
			difference->pixels[i] =
				masked  ? 0x000060
				: alike ? needle->pixels[i] >> 2 & 0x3f3f3f
					: 0xff0000;
	}
	return different;
}
