// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_floats - floating clients, the scratchpad; and all that is to be seen
 */
#include "fit.h"
#include "layout_internal.h"

#include <string.h>

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

/* In the middle, as large as it wants to be if it has said so. */
static Area middle(const Layout *layout, const Wanted *wanted)
{
	Area work = layout_work_area(layout, layout->now->output);
	int width = work.width * 3 / 5, height = work.height * 3 / 5;

	if (wanted) {
		width -= wanted->more_width;
		height -= wanted->more_height;
		fit_size(&wanted->limits, &width, &height);
		width += wanted->more_width;
		height += wanted->more_height;
	}
	return (Area){work.x + (work.width - width) / 2,
		work.y + (work.height - height) / 2, width, height};
}

/* Where it floated last, else in the middle. */
Area float_default_area(const Layout *layout, ClientId client)
{
	const Area *last = g_hash_table_lookup(layout->places, GUINT_TO_POINTER(client));

	return last ? *last
		    : middle(layout, g_hash_table_lookup(
					     layout->wanted, GUINT_TO_POINTER(client)));
}

static void remember(Layout *layout, ClientId client, Area area)
{
	g_hash_table_insert(
		layout->places, GUINT_TO_POINTER(client), g_memdup2(&area, sizeof area));
}

static bool is_same(Area a, Area b)
{
	return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

bool layout_set_limits(Layout *layout, ClientId client, const Limits *limits,
	int more_width, int more_height)
{
	gpointer key = GUINT_TO_POINTER(client);
	Wanted wanted = {*limits, more_width, more_height};
	const Float *member = float_find(layout, client, NULL);
	bool first = !g_hash_table_contains(layout->wanted, key);

	if (!layout_has(layout, client))
		return false;
	g_hash_table_insert(layout->wanted, key, g_memdup2(&wanted, sizeof wanted));
	return first && member && is_same(member->area, sane(middle(layout, NULL))) &&
	       float_set(layout, client, middle(layout, &wanted));
}

void float_add(
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
	return float_find(layout, client, NULL) != NULL;
}

bool layout_float(Layout *layout, ClientId client, Area area)
{
	if (!client_is_movable(layout, client))
		return false;
	if (area.width <= 0 || area.height <= 0)
		area = float_default_area(layout, client);
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
	Float *member = float_find(layout, client, NULL);

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
	const Float *member = float_find(layout, client, &where);

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
	if (!client_is_movable(layout, client) || layout_in_scratchpad(layout, client))
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
		float_focus(layout, now, shown);
	} else if (layout->now->scratchpad->len) {
		ClientId client = g_array_index(layout->now->scratchpad, ClientId, 0);

		g_array_remove_index(layout->now->scratchpad, 0);
		float_add(layout, now, client, float_default_area(layout, client), true);
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

		place.area = area_cut(&rest, dock->side, dock->size);
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
