// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_layers - what lies beside and above the frames: outputs and their docks,
 * workspaces, floating clients, the scratchpad; and who has the focus
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

static Workspace *get_workspace(Layout *layout, const char *name)
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

static void show(Layout *layout, Workspace *workspace)
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
	Workspace *workspace = get_workspace(layout, name);

	if (workspace)
		show(layout, workspace);
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
	show(layout, all->pdata[((i + step) % n + n) % n]);
	return n > 1;
}

bool layout_workspace_back(Layout *layout)
{
	Workspace *previous = layout->now->previous;

	if (!previous || previous == workspace_now(layout))
		return false;
	show(layout, previous);
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

static Area cut(Area *area, Side side, int size)
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

			cut(&output->work, dock->side, dock->size);
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
	show(layout, layout->now->shown[i]);
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

static bool undock(Layout *layout, ClientId client)
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
	bool docked = undock(layout, client);

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

/* ---- layout ---- */

Layout *layout_new(int width, int height)
{
	Layout *layout = g_new0(Layout, 1);

	layout->now = g_new0(State, 1);
	layout->now->workspaces = g_ptr_array_new_with_free_func(workspace_free);
	layout->now->scratchpad = g_array_new(false, false, sizeof(ClientId));
	layout->undo = g_ptr_array_new_with_free_func(state_free);
	layout->redo = g_ptr_array_new_with_free_func(state_free);
	layout->clients = g_hash_table_new(NULL, NULL);
	layout->places = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	layout->history = g_array_new(false, false, sizeof(ClientId));
	layout->tagged = g_array_new(false, false, sizeof(ClientId));
	layout_set_output(layout, 0, (Area){0, 0, width, height});
	return layout;
}

void layout_free(Layout *layout)
{
	if (!layout)
		return;
	state_free(layout->now);
	g_ptr_array_unref(layout->undo);
	g_ptr_array_unref(layout->redo);
	for (guint i = 0; i < layout->n_outputs; i++)
		g_array_unref(layout->outputs[i].docks);
	g_hash_table_unref(layout->clients);
	g_hash_table_unref(layout->places);
	g_array_unref(layout->history);
	g_array_unref(layout->tagged);
	g_free(layout);
}

/* ---- clients ---- */

bool layout_has(const Layout *layout, ClientId client)
{
	return g_hash_table_contains(layout->clients, GUINT_TO_POINTER(client));
}

/* A docked one stays where it is. */
static bool is_movable(const Layout *layout, ClientId client)
{
	return layout_has(layout, client) && !layout_docked(layout, client);
}

static Float *find_float(const Layout *layout, ClientId client, Workspace **where)
{
	for (guint i = 0; client && i < layout->now->workspaces->len; i++) {
		Workspace *workspace = layout->now->workspaces->pdata[i];

		for (guint j = 0; j < workspace->floats->len; j++) {
			Float *found = &g_array_index(workspace->floats, Float, j);

			if (found->client != client)
				continue;
			if (where)
				*where = workspace;
			return found;
		}
	}
	return NULL;
}

static Frame *leaf_with(Frame *frame, ClientId client)
{
	if (is_leaf(frame))
		return array_find(frame->tabs, client, NULL) ? frame : NULL;
	Frame *found = leaf_with(frame->half[0], client);
	return found ? found : leaf_with(frame->half[1], client);
}

static Frame *find_frame(const Layout *layout, ClientId client, Workspace **where)
{
	for (guint i = 0; client && i < layout->now->workspaces->len; i++) {
		Workspace *workspace = layout->now->workspaces->pdata[i];
		Frame *found = leaf_with(workspace->root, client);

		if (found && where)
			*where = workspace;
		if (found)
			return found;
	}
	return NULL;
}

Frame *layout_frame_of(const Layout *layout, ClientId client)
{
	return find_frame(layout, client, NULL);
}

const char *layout_workspace_of(const Layout *layout, ClientId client)
{
	Workspace *where = NULL;

	if (!find_frame(layout, client, &where))
		find_float(layout, client, &where);
	return where ? where->name : NULL;
}

static void remove_float(Workspace *workspace, const Float *member)
{
	if (workspace->float_focus == member->client) {
		workspace->float_focus = 0;
		if (workspace->zoom == ZOOM_FULL)
			workspace->zoom = ZOOM_NONE;
	}
	g_array_remove_index(workspace->floats,
		(guint)(member - (const Float *)(void *)workspace->floats->data));
}

void client_detach(Layout *layout, ClientId client)
{
	Workspace *where = NULL;
	Frame *frame = find_frame(layout, client, &where);
	guint i;

	if (frame && array_find(frame->tabs, client, &i)) {
		tabs_remove(frame, i);
		if (where->zoom == ZOOM_FULL && where->focus == frame)
			where->zoom = ZOOM_NONE;
		return;
	}
	Float *member = find_float(layout, client, &where);
	if (member)
		remove_float(where, member);
	array_drop(layout->now->scratchpad, client);
	undock(layout, client);
}

bool layout_insert(Layout *layout, ClientId client, Frame *frame, guint i)
{
	if (!client || layout_has(layout, client) ||
		g_hash_table_size(layout->clients) >= LAYOUT_CLIENTS)
		return false;
	g_hash_table_add(layout->clients, GUINT_TO_POINTER(client));
	tabs_insert(frame ? frame : layout_focused(layout), client, i);
	return true;
}

bool layout_add(Layout *layout, ClientId client, Frame *frame)
{
	if (!frame)
		frame = layout_focused(layout);
	if (!layout_insert(layout, client, frame, G_MAXUINT))
		return false;
	frame_show(frame, frame->tabs->len - 1);
	return true;
}

void layout_remove(Layout *layout, ClientId client)
{
	client_detach(layout, client);
	array_drop(layout->history, client);
	array_drop(layout->tagged, client);
	g_hash_table_remove(layout->places, GUINT_TO_POINTER(client));
	g_hash_table_remove(layout->clients, GUINT_TO_POINTER(client));
}

bool layout_move_to(Layout *layout, ClientId client, Frame *frame, guint i)
{
	guint at;

	if (!is_movable(layout, client))
		return false;
	State *saved = layout_save(layout);
	if (array_find(frame->tabs, client, &at) && at < i && i != G_MAXUINT)
		i--;
	client_detach(layout, client);
	i = MIN(i, frame->tabs->len);
	tabs_insert(frame, client, i);
	frame_show(frame, i);
	return layout_keep(layout, saved, true);
}

static Frame *empty_frame(const Layout *layout)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	Frame *best = NULL;
	gint64 best_size = 0;

	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];
		gint64 size = (gint64)frame->area.width * frame->area.height;

		if (!frame->tabs->len && (!best || size > best_size)) {
			best = frame;
			best_size = size;
		}
	}
	return best;
}

Frame *layout_place_for_new(Layout *layout, bool divide)
{
	Frame *focus = layout_focused(layout), *other = NULL;
	Area area = focus->area;
	bool sideways = area.width >= area.height;

	if (!focus->tabs->len)
		return focus;
	other = empty_frame(layout);
	if (!other && divide && MAX(area.width, area.height) >= 4 * FRAME_MIN)
		other = layout_divide(layout, focus, sideways, LAYOUT_WHOLE / 2);
	return other ? other : focus;
}

/* ---- focus ---- */

Frame *layout_focused(const Layout *layout)
{
	return workspace_now(layout)->focus;
}

bool layout_float_focused(const Layout *layout)
{
	return workspace_now(layout)->float_focus != 0;
}

ClientId layout_focused_client(const Layout *layout)
{
	const Workspace *now = workspace_now(layout);

	return now->float_focus ? now->float_focus : frame_visible(now->focus);
}

void layout_focus(Layout *layout, Frame *frame)
{
	Workspace *workspace = workspace_with(layout, frame);

	if (workspace->focus != frame || workspace->float_focus)
		workspace->zoom = ZOOM_NONE;
	workspace->focus = frame;
	workspace->float_focus = 0;
	show(layout, workspace);
}

static void focus_float(Layout *layout, Workspace *workspace, Float *member)
{
	Float raised = *member;

	if (workspace->float_focus != raised.client)
		workspace->zoom = ZOOM_NONE;
	workspace->float_focus = 0;
	remove_float(workspace, member);
	g_array_append_val(workspace->floats, raised);
	workspace->float_focus = raised.client;
	show(layout, workspace);
}

static void float_add(
	Layout *layout, Workspace *workspace, ClientId client, Area area, bool scratch);
static Area default_area(const Layout *layout, ClientId client);

bool layout_focus_client(Layout *layout, ClientId client)
{
	Workspace *where = NULL;
	Frame *frame = find_frame(layout, client, &where);
	Float *member = frame ? NULL : find_float(layout, client, &where);
	guint i;

	if (frame && array_find(frame->tabs, client, &i)) {
		frame_show(frame, i);
		layout_focus(layout, frame);
	} else if (member) {
		focus_float(layout, where, member);
	} else if (array_find(layout->now->scratchpad, client, NULL)) {
		array_drop(layout->now->scratchpad, client);
		float_add(layout, workspace_now(layout), client,
			default_area(layout, client), true);
	} else {
		return false;
	}
	return true;
}

bool layout_focus_next(Layout *layout, int step)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	int n = (int)frames->len;
	guint i = 0;

	g_ptr_array_find(frames, layout_focused(layout), &i);
	layout_focus(layout, frames->pdata[(((int)i + step) % n + n) % n]);
	return n > 1;
}

void layout_note_focus(Layout *layout)
{
	ClientId client = layout_focused_client(layout);

	if (!client)
		return;
	array_drop(layout->history, client);
	g_array_append_val(layout->history, client);
}

bool layout_focus_previous(Layout *layout)
{
	layout_note_focus(layout);
	for (guint i = layout->history->len; i-- > 0;) {
		ClientId client = g_array_index(layout->history, ClientId, i);

		if (client != layout_focused_client(layout) &&
			layout_focus_client(layout, client))
			return true;
	}
	return false;
}

bool layout_focus_layer(Layout *layout)
{
	Workspace *now = workspace_now(layout);

	if (now->float_focus) {
		layout_focus(layout, now->focus);
		return true;
	}
	if (!now->floats->len)
		return false;
	focus_float(
		layout, now, &g_array_index(now->floats, Float, now->floats->len - 1));
	return true;
}

bool layout_zoom(Layout *layout, Zoom zoom)
{
	Workspace *now = workspace_now(layout);

	if (zoom == ZOOM_FULL && !layout_focused_client(layout))
		return false;
	if (zoom == ZOOM_FRAME && now->float_focus)
		return false;
	now->zoom = now->zoom == zoom ? ZOOM_NONE : zoom;
	return true;
}

Zoom layout_zoomed(const Layout *layout)
{
	return workspace_now(layout)->zoom;
}

/* ---- tags ---- */

bool layout_tag(Layout *layout, ClientId client)
{
	if (!is_movable(layout, client))
		return false;
	if (array_find(layout->tagged, client, NULL))
		array_drop(layout->tagged, client);
	else
		g_array_append_val(layout->tagged, client);
	return true;
}

bool layout_tagged(const Layout *layout, ClientId client)
{
	return array_find(layout->tagged, client, NULL);
}

void layout_untag(Layout *layout)
{
	g_array_set_size(layout->tagged, 0);
}

bool layout_attach_tagged(Layout *layout)
{
	Frame *target = layout_focused(layout);
	bool any = layout->tagged->len > 0;
	State *saved = layout_save(layout);

	for (guint i = 0; i < layout->tagged->len; i++) {
		ClientId client = g_array_index(layout->tagged, ClientId, i);

		if (!is_movable(layout, client))
			continue; /* docked since */
		client_detach(layout, client);
		tabs_insert(target, client, G_MAXUINT);
		frame_show(target, target->tabs->len - 1);
	}
	if (any)
		layout_focus(layout, target);
	layout_untag(layout);
	return layout_keep(layout, saved, any);
}

bool layout_send(Layout *layout, ClientId client, const char *name)
{
	Workspace *target;
	Float *member = find_float(layout, client, NULL);

	if (!is_movable(layout, client))
		return false;
	State *saved = layout_save(layout);
	target = get_workspace(layout, name);
	if (target && member) {
		Float copy = *member;

		client_detach(layout, client);
		g_array_append_val(target->floats, copy);
	} else if (target) {
		client_detach(layout, client);
		tabs_insert(target->focus, client, G_MAXUINT);
		frame_show(target->focus, target->focus->tabs->len - 1);
	}
	layout_arrange(layout);
	return layout_keep(layout, saved, target != NULL);
}

/* ---- floating ---- */

static Area sane(Area area)
{
	area.width = CLAMP(area.width, FRAME_MIN, 16383);
	area.height = CLAMP(area.height, FRAME_MIN, 16383);
	area.x = CLAMP(area.x, -16383, 16383);
	area.y = CLAMP(area.y, -16383, 16383);
	return area;
}

/* Within the workspace's area, as far as that is large enough; what was wanted is kept.
 */
static Area fitted(const Layout *layout, const Workspace *workspace, Area area)
{
	Area work = layout->outputs[MIN(workspace->output, layout->n_outputs - 1)].work;

	area.width = MAX(MIN(area.width, work.width), 1);
	area.height = MAX(MIN(area.height, work.height), 1);
	area.x = CLAMP(area.x, work.x, work.x + MAX(work.width - area.width, 0));
	area.y = CLAMP(area.y, work.y, work.y + MAX(work.height - area.height, 0));
	return area;
}

/* Where it floated last, else in the middle. */
static Area default_area(const Layout *layout, ClientId client)
{
	const Area *last = g_hash_table_lookup(layout->places, GUINT_TO_POINTER(client));
	Area work = layout_work_area(layout, layout->now->output);
	int width = work.width * 3 / 5, height = work.height * 3 / 5;

	return last ? *last
		    : (Area){work.x + (work.width - width) / 2,
			      work.y + (work.height - height) / 2, width, height};
}

static void remember(Layout *layout, ClientId client, Area area)
{
	g_hash_table_insert(
		layout->places, GUINT_TO_POINTER(client), g_memdup2(&area, sizeof area));
}

static void float_add(
	Layout *layout, Workspace *workspace, ClientId client, Area area, bool scratch)
{
	Float member = {client, sane(area), scratch};

	remember(layout, client, member.area);
	workspace->zoom = ZOOM_NONE;
	g_array_append_val(workspace->floats, member);
	workspace->float_focus = client;
}

bool layout_floats(const Layout *layout, ClientId client)
{
	return find_float(layout, client, NULL) != NULL;
}

bool layout_float(Layout *layout, ClientId client, Area area)
{
	if (!is_movable(layout, client))
		return false;
	if (area.width <= 0 || area.height <= 0)
		area = default_area(layout, client);
	State *saved = layout_save(layout);
	client_detach(layout, client);
	float_add(layout, workspace_now(layout), client, area, false);
	return layout_keep(layout, saved, true);
}

bool layout_toggle_float(Layout *layout)
{
	ClientId client = layout_focused_client(layout);
	Frame *frame = layout_focused(layout);

	if (!client)
		return false;
	if (!layout_float_focused(layout))
		return layout_float(layout, client, (Area){0});
	State *saved = layout_save(layout);
	client_detach(layout, client);
	tabs_insert(frame, client, G_MAXUINT);
	frame_show(frame, frame->tabs->len - 1);
	layout_focus(layout, frame);
	return layout_keep(layout, saved, true);
}

bool float_set(Layout *layout, ClientId client, Area area)
{
	Float *member = find_float(layout, client, NULL);

	if (!member)
		return false;
	member->area = sane(area);
	remember(layout, client, member->area);
	return true;
}

bool layout_set_float(Layout *layout, ClientId client, Area area)
{
	State *saved = layout_save(layout);

	return layout_keep(layout, saved, float_set(layout, client, area));
}

bool layout_float_area(const Layout *layout, ClientId client, Area *area)
{
	Workspace *where;
	const Float *member = find_float(layout, client, &where);

	if (member)
		*area = fitted(layout, where, member->area);
	return member != NULL;
}

bool layout_move_float(Layout *layout, Side side, int amount)
{
	ClientId client = layout_focused_client(layout);
	Area area;

	if (!layout_float_area(layout, client, &area))
		return false;
	if (side == SIDE_LEFT || side == SIDE_RIGHT)
		area.x += side == SIDE_LEFT ? -amount : amount;
	else
		area.y += side == SIDE_UP ? -amount : amount;
	return layout_set_float(layout, client, area);
}

/* ---- scratchpad ---- */

static void put_away(Layout *layout, ClientId client)
{
	client_detach(layout, client);
	g_array_append_val(layout->now->scratchpad, client);
}

bool layout_to_scratchpad(Layout *layout, ClientId client)
{
	if (!is_movable(layout, client) || layout_in_scratchpad(layout, client))
		return false;
	State *saved = layout_save(layout);
	put_away(layout, client);
	return layout_keep(layout, saved, true);
}

static Float *shown_scratch(const Workspace *workspace)
{
	for (guint i = workspace->floats->len; i-- > 0;) {
		Float *member = &g_array_index(workspace->floats, Float, i);

		if (member->scratch)
			return member;
	}
	return NULL;
}

bool layout_show_scratchpad(Layout *layout)
{
	Workspace *now = workspace_now(layout);
	Float *shown = shown_scratch(now);
	State *saved = layout_save(layout);

	if (shown && shown->client == now->float_focus) {
		put_away(layout, shown->client);
	} else if (shown) {
		focus_float(layout, now, shown);
	} else if (layout->now->scratchpad->len) {
		ClientId client = g_array_index(layout->now->scratchpad, ClientId, 0);

		g_array_remove_index(layout->now->scratchpad, 0);
		float_add(layout, now, client, default_area(layout, client), true);
	} else {
		return layout_keep(layout, saved, false);
	}
	return layout_keep(layout, saved, true);
}

bool layout_in_scratchpad(const Layout *layout, ClientId client)
{
	return array_find(layout->now->scratchpad, client, NULL);
}

GArray *layout_scratchpad(const Layout *layout)
{
	return layout->now->scratchpad;
}

/* ---- all that is to be seen ---- */

static void add_docks(const Layout *layout, guint i, GArray *places)
{
	Area rest = layout->outputs[i].area;

	for (guint j = 0; j < layout->outputs[i].docks->len; j++) {
		const Dock *dock = &g_array_index(layout->outputs[i].docks, Dock, j);
		Place place = {.kind = PLACE_DOCK, .client = dock->client, .output = i};

		place.area = cut(&rest, dock->side, dock->size);
		g_array_append_val(places, place);
	}
}

static void add_frames(const Layout *layout, guint i, GArray *places)
{
	const Workspace *shown = layout->now->shown[i];
	g_autoptr(GPtrArray) frames = g_ptr_array_new();

	frames_collect(shown->root, frames);
	for (guint j = 0; j < frames->len; j++) {
		Frame *frame = frames->pdata[j];
		Place place = {PLACE_FRAME, frame, frame_visible(frame), frame->area,
			i == layout->now->output && !shown->float_focus &&
				frame == shown->focus,
			i};

		if (shown->zoom == ZOOM_FRAME && frame != shown->focus)
			continue;
		if (shown->zoom == ZOOM_FRAME)
			place.area = layout->outputs[i].work;
		g_array_append_val(places, place);
	}
}

static void add_floats(const Layout *layout, guint i, GArray *places)
{
	const Workspace *shown = layout->now->shown[i];

	for (guint j = 0; j < shown->floats->len; j++) {
		const Float *member = &g_array_index(shown->floats, Float, j);
		Place place = {PLACE_FLOAT, NULL, member->client,
			fitted(layout, shown, member->area),
			i == layout->now->output && shown->float_focus == member->client,
			i};

		g_array_append_val(places, place);
	}
}

GArray *layout_places(const Layout *layout)
{
	GArray *places = g_array_new(false, false, sizeof(Place));

	for (guint i = 0; i < layout->n_outputs; i++) {
		const Workspace *shown = layout->now->shown[i];
		ClientId client = shown->float_focus ? shown->float_focus
						     : frame_visible(shown->focus);
		Place full = {PLACE_FULL, NULL, client, layout->outputs[i].area,
			i == layout->now->output, i};

		if (shown->zoom == ZOOM_FULL && client) {
			g_array_append_val(places, full);
			continue;
		}
		add_docks(layout, i, places);
		add_frames(layout, i, places);
		add_floats(layout, i, places);
	}
	return places;
}
