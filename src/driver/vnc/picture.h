// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - the pixels that all viewers see
 *
 * Written by the component's thread, read by the viewers' threads.
 */
#ifndef VNC_PICTURE_H
#define VNC_PICTURE_H

#include <glib.h>
#include <stdbool.h>

#define PICTURE_MAX 4096 /* px, each way; every viewer keeps a copy */

typedef struct {
	int x, y, width, height;
} Rect;

typedef struct {
	GRWLock lock;
	guint32 *pixels; /* owned; XRGB8888, rows without gaps */
	int width, height;
} Picture;

void picture_init(Picture *picture, int width, int height);
void picture_fini(Picture *picture);
/* Keeps what fits, black elsewhere. */
void picture_resize(Picture *picture, int width, int height);
/* The common part of rect and 0, 0, width, height; it may be empty. */
Rect rect_clip(Rect rect, int width, int height);
/* stride: bytes, of from and to; for rows without gaps 4 * width. */
void pixels_copy(
	guint32 *to, gsize to_stride, const guint32 *from, gsize from_stride, Rect rect);

#endif
