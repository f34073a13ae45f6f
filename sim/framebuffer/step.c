// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * step - what a script can do and wait for
 */
#include "sim.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define USER      0
#define NOTCH     120
#define TYPE_NS   (5u * NS_PER_MS) /* from one character to the next */
#define LOOK_NS   (10u * NS_PER_MS)
#define STEPS     8 /* of a drag */
#define TIMES_MAX 100

static MaqConsole *console_of(Sim *sim, const MaqHidNode *node)
{
	return screen_by_name(sim, maq_hid_attr(node, "screen"))->console;
}

static int number(const MaqHidNode *node, const char *tag, int fallback)
{
	const char *text = maq_hid_attr(node, tag);

	return text ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), -32767, 32767)
		    : fallback;
}

/* ---- to wait for ---- */

static StepResult wait_frame(
	Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	const Screen *screen = screen_by_name(sim, maq_hid_attr(node, "screen"));

	(void)round, (void)pause;
	return screen->frames >= maq_hid_u64(node, "number", 1) ? STEP_DONE : STEP_WAIT;
}

static StepResult wait_quiet(
	Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	const Screen *screen = screen_by_name(sim, maq_hid_attr(node, "screen"));
	guint64 wanted = maq_hid_u64(node, "ms", 300) * NS_PER_MS;
	guint64 quiet = maq_env_binding(sim->env)->now() - screen->last;

	/* what came before the step does not count, or the effect of the step before it
	 * would be missed */
	if (!round) {
		*pause = wanted;
		return STEP_PAUSE;
	}
	if (quiet >= wanted)
		return STEP_DONE;
	*pause = wanted - quiet;
	return STEP_PAUSE;
}

static StepResult wait_until(
	Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	guint64 due = script_began(sim) + maq_hid_u64(node, "ms", 0) * NS_PER_MS;
	guint64 now = maq_env_binding(sim->env)->now();

	(void)round;
	*pause = due > now ? due - now : 0;
	return due > now ? STEP_PAUSE : STEP_DONE;
}

/* Keys that nobody gets are lost. */
static StepResult wait_input(
	Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round;
	*pause = LOOK_NS;
	return maq_console_has_input(console_of(sim, node)) ? STEP_DONE : STEP_PAUSE;
}

static StepResult wait_line(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	g_autofree char *text = maq_hid_quoted(node);

	(void)round, (void)pause;
	return script_saw(sim, text ? text : "") ? STEP_DONE : STEP_WAIT;
}

/* ---- keys ---- */

static void tap(MaqConsole *console, guint32 keysym)
{
	maq_console_keysym(console, USER, keysym, true);
	maq_console_keysym(console, USER, keysym, false);
}

/* A character a round, so that no ring overflows. */
static StepResult type(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	g_autofree char *quoted = maq_hid_quoted(node);
	g_autofree char *text = g_strconcat(quoted ? quoted : "",
		maq_hid_bool(node, "enter", false) ? "\n" : "", NULL);

	if (!g_utf8_validate(text, -1, NULL) || (glong)round >= g_utf8_strlen(text, -1))
		return STEP_DONE;
	tap(console_of(sim, node),
		maq_keysym_of_character(
			g_utf8_get_char(g_utf8_offset_to_pointer(text, (glong)round))));
	*pause = TYPE_NS;
	return STEP_PAUSE;
}

static void change_keys(Sim *sim, const MaqHidNode *node, bool press, bool release)
{
	MaqConsole *console = console_of(sim, node);
	const char *name = maq_hid_name(node);
	guint32 keys[8];
	guint n = name ? maq_keysyms_of_combination(name, keys, NULL) : 0;

	if (!n)
		maq_log(sim->env, "Warning: \"%s\" is no key", name ? name : "");
	for (guint i = 0; i < n && press; i++)
		maq_console_keysym(console, USER, keys[i], true);
	for (guint i = n; i-- > 0 && release;)
		maq_console_keysym(console, USER, keys[i], false);
}

static StepResult key(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	change_keys(sim, node, true, true);
	return STEP_DONE;
}

static StepResult press(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	change_keys(sim, node, true, false);
	return STEP_DONE;
}

static StepResult release(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	change_keys(sim, node, false, true);
	return STEP_DONE;
}

/* ---- the pointer ---- */

static guint16 button_of(const MaqHidNode *node)
{
	static const guint16 codes[] = {
		BTN_LEFT, BTN_MIDDLE, BTN_RIGHT, BTN_SIDE, BTN_EXTRA};
	guint64 number_ = maq_hid_u64(node, "button", 1);

	return codes[CLAMP(number_, 1, G_N_ELEMENTS(codes)) - 1];
}

static void go_to(MaqConsole *console, const MaqHidNode *node)
{
	maq_console_motion(console, number(node, "x", 0), number(node, "y", 0));
}

static StepResult move(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	MaqConsole *console = console_of(sim, node);

	(void)round, (void)pause;
	if (maq_hid_attr(node, "dx") || maq_hid_attr(node, "dy"))
		maq_console_relative(
			console, number(node, "dx", 0), number(node, "dy", 0));
	else
		go_to(console, node);
	return STEP_DONE;
}

static StepResult click(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	MaqConsole *console = console_of(sim, node);
	guint16 button = button_of(node);
	guint64 times = MIN(maq_hid_u64(node, "times", 1), TIMES_MAX);

	(void)round, (void)pause;
	go_to(console, node);
	for (guint64 i = 0; i < times; i++) {
		maq_console_press(console, USER, button);
		maq_console_release(console, USER, button);
	}
	return STEP_DONE;
}

static StepResult drag(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	MaqConsole *console = console_of(sim, node);
	int x = number(node, "x", 0), y = number(node, "y", 0);
	int dx = number(node, "to_x", x) - x, dy = number(node, "to_y", y) - y;

	(void)round, (void)pause;
	go_to(console, node);
	maq_console_press(console, USER, button_of(node));
	for (int i = 1; i <= STEPS; i++)
		maq_console_motion(console, x + dx * i / STEPS, y + dy * i / STEPS);
	maq_console_release(console, USER, button_of(node));
	return STEP_DONE;
}

static StepResult wheel(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	maq_console_wheel(console_of(sim, node), number(node, "x", 0) * NOTCH,
		number(node, "y", 0) * NOTCH);
	return STEP_DONE;
}

static StepResult touch(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	maq_console_touch(console_of(sim, node),
		(guint16)CLAMP(number(node, "finger", 0), 0, 15), number(node, "x", 0),
		number(node, "y", 0), maq_hid_bool(node, "down", true));
	return STEP_DONE;
}

/* ---- the rest ---- */

static StepResult resize(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	MaqConsole *console = console_of(sim, node);
	int width, height;

	(void)round, (void)pause;
	maq_console_size(console, &width, &height);
	maq_console_resize(
		console, number(node, "width", width), number(node, "height", height));
	return STEP_DONE;
}

/* A name is no path. */
static StepResult shot(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	const char *name = maq_hid_name(node);

	(void)round, (void)pause;
	if (name && *name && *name != '.' && !strchr(name, '/'))
		picture_keep(screen_by_name(sim, maq_hid_attr(node, "screen")), name);
	else
		maq_log(sim->env, "Warning: a shot needs a name without slashes");
	return STEP_DONE;
}

static StepResult say(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	g_autofree char *text = maq_hid_quoted(node);

	(void)round, (void)pause;
	maq_log(sim->env, "%s", text ? text : "");
	return STEP_DONE;
}

static StepResult end(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause)
{
	(void)round, (void)pause;
	maq_exit(sim->env, (int)MIN(maq_hid_u64(node, "code", 0), 255));
	return STEP_END;
}

const StepKind *step_find(const char *name)
{
	static const StepKind kinds[] = {{"frame", wait_frame}, {"quiet", wait_quiet},
		{"at", wait_until}, {"input", wait_input}, {"line", wait_line},
		{"type", type}, {"key", key}, {"press", press}, {"release", release},
		{"move", move}, {"click", click}, {"drag", drag}, {"wheel", wheel},
		{"touch", touch}, {"resize", resize}, {"shot", shot}, {"say", say},
		{"exit", end}};

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!g_strcmp0(kinds[i].type, name))
			return &kinds[i];
	return NULL;
}
