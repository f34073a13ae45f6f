// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewer - one viewer's connection, and the thread that serves it
 *
 * The thread sleeps until its socket is readable or the picture has changed. When the
 * viewer has asked for an update, it copies what is to be sent into pixels of its own, so
 * that no lock is held while libvncserver encodes and sends. Changes for a slow viewer
 * come together; and while none takes any, frames of the client wait where they are.
 */
#include "viewer.h"
#include "client.h"
#include "copy.h"
#include "cursor.h"
#include "extensions.h"
#include "page.h"
#include "thread.h"

#include <rfb/rfbregion.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <unistd.h>

#define STALL_MS 20000     /* a viewer that neither reads nor writes on is given up */
#define CALM_MS  1000      /* after which memory for pixels is given back */
#define MANY     (1 << 20) /* bytes of pixels */

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

	events_post(viewer->events,
		&(Event){.type = EVENT_POINTER,
			.viewer = viewer->number,
			.x = x,
			.y = y,
			.buttons = buttons_complete(client, (unsigned)buttons)});
}

/* libvncserver 0.9.14 keeps a request without pixels, and divides by its width. */
static void on_request(rfbClientPtr client, rfbFramebufferUpdateRequestMsg *request)
{
	request->w = MAX(request->w, 1);
	request->h = MAX(request->h, 1);
	/* it was clipped before: nothing of it may be beyond the corner, either */
	request->x = (guint16)MIN(request->x, client->screen->width - request->w);
	request->y = (guint16)MIN(request->y, client->screen->height - request->h);
}

static bool take_layout(
	Viewer *viewer, int width, int height, const rfbExtDesktopScreen *screens, int n)
{
	Layout layout = {.n = (unsigned)n};

	if (n > LAYOUT_SCREENS)
		return false;
	for (int i = 0; i < n; i++) {
		layout.screens[i].id = screens[i].id;
		layout.screens[i].flags = screens[i].flags;
		layout.screens[i].area = (Rect){
			screens[i].x, screens[i].y, screens[i].width, screens[i].height};
	}
	/* libvncclient 0.9.14 says of its one screen how large it is, and nothing else */
	if (n == 1) {
		layout.screens[0].id = MAX(layout.screens[0].id, 1);
		layout.screens[0].flags = 0;
		layout.screens[0].area = (Rect){0, 0, width, height};
	}
	if (!layout_fits(&layout, width, height))
		return false;
	g_mutex_lock(&viewer->lock);
	viewer->wanted = layout;
	g_mutex_unlock(&viewer->lock);
	return true;
}

/* rfbproto, "SetDesktopSize". The answer comes with the new picture (follow_layout). */
static int on_size(
	int width, int height, int n, rfbExtDesktopScreen *screens, rfbClientPtr client)
{
	Viewer *viewer = client->screen->screenData;

	if (client->viewOnly)
		return rfbExtDesktopSize_ResizeProhibited;
	if (width > PICTURE_MAX || height > PICTURE_MAX)
		return rfbExtDesktopSize_OutOfResources;
	if (width < 1 || height < 1 || !take_layout(viewer, width, height, screens, n))
		return rfbExtDesktopSize_InvalidScreenLayout;
	events_post(viewer->events, &(Event){.type = EVENT_SIZE,
					    .viewer = viewer->number,
					    .x = width,
					    .y = height});
	return rfbExtDesktopSize_Success;
}

static int count_screens(rfbClientPtr client)
{
	Picture *picture = extension_viewer(client)->picture;

	g_rw_lock_reader_lock(&picture->lock);
	int n = MAX((int)picture->layout.n, 1);
	g_rw_lock_reader_unlock(&picture->lock);
	return n;
}

/* Of a newer layout, too, which may have fewer screens: then they are told again. */
static rfbBool find_screen(int i, rfbExtDesktopScreen *screen, rfbClientPtr client)
{
	Viewer *viewer = extension_viewer(client);
	Layout *layout = &viewer->picture->layout;

	*screen = (rfbExtDesktopScreen){.id = 1,
		.width = (guint16)viewer->screen->width,
		.height = (guint16)viewer->screen->height};
	g_rw_lock_reader_lock(&viewer->picture->lock);
	if ((unsigned)i < layout->n) {
		screen->id = layout->screens[i].id;
		screen->flags = layout->screens[i].flags;
		screen->x = (guint16)layout->screens[i].area.x;
		screen->y = (guint16)layout->screens[i].area.y;
		screen->width = (guint16)layout->screens[i].area.width;
		screen->height = (guint16)layout->screens[i].area.height;
	}
	g_rw_lock_reader_unlock(&viewer->picture->lock);
	return TRUE;
}

/* ---- the thread ---- */

static void free_pixels(Viewer *viewer)
{
	if (viewer->pixels)
		munmap(viewer->pixels, viewer->pixels_size);
	viewer->pixels = NULL;
}

/* Pixels of the picture's size. rfbNewFramebuffer forgets where the colours are. */
static void new_pixels(Viewer *viewer)
{
	rfbScreenInfoPtr screen = viewer->screen;
	int width = viewer->picture->width, height = viewer->picture->height;
	gsize size = (gsize)width * (gsize)height * 4;
	/* takes memory only where something is written */
	guint32 *pixels = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pixels == MAP_FAILED)
		g_error("no memory for a viewer's pixels");
	rfbNewFramebuffer(screen, (char *)pixels, width, height, 8, 3, 4);
	screen->serverFormat.redShift = 16;
	screen->serverFormat.greenShift = 8;
	screen->serverFormat.blueShift = 0;
	if (viewer->client)
		screen->setTranslateFunction(viewer->client);
	free_pixels(viewer);
	viewer->pixels = pixels;
	viewer->pixels_size = size;
	viewer->used = 0;
}

/* Who has asked for a layout is told so, and everybody of what is new. */
static void follow_layout(Viewer *viewer)
{
	Picture *picture = viewer->picture;
	rfbClientPtr client = viewer->client;

	if (client && viewer->layout_serial != picture->layout_serial) {
		client->newFBSizePending = TRUE;
		client->requestedDesktopSizeChange =
			picture->layout_by == NOBODY           ? 0
			: picture->layout_by == viewer->number ? 1
							       : 2;
	}
	viewer->layout_serial = picture->layout_serial;
}

/* Follows the picture, which must be locked: its size, and what has changed in it. */
static void follow(Viewer *viewer, const Change *changes, unsigned n)
{
	Picture *picture = viewer->picture;
	int width = picture->width, height = picture->height;
	const Change all = {.rect = {0, 0, width, height}};

	if (!viewer->pixels || viewer->screen->width != width ||
		viewer->screen->height != height) {
		new_pixels(viewer);
		changes = &all;
		n = 1;
	}
	follow_layout(viewer);
	for (unsigned i = 0; viewer->client && i < n; i++) {
		Rect rect = rect_clip(changes[i].rect, width, height);

		if (rect.width == 0 || rect.height == 0)
			continue;
		if (changes[i].dx || changes[i].dy)
			copy_mark(viewer->client, rect, changes[i].dx, changes[i].dy);
		else
			rfbMarkRectAsModified(viewer->screen, rect.x, rect.y,
				rect.x + rect.width, rect.y + rect.height);
	}
}

/* What is encoded next, and nothing else. The picture must be locked. */
static void take_pixels(Viewer *viewer)
{
	sraRegionPtr region = copy_region_of_pixels(viewer->client);
	sraRectangleIterator *all = sraRgnGetIterator(region);
	gsize before = viewer->used;
	sraRect part;

	while (sraRgnIteratorNext(all, &part)) {
		Rect rect = {part.x1, part.y1, part.x2 - part.x1, part.y2 - part.y1};

		picture_copy(viewer->picture, viewer->pixels,
			rect_clip(rect, viewer->picture->width, viewer->picture->height));
		viewer->used += (gsize)rect.width * (gsize)rect.height * 4;
	}
	sraRgnReleaseIterator(all);
	sraRgnDestroy(region);
	viewer->generation = viewer->picture->generation;
	if (viewer->used - before > MANY)
		viewer->busy = g_get_monotonic_time();
}

/* Of what was encoded nothing is needed again; while there is much of it one time after
 * the other, to take its memory anew each time would cost more than it is worth. */
static void give_memory_back(Viewer *viewer)
{
	if (viewer->used <= MANY ||
		g_get_monotonic_time() - viewer->busy < CALM_MS * 1000)
		return;
	madvise(viewer->pixels, viewer->pixels_size, MADV_DONTNEED);
	viewer->used = 0;
}

static void refresh(Viewer *viewer)
{
	Change changes[VIEWER_CHANGES];
	unsigned n;

	/* in this order: who draws holds the picture when it tells of it */
	g_rw_lock_reader_lock(&viewer->picture->lock);
	g_mutex_lock(&viewer->lock);
	n = viewer->n_changes;
	memcpy(changes, viewer->changes, n * sizeof *changes);
	viewer->n_changes = 0;
	g_mutex_unlock(&viewer->lock);
	follow(viewer, changes, n);
	if (viewer->client)
		take_pixels(viewer);
	g_rw_lock_reader_unlock(&viewer->picture->lock);
}

static void read_messages(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;

	viewer->heard = g_get_monotonic_time();
	do {
		rfbProcessClientMessage(client);
		/* scaling is not offered: a scaled screen would outlive a resize */
		if (client->sock >= 0 && client->scaledScreen != viewer->screen)
			rfbCloseClient(client);
	} while (client->sock >= 0 && client->wsctx && webSocketsHasDataInBuffer(client));
	viewer->begun = client->state == RFB_NORMAL;
}

static bool has_new_layout(Viewer *viewer)
{
	g_rw_lock_reader_lock(&viewer->picture->lock);
	bool differs = viewer->picture->layout_serial != viewer->layout_serial;
	g_rw_lock_reader_unlock(&viewer->picture->lock);
	return differs;
}

static bool is_told(Viewer *viewer)
{
	g_mutex_lock(&viewer->lock);
	bool some = viewer->n_changes > 0;
	g_mutex_unlock(&viewer->lock);
	return some;
}

static bool has_changes(Viewer *viewer)
{
	return is_told(viewer) || !sraRgnEmpty(viewer->client->modifiedRegion) ||
	       !sraRgnEmpty(viewer->client->copyRegion);
}

/* False: the picture is not what the client has drawn last, but will be in a moment, and
 * the viewer is told then. While one wants it, each frame is taken at once. */
static bool want(Viewer *viewer, bool wants)
{
	g_atomic_int_set(&viewer->wants, wants);
	if (!wants || !g_atomic_int_get(&viewer->picture->behind))
		return true;
	events_ask(viewer->events);
	return false;
}

static bool wants_more(Viewer *viewer)
{
	return !sraRgnEmpty(viewer->client->requestedRegion) || continuous_ready(viewer);
}

/*
 * Pixels are sent when they have been asked for. A new size does not wait for that where
 * the viewer knows ExtendedDesktopSize: it may have asked for the size and then for
 * nothing more until it has come (libvncclient does so).
 */
static void send_update(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;
	bool asked = !sraRgnEmpty(client->requestedRegion);

	if (asked || (client->useExtDesktopSize && has_new_layout(viewer)))
		refresh(viewer);
	if (asked)
		want(viewer, false);
	jpeg_begin(viewer->jpeg, viewer->pixels, viewer->generation);
	if (client->useExtDesktopSize && client->newFBSizePending)
		rfbSendFramebufferUpdate(client, client->modifiedRegion);
	/* libvncserver sends a size by itself: pixels are the next update */
	for (int i = 0; i < 2 && client->sock >= 0; i++)
		rfbUpdateClient(client);
	jpeg_end();
}

static void update(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;

	if (client->sock < 0 || client->state != RFB_NORMAL)
		return;
	extensions_update(viewer);
	cursor_update(viewer);
	cut_update(viewer);
	if (client->sock < 0)
		return;
	continuous_update(viewer,
		g_atomic_int_get(&viewer->picture->behind) || has_changes(viewer));
	if (!want(viewer, wants_more(viewer)))
		return;
	send_update(viewer);
	/* what it was told meanwhile, it was not woken for */
	if (wants_more(viewer) && want(viewer, true) && is_told(viewer))
		viewer_wake(viewer);
}

/* ms until it has to have begun, or is calm; -1: for ever. */
static int patience(const Viewer *viewer)
{
	gint64 left = viewer->login.until - g_get_monotonic_time();

	if (viewer->client->state == RFB_NORMAL)
		return viewer->used > MANY ? CALM_MS : -1;
	return left > 0 ? (int)(left / 1000) + 1 : 0;
}

static void serve(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;
	eventfd_t unused;
	int wait;

	jpeg_count(viewer->jpeg, 1);
	while (client->sock >= 0 && (wait = patience(viewer)) != 0) {
		short room = viewer->awaits_room ? POLLOUT : 0;
		struct pollfd fds[] = {
			{client->sock, POLLIN | room, 0}, {viewer->wake, POLLIN, 0}};

		if (poll(fds, G_N_ELEMENTS(fds), wait) < 0)
			continue;
		give_memory_back(viewer);
		if (fds[1].revents)
			eventfd_read(viewer->wake, &unused);
		if (fds[0].revents & ~POLLOUT)
			read_messages(viewer);
		update(viewer);
	}
	want(viewer, false);
	jpeg_count(viewer->jpeg, -1);
}

static void serve_client(Viewer *viewer)
{
	Login *login = &viewer->login;
	SecurityOutcome outcome =
		login_negotiate(login, viewer->access, viewer->guard, viewer->client);

	login_describe(login, viewer->client->viewOnly, viewer->about);
	viewer->since = g_get_monotonic_time();
	viewer->client->clientFramebufferUpdateRequestHook = on_request;
	viewer->open = login->result.open;
	if (outcome == SECURITY_IN) {
		events_post(viewer->events,
			&(Event){.type = EVENT_COME, .viewer = viewer->number});
		serve(viewer);
	} else if (outcome != SECURITY_GONE) {
		events_post(viewer->events,
			&(Event){.type = EVENT_REFUSED, .viewer = viewer->number});
	}
	if (viewer->client->sock >= 0)
		rfbCloseClient(viewer->client);
}

static void serve_viewer(Viewer *viewer, int socket, bool websocket)
{
	int own = fcntl(socket, F_DUPFD_CLOEXEC, 0);

	viewer->layout_serial = 0;
	viewer->extensions = (Extensions){0};
	viewer->cut_serial = (guint)g_atomic_int_get(&viewer->cut->serial);
	viewer->awaits_room = false;
	g_rw_lock_reader_lock(&viewer->picture->lock);
	viewer->extensions.name_serial = viewer->picture->name_serial;
	viewer->layout_serial = viewer->picture->layout_serial;
	viewer->screen->desktopName = viewer->name;
	g_strlcpy(viewer->name, viewer->picture->name, sizeof viewer->name);
	g_rw_lock_reader_unlock(&viewer->picture->lock);
	refresh(viewer);
	/* libvncserver waits by select() */
	if (own >= 0 && own < FD_SETSIZE)
		viewer->client = client_new(viewer->screen, own);
	else if (own >= 0)
		close(own);
	if (!viewer->client)
		return;
	/* libvncserver takes one also from who has hesitated, and asks not whose page it
	 * is */
	if (viewer->client->wsctx && !websocket)
		rfbCloseClient(viewer->client);
	else
		serve_client(viewer);
	viewer->sent = (guint64)rfbStatGetSentBytes(viewer->client);
	viewer->received = (guint64)rfbStatGetRcvdBytes(viewer->client);
	client_free(g_steal_pointer(&viewer->client));
	rfbSetCursor(viewer->screen, NULL);
	login_fini(&viewer->login);
}

/* A connection that begins with TLS is a browser's (https, wss). */
static void serve_socket(Viewer *viewer)
{
	Tunnel *tunnel = NULL;
	int socket = viewer->socket;

	gint64 now = g_get_monotonic_time();

	viewer->login = (Login){.until = now + viewer->access->patience};
	access_peer(socket, &viewer->login.peer);
	bool known = browsers_know(viewer->browsers, viewer->login.peer.key, now);
	bool speaks = page_speaks(socket, known);
	bool encrypted = speaks && page_is_tls(socket);

	if (encrypted) {
		socket = -1;
		if (tls_has_certificate(viewer->access->tls))
			tunnel = tls_accept(viewer->access->tls, viewer->socket, false,
				&socket, NULL);
		if (!tunnel)
			return;
	}
	viewer->login.encrypted = encrypted;
	PageOutcome outcome = speaks ? page_serve(socket, viewer->page) : PAGE_VIEWER;

	/* the browser is here, but what it shows may be a stranger's */
	if (outcome == PAGE_WEBSOCKET_NAMED)
		viewer->login.peer.local = false;
	if (outcome != PAGE_SERVED)
		serve_viewer(viewer, socket, outcome != PAGE_VIEWER);
	else
		browsers_note(
			viewer->browsers, viewer->login.peer.key, g_get_monotonic_time());
	if (encrypted) {
		close(socket);
		tunnel_free(tunnel);
	}
}

static gpointer run(gpointer data)
{
	Viewer *viewer = data;

	thread_quiet();
	serve_socket(viewer);
	/* our end of the socket stays open until the component's thread has come */
	shutdown(viewer->socket, SHUT_RDWR);
	events_post(
		viewer->events, &(Event){.type = EVENT_GONE, .viewer = viewer->number});
	return NULL;
}

/* ---- the component's thread ---- */

void viewer_init(Viewer *viewer, unsigned number, Picture *picture, Events *events,
	Guard *guard, Browsers *browsers, Cut *cut, Jpeg *jpeg)
{
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, picture->width, picture->height, 8, 3, 4);

	screen->port = screen->ipv6port = -1;
	screen->autoPort = FALSE;
	screen->alwaysShared = TRUE;
	screen->handleEventsEagerly = TRUE;
	screen->deferUpdateTime = 0;
	screen->deferPtrUpdateTime = 0;
	screen->maxClientWait = STALL_MS;
	/* nor is what lies around many of them sent instead, which pixels lacks */
	screen->maxRectsPerUpdate = 0;
	screen->screenData = viewer;
	screen->kbdAddEvent = on_key;
	screen->ptrAddEvent = on_pointer;
	screen->setDesktopSizeHook = on_size;
	screen->numberOfExtDesktopScreensHook = count_screens;
	screen->getExtDesktopScreenHook = find_screen;
	*viewer = (Viewer){.number = number,
		.picture = picture,
		.events = events,
		.guard = guard,
		.browsers = browsers,
		.cut = cut,
		.jpeg = jpeg,
		.screen = screen,
		.page = "",
		.socket = -1,
		.wake = -1};
	g_mutex_init(&viewer->lock);
	rfbSetCursor(screen, NULL); /* it would be painted into the pixels */
	cut_watch(viewer);
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

bool viewer_start(Viewer *viewer, int socket, Access *access)
{
	viewer->n_changes = 0;
	viewer->wants = false;
	viewer->in = viewer->evicted = false;
	viewer->begun = viewer->open = false;
	viewer->heard = g_get_monotonic_time();
	viewer->socket = socket;
	viewer->access = access_ref(access);
	viewer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (viewer->wake >= 0)
		viewer->thread = g_thread_try_new("viewer", run, viewer, NULL);
	if (!viewer->thread) {
		g_clear_pointer(&viewer->access, access_unref);
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

void viewer_hang_up(Viewer *viewer)
{
	viewer->evicted = true;
	shutdown(viewer->socket, SHUT_RDWR);
}

gint64 viewer_silent(const Viewer *viewer)
{
	return g_get_monotonic_time() - viewer->heard;
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
	g_clear_pointer(&viewer->copied, g_free);
	free_pixels(viewer);
	g_clear_pointer(&viewer->access, access_unref);
	close(viewer->socket);
	close(viewer->wake);
}

/* One change that covers all that there was: a move as well, and what it came from. */
static void join_all(Viewer *viewer)
{
	Rect all = viewer->changes[0].rect;

	for (unsigned i = 1; i < viewer->n_changes; i++)
		all = rect_join(all, viewer->changes[i].rect);
	viewer->changes[0] = (Change){.rect = all};
	viewer->n_changes = 1;
}

void viewer_change(Viewer *viewer, const Change *changes, unsigned n)
{
	g_mutex_lock(&viewer->lock);
	for (unsigned i = 0; i < n; i++) {
		if (viewer->n_changes == VIEWER_CHANGES)
			join_all(viewer);
		viewer->changes[viewer->n_changes++] = changes[i];
	}
	g_mutex_unlock(&viewer->lock);
}

void viewer_wake(Viewer *viewer)
{
	eventfd_write(viewer->wake, 1);
}
