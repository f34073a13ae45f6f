// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sdl - windows of the host as screens, with its keyboard and pointer
 *
 * Provides  Framebuffer, Input: of the newest client in each window
 *           Capture, Event: for screenshots and tests
 * Requires  LOG; Report and ROM clipboard if text is to be exchanged with the host
 * Host      display: the owner's X11 or Wayland
 * Config    README.md, config.hsd
 */
#include "windows.h"

#include <maq/clipboard.h>
#include <maq/component.h>
#include <maq/console.h>

#include <string.h>
#include <sys/epoll.h>

#define USER           0
#define EVENTS_A_ROUND 64 /* then others have their turn */

typedef struct Sdl Sdl;

typedef struct {
	Sdl *sdl;            /* borrowed */
	MaqConsole *console; /* owned by env */
	guint number;
	char *title; /* owned by env: the configured one */
} Screen;

struct Sdl {
	MaqEnv *env;
	Windows *windows; /* owned */
	Screen screens[WINDOWS_MAX];
	guint n;
	MaqClipboard *clipboard; /* owned by env; NULL: not exchanged */
	char *copied;            /* owned: as the host and we have it */
	bool close_ends;
};

/* ---- pictures ---- */

static bool show(void *owner, MaqConsole *console, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n)
{
	Screen *screen = owner;

	(void)console;
	windows_draw(screen->sdl->windows, screen->number, frame, rects, n);
	return false;
}

static void resized(void *owner, MaqConsole *console, int width, int height)
{
	Screen *screen = owner;

	(void)console;
	windows_set_size(screen->sdl->windows, screen->number, width, height);
}

static void wish(void *owner, MaqConsole *console, int width, int height)
{
	Screen *screen = owner;

	(void)console;
	windows_resize(screen->sdl->windows, screen->number, width, height);
}

static void title(void *owner, MaqConsole *console, const char *text)
{
	Screen *screen = owner;
	g_autofree char *whole =
		*text ? g_strconcat(screen->title, " - ", text, NULL) : NULL;

	(void)console;
	windows_title(
		screen->sdl->windows, screen->number, whole ? whole : screen->title);
}

static bool exclusive(void *owner, MaqConsole *console, bool on)
{
	Screen *screen = owner;

	(void)console;
	windows_catch_pointer(screen->sdl->windows, screen->number, on);
	return true;
}

static const MaqConsoleOps console_ops = {
	.show = show,
	.wish = wish,
	.resized = resized,
	.title = title,
	.exclusive = exclusive,
};

/* ---- the clipboard ---- */

static bool is_known(Sdl *sdl, const char *text)
{
	bool known = !g_strcmp0(sdl->copied, text);

	if (!known) {
		g_free(sdl->copied);
		sdl->copied = g_strdup(text);
	}
	return known;
}

static void pasted(void *data)
{
	Sdl *sdl = data;
	const char *text = maq_clipboard_text(sdl->clipboard);

	if (*text && !is_known(sdl, text))
		windows_copy(sdl->windows, text);
}

static void host_copied(Sdl *sdl, const char *text)
{
	if (sdl->clipboard && !is_known(sdl, text) &&
		!maq_clipboard_set(sdl->clipboard, text))
		maq_log(sdl->env, "Warning: what was copied is too long");
}

/* ---- events ---- */

static void on_button(MaqConsole *console, const Told *told)
{
	maq_console_motion(console, told->x, told->y);
	(told->down ? maq_console_press : maq_console_release)(console, USER, told->code);
}

static void on_focus(MaqConsole *console, bool focused)
{
	if (!focused)
		maq_console_gone(console, USER);
	maq_console_focus(console, focused);
}

static void on_close(Sdl *sdl, const Screen *screen)
{
	if (!sdl->close_ends)
		return;
	maq_log(sdl->env, "window %u is closed: that is the end", screen->number);
	maq_exit(sdl->env, 0);
}

static void handle(Sdl *sdl, const Told *told)
{
	Screen *screen = &sdl->screens[told->window];
	MaqConsole *console = screen->console;

	switch (told->type) {
	case TOLD_SIZE:
		maq_console_resize(console, told->x, told->y);
		break;
	case TOLD_KEY:
		(told->down ? maq_console_press : maq_console_release)(
			console, USER, told->code);
		break;
	case TOLD_BUTTON:
		if (maq_console_is_exclusive(console))
			(told->down ? maq_console_press : maq_console_release)(
				console, USER, told->code);
		else
			on_button(console, told);
		break;
	case TOLD_MOTION:
		maq_console_motion(console, told->x, told->y);
		break;
	case TOLD_RELATIVE:
		maq_console_relative(console, told->x, told->y);
		break;
	case TOLD_WHEEL:
		maq_console_wheel(console, told->x, told->y);
		break;
	case TOLD_TOUCH:
		maq_console_touch(console, told->code, told->x, told->y, told->down);
		break;
	case TOLD_LEAVE:
		maq_console_leave(console);
		break;
	case TOLD_FOCUS:
		on_focus(console, told->down);
		break;
	case TOLD_DRAWN:
		maq_console_shown(console);
		break;
	case TOLD_CLOSE:
		on_close(sdl, screen);
		break;
	case TOLD_COPIED:
		host_copied(sdl, told->text);
		break;
	case TOLD_FAILED:
		maq_log(sdl->env,
			"Error: there are no windows: %s. Is DISPLAY or WAYLAND_DISPLAY "
			"set, and \"display\" granted?",
			told->text);
		maq_exit(sdl->env, 1);
		break;
	}
}

static void events_ready(void *data, unsigned events)
{
	Sdl *sdl = data;
	Told told;

	(void)events;
	for (int i = 0; i < EVENTS_A_ROUND && windows_next(sdl->windows, &told); i++) {
		handle(sdl, &told);
		g_free(told.text);
	}
}

/* ---- start ---- */

static int size_of(const MaqHidNode *node, const char *tag, int fallback)
{
	return (int)CLAMP(maq_hid_u64(node, tag, (guint64)fallback), 1, WINDOW_MOST);
}

static void add(Sdl *sdl, const MaqHidNode *node, const char *name, WindowWish *wishes)
{
	Screen *screen = &sdl->screens[sdl->n];
	char *own = g_strdup(name);
	WindowWish *mine = &wishes[sdl->n];

	maq_env_own(sdl->env, own);
	screen->sdl = sdl;
	screen->number = sdl->n++;
	screen->title = g_strdup(maq_hid_string(node, "title", *own ? own : "Maquette"));
	maq_env_own(sdl->env, screen->title);
	*mine = (WindowWish){screen->title, size_of(node, "width", 1280),
		size_of(node, "height", 800)};
	screen->console = maq_console_new(sdl->env, own, mine->width, mine->height,
		WINDOW_MOST, &console_ops, screen);
}

static void open_windows(Sdl *sdl)
{
	const MaqHidNode *config = maq_config(sdl->env);
	const MaqHidNode *node = maq_hid_first(config, "window");
	WindowWish wishes[WINDOWS_MAX];

	if (!node)
		add(sdl, config, "", wishes);
	for (; node && sdl->n < WINDOWS_MAX; node = maq_hid_next(node, "window"))
		add(sdl, node, maq_hid_string(node, "name", ""), wishes);
	sdl->windows = windows_new(wishes, sdl->n, maq_hid_attr(config, "driver"),
		maq_hid_bool(config, "grab", false));
	maq_loop_watch(maq_env_loop(sdl->env), windows_events(sdl->windows), EPOLLIN,
		events_ready, sdl);
}

static bool sdl_start(MaqEnv *env, GError **error)
{
	Sdl *sdl = maq_env_state(env, sizeof *sdl);
	MaqConsole *consoles[WINDOWS_MAX];

	sdl->env = env;
	sdl->close_ends = strcmp(maq_config_string(env, "close", "exit"), "ignore") != 0;
	open_windows(sdl);
	for (guint i = 0; i < sdl->n; i++)
		consoles[i] = sdl->screens[i].console;
	if (maq_config_bool(env, "clipboard", true))
		sdl->clipboard = maq_clipboard_new(env, pasted, sdl);
	return maq_consoles_provide(
		env, consoles, sdl->n, maq_config_string(env, "layout", "us"), error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, sdl_start);
}
