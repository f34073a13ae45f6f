// SPDX-License-Identifier: GPL-2.0-or-later
#include "viewers.h"

#include <pthread.h>
#include <rfb/rfb.h>
#include <rfb/rfbregion.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 4096 /* what does not fit is lost: nobody reads then */

/* Pixels of one size; freed when the last viewer has moved on. */
typedef struct {
	guint32 *pixels; /* owned */
	int width, height;
} Picture;

typedef struct {
	Viewers *viewers; /* borrowed, outlives it */
	pthread_t thread;
	int socket, wake;
	Picture *picture; /* ref */
	rfbScreenInfoPtr screen;
	rfbClientPtr client; /* NULL before and after */
	sraRegionPtr damage; /* owned, under viewers->lock */
	bool quit, done;     /* under viewers->lock */
} Viewer;

struct Viewers {
	pthread_mutex_t lock;
	GPtrArray *list;  /* of Viewer; under lock */
	Picture *picture; /* ref; under lock */
	GQueue events;    /* of ViewerEvent; under lock */
	int event_fd;
	char *password; /* owned; NULL */
	char *passwords[2];
	bool view_only;
};

static Picture *picture_new(int width, int height)
{
	Picture *picture = g_atomic_rc_box_new0(Picture);

	picture->pixels = g_new0(guint32, (gsize)width * (gsize)height);
	picture->width = width;
	picture->height = height;
	return picture;
}

static void picture_clear(void *data)
{
	g_free(((Picture *)data)->pixels);
}

static void picture_unref(Picture *picture)
{
	g_atomic_rc_box_release_full(picture, picture_clear);
}

static void wake(int fd)
{
	if (eventfd_write(fd, 1)) {
		/* the counter is full: awake anyway */
	}
}

static void post(Viewers *viewers, ViewerEvent event)
{
	pthread_mutex_lock(&viewers->lock);
	if (viewers->events.length < EVENTS_MAX)
		g_queue_push_tail(&viewers->events, g_memdup2(&event, sizeof event));
	pthread_mutex_unlock(&viewers->lock);
	wake(viewers->event_fd);
}

/* ---- libvncserver's calls, in the viewer's thread ---- */

static Viewer *viewer_of(rfbClientPtr client)
{
	return client->screen->screenData;
}

static void key_event(rfbBool down, rfbKeySym keysym, rfbClientPtr client)
{
	post(viewer_of(client)->viewers,
		(ViewerEvent){.kind = VIEWER_KEY, .keysym = keysym, .pressed = down});
}

static void pointer_event(int mask, int x, int y, rfbClientPtr client)
{
	Viewer *viewer = viewer_of(client);

	if (x != client->lastPtrX || y != client->lastPtrY)
		post(viewer->viewers,
			(ViewerEvent){.kind = VIEWER_MOTION, .x = x, .y = y});
	client->lastPtrX = x;
	client->lastPtrY = y;
	post(viewer->viewers,
		(ViewerEvent){.kind = VIEWER_BUTTONS, .mask = mask, .x = x, .y = y});
}

static int resize_event(int width, int height, int screens,
	struct rfbExtDesktopScreen *list, rfbClientPtr client)
{
	(void)screens;
	(void)list;
	if (width < 64 || height < 64 || width > 8192 || height > 8192)
		return rfbExtDesktopSize_InvalidScreenLayout;
	post(viewer_of(client)->viewers,
		(ViewerEvent){.kind = VIEWER_RESIZE, .width = width, .height = height});
	return rfbExtDesktopSize_Success;
}

static void set_format(rfbScreenInfoPtr screen)
{
	screen->serverFormat.redShift = 16;
	screen->serverFormat.greenShift = 8;
	screen->serverFormat.blueShift = 0;
}

static bool open_screen(Viewer *viewer)
{
	Picture *picture = viewer->picture;
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, picture->width, picture->height, 8, 3, 4);

	if (!screen)
		return false;
	viewer->screen = screen;
	screen->screenData = viewer;
	screen->frameBuffer = (char *)picture->pixels;
	screen->desktopName = "Maquette";
	screen->port = screen->ipv6port = -1;
	screen->autoPort = FALSE;
	screen->alwaysShared = TRUE;
	screen->deferUpdateTime = 0;
	screen->kbdAddEvent = key_event;
	screen->ptrAddEvent = pointer_event;
	screen->setDesktopSizeHook = resize_event;
	if (viewer->viewers->password) {
		screen->authPasswdData = viewer->viewers->passwords;
		screen->passwordCheck = rfbCheckPasswordByList;
	}
	rfbSetCursor(screen, NULL);
	set_format(screen);
	rfbInitServer(screen);
	viewer->client = rfbNewClient(screen, viewer->socket);
	if (viewer->client && viewer->viewers->view_only)
		viewer->client->viewOnly = TRUE;
	return viewer->client != NULL;
}

/* ---- the thread ---- */

static void change_picture(Viewer *viewer, Picture *picture)
{
	picture_unref(viewer->picture);
	viewer->picture = picture;
	rfbNewFramebuffer(viewer->screen, (char *)picture->pixels, picture->width,
		picture->height, 8, 3, 4);
	/* that has reset the format */
	set_format(viewer->screen);
	viewer->screen->setTranslateFunction(viewer->client);
}

/* Takes over what the owner has left for us; false: we are to end. */
static bool take_news(Viewer *viewer)
{
	Viewers *viewers = viewer->viewers;
	Picture *picture = NULL;
	eventfd_t count;

	if (eventfd_read(viewer->wake, &count)) {
		/* woken by the socket alone */
	}
	pthread_mutex_lock(&viewers->lock);
	sraRegionPtr damage = viewer->damage;
	bool quit = viewer->quit;
	viewer->damage = sraRgnCreate();
	if (viewers->picture != viewer->picture)
		picture = g_atomic_rc_box_acquire(viewers->picture);
	pthread_mutex_unlock(&viewers->lock);
	if (picture)
		change_picture(viewer, picture);
	else if (!sraRgnEmpty(damage))
		rfbMarkRegionAsModified(viewer->screen, damage);
	sraRgnDestroy(damage);
	return !quit;
}

static void serve(Viewer *viewer)
{
	struct pollfd waited[2] = {
		{.fd = viewer->socket, .events = POLLIN},
		{.fd = viewer->wake, .events = POLLIN},
	};

	while (viewer->client->sock != RFB_INVALID_SOCKET) {
		poll(waited, 2, -1);
		if (waited[1].revents && !take_news(viewer))
			return;
		if (waited[0].revents) {
			do
				rfbProcessClientMessage(viewer->client);
			while (viewer->client->sock != RFB_INVALID_SOCKET &&
				viewer->client->wsctx &&
				webSocketsHasDataInBuffer(viewer->client));
		}
		if (viewer->client->sock != RFB_INVALID_SOCKET)
			rfbUpdateClient(viewer->client);
	}
}

static void *viewer_thread(void *data)
{
	Viewer *viewer = data;
	Viewers *viewers = viewer->viewers;

	if (open_screen(viewer)) {
		serve(viewer);
		rfbClientConnectionGone(viewer->client);
	}
	if (viewer->screen) {
		viewer->screen->frameBuffer = NULL;
		rfbScreenCleanup(viewer->screen);
	}
	pthread_mutex_lock(&viewers->lock);
	viewer->done = true;
	pthread_mutex_unlock(&viewers->lock);
	post(viewers, (ViewerEvent){.kind = VIEWER_GONE});
	return NULL;
}

/* ---- the owner ---- */

Viewers *viewers_new(int width, int height, const char *password, bool view_only)
{
	Viewers *viewers = g_new0(Viewers, 1);

	rfbLogEnable(0);
	pthread_mutex_init(&viewers->lock, NULL);
	viewers->list = g_ptr_array_new();
	viewers->picture = picture_new(width, height);
	viewers->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	viewers->password = g_strdup(password);
	viewers->passwords[0] = viewers->password;
	viewers->view_only = view_only;
	return viewers;
}

static void viewer_free(Viewer *viewer)
{
	pthread_join(viewer->thread, NULL);
	sraRgnDestroy(viewer->damage);
	picture_unref(viewer->picture);
	close(viewer->wake);
	g_free(viewer);
}

/* Joins the threads that have ended. */
static void collect(Viewers *viewers, bool all)
{
	g_autoptr(GPtrArray) ended = g_ptr_array_new();

	pthread_mutex_lock(&viewers->lock);
	for (guint i = viewers->list->len; i-- > 0;) {
		Viewer *viewer = viewers->list->pdata[i];

		if (viewer->done || all) {
			g_ptr_array_add(ended, viewer);
			g_ptr_array_remove_index_fast(viewers->list, i);
		}
		if (all && !viewer->done) {
			viewer->quit = true;
			shutdown(viewer->socket, SHUT_RDWR);
			wake(viewer->wake);
		}
	}
	pthread_mutex_unlock(&viewers->lock);
	for (guint i = 0; i < ended->len; i++)
		viewer_free(ended->pdata[i]);
}

void viewers_free(Viewers *viewers)
{
	collect(viewers, true);
	g_queue_clear_full(&viewers->events, g_free);
	g_ptr_array_unref(viewers->list);
	picture_unref(viewers->picture);
	close(viewers->event_fd);
	g_free(viewers->password);
	g_free(viewers);
}

guint viewers_count(Viewers *viewers)
{
	pthread_mutex_lock(&viewers->lock);
	guint count = viewers->list->len;
	pthread_mutex_unlock(&viewers->lock);
	return count;
}

void viewers_accept(Viewers *viewers, int socket)
{
	collect(viewers, false);
	if (viewers_count(viewers) >= VIEWERS_MAX) {
		g_warning("more than %d viewers: one is turned away", VIEWERS_MAX);
		close(socket);
		return;
	}
	Viewer *viewer = g_new0(Viewer, 1);
	viewer->viewers = viewers;
	viewer->socket = socket;
	viewer->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	viewer->damage = sraRgnCreate();
	viewer->picture = g_atomic_rc_box_acquire(viewers->picture);
	pthread_mutex_lock(&viewers->lock);
	bool started = pthread_create(&viewer->thread, NULL, viewer_thread, viewer) == 0;
	if (started)
		g_ptr_array_add(viewers->list, viewer);
	pthread_mutex_unlock(&viewers->lock);
	if (!started) {
		g_warning("no thread for a viewer");
		sraRgnDestroy(viewer->damage);
		picture_unref(viewer->picture);
		close(viewer->wake);
		close(socket);
		g_free(viewer);
	}
}

guint32 *viewers_pixels(Viewers *viewers, int *width, int *height, gsize *stride)
{
	/* only the owner's thread replaces the picture */
	*width = viewers->picture->width;
	*height = viewers->picture->height;
	*stride = (gsize)viewers->picture->width * 4;
	return viewers->picture->pixels;
}

void viewers_damage(Viewers *viewers, int x, int y, int width, int height)
{
	sraRegionPtr rect = sraRgnCreateRect(x, y, x + width, y + height);

	pthread_mutex_lock(&viewers->lock);
	for (guint i = 0; i < viewers->list->len; i++) {
		Viewer *viewer = viewers->list->pdata[i];

		sraRgnOr(viewer->damage, rect);
		wake(viewer->wake);
	}
	pthread_mutex_unlock(&viewers->lock);
	sraRgnDestroy(rect);
}

void viewers_resize(Viewers *viewers, int width, int height)
{
	Picture *old = viewers->picture;

	pthread_mutex_lock(&viewers->lock);
	viewers->picture = picture_new(width, height);
	for (guint i = 0; i < viewers->list->len; i++)
		wake(((Viewer *)viewers->list->pdata[i])->wake);
	pthread_mutex_unlock(&viewers->lock);
	picture_unref(old);
}

int viewers_event_fd(const Viewers *viewers)
{
	return viewers->event_fd;
}

bool viewers_next_event(Viewers *viewers, ViewerEvent *event)
{
	eventfd_t count;

	if (eventfd_read(viewers->event_fd, &count)) {
		/* taken before; the queue tells */
	}
	pthread_mutex_lock(&viewers->lock);
	g_autofree ViewerEvent *first = g_queue_pop_head(&viewers->events);
	pthread_mutex_unlock(&viewers->lock);
	if (first)
		*event = *first;
	return first;
}
