// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x_painter - the same client on X11: x_painter DAMAGE SECONDS WIDTH HEIGHT
 */
#include "common.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

static void sleep_until(uint64_t time)
{
	struct timespec at = {(time_t)(time / NS_PER_S), (long)(time % NS_PER_S)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

static void go_full_screen(Display *display, Window window)
{
	Atom full = XInternAtom(display, "_NET_WM_STATE_FULLSCREEN", False);

	XChangeProperty(display, window, XInternAtom(display, "_NET_WM_STATE", False), 4,
		32, PropModeReplace, (unsigned char *)&full, 1);
}

int main(int argc, char **argv)
{
	int damage = argc > 1 ? atoi(argv[1]) : 0;
	Count count = count_new(argc > 2 ? strtoull(argv[2], NULL, 10) : 4);
	int width = argc > 3 ? atoi(argv[3]) : 1280,
	    height = argc > 4 ? atoi(argv[4]) : 720;
	Display *display = XOpenDisplay(NULL);
	XShmSegmentInfo segment = {0};

	if (!display)
		return 1;
	int screen = DefaultScreen(display);
	Window window = XCreateSimpleWindow(display, RootWindow(display, screen), 0, 0,
		(unsigned)width, (unsigned)height, 0, 0, 0);
	XImage *image = XShmCreateImage(display, DefaultVisual(display, screen),
		(unsigned)DefaultDepth(display, screen), ZPixmap, NULL, &segment,
		(unsigned)width, (unsigned)height);
	segment.shmid = shmget(
		IPC_PRIVATE, (size_t)(image->bytes_per_line * height), IPC_CREAT | 0600);
	segment.shmaddr = image->data = shmat(segment.shmid, NULL, 0);
	if (segment.shmid < 0 || segment.shmaddr == (void *)-1) {
		perror("x_painter: shared memory (ipcs -m)");
		return 1;
	}
	XShmAttach(display, &segment);
	go_full_screen(display, window);
	XMapWindow(display, window);
	XSync(display, False);
	shmctl(segment.shmid, IPC_RMID, NULL);
	GC gc = XCreateGC(display, window, 0, NULL);
	uint64_t next = now_ns();
	do {
		unsigned w = (unsigned)(damage ? damage : width);
		unsigned h = (unsigned)(damage ? damage : height);

		paint(image->data, width, height, image->bytes_per_line, damage);
		XShmPutImage(display, window, gc, image, 0, 0, 0, 0, w, h, False);
		XSync(display, False);
		next += PERIOD_NS;
		sleep_until(next);
	} while (count_frame(&count));
	return 0;
}
