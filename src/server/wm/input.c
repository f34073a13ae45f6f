// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input - keys of the window manager itself, and who gets everything else
 *
 * A key whose press was ours is ours until its release.
 */
#include "wm.h"

#include <linux/input-event-codes.h>

/* ---- focus ---- */

static void tell_focus(Tile *tile, MaqInputType type)
{
	MaqInputEvent event = {.type = type};

	if (tile && tile->seat && !tile->frozen)
		maq_seat_send(tile->seat, &event);
}

void wm_update_focus(Wm *wm)
{
	Tile *tile = focused_tile(wm);

	if (tile == wm->focused)
		return;
	if (wm->exclusive && wm->exclusive != tile)
		upstream_end_exclusive(wm, true);
	tell_focus(wm->focused, MAQ_INPUT_TYPE_FOCUS_LEAVE);
	wm->focused = tile;
	tell_focus(tile, MAQ_INPUT_TYPE_FOCUS_ENTER);
	layout_note_focus(wm->layout);
	if (tile)
		tile->urgent = false;
	control_tell(wm, "focus %s", tile ? tile->label : "");
}

void input_forget(Wm *wm, Tile *tile)
{
	if (wm->focused == tile)
		wm->focused = NULL;
	if (wm->pointer_owner == tile)
		wm->pointer_owner = NULL;
	if (wm->hovered == tile)
		wm->hovered = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(wm->touched); i++)
		if (wm->touched[i] == tile)
			wm->touched[i] = NULL;
	if (wm->exclusive == tile)
		upstream_end_exclusive(wm, false);
	if (wm->drag.client == tile->id && wm->drag.kind) {
		if (wm->drag.begun)
			layout_end_gesture(wm->layout);
		wm->drag = (Drag){0};
	}
}

/* Keys that are down count as released, and are not pressed again. */
static void release_keys(Wm *wm)
{
	tell_focus(wm->focused, MAQ_INPUT_TYPE_FOCUS_LEAVE);
	tell_focus(wm->focused, MAQ_INPUT_TYPE_FOCUS_ENTER);
}

/* A snapshot says what is held; that has been acted on when it was pressed. */
static void restate(Wm *wm, const MaqInputEvent *event)
{
	unsigned modifier = keymap_modifier_of(event->code);

	wm->modifiers |= modifier;
	if (modifier && wm->focused)
		send_to(wm->focused, event);
}

/* ---- the prompt ---- */

static void offer(Wm *wm)
{
	prompt_offer(&wm->prompt, actions_complete(wm, wm->prompt.text->str));
	wm_panel(wm);
}

static void answer(Wm *wm)
{
	g_autofree char *choice = prompt_choice(&wm->prompt);
	bool run = !g_strcmp0(wm->prompt.command, "run");
	g_autofree char *quoted = choice ? g_shell_quote(choice) : NULL;
	g_autofree char *line = run ? g_strdup(choice)
				    : g_strconcat(wm->prompt.command, " ", quoted, NULL);

	prompt_close(&wm->prompt);
	wm_panel(wm);
	g_autofree char *problem = choice ? actions_run(wm, line) : NULL;
	if (problem)
		wm_say(wm, problem);
	wm_arrange(wm);
}

static void prompt_key(Wm *wm, const MaqInputEvent *event)
{
	Prompt *prompt = &wm->prompt;
	bool control = wm->modifiers & MODIFIER_CONTROL;

	switch (event->code) {
	case KEY_ESC:
		prompt_close(prompt);
		wm_panel(wm);
		return;
	case KEY_ENTER:
	case KEY_KPENTER:
		answer(wm);
		return;
	case KEY_TAB:
		prompt_complete(prompt);
		break;
	case KEY_UP:
	case KEY_DOWN:
		prompt_select(prompt, event->code == KEY_UP ? -1 : 1);
		break;
	case KEY_BACKSPACE:
		prompt_erase(prompt, control);
		break;
	default:
		if (control && event->code == KEY_U)
			prompt_erase(prompt, true);
		else if (!(wm->modifiers & ~(unsigned)MODIFIER_SHIFT))
			prompt_type(prompt, event->codepoint);
	}
	offer(wm);
}

/* ---- keys ---- */

static bool run_binding(Wm *wm, guint16 code)
{
	const Binding *binding = keymap_find(wm->keymap, wm->mode, code, wm->modifiers);

	if (!binding)
		return false;
	g_autofree char *command = g_strdup(binding->command);
	g_free(actions_run(wm, command)); /* at an edge, say: the user sees it */
	return true;
}

/* Whether the press (or its repetition) is not for clients. */
static bool is_ours(Wm *wm, const MaqInputEvent *event)
{
	bool modifier = keymap_modifier_of(event->code) != 0;

	if (prompt_shown(&wm->prompt)) {
		if (!modifier)
			prompt_key(wm, event);
		return true;
	}
	if (wm->help && !modifier) {
		wm->help = false;
		wm_panel(wm);
		return true;
	}
	return run_binding(wm, event->code) ||
	       (!modifier && strcmp(wm->mode, KEYMAP_NORMAL));
}

static void to_clients(Wm *wm, const MaqInputEvent *event)
{
	GHashTableIter iter;
	gpointer value;

	if (!wm->focused)
		return;
	send_to(wm->focused, event);
	if (!wm->focused->broadcast)
		return;
	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Tile *tile = value;

		if (tile->broadcast && tile != wm->focused)
			send_to(tile, event);
	}
}

static bool take_swallowed(Wm *wm, guint16 code)
{
	guint8 bit = (guint8)(1u << code % 8);
	bool was = wm->swallowed[code / 8] & bit;

	wm->swallowed[code / 8] &= (guint8)~bit;
	return was;
}

static void key(Wm *wm, const MaqInputEvent *event)
{
	unsigned modifier = keymap_modifier_of(event->code);
	guint16 code = event->code;

	if (code >= sizeof wm->swallowed * 8)
		return;
	if (event->type == MAQ_INPUT_TYPE_RELEASE) {
		wm->modifiers &= ~modifier;
		if (!take_swallowed(wm, code))
			to_clients(wm, event);
		return;
	}
	/* of a modifier itself, only others count */
	if (is_ours(wm, event))
		wm->swallowed[code / 8] |= (guint8)(1u << code % 8);
	else
		to_clients(wm, event);
	wm->modifiers |= modifier;
}

static bool is_button(guint16 code)
{
	return code >= BTN_MOUSE && code < BTN_JOYSTICK;
}

static void forget_pressed(Wm *wm)
{
	wm->modifiers = 0;
	wm->buttons = 0;
	wm->pointer_owner = NULL;
	memset(wm->touched, 0, sizeof wm->touched);
	if (wm->drag.begun)
		layout_end_gesture(wm->layout);
	wm->drag = (Drag){0};
	memset(wm->swallowed, 0, sizeof wm->swallowed);
	release_keys(wm);
}

void wm_event(void *data, const MaqInputEvent *told)
{
	Head *head = data;
	Wm *wm = head->wm;
	MaqInputEvent moved = *told;
	const MaqInputEvent *event = &moved;

	upstream_begin(head, told->sequence);
	if (told->type != MAQ_INPUT_TYPE_WHEEL && told->type != MAQ_INPUT_TYPE_AXIS) {
		moved.x = (gint16)CLAMP(told->x + head->area.x, -32767, 32767);
		moved.y = (gint16)CLAMP(told->y + head->area.y, -32767, 32767);
	}
	if (upstream_takes(wm, told)) {
		upstream_end(head, told->sequence);
		return;
	}
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
	case MAQ_INPUT_TYPE_RELEASE:
	case MAQ_INPUT_TYPE_REPEAT:
		if (wm->restating)
			restate(wm, event);
		else if (is_button(event->code))
			pointer_button(wm, event);
		else
			key(wm, event);
		break;
	case MAQ_INPUT_TYPE_MOTION:
	case MAQ_INPUT_TYPE_WHEEL:
		pointer_motion(wm, event);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT:
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		wm->restating = event->type == MAQ_INPUT_TYPE_SNAPSHOT;
		forget_pressed(wm);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT_END:
		wm->restating = false;
		break;
	case MAQ_INPUT_TYPE_TOUCH:
	case MAQ_INPUT_TYPE_TOUCH_RELEASE:
		pointer_touch(wm, event);
		break;
	case MAQ_INPUT_TYPE_HOVER_LEAVE:
		pointer_leave(wm);
		break;
	case MAQ_INPUT_TYPE_AXIS:
		if (wm->focused && wm->focused->seat && !wm->focused->frozen)
			upstream_pass(wm->focused, told);
		break;
	default:
		break;
	}
	upstream_end(head, told->sequence);
}
