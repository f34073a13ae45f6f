// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewers - the RFB server: everybody who looks at one picture
 */
#include "viewers.h"
#include "client.h"
#include "extensions.h"
#include "take.h"

#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#define PENDING 16

struct Viewers {
	Access *access; /* owned: for who connects from now on */
	Guard guard;
	Picture picture;
	ViewersSource source;
	void *source_owner;    /* borrowed */
	Rect pending[PENDING]; /* of the frame, not yet in the picture */
	unsigned n_pending;
	Rect doubted;    /* of the picture: it was believed; without pixels: nothing */
	Samples samples; /* of the picture */
	Events events;
	Browsers browsers;
	Cut cut;
	Jpeg *jpeg; /* owned */
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
	guard_init(&viewers->guard);
	cut_init(&viewers->cut);
	viewers->jpeg = jpeg_new();
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		viewer_init(&viewers->places[i], i, &viewers->picture, &viewers->events,
			&viewers->guard, &viewers->browsers, &viewers->cut,
			viewers->jpeg);
	return viewers;
}

void viewers_set_source(Viewers *viewers, ViewersSource source, void *owner)
{
	viewers->source = source;
	viewers->source_owner = owner;
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

void viewers_set_access(Viewers *viewers, Access *access)
{
	access_unref(viewers->access);
	viewers->access = access;
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		if (viewer_used(&viewers->places[i]) && !viewers->places[i].in)
			viewer_hang_up(&viewers->places[i]);
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
	guard_fini(&viewers->guard);
	jpeg_free(viewers->jpeg);
	access_unref(viewers->access);
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

/* Who is still about to log in. */
static bool is_guest(const Viewer *viewer)
{
	return viewer_used(viewer) && (!viewer->in || !viewer->begun);
}

/* Who has come in as anybody can. */
static bool is_anybody(const Viewer *viewer)
{
	return viewer_used(viewer) && viewer->in && viewer->open;
}

typedef bool Kind(const Viewer *);

static unsigned count_from(const Viewers *viewers, Kind *kind, const char *key)
{
	unsigned n = 0;

	for (int i = 0; i < VIEWERS_MAX; i++)
		n += kind(&viewers->places[i]) && !strcmp(viewers->places[i].from, key);
	return n;
}

static bool goes_before(Kind *kind, const Viewer *one, const Viewer *other)
{
	gint64 silent = viewer_silent(one), others = viewer_silent(other);

	if (kind == is_guest || silent == others)
		return one->order < other->order;
	return silent > others;
}

/* One of a kind, from the address that has most of them and at least so many: of guests
 * the first, else who is silent for longest. */
static Viewer *find_kind(Viewers *viewers, Kind *kind, unsigned least)
{
	Viewer *victim = NULL;
	unsigned most = least;

	g_assert(viewers); /* says to clang-tidy that a place is never NULL */
	for (int i = 0; i < VIEWERS_MAX; i++) {
		Viewer *viewer = &viewers->places[i];
		unsigned n = kind(viewer) ? count_from(viewers, kind, viewer->from) : 0;

		if (n < most ||
			(n == most && victim && !goes_before(kind, viewer, victim)))
			continue;
		victim = viewer;
		most = n;
	}
	return victim;
}

/*
 * Who has to go for somebody else: those who do not log in before all others, and then
 * those of whom no password was asked, unless each has come from elsewhere. NULL: nobody.
 */
static Viewer *find_victim(Viewers *viewers)
{
	Viewer *victim = find_kind(viewers, is_guest, 1);

	return victim ? victim : find_kind(viewers, is_anybody, 2);
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
	return viewer_start(place, socket, viewers->access) ? (int)place->number : -1;
}

bool viewers_waiting(const Viewers *viewers)
{
	return viewers->waiting;
}

/* It may have logged in by what has changed meanwhile. */
static void come_in(Viewers *viewers, Viewer *viewer)
{
	viewer->in = true;
	if (viewer->access != viewers->access)
		viewer_hang_up(viewer);
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
			       " bytes sent, %" G_GUINT64_FORMAT " received%s",
		(g_get_monotonic_time() - place->since) / G_USEC_PER_SEC, place->sent,
		place->received, place->evicted ? ", for somebody else" : "");
}

static void change(Viewers *viewers, const Change *changes, unsigned n)
{
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		if (viewer_used(&viewers->places[i]))
			viewer_change(&viewers->places[i], changes, n);
}

static void wake_all(Viewers *viewers)
{
	for (unsigned i = 0; i < VIEWERS_MAX; i++)
		if (viewer_used(&viewers->places[i]))
			viewer_wake(&viewers->places[i]);
}

static void change_all(Viewers *viewers)
{
	change(viewers,
		&(Change){
			.rect = {0, 0, viewers->picture.width, viewers->picture.height}},
		1);
}

void viewers_resize(
	Viewers *viewers, int width, int height, const Layout *layout, unsigned by)
{
	viewers->samples.width = 0;
	picture_resize(&viewers->picture, width, height, layout, by);
	change_all(viewers);
	wake_all(viewers);
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

/* ---- drawing ---- */

static bool is_eager(Viewer *viewer)
{
	return g_atomic_int_get(&viewer->wants);
}

static bool has_eager(Viewers *viewers)
{
	for (int i = 0; i < VIEWERS_MAX; i++)
		if (is_eager(&viewers->places[i]))
			return true;
	return false;
}

/* The picture is locked, so that what viewers take of it is never newer than what they
 * know. */
static void take_over(Viewers *viewers, const Frame *frame, Rect rect)
{
	Picture *picture = &viewers->picture;
	Change changes[TAKE_CHANGES];
	unsigned n;

	rect = rect_clip(rect, MIN(picture->width, frame->width),
		MIN(picture->height, frame->height));
	n = take(picture, &viewers->samples, frame->pixels, frame->stride, rect, changes);
	if (n)
		change(viewers, changes, n);
}

static void believe(Viewers *viewers, const Change *move)
{
	take_moved(&viewers->picture, &viewers->samples, *move);
	change(viewers, move, 1);
	viewers->doubted = viewers->doubted.height
				   ? rect_join(viewers->doubted, move->rect)
				   : move->rect;
}

/* Whoever waits is told, also if nothing is different. */
static void catch_up(Viewers *viewers, const Change *move)
{
	Picture *picture = &viewers->picture;
	Frame frame;

	g_rw_lock_writer_lock(&picture->lock);
	g_atomic_int_set(&picture->behind, false);
	picture->generation++;
	if (move)
		believe(viewers, move);
	if (viewers->n_pending && viewers->source &&
		viewers->source(viewers->source_owner, &frame))
		for (unsigned i = 0; i < viewers->n_pending; i++)
			take_over(viewers, &frame, viewers->pending[i]);
	viewers->n_pending = 0;
	g_rw_lock_writer_unlock(&picture->lock);
	for (int i = 0; i < VIEWERS_MAX; i++)
		if (is_eager(&viewers->places[i]))
			viewer_wake(&viewers->places[i]);
}

static void add_pending(Viewers *viewers, Rect rect)
{
	for (unsigned i = 0; i < viewers->n_pending; i++)
		if (rect_contains(viewers->pending[i], rect))
			return;
	if (viewers->n_pending == PENDING) {
		for (unsigned i = 0; i < PENDING; i++)
			rect = rect_join(rect, viewers->pending[i]);
		viewers->n_pending = 0;
	}
	viewers->pending[viewers->n_pending++] = rect;
}

/* A move is of use if the picture is what the client has drawn before. */
static bool is_believed(Viewers *viewers, const Change *change)
{
	Picture *picture = &viewers->picture;
	Rect all = {0, 0, picture->width, picture->height}, from = change->rect;

	from.x -= change->dx;
	from.y -= change->dy;
	return (change->dx || change->dy) && !viewers->n_pending && has_eager(viewers) &&
	       change->rect.width > 0 && change->rect.height > 0 &&
	       rect_contains(all, change->rect) && rect_contains(all, from);
}

void viewers_draw(Viewers *viewers, const Change *changes, unsigned n)
{
	bool believed = n && is_believed(viewers, &changes[0]);

	for (unsigned i = believed; i < n; i++)
		if (changes[i].rect.width > 0 && changes[i].rect.height > 0)
			add_pending(viewers, changes[i].rect);
	g_atomic_int_set(&viewers->picture.behind, viewers->n_pending > 0);
	/* asked again: who wants it by now may not have seen that we are behind */
	if (believed || has_eager(viewers))
		catch_up(viewers, believed ? &changes[0] : NULL);
}

bool viewers_doubt(const Viewers *viewers)
{
	return viewers->doubted.height > 0;
}

void viewers_audit(Viewers *viewers)
{
	Change again = {.rect = viewers->doubted};

	viewers->doubted = (Rect){0};
	if (again.rect.height)
		viewers_draw(viewers, &again, 1);
}

void viewers_clear(Viewers *viewers)
{
	Picture *picture = &viewers->picture;

	viewers->n_pending = 0;
	viewers->doubted = (Rect){0};
	viewers->samples.width = 0;
	g_rw_lock_writer_lock(&picture->lock);
	picture->generation++;
	picture_clear(picture);
	change_all(viewers);
	g_atomic_int_set(&picture->behind, false);
	g_rw_lock_writer_unlock(&picture->lock);
	wake_all(viewers);
}

guint viewers_shared(const Viewers *viewers)
{
	return jpeg_shared(viewers->jpeg);
}

void viewers_size(const Viewers *viewers, int *width, int *height)
{
	*width = viewers->picture.width;
	*height = viewers->picture.height;
}

bool viewers_next(Viewers *viewers, Event *event)
{
	if (events_asked(&viewers->events))
		catch_up(viewers, NULL);
	if (!events_take(&viewers->events, event))
		return false;
	if (event->type == EVENT_COME)
		come_in(viewers, &viewers->places[event->viewer]);
	if (event->type == EVENT_GONE) {
		viewer_stop(&viewers->places[event->viewer]);
		viewers->waiting = false;
	}
	return true;
}
