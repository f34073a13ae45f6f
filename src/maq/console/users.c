// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * users - what users do becomes events of Input
 */
#include "internal.h"

#include <maq/event.h>

#define NOTCH 120 /* units of the wheel */

static bool is_button(guint16 code)
{
	return code >= BTN_MISC && code < KEY_OK;
}

/* Buttons say where. */
static MaqInputEvent event_of(const MaqConsole *console, guint16 code)
{
	MaqInputEvent event = {.code = code};

	if (is_button(code) && !console->exclusive) {
		event.x = (gint16)console->x;
		event.y = (gint16)console->y;
	}
	return event;
}

/* ---- what Event tells of it ---- */

static void tell_key(const MaqConsole *console, guint32 keysym, bool down)
{
	capture_acted(console,
		(Act){.kind = MAQ_EVENT_ACT_KIND_KEY, .keysym = keysym, .down = down});
}

/* All users' buttons: who presses them matters to nobody. */
static void tell_pointer(const MaqConsole *console, unsigned wheel)
{
	static const guint16 codes[] = {BTN_LEFT, BTN_MIDDLE, BTN_RIGHT};
	Act act = {.kind = MAQ_EVENT_ACT_KIND_POINTER,
		.x = console->x,
		.y = console->y,
		.buttons = wheel};

	for (unsigned bit = 0; bit < G_N_ELEMENTS(codes); bit++)
		if (console->held.by[codes[bit]])
			act.buttons |= 1u << bit;
	capture_acted(console, act);
}

/* ---- keys and buttons ---- */

static void press(MaqConsole *console, unsigned user, guint16 code, guint32 codepoint)
{
	MaqInputEvent event = event_of(console, code);
	bool first = held_press(&console->held, user, code);

	if (!first && is_button(code))
		return;
	event.type = first ? MAQ_INPUT_TYPE_PRESS : MAQ_INPUT_TYPE_REPEAT;
	event.codepoint = codepoint;
	console_send(console, event);
	if (is_button(code))
		tell_pointer(console, 0);
	else if (first)
		keys_update(console->all->keys, code, true);
}

void maq_console_press(MaqConsole *console, unsigned user, guint16 code)
{
	if (code >= KEY_CNT)
		return;
	if (!is_button(code))
		tell_key(console, keys_keysym(console->all->keys, code), true);
	press(console, user, code,
		is_button(code) ? 0 : keys_codepoint(console->all->keys, code));
}

static void release(MaqConsole *console, unsigned user, guint16 code)
{
	MaqInputEvent event;

	if (!held_release(&console->held, user, code))
		return;
	event = event_of(console, code);
	event.type = MAQ_INPUT_TYPE_RELEASE;
	console_send(console, event);
	if (is_button(code))
		tell_pointer(console, 0);
	else
		keys_update(console->all->keys, code, false);
}

void maq_console_release(MaqConsole *console, unsigned user, guint16 code)
{
	if (code >= KEY_CNT)
		return;
	if (!is_button(code))
		tell_key(console, keys_keysym(console->all->keys, code), false);
	release(console, user, code);
}

void maq_console_keysym(MaqConsole *console, unsigned user, guint32 keysym, bool down)
{
	Key key = keys_find(console->all->keys, keysym);

	tell_key(console, keysym, down);
	if (down)
		press(console, user, key.code, key.codepoint);
	/* one code for many characters: each is over at once */
	if (!down || key.code == KEY_UNKNOWN)
		release(console, user, key.code);
}

void maq_console_key(
	MaqConsole *console, unsigned user, guint16 code, guint32 keysym, bool down)
{
	if (!code || code >= KEY_CNT || is_button(code)) {
		maq_console_keysym(console, user, keysym, down);
		return;
	}
	tell_key(console, keysym, down);
	if (down)
		press(console, user, code,
			keys_find(console->all->keys, keysym).codepoint);
	else
		release(console, user, code);
}

guint maq_console_leds(const MaqConsole *console)
{
	return keys_leds(console->all->keys);
}

void maq_console_gone(MaqConsole *console, unsigned user)
{
	for (guint16 code = 0; code < KEY_CNT; code++)
		if (held_has(&console->held, user, code))
			maq_console_release(console, user, code);
	console->buttons[user] = 0;
}

/* ---- the pointer ---- */

void maq_console_motion(MaqConsole *console, int x, int y)
{
	x = CLAMP(x, 0, console->width - 1);
	y = CLAMP(y, 0, console->height - 1);
	if (x == console->x && y == console->y)
		return;
	if (console->exclusive)
		maq_console_relative(console, x - console->x, y - console->y);
	else
		console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_MOTION,
					      .x = (gint16)x,
					      .y = (gint16)y});
	console->x = x;
	console->y = y;
	tell_pointer(console, 0);
}

void maq_console_relative(MaqConsole *console, int x, int y)
{
	if (console->exclusive && (x || y))
		console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_RELATIVE,
					      .x = (gint16)CLAMP(x, -32767, 32767),
					      .y = (gint16)CLAMP(y, -32767, 32767)});
}

bool maq_console_is_exclusive(const MaqConsole *console)
{
	return console->exclusive != NULL;
}

void maq_console_end_exclusive(MaqConsole *console)
{
	MaqSeat *seat = console->exclusive;

	console_free_pointer(console);
	if (seat)
		maq_seat_exclusive_ended(seat);
}

void maq_console_wheel(MaqConsole *console, int x, int y)
{
	if (!x && !y)
		return;
	console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_WHEEL,
				      .x = (gint16)CLAMP(x, -32767, 32767),
				      .y = (gint16)CLAMP(y, -32767, 32767)});
	tell_pointer(console, (y > 0 ? 1u << 3 : 0) | (y < 0 ? 1u << 4 : 0) |
				      (x < 0 ? 1u << 5 : 0) | (x > 0 ? 1u << 6 : 0));
}

void maq_console_touch(MaqConsole *console, guint16 finger, int x, int y, bool down)
{
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_TOUCH_RELEASE, .code = finger};

	if (down) {
		event.type = MAQ_INPUT_TYPE_TOUCH;
		event.x = (gint16)CLAMP(x, 0, console->width - 1);
		event.y = (gint16)CLAMP(y, 0, console->height - 1);
	}
	console_send(console, event);
}

void maq_console_leave(MaqConsole *console)
{
	console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_HOVER_LEAVE});
}

/* Bits 3 to 6 of RFB's buttons: a press is one notch up, down, left, right. */
static void turn_wheel(MaqConsole *console, unsigned pressed)
{
	int x = (int)(pressed >> 6 & 1) - (int)(pressed >> 5 & 1);
	int y = (int)(pressed >> 3 & 1) - (int)(pressed >> 4 & 1);

	maq_console_wheel(console, x * NOTCH, y * NOTCH);
}

void maq_console_pointer(
	MaqConsole *console, unsigned user, int x, int y, unsigned buttons)
{
	static const guint16 codes[9] = {[0] = BTN_LEFT,
		[1] = BTN_MIDDLE,
		[2] = BTN_RIGHT,
		[7] = BTN_SIDE,
		[8] = BTN_EXTRA};
	unsigned changed = buttons ^ console->buttons[user];

	maq_console_motion(console, x, y);
	console->buttons[user] = buttons;
	for (unsigned bit = 0; bit < G_N_ELEMENTS(codes); bit++) {
		if (!codes[bit] || !(changed >> bit & 1))
			continue;
		if (buttons >> bit & 1)
			maq_console_press(console, user, codes[bit]);
		else
			maq_console_release(console, user, codes[bit]);
	}
	turn_wheel(console, changed & buttons);
}

/* ---- focus ---- */

void maq_console_focus(MaqConsole *console, bool focused)
{
	if (focused == console->focused)
		return;
	if (focused) {
		console->focused = true;
		console_enter(console);
		return;
	}
	maq_console_end_exclusive(console);
	console_leave(console);
	console->focused = false;
}
