// SPDX-License-Identifier: GPL-2.0-or-later
#include "script.h"

#include <glib.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#define MS 1000000u

typedef struct {
	Script *script;
	guint64 time;
} Hand;

static void hand_init(Hand *hand)
{
	*hand = (Hand){script_new(), 0};
}

static void press(Hand *hand, guint32 keysym, bool down)
{
	ScriptAct act = {.kind = MAQ_EVENT_ACT_KIND_KEY, .keysym = keysym, .down = down};

	act.time = hand->time += MS;
	script_act(hand->script, &act);
}

static void type(Hand *hand, guint32 keysym)
{
	press(hand, keysym, true);
	press(hand, keysym, false);
}

static void point(Hand *hand, int x, int y, guint32 buttons)
{
	ScriptAct act = {
		.kind = MAQ_EVENT_ACT_KIND_POINTER, .x = x, .y = y, .buttons = buttons};

	act.time = hand->time += MS;
	script_act(hand->script, &act);
}

static void ends(Hand *hand, const char *expected)
{
	g_assert_cmpstr(script_end(hand->script), ==, expected);
	script_free(hand->script);
}

static void test_types(void)
{
	Hand hand;

	hand_init(&hand);
	type(&hand, 'l');
	press(&hand, XKB_KEY_Shift_L, true);
	type(&hand, 'S');
	press(&hand, XKB_KEY_Shift_L, false);
	type(&hand, 0x1000416); /* a Cyrillic letter, by its code point */
	type(&hand, XKB_KEY_Return);
	script_answered(hand.script);
	type(&hand, 'x');
	ends(&hand, "+ type | enter: yes | : lSЖ\n+ answered\n+ type | : x\n");
}

static void test_keys(void)
{
	Hand hand;

	hand_init(&hand);
	type(&hand, XKB_KEY_Return);
	press(&hand, XKB_KEY_Control_L, true);
	type(&hand, 'c');
	press(&hand, XKB_KEY_Shift_R, true);
	type(&hand, XKB_KEY_Left);
	press(&hand, XKB_KEY_Shift_R, false);
	press(&hand, XKB_KEY_Control_L, false);
	type(&hand, XKB_KEY_ISO_Level3_Shift);
	type(&hand, XKB_KEY_F5);
	ends(&hand, "+ key Return\n+ key Ctrl+c\n+ key Ctrl+Shift+Left\n+ key F5\n");
}

static void test_clicks(void)
{
	Hand hand;

	hand_init(&hand);
	point(&hand, 10, 20, 0);
	point(&hand, 10, 20, 1);
	point(&hand, 11, 20, 0);
	point(&hand, 11, 20, 1);
	point(&hand, 11, 20, 0);
	hand.time += 1000ull * MS; /* no longer a double click */
	point(&hand, 11, 20, 1);
	point(&hand, 11, 20, 0);
	point(&hand, 11, 20, 4);
	point(&hand, 11, 20, 0);
	ends(&hand, "+ click | x: 10 | y: 20 | times: 2\n+ click | x: 11 | y: 20\n"
		    "+ click | x: 11 | y: 20 | button: 3\n");
}

static void test_drags(void)
{
	Hand hand;

	hand_init(&hand);
	point(&hand, 10, 20, 2);
	point(&hand, 50, 20, 2);
	point(&hand, 90, 25, 0);
	script_answered(hand.script);
	ends(&hand, "+ drag | x: 10 | y: 20 | to_x: 90 | to_y: 25 | button: 2\n"
		    "+ answered\n");
}

static void test_wheel(void)
{
	Hand hand;

	hand_init(&hand);
	for (int i = 0; i < 3; i++) {
		point(&hand, 5, 6, 1u << 4);
		point(&hand, 5, 6, 0);
	}
	point(&hand, 5, 6, 1u << 6);
	ends(&hand, "+ scroll | x: 5 | y: 6 | notches: -3\n"
		    "+ scroll | x: 5 | y: 6 | notches: 1 | sideways: yes\n");
}

/* An answer belongs to what was done last, not to what comes next. */
static void test_answers(void)
{
	Hand hand;

	hand_init(&hand);
	type(&hand, 'a');
	script_answered(hand.script);
	type(&hand, 'b');
	script_act(hand.script,
		&(ScriptAct){.kind = MAQ_EVENT_ACT_KIND_RESIZE, .x = 640, .y = 480});
	script_answered(hand.script);
	ends(&hand, "+ type | : ab\n+ resize | width: 640 | height: 480\n+ answered\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/script/types", test_types);
	g_test_add_func("/script/keys", test_keys);
	g_test_add_func("/script/clicks", test_clicks);
	g_test_add_func("/script/drags", test_drags);
	g_test_add_func("/script/wheel", test_wheel);
	g_test_add_func("/script/answers", test_answers);
	return g_test_run();
}
