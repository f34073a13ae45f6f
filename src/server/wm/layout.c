// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout.h"

#define WHOLE 65536 /* a share of 1 */

/* A node is a split with two halves, or a leaf: a frame. */
struct Frame {
	Layout *layout; /* borrowed */
	Frame *parent;  /* NULL: the root */
	Frame *half[2]; /* owned; NULL in a leaf */
	bool side_by_side;
	int share; /* of the first half, in 1/WHOLE */
	Area area;
	GPtrArray *clients; /* owned array of borrowed clients; leaf only */
	guint visible;
	GPtrArray *reserved; /* owned, of char *: for whom; NULL: for nobody */
};

struct Layout {
	Frame *root; /* owned */
	Frame *focus;
	Area area;
	bool zoomed;
};

static bool is_leaf(const Frame *frame)
{
	return !frame->half[0];
}

static Frame *leaf_new(Layout *layout, Frame *parent)
{
	Frame *frame = g_new0(Frame, 1);

	frame->layout = layout;
	frame->parent = parent;
	frame->clients = g_ptr_array_new();
	return frame;
}

static void frame_free(Frame *frame)
{
	if (!frame)
		return;
	frame_free(frame->half[0]);
	frame_free(frame->half[1]);
	g_ptr_array_unref(frame->clients);
	g_clear_pointer(&frame->reserved, g_ptr_array_unref);
	g_free(frame);
}

/* ---- geometry ---- */

static void place(Frame *frame, Area area)
{
	Area first = area, second = area;

	frame->area = area;
	if (is_leaf(frame))
		return;
	if (frame->side_by_side) {
		first.width = (int)((gint64)area.width * frame->share / WHOLE);
		second.x += first.width;
		second.width -= first.width;
	} else {
		first.height = (int)((gint64)area.height * frame->share / WHOLE);
		second.y += first.height;
		second.height -= first.height;
	}
	place(frame->half[0], first);
	place(frame->half[1], second);
}

Layout *layout_new(int width, int height)
{
	Layout *layout = g_new0(Layout, 1);

	layout->root = layout->focus = leaf_new(layout, NULL);
	layout_set_size(layout, width, height);
	return layout;
}

void layout_free(Layout *layout)
{
	frame_free(layout->root);
	g_free(layout);
}

void layout_set_size(Layout *layout, int width, int height)
{
	layout->area = (Area){0, 0, width, height};
	place(layout->root, layout->area);
}

Area frame_area(const Frame *frame)
{
	const Layout *layout = frame->layout;

	return layout->zoomed && layout->focus == frame ? layout->area : frame->area;
}

static void collect(Frame *frame, GPtrArray *frames)
{
	if (is_leaf(frame)) {
		g_ptr_array_add(frames, frame);
		return;
	}
	collect(frame->half[0], frames);
	collect(frame->half[1], frames);
}

GPtrArray *layout_frames(const Layout *layout)
{
	GPtrArray *frames = g_ptr_array_new();

	collect(layout->root, frames);
	return frames;
}

static bool contains(Area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.width &&
	       y < area.y + area.height;
}

Frame *layout_frame_at(const Layout *layout, int x, int y)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);

	if (layout->zoomed)
		return contains(layout->area, x, y) ? layout->focus : NULL;
	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];

		if (contains(frame->area, x, y))
			return frame;
	}
	return NULL;
}

/* ---- focus ---- */

Frame *layout_focused(const Layout *layout)
{
	return layout->focus;
}

void layout_focus(Layout *layout, Frame *frame)
{
	if (frame != layout->focus)
		layout->zoomed = false;
	layout->focus = frame;
}

/* The frame beyond the middle of the focused one's edge. */
static Frame *neighbour(const Layout *layout, Side side)
{
	Area area = layout->focus->area;
	int x = area.x + area.width / 2, y = area.y + area.height / 2;
	g_autoptr(GPtrArray) frames = layout_frames(layout);

	x = side == SIDE_LEFT ? area.x - 1 : side == SIDE_RIGHT ? area.x + area.width : x;
	y = side == SIDE_UP ? area.y - 1 : side == SIDE_DOWN ? area.y + area.height : y;
	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];

		if (contains(frame->area, x, y))
			return frame;
	}
	return NULL;
}

bool layout_focus_side(Layout *layout, Side side)
{
	Frame *frame = neighbour(layout, side);

	if (!frame)
		return false;
	layout_focus(layout, frame);
	return true;
}

/* ---- splits ---- */

Frame *layout_divide(Layout *layout, Frame *frame, bool side_by_side, int percent)
{
	Frame *split = leaf_new(layout, frame->parent);

	split->side_by_side = side_by_side;
	split->share = (WHOLE * percent + 99) / 100; /* rounded up, as in layout_resize */
	if (!frame->parent)
		layout->root = split;
	else
		frame->parent->half[frame->parent->half[1] == frame] = split;
	split->half[0] = frame;
	split->half[1] = leaf_new(layout, split);
	frame->parent = split;
	layout->zoomed = false;
	place(layout->root, layout->area);
	return split->half[1];
}

bool layout_split(Layout *layout, bool side_by_side)
{
	Frame *frame = layout->focus;
	int extent = side_by_side ? frame->area.width : frame->area.height;

	if (extent < 2 * FRAME_MIN)
		return false;
	layout->focus = layout_divide(layout, frame, side_by_side, 50);
	return true;
}

static Frame *first_leaf(Frame *frame)
{
	while (!is_leaf(frame))
		frame = frame->half[0];
	return frame;
}

bool layout_unsplit(Layout *layout)
{
	Frame *frame = layout->focus, *split = frame->parent;

	if (!split)
		return false;
	Frame *other = split->half[split->half[0] == frame];
	if (!split->parent)
		layout->root = other;
	else
		split->parent->half[split->parent->half[1] == split] = other;
	other->parent = split->parent;
	split->half[0] = split->half[1] = NULL;
	frame_free(split);
	layout->zoomed = false;
	layout->focus = first_leaf(other);
	for (guint i = 0; i < frame->clients->len; i++)
		frame_add(layout->focus, frame->clients->pdata[i]);
	frame_free(frame);
	place(layout->root, layout->area);
	return true;
}

void layout_resize(Layout *layout, Side side, int amount)
{
	bool sideways = side == SIDE_LEFT || side == SIDE_RIGHT;
	Frame *split = layout->focus->parent;
	int extent, first;

	while (split && split->side_by_side != sideways)
		split = split->parent;
	if (!split)
		return;
	extent = sideways ? split->area.width : split->area.height;
	if (extent < 2 * FRAME_MIN)
		return;
	first = sideways ? split->half[0]->area.width : split->half[0]->area.height;
	first += side == SIDE_LEFT || side == SIDE_UP ? -amount : amount;
	first = CLAMP(first, FRAME_MIN, extent - FRAME_MIN);
	/* rounded up, so that the same size comes out again */
	split->share = (int)(((gint64)first * WHOLE + extent - 1) / extent);
	place(layout->root, layout->area);
}

void layout_toggle_zoom(Layout *layout)
{
	layout->zoomed = !layout->zoomed;
}

bool layout_zoomed(const Layout *layout)
{
	return layout->zoomed;
}

/* ---- tabs ---- */

void frame_add(Frame *frame, void *client)
{
	g_ptr_array_add(frame->clients, client);
	frame->visible = frame->clients->len - 1;
}

void frame_insert(Frame *frame, void *client, guint i)
{
	bool before = frame->clients->len && i <= frame->visible;

	g_ptr_array_insert(frame->clients, (int)MIN(i, frame->clients->len), client);
	frame->visible += before;
}

guint frame_count(const Frame *frame)
{
	return frame->clients->len;
}

void *frame_client(const Frame *frame, guint i)
{
	return i < frame->clients->len ? frame->clients->pdata[i] : NULL;
}

void *frame_visible(const Frame *frame)
{
	return frame_client(frame, frame->visible);
}

void frame_show(Frame *frame, guint i)
{
	if (i < frame->clients->len)
		frame->visible = i;
}

void frame_next_tab(Frame *frame, int step)
{
	guint n = frame->clients->len;

	if (n)
		frame->visible =
			(frame->visible + n + (guint)(step % (int)n + (int)n)) % n;
}

Frame *layout_frame_of(const Layout *layout, const void *client)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);

	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];

		if (g_ptr_array_find(frame->clients, client, NULL))
			return frame;
	}
	return NULL;
}

void layout_remove(Layout *layout, void *client)
{
	Frame *frame = layout_frame_of(layout, client);
	guint i;

	if (!frame || !g_ptr_array_find(frame->clients, client, &i))
		return;
	g_ptr_array_remove_index(frame->clients, i);
	if (frame->visible > i || frame->visible >= frame->clients->len)
		frame->visible -= frame->visible > 0;
}

bool layout_move(Layout *layout, Side side)
{
	void *client = frame_visible(layout->focus);
	Frame *target = neighbour(layout, side);

	if (!client || !target)
		return false;
	layout_remove(layout, client);
	frame_add(target, client);
	layout_focus(layout, target);
	return true;
}

Frame *layout_empty_frame(const Layout *layout)
{
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	Frame *best = NULL;

	for (guint i = 0; i < frames->len; i++) {
		Frame *frame = frames->pdata[i];
		gint64 size = (gint64)frame->area.width * frame->area.height;

		if (!frame->clients->len &&
			(!best || size > (gint64)best->area.width * best->area.height))
			best = frame;
	}
	return best;
}

/* ---- reservations ---- */

void frame_reserve(Frame *frame, const char *name)
{
	if (!frame->reserved)
		frame->reserved = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(frame->reserved, g_strdup(name));
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
	g_autoptr(GPtrArray) frames = layout_frames(layout);

	for (guint i = 0; i < frames->len; i++)
		if (frame_reservation(frames->pdata[i], name) != G_MAXUINT)
			return frames->pdata[i];
	return NULL;
}
