// SPDX-License-Identifier: GPL-2.0-or-later
#include "desk.h"

#define WORKSPACES_MAX 64
#define DEPTH_MAX      64

static void workspace_clear(gpointer data)
{
	g_free(((DeskWorkspace *)data)->name);
}

void desk_init(Desk *desk)
{
	*desk = (Desk){.workspaces = g_array_new(false, false, sizeof(DeskWorkspace))};
	g_array_set_clear_func(desk->workspaces, workspace_clear);
	desk->mode = g_strdup("normal");
}

void desk_fini(Desk *desk)
{
	g_array_unref(desk->workspaces);
	g_free(desk->mode);
	g_free(desk->focused);
}

/* Clients anywhere below the node; those that are absent do not count. */
static void read_clients(
	Desk *desk, DeskWorkspace *workspace, const MaqHidNode *node, int depth)
{
	const MaqHidNode *child = maq_hid_first(node, NULL);

	for (; child && depth < DEPTH_MAX; child = maq_hid_next(child, NULL)) {
		const char *type = maq_hid_type(child);

		if (g_strcmp0(type, "client") && g_strcmp0(type, "float")) {
			read_clients(desk, workspace, child, depth + 1);
			continue;
		}
		if (maq_hid_bool(child, "absent", false))
			continue;
		workspace->occupied = true;
		workspace->urgent |= maq_hid_bool(child, "urgent", false);
		if (maq_hid_bool(child, "focused", false)) {
			g_free(desk->focused);
			desk->focused = g_strdup(maq_hid_name(child));
		}
	}
}

void desk_read(Desk *desk, const char *text, gsize size)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, (gssize)size, "layout", MAQ_HID_LENIENT, NULL);
	const MaqHidNode *root = document ? maq_hid_root(document) : NULL;
	const MaqHidNode *node = maq_hid_first(root, "workspace");

	desk_fini(desk);
	desk_init(desk);
	g_free(desk->mode);
	desk->mode = g_strdup(maq_hid_string(root, "mode", "normal"));
	desk->light = !g_strcmp0(maq_hid_attr(root, "theme"), "light");
	for (; node && desk->workspaces->len < WORKSPACES_MAX;
		node = maq_hid_next(node, "workspace")) {
		DeskWorkspace workspace = {
			.name = g_strdup(maq_hid_string(node, "name", "")),
			.focused = maq_hid_bool(node, "focus", false),
			.shown = maq_hid_bool(node, "shown", false),
		};

		read_clients(desk, &workspace, node, 0);
		g_array_append_val(desk->workspaces, workspace);
	}
}
