// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc - a screen, a keyboard and a pointer for viewers in the network (RFB, RFC 6143)
 *
 * Provides  Framebuffer: the newest client is shown
 *           Input: the newest client gets what users do
 *           Capture, Event: the same for screenshots and tests
 * Requires  LOG
 * Host      listen display: where viewers connect
 * Config    width, height: size at the start, 1 to 4096 px (default 1280, 800); viewers
 *               may change it
 *           layout: key map that keys are looked up in (default "us")
 *           password: up to 8 characters count (default none); nothing is encrypted
 *           view_only: yes|no, viewers only watch (default no)
 *           page: folder of noVNC for browsers (default /usr/share/novnc)
 */
#include "capture.h"
#include "held.h"
#include "keys.h"
#include "viewers.h"

#include <arpa/inet.h>
#include <linux/input-event-codes.h>
#include <maq/component.h>
#include <maq/display.h>
#include <maq/host.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#define EVENTS_A_ROUND 64 /* then others have their turn */
#define NOTCH          120
#define USERS_MAX      (VIEWERS_MAX + 1)
#define INJECTOR       VIEWERS_MAX /* number of the user that the clients of Event are */

typedef struct {
	MaqEnv *env;
	Viewers *viewers; /* owned */
	Keys *keys;       /* owned */
	GPtrArray *views,
		*seats;   /* owned arrays of borrowed MaqView, MaqSeat; newest last */
	Capture *capture; /* owned by env */
	Held held;
	unsigned buttons[USERS_MAX];
	bool present[USERS_MAX];
	char *page; /* owned by env: folder of noVNC */
	int x, y;   /* of the pointer */
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
	capture_changed(vnc->capture);
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
	capture_changed(vnc->capture);
}

static void resize(Vnc *vnc, int width, int height)
{
	int old_width, old_height;

	viewers_size(vnc->viewers, &old_width, &old_height);
	if (width == old_width && height == old_height)
		return;
	viewers_resize(vnc->viewers, width, height);
	capture_changed(vnc->capture);
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
	if (vnc->present[viewer])
		maq_log(vnc->env, "viewer %u has left", viewer);
	vnc->present[viewer] = false;
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
	case EVENT_COME:
		vnc->present[event->viewer] = true;
		maq_log(vnc->env, "viewer %u has come", event->viewer);
		break;
	case EVENT_GONE:
		on_gone(vnc, event->viewer);
		break;
	}
}

static void injected(void *owner, const Event *event)
{
	Event copy = *event;

	copy.viewer = INJECTOR;
	handle(owner, &copy);
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

	(void)epoll_events;
	viewers_accept(vnc->viewers);
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

static void log_address(MaqEnv *env, int listener)
{
	union {
		struct sockaddr any;
		struct sockaddr_in ip4;
		struct sockaddr_in6 ip6;
		struct sockaddr_un local;
	} at = {0};
	socklen_t size = sizeof at;
	char text[INET6_ADDRSTRLEN] = "";

	getsockname(listener, &at.any, &size);
	if (at.any.sa_family == AF_UNIX) {
		maq_log(env, "listening on %s", at.local.sun_path);
		return;
	}
	if (at.any.sa_family == AF_INET)
		inet_ntop(AF_INET, &at.ip4.sin_addr, text, sizeof text);
	else
		inet_ntop(AF_INET6, &at.ip6.sin6_addr, text, sizeof text);
	/* the port is at the same place in both */
	maq_log(env, "listening on %s:%u", text, ntohs(at.ip4.sin_port));
}

static void serve_viewers(Vnc *vnc)
{
	MaqLoop *loop = maq_env_loop(vnc->env);
	int listener = viewers_listener(vnc->viewers);

	maq_loop_watch(loop, viewers_events(vnc->viewers), EPOLLIN, events_ready, vnc);
	if (listener < 0) {
		maq_log(vnc->env, "there is no socket \"display\": nobody can look at "
				  "the desktop, which runs on");
		return;
	}
	viewers_set_page(vnc->viewers, vnc->page);
	maq_loop_watch(loop, listener, EPOLLIN, viewer_waits, vnc);
	if (!g_file_test(vnc->page, G_FILE_TEST_IS_DIR))
		maq_log(vnc->env, "there is no page for browsers, since noVNC is not "
				  "installed (Debian package novnc)");
	log_address(vnc->env, listener);
}

static bool vnc_start(MaqEnv *env, GError **error)
{
	Vnc *vnc = maq_env_state(env, sizeof *vnc);

	vnc->env = env;
	vnc->views = g_ptr_array_new();
	vnc->seats = g_ptr_array_new();
	vnc->page = g_strdup(maq_config_string(env, "page", "/usr/share/novnc"));
	maq_env_own(env, vnc->page);
	vnc->keys = keys_new(maq_config_string(env, "layout", "us"), error);
	if (!vnc->keys)
		return false;
	vnc->viewers = viewers_new(maq_host_listen(env, "display"),
		config_size(env, "width", 1280), config_size(env, "height", 800),
		maq_config_string(env, "password", NULL),
		maq_config_bool(env, "view_only", false));
	vnc->capture = capture_provide(env, viewers_picture(vnc->viewers), injected, vnc);
	maq_config_on_changed(env, config_changed, vnc);
	if (!maq_views_provide(env, &view_ops, vnc, error) ||
		!maq_seats_provide(env, &seat_ops, vnc, error))
		return false;
	serve_viewers(vnc);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, vnc_start);
}
