// SPDX-License-Identifier: GPL-2.0-or-later
#include "view.h"

#include <glib.h>

static double fitting(const View *view)
{
	double across = (double)view->width / MAX(view->picture_width, 1);
	double down = (double)view->height / MAX(view->picture_height, 1);

	return MIN(MIN(across, down), 1);
}

/* A side that has room for all of the picture has it in its middle. */
static double clamp(double place, int picture, double seen)
{
	if (seen >= picture)
		return picture / 2.0;
	return CLAMP(place, seen / 2, picture - seen / 2);
}

static void settle(View *view)
{
	if (view->fits)
		view->zoom = fitting(view);
	view->zoom = MAX(view->zoom, 0.001);
	view->x = clamp(view->x, view->picture_width, view->width / view->zoom);
	view->y = clamp(view->y, view->picture_height, view->height / view->zoom);
}

void view_set_area(View *view, int width, int height)
{
	view->width = width;
	view->height = height;
	settle(view);
}

void view_set_picture(View *view, int width, int height)
{
	view->picture_width = width;
	view->picture_height = height;
	view_fit(view);
}

void view_fit(View *view)
{
	view->fits = true;
	settle(view);
}

void view_zoom(View *view, double times, double x, double y)
{
	double least = MIN(fitting(view), 1), before = view->zoom;
	double right = x - view->width / 2.0, down = y - view->height / 2.0;

	view->zoom = CLAMP(before * times, least, VIEW_ZOOM_MAX);
	view->fits = view->zoom <= least && times < 1;
	view->x += right / before - right / view->zoom;
	view->y += down / before - down / view->zoom;
	settle(view);
}

void view_zoom_to(View *view, double zoom)
{
	view->fits = false;
	view->zoom = CLAMP(zoom, 0.001, VIEW_ZOOM_MAX);
	settle(view);
}

void view_pan(View *view, double x, double y)
{
	view->x += x / view->zoom;
	view->y += y / view->zoom;
	settle(view);
}

void view_corner(const View *view, double *x, double *y)
{
	*x = view->width / 2.0 - view->x * view->zoom;
	*y = view->height / 2.0 - view->y * view->zoom;
}
