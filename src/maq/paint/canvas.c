// SPDX-License-Identifier: LGPL-2.1-or-later
/* canvas - fill, outline and copy rectangles of pixels */
#include "canvas.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* From here on what is copied would push everything else out of the processor's caches,
 * and itself before anybody reads it. */
#define LARGE_BYTES (1u << 20)

MaqCanvas *maq_canvas_new(uint32_t *pixels, int width, int height, int stride)
{
	MaqCanvas *canvas;

	if (!pixels || width < 1 || width > MAQ_CANVAS_MAX || height < 1 ||
		height > MAQ_CANVAS_MAX || stride % 4 || stride / 4 < width)
		return NULL;
	canvas = g_new0(MaqCanvas, 1);
	canvas->pixels = pixels;
	canvas->stride = stride / 4;
	canvas->bounds = canvas->clip = (MaqRect){0, 0, width, height};
	canvas->image =
		pixman_image_create_bits(PIXMAN_x8r8g8b8, width, height, pixels, stride);
	g_assert(canvas->image);
	maq_region_init(&canvas->damage);
	return canvas;
}

void maq_canvas_free(MaqCanvas *canvas)
{
	if (!canvas)
		return;
	pixman_image_unref(canvas->image);
	maq_region_fini(&canvas->damage);
	g_free(canvas);
}

MaqRect maq_canvas_bounds(const MaqCanvas *canvas)
{
	return canvas->bounds;
}

void maq_canvas_move(MaqCanvas *canvas, int x, int y)
{
	canvas->bounds.x = canvas->clip.x = x;
	canvas->bounds.y = canvas->clip.y = y;
}

MaqRegion *maq_canvas_damage(MaqCanvas *canvas)
{
	return &canvas->damage;
}

void maq_canvas_clip(MaqCanvas *canvas, const MaqRect *clip)
{
	pixman_region32_t region;

	canvas->clip = canvas->bounds;
	if (!clip) {
		pixman_image_set_clip_region32(canvas->image, NULL);
		return;
	}
	canvas->clip = maq_rect_intersect(canvas->bounds, *clip);
	pixman_region32_init_rect(&region, canvas->clip.x - canvas->bounds.x,
		canvas->clip.y - canvas->bounds.y, (unsigned)canvas->clip.width,
		(unsigned)canvas->clip.height);
	pixman_image_set_clip_region32(canvas->image, &region);
	pixman_region32_fini(&region);
}

void canvas_touch(MaqCanvas *canvas, MaqRect rect)
{
	maq_region_add(&canvas->damage, maq_rect_intersect(rect, canvas->clip));
}

void maq_canvas_set_alpha(MaqCanvas *canvas)
{
	pixman_image_unref(canvas->image);
	canvas->image = pixman_image_create_bits(PIXMAN_a8r8g8b8, canvas->bounds.width,
		canvas->bounds.height, canvas->pixels, canvas->stride * 4);
	g_assert(canvas->image);
	canvas->alpha = true;
}

static uint32_t multiplied(uint32_t colour, unsigned alpha)
{
	uint32_t out = alpha << 24;

	for (int shift = 0; shift < 24; shift += 8)
		out |= ((colour >> shift & 255) * alpha + 127) / 255 << shift;
	return out;
}

void maq_canvas_fill_alpha(
	MaqCanvas *canvas, MaqRect rect, uint32_t colour, unsigned alpha)
{
	if (canvas->alpha)
		colour = multiplied(colour, MIN(alpha, 255));
	rect = maq_rect_intersect(rect, canvas->clip);
	if (maq_rect_empty(rect))
		return;
	pixman_fill(canvas->pixels, canvas->stride, 32, rect.x - canvas->bounds.x,
		rect.y - canvas->bounds.y, rect.width, rect.height, colour);
	canvas_touch(canvas, rect);
}

void maq_canvas_fill(MaqCanvas *canvas, MaqRect rect, uint32_t colour)
{
	maq_canvas_fill_alpha(canvas, rect, colour, 255);
}

void maq_canvas_outline(MaqCanvas *canvas, MaqRect rect, int thickness, uint32_t colour)
{
	int right = rect.x + rect.width - thickness;
	int bottom = rect.y + rect.height - thickness;
	MaqRect sides[] = {
		{rect.x, rect.y, rect.width, thickness},
		{rect.x, bottom, rect.width, thickness},
		{rect.x, rect.y, thickness, rect.height},
		{right, rect.y, thickness, rect.height},
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(sides); i++)
		maq_canvas_fill(canvas, maq_rect_intersect(sides[i], rect), colour);
}

static uint32_t *pixel_at(const MaqCanvas *canvas, int x, int y)
{
	return canvas->pixels + (size_t)(y - canvas->bounds.y) * (size_t)canvas->stride +
	       (x - canvas->bounds.x);
}

/* Writes to memory without reading it into the caches first, as memcpy does: half the
 * time for a whole frame. The two must not overlap. */
static void copy_past_caches(uint32_t *to, const uint32_t *from, size_t pixels)
{
#ifdef __SSE2__
	for (; pixels && (uintptr_t)to % sizeof(__m128i); pixels--)
		*to++ = *from++;
	for (; pixels >= 4; pixels -= 4, to += 4, from += 4)
		_mm_stream_si128((__m128i *)to, _mm_loadu_si128((const __m128i_u *)from));
#endif
	memcpy(to, from, pixels * sizeof *to);
}

static void copy_rows(MaqCanvas *canvas, MaqRect rect, const MaqCanvas *source,
	int source_x, int source_y)
{
	for (int row = 0; row < rect.height; row++)
		copy_past_caches(pixel_at(canvas, rect.x, rect.y + row),
			pixel_at(source, source_x, source_y + row), (size_t)rect.width);
#ifdef __SSE2__
	_mm_sfence(); /* before anybody is told of the pixels */
#endif
}

static void move_rows(MaqCanvas *canvas, MaqRect rect, const MaqCanvas *source,
	int source_x, int source_y)
{
	bool upwards = rect.y > source_y; /* then the last row goes first */

	for (int i = 0; i < rect.height; i++) {
		int row = upwards ? rect.height - 1 - i : i;

		memmove(pixel_at(canvas, rect.x, rect.y + row),
			pixel_at(source, source_x, source_y + row),
			(size_t)rect.width * sizeof(uint32_t));
	}
}

/* Whether their pixels lie in the same memory. */
static bool overlap(const MaqCanvas *a, const MaqCanvas *b)
{
	const uint32_t *a_end = a->pixels + (size_t)a->stride * (size_t)a->bounds.height;
	const uint32_t *b_end = b->pixels + (size_t)b->stride * (size_t)b->bounds.height;

	return a->pixels < b_end && b->pixels < a_end;
}

/* Of a copy that puts this part of the source at x, y: where it is drawn within the clip,
 * and from which of the source's pixels. */
static MaqRect clipped(const MaqCanvas *canvas, int x, int y, const MaqCanvas *source,
	MaqRect from, int *source_x, int *source_y)
{
	MaqRect inside = maq_rect_intersect(from, source->bounds);
	MaqRect to = {x + inside.x - from.x, y + inside.y - from.y, inside.width,
		inside.height};
	MaqRect rect = maq_rect_intersect(to, canvas->clip);

	*source_x = inside.x + rect.x - to.x;
	*source_y = inside.y + rect.y - to.y;
	return rect;
}

void maq_canvas_copy(
	MaqCanvas *canvas, int x, int y, const MaqCanvas *source, MaqRect from)
{
	int source_x, source_y;
	MaqRect rect = clipped(canvas, x, y, source, from, &source_x, &source_y);
	size_t bytes = (size_t)rect.width * (size_t)rect.height * sizeof(uint32_t);

	if (maq_rect_empty(rect))
		return;
	if (bytes >= LARGE_BYTES && !overlap(canvas, source))
		copy_rows(canvas, rect, source, source_x, source_y);
	else
		move_rows(canvas, rect, source, source_x, source_y);
	canvas_touch(canvas, rect);
}

void maq_canvas_blend(
	MaqCanvas *canvas, int x, int y, const MaqCanvas *source, MaqRect from)
{
	int source_x, source_y;
	MaqRect rect = clipped(canvas, x, y, source, from, &source_x, &source_y);

	if (maq_rect_empty(rect))
		return;
	pixman_image_t *image =
		pixman_image_create_bits(PIXMAN_a8r8g8b8, source->bounds.width,
			source->bounds.height, source->pixels, source->stride * 4);
	g_assert(image);
	pixman_image_composite32(PIXMAN_OP_OVER, image, NULL, canvas->image,
		source_x - source->bounds.x, source_y - source->bounds.y, 0, 0,
		rect.x - canvas->bounds.x, rect.y - canvas->bounds.y, rect.width,
		rect.height);
	pixman_image_unref(image);
	canvas_touch(canvas, rect);
}

static uint16_t wide(uint32_t part, unsigned alpha)
{
	return (uint16_t)((part & 255) * 257 * alpha / 255);
}

void maq_canvas_tint(MaqCanvas *canvas, MaqRect rect, uint32_t colour, unsigned alpha)
{
	pixman_color_t color = {.red = wide(colour >> 16, alpha),
		.green = wide(colour >> 8, alpha),
		.blue = wide(colour, alpha),
		.alpha = (uint16_t)(MIN(alpha, 255) * 257)};

	rect = maq_rect_intersect(rect, canvas->clip);
	if (maq_rect_empty(rect))
		return;
	int x = rect.x - canvas->bounds.x, y = rect.y - canvas->bounds.y;
	pixman_box32_t box = {x, y, x + rect.width, y + rect.height};
	pixman_image_fill_boxes(PIXMAN_OP_OVER, canvas->image, &color, 1, &box);
	canvas_touch(canvas, rect);
}
