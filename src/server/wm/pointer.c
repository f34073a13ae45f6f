// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pointer - clicks and drags on borders, tabs and floating tiles; the rest is the
 * clients'
 *
 * Whoever gets the press of a button keeps the pointer until the last button is released.
 * A drag begins when the pointer has gone further than the threshold.
 */
#include "wm.h"

#include <linux/input-event-codes.h>

#define CORNER 18 /* px of a floating tile's corner that resizes it */

void send_to(Tile *tile, const MaqInputEvent *event)
{
	MaqInputEvent sent = *event;

	if (!tile->seat || tile->frozen)
		return;
	sent.x = (gint16)CLAMP(event->x - tile->picture.x, -32767, 32767);
	sent.y = (gint16)CLAMP(event->y - tile->picture.y, -32767, 32767);
	sent.mode_serial = maq_view_mode_serial(tile->view);
	upstream_pass(tile, &sent);
}

static bool contains(Area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.width &&
	       y < area.y + area.height;
}

/* Whose picture is there; NULL: ours, or nobody's. */
static Tile *tile_at(const Wm *wm, int x, int y)
{
	const Place *place = overlay_shown(wm) ? NULL : place_at(wm, x, y);
	Tile *tile = place ? tile_by_id(wm, place->client) : NULL;

	return tile && contains(tile_seen(tile), x, y) ? tile : NULL;
}

/* ---- what a press begins ---- */

static void begin(Wm *wm, DragKind kind, ClientId client)
{
	if (!wm->settings.drag)
		return;
	wm->drag.kind = kind;
	wm->drag.client = client;
	layout_float_area(wm->layout, client, &wm->drag.area);
}

static bool press_border(Wm *wm, const Place *place)
{
	int slack = wm->settings.gap / 2 + wm->settings.border + 1;
	bool side_by_side;

	if (place && place->kind != PLACE_FRAME)
		return false;
	wm->drag.split = layout_border_at(wm->layout, wm->x, wm->y, slack, &side_by_side);
	if (wm->drag.split)
		begin(wm, DRAG_BORDER, 0);
	return wm->drag.split != 0;
}

static void focus_place(Wm *wm, const Place *place)
{
	if (place->kind == PLACE_FRAME)
		layout_focus(wm->layout, place->frame);
	else if (place->kind == PLACE_FLOAT)
		layout_focus_client(wm->layout, place->client);
}

static void press_bar(Wm *wm, const Place *place, const Decor *decor)
{
	guint i = decor_tab_at(decor, wm->x);
	ClientId client = place_tab(place, i);

	if (place->kind == PLACE_FLOAT) {
		begin(wm, DRAG_MOVE, place->client);
		return;
	}
	if (!client)
		return;
	frame_show(place->frame, i);
	begin(wm, DRAG_TAB, client);
}

static bool is_corner(const Wm *wm, Area area)
{
	return wm->x >= area.x + area.width - CORNER &&
	       wm->y >= area.y + area.height - CORNER;
}

/* With the modifier of the window manager the whole tile is a handle. */
static bool press_handle(Wm *wm, const Place *place, guint16 button, const Decor *decor)
{
	bool held = wm->modifiers == keymap_mod(wm->keymap);
	bool inside = contains(decor->content, wm->x, wm->y);

	if (place->kind == PLACE_FRAME && held && button == BTN_LEFT && place->client) {
		begin(wm, DRAG_TAB, place->client);
		return true;
	}
	if (place->kind != PLACE_FLOAT)
		return false;
	if ((held && button == BTN_RIGHT) || (!inside && is_corner(wm, decor->outer)))
		begin(wm, DRAG_SIZE, place->client);
	else if (held && button == BTN_LEFT)
		begin(wm, DRAG_MOVE, place->client);
	else
		return false;
	return true;
}

static void press(Wm *wm, const MaqInputEvent *event)
{
	const Place *place = place_at(wm, wm->x, wm->y);

	wm->drag = (Drag){.x = wm->x, .y = wm->y};
	if (overlay_shown(wm)) {
		prompt_close(&wm->prompt);
		wm->help = false;
		wm_panel(wm);
		return;
	}
	if (!place)
		return;
	Decor decor = decor_of(wm, place);
	bool inside = contains(decor.content, wm->x, wm->y);
	if (!inside && !contains(decor.bar, wm->x, wm->y) && press_border(wm, place))
		return;
	focus_place(wm, place);
	if (!press_handle(wm, place, event->code, &decor)) {
		if (contains(decor.bar, wm->x, wm->y))
			press_bar(wm, place, &decor);
		else if (inside)
			wm->pointer_owner = tile_at(wm, wm->x, wm->y);
	}
	wm_arrange(wm);
}

/* ---- what a drag does ---- */

static void drag_on(Wm *wm)
{
	Drag *drag = &wm->drag;
	int dx = wm->x - drag->x, dy = wm->y - drag->y;
	Area area = drag->area;

	switch (drag->kind) {
	case DRAG_BORDER:
		layout_drag_border(wm->layout, drag->split, wm->x, wm->y);
		break;
	case DRAG_MOVE:
		area.x += dx;
		area.y += dy;
		layout_set_float(wm->layout, drag->client, area);
		break;
	case DRAG_SIZE:
		area.width += dx;
		area.height += dy;
		layout_set_float(wm->layout, drag->client, area);
		break;
	default:
		wm_redraw(wm); /* where the tab would go */
		return;
	}
	wm_arrange(wm);
}

static void drag_motion(Wm *wm)
{
	Drag *drag = &wm->drag;
	int far = MAX(ABS(wm->x - drag->x), ABS(wm->y - drag->y));

	if (!drag->begun && far < wm->settings.threshold)
		return;
	if (!drag->begun)
		layout_begin_gesture(wm->layout);
	drag->begun = true;
	drag_on(wm);
}

static void drop_tab(Wm *wm)
{
	const Place *place = place_at(wm, wm->x, wm->y);
	guint i = G_MAXUINT;

	if (!place || place->kind != PLACE_FRAME)
		return;
	Decor decor = decor_of(wm, place);
	if (contains(decor.bar, wm->x, wm->y))
		i = decor_tab_at(&decor, wm->x);
	/* a tab that goes to the right takes the place behind that one */
	guint own = G_MAXUINT;
	for (guint j = 0; j < place_tabs(place); j++)
		if (place_tab(place, j) == wm->drag.client)
			own = j;
	if (own != G_MAXUINT && i != G_MAXUINT && i > own)
		i++;
	Frame *frame = place->frame;
	layout_move_to(wm->layout, wm->drag.client, frame, i);
	layout_focus(wm->layout, frame);
}

void drag_end(Wm *wm)
{
	bool begun = wm->drag.begun;

	if (begun && wm->drag.kind == DRAG_TAB)
		drop_tab(wm);
	if (begun)
		layout_end_gesture(wm->layout);
	wm->drag = (Drag){0};
	if (begun)
		wm_arrange(wm);
}

/* ---- events ---- */

void pointer_button(Wm *wm, const MaqInputEvent *event)
{
	wm->x = event->x;
	wm->y = event->y;
	if (event->type == MAQ_INPUT_TYPE_PRESS) {
		if (!wm->buttons++)
			press(wm, event);
	}
	if (wm->pointer_owner)
		send_to(wm->pointer_owner, event);
	if (event->type != MAQ_INPUT_TYPE_RELEASE || !wm->buttons || --wm->buttons)
		return;
	wm->pointer_owner = NULL;
	drag_end(wm);
}

/* Turned on a bar, the wheel shows one tab after the other. */
static bool wheel_on_bar(Wm *wm, const MaqInputEvent *event)
{
	const Place *place = overlay_shown(wm) ? NULL : place_at(wm, wm->x, wm->y);

	if (!place || place->kind != PLACE_FRAME ||
		!contains(decor_of(wm, place).bar, wm->x, wm->y) || !event->y)
		return false;
	frame_next_tab(place->frame, event->y > 0 ? -1 : 1);
	wm_arrange(wm);
	return true;
}

/* With the modifier of the window manager, the wheel moves a picture in its tile. */
static bool wheel_pans(Wm *wm, Tile *tile, const MaqInputEvent *event)
{
	if (!tile || wm->modifiers != keymap_mod(wm->keymap))
		return false;
	return tile_pan(tile, event->x / 3, -event->y / 3);
}

static void hover(Wm *wm, Tile *tile)
{
	MaqInputEvent leave = {.type = MAQ_INPUT_TYPE_HOVER_LEAVE};

	if (wm->hovered && wm->hovered != tile)
		send_to(wm->hovered, &leave);
	wm->hovered = tile;
}

void pointer_motion(Wm *wm, const MaqInputEvent *event)
{
	Tile *tile;

	if (event->type == MAQ_INPUT_TYPE_MOTION) {
		wm->x = event->x;
		wm->y = event->y;
		if (wm->drag.kind) {
			drag_motion(wm);
			return;
		}
	}
	tile = wm->pointer_owner ? wm->pointer_owner : tile_at(wm, wm->x, wm->y);
	hover(wm, tile);
	if (event->type == MAQ_INPUT_TYPE_WHEEL &&
		(wheel_on_bar(wm, event) || wheel_pans(wm, tile, event)))
		return;
	if (!tile)
		return;
	if (event->type == MAQ_INPUT_TYPE_WHEEL && tile->seat && !tile->frozen)
		upstream_pass(tile, event); /* x and y are no position */
	else if (event->type == MAQ_INPUT_TYPE_MOTION)
		send_to(tile, event);
}

void pointer_leave(Wm *wm)
{
	if (!wm->pointer_owner)
		hover(wm, NULL);
}

/* A finger belongs to the tile that it has touched first. */
void pointer_touch(Wm *wm, const MaqInputEvent *event)
{
	bool lifted = event->type == MAQ_INPUT_TYPE_TOUCH_RELEASE;
	Tile **owner;

	if (event->code >= G_N_ELEMENTS(wm->touched))
		return;
	owner = &wm->touched[event->code];
	if (!*owner && !lifted)
		*owner = tile_at(wm, event->x, event->y);
	if (*owner)
		send_to(*owner, event);
	if (lifted)
		*owner = NULL;
}
