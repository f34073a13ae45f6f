// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * windows - windows of the host by SDL, in a thread of their own
 */
#include "windows.h"

#define SDL_MAIN_HANDLED
#include <SDL.h>

#include <linux/input-event-codes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define RECTS     16
#define NOTCH     120
#define DISPLAYS  "x11,wayland" /* not SDL's "offscreen", which nobody sees */
#define EVENT_MAX 4096          /* waiting for the component; then motion is left out */

typedef struct {
	char *title; /* owned */
	int wish_width, wish_height;
	/* under the lock of Windows */
	guint32 *pixels; /* owned: rows without gaps */
	int width, height;
	SDL_Rect rects[RECTS];
	int n_rects; /* changed since the thread has looked */
	bool all, asked;
	/* the thread's */
	SDL_Window *window;
	bool caught;
} Window;

struct Windows {
	Window windows[WINDOWS_MAX];
	guint n;
	char *driver; /* owned; NULL */
	bool grab;
	GThread *thread;
	GMutex lock;
	GQueue told;  /* of Told, owned */
	int fd;       /* eventfd: readable while there are any */
	Uint32 first; /* of our own SDL events; 0: SDL has not begun */
	GQueue early; /* of Wish, owned: made before SDL has begun */
};

typedef enum {
	WISH_DRAW,
	WISH_SIZE,
	WISH_TITLE,
	WISH_CATCH,
	WISH_COPY,
	WISH_END
} WishKind;

typedef struct {
	WishKind kind;
	guint window;
	int x, y;
	char *text; /* owned */
} Wish;

/* ---- to the component ---- */

static void tell(Windows *windows, Told told)
{
	g_mutex_lock(&windows->lock);
	Told *last = g_queue_peek_tail(&windows->told);
	bool merge = last && last->type == told.type && last->window == told.window &&
		     (told.type == TOLD_MOTION || told.type == TOLD_SIZE);
	if (merge)
		*last = told; /* the latest wins */
	else if (g_queue_get_length(&windows->told) < EVENT_MAX ||
		 told.type != TOLD_RELATIVE)
		g_queue_push_tail(&windows->told, g_memdup2(&told, sizeof told));
	g_mutex_unlock(&windows->lock);
	eventfd_write(windows->fd, 1);
}

int windows_events(const Windows *windows)
{
	return windows->fd;
}

bool windows_next(Windows *windows, Told *told)
{
	eventfd_t count;

	g_mutex_lock(&windows->lock);
	g_autofree Told *first = g_queue_pop_head(&windows->told);
	if (!first)
		eventfd_read(windows->fd, &count);
	g_mutex_unlock(&windows->lock);
	if (first)
		*told = *first;
	return first != NULL;
}

/* ---- wishes of the component ---- */

static void wish_free(gpointer data)
{
	g_free(((Wish *)data)->text);
	g_free(data);
}

static void push(Windows *windows, Wish wish)
{
	SDL_Event event = {0};
	Wish *copy = g_memdup2(&wish, sizeof wish);

	g_mutex_lock(&windows->lock);
	event.type = windows->first;
	event.user.data1 = copy;
	if (!windows->first)
		g_queue_push_tail(&windows->early, copy);
	else if (SDL_PushEvent(&event) < 1)
		wish_free(copy);
	g_mutex_unlock(&windows->lock);
}

void windows_resize(Windows *windows, guint window, int width, int height)
{
	push(windows, (Wish){WISH_SIZE, window, width, height, NULL});
}

void windows_title(Windows *windows, guint window, const char *title)
{
	push(windows, (Wish){WISH_TITLE, window, 0, 0, g_strdup(title)});
}

void windows_catch_pointer(Windows *windows, guint window, bool on)
{
	push(windows, (Wish){WISH_CATCH, window, on, 0, NULL});
}

void windows_copy(Windows *windows, const char *text)
{
	push(windows, (Wish){WISH_COPY, 0, 0, 0, g_strdup(text)});
}

/* ---- pictures ---- */

void windows_set_size(Windows *windows, guint number, int width, int height)
{
	Window *window = &windows->windows[number];

	g_mutex_lock(&windows->lock);
	g_free(window->pixels);
	window->pixels = g_new0(guint32, (gsize)width * (gsize)height);
	window->width = width;
	window->height = height;
	window->all = true;
	g_mutex_unlock(&windows->lock);
}

static void copy_rect(Window *window, const MaqFrame *frame, SDL_Rect rect)
{
	int width = MIN(rect.w, window->width - rect.x);
	int height = MIN(rect.h, window->height - rect.y);

	for (int y = rect.y; width > 0 && y < rect.y + height; y++)
		memcpy(window->pixels + (gsize)y * (gsize)window->width + rect.x,
			(const char *)frame->pixels + (gsize)y * frame->stride +
				(gsize)rect.x * 4,
			(gsize)width * 4);
}

static void copy_all(Window *window, const MaqFrame *frame)
{
	memset(window->pixels, 0, (gsize)window->width * (gsize)window->height * 4);
	if (frame)
		copy_rect(window, frame, (SDL_Rect){0, 0, frame->width, frame->height});
	window->all = true;
}

void windows_draw(Windows *windows, guint number, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n)
{
	Window *window = &windows->windows[number];
	bool asked;

	g_mutex_lock(&windows->lock);
	if (!n)
		copy_all(window, frame);
	for (unsigned i = 0; i < n; i++) {
		SDL_Rect rect = {rects[i].x, rects[i].y, rects[i].width, rects[i].height};

		copy_rect(window, frame, rect);
		if (window->n_rects < RECTS)
			window->rects[window->n_rects++] = rect;
		else
			window->all = true;
	}
	asked = window->asked;
	window->asked = true;
	g_mutex_unlock(&windows->lock);
	if (!asked)
		push(windows, (Wish){WISH_DRAW, number, 0, 0, NULL});
}

/* ---- the thread: drawing ---- */

/* Copies what has changed into the window's surface; the number of rectangles. */
static int copy_changed(Window *window, SDL_Surface *surface, SDL_Rect *rects)
{
	SDL_Surface *picture =
		SDL_CreateRGBSurfaceWithFormatFrom(window->pixels, window->width,
			window->height, 32, window->width * 4, SDL_PIXELFORMAT_RGB888);
	int n = window->all ? 1 : window->n_rects;

	if (window->all)
		window->rects[0] = (SDL_Rect){0, 0, surface->w, surface->h};
	for (int i = 0; picture && i < n; i++) {
		rects[i] = window->rects[i];
		SDL_Rect to = rects[i];
		if (window->all)
			SDL_FillRect(surface, NULL, 0);
		SDL_BlitSurface(picture, &window->rects[i], surface, &to);
	}
	SDL_FreeSurface(picture);
	window->all = false;
	window->n_rects = 0;
	return n;
}

static void draw(Windows *windows, guint number)
{
	Window *window = &windows->windows[number];
	SDL_Surface *surface = SDL_GetWindowSurface(window->window);
	SDL_Rect rects[RECTS];
	int n = 0;

	g_mutex_lock(&windows->lock);
	window->asked = false;
	if (surface && window->pixels)
		n = copy_changed(window, surface, rects);
	g_mutex_unlock(&windows->lock);
	if (n)
		SDL_UpdateWindowSurfaceRects(window->window, rects, n);
	tell(windows, (Told){.type = TOLD_DRAWN, .window = number});
}

static void draw_all(Windows *windows, guint number)
{
	g_mutex_lock(&windows->lock);
	windows->windows[number].all = true;
	g_mutex_unlock(&windows->lock);
	draw(windows, number);
}

/* ---- the thread: what users do ---- */

/* The window of an event; n: none of ours. */
static guint find(const Windows *windows, Uint32 id)
{
	guint i = 0;

	while (i < windows->n && SDL_GetWindowID(windows->windows[i].window) != id)
		i++;
	return i;
}

/* On displays with many pixels SDL counts the pointer's places in larger units. */
static void scale(SDL_Window *window, int *x, int *y)
{
	int width = 0, height = 0, pixels = 0, rows = 0;

	SDL_GetWindowSize(window, &width, &height);
	SDL_GetWindowSizeInPixels(window, &pixels, &rows);
	if (width > 0 && height > 0) {
		*x = (int)((gint64)*x * pixels / width);
		*y = (int)((gint64)*y * rows / height);
	}
}

static void tell_size(Windows *windows, guint number)
{
	Told told = {.type = TOLD_SIZE, .window = number};

	SDL_GetWindowSizeInPixels(windows->windows[number].window, &told.x, &told.y);
	tell(windows, told);
}

static void on_window(Windows *windows, guint number, const SDL_WindowEvent *event)
{
	Told told = {.window = number};

	switch (event->event) {
	case SDL_WINDOWEVENT_SIZE_CHANGED:
		tell_size(windows, number);
		return;
	case SDL_WINDOWEVENT_EXPOSED:
		draw_all(windows, number);
		return;
	case SDL_WINDOWEVENT_LEAVE:
		told.type = TOLD_LEAVE;
		break;
	case SDL_WINDOWEVENT_FOCUS_GAINED:
	case SDL_WINDOWEVENT_FOCUS_LOST:
		told.type = TOLD_FOCUS;
		told.down = event->event == SDL_WINDOWEVENT_FOCUS_GAINED;
		break;
	case SDL_WINDOWEVENT_CLOSE:
		told.type = TOLD_CLOSE;
		break;
	default:
		return;
	}
	tell(windows, told);
}

static guint16 button_code(Uint8 button)
{
	static const guint16 codes[] = {[SDL_BUTTON_LEFT] = BTN_LEFT,
		[SDL_BUTTON_MIDDLE] = BTN_MIDDLE,
		[SDL_BUTTON_RIGHT] = BTN_RIGHT,
		[SDL_BUTTON_X1] = BTN_SIDE,
		[SDL_BUTTON_X2] = BTN_EXTRA};

	return button < G_N_ELEMENTS(codes) ? codes[button] : 0;
}

static void on_motion(Windows *windows, guint number, const SDL_MouseMotionEvent *event)
{
	Window *window = &windows->windows[number];
	Told told = {.type = TOLD_MOTION, .window = number, .x = event->x, .y = event->y};

	if (window->caught) {
		told.type = TOLD_RELATIVE;
		told.x = event->xrel;
		told.y = event->yrel;
	} else {
		scale(window->window, &told.x, &told.y);
	}
	tell(windows, told);
}

static void on_wheel(Windows *windows, guint number, const SDL_MouseWheelEvent *event)
{
	float sign = event->direction == SDL_MOUSEWHEEL_FLIPPED ? -NOTCH : NOTCH;

	tell(windows, (Told){.type = TOLD_WHEEL,
			      .window = number,
			      .x = (int)(event->preciseX * sign),
			      .y = (int)(event->preciseY * sign)});
}

static void on_finger(Windows *windows, const SDL_TouchFingerEvent *event)
{
	guint number = find(windows, event->windowID);
	Told told = {.type = TOLD_TOUCH,
		.window = number,
		.code = (guint16)(event->fingerId & 15),
		.down = event->type != SDL_FINGERUP};
	int width, height;

	if (number == windows->n)
		return;
	SDL_GetWindowSizeInPixels(windows->windows[number].window, &width, &height);
	told.x = (int)(event->x * (float)width);
	told.y = (int)(event->y * (float)height);
	tell(windows, told);
}

static void on_button(Windows *windows, guint number, const SDL_MouseButtonEvent *event)
{
	Told told = {.type = TOLD_BUTTON,
		.window = number,
		.code = button_code(event->button),
		.down = event->type == SDL_MOUSEBUTTONDOWN,
		.x = event->x,
		.y = event->y};

	scale(windows->windows[number].window, &told.x, &told.y);
	if (told.code)
		tell(windows, told);
}

static void on_key(Windows *windows, guint number, const SDL_KeyboardEvent *event)
{
	Told told = {.type = TOLD_KEY,
		.window = number,
		.code = scancode_to_evdev(event->keysym.scancode),
		.down = event->type == SDL_KEYDOWN};

	if (told.code)
		tell(windows, told);
}

static void on_copied(Windows *windows)
{
	char *text = SDL_HasClipboardText() ? SDL_GetClipboardText() : NULL;

	if (text && *text)
		tell(windows, (Told){.type = TOLD_COPIED, .text = g_strdup(text)});
	SDL_free(text);
}

/* ---- the thread: wishes ---- */

static void set_size(Window *window, int width, int height)
{
	int units = 0, rows = 0, pixels = 1, pixel_rows = 1;

	SDL_GetWindowSize(window->window, &units, &rows);
	SDL_GetWindowSizeInPixels(window->window, &pixels, &pixel_rows);
	SDL_SetWindowSize(window->window, MAX(width * units / MAX(pixels, 1), 1),
		MAX(height * rows / MAX(pixel_rows, 1), 1));
}

static bool fulfil(Windows *windows, const Wish *wish)
{
	Window *window = &windows->windows[wish->window];

	switch (wish->kind) {
	case WISH_DRAW:
		draw(windows, wish->window);
		break;
	case WISH_SIZE:
		set_size(window, wish->x, wish->y);
		tell_size(windows, wish->window);
		break;
	case WISH_TITLE:
		SDL_SetWindowTitle(window->window, wish->text);
		break;
	case WISH_CATCH:
		window->caught = wish->x;
		SDL_SetRelativeMouseMode(wish->x ? SDL_TRUE : SDL_FALSE);
		break;
	case WISH_COPY:
		SDL_SetClipboardText(wish->text);
		break;
	case WISH_END:
		return false;
	}
	return true;
}

/* False: it is to end. */
static bool handle(Windows *windows, const SDL_Event *event)
{
	guint number;

	if (event->type == windows->first) {
		Wish *wish = event->user.data1;
		bool more = fulfil(windows, wish);

		wish_free(wish);
		return more;
	}
	/* all of these have the window's number at the same place */
	number = find(windows, event->window.windowID);
	if (event->type == SDL_CLIPBOARDUPDATE)
		on_copied(windows);
	else if (event->type == SDL_FINGERDOWN || event->type == SDL_FINGERUP ||
		 event->type == SDL_FINGERMOTION)
		on_finger(windows, &event->tfinger);
	else if (number == windows->n)
		return true;
	else if (event->type == SDL_WINDOWEVENT)
		on_window(windows, number, &event->window);
	else if (event->type == SDL_KEYDOWN || event->type == SDL_KEYUP)
		on_key(windows, number, &event->key);
	else if (event->type == SDL_MOUSEMOTION &&
		 event->motion.which != SDL_TOUCH_MOUSEID)
		on_motion(windows, number, &event->motion);
	else if ((event->type == SDL_MOUSEBUTTONDOWN ||
			 event->type == SDL_MOUSEBUTTONUP) &&
		 event->button.which != SDL_TOUCH_MOUSEID)
		on_button(windows, number, &event->button);
	else if (event->type == SDL_MOUSEWHEEL)
		on_wheel(windows, number, &event->wheel);
	return true;
}

/* ---- the thread: begin and end ---- */

static void fail(Windows *windows)
{
	tell(windows, (Told){.type = TOLD_FAILED, .text = g_strdup(SDL_GetError())});
}

static bool open_windows(Windows *windows)
{
	for (guint i = 0; i < windows->n; i++) {
		Window *window = &windows->windows[i];

		window->window = SDL_CreateWindow(window->title, SDL_WINDOWPOS_UNDEFINED,
			SDL_WINDOWPOS_UNDEFINED, window->wish_width, window->wish_height,
			SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
		if (!window->window)
			return false;
		SDL_SetWindowKeyboardGrab(
			window->window, windows->grab ? SDL_TRUE : SDL_FALSE);
	}
	return true;
}

static void begin(Windows *windows)
{
	Wish *wish;

	SDL_StopTextInput(); /* keys, and no input method between them */
	for (guint i = 0; i < windows->n; i++)
		tell_size(windows, i);
	on_copied(windows);
	Uint32 first = SDL_RegisterEvents(1);
	g_mutex_lock(&windows->lock);
	windows->first = first;
	while ((wish = g_queue_pop_head(&windows->early))) {
		SDL_Event event = {.user = {.type = first, .data1 = wish}};

		SDL_PushEvent(&event);
	}
	g_mutex_unlock(&windows->lock);
}

/* Waits for what ends it, so that wishes are taken anyhow. */
static gpointer run(gpointer data)
{
	Windows *windows = data;
	SDL_Event event;
	bool more = true;

	SDL_SetMainReady();
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	SDL_SetHint(SDL_HINT_VIDEO_HIGHDPI_DISABLED, "0");
	SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
	SDL_SetHint(SDL_HINT_ALLOW_ALT_TAB_WHILE_GRABBED, "1");
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
	g_setenv("SDL_VIDEODRIVER", windows->driver ? windows->driver : DISPLAYS, TRUE);
	bool well = SDL_Init(SDL_INIT_VIDEO) == 0;
	if (well && !g_strcmp0(SDL_GetCurrentVideoDriver(), "wayland"))
		/* it has no other way than by OpenGL, which must not wait */
		SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "1");
	SDL_SetHint(SDL_HINT_RENDER_VSYNC, "0");
	if (!well || !open_windows(windows)) {
		fail(windows);
		SDL_TLSCleanup(); /* this thread is not SDL's own */
		return NULL;
	}
	begin(windows);
	while (more && SDL_WaitEvent(&event))
		more = handle(windows, &event);
	for (guint i = 0; i < windows->n; i++)
		SDL_DestroyWindow(windows->windows[i].window);
	SDL_Quit();
	SDL_TLSCleanup();
	return NULL;
}

Windows *windows_new(const WindowWish *wishes, guint n, const char *driver, bool grab)
{
	Windows *windows = g_new0(Windows, 1);

	windows->n = MIN(n, WINDOWS_MAX);
	windows->driver = g_strdup(driver);
	windows->grab = grab;
	windows->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	g_mutex_init(&windows->lock);
	g_queue_init(&windows->told);
	g_queue_init(&windows->early);
	for (guint i = 0; i < windows->n; i++) {
		Window *window = &windows->windows[i];

		window->title = g_strdup(wishes[i].title);
		window->wish_width = wishes[i].width;
		window->wish_height = wishes[i].height;
		windows_set_size(windows, i, wishes[i].width, wishes[i].height);
	}
	windows->thread = g_thread_new("windows", run, windows);
	return windows;
}

void windows_end(Windows *windows)
{
	push(windows, (Wish){.kind = WISH_END});
	g_thread_join(windows->thread);
	for (guint i = 0; i < windows->n; i++) {
		g_free(windows->windows[i].pixels);
		g_free(windows->windows[i].title);
	}
	g_queue_clear_full(&windows->told, g_free);
	g_queue_clear_full(&windows->early, wish_free);
	g_mutex_clear(&windows->lock);
	close(windows->fd);
	g_free(windows->driver);
	g_free(windows);
}
