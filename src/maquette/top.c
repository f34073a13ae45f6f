// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * top - the tree of a running scenario with what its components use, again and again
 */
#include "command.h"
#include "remote.h"
#include "tree.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define FIRST_MS 500 /* what processor time is measured over at first */

typedef struct {
	GHashTable *before; /* owned: label -> ns of CPU at the last look */
	gint64 at, elapsed; /* us */
} Top;

typedef struct {
	Top *top;
	bool silent; /* only remembers */
} Look;

static double percent(Top *top, const TreeEntry *entry)
{
	guint64 now = maq_hid_u64(entry->process, "cpu", 0);
	guint64 *known = g_hash_table_lookup(top->before, entry->label);
	guint64 before = known ? *known : now;

	g_hash_table_insert(
		top->before, g_strdup(entry->label), g_memdup2(&now, sizeof now));
	/* of an init its children are a part; a new process begins at 0 */
	return now > before && top->elapsed
		       ? (double)(now - before) / (double)top->elapsed / 10
		       : 0;
}

static char *size_of(const MaqHidNode *node, const char *tag)
{
	return maq_hid_attr(node, tag) ? tree_size(maq_hid_bytes(node, tag, 0))
				       : g_strdup("-");
}

static void show_row(void *data, const TreeEntry *entry)
{
	const Look *look = data;
	const MaqHidNode *ram = maq_hid_first(entry->child, "ram");
	const MaqHidNode *caps = maq_hid_first(entry->child, "caps");
	double cpu = percent(look->top, entry);
	g_autofree char *name = tree_name(entry);
	g_autofree char *used = size_of(entry->process, "ram");
	g_autofree char *limit = size_of(entry->process, "limit");
	g_autofree char *assigned = size_of(ram, "assigned");
	g_autofree char *donated = size_of(ram, "donated");
	g_autofree char *received = size_of(ram, "received");
	g_autofree char *avail = size_of(ram, "avail");

	if (look->silent)
		return;
	printf("%-24s %-10s %6.1f %8s %8s %8s %8s %8s %8s %5s/%-5s %5s %5u\n", name,
		tree_state(entry), cpu, used, limit, assigned, donated, received, avail,
		maq_hid_string(caps, "avail", "-"), maq_hid_string(caps, "assigned", "-"),
		maq_hid_string(entry->process, "processes", "-"), tree_sessions(entry));
}

static bool look_at(Remote *remote, Top *top, bool silent, GError **error)
{
	g_autoptr(MaqHidDocument) tree = remote_tree(remote, error);
	gint64 now = g_get_monotonic_time();
	Look look = {top, silent};

	if (!tree)
		return false;
	top->elapsed = top->at ? now - top->at : 0;
	top->at = now;
	if (!silent) {
		tree_print_enforcement(maq_hid_root(tree));
		printf("%-24s %-10s %6s %8s %8s %8s %8s %8s %8s %-11s %5s %5s\n",
			"COMPONENT", "STATE", "CPU%", "USED", "LIMIT", "ASSIGNED",
			"DONATED", "RECEIVED", "AVAIL", " CAPS", "PROC.", "SESS.");
	}
	tree_visit(maq_hid_root(tree), show_row, &look);
	fflush(stdout);
	return true;
}

/* False: q was typed, or the terminal has gone. */
static bool wait_or_quit(int milliseconds)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char key = 0;

	if (poll(&input, 1, milliseconds) <= 0)
		return true;
	return read(STDIN_FILENO, &key, 1) == 1 && key != 'q';
}

static bool watch(Remote *remote, Top *top, int interval_ms, GError **error)
{
	struct termios before, raw;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	bool well = true;

	if (terminal) {
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	int next = MIN(interval_ms, FIRST_MS);
	do {
		printf("\033[H\033[J"); /* ECMA-48: home, erase to the end */
		well = look_at(remote, top, false, error);
		if (!terminal)
			g_usleep((gulong)next * 1000);
		else if (well && !wait_or_quit(next))
			break;
		next = interval_ms;
	} while (well);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return well;
}

int maquette_top(int argc, char **argv)
{
	gboolean once = FALSE;
	double seconds = 1;
	GOptionEntry entries[] = {
		{"once", '1', 0, G_OPTION_ARG_NONE, &once,
			"print one look and end; so it is where standard output is no "
			"terminal",
			NULL},
		{"interval", 'i', 0, G_OPTION_ARG_DOUBLE, &seconds,
			"between two looks (default 1)", "SECONDS"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - what the components of a running scenario use; q ends it");
	g_autoptr(GError) error = NULL;

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("top", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	Top top = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), 0, 0};
	int interval_ms = (int)(CLAMP(seconds, 0.1, 3600) * 1000);
	bool well;
	if (once || !isatty(STDOUT_FILENO)) {
		well = look_at(remote, &top, true, &error);
		g_usleep((gulong)MIN(interval_ms, FIRST_MS) * 1000);
		well = well && look_at(remote, &top, false, &error);
	} else {
		well = watch(remote, &top, interval_ms, &error);
	}
	if (!well && error)
		fprintf(stderr, "maquette top: %s\n", error->message);
	g_hash_table_unref(top.before);
	return well ? EXIT_WELL : EXIT_SCENARIO;
}
