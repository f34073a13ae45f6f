// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outputs - the displays, each drawn at its own pace
 *
 * One that is away is asked for again and again; one that takes no frame is drawn when it
 * does. Neither holds up the others.
 */
#include "mirror.h"

#define AGAIN_NS 500000000u

static void open_output(Output *output);

static void again(void *data)
{
	Output *output = data;

	output->again = NULL;
	open_output(output);
}

static void try_later(Output *output)
{
	MaqEnv *env = output->mirror->env;

	if (!output->again)
		output->again = maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() + AGAIN_NS, again, output);
}

/* ---- drawing ---- */

static void copy_part(MaqCanvas *canvas, const MaqFrame *frame, MaqRect part)
{
	g_autoptr(MaqCanvas) picture =
		!frame ? NULL
		       : maq_canvas_new((guint32 *)frame->pixels, frame->width,
				 frame->height, (int)frame->stride);
	MaqRect whole = {0, 0, frame ? frame->width : 0, frame ? frame->height : 0};
	MaqRect there = maq_rect_intersect(part, whole);

	if (there.width < part.width || there.height < part.height)
		maq_canvas_fill(canvas, part, 0);
	if (picture && !maq_rect_empty(there))
		maq_canvas_copy(canvas, there.x, there.y, picture, there);
}

static void draw(Output *output)
{
	const MaqFrame *frame = mirror_frame(output->mirror);
	MaqFramebufferRect told[8];
	MaqRect rects[8];
	MaqBuffer buffer;
	unsigned n = 1;
	int dx = 0, dy = 0;

	if ((!output->redraw && maq_damage_empty(&output->damage)) || !output->screen ||
		!maq_screen_begin(output->screen, &buffer))
		return; /* ready calls again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	rects[0] = maq_canvas_bounds(canvas);
	maq_damage_clip(&output->damage, rects[0]);
	if (!output->redraw && !buffer.fresh)
		n = maq_damage_rects(&output->damage, rects, 8, &dx, &dy);
	for (unsigned i = 0; i < n; i++) {
		copy_part(canvas, frame, rects[i]);
		told[i] = (MaqFramebufferRect){(guint16)rects[i].x, (guint16)rects[i].y,
			(guint16)rects[i].width, (guint16)rects[i].height};
	}
	maq_screen_moved(output->screen, dx, dy);
	if (n)
		maq_screen_commit(output->screen, told, n, output->input_seq);
	output->redraw = false;
	maq_damage_clear(&output->damage);
}

/* Beside a smaller picture than the one before it, something is to become black. */
static bool has_other_size(Mirror *mirror, const MaqFrame *frame)
{
	bool other = frame->width != mirror->drawn_width ||
		     frame->height != mirror->drawn_height;

	mirror->drawn_width = frame->width;
	mirror->drawn_height = frame->height;
	return other;
}

static void damage(Output *output, const MaqFrame *frame, unsigned i)
{
	const MaqFramebufferRect *rect = &frame->rects[i];
	MaqRect area = {rect->x, rect->y, rect->width, rect->height};

	if (!i && (frame->moved_x || frame->moved_y))
		maq_damage_move(&output->damage, area, frame->moved_x, frame->moved_y);
	else
		maq_damage_add(&output->damage, area);
}

void outputs_frame(Mirror *mirror, const MaqFrame *frame)
{
	bool all = !frame || has_other_size(mirror, frame);

	for (guint i = 0; i < mirror->n; i++) {
		Output *output = &mirror->outputs[i];

		output->redraw = output->redraw || all;
		for (unsigned j = 0; frame && j < frame->n_rects; j++)
			damage(output, frame, j);
		draw(output);
	}
}

static void ready(void *data)
{
	Output *output = data;

	if (output->screen && maq_screen_is_fresh(output->screen))
		output->redraw = true;
	mirror_fit(output->mirror);
	draw(output);
}

Output *outputs_primary(Mirror *mirror)
{
	for (guint i = 0; i < mirror->n; i++)
		if (mirror->outputs[i].screen &&
			maq_screen_framebuffer(mirror->outputs[i].screen))
			return &mirror->outputs[i];
	return NULL;
}

/* ---- input ---- */

void output_let_go(Output *output)
{
	for (guint16 code = 0; code < HELD_BYTES * 8; code++)
		if (output->held[code / 8] >> code % 8 & 1)
			mirror_event(
				output, &(MaqInputEvent){.type = MAQ_INPUT_TYPE_RELEASE,
						.code = code});
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	mirror_event(data, event);
}

/* The map is asked for early: nobody is waited for when a client wants it. */
static void got_keymap(void *data, MaqInputError status, guint32 size, int content)
{
	Output *output = data;
	maq_autofd int fd = content;

	if (status != MAQ_INPUT_OK)
		return;
	maq_clear_fd(&output->keymap);
	output->keymap = maq_steal_fd(&fd);
	output->keymap_size = size;
}

static void keymap_changed(void *data)
{
	Output *output = data;

	if (maq_events_input(output->events))
		maq_input_keymap_async(
			maq_events_input(output->events), got_keymap, output);
}

static void follow_keymap(void *data)
{
	Output *output = data;

	maq_input_on_keymap_changed(
		maq_events_input(output->events), keymap_changed, output);
	keymap_changed(output);
}

/* ---- coming and going ---- */

/* From within its own handler a session is not closed. */
static void end(void *data)
{
	Output *output = data;
	bool was_there = output->screen && maq_screen_sessions(output->screen);

	output->ending = false;
	if (was_there)
		maq_log(output->mirror->env, "output %s has gone; the others go on",
			output->label);
	output_let_go(output);
	maq_events_close(g_steal_pointer(&output->events));
	maq_screen_close(g_steal_pointer(&output->screen));
	mirror_fit(output->mirror);
	try_later(output);
}

/* Both sessions may say so. */
static void given_up(void *data)
{
	Output *output = data;

	if (!output->ending)
		maq_loop_defer(maq_env_loop(output->mirror->env), end, output);
	output->ending = true;
}

/* Nothing of it waits for the server, which may be stopped at any moment. */
static void open_output(Output *output)
{
	MaqEnv *env = output->mirror->env;

	output->redraw = true;
	output->screen = maq_screen_open_later(env, output->label, ready, output);
	output->events = maq_events_open_later(env, output->label, event_arrived, output);
	maq_screen_on_lost(output->screen, given_up, output);
	maq_events_on_lost(output->events, given_up, output);
	maq_events_on_opened(output->events, follow_keymap, output);
}

void outputs_open(Mirror *mirror)
{
	const MaqHidNode *node = maq_hid_first(maq_config(mirror->env), "output");

	for (; node && mirror->n < OUTPUTS_MAX; node = maq_hid_next(node, "output")) {
		Output *output = &mirror->outputs[mirror->n++];

		output->mirror = mirror;
		output->label = g_strdup(maq_hid_string(node, "name", ""));
		maq_env_own(mirror->env, output->label);
		maq_damage_init(&output->damage);
		output->keymap = -1;
		open_output(output);
	}
}
