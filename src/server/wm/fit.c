// SPDX-License-Identifier: GPL-2.0-or-later
#include "fit.h"

#define SIDE_MAX 16383

static int scaled(int length, int to, int from)
{
	return (int)MIN((gint64)length * to / from, SIDE_MAX);
}

static int scaled_up(int length, int to, int from)
{
	return (int)MIN(((gint64)length * to + from - 1) / from, SIDE_MAX);
}

/* The largest of that ratio within it. */
static void keep_ratio(const Limits *limits, int *width, int *height)
{
	int wide = limits->aspect_width, high = limits->aspect_height;

	if ((gint64)*width * high > (gint64)*height * wide)
		*width = scaled(*height, wide, high);
	else
		*height = scaled(*width, high, wide);
}

static void raise_to_least(const Limits *limits, bool ratio, int *width, int *height)
{
	int wide = limits->aspect_width, high = limits->aspect_height;

	if (*width < limits->min_width) {
		*width = limits->min_width;
		if (ratio)
			*height = scaled_up(*width, high, wide);
	}
	if (*height < limits->min_height) {
		*height = limits->min_height;
		if (ratio)
			*width = MAX(*width, scaled_up(*height, wide, high));
	}
}

void fit_size(const Limits *limits, int *width, int *height)
{
	bool ratio = limits->aspect_width > 0 && limits->aspect_height > 0;

	if (limits->max_width > 0)
		*width = MIN(*width, limits->max_width);
	if (limits->max_height > 0)
		*height = MIN(*height, limits->max_height);
	if (ratio)
		keep_ratio(limits, width, height);
	raise_to_least(limits, ratio, width, height);
	*width = CLAMP(*width, 1, SIDE_MAX);
	*height = CLAMP(*height, 1, SIDE_MAX);
}

static int put(int start, int room, int length, int *pan)
{
	*pan = CLAMP(*pan, 0, MAX(length - room, 0));
	return length > room ? start - *pan : start + (room - length) / 2;
}

Area fit_picture(Area room, int width, int height, int *pan_x, int *pan_y)
{
	return (Area){put(room.x, room.width, width, pan_x),
		put(room.y, room.height, height, pan_y), width, height};
}
