// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record - writes an expectation by what a user does at a running scenario's display
 */
#include "command.h"
#include "display.h"
#include "test/script.h"
#include "test/tile.h"

#include <maq/memory.h>

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

typedef struct {
	Remote *remote;      /* borrowed */
	MaqEvent *event;     /* owned by the remote's env */
	MaqCapture *capture; /* likewise */
	Script *script;      /* owned */
	guint64 asked;       /* event of Input that has no answer yet; 0: none */
	guint32 lost;
} Recording;

static void end(void *data)
{
	const Recording *recording = data;

	maq_loop_quit(maq_env_loop(recording->remote->env), EXIT_WELL);
}

static void interrupted(void *data, unsigned events)
{
	(void)events;
	end(data);
}

static void look_for_answer(void *data)
{
	Recording *recording = data;
	guint64 sequence;

	if (maq_capture_answered(recording->capture, &sequence) != MAQ_CAPTURE_OK ||
		!recording->asked || sequence < recording->asked)
		return;
	recording->asked = 0;
	script_answered(recording->script);
}

static bool next_act(Recording *recording)
{
	ScriptAct act;
	guint32 lost = 0;

	if (maq_event_next_act(recording->event, &act.kind, &act.time, &act.keysym,
		    &act.down, &act.x, &act.y, &act.buttons, &lost) != MAQ_EVENT_OK)
		return false;
	recording->lost += lost;
	if (act.kind == MAQ_EVENT_ACT_KIND_NONE)
		return false;
	script_act(recording->script, &act);
	return true;
}

/* Whether the answer comes before the next act decides whether the test waits for it. */
static void acted(void *data)
{
	Recording *recording = data;

	while (next_act(recording))
		;
	if (maq_event_sent(recording->event, &recording->asked) == MAQ_EVENT_OK)
		look_for_answer(recording);
}

/* What has to be there before the first act. */
static char *head(Remote *remote)
{
	GString *text = g_string_new("expect\n+ fail | after_seconds: 60\n");
	g_autoptr(GPtrArray) labels = tile_labels(remote);

	for (guint i = 0; i < labels->len; i++)
		g_string_append_printf(text, "+ tile %s\n", (char *)labels->pdata[i]);
	g_string_append(text, "+ quiet | ms: 500\n");
	return g_string_free(text, FALSE);
}

static bool record(Recording *recording, const char *path, GError **error)
{
	Remote *remote = recording->remote;
	MaqLoop *loop = maq_env_loop(remote->env);
	maq_autofd int signals = ends_open();

	recording->event = display_open_event(remote, error);
	recording->capture =
		recording->event ? display_open_capture(remote, error) : NULL;
	if (!recording->capture)
		return false;
	g_autofree char *begin = head(remote);
	maq_event_on_acted(recording->event, acted, recording);
	maq_capture_on_changed(recording->capture, look_for_answer, recording);
	maq_session_on_lost(maq_event_session(recording->event), end, recording);
	maq_loop_watch(loop, signals, EPOLLIN, interrupted, recording);
	acted(recording);
	recording->asked = 0; /* what was before is no matter of ours */
	fprintf(stderr, "records what is done at the display; Ctrl-C ends it\n");
	maq_loop_run(loop);
	g_autofree char *text = g_strconcat(
		begin, script_end(recording->script), "+ quiet | ms: 500\n-\n", NULL);
	return g_file_set_contents(path, text, -1, error);
}

/* An exit code; standard error says what is wrong. */
static int record_to(const char *command, const char *name, const char *path)
{
	g_autoptr(Remote) remote = remote_find("record", name);
	g_autoptr(GError) error = NULL;

	if (!remote)
		return EXIT_SCENARIO;
	Recording recording = {.remote = remote, .script = script_new()};
	bool well = record(&recording, path, &error);
	script_free(recording.script);
	if (recording.lost)
		fprintf(stderr, "maquette %s: %u acts came too fast, and are not in it\n",
			command, recording.lost);
	if (!well)
		fprintf(stderr, "maquette %s: %s\n", command, error->message);
	return well ? EXIT_WELL : EXIT_SCENARIO;
}

static bool may_write(const char *command, const char *path, bool force)
{
	if (force || !g_file_test(path, G_FILE_TEST_EXISTS))
		return true;
	fprintf(stderr, "maquette %s: %s is there; %s\n", command, path,
		strcmp(command, "record") ? "remove it first" : "--force writes over it");
	return false;
}

/* ---- of a scenario that runs ---- */

int maquette_record(int argc, char **argv)
{
	g_autofree char *path = NULL;
	gboolean force = FALSE;
	GOptionEntry entries[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
			"the expectation (default expect)", "FILE"},
		{"force", 'f', 0, G_OPTION_ARG_NONE, &force,
			"write over a file that is there", NULL},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - write a test by using a running scenario's display");

	g_option_context_set_summary(context, "Use the display, by a VNC viewer or a "
					      "browser; Ctrl-C ends the recording. "
					      "The\nfile is an expectation for maquette "
					      "test, which waits where the display "
					      "had\nanswered before the next act.");
	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	const char *file = path ? path : "expect";
	if (!may_write("record", file, force))
		return EXIT_USAGE;
	return record_to("record", argc == 2 ? argv[1] : NULL, file);
}

/* ---- of one that is started for it ---- */

/* Runs a command of ours; what it has printed, or NULL if it failed and said why. */
static char *run_command(const char *const *arguments)
{
	g_autoptr(GError) error = NULL;
	char *output = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL,
		    &output, NULL, &status, &error))
		fprintf(stderr, "maquette test: %s\n", error->message);
	if (error || status)
		g_clear_pointer(&output, g_free);
	return output;
}

int record_scenario(const char *scenario)
{
	const char *run[] = {"/proc/self/exe", "run", "--detach", scenario, NULL};
	g_autoptr(GError) error = NULL;
	g_autofree char *config = scenario_config(scenario, &error);

	if (!config) {
		fprintf(stderr, "maquette test: %s\n", error->message);
		return EXIT_SCENARIO;
	}
	g_autofree char *folder = g_path_get_dirname(config);
	g_autofree char *path = g_build_filename(folder, "expect", NULL);
	if (!may_write("test", path, false))
		return EXIT_USAGE;
	g_autofree char *said = run_command(run);
	g_auto(GStrv) parts = g_strsplit_set(said ? said : "", "()", 3);
	if (g_strv_length(parts) < 3)
		return EXIT_SCENARIO;
	fputs(said, stderr);
	int code = record_to("test", parts[1], path);
	g_autofree char *ended = run_command(
		(const char *const[]){"/proc/self/exe", "stop", parts[1], NULL});
	if (code == EXIT_WELL)
		printf("%s is written; look at it, and run: maquette test %s\n", path,
			scenario);
	return ended ? code : EXIT_SCENARIO;
}
