// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script - runs the steps of the configuration, one after the other
 *
 * A step that waits is asked again whenever a frame is shown, the log has grown, or its
 * pause is over.
 */
#include "sim.h"

#include <string.h>

#define LOG_WARNING "Error: the script waits for a line, and there is no ROM \"log\""

struct Script {
	MaqHidDocument *document; /* owned: the configuration may change */
	const MaqHidNode *step;   /* of now; NULL: at the end */
	guint round;
	guint64 began;
	MaqTimeout *timeout;
	MaqRom *log; /* NULL until a line is waited for */
	char *text;  /* owned: the log as it is printed; NULL */
	bool running, scheduled;
};

static void go_on(Sim *sim);

static void again(void *data)
{
	Sim *sim = data;

	sim->script->scheduled = false;
	go_on(sim);
}

/* Not from within what a frame or a step does. */
static void schedule(Sim *sim)
{
	if (!sim->script->scheduled)
		maq_loop_defer(maq_env_loop(sim->env), again, sim);
	sim->script->scheduled = true;
}

static void pause_over(void *data)
{
	Sim *sim = data;

	sim->script->timeout = NULL;
	go_on(sim);
}

void script_frame(Sim *sim)
{
	if (sim->script && sim->script->step)
		schedule(sim);
}

/* ---- the log ---- */

/* The module has a label, a tab and the text in each line. */
static void read_log(Script *script)
{
	GBytes *module = maq_rom_text(script->log);
	g_auto(GStrv) lines =
		g_strsplit(module ? g_bytes_get_data(module, NULL) : "", "\n", -1);
	GString *text = g_string_new(NULL);

	for (char **line = lines; *line; line++) {
		char *tab = strchr(*line, '\t');

		if (tab)
			g_string_append_printf(
				text, "[%.*s] %s\n", (int)(tab - *line), *line, tab + 1);
	}
	g_free(script->text);
	script->text = g_string_free(text, FALSE);
	if (module)
		g_bytes_unref(module);
}

static void log_changed(void *data)
{
	Sim *sim = data;
	Script *script = sim->script;

	read_log(script);
	if (script->step)
		schedule(sim);
}

bool script_saw(Sim *sim, const char *text)
{
	Script *script = sim->script;

	if (!script->log) {
		script->log = maq_rom_open(sim->env, "log", NULL);
		if (!script->log) {
			maq_log(sim->env, LOG_WARNING);
			return true;
		}
		maq_rom_on_changed(script->log, log_changed, sim);
		read_log(script);
	}
	return script->text && strstr(script->text, text);
}

guint64 script_began(const Sim *sim)
{
	return sim->script->began;
}

/* ---- steps ---- */

static StepResult run_step(Sim *sim, guint64 *pause)
{
	Script *script = sim->script;
	const StepKind *kind = step_find(maq_hid_type(script->step));

	if (kind)
		return kind->run(sim, script->step, script->round++, pause);
	maq_log(sim->env, "Warning: the script has a step \"%s\", which is none",
		maq_hid_type(script->step));
	return STEP_DONE;
}

static void go_on(Sim *sim)
{
	Script *script = sim->script;
	StepResult result = STEP_DONE;
	guint64 pause = 0;

	maq_timeout_cancel(g_steal_pointer(&script->timeout));
	while (script->step && result == STEP_DONE) {
		result = run_step(sim, &pause);
		if (result != STEP_DONE)
			break;
		script->step = maq_hid_next(script->step, NULL);
		script->round = 0;
	}
	if (result == STEP_END)
		script->step = NULL;
	if (result == STEP_PAUSE)
		script->timeout = maq_loop_at(maq_env_loop(sim->env),
			maq_env_binding(sim->env)->now() + pause, pause_over, sim);
}

bool script_start(Sim *sim, GError **error)
{
	const MaqHidNode *node = maq_hid_first(maq_config(sim->env), "script");
	Script *script;

	if (!node)
		return true;
	script = g_new0(Script, 1);
	maq_env_own(sim->env, script);
	g_autofree char *text = maq_hid_to_text(node, NULL);
	script->document = maq_hid_parse(text, -1, "script", MAQ_HID_LENIENT, error);
	if (!script->document)
		return false;
	script->step = maq_hid_first(maq_hid_root(script->document), NULL);
	script->began = maq_env_binding(sim->env)->now();
	sim->script = script;
	schedule(sim);
	return true;
}
