// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - compose what is damaged: tab bars, clients' pictures, empty frames
 */
#include "wm.h"

enum {
	COLOR_EMPTY = 0x15191e,
	COLOR_BAR = 0x1c2127,
	COLOR_TAB = 0x2a3038,
	COLOR_FOCUS = 0x4f8fd6,
	COLOR_LINE = 0x07090b,
	COLOR_TEXT = 0xeceff2,
	COLOR_DIM = 0x8a939d,
};

#define PADDING 10 /* px left of a tab's text */
#define ACCENT  2  /* px, height of the line that marks the focus */

static MaqRect rect_of(Area area)
{
	return (MaqRect){area.x, area.y, area.width, area.height};
}

/* The client's picture; beyond it the frame is empty. A canvas only reads its source. */
static void draw_client(MaqCanvas *canvas, const Tile *tile, MaqRect area)
{
	const MaqFrame *frame = maq_view_frame(tile->view);
	MaqRect below = area, right = area;

	if (!frame) {
		maq_canvas_fill(canvas, area, COLOR_EMPTY);
		return;
	}
	g_autoptr(MaqCanvas) picture = maq_canvas_new((uint32_t *)frame->pixels,
		frame->width, frame->height, (int)frame->stride);
	int width = MIN(frame->width, area.width),
	    height = MIN(frame->height, area.height);
	maq_canvas_copy(canvas, area.x, area.y, picture, (MaqRect){0, 0, width, height});
	right.x += width;
	right.width -= width;
	below.y += height;
	below.height -= height;
	maq_canvas_fill(canvas, right, COLOR_EMPTY);
	maq_canvas_fill(canvas, below, COLOR_EMPTY);
}

/* The label first, which no client can choose; then what the client calls itself. */
static void draw_name(
	const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile, guint32 color)
{
	int y = tab.y + (tab.height - maq_font_height(wm->font)) / 2 + 1;
	int x = maq_font_draw(
		wm->font, canvas, tab.x + PADDING, y, color, maq_view_label(tile->view));

	if (tile->title)
		maq_font_draw(wm->font, canvas, x + PADDING, y, COLOR_DIM, tile->title);
}

static void draw_tab(const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile,
	bool visible, MaqRect clip)
{
	MaqRect text = maq_rect_intersect(
		(MaqRect){tab.x, tab.y, tab.width - PADDING / 2, tab.height}, clip);
	MaqRect accent = {tab.x, tab.y, tab.width, ACCENT};

	maq_canvas_fill(canvas, tab, visible ? COLOR_TAB : COLOR_BAR);
	if (tile == wm->focused)
		maq_canvas_fill(canvas, accent, COLOR_FOCUS);
	maq_canvas_clip(canvas, &text); /* what is too long is cut off */
	draw_name(wm, canvas, tab, tile, visible ? COLOR_TEXT : COLOR_DIM);
	maq_canvas_clip(canvas, &clip);
}

static void draw_bar(
	const Wm *wm, MaqCanvas *canvas, Frame *frame, MaqRect bar, MaqRect clip)
{
	bool focused = frame == layout_focused(wm->layout);
	guint count = frame_count(frame);
	int width = tab_width(bar.width, count);

	maq_canvas_fill(canvas, bar, COLOR_BAR);
	if (focused && !count)
		maq_canvas_fill(
			canvas, (MaqRect){bar.x, bar.y, bar.width, ACCENT}, COLOR_FOCUS);
	for (guint i = 0; i < count; i++) {
		const Tile *tile = frame_client(frame, i);
		MaqRect tab = {bar.x + (int)i * width, bar.y, width, bar.height};

		draw_tab(wm, canvas, tab, tile, tile == frame_visible(frame), clip);
	}
}

static void draw_frame(const Wm *wm, MaqCanvas *canvas, Frame *frame, MaqRect clip)
{
	MaqRect content = rect_of(frame_area(frame));
	MaqRect line = {content.x, content.y, LINE, content.height};
	const Tile *tile = frame_visible(frame);

	if (content.x > 0) {
		maq_canvas_fill(canvas, line, COLOR_LINE);
		content.x += LINE;
		content.width -= LINE;
	}
	MaqRect bar = {
		content.x, content.y, content.width, MIN(content.height, BAR_HEIGHT)};
	if (clip.y < bar.y + bar.height)
		draw_bar(wm, canvas, frame, bar, clip);
	content.y += BAR_HEIGHT;
	content.height = MAX(content.height - BAR_HEIGHT, 0);
	if (tile)
		draw_client(canvas, tile, content);
	else
		maq_canvas_fill(canvas, content, COLOR_EMPTY);
}

static void draw_area(const Wm *wm, MaqCanvas *canvas, MaqRect clip)
{
	g_autoptr(GPtrArray) frames = layout_frames(wm->layout);
	bool zoomed = layout_zoomed(wm->layout);

	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];
		MaqRect part = maq_rect_intersect(rect_of(frame_area(frame)), clip);

		if (maq_rect_empty(part) ||
			(zoomed && frame != layout_focused(wm->layout)))
			continue;
		maq_canvas_clip(canvas, &part);
		draw_frame(wm, canvas, frame, part);
	}
	maq_canvas_clip(canvas, NULL);
}

static void tell_shown(Wm *wm)
{
	for (guint i = 0; i < wm->tiles->len; i++) {
		Tile *tile = wm->tiles->pdata[i];

		/* hidden clients are answered, too: else they could not go on */
		maq_view_shown(tile->view);
	}
}

void wm_draw(Wm *wm)
{
	MaqBuffer buffer;

	if (!wm->redraw && !wm->n_damage)
		return;
	if (!maq_screen_begin(wm->screen, &buffer))
		return; /* ready will call again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	MaqRect whole = maq_canvas_bounds(canvas);
	if (buffer.fresh)
		wm->redraw = true;
	if (buffer.width != wm->width || buffer.height != wm->height) {
		wm->width = buffer.width;
		wm->height = buffer.height;
		wm_arrange(wm);
	}
	if (wm->redraw)
		draw_area(wm, canvas, whole);
	for (unsigned i = 0; !wm->redraw && i < wm->n_damage; i++) {
		const MaqFramebufferRect *rect = &wm->damage[i];

		draw_area(wm, canvas,
			(MaqRect){rect->x, rect->y, rect->width, rect->height});
	}
	maq_screen_commit(
		wm->screen, wm->damage, wm->redraw ? 0 : wm->n_damage, wm->input_seq);
	wm->redraw = false;
	wm->n_damage = 0;
	tell_shown(wm);
}
