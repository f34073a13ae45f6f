// SPDX-License-Identifier: GPL-2.0-or-later
#include "draw.h"

enum {
	COLOR_BACK = 0x15191e,
	COLOR_CLOCK = 0xeceff2,
	COLOR_TEXT = 0xd7dce2,
	COLOR_DIM = 0x8a939d,
	COLOR_TRACK = 0x272d34,
	COLOR_RAM = 0x3b6ea5,
	COLOR_RUNNING = 0x87af5f,
	COLOR_INCOMPLETE = 0xd7af5f,
	COLOR_EXITED = 0x6c7378,
	COLOR_FAILED = 0xd75f5f,
};

#define MARGIN 16 /* px */
#define DOT    8
#define GAP    10 /* between dot and name */
#define ROW    34 /* a component */
#define TRACK  3  /* height of the bar of its RAM */

bool fonts_init(Fonts *fonts, const char *name, GError **error)
{
	g_autofree char *light = g_strconcat(name, ":extralight", NULL);

	fonts->clock = maq_font_new(light, 48, error);
	fonts->text = fonts->clock ? maq_font_new(name, 13, error) : NULL;
	fonts->small = fonts->text ? maq_font_new(name, 11, error) : NULL;
	return fonts->small != NULL;
}

guint32 draw_color_of(const Component *component)
{
	switch (component->state) {
	case STATE_EXITED:
		return component->exit_code ? COLOR_FAILED : COLOR_EXITED;
	case STATE_INCOMPLETE:
		return COLOR_INCOMPLETE;
	default:
		return COLOR_RUNNING;
	}
}

/* As round as two rectangles are. */
static void draw_dot(MaqCanvas *canvas, int x, int y, guint32 color)
{
	maq_canvas_fill(canvas, (MaqRect){x + 1, y, DOT - 2, DOT}, color);
	maq_canvas_fill(canvas, (MaqRect){x, y + 1, DOT, DOT - 2}, color);
}

static void draw_right(MaqCanvas *canvas, MaqFont *font, int right, int y, guint32 color,
	const char *text)
{
	maq_font_draw(font, canvas, right - maq_font_measure(font, text), y, color, text);
}

static void draw_component(
	MaqCanvas *canvas, const Fonts *fonts, MaqRect row, const Component *component)
{
	int height = maq_font_height(fonts->text);
	int right = row.x + row.width, left = row.x + DOT + GAP;
	int lower = row.y + (height - maq_font_height(fonts->small)) / 2 + 1;
	g_autofree char *ram = state_ram_text(component);
	g_autofree char *state = state_text(component);
	bool runs = component->state == STATE_RUNNING;

	draw_dot(canvas, row.x, row.y + (height - DOT) / 2 + 1, draw_color_of(component));
	maq_font_draw(fonts->text, canvas, left, row.y, runs ? COLOR_TEXT : COLOR_DIM,
		component->name);
	draw_right(canvas, fonts->small, right, lower,
		runs ? COLOR_DIM : draw_color_of(component), runs ? ram : state);
	if (!runs || !component->ram)
		return;
	MaqRect bar = {left, row.y + height + 3, right - left, TRACK};
	maq_canvas_fill(canvas, bar, COLOR_TRACK);
	bar.width = (int)((guint64)bar.width * component->ram_spent / component->ram);
	maq_canvas_fill(canvas, bar, COLOR_RAM);
}

/* Returns where it ends. */
static int draw_clock(MaqCanvas *canvas, const Fonts *fonts, GDateTime *now, int x, int y)
{
	g_autofree char *time = g_date_time_format(now, "%H:%M");
	g_autofree char *date = g_date_time_format(now, "%A, %-d %B %Y");

	maq_font_draw(fonts->clock, canvas, x - 2, y, COLOR_CLOCK, time);
	y += maq_font_height(fonts->clock);
	maq_font_draw(fonts->text, canvas, x, y, COLOR_DIM, date);
	return y + maq_font_height(fonts->text);
}

void draw_status(MaqCanvas *canvas, const Fonts *fonts, GDateTime *now,
	const GArray *components, bool clock)
{
	MaqRect all = maq_canvas_bounds(canvas);
	MaqRect row = {MARGIN, 0, all.width - 2 * MARGIN, ROW};
	guint i = 0;

	maq_canvas_fill(canvas, all, COLOR_BACK);
	if (clock) {
		row.y = draw_clock(canvas, fonts, now, MARGIN, MARGIN / 2) + MARGIN;
		maq_canvas_fill(
			canvas, (MaqRect){row.x, row.y, row.width, 1}, COLOR_TRACK);
	}
	row.y += MARGIN;
	for (; i < components->len && row.y + 2 * ROW <= all.height; i++, row.y += ROW)
		draw_component(
			canvas, fonts, row, &g_array_index(components, Component, i));
	/* the last place is for the last one, or for how many there are */
	if (i + 1 == components->len && row.y + ROW <= all.height) {
		draw_component(
			canvas, fonts, row, &g_array_index(components, Component, i));
	} else if (i < components->len) {
		g_autofree char *more =
			g_strdup_printf("and %u more", components->len - i);

		maq_font_draw(fonts->small, canvas, row.x, row.y, COLOR_DIM, more);
	}
}
