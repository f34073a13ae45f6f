// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - compose what is damaged: borders, tab bars, clients' pictures, empty frames
 *
 * A canvas only reads its source: clients' pixels are never written.
 */
#include "wm.h"

#include <math.h>

#define PADDING 10 /* px beside a tab's text */
#define CHIP    9  /* px, the label's colour on its tab */
#define RADIUS  7  /* px of a frame's corners */

static MaqRect rect_of(Area area)
{
	return (MaqRect){area.x, area.y, area.width, area.height};
}

/* ---- pictures ---- */

typedef struct {
	const guint32 *pixels; /* borrowed */
	int width, height;
	gsize stride;
	bool alpha;
} Pixels;

static bool pixels_of(const Tile *tile, Pixels *pixels)
{
	const Tile *from = tile->source ? tile->source : tile;
	const MaqFrame *frame = maq_view_frame(from->view);

	if (from->frozen)
		*pixels = (Pixels){from->frozen, from->frozen_width, from->frozen_height,
			(gsize)from->frozen_width * 4, from->frozen_alpha};
	else if (frame)
		*pixels = (Pixels){frame->pixels, frame->width, frame->height,
			frame->stride, frame->alpha};
	return from->frozen || frame;
}

/* All of the area but what is inside. */
static void fill_around(MaqCanvas *canvas, MaqRect area, MaqRect inside, guint32 color)
{
	int right = inside.x + inside.width, below = inside.y + inside.height;
	MaqRect sides[] = {{area.x, area.y, area.width, inside.y - area.y},
		{area.x, below, area.width, area.y + area.height - below},
		{area.x, inside.y, inside.x - area.x, inside.height},
		{right, inside.y, area.x + area.width - right, inside.height}};

	for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
		maq_canvas_fill(canvas, sides[i], color);
}

static void put_pixels(MaqCanvas *canvas, const Pixels *pixels, MaqRect to)
{
	g_autoptr(MaqCanvas) source = maq_canvas_new((uint32_t *)pixels->pixels,
		pixels->width, pixels->height, (int)pixels->stride);
	MaqRect from = {0, 0, to.width, to.height};

	if (source && pixels->alpha)
		maq_canvas_blend(canvas, to.x, to.y, source, from);
	else if (source)
		maq_canvas_copy(canvas, to.x, to.y, source, from);
}

/* Clipped, never stretched; what it does not fill is empty. What is behind it is seen
 * through a floating one, if that wants it. */
static void draw_picture(
	const Wm *wm, MaqCanvas *canvas, const Tile *tile, MaqRect area, bool see_through)
{
	MaqRect to = rect_of(tile->picture);
	Pixels pixels = {0};

	if (!pixels_of(tile, &pixels)) {
		maq_canvas_fill(canvas, area, wm->theme.empty);
		return;
	}
	to.width = MIN(to.width, pixels.width);
	to.height = MIN(to.height, pixels.height);
	MaqRect inside = maq_rect_intersect(to, area);
	if (maq_rect_empty(inside)) {
		maq_canvas_fill(canvas, area, wm->theme.empty);
		return;
	}
	fill_around(canvas, area, inside, wm->theme.empty);
	if (pixels.alpha && !see_through)
		maq_canvas_fill(canvas, to, wm->theme.empty);
	put_pixels(canvas, &pixels, to);
}

static void draw_empty(const Wm *wm, MaqCanvas *canvas, MaqRect area)
{
	static const char text[] = "empty frame";
	int x = area.x + (area.width - maq_font_measure(wm->font, text)) / 2;
	int y = area.y + (area.height - maq_font_height(wm->font)) / 2;
	guint32 color = theme_mix(wm->theme.empty, wm->theme.dim, 110);

	maq_canvas_fill(canvas, area, wm->theme.empty);
	if (area.width > 160 && area.height > 60)
		maq_font_draw(wm->font, canvas, x, y, color, text);
}

static void draw_content(
	const Wm *wm, MaqCanvas *canvas, const Place *place, MaqRect area)
{
	const Tile *tile = tile_by_id(wm, place->client);

	if (!tile)
		draw_empty(wm, canvas, area);
	else if (wm->xray)
		xray_draw(wm, canvas, tile,
			(Area){area.x, area.y, area.width, area.height});
	else
		draw_picture(wm, canvas, tile, area, place->kind == PLACE_FLOAT);
}

/* ---- tab bars ---- */

/* What has been done to the tile, as signs. */
static char *marks_of(const Wm *wm, const Tile *tile)
{
	return g_strconcat(tile->urgent ? " !" : "",
		layout_tagged(wm->layout, tile->id) ? " \u25c6" : "",
		tile->broadcast ? " \u21c9" : "", tile->frozen ? " \u2744" : "", NULL);
}

/* Left of the marks, if there is room for a name, too; its width. */
static int draw_usage(
	const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile, int right, int y)
{
	int width = tile->usage ? maq_font_measure(wm->font, tile->usage) + PADDING : 0;

	if (!width || width > tab.width / 2)
		return 0;
	maq_font_draw(wm->font, canvas, right - width, y, wm->theme.dim, tile->usage);
	return width;
}

/* The label first, which no client can choose; then what the client calls itself. */
static void draw_name(const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile,
	guint32 color, MaqRect clip)
{
	int y = tab.y + (tab.height - maq_font_height(wm->font)) / 2;
	g_autofree char *marks = marks_of(wm, tile);
	int width = maq_font_measure(wm->bold, marks);
	int right = tab.x + tab.width - width - PADDING / 2;
	int used = draw_usage(wm, canvas, tab, tile, right, y);
	MaqRect text = {tab.x, tab.y, tab.width - PADDING - width - used, tab.height};
	MaqRect chip = {tab.x + PADDING, tab.y + (tab.height - CHIP) / 2, CHIP, CHIP};
	guint32 own = wm->theme.labels[tile->color];

	maq_canvas_fill(canvas, chip, own);
	maq_font_draw(wm->bold, canvas, right, y,
		tile->urgent ? wm->theme.urgent : wm->theme.key, marks);
	text = maq_rect_intersect(text, clip);
	maq_canvas_clip(canvas, &text); /* what is too long is cut off */
	int x = maq_font_draw(
		wm->font, canvas, chip.x + CHIP + PADDING * 3 / 4, y, color, tile->label);
	if (tile->title)
		maq_font_draw(
			wm->font, canvas, x + PADDING, y, wm->theme.dim, tile->title);
	maq_canvas_clip(canvas, &clip);
}

static void draw_tab(const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile,
	bool visible, MaqRect clip)
{
	const Theme *theme = &wm->theme;
	MaqRect edge = {tab.x + tab.width - 1, tab.y + 5, 1, tab.height - 10};
	MaqRect own = maq_rect_intersect(tab, clip);

	if (maq_rect_empty(own))
		return;
	maq_canvas_clip(canvas, &own);
	maq_canvas_fill(canvas, tab, visible ? theme->tab : theme->bar);
	if (!visible)
		maq_canvas_fill(canvas, edge, theme->line);
	draw_name(wm, canvas, tab, tile, visible ? theme->text : theme->dim, own);
	maq_canvas_clip(canvas, &clip);
}

/* How many tabs there was no room for. */
static void draw_left_out(const Wm *wm, MaqCanvas *canvas, const Decor *decor)
{
	g_autofree char *text = g_strdup_printf("+%u", decor->n_tabs - decor->shown);
	int right = decor->bar.x + decor->bar.width - PADDING / 2;
	int y = decor->bar.y + (decor->bar.height - maq_font_height(wm->font)) / 2;

	maq_font_draw(wm->font, canvas, right - maq_font_measure(wm->font, text), y,
		wm->theme.dim, text);
}

static void draw_bar(const Wm *wm, MaqCanvas *canvas, const Place *place,
	const Decor *decor, MaqRect clip)
{
	maq_canvas_fill(canvas, rect_of(decor->bar), wm->theme.bar);
	for (guint i = decor->first; i < decor->first + decor->shown; i++) {
		const Tile *tile = tile_by_id(wm, place_tab(place, i));
		MaqRect tab = rect_of(decor_tab(decor, i));

		draw_tab(wm, canvas, tab, tile, tile->id == place->client, clip);
	}
	if (decor->shown < decor->n_tabs)
		draw_left_out(wm, canvas, decor);
}

/* ---- corners ---- */

/* What the desk and the border have of a pixel that far from the middle of the circle. */
static guint share_within(double distance, double radius)
{
	return (guint)(CLAMP(radius - distance + 0.5, 0, 1) * 256);
}

/* One corner of a frame: beyond the circle is the desk. */
static void draw_corner(const Wm *wm, MaqCanvas *canvas, MaqRect outer, int right,
	int below, guint32 line)
{
	int border = wm->settings.border;

	for (int i = 0; i < RADIUS; i++) {
		for (int j = 0; j < RADIUS; j++) {
			double distance = hypot(RADIUS - i - 0.5, RADIUS - j - 0.5);
			MaqRect pixel = {
				right ? outer.x + outer.width - 1 - i : outer.x + i,
				below ? outer.y + outer.height - 1 - j : outer.y + j, 1,
				1};

			if (distance > RADIUS - border)
				maq_canvas_fill(canvas, pixel,
					theme_mix(wm->theme.desk, line,
						share_within(distance, RADIUS)));
		}
	}
}

static void draw_corners(
	const Wm *wm, MaqCanvas *canvas, MaqRect outer, MaqRect clip, guint32 line)
{
	if (wm->settings.gap < 2 || outer.width < 4 * RADIUS || outer.height < 4 * RADIUS)
		return;
	for (int corner = 0; corner < 4; corner++) {
		int right = corner & 1, below = corner >> 1;
		MaqRect part = {outer.x + right * (outer.width - RADIUS),
			outer.y + below * (outer.height - RADIUS), RADIUS, RADIUS};

		if (!maq_rect_empty(maq_rect_intersect(part, clip)))
			draw_corner(wm, canvas, outer, right, below, line);
	}
}

/* ---- places ---- */

static guint32 border_color(const Wm *wm, const Place *place)
{
	const Tile *tile = tile_by_id(wm, place->client);

	if (place->focused)
		return wm->theme.focus;
	if (tile && tile->urgent)
		return wm->theme.urgent;
	return wm->theme.line;
}

static void draw_place(const Wm *wm, MaqCanvas *canvas, const Place *place, MaqRect clip)
{
	Decor decor = decor_of(wm, place);
	MaqRect outer = maq_rect_intersect(rect_of(decor.outer), clip);
	MaqRect content = maq_rect_intersect(rect_of(decor.content), outer);

	if (maq_rect_empty(outer))
		return;
	maq_canvas_clip(canvas, &outer);
	if (place->kind == PLACE_FRAME || place->kind == PLACE_FLOAT)
		maq_canvas_outline(canvas, rect_of(decor.outer), wm->settings.border,
			border_color(wm, place));
	if (decor.bar.height && clip.y < decor.bar.y + decor.bar.height)
		draw_bar(wm, canvas, place, &decor, outer);
	if (!maq_rect_empty(content)) {
		maq_canvas_clip(canvas, &content);
		draw_content(wm, canvas, place, rect_of(decor.content));
	}
	maq_canvas_clip(canvas, &outer);
	if (place->kind == PLACE_FRAME)
		draw_corners(
			wm, canvas, rect_of(decor.outer), outer, border_color(wm, place));
	maq_canvas_clip(canvas, &clip);
}

static bool is_within(MaqRect inner, Area outer)
{
	return inner.x >= outer.x && inner.y >= outer.y &&
	       inner.x + inner.width <= outer.x + outer.width &&
	       inner.y + inner.height <= outer.y + outer.height;
}

static bool is_see_through(const Wm *wm, const Place *place)
{
	const Tile *tile = tile_by_id(wm, place->client);

	return place->kind == PLACE_FLOAT && tile && !tile_is_opaque(tile);
}

bool wm_is_decorated(const Wm *wm)
{
	return overlay_shown(wm) || wm->notice || wm->xray || wm->drag.begun ||
	       strcmp(wm->mode, KEYMAP_NORMAL) != 0;
}

static const Place *place_of(const Wm *wm, const Tile *tile, guint *at)
{
	for (guint i = 0; i < wm->places->len; i++) {
		*at = i;
		if (g_array_index(wm->places, Place, i).client == tile->id)
			return &g_array_index(wm->places, Place, i);
	}
	return NULL;
}

static bool is_below_another(const Wm *wm, guint at, Area area)
{
	for (guint i = at + 1; i < wm->places->len; i++) {
		Decor above = decor_of(wm, &g_array_index(wm->places, Place, i));

		if (!maq_rect_empty(
			    maq_rect_intersect(rect_of(above.outer), rect_of(area))))
			return true;
	}
	return false;
}

/* A frame's corners are drawn above its picture. */
Area wm_own_area(const Wm *wm, const Tile *tile)
{
	guint at;
	const Place *place = place_of(wm, tile, &at);
	const Tile *from = tile->source ? tile->source : tile;
	Area area = tile_seen(tile);

	if (!place || from->frozen || wm_is_decorated(wm) || !tile_is_opaque(tile) ||
		is_below_another(wm, at, area))
		return (Area){0};
	if (place->kind == PLACE_FRAME) {
		Area outer = decor_of(wm, place).outer;
		MaqRect inner = maq_rect_intersect(
			rect_of(area), (MaqRect){outer.x, outer.y + RADIUS, outer.width,
					       outer.height - 2 * RADIUS});

		area = (Area){inner.x, inner.y, inner.width, inner.height};
	}
	return area;
}

/* What lies below a place that covers all of it is not drawn. */
static guint lowest(const Wm *wm, MaqRect clip, bool *covered)
{
	*covered = true;
	for (guint i = wm->places->len; i-- > 0;) {
		const Place *place = &g_array_index(wm->places, Place, i);

		Area whole = decor_of(wm, place).outer;

		if (place->kind == PLACE_FRAME)
			whole = decor_of(wm, place).content;
		if (is_within(clip, whole) && !is_see_through(wm, place))
			return i;
	}
	*covered = false;
	return 0;
}

static void draw_area(const Wm *wm, MaqCanvas *canvas, MaqRect clip)
{
	bool covered;
	guint first = lowest(wm, clip, &covered);

	maq_canvas_clip(canvas, &clip);
	if (!covered)
		maq_canvas_fill(canvas, clip, wm->theme.desk);
	for (guint i = first; i < wm->places->len; i++)
		draw_place(wm, canvas, &g_array_index(wm->places, Place, i), clip);
	overlay_draw(wm, canvas, clip);
	maq_canvas_clip(canvas, NULL);
}

/* ---- frames ---- */

/* Those whose picture is not to be seen, nor mirrored, are not told. */
static void tell_shown(const Wm *wm, guint output)
{
	for (guint i = 0; i < wm->places->len; i++) {
		const Place *place = &g_array_index(wm->places, Place, i);
		const Tile *tile = tile_by_id(wm, place->client);

		if (!tile || !tile->area.width || place->output != output)
			continue;
		tile = tile->source ? tile->source : tile;
		if (!tile->frozen)
			maq_view_shown(tile->view);
	}
}

unsigned wm_tell_damage(Head *head, MaqFramebufferRect told[8])
{
	MaqRect rects[8];
	int dx, dy;

	maq_damage_clip(&head->damage, rect_of(head->area));
	unsigned n = maq_damage_rects(&head->damage, rects, 8, &dx, &dy);
	for (unsigned i = 0; i < n; i++)
		told[i] = (MaqFramebufferRect){(guint16)(rects[i].x - head->area.x),
			(guint16)(rects[i].y - head->area.y), (guint16)rects[i].width,
			(guint16)rects[i].height};
	maq_screen_moved(head->screen, dx, dy);
	return n;
}

static void draw_damage(Head *head, MaqCanvas *canvas)
{
	MaqRect rects[8];
	MaqFramebufferRect told[8];
	unsigned n = wm_tell_damage(head, told), all;

	all = maq_damage_all(&head->damage, rects, G_N_ELEMENTS(rects));
	for (unsigned i = 0; i < all; i++)
		draw_area(head->wm, canvas, rects[i]);
	if (n)
		maq_screen_commit(head->screen, told, n, head->input_seq);
}

/* What will be drawn in any case, all of it: the whole, or the one damaged rectangle. */
static MaqFramebufferRect to_be_drawn(const Head *head)
{
	MaqRect whole = {head->area.x, head->area.y, head->area.width, head->area.height};
	MaqRect rect = whole, rects[8];

	if (!head->redraw) {
		if (maq_damage_all(&head->damage, rects, G_N_ELEMENTS(rects)) != 1)
			return (MaqFramebufferRect){0};
		rect = maq_rect_intersect(rects[0], whole);
	}
	return (MaqFramebufferRect){(guint16)(rect.x - whole.x),
		(guint16)(rect.y - whole.y), (guint16)rect.width, (guint16)rect.height};
}

static void draw_head(Wm *wm, guint i)
{
	Head *head = wm->heads[i];
	MaqFramebufferRect cover;
	MaqBuffer buffer;

	if (!head->redraw && maq_damage_empty(&head->damage))
		return;
	if (scanout_try(head, i)) {
		tell_shown(wm, i);
		return;
	}
	cover = to_be_drawn(head);
	if (!maq_screen_begin_over(head->screen, &buffer, &cover))
		return; /* ready will call again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	if (buffer.width != head->area.width || buffer.height != head->area.height) {
		head->area.width = buffer.width;
		head->area.height = buffer.height;
		wm_arrange(wm);
	}
	maq_canvas_move(canvas, head->area.x, head->area.y);
	if (head->redraw || buffer.fresh) {
		draw_area(wm, canvas, maq_canvas_bounds(canvas));
		maq_screen_commit(head->screen, NULL, 0, head->input_seq);
	} else {
		draw_damage(head, canvas);
	}
	head->redraw = false;
	maq_damage_clear(&head->damage);
	tell_shown(wm, i);
}

void wm_draw(Wm *wm)
{
	for (guint i = 0; i < wm->n_heads; i++)
		draw_head(wm, i);
}
