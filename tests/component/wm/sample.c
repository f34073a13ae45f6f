// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sample - a tile of one colour that tells the log what it gets
 *
 * Requires  Framebuffer, Input, LOG, ROM
 * Config    color (hexadecimal, default 406080), title
 *           limits: MIN_WIDTH MIN_HEIGHT MAX_WIDTH MAX_HEIGHT ASPECT_WIDTH ASPECT_HEIGHT
 *           alpha: yes      color is aarrggbb, multiplied by alpha
 *           closes: yes     ends when it is asked to close
 *           stubborn: yes   keeps its first size, whatever the mode is
 *           mute: yes       draws once, never again
 *           flood: commits|titles|limits|sessions   without end, as fast as it can
 *           script: KEY=WHAT with WHAT urgent, title, color, exit, crash: done at that
 * key
 *
 * Logs: size WxH, key X, focus, blur, drawn N (when it may draw again)
 */
#include <maq/component.h>
#include <maq/display.h>
#include <maq/paint.h>

#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OTHER 0xc04040 /* its colour after the key c */

typedef struct {
	MaqEnv *env;
	MaqScreen *screen, *last;
	MaqEvents *events;
	guint32 color;
	int width, height; /* as drawn last */
	guint64 input_seq, titles;
	bool scheduled, drawn, waits;
} Sample;

static bool is(const Sample *sample, const char *tag)
{
	return maq_config_bool(sample->env, tag, false);
}

static bool floods(const Sample *sample, const char *what)
{
	return !strcmp(maq_config_string(sample->env, "flood", ""), what);
}

static void schedule(void *data);

static void draw(void *data)
{
	Sample *sample = data;
	MaqBuffer buffer;

	sample->scheduled = false;
	if (sample->drawn && is(sample, "mute"))
		return;
	if (!maq_screen_begin(sample->screen, &buffer)) {
		if (!sample->waits)
			maq_log(sample->env, "waits");
		sample->waits = true;
		return; /* ready calls again */
	}
	sample->waits = false;
	bool same = buffer.width == sample->width && buffer.height == sample->height;
	if (!same && sample->drawn && is(sample, "stubborn"))
		return; /* its last frame stays */
	if (!same)
		maq_log(sample->env, "size %dx%d", buffer.width, buffer.height);
	sample->width = buffer.width;
	sample->height = buffer.height;
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	maq_canvas_fill(
		canvas, (MaqRect){0, 0, sample->width, sample->height}, sample->color);
	maq_screen_commit(sample->screen, NULL, 0, sample->input_seq);
	sample->drawn = true;
	if (floods(sample, "commits"))
		schedule(sample);
}

static void again(void *data)
{
	draw(data);
}

static void schedule(void *data)
{
	Sample *sample = data;
	MaqLoop *loop = maq_env_loop(sample->env);

	if (sample->scheduled)
		return;
	sample->scheduled = true;
	if (floods(sample, "commits"))
		maq_loop_at(loop, maq_env_binding(sample->env)->now() + 1, again, sample);
	else
		maq_loop_defer(loop, draw, sample);
}

/* ---- hints ---- */

static void hinted(void *data, MaqFramebufferError status);

static void hint(Sample *sample, const char *title, bool urgent)
{
	unsigned limits[6] = {0};
	unsigned flags = urgent ? MAQ_FRAMEBUFFER_HINT_FLAGS_URGENT : 0;

	sscanf(maq_config_string(sample->env, "limits", ""), "%u %u %u %u %u %u",
		&limits[0], &limits[1], &limits[2], &limits[3], &limits[4], &limits[5]);
	if (limits[4])
		flags |= MAQ_FRAMEBUFFER_HINT_FLAGS_FIXED_ASPECT;
	if (is(sample, "alpha"))
		flags |= MAQ_FRAMEBUFFER_HINT_FLAGS_ALPHA;
	if (floods(sample, "limits")) /* another wish each time */
		limits[0] = 10 + (unsigned)(sample->titles % 900);
	maq_framebuffer_hints_async(maq_screen_framebuffer(sample->screen),
		(guint16)limits[0], (guint16)limits[1], (guint16)limits[2],
		(guint16)limits[3], (guint16)limits[4], (guint16)limits[5], 120, flags,
		title, hinted, sample);
}

static void hinted(void *data, MaqFramebufferError status)
{
	Sample *sample = data;

	if ((!floods(sample, "titles") && !floods(sample, "limits")) ||
		status != MAQ_FRAMEBUFFER_OK)
		return;
	g_autofree char *title =
		g_strdup_printf("title %" G_GUINT64_FORMAT, sample->titles++);
	hint(sample, title, sample->titles % 2);
}

/* ---- keys ---- */

static void act(Sample *sample, guint32 codepoint)
{
	switch (codepoint) {
	case 'u':
		hint(sample, maq_config_string(sample->env, "title", ""), true);
		break;
	case 't':
		hint(sample, "init -> nobody else", false);
		break;
	case 'c':
		sample->color = OTHER;
		schedule(sample);
		break;
	case 'x':
		maq_exit(sample->env, 0);
		break;
	default:
		break;
	}
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	Sample *sample = data;

	sample->input_seq = event->sequence;
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
		if (event->codepoint > ' ' && event->codepoint < 127)
			maq_log(sample->env, "key %c", (char)event->codepoint);
		else if (event->code == BTN_LEFT)
			maq_log(sample->env, "button %d,%d", event->x, event->y);
		act(sample, event->codepoint);
		break;
	case MAQ_INPUT_TYPE_FOCUS_ENTER:
		maq_log(sample->env, "focus");
		break;
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		maq_log(sample->env, "blur");
		break;
	default:
		break;
	}
}

/* ---- sessions ---- */

static void ignore(void *data)
{
	(void)data;
}

/* A new one with another label, then the end of that. */
static void open_another(void *data)
{
	Sample *sample = data;
	g_autofree char *label =
		g_strdup_printf("another %" G_GUINT64_FORMAT, sample->titles++);
	MaqScreen *screen =
		maq_screen_open(sample->env, label, 0, 0, ignore, sample, NULL);

	if (sample->titles == 100)
		maq_log(sample->env, "a hundred sessions");
	if (sample->last)
		maq_screen_close(sample->last);
	sample->last = screen;
	maq_loop_at(maq_env_loop(sample->env), maq_env_binding(sample->env)->now() + 1,
		open_another, sample);
}

static void asked_to_close(void *data)
{
	Sample *sample = data;

	maq_log(sample->env, "asked to close");
	if (is(sample, "closes"))
		maq_exit(sample->env, 0);
}

static bool sample_start(MaqEnv *env, GError **error)
{
	Sample *sample = maq_env_state(env, sizeof *sample);

	sample->env = env;
	sample->color =
		(guint32)strtoul(maq_config_string(env, "color", "406080"), NULL, 16);
	sample->screen = maq_screen_open(env, "", 0, 0, schedule, sample, error);
	if (!sample->screen)
		return false;
	maq_screen_on_close(sample->screen, asked_to_close, sample);
	sample->events = maq_events_open(env, "", event_arrived, sample, error);
	if (!sample->events)
		return false;
	maq_screen_set_alpha(sample->screen, is(sample, "alpha"));
	hint(sample, maq_config_string(env, "title", ""), false);
	if (floods(sample, "sessions"))
		open_another(sample);
	schedule(sample);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, sample_start);
}
