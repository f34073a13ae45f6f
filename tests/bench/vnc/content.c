// SPDX-License-Identifier: GPL-2.0-or-later
#include "content.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define GLYPH_WIDTH 8
#define BACK        0x101418u
#define FRONT       0xd0d0d0u

ContentKind content_kind(const char *name)
{
	return !strcmp(name, "scroll") || !strcmp(name, "untold") ? CONTENT_SCROLL
	       : !strcmp(name, "video")                           ? CONTENT_VIDEO
								  : CONTENT_REACT;
}

static guint32 mix(guint32 value)
{
	value *= 2654435761u;
	return value ^ value >> 15;
}

void content_text(guint32 *pixels, int y, int height, unsigned frame)
{
	for (int row = y; row < y + height; row++)
		for (int x = 0; x < CONTENT_WIDTH; x++) {
			guint32 line = (guint32)(row / CONTENT_LINE) + frame;
			guint32 glyph = mix(line * 240 + (guint32)(x / GLYPH_WIDTH));
			bool blank =
				glyph % 5 == 0 || x / GLYPH_WIDTH > 60 + (int)(line % 60);
			guint32 bits =
				mix(glyph % 60 * 16 + (guint32)(row % CONTENT_LINE));
			bool set = !blank && row % CONTENT_LINE > 2 &&
				   bits >> x % GLYPH_WIDTH & 1;

			pixels[row * CONTENT_WIDTH + x] = set ? FRONT : BACK;
		}
}

void content_video(guint32 *pixels, unsigned frame)
{
	static guint32 seed = 1;

	for (guint32 y = 0; y < CONTENT_HEIGHT; y++)
		for (guint32 x = 0; x < CONTENT_WIDTH; x++) {
			seed = seed * 1664525 + 1013904223;
			guint32 noise = seed >> 30;
			guint32 red = (x + frame * 3) / 8 + noise;
			guint32 green = (y + frame * 2) / 5 + noise;

			pixels[y * CONTENT_WIDTH + x] = (red & 255) << 16 |
							(green & 255) << 8 |
							((x + y) / 12 & 255);
		}
}

static guint64 begun;

static guint64 thread_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec;
}

void content_begin(void)
{
	begun = thread_time();
}

void content_end(void)
{
	static volatile guint64 *spent;

	if (!spent)
		spent = mmap(
			NULL, sizeof *spent, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
	if (spent != MAP_FAILED)
		*spent += thread_time() - begun;
}
