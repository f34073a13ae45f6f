// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB server: everybody who looks at one picture
 */
#include "viewers.h"
#include "viewer.h"

#include <sys/socket.h>
#include <unistd.h>

struct Viewers {
	int listener; /* owned */
	Picture picture;
	Events events;
	char *passwords[2]; /* owned; NULL-terminated, as libvncserver wants them */
	Viewer places[VIEWERS_MAX];
};

Viewers *viewers_new(
	int listener, int width, int height, const char *password, bool view_only)
{
	Viewers *viewers = g_new0(Viewers, 1);

	rfbLogEnable(0);
	/* its lock is set up at first use: do that while there is one thread only */
	rfbGetExtensionIterator();
	rfbReleaseExtensionIterator();
	viewers->listener = listener;
	viewers->passwords[0] = g_strdup(password);
	picture_init(&viewers->picture, width, height);
	events_init(&viewers->events);
	for (unsigned i = 0; i < VIEWERS_MAX; i++) {
		Viewer *viewer = &viewers->places[i];

		viewer_init(viewer, i, &viewers->picture, &viewers->events);
		viewer_protect(viewer, password ? viewers->passwords : NULL, view_only);
	}
	return viewers;
}

const Picture *viewers_picture(const Viewers *viewers)
{
	return &viewers->picture;
}

void viewers_set_page(Viewers *viewers, const char *folder)
{
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		viewers->places[i].page = folder;
}

void viewers_free(Viewers *viewers)
{
	if (!viewers)
		return;
	events_close(&viewers->events);
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		viewer_fini(&viewers->places[i]);
	events_fini(&viewers->events);
	picture_fini(&viewers->picture);
	if (viewers->listener >= 0)
		close(viewers->listener);
	g_free(viewers->passwords[0]);
	g_free(viewers);
}

int viewers_listener(const Viewers *viewers)
{
	return viewers->listener;
}

int viewers_events(const Viewers *viewers)
{
	return viewers->events.fd;
}

int viewers_accept(Viewers *viewers)
{
	int socket = accept4(viewers->listener, NULL, NULL, SOCK_CLOEXEC);

	if (socket < 0)
		return -1;
	for (int i = 0; i < VIEWERS_MAX; i++)
		if (!viewer_used(&viewers->places[i]))
			return viewer_start(&viewers->places[i], socket) ? i : -1;
	close(socket);
	return -1;
}

bool viewers_next(Viewers *viewers, Event *event)
{
	if (!events_take(&viewers->events, event))
		return false;
	if (event->type == EVENT_GONE)
		viewer_stop(&viewers->places[event->viewer]);
	return true;
}

static void damage(Viewers *viewers, const Rect *rects, unsigned n)
{
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		if (viewer_used(&viewers->places[i]))
			viewer_damage(&viewers->places[i], rects, n);
}

static void damage_all(Viewers *viewers)
{
	Rect all = {0, 0, viewers->picture.width, viewers->picture.height};

	damage(viewers, &all, 1);
}

void viewers_resize(Viewers *viewers, int width, int height)
{
	picture_resize(&viewers->picture, width, height);
	damage_all(viewers);
}

void viewers_draw(Viewers *viewers, const guint32 *pixels, gsize stride,
	const Rect *rects, unsigned n)
{
	Picture *picture = &viewers->picture;

	g_rw_lock_writer_lock(&picture->lock);
	for (unsigned i = 0; i < n; i++)
		pixels_copy(picture->pixels, (gsize)picture->width * 4, pixels, stride,
			rect_clip(rects[i], picture->width, picture->height));
	g_rw_lock_writer_unlock(&picture->lock);
	damage(viewers, rects, n);
}

void viewers_clear(Viewers *viewers)
{
	Picture *picture = &viewers->picture;

	g_rw_lock_writer_lock(&picture->lock);
	memset(picture->pixels, 0, (gsize)picture->width * (gsize)picture->height * 4);
	g_rw_lock_writer_unlock(&picture->lock);
	damage_all(viewers);
}

void viewers_size(const Viewers *viewers, int *width, int *height)
{
	*width = viewers->picture.width;
	*height = viewers->picture.height;
}
