// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * painter - a client that draws, for the benchmark of window managers
 *
 * Requires  Framebuffer, LOG, ROM
 * Config    what: frames   a frame 60 times a second
 *                 latency  one after the other, as soon as it is shown
 *                 follow   one for each mode
 *                 still    one
 *           damage: px of a square that changes; 0: everything (default)
 *           seconds: of the measurement (default 4), after one more
 */
#include <maq/component.h>
#include <maq/display.h>

#include <stdlib.h>
#include <string.h>

#define NS_PER_S   1000000000u
#define PERIOD_NS  (NS_PER_S / 60)
#define SAMPLES    200000u
#define WARM_UP_NS NS_PER_S

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;
	int damage;
	bool latency, follow, begun, scheduled;
	guint64 begin, end, next, committed;
	guint64 sequence; /* of our own commits */
	guint frames, modes;
	guint32 color, serial;
	guint32 *times; /* owned by env: ns */
	guint n_times;
} Painter;

static guint64 now(const Painter *painter)
{
	return maq_env_binding(painter->env)->now();
}

static int compare(const void *a, const void *b)
{
	guint32 left = *(const guint32 *)a, right = *(const guint32 *)b;

	return left < right ? -1 : left > right;
}

static void report(Painter *painter)
{
	qsort(painter->times, painter->n_times, sizeof *painter->times, compare);
	maq_log(painter->env, "end frames=%u modes=%u median_ns=%u p99_ns=%u",
		painter->frames, painter->modes,
		painter->n_times ? painter->times[painter->n_times / 2] : 0,
		painter->n_times ? painter->times[painter->n_times * 99 / 100] : 0);
	painter->end = G_MAXUINT64;
}

/* Between begin and end it is counted. */
static bool counts(Painter *painter)
{
	guint64 time = now(painter);

	if (time >= painter->end)
		report(painter);
	if (!painter->begun && time >= painter->begin) {
		painter->begun = true;
		painter->frames = painter->modes = painter->n_times = 0;
		maq_log(painter->env, "begin");
	}
	return painter->begun && painter->end != G_MAXUINT64;
}

static void paint(Painter *painter, const MaqBuffer *buffer, int size)
{
	int width = size && !buffer->fresh ? MIN(size, buffer->width) : buffer->width;
	int height = size && !buffer->fresh ? MIN(size, buffer->height) : buffer->height;

	painter->color = painter->color * 1664525 + 1013904223;
	for (int y = 0; y < height; y++)
		memset((char *)buffer->pixels + (gsize)y * buffer->stride,
			(int)(painter->color >> 24), (gsize)width * 4);
}

static bool draw(Painter *painter)
{
	MaqBuffer buffer;
	MaqFramebufferRect rect;

	if (!maq_screen_begin(painter->screen, &buffer))
		return false;
	paint(painter, &buffer, painter->damage);
	rect = (MaqFramebufferRect){0, 0, (guint16)MIN(painter->damage, buffer.width),
		(guint16)MIN(painter->damage, buffer.height)};
	painter->committed = now(painter);
	maq_screen_commit(
		painter->screen, &rect, painter->damage && !buffer.fresh ? 1 : 0, 0);
	painter->sequence++;
	painter->frames++;
	return true;
}

static void tick(void *data)
{
	Painter *painter = data;

	counts(painter);
	draw(painter);
	painter->next += PERIOD_NS;
	maq_loop_at(maq_env_loop(painter->env), painter->next, tick, painter);
}

static void draw_next(void *data)
{
	Painter *painter = data;

	painter->scheduled = false;
	draw(painter);
}

static void shown(void *data)
{
	Painter *painter = data;
	guint64 took = now(painter) - painter->committed;

	if (!painter->sequence || maq_screen_shown(painter->screen) < painter->sequence ||
		painter->scheduled)
		return;
	if (counts(painter) && painter->n_times < SAMPLES)
		painter->times[painter->n_times++] = (guint32)took;
	painter->scheduled = true;
	maq_loop_defer(maq_env_loop(painter->env), draw_next, painter);
}

static void ready(void *data)
{
	Painter *painter = data;
	guint32 serial = maq_screen_mode_serial(painter->screen);

	if (painter->follow)
		counts(painter);
	if (serial == painter->serial && painter->sequence)
		return;
	if (draw(painter)) {
		painter->serial = serial;
		painter->modes++;
	}
}

static void poll(void *data)
{
	Painter *painter = data;

	counts(painter);
	maq_loop_at(
		maq_env_loop(painter->env), now(painter) + NS_PER_S / 20, poll, painter);
}

static bool painter_start(MaqEnv *env, GError **error)
{
	Painter *painter = maq_env_state(env, sizeof *painter);
	const char *what = maq_config_string(env, "what", "frames");

	painter->env = env;
	painter->damage = (int)MIN(maq_config_u64(env, "damage", 0), 16383);
	painter->latency = !strcmp(what, "latency");
	painter->follow = !strcmp(what, "follow");
	painter->times = g_new0(guint32, SAMPLES);
	maq_env_own(env, painter->times);
	painter->screen = maq_screen_open(env, "", 0, 0, ready, painter, error);
	if (!painter->screen)
		return false;
	painter->begin = now(painter) + WARM_UP_NS;
	painter->end = painter->begin + maq_config_u64(env, "seconds", 4) * NS_PER_S;
	painter->next = now(painter) + PERIOD_NS;
	if (painter->latency) {
		maq_screen_on_released(painter->screen, shown, painter);
		maq_screen_listen(painter->screen, true);
	}
	ready(painter);
	if (!strcmp(what, "frames"))
		tick(painter);
	else if (!painter->latency && strcmp(what, "still") != 0)
		poll(painter);
	else if (!strcmp(what, "still"))
		maq_log(env, "drawn");
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, painter_start);
}
