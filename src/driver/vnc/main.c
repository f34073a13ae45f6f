// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc - a display for VNC viewers, also in a browser (websocket on the same port)
 *
 * Provides  Framebuffer, Input   the newest client of each is the one that is shown
 * Requires  LOG, ROM
 * Config    address (default 127.0.0.1), port (default 5900; 0: any, see the log)
 *           width, height: first size (default 1280 x 800); viewers may change it
 *           layout: key map (default us); password; view_only: yes|no
 */
#include "keys.h"
#include "viewers.h"

#include <maq/component.h>
#include <maq/display.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/input-event-codes.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define WHEEL_NOTCH 120

typedef struct {
	MaqEnv *env;
	Viewers *viewers; /* owned */
	Keys *keys;       /* owned */
	int listener;
	MaqView *view; /* borrowed; NULL: no client */
	MaqSeat *seat; /* borrowed; NULL */
	int width, height, buttons;
	guint8 pressed[KEY_CNT / 8];
} Vnc;

/* ---- pictures ---- */

static void copy_rect(Vnc *vnc, const MaqFrame *frame, const MaqFramebufferRect *rect)
{
	int width, height;
	gsize stride;
	guint8 *to = (guint8 *)viewers_pixels(vnc->viewers, &width, &height, &stride);
	int w = MIN(rect->width, width - rect->x),
	    h = MIN(rect->height, height - rect->y);

	if (w <= 0 || h <= 0)
		return;
	for (int y = rect->y; y < rect->y + h; y++)
		memcpy(to + (gsize)y * stride + rect->x * 4u,
			(const guint8 *)frame->pixels + (gsize)y * frame->stride +
				rect->x * 4u,
			(gsize)w * 4);
	viewers_damage(vnc->viewers, rect->x, rect->y, w, h);
}

static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	Vnc *vnc = owner;

	if (view == vnc->view)
		for (unsigned i = 0; i < frame->n_rects; i++)
			copy_rect(vnc, frame, &frame->rects[i]);
	maq_view_shown(view);
}

static void view_opened(void *owner, MaqView *view)
{
	Vnc *vnc = owner;

	vnc->view = view;
	maq_view_set_mode(view, vnc->width, vnc->height);
}

/* The last picture stays until a new client draws. */
static void view_closed(void *owner, MaqView *view)
{
	Vnc *vnc = owner;

	if (vnc->view == view)
		vnc->view = NULL;
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.closed = view_closed,
};

static void resize(Vnc *vnc, int width, int height)
{
	if (width == vnc->width && height == vnc->height)
		return;
	vnc->width = width;
	vnc->height = height;
	viewers_resize(vnc->viewers, width, height);
	if (vnc->view)
		maq_view_set_mode(vnc->view, width, height);
}

/* ---- input ---- */

static void send_event(Vnc *vnc, MaqInputEvent event)
{
	if (vnc->view)
		event.mode_serial = maq_view_mode_serial(vnc->view);
	if (vnc->seat)
		maq_seat_send(vnc->seat, &event);
}

static void key(Vnc *vnc, guint32 keysym, bool pressed)
{
	MaqInputEvent event = {.code = keys_code(vnc->keys, keysym),
		.codepoint = keys_codepoint(keysym),
		.type = pressed ? MAQ_INPUT_TYPE_PRESS : MAQ_INPUT_TYPE_RELEASE};
	guint8 *byte = &vnc->pressed[event.code / 8];
	guint8 bit = (guint8)(1u << (event.code % 8));

	/* viewers repeat a key by pressing it again */
	if (pressed && (*byte & bit) && event.code != KEY_UNKNOWN)
		event.type = MAQ_INPUT_TYPE_REPEAT;
	*byte = (guint8)(pressed ? *byte | bit : *byte & ~bit);
	send_event(vnc, event);
}

static void button(Vnc *vnc, const ViewerEvent *seen)
{
	static const guint16 codes[] = {BTN_LEFT, BTN_MIDDLE, BTN_RIGHT};
	int changed = seen->mask ^ vnc->buttons, pressed = seen->mask & changed;
	MaqInputEvent event = {.x = (gint16)seen->x, .y = (gint16)seen->y};

	vnc->buttons = seen->mask;
	for (unsigned i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (!(changed >> i & 1))
			continue;
		event.code = codes[i];
		event.type =
			pressed >> i & 1 ? MAQ_INPUT_TYPE_PRESS : MAQ_INPUT_TYPE_RELEASE;
		send_event(vnc, event);
	}
	/* RFB tells the wheel as buttons 4 to 7 */
	event = (MaqInputEvent){.type = MAQ_INPUT_TYPE_WHEEL};
	event.y = (gint16)(WHEEL_NOTCH * ((pressed >> 3 & 1) - (pressed >> 4 & 1)));
	event.x = (gint16)(WHEEL_NOTCH * ((pressed >> 6 & 1) - (pressed >> 5 & 1)));
	if (event.x || event.y)
		send_event(vnc, event);
}

static void release_all(Vnc *vnc)
{
	ViewerEvent none = {.mask = 0};
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_RELEASE};

	for (guint16 code = 0; code < KEY_CNT; code++) {
		if (!(vnc->pressed[code / 8] >> (code % 8) & 1))
			continue;
		event.code = code;
		send_event(vnc, event);
	}
	memset(vnc->pressed, 0, sizeof vnc->pressed);
	button(vnc, &none);
}

static void viewers_ready(void *data, unsigned unused)
{
	Vnc *vnc = data;
	ViewerEvent event;

	(void)unused;
	while (viewers_next_event(vnc->viewers, &event)) {
		switch (event.kind) {
		case VIEWER_KEY:
			key(vnc, event.keysym, event.pressed);
			break;
		case VIEWER_MOTION:
			send_event(vnc, (MaqInputEvent){.type = MAQ_INPUT_TYPE_MOTION,
						.x = (gint16)event.x,
						.y = (gint16)event.y});
			break;
		case VIEWER_BUTTONS:
			button(vnc, &event);
			break;
		case VIEWER_RESIZE:
			resize(vnc, event.width, event.height);
			break;
		case VIEWER_GONE:
			release_all(vnc);
		}
	}
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_ENTER};

	((Vnc *)owner)->seat = seat;
	maq_seat_send(seat, &event);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	Vnc *vnc = owner;

	if (vnc->seat == seat)
		vnc->seat = NULL;
}

static const MaqSeatOps seat_ops = {.opened = seat_opened, .closed = seat_closed};

/* ---- start ---- */

static void viewer_arrived(void *data, unsigned unused)
{
	Vnc *vnc = data;
	int one = 1;
	int socket = accept4(vnc->listener, NULL, NULL, SOCK_CLOEXEC);

	(void)unused;
	if (socket < 0)
		return;
	setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	viewers_accept(vnc->viewers, socket);
}

static bool listen_at(Vnc *vnc, const char *address, guint64 port, GError **error)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((guint16)port)};
	socklen_t size = sizeof at;
	int one = 1;

	vnc->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(vnc->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (port > G_MAXUINT16 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
		bind(vnc->listener, (struct sockaddr *)&at, size) ||
		listen(vnc->listener, 16) ||
		getsockname(vnc->listener, (struct sockaddr *)&at, &size)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"cannot listen on %s:%" G_GUINT64_FORMAT ": %s", address, port,
			g_strerror(errno));
		return false;
	}
	maq_loop_watch(
		maq_env_loop(vnc->env), vnc->listener, EPOLLIN, viewer_arrived, vnc);
	maq_log(vnc->env, "listening on %s:%u", address, ntohs(at.sin_port));
	return true;
}

static bool vnc_start(MaqEnv *env, GError **error)
{
	Vnc *vnc = maq_env_state(env, sizeof *vnc);

	vnc->env = env;
	vnc->width = (int)CLAMP(maq_config_u64(env, "width", 1280), 64, 8192);
	vnc->height = (int)CLAMP(maq_config_u64(env, "height", 800), 64, 8192);
	vnc->keys = keys_new(maq_config_string(env, "layout", "us"));
	if (!vnc->keys) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no key map \"%s\"",
			maq_config_string(env, "layout", "us"));
		return false;
	}
	vnc->viewers = viewers_new(vnc->width, vnc->height,
		maq_config_string(env, "password", NULL),
		maq_config_bool(env, "view_only", false));
	maq_loop_watch(maq_env_loop(env), viewers_event_fd(vnc->viewers), EPOLLIN,
		viewers_ready, vnc);
	return maq_views_provide(env, &view_ops, vnc, error) &&
	       maq_seats_provide(env, &seat_ops, vnc, error) &&
	       listen_at(vnc, maq_config_string(env, "address", "127.0.0.1"),
		       maq_config_u64(env, "port", 5900), error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, vnc_start);
}
