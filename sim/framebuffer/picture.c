// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - what is on a screen, as a file or as a line of the log
 */
#include "sim.h"

#include <errno.h>
#include <png.h>
#include <string.h>

/* Three bytes a pixel, red first. */
static guint8 *rows_of(const Screen *screen, int *width, int *height)
{
	g_autofree guint32 *pixels = maq_console_picture(screen->console);

	maq_console_size(screen->console, width, height);
	gsize n = (gsize)*width * (gsize)*height;
	guint8 *rows = g_malloc(n * 3);
	for (gsize i = 0; i < n; i++) {
		rows[3 * i] = (guint8)(pixels[i] >> 16);
		rows[3 * i + 1] = (guint8)(pixels[i] >> 8);
		rows[3 * i + 2] = (guint8)pixels[i];
	}
	return rows;
}

/* Raw: the format of netpbm (P6), which needs no library to be read. */
static bool write_raw(const char *path, const guint8 *rows, int width, int height)
{
	FILE *file = fopen(path, "we");
	gsize size = (gsize)width * (gsize)height * 3;

	if (!file)
		return false;
	bool well = fprintf(file, "P6\n%d %d\n255\n", width, height) > 0 &&
		    fwrite(rows, 1, size, file) == size;
	return fclose(file) == 0 && well;
}

static bool write_png(const char *path, const guint8 *rows, int width, int height)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
		.width = (png_uint_32)width,
		.height = (png_uint_32)height,
		.format = PNG_FORMAT_RGB};

	return png_image_write_to_file(&image, path, 0, rows, 0, NULL) != 0;
}

void picture_keep(const Screen *screen, const char *name)
{
	const Sim *sim = screen->sim;
	int width, height;

	if (!sim->folder) {
		maq_log(sim->env, "Error: no picture of %s: there is no folder", name);
		return;
	}
	g_autofree char *path =
		g_strdup_printf("%s/%s.%s", sim->folder, name, sim->raw ? "ppm" : "png");
	g_autofree guint8 *rows = rows_of(screen, &width, &height);
	if (!(sim->raw ? write_raw : write_png)(path, rows, width, height))
		maq_log(sim->env, "Error: no picture: %s: %s", path, g_strerror(errno));
}

void picture_log(const Screen *screen)
{
	int width, height;
	g_autofree guint8 *rows = rows_of(screen, &width, &height);
	g_autofree char *sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, rows, (gsize)width * (gsize)height * 3);
	const char *name = maq_console_name(screen->console);

	maq_log(screen->sim->env, "%s%sframe %" G_GUINT64_FORMAT ": %d x %d, %.16s", name,
		*name ? " " : "", screen->frames, width, height, sum);
}
