// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewer - one viewer's connection, and the thread that serves it
 *
 * The thread sleeps until its socket is readable or the picture has changed. It copies
 * changes into pixels of its own, so that no lock is held while libvncserver encodes and
 * sends; and it does so only when the viewer has asked for an update, so that changes for
 * a slow viewer come together.
 */
#include "viewer.h"
#include "page.h"

#include <rfb/rfbregion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#define STALL_MS 20000 /* a viewer that neither reads nor writes on is given up */

/* ---- what libvncserver calls, in the viewer's thread ---- */

static void on_key(rfbBool down, rfbKeySym keysym, rfbClientPtr client)
{
	Viewer *viewer = client->screen->screenData;

	events_post(viewer->events, &(Event){.type = EVENT_KEY,
					    .viewer = viewer->number,
					    .keysym = (guint32)keysym,
					    .down = down});
}

static void on_pointer(int buttons, int x, int y, rfbClientPtr client)
{
	Viewer *viewer = client->screen->screenData;

	events_post(viewer->events, &(Event){.type = EVENT_POINTER,
					    .viewer = viewer->number,
					    .x = x,
					    .y = y,
					    .buttons = (unsigned)buttons});
}

static int on_size(
	int width, int height, int n, rfbExtDesktopScreen *screens, rfbClientPtr client)
{
	Viewer *viewer = client->screen->screenData;

	(void)n;
	(void)screens;
	if (client->viewOnly)
		return rfbExtDesktopSize_ResizeProhibited;
	if (width < 1 || height < 1 || width > PICTURE_MAX || height > PICTURE_MAX)
		return rfbExtDesktopSize_InvalidScreenLayout;
	/* no new picture will come to carry the answer */
	if (width == client->screen->width && height == client->screen->height)
		client->newFBSizePending = TRUE;
	events_post(viewer->events, &(Event){.type = EVENT_SIZE,
					    .viewer = viewer->number,
					    .x = width,
					    .y = height});
	return rfbExtDesktopSize_Success;
}

/* ---- the thread ---- */

/* Pixels of the picture's size. rfbNewFramebuffer forgets where the colours are. */
static void new_pixels(Viewer *viewer)
{
	rfbScreenInfoPtr screen = viewer->screen;
	int width = viewer->picture->width, height = viewer->picture->height;
	guint32 *pixels = g_new(guint32, (gsize)width * (gsize)height);

	rfbNewFramebuffer(screen, (char *)pixels, width, height, 8, 3, 4);
	screen->serverFormat.redShift = 16;
	screen->serverFormat.greenShift = 8;
	screen->serverFormat.blueShift = 0;
	if (viewer->client)
		screen->setTranslateFunction(viewer->client);
	g_free(viewer->pixels);
	viewer->pixels = pixels;
}

/* Follows the picture, which must be locked: its size, or only what has changed in it. */
static void follow(Viewer *viewer, Rect *damage, unsigned n)
{
	Picture *picture = viewer->picture;
	int width = picture->width, height = picture->height;

	if (!viewer->pixels || viewer->screen->width != width ||
		viewer->screen->height != height) {
		new_pixels(viewer);
		damage[0] = (Rect){0, 0, width, height};
		n = 1;
	}
	for (unsigned i = 0; i < n; i++) {
		Rect rect = rect_clip(damage[i], width, height);

		if (rect.width == 0 || rect.height == 0)
			continue;
		pixels_copy(viewer->pixels, (gsize)width * 4, picture->pixels,
			(gsize)width * 4, rect);
		if (viewer->client)
			rfbMarkRectAsModified(viewer->screen, rect.x, rect.y,
				rect.x + rect.width, rect.y + rect.height);
	}
}

static void refresh(Viewer *viewer)
{
	Rect damage[VIEWER_RECTS];
	unsigned n;

	g_mutex_lock(&viewer->lock);
	n = viewer->n_damage;
	memcpy(damage, viewer->damage, n * sizeof *damage);
	viewer->n_damage = 0;
	g_mutex_unlock(&viewer->lock);

	g_rw_lock_reader_lock(&viewer->picture->lock);
	follow(viewer, damage, n);
	g_rw_lock_reader_unlock(&viewer->picture->lock);
}

static void read_messages(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;

	do {
		rfbProcessClientMessage(client);
		/* scaling is not offered: a scaled screen would outlive a resize */
		if (client->sock >= 0 && client->scaledScreen != viewer->screen)
			rfbCloseClient(client);
	} while (client->sock >= 0 && client->wsctx && webSocketsHasDataInBuffer(client));
}

static bool has_new_size(Viewer *viewer)
{
	Picture *picture = viewer->picture;

	g_rw_lock_reader_lock(&picture->lock);
	bool differs = picture->width != viewer->screen->width ||
		       picture->height != viewer->screen->height;
	g_rw_lock_reader_unlock(&picture->lock);
	return differs;
}

/*
 * Pixels are sent when they have been asked for. A new size does not wait for that where
 * the viewer knows ExtendedDesktopSize: it may have asked for the size and then for
 * nothing more until it has come (libvncclient does so).
 */
static void update(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;
	bool asked = !sraRgnEmpty(client->requestedRegion);

	if (client->sock < 0)
		return;
	if (asked || (client->useExtDesktopSize && has_new_size(viewer)))
		refresh(viewer);
	if (client->useExtDesktopSize && client->newFBSizePending)
		rfbSendFramebufferUpdate(client, client->modifiedRegion);
	/* libvncserver sends a size by itself: pixels are the next update */
	for (int i = 0; i < 2 && client->sock >= 0; i++)
		rfbUpdateClient(client);
}

static void serve(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;
	eventfd_t unused;

	while (client->sock >= 0) {
		struct pollfd fds[] = {
			{client->sock, POLLIN, 0}, {viewer->wake, POLLIN, 0}};

		if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
			continue;
		if (fds[1].revents)
			eventfd_read(viewer->wake, &unused);
		if (fds[0].revents)
			read_messages(viewer);
		update(viewer);
	}
}

static void serve_viewer(Viewer *viewer)
{
	int own = fcntl(viewer->socket, F_DUPFD_CLOEXEC, 0);

	refresh(viewer);
	/* libvncserver waits by select() */
	if (own >= 0 && own < FD_SETSIZE)
		viewer->client = rfbNewClient(viewer->screen, own); /* owns the socket */
	else if (own >= 0)
		close(own);
	if (!viewer->client)
		return;
	events_post(
		viewer->events, &(Event){.type = EVENT_COME, .viewer = viewer->number});
	viewer->client->viewOnly = viewer->view_only;
	serve(viewer);
	/* libvncserver 0.9.14 forgets to free it */
	free(g_steal_pointer(&viewer->client->wsctx));
	rfbClientConnectionGone(viewer->client);
}

static gpointer run(gpointer data)
{
	Viewer *viewer = data;
	sigset_t all;

	/* SIGPIPE above all; the others are the component's */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	if (!page_serve(viewer->socket, viewer->page))
		serve_viewer(viewer);
	/* our end of the socket stays open until the component's thread has come */
	shutdown(viewer->socket, SHUT_RDWR);
	events_post(
		viewer->events, &(Event){.type = EVENT_GONE, .viewer = viewer->number});
	return NULL;
}

/* ---- the component's thread ---- */

void viewer_init(Viewer *viewer, unsigned number, Picture *picture, Events *events)
{
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, picture->width, picture->height, 8, 3, 4);

	screen->port = screen->ipv6port = -1;
	screen->autoPort = FALSE;
	screen->desktopName = "Maquette";
	screen->alwaysShared = TRUE;
	screen->handleEventsEagerly = TRUE;
	screen->deferUpdateTime = 0;
	screen->deferPtrUpdateTime = 0;
	screen->maxClientWait = STALL_MS;
	screen->screenData = viewer;
	screen->kbdAddEvent = on_key;
	screen->ptrAddEvent = on_pointer;
	screen->setDesktopSizeHook = on_size;
	rfbSetCursor(screen, NULL); /* it would be painted into the pixels */
	*viewer = (Viewer){.number = number,
		.picture = picture,
		.events = events,
		.screen = screen,
		.page = "",
		.socket = -1,
		.wake = -1};
	g_mutex_init(&viewer->lock);
}

void viewer_protect(Viewer *viewer, char **passwords, bool view_only)
{
	viewer->view_only = view_only;
	if (passwords) {
		viewer->screen->authPasswdData = passwords;
		viewer->screen->passwordCheck = rfbCheckPasswordByList;
	}
}

void viewer_fini(Viewer *viewer)
{
	viewer_stop(viewer);
	rfbScreenCleanup(viewer->screen);
	g_mutex_clear(&viewer->lock);
}

bool viewer_used(const Viewer *viewer)
{
	return viewer->thread != NULL;
}

bool viewer_start(Viewer *viewer, int socket)
{
	viewer->n_damage = 0;
	viewer->socket = socket;
	viewer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (viewer->wake >= 0)
		viewer->thread = g_thread_try_new("viewer", run, viewer, NULL);
	if (!viewer->thread) {
		close(socket);
		if (viewer->wake >= 0)
			close(viewer->wake);
	}
	return viewer->thread != NULL;
}

static void free_scaled(rfbScreenInfoPtr screen)
{
	rfbScreenInfoPtr scaled;

	while ((scaled = screen->scaledScreenNext)) {
		screen->scaledScreenNext = scaled->scaledScreenNext;
		free(scaled->frameBuffer);
		free(scaled);
	}
}

void viewer_stop(Viewer *viewer)
{
	if (!viewer->thread)
		return;
	shutdown(viewer->socket, SHUT_RDWR);
	g_thread_join(viewer->thread);
	viewer->thread = NULL;
	viewer->client = NULL;
	free_scaled(viewer->screen);
	g_clear_pointer(&viewer->pixels, g_free);
	close(viewer->socket);
	close(viewer->wake);
}

static Rect join(Rect a, Rect b)
{
	int right = MAX(a.x + a.width, b.x + b.width);
	int end = MAX(a.y + a.height, b.y + b.height);
	int left = MIN(a.x, b.x), top = MIN(a.y, b.y);

	return (Rect){left, top, right - left, end - top};
}

void viewer_damage(Viewer *viewer, const Rect *rects, unsigned n)
{
	g_mutex_lock(&viewer->lock);
	for (unsigned i = 0; i < n; i++) {
		if (viewer->n_damage < VIEWER_RECTS)
			viewer->damage[viewer->n_damage++] = rects[i];
		else
			viewer->damage[VIEWER_RECTS - 1] =
				join(viewer->damage[VIEWER_RECTS - 1], rects[i]);
	}
	g_mutex_unlock(&viewer->lock);
	eventfd_write(viewer->wake, 1);
}
