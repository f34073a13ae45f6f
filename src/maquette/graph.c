// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * graph - the components and sessions of a scenario as a picture
 *
 * Of a running scenario: the sessions that are open. Of one that does not run: the routes
 * that lead from one child to another by its configuration.
 */
#include "command.h"
#include "remote.h"
#include "tree.h"

#include <maq/scenario.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	GString *dot;      /* owned */
	GHashTable *edges; /* owned: those there are already */
	bool all;          /* with sessions that the parents serve */
} Graph;

/* A text in quotes, as DOT wants it. */
static char *quote(const char *text)
{
	g_autofree char *escaped = g_strescape(text, NULL);

	return g_strconcat("\"", escaped, "\"", NULL);
}

static void add_node(Graph *graph, const char *label, const char *state)
{
	const char *arrow = g_strrstr(label, " -> ");
	g_autofree char *id = quote(label);
	g_autofree char *name = quote(arrow ? arrow + 4 : label);
	bool well = !strcmp(state, "runs");

	g_string_append_printf(graph->dot, "  %s [label=%s%s];\n", id, name,
		well ? "" : ", style=\"rounded,dashed\", fontcolor=gray");
}

/* What it may use of the host makes a component worth a second look. */
static void add_grants(Graph *graph, const char *label, const MaqHidNode *host)
{
	g_autofree char *id = quote(label);
	g_autoptr(GString) text = g_string_new("may use");

	if (!maq_hid_first(host, NULL))
		return;
	for (const MaqHidNode *node = maq_hid_first(host, NULL); node;
		node = maq_hid_next(node, NULL)) {
		g_autofree char *one = maq_scenario_grant_text(node);

		g_string_append_printf(text, "\n%s", one);
	}
	g_autofree char *quoted = quote(text->str);
	g_string_append_printf(graph->dot,
		"  %s [style=\"rounded,filled\", fillcolor=\"#ffd9a0\", tooltip=%s];\n",
		id, quoted);
}

static void add_edge(
	Graph *graph, const char *client, const char *server, const char *service)
{
	g_autofree char *from = quote(client), *to = quote(server),
			*text = quote(service);
	g_autofree char *edge =
		g_strdup_printf("  %s -> %s [label=%s];\n", from, to, text);

	if (g_hash_table_contains(graph->edges, edge))
		return;
	g_string_append(graph->dot, edge);
	g_hash_table_add(graph->edges, g_steal_pointer(&edge));
}

/* ---- of a running one ---- */

static void add_sessions(
	Graph *graph, const char *init, const char *label, const MaqHidNode *child)
{
	const MaqHidNode *session =
		maq_hid_first(maq_hid_first(child, "requested"), "session");

	for (; session; session = maq_hid_next(session, "session")) {
		const char *server = maq_hid_attr(session, "server");
		g_autofree char *whole =
			server ? g_strconcat(init, " -> ", server, NULL) : g_strdup(init);

		if (strcmp(maq_hid_string(session, "state", ""), "OK") ||
			(!server && !graph->all))
			continue;
		add_edge(graph, label, whole, maq_hid_string(session, "name", ""));
	}
}

/* Those in force are core's to tell. */
static void add_process_grants(Graph *graph, const char *label, const MaqHidNode *tree)
{
	const MaqHidNode *process = tree_process(tree, label);

	add_grants(graph, label, maq_hid_first(process, "host"));
}

static void add_running(Graph *graph, const MaqHidNode *tree)
{
	add_node(graph, "init", "runs");
	for (const MaqHidNode *init = maq_hid_first(tree, "init"); init;
		init = maq_hid_next(init, "init")) {
		const char *above = maq_hid_string(init, "label", "");

		for (const MaqHidNode *child = maq_hid_first(init, "child"); child;
			child = maq_hid_next(child, "child")) {
			g_autofree char *label = g_strconcat(
				above, " -> ", maq_hid_string(child, "name", ""), NULL);

			add_node(graph, label,
				maq_hid_attr(child, "exited")
					? "exited"
					: maq_hid_string(child, "state", "runs"));
			add_sessions(graph, above, label, child);
			add_process_grants(graph, label, tree);
		}
	}
}

/* ---- of one that does not run ---- */

static void add_route(Graph *graph, const MaqHidNode *config, const MaqHidNode *start,
	const MaqHidNode *rule)
{
	const char *service = maq_hid_name(rule);
	MaqRoute route;

	if (!service)
		return;
	maq_scenario_route(
		config, start, service, maq_hid_string(rule, "label", ""), &route);
	g_autofree char *client = g_strconcat("init -> ", maq_hid_name(start), NULL);
	g_autofree char *server = g_strconcat("init -> ", route.child, NULL);
	if (route.kind == MAQ_ROUTE_CHILD)
		add_edge(graph, client, server, service);
	else if (route.kind == MAQ_ROUTE_PARENT && graph->all)
		add_edge(graph, client, "init", service);
}

static void add_configured(Graph *graph, const MaqHidNode *config)
{
	add_node(graph, "init", "runs");
	for (const MaqHidNode *start = maq_hid_first(config, "start"); start;
		start = maq_hid_next(start, "start")) {
		const MaqHidNode *routes = maq_hid_first(start, "route");
		g_autofree char *label =
			g_strconcat("init -> ", maq_hid_string(start, "name", ""), NULL);

		add_node(graph, label, "runs");
		add_grants(graph, label, maq_hid_first(start, "host"));
		for (const MaqHidNode *rule = maq_hid_first(routes, "service"); rule;
			rule = maq_hid_next(rule, "service"))
			add_route(graph, config, start, rule);
	}
}

/* ---- output ---- */

static int write_svg(const char *dot)
{
	int ends[2], status = 0;

	if (pipe(ends))
		return EXIT_MACHINE;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		execlp("dot", "dot", "-Tsvg", NULL);
		_exit(EXIT_MACHINE);
	}
	close(ends[0]);
	FILE *to = fdopen(ends[1], "w");
	fputs(dot, to);
	fclose(to);
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return EXIT_WELL;
	fprintf(stderr, "maquette graph: the program dot has failed or is not there: "
			"install graphviz, or leave out --svg\n");
	return EXIT_MACHINE;
}

static bool fill(Graph *graph, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *config = name ? scenario_config(name, NULL) : NULL;

	if (config) {
		g_autoptr(MaqHidDocument) document =
			maq_hid_load(config, MAQ_HID_STRICT, &error);

		if (document)
			add_configured(graph, maq_hid_root(document));
		else
			fprintf(stderr, "%s\n", error->message);
		return document;
	}
	g_autoptr(Remote) remote = remote_find("graph", name);
	g_autoptr(MaqHidDocument) tree = remote ? remote_tree(remote, &error) : NULL;
	if (tree)
		add_running(graph, maq_hid_root(tree));
	else if (error)
		fprintf(stderr, "maquette graph: %s\n", error->message);
	return tree;
}

int maquette_graph(int argc, char **argv)
{
	gboolean svg = FALSE, all = FALSE;
	GOptionEntry entries[] = {
		{"svg", 0, 0, G_OPTION_ARG_NONE, &svg,
			"SVG instead of DOT (needs graphviz)", NULL},
		{"all", 'a', 0, G_OPTION_ARG_NONE, &all,
			"with the sessions that lead to the parent, e.g. LOG and ROM",
			NULL},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[SCENARIO | NAME] - the components and sessions of a scenario");

	g_option_context_set_summary(context,
		"SCENARIO is a folder or file: its configured routes. NAME is a running "
		"scenario: its open sessions.");
	if (!options_of_one(context, entries, &argc, &argv, "SCENARIO or NAME"))
		return EXIT_USAGE;
	Graph graph = {
		.dot = g_string_new("digraph scenario {\n"
				    "  rankdir=LR;\n"
				    "  node [shape=box, style=rounded, "
				    "fontname=\"sans-serif\"];\n"
				    "  edge [fontname=\"sans-serif\", fontsize=10];\n"),
		.edges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.all = all};
	int code = fill(&graph, argc == 2 ? argv[1] : NULL) ? EXIT_WELL : EXIT_SCENARIO;
	g_string_append(graph.dot, "}\n");
	if (code == EXIT_WELL && svg)
		code = write_svg(graph.dot->str);
	else if (code == EXIT_WELL)
		fputs(graph.dot->str, stdout);
	g_hash_table_unref(graph.edges);
	g_string_free(graph.dot, TRUE);
	return code;
}
