// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_clients - who is where, who has the focus, and who is tagged
 */
#include "layout_internal.h"

#include <string.h>

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
	layout->wanted = g_hash_table_new_full(NULL, NULL, NULL, g_free);
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
	g_hash_table_unref(layout->wanted);
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
bool client_is_movable(const Layout *layout, ClientId client)
{
	return layout_has(layout, client) && !layout_docked(layout, client);
}

Float *float_find(const Layout *layout, ClientId client, Workspace **where)
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
		float_find(layout, client, &where);
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
	Float *member = float_find(layout, client, &where);
	if (member)
		remove_float(where, member);
	array_drop(layout->now->scratchpad, client);
	dock_remove(layout, client);
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
	g_hash_table_remove(layout->wanted, GUINT_TO_POINTER(client));
	g_hash_table_remove(layout->clients, GUINT_TO_POINTER(client));
}

bool layout_move_to(Layout *layout, ClientId client, Frame *frame, guint i)
{
	guint at;

	if (!client_is_movable(layout, client))
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
	workspace_show(layout, workspace);
}

void float_focus(Layout *layout, Workspace *workspace, Float *member)
{
	Float raised = *member;

	if (workspace->float_focus != raised.client)
		workspace->zoom = ZOOM_NONE;
	workspace->float_focus = 0;
	remove_float(workspace, member);
	g_array_append_val(workspace->floats, raised);
	workspace->float_focus = raised.client;
	workspace_show(layout, workspace);
}

bool layout_focus_client(Layout *layout, ClientId client)
{
	Workspace *where = NULL;
	Frame *frame = find_frame(layout, client, &where);
	Float *member = frame ? NULL : float_find(layout, client, &where);
	guint i;

	if (frame && array_find(frame->tabs, client, &i)) {
		frame_show(frame, i);
		layout_focus(layout, frame);
	} else if (member) {
		float_focus(layout, where, member);
	} else if (array_find(layout->now->scratchpad, client, NULL)) {
		array_drop(layout->now->scratchpad, client);
		float_add(layout, workspace_now(layout), client,
			float_default_area(layout, client), true);
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
	float_focus(
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
	if (!client_is_movable(layout, client))
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

		if (!client_is_movable(layout, client))
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
	Float *member = float_find(layout, client, NULL);

	if (!client_is_movable(layout, client))
		return false;
	State *saved = layout_save(layout);
	target = workspace_get(layout, name);
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
