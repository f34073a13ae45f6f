// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * content - what servers of the comparison show: the same for each of them
 */
#ifndef BENCH_CONTENT_H
#define BENCH_CONTENT_H

#include <glib.h>
#include <stdbool.h>

#define CONTENT_WIDTH  1920
#define CONTENT_HEIGHT 1080
#define CONTENT_LINE   16 /* px that a scroll moves */
#define CONTENT_BOX    64 /* px, each way: what answers a key */

typedef enum { CONTENT_REACT, CONTENT_SCROLL, CONTENT_VIDEO } ContentKind;

ContentKind content_kind(const char *name);
/* Lines of pixels that look like text, from y on, of the frame. */
void content_text(guint32 *pixels, int y, int height, unsigned frame);
/* Smooth colours that move, with a little noise. */
void content_video(guint32 *pixels, unsigned frame);

/* For who draws in the server's own process: between the two the thread's time is no
 * server's; descriptor 3 has a page that tells it (ns). */
void content_begin(void);
void content_end(void);

#endif
