// SPDX-License-Identifier: GPL-2.0-or-later
#include "step.h"

#include "../clipboard.h"
#include "../command.h"
#include "../remote.h"
#include "../tree.h"
#include "needle.h"
#include "text.h"
#include "tile.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_US 10000 /* between two attempts to reach the scenario */

struct StepRun {
	const Step *step; /* borrowed */
	StepPlace place;
	char *pid; /* owned */
	ChildRun child;
};

/* ---- steps that are a command of their own ---- */

typedef struct {
	int (*command)(int argc, char **argv);
	void (*add)(GStrvBuilder *out, const Step *step, const char *pid);
} Command;

static void add_attribute(GStrvBuilder *out, const Step *step, const char *tag)
{
	const char *value = maq_hid_attr(step->node, tag);

	if (value)
		g_strv_builder_add(out, value);
}

static void add_type(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "type", "--scenario", pid, NULL);
	if (maq_hid_bool(step->node, "enter", false))
		g_strv_builder_add_many(out, "--key", "Return", NULL);
	g_strv_builder_add_many(out, "--", step->text, NULL);
}

static void add_key(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(
		out, "type", "--scenario", pid, "--key", maq_hid_name(step->node), NULL);
}

static void add_click(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "click", "--scenario", pid, "--button",
		maq_hid_string(step->node, "button", "1"), "--times",
		maq_hid_string(step->node, "times", "1"), NULL);
	add_attribute(out, step, "x");
	add_attribute(out, step, "y");
	add_attribute(out, step, "to_x");
	add_attribute(out, step, "to_y");
}

/* The buttons of a wheel: up, down, left, right. */
static void add_scroll(GStrvBuilder *out, const Step *step, const char *pid)
{
	gint64 notches =
		g_ascii_strtoll(maq_hid_string(step->node, "notches", "-1"), NULL, 10);
	bool sideways = maq_hid_bool(step->node, "sideways", false);
	g_autofree char *button =
		g_strdup_printf("%d", (sideways ? 6 : 4) + (sideways == (notches > 0)));
	g_autofree char *times =
		g_strdup_printf("%" G_GINT64_FORMAT, CLAMP(ABS(notches), 1, 99));

	g_strv_builder_add_many(out, "click", "--scenario", pid, "--button", button,
		"--times", times, NULL);
	add_attribute(out, step, "x");
	add_attribute(out, step, "y");
}

static void add_resize(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "resize", "--scenario", pid, NULL);
	add_attribute(out, step, "width");
	add_attribute(out, step, "height");
}

static void add_answered(GStrvBuilder *out, const Step *step, const char *pid)
{
	(void)step;
	g_strv_builder_add_many(out, "wait", "--answered", pid, NULL);
}

static void add_quiet(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "wait", "--quiet",
		maq_hid_string(step->node, "ms", "300"), pid, NULL);
}

static void add_restart(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "restart", maq_hid_name(step->node), pid, NULL);
}

static void add_quota(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "quota", "set", maq_hid_name(step->node), NULL);
	for (const char *const *tag = (const char *const[]){"ram", "caps", NULL}; *tag;
		tag++) {
		g_autofree char *value =
			g_strconcat(*tag, "=", maq_hid_attr(step->node, *tag), NULL);

		if (maq_hid_attr(step->node, *tag))
			g_strv_builder_add(out, value);
	}
	g_strv_builder_add(out, pid);
}

static void add_wm(GStrvBuilder *out, const Step *step, const char *pid)
{
	g_strv_builder_add_many(out, "wm", "--scenario", pid, step->text, NULL);
}

static const Command commands[STEP_COUNT] = {
	[STEP_TYPE] = {maquette_type, add_type},
	[STEP_KEY] = {maquette_type, add_key},
	[STEP_CLICK] = {maquette_click, add_click},
	[STEP_DRAG] = {maquette_click, add_click},
	[STEP_SCROLL] = {maquette_click, add_scroll},
	[STEP_RESIZE] = {maquette_resize, add_resize},
	[STEP_QUIET] = {maquette_wait, add_quiet},
	[STEP_ANSWERED] = {maquette_wait, add_answered},
	[STEP_RESTART] = {maquette_restart, add_restart},
	[STEP_QUOTA] = {maquette_quota, add_quota},
	[STEP_WM] = {maquette_wm, add_wm},
};

/* ---- others ---- */

/* From outside, as the host can: nobody is told beforehand. */
static int signal_component(Remote *remote, const Step *step, int number)
{
	g_autofree char *label = whole_label(maq_hid_name(step->node));
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) tree = remote_tree(remote, &error);
	const MaqHidNode *process = tree ? tree_process(maq_hid_root(tree), label) : NULL;
	pid_t pid = (pid_t)maq_hid_u64(process, "pid", 0);

	if (pid > 1 && kill(pid, number) == 0)
		return EXIT_WELL;
	fprintf(stderr, "%s\n",
		error ? error->message : "no running component bears this label");
	return EXIT_SCENARIO;
}

/* In one step, as an editor does. */
static int replace_config(const Step *step, const StepPlace *place)
{
	g_autofree char *from =
		g_build_filename(place->scenario, maq_hid_name(step->node), NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize size;

	if (g_file_get_contents(from, &text, &size, &error) &&
		g_file_set_contents(place->config, text, (gssize)size, &error))
		return EXIT_WELL;
	fprintf(stderr, "%s\n", error->message);
	return EXIT_SCENARIO;
}

static int copy(Remote *remote, const Step *step)
{
	g_autoptr(GError) error = NULL;

	if (clipboard_copy(remote, step->text, &error))
		return EXIT_WELL;
	fprintf(stderr, "%s\n", error->message);
	return EXIT_SCENARIO;
}

static int take_shot(const Step *step, const StepPlace *place, const char *pid)
{
	g_autofree char *file = g_strconcat(maq_hid_name(step->node), ".png", NULL);
	g_autofree char *path = g_build_filename(place->failure, file, NULL);
	const char *label = maq_hid_attr(step->node, "label");
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	g_strv_builder_add_many(builder, "shot", "--output", path, pid, NULL);
	if (label)
		g_strv_builder_add_many(builder, "--label", label, NULL);
	g_auto(GStrv) arguments = g_strv_builder_end(builder);
	g_mkdir_with_parents(place->failure, 0755);
	return maquette_shot((int)g_strv_length(arguments), arguments);
}

Remote *step_await_scenario(pid_t core)
{
	for (;; g_usleep(ANSWER_US)) {
		g_autoptr(GPtrArray) list = running_list();

		for (guint i = 0; i < list->len; i++) {
			const Running *running = list->pdata[i];
			Remote *remote = running->pid == (guint32)core
						 ? remote_open(running, NULL)
						 : NULL;

			if (remote)
				return remote;
		}
	}
}

static const int signals[STEP_COUNT] = {
	[STEP_KILL] = SIGKILL,
	[STEP_FREEZE] = SIGSTOP,
	[STEP_THAW] = SIGCONT,
};

static int do_step(StepRun *run)
{
	const Step *step = run->step;
	const Command *command = &commands[step->kind];
	g_autoptr(Remote) remote = step_await_scenario(run->place.core);

	if (signals[step->kind])
		return signal_component(remote, step, signals[step->kind]);
	if (step->kind == STEP_RECONFIGURE)
		return replace_config(step, &run->place);
	if (step->kind == STEP_COPY)
		return copy(remote, step);
	if (step->kind == STEP_COPIED)
		return clipboard_await(remote, step->text, run->place.seconds);
	if (step->kind == STEP_SHOT)
		return take_shot(step, &run->place, run->pid);
	if (step->kind == STEP_TILE)
		return tile_await(remote, maq_hid_name(step->node),
			maq_hid_bool(step->node, "input", false), run->place.seconds);
	if (step->kind == STEP_TEXT)
		return text_await(
			remote, maq_hid_name(step->node), step->text, run->place.seconds);
	if (step->kind == STEP_NEEDLE)
		return needle_await(remote, step, &run->place);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_autofree char *seconds =
		g_strdup_printf("%" G_GINT64_FORMAT, MAX(run->place.seconds, 1));
	command->add(builder, step, run->pid);
	if (command->command == maquette_wait)
		g_strv_builder_add_many(builder, "--timeout", seconds, NULL);
	g_auto(GStrv) arguments = g_strv_builder_end(builder);
	return command->command((int)g_strv_length(arguments), arguments);
}

static void work(void *data, const char *pid)
{
	(void)pid;
	int code = do_step(data);

	fflush(NULL);
	_exit(code);
}

StepRun *step_begin(const Step *step, const StepPlace *place)
{
	StepRun *run = g_new0(StepRun, 1);

	run->step = step;
	run->place = *place;
	run->pid = g_strdup_printf("%d", place->core);
	if (child_begin(&run->child, work, run, run->pid))
		return run;
	g_free(run->pid);
	g_free(run);
	return NULL;
}

int step_handle(const StepRun *run)
{
	return run->child.handle;
}

bool step_finish(StepRun *run, char **message)
{
	bool well = child_finish(&run->child, message);

	g_free(run->pid);
	g_free(run);
	return well;
}
