// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * paint - drawing with the CPU into pixels that the caller owns
 *
 * Pixels are XRGB8888 in host byte order, 0x00rrggbb; on a canvas with alpha ARGB8888,
 * colours multiplied by it. Coordinates are pixels from
 * the upper left corner; whatever lies outside the canvas or its clip is dropped.
 * Every drawing call adds what it touched to the canvas' damage.
 *
 * No part of this library locks: a canvas or font belongs to one thread at a time,
 * and all fonts of a process to the same thread.
 */
#ifndef MAQ_PAINT_H
#define MAQ_PAINT_H

#include <glib.h>
#include <pixman.h>
#include <stdbool.h>
#include <stdint.h>

#define MAQ_CANVAS_MAX 16384 /* pixels a side; pixman computes in 16.16 */

typedef struct {
	int x, y;
	int width, height; /* nothing if either is not positive */
} MaqRect;

bool maq_rect_empty(MaqRect rect);
MaqRect maq_rect_intersect(MaqRect a, MaqRect b);

/* A set of pixels, kept as rectangles that do not overlap. */
typedef struct {
	pixman_region32_t pixels;
} MaqRegion;

void maq_region_init(MaqRegion *region);
void maq_region_fini(MaqRegion *region);
void maq_region_clear(MaqRegion *region);
bool maq_region_empty(const MaqRegion *region);
void maq_region_add(MaqRegion *region, MaqRect rect);
void maq_region_add_region(MaqRegion *region, const MaqRegion *other);
void maq_region_clip(MaqRegion *region, MaqRect rect);
/* The rectangle around all of it. */
MaqRect maq_region_bounds(const MaqRegion *region);
/*
 * Stores at most max rectangles that cover the region, and returns their number. If
 * there are more, rects[0] is set to the bounds, and the answer is 1.
 */
unsigned maq_region_rects(const MaqRegion *region, MaqRect *rects, unsigned max);

typedef struct MaqCanvas MaqCanvas;

/*
 * A canvas over pixels, borrowed until maq_canvas_free. The stride is in bytes, a
 * multiple of 4. NULL if a side is not in 1..MAQ_CANVAS_MAX or the stride too small.
 */
MaqCanvas *maq_canvas_new(uint32_t *pixels, int width, int height, int stride);
void maq_canvas_free(MaqCanvas *canvas);
MaqRect maq_canvas_bounds(const MaqCanvas *canvas);
/* The upper left pixel is (x, y), not (0, 0), from now on: a part of something larger.
 * Before anything is drawn or clipped. */
void maq_canvas_move(MaqCanvas *canvas, int x, int y);
/* Restricts what follows to the rectangle; NULL lifts it. */
void maq_canvas_clip(MaqCanvas *canvas, const MaqRect *clip);
void maq_canvas_fill(MaqCanvas *canvas, MaqRect rect, uint32_t colour);
/* Gives the canvas alpha, from now on: what is drawn is opaque, but for a fill with less.
 * Before anything is drawn or clipped. */
void maq_canvas_set_alpha(MaqCanvas *canvas);
/* As maq_canvas_fill, with that alpha (of 255) if the canvas has any: it replaces what is
 * there, and is not blended with it. */
void maq_canvas_fill_alpha(
	MaqCanvas *canvas, MaqRect rect, uint32_t colour, unsigned alpha);
/* The border of the rectangle, drawn inwards. */
void maq_canvas_outline(MaqCanvas *canvas, MaqRect rect, int thickness, uint32_t colour);
/*
 * Copies the source's rectangle `from` to (x, y). Both may be the same canvas, and
 * overlap, which is how text scrolls.
 */
void maq_canvas_copy(
	MaqCanvas *canvas, int x, int y, const MaqCanvas *source, MaqRect from);
/* Blends a colour over the rectangle; alpha: of 255. */
void maq_canvas_tint(MaqCanvas *canvas, MaqRect rect, uint32_t colour, unsigned alpha);
/* As maq_canvas_copy, blended: the source's pixels are ARGB, colours multiplied by
 * alpha. */
void maq_canvas_blend(
	MaqCanvas *canvas, int x, int y, const MaqCanvas *source, MaqRect from);
/* What changed since it was cleared; the canvas owns it, the caller may clear it. */
MaqRegion *maq_canvas_damage(MaqCanvas *canvas);

typedef struct MaqFont MaqFont;

/*
 * The font that fontconfig finds for a name such as "monospace" or "DejaVu Sans:bold",
 * with its fallbacks for what it lacks, at that many pixels (4 to 256). G_FILE_ERROR if
 * there is none.
 */
MaqFont *maq_font_new(const char *name, int pixels, GError **error);
void maq_font_free(MaqFont *font);
int maq_font_height(const MaqFont *font);
/* Width of the cell if the font is used in a grid. */
int maq_font_cell_width(const MaqFont *font);
/* Width of the text in pixels; malformed UTF-8 counts as U+FFFD, a byte each. */
int maq_font_measure(MaqFont *font, const char *utf8);
/* Draws text with its line's upper left corner at (x, y), and returns the end's x. */
int maq_font_draw(MaqFont *font, MaqCanvas *canvas, int x, int y, uint32_t colour,
	const char *utf8);
/*
 * Draws one cell's characters, the first the base, the others combining with it. What
 * would be wider or higher than the cell is made smaller.
 */
void maq_font_draw_cell(MaqFont *font, MaqCanvas *canvas, MaqRect cell, uint32_t colour,
	const uint32_t *codepoints, unsigned count);
/* Whether there is one picture for all of them, as for flags and joined emoji. */
bool maq_font_joins(MaqFont *font, const uint32_t *codepoints, unsigned count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqCanvas, maq_canvas_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqFont, maq_font_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MaqRegion, maq_region_fini)

#endif
