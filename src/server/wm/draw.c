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

static Area rect_area(const MaqFramebufferRect *rect)
{
	return (Area){rect->x, rect->y, rect->width, rect->height};
}

static Area intersect(Area a, Area b)
{
	int x2 = MIN(a.x + a.width, b.x + b.width), y2 = MIN(a.y + a.height, b.y + b.height);
	Area area = {MAX(a.x, b.x), MAX(a.y, b.y), 0, 0};

	area.width = MAX(x2 - area.x, 0);
	area.height = MAX(y2 - area.y, 0);
	return area;
}

static void fill(const MaqCanvas *canvas, Area area, guint32 color)
{
	maq_paint_fill(canvas, area.x, area.y, area.width, area.height, color);
}

/* The part of the picture that lies in clip; beyond the picture the frame is empty. */
static void draw_client(const MaqCanvas *canvas, const Tile *tile, Area area, Area clip)
{
	const MaqFrame *frame = maq_view_frame(tile->view);
	Area picture = {area.x, area.y, 0, 0};

	if (frame) {
		picture.width = frame->width;
		picture.height = frame->height;
	}
	picture = intersect(intersect(picture, area), clip);
	if (picture.width != clip.width || picture.height != clip.height)
		fill(canvas, clip, COLOR_EMPTY);
	for (int y = 0; y < picture.height; y++) {
		const guint8 *from = (const guint8 *)frame->pixels +
				     (gsize)(picture.y - area.y + y) * frame->stride +
				     (gsize)(picture.x - area.x) * 4;
		guint8 *to = (guint8 *)canvas->pixels +
			     (gsize)(picture.y + y) * canvas->stride +
			     (gsize)picture.x * 4;

		memcpy(to, from, (gsize)picture.width * 4);
	}
}

static void draw_bar(const Wm *wm, const MaqCanvas *canvas, Frame *frame)
{
	Area area = frame_area(frame);
	bool focused = frame == layout_focused(wm->layout);
	guint count = frame_count(frame);
	int width = area.width / (int)MAX(count, 1);

	area.height = MIN(area.height, BAR_HEIGHT);
	fill(canvas, area, focused && !count ? COLOR_FOCUS : COLOR_BAR);
	for (guint i = 0; i < count; i++) {
		const Tile *tile = frame_client(frame, i);
		bool visible = tile == frame_visible(frame);
		Area tab = {area.x + (int)i * width, area.y, width - 1, area.height};
		/* text is cut off at the tab's end */
		MaqCanvas cell = *canvas;

		fill(canvas, tab,
			!visible  ? COLOR_BAR
			: focused ? COLOR_FOCUS
				  : COLOR_TAB);
		cell.width = MIN(canvas->width, tab.x + tab.width);
		maq_paint_text(&cell, wm->font, tab.x + 6,
			tab.y + (BAR_HEIGHT - maq_font_height(wm->font)) / 2,
			tile->title ? tile->title : maq_view_label(tile->view),
			COLOR_TEXT);
	}
}

static void draw_frame(const Wm *wm, const MaqCanvas *canvas, Frame *frame, Area clip)
{
	Area area = frame_area(frame), content = area;
	const Tile *tile = frame_visible(frame);

	content.y += BAR_HEIGHT;
	content.height = MAX(content.height - BAR_HEIGHT, 0);
	if (clip.y < area.y + BAR_HEIGHT)
		draw_bar(wm, canvas, frame);
	clip = intersect(clip, content);
	if (!clip.width || !clip.height)
		return;
	if (tile)
		draw_client(canvas, tile, content, clip);
	else
		fill(canvas, clip, COLOR_EMPTY);
}

static void draw_area(const Wm *wm, const MaqCanvas *canvas, Area clip)
{
	g_autoptr(GPtrArray) frames = layout_frames(wm->layout);
	Frame *focused = layout_focused(wm->layout);

	if (layout_zoomed(wm->layout)) {
		draw_frame(wm, canvas, focused, clip);
		return;
	}
	for (guint i = 0; i < frames->len; i++) {
		Area part = intersect(frame_area(frames->pdata[i]), clip);

		if (part.width && part.height)
			draw_frame(wm, canvas, frames->pdata[i], part);
	}
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
	MaqCanvas canvas = {buffer.pixels, buffer.width, buffer.height, buffer.stride};
	Area whole = {0, 0, buffer.width, buffer.height};
	if (buffer.fresh)
		wm->redraw = true;
	if (buffer.width != wm->width || buffer.height != wm->height) {
		wm->width = buffer.width;
		wm->height = buffer.height;
		wm_arrange(wm);
	}
	if (wm->redraw)
		draw_area(wm, &canvas, whole);
	for (unsigned i = 0; !wm->redraw && i < wm->n_damage; i++)
		draw_area(wm, &canvas, intersect(rect_area(&wm->damage[i]), whole));
	maq_screen_commit(wm->screen, wm->damage, wm->redraw ? 0 : wm->n_damage,
		wm->input_seq);
	wm->redraw = false;
	wm->n_damage = 0;
	tell_shown(wm);
}
