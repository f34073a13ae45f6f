// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wm - actions, state and events of a running scenario's window manager
 */
#include "command.h"
#include "remote.h"

#include <maq/memory.h>
#include <maq/wm.h>

#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 12 /* characters of an action's name in the list */

static MaqWm *open_wm(Remote *remote)
{
	g_autoptr(GError) error = NULL;
	int channel = remote_session(remote, &maq_wm_interface, &error);

	if (channel < 0)
		fprintf(stderr, "maquette wm: %s\n", error->message);
	return channel < 0 ? NULL : maq_wm_attach(remote->env, channel);
}

static int failed(MaqWmError status)
{
	fprintf(stderr, "maquette wm: the window manager does not answer: %s\n",
		maq_status_text((int)status));
	return EXIT_SCENARIO;
}

/* ---- texts ---- */

typedef MaqWmError (*Ask)(MaqWm *wm, guint64 *size, int *content);

/* The HID text that it answers, owned by the caller; NULL and an exit code. */
static char *ask(MaqWm *wm, Ask ask_for, int *code)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;
	MaqWmError status = ask_for(wm, &size, &content);

	if (status != MAQ_WM_OK) {
		*code = failed(status);
		return NULL;
	}
	const char *text = maq_map(content, false, &mapped, NULL);
	char *copy = text && size <= mapped ? g_strndup(text, size) : g_strdup("");
	maq_unmap(text, mapped);
	*code = EXIT_WELL;
	return copy;
}

static int print_state(MaqWm *wm)
{
	int code;
	g_autofree char *text = ask(wm, maq_wm_state, &code);

	if (text)
		fputs(text, stdout);
	return code;
}

static void print_actions(const MaqHidNode *root)
{
	const MaqHidNode *action = maq_hid_first(root, "action");

	for (; action; action = maq_hid_next(action, "action")) {
		printf("%-*s %s\n", NAME_WIDTH, maq_hid_name(action),
			maq_hid_string(action, "arguments", ""));
		printf("%-*s   %s\n", NAME_WIDTH, "", maq_hid_string(action, "help", ""));
	}
}

static void print_keys(const MaqHidNode *root)
{
	const MaqHidNode *key = maq_hid_first(root, "key");

	for (; key; key = maq_hid_next(key, "key")) {
		const char *mode = maq_hid_string(key, "mode", "normal");
		bool normal = !strcmp(mode, "normal");

		printf("%-24s %s%s%s%s\n", maq_hid_name(key),
			maq_hid_string(key, "run", ""), normal ? "" : "   (mode ",
			normal ? "" : mode, normal ? "" : ")");
	}
}

static int print_list(MaqWm *wm, void (*print)(const MaqHidNode *root))
{
	int code;
	g_autofree char *text = ask(wm, maq_wm_actions, &code);
	g_autoptr(MaqHidDocument) document =
		text ? maq_hid_parse(text, -1, "actions", MAQ_HID_LENIENT, NULL) : NULL;

	if (document)
		print(maq_hid_root(document));
	return document ? EXIT_WELL : EXIT_SCENARIO;
}

/* ---- events ---- */

typedef struct {
	Remote *remote; /* borrowed */
	MaqWm *wm;
	guint64 next;
} Follow;

static void ended(void *data)
{
	maq_loop_quit(maq_env_loop(((Follow *)data)->remote->env), EXIT_WELL);
}

static void happened(void *data)
{
	Follow *follow = data;
	guint64 end = G_MAXUINT64;
	const void *text;
	gsize size;

	while (follow->next < end) {
		if (maq_wm_events(follow->wm, follow->next, &follow->next, &end, &text,
			    &size) != MAQ_WM_OK) {
			ended(follow);
			return;
		}
		fwrite(text, 1, size, stdout);
	}
	fflush(stdout);
}

static int follow_events(Remote *remote, MaqWm *wm)
{
	Follow follow = {remote, wm, 0};

	maq_wm_on_happened(wm, happened, &follow);
	maq_session_on_lost(maq_wm_session(wm), ended, &follow);
	happened(&follow);
	return maq_loop_run(maq_env_loop(remote->env));
}

/* ---- actions ---- */

static int run(MaqWm *wm, char **words)
{
	g_autofree char *line = g_strjoinv(" ", words);
	const char *message = "";
	bool done = false;

	if (strlen(line) > 1000) {
		fprintf(stderr, "maquette wm: more than 1000 bytes\n");
		return EXIT_USAGE;
	}
	MaqWmError status = maq_wm_run(wm, line, &done, &message);
	if (status != MAQ_WM_OK)
		return failed(status);
	if (!done)
		fprintf(stderr, "maquette wm: %s\n", message);
	return done ? EXIT_WELL : EXIT_SCENARIO;
}

int maquette_wm(int argc, char **argv)
{
	g_autofree char *scenario = NULL;
	GOptionEntry entries[] = {
		{"scenario", 's', 0, G_OPTION_ARG_STRING, &scenario,
			"which one, if several run", "NAME"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[ACTION ...] - run actions of a scenario's window manager");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context,
		"Without ACTION: what there is. Several are separated by ';'.\n"
		"  state   print what is where, as HID\n"
		"  events  print what happens, until the scenario ends\n"
		"  keys    print which keys run what");
	g_option_context_set_strict_posix(context, true);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "maquette wm: %s; see maquette wm --help\n",
			error->message);
		return EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("wm", scenario);
	MaqWm *wm = remote ? open_wm(remote) : NULL;
	if (!wm)
		return EXIT_SCENARIO;
	if (argc < 2)
		return print_list(wm, print_actions);
	if (argc == 2 && !strcmp(argv[1], "keys"))
		return print_list(wm, print_keys);
	if (argc == 2 && !strcmp(argv[1], "state"))
		return print_state(wm);
	if (argc == 2 && !strcmp(argv[1], "events"))
		return follow_events(remote, wm);
	return run(wm, argv + 1);
}
