// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - compose what is damaged: tab bars, clients' pictures, empty frames
 */
#include "wm.h"

enum {
	COLOR_EMPTY = 0x1d2126,
	COLOR_BAR = 0x2b3138,
	COLOR_TAB = 0x3a424c,
	COLOR_FOCUS = 0x3b6ea5,
	COLOR_TEXT = 0xd7dce2,
};

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

static void draw_tab(const Wm *wm, MaqCanvas *canvas, MaqRect tab, const Tile *tile,
	guint32 color, MaqRect clip)
{
	MaqRect text = maq_rect_intersect(tab, clip);

	maq_canvas_fill(canvas, tab, color);
	maq_canvas_clip(canvas, &text); /* what is too long is cut off */
	maq_font_draw(wm->font, canvas, tab.x + 6,
		tab.y + (BAR_HEIGHT - maq_font_height(wm->font)) / 2, COLOR_TEXT,
		tile->title ? tile->title : maq_view_label(tile->view));
	maq_canvas_clip(canvas, &clip);
}

static void draw_bar(const Wm *wm, MaqCanvas *canvas, Frame *frame, MaqRect clip)
{
	MaqRect bar = rect_of(frame_area(frame));
	bool focused = frame == layout_focused(wm->layout);
	guint count = frame_count(frame);
	int width = bar.width / (int)MAX(count, 1);

	bar.height = MIN(bar.height, BAR_HEIGHT);
	maq_canvas_fill(canvas, bar, focused && !count ? COLOR_FOCUS : COLOR_BAR);
	for (guint i = 0; i < count; i++) {
		const Tile *tile = frame_client(frame, i);
		MaqRect tab = {bar.x + (int)i * width, bar.y, width - 1, bar.height};
		guint32 color = tile != frame_visible(frame) ? COLOR_BAR
				: focused                    ? COLOR_FOCUS
							     : COLOR_TAB;

		draw_tab(wm, canvas, tab, tile, color, clip);
	}
}

static void draw_frame(const Wm *wm, MaqCanvas *canvas, Frame *frame, MaqRect clip)
{
	MaqRect content = rect_of(frame_area(frame));
	const Tile *tile = frame_visible(frame);

	if (clip.y < content.y + BAR_HEIGHT)
		draw_bar(wm, canvas, frame, clip);
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
