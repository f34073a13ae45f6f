// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB server: everybody who looks at one picture
 */
#include "viewers.h"
#include "client.h"
#include "extensions.h"
#include "scroll.h"

#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

struct Viewers {
	Access *access; /* owned */
	Picture picture;
	Events events;
	Browsers browsers;
	Cut cut;
	guint64 accepted;
	bool waiting; /* for a place */
	Viewer places[VIEWERS_MAX];
};

Viewers *viewers_new(int width, int height, Access *access)
{
	Viewers *viewers = g_new0(Viewers, 1);
	static gsize once;

	client_setup();
	if (g_once_init_enter(&once)) {
		/* libvncserver 0.9.14 takes as text of a clipboard what a viewer has said
		 * that it sends, and not what it has sent: this is nothing secret then */
		mallopt(M_PERTURB, 0xff);
		extensions_register();
		g_once_init_leave(&once, 1);
	}
	/* its lock is set up at first use: do that while there is one thread only */
	rfbGetExtensionIterator();
	rfbReleaseExtensionIterator();
	viewers->access = access;
	picture_init(&viewers->picture, width, height);
	events_init(&viewers->events);
	browsers_init(&viewers->browsers);
	cut_init(&viewers->cut);
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		viewer_init(&viewers->places[i], i, &viewers->picture, &viewers->events,
			access, &viewers->browsers, &viewers->cut);
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
	browsers_fini(&viewers->browsers);
	cut_fini(&viewers->cut);
	access_free(viewers->access);
	g_free(viewers);
}

int viewers_events(const Viewers *viewers)
{
	return viewers->events.fd;
}

static Viewer *find_place(Viewers *viewers)
{
	for (int i = 0; i < VIEWERS_MAX; i++)
		if (!viewer_used(&viewers->places[i]))
			return &viewers->places[i];
	return NULL;
}

static unsigned count_guests(const Viewers *viewers, const char *key)
{
	unsigned n = 0;

	for (int i = 0; i < VIEWERS_MAX; i++)
		n += !viewers->places[i].in && !strcmp(viewers->places[i].from, key);
	return n;
}

/* Who has to go for somebody else; NULL: everybody has logged in. */
static Viewer *find_victim(Viewers *viewers)
{
	Viewer *victim = NULL;
	unsigned most = 0;

	g_assert(viewers);
	for (int i = 0; i < VIEWERS_MAX; i++) {
		Viewer *viewer = &viewers->places[i];
		unsigned n = viewer->in ? 0 : count_guests(viewers, viewer->from);

		if (n > most || (n && n == most && viewer->order < victim->order)) {
			victim = viewer;
			most = n;
		}
	}
	return victim;
}

static bool make_room(Viewers *viewers)
{
	Viewer *victim = find_victim(viewers);

	if (victim)
		viewer_hang_up(victim);
	viewers->waiting = victim != NULL;
	return victim;
}

int viewers_accept(Viewers *viewers, int listener)
{
	Viewer *place = find_place(viewers);
	Peer peer;
	int socket;

	if (!place && make_room(viewers))
		return -1;
	socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (socket < 0)
		return -1;
	if (!place) {
		close(socket);
		return -1;
	}
	access_peer(socket, &peer);
	g_strlcpy(place->from, peer.key, sizeof place->from);
	place->order = viewers->accepted++;
	return viewer_start(place, socket) ? (int)place->number : -1;
}

bool viewers_waiting(const Viewers *viewers)
{
	return viewers->waiting;
}

bool viewers_next(Viewers *viewers, Event *event)
{
	if (!events_take(&viewers->events, event))
		return false;
	if (event->type == EVENT_COME)
		viewers->places[event->viewer].in = true;
	if (event->type == EVENT_GONE) {
		viewer_stop(&viewers->places[event->viewer]);
		viewers->waiting = false;
	}
	return true;
}

char *viewers_about(const Viewers *viewers, unsigned viewer)
{
	return g_strdup(viewers->places[viewer].about);
}

const char *viewers_reason(const Viewers *viewers, unsigned viewer)
{
	return viewers->places[viewer].login.result.reason;
}

char *viewers_farewell(const Viewers *viewers, unsigned viewer)
{
	const Viewer *place = &viewers->places[viewer];

	return g_strdup_printf("after %" G_GINT64_FORMAT " s, %" G_GUINT64_FORMAT
			       " bytes sent, %" G_GUINT64_FORMAT " received",
		(g_get_monotonic_time() - place->since) / G_USEC_PER_SEC, place->sent,
		place->received);
}

static void change(Viewers *viewers, const Change *changes, unsigned n)
{
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		if (viewer_used(&viewers->places[i]))
			viewer_change(&viewers->places[i], changes, n);
}

static void change_all(Viewers *viewers)
{
	change(viewers,
		&(Change){
			.rect = {0, 0, viewers->picture.width, viewers->picture.height}},
		1);
}

static void wake_all(Viewers *viewers)
{
	change(viewers, NULL, 0);
}

void viewers_resize(
	Viewers *viewers, int width, int height, const Layout *layout, unsigned by)
{
	picture_resize(&viewers->picture, width, height, layout, by);
	change_all(viewers);
}

Layout viewers_wanted(Viewers *viewers, unsigned viewer)
{
	Viewer *place = &viewers->places[viewer];

	g_mutex_lock(&place->lock);
	Layout layout = place->wanted;
	g_mutex_unlock(&place->lock);
	return layout;
}

void viewers_set_name(Viewers *viewers, const char *name)
{
	picture_set_name(&viewers->picture, name);
	wake_all(viewers);
}

void viewers_set_leds(Viewers *viewers, guint leds)
{
	g_atomic_int_set(&viewers->picture.leds, leds);
	wake_all(viewers);
}

char *viewers_take_cut(Viewers *viewers, unsigned viewer)
{
	Viewer *place = &viewers->places[viewer];

	g_mutex_lock(&place->lock);
	char *text = g_steal_pointer(&place->copied);
	g_mutex_unlock(&place->lock);
	return text;
}

void viewers_paste(Viewers *viewers, const char *text, unsigned from)
{
	cut_set(&viewers->cut, text, from);
	wake_all(viewers);
}

/* ---- drawing: the picture is locked, so that what viewers take of it is never newer
 * than what they know ---- */

static void draw(Viewers *viewers, const guint32 *pixels, gsize stride, Rect rect)
{
	Picture *picture = &viewers->picture;

	if (rect.height < 1 || rect.width < 1)
		return;
	pixels_copy(picture->pixels, (gsize)picture->width * 4, pixels, stride, rect);
	change(viewers, &(Change){.rect = rect}, 1);
}

/* Within the picture, not from the frame: then it is what viewers have. */
static void move(Viewers *viewers, const Scroll *scroll)
{
	Picture *picture = &viewers->picture;
	gsize stride = (gsize)picture->width;
	const Rect *to = &scroll->to;

	for (int i = 0; i < to->height; i++) {
		int y = to->y + (scroll->dy > 0 ? to->height - 1 - i : i);

		memcpy(picture->pixels + (gsize)y * stride + to->x,
			picture->pixels + (gsize)(y - scroll->dy) * stride + to->x,
			(gsize)to->width * 4);
	}
	change(viewers, &(Change){.rect = *to, .dy = scroll->dy}, 1);
}

static bool has_viewers(const Viewers *viewers)
{
	for (int i = 0; i < VIEWERS_MAX; i++)
		if (viewers->places[i].in)
			return true;
	return false;
}

static void draw_or_move(Viewers *viewers, const guint32 *pixels, gsize stride, Rect rect)
{
	Picture *picture = &viewers->picture;
	Scroll scroll;

	if (!has_viewers(viewers) ||
		!scroll_find(picture->pixels, (gsize)picture->width * 4, pixels, stride,
			rect, &scroll)) {
		draw(viewers, pixels, stride, rect);
		return;
	}
	int above = scroll.to.y - rect.y, end = scroll.to.y + scroll.to.height;

	move(viewers, &scroll);
	draw(viewers, pixels, stride, (Rect){rect.x, rect.y, rect.width, above});
	draw(viewers, pixels, stride,
		(Rect){rect.x, end, rect.width, rect.y + rect.height - end});
}

void viewers_draw(Viewers *viewers, const guint32 *pixels, gsize stride,
	const Rect *rects, unsigned n)
{
	Picture *picture = &viewers->picture;

	g_rw_lock_writer_lock(&picture->lock);
	for (unsigned i = 0; i < n; i++)
		draw_or_move(viewers, pixels, stride,
			rect_clip(rects[i], picture->width, picture->height));
	g_rw_lock_writer_unlock(&picture->lock);
}

void viewers_clear(Viewers *viewers)
{
	Picture *picture = &viewers->picture;

	g_rw_lock_writer_lock(&picture->lock);
	memset(picture->pixels, 0, (gsize)picture->width * (gsize)picture->height * 4);
	change_all(viewers);
	g_rw_lock_writer_unlock(&picture->lock);
}

void viewers_size(const Viewers *viewers, int *width, int *height)
{
	*width = viewers->picture.width;
	*height = viewers->picture.height;
}
