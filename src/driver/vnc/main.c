// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc - a screen, a keyboard and a pointer for viewers in the network (RFB, RFC 6143)
 *
 * Provides  Framebuffer: the newest client is shown
 *           Input: the newest client gets what users do
 *           Capture, Event: the same for screenshots and tests
 * Requires  LOG; Report and ROM `clipboard` if viewers shall copy and paste; ROM of the
 *           path in the attribute access, if it shall be followed
 * Host      listen display, display_2 ... display_8: where viewers connect
 *           file: what the attribute access names
 * Config    README.md, config.hsd; followed, but for layout, clipboard and page
 */
#include "access_file.h"
#include "listen.h"
#include "pointer.h"
#include "viewers.h"

#include <maq/clipboard.h>
#include <maq/component.h>
#include <maq/console.h>
#include <string.h>
#include <sys/epoll.h>

#define EVENTS_A_ROUND 64 /* then others have their turn */
#define NAME           "Maquette"
#define AUDIT_NS       250000000u /* so long a client is believed that something moved */

G_STATIC_ASSERT(VIEWERS_MAX <= MAQ_CONSOLE_USERS);

typedef struct Vnc Vnc;

typedef struct {
	Vnc *vnc; /* borrowed */
	int socket;
	MaqWatch *watch;
} Listener;

struct Vnc {
	MaqEnv *env;
	Viewers *viewers;        /* owned */
	MaqConsole *console;     /* owned by env */
	MaqClipboard *clipboard; /* owned by env; NULL: not wanted */
	AccessFile *file;        /* owned by env */
	Pointer pointer;
	Listener listeners[LISTEN_MAX];
	unsigned n_listeners;
	bool present[VIEWERS_MAX];
	unsigned by;   /* the viewer that changes the size at this moment, or NOBODY */
	Layout layout; /* which it wants */
	char *page;    /* owned by env: folder of noVNC */
	char *title;   /* owned: of the client, NULL if it has none */
	MaqTimeout *audit; /* of what a client was believed; NULL: nothing was */
};

/* ---- pictures ---- */

static void audit(void *data)
{
	Vnc *vnc = data;

	vnc->audit = NULL;
	viewers_audit(vnc->viewers);
}

static void draw(
	Vnc *vnc, const MaqFrame *frame, const MaqFramebufferRect *changed, unsigned n)
{
	Change changes[G_N_ELEMENTS(frame->rects)];

	for (unsigned i = 0; i < n; i++)
		changes[i] = (Change){.rect = {changed[i].x, changed[i].y,
					      changed[i].width, changed[i].height}};
	changes[0].dx = frame->moved_x;
	changes[0].dy = frame->moved_y;
	viewers_draw(vnc->viewers, changes, n);
	if (viewers_doubt(vnc->viewers) && !vnc->audit)
		vnc->audit = maq_loop_at(maq_env_loop(vnc->env),
			maq_env_binding(vnc->env)->now() + AUDIT_NS, audit, vnc);
}

/* The frame that viewers are told of, if it is still there when they want it. */
static bool newest_frame(void *owner, Frame *frame)
{
	const Vnc *vnc = owner;
	const MaqFrame *newest = maq_console_frame(vnc->console);

	if (newest)
		*frame = (Frame){
			newest->pixels, newest->stride, newest->width, newest->height};
	return newest != NULL;
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
	if (frame) {
		Change all = {.rect = {0, 0, frame->width, frame->height}};

		viewers_draw(vnc->viewers, &all, 1);
	}
	return true;
}

static void resized(void *owner, MaqConsole *console, int width, int height)
{
	Vnc *vnc = owner;

	(void)console;
	viewers_resize(vnc->viewers, width, height,
		vnc->by == NOBODY ? NULL : &vnc->layout, vnc->by);
}

static void set_name(Vnc *vnc)
{
	const char *name = maq_config_string(vnc->env, "name", NAME);
	g_autofree char *whole = vnc->title && *vnc->title
					 ? g_strdup_printf("%s: %s", name, vnc->title)
					 : g_strdup(name);

	viewers_set_name(vnc->viewers, whole);
}

static void title(void *owner, MaqConsole *console, const char *text)
{
	Vnc *vnc = owner;

	(void)console;
	g_free(vnc->title);
	vnc->title = g_strdup(text);
	set_name(vnc);
}

static const MaqConsoleOps console_ops = {
	.show = show, .resized = resized, .title = title};

/* ---- events ---- */

static void on_key(Vnc *vnc, const Event *event)
{
	maq_console_key(
		vnc->console, event->viewer, event->code, event->keysym, event->down);
	viewers_set_leds(vnc->viewers, maq_console_leds(vnc->console));
}

/* The same size with other screens is a change, too. */
static void on_size(Vnc *vnc, const Event *event)
{
	int width, height;

	vnc->by = event->viewer;
	vnc->layout = viewers_wanted(vnc->viewers, event->viewer);
	if (!layout_fits(&vnc->layout, event->x, event->y))
		vnc->layout = (Layout){0}; /* of a later wish, which follows */
	maq_console_size(vnc->console, &width, &height);
	if (width == event->x && height == event->y)
		viewers_resize(vnc->viewers, width, height, &vnc->layout, vnc->by);
	else
		maq_console_resize(vnc->console, event->x, event->y);
	vnc->by = NOBODY;
}

static void on_pointer(Vnc *vnc, const Event *event)
{
	if (pointer_take(&vnc->pointer, event->viewer, event->buttons))
		maq_console_pointer(
			vnc->console, event->viewer, event->x, event->y, event->buttons);
}

static void on_cut(Vnc *vnc, unsigned viewer)
{
	g_autofree char *text = viewers_take_cut(vnc->viewers, viewer);

	if (text && vnc->clipboard && maq_clipboard_set(vnc->clipboard, text))
		viewers_paste(vnc->viewers, maq_clipboard_text(vnc->clipboard), viewer);
}

static void on_gone(Vnc *vnc, unsigned viewer)
{
	g_autofree char *farewell = viewers_farewell(vnc->viewers, viewer);

	maq_console_gone(vnc->console, viewer);
	pointer_leave(&vnc->pointer, viewer);
	if (vnc->present[viewer])
		maq_log(vnc->env, "viewer %u has left %s", viewer, farewell);
	vnc->present[viewer] = false;
}

static void on_come(Vnc *vnc, unsigned viewer)
{
	g_autofree char *about = viewers_about(vnc->viewers, viewer);

	vnc->present[viewer] = true;
	maq_log(vnc->env, "viewer %u has come %s", viewer, about);
}

static void on_refused(Vnc *vnc, unsigned viewer)
{
	g_autofree char *about = viewers_about(vnc->viewers, viewer);

	maq_log(vnc->env, "viewer refused, %s: %s", viewers_reason(vnc->viewers, viewer),
		about);
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
		on_size(vnc, event);
		break;
	case EVENT_CUT:
		on_cut(vnc, event->viewer);
		break;
	case EVENT_COME:
		on_come(vnc, event->viewer);
		break;
	case EVENT_REFUSED:
		on_refused(vnc, event->viewer);
		break;
	case EVENT_GONE:
		on_gone(vnc, event->viewer);
		break;
	}
}

/* While somebody has to leave for the next one, nobody is looked for. */
static void watch_listeners(Vnc *vnc)
{
	unsigned events = viewers_waiting(vnc->viewers) ? 0 : EPOLLIN;

	for (unsigned i = 0; i < vnc->n_listeners; i++)
		maq_watch_set_events(vnc->listeners[i].watch, events);
}

static void events_ready(void *data, unsigned epoll_events)
{
	Vnc *vnc = data;
	bool waiting = viewers_waiting(vnc->viewers);
	Event event;

	(void)epoll_events;
	for (int i = 0; i < EVENTS_A_ROUND && viewers_next(vnc->viewers, &event); i++)
		handle(vnc, &event);
	if (waiting != viewers_waiting(vnc->viewers))
		watch_listeners(vnc);
}

static void pasted(void *data)
{
	Vnc *vnc = data;

	viewers_paste(vnc->viewers, maq_clipboard_text(vnc->clipboard), NOBODY);
}

/* ---- start ---- */

static void viewer_waits(void *data, unsigned epoll_events)
{
	const Listener *listener = data;

	(void)epoll_events;
	viewers_accept(listener->vnc->viewers, listener->socket);
	if (viewers_waiting(listener->vnc->viewers))
		watch_listeners(listener->vnc);
}

static int config_size(MaqEnv *env, const char *tag, int fallback)
{
	return (int)CLAMP(maq_config_u64(env, tag, (guint64)fallback), 1, PICTURE_MAX);
}

/* The caller's; NULL: it cannot be used. */
static Access *read_access(Vnc *vnc, GError **error)
{
	const MaqHidNode *config = maq_config(vnc->env);
	const char *path = maq_hid_attr(config, "access");

	access_file_set(vnc->file, path);
	g_autoptr(GBytes) file = access_file_read(vnc->file, error);
	Access *access = path && !file ? NULL : access_new(config, file, error);

	if (access && access_remark(access))
		maq_log(vnc->env, "%s", access_remark(access));
	return access;
}

/* A mistake shuts nobody out, and lets nobody in. */
static bool follow_access(Vnc *vnc)
{
	g_autoptr(GError) error = NULL;
	Access *access = read_access(vnc, &error);

	if (access)
		viewers_set_access(vnc->viewers, access);
	else
		maq_log(vnc->env, "log-ins stay as they were: %s", error->message);
	return access != NULL;
}

static void file_changed(void *data)
{
	Vnc *vnc = data;

	if (follow_access(vnc))
		maq_log(vnc->env, "log-ins are now as %s says, which was written anew",
			maq_config_string(vnc->env, "access", ""));
}

static void follow_config(Vnc *vnc)
{
	vnc->pointer.shared =
		!strcmp(maq_config_string(vnc->env, "pointer", "owner"), "shared");
	set_name(vnc);
}

static void config_changed(void *data)
{
	Vnc *vnc = data;

	follow_config(vnc);
	follow_access(vnc);
	maq_console_resize(vnc->console, config_size(vnc->env, "width", 1280),
		config_size(vnc->env, "height", 800));
}

static void serve_viewers(Vnc *vnc)
{
	MaqLoop *loop = maq_env_loop(vnc->env);
	int sockets[LISTEN_MAX];

	maq_loop_watch(loop, viewers_events(vnc->viewers), EPOLLIN, events_ready, vnc);
	vnc->n_listeners = listen_find(vnc->env, sockets);
	if (!vnc->n_listeners) {
		maq_log(vnc->env, "there is no socket \"display\": nobody can look at "
				  "the desktop, which runs on");
		return;
	}
	viewers_set_page(vnc->viewers, vnc->page);
	for (unsigned i = 0; i < vnc->n_listeners; i++) {
		Listener *listener = &vnc->listeners[i];

		*listener = (Listener){vnc, sockets[i], NULL};
		listener->watch = maq_loop_watch(
			loop, listener->socket, EPOLLIN, viewer_waits, listener);
	}
	if (!g_file_test(vnc->page, G_FILE_TEST_IS_DIR))
		maq_log(vnc->env, "there is no page for browsers, since noVNC is not "
				  "installed (Debian package novnc)");
}

static bool vnc_start(MaqEnv *env, GError **error)
{
	Vnc *vnc = maq_env_state(env, sizeof *vnc);
	int width = config_size(env, "width", 1280);
	int height = config_size(env, "height", 800);
	Access *access;

	vnc->env = env;
	vnc->file = access_file_new(env, file_changed, vnc);
	access = read_access(vnc, error);
	if (!access)
		return false;
	vnc->by = NOBODY;
	vnc->page = g_strdup(maq_config_string(env, "page", "/usr/share/novnc"));
	maq_env_own(env, vnc->page);
	vnc->viewers = viewers_new(width, height, access);
	viewers_set_source(vnc->viewers, newest_frame, vnc);
	vnc->console =
		maq_console_new(env, "", width, height, PICTURE_MAX, &console_ops, vnc);
	follow_config(vnc);
	maq_config_on_changed(env, config_changed, vnc);
	if (!maq_consoles_provide(
		    env, &vnc->console, 1, maq_config_string(env, "layout", "us"), error))
		return false;
	if (maq_config_bool(env, "clipboard", true))
		vnc->clipboard = maq_clipboard_new(env, pasted, vnc);
	serve_viewers(vnc);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, vnc_start);
}
