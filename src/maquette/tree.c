// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <stdio.h>
#include <string.h>

#define ARROW " -> "

const MaqHidNode *tree_process(const MaqHidNode *tree, const char *label)
{
	const MaqHidNode *process = maq_hid_first(tree, "process");

	while (process && g_strcmp0(maq_hid_attr(process, "label"), label))
		process = maq_hid_next(process, "process");
	return process;
}

static const MaqHidNode *init_of(const MaqHidNode *tree, const char *label)
{
	const MaqHidNode *init = maq_hid_first(tree, "init");

	while (init && g_strcmp0(maq_hid_attr(init, "label"), label))
		init = maq_hid_next(init, "init");
	return init;
}

static void visit_children(const MaqHidNode *tree, const char *label, guint depth,
	TreeVisit visit, void *data)
{
	const MaqHidNode *init = init_of(tree, label);

	for (const MaqHidNode *child = maq_hid_first(init, "child"); child;
		child = maq_hid_next(child, "child")) {
		g_autofree char *below = g_strconcat(
			label, ARROW, maq_hid_string(child, "name", ""), NULL);
		TreeEntry entry = {below, depth, child, tree_process(tree, below)};

		visit(data, &entry);
		visit_children(tree, below, depth + 1, visit, data);
	}
}

void tree_visit(const MaqHidNode *tree, TreeVisit visit, void *data)
{
	TreeEntry first = {"init", 0, NULL, tree_process(tree, "init")};

	visit(data, &first);
	visit_children(tree, first.label, 1, visit, data);
}

const char *tree_state(const TreeEntry *entry)
{
	if (!entry->child)
		return "runs";
	if (maq_hid_attr(entry->child, "exited"))
		return "exited";
	if (maq_hid_attr(entry->child, "skipped_heartbeats"))
		return "stuck";
	return maq_hid_string(entry->child, "state", "runs");
}

guint tree_sessions(const TreeEntry *entry)
{
	const MaqHidNode *list = maq_hid_first(entry->child, "requested");
	guint n = 0;

	for (const MaqHidNode *session = maq_hid_first(list, "session"); session;
		session = maq_hid_next(session, "session"))
		n++;
	return n;
}

char *tree_name(const TreeEntry *entry)
{
	const char *last = g_strrstr(entry->label, ARROW);

	return g_strdup_printf("%*s%s", (int)entry->depth * 2, "",
		last ? last + strlen(ARROW) : entry->label);
}

char *tree_size(guint64 bytes)
{
	if (bytes >= 10u << 20)
		return g_strdup_printf("%" G_GUINT64_FORMAT "M", bytes >> 20);
	return bytes >= 1024 ? g_strdup_printf("%" G_GUINT64_FORMAT "K", bytes >> 10)
			     : g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
}

void tree_print_enforcement(const MaqHidNode *tree)
{
	const MaqHidNode *quotas = maq_hid_first(tree, "quotas");
	const MaqHidNode *confinement = maq_hid_first(tree, "confinement");
	const char *missing = maq_hid_string(quotas, "missing", "");

	if (quotas)
		printf("quotas by %s%s%s\n", maq_hid_string(quotas, "by", ""),
			*missing ? ": " : "", missing);
	if (confinement)
		printf("confinement %s: %s\n", maq_hid_string(confinement, "level", ""),
			maq_hid_string(confinement, "text", ""));
}
