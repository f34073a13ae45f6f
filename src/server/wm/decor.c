// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decor - what is around a client's picture: gap, border, tab bar
 */
#include "wm.h"

#define TAB_MAX 320 /* px, width of a tab */
#define TAB_MIN 90  /* before tabs are left out */
#define MORE    44  /* px for how many are left out */

int bar_height(const Wm *wm)
{
	return maq_font_height(wm->font) + 12;
}

guint place_tabs(const Place *place)
{
	return place->frame ? frame_count(place->frame) : place->client != 0;
}

ClientId place_tab(const Place *place, guint i)
{
	return place->frame ? frame_client(place->frame, i) : i ? 0 : place->client;
}

static Area inset(Area area, int left, int top, int right, int bottom)
{
	return (Area){area.x + left, area.y + top, MAX(area.width - left - right, 0),
		MAX(area.height - top - bottom, 0)};
}

/* At the edge of the work area the whole gap, between two frames half of it. */
static Area without_gap(const Wm *wm, const Place *place)
{
	Area work = layout_work_area(wm->layout, place->output), area = place->area;
	int gap = wm->settings.gap, half = gap / 2;

	return inset(area, area.x == work.x ? gap : gap - half,
		area.y == work.y ? gap : gap - half,
		area.x + area.width == work.x + work.width ? gap : half,
		area.y + area.height == work.y + work.height ? gap : half);
}

static bool has_bar(const Wm *wm, const Place *place)
{
	bool always = wm->bars ? wm->bars > 0 : wm->settings.bar_always;

	return place->kind == PLACE_FLOAT || always || place_tabs(place) > 1;
}

/* Those around the visible one, as many as there is room for. */
static void choose_tabs(Decor *decor, const Place *place)
{
	guint n = place_tabs(place), visible = 0;
	guint most = (guint)MAX((decor->bar.width - MORE) / TAB_MIN, 1);

	while (visible + 1 < n && place_tab(place, visible) != place->client)
		visible++;
	decor->n_tabs = n;
	decor->shown = n * TAB_MIN <= (guint)decor->bar.width ? n : MIN(n, most);
	decor->first = visible > decor->shown / 2 ? visible - decor->shown / 2 : 0;
	decor->first = MIN(decor->first, n - decor->shown);
}

Decor decor_of(const Wm *wm, const Place *place)
{
	Decor decor = {.outer = place->area, .content = place->area};
	int border = wm->settings.border;

	if (place->kind == PLACE_DOCK || place->kind == PLACE_FULL)
		return decor;
	if (place->kind == PLACE_FRAME)
		decor.outer = without_gap(wm, place);
	decor.content = inset(decor.outer, border, border, border, border);
	if (!has_bar(wm, place))
		return decor;
	decor.bar = decor.content;
	decor.bar.height = MIN(bar_height(wm), decor.content.height);
	decor.content = inset(decor.content, 0, decor.bar.height, 0, 0);
	choose_tabs(&decor, place);
	return decor;
}

static int tab_width(const Decor *decor)
{
	int room = decor->bar.width - (decor->shown < decor->n_tabs ? MORE : 0);

	if (decor->n_tabs == 1) /* nobody shares it */
		return decor->bar.width;
	int even = room / (int)MAX(decor->shown, 1);

	/* a rest too narrow for another tab is theirs */
	return CLAMP(even, 1, even <= TAB_MAX * 5 / 4 ? TAB_MAX * 5 / 4 : TAB_MAX);
}

Area decor_tab(const Decor *decor, guint i)
{
	int width = tab_width(decor);

	if (i < decor->first || i >= decor->first + decor->shown)
		return (Area){0};
	return (Area){decor->bar.x + (int)(i - decor->first) * width, decor->bar.y, width,
		decor->bar.height};
}

guint decor_tab_at(const Decor *decor, int x)
{
	guint i = (guint)(MAX(x - decor->bar.x, 0) / tab_width(decor));

	return i < decor->shown ? decor->first + i : G_MAXUINT;
}

static bool contains(Area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.width &&
	       y < area.y + area.height;
}

const Place *place_at(const Wm *wm, int x, int y)
{
	for (guint i = wm->places->len; i-- > 0;) {
		const Place *place = &g_array_index(wm->places, Place, i);

		if (contains(place->area, x, y))
			return place;
	}
	return NULL;
}
