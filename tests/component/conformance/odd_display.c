// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * odd_display - whether a client of Framebuffer and Input bears a server that makes use
 * of all that the interfaces permit, and keeps its own promises
 *
 * Provides  Framebuffer, Input  to the client under test
 * Requires  LOG, ROM
 * Config    client: NAME  for messages
 *           answers: yes|no  the client redraws at a key (default no)
 *
 * Resizes in a storm, discards, answers late, ends sessions, restates Input. Every commit
 * is checked. Logs "ok WHAT" or "failed WHAT", at the end "all kept", and exits.
 */
#include <maq/component.h>
#include <maq/framebuffer.h>
#include <maq/input.h>
#include <maq/memory.h>
#include <maq/ring.h>

#include <linux/input-event-codes.h>
#include <string.h>

#define POOLS       16
#define MODES_MAX   4096
#define PATIENCE_NS 40000000000u
#define PAUSE_NS    150000000u

typedef enum { ANSWER_SHOW, ANSWER_DISCARD, ANSWER_LATE } Answering;

typedef struct {
	const guint8 *pixels; /* NULL: not attached */
	gsize size;
	guint32 slots, stride;
	guint16 width, height;
	bool retired;
} Pool;

typedef struct {
	MaqEnv *env;
	/* the session of Framebuffer; peer NULL: none */
	MaqPeer *peer;
	const MaqFramebufferClientPage *client;
	MaqFramebufferServerPage *server;
	int server_fd;
	MaqRingReader ring;
	Pool pools[POOLS];
	guint32 serial;
	guint width, height;
	guint64 last;                /* sequence */
	MaqFramebufferCommit latest; /* sequence 0: none */
	guint64 held;
	guint32 sum;     /* of the latest frame, as it was committed */
	guint32 *pixels; /* owned: of that; NULL: none */
	bool covered;    /* a frame has been drawn anew, since the step began */
	/* the session of Input; NULL: none */
	MaqPeer *input_peer;
	const MaqInputClientPage *input_client;
	MaqInputServerPage *input_server;
	int input_fd;
	MaqRingWriter events;
	guint64 event_sequence;

	Answering answering;
	guint sessions, commits, unanswered, moves;
	bool enters;     /* a line after each frame, until something has moved */
	bool has_input;  /* the client has wanted it */
	bool wrote_held; /* a slot was drawn into while we held it */
	char *wrong;     /* owned: the first broken promise; NULL */
	unsigned step, failed;
	guint64 mark, until;
	MaqTimeout *timeout;
} Odd;

static void next_step(Odd *odd);
static void look(Odd *odd);
static void key(Odd *odd, guint16 code, guint32 codepoint);

G_GNUC_PRINTF(2, 3) static void blame(Odd *odd, const char *format, ...)
{
	va_list arguments;

	if (odd->wrong)
		return;
	va_start(arguments, format);
	odd->wrong = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

/* ---- frames ---- */

static const guint8 *frame_pixels(const Odd *odd, const MaqFramebufferCommit *commit)
{
	const Pool *pool = &odd->pools[commit->pool];

	return pool->pixels + (gsize)pool->stride * pool->height * commit->slot +
	       commit->offset;
}

static guint32 sum_of(const Odd *odd)
{
	const MaqFramebufferCommit *commit = &odd->latest;
	const guint8 *pixels = frame_pixels(odd, commit);
	guint32 sum = 0;

	for (gsize y = 0; y < commit->height; y++)
		for (gsize x = 0; x < commit->width * 4ul; x += 4)
			sum = sum * 31 + pixels[y * commit->stride + x];
	return sum;
}

/* What is held must not be drawn into, but may be shown again, by another mode. */
static bool is_again(const Odd *odd, const MaqFramebufferCommit *commit)
{
	return commit->pool == odd->latest.pool && commit->slot == odd->latest.slot &&
	       commit->offset == odd->latest.offset && sum_of(odd) == odd->sum;
}

static void check_commit(Odd *odd, const MaqFramebufferCommit *commit)
{
	const Pool *pool = commit->pool < POOLS ? &odd->pools[commit->pool] : NULL;

	if (commit->sequence != odd->last + 1)
		blame(odd, "sequence %u after %u", (guint)commit->sequence,
			(guint)odd->last);
	if (!maq_framebuffer_commit_valid(commit))
		blame(odd, "a field out of its range");
	if (!pool || !pool->pixels || pool->retired)
		blame(odd, "a pool that is not attached");
	else if (commit->slot >= pool->slots ||
		 commit->offset + (guint64)commit->stride * (commit->height - 1u) +
				 4ul * commit->width >
			 (guint64)pool->stride * pool->height)
		blame(odd, "a frame that is not within its slot");
	else if (odd->held >> (commit->pool * 4 + commit->slot) & 1 &&
		 !is_again(odd, commit))
		blame(odd, "a slot that is held");
	if (commit->mode_serial > odd->serial || !commit->mode_serial)
		blame(odd, "a mode that never was");
	for (guint i = 0; i < commit->rect_count && i < 8; i++)
		if (commit->rects[i].x + commit->rects[i].width > commit->width ||
			commit->rects[i].y + commit->rects[i].height > commit->height)
			blame(odd, "a rectangle that is not within its frame");
}

static const guint32 *frame_row(
	const Odd *odd, const MaqFramebufferCommit *commit, unsigned y)
{
	const guint8 *row = frame_pixels(odd, commit) + (gsize)y * commit->stride;

	return (const guint32 *)(const void *)row;
}

static bool is_within(const MaqFramebufferRect *rect, int x, int y)
{
	return x >= rect->x && x < rect->x + rect->width && y >= rect->y &&
	       y < rect->y + rect->height;
}

static bool is_drawn(const MaqFramebufferCommit *commit, int x, int y)
{
	for (guint i = 1; i < commit->rect_count; i++)
		if (is_within(&commit->rects[i], x, y))
			return true;
	return false;
}

/* What is said to have moved was there, in the frame before. */
static bool is_true(const Odd *odd, const MaqFramebufferCommit *commit)
{
	const MaqFramebufferRect *rect = &commit->rects[0];
	int width = commit->width, height = commit->height;

	for (int y = rect->y; y < rect->y + rect->height; y++)
		for (int x = rect->x; x < rect->x + rect->width; x++) {
			int from_x = x - commit->moved_x, from_y = y - commit->moved_y;

			if (from_x < 0 || from_y < 0 || from_x >= width ||
				from_y >= height)
				return false;
			if (!is_drawn(commit, x, y) &&
				(frame_row(odd, commit, (unsigned)y)[x] & 0xffffff) !=
					odd->pixels[from_y * width + from_x])
				return false;
		}
	return true;
}

static void check_move(Odd *odd, const MaqFramebufferCommit *commit)
{
	if ((!commit->moved_x && !commit->moved_y) || odd->wrong ||
		commit->flags & MAQ_FRAMEBUFFER_COMMIT_FLAGS_WHOLE ||
		!odd->latest.sequence || odd->latest.sequence + 1 != commit->sequence ||
		odd->latest.width != commit->width ||
		odd->latest.height != commit->height)
		return;
	odd->moves++;
	if (!is_true(odd, commit))
		blame(odd, "a move of what was not there");
}

static void keep_pixels(Odd *odd)
{
	gsize width = odd->latest.width, height = odd->latest.height;

	g_free(odd->pixels);
	odd->pixels = g_new(guint32, width * height);
	for (gsize i = 0; i < width * height; i++)
		odd->pixels[i] =
			frame_row(odd, &odd->latest, (unsigned)(i / width))[i % width] &
			0xffffff;
}

static void drop_retired(Odd *odd)
{
	for (guint i = 0; i < POOLS; i++)
		if (odd->pools[i].retired && !(odd->held >> (i * 4) & 15)) {
			maq_unmap(odd->pools[i].pixels, odd->pools[i].size);
			odd->pools[i] = (Pool){0};
		}
}

static bool covers(const MaqFramebufferCommit *commit)
{
	if (commit->flags & MAQ_FRAMEBUFFER_COMMIT_FLAGS_WHOLE)
		return true;
	for (guint i = 0; i < commit->rect_count; i++)
		if (!commit->rects[i].x && !commit->rects[i].y &&
			commit->rects[i].width == commit->width &&
			commit->rects[i].height == commit->height)
			return true;
	return false;
}

static void hold(Odd *odd, const MaqFramebufferCommit *commit)
{
	if (odd->latest.sequence && sum_of(odd) != odd->sum)
		odd->wrote_held = true;
	odd->held = (guint64)1 << (commit->pool * 4 + commit->slot);
	odd->latest = *commit;
	odd->covered =
		odd->covered || (covers(commit) && commit->mode_serial == odd->serial);
	odd->sum = sum_of(odd);
	keep_pixels(odd);
	atomic_store(&odd->server->held, odd->held);
	drop_retired(odd);
}

static void answer(Odd *odd)
{
	MaqFramebufferServerPage *page = odd->server;

	odd->unanswered = 0;
	if (odd->answering == ANSWER_DISCARD) {
		atomic_store(&page->discarded, odd->last);
	} else {
		atomic_fetch_add(&page->sync_lock, 1);
		atomic_store(&page->sync_sequence, odd->last);
		atomic_store(&page->sync_input, odd->latest.input_seq);
		atomic_fetch_add(&page->vblank, 1);
		atomic_store(&page->time, maq_env_binding(odd->env)->now());
		atomic_fetch_add(&page->sync_lock, 1);
		atomic_store(&page->shown, odd->last);
	}
	maq_framebuffer_signal_answered(odd->peer);
	maq_framebuffer_signal_released(odd->peer);
	maq_framebuffer_signal_sync(odd->peer);
}

static void commits_arrived(void *self)
{
	Odd *odd = self;
	MaqFramebufferCommit commit;
	int got;

	if (!odd->client)
		return;
	maq_ring_wake(&odd->ring);
	do {
		while ((got = maq_ring_pop(&odd->ring, &commit)) == 1) {
			check_commit(odd, &commit);
			odd->last = commit.sequence;
			odd->commits++;
			odd->unanswered++;
			check_move(odd, &commit);
			if (odd->wrong)
				continue;
			if (odd->answering == ANSWER_DISCARD)
				answer(odd);
			else
				hold(odd, &commit);
			if (odd->answering == ANSWER_SHOW)
				answer(odd);
		}
	} while (got == 0 && !maq_ring_sleep(&odd->ring));
	odd->enters = odd->enters && !odd->moves;
	if (odd->enters)
		key(odd, KEY_ENTER, '\r');
	look(odd);
}

/* ---- operations of Framebuffer ---- */

static void set_mode(Odd *odd, guint width, guint height)
{
	odd->serial++;
	odd->width = width;
	odd->height = height;
	atomic_store(&odd->server->mode,
		(guint64)odd->serial << 32 | (guint64)width << 16 | height);
	maq_framebuffer_signal_mode(odd->peer);
}

static MaqFramebufferError pages(void *self, int *client_page, int *server_page)
{
	Odd *odd = self;
	gsize size;

	odd->client = maq_map(*client_page, false, &size, NULL);
	if (!odd->client)
		return MAQ_FRAMEBUFFER_FAILED;
	maq_framebuffer_commits_reader(&odd->ring, odd->server, odd->client);
	maq_ring_sleep(&odd->ring);
	*server_page = maq_steal_fd(&odd->server_fd);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError attach_pool(void *self, guint32 id, int *content,
	guint32 slots, guint16 width, guint16 height, guint32 stride)
{
	Odd *odd = self;
	gsize size = 0;

	if (odd->pools[id].pixels) {
		blame(odd, "a pool id that is in use");
		return MAQ_FRAMEBUFFER_ID_IN_USE;
	}
	const guint8 *pixels = maq_map(*content, false, &size, NULL);
	if (!pixels || stride < width * 4u || (guint64)stride * height * slots > size) {
		blame(odd, "a pool that is too small");
		return MAQ_FRAMEBUFFER_TOO_SMALL;
	}
	odd->pools[id] = (Pool){pixels, size, slots, stride, width, height, false};
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError retire_pool(void *self, guint32 id)
{
	Odd *odd = self;

	if (!odd->pools[id].pixels || odd->pools[id].retired) {
		blame(odd, "a pool retired that is not attached");
		return MAQ_FRAMEBUFFER_UNKNOWN_POOL;
	}
	commits_arrived(odd);
	odd->pools[id].retired = true;
	drop_retired(odd);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError hints(void *self, guint16 min_width, guint16 min_height,
	guint16 max_width, guint16 max_height, guint16 aspect_width,
	guint16 aspect_height, guint16 scale, MaqFramebufferHintFlags flags,
	const char *title)
{
	(void)self, (void)min_width, (void)min_height, (void)max_width, (void)max_height;
	(void)aspect_width, (void)aspect_height, (void)scale, (void)flags, (void)title;
	return MAQ_FRAMEBUFFER_OK;
}

static MaqStatus view_open(
	void *self, MaqPeer *peer, guint16 width, guint16 height, void **client)
{
	Odd *odd = self;
	void *page = NULL;

	(void)width, (void)height;
	if (odd->peer)
		return MAQ_DENIED;
	odd->server_fd = maq_dataspace_new_readable("page", 4096, &page, NULL);
	odd->server = page;
	odd->peer = peer;
	odd->client = NULL;
	odd->last = odd->held = odd->unanswered = 0;
	odd->latest = (MaqFramebufferCommit){0};
	odd->serial = 0;
	odd->sessions++;
	set_mode(odd, 500, 300);
	*client = odd;
	return MAQ_OK;
}

static void view_close(void *self)
{
	Odd *odd = self;

	for (guint i = 0; i < POOLS; i++)
		maq_unmap(odd->pools[i].pixels, odd->pools[i].size);
	memset(odd->pools, 0, sizeof odd->pools);
	odd->latest = (MaqFramebufferCommit){0};
	odd->peer = NULL;
	odd->client = NULL;
}

static const MaqFramebufferService framebuffer_service = {
	.ops = {.pages = pages,
		.attach_pool = attach_pool,
		.retire_pool = retire_pool,
		.hints = hints,
		.commit = commits_arrived},
	.open = view_open,
	.close = view_close,
};

/* ---- Input ---- */

static void send(Odd *odd, MaqInputEvent event)
{
	if (!odd->input_client)
		return;
	event.sequence = ++odd->event_sequence;
	event.time = maq_env_binding(odd->env)->now();
	event.mode_serial = odd->serial;
	maq_ring_push(&odd->events, &event);
	if (maq_ring_reader_sleeps(&odd->events))
		maq_input_signal_input(odd->input_peer);
}

static MaqInputError input_pages(void *self, int *client_page, int *server_page)
{
	Odd *odd = self;
	gsize size;

	odd->input_client = maq_map(*client_page, false, &size, NULL);
	if (!odd->input_client)
		return MAQ_INPUT_FAILED;
	maq_input_events_writer(&odd->events, odd->input_server, odd->input_client);
	*server_page = maq_steal_fd(&odd->input_fd);
	odd->has_input = true;
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_FOCUS_ENTER});
	look(odd);
	return MAQ_INPUT_OK;
}

static MaqStatus input_open(void *self, MaqPeer *peer, void **client)
{
	Odd *odd = self;
	void *page = NULL;

	odd->input_fd = maq_dataspace_new_readable("page", 12288, &page, NULL);
	odd->input_server = page;
	odd->input_peer = peer;
	odd->input_client = NULL;
	odd->event_sequence = 0;
	*client = odd;
	return MAQ_OK;
}

static void input_close(void *self)
{
	((Odd *)self)->input_peer = NULL;
	((Odd *)self)->input_client = NULL;
}

static const MaqInputService input_service = {
	.ops = {.pages = input_pages}, /* no key map, no exclusive: that is permitted */
	.open = input_open,
	.close = input_close,
};

static void key(Odd *odd, guint16 code, guint32 codepoint)
{
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_PRESS,
			  .code = code,
			  .codepoint = codepoint});
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_RELEASE, .code = code});
}

/* Everything that there is, in an order that makes no sense. */
static void send_nonsense(Odd *odd)
{
	for (guint16 type = 1; type <= MAQ_INPUT_TYPE_SNAPSHOT_END; type++)
		send(odd, (MaqInputEvent){.type = type,
				  .code = (guint16)(type * 37 % 700),
				  .codepoint = 0x10ffff - type,
				  .x = -32767,
				  .y = 32767});
	for (guint16 code = 0; code < 60; code++)
		send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_RELEASE, .code = code});
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_SNAPSHOT});
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_FOCUS_ENTER});
	send(odd, (MaqInputEvent){.type = MAQ_INPUT_TYPE_SNAPSHOT_END});
}

/* ---- steps ---- */

/* The latest frame is of the latest mode, and fills it. */
static bool is_settled(const Odd *odd)
{
	return odd->latest.sequence && odd->latest.mode_serial == odd->serial &&
	       odd->latest.width == odd->width && odd->latest.height == odd->height;
}

static void pause_over(void *data)
{
	Odd *odd = data;

	odd->timeout = NULL;
	look(odd);
}

static void wait_a_while(Odd *odd, guint64 ns)
{
	odd->until = maq_env_binding(odd->env)->now() + ns;
	maq_timeout_cancel(odd->timeout);
	odd->timeout = maq_loop_at(maq_env_loop(odd->env), odd->until, pause_over, odd);
}

static bool is_over(const Odd *odd)
{
	return maq_env_binding(odd->env)->now() >= odd->until;
}

typedef struct {
	const char *what;
	void (*begin)(Odd *odd);
	bool (*met)(const Odd *odd); /* once it is, the promise was kept */
	bool timed; /* it is to be met when the pause is over, not before */
} Step;

static void nothing(Odd *odd)
{
	(void)odd;
}

static void storm(Odd *odd)
{
	for (guint i = 0; i < 200; i++)
		set_mode(odd, 100 + i * 97 % 900, 80 + i * 61 % 700);
	set_mode(odd, 641, 377);
}

static void one_pixel(Odd *odd)
{
	set_mode(odd, 1, 1);
}

static void larger(Odd *odd)
{
	set_mode(odd, 1500, 1100);
}

static void usual(Odd *odd)
{
	set_mode(odd, 500, 300);
}

static void discard(Odd *odd)
{
	odd->answering = ANSWER_DISCARD;
	odd->mark = odd->commits;
	set_mode(odd, 520, 320);
}

static bool was_discarded(const Odd *odd)
{
	return odd->commits > odd->mark;
}

static void show_again(Odd *odd)
{
	odd->answering = ANSWER_SHOW;
	odd->covered = false;
	set_mode(odd, 522, 322);
}

static bool is_whole(const Odd *odd)
{
	return is_settled(odd) && odd->covered;
}

static void be_late(Odd *odd)
{
	odd->answering = ANSWER_LATE;
	odd->mark = odd->commits;
	for (guint i = 0; i < 8; i++) {
		set_mode(odd, 530 + i, 330);
		key(odd, KEY_A, 'a');
	}
	wait_a_while(odd, PAUSE_NS * 3);
}

/* No more than it has slots; pools that are gone do not count. */
static bool is_patient(const Odd *odd)
{
	return odd->unanswered <= 16 && !odd->wrong;
}

static void answer_at_last(Odd *odd)
{
	odd->answering = ANSWER_SHOW;
	answer(odd);
	set_mode(odd, 560, 340);
}

static void end_session(Odd *odd)
{
	odd->mark = odd->sessions;
	maq_peer_end(odd->peer, "the test wants it");
}

static bool is_back(const Odd *odd)
{
	return odd->sessions > odd->mark && is_settled(odd) &&
	       (!odd->has_input || odd->input_client);
}

static void end_both(Odd *odd)
{
	end_session(odd);
	if (odd->input_peer)
		maq_peer_end(odd->input_peer, "the test wants it");
}

static void nonsense(Odd *odd)
{
	send_nonsense(odd);
	set_mode(odd, 570, 350);
}

static void press(Odd *odd)
{
	key(odd, KEY_X, 'x');
	odd->mark = odd->event_sequence - 1;
}

static bool is_answered(const Odd *odd)
{
	return odd->latest.input_seq >= odd->mark;
}

static bool always(const Odd *odd)
{
	return !odd->wrong && !odd->wrote_held;
}

/* Lines, until the screen is full and more. */
static void enter(Odd *odd)
{
	key(odd, KEY_ENTER, '\r');
	odd->enters = true;
}

static bool has_moved(const Odd *odd)
{
	return odd->moves > 0;
}

static void last_pause(Odd *odd)
{
	wait_a_while(odd, PAUSE_NS);
}

static const Step steps[] = {
	{"it draws in the first mode", nothing, is_settled, false},
	{"after a storm of modes it draws in the last", storm, is_settled, false},
	{"in a mode of one pixel", one_pixel, is_settled, false},
	{"in one beyond its pool", larger, is_settled, false},
	{"and in a small one", usual, is_settled, false},
	{"frames are discarded", discard, was_discarded, false},
	{"after that it draws everything", show_again, is_whole, false},
	{"unanswered, it waits", be_late, is_patient, true},
	{"answered late, it goes on", answer_at_last, is_settled, false},
	{"without its session, it opens another", end_session, is_back, false},
	{"without both sessions, too", end_both, is_back, false},
	{"it bears nonsense from Input", nonsense, is_settled, false},
	{"a key is answered by a frame that says so", press, is_answered, false},
	{"a scroll is told as what has moved", enter, has_moved, false},
	{"all its commits were right, and nothing held was drawn into", last_pause,
		always, true},
};

static void finish(Odd *odd)
{
	if (!odd->failed)
		maq_log(odd->env, "all kept");
	maq_exit(odd->env, odd->failed ? 1 : 0);
}

static void next_step(Odd *odd)
{
	bool answers = maq_config_bool(odd->env, "answers", false);

	while (odd->step < G_N_ELEMENTS(steps) && !answers &&
		(steps[odd->step].begin == press || steps[odd->step].begin == enter))
		odd->step++;
	if (odd->step == G_N_ELEMENTS(steps)) {
		finish(odd);
		return;
	}
	wait_a_while(odd, PATIENCE_NS);
	steps[odd->step].begin(odd);
}

static void look(Odd *odd)
{
	while (odd->step < G_N_ELEMENTS(steps)) {
		const Step *step = &steps[odd->step];
		bool met = (!step->timed || is_over(odd)) && step->met(odd);

		if (!met && !is_over(odd) && !odd->wrong)
			return;
		maq_log(odd->env, "%s %s%s%s", met ? "ok" : "failed", step->what,
			odd->wrong ? ": " : "", odd->wrong ? odd->wrong : "");
		odd->failed += !met;
		odd->step = odd->wrong ? G_N_ELEMENTS(steps) : odd->step + 1;
		next_step(odd);
	}
}

static bool odd_start(MaqEnv *env, GError **error)
{
	Odd *odd = maq_env_state(env, sizeof *odd);

	odd->env = env;
	wait_a_while(odd, PATIENCE_NS);
	return maq_framebuffer_provide(env, &framebuffer_service, odd, error) &&
	       maq_input_provide(env, &input_service, odd, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, odd_start);
}
