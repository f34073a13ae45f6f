// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * common - what the peers' painters share: a frame 60 times a second, counted as
 * painter.c counts
 */
#ifndef BENCH_WINDOWS_COMMON_H
#define BENCH_WINDOWS_COMMON_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S  1000000000ull
#define PERIOD_NS (NS_PER_S / 60)

static inline uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

typedef struct {
	uint64_t begin, end;
	unsigned frames;
	int begun;
} Count;

static inline Count count_new(uint64_t seconds)
{
	uint64_t begin = now_ns() + NS_PER_S;

	return (Count){begin, begin + seconds * NS_PER_S, 0, 0};
}

/* 0: it is over. */
static inline int count_frame(Count *count)
{
	if (!count->begun && now_ns() >= count->begin) {
		count->begun = 1;
		count->frames = 0;
		puts("begin");
		fflush(stdout);
	}
	count->frames++;
	if (now_ns() < count->end)
		return 1;
	printf("end frames=%u\n", count->frames);
	fflush(stdout);
	return 0;
}

static inline void paint(void *pixels, int width, int height, int stride, int size)
{
	static uint32_t color;

	color = color * 1664525 + 1013904223;
	width = size && size < width ? size : width;
	height = size && size < height ? size : height;
	for (int y = 0; y < height; y++)
		memset((char *)pixels + (long)y * stride, (int)(color >> 24),
			(size_t)width * 4);
}

#endif
