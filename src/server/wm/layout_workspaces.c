// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_workspaces - workspaces, the outputs that show them, and docks at their edges
 */
#include "layout_internal.h"

#include <string.h>

/* ---- arrays of clients ---- */

bool array_find(const GArray *ids, ClientId client, guint *i)
{
	for (guint at = 0; at < ids->len; at++) {
		if (g_array_index(ids, ClientId, at) != client)
			continue;
		if (i)
			*i = at;
		return true;
	}
	return false;
}

void array_drop(GArray *ids, ClientId client)
{
	guint i;

	if (array_find(ids, client, &i))
		g_array_remove_index(ids, i);
}

/* ---- workspaces ---- */

Workspace *workspace_now(const Layout *layout)
{
	return layout->now->shown[layout->now->output];
}

Workspace *workspace_find(const Layout *layout, const char *name)
{
	for (guint i = 0; i < layout->now->workspaces->len; i++) {
		Workspace *workspace = layout->now->workspaces->pdata[i];

		g_assert(workspace);
		if (!strcmp(workspace->name, name))
			return workspace;
	}
	return NULL;
}

Workspace *workspace_with(const Layout *layout, const Frame *frame)
{
	const Frame *root = frame;

	while (root->parent)
		root = root->parent;
	for (guint i = 0; i < layout->now->workspaces->len; i++) {
		Workspace *workspace = layout->now->workspaces->pdata[i];

		if (workspace->root == root)
			return workspace;
	}
	g_assert_not_reached();
}

void workspace_free(gpointer data)
{
	Workspace *workspace = data;

	frame_free(workspace->root);
	g_array_unref(workspace->floats);
	g_free(workspace->name);
	g_free(workspace);
}

/* Numbers first, in their order. */
static int by_name(gconstpointer a, gconstpointer b)
{
	const Workspace *one = *(Workspace *const *)a, *other = *(Workspace *const *)b;
	guint64 m = g_ascii_strtoull(one->name, NULL, 10);
	guint64 n = g_ascii_strtoull(other->name, NULL, 10);

	if (m != n)
		return !n || (m && m < n) ? -1 : 1;
	return strcmp(one->name, other->name);
}

Workspace *workspace_new(Layout *layout, const char *name)
{
	Workspace *workspace = g_new0(Workspace, 1);

	workspace->name = g_strdup(name);
	workspace->root = workspace->focus = leaf_new(layout, NULL);
	workspace->floats = g_array_new(false, false, sizeof(Float));
	workspace->output = layout->now->output;
	g_ptr_array_add(layout->now->workspaces, workspace);
	g_ptr_array_sort(layout->now->workspaces, by_name);
	return workspace;
}

Workspace *workspace_get(Layout *layout, const char *name)
{
	gsize size = strlen(name);
	Workspace *workspace = workspace_find(layout, name);

	if (workspace || !size || size > LAYOUT_NAME ||
		layout->now->workspaces->len >= LAYOUT_WORKSPACES)
		return workspace;
	return workspace_new(layout, name);
}

static int output_of(const Layout *layout, const Workspace *workspace)
{
	for (guint i = 0; i < layout->n_outputs; i++)
		if (layout->now->shown[i] == workspace)
			return (int)i;
	return -1;
}

static bool is_blank(const Workspace *workspace)
{
	return is_leaf(workspace->root) && !workspace->root->tabs->len &&
	       !workspace->root->reserved && !workspace->floats->len;
}

/* One that nobody sees, and that holds nothing to come back to, goes. */
static void sweep(Layout *layout)
{
	for (guint i = layout->now->workspaces->len; i-- > 0;) {
		Workspace *workspace = layout->now->workspaces->pdata[i];

		if (is_blank(workspace) && output_of(layout, workspace) < 0 &&
			layout->now->previous != workspace)
			g_ptr_array_remove_index(layout->now->workspaces, i);
	}
}

void workspace_show(Layout *layout, Workspace *workspace)
{
	Workspace *before = workspace_now(layout);
	int output = output_of(layout, workspace);

	if (workspace == before)
		return;
	if (output < 0)
		layout->now->shown[layout->now->output] = workspace;
	else
		layout->now->output = (guint)output;
	workspace->output = layout->now->output;
	layout->now->previous = before;
	sweep(layout);
	layout_arrange(layout);
}

bool layout_workspace(Layout *layout, const char *name)
{
	Workspace *workspace = workspace_get(layout, name);

	if (workspace)
		workspace_show(layout, workspace);
	return workspace != NULL;
}

const char *layout_workspace_name(const Layout *layout)
{
	return workspace_now(layout)->name;
}

bool layout_workspace_step(Layout *layout, int step)
{
	GPtrArray *all = layout->now->workspaces;
	int i = 0, n = (int)all->len;

	while (all->pdata[i] != workspace_now(layout))
		i++;
	workspace_show(layout, all->pdata[((i + step) % n + n) % n]);
	return n > 1;
}

bool layout_workspace_back(Layout *layout)
{
	Workspace *previous = layout->now->previous;

	if (!previous || previous == workspace_now(layout))
		return false;
	workspace_show(layout, previous);
	return true;
}

bool layout_rename_workspace(Layout *layout, const char *name)
{
	Workspace *now = workspace_now(layout);

	if (!*name || strlen(name) > LAYOUT_NAME || workspace_find(layout, name))
		return false;
	State *saved = layout_save(layout);
	g_free(now->name);
	now->name = g_strdup(name);
	g_ptr_array_sort(layout->now->workspaces, by_name);
	return layout_keep(layout, saved, true);
}

GPtrArray *layout_workspaces(const Layout *layout)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < layout->now->workspaces->len; i++)
		g_ptr_array_add(
			names, ((Workspace *)layout->now->workspaces->pdata[i])->name);
	return names;
}

static guint count(const Frame *frame)
{
	return is_leaf(frame) ? frame->tabs->len
			      : count(frame->half[0]) + count(frame->half[1]);
}

guint layout_workspace_clients(const Layout *layout, const char *name)
{
	const Workspace *workspace = workspace_find(layout, name);

	return workspace ? count(workspace->root) + workspace->floats->len : 0;
}

bool layout_workspace_shown(const Layout *layout, const char *name)
{
	return output_of(layout, workspace_find(layout, name)) >= 0;
}

const Frame *layout_root(const Layout *layout, const char *workspace)
{
	const Workspace *found = workspace_find(layout, workspace);

	return found ? found->root : NULL;
}

const Frame *layout_workspace_focus(const Layout *layout, const char *workspace)
{
	const Workspace *found = workspace_find(layout, workspace);

	return found ? found->focus : NULL;
}

GArray *layout_workspace_floats(const Layout *layout, const char *workspace)
{
	GArray *clients = g_array_new(false, false, sizeof(ClientId));
	const Workspace *found = workspace_find(layout, workspace);

	for (guint i = 0; found && i < found->floats->len; i++)
		g_array_append_val(
			clients, g_array_index(found->floats, Float, i).client);
	return clients;
}

/* ---- outputs ---- */

Area area_cut(Area *area, Side side, int size)
{
	bool sideways = side == SIDE_LEFT || side == SIDE_RIGHT;
	Area part = *area;

	size = CLAMP(size, 0, (sideways ? area->width : area->height) / 2);
	if (sideways) {
		part.width = size;
		area->width -= size;
	} else {
		part.height = size;
		area->height -= size;
	}
	if (side == SIDE_LEFT)
		area->x += size;
	if (side == SIDE_UP)
		area->y += size;
	if (side == SIDE_RIGHT)
		part.x = area->x + area->width;
	if (side == SIDE_DOWN)
		part.y = area->y + area->height;
	return part;
}

void layout_arrange(Layout *layout)
{
	for (guint i = 0; i < layout->n_outputs; i++) {
		Output *output = &layout->outputs[i];

		output->work = output->area;
		for (guint j = 0; j < output->docks->len; j++) {
			const Dock *dock = &g_array_index(output->docks, Dock, j);

			area_cut(&output->work, dock->side, dock->size);
		}
	}
	for (guint i = 0; i < layout->now->workspaces->len; i++) {
		Workspace *workspace = layout->now->workspaces->pdata[i];
		guint output = MIN(workspace->output, layout->n_outputs - 1);

		frame_place(workspace->root, layout->outputs[output].work);
	}
}

guint layout_outputs(const Layout *layout)
{
	return layout->n_outputs;
}

/* For an output that has come. */
static Workspace *hidden_workspace(Layout *layout)
{
	for (guint i = 0; i < layout->now->workspaces->len; i++)
		if (output_of(layout, layout->now->workspaces->pdata[i]) < 0)
			return layout->now->workspaces->pdata[i];
	for (guint n = 1;; n++) {
		g_autofree char *name = g_strdup_printf("%u", n);

		if (!workspace_find(layout, name))
			return workspace_new(layout, name);
	}
}

void outputs_fit(Layout *layout)
{
	State *now = layout->now;

	for (guint i = 0; i < LAYOUT_OUTPUTS; i++) {
		if (i >= layout->n_outputs)
			now->shown[i] = NULL;
		else if (!now->shown[i])
			now->shown[i] = hidden_workspace(layout);
		if (now->shown[i])
			now->shown[i]->output = i;
	}
	now->output = MIN(now->output, layout->n_outputs - 1);
}

bool layout_set_output(Layout *layout, guint i, Area area)
{
	if (i > layout->n_outputs || i >= LAYOUT_OUTPUTS ||
		(i == layout->n_outputs &&
			layout->now->workspaces->len >= LAYOUT_WORKSPACES))
		return false;
	if (i == layout->n_outputs) {
		layout->outputs[i].docks = g_array_new(false, false, sizeof(Dock));
		layout->n_outputs++;
	}
	layout->outputs[i].area = area;
	outputs_fit(layout);
	layout_arrange(layout);
	return true;
}

bool layout_remove_output(Layout *layout)
{
	if (layout->n_outputs < 2)
		return false;
	Output *last = &layout->outputs[--layout->n_outputs];
	g_autoptr(GArray) docks = g_steal_pointer(&last->docks);

	outputs_fit(layout);
	for (guint i = 0; i < docks->len; i++)
		tabs_insert(layout_focused(layout), g_array_index(docks, Dock, i).client,
			G_MAXUINT);
	sweep(layout);
	layout_arrange(layout);
	return true;
}

guint layout_output(const Layout *layout)
{
	return layout->now->output;
}

bool layout_focus_output(Layout *layout, guint i)
{
	if (i >= layout->n_outputs)
		return false;
	workspace_show(layout, layout->now->shown[i]);
	return true;
}

Area layout_output_area(const Layout *layout, guint i)
{
	return layout->outputs[MIN(i, layout->n_outputs - 1)].area;
}

Area layout_work_area(const Layout *layout, guint i)
{
	return layout->outputs[MIN(i, layout->n_outputs - 1)].work;
}

const char *layout_output_workspace(const Layout *layout, guint i)
{
	return layout->now->shown[MIN(i, layout->n_outputs - 1)]->name;
}

bool dock_remove(Layout *layout, ClientId client)
{
	for (guint i = 0; i < layout->n_outputs; i++) {
		GArray *docks = layout->outputs[i].docks;

		for (guint j = 0; j < docks->len; j++) {
			if (g_array_index(docks, Dock, j).client != client)
				continue;
			g_array_remove_index(docks, j);
			layout_arrange(layout);
			return true;
		}
	}
	return false;
}

bool layout_docked(const Layout *layout, ClientId client)
{
	for (guint i = 0; i < layout->n_outputs; i++)
		for (guint j = 0; j < layout->outputs[i].docks->len; j++)
			if (g_array_index(layout->outputs[i].docks, Dock, j).client ==
				client)
				return true;
	return false;
}

bool layout_undock(Layout *layout, ClientId client)
{
	bool docked = dock_remove(layout, client);

	if (docked)
		tabs_insert(layout_focused(layout), client, G_MAXUINT);
	return docked;
}

bool layout_dock(Layout *layout, ClientId client, guint i, Side side, int size)
{
	Dock dock = {client, side, CLAMP(size, 1, 16383)};

	if (i >= layout->n_outputs || !layout_has(layout, client))
		return false;
	client_detach(layout, client);
	g_array_append_val(layout->outputs[i].docks, dock);
	layout_arrange(layout);
	return true;
}
