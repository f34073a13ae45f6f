// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"

#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon-keysyms.h>

static Keys *keys;

static void check(guint32 keysym, guint16 code, guint32 codepoint, bool shifted)
{
	Key key = keys_find(keys, keysym);

	g_assert_cmpuint(key.code, ==, code);
	g_assert_cmpuint(key.codepoint, ==, codepoint);
	g_assert_cmpint(key.shifted, ==, shifted);
}

static void test_characters(void)
{
	check('a', KEY_A, 'a', false);
	check('A', KEY_A, 'A', true);
	check('1', KEY_1, '1', false);
	check('!', KEY_1, '!', true);
	check('<', KEY_COMMA, '<', true);
	check('|', KEY_BACKSLASH, '|', true);
	check(' ', KEY_SPACE, ' ', false);
}

static void test_controls(void)
{
	check(XKB_KEY_Return, KEY_ENTER, '\r', false);
	check(XKB_KEY_Escape, KEY_ESC, 0x1b, false);
	check(XKB_KEY_BackSpace, KEY_BACKSPACE, '\b', false);
	check(XKB_KEY_ISO_Left_Tab, KEY_TAB, 0, true);
	check(XKB_KEY_F12, KEY_F12, 0, false);
	check(XKB_KEY_Left, KEY_LEFT, 0, false);
	check(XKB_KEY_Control_R, KEY_RIGHTCTRL, 0, false);
	check(XKB_KEY_Super_L, KEY_LEFTMETA, 0, false);
	check(XKB_KEY_KP_Enter, KEY_KPENTER, '\r', false);
	check(XKB_KEY_KP_7, KEY_KP7, '7', true);
}

/* On no key of this layout: the character still arrives. */
static void test_foreign(void)
{
	check(XKB_KEY_adiaeresis, KEY_UNKNOWN, 0xe4, false);
	check(0x1000000 + 0x1f600, KEY_UNKNOWN, 0x1f600, false);
	check(0, KEY_UNKNOWN, 0, false);
	check(G_MAXUINT32, KEY_UNKNOWN, 0, false);
}

static void test_no_layout(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(keys_new("no such layout", &error));
	g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	keys = keys_new("us", NULL);
	if (!keys)
		return 77;
	g_test_add_func("/console/keys/characters", test_characters);
	g_test_add_func("/console/keys/controls", test_controls);
	g_test_add_func("/console/keys/foreign", test_foreign);
	g_test_add_func("/console/keys/no-layout", test_no_layout);
	result = g_test_run();
	keys_free(keys);
	return result;
}
