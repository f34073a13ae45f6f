// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * view - the server's side of a Framebuffer session
 */
#include "pool.h"

#include <maq/memory.h>

#include <string.h>

#define POOLS           16
#define COMMITS_A_ROUND 16 /* all that the ring holds */
/* one message for all that follows from a frame: mode is bit 0 */
#define SIGNAL_MODE 0x1u
#define SIGNAL_NEWS 0xeu /* sync, answered, released */

typedef struct {
	MaqEnv *env;           /* borrowed */
	const MaqViewOps *ops; /* borrowed */
	void *owner;           /* borrowed */
} Views;

struct MaqView {
	Views *views; /* borrowed */
	MaqPeer *peer;
	void *data;                             /* the owner's */
	const MaqFramebufferClientPage *client; /* NULL until pages */
	gsize client_size;
	MaqFramebufferServerPage *server;
	int server_fd;
	gsize server_size;
	MaqRingReader commits;
	MaqTimeout *more; /* goes on with commits in the next round; NULL: none */
	MaqPool pools[POOLS];
	MaqFrame frame; /* the last good one; pixels NULL: none */
	unsigned frame_pool;
	guint64 frame_bit;
	guint64 pinned;                   /* as held */
	guint32 frame_slot, frame_offset; /* within its pool */
	guint64 last_sequence;
	guint32 serial;
	MaqHints hints;
	bool alpha; /* its hint */
};

#define PAGE_SIZE 4096

/* What the client does not wait for it is not woken for. */
static void tell_news(MaqView *view)
{
	unsigned unheard =
		view->client ? (unsigned)atomic_load(&view->client->unheard) : 0;

	if (SIGNAL_NEWS & ~unheard)
		maq_peer_signal(view->peer, SIGNAL_NEWS & ~unheard);
}

/* ---- the owner's calls ---- */

const char *maq_view_label(const MaqView *view)
{
	return maq_peer_label(view->peer);
}

void maq_view_set_data(MaqView *view, void *data)
{
	view->data = data;
}

void *maq_view_data(const MaqView *view)
{
	return view->data;
}

guint32 maq_view_mode_serial(const MaqView *view)
{
	return view->serial;
}

const MaqHints *maq_view_hints(const MaqView *view)
{
	return &view->hints;
}

const MaqFrame *maq_view_frame(const MaqView *view)
{
	return view->frame.pixels ? &view->frame : NULL;
}

void maq_view_set_mode(MaqView *view, int width, int height)
{
	guint64 w = (guint64)CLAMP(width, 1, 16383);
	guint64 h = (guint64)CLAMP(height, 1, 16383);

	view->serial++;
	atomic_store(&view->server->mode, (guint64)view->serial << 32 | w << 16 | h);
	maq_peer_signal(view->peer, SIGNAL_MODE);
}

void maq_view_shown(MaqView *view)
{
	MaqFramebufferServerPage *page = view->server;

	if (!view->frame.pixels)
		return;
	atomic_fetch_add(&page->sync_lock, 1);
	atomic_store(&page->sync_sequence, view->frame.sequence);
	atomic_store(&page->sync_input, view->frame.input_seq);
	atomic_fetch_add(&page->vblank, 1);
	atomic_store(&page->time, maq_env_binding(view->views->env)->now());
	atomic_fetch_add(&page->sync_lock, 1);
	atomic_store(&page->shown, view->frame.sequence);
	tell_news(view);
}

void maq_view_ask_to_close(MaqView *view)
{
	maq_framebuffer_signal_close(view->peer);
}

void maq_view_end(MaqView *view, const char *why)
{
	maq_peer_end(view->peer, "%s", why);
}

/* ---- commits ---- */

static void release(MaqView *view, guint64 bits)
{
	guint64 left;

	atomic_fetch_and(&view->server->held, ~bits);
	left = view->pinned | view->frame_bit;
	for (unsigned i = 0; i < POOLS; i++)
		if (view->pools[i].retired && !(left >> (i * 4) & 15))
			maq_pool_detach(&view->pools[i]);
}

static void release_frame(MaqView *view)
{
	guint64 bit = view->frame_bit;

	view->frame_bit = 0;
	view->frame.pixels = NULL;
	release(view, bit & ~view->pinned);
}

static guint64 bit_of(guint32 pool, guint32 slot)
{
	return (guint64)1 << (pool * 4 + slot);
}

bool maq_view_source(const MaqView *view, MaqSource *source)
{
	const MaqPool *pool = &view->pools[view->frame_pool];

	if (!view->frame.pixels || pool->content < 0)
		return false;
	*source = (MaqSource){pool->content, view->frame_pool, pool->slots, pool->width,
		pool->height, pool->stride, view->frame_slot, view->frame_offset};
	return true;
}

void maq_view_pin(MaqView *view, guint32 pool, guint32 slot)
{
	view->pinned |= bit_of(pool, slot);
}

void maq_view_unpin(MaqView *view, guint32 pool, guint32 slot)
{
	guint64 bit = bit_of(pool, slot);

	if (!(view->pinned & bit))
		return;
	view->pinned &= ~bit;
	if (view->frame_bit == bit)
		return;
	release(view, bit);
	tell_news(view);
}

/* Whether the frame before is the one that the client speaks of, as what has moved. */
static bool follows(const MaqFrame *frame, const MaqFrame *before)
{
	return before->pixels && frame->sequence == before->sequence + 1 &&
	       frame->width == before->width && frame->height == before->height &&
	       frame->alpha == before->alpha;
}

static void take_commit(MaqView *view, const MaqFramebufferCommit *commit)
{
	MaqFrame frame;

	if (commit->pool >= POOLS ||
		!maq_pool_frame(&view->pools[commit->pool], commit, &frame)) {
		atomic_store(&view->server->discarded, commit->sequence);
		tell_news(view);
		return;
	}
	frame.alpha = view->alpha && commit->format == MAQ_FRAMEBUFFER_FORMAT_ARGB8888;
	if (!follows(&frame, &view->frame))
		frame.moved_x = frame.moved_y = 0;
	guint64 bit = bit_of(commit->pool, commit->slot);
	atomic_fetch_or(&view->server->held, bit);
	if (view->frame_bit != bit)
		release_frame(view);
	view->frame = frame;
	view->frame_bit = bit;
	view->frame_pool = commit->pool;
	view->frame_slot = commit->slot;
	view->frame_offset = commit->offset;
	view->views->ops->frame(view->views->owner, view, &view->frame);
}

static void take_commits(MaqView *view);

static void take_more(void *data)
{
	MaqView *view = data;

	view->more = NULL;
	take_commits(view);
}

/* At most a ring full: a client that commits without end is not the only one. */
static void take_commits(MaqView *view)
{
	MaqEnv *env = view->views->env;
	MaqFramebufferCommit commit;
	int got = 1;

	for (unsigned i = 0; i < COMMITS_A_ROUND && got == 1; i++) {
		got = maq_ring_pop(&view->commits, &commit);
		if (got == 1 && commit.sequence != view->last_sequence + 1) {
			maq_peer_end(view->peer, "commits out of order");
			return;
		}
		if (got != 1)
			continue;
		view->last_sequence = commit.sequence;
		take_commit(view, &commit);
	}
	if (got < 0)
		maq_peer_end(view->peer, "impossible cursor of commits");
	else if ((got == 1 || !maq_ring_sleep(&view->commits)) && !view->more)
		view->more = maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() + 1, take_more, view);
}

static void commits_arrived(void *self)
{
	MaqView *view = self;

	if (!view->client)
		return;
	maq_ring_wake(&view->commits);
	take_commits(view);
}

/* ---- operations ---- */

static MaqFramebufferError pages(void *self, int *client_page, int *server_page)
{
	MaqView *view = self;

	if (view->client)
		return MAQ_FRAMEBUFFER_DONE_ALREADY;
	view->client = maq_map(*client_page, false, &view->client_size, NULL);
	if (!view->client)
		return MAQ_FRAMEBUFFER_FAILED;
	maq_framebuffer_commits_reader(&view->commits, view->server, view->client);
	maq_ring_sleep(&view->commits);
	*server_page = maq_steal_fd(&view->server_fd);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError attach_pool(void *self, guint32 id, int *content,
	guint32 slots, guint16 width, guint16 height, guint32 stride)
{
	MaqView *view = self;

	if (!view->client)
		return MAQ_FRAMEBUFFER_PAGES_MISSING;
	if (view->pools[id].pixels)
		return MAQ_FRAMEBUFFER_ID_IN_USE;
	return maq_pool_attach(&view->pools[id], *content, slots, width, height, stride)
		       ? MAQ_FRAMEBUFFER_OK
		       : MAQ_FRAMEBUFFER_TOO_SMALL;
}

static MaqFramebufferError retire_pool(void *self, guint32 id)
{
	MaqView *view = self;

	if (!view->pools[id].pixels || view->pools[id].retired)
		return MAQ_FRAMEBUFFER_UNKNOWN_POOL;
	/* commits that were made before this call stand in the ring */
	commits_arrived(view);
	view->pools[id].retired = true;
	release(view, 0);
	if (view->views->ops->retired)
		view->views->ops->retired(view->views->owner, view, id);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError hints(void *self, guint16 min_width, guint16 min_height,
	guint16 max_width, guint16 max_height, guint16 aspect_width,
	guint16 aspect_height, guint16 scale, MaqFramebufferHintFlags flags,
	const char *title)
{
	MaqView *view = self;
	bool fixed = flags & MAQ_FRAMEBUFFER_HINT_FLAGS_FIXED_ASPECT;
	MaqHints said = {min_width, min_height, max_width, max_height,
		fixed ? aspect_width : 0, fixed ? aspect_height : 0, scale};
	bool changed = memcmp(&said, &view->hints, sizeof said) != 0;

	view->alpha = flags & MAQ_FRAMEBUFFER_HINT_FLAGS_ALPHA;
	view->hints = said;
	if (changed && view->views->ops->hints)
		view->views->ops->hints(view->views->owner, view);
	if (view->views->ops->title)
		view->views->ops->title(view->views->owner, view, title);
	if (view->views->ops->urgent)
		view->views->ops->urgent(view->views->owner, view,
			flags & MAQ_FRAMEBUFFER_HINT_FLAGS_URGENT);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqStatus view_open(
	void *self, MaqPeer *peer, guint16 width, guint16 height, void **client)
{
	Views *views = self;
	void *page = NULL;
	int fd = maq_dataspace_new_readable("framebuffer", PAGE_SIZE, &page, NULL);

	if (fd < 0)
		return MAQ_OUT_OF_RAM;
	MaqView *view = g_new0(MaqView, 1);
	view->views = views;
	view->peer = peer;
	view->server = page;
	view->server_fd = fd;
	view->server_size = PAGE_SIZE;
	*client = view;
	views->ops->opened(views->owner, view);
	if (!view->serial)
		maq_view_set_mode(view, width ? width : 640, height ? height : 480);
	return MAQ_OK;
}

static void view_close(void *self)
{
	MaqView *view = self;

	view->views->ops->closed(view->views->owner, view);
	maq_timeout_cancel(view->more);
	for (unsigned i = 0; i < POOLS; i++)
		maq_pool_detach(&view->pools[i]);
	maq_unmap(view->client, view->client_size);
	maq_unmap(view->server, view->server_size);
	maq_clear_fd(&view->server_fd);
	g_free(view);
}

static const MaqFramebufferService framebuffer_service = {
	.ops =
		{
			.pages = pages,
			.attach_pool = attach_pool,
			.retire_pool = retire_pool,
			.hints = hints,
			.commit = commits_arrived,
		},
	.open = view_open,
	.close = view_close,
};

bool maq_views_provide(MaqEnv *env, const MaqViewOps *ops, void *owner, GError **error)
{
	Views *views = g_new0(Views, 1);

	*views = (Views){env, ops, owner};
	maq_env_own(env, views);
	return maq_framebuffer_provide(env, &framebuffer_service, views, error);
}
