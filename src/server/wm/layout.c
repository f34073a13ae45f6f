// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout - the tree of frames of a workspace, and the tabs in them
 */
#include "layout_internal.h"

bool is_leaf(const Frame *frame)
{
	return !frame->half[0];
}

Frame *leaf_new(Layout *layout, Frame *parent)
{
	Frame *frame = g_new0(Frame, 1);

	frame->layout = layout;
	frame->parent = parent;
	frame->id = ++layout->last_id;
	frame->tabs = g_array_new(false, false, sizeof(ClientId));
	return frame;
}

void frame_free(Frame *frame)
{
	if (!frame)
		return;
	frame_free(frame->half[0]);
	frame_free(frame->half[1]);
	g_array_unref(frame->tabs);
	g_clear_pointer(&frame->reserved, g_ptr_array_unref);
	g_free(frame);
}

guint32 frame_id(const Frame *frame)
{
	return frame->id;
}

FrameView frame_view(const Frame *frame)
{
	return (FrameView){!is_leaf(frame), frame->side_by_side, frame->share,
		{frame->half[0], frame->half[1]}};
}

/* ---- geometry ---- */

static int extent_of(Area area, bool side_by_side)
{
	return side_by_side ? area.width : area.height;
}

/* What it needs so that none of its frames is too small. */
static int least(const Frame *frame, bool sideways)
{
	if (is_leaf(frame))
		return FRAME_MIN;
	int a = least(frame->half[0], sideways), b = least(frame->half[1], sideways);

	return frame->side_by_side == sideways ? a + b : MAX(a, b);
}

static int first_extent(const Frame *split, int extent)
{
	int first = (int)((gint64)extent * split->share / LAYOUT_WHOLE);
	int a = least(split->half[0], split->side_by_side);
	int b = least(split->half[1], split->side_by_side);

	if (extent >= a + b)
		return CLAMP(first, a, extent - b);
	return (int)((gint64)extent * a / (a + b)); /* all are too small alike */
}

void frame_place(Frame *frame, Area area)
{
	Area first = area, second = area;

	frame->area = area;
	if (is_leaf(frame))
		return;
	if (frame->side_by_side) {
		first.width = first_extent(frame, area.width);
		second.x += first.width;
		second.width -= first.width;
	} else {
		first.height = first_extent(frame, area.height);
		second.y += first.height;
		second.height -= first.height;
	}
	frame_place(frame->half[0], first);
	frame_place(frame->half[1], second);
}

bool area_contains(Area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.width &&
	       y < area.y + area.height;
}

void frames_collect(Frame *frame, GPtrArray *frames)
{
	if (is_leaf(frame)) {
		g_ptr_array_add(frames, frame);
		return;
	}
	frames_collect(frame->half[0], frames);
	frames_collect(frame->half[1], frames);
}

GPtrArray *layout_frames(const Layout *layout)
{
	GPtrArray *frames = g_ptr_array_new();

	frames_collect(workspace_now(layout)->root, frames);
	return frames;
}

Area frame_area(const Frame *frame)
{
	const Layout *layout = frame->layout;

	for (guint i = 0; i < layout->n_outputs; i++) {
		const Workspace *shown = layout->now->shown[i];

		if (shown->zoom == ZOOM_FRAME && shown->focus == frame)
			return layout->outputs[i].work;
	}
	return frame->area;
}

static Frame *leaf_at(Frame *frame, int x, int y)
{
	while (!is_leaf(frame))
		frame = frame->half[!area_contains(frame->half[0]->area, x, y)];
	return area_contains(frame->area, x, y) ? frame : NULL;
}

Frame *layout_frame_at(const Layout *layout, int x, int y)
{
	for (guint i = 0; i < layout->n_outputs; i++) {
		Workspace *shown = layout->now->shown[i];

		if (!area_contains(layout->outputs[i].work, x, y))
			continue;
		return shown->zoom ? shown->focus : leaf_at(shown->root, x, y);
	}
	return NULL;
}

static Frame *node_by_id(Frame *frame, guint32 id)
{
	if (frame->id == id)
		return frame;
	if (is_leaf(frame))
		return NULL;
	Frame *found = node_by_id(frame->half[0], id);
	return found ? found : node_by_id(frame->half[1], id);
}

static Frame *find_node(const Layout *layout, guint32 id)
{
	for (guint i = 0; i < layout->now->workspaces->len; i++) {
		const Workspace *workspace = layout->now->workspaces->pdata[i];
		Frame *found = node_by_id(workspace->root, id);

		if (found)
			return found;
	}
	return NULL;
}

Frame *layout_frame_by_id(const Layout *layout, guint32 id)
{
	Frame *found = find_node(layout, id);

	return found && is_leaf(found) ? found : NULL;
}

Frame *first_leaf(Frame *frame)
{
	while (!is_leaf(frame))
		frame = frame->half[0];
	return frame;
}

/* ---- splits ---- */

static guint count_leaves(const Frame *frame)
{
	return is_leaf(frame)
		       ? 1
		       : count_leaves(frame->half[0]) + count_leaves(frame->half[1]);
}

static void replace(Workspace *workspace, Frame *old, Frame *parent, Frame *new)
{
	if (!parent)
		workspace->root = new;
	else
		parent->half[parent->half[1] == old] = new;
	new->parent = parent;
}

Frame *layout_divide(Layout *layout, Frame *frame, bool side_by_side, int share)
{
	Workspace *workspace = workspace_with(layout, frame);

	if (count_leaves(workspace->root) >= LAYOUT_FRAMES)
		return NULL;
	Frame *split = leaf_new(layout, NULL);
	split->side_by_side = side_by_side;
	split->share = CLAMP(share, 1, LAYOUT_WHOLE - 1);
	replace(workspace, frame, frame->parent, split);
	split->half[0] = frame;
	split->half[1] = leaf_new(layout, split);
	frame->parent = split;
	workspace->zoom = ZOOM_NONE;
	layout_arrange(layout);
	return split->half[1];
}

/* So that the root, and thus every frame, still has what it needs. */
static bool has_room(const Frame *frame, bool side_by_side)
{
	return extent_of(frame->area, side_by_side) >= 2 * FRAME_MIN;
}

static Frame *divide_focused(Layout *layout, bool side_by_side)
{
	Frame *frame = layout_focused(layout);

	if (!has_room(frame, side_by_side))
		return NULL;
	return layout_divide(layout, frame, side_by_side, LAYOUT_WHOLE / 2);
}

bool layout_split(Layout *layout, bool side_by_side)
{
	State *saved = layout_save(layout);
	Frame *other = divide_focused(layout, side_by_side);

	if (other)
		layout_focus(layout, other);
	return layout_keep(layout, saved, other != NULL);
}

static void take_tabs(Frame *to, const Frame *from)
{
	g_array_append_vals(to->tabs, from->tabs->data, from->tabs->len);
	if (from->tabs->len)
		to->visible = to->tabs->len - from->tabs->len + from->visible;
	for (guint i = 0; from->reserved && i < from->reserved->len; i++)
		frame_reserve(to, from->reserved->pdata[i], false);
}

/* Its sibling takes its place; returns the frame that is its heir. */
static Frame *dissolve(Layout *layout, Frame *frame)
{
	Workspace *workspace = workspace_with(layout, frame);
	Frame *split = frame->parent;
	Frame *other = split->half[split->half[0] == frame];
	Frame *heir = first_leaf(other);

	replace(workspace, split, split->parent, other);
	split->half[0] = split->half[1] = NULL;
	frame_free(split);
	workspace->zoom = ZOOM_NONE;
	if (workspace->focus == frame)
		workspace->focus = heir;
	take_tabs(heir, frame);
	frame_free(frame);
	layout_arrange(layout);
	return heir;
}

bool layout_unsplit(Layout *layout)
{
	State *saved = layout_save(layout);
	Frame *frame = layout_focused(layout);
	bool possible = frame->parent != NULL;

	if (possible)
		layout_focus(layout, dissolve(layout, frame));
	return layout_keep(layout, saved, possible);
}

static bool set_first(Frame *split, int first)
{
	int extent = extent_of(split->area, split->side_by_side);
	int a = least(split->half[0], split->side_by_side);
	int b = least(split->half[1], split->side_by_side);
	int before = split->share;

	if (extent < a + b)
		return false;
	first = CLAMP(first, a, extent - b);
	/* rounded up, so that the same size comes out again */
	split->share = (int)(((gint64)first * LAYOUT_WHOLE + extent - 1) / extent);
	frame_place(split, split->area);
	return split->share != before;
}

static bool resize_frame(Layout *layout, Side side, int amount)
{
	bool sideways = side == SIDE_LEFT || side == SIDE_RIGHT;
	Frame *split = layout_focused(layout)->parent;

	while (split && split->side_by_side != sideways)
		split = split->parent;
	if (!split)
		return false;
	int first = extent_of(split->half[0]->area, sideways);
	return set_first(
		split, first + (side == SIDE_LEFT || side == SIDE_UP ? -amount : amount));
}

static bool resize_float(Layout *layout, Side side, int amount)
{
	Area area;
	ClientId client = layout_focused_client(layout);

	if (!layout_float_area(layout, client, &area))
		return false;
	if (side == SIDE_LEFT || side == SIDE_UP)
		amount = -amount;
	if (side == SIDE_LEFT || side == SIDE_RIGHT)
		area.width += amount;
	else
		area.height += amount;
	return float_set(layout, client, area);
}

bool layout_resize(Layout *layout, Side side, int amount)
{
	State *saved = layout_save(layout);
	bool floats = layout_float_focused(layout);

	amount = CLAMP(amount, -16384, 16384);
	return layout_keep(layout, saved,
		floats ? resize_float(layout, side, amount)
		       : resize_frame(layout, side, amount));
}

/* Frames beside one another count, whatever is within them. */
static int parts(const Frame *frame, bool side_by_side)
{
	if (is_leaf(frame) || frame->side_by_side != side_by_side)
		return 1;
	return parts(frame->half[0], side_by_side) + parts(frame->half[1], side_by_side);
}

static void equalize(Frame *frame)
{
	if (is_leaf(frame))
		return;
	int a = parts(frame->half[0], frame->side_by_side);
	int b = parts(frame->half[1], frame->side_by_side);

	frame->share = (LAYOUT_WHOLE * a + a + b - 1) / (a + b);
	equalize(frame->half[0]);
	equalize(frame->half[1]);
}

bool layout_equalize(Layout *layout)
{
	State *saved = layout_save(layout);

	equalize(workspace_now(layout)->root);
	layout_arrange(layout);
	return layout_keep(layout, saved, true);
}

static Frame *border_at(Frame *frame, int x, int y, int slack)
{
	if (is_leaf(frame) || !area_contains(frame->area, x, y))
		return NULL;
	Area second = frame->half[1]->area;
	int distance = frame->side_by_side ? x - second.x : y - second.y;

	if (ABS(distance) <= slack)
		return frame;
	return border_at(frame->half[distance > 0], x, y, slack);
}

guint32 layout_border_at(
	const Layout *layout, int x, int y, int slack, bool *side_by_side)
{
	for (guint i = 0; i < layout->n_outputs; i++) {
		const Workspace *shown = layout->now->shown[i];
		Frame *split = shown->zoom ? NULL : border_at(shown->root, x, y, slack);

		if (!split)
			continue;
		*side_by_side = split->side_by_side;
		return split->id;
	}
	return 0;
}

bool layout_drag_border(Layout *layout, guint32 id, int x, int y)
{
	State *saved = layout_save(layout);
	Frame *split = find_node(layout, id);
	bool well = split && !is_leaf(split);

	if (well)
		well = set_first(split,
			split->side_by_side ? x - split->area.x : y - split->area.y);
	return layout_keep(layout, saved, well);
}

/* ---- tabs ---- */

void tabs_remove(Frame *frame, guint i)
{
	g_array_remove_index(frame->tabs, i);
	if (frame->visible > i || frame->visible >= frame->tabs->len)
		frame->visible -= frame->visible > 0;
}

void tabs_insert(Frame *frame, ClientId client, guint i)
{
	bool before = frame->tabs->len && i <= frame->visible;

	g_array_insert_val(frame->tabs, MIN(i, frame->tabs->len), client);
	frame->visible += before;
}

guint frame_count(const Frame *frame)
{
	return frame->tabs->len;
}

ClientId frame_client(const Frame *frame, guint i)
{
	return i < frame->tabs->len ? g_array_index(frame->tabs, ClientId, i) : 0;
}

ClientId frame_visible(const Frame *frame)
{
	return frame_client(frame, frame->visible);
}

void frame_show(Frame *frame, guint i)
{
	if (i < frame->tabs->len)
		frame->visible = i;
}

void frame_next_tab(Frame *frame, int step)
{
	guint n = frame->tabs->len;

	if (n)
		frame->visible =
			(frame->visible + n + (guint)(step % (int)n + (int)n)) % n;
}

bool layout_move_tab(Layout *layout, int step)
{
	Frame *frame = layout_focused(layout);
	ClientId client = frame_visible(frame);
	guint n = frame->tabs->len;

	if (n < 2 || layout_float_focused(layout))
		return false;
	State *saved = layout_save(layout);
	guint to = (frame->visible + n + (guint)(step % (int)n + (int)n)) % n;
	g_array_remove_index(frame->tabs, frame->visible);
	g_array_insert_val(frame->tabs, to, client);
	frame->visible = to;
	return layout_keep(layout, saved, true);
}

/* ---- directions ---- */

typedef struct {
	int near_edge, far_edge, low, high; /* along the direction; across it */
} Reach;

/* As if the direction were to the right. */
static Reach reach_of(Area area, Side side)
{
	switch (side) {
	case SIDE_LEFT:
		return (Reach){
			-(area.x + area.width), -area.x, area.y, area.y + area.height};
	case SIDE_UP:
		return (Reach){
			-(area.y + area.height), -area.y, area.x, area.x + area.width};
	case SIDE_DOWN:
		return (Reach){area.y, area.y + area.height, area.x, area.x + area.width};
	default:
		return (Reach){area.x, area.x + area.width, area.y, area.y + area.height};
	}
}

/* The nearest beyond the edge; of those the one with the most in common with us. */
static gint64 distance(const Reach *from, const Reach *to)
{
	int gap = to->near_edge - from->far_edge;
	int common = MIN(from->high, to->high) - MAX(from->low, to->low);

	if (gap < 0)
		return G_MAXINT64;
	return (gint64)gap * 4 - MIN(common, 0) * (gint64)65536 - MAX(common, 0);
}

static Frame *neighbour(const Layout *layout, Side side)
{
	const Frame *self = layout_focused(layout);
	Area own = self->area;
	Frame *best = NULL;
	gint64 best_distance = G_MAXINT64;
	ClientId client = layout_focused_client(layout);

	if (layout_float_focused(layout))
		layout_float_area(layout, client, &own);
	Reach from = reach_of(own, side);
	g_autoptr(GPtrArray) frames = g_ptr_array_new();
	for (guint i = 0; i < layout->n_outputs; i++)
		frames_collect(layout->now->shown[i]->root, frames);
	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];
		Reach to = reach_of(frame->area, side);
		gint64 far = distance(&from, &to);

		if (frame != self && far < best_distance) {
			best = frame;
			best_distance = far;
		}
	}
	return best;
}

bool layout_focus_side(Layout *layout, Side side)
{
	Frame *frame = neighbour(layout, side);

	if (frame)
		layout_focus(layout, frame);
	return frame != NULL;
}

static void swap_tabs(Frame *a, Frame *b)
{
	GArray *tabs = a->tabs;
	guint visible = a->visible;

	a->tabs = b->tabs;
	a->visible = b->visible;
	b->tabs = tabs;
	b->visible = visible;
}

bool layout_swap(Layout *layout, Side side)
{
	State *saved = layout_save(layout);
	Frame *self = layout_focused(layout), *target = neighbour(layout, side);
	bool possible = target && self->tabs->len && !layout_float_focused(layout);

	if (possible) {
		swap_tabs(self, target);
		layout_focus(layout, target);
	}
	return layout_keep(layout, saved, possible);
}

bool layout_into(Layout *layout, Side side)
{
	State *saved = layout_save(layout);
	ClientId client = layout_focused_client(layout);
	Frame *target = neighbour(layout, side);
	bool possible = client && target;

	if (possible) {
		client_detach(layout, client);
		tabs_insert(target, client, G_MAXUINT);
		layout_focus(layout, target);
		frame_show(target, target->tabs->len - 1);
	}
	return layout_keep(layout, saved, possible);
}

bool layout_out(Layout *layout, Side side)
{
	State *saved = layout_save(layout);
	bool sideways = side == SIDE_LEFT || side == SIDE_RIGHT;
	Frame *self = layout_focused(layout), *other = NULL;
	ClientId client = frame_visible(self);

	if (!layout_float_focused(layout) && self->tabs->len > 1)
		other = divide_focused(layout, sideways);
	if (other) {
		tabs_remove(self, self->visible);
		if (side == SIDE_LEFT || side == SIDE_UP) {
			self->parent->half[0] = other;
			self->parent->half[1] = self;
			frame_place(self->parent, self->parent->area);
		}
		tabs_insert(other, client, 0);
		frame_show(other, 0);
		layout_focus(layout, other);
	}
	return layout_keep(layout, saved, other != NULL);
}

/* ---- reservations ---- */

void frame_reserve(Frame *frame, const char *name, bool visible)
{
	if (frame_reservation(frame, name) != G_MAXUINT)
		return;
	if (!frame->reserved)
		frame->reserved = g_ptr_array_new_with_free_func(g_free);
	if (frame->reserved->len >= LAYOUT_RESERVED)
		return;
	if (visible)
		frame->reserved_visible = frame->reserved->len;
	g_ptr_array_add(frame->reserved, g_strdup(name));
}

guint frame_reservations(const Frame *frame)
{
	return frame->reserved ? frame->reserved->len : 0;
}

const char *frame_reserved_name(const Frame *frame, guint i)
{
	return i < frame_reservations(frame) ? frame->reserved->pdata[i] : NULL;
}

guint frame_reserved_visible(const Frame *frame)
{
	return frame->reserved_visible;
}

guint frame_reservation(const Frame *frame, const char *name)
{
	guint i = G_MAXUINT;

	if (!frame->reserved ||
		!g_ptr_array_find_with_equal_func(frame->reserved, name, g_str_equal, &i))
		return G_MAXUINT;
	return i;
}

Frame *layout_reserved(const Layout *layout, const char *name)
{
	g_autoptr(GPtrArray) frames = g_ptr_array_new();

	for (guint i = 0; i < layout->now->workspaces->len; i++)
		frames_collect(
			((Workspace *)layout->now->workspaces->pdata[i])->root, frames);
	for (guint i = 0; i < frames->len; i++)
		if (frame_reservation(frames->pdata[i], name) != G_MAXUINT)
			return frames->pdata[i];
	return NULL;
}

static void unreserve(Frame *frame, const char *name, const Frame *except)
{
	guint i = is_leaf(frame) ? frame_reservation(frame, name) : G_MAXUINT;

	if (!is_leaf(frame)) {
		unreserve(frame->half[0], name, except);
		unreserve(frame->half[1], name, except);
		return;
	}
	if (i == G_MAXUINT || frame == except)
		return;
	g_ptr_array_remove_index(frame->reserved, i);
	frame->reserved_visible -= frame->reserved_visible > i;
	if (!frame->reserved->len)
		g_clear_pointer(&frame->reserved, g_ptr_array_unref);
}

void layout_unreserve(Layout *layout, const char *name, const Frame *except)
{
	for (guint i = 0; i < layout->now->workspaces->len; i++)
		unreserve(((Workspace *)layout->now->workspaces->pdata[i])->root, name,
			except);
}
