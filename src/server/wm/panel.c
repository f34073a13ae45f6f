// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * panel - what lies above tiles: round corners, a shadow
 */
#include "wm.h"

#include <math.h>

#define SHADOW       18 /* px that it reaches out */
#define SHADOW_ALPHA 22 /* of each of its rings at the panel, of 255 */
#define RADIUS_MAX   24

static guint32 premultiplied(guint32 color, double alpha)
{
	guint32 out = (guint32)(alpha * 255) << 24;

	for (int shift = 0; shift <= 16; shift += 8)
		out |= (guint32)((color >> shift & 255) * alpha) << shift;
	return out;
}

/* One corner: beyond the circle is what lies below. */
static void draw_corner(
	MaqCanvas *canvas, MaqRect rect, const Look *look, int right, int below)
{
	guint32 pixels[RADIUS_MAX * RADIUS_MAX];
	int radius = look->radius;

	for (int y = 0; y < radius; y++) {
		for (int x = 0; x < radius; x++) {
			int dx = right ? x : radius - 1 - x;
			int dy = below ? y : radius - 1 - y;
			double far = hypot(dx + 0.5, dy + 0.5);
			double inside = CLAMP(radius - far + 0.5, 0, 1);
			double filled = CLAMP(radius - look->border - far + 0.5, 0, 1);

			pixels[y * radius + x] = premultiplied(
				theme_mix(look->line, look->fill, (guint)(filled * 256)),
				inside);
		}
	}
	g_autoptr(MaqCanvas) corner =
		maq_canvas_new(pixels, radius, radius, radius * (int)sizeof *pixels);
	maq_canvas_blend(canvas, right ? rect.x + rect.width - radius : rect.x,
		below ? rect.y + rect.height - radius : rect.y, corner,
		(MaqRect){0, 0, radius, radius});
}

/* The rectangle without its corners, in three parts. */
static void fill_cross(
	MaqCanvas *canvas, MaqRect rect, int radius, int inset, guint32 color)
{
	MaqRect parts[] = {
		{rect.x + radius, rect.y + inset, rect.width - 2 * radius,
			radius - inset},
		{rect.x + inset, rect.y + radius, rect.width - 2 * inset,
			rect.height - 2 * radius},
		{rect.x + radius, rect.y + rect.height - radius, rect.width - 2 * radius,
			radius - inset},
	};

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		maq_canvas_fill(canvas, parts[i], color);
}

void panel_draw(MaqCanvas *canvas, MaqRect rect, const Look *wanted)
{
	Look look = *wanted;

	look.radius = MIN(MIN(look.radius, RADIUS_MAX), MIN(rect.width, rect.height) / 2);
	if (look.radius < 1) {
		maq_canvas_fill(canvas, rect, look.line);
		return;
	}
	if (look.border)
		fill_cross(canvas, rect, look.radius, 0, look.line);
	fill_cross(canvas, rect, look.radius, look.border, look.fill);
	for (int corner = 0; corner < 4; corner++)
		draw_corner(canvas, rect, &look, corner & 1, corner >> 1);
}

/* Rings, each fainter than the one within, and all a little lower than the panel. */
void panel_shadow(MaqCanvas *canvas, MaqRect rect)
{
	for (int i = SHADOW; i > 0; i -= 2) {
		MaqRect ring = {rect.x - i, rect.y - i + SHADOW / 3, rect.width + 2 * i,
			rect.height + 2 * i};
		double near = 1 - (double)i / (SHADOW + 2);

		maq_canvas_tint(canvas, ring, 0, (unsigned)(SHADOW_ALPHA * near));
	}
}
