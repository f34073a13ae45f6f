// SPDX-License-Identifier: GPL-2.0-or-later
#include "screen.h"
#include "guard.h"
#include "history.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <vterm.h>

enum { COLOR_FRONT = 0xd3d7cf, COLOR_BACK = 0x101418 };

struct Screen {
	VTerm *term;         /* owned */
	VTermScreen *screen; /* term's */
	int columns, rows;
	Guard guard;         /* in front of term */
	GByteArray *guarded; /* owned: room for what it lets through */
	GByteArray *answers; /* owned: likewise, what it answers itself */
	History *history;    /* owned */
	int offset;          /* lines that the view is scrolled up */
	/* the line of history that was looked at last; found_line -1: none */
	VTermScreenCell *found; /* owned, columns cells */
	int found_line;
	int first, last; /* damaged rows; first > last: none */
	int cursor_column, cursor_row;
	bool cursor_visible;
	GString *title; /* owned */
	ScreenOutput output;
	void *data;
};

static void damage_rows(Screen *screen, int first, int last)
{
	screen->first = MIN(screen->first, MAX(first, 0));
	screen->last = MAX(screen->last, MIN(last, screen->rows - 1));
}

static void damage_all(Screen *screen)
{
	damage_rows(screen, 0, screen->rows - 1);
}

/* ---- libvterm's calls ---- */

static int on_damage(VTermRect rect, void *self)
{
	damage_rows(self, rect.start_row, rect.end_row - 1);
	return 1;
}

static int on_cursor(VTermPos to, VTermPos from, int visible, void *self)
{
	Screen *screen = self;

	(void)visible;
	screen->cursor_column = to.col;
	screen->cursor_row = to.row;
	damage_rows(screen, MIN(to.row, from.row), MAX(to.row, from.row));
	return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *self)
{
	Screen *screen = self;

	if (property == VTERM_PROP_CURSORVISIBLE)
		screen->cursor_visible = value->boolean;
	if (property == VTERM_PROP_TITLE)
		g_string_assign(screen->title, value->string);
	damage_rows(screen, screen->cursor_row, screen->cursor_row);
	return 1;
}

static int on_push_line(int columns, const VTermScreenCell *cells, void *self)
{
	Screen *screen = self;
	guint before = history_count(screen->history);

	history_push(screen->history, columns, cells);
	screen->found_line = -1;
	/* the view stays where it is */
	if (screen->offset && history_count(screen->history) > before)
		screen->offset++;
	screen->offset = MIN(screen->offset, (int)history_count(screen->history));
	return 1;
}

static int on_pop_line(int columns, VTermScreenCell *cells, void *self)
{
	Screen *screen = self;
	guint count = history_count(screen->history);

	if (!count)
		return 0;
	history_line(screen->history, count - 1, columns, cells);
	history_pop(screen->history);
	screen->found_line = -1;
	screen->offset = MIN(screen->offset, (int)count - 1);
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.damage = on_damage,
	.movecursor = on_cursor,
	.settermprop = on_property,
	.sb_pushline = on_push_line,
	.sb_popline = on_pop_line,
};

static void on_output(const char *bytes, size_t size, void *self)
{
	Screen *screen = self;

	screen->output(screen->data, bytes, size);
}

/* ---- life ---- */

static void set_color(VTermColor *color, guint32 rgb)
{
	vterm_color_rgb(color, (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb);
}

/* The 16 colours of ECMA-48, light enough to be read on a dark ground. */
static void set_palette(VTermState *state)
{
	static const guint32 colors[] = {0x2e3436, 0xd75f5f, 0x87af5f, 0xd7af5f, 0x6f9fd8,
		0xaf87af, 0x5fafaf, 0xd3d7cf, 0x6c7378, 0xef7f7f, 0xafd787, 0xffd787,
		0x8fbff5, 0xd7afd7, 0x87d7d7, 0xffffff};

	for (int i = 0; i < (int)G_N_ELEMENTS(colors); i++) {
		VTermColor color;

		set_color(&color, colors[i]);
		vterm_state_set_palette_color(state, i, &color);
	}
}

Screen *screen_new(
	int columns, int rows, guint scrollback, ScreenOutput output, void *data)
{
	Screen *screen = g_new0(Screen, 1);
	VTermColor front, back;

	columns = MAX(columns, SCREEN_COLUMNS_MIN);
	screen->columns = columns;
	screen->rows = rows;
	screen->history = history_new(scrollback);
	screen->found = g_new0(VTermScreenCell, columns);
	screen->found_line = -1;
	screen->guarded = g_byte_array_new();
	screen->answers = g_byte_array_new();
	screen->cursor_visible = true;
	screen->title = g_string_new(NULL);
	screen->output = output;
	screen->data = data;
	screen->first = rows;
	screen->last = -1;
	screen->term = vterm_new(rows, columns);
	vterm_set_utf8(screen->term, 1);
	vterm_output_set_callback(screen->term, on_output, screen);
	screen->screen = vterm_obtain_screen(screen->term);
	vterm_screen_set_callbacks(screen->screen, &callbacks, screen);
	vterm_screen_enable_altscreen(screen->screen, 1);
	vterm_screen_set_damage_merge(screen->screen, VTERM_DAMAGE_SCROLL);
	set_color(&front, COLOR_FRONT);
	set_color(&back, COLOR_BACK);
	vterm_state_set_default_colors(vterm_obtain_state(screen->term), &front, &back);
	set_palette(vterm_obtain_state(screen->term));
	vterm_screen_reset(screen->screen, 1);
	damage_all(screen);
	return screen;
}

void screen_free(Screen *screen)
{
	vterm_free(screen->term);
	history_free(screen->history);
	g_free(screen->found);
	g_byte_array_unref(screen->guarded);
	g_byte_array_unref(screen->answers);
	g_string_free(screen->title, TRUE);
	g_free(screen);
}

void screen_feed(Screen *screen, const char *bytes, gsize size)
{
	g_byte_array_set_size(screen->guarded, 0);
	g_byte_array_set_size(screen->answers, 0);
	guard_filter(&screen->guard, bytes, size, screen->guarded, screen->answers);
	vterm_input_write(
		screen->term, (const char *)screen->guarded->data, screen->guarded->len);
	if (screen->answers->len)
		screen->output(screen->data, (const char *)screen->answers->data,
			screen->answers->len);
	vterm_screen_flush_damage(screen->screen);
	if (screen->offset)
		damage_all(screen);
}

/* CAN first: a sequence may have begun. */
static void place_cursor(Screen *screen, int column, int row)
{
	g_autofree char *text = g_strdup_printf("\030\033[%d;%dH", row + 1, column + 1);

	vterm_input_write(screen->term, text, strlen(text));
}

/* libvterm 0.1.4 does not see that a region lies outside of a smaller screen, and writes
 * there. xterm, too, forgets the region at each resize. */
static void reset_region(Screen *screen)
{
	static const char reset[] = "\030\033[?69h\033[s\033[?69l\033[r";
	VTermPos at;

	if (!screen->guard.region)
		return;
	screen->guard.region = false;
	vterm_state_get_cursorpos(vterm_obtain_state(screen->term), &at);
	vterm_input_write(screen->term, reset, sizeof reset - 1);
	place_cursor(screen, at.col, at.row);
}

/* A smaller screen keeps the text at its bottom, and libvterm 0.1.4 moves the cursor up
 * with it, also out of the screen. */
static void keep_cursor(Screen *screen)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->term), &at);
	if (at.row < 0 || at.row >= screen->rows || at.col < 0 ||
		at.col >= screen->columns)
		place_cursor(screen, CLAMP(at.col, 0, screen->columns - 1),
			CLAMP(at.row, 0, screen->rows - 1));
}

void screen_resize(Screen *screen, int columns, int rows)
{
	columns = MAX(columns, SCREEN_COLUMNS_MIN);
	if (columns == screen->columns && rows == screen->rows)
		return;
	reset_region(screen);
	screen->found = g_renew(VTermScreenCell, screen->found, columns);
	screen->found_line = -1;
	screen->columns = columns;
	screen->rows = rows;
	screen->last = MIN(screen->last, rows - 1);
	vterm_set_size(screen->term, rows, columns);
	keep_cursor(screen);
	vterm_screen_flush_damage(screen->screen);
	damage_all(screen);
}

void screen_size(const Screen *screen, int *columns, int *rows)
{
	*columns = screen->columns;
	*rows = screen->rows;
}

void screen_scroll(Screen *screen, int lines)
{
	screen->offset =
		CLAMP(screen->offset + lines, 0, (int)history_count(screen->history));
	damage_all(screen);
}

void screen_scroll_to_bottom(Screen *screen)
{
	if (screen->offset)
		screen_scroll(screen, -screen->offset);
}

const char *screen_title(const Screen *screen)
{
	return screen->title->str;
}

bool screen_take_damage(Screen *screen, int *first, int *last)
{
	if (screen->first > screen->last)
		return false;
	*first = screen->first;
	*last = screen->last;
	screen->first = screen->rows;
	screen->last = -1;
	return true;
}

bool screen_cursor(const Screen *screen, int *column, int *row)
{
	*column = screen->cursor_column;
	*row = screen->cursor_row + screen->offset;
	return screen->cursor_visible && *row < screen->rows;
}

/* ---- cells ---- */

static guint32 rgb_of(const Screen *screen, VTermColor color)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&color))
		return COLOR_FRONT;
	if (VTERM_COLOR_IS_DEFAULT_BG(&color))
		return COLOR_BACK;
	vterm_state_convert_color_to_rgb(vterm_obtain_state(screen->term), &color);
	return (guint32)color.rgb.red << 16 | (guint32)color.rgb.green << 8 |
	       color.rgb.blue;
}

/* Cells are asked for row by row, and a line of history is one text. */
static const VTermScreenCell *find_line(Screen *screen, int line)
{
	if (line != screen->found_line)
		history_line(
			screen->history, (guint)line, screen->columns, screen->found);
	screen->found_line = line;
	return screen->found;
}

static bool find_cell(Screen *screen, int column, int row, VTermScreenCell *cell)
{
	int line = (int)history_count(screen->history) - screen->offset + row;

	if (row >= screen->offset)
		return vterm_screen_get_cell(
			screen->screen, (VTermPos){row - screen->offset, column}, cell);
	if (line < 0 || column < 0 || column >= screen->columns)
		return false;
	*cell = find_line(screen, line)[column];
	return true;
}

Cell screen_cell(Screen *screen, int column, int row)
{
	VTermScreenCell cell;
	Cell seen = {.width = 1, .front = COLOR_FRONT, .back = COLOR_BACK};

	if (!find_cell(screen, column, row, &cell))
		return seen;
	if (cell.chars[0] == (uint32_t)-1) {
		seen.width = 0;
		return seen;
	}
	/* what libvterm leaves behind the last one means nothing */
	for (gsize i = 0; i < G_N_ELEMENTS(seen.chars) && cell.chars[i]; i++)
		seen.chars[i] = cell.chars[i];
	seen.width = (guint8)MAX(cell.width, 1);
	seen.front = rgb_of(screen, cell.attrs.reverse ? cell.bg : cell.fg);
	seen.back = rgb_of(screen, cell.attrs.reverse ? cell.fg : cell.bg);
	seen.flags = (guint8)((cell.attrs.bold ? CELL_BOLD : 0) |
			      (cell.attrs.underline ? CELL_UNDERLINE : 0) |
			      (cell.attrs.italic ? CELL_ITALIC : 0));
	return seen;
}

/* ---- keys ---- */

void screen_character(Screen *screen, guint32 codepoint, unsigned modifiers)
{
	/* the character itself tells of Shift */
	vterm_keyboard_unichar(
		screen->term, codepoint, (VTermModifier)(modifiers & ~VTERM_MOD_SHIFT));
}

bool screen_key(Screen *screen, guint16 code, unsigned modifiers)
{
	static const struct {
		guint16 code;
		VTermKey key;
	} keys[] = {
		{KEY_ENTER, VTERM_KEY_ENTER},
		{KEY_KPENTER, VTERM_KEY_ENTER},
		{KEY_TAB, VTERM_KEY_TAB},
		{KEY_BACKSPACE, VTERM_KEY_BACKSPACE},
		{KEY_ESC, VTERM_KEY_ESCAPE},
		{KEY_UP, VTERM_KEY_UP},
		{KEY_DOWN, VTERM_KEY_DOWN},
		{KEY_LEFT, VTERM_KEY_LEFT},
		{KEY_RIGHT, VTERM_KEY_RIGHT},
		{KEY_INSERT, VTERM_KEY_INS},
		{KEY_DELETE, VTERM_KEY_DEL},
		{KEY_HOME, VTERM_KEY_HOME},
		{KEY_END, VTERM_KEY_END},
		{KEY_PAGEUP, VTERM_KEY_PAGEUP},
		{KEY_PAGEDOWN, VTERM_KEY_PAGEDOWN},
		{KEY_F11, VTERM_KEY_FUNCTION(11)},
		{KEY_F12, VTERM_KEY_FUNCTION(12)},
	};

	if (code >= KEY_F1 && code <= KEY_F10) {
		vterm_keyboard_key(screen->term, VTERM_KEY_FUNCTION(code - KEY_F1 + 1),
			(VTermModifier)modifiers);
		return true;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (keys[i].code != code)
			continue;
		vterm_keyboard_key(screen->term, keys[i].key, (VTermModifier)modifiers);
		return true;
	}
	return false;
}
