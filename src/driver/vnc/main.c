// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc - a screen, a keyboard and a pointer for viewers in the network (RFB, RFC 6143)
 *
 * Provides  Framebuffer: the newest client is shown
 *           Input: the newest client gets what users do
 * Requires  LOG
 * Config    width, height: size at the start, 1 to 4096 px (default 1280, 800); viewers
 *               may change it
 *           address, port: where to listen (default "127.0.0.1", 5900); port 0: a free
 *               one, see the log
 *           layout: key map that keys are looked up in (default "us")
 *           password: up to 8 characters count (default none); nothing is encrypted
 *           view_only: yes|no, viewers only watch (default no)
 */
#include "held.h"
#include "keys.h"
#include "viewers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/input-event-codes.h>
#include <maq/component.h>
#include <maq/display.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define EVENTS_A_ROUND 64 /* then others have their turn */
#define NOTCH          120

typedef struct {
	MaqEnv *env;
	Viewers *viewers; /* owned */
	Keys *keys;       /* owned */
	GPtrArray *views,
		*seats; /* owned arrays of borrowed MaqView, MaqSeat; newest last */
	Held held;
	unsigned buttons[VIEWERS_MAX];
	int x, y; /* of the pointer */
} Vnc;

static void *newest(GPtrArray *array)
{
	return array->len ? g_ptr_array_index(array, array->len - 1) : NULL;
}

/* ---- pictures ---- */

static void draw(Vnc *vnc, const MaqFrame *frame)
{
	Rect rects[G_N_ELEMENTS(frame->rects)];

	for (unsigned i = 0; i < frame->n_rects; i++) {
		const MaqFramebufferRect *rect = &frame->rects[i];

		rects[i] = (Rect){rect->x, rect->y, rect->width, rect->height};
	}
	viewers_draw(vnc->viewers, frame->pixels, frame->stride, rects, frame->n_rects);
}

/* All that the newest client has drawn last. */
static void redraw(Vnc *vnc)
{
	MaqView *view = newest(vnc->views);
	const MaqFrame *frame = view ? maq_view_frame(view) : NULL;

	viewers_clear(vnc->viewers);
	if (frame)
		viewers_draw(vnc->viewers, frame->pixels, frame->stride,
			&(Rect){0, 0, frame->width, frame->height}, 1);
}

static void resize(Vnc *vnc, int width, int height)
{
	int old_width, old_height;

	viewers_size(vnc->viewers, &old_width, &old_height);
	if (width == old_width && height == old_height)
		return;
	viewers_resize(vnc->viewers, width, height);
	for (guint i = 0; i < vnc->views->len; i++)
		maq_view_set_mode(g_ptr_array_index(vnc->views, i), width, height);
}

static void view_opened(void *owner, MaqView *view)
{
	Vnc *vnc = owner;
	int width, height;

	viewers_size(vnc->viewers, &width, &height);
	g_ptr_array_add(vnc->views, view);
	maq_view_set_mode(view, width, height);
	redraw(vnc);
}

static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	Vnc *vnc = owner;

	if (view == newest(vnc->views))
		draw(vnc, frame);
	maq_view_shown(view); /* hidden ones, too: they draw on */
}

static void view_closed(void *owner, MaqView *view)
{
	Vnc *vnc = owner;
	bool shown = view == newest(vnc->views);

	g_ptr_array_remove(vnc->views, view);
	if (shown)
		redraw(vnc);
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.closed = view_closed,
};

/* ---- events ---- */

static void send_event(Vnc *vnc, MaqInputEvent event)
{
	MaqSeat *seat = newest(vnc->seats);
	MaqView *view = newest(vnc->views);

	if (!seat)
		return;
	event.mode_serial = view ? maq_view_mode_serial(view) : 0;
	maq_seat_send(seat, &event);
}

static void send_focus(Vnc *vnc, MaqInputType type)
{
	vnc->held = (Held){0}; /* nothing is pressed for the other one */
	send_event(vnc, (MaqInputEvent){.type = type});
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	Vnc *vnc = owner;

	send_focus(vnc, MAQ_INPUT_TYPE_FOCUS_LEAVE);
	g_ptr_array_add(vnc->seats, seat);
	send_focus(vnc, MAQ_INPUT_TYPE_FOCUS_ENTER);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	Vnc *vnc = owner;
	bool focused = seat == newest(vnc->seats);

	g_ptr_array_remove(vnc->seats, seat);
	if (focused)
		send_focus(vnc, MAQ_INPUT_TYPE_FOCUS_ENTER);
}

static const MaqSeatOps seat_ops = {
	.opened = seat_opened,
	.closed = seat_closed,
};

static void press(Vnc *vnc, unsigned viewer, guint16 code, guint32 codepoint)
{
	bool first = held_press(&vnc->held, viewer, code);
	MaqInputEvent event = {
		.type = first ? MAQ_INPUT_TYPE_PRESS : MAQ_INPUT_TYPE_REPEAT,
		.code = code,
		.codepoint = codepoint,
	};

	send_event(vnc, event);
}

static void release(Vnc *vnc, unsigned viewer, guint16 code)
{
	if (held_release(&vnc->held, viewer, code))
		send_event(vnc,
			(MaqInputEvent){.type = MAQ_INPUT_TYPE_RELEASE, .code = code});
}

static void on_key(Vnc *vnc, const Event *event)
{
	Key key = keys_find(vnc->keys, event->keysym);

	if (event->down)
		press(vnc, event->viewer, key.code, key.codepoint);
	/* one code for many characters: each is over at once */
	if (!event->down || key.code == KEY_UNKNOWN)
		release(vnc, event->viewer, key.code);
}

static void send_button(Vnc *vnc, unsigned viewer, guint16 code, bool down)
{
	MaqInputEvent event = {.code = code, .x = (gint16)vnc->x, .y = (gint16)vnc->y};

	if (!(down ? held_press : held_release)(&vnc->held, viewer, code))
		return;
	event.type = down ? MAQ_INPUT_TYPE_PRESS : MAQ_INPUT_TYPE_RELEASE;
	send_event(vnc, event);
}

/* Bits 3 to 6 of RFB's buttons: a press is one notch up, down, left, right. */
static void send_wheel(Vnc *vnc, unsigned pressed)
{
	int x = (pressed >> 6 & 1) - (pressed >> 5 & 1);
	int y = (pressed >> 3 & 1) - (pressed >> 4 & 1);

	if (x || y)
		send_event(vnc, (MaqInputEvent){.type = MAQ_INPUT_TYPE_WHEEL,
					.x = (gint16)(x * NOTCH),
					.y = (gint16)(y * NOTCH)});
}

static void on_pointer(Vnc *vnc, const Event *event)
{
	static const guint16 codes[8] = {
		[0] = BTN_LEFT, [1] = BTN_MIDDLE, [2] = BTN_RIGHT, [7] = BTN_SIDE};
	unsigned changed = event->buttons ^ vnc->buttons[event->viewer];
	int width, height, x, y;

	viewers_size(vnc->viewers, &width, &height);
	x = CLAMP(event->x, 0, width - 1);
	y = CLAMP(event->y, 0, height - 1);
	if (x != vnc->x || y != vnc->y)
		send_event(vnc, (MaqInputEvent){.type = MAQ_INPUT_TYPE_MOTION,
					.x = (gint16)x,
					.y = (gint16)y});
	vnc->x = x;
	vnc->y = y;
	vnc->buttons[event->viewer] = event->buttons;
	for (unsigned bit = 0; bit < G_N_ELEMENTS(codes); bit++)
		if (codes[bit] && changed >> bit & 1)
			send_button(vnc, event->viewer, codes[bit],
				event->buttons >> bit & 1);
	send_wheel(vnc, changed & event->buttons);
}

static void on_gone(Vnc *vnc, unsigned viewer)
{
	for (guint16 code = 0; code < KEY_CNT; code++)
		if (code >= BTN_MOUSE && code < BTN_JOYSTICK)
			send_button(vnc, viewer, code, false);
		else
			release(vnc, viewer, code);
	vnc->buttons[viewer] = 0;
	maq_log(vnc->env, "viewer %u has left", viewer);
}

static void handle(Vnc *vnc, const Event *event)
{
	switch (event->type) {
	case EVENT_KEY:
		on_key(vnc, event);
		break;
	case EVENT_POINTER:
		on_pointer(vnc, event);
		break;
	case EVENT_SIZE:
		resize(vnc, event->x, event->y);
		break;
	case EVENT_GONE:
		on_gone(vnc, event->viewer);
		break;
	}
}

static void events_ready(void *data, unsigned epoll_events)
{
	Vnc *vnc = data;
	Event event;

	(void)epoll_events;
	for (int i = 0; i < EVENTS_A_ROUND && viewers_next(vnc->viewers, &event); i++)
		handle(vnc, &event);
}

/* ---- start ---- */

static void viewer_waits(void *data, unsigned epoll_events)
{
	Vnc *vnc = data;
	int viewer = viewers_accept(vnc->viewers);

	(void)epoll_events;
	if (viewer >= 0)
		maq_log(vnc->env, "viewer %d has come", viewer);
}

static int config_size(MaqEnv *env, const char *tag, int fallback)
{
	return (int)CLAMP(maq_config_u64(env, tag, (guint64)fallback), 1, PICTURE_MAX);
}

static void config_changed(void *data)
{
	Vnc *vnc = data;

	resize(vnc, config_size(vnc->env, "width", 1280),
		config_size(vnc->env, "height", 800));
}

/* A listening socket, -1 on error; fills in the port if it is 0. */
static int listen_at(const char *address, guint64 port, GError **error)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((guint16)port)};
	maq_autofd int fd = -1;
	int on = 1;

	if (port > G_MAXUINT16 || inet_pton(AF_INET, address, &at.sin_addr) != 1) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"no address and port: %s:%" G_GUINT64_FORMAT, address, port);
		return -1;
	}
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
		bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, VIEWERS_MAX)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"cannot listen on %s:%" G_GUINT64_FORMAT ": %s", address, port,
			g_strerror(errno));
		return -1;
	}
	return maq_steal_fd(&fd);
}

static void log_address(MaqEnv *env, int listener)
{
	struct sockaddr_in at = {0};
	socklen_t size = sizeof at;
	char text[INET_ADDRSTRLEN] = "";

	getsockname(listener, (struct sockaddr *)&at, &size);
	inet_ntop(AF_INET, &at.sin_addr, text, sizeof text);
	maq_log(env, "listening on %s:%u", text, ntohs(at.sin_port));
}

static bool vnc_start(MaqEnv *env, GError **error)
{
	Vnc *vnc = maq_env_state(env, sizeof *vnc);
	int listener;

	vnc->env = env;
	vnc->views = g_ptr_array_new();
	vnc->seats = g_ptr_array_new();
	vnc->keys = keys_new(maq_config_string(env, "layout", "us"), error);
	if (!vnc->keys)
		return false;
	listener = listen_at(maq_config_string(env, "address", "127.0.0.1"),
		maq_config_u64(env, "port", 5900), error);
	if (listener < 0)
		return false;
	vnc->viewers = viewers_new(listener, config_size(env, "width", 1280),
		config_size(env, "height", 800), maq_config_string(env, "password", NULL),
		maq_config_bool(env, "view_only", false));
	maq_loop_watch(maq_env_loop(env), listener, EPOLLIN, viewer_waits, vnc);
	maq_loop_watch(maq_env_loop(env), viewers_events(vnc->viewers), EPOLLIN,
		events_ready, vnc);
	maq_config_on_changed(env, config_changed, vnc);
	if (!maq_views_provide(env, &view_ops, vnc, error) ||
		!maq_seats_provide(env, &seat_ops, vnc, error))
		return false;
	log_address(env, listener);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, vnc_start);
}
