// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyboard.h"

#include <linux/input-event-codes.h>

static bool follow(Keyboard *keyboard, MaqInputType type, guint16 code)
{
	return keyboard_follow(keyboard, &(MaqInputEvent){.type = type, .code = code});
}

static void types(void)
{
	Keyboard k = {0};

	g_assert_true(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_A));
	g_assert_true(follow(&k, MAQ_INPUT_TYPE_REPEAT, KEY_A));
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_RELEASE, KEY_A));
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, BTN_LEFT));
}

static void modifies(void)
{
	Keyboard k = {0};

	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_LEFTSHIFT));
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_RIGHTSHIFT));
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_LEFTCTRL));
	g_assert_cmpuint(k.modifiers, ==, KEYBOARD_SHIFT | KEYBOARD_CONTROL);
	follow(&k, MAQ_INPUT_TYPE_RELEASE, KEY_LEFTSHIFT);
	g_assert_cmpuint(k.modifiers, ==, KEYBOARD_SHIFT | KEYBOARD_CONTROL);
	follow(&k, MAQ_INPUT_TYPE_FOCUS_LEAVE, 0);
	g_assert_cmpuint(k.modifiers, ==, 0);
}

static void snapshot_types_nothing(void)
{
	Keyboard k = {0};

	follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_LEFTALT);
	follow(&k, MAQ_INPUT_TYPE_SNAPSHOT, 0);
	follow(&k, MAQ_INPUT_TYPE_FOCUS_ENTER, 0);
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_LEFTCTRL));
	g_assert_false(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_A));
	follow(&k, MAQ_INPUT_TYPE_SNAPSHOT_END, 0);
	g_assert_cmpuint(k.modifiers, ==, KEYBOARD_CONTROL);
	g_assert_true(follow(&k, MAQ_INPUT_TYPE_REPEAT, KEY_A));
	g_assert_true(follow(&k, MAQ_INPUT_TYPE_PRESS, KEY_B));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/keyboard/types", types);
	g_test_add_func("/terminal/keyboard/modifies", modifies);
	g_test_add_func("/terminal/keyboard/snapshot", snapshot_types_nothing);
	return g_test_run();
}
