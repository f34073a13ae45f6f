// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * orders - what is asked of a running scenario: `stop`, `restart`, `debug`
 */
#include "command.h"
#include "remote.h"
#include "tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000u

static bool is_help(int argc, char **argv)
{
	return argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));
}

static void ended(void *data)
{
	maq_loop_quit(data, 0);
}

static void time_over(void *data)
{
	maq_loop_quit(data, 1);
}

/* Waits for core to hang up. */
static bool wait_for_end(Remote *remote)
{
	MaqLoop *loop = maq_env_loop(remote->env);

	maq_session_on_lost(maq_control_session(remote->control), ended, loop);
	maq_loop_at(loop, maq_env_binding(remote->env)->now() + 5ull * NS_PER_S,
		time_over, loop);
	return maq_loop_run(loop) == 0;
}

int maquette_stop(int argc, char **argv)
{
	if (is_help(argc, argv) || argc > 2) {
		fprintf(argc > 2 ? stderr : stdout,
			"Usage: maquette stop [NAME]\n\n"
			"Ends a running scenario, given by name or process id.\n");
		return argc > 2 ? EXIT_USAGE : EXIT_WELL;
	}
	g_autoptr(Remote) remote = remote_find("stop", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	MaqControlError status = maq_control_stop(remote->control, 0);
	if (status != MAQ_CONTROL_OK && status != MAQ_CONTROL_GONE) {
		fprintf(stderr, "maquette stop: core does not answer: %s\n",
			maq_status_text((int)status));
		return EXIT_SCENARIO;
	}
	if (status == MAQ_CONTROL_OK && !wait_for_end(remote)) {
		fprintf(stderr, "maquette stop: it has not ended after 5 s\n");
		return EXIT_SCENARIO;
	}
	return EXIT_WELL;
}

static Remote *for_component(const char *command, int argc, char **argv, int *code)
{
	bool wrong = !is_help(argc, argv) && (argc < 2 || argc > 3);

	*code = EXIT_SCENARIO;
	if (is_help(argc, argv) || wrong) {
		fprintf(wrong ? stderr : stdout,
			"Usage: maquette %s LABEL [NAME]\n\n"
			"LABEL is a component, e.g. \"init -> timer\" or timer; NAME the "
			"scenario, if several run.\n",
			command);
		*code = wrong ? EXIT_USAGE : EXIT_WELL;
		return NULL;
	}
	return remote_find(command, argc == 3 ? argv[2] : NULL);
}

/* Whether an init has a child of this label, running or not. */
static bool exists(Remote *remote, const char *label)
{
	g_autoptr(MaqHidDocument) tree = remote_tree(remote, NULL);
	const MaqHidNode *root = tree ? maq_hid_root(tree) : NULL;

	for (const MaqHidNode *init = maq_hid_first(root, "init"); init;
		init = maq_hid_next(init, "init"))
		for (const MaqHidNode *child = maq_hid_first(init, "child"); child;
			child = maq_hid_next(child, "child")) {
			g_autofree char *whole =
				g_strconcat(maq_hid_string(init, "label", ""), " -> ",
					maq_hid_string(child, "name", ""), NULL);

			if (!strcmp(whole, label))
				return true;
		}
	return false;
}

int maquette_restart(int argc, char **argv)
{
	int code;
	g_autoptr(Remote) remote = for_component("restart", argc, argv, &code);

	if (!remote)
		return code;
	g_autofree char *label = whole_label(argv[1]);
	MaqControlError status = exists(remote, label)
					 ? maq_control_restart(remote->control, label)
					 : MAQ_CONTROL_UNKNOWN;
	if (status == MAQ_CONTROL_OK)
		return EXIT_WELL;
	fprintf(stderr, "maquette restart: %s\n",
		status == MAQ_CONTROL_UNKNOWN
			? "no component bears this label; see maquette ps"
			: maq_status_text((int)status));
	return EXIT_SCENARIO;
}

int maquette_debug(int argc, char **argv)
{
	int code;
	g_autoptr(Remote) remote = for_component("debug", argc, argv, &code);
	g_autoptr(GError) error = NULL;

	if (!remote)
		return code;
	g_autofree char *label = whole_label(argv[1]);
	g_autoptr(MaqHidDocument) tree = remote_tree(remote, &error);
	const MaqHidNode *process = tree ? tree_process(maq_hid_root(tree), label) : NULL;
	if (!process) {
		fprintf(stderr, "maquette debug: %s\n",
			error ? error->message
			      : "no running component bears this label; "
				"see maquette ps");
		return EXIT_SCENARIO;
	}
	/* its libraries lie at the same paths here as in its own root */
	execlp("gdb", "gdb", "-iex", "set sysroot /", "-p",
		maq_hid_string(process, "pid", ""), NULL);
	fprintf(stderr,
		"maquette debug: cannot start gdb (%s): install it, e.g. by apt "
		"install gdb\n",
		g_strerror(errno));
	return EXIT_MACHINE;
}
