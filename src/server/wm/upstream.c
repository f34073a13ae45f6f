// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upstream - what clients of Input ask for, and we have from our own server: the key map,
 * the pointer alone, and which of our server's events a frame answers
 *
 * Nothing here waits for that server.
 */
#include "wm.h"

#include <maq/memory.h>

#include <fcntl.h>
#include <linux/input-event-codes.h>

/* ---- the key map ---- */

static void each_seat(Wm *wm, void (*tell)(MaqSeat *seat))
{
	for (guint i = 0; i < wm->seats->len; i++)
		tell(wm->seats->pdata[i]);
}

static void got_keymap(void *data, MaqInputError status, guint32 size, int content)
{
	Head *head = data;
	maq_autofd int fd = content;

	if (status != MAQ_INPUT_OK)
		return;
	maq_clear_fd(&head->wm->keymap_fd);
	head->wm->keymap_fd = maq_steal_fd(&fd);
	head->wm->keymap_size = size;
	each_seat(head->wm, maq_seat_keymap_changed);
}

static void keymap_changed(void *data)
{
	Head *head = data;
	MaqInput *input = maq_events_input(head->events);

	if (input)
		maq_input_keymap_async(input, got_keymap, head);
}

int upstream_keymap(void *owner, MaqSeat *seat, guint32 *size)
{
	Wm *wm = owner;

	(void)seat;
	*size = wm->keymap_size;
	return wm->keymap_fd < 0 ? -1 : fcntl(wm->keymap_fd, F_DUPFD_CLOEXEC, 0);
}

/* ---- the pointer alone ---- */

static Head *head_of(const Wm *wm, const Tile *tile)
{
	for (guint i = 0; i < wm->n_heads; i++) {
		Head *head = wm->heads[i];

		if (tile->area.x >= head->area.x &&
			tile->area.x < head->area.x + head->area.width)
			return head;
	}
	return wm->heads[0];
}

static void let_go(void *data, MaqInputError status)
{
	(void)data, (void)status;
}

static void ended(void *data)
{
	Wm *wm = ((Head *)data)->wm;
	Tile *tile = g_steal_pointer(&wm->exclusive);

	if (tile && tile->seat)
		maq_seat_exclusive_ended(tile->seat);
}

static void caught(void *data, MaqInputError status)
{
	if (status != MAQ_INPUT_OK)
		ended(data);
}

void upstream_end_exclusive(Wm *wm, bool tell)
{
	Tile *tile = wm->exclusive;
	MaqInput *input = tile ? maq_events_input(head_of(wm, tile)->events) : NULL;

	wm->exclusive = NULL;
	if (input)
		maq_input_exclusive_async(input, false, let_go, wm);
	if (tell && tile && tile->seat)
		maq_seat_exclusive_ended(tile->seat);
}

/* The focused tile may; whether our own server can, is told later. */
bool upstream_exclusive(void *owner, MaqSeat *seat, bool on)
{
	Wm *wm = owner;
	Tile *tile = wm->focused;

	if (!on) {
		if (wm->exclusive && wm->exclusive->seat == seat)
			upstream_end_exclusive(wm, false);
		return true;
	}
	if (!tile || tile->seat != seat || tile->frozen || overlay_shown(wm))
		return false;
	Head *head = head_of(wm, tile);
	MaqInput *input = maq_events_input(head->events);
	if (!input)
		return false;
	wm->exclusive = tile;
	maq_input_exclusive_async(input, true, caught, head);
	return true;
}

bool upstream_takes(Wm *wm, const MaqInputEvent *event)
{
	const Tile *tile = wm->exclusive;
	bool button = event->code >= BTN_MISC && event->code < KEY_OK;

	if (!tile || !tile->seat)
		return false;
	if (event->type != MAQ_INPUT_TYPE_RELATIVE &&
		event->type != MAQ_INPUT_TYPE_WHEEL &&
		event->type != MAQ_INPUT_TYPE_MOTION &&
		!(button && (event->type == MAQ_INPUT_TYPE_PRESS ||
				    event->type == MAQ_INPUT_TYPE_RELEASE)))
		return false;
	if (event->type != MAQ_INPUT_TYPE_MOTION) /* one that was on its way */
		upstream_pass(tile, event);
	return true;
}

/* ---- answers ---- */

/* The number of an event and the head that it came from, as one. */
void upstream_begin(Head *head, guint64 sequence)
{
	Wm *wm = head->wm;

	wm->passed = false;
	wm->origin = sequence * LAYOUT_OUTPUTS;
	for (guint i = 0; i < wm->n_heads; i++)
		if (wm->heads[i] == head)
			wm->origin += i;
}

/* What went to no client is answered by what we draw next. */
void upstream_end(Head *head, guint64 sequence)
{
	if (!head->wm->passed)
		head->input_seq = MAX(head->input_seq, sequence);
	head->wm->origin = 0;
}

void upstream_pass(const Tile *tile, const MaqInputEvent *event)
{
	tile->wm->passed = true;
	maq_seat_pass(tile->seat, event, tile->wm->origin);
}

void upstream_answered(const Tile *tile, guint64 input_seq)
{
	guint64 origin =
		tile->seat && input_seq ? maq_seat_origin(tile->seat, input_seq) : 0;
	Head *head = tile->wm->heads[origin % LAYOUT_OUTPUTS];

	if (head)
		head->input_seq = MAX(head->input_seq, origin / LAYOUT_OUTPUTS);
}

/* ---- sessions ---- */

static void opened(void *data)
{
	Head *head = data;
	MaqInput *input = maq_events_input(head->events);

	head->input_seq = 0; /* another server counts anew */
	maq_input_on_keymap_changed(input, keymap_changed, head);
	maq_input_on_exclusive_ended(input, ended, head);
	keymap_changed(head);
}

void upstream_follow(Head *head)
{
	maq_events_on_opened(head->events, opened, head);
	opened(head);
}
