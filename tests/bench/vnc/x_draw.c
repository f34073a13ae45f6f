// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x_draw - the same content as a client of X: x_draw react|scroll|video
 */
#include "content.h"

#include <X11/Xlib.h>
#include <poll.h>

#define TICK_US (G_USEC_PER_SEC / 60)

static guint32 pixels[CONTENT_WIDTH * CONTENT_HEIGHT];
static Display *display;
static Window window;
static GC gc;
static XImage *image;

static void put(int y, int height)
{
	XPutImage(
		display, window, gc, image, 0, y, 0, y, CONTENT_WIDTH, (unsigned)height);
}

static void react(void)
{
	static unsigned count;
	int screen = DefaultScreen(display);

	XSetForeground(display, gc,
		++count & 1 ? WhitePixel(display, screen) : BlackPixel(display, screen));
	XFillRectangle(display, window, gc, 0, 0, CONTENT_BOX, CONTENT_BOX);
	XFlush(display);
}

static void tick(ContentKind kind)
{
	static unsigned frame;
	int rest = CONTENT_HEIGHT - CONTENT_LINE;

	frame++;
	if (kind == CONTENT_SCROLL) {
		XCopyArea(display, window, window, gc, 0, CONTENT_LINE, CONTENT_WIDTH,
			(unsigned)rest, 0, 0);
		content_text(pixels, rest, CONTENT_LINE, frame);
		put(rest, CONTENT_LINE);
	} else {
		content_video(pixels, frame);
		put(0, CONTENT_HEIGHT);
	}
	XSync(display, False);
}

static void handle_events(void)
{
	while (XPending(display)) {
		XEvent event;

		XNextEvent(display, &event);
		if (event.type == Expose) {
			XSetInputFocus(display, window, RevertToParent, CurrentTime);
			put(0, CONTENT_HEIGHT);
			XFlush(display);
		}
		if (event.type == KeyPress)
			react();
	}
}

int main(int argc, char **argv)
{
	ContentKind kind = content_kind(argc > 1 ? argv[1] : "react");
	gint64 next = g_get_monotonic_time();

	display = XOpenDisplay(NULL);
	if (!display)
		return 1;
	int screen = DefaultScreen(display);
	window = XCreateSimpleWindow(display, RootWindow(display, screen), 0, 0,
		CONTENT_WIDTH, CONTENT_HEIGHT, 0, 0, BlackPixel(display, screen));
	gc = XCreateGC(display, window, 0, NULL);
	XSetGraphicsExposures(display, gc, False);
	image = XCreateImage(display, DefaultVisual(display, screen),
		(unsigned)DefaultDepth(display, screen), ZPixmap, 0, (char *)pixels,
		CONTENT_WIDTH, CONTENT_HEIGHT, 32, 0);
	content_text(pixels, 0, CONTENT_HEIGHT, 0);
	XSelectInput(display, window, KeyPressMask | ExposureMask);
	XMapWindow(display, window);
	XFlush(display);
	for (;;) {
		gint64 left = MAX(next - g_get_monotonic_time(), 0);
		struct pollfd fd = {ConnectionNumber(display), POLLIN, 0};

		poll(&fd, 1, kind == CONTENT_REACT ? -1 : (int)(left / 1000));
		handle_events();
		if (kind != CONTENT_REACT && g_get_monotonic_time() >= next) {
			tick(kind);
			next = MAX(next + TICK_US, g_get_monotonic_time() - TICK_US);
		}
	}
}
