// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_undo - copies of the arrangement, to go back to and forward again
 */
#include "layout_internal.h"

void state_free(gpointer data)
{
	State *state = data;

	if (!state)
		return;
	g_ptr_array_unref(state->workspaces);
	g_array_unref(state->scratchpad);
	g_free(state);
}

/* ---- copies ---- */

static GPtrArray *names_copy(const GPtrArray *names)
{
	GPtrArray *copy = names ? g_ptr_array_new_with_free_func(g_free) : NULL;

	for (guint i = 0; names && i < names->len; i++)
		g_ptr_array_add(copy, g_strdup(names->pdata[i]));
	return copy;
}

static Frame *frame_copy(const Frame *frame, Frame *parent)
{
	Frame *copy = g_memdup2(frame, sizeof *frame);

	copy->parent = parent;
	copy->tabs = g_array_copy(frame->tabs);
	copy->reserved = names_copy(frame->reserved);
	for (int i = 0; i < 2; i++)
		if (frame->half[i])
			copy->half[i] = frame_copy(frame->half[i], copy);
	return copy;
}

static Frame *counterpart(const Frame *wanted, const Frame *from, Frame *to)
{
	if (wanted == from)
		return to;
	if (is_leaf(from))
		return NULL;
	Frame *found = counterpart(wanted, from->half[0], to->half[0]);
	return found ? found : counterpart(wanted, from->half[1], to->half[1]);
}

static Workspace *workspace_copy(const Workspace *workspace)
{
	Workspace *copy = g_memdup2(workspace, sizeof *workspace);

	copy->name = g_strdup(workspace->name);
	copy->root = frame_copy(workspace->root, NULL);
	copy->focus = counterpart(workspace->focus, workspace->root, copy->root);
	copy->floats = g_array_copy(workspace->floats);
	return copy;
}

static State *state_copy(const State *state)
{
	State *copy = g_memdup2(state, sizeof *state);

	copy->workspaces = g_ptr_array_new_with_free_func(workspace_free);
	copy->scratchpad = g_array_copy(state->scratchpad);
	for (guint i = 0; i < state->workspaces->len; i++) {
		Workspace *old = state->workspaces->pdata[i], *new = workspace_copy(old);

		g_ptr_array_add(copy->workspaces, new);
		if (state->previous == old)
			copy->previous = new;
		for (guint j = 0; j < LAYOUT_OUTPUTS; j++)
			if (state->shown[j] == old)
				copy->shown[j] = new;
	}
	return copy;
}

/* ---- saving ---- */

State *layout_save(Layout *layout)
{
	return layout->gesture && layout->gesture_saved ? NULL : state_copy(layout->now);
}

bool layout_keep(Layout *layout, State *saved, bool changed)
{
	if (!changed || !saved) {
		state_free(saved);
		return changed;
	}
	if (layout->undo->len == LAYOUT_UNDO)
		g_ptr_array_remove_index(layout->undo, 0);
	g_ptr_array_add(layout->undo, saved);
	g_ptr_array_set_size(layout->redo, 0);
	layout->gesture_saved = layout->gesture;
	return true;
}

void layout_begin_gesture(Layout *layout)
{
	layout->gesture = true;
	layout->gesture_saved = false;
}

void layout_end_gesture(Layout *layout)
{
	layout->gesture = layout->gesture_saved = false;
}

/* ---- going back ---- */

static void note(GHashTable *seen, ClientId client)
{
	g_hash_table_add(seen, GUINT_TO_POINTER(client));
}

/* Whether it is still there, and nowhere else. */
static bool stays(const Layout *layout, GHashTable *seen, ClientId client)
{
	bool stays = layout_has(layout, client) && !layout_docked(layout, client) &&
		     !g_hash_table_contains(seen, GUINT_TO_POINTER(client));

	if (stays)
		note(seen, client);
	return stays;
}

static void sweep_frame(Layout *layout, GHashTable *seen, Frame *frame)
{
	if (!is_leaf(frame)) {
		sweep_frame(layout, seen, frame->half[0]);
		sweep_frame(layout, seen, frame->half[1]);
		return;
	}
	for (guint i = frame->tabs->len; i-- > 0;)
		if (!stays(layout, seen, g_array_index(frame->tabs, ClientId, i)))
			tabs_remove(frame, i);
}

static void sweep_workspace(Layout *layout, GHashTable *seen, Workspace *workspace)
{
	sweep_frame(layout, seen, workspace->root);
	for (guint i = workspace->floats->len; i-- > 0;) {
		ClientId client = g_array_index(workspace->floats, Float, i).client;

		if (stays(layout, seen, client))
			continue;
		if (workspace->float_focus == client)
			workspace->float_focus = 0;
		g_array_remove_index(workspace->floats, i);
	}
	if (!workspace->float_focus && workspace->zoom == ZOOM_FULL &&
		!frame_visible(workspace->focus))
		workspace->zoom = ZOOM_NONE;
}

/* The state is of a time when other clients were there. */
static void reconcile(Layout *layout)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	State *now = layout->now;
	GHashTableIter iter;
	gpointer key;

	for (guint i = 0; i < now->workspaces->len; i++)
		sweep_workspace(layout, seen, now->workspaces->pdata[i]);
	for (guint i = now->scratchpad->len; i-- > 0;)
		if (!stays(layout, seen, g_array_index(now->scratchpad, ClientId, i)))
			g_array_remove_index(now->scratchpad, i);
	g_hash_table_iter_init(&iter, layout->clients);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		ClientId client = GPOINTER_TO_UINT(key);

		if (!g_hash_table_contains(seen, key) && !layout_docked(layout, client))
			tabs_insert(layout_focused(layout), client, G_MAXUINT);
	}
}

static bool go(Layout *layout, GPtrArray *from, GPtrArray *to)
{
	if (!from->len)
		return false;
	State *before = layout->now;
	layout->now = g_ptr_array_steal_index(from, from->len - 1);
	outputs_fit(layout);
	if (to->len == LAYOUT_UNDO)
		g_ptr_array_remove_index(to, 0);
	g_ptr_array_add(to, before);
	reconcile(layout);
	layout_arrange(layout);
	return true;
}

bool layout_undo(Layout *layout)
{
	return go(layout, layout->undo, layout->redo);
}

bool layout_redo(Layout *layout)
{
	return go(layout, layout->redo, layout->undo);
}
