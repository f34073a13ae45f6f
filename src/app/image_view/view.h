// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view - which part of a picture is seen, and how large
 */
#ifndef IMAGE_VIEW_VIEW_H
#define IMAGE_VIEW_VIEW_H

#include <stdbool.h>

#define VIEW_ZOOM_MAX 32.0

typedef struct {
	int width, height;                 /* of the area, px */
	int picture_width, picture_height; /* px */
	bool fits;   /* as large as the area allows, but not larger than it is */
	double zoom; /* pixels of the area to one of the picture */
	double x, y; /* place in the picture that is seen at the area's centre */
} View;

/* Another area or picture. A picture is seen whole first. */
void view_set_area(View *view, int width, int height);
void view_set_picture(View *view, int width, int height);
void view_fit(View *view);
/* So many times larger; the place at (x, y) of the area stays there. */
void view_zoom(View *view, double times, double x, double y);
void view_zoom_to(View *view, double zoom);
/* Moves what is seen by pixels of the area, as far as there is something to see. */
void view_pan(View *view, double x, double y);
/* Where the picture's left upper corner is in the area. */
void view_corner(const View *view, double *x, double *y);

#endif
