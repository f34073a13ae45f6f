// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ps - the running scenarios and their components
 */
#include "command.h"
#include "remote.h"
#include "tree.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_S 1000000000u

/* ---- for people ---- */

static void print_row(void *data, const TreeEntry *entry)
{
	const MaqHidNode *ram = maq_hid_first(entry->child, "ram");
	const MaqHidNode *caps = maq_hid_first(entry->child, "caps");
	g_autofree char *name = tree_name(entry);
	g_autofree char *rss = tree_size(maq_hid_bytes(entry->process, "rss", 0));
	g_autofree char *quota = tree_size(maq_hid_bytes(ram, "quota", 0));
	g_autofree char *avail = tree_size(maq_hid_bytes(ram, "avail", 0));

	(void)data;
	printf("%-28s %-10s %8s %8s %8s %8s %6s %5u\n", name, tree_state(entry),
		maq_hid_string(entry->process, "pid", "-"), entry->process ? rss : "-",
		quota, avail, maq_hid_string(caps, "avail", "-"), tree_sessions(entry));
}

static void print_tree(const MaqHidNode *tree)
{
	printf("%-28s %-10s %8s %8s %8s %8s %6s %5s\n", "COMPONENT", "STATE", "PID",
		"RSS", "QUOTA", "AVAIL", "CAPS", "SESS.");
	tree_visit(tree, print_row, NULL);
	for (const MaqHidNode *silent = maq_hid_first(tree, "silent"); silent;
		silent = maq_hid_next(silent, "silent"))
		printf("%s does not answer\n", maq_hid_string(silent, "label", ""));
}

static void print_scenario(Remote *remote, const MaqHidNode *tree, const Running *running)
{
	const char *name, *config;
	guint32 pid;
	guint64 uptime = 0;

	if (maq_control_info(remote->control, &name, &config, &pid, &uptime) ==
		MAQ_CONTROL_OK)
		printf("%s (%u), up %" G_GUINT64_FORMAT ":%02u:%02u, %s\n", running->name,
			running->pid, uptime / NS_PER_S / 3600,
			(unsigned)(uptime / NS_PER_S / 60 % 60),
			(unsigned)(uptime / NS_PER_S % 60), config);
	tree_print_enforcement(tree);
	print_tree(tree);
}

/* ---- for machines ---- */

static void add_node(JsonBuilder *builder, const MaqHidNode *node)
{
	const char *tag, *value;

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "type");
	json_builder_add_string_value(builder, maq_hid_type(node));
	for (guint i = 0; maq_hid_attr_at(node, i, &tag, &value); i++) {
		json_builder_set_member_name(builder, tag);
		json_builder_add_string_value(builder, value);
	}
	if (maq_hid_first(node, NULL)) {
		json_builder_set_member_name(builder, "nodes");
		json_builder_begin_array(builder);
		for (const MaqHidNode *sub = maq_hid_first(node, NULL); sub;
			sub = maq_hid_next(sub, NULL))
			add_node(builder, sub);
		json_builder_end_array(builder);
	}
	json_builder_end_object(builder);
}

static void print_json(const MaqHidNode *tree, const Running *running)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "name");
	json_builder_add_string_value(builder, running->name);
	json_builder_set_member_name(builder, "pid");
	json_builder_add_int_value(builder, running->pid);
	json_builder_set_member_name(builder, "tree");
	add_node(builder, tree);
	json_builder_end_object(builder);
	JsonNode *root = json_builder_get_root(builder);
	g_autofree char *text = json_to_string(root, FALSE);
	json_node_unref(root);
	printf("%s\n", text);
}

typedef enum { SHOWN, GONE, FAILED } Outcome;

static Outcome show(const Running *running, bool json, bool first)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Remote) remote = remote_open(running, &error);
	g_autoptr(MaqHidDocument) tree = remote ? remote_tree(remote, &error) : NULL;

	if (g_error_matches(error, MAQ_ERROR, MAQ_GONE))
		return GONE;
	if (!tree) {
		fprintf(stderr, "maquette ps: %s\n", error ? error->message : "no tree");
		return FAILED;
	}
	if (!first && !json)
		printf("\n");
	if (json)
		print_json(maq_hid_root(tree), running);
	else
		print_scenario(remote, maq_hid_root(tree), running);
	return SHOWN;
}

int maquette_ps(int argc, char **argv)
{
	gboolean json = FALSE;
	GOptionEntry entries[] = {
		{"json", 0, 0, G_OPTION_ARG_NONE, &json, "one JSON object a scenario",
			NULL},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - the running scenarios of this user and their components");

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(GPtrArray) list = running_list();
	bool well = true, any = false;
	for (guint i = 0; i < list->len; i++) {
		const Running *running = list->pdata[i];

		if (argc == 2 && strcmp(running->name, argv[1]) &&
			g_ascii_strtoull(argv[1], NULL, 10) != running->pid)
			continue;
		Outcome outcome = show(running, json, !any);

		any |= outcome == SHOWN;
		well &= outcome != FAILED;
	}
	if (!any && !json)
		printf("no scenario runs\n");
	return well && (any || argc < 2) ? EXIT_WELL : EXIT_SCENARIO;
}
