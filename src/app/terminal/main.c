// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * terminal - a terminal of xterm's kind
 *
 * Provides  Terminal            one client: the program
 *           Text                what is on the screen, if configured
 * Requires  Framebuffer, Input  where it is seen and typed into
 *           LOG, ROM; Report and ROM clipboard if there is one
 * Config    README.md, config.hsd; changes are followed
 */
#include "terminal.h"

#include <string.h>

#define INPUT_MAX     65536 /* bytes that wait for the program; more is lost */
#define READ_MAX      16000
#define FRAME_NS      12000000u  /* least time from one picture of a flood to the next */
#define HOLD_NS       150000000u /* longest time that a program may hold its picture */
#define HISTORY_LEAST (256u << 10)
#define COLUMNS_LEAST 12 /* a smaller picture is of no use */
#define ROWS_LEAST    2

/* ---- drawing ---- */

static void fit(Terminal *terminal, int width, int height)
{
	int inner_width = width - 2 * RENDER_PADDING;
	int inner_height = height - 2 * RENDER_PADDING;
	int columns = CLAMP(
		inner_width / faces_width(&terminal->faces), SCREEN_COLUMNS_MIN, 1024);
	int rows = CLAMP(inner_height / faces_height(&terminal->faces), 1, 1024);

	terminal->width = width;
	terminal->height = height;
	screen_set_cell(terminal->screen, faces_width(&terminal->faces),
		faces_height(&terminal->faces));
	screen_resize(terminal->screen, columns, rows);
	contents_changed(terminal->contents);
	terminal->redraw = terminal->changed = true;
	if (terminal->program)
		maq_terminal_signal_size_changed(terminal->program);
}

/* The program's title, whether it has rung, and the least that is of use. */
void terminal_tell_hints(Terminal *terminal)
{
	const Faces *faces = &terminal->faces;
	MaqHints hints = {
		.min_width = 2 * RENDER_PADDING + COLUMNS_LEAST * faces_width(faces),
		.min_height = 2 * RENDER_PADDING + ROWS_LEAST * faces_height(faces),
	};

	if (terminal->display)
		maq_screen_set_hints(terminal->display, &hints, terminal->urgent,
			screen_title(terminal->screen));
}

/* What is marked or found is where it was, or no longer. */
static void check_marks(Terminal *terminal)
{
	if (!terminal->changed)
		return;
	terminal->changed = false;
	if (!selection_check(&terminal->selection, terminal->screen))
		terminal->redraw = true;
	if (terminal->bar.open) {
		find_again(&terminal->bar.find, terminal->screen);
		terminal->redraw = true;
	}
}

static void draw_screen(
	Terminal *terminal, const MaqBuffer *buffer, bool whole, int first, int last)
{
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer->pixels, buffer->width, buffer->height, (int)buffer->stride);
	Render render = {canvas, &terminal->faces, terminal->screen, &terminal->selection,
		terminal->bar.open ? &terminal->bar.find : NULL, terminal->link_start,
		terminal->link_end, terminal->focused, terminal->settings.opacity};

	if (terminal->settings.opacity < 255)
		maq_canvas_set_alpha(canvas);
	if (whole) {
		int columns;

		first = 0;
		screen_size(terminal->screen, &columns, &last);
		last--;
		render_margins(&render);
	}
	render_rows(&render, first, last);
	if (whole) {
		render_scrolled(&render);
		bar_draw(terminal, &render);
	}
	MaqRect area = maq_rect_intersect(maq_canvas_bounds(canvas),
		render_area(&terminal->faces, first, last, buffer->width));
	MaqFramebufferRect rect = {(guint16)area.x, (guint16)area.y, (guint16)area.width,
		(guint16)area.height};
	maq_screen_commit(terminal->display, &rect, whole ? 0 : 1, terminal->answer_seq);
}

static bool needs_whole(const Terminal *terminal, const MaqBuffer *buffer)
{
	guint rows;

	return terminal->redraw || buffer->fresh || terminal->bar.open ||
	       terminal->notice || terminal->was_scrolled ||
	       screen_scrolled(terminal->screen, &rows);
}

static void draw(Terminal *terminal)
{
	MaqBuffer buffer;
	int first = 0, last = 0;
	guint rows;

	if (!maq_screen_begin(terminal->display, &buffer))
		return; /* ready calls again */
	if (buffer.width != terminal->width || buffer.height != terminal->height)
		fit(terminal, buffer.width, buffer.height);
	check_marks(terminal);
	bool whole = needs_whole(terminal, &buffer);
	terminal_tell_hints(terminal);
	bool damaged = screen_take_damage(terminal->screen, &first, &last);
	if (!damaged && !terminal->redraw && !buffer.fresh)
		return;
	terminal->drawn_at = maq_env_binding(terminal->env)->now();
	terminal->was_scrolled = screen_scrolled(terminal->screen, &rows) > 0;
	draw_screen(terminal, &buffer, whole, first, last);
	terminal->redraw = false;
}

static void draw_later(void *data)
{
	Terminal *terminal = data;

	terminal->later = NULL;
	draw(terminal);
}

static void hold_ended(void *data)
{
	Terminal *terminal = data;

	terminal->holding = NULL;
	screen_release(terminal->screen);
	draw(terminal);
}

static void draw_now(void *data)
{
	Terminal *terminal = data;
	MaqLoop *loop = maq_env_loop(terminal->env);
	guint64 now = maq_env_binding(terminal->env)->now();

	terminal->scheduled = false;
	if (screen_held(terminal->screen)) {
		if (!terminal->holding)
			terminal->holding =
				maq_loop_at(loop, now + HOLD_NS, hold_ended, terminal);
		return;
	}
	maq_timeout_cancel(g_steal_pointer(&terminal->holding));
	if (terminal->later)
		return;
	/* what is drawn in a flood is gone before it is seen */
	if (now - terminal->drawn_at < FRAME_NS)
		terminal->later = maq_loop_at(
			loop, terminal->drawn_at + FRAME_NS, draw_later, terminal);
	else
		draw(terminal);
}

void terminal_schedule(Terminal *terminal)
{
	if (!terminal->scheduled)
		maq_loop_defer(maq_env_loop(terminal->env), draw_now, terminal);
	terminal->scheduled = true;
}

void terminal_redraw(Terminal *terminal)
{
	terminal->redraw = true;
	terminal_schedule(terminal);
}

void terminal_notice(Terminal *terminal, const char *text)
{
	if (!text && !terminal->notice)
		return;
	g_free(terminal->notice);
	terminal->notice = g_strdup(text);
	terminal_redraw(terminal);
}

static void display_ready(void *data)
{
	Terminal *terminal = data;

	draw(terminal);
}

/* ---- what the screen asks for ---- */

void terminal_send(Terminal *terminal, const char *bytes, gsize size)
{
	if (terminal->input->len + size > INPUT_MAX)
		return;
	g_byte_array_append(terminal->input, (const guint8 *)bytes, (guint)size);
	if (terminal->program)
		maq_terminal_signal_readable(terminal->program);
}

static void to_program(void *data, const char *bytes, gsize size)
{
	terminal_send(data, bytes, size);
}

static void rung(void *data)
{
	Terminal *terminal = data;

	if (terminal->focused || terminal->urgent ||
		!strcmp(terminal->settings.urgent, "none"))
		return;
	terminal->urgent = true;
	terminal_tell_hints(terminal);
}

/* OSC 52, as far as the configuration lets the program. */
static void program_copies(void *data, const char *text)
{
	Terminal *terminal = data;

	if (text) {
		if (terminal->settings.program_copies)
			maq_clipboard_set(terminal->clipboard, text);
		return;
	}
	if (!terminal->settings.program_pastes)
		return;
	const char *pasted = maq_clipboard_text(terminal->clipboard);
	g_autofree char *coded = g_base64_encode((const guchar *)pasted, strlen(pasted));
	g_autofree char *answer = g_strdup_printf("\033]52;c;%s\033\\", coded);
	terminal_send(terminal, answer, strlen(answer));
}

static const ScreenOps screen_ops = {to_program, rung, program_copies};

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

	/* the program reads on while this is done */
	maq_terminal_write_reply(call, MAQ_TERMINAL_OK);
	terminal->answer_seq =
		MAX(terminal->answer_seq, MIN(input_seq, terminal->input_seq));
	screen_feed(terminal->screen, data, data_size);
	terminal->changed = true;
	contents_changed(terminal->contents);
	terminal_schedule(terminal);
}

static MaqTerminalError read_text(
	void *self, const void **data, gsize *data_size, guint64 *input_seq)
{
	static guint8 bytes[READ_MAX]; /* until the answer is written, at once */
	Terminal *terminal = self;
	guint n = MIN(terminal->input->len, READ_MAX);

	if (n) {
		memcpy(bytes, terminal->input->data, n);
		g_byte_array_remove_range(terminal->input, 0, n);
	}
	*data = bytes;
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
	Terminal *terminal = self;

	terminal->program = NULL;
	if (terminal->closing)
		maq_exit(terminal->env, 0);
}

static const MaqTerminalService terminal_service = {
	.ops = {.size = size, .write = write_text, .read = read_text},
	.open = program_open,
	.close = program_close,
};

/* ---- configuration ---- */

bool terminal_load_font(Terminal *terminal, GError **error)
{
	int pixels = CLAMP(terminal->settings.size + terminal->zoom, FONT_MIN, FONT_MAX);

	if (!faces_load(&terminal->faces, terminal->settings.font, pixels, error))
		return false;
	if (terminal->width)
		fit(terminal, terminal->width, terminal->height);
	terminal_tell_hints(terminal);
	return true;
}

/* A quarter of what is left, so that pictures and the rest have room. */
static gsize history_bytes(Terminal *terminal)
{
	MaqQuota quota;

	if (terminal->settings.bytes)
		return terminal->settings.bytes;
	if (!maq_quota(terminal->env, &quota) || quota.ram < quota.ram_used)
		return HISTORY_LEAST;
	return (gsize)MAX((quota.ram - quota.ram_used) / 4, HISTORY_LEAST);
}

static bool configure(Terminal *terminal, GError **error)
{
	terminal->settings = settings_read(maq_config(terminal->env));
	screen_set_palette(terminal->screen, &terminal->settings.palette);
	if (terminal->display)
		maq_screen_set_alpha(terminal->display, terminal->settings.opacity < 255);
	screen_set_limits(
		terminal->screen, terminal->settings.lines, history_bytes(terminal));
	return terminal_load_font(terminal, error);
}

static void config_changed(void *data)
{
	Terminal *terminal = data;
	g_autoptr(GError) error = NULL;

	if (!configure(terminal, &error))
		maq_log(terminal->env, "Warning: %s", error->message);
	terminal_redraw(terminal);
}

/* ---- the end ---- */

/* The program is told as at a hang-up, and the terminal goes with it. */
static void asked_to_close(void *data)
{
	Terminal *terminal = data;

	terminal->closing = true;
	if (terminal->program)
		maq_terminal_signal_closed(terminal->program);
	else
		maq_exit(terminal->env, 0);
}

/* ---- start ---- */

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static void terminal_free(gpointer data)
{
	Terminal *terminal = data;

	screen_free(terminal->screen);
	faces_free(&terminal->faces);
	find_fini(&terminal->bar.find);
	selection_clear(&terminal->selection);
	g_string_free(terminal->bar.text, TRUE);
	g_byte_array_unref(terminal->input);
	g_free(terminal->notice);
	g_free(terminal);
}

static Terminal *terminal_new(MaqEnv *env)
{
	Terminal *terminal = g_new0(Terminal, 1);

	maq_env_own_by(env, terminal, terminal_free);
	terminal->env = env;
	terminal->input = g_byte_array_new();
	terminal->bar.text = g_string_new(NULL);
	find_init(&terminal->bar.find);
	terminal->screen = screen_new(80, 24, 0, &screen_ops, terminal);
	return terminal;
}

static bool terminal_start(MaqEnv *env, GError **error)
{
	Terminal *terminal = terminal_new(env);

	if (!configure(terminal, error))
		return false;
	maq_config_on_changed(env, config_changed, terminal);
	terminal->display =
		maq_screen_open(env, "", 0, 0, display_ready, terminal, error);
	if (!terminal->display)
		return false;
	terminal->events = maq_events_open(env, "", input_event, terminal, error);
	if (!terminal->events)
		return false;
	maq_screen_on_lost(terminal->display, display_lost, env);
	maq_screen_on_close(terminal->display, asked_to_close, terminal);
	maq_screen_set_alpha(terminal->display, terminal->settings.opacity < 255);
	terminal_tell_hints(terminal);
	terminal->clipboard = maq_clipboard_new(env, NULL, NULL);
	if (maq_config_bool(env, "text", false)) {
		terminal->contents = contents_provide(terminal, error);
		if (!terminal->contents)
			return false;
	}
	draw(terminal);
	return maq_terminal_provide(env, &terminal_service, terminal, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, terminal_start);
}
