// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyboard.h"

#include <linux/input-event-codes.h>

static const struct {
	guint16 code;
	unsigned modifier;
} modifiers[] = {
	{KEY_LEFTSHIFT, KEYBOARD_SHIFT},
	{KEY_RIGHTSHIFT, KEYBOARD_SHIFT},
	{KEY_LEFTALT, KEYBOARD_ALT},
	{KEY_LEFTCTRL, KEYBOARD_CONTROL},
	{KEY_RIGHTCTRL, KEYBOARD_CONTROL},
};

/* True: the key modifies others. */
static bool follow_modifier(Keyboard *keyboard, guint16 code, bool down)
{
	bool found = false;

	keyboard->modifiers = 0;
	for (guint i = 0; i < G_N_ELEMENTS(modifiers); i++) {
		guint8 bit = (guint8)(1u << i);

		if (modifiers[i].code == code) {
			found = true;
			keyboard->held &= (guint8)~bit;
			keyboard->held |= down ? bit : 0;
		}
		if (keyboard->held & bit)
			keyboard->modifiers |= modifiers[i].modifier;
	}
	return found;
}

static bool is_key(guint16 code)
{
	return code < BTN_MISC || code >= KEY_OK;
}

bool keyboard_follow(Keyboard *keyboard, const MaqInputEvent *event)
{
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
		return !follow_modifier(keyboard, event->code, true) &&
		       is_key(event->code) && !keyboard->restating;
	case MAQ_INPUT_TYPE_REPEAT:
		return !follow_modifier(keyboard, event->code, true) &&
		       is_key(event->code);
	case MAQ_INPUT_TYPE_RELEASE:
		follow_modifier(keyboard, event->code, false);
		return false;
	case MAQ_INPUT_TYPE_SNAPSHOT:
		*keyboard = (Keyboard){.restating = true};
		return false;
	case MAQ_INPUT_TYPE_SNAPSHOT_END:
		keyboard->restating = false;
		return false;
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		*keyboard = (Keyboard){.restating = keyboard->restating};
		return false;
	default:
		return false;
	}
}
