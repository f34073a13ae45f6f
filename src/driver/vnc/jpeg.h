// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * jpeg - what one viewer's thread has compressed, other viewers are sent as well
 *
 * Of Tight's parts those in JPEG belong to no stream: they are the same for all viewers
 * who want the same quality. libvncserver 0.9.14 compresses by its own tjCompress(),
 * which any program may put itself in the place of, as it may of malloc(): ours asks here
 * first. Where a distribution links the library so that it does not, viewers share
 * nothing, and nothing else is different.
 */
#ifndef VNC_JPEG_H
#define VNC_JPEG_H

#include <glib.h>
#include <stdbool.h>

typedef struct Jpeg Jpeg;

/* What is compressed: pixels of a picture, that never were others there at that
 * generation. */
typedef struct {
	guint64 generation;
	gsize offset; /* bytes, of the first pixel */
	int width, height, subsampling, quality, flags;
} JpegKey;

Jpeg *jpeg_new(void);
void jpeg_free(Jpeg *jpeg);
/* What has been compressed already, or is at this moment: a reference of the caller's.
 * NULL: he compresses it; and if it is his, all others wait for jpeg_put(). */
GBytes *jpeg_find(Jpeg *jpeg, const JpegKey *key, bool *his);
/* data: owned; NULL: it failed. */
void jpeg_put(Jpeg *jpeg, const JpegKey *key, GBytes *data);

/* In the threads of viewers: what is encoded from now on are pixels from there on, of
 * that generation. */
void jpeg_begin(Jpeg *jpeg, const void *pixels, guint64 generation);
void jpeg_end(void);
/* A viewer that may share has come (1) or gone (-1): for one alone nothing is kept. */
void jpeg_count(Jpeg *jpeg, int viewers);
/* How often something was found. */
guint jpeg_shared(const Jpeg *jpeg);

#endif
