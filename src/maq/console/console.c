// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * console - the sessions of Framebuffer and Input of a screen
 */
#include "internal.h"

#include <maq/event.h>
#include <maq/memory.h>

#include <fcntl.h>
#include <string.h>

static void *newest(const GPtrArray *array)
{
	return array->len ? g_ptr_array_index(array, array->len - 1) : NULL;
}

MaqConsole *console_find(const Consoles *all, const char *label)
{
	const char *last = g_strrstr(label, " -> ");

	last = last ? last + 4 : label;
	for (guint i = 0; i < all->n; i++)
		if (!strcmp(all->consoles[i]->name, last))
			return all->consoles[i];
	return all->consoles[0];
}

/* ---- pictures ---- */

const char *maq_console_name(const MaqConsole *console)
{
	return console->name;
}

void maq_console_size(const MaqConsole *console, int *width, int *height)
{
	*width = console->width;
	*height = console->height;
}

const MaqFrame *maq_console_frame(const MaqConsole *console)
{
	const MaqView *view = newest(console->views);

	return view ? maq_view_frame(view) : NULL;
}

bool maq_console_has_input(const MaqConsole *console)
{
	return console->seats->len > 0;
}

guint32 *maq_console_picture(const MaqConsole *console)
{
	const MaqFrame *frame = maq_console_frame(console);
	guint32 *pixels = g_new0(guint32, (gsize)console->width * (gsize)console->height);
	int width = frame ? MIN(frame->width, console->width) : 0;
	int height = frame ? MIN(frame->height, console->height) : 0;

	for (int y = 0; y < height; y++)
		memcpy(pixels + (gsize)y * (gsize)console->width,
			(const char *)frame->pixels + (gsize)y * frame->stride,
			(gsize)width * 4);
	return pixels;
}

void maq_console_shown(MaqConsole *console)
{
	MaqView *view = g_steal_pointer(&console->pending);

	if (view)
		maq_view_shown(view);
}

static void show(MaqConsole *console, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n)
{
	bool shown = console->ops->show(console->owner, console, frame, rects, n);

	capture_changed(console);
	if (shown)
		maq_console_shown(console);
}

static void show_all(MaqConsole *console)
{
	show(console, maq_console_frame(console), NULL, 0);
}

void maq_console_resize(MaqConsole *console, int width, int height)
{
	width = CLAMP(width, 1, console->most);
	height = CLAMP(height, 1, console->most);
	if (width == console->width && height == console->height)
		return;
	console->width = width;
	console->height = height;
	capture_acted(console,
		(Act){.kind = MAQ_EVENT_ACT_KIND_RESIZE, .x = width, .y = height});
	if (console->ops->resized)
		console->ops->resized(console->owner, console, width, height);
	show_all(console);
	for (guint i = 0; i < console->views->len; i++)
		maq_view_set_mode(g_ptr_array_index(console->views, i), width, height);
}

/* ---- clients of Framebuffer ---- */

static void view_opened(void *owner, MaqView *view)
{
	MaqConsole *console = console_find(owner, maq_view_label(view));

	maq_console_shown(console); /* the one before, now hidden */
	maq_view_set_data(view, console);
	g_ptr_array_add(console->views, view);
	maq_view_set_mode(view, console->width, console->height);
	show_all(console);
}

/* The changes that lie within the console. */
static MaqFrame clip(const MaqConsole *console, const MaqFrame *frame)
{
	MaqFrame seen = *frame;

	seen.n_rects = 0;
	for (unsigned i = 0; i < frame->n_rects; i++) {
		MaqFramebufferRect rect = frame->rects[i];

		if (rect.x < console->width && rect.y < console->height) {
			rect.width = (guint16)MIN(rect.width, console->width - rect.x);
			rect.height = (guint16)MIN(rect.height, console->height - rect.y);
			seen.rects[seen.n_rects++] = rect;
		} else if (!i) {
			seen.moved_x = seen.moved_y = 0;
		}
	}
	return seen;
}

/* Hidden ones are answered, too: they draw on. */
static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	MaqConsole *console = maq_view_data(view);
	MaqFrame seen = clip(console, frame);

	(void)owner;
	if (view != newest(console->views) || !seen.n_rects) {
		maq_view_shown(view);
		capture_changed(console); /* it may answer an event all the same */
		return;
	}
	console->pending = view;
	show(console, &seen, seen.rects, seen.n_rects);
}

static void view_title(void *owner, MaqView *view, const char *title)
{
	MaqConsole *console = maq_view_data(view);

	(void)owner;
	if (console->ops->title && view == newest(console->views))
		console->ops->title(console->owner, console, title);
}

static void view_closed(void *owner, MaqView *view)
{
	MaqConsole *console = maq_view_data(view);
	bool shown = view == newest(console->views);

	(void)owner;
	if (console->pending == view)
		console->pending = NULL;
	g_ptr_array_remove(console->views, view);
	if (shown)
		show_all(console);
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.title = view_title,
	.closed = view_closed,
};

/* ---- clients of Input ---- */

static bool asks(const MaqInputEvent *event)
{
	return event->type == MAQ_INPUT_TYPE_PRESS ||
	       event->type == MAQ_INPUT_TYPE_REPEAT ||
	       event->type == MAQ_INPUT_TYPE_WHEEL;
}

void console_send(MaqConsole *console, MaqInputEvent event)
{
	MaqSeat *seat = newest(console->seats);
	MaqView *view = newest(console->views);

	if (!seat || !console->focused)
		return;
	event.mode_serial = view ? maq_view_mode_serial(view) : 0;
	guint64 sequence = maq_seat_send(seat, &event);
	if (asks(&event))
		console->sent = sequence;
}

void console_enter(MaqConsole *console)
{
	memset(&console->held, 0, sizeof console->held);
	console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_FOCUS_ENTER});
}

void console_leave(MaqConsole *console)
{
	memset(&console->held, 0, sizeof console->held);
	console_send(console, (MaqInputEvent){.type = MAQ_INPUT_TYPE_FOCUS_LEAVE});
}

void console_free_pointer(MaqConsole *console)
{
	if (!console->exclusive)
		return;
	console->exclusive = NULL;
	console->ops->exclusive(console->owner, console, false);
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	MaqConsole *console = console_find(owner, maq_seat_label(seat));

	maq_console_end_exclusive(console);
	maq_seat_set_data(seat, console);
	console_leave(console);
	g_ptr_array_add(console->seats, seat);
	console->sent = 0; /* each counts its own */
	console_enter(console);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	MaqConsole *console = maq_seat_data(seat);
	bool focused = seat == newest(console->seats);

	(void)owner;
	if (console->exclusive == seat)
		console_free_pointer(console);
	g_ptr_array_remove(console->seats, seat);
	if (!focused)
		return;
	console->sent = 0;
	console_enter(console);
}

static int keymap(void *owner, MaqSeat *seat, guint32 *size)
{
	Consoles *all = owner;

	(void)seat;
	*size = all->keymap_size;
	return fcntl(all->keymap, F_DUPFD_CLOEXEC, 0);
}

static bool exclusive(void *owner, MaqSeat *seat, bool on)
{
	MaqConsole *console = maq_seat_data(seat);

	(void)owner;
	if (!on) {
		if (console->exclusive == seat)
			console_free_pointer(console);
		return true;
	}
	if (!console->ops->exclusive || seat != newest(console->seats) ||
		!console->focused ||
		!console->ops->exclusive(console->owner, console, true))
		return false;
	console->exclusive = seat;
	return true;
}

static const MaqSeatOps seat_ops = {
	.opened = seat_opened,
	.closed = seat_closed,
	.keymap = keymap,
	.exclusive = exclusive,
};

/* ---- start ---- */

MaqConsole *maq_console_new(MaqEnv *env, const char *name, int width, int height,
	int most, const MaqConsoleOps *ops, void *owner)
{
	MaqConsole *console = g_new0(MaqConsole, 1);

	maq_env_own(env, console);
	console->env = env;
	console->name = name;
	console->ops = ops;
	console->owner = owner;
	console->width = CLAMP(width, 1, most);
	console->height = CLAMP(height, 1, most);
	console->most = most;
	console->views = g_ptr_array_new();
	console->seats = g_ptr_array_new();
	console->focused = true;
	return console;
}

static bool load_keys(Consoles *all, const char *layout, GError **error)
{
	all->keys = keys_new(layout, error);
	if (!all->keys)
		return false;
	g_autofree char *text = keys_text(all->keys);
	all->keymap_size = (guint32)strlen(text);
	all->keymap = maq_dataspace_new_constant("keymap", text, all->keymap_size, error);
	return all->keymap >= 0;
}

bool maq_consoles_provide(MaqEnv *env, MaqConsole *const *consoles, guint n,
	const char *layout, GError **error)
{
	Consoles *all = g_new0(Consoles, 1);

	g_assert(n > 0);
	maq_env_own(env, all);
	all->env = env;
	all->consoles = g_memdup2(consoles, n * sizeof *consoles);
	maq_env_own(env, all->consoles);
	all->n = n;
	all->captures = g_ptr_array_new();
	all->events = g_ptr_array_new();
	for (guint i = 0; i < n; i++)
		consoles[i]->all = all;
	if (!load_keys(all, layout, error))
		return false;
	capture_provide(all);
	return maq_views_provide(env, &view_ops, all, error) &&
	       maq_seats_provide(env, &seat_ops, all, error);
}
