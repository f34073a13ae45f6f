// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x_echo - a window that changes the colour of a cell at each key press
 */
#include <X11/Xlib.h>

int main(void)
{
	Display *display = XOpenDisplay(NULL);
	XEvent event;
	int count = 0;

	if (!display)
		return 1;
	int screen = DefaultScreen(display);
	Window window = XCreateSimpleWindow(display, RootWindow(display, screen), 0, 0,
		800, 600, 0, 0, BlackPixel(display, screen));
	XSelectInput(display, window, KeyPressMask | ExposureMask);
	XMapWindow(display, window);
	for (;;) {
		XNextEvent(display, &event);
		if (event.type == Expose)
			XSetInputFocus(display, window, RevertToParent, CurrentTime);
		if (event.type != KeyPress)
			continue;
		XSetForeground(display, DefaultGC(display, screen),
			++count % 2 ? WhitePixel(display, screen)
				    : BlackPixel(display, screen));
		XFillRectangle(
			display, window, DefaultGC(display, screen), 16, 16, 8, 16);
		XFlush(display);
	}
}
