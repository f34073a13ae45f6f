// SPDX-License-Identifier: GPL-2.0-or-later
#include "draw.h"

enum {
	COLOR_BACK = 0x15191e,
	COLOR_FIELD = 0x1f252c,
	COLOR_ACCENT = 0x4a90d9,
	COLOR_SELECTED = 0x263442,
	COLOR_TEXT = 0xe4e8ec,
	COLOR_DIM = 0x8a939d,
	COLOR_STOPPED = 0x3a424b,
	COLOR_STARTING = 0xd7af5f,
	COLOR_RUNNING = 0x87af5f,
	COLOR_EXITED = 0x9aa3ad,
};

#define MARGIN 16 /* px */
#define PAD    8
#define DOT    8
#define GAP    12 /* between dot and name */

bool fonts_init(Fonts *fonts, const char *name, GError **error)
{
	fonts->name = maq_font_new(name, 14, error);
	fonts->text = fonts->name ? maq_font_new(name, 12, error) : NULL;
	return fonts->text != NULL;
}

void fonts_fini(Fonts *fonts)
{
	maq_font_free(fonts->name);
	maq_font_free(fonts->text);
}

static int field_height(const Fonts *fonts)
{
	return maq_font_height(fonts->name) + 2 * PAD;
}

static int list_top(const Fonts *fonts)
{
	return field_height(fonts) + 2 * MARGIN - PAD;
}

static int row_height(const Fonts *fonts)
{
	return maq_font_height(fonts->name) + maq_font_height(fonts->text) + 2 * PAD;
}

static guint32 color_of(EntryState state)
{
	static const guint32 colors[] = {
		COLOR_STOPPED, COLOR_STARTING, COLOR_RUNNING, COLOR_EXITED};

	return colors[state];
}

static const char *word_of(EntryState state)
{
	static const char *const words[] = {"", "starting", "running", "exited"};

	return words[state];
}

/* As round as two rectangles are. */
static void draw_dot(MaqCanvas *canvas, int x, int y, guint32 color)
{
	maq_canvas_fill(canvas, (MaqRect){x + 1, y, DOT - 2, DOT}, color);
	maq_canvas_fill(canvas, (MaqRect){x, y + 1, DOT, DOT - 2}, color);
}

static void draw_field(
	MaqCanvas *canvas, const Fonts *fonts, const Entries *entries, bool focused)
{
	int width = maq_canvas_bounds(canvas).width - 2 * MARGIN;
	MaqRect field = {MARGIN, MARGIN, width, field_height(fonts)};
	bool empty = !entries->filter->len;
	int y = MARGIN + PAD, x = MARGIN + PAD;

	maq_canvas_fill(canvas, field, COLOR_FIELD);
	maq_canvas_fill(canvas,
		(MaqRect){field.x, field.y + field.height - 2, field.width, 2},
		focused ? COLOR_ACCENT : COLOR_STOPPED);
	int end = maq_font_draw(fonts->name, canvas, x, y, empty ? COLOR_DIM : COLOR_TEXT,
		empty ? "type to find" : entries->filter->str);
	if (focused)
		maq_canvas_fill(canvas,
			(MaqRect){empty ? x - 2 : end + 1, y, 1,
				maq_font_height(fonts->name)},
			COLOR_TEXT);
}

static void draw_entry(MaqCanvas *canvas, const Fonts *fonts, const Entry *entry,
	MaqRect row, bool selected)
{
	const char *word = word_of(entry->state);
	int x = row.x + PAD + DOT + GAP, right = row.x + row.width - PAD;
	int name_height = maq_font_height(fonts->name);

	if (selected)
		maq_canvas_fill(canvas, row, COLOR_SELECTED);
	draw_dot(canvas, row.x + PAD, row.y + PAD + (name_height - DOT) / 2,
		color_of(entry->state));
	maq_canvas_clip(canvas, &row);
	maq_font_draw(fonts->name, canvas, x, row.y + PAD, COLOR_TEXT, entry->name);
	maq_font_draw(fonts->text, canvas, x, row.y + PAD + name_height, COLOR_DIM,
		entry->summary);
	maq_font_draw(fonts->text, canvas, right - maq_font_measure(fonts->text, word),
		row.y + PAD, color_of(entry->state), word);
	maq_canvas_clip(canvas, NULL);
}

void draw_launcher(MaqCanvas *canvas, const Fonts *fonts, const Entries *entries,
	guint *first, bool focused)
{
	MaqRect all = maq_canvas_bounds(canvas);
	int top = list_top(fonts), step = row_height(fonts);
	guint rows = (guint)MAX((all.height - top - PAD) / step, 1);

	*first = MIN(*first, entries->selected);
	if (entries->selected >= *first + rows)
		*first = entries->selected - rows + 1;
	maq_canvas_fill(canvas, all, COLOR_BACK);
	draw_field(canvas, fonts, entries, focused);
	for (guint i = *first; i < MIN(*first + rows, entries->shown->len); i++)
		draw_entry(canvas, fonts, entries->shown->pdata[i],
			(MaqRect){MARGIN, top + (int)(i - *first) * step,
				all.width - 2 * MARGIN, step},
			i == entries->selected);
	if (!entries->shown->len)
		maq_font_draw(fonts->text, canvas, MARGIN + PAD, top + PAD, COLOR_DIM,
			"nothing of that name");
}

void draw_least(const Fonts *fonts, int *width, int *height)
{
	*width = 2 * (MARGIN + PAD) + maq_font_measure(fonts->name, "type to find");
	*height = list_top(fonts) + row_height(fonts) + PAD;
}

guint draw_entry_at(const Fonts *fonts, guint first, int y)
{
	int below = y - list_top(fonts);

	return below < 0 ? G_MAXUINT : first + (guint)(below / row_height(fonts));
}
