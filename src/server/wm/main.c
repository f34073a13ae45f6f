// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wm - a tiling window manager
 *
 * Provides  Framebuffer  a tile of the screen for each client
 *           Input        keys for the focused client, the pointer for the one below it
 * Requires  Framebuffer, Input, ROM, LOG
 * Config    font: name of the font of the tab bars (default sans-serif)
 *           new: split|tab   what happens when the focused frame is taken (default split)
 *           + columns, + rows: the layout at the start, see plan.h
 *
 * A session of Framebuffer and one of Input belong together if their labels are equal.
 */
#include "plan.h"
#include "wm.h"

int tab_width(int width, guint count)
{
	return MAX(MIN(width / (int)MAX(count, 1), TAB_MAX), 1);
}

Area tile_area(const Tile *tile)
{
	const Wm *wm = tile->wm;
	Frame *frame = layout_frame_of(wm->layout, tile);
	Area area = {0, 0, 0, 0};

	if (!frame || frame_visible(frame) != tile ||
		(layout_zoomed(wm->layout) && frame != layout_focused(wm->layout)))
		return area;
	area = frame_area(frame);
	area.y += BAR_HEIGHT;
	area.height = MAX(area.height - BAR_HEIGHT, 0);
	if (area.x > 0) {
		area.x += LINE;
		area.width = MAX(area.width - LINE, 0);
	}
	return area;
}

Tile *wm_tile_at(const Wm *wm, int x, int y)
{
	Frame *frame = layout_frame_at(wm->layout, x, y);
	Tile *tile = frame ? frame_visible(frame) : NULL;

	return tile && y >= tile_area(tile).y ? tile : NULL;
}

/* ---- drawing ---- */

static void draw_now(void *data)
{
	Wm *wm = data;

	wm->scheduled = false;
	wm_draw(wm);
}

void wm_schedule(Wm *wm)
{
	if (!wm->scheduled)
		maq_loop_defer(maq_env_loop(wm->env), draw_now, wm);
	wm->scheduled = true;
}

void wm_damage(Wm *wm, Area area)
{
	if (!area.width || !area.height)
		return;
	if (wm->n_damage == G_N_ELEMENTS(wm->damage)) {
		wm->redraw = true;
		return;
	}
	wm->damage[wm->n_damage++] = (MaqFramebufferRect){(guint16)area.x,
		(guint16)area.y, (guint16)area.width, (guint16)area.height};
}

static void screen_ready(void *data)
{
	Wm *wm = data;
	int width, height;

	maq_screen_size(wm->screen, &width, &height);
	wm->redraw = wm->redraw || width != wm->width || height != wm->height;
	wm_schedule(wm);
}

/* ---- layout and focus ---- */

void wm_update_focus(Wm *wm)
{
	Tile *tile = frame_visible(layout_focused(wm->layout));
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_LEAVE};

	if (tile == wm->focused)
		return;
	if (wm->focused && wm->focused->seat)
		maq_seat_send(wm->focused->seat, &event);
	wm->focused = tile;
	event.type = MAQ_INPUT_TYPE_FOCUS_ENTER;
	if (tile && tile->seat)
		maq_seat_send(tile->seat, &event);
}

void wm_arrange(Wm *wm)
{
	layout_set_size(wm->layout, wm->width, wm->height);
	for (guint i = 0; i < wm->tiles->len; i++) {
		Tile *tile = wm->tiles->pdata[i];
		Area area = tile_area(tile);

		if (area.width && area.height &&
			(area.width != tile->width || area.height != tile->height))
			maq_view_set_mode(tile->view, area.width, area.height);
		if (area.width && area.height) {
			tile->width = area.width;
			tile->height = area.height;
		}
	}
	wm_update_focus(wm);
	wm->redraw = true;
	wm_schedule(wm);
}

/* ---- clients' pictures ---- */

static MaqSeat *find_seat(const Wm *wm, const char *label)
{
	for (guint i = 0; i < wm->seats->len; i++)
		if (!strcmp(maq_seat_label(wm->seats->pdata[i]), label))
			return wm->seats->pdata[i];
	return NULL;
}

/* In the order of the reservation, whoever comes first; the first one is to be seen. */
static void put_reserved(Frame *frame, Tile *tile)
{
	guint own = frame_reservation(frame, maq_view_label(tile->view)), at = 0;
	const Tile *visible = frame_visible(frame);

	while (at < frame_count(frame)) {
		const Tile *other = frame_client(frame, at);

		if (frame_reservation(frame, maq_view_label(other->view)) > own)
			break;
		at++;
	}
	frame_insert(frame, tile, at);
	if (!visible || at == 0)
		frame_show(frame, at);
}

static void put_tile(Wm *wm, Tile *tile)
{
	Frame *frame = layout_focused(wm->layout);
	Frame *own = layout_reserved(wm->layout, maq_view_label(tile->view));
	bool tab = !strcmp(maq_config_string(wm->env, "new", "split"), "tab");

	if (own) {
		put_reserved(own, tile);
		return;
	}
	if (frame_count(frame)) {
		Frame *empty = layout_empty_frame(wm->layout);
		Area area = frame_area(frame);

		if (empty)
			layout_focus(wm->layout, empty);
		else if (!tab)
			layout_split(wm->layout, area.width >= area.height);
	}
	frame_add(layout_focused(wm->layout), tile);
}

static void view_opened(void *owner, MaqView *view)
{
	Wm *wm = owner;
	Tile *tile = g_new0(Tile, 1);

	tile->wm = wm;
	tile->view = view;
	tile->seat = find_seat(wm, maq_view_label(view));
	maq_view_set_data(view, tile);
	g_ptr_array_add(wm->tiles, tile);
	put_tile(wm, tile);
	wm_arrange(wm);
}

static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);
	Area area = tile_area(tile);

	if (!area.width) {
		maq_view_shown(view); /* hidden: answered at once, drawn later */
		return;
	}
	for (unsigned i = 0; i < frame->n_rects; i++) {
		const MaqFramebufferRect *rect = &frame->rects[i];
		Area part = {area.x + rect->x, area.y + rect->y,
			MIN(rect->width, area.width - rect->x),
			MIN(rect->height, area.height - rect->y)};

		if (part.width > 0 && part.height > 0)
			wm_damage(wm, part);
	}
	if (!wm->n_damage && !wm->redraw)
		maq_view_shown(view);
	wm_schedule(wm);
}

static void view_title(void *owner, MaqView *view, const char *title)
{
	Tile *tile = maq_view_data(view);

	g_free(tile->title);
	tile->title = *title ? g_strdup(title) : NULL;
	wm_arrange(owner);
}

static void view_closed(void *owner, MaqView *view)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);

	layout_remove(wm->layout, tile);
	g_ptr_array_remove(wm->tiles, tile);
	if (wm->focused == tile)
		wm->focused = NULL;
	if (wm->pointer_owner == tile)
		wm->pointer_owner = NULL;
	g_free(tile->title);
	g_free(tile);
	wm_arrange(wm);
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.title = view_title,
	.closed = view_closed,
};

/* ---- clients' input ---- */

static void join_seats(Wm *wm)
{
	for (guint i = 0; i < wm->tiles->len; i++) {
		Tile *tile = wm->tiles->pdata[i];

		tile->seat = find_seat(wm, maq_view_label(tile->view));
	}
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	Wm *wm = owner;
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_ENTER};

	g_ptr_array_add(wm->seats, seat);
	join_seats(wm);
	if (wm->focused && wm->focused->seat == seat)
		maq_seat_send(seat, &event);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	Wm *wm = owner;

	g_ptr_array_remove(wm->seats, seat);
	join_seats(wm);
}

static const MaqSeatOps seat_ops = {.opened = seat_opened, .closed = seat_closed};

/* ---- start ---- */

static void display_lost(void *data)
{
	maq_log(data, "Error: the display has gone, and does not come back");
	maq_exit(data, 1);
}

static bool wm_start(MaqEnv *env, GError **error)
{
	Wm *wm = maq_env_state(env, sizeof *wm);

	wm->env = env;
	wm->tiles = g_ptr_array_new();
	wm->seats = g_ptr_array_new();
	wm->layout = layout_new(1, 1);
	wm->font = maq_font_new(maq_config_string(env, "font", "sans-serif"), 12, error);
	if (!wm->font)
		return false;
	wm->screen = maq_screen_open(env, "", 0, 0, screen_ready, wm, error);
	if (!wm->screen)
		return false;
	wm->events = maq_events_open(env, "", wm_event, wm, error);
	if (!wm->events)
		return false;
	plan_apply(wm->layout, maq_config(env));
	maq_screen_on_lost(wm->screen, display_lost, env);
	maq_screen_size(wm->screen, &wm->width, &wm->height);
	wm_arrange(wm);
	return maq_views_provide(env, &view_ops, wm, error) &&
	       maq_seats_provide(env, &seat_ops, wm, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, wm_start);
}
