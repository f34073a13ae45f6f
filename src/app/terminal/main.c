// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * terminal - a terminal of xterm's kind
 *
 * Provides  Terminal            one client: the program
 * Requires  Framebuffer, Input  where it is seen and typed into
 *           LOG, ROM
 * Config    font (default monospace), size: height of a character in pixels (default 14)
 *           scrollback: lines (default 10000)
 */
#include "keyboard.h"
#include "render.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/terminal.h>

#include <linux/input-event-codes.h>

#define INPUT_MAX 65536 /* bytes that wait for the program; more is lost */
#define READ_MAX  16000
#define TITLE_MAX 40 /* characters; 4 bytes each are what a hint takes */

typedef struct {
	MaqEnv *env;
	MaqScreen *display; /* owned by itself; closed with env */
	MaqEvents *events;
	MaqFont *font;
	Screen *screen;
	GByteArray *input;     /* for the program */
	guint8 read[READ_MAX]; /* what the last read gave */
	MaqPeer *program;      /* borrowed; NULL: none */
	char *title;           /* owned: as the display knows it */
	guint64 input_seq;     /* last event that became input */
	guint64 answer_seq;    /* highest that the program may have answered */
	Keyboard keyboard;
	int width, height;
	bool focused, redraw, scheduled;
} Terminal;

/* ---- drawing ---- */

static void fit(Terminal *terminal, int width, int height)
{
	int inner_width = width - 2 * RENDER_PADDING;
	int inner_height = height - 2 * RENDER_PADDING;
	int columns = CLAMP(inner_width / maq_font_cell_width(terminal->font),
		SCREEN_COLUMNS_MIN, 1024);
	int rows = CLAMP(inner_height / maq_font_height(terminal->font), 1, 1024);

	terminal->width = width;
	terminal->height = height;
	screen_resize(terminal->screen, columns, rows);
	terminal->redraw = true;
	if (terminal->program)
		maq_terminal_signal_size_changed(terminal->program);
}

static void ignore_hints(void *data, MaqFramebufferError status)
{
	(void)data;
	(void)status;
}

/* The program's title; a display that is new does not know it. */
static void tell_title(Terminal *terminal, bool fresh)
{
	const char *title = screen_title(terminal->screen);

	if (!fresh && !g_strcmp0(title, terminal->title))
		return;
	g_autofree char *valid = g_utf8_make_valid(title, -1);
	g_autofree char *shown =
		g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), TITLE_MAX));
	maq_framebuffer_hints_async(maq_screen_framebuffer(terminal->display), 0, 0, 0, 0,
		0, 0, 0, 0, shown, ignore_hints, NULL);
	g_free(terminal->title);
	terminal->title = g_strdup(title);
}

static void draw(void *data)
{
	Terminal *terminal = data;
	MaqBuffer buffer;
	int first = 0, last = 0;

	terminal->scheduled = false;
	if (!maq_screen_begin(terminal->display, &buffer))
		return; /* ready calls again */
	if (buffer.width != terminal->width || buffer.height != terminal->height)
		fit(terminal, buffer.width, buffer.height);
	bool whole = terminal->redraw || buffer.fresh;
	tell_title(terminal, buffer.fresh);
	bool damaged = screen_take_damage(terminal->screen, &first, &last);
	if (!whole && !damaged)
		return;
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	if (whole) {
		int columns;

		first = 0;
		screen_size(terminal->screen, &columns, &last);
		last--;
		render_margins(canvas, terminal->font, terminal->screen);
	}
	render_rows(
		canvas, terminal->font, terminal->screen, first, last, terminal->focused);
	MaqRect area = maq_rect_intersect(maq_canvas_bounds(canvas),
		render_area(terminal->font, first, last, buffer.width));
	MaqFramebufferRect rect = {(guint16)area.x, (guint16)area.y, (guint16)area.width,
		(guint16)area.height};
	maq_screen_commit(terminal->display, &rect, whole ? 0 : 1, terminal->answer_seq);
	terminal->redraw = false;
}

/* Before the loop sleeps: what came in one round is drawn once. */
static void schedule(Terminal *terminal)
{
	if (!terminal->scheduled)
		maq_loop_defer(maq_env_loop(terminal->env), draw, terminal);
	terminal->scheduled = true;
}

static void display_ready(void *data)
{
	schedule(data);
}

/* ---- keys ---- */

static void to_program(void *data, const char *bytes, gsize size)
{
	Terminal *terminal = data;

	if (terminal->input->len + size > INPUT_MAX)
		return;
	g_byte_array_append(terminal->input, (const guint8 *)bytes, (guint)size);
	if (terminal->program)
		maq_terminal_signal_readable(terminal->program);
}

static bool scroll_key(Terminal *terminal, guint16 code)
{
	int columns, rows;

	if (terminal->keyboard.modifiers != KEYBOARD_SHIFT ||
		(code != KEY_PAGEUP && code != KEY_PAGEDOWN))
		return false;
	screen_size(terminal->screen, &columns, &rows);
	screen_scroll(terminal->screen, code == KEY_PAGEUP ? rows / 2 : -rows / 2);
	return true;
}

static void type(Terminal *terminal, const MaqInputEvent *event)
{
	unsigned modifiers = terminal->keyboard.modifiers;

	if (scroll_key(terminal, event->code))
		return;
	terminal->input_seq = event->sequence;
	screen_scroll_to_bottom(terminal->screen);
	if (!screen_key(terminal->screen, event->code, modifiers) &&
		event->codepoint >= ' ')
		screen_character(terminal->screen, event->codepoint, modifiers);
}

static void set_focus(Terminal *terminal, bool focused)
{
	terminal->focused = focused;
	terminal->redraw = true;
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	Terminal *terminal = data;

	if (keyboard_follow(&terminal->keyboard, event))
		type(terminal, event);
	switch (event->type) {
	case MAQ_INPUT_TYPE_WHEEL:
		screen_scroll(terminal->screen, event->y * 3 / 120);
		break;
	case MAQ_INPUT_TYPE_FOCUS_ENTER:
		set_focus(terminal, true);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT:
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		set_focus(terminal, false);
		break;
	default:
		break;
	}
	schedule(terminal);
}

/* ---- the program ---- */

static MaqTerminalError size(
	void *self, guint16 *columns, guint16 *rows, guint16 *width, guint16 *height)
{
	Terminal *terminal = self;
	int c, r;

	screen_size(terminal->screen, &c, &r);
	*columns = (guint16)c;
	*rows = (guint16)r;
	*width = (guint16)terminal->width;
	*height = (guint16)terminal->height;
	return MAQ_TERMINAL_OK;
}

static void write_text(
	void *self, MaqCall *call, const void *data, gsize data_size, guint64 input_seq)
{
	Terminal *terminal = self;

	terminal->answer_seq =
		MAX(terminal->answer_seq, MIN(input_seq, terminal->input_seq));
	screen_feed(terminal->screen, data, data_size);
	maq_terminal_write_reply(call, MAQ_TERMINAL_OK);
	schedule(terminal);
}

static MaqTerminalError read_text(
	void *self, const void **data, gsize *data_size, guint64 *input_seq)
{
	Terminal *terminal = self;
	guint n = MIN(terminal->input->len, READ_MAX);

	if (n) {
		memcpy(terminal->read, terminal->input->data, n);
		g_byte_array_remove_range(terminal->input, 0, n);
	}
	*data = terminal->read;
	*data_size = n;
	*input_seq = n ? terminal->input_seq : 0;
	return MAQ_TERMINAL_OK;
}

static MaqStatus program_open(void *self, MaqPeer *peer, void **client)
{
	Terminal *terminal = self;

	if (terminal->program)
		return MAQ_DENIED; /* one program a terminal */
	terminal->program = peer;
	*client = terminal;
	return MAQ_OK;
}

static void program_close(void *self)
{
	((Terminal *)self)->program = NULL;
}

static const MaqTerminalService terminal_service = {
	.ops = {.size = size, .write = write_text, .read = read_text},
	.open = program_open,
	.close = program_close,
};

/* ---- start ---- */

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static bool terminal_start(MaqEnv *env, GError **error)
{
	Terminal *terminal = maq_env_state(env, sizeof *terminal);

	terminal->env = env;
	terminal->input = g_byte_array_new();
	terminal->font = maq_font_new(maq_config_string(env, "font", "monospace"),
		(int)CLAMP(maq_config_u64(env, "size", 14), 6, 100), error);
	if (!terminal->font)
		return false;
	terminal->screen = screen_new(80, 24,
		(guint)MIN(maq_config_u64(env, "scrollback", 10000), 1000000), to_program,
		terminal);
	terminal->display =
		maq_screen_open(env, "", 0, 0, display_ready, terminal, error);
	if (!terminal->display)
		return false;
	terminal->events = maq_events_open(env, "", event_arrived, terminal, error);
	if (!terminal->events)
		return false;
	maq_screen_on_lost(terminal->display, display_lost, env);
	draw(terminal);
	return maq_terminal_provide(env, &terminal_service, terminal, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, terminal_start);
}
