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
#include "viewers.h"

#include <arpa/inet.h>
#include <maq/component.h>
#include <maq/console.h>
#include <maq/host.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#define EVENTS_A_ROUND 64 /* then others have their turn */

G_STATIC_ASSERT(VIEWERS_MAX <= MAQ_CONSOLE_USERS);

typedef struct {
	MaqEnv *env;
	Viewers *viewers;    /* owned */
	MaqConsole *console; /* owned by env */
	bool present[VIEWERS_MAX];
	char *page; /* owned by env: folder of noVNC */
} Vnc;

/* ---- pictures ---- */

static void draw(
	Vnc *vnc, const MaqFrame *frame, const MaqFramebufferRect *changed, unsigned n)
{
	Rect rects[G_N_ELEMENTS(frame->rects)];

	for (unsigned i = 0; i < n; i++)
		rects[i] = (Rect){
			changed[i].x, changed[i].y, changed[i].width, changed[i].height};
	viewers_draw(vnc->viewers, frame->pixels, frame->stride, rects, n);
}

/* Viewers are told, and get it when they ask: for us it is on the screen. */
static bool show(void *owner, MaqConsole *console, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n)
{
	Vnc *vnc = owner;

	(void)console;
	if (n) {
		draw(vnc, frame, rects, n);
		return true;
	}
	viewers_clear(vnc->viewers);
	if (frame)
		draw(vnc, frame,
			&(MaqFramebufferRect){
				0, 0, (guint16)frame->width, (guint16)frame->height},
			1);
	return true;
}

static void resized(void *owner, MaqConsole *console, int width, int height)
{
	(void)console;
	viewers_resize(((Vnc *)owner)->viewers, width, height);
}

static const MaqConsoleOps console_ops = {.show = show, .resized = resized};

/* ---- events ---- */

static void on_gone(Vnc *vnc, unsigned viewer)
{
	maq_console_gone(vnc->console, viewer);
	if (vnc->present[viewer])
		maq_log(vnc->env, "viewer %u has left", viewer);
	vnc->present[viewer] = false;
}

static void handle(Vnc *vnc, const Event *event)
{
	switch (event->type) {
	case EVENT_KEY:
		maq_console_keysym(
			vnc->console, event->viewer, event->keysym, event->down);
		break;
	case EVENT_POINTER:
		maq_console_pointer(
			vnc->console, event->viewer, event->x, event->y, event->buttons);
		break;
	case EVENT_SIZE:
		maq_console_resize(vnc->console, event->x, event->y);
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

	maq_console_resize(vnc->console, config_size(vnc->env, "width", 1280),
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
	vnc->page = g_strdup(maq_config_string(env, "page", "/usr/share/novnc"));
	maq_env_own(env, vnc->page);
	int width = config_size(env, "width", 1280);
	int height = config_size(env, "height", 800);
	vnc->viewers = viewers_new(maq_host_listen(env, "display"), width, height,
		maq_config_string(env, "password", NULL),
		maq_config_bool(env, "view_only", false));
	vnc->console =
		maq_console_new(env, "", width, height, PICTURE_MAX, &console_ops, vnc);
	maq_config_on_changed(env, config_changed, vnc);
	if (!maq_consoles_provide(
		    env, &vnc->console, 1, maq_config_string(env, "layout", "us"), error))
		return false;
	serve_viewers(vnc);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, vnc_start);
}
