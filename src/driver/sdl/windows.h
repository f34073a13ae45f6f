// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * windows - windows of the host by SDL, in a thread of their own
 *
 * SDL waits for its events itself, and a window system may make it wait: so it does in a
 * thread, which copies from pictures that the component's thread has filled. What users
 * do comes back through a queue. The functions belong to the component's thread; none of
 * them waits.
 */
#ifndef SDL_WINDOWS_H
#define SDL_WINDOWS_H

#include <glib.h>
#include <maq/display.h>
#include <stdbool.h>

#define WINDOWS_MAX 8
#define WINDOW_MOST 8192 /* px, each way */

typedef struct Windows Windows;

typedef struct {
	enum {
		TOLD_SIZE,   /* x, y: px of the window's picture */
		TOLD_KEY,    /* code, down */
		TOLD_BUTTON, /* code, down, x, y */
		TOLD_MOTION, /* x, y */
		TOLD_RELATIVE,
		TOLD_WHEEL, /* x, y in 1/120 */
		TOLD_TOUCH, /* code: finger; down, x, y */
		TOLD_LEAVE,
		TOLD_FOCUS,  /* down: it has it */
		TOLD_DRAWN,  /* what was drawn last is to be seen */
		TOLD_CLOSE,  /* the user closes the window */
		TOLD_COPIED, /* text, owned by who takes the event */
		TOLD_FAILED, /* text: there are no windows; nothing follows */
	} type;
	guint window;
	guint16 code;
	bool down;
	int x, y;
	char *text;
} Told;

typedef struct {
	const char *title; /* copied */
	int width, height;
} WindowWish;

/* driver: SDL's name of one, e.g. "dummy"; NULL: what there is. */
Windows *windows_new(const WindowWish *wishes, guint n, const char *driver, bool grab);
int windows_events(const Windows *windows); /* readable: call windows_next */
/* The oldest event; false: there is none. */
bool windows_next(Windows *windows, Told *told);
/* The picture has another size; black. */
void windows_set_size(Windows *windows, guint window, int width, int height);
/* Copies rectangles of a frame; n 0: everything, black where there is none. Once it is to
 * be seen, TOLD_DRAWN comes. */
void windows_draw(Windows *windows, guint window, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n);
/* Wishes to the window system. */
void windows_resize(Windows *windows, guint window, int width, int height);
void windows_title(Windows *windows, guint window, const char *title);
void windows_catch_pointer(Windows *windows, guint window, bool on);
void windows_copy(Windows *windows, const char *text);
/* Closes them and waits for the thread. */
void windows_end(Windows *windows);

/* ---- scancodes.c ---- */

/* The evdev code of an SDL scancode; 0: none. */
guint16 scancode_to_evdev(int scancode);

#endif
