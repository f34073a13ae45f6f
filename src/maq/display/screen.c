// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * screen - the client's side of a Framebuffer session
 *
 * Three slots in a pool with some headroom. Each slot remembers what has changed since it
 * was drawn last; begin copies just that from the slot committed last, so that the client
 * always draws onto its own last frame.
 */
#include "client.h"

#include <maq/memory.h>

#define PAGE_SIZE       4096
#define SCALE_ONE       120
#define TITLE_MAX       40   /* characters: 4 bytes each are what a hint takes */
#define SIGNALS_UNHEARD 0xeu /* sync, answered, released */

static guint64 read_mode(const MaqScreen *screen)
{
	return !screen->session ? screen->last_mode : atomic_load(&screen->server->mode);
}

void maq_screen_size(const MaqScreen *screen, int *width, int *height)
{
	guint64 mode = read_mode(screen);

	*width = CLAMP((int)(mode >> 16 & 0xffff), 1, 16383);
	*height = CLAMP((int)(mode & 0xffff), 1, 16383);
}

guint32 maq_screen_mode_serial(const MaqScreen *screen)
{
	return (guint32)(read_mode(screen) >> 32);
}

MaqFramebuffer *maq_screen_framebuffer(MaqScreen *screen)
{
	return screen->session;
}

guint64 maq_screen_shown(const MaqScreen *screen)
{
	return screen->session ? atomic_load(&screen->server->shown) : 0;
}

void maq_screen_on_lost(MaqScreen *screen, MaqHandler handler, void *data)
{
	again_on_given_up(&screen->again, handler, data);
}

/* ---- drawing ---- */

static bool is_free(
	const MaqScreen *screen, guint32 pool, guint32 slot, guint64 committed)
{
	guint64 answered = MAX(atomic_load(&screen->server->shown),
		atomic_load(&screen->server->discarded));
	guint64 held = atomic_load(&screen->server->held);

	return committed <= answered && !(held >> (pool * 4 + slot) & 1);
}

static bool slot_free(const MaqScreen *screen, int slot)
{
	return is_free(screen, screen->pool, (guint32)slot, screen->committed[slot]);
}

static guint8 *slot_pixels(const MaqScreen *screen, int slot)
{
	return screen->pixels + (gsize)slot * screen->slot_size;
}

static bool covers(const MaqFramebufferRect *cover, const Stale *stale, int x2, int y2)
{
	return cover && cover->x <= stale->x1 && cover->y <= stale->y1 &&
	       cover->x + cover->width >= x2 && cover->y + cover->height >= y2;
}

/* Copies what the slot lacks from the one committed last, but for what will be drawn. */
static void refresh(MaqScreen *screen, int slot, const MaqFramebufferRect *cover)
{
	Stale *stale = &screen->stale[slot];
	int x2 = MIN(stale->x2, screen->width), y2 = MIN(stale->y2, screen->height);

	if (screen->current < 0 || screen->current == slot || x2 <= stale->x1 ||
		covers(cover, stale, x2, y2))
		return;
	for (int y = stale->y1; y < y2; y++) {
		gsize at = (gsize)y * screen->stride + (gsize)stale->x1 * 4;

		memcpy(slot_pixels(screen, slot) + at,
			slot_pixels(screen, screen->current) + at,
			(gsize)(x2 - stale->x1) * 4);
	}
}

static bool use_mode(MaqScreen *screen)
{
	screen->serial = maq_screen_mode_serial(screen);
	maq_screen_size(screen, &screen->width, &screen->height);
	if (screen->pixels && screen->width <= screen->capacity_width &&
		screen->height <= screen->capacity_height)
		return true;
	return attach_new(screen);
}

static void look_for_discarded(MaqScreen *screen)
{
	guint64 discarded = atomic_load(&screen->server->discarded);

	screen->unseen = screen->unseen || discarded != screen->discarded;
	screen->discarded = discarded;
}

static bool is_fresh(const MaqScreen *screen, int width, int height)
{
	return screen->current < 0 || screen->unseen || width != screen->drawn_width ||
	       height != screen->drawn_height;
}

bool maq_screen_is_fresh(const MaqScreen *screen)
{
	int width, height;

	maq_screen_size(screen, &width, &height);
	return is_fresh(screen, width, height);
}

/* While nothing is waited for, the server need not tell what it has answered. */
static void tell_waiting(MaqScreen *screen, bool waiting)
{
	screen->waiting = waiting;
	atomic_store(&screen->client->unheard,
		waiting || screen->listens ? 0 : SIGNALS_UNHEARD);
}

static int free_slot(const MaqScreen *screen)
{
	int slot = 0;

	while (slot < SLOTS && !slot_free(screen, slot))
		slot++;
	return slot;
}

bool maq_screen_begin(MaqScreen *screen, MaqBuffer *buffer)
{
	return maq_screen_begin_over(screen, buffer, NULL);
}

bool maq_screen_begin_over(
	MaqScreen *screen, MaqBuffer *buffer, const MaqFramebufferRect *cover)
{
	int slot;

	if (!screen->session ||
		maq_session_lost(maq_framebuffer_session(screen->session)) ||
		!use_mode(screen))
		return false;
	slot = free_slot(screen);
	if (slot == SLOTS || maq_ring_room(&screen->commits) <= 0) {
		tell_waiting(screen, true);
		slot = free_slot(screen); /* released before we said so */
		if (slot == SLOTS || maq_ring_room(&screen->commits) <= 0)
			return false;
	}
	tell_waiting(screen, false);
	look_for_discarded(screen);
	bool fresh = is_fresh(screen, screen->width, screen->height);
	if (!fresh)
		refresh(screen, slot, cover);
	screen->drawing = slot;
	*buffer = (MaqBuffer){
		.pixels = (guint32 *)(void *)slot_pixels(screen, slot),
		.width = screen->width,
		.height = screen->height,
		.stride = screen->stride,
		.fresh = fresh,
	};
	return true;
}

static void mark_stale(MaqScreen *screen, const MaqFramebufferRect *rect)
{
	for (int i = 0; i < SLOTS; i++) {
		Stale *stale = &screen->stale[i];

		if (i == screen->drawing)
			continue;
		if (stale->x2 <= stale->x1) {
			*stale = (Stale){rect->x, rect->y, rect->x + rect->width,
				rect->y + rect->height};
			continue;
		}
		stale->x1 = MIN(stale->x1, rect->x);
		stale->y1 = MIN(stale->y1, rect->y);
		stale->x2 = MAX(stale->x2, rect->x + rect->width);
		stale->y2 = MAX(stale->y2, rect->y + rect->height);
	}
}

/* What lies within the frame: a client may have planned for an earlier mode. */
static unsigned clip(const MaqScreen *screen, const MaqFramebufferRect *rects, unsigned n,
	MaqFramebufferRect out[8])
{
	unsigned used = 0;

	for (unsigned i = 0; i < n; i++) {
		MaqFramebufferRect rect = rects[i];

		if (rect.x >= screen->width || rect.y >= screen->height)
			continue;
		rect.width = (guint16)MIN(rect.width, screen->width - rect.x);
		rect.height = (guint16)MIN(rect.height, screen->height - rect.y);
		out[used++] = rect;
	}
	return used;
}

/* ---- hints ---- */

static void told(void *data, MaqFramebufferError status)
{
	(void)data, (void)status;
}

static void tell_hints(MaqScreen *screen)
{
	const MaqHints *hints = &screen->hints;
	bool ratio = hints->aspect_width > 0 && hints->aspect_height > 0;
	MaqFramebufferHintFlags flags =
		(screen->alpha ? MAQ_FRAMEBUFFER_HINT_FLAGS_ALPHA : 0) |
		(ratio ? MAQ_FRAMEBUFFER_HINT_FLAGS_FIXED_ASPECT : 0) |
		(screen->urgent ? MAQ_FRAMEBUFFER_HINT_FLAGS_URGENT : 0);

	if (!screen->session || (!screen->title && !screen->alpha))
		return;
	maq_framebuffer_hints_async(screen->session, (guint16)hints->min_width,
		(guint16)hints->min_height, (guint16)hints->max_width,
		(guint16)hints->max_height, (guint16)hints->aspect_width,
		(guint16)hints->aspect_height,
		hints->scale ? (guint16)hints->scale : SCALE_ONE, flags,
		screen->title ? screen->title : "", told, NULL);
}

void maq_screen_set_alpha(MaqScreen *screen, bool alpha)
{
	if (screen->alpha == alpha)
		return;
	screen->alpha = alpha;
	screen->unseen = true; /* what is there already is of the other kind */
	tell_hints(screen);
}

void maq_screen_set_hints(
	MaqScreen *screen, const MaqHints *hints, bool urgent, const char *title)
{
	g_autofree char *valid = g_utf8_make_valid(title, -1);
	g_autofree char *shown =
		g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), TITLE_MAX));

	if (screen->urgent == urgent && !g_strcmp0(screen->title, shown) &&
		!memcmp(&screen->hints, hints, sizeof *hints))
		return;
	screen->hints = *hints;
	screen->urgent = urgent;
	g_free(screen->title);
	screen->title = g_steal_pointer(&shown);
	tell_hints(screen);
}

/* ---- commits ---- */

void maq_screen_commit(
	MaqScreen *screen, const MaqFramebufferRect *rects, unsigned n, guint64 input_seq)
{
	MaqFramebufferRect whole = {
		0, 0, (guint16)screen->width, (guint16)screen->height};
	MaqFramebufferCommit commit = {
		.sequence = screen->sequence + 1,
		.input_seq = input_seq,
		.mode_serial = screen->serial,
		.pool = screen->pool,
		.slot = (guint32)screen->drawing,
		.stride = (guint32)screen->stride,
		.format = screen->alpha ? MAQ_FRAMEBUFFER_FORMAT_ARGB8888
					: MAQ_FRAMEBUFFER_FORMAT_XRGB8888,
		.width = whole.width,
		.height = whole.height,
	};

	g_assert(screen->drawing >= 0 && n <= 8);
	if (!n || screen->unseen) {
		rects = &whole;
		n = 1;
	}
	commit.rect_count = n = clip(screen, rects, n, commit.rects);
	if (maq_ring_push(&screen->commits, &commit) != 1)
		return;
	screen->sequence++;
	screen->unseen = false;
	screen->stale[screen->drawing] = (Stale){0};
	for (unsigned i = 0; i < n; i++)
		mark_stale(screen, &commit.rects[i]);
	screen->committed[screen->drawing] = screen->sequence;
	screen->current = screen->drawing;
	screen->drawing = -1;
	screen->drawn_width = screen->width;
	screen->drawn_height = screen->height;
	if (maq_ring_reader_sleeps(&screen->commits))
		maq_framebuffer_signal_commit(screen->session);
}

/* ---- others' memory ---- */

static bool is_unused(const MaqScreen *screen, int id)
{
	return !screen->attached[id] &&
	       !(atomic_load(&screen->server->held) >> (id * 4) & 15);
}

int maq_screen_attach(MaqScreen *screen, const MaqSource *source)
{
	int id = OWN_POOLS;

	while (screen->session && id < POOLS && !is_unused(screen, id))
		id++;
	if (!screen->session || id == POOLS ||
		maq_framebuffer_attach_pool(screen->session, (guint32)id, source->content,
			source->slots, (guint16)source->width, (guint16)source->height,
			source->stride) != MAQ_FRAMEBUFFER_OK)
		return -1;
	screen->attached[id] = true;
	memset(screen->forwarded[id - OWN_POOLS], 0, sizeof screen->forwarded[0]);
	return id;
}

static void detached(void *data, MaqFramebufferError status)
{
	(void)data, (void)status;
}

void maq_screen_detach(MaqScreen *screen, int pool)
{
	if (screen->session && screen->attached[pool])
		maq_framebuffer_retire_pool_async(
			screen->session, (guint32)pool, detached, screen);
	screen->attached[pool] = false;
}

bool maq_screen_holds(const MaqScreen *screen, int pool, guint32 slot)
{
	return screen->session && !is_free(screen, (guint32)pool, slot,
					  screen->forwarded[pool - OWN_POOLS][slot & 3]);
}

void maq_screen_on_released(MaqScreen *screen, MaqHandler handler, void *data)
{
	screen->released = handler;
	screen->released_data = data;
}

void maq_screen_listen(MaqScreen *screen, bool on)
{
	if (screen->listens == on)
		return;
	screen->listens = on;
	if (screen->session)
		tell_waiting(screen, screen->waiting);
}

void maq_screen_on_close(MaqScreen *screen, MaqHandler handler, void *data)
{
	screen->close = handler;
	screen->close_data = data;
}

unsigned maq_screen_sessions(const MaqScreen *screen)
{
	return screen->sessions;
}

static bool is_mode(const MaqScreen *screen, int width, int height)
{
	int mode_width, mode_height;

	maq_screen_size(screen, &mode_width, &mode_height);
	return width == mode_width && height == mode_height;
}

bool maq_screen_forward(MaqScreen *screen, int pool, const MaqSource *source,
	const MaqFrame *frame, const MaqFramebufferRect *rects, unsigned n,
	guint64 input_seq)
{
	MaqFramebufferCommit commit = {
		.sequence = screen->sequence + 1,
		.input_seq = input_seq,
		.mode_serial = maq_screen_mode_serial(screen),
		.pool = (guint32)pool,
		.slot = source->slot,
		.offset = source->offset,
		.stride = (guint32)frame->stride,
		.format = MAQ_FRAMEBUFFER_FORMAT_XRGB8888,
		.width = (guint16)frame->width,
		.height = (guint16)frame->height,
		.rect_count = n,
	};

	if (!screen->session || !screen->attached[pool] ||
		!is_mode(screen, frame->width, frame->height))
		return false;
	look_for_discarded(screen);
	if (!n || screen->current >= 0 || screen->unseen)
		commit.flags = MAQ_FRAMEBUFFER_COMMIT_FLAGS_WHOLE;
	memcpy(commit.rects, rects, n * sizeof *rects);
	if (maq_ring_push(&screen->commits, &commit) != 1) {
		tell_waiting(screen, true);
		return false;
	}
	screen->sequence++;
	screen->forwarded[pool - OWN_POOLS][source->slot & 3] = screen->sequence;
	screen->unseen = false;
	screen->current = -1; /* our own slots are not what is seen */
	if (maq_ring_reader_sleeps(&screen->commits))
		maq_framebuffer_signal_commit(screen->session);
	return true;
}

/* ---- session ---- */

static void mode_changed(void *self)
{
	MaqScreen *screen = self;

	screen->ready(screen->data);
}

static void answered(void *self)
{
	MaqScreen *screen = self;

	if (screen->released)
		screen->released(screen->released_data);
	if (!screen->waiting)
		return;
	tell_waiting(screen, false);
	screen->ready(screen->data);
}

static void asked_to_close(void *self)
{
	MaqScreen *screen = self;

	if (screen->close)
		screen->close(screen->close_data);
}

static int make_page(MaqScreen *screen, GError **error)
{
	void *own = NULL;
	int page = maq_dataspace_new_readable("framebuffer", PAGE_SIZE, &own, error);

	screen->client = own;
	return page;
}

static void lost(void *self);

/* Takes the session, whose server has given its page. False: it is not closed. */
static bool use_session(
	MaqScreen *screen, MaqFramebuffer *session, int server, GError **error)
{
	screen->server = maq_map(server, false, &screen->server_size, error);
	if (!screen->server)
		return false;
	screen->session = session;
	maq_framebuffer_commits_writer(&screen->commits, screen->client, screen->server);
	screen->current = screen->drawing = -1;
	screen->sequence = screen->discarded = 0;
	screen->unseen = false;
	memset(screen->stale, 0, sizeof screen->stale);
	memset(screen->attached, 0, sizeof screen->attached);
	memset(screen->forwarded, 0, sizeof screen->forwarded);
	screen->sessions++;
	maq_framebuffer_on_mode(session, mode_changed, screen);
	maq_framebuffer_on_answered(session, answered, screen);
	maq_framebuffer_on_released(session, answered, screen);
	maq_framebuffer_on_close(session, asked_to_close, screen);
	tell_waiting(screen, false);
	maq_session_on_lost(maq_framebuffer_session(session), lost, screen);
	tell_hints(screen);
	return true;
}

/* What belongs to the session. */
static void disconnect(MaqScreen *screen)
{
	attach_abandon(screen);
	pay_cancel(g_steal_pointer(&screen->paying));
	maq_framebuffer_close(g_steal_pointer(&screen->opening));
	maq_framebuffer_close(g_steal_pointer(&screen->session));
	maq_unmap(g_steal_pointer(&screen->client), PAGE_SIZE);
	maq_unmap(g_steal_pointer(&screen->server), screen->server_size);
	maq_unmap(g_steal_pointer(&screen->pixels), screen->pool_size);
}

static void lost(void *self)
{
	MaqScreen *screen = self;

	screen->last_mode = read_mode(screen);
	disconnect(screen);
	again_start(&screen->again);
}

/* ---- the first session ---- */

static bool connect(MaqScreen *screen, int width, int height, GError **error)
{
	MaqFramebuffer *session = maq_framebuffer_open(
		screen->env, screen->label, (guint16)width, (guint16)height, error);
	maq_autofd int client = session ? make_page(screen, error) : -1;
	maq_autofd int server = -1;

	if (client < 0) {
		maq_framebuffer_close(session);
		return false;
	}
	MaqFramebufferError status = maq_framebuffer_pages(session, client, &server);
	if (status != MAQ_FRAMEBUFFER_OK)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "Framebuffer gave no pages: %s",
			maq_status_text((int)status));
	else if (use_session(screen, session, server, error))
		return true;
	maq_framebuffer_close(session);
	return false;
}

/* ---- those after it ---- */

static void no_use(MaqScreen *screen)
{
	disconnect(screen);
	again_failed(&screen->again);
}

static void got_pages(void *self, MaqFramebufferError status, int page);

static void ask_for_pages(MaqScreen *screen)
{
	maq_unmap(g_steal_pointer(&screen->client), PAGE_SIZE);
	maq_autofd int client = make_page(screen, NULL);
	if (client < 0)
		no_use(screen);
	else
		maq_framebuffer_pages_async(screen->opening, client, got_pages, screen);
}

static void paid(void *self, int status)
{
	MaqScreen *screen = self;

	screen->paying = NULL;
	if (status == MAQ_OK)
		ask_for_pages(screen);
	else
		no_use(screen);
}

static void got_pages(void *self, MaqFramebufferError status, int page)
{
	MaqScreen *screen = self;
	maq_autofd int server = page;

	if (!screen->opening) /* it is being closed */
		return;
	screen->paying = pay_start(screen->env, maq_framebuffer_session(screen->opening),
		(int)status, &screen->payments, paid, screen);
	if (screen->paying)
		return;
	if (status != MAQ_FRAMEBUFFER_OK ||
		!use_session(screen, screen->opening, server, NULL)) {
		no_use(screen);
		return;
	}
	screen->opening = NULL;
	screen->ready(screen->data);
}

static void opened_again(void *self, MaqSession *session)
{
	MaqScreen *screen = self;

	screen->opening = (MaqFramebuffer *)session;
	screen->payments = 0;
	ask_for_pages(screen);
}

static gsize encode_size(void *self, void *args)
{
	const MaqScreen *screen = self;
	int width = 0, height = 0; /* no wish */

	if (screen->sessions)
		maq_screen_size(screen, &width, &height);
	return maq_framebuffer_encode_args(args, (guint16)width, (guint16)height);
}

static const AgainOps again_ops = {&maq_framebuffer_interface, encode_size, opened_again};

static MaqScreen *screen_new(MaqEnv *env, const char *label, MaqHandler ready, void *data)
{
	MaqScreen *screen = g_new0(MaqScreen, 1);

	screen->env = env;
	screen->label = g_strdup(label);
	screen->ready = ready;
	screen->data = data;
	again_init(&screen->again, env, &again_ops, screen->label, screen);
	return screen;
}

MaqScreen *maq_screen_open(MaqEnv *env, const char *label, int width, int height,
	MaqHandler ready, void *data, GError **error)
{
	MaqScreen *screen = screen_new(env, label, ready, data);

	if (connect(screen, width, height, error))
		return screen;
	maq_screen_close(screen);
	return NULL;
}

MaqScreen *maq_screen_open_later(
	MaqEnv *env, const char *label, MaqHandler ready, void *data)
{
	MaqScreen *screen = screen_new(env, label, ready, data);

	screen->patient = true;
	again_begin(&screen->again);
	return screen;
}

void maq_screen_close(MaqScreen *screen)
{
	if (!screen)
		return;
	again_fini(&screen->again);
	disconnect(screen);
	g_free(screen->label);
	g_free(screen->title);
	g_free(screen);
}
