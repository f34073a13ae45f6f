// SPDX-License-Identifier: GPL-2.0-or-later
#include "script.h"

#include <string.h>
#include <xkbcommon/xkbcommon.h>

#define DOUBLE_NS 400000000u /* between two clicks that are one double click */
#define NEAR      4          /* px: a hand that trembles does not drag */

#define BUTTONS 0x07u /* of RFC 6143, 7.5.5: left, middle, right */
#define WHEEL   0x78u /* up, down, left, right */

/* What is collected into one step. */
typedef enum { NOTHING, TYPING, KEY, CLICKING, SCROLLING } Doing;

struct Script {
	GString *out;    /* owned */
	GString *text;   /* owned: what is being typed, or the step as a line */
	GPtrArray *held; /* owned, of keysyms: modifiers that are down */
	Doing doing;
	bool answered;
	/* a click or the wheel */
	gint32 x, y;
	guint32 buttons, pressed;
	unsigned times;
	int notches;
	guint64 released; /* ns */
};

Script *script_new(void)
{
	Script *script = g_new0(Script, 1);

	script->out = g_string_new(NULL);
	script->text = g_string_new(NULL);
	script->held = g_ptr_array_new();
	return script;
}

void script_free(Script *script)
{
	if (!script)
		return;
	g_string_free(script->out, TRUE);
	g_string_free(script->text, TRUE);
	g_ptr_array_unref(script->held);
	g_free(script);
}

/* ---- steps ---- */

static unsigned number_of(guint32 button)
{
	unsigned number = 1;

	for (; button > 1; button >>= 1)
		number++;
	return number;
}

static void write_click(Script *script)
{
	g_string_append_printf(
		script->out, "+ click | x: %d | y: %d", script->x, script->y);
	if (script->pressed != 1)
		g_string_append_printf(
			script->out, " | button: %u", number_of(script->pressed));
	if (script->times > 1)
		g_string_append_printf(script->out, " | times: %u", script->times);
	g_string_append_c(script->out, '\n');
}

static void write_scroll(Script *script)
{
	bool sideways = script->pressed & (3u << 5);

	g_string_append_printf(script->out, "+ scroll | x: %d | y: %d | notches: %d%s\n",
		script->x, script->y, script->notches,
		sideways ? " | sideways: yes" : "");
}

/* The step that is under way is done. */
static void flush(Script *script)
{
	Doing doing = script->doing;

	script->doing = NOTHING;
	if (doing == NOTHING)
		return;
	if (doing == TYPING)
		g_string_append_printf(script->out, "+ type | : %s\n", script->text->str);
	else if (doing == KEY)
		g_string_append_printf(script->out, "%s\n", script->text->str);
	else if (doing == CLICKING)
		write_click(script);
	else
		write_scroll(script);
	if (script->answered)
		g_string_append(script->out, "+ answered\n");
	g_string_truncate(script->text, 0);
}

static void begin(Script *script, Doing doing)
{
	flush(script);
	script->doing = doing;
	script->answered = false;
}

/* ---- keys ---- */

static const char *modifier_name(guint32 keysym)
{
	switch (keysym) {
	case XKB_KEY_Control_L:
	case XKB_KEY_Control_R:
		return "Ctrl";
	case XKB_KEY_Alt_L:
	case XKB_KEY_Meta_L:
		return "Alt";
	case XKB_KEY_Super_L:
	case XKB_KEY_Super_R:
		return "Super";
	case XKB_KEY_Shift_L:
	case XKB_KEY_Shift_R:
		return "Shift";
	default:
		return NULL;
	}
}

/* Is a modifier of no character, such as AltGr, which the character tells already. */
static bool is_silent(guint32 keysym)
{
	return keysym == XKB_KEY_ISO_Level3_Shift || keysym == XKB_KEY_Mode_switch ||
	       keysym == XKB_KEY_Caps_Lock || keysym == XKB_KEY_Num_Lock ||
	       keysym == XKB_KEY_Alt_R || keysym == XKB_KEY_NoSymbol;
}

static bool is_held(const Script *script, const char *name)
{
	for (guint i = 0; i < script->held->len; i++)
		if (!strcmp(modifier_name(GPOINTER_TO_UINT(script->held->pdata[i])),
			    name))
			return true;
	return false;
}

static void hold(Script *script, guint32 keysym, bool down)
{
	g_ptr_array_remove(script->held, GUINT_TO_POINTER(keysym));
	if (down)
		g_ptr_array_add(script->held, GUINT_TO_POINTER(keysym));
}

static void add_combination(Script *script, guint32 keysym, bool is_character)
{
	static const char *const order[] = {"Ctrl", "Alt", "Super", "Shift"};
	char name[64] = "";

	begin(script, KEY);
	g_string_assign(script->text, "+ key ");
	/* the character has its Shift in it */
	for (gsize i = 0; i < G_N_ELEMENTS(order) - is_character; i++)
		if (is_held(script, order[i]))
			g_string_append_printf(script->text, "%s+", order[i]);
	xkb_keysym_get_name(keysym, name, sizeof name);
	g_string_append(script->text, name);
}

static void press(Script *script, guint32 keysym)
{
	guint32 character = xkb_keysym_to_utf32(keysym);
	bool printable = character >= 0x20 && character != 0x7f,
	     combined = is_held(script, "Ctrl") || is_held(script, "Alt") ||
			is_held(script, "Super");

	if (is_silent(keysym))
		return;
	if (keysym == XKB_KEY_Return && script->doing == TYPING && !combined) {
		g_string_prepend(script->text, "+ type | enter: yes | : ");
		script->doing = KEY;
		script->answered = false;
		return;
	}
	if (!printable || combined) {
		add_combination(script, keysym, printable);
		return;
	}
	if (script->doing != TYPING)
		begin(script, TYPING);
	script->answered = false;
	g_string_append_unichar(script->text, character);
}

static void key(Script *script, const ScriptAct *act)
{
	if (modifier_name(act->keysym))
		hold(script, act->keysym, act->down);
	else if (act->down)
		press(script, act->keysym);
}

/* ---- the pointer ---- */

static bool is_near(const Script *script, const ScriptAct *act)
{
	return ABS(act->x - script->x) <= NEAR && ABS(act->y - script->y) <= NEAR;
}

static void press_button(Script *script, const ScriptAct *act, guint32 button)
{
	bool again = script->doing == CLICKING && script->pressed == button &&
		     is_near(script, act) && act->time - script->released <= DOUBLE_NS;

	if (again) {
		script->times++;
		script->answered = false;
		return;
	}
	begin(script, CLICKING);
	script->x = act->x;
	script->y = act->y;
	script->pressed = button;
	script->times = 1;
}

static void release_button(Script *script, const ScriptAct *act)
{
	script->released = act->time;
	if (script->doing != CLICKING || is_near(script, act))
		return;
	script->doing = KEY;
	g_string_printf(script->text, "+ drag | x: %d | y: %d | to_x: %d | to_y: %d",
		script->x, script->y, act->x, act->y);
	if (script->pressed != 1)
		g_string_append_printf(
			script->text, " | button: %u", number_of(script->pressed));
}

static void turn(Script *script, const ScriptAct *act, guint32 wheel)
{
	int notch = wheel & (1u << 3 | 1u << 6) ? 1 : -1;
	bool sideways = wheel & (3u << 5);

	if (script->doing != SCROLLING || !is_near(script, act) ||
		sideways != !!(script->pressed & (3u << 5))) {
		begin(script, SCROLLING);
		script->x = act->x;
		script->y = act->y;
		script->notches = 0;
	}
	script->pressed = wheel;
	script->answered = false;
	script->notches += notch;
}

static void pointer(Script *script, const ScriptAct *act)
{
	guint32 changed = (act->buttons ^ script->buttons) & BUTTONS;

	if (act->buttons & WHEEL)
		turn(script, act, act->buttons & WHEEL);
	else if (changed & act->buttons)
		press_button(
			script, act, changed & act->buttons & -(changed & act->buttons));
	else if (changed)
		release_button(script, act);
	script->buttons = act->buttons & BUTTONS;
}

/* ---- all of it ---- */

void script_act(Script *script, const ScriptAct *act)
{
	if (act->kind == MAQ_EVENT_ACT_KIND_KEY)
		key(script, act);
	else if (act->kind == MAQ_EVENT_ACT_KIND_POINTER)
		pointer(script, act);
	else if (act->kind == MAQ_EVENT_ACT_KIND_RESIZE) {
		begin(script, KEY);
		g_string_printf(script->text, "+ resize | width: %d | height: %d", act->x,
			act->y);
	}
}

void script_answered(Script *script)
{
	script->answered = true;
}

const char *script_end(Script *script)
{
	flush(script);
	return script->out->str;
}
