// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keyboard - which events type something, and with which modifiers
 */
#ifndef TERMINAL_KEYBOARD_H
#define TERMINAL_KEYBOARD_H

#include <maq/input.h>

typedef enum {
	KEYBOARD_SHIFT = 1,
	KEYBOARD_ALT = 2,
	KEYBOARD_CONTROL = 4
} KeyboardModifier; /* as libvterm's */

typedef struct {
	guint8 held;        /* a bit for each key that modifies */
	bool restating;     /* within a snapshot: what is held has been typed before */
	unsigned modifiers; /* KeyboardModifier, of held */
} Keyboard;

/* Follows each event of the Input session. True: event->code is a key that types. */
bool keyboard_follow(Keyboard *keyboard, const MaqInputEvent *event);

#endif
