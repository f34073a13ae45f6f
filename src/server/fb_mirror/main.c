// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fb_mirror - one client on several displays at once
 *
 * Provides  Framebuffer, Input  to the client
 * Requires  Framebuffer, Input  of each output, under its name; LOG
 * Config    + output NAME   the first one that is there decides the size
 *
 * What the users of all of them do comes in one stream. An output that is away, or dies,
 * or does not read, harms nobody.
 */
#include "mirror.h"

#include <fcntl.h>
#include <string.h>

static void *newest(const GPtrArray *array)
{
	return array->len ? g_ptr_array_index(array, array->len - 1) : NULL;
}

const MaqFrame *mirror_frame(const Mirror *mirror)
{
	const MaqView *view = newest(mirror->views);

	return view ? maq_view_frame(view) : NULL;
}

void mirror_fit(Mirror *mirror)
{
	Output *primary = outputs_primary(mirror);
	int width, height;

	if (!primary)
		return;
	maq_screen_size(primary->screen, &width, &height);
	if (width == mirror->width && height == mirror->height)
		return;
	mirror->width = width;
	mirror->height = height;
	for (guint i = 0; i < mirror->views->len; i++)
		maq_view_set_mode(g_ptr_array_index(mirror->views, i), width, height);
	outputs_frame(mirror, NULL);
}

/* ---- the client's pictures ---- */

static void view_opened(void *owner, MaqView *view)
{
	Mirror *mirror = owner;

	g_ptr_array_add(mirror->views, view);
	maq_view_set_mode(view, mirror->width, mirror->height);
	outputs_frame(mirror, NULL);
}

static void note_answer(Mirror *mirror, guint64 input_seq)
{
	MaqSeat *seat = newest(mirror->seats);
	guint64 origin = seat && input_seq ? maq_seat_origin(seat, input_seq) : 0;
	Output *output = &mirror->outputs[origin % OUTPUTS_MAX];

	if (origin)
		output->input_seq = MAX(output->input_seq, origin / OUTPUTS_MAX);
}

/* Shown when it is drawn for those who take it; none is waited for. */
static void view_frame(void *owner, MaqView *view, const MaqFrame *frame)
{
	Mirror *mirror = owner;

	if (view == newest(mirror->views)) {
		note_answer(mirror, frame->input_seq);
		outputs_frame(mirror, frame);
	}
	maq_view_shown(view);
}

static void view_closed(void *owner, MaqView *view)
{
	Mirror *mirror = owner;

	g_ptr_array_remove(mirror->views, view);
	outputs_frame(mirror, NULL);
}

static const MaqViewOps view_ops = {
	.opened = view_opened,
	.frame = view_frame,
	.closed = view_closed,
};

/* ---- what users do ---- */

static bool is_held(const Output *output, guint16 code)
{
	return output->held[code / 8] >> (code % 8) & 1;
}

static bool others_hold(const Output *output, guint16 code)
{
	const Mirror *mirror = output->mirror;

	for (guint i = 0; i < mirror->n; i++)
		if (&mirror->outputs[i] != output && is_held(&mirror->outputs[i], code))
			return true;
	return false;
}

static void hold(Output *output, guint16 code, bool down)
{
	guint8 bit = (guint8)(1u << code % 8);

	if (down)
		output->held[code / 8] |= bit;
	else
		output->held[code / 8] &= (guint8)~bit;
}

static void send(Output *output, MaqInputEvent event)
{
	Mirror *mirror = output->mirror;
	MaqSeat *seat = newest(mirror->seats);
	MaqView *view = newest(mirror->views);
	guint64 number = (guint64)(output - mirror->outputs);

	if (!seat)
		return;
	event.mode_serial = view ? maq_view_mode_serial(view) : 0;
	maq_seat_pass(seat, &event, event.sequence * OUTPUTS_MAX + number);
}

/* A key goes down with the first output that presses it, up with the last. */
static void press_or_release(Output *output, const MaqInputEvent *event)
{
	bool others = others_hold(output, event->code);
	bool down = event->type == MAQ_INPUT_TYPE_PRESS;
	bool before = is_held(output, event->code);

	hold(output, event->code, down);
	if (down != before && !others)
		send(output, *event);
}

void mirror_event(Output *output, const MaqInputEvent *event)
{
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
	case MAQ_INPUT_TYPE_RELEASE:
		if (event->code < HELD_BYTES * 8)
			press_or_release(output, event);
		break;
	case MAQ_INPUT_TYPE_SNAPSHOT:
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		output_let_go(output);
		break;
	case MAQ_INPUT_TYPE_FOCUS_ENTER: /* the client has it as long as it is there */
	case MAQ_INPUT_TYPE_SNAPSHOT_END:
		break;
	default:
		send(output, *event);
	}
}

static void seat_opened(void *owner, MaqSeat *seat)
{
	Mirror *mirror = owner;
	MaqSeat *before = newest(mirror->seats);
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_LEAVE};

	if (before)
		maq_seat_send(before, &event);
	g_ptr_array_add(mirror->seats, seat);
	event.type = MAQ_INPUT_TYPE_FOCUS_ENTER;
	maq_seat_send(seat, &event);
}

static void seat_closed(void *owner, MaqSeat *seat)
{
	Mirror *mirror = owner;
	bool focused = seat == newest(mirror->seats);
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_FOCUS_ENTER};

	g_ptr_array_remove(mirror->seats, seat);
	if (focused && mirror->seats->len)
		maq_seat_send(newest(mirror->seats), &event);
}

/* Whose map counts is the primary output's. */
static int keymap(void *owner, MaqSeat *seat, guint32 *size)
{
	const Output *primary = outputs_primary(owner);

	(void)seat;
	if (!primary || primary->keymap < 0)
		return -1;
	*size = primary->keymap_size;
	return fcntl(primary->keymap, F_DUPFD_CLOEXEC, 0);
}

static const MaqSeatOps seat_ops = {
	.opened = seat_opened,
	.closed = seat_closed,
	.keymap = keymap,
};

static bool mirror_start(MaqEnv *env, GError **error)
{
	Mirror *mirror = maq_env_state(env, sizeof *mirror);

	mirror->env = env;
	mirror->views = g_ptr_array_new();
	mirror->seats = g_ptr_array_new();
	mirror->width = (int)CLAMP(maq_config_u64(env, "width", 1280), 1, 16383);
	mirror->height = (int)CLAMP(maq_config_u64(env, "height", 800), 1, 16383);
	outputs_open(mirror);
	return maq_views_provide(env, &view_ops, mirror, error) &&
	       maq_seats_provide(env, &seat_ops, mirror, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, mirror_start);
}
