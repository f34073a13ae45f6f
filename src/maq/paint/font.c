// SPDX-License-Identifier: LGPL-2.1-or-later
/* font - text by fcft: glyphs of a font and of the fallbacks for what it lacks */
#include "canvas.h"

#include <fcft/fcft.h>
#include <stdlib.h>

/*
 * fcft keeps each glyph that it ever drew. What a program prints decides how many
 * these are, so we start anew after this many.
 */
#define GLYPHS_MAX 8192

#define REPLACEMENT 0xFFFD

struct MaqFont {
	struct fcft_font *fcft; /* owned */
	char *name;             /* owned */
	char *attributes;       /* owned */
	GHashTable *seen;       /* owned; the code points in fcft's cache */
	pixman_image_t *ink;    /* owned; NULL: none yet. Most text has few colours */
	uint32_t ink_colour;
	int cell_width;
	int height;
};

static struct fcft_font *load(const char *name, const char *attributes)
{
	static gsize ready;
	const char *names[] = {name};

	if (g_once_init_enter(&ready)) {
		fcft_init(FCFT_LOG_COLORIZE_NEVER, false, FCFT_LOG_CLASS_NONE);
		atexit(fcft_fini);
		g_once_init_leave(&ready, 1);
	}
	return fcft_from_name(1, names, attributes);
}

static void make_room(MaqFont *font)
{
	struct fcft_font *fresh;

	if (g_hash_table_size(font->seen) < GLYPHS_MAX)
		return;
	fcft_destroy(font->fcft);
	fresh = load(font->name, font->attributes);
	g_assert(fresh); /* it was there before */
	font->fcft = fresh;
	g_hash_table_remove_all(font->seen);
}

static const struct fcft_glyph *glyph(MaqFont *font, uint32_t codepoint)
{
	const struct fcft_glyph *found;

	make_room(font);
	g_hash_table_add(font->seen, GUINT_TO_POINTER(codepoint));
	found = fcft_rasterize_char_utf32(font->fcft, codepoint, FCFT_SUBPIXEL_NONE);
	if (!found && codepoint != REPLACEMENT)
		return glyph(font, REPLACEMENT);
	return found;
}

/* The font's own height may leave no room for the underscore (DejaVu Sans Mono's). */
static int find_height(MaqFont *font)
{
	static const char lowest[] = "_gjpqy|{";
	int height = MAX(font->fcft->height, font->fcft->ascent + font->fcft->descent);

	for (const char *c = lowest; *c; c++) {
		const struct fcft_glyph *shape = glyph(font, (uint32_t)*c);

		if (shape)
			height = MAX(
				height, font->fcft->ascent - shape->y + shape->height);
	}
	return height;
}

MaqFont *maq_font_new(const char *name, int pixels, GError **error)
{
	const struct fcft_glyph *wide;
	MaqFont *font;

	g_assert(pixels >= 4 && pixels <= 256);
	font = g_new0(MaqFont, 1);
	font->name = g_strdup(name);
	font->attributes = g_strdup_printf("pixelsize=%d", pixels);
	font->seen = g_hash_table_new(NULL, NULL);
	font->fcft = load(name, font->attributes);
	wide = font->fcft ? glyph(font, 'M') : NULL;
	if (!wide) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			"no font for \"%s\" at %d pixels", name, pixels);
		maq_font_free(font);
		return NULL;
	}
	font->cell_width = MAX(wide->advance.x, 1);
	font->height = find_height(font);
	return font;
}

void maq_font_free(MaqFont *font)
{
	if (!font)
		return;
	g_clear_pointer(&font->ink, pixman_image_unref);
	if (font->fcft)
		fcft_destroy(font->fcft);
	g_hash_table_unref(font->seen);
	g_free(font->name);
	g_free(font->attributes);
	g_free(font);
}

int maq_font_height(const MaqFont *font)
{
	return font->height;
}

int maq_font_cell_width(const MaqFont *font)
{
	return font->cell_width;
}

static pixman_image_t *solid(MaqFont *font, uint32_t colour)
{
	pixman_color_t wide = {.red = (uint16_t)((colour >> 16 & 255) * 257),
		.green = (uint16_t)((colour >> 8 & 255) * 257),
		.blue = (uint16_t)((colour & 255) * 257),
		.alpha = 0xFFFF};

	if (font->ink && font->ink_colour == colour)
		return font->ink;
	g_clear_pointer(&font->ink, pixman_image_unref);
	font->ink = pixman_image_create_solid_fill(&wide);
	font->ink_colour = colour;
	return font->ink;
}

static void draw_glyph(MaqFont *font, MaqCanvas *canvas, int x, int y,
	pixman_image_t *ink, const struct fcft_glyph *shape)
{
	MaqRect rect = {x + shape->x, y + font->fcft->ascent - shape->y, shape->width,
		shape->height};
	bool coloured = pixman_image_get_format(shape->pix) == PIXMAN_a8r8g8b8;

	if (maq_rect_empty(maq_rect_intersect(rect, canvas->clip)))
		return;
	pixman_image_composite32(PIXMAN_OP_OVER, coloured ? shape->pix : ink,
		coloured ? NULL : shape->pix, canvas->image, 0, 0, 0, 0,
		rect.x - canvas->bounds.x, rect.y - canvas->bounds.y, rect.width,
		rect.height);
	canvas_touch(canvas, rect);
}

/* The next character; a malformed byte stands for itself as U+FFFD. */
static uint32_t next_character(const char **utf8)
{
	gunichar character = g_utf8_get_char_validated(*utf8, -1);

	if (character == (gunichar)-1 || character == (gunichar)-2) {
		*utf8 += 1;
		return REPLACEMENT;
	}
	*utf8 = g_utf8_next_char(*utf8);
	return character;
}

int maq_font_measure(MaqFont *font, const char *utf8)
{
	int width = 0;

	while (*utf8 && width < MAQ_CANVAS_MAX) {
		const struct fcft_glyph *shape = glyph(font, next_character(&utf8));

		width += shape ? shape->advance.x : 0;
	}
	return width;
}

int maq_font_draw(
	MaqFont *font, MaqCanvas *canvas, int x, int y, uint32_t colour, const char *utf8)
{
	pixman_image_t *ink = solid(font, colour);

	while (*utf8 && x < canvas->clip.x + canvas->clip.width) {
		const struct fcft_glyph *shape = glyph(font, next_character(&utf8));

		if (!shape)
			continue;
		draw_glyph(font, canvas, x, y, ink, shape);
		x += shape->advance.x;
	}
	return x;
}

/* ---- cells ---- */

/* Base and marks, or several emoji, as the font would have them: NULL if it cannot. */
static const struct fcft_grapheme *grapheme(
	MaqFont *font, const uint32_t *codepoints, unsigned count)
{
	uint32_t key = 0x80000000;

	if (count < 2 || !(fcft_capabilities() & FCFT_CAPABILITY_GRAPHEME_SHAPING))
		return NULL;
	for (unsigned i = 0; i < count; i++)
		key = key * 31 + codepoints[i];
	make_room(font);
	g_hash_table_add(font->seen, GUINT_TO_POINTER(key | 0x80000000));
	const struct fcft_grapheme *found = fcft_rasterize_grapheme_utf32(
		font->fcft, count, codepoints, FCFT_SUBPIXEL_NONE);
	return found && found->count ? found : NULL;
}

bool maq_font_joins(MaqFont *font, const uint32_t *codepoints, unsigned count)
{
	const struct fcft_grapheme *found = grapheme(font, codepoints, count);

	return found && found->count == 1;
}

/* In the middle of the cell, as much smaller as it has to be. */
static void draw_smaller(MaqCanvas *canvas, MaqRect cell, pixman_image_t *ink,
	const struct fcft_glyph *shape)
{
	double scale = MIN(
		(double)cell.width / shape->width, (double)cell.height / shape->height);
	int width = MAX((int)(shape->width * scale), 1);
	int height = MAX((int)(shape->height * scale), 1);
	MaqRect rect = {cell.x + (cell.width - width) / 2,
		cell.y + (cell.height - height) / 2, width, height};
	bool coloured = pixman_image_get_format(shape->pix) == PIXMAN_a8r8g8b8;
	pixman_image_t *image = pixman_image_create_bits(
		pixman_image_get_format(shape->pix), shape->width, shape->height,
		pixman_image_get_data(shape->pix), pixman_image_get_stride(shape->pix));
	pixman_transform_t transform;

	pixman_transform_init_scale(&transform,
		pixman_double_to_fixed((double)shape->width / width),
		pixman_double_to_fixed((double)shape->height / height));
	pixman_image_set_transform(image, &transform);
	pixman_image_set_filter(image, PIXMAN_FILTER_GOOD, NULL, 0);
	pixman_image_composite32(PIXMAN_OP_OVER, coloured ? image : ink,
		coloured ? NULL : image, canvas->image, 0, 0, 0, 0,
		rect.x - canvas->bounds.x, rect.y - canvas->bounds.y, width, height);
	pixman_image_unref(image);
	canvas_touch(canvas, rect);
}

/* Letters may reach out a little, as slanted ones do. */
static bool is_too_large(
	const MaqFont *font, MaqRect cell, const struct fcft_glyph *shape)
{
	return shape->x + shape->width > cell.width + font->cell_width / 4 ||
	       shape->height > font->height + font->height / 8;
}

static void draw_one(MaqFont *font, MaqCanvas *canvas, MaqRect cell, pixman_image_t *ink,
	const struct fcft_glyph *shape)
{
	if (is_too_large(font, cell, shape))
		draw_smaller(canvas, cell, ink, shape);
	else
		draw_glyph(font, canvas, cell.x, cell.y, ink, shape);
}

/* Without shaping: one above the other. */
static void draw_marks(MaqFont *font, MaqCanvas *canvas, MaqRect cell,
	pixman_image_t *ink, const uint32_t *codepoints, unsigned count)
{
	int x = cell.x;

	for (unsigned i = 0; i < count; i++) {
		const struct fcft_glyph *shape = glyph(font, codepoints[i]);
		int back;

		if (!shape)
			continue;
		/* combining marks of some fonts are drawn from the cell's left edge */
		back = i > 0 && shape->x >= 0 ? font->cell_width : 0;
		draw_glyph(font, canvas, x - back, cell.y, ink, shape);
		x += shape->advance.x;
	}
}

void maq_font_draw_cell(MaqFont *font, MaqCanvas *canvas, MaqRect cell, uint32_t colour,
	const uint32_t *codepoints, unsigned count)
{
	pixman_image_t *ink = solid(font, colour);
	const struct fcft_grapheme *several = grapheme(font, codepoints, count);
	const struct fcft_glyph *shape;
	int x = cell.x;

	if (count > 1 && !several) {
		draw_marks(font, canvas, cell, ink, codepoints, count);
		return;
	}
	if (!several) {
		shape = glyph(font, codepoints[0]);
		if (shape)
			draw_one(font, canvas, cell, ink, shape);
		return;
	}
	for (size_t i = 0; i < several->count; i++) {
		shape = several->glyphs[i];
		if (several->count == 1)
			draw_one(font, canvas, cell, ink, shape);
		else
			draw_glyph(font, canvas, x, cell.y, ink, shape);
		x += shape->advance.x;
	}
}
