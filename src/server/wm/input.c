// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input - keys of the window manager itself, and who gets everything else
 *
 * Whoever gets the press of a button keeps the pointer until the last button is released.
 */
#include "wm.h"

#include <linux/input-event-codes.h>

typedef enum {
	MODIFIER_SHIFT = 1,
	MODIFIER_CONTROL = 2,
	MODIFIER_ALT = 4,
	MODIFIER_SUPER = 8
} Modifier;

typedef struct {
	guint16 code;
	unsigned modifiers; /* besides Alt or Super */
	void (*action)(Wm *wm, int argument);
	int argument;
} Binding;

static void focus_side(Wm *wm, int side)
{
	layout_focus_side(wm->layout, (Side)side);
}

static void move_side(Wm *wm, int side)
{
	layout_move(wm->layout, (Side)side);
}

static void resize(Wm *wm, int side)
{
	layout_resize(wm->layout, (Side)side, 32);
}

static void split(Wm *wm, int side_by_side)
{
	layout_split(wm->layout, side_by_side);
}

static void unsplit(Wm *wm, int unused)
{
	(void)unused;
	layout_unsplit(wm->layout);
}

static void zoom(Wm *wm, int unused)
{
	(void)unused;
	layout_toggle_zoom(wm->layout);
}

static void next_tab(Wm *wm, int step)
{
	frame_next_tab(layout_focused(wm->layout), step);
}

/* With Alt or Super; README.md lists them. */
static const Binding bindings[] = {
	{KEY_LEFT, 0, focus_side, SIDE_LEFT},
	{KEY_RIGHT, 0, focus_side, SIDE_RIGHT},
	{KEY_UP, 0, focus_side, SIDE_UP},
	{KEY_DOWN, 0, focus_side, SIDE_DOWN},
	{KEY_LEFT, MODIFIER_SHIFT, move_side, SIDE_LEFT},
	{KEY_RIGHT, MODIFIER_SHIFT, move_side, SIDE_RIGHT},
	{KEY_UP, MODIFIER_SHIFT, move_side, SIDE_UP},
	{KEY_DOWN, MODIFIER_SHIFT, move_side, SIDE_DOWN},
	{KEY_LEFT, MODIFIER_CONTROL, resize, SIDE_LEFT},
	{KEY_RIGHT, MODIFIER_CONTROL, resize, SIDE_RIGHT},
	{KEY_UP, MODIFIER_CONTROL, resize, SIDE_UP},
	{KEY_DOWN, MODIFIER_CONTROL, resize, SIDE_DOWN},
	{KEY_V, 0, split, true},
	{KEY_S, 0, split, false},
	{KEY_X, 0, unsplit, 0},
	{KEY_F, 0, zoom, 0},
	{KEY_TAB, 0, next_tab, 1},
	{KEY_TAB, MODIFIER_SHIFT, next_tab, -1},
};

static unsigned modifier_of(guint16 code)
{
	switch (code) {
	case KEY_LEFTSHIFT:
	case KEY_RIGHTSHIFT:
		return MODIFIER_SHIFT;
	case KEY_LEFTCTRL:
	case KEY_RIGHTCTRL:
		return MODIFIER_CONTROL;
	case KEY_LEFTALT:
		return MODIFIER_ALT;
	case KEY_LEFTMETA:
	case KEY_RIGHTMETA:
		return MODIFIER_SUPER;
	default:
		return 0;
	}
}

static bool run_binding(Wm *wm, guint16 code)
{
	unsigned held = wm->modifiers;

	if (!(held & (MODIFIER_ALT | MODIFIER_SUPER)))
		return false;
	held &= ~(unsigned)(MODIFIER_ALT | MODIFIER_SUPER);
	for (gsize i = 0; i < G_N_ELEMENTS(bindings); i++) {
		const Binding *binding = &bindings[i];

		if (binding->code != code || binding->modifiers != held)
			continue;
		binding->action(wm, binding->argument);
		wm_arrange(wm);
		return true;
	}
	return false;
}

static void send_to(Tile *tile, const MaqInputEvent *event)
{
	MaqInputEvent sent = *event;
	Area area = tile_area(tile);

	if (!tile->seat)
		return;
	sent.x = (gint16)(event->x - area.x);
	sent.y = (gint16)(event->y - area.y);
	sent.mode_serial = maq_view_mode_serial(tile->view);
	maq_seat_send(tile->seat, &sent);
}

/* Keys that are down count as released, and are not pressed again. */
static void release_keys(Wm *wm)
{
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_LEAVE};

	if (!wm->focused || !wm->focused->seat)
		return;
	maq_seat_send(wm->focused->seat, &event);
	event.type = MAQ_INPUT_TYPE_FOCUS_ENTER;
	maq_seat_send(wm->focused->seat, &event);
}

/* A snapshot says what is held; that has been acted on when it was pressed. */
static void restate(Wm *wm, const MaqInputEvent *event)
{
	unsigned modifier = modifier_of(event->code);

	wm->modifiers |= modifier;
	if (modifier && wm->focused)
		send_to(wm->focused, event);
}

static bool is_button(guint16 code)
{
	return code >= BTN_MOUSE && code < BTN_JOYSTICK;
}

static void key(Wm *wm, const MaqInputEvent *event)
{
	unsigned modifier = modifier_of(event->code);

	if (event->type == MAQ_INPUT_TYPE_PRESS)
		wm->modifiers |= modifier;
	else if (event->type == MAQ_INPUT_TYPE_RELEASE)
		wm->modifiers &= ~modifier;
	if (event->type != MAQ_INPUT_TYPE_RELEASE && run_binding(wm, event->code))
		return;
	if (wm->focused)
		send_to(wm->focused, event);
}

/* A click focuses a frame, and on its bar shows a tab. */
static void click_frame(Wm *wm, const MaqInputEvent *event)
{
	Frame *frame = layout_frame_at(wm->layout, event->x, event->y);

	if (!frame)
		return;
	Area area = frame_area(frame);
	layout_focus(wm->layout, frame);
	if (event->y < area.y + BAR_HEIGHT && frame_count(frame))
		frame_show(frame, (guint)((event->x - area.x) /
					  tab_width(area.width, frame_count(frame))));
	wm_arrange(wm);
}

static void button(Wm *wm, const MaqInputEvent *event)
{
	if (event->type == MAQ_INPUT_TYPE_PRESS) {
		if (!wm->buttons) {
			click_frame(wm, event);
			wm->pointer_owner = wm_tile_at(wm, event->x, event->y);
		}
		wm->buttons++;
	}
	if (wm->pointer_owner)
		send_to(wm->pointer_owner, event);
	if (event->type == MAQ_INPUT_TYPE_RELEASE && wm->buttons && !--wm->buttons)
		wm->pointer_owner = NULL;
}

static void pointer(Wm *wm, const MaqInputEvent *event)
{
	Tile *at;

	if (event->type == MAQ_INPUT_TYPE_MOTION) {
		wm->x = event->x;
		wm->y = event->y;
	}
	at = wm->pointer_owner ? wm->pointer_owner : wm_tile_at(wm, wm->x, wm->y);
	for (guint i = 0; i < wm->tiles->len; i++) {
		Tile *tile = wm->tiles->pdata[i];
		MaqInputEvent leave = {.type = MAQ_INPUT_TYPE_HOVER_LEAVE};

		if (tile->hovered && tile != at)
			send_to(tile, &leave);
		tile->hovered = tile == at;
	}
	if (!at)
		return;
	if (event->type == MAQ_INPUT_TYPE_WHEEL && at->seat)
		maq_seat_send(at->seat, event); /* x and y are no position */
	else
		send_to(at, event);
}

void wm_event(void *data, const MaqInputEvent *event)
{
	Wm *wm = data;

	wm->input_seq = event->sequence;
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
	case MAQ_INPUT_TYPE_RELEASE:
	case MAQ_INPUT_TYPE_REPEAT:
		if (wm->restating)
			restate(wm, event);
		else if (is_button(event->code))
			button(wm, event);
		else
			key(wm, event);
		break;
	case MAQ_INPUT_TYPE_MOTION:
	case MAQ_INPUT_TYPE_WHEEL:
		pointer(wm, event);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT:
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		wm->modifiers = 0;
		wm->buttons = 0;
		wm->pointer_owner = NULL;
		wm->restating = event->type == MAQ_INPUT_TYPE_SNAPSHOT;
		release_keys(wm);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT_END:
		wm->restating = false;
		break;
	default:
		break;
	}
}
