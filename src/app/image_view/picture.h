// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - PNG and JPEG files as pixels
 *
 * Whatever is wrong in a file ends in an error. A file says how large its picture is
 * before anything is allocated for it.
 */
#ifndef IMAGE_VIEW_PICTURE_H
#define IMAGE_VIEW_PICTURE_H

#include <glib.h>
#include <pixman.h>

typedef struct {
	pixman_image_t *image; /* owned: a8r8g8b8, colours multiplied by alpha */
	guint32 *pixels;       /* owned: of image */
	int width, height;
} Picture;

/* max: bytes that its pixels may take. NULL and error (MAQ_ERROR). */
Picture *picture_decode(const void *bytes, gsize size, gsize max, GError **error);
void picture_free(Picture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)

#endif
