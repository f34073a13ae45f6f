// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decor - what is around a client's picture: gap, border, tab bar
 */
#include "wm.h"

#define TAB_MAX 320 /* px, width of a tab */
#define TAB_MIN 24  /* of the bar, before tabs are left out */

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

Decor decor_of(const Wm *wm, const Place *place)
{
	Decor decor = {place->area, {0}, place->area};
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
	return decor;
}

static int tab_width(const Decor *decor, guint n)
{
	return MAX(MIN(decor->bar.width / (int)MAX(n, 1), TAB_MAX), TAB_MIN);
}

Area decor_tab(const Decor *decor, guint i, guint n)
{
	int width = tab_width(decor, n);
	Area tab = {decor->bar.x + (int)MIN(i, 16383) * width, decor->bar.y, width,
		decor->bar.height};
	int end = decor->bar.x + decor->bar.width;

	if (n == 1) /* nobody shares it */
		tab.width = decor->bar.width;
	tab.width = CLAMP(end - tab.x, 0, tab.width);
	return tab;
}

guint decor_tab_at(const Decor *decor, guint n, int x)
{
	guint i = (guint)(MAX(x - decor->bar.x, 0) / tab_width(decor, n));

	if (n == 1)
		return 0;
	return i < n ? i : G_MAXUINT;
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
