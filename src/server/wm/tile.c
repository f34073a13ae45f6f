// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tile - the clients: their sessions of Framebuffer and Input, and where they are put
 *
 * A session of Framebuffer and one of Input belong together if their labels are equal.
 */
#include "fit.h"
#include "wm.h"

#include <string.h>

#define WISHES_MAX 64 /* of clients that have gone */

Tile *tile_by_id(const Wm *wm, ClientId id)
{
	return g_hash_table_lookup(wm->tiles, GUINT_TO_POINTER(id));
}

Tile *focused_tile(const Wm *wm)
{
	return tile_by_id(wm, layout_focused_client(wm->layout));
}

Tile *tile_by_label(const Wm *wm, const char *label)
{
	GHashTableIter iter;
	gpointer value;
	Tile *found = NULL;
	bool several = false;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Tile *tile = value;

		if (!strcmp(tile->label, label))
			return tile;
		if (!strstr(tile->label, label))
			continue;
		several = found != NULL;
		found = tile;
	}
	return several ? NULL : found;
}

bool tile_is_present(void *data, const char *label)
{
	const Wm *wm = data;
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (!strcmp(((const Tile *)value)->label, label))
			return true;
	return false;
}

static MaqSeat *find_seat(const Wm *wm, const char *label)
{
	for (guint i = 0; i < wm->seats->len; i++)
		if (!strcmp(maq_seat_label(wm->seats->pdata[i]), label))
			return wm->seats->pdata[i];
	return NULL;
}

/* ---- what is seen ---- */

static void forget_area(gpointer key, gpointer value, gpointer data)
{
	(void)key, (void)data;
	((Tile *)value)->area = ((Tile *)value)->picture = (Area){0};
}

bool tile_is_opaque(const Tile *tile)
{
	const Tile *from = tile->source ? tile->source : tile;
	const MaqFrame *frame = maq_view_frame(from->view);

	return from->frozen ? !from->frozen_alpha : !frame || !frame->alpha;
}

/* Whether something above covers all of it. */
static bool is_covered(const Wm *wm, guint i, Area area)
{
	for (guint j = i + 1; j < wm->places->len; j++) {
		const Place *above = &g_array_index(wm->places, Place, j);
		const Tile *tile = tile_by_id(wm, above->client);
		Area a = above->area;

		if (above->kind == PLACE_FLOAT && tile && tile_is_opaque(tile) &&
			a.x <= area.x && a.y <= area.y &&
			a.x + a.width >= area.x + area.width &&
			a.y + a.height >= area.y + area.height)
			return true;
	}
	return false;
}

static Limits limits_of(const Tile *tile)
{
	const MaqHints *hints = maq_view_hints(tile->view);

	return (Limits){hints->min_width, hints->min_height, hints->max_width,
		hints->max_height, hints->aspect_width, hints->aspect_height};
}

static void fit_tile(Tile *tile, Area area)
{
	int width = area.width, height = area.height;
	Limits limits = tile->view ? limits_of(tile) : (Limits){0};

	fit_size(&limits, &width, &height);
	tile->area = area;
	tile->picture = fit_picture(area, width, height, &tile->pan_x, &tile->pan_y);
	if (!tile->view || tile->frozen ||
		(width == tile->width && height == tile->height))
		return;
	tile->width = width;
	tile->height = height;
	maq_view_set_mode(tile->view, width, height);
}

bool tile_pan(Tile *tile, int dx, int dy)
{
	Area before = tile->picture;

	if (!tile->area.width)
		return false;
	tile->pan_x += dx;
	tile->pan_y += dy;
	fit_tile(tile, tile->area);
	wm_damage(tile->wm, tile->area);
	wm_schedule(tile->wm);
	control_tell_once(tile->wm, &tile->wm->layout_told, "layout", "");
	return before.x != tile->picture.x || before.y != tile->picture.y;
}

/* Only this tile is fitted anew: who says something else each time costs little. */
static void view_hints(void *owner, MaqView *view)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);
	Limits limits = limits_of(tile);
	int around = 2 * wm->settings.border;
	Area before = tile->picture;

	if (layout_set_limits(
		    wm->layout, tile->id, &limits, around, around + bar_height(wm)))
		wm_arrange(wm);
	if (!tile->area.width)
		return;
	fit_tile(tile, tile->area);
	wm_damage(wm, tile->area);
	wm_schedule(wm);
	if (memcmp(&before, &tile->picture, sizeof before))
		control_tell_once(wm, &wm->layout_told, "layout", "");
}

void tiles_fit(Wm *wm)
{
	g_hash_table_foreach(wm->tiles, forget_area, NULL);
	for (guint i = 0; i < wm->places->len; i++) {
		const Place *place = &g_array_index(wm->places, Place, i);
		Tile *tile = tile_by_id(wm, place->client);
		Area area = decor_of(wm, place).content;

		if (tile && area.width > 0 && area.height > 0 && !is_covered(wm, i, area))
			fit_tile(tile, area);
	}
}

static Area common(Area a, Area b)
{
	int x = MAX(a.x, b.x), y = MAX(a.y, b.y);

	return (Area){x, y, MAX(MIN(a.x + a.width, b.x + b.width) - x, 0),
		MAX(MIN(a.y + a.height, b.y + b.height) - y, 0)};
}

Area tile_seen(const Tile *tile)
{
	return common(tile->area, tile->picture);
}

static void damage_around(Wm *wm, Area area, Area part)
{
	int right = part.x + part.width, below = part.y + part.height;

	wm_damage(wm, (Area){area.x, area.y, area.width, part.y - area.y});
	wm_damage(wm, (Area){area.x, below, area.width, area.y + area.height - below});
	wm_damage(wm, (Area){area.x, part.y, part.x - area.x, part.height});
	wm_damage(wm, (Area){right, part.y, area.x + area.width - right, part.height});
}

/* What its client has moved, as far as that has moved on the screen as well. */
static void damage_moved(Wm *wm, const Tile *tile, const MaqFrame *frame, Area part)
{
	int dx = frame->moved_x, dy = frame->moved_y;
	Area own = wm_own_area(wm, tile), from = own;

	from.x += dx;
	from.y += dy;
	Area moved = common(part, common(own, from));
	if (!moved.width || !moved.height) {
		wm_damage(wm, part);
		return;
	}
	wm_damage_move(wm, moved, dx, dy);
	damage_around(wm, part, moved);
}

static void damage_picture(Wm *wm, const Tile *tile, const MaqFrame *frame)
{
	Area seen = tile_seen(tile);

	for (unsigned i = 0; seen.width && i < frame->n_rects; i++) {
		const MaqFramebufferRect *rect = &frame->rects[i];
		Area part = common(
			seen, (Area){tile->picture.x + rect->x, tile->picture.y + rect->y,
				      rect->width, rect->height});

		if (!part.width || !part.height)
			continue;
		if (!i && (frame->moved_x || frame->moved_y))
			damage_moved(wm, tile, frame, part);
		else
			wm_damage(wm, part);
	}
}

/* A frame of another size leaves other parts empty. */
static bool changes_size(const Tile *tile, const MaqFrame *frame)
{
	return frame->width != tile->picture.width ||
	       frame->height != tile->picture.height;
}

/* Whether what lies below is to be seen. */
static void follow_alpha(Wm *wm, Tile *tile, const MaqFrame *frame)
{
	if (tile->alpha == frame->alpha)
		return;
	tile->alpha = frame->alpha;
	tiles_fit(wm);
	wm_damage(wm, tile->area);
}

/* The tile that is next to it in the hash table is not; each is asked. */
static bool damage_mirrors(Wm *wm, const Tile *source, const MaqFrame *frame)
{
	GHashTableIter iter;
	gpointer value;
	bool seen = false;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Tile *tile = value;

		if (tile->source != source || !tile->area.width)
			continue;
		damage_picture(wm, tile, frame);
		seen = true;
	}
	return seen;
}

/* Hidden ones are answered when they are seen again: until then they need not draw. */
static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);
	bool seen = wm->mirrors && damage_mirrors(wm, tile, frame);

	if (tile->frozen || (!tile->area.width && !seen))
		return;
	upstream_answered(tile, frame->input_seq);
	follow_alpha(wm, tile, frame);
	if (tile->area.width && changes_size(tile, frame))
		wm_damage(wm, tile->area);
	damage_picture(wm, tile, frame);
	if (!wm_is_damaged(wm))
		maq_view_shown(view); /* nothing of it is to be seen */
	wm_schedule(wm);
}

void tile_damage_bar(const Tile *tile)
{
	Wm *wm = tile->wm;

	for (guint i = 0; i < wm->places->len; i++) {
		const Place *place = &g_array_index(wm->places, Place, i);

		for (guint j = 0; j < place_tabs(place); j++)
			if (place_tab(place, j) == tile->id)
				wm_damage(wm, decor_of(wm, place).bar);
	}
	wm_schedule(wm);
}

static void view_title(void *owner, MaqView *view, const char *title)
{
	Tile *tile = maq_view_data(view);

	if (!g_strcmp0(tile->title ? tile->title : "", title))
		return;
	g_free(tile->title);
	tile->title = *title ? g_strdup(title) : NULL;
	control_tell_once(owner, &tile->title_told, "title", tile->label);
	tile_damage_bar(tile);
}

/* Until it has had the focus: a client that asks again and again is heard once. */
static void view_urgent(void *owner, MaqView *view, bool urgent)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);

	if (!urgent || tile->urgent || tile == wm->focused)
		return;
	tile->urgent = true;
	control_tell(wm, "urgent %s", tile->label);
	wm_redraw(wm);
}

/* ---- where they go ---- */

/* In the order of the reservation, whoever comes first. */
static void put_reserved(Wm *wm, Frame *frame, Tile *tile)
{
	guint own = frame_reservation(frame, tile->label), at = 0;
	bool alone = !frame_count(frame);

	while (at < frame_count(frame)) {
		const Tile *other = tile_by_id(wm, frame_client(frame, at));

		if (frame_reservation(frame, other->label) > own)
			break;
		at++;
	}
	if (layout_insert(wm->layout, tile->id, frame, at) &&
		(alone || own == frame_reserved_visible(frame)))
		frame_show(frame, at);
}

static void put_as_wished(Wm *wm, Tile *tile, const Wish *wish)
{
	Layout *layout = wm->layout;
	Frame *focus = layout_focused(layout);
	bool hidden = wish->scratchpad || wish->docked || wish->floats || wish->workspace;

	if (!layout_insert(layout, tile->id, focus, G_MAXUINT))
		return;
	if (!hidden)
		return;
	if (wish->docked)
		layout_dock(layout, tile->id, 0, wish->side, wish->size);
	else if (wish->scratchpad)
		layout_to_scratchpad(layout, tile->id);
	else if (wish->floats)
		layout_float(layout, tile->id, wish->area);
	if (wish->workspace && !wish->docked && !wish->scratchpad &&
		strcmp(wish->workspace, layout_workspace_name(layout)))
		layout_send(layout, tile->id, wish->workspace);
	else if (wish->workspace && !wish->floats)
		layout_focus_client(layout, tile->id);
	if (wish->follow)
		layout_focus_client(layout, tile->id);
}

/* The component, which is the first part of a label, whatever sessions it opens. */
static gsize owner_size(const char *label)
{
	const char *end = strstr(label, " -> ");

	return end ? (gsize)(end - label) : strlen(label);
}

static bool same_owner(const char *a, const char *b)
{
	gsize size = owner_size(a);

	return size == owner_size(b) && !strncmp(a, b, size);
}

static bool waits_for_owner(const Frame *frame, const char *label)
{
	for (guint i = 0; i < frame_reservations(frame); i++)
		if (same_owner(frame_reserved_name(frame, i), label))
			return true;
	return false;
}

/* Where the component has, or had, another tile; NULL. */
static Frame *frame_of_owner(const Wm *wm, const Tile *tile)
{
	g_autoptr(GPtrArray) frames = layout_frames(wm->layout);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Tile *other = value;
		Frame *frame = other == tile || !same_owner(other->label, tile->label)
				       ? NULL
				       : layout_frame_of(wm->layout, other->id);

		if (frame)
			return frame;
	}
	for (guint i = 0; i < frames->len; i++)
		if (waits_for_owner(frames->pdata[i], tile->label))
			return frames->pdata[i];
	return NULL;
}

/* It may take the focus; but a component that opens one session after the other gets tabs
 * in one frame, and the focus but once. */
static void put_anywhere(Wm *wm, Tile *tile)
{
	Frame *beside = wm->settings.focus_always ? NULL : frame_of_owner(wm, tile);
	Frame *frame =
		beside ? beside : layout_place_for_new(wm->layout, wm->settings.divide);

	if (beside)
		layout_insert(wm->layout, tile->id, beside, G_MAXUINT);
	else if (layout_add(wm->layout, tile->id, frame))
		layout_focus(wm->layout, frame);
}

static void put_tile(Wm *wm, Tile *tile)
{
	Frame *frame = layout_reserved(wm->layout, tile->label);
	const Wish *wish = wishes_find(wm->settings.wishes, tile->label);

	if (!wish)
		wish = wishes_find(wm->saved_wishes, tile->label);
	if (frame) {
		put_reserved(wm, frame, tile);
	} else if (wish) {
		put_as_wished(wm, tile, wish);
	} else {
		put_anywhere(wm, tile);
	}
}

/* ---- coming and going ---- */

/* Of one line: a label with a line break would be two events. */
static char *printable(const char *label)
{
	char *text = g_utf8_make_valid(label, -1);

	for (char *at = text; *at; at++)
		if ((guchar)*at < ' ' || *at == 0x7f)
			*at = '?';
	return text;
}

static Tile *tile_new(Wm *wm, const char *label)
{
	Tile *tile = g_new0(Tile, 1);

	tile->wm = wm;
	tile->id = ++wm->last_id;
	tile->label = printable(label);
	tile->color = theme_label(label);
	g_hash_table_insert(wm->tiles, GUINT_TO_POINTER(tile->id), tile);
	return tile;
}

static void view_opened(void *owner, MaqView *view)
{
	Wm *wm = owner;
	Tile *tile = tile_new(wm, maq_view_label(view));

	tile->view = view;
	tile->seat = find_seat(wm, maq_view_label(view));
	maq_view_set_data(view, tile);
	put_tile(wm, tile);
	control_tell(wm, "opened %s", tile->label);
	wm_arrange(wm);
}

static void forget_wish(GPtrArray *wishes, const char *label)
{
	for (guint i = wishes->len; i-- > 0;)
		if (!strcmp(((const Wish *)wishes->pdata[i])->label, label))
			g_ptr_array_remove_index(wishes, i);
}

/* A client that floats, or is in the scratchpad, does so again. */
static void keep_wish(Wm *wm, const Tile *tile)
{
	GPtrArray *wishes = wm->saved_wishes;
	Wish *wish = g_new0(Wish, 1);

	wish->label = g_strdup(tile->label);
	wish->workspace = g_strdup(layout_workspace_of(wm->layout, tile->id));
	wish->scratchpad = layout_in_scratchpad(wm->layout, tile->id);
	wish->floats = layout_float_area(wm->layout, tile->id, &wish->area);
	g_ptr_array_insert(wishes, 0, wish);
	if (wishes->len > WISHES_MAX)
		g_ptr_array_set_size(wishes, WISHES_MAX);
}

/* Its place waits for it, should it come back. */
static void keep_place(Wm *wm, const Tile *tile)
{
	Frame *frame = layout_frame_of(wm->layout, tile->id);

	if (!layout_has(wm->layout, tile->id) || layout_docked(wm->layout, tile->id))
		return;
	layout_unreserve(wm->layout, tile->label, frame);
	forget_wish(wm->saved_wishes, tile->label);
	if (frame)
		frame_reserve(frame, tile->label, false);
	else
		keep_wish(wm, tile);
}

static void tile_free(Tile *tile)
{
	g_free(tile->label);
	g_free(tile->title);
	g_free(tile->usage);
	g_free(tile->frozen);
	g_free(tile);
}

static void tile_end(Tile *tile)
{
	Wm *wm = tile->wm;

	if (tile->view && wm->keep_places)
		keep_place(wm, tile);
	if (tile->source)
		wm->mirrors--;
	layout_remove(wm->layout, tile->id);
	g_hash_table_remove(wm->tiles, GUINT_TO_POINTER(tile->id));
	input_forget(wm, tile);
	control_tell(wm, "closed %s", tile->label);
	tile_free(tile);
}

static void end_mirrors(Wm *wm, const Tile *source)
{
	g_autoptr(GPtrArray) mirrors = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((Tile *)value)->source == source)
			g_ptr_array_add(mirrors, value);
	for (guint i = 0; i < mirrors->len; i++)
		tile_end(mirrors->pdata[i]);
}

static void view_closed(void *owner, MaqView *view)
{
	Wm *wm = owner;
	Tile *tile = maq_view_data(view);

	scanout_forget(wm, view);
	end_mirrors(wm, tile);
	tile_end(tile);
	wm_arrange(wm);
}

bool tile_mirror(Tile *tile)
{
	Wm *wm = tile->wm;

	if (tile->source) {
		tile_end(tile);
		return true;
	}
	g_autofree char *label = g_strdup_printf("mirror of %s", tile->label);
	Tile *mirror = tile_new(wm, label);
	Frame *frame = layout_place_for_new(wm->layout, true);
	mirror->source = tile;
	mirror->color = tile->color;
	wm->mirrors++;
	if (layout_add(wm->layout, mirror->id, frame))
		return true;
	tile_end(mirror);
	return false;
}

/* ---- freezing ---- */

static void copy_picture(Tile *tile, const MaqFrame *frame)
{
	gsize row = (gsize)frame->width * 4;

	tile->frozen = g_malloc(row * (gsize)frame->height);
	tile->frozen_width = frame->width;
	tile->frozen_height = frame->height;
	tile->frozen_alpha = frame->alpha;
	for (int y = 0; y < frame->height; y++)
		memcpy(tile->frozen + (gsize)y * (gsize)frame->width,
			(const guint8 *)frame->pixels + (gsize)y * frame->stride, row);
}

void tile_set_frozen(Tile *tile, bool frozen)
{
	const MaqFrame *frame = tile->view ? maq_view_frame(tile->view) : NULL;
	MaqInputEvent leave = {.type = MAQ_INPUT_TYPE_FOCUS_LEAVE};
	MaqInputEvent enter = {.type = MAQ_INPUT_TYPE_FOCUS_ENTER};

	if (frozen == (tile->frozen != NULL) || (frozen && !frame))
		return;
	if (frozen && tile->wm->exclusive == tile)
		upstream_end_exclusive(tile->wm, true);
	if (frozen && tile->seat && tile == tile->wm->focused)
		maq_seat_send(tile->seat, &leave);
	if (frozen)
		copy_picture(tile, frame);
	else
		g_clear_pointer(&tile->frozen, g_free);
	if (!frozen && tile->seat && tile == tile->wm->focused)
		maq_seat_send(tile->seat, &enter);
}

static void view_retired(void *owner, MaqView *view, guint32 pool)
{
	scanout_retired(owner, view, pool);
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.hints = view_hints,
	.title = view_title,
	.urgent = view_urgent,
	.retired = view_retired,
	.closed = view_closed,
};

/* ---- clients' input ---- */

static void join_seats(Wm *wm)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Tile *tile = value;

		if (tile->view)
			tile->seat = find_seat(wm, maq_view_label(tile->view));
	}
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	Wm *wm = owner;
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_ENTER};

	g_ptr_array_add(wm->seats, seat);
	join_seats(wm);
	g_autofree char *label = printable(maq_seat_label(seat));
	control_tell(wm, "input %s", label);
	if (wm->focused && wm->focused->seat == seat && !wm->focused->frozen)
		maq_seat_send(seat, &event);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	Wm *wm = owner;

	if (wm->exclusive && wm->exclusive->seat == seat)
		upstream_end_exclusive(wm, false);
	g_ptr_array_remove(wm->seats, seat);
	join_seats(wm);
}

static const MaqSeatOps seat_ops = {
	.opened = seat_opened,
	.closed = seat_closed,
	.keymap = upstream_keymap,
	.exclusive = upstream_exclusive,
};

bool tiles_provide(Wm *wm, GError **error)
{
	return maq_views_provide(wm->env, &view_ops, wm, error) &&
	       maq_seats_provide(wm->env, &seat_ops, wm, error);
}
