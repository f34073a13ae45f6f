// SPDX-License-Identifier: GPL-2.0-or-later
#include "picture.h"

#include <maq/status.h>

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#define SIDE_MAX 32000 /* px; pixman computes in 16.16 */

static void complain(GError **error, const char *text)
{
	g_set_error_literal(error, MAQ_ERROR, MAQ_INVALID, text);
}

/* NULL and error: it is too large, or there is no memory. */
static Picture *picture_new(guint64 width, guint64 height, gsize max, GError **error)
{
	if (!width || !height || width > SIDE_MAX || height > SIDE_MAX ||
		width * height * 4 > max) {
		g_set_error(error, MAQ_ERROR, MAQ_OUT_OF_RAM,
			"%" G_GUINT64_FORMAT " by %" G_GUINT64_FORMAT
			" pixels: the quota does not suffice",
			width, height);
		return NULL;
	}
	Picture *picture = g_new0(Picture, 1);
	picture->width = (int)width;
	picture->height = (int)height;
	picture->pixels = g_try_malloc0(width * height * 4);
	if (!picture->pixels) {
		complain(error, "there is no memory for it");
		picture_free(picture);
		return NULL;
	}
	return picture;
}

/* ---- PNG ---- */

static guint32 multiply(guint32 argb)
{
	guint32 alpha = argb >> 24, out = alpha << 24;

	for (int shift = 0; shift < 24; shift += 8)
		out |= ((argb >> shift & 255) * alpha + 127) / 255 << shift;
	return out;
}

static Picture *decode_png(const void *bytes, gsize size, gsize max, GError **error)
{
	png_image png = {.version = PNG_IMAGE_VERSION};

	if (!png_image_begin_read_from_memory(&png, bytes, size)) {
		complain(error, png.message);
		return NULL;
	}
	Picture *picture = picture_new(png.width, png.height, max, error);
	png.format = G_BYTE_ORDER == G_LITTLE_ENDIAN ? PNG_FORMAT_BGRA : PNG_FORMAT_ARGB;
	if (picture && !png_image_finish_read(&png, NULL, picture->pixels, 0, NULL)) {
		complain(error, png.message);
		g_clear_pointer(&picture, picture_free);
	}
	png_image_free(&png);
	gsize count = picture ? (gsize)picture->width * (gsize)picture->height : 0;
	for (gsize i = 0; i < count; i++)
		if (picture->pixels[i] >> 24 != 255)
			picture->pixels[i] = multiply(picture->pixels[i]);
	return picture;
}

/* ---- JPEG ---- */

typedef struct {
	struct jpeg_error_mgr manager; /* first, as libjpeg casts it */
	jmp_buf out;
	char message[JMSG_LENGTH_MAX];
} Trouble;

static void on_error(j_common_ptr jpeg)
{
	Trouble *trouble = (Trouble *)jpeg->err;

	jpeg->err->format_message(jpeg, trouble->message);
	longjmp(trouble->out, 1);
}

static void on_message(j_common_ptr jpeg)
{
	(void)jpeg; /* a file that is a little broken is shown as far as it goes */
}

static void read_rows(struct jpeg_decompress_struct *jpeg, Picture *picture)
{
	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row =
			(JSAMPROW)(picture->pixels +
				   (gsize)jpeg->output_scanline * (gsize)picture->width);

		jpeg_read_scanlines(jpeg, &row, 1);
	}
}

/* What longjmp() may leave behind is the caller's: picture and jpeg. */
static bool decompress(struct jpeg_decompress_struct *jpeg, Trouble *trouble,
	const void *bytes, gsize size, gsize max, Picture **picture, GError **error)
{
	if (setjmp(trouble->out)) {
		complain(error, trouble->message);
		return false;
	}
	jpeg_create_decompress(jpeg);
	jpeg_mem_src(jpeg, bytes, (unsigned long)size);
	jpeg_read_header(jpeg, TRUE);
	jpeg->out_color_space =
		G_BYTE_ORDER == G_LITTLE_ENDIAN ? JCS_EXT_BGRA : JCS_EXT_ARGB;
	jpeg->mem->max_memory_to_use = (long)max;
	*picture = picture_new(jpeg->image_width, jpeg->image_height, max, error);
	if (!*picture)
		return false;
	jpeg_start_decompress(jpeg);
	read_rows(jpeg, *picture);
	jpeg_finish_decompress(jpeg);
	return true;
}

static Picture *decode_jpeg(const void *bytes, gsize size, gsize max, GError **error)
{
	struct jpeg_decompress_struct jpeg = {0};
	Trouble trouble;
	Picture *picture = NULL;

	jpeg.err = jpeg_std_error(&trouble.manager);
	trouble.manager.error_exit = on_error;
	trouble.manager.output_message = on_message;
	if (!decompress(&jpeg, &trouble, bytes, size, max, &picture, error))
		g_clear_pointer(&picture, picture_free);
	jpeg_destroy_decompress(&jpeg);
	return picture;
}

/* ---- */

Picture *picture_decode(const void *bytes, gsize size, gsize max, GError **error)
{
	static const guint8 png[] = {0x89, 'P', 'N', 'G'}, jpeg[] = {0xff, 0xd8, 0xff};
	Picture *picture = NULL;

	if (size > sizeof png && !memcmp(bytes, png, sizeof png))
		picture = decode_png(bytes, size, max, error);
	else if (size > sizeof jpeg && !memcmp(bytes, jpeg, sizeof jpeg))
		picture = decode_jpeg(bytes, size, max, error);
	else
		complain(error, "neither PNG nor JPEG");
	if (picture)
		picture->image = pixman_image_create_bits(PIXMAN_a8r8g8b8, picture->width,
			picture->height, picture->pixels, picture->width * 4);
	return picture;
}

void picture_free(Picture *picture)
{
	if (!picture)
		return;
	if (picture->image)
		pixman_image_unref(picture->image);
	g_free(picture->pixels);
	g_free(picture);
}
