// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bar - the same in one line, for an edge of the screen
 */
#include "draw.h"

#include <string.h>

#define PAD      10 /* px beside a text */
#define DOT      7
#define DOT_GAP  4
#define DOTS_MAX 24 /* components; more are a number */

typedef struct {
	guint32 back, text, dim, focus, on_focus, shown, urgent, mode;
} Colors;

static const Colors dark = {
	0x15191e, 0xe8ecf0, 0x8793a0, 0x5aa9f0, 0x0b0d10, 0x2a323b, 0xf0a030, 0xf2c14e};
static const Colors light = {
	0xeceff2, 0x1a2028, 0x66707c, 0x1f6fc4, 0xffffff, 0xc8ced6, 0xc26a00, 0x8a4b00};

typedef struct {
	MaqCanvas *canvas;
	MaqFont *font;
	const Colors *colors;
	int height;
} Bar;

static int text_y(const Bar *bar)
{
	return (bar->height - maq_font_height(bar->font)) / 2;
}

/* A word on a ground of its own; returns where it ends. */
static int draw_word(const Bar *bar, int x, guint32 ground, guint32 ink, const char *word)
{
	int width = maq_font_measure(bar->font, word) + 2 * PAD;

	if (ground != bar->colors->back)
		maq_canvas_fill(
			bar->canvas, (MaqRect){x, 3, width, bar->height - 6}, ground);
	maq_font_draw(bar->font, bar->canvas, x + PAD, text_y(bar), ink, word);
	return x + width;
}

static int draw_workspaces(const Bar *bar, const Desk *desk, int x)
{
	const Colors *colors = bar->colors;

	for (guint i = 0; i < desk->workspaces->len; i++) {
		const DeskWorkspace *workspace =
			&g_array_index(desk->workspaces, DeskWorkspace, i);
		guint32 ground = workspace->focused  ? colors->focus
				 : workspace->urgent ? colors->urgent
				 : workspace->shown  ? colors->shown
						     : colors->back;
		guint32 ink = workspace->focused || workspace->urgent ? colors->on_focus
			      : workspace->occupied                   ? colors->text
								      : colors->dim;

		x = draw_word(bar, x, ground, ink, workspace->name) + 2;
	}
	return x;
}

/* One dot a component, in the colour of its state. */
static int draw_components(const Bar *bar, const GArray *components, int right)
{
	guint n = MIN(components->len, DOTS_MAX);
	int x = right - (int)n * (DOT + DOT_GAP), y = (bar->height - DOT) / 2;

	for (guint i = 0; i < n; i++) {
		const Component *component = &g_array_index(components, Component, i);

		maq_canvas_fill(bar->canvas,
			(MaqRect){x + (int)i * (DOT + DOT_GAP), y, DOT, DOT},
			draw_color_of(component));
	}
	return x - PAD;
}

void draw_least(const Fonts *fonts, int *width, int *height)
{
	*width = maq_font_measure(fonts->text, "Wed 30 Nov  00:00") + 2 * PAD;
	*height = maq_font_height(fonts->text);
}

void draw_bar(MaqCanvas *canvas, const Fonts *fonts, GDateTime *now,
	const GArray *components, const Desk *desk)
{
	MaqRect all = maq_canvas_bounds(canvas);
	Bar bar = {canvas, fonts->text, desk->light ? &light : &dark, all.height};
	g_autofree char *time = g_date_time_format(now, "%a %-d %b  %H:%M");
	int right = all.width - PAD - maq_font_measure(bar.font, time);

	maq_canvas_fill(canvas, all, bar.colors->back);
	int left = draw_workspaces(&bar, desk, 6);
	if (strcmp(desk->mode, "normal"))
		left = draw_word(&bar, left + PAD, bar.colors->mode, bar.colors->on_focus,
			desk->mode);
	maq_font_draw(bar.font, canvas, right, text_y(&bar), bar.colors->text, time);
	right = draw_components(&bar, components, right - PAD);
	if (!desk->focused || right <= left)
		return;
	int width = maq_font_measure(bar.font, desk->focused);
	int middle = MAX((all.width - width) / 2, left + PAD);
	MaqRect room = {left, 0, right - left, all.height};
	maq_canvas_clip(canvas, &room);
	maq_font_draw(
		bar.font, canvas, middle, text_y(&bar), bar.colors->dim, desk->focused);
	maq_canvas_clip(canvas, NULL);
}
