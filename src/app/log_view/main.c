// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log_view - the log of the whole system in a tile
 *
 * Requires  Framebuffer  where it is seen
 *           Input        wheel, arrows, Page Up and Down, Home, End: look back; letters
 *                        filter
 *           ROM          log: what core keeps of the log
 *           LOG
 * Config    font (default monospace), size: height of a character in pixels (default 12)
 *
 * Follows the log until one looks back. Each component has a colour of its own.
 */
#include "lines.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/paint.h>
#include <maq/rom.h>

#include <linux/input-event-codes.h>
#include <string.h>

enum {
	COLOR_BACK = 0x101418,
	COLOR_TEXT = 0xd3d7cf,
	COLOR_WARNING = 0xffd787,
	COLOR_ERROR = 0xef7f7f,
	COLOR_HINT = 0x3b6ea5,
	COLOR_HINT_TEXT = 0xffffff,
};

#define MARGIN        8  /* px */
#define LEADING       4  /* px between lines */
#define LABEL_COLUMNS 12 /* of characters; longer labels are cut off */
#define GAP           12 /* px between label and text */
#define WHEEL_LINES   3
#define NOTCH         120
#define FILTER_MAX    60 /* bytes */

typedef struct {
	MaqEnv *env;
	MaqScreen *screen; /* closed with env */
	MaqEvents *events; /* likewise */
	MaqRom *rom;
	MaqFont *font;
	Lines lines;
	guint rows;
	guint64 input_seq;
	bool scheduled;
} LogView;

/* ---- drawing ---- */

static guint32 color_of(const char *label)
{
	static const guint32 colors[] = {0x8fbff5, 0xafd787, 0xd7afd7, 0x87d7d7, 0xd7af5f,
		0xef9f7f, 0xb0b8c0, 0x9fd0a8};

	return colors[g_str_hash(label) % G_N_ELEMENTS(colors)];
}

static guint32 text_color(LineKind kind)
{
	return kind == LINE_ERROR     ? COLOR_ERROR
	       : kind == LINE_WARNING ? COLOR_WARNING
				      : COLOR_TEXT;
}

/* Labels end at one line, so that texts begin at another. */
static void draw_line(LogView *view, MaqCanvas *canvas, int y, const Line *line)
{
	int width = LABEL_COLUMNS * maq_font_cell_width(view->font);
	int needed = maq_font_measure(view->font, line->label);
	MaqRect column = {MARGIN, y, width, maq_font_height(view->font)};

	maq_canvas_clip(canvas, &column);
	maq_font_draw(view->font, canvas, MARGIN + MAX(width - needed, 0), y,
		color_of(line->label), line->label);
	maq_canvas_clip(canvas, NULL);
	maq_font_draw(view->font, canvas, MARGIN + width + GAP, y, text_color(line->kind),
		line->text);
}

/* Says how far back one looks. */
static void draw_hint(LogView *view, MaqCanvas *canvas)
{
	g_autofree char *text = g_strdup_printf("%u newer \u2193", view->lines.newer);
	MaqRect all = maq_canvas_bounds(canvas);
	int width = maq_font_measure(view->font, text) + 2 * MARGIN;
	int height = maq_font_height(view->font) + LEADING;
	MaqRect box = {
		all.width - width - MARGIN, all.height - height - MARGIN, width, height};

	maq_canvas_fill(canvas, box, COLOR_HINT);
	maq_font_draw(view->font, canvas, box.x + MARGIN, box.y + LEADING / 2,
		COLOR_HINT_TEXT, text);
}

/* Says what is filtered, at the lower left. */
static void draw_filter(LogView *view, MaqCanvas *canvas)
{
	g_autofree char *text = g_strdup_printf("only: %s\u258f  %u lines, Esc: all",
		view->lines.filter, view->lines.lines->len);
	MaqRect all = maq_canvas_bounds(canvas);
	int width = maq_font_measure(view->font, text) + 2 * MARGIN;
	int height = maq_font_height(view->font) + LEADING;
	MaqRect box = {MARGIN, all.height - height - MARGIN, width, height};

	maq_canvas_fill(canvas, box, COLOR_HINT);
	maq_font_draw(view->font, canvas, box.x + MARGIN, box.y + LEADING / 2,
		COLOR_HINT_TEXT, text);
}

static void draw(void *data)
{
	LogView *view = data;
	int step = maq_font_height(view->font) + LEADING;
	MaqBuffer buffer;

	view->scheduled = false;
	if (!maq_screen_begin(view->screen, &buffer))
		return; /* ready calls again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	maq_canvas_fill(canvas, maq_canvas_bounds(canvas), COLOR_BACK);
	view->rows = (guint)MAX((buffer.height - 2 * MARGIN) / step, 1);
	lines_scroll(&view->lines, 0, view->rows);
	for (guint row = 0; row < view->rows; row++) {
		const Line *line = lines_seen(&view->lines, row, view->rows);

		if (line)
			draw_line(view, canvas, MARGIN + (int)row * step, line);
	}
	if (*view->lines.filter)
		draw_filter(view, canvas);
	if (view->lines.newer)
		draw_hint(view, canvas);
	maq_screen_commit(view->screen, NULL, 0, view->input_seq);
}

static void schedule(void *data)
{
	LogView *view = data;

	if (!view->scheduled)
		maq_loop_defer(maq_env_loop(view->env), draw, view);
	view->scheduled = true;
}

/* ---- what changes the picture ---- */

static void log_changed(void *data)
{
	LogView *view = data;
	g_autoptr(GBytes) text = maq_rom_text(view->rom);

	if (!text)
		return;
	lines_set(&view->lines, g_bytes_get_data(text, NULL), g_bytes_get_size(text));
	schedule(view);
}

static int lines_of_key(const LogView *view, guint16 code)
{
	int page = (int)MAX(view->rows, 2) - 1;

	switch (code) {
	case KEY_UP:
		return 1;
	case KEY_DOWN:
		return -1;
	case KEY_PAGEUP:
		return page;
	case KEY_PAGEDOWN:
		return -page;
	case KEY_HOME:
		return G_MAXINT / 2;
	case KEY_END:
		return -G_MAXINT / 2;
	default:
		return 0;
	}
}

/* True: the filter has changed. */
static bool filter_key(LogView *view, const MaqInputEvent *event)
{
	g_autoptr(GString) text = g_string_new(view->lines.filter);

	if (event->code == KEY_ESC)
		g_string_truncate(text, 0);
	else if (event->code == KEY_BACKSPACE && text->len)
		g_string_truncate(text,
			(gsize)(g_utf8_find_prev_char(text->str, text->str + text->len) -
				text->str));
	else if (event->codepoint >= ' ' && g_unichar_isprint(event->codepoint) &&
		 text->len < FILTER_MAX)
		g_string_append_unichar(text, event->codepoint);
	if (!strcmp(text->str, view->lines.filter))
		return false;
	lines_filter(&view->lines, text->str);
	return true;
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	LogView *view = data;
	bool key = event->type == MAQ_INPUT_TYPE_PRESS ||
		   event->type == MAQ_INPUT_TYPE_REPEAT;
	int up = 0;

	if (event->type == MAQ_INPUT_TYPE_WHEEL)
		up = event->y * WHEEL_LINES / NOTCH;
	if (key)
		up = lines_of_key(view, event->code);
	if (!up && !(key && filter_key(view, event)))
		return;
	view->input_seq = event->sequence;
	lines_scroll(&view->lines, up, view->rows);
	schedule(view);
}

/* ---- start ---- */

/* The user closes the tile: there is nothing to save. */
static void asked_to_close(void *data)
{
	maq_exit(data, 0);
}

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static bool log_view_start(MaqEnv *env, GError **error)
{
	LogView *view = maq_env_state(env, sizeof *view);

	view->env = env;
	lines_init(&view->lines);
	view->font = maq_font_new(maq_config_string(env, "font", "monospace"),
		(int)CLAMP(maq_config_u64(env, "size", 12), 6, 100), error);
	view->rom = view->font ? maq_rom_open(env, "log", error) : NULL;
	view->screen =
		view->rom ? maq_screen_open(env, "", 0, 0, schedule, view, error) : NULL;
	if (!view->screen)
		return false;
	view->events = maq_events_open(env, "", event_arrived, view, error);
	if (!view->events)
		return false;
	maq_screen_on_lost(view->screen, display_lost, env);
	maq_screen_on_close(view->screen, asked_to_close, env);
	maq_rom_on_changed(view->rom, log_changed, view);
	log_changed(view);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, log_view_start);
}
