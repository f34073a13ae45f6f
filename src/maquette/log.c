// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log - the log of a running scenario: `log`, `attach`, `wait`
 */
#include "command.h"
#include "display.h"
#include "remote.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000u

typedef struct {
	Remote *remote;    /* borrowed */
	const char *label; /* only lines of this component and those below; NULL: all */
	const char *until; /* quit when a line has this; NULL */
	bool quiet, color;
	guint64 next;
	gint64 skip; /* lines to leave out at first; negative: none */
} Follow;

static bool wanted(const Follow *follow, const char *label)
{
	gsize size = follow->label ? strlen(follow->label) : 0;

	return !follow->label ||
	       (!strncmp(label, follow->label, size) &&
		       (!label[size] || g_str_has_prefix(label + size, " -> ")));
}

/* True: the awaited line was there. */
static bool take_line(Follow *follow, char *line)
{
	char *tab = strchr(line, '\t');

	if (!tab)
		return false;
	*tab = '\0';
	if (!wanted(follow, line))
		return false;
	g_autofree char *whole = g_strdup_printf("[%s] %s", line, tab + 1);
	if (!follow->quiet)
		printf(follow->color ? "\033[2m[%s]\033[0m %s\n" : "[%s] %s\n", line,
			tab + 1);
	return follow->until && strstr(whole, follow->until);
}

/* Reads all there is. 1: found, 0: not yet, -1: the scenario has ended. */
static int read_all(Follow *follow)
{
	guint64 end = follow->next + 1;
	const void *text;
	gsize size;

	while (follow->next < end) {
		if (maq_control_read_log(follow->remote->control, follow->next,
			    &follow->next, &end, &text, &size) != MAQ_CONTROL_OK)
			return -1;
		g_autofree char *copy = g_strndup(text, size);
		g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
		for (char **line = lines; *line; line++)
			if (take_line(follow, *line))
				return 1;
		fflush(stdout);
	}
	return 0;
}

static void logged(void *data)
{
	Follow *follow = data;
	int found = read_all(follow);

	if (found)
		maq_loop_quit(maq_env_loop(follow->remote->env), found > 0 ? 0 : 1);
}

static void lost(void *data)
{
	maq_loop_quit(maq_env_loop(((Follow *)data)->remote->env), 1);
}

static void time_over(void *data)
{
	maq_loop_quit(maq_env_loop(((Follow *)data)->remote->env), 2);
}

/* 0: the awaited line came; 1: the scenario has ended; 2: the time is over. */
static int follow_log(Follow *follow, gint64 seconds)
{
	MaqEnv *env = follow->remote->env;

	maq_control_on_logged(follow->remote->control, logged, follow);
	maq_session_on_lost(maq_control_session(follow->remote->control), lost, follow);
	if (seconds > 0)
		maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() + (guint64)seconds * NS_PER_S,
			time_over, follow);
	int found = read_all(follow);
	if (found)
		return found > 0 ? 0 : 1;
	return maq_loop_run(maq_env_loop(env));
}

/* Skips all but the last lines. */
static void skip_to_last(Follow *follow, gint64 lines)
{
	guint64 next, end = 0;
	const void *text;
	gsize size;

	if (lines < 0 || maq_control_read_log(follow->remote->control, G_MAXUINT64, &next,
				 &end, &text, &size) != MAQ_CONTROL_OK)
		return;
	follow->next = end > (guint64)lines ? end - (guint64)lines : 0;
}

int maquette_log(int argc, char **argv)
{
	gboolean keep_on = FALSE;
	gint64 lines = -1;
	g_autofree char *label = NULL;
	GOptionEntry entries[] = {
		{"follow", 'f', 0, G_OPTION_ARG_NONE, &keep_on,
			"stay and print new lines", NULL},
		{"lines", 'n', 0, G_OPTION_ARG_INT64, &lines,
			"only the last N lines (default: all that are kept)", "N"},
		{"label", 'l', 0, G_OPTION_ARG_STRING, &label,
			"only this component and those below it", "LABEL"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("[NAME] - the log of a running scenario");

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("log", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	Follow follow = {.remote = remote, .label = label, .color = isatty(1)};
	skip_to_last(&follow, lines);
	if (keep_on)
		follow_log(&follow, 0);
	else
		read_all(&follow);
	return EXIT_WELL;
}

int maquette_attach(int argc, char **argv)
{
	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		bool help = argc == 2 && !strcmp(argv[1], "--help");

		fprintf(help ? stdout : stderr,
			"Usage: maquette attach [NAME]\n\n"
			"Prints the log of a running scenario until it ends. Ctrl-C ends "
			"the printing,\nnot the scenario.\n");
		return help ? EXIT_WELL : EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("attach", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	Follow follow = {.remote = remote, .color = isatty(1)};
	follow_log(&follow, 0);
	return EXIT_WELL;
}

int maquette_wait(int argc, char **argv)
{
	gint64 seconds = 30, quiet = 0;
	gboolean answered = FALSE;
	g_autofree char *line = NULL;
	GOptionEntry entries[] = {
		{"log", 0, 0, G_OPTION_ARG_STRING, &line,
			"until the log has a line that contains TEXT, e.g. \"[init -> x] "
			"ready\"",
			"TEXT"},
		{"quiet", 0, 0, G_OPTION_ARG_INT64, &quiet,
			"until the display has not changed for this time",
			"MILLISECONDS"},
		{"answered", 0, 0, G_OPTION_ARG_NONE, &answered,
			"until the display shows the answer to the key, button or notch "
			"of the wheel that came last",
			NULL},
		{"timeout", 0, 0, G_OPTION_ARG_INT64, &seconds,
			"give up after this time (default 30; 0: never)", "SECONDS"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - wait for a running scenario; for its end, if no option says "
		"otherwise");

	g_option_context_set_summary(context,
		"Exit code 0: it came; 1: it did not come in time, or the scenario ended "
		"first.");
	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("wait", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	if (answered)
		return display_wait_answered(remote, seconds);
	if (quiet > 0)
		return display_wait_quiet(remote, quiet, seconds);
	Follow follow = {.remote = remote, .until = line, .quiet = true};
	int outcome = follow_log(&follow, seconds);
	if (outcome == 2)
		fprintf(stderr, "maquette wait: not within %" G_GINT64_FORMAT " s\n",
			seconds);
	else if (outcome == 1 && line)
		fprintf(stderr, "maquette wait: the scenario has ended\n");
	return outcome == (line ? 0 : 1) ? EXIT_WELL : EXIT_SCENARIO;
}
