// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * display_check - whether a server of Framebuffer and Input keeps what the interfaces
 * promise
 *
 * Requires  Framebuffer, Input  of the server
 *           Event, Capture      of the display below it: acts as its user, and looks
 *           LOG, ROM
 * Config    window_manager: yes|no   the server is one: sizes are its tiles', and what
 * lies behind is not seen (default no)
 *
 * Logs a line "ok WHAT" or "failed WHAT" for each promise, at the end "all kept", and
 * exits. It speaks to the server itself, without maq/display.
 */
#include "display_check.h"

#include <fcntl.h>

#define SLOTS       3
#define PATIENCE_NS 30000000000u
#define SETTLE_NS   300000000u /* after it, what has not come does not come */

void say(Check *check, bool well, const char *what)
{
	check->failed += !well;
	maq_log(check->env, "%s %s", well ? "ok" : "failed", what);
}

/* ---- waiting ---- */

static void look(Check *check)
{
	guint64 shown = atomic_load(&check->server->shown);
	guint64 discarded = atomic_load(&check->server->discarded);

	if (shown < check->shown || discarded < check->discarded ||
		MAX(shown, discarded) > check->sequence)
		check->went_back = true;
	check->shown = shown;
	check->discarded = discarded;
}

bool until(Check *check, Condition condition, guint64 argument)
{
	const MaqBinding *binding = maq_env_binding(check->env);
	guint64 end = binding->now() + PATIENCE_NS;

	for (look(check); !condition(check, argument); look(check)) {
		guint64 now = binding->now();

		if (now >= end ||
			!maq_loop_step(maq_env_loop(check->env), (gint64)(end - now)))
			return false;
	}
	return true;
}

static bool never(Check *check, guint64 end)
{
	return maq_env_binding(check->env)->now() >= end;
}

static void tick(void *data)
{
	(void)data;
}

void settle(Check *check)
{
	guint64 end = maq_env_binding(check->env)->now() + SETTLE_NS;

	maq_loop_at(maq_env_loop(check->env), end, tick, check);
	until(check, never, end);
}

/* ---- frames ---- */

guint64 mode(const Check *check)
{
	return atomic_load(&check->server->mode);
}

guint mode_width(const Check *check)
{
	return mode(check) >> 16 & 0xffff;
}

guint mode_height(const Check *check)
{
	return mode(check) & 0xffff;
}

static bool is_answered(Check *check, guint64 sequence)
{
	return MAX(check->shown, check->discarded) >= sequence;
}

static bool is_shown(Check *check, guint64 sequence)
{
	return check->shown >= sequence;
}

static bool is_free(Check *check, guint64 bit)
{
	return !(atomic_load(&check->server->held) >> bit & 1);
}

static guint32 *slot_pixels(Check *check, guint slot)
{
	return check->pixels + (gsize)slot * check->stride / 4 * check->height;
}

static void fill(Check *check, guint slot, guint32 color)
{
	guint32 *pixels = slot_pixels(check, slot);

	for (gsize i = 0; i < (gsize)check->stride / 4 * check->height; i++)
		pixels[i] = color;
}

static MaqFramebufferCommit commit_of(Check *check, guint pool, guint slot)
{
	MaqFramebufferCommit commit = {
		.sequence = ++check->sequence,
		.mode_serial = (guint32)(mode(check) >> 32),
		.pool = pool,
		.slot = slot,
		.stride = check->stride,
		.format = MAQ_FRAMEBUFFER_FORMAT_XRGB8888,
		.width = (guint16)MIN(mode_width(check), check->width),
		.height = (guint16)MIN(mode_height(check), check->height),
		.flags = MAQ_FRAMEBUFFER_COMMIT_FLAGS_WHOLE,
	};

	return commit;
}

static void put(Check *check, const MaqFramebufferCommit *commit)
{
	maq_ring_push(&check->commits, commit);
	if (maq_ring_reader_sleeps(&check->commits))
		maq_framebuffer_signal_commit(check->framebuffer);
}

static guint64 commit_slot(Check *check, guint pool, guint slot)
{
	MaqFramebufferCommit commit = commit_of(check, pool, slot);

	put(check, &commit);
	return check->sequence;
}

static bool make_pool(Check *check)
{
	gsize size;

	check->width = 1024;
	check->height = 768;
	check->stride = check->width * 4;
	size = (gsize)check->stride * check->height * SLOTS;
	check->pool_fd = maq_dataspace_new("pool", size, NULL);
	check->pixels =
		check->pool_fd < 0 ? NULL : maq_map(check->pool_fd, true, NULL, NULL);
	return check->pixels != NULL;
}

static MaqFramebufferError attach(Check *check, guint32 id)
{
	return maq_framebuffer_attach_pool(check->framebuffer, id, check->pool_fd, SLOTS,
		(guint16)check->width, (guint16)check->height, check->stride);
}

/* The colour in the middle of the display; waits until it is that. */
static guint32 seen(Check *check)
{
	guint32 width = 0, height = 0, color = 0xffffffff;
	maq_autofd int fd = -1;
	gsize size = 0;

	if (maq_capture_capture(check->capture, &width, &height, &fd) != MAQ_CAPTURE_OK)
		return color;
	const guint32 *pixels = maq_map(fd, false, &size, NULL);
	if (pixels)
		color = pixels[(gsize)(height * 2 / 3) * width + width / 2] & 0xffffff;
	maq_unmap(pixels, size);
	return color;
}

static bool is_seen(Check *check, guint64 color)
{
	return seen(check) == color;
}

static void changed(void *data)
{
	(void)data; /* the loop goes on, and looks again */
}

/* ---- Framebuffer ---- */

static void on_mode(void *data)
{
	((Check *)data)->modes++;
}

static void on_sync(void *data)
{
	((Check *)data)->syncs++;
}

static bool open_framebuffer(Check *check, GError **error)
{
	maq_autofd int own = -1, server = -1;
	void *page = NULL;
	gsize size = 0;

	check->framebuffer = maq_framebuffer_open(check->env, "", 0, 0, error);
	if (!check->framebuffer || !make_pool(check))
		return false;
	own = maq_dataspace_new_readable("page", 4096, &page, error);
	check->client = page;
	say(check, attach(check, 0) == MAQ_FRAMEBUFFER_PAGES_MISSING, "pages come first");
	if (maq_framebuffer_pages(check->framebuffer, own, &server) != MAQ_FRAMEBUFFER_OK)
		return false;
	say(check,
		maq_framebuffer_pages(check->framebuffer, own, NULL) ==
			MAQ_FRAMEBUFFER_DONE_ALREADY,
		"pages only once");
	say(check, fcntl(server, F_GET_SEALS) & F_SEAL_FUTURE_WRITE,
		"the server's page is the server's");
	check->server = (void *)(guintptr)maq_map(server, false, &size, error);
	if (!check->server)
		return false;
	maq_framebuffer_commits_writer(&check->commits, check->client, check->server);
	maq_framebuffer_on_mode(check->framebuffer, on_mode, check);
	maq_framebuffer_on_answered(check->framebuffer, changed, check);
	maq_framebuffer_on_released(check->framebuffer, changed, check);
	maq_framebuffer_on_sync(check->framebuffer, on_sync, check);
	return true;
}

static void check_first(Check *check)
{
	guint64 first;

	say(check, mode(check) >> 32 && mode_width(check) && mode_height(check),
		"a mode from the start");
	say(check, attach(check, 0) == MAQ_FRAMEBUFFER_OK, "a pool is attached");
	say(check, attach(check, 0) == MAQ_FRAMEBUFFER_ID_IN_USE, "but once");
	fill(check, 0, 0x123456);
	first = commit_slot(check, 0, 0);
	say(check, until(check, is_shown, first), "a frame is shown");
	say(check, !is_free(check, 0), "and its slot held");
	say(check, until(check, is_seen, 0x123456), "and seen");
}

/* One at a time: exactly one of the two counters moves. */
static void check_answers(Check *check)
{
	bool well = true;

	for (guint i = 0; i < 40 && well; i++) {
		guint64 shown = check->shown, discarded = check->discarded;
		bool good = i % 3 != 1;
		guint64 sequence = commit_slot(check, good ? 0 : 7, i % SLOTS);

		well = until(check, is_answered, sequence) &&
		       (good ? check->shown == sequence && check->discarded == discarded
			     : check->discarded == sequence && check->shown == shown);
	}
	say(check, well, "each commit is answered, shown or discarded, exactly once");
}

static void check_burst(Check *check)
{
	bool well = true;

	for (guint round = 0; round < 20 && well; round++) {
		guint64 last = 0;

		for (guint i = 0; i < 16; i++) {
			guint slot = (i + round) % SLOTS;

			if (round == 19 && i > 12)
				fill(check, slot, 0x0a0b00 + i);
			last = commit_slot(check, 0, slot);
		}
		well = until(check, is_answered, last) && check->shown == last;
	}
	say(check, well, "of a burst the last is shown");
	say(check, until(check, is_seen, 0x0a0b0f), "and seen");
	say(check, !check->went_back, "no answer was taken back");
}

static bool one_is_held(Check *check, guint64 mask)
{
	guint64 held = atomic_load(&check->server->held) & mask;

	return held && !(held & (held - 1));
}

static void check_held(Check *check)
{
	bool well = true;

	for (guint i = 0; i < 2 * SLOTS && well; i++) {
		guint64 sequence = commit_slot(check, 0, i % SLOTS);

		well = until(check, is_shown, sequence) && !is_free(check, i % SLOTS) &&
		       until(check, one_is_held, 7);
	}
	say(check, well, "what is shown is held, what was is free");
}

static void check_retire(Check *check)
{
	guint64 sequence;

	fill(check, 1, 0x445566);
	sequence = commit_slot(check, 0, 1);
	until(check, is_shown, sequence);
	say(check,
		maq_framebuffer_retire_pool(check->framebuffer, 0) == MAQ_FRAMEBUFFER_OK,
		"a pool is retired");
	say(check,
		maq_framebuffer_retire_pool(check->framebuffer, 0) ==
			MAQ_FRAMEBUFFER_UNKNOWN_POOL,
		"but once");
	settle(check);
	say(check, !is_free(check, 1) && is_seen(check, 0x445566),
		"its last frame stays until the next one");
	say(check, attach(check, 0) == MAQ_FRAMEBUFFER_ID_IN_USE,
		"its id is in use until it is drained");
	sequence = commit_slot(check, 0, 2);
	say(check, until(check, is_answered, sequence) && check->discarded == sequence,
		"a commit of a retired pool is discarded");
	say(check, attach(check, 5) == MAQ_FRAMEBUFFER_OK, "another pool is attached");
	sequence = commit_slot(check, 5, 0);
	say(check, until(check, is_shown, sequence) && until(check, is_free, 1),
		"with its first frame the old one is drained");
	say(check, attach(check, 0) == MAQ_FRAMEBUFFER_OK, "and its id free");
	sequence = commit_slot(check, 0, 0);
	until(check, is_shown, sequence);
	maq_framebuffer_retire_pool(check->framebuffer, 5);
}

static void check_wild(Check *check)
{
	static const struct {
		guint32 slot, offset, stride, rects;
		guint16 width, height;
	} wild[] = {{4, 0, 4096, 0, 64, 64}, {0, 2, 4096, 0, 64, 64},
		{0, 4096 * 768, 4096, 0, 64, 64}, {0, 0, 4, 0, 64, 64},
		{0, 0, 4098, 0, 64, 64}, {0, 0, 4096, 9, 64, 64}, {0, 0, 4096, 0, 0, 64},
		{0, 0, 4096, 0, 64, 65535},
		{77, 0xfffffffc, 0xfffffffc, 0xffffffff, 1, 1}};
	bool well = true;

	for (guint i = 0; i < G_N_ELEMENTS(wild) && well; i++) {
		MaqFramebufferCommit commit = commit_of(check, 0, wild[i].slot);

		commit.offset = wild[i].offset;
		commit.stride = wild[i].stride;
		commit.rect_count = wild[i].rects;
		commit.width = wild[i].width;
		commit.height = wild[i].height;
		put(check, &commit);
		well = until(check, is_answered, commit.sequence) &&
		       check->discarded == commit.sequence;
	}
	say(check, well, "wild commits are discarded");
}

static bool sync_read(Check *check, guint64 *sequence, guint64 *input, guint64 *time)
{
	MaqFramebufferServerPage *page = check->server;
	guint64 lock = atomic_load(&page->sync_lock);

	*sequence = atomic_load(&page->sync_sequence);
	*input = atomic_load(&page->sync_input);
	*time = atomic_load(&page->time);
	return !(lock & 1) && atomic_load(&page->sync_lock) == lock;
}

static bool has_synced(Check *check, guint64 sequence)
{
	return atomic_load(&check->server->sync_sequence) >= sequence && check->syncs;
}

static void check_sync(Check *check)
{
	guint64 vblank = atomic_load(&check->server->vblank), sequence, input, time;
	guint64 before = maq_env_binding(check->env)->now();
	MaqFramebufferCommit commit = commit_of(check, 0, 1);

	check->syncs = 0;
	commit.input_seq = 4711;
	put(check, &commit);
	say(check, until(check, has_synced, commit.sequence), "sync follows");
	while (!sync_read(check, &sequence, &input, &time))
		;
	say(check, sequence == commit.sequence && input == 4711,
		"it names the frame and what it answers");
	say(check, time >= before && atomic_load(&check->server->vblank) > vblank,
		"its time and number go on");
}

static bool is_mode(Check *check, guint64 size)
{
	return (mode(check) & 0xffffffff) == size;
}

static bool is_later_mode(Check *check, guint64 serial)
{
	return mode(check) >> 32 > serial;
}

static void resize(Check *check, guint width, guint height)
{
	maq_event_resize(check->event, width, height);
}

static void check_modes(Check *check)
{
	guint64 size = mode(check) & 0xffffffff, serial, other, sequence;
	guint64 old = mode(check) >> 32;
	bool rises = true;

	for (guint i = 0; i < 30; i++) {
		serial = mode(check) >> 32;
		resize(check, 500 + i * 7 % 60, 400 + i * 11 % 40);
		look(check);
		rises = rises && mode(check) >> 32 >= serial;
		if (i % 3 == 0) /* drawn for whatever mode there was */
			until(check, is_answered, commit_slot(check, 0, i % SLOTS));
	}
	resize(check, 700, 500);
	say(check, until(check, is_later_mode, old) && rises, "serials of modes rise");
	settle(check);
	other = mode(check) & 0xffffffff;
	resize(check, 800, 600);
	say(check, until(check, is_mode, size), "the latest mode wins");
	say(check, check->modes > 0, "and is told");
	say(check, other != size, "every size has its mode");
	MaqFramebufferCommit commit = commit_of(check, 0, 0);
	commit.mode_serial = (guint32)old;
	put(check, &commit);
	say(check, until(check, is_answered, commit.sequence),
		"a commit for an old mode is answered");
	fill(check, 1, 0x778899);
	sequence = commit_slot(check, 0, 1);
	say(check, until(check, is_shown, sequence) && until(check, is_seen, 0x778899),
		"one for the new mode is shown");
}

static bool hint(Check *check, const guint16 *limits, guint32 flags)
{
	return maq_framebuffer_hints(check->framebuffer, limits[0], limits[1], limits[2],
		       limits[3], limits[4], limits[5], 120, flags,
		       "") == MAQ_FRAMEBUFFER_OK;
}

/* Wishes that contradict one another, or cannot be: the server goes on as it was. */
static void check_hints(Check *check)
{
	static const guint16 wild[][6] = {{500, 500, 100, 100, 0, 0}, {0, 0, 0, 0, 0, 0},
		{16383, 16383, 1, 1, 0, 0}, {0, 0, 1, 1, 16383, 1},
		{16383, 1, 16383, 1, 1, 16383}, {1, 1, 16383, 16383, 0, 7},
		{0, 0, 3, 0, 1, 1}, {0}};
	static const guint32 flags[] = {MAQ_FRAMEBUFFER_HINT_FLAGS_FIXED_ASPECT, 0,
		MAQ_FRAMEBUFFER_HINT_FLAGS_ALPHA |
			MAQ_FRAMEBUFFER_HINT_FLAGS_FIXED_ASPECT};
	guint64 size = mode(check) & 0xffffffff;
	bool well = true;

	for (guint i = 0; i < G_N_ELEMENTS(wild) * G_N_ELEMENTS(flags) && well; i++) {
		const guint16 *limits = wild[i / G_N_ELEMENTS(flags)];
		MaqFramebufferCommit commit;

		well = hint(check, limits, flags[i % G_N_ELEMENTS(flags)]);
		commit = commit_of(check, 0, i % SLOTS);
		commit.format = i % 2 ? MAQ_FRAMEBUFFER_FORMAT_ARGB8888
				      : MAQ_FRAMEBUFFER_FORMAT_XRGB8888;
		put(check, &commit);
		well = well && until(check, is_answered, commit.sequence) &&
		       mode_width(check) && mode_height(check);
	}
	say(check, well, "hints that cannot be are borne");
	hint(check, wild[G_N_ELEMENTS(wild) - 1], 0);
	say(check, until(check, is_mode, size), "and without them the mode is as before");
	fill(check, 2, 0x335577);
	guint64 sequence = commit_slot(check, 0, 2);
	say(check, until(check, is_shown, sequence) && until(check, is_seen, 0x335577),
		"and what is drawn is seen");
}

/* ---- start ---- */

static bool check_start(MaqEnv *env, GError **error)
{
	Check *check = maq_env_state(env, sizeof *check);
	bool window_manager = maq_config_bool(env, "window_manager", false);

	check->env = env;
	check->event = maq_event_open(env, "", error);
	check->capture = check->event ? maq_capture_open(env, "", error) : NULL;
	if (!check->capture)
		return false;
	maq_capture_on_changed(check->capture, changed, check);
	resize(check, 800, 600);
	if (!open_framebuffer(check, error) || !open_input(check, error))
		return false;
	settle(check); /* a tile may have to find its place */
	check_first(check);
	check_answers(check);
	check_burst(check);
	check_held(check);
	check_retire(check);
	check_wild(check);
	check_sync(check);
	check_modes(check);
	check_hints(check);
	check_input(check, window_manager);
	say(check, !check->went_back, "no answer was taken back at all");
	if (!check->failed)
		maq_log(env, "all kept");
	maq_exit(env, check->failed ? 1 : 0);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, check_start);
}
