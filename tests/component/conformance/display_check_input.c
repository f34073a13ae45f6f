// SPDX-License-Identifier: GPL-2.0-or-later
/* display_check_input - what a server of Input promises */
#include "display_check.h"

#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <string.h>

static void read_events(void *data)
{
	Check *check = data;
	MaqInputEvent event;
	int got;

	if (check->deaf)
		return;
	maq_ring_wake(&check->ring);
	do {
		while ((got = maq_ring_pop(&check->ring, &event)) == 1)
			if (check->n_events < EVENTS_MAX)
				check->events[check->n_events++] = event;
	} while (got == 0 && !maq_ring_sleep(&check->ring));
}

static void on_exclusive_ended(void *data)
{
	((Check *)data)->exclusive_ended++;
}

bool open_input(Check *check, GError **error)
{
	maq_autofd int own = -1, server = -1;
	void *page = NULL;
	gsize size = 0;

	check->input = maq_input_open(check->env, "", error);
	if (!check->input)
		return false;
	own = maq_dataspace_new_readable("page", 4096, &page, error);
	check->input_client = page;
	if (maq_input_pages(check->input, own, &server) != MAQ_INPUT_OK)
		return false;
	say(check, maq_input_pages(check->input, own, NULL) == MAQ_INPUT_DONE_ALREADY,
		"Input's pages only once");
	say(check, fcntl(server, F_GET_SEALS) & F_SEAL_FUTURE_WRITE,
		"Input's page is the server's");
	check->input_server = (void *)(guintptr)maq_map(server, false, &size, error);
	if (!check->input_server)
		return false;
	maq_input_events_reader(&check->ring, check->input_client, check->input_server);
	maq_ring_sleep(&check->ring);
	maq_input_on_input(check->input, read_events, check);
	maq_input_on_exclusive_ended(check->input, on_exclusive_ended, check);
	read_events(check);
	return true;
}

static const MaqInputEvent *find(const Check *check, MaqInputType type, guint16 code)
{
	for (guint i = check->n_events; i-- > 0;)
		if (check->events[i].type == type && check->events[i].code == code)
			return &check->events[i];
	return NULL;
}

static bool has(Check *check, guint64 type_and_code)
{
	return find(check, (MaqInputType)(type_and_code >> 16), (guint16)type_and_code) !=
	       NULL;
}

static bool comes(Check *check, MaqInputType type, guint16 code)
{
	return until(check, has, (guint64)type << 16 | code);
}

static void key(Check *check, guint32 keysym, bool down)
{
	maq_event_key(check->event, keysym, down);
}

static void pointer(Check *check, int x, int y, guint32 buttons)
{
	maq_event_pointer(check->event, x, y, buttons);
}

static void check_keys(Check *check)
{
	bool rises = true;

	say(check, comes(check, MAQ_INPUT_TYPE_FOCUS_ENTER, 0), "focus comes");
	check->n_events = 0;
	key(check, 'a', true);
	key(check, 'a', true);
	key(check, 'a', false);
	say(check, comes(check, MAQ_INPUT_TYPE_RELEASE, KEY_A), "a key comes and goes");
	const MaqInputEvent *press = find(check, MAQ_INPUT_TYPE_PRESS, KEY_A);
	say(check, press && press->codepoint == 'a' && press->time, "with its character");
	say(check, find(check, MAQ_INPUT_TYPE_REPEAT, KEY_A) != NULL,
		"held, it is repeated");
	for (guint i = 1; i < check->n_events; i++)
		rises = rises &&
			check->events[i].sequence > check->events[i - 1].sequence &&
			check->events[i].time >= check->events[i - 1].time;
	say(check, rises, "numbers and times of events rise");
}

static bool is_within(const Check *check, const MaqInputEvent *event)
{
	return event && event->x >= 0 && event->y >= 0 &&
	       event->x < (int)mode_width(check) && event->y < (int)mode_height(check);
}

static void check_pointer(Check *check)
{
	const MaqInputEvent *event;

	check->n_events = 0;
	pointer(check, 400, 400, 0);
	comes(check, MAQ_INPUT_TYPE_MOTION, 0);
	event = find(check, MAQ_INPUT_TYPE_MOTION, 0);
	say(check, is_within(check, event), "motion comes");
	say(check, event && event->mode_serial == mode(check) >> 32,
		"with the mode that it belongs to");
	pointer(check, 400, 400, 8);
	pointer(check, 400, 400, 0);
	comes(check, MAQ_INPUT_TYPE_WHEEL, 0);
	event = find(check, MAQ_INPUT_TYPE_WHEEL, 0);
	say(check, event && event->y == 120 && !event->x, "a notch of the wheel is 120");
	check->n_events = 0;
	pointer(check, 400, 400, 1);
	pointer(check, 2, 2, 1);
	pointer(check, 2, 2, 0);
	say(check,
		comes(check, MAQ_INPUT_TYPE_RELEASE, BTN_LEFT) &&
			find(check, MAQ_INPUT_TYPE_PRESS, BTN_LEFT) &&
			find(check, MAQ_INPUT_TYPE_MOTION, 0),
		"who gets the press keeps the pointer until the release");
	pointer(check, 400, 400, 0);
}

/* What is held, from all events since the last time. */
static void replay(const Check *check, bool held[KEY_CNT])
{
	for (guint i = 0; i < check->n_events; i++) {
		const MaqInputEvent *event = &check->events[i];

		if (event->type == MAQ_INPUT_TYPE_PRESS)
			held[event->code] = true;
		else if (event->type == MAQ_INPUT_TYPE_RELEASE)
			held[event->code] = false;
		else if (event->type == MAQ_INPUT_TYPE_SNAPSHOT ||
			 event->type == MAQ_INPUT_TYPE_FOCUS_LEAVE)
			memset(held, 0, KEY_CNT * sizeof *held);
	}
}

static bool has_state(Check *check, guint64 wanted)
{
	bool held[KEY_CNT] = {false};

	held[KEY_C] = true; /* before */
	replay(check, held);
	for (guint16 code = 0; code < KEY_CNT; code++)
		if (held[code] != (code == wanted))
			return false;
	return true;
}

#define BURST    300u  /* keys: more than the ring holds, */
#define OVERFLOW 2600u /* and more than a server keeps in line */

/* While nobody reads; the last is a release, or a press. */
static void overflow(Check *check, guint keys, guint32 last, bool down)
{
	check->n_events = 0;
	check->deaf = true;
	for (guint i = 0; i < keys; i++) {
		key(check, 'd', true);
		key(check, 'd', false);
		pointer(check, 300 + (int)(i % 100), 400, i % 2 ? 8 : 0);
	}
	pointer(check, 400, 400, 0);
	key(check, last, down);
	settle(check);
	check->deaf = false;
	read_events(check);
}

static guint count(const Check *check, MaqInputType type, guint16 code)
{
	guint n = 0;

	for (guint i = 0; i < check->n_events; i++)
		n += check->events[i].type == type && check->events[i].code == code;
	return n;
}

/* A text that is typed at once. */
static void check_burst(Check *check)
{
	key(check, 'c', true);
	comes(check, MAQ_INPUT_TYPE_PRESS, KEY_C);
	overflow(check, BURST, 'c', false);
	say(check,
		comes(check, MAQ_INPUT_TYPE_RELEASE, KEY_C) &&
			count(check, MAQ_INPUT_TYPE_PRESS, KEY_D) == BURST &&
			count(check, MAQ_INPUT_TYPE_RELEASE, KEY_D) == BURST &&
			!find(check, MAQ_INPUT_TYPE_SNAPSHOT, 0),
		"no key of a burst is missing");
}

static void check_overflow(Check *check)
{
	key(check, 'c', true);
	comes(check, MAQ_INPUT_TYPE_PRESS, KEY_C);
	overflow(check, OVERFLOW, 'c', false);
	say(check, until(check, has_state, KEY_CNT),
		"after an overflow no release is missing");
	/* its end may be read later than what is held */
	say(check,
		find(check, MAQ_INPUT_TYPE_SNAPSHOT, 0) &&
			comes(check, MAQ_INPUT_TYPE_SNAPSHOT_END, 0),
		"a snapshot has told");
	key(check, 'c', true);
	settle(check);
	overflow(check, OVERFLOW, 'e', true);
	key(check, 'c', false);
	say(check, until(check, has_state, KEY_E), "nor a press");
	key(check, 'e', false);
	settle(check);
}

/* Motion alone never needs a snapshot: it is merged. */
static void check_merged(Check *check)
{
	const MaqInputEvent *last;
	int wheel = 0;

	check->n_events = 0;
	check->deaf = true;
	for (int i = 0; i < 400; i++)
		pointer(check, 200 + i % 200, 400 + i % 3, i % 2 ? 8 : 0);
	pointer(check, 333, 401, 0);
	settle(check);
	check->deaf = false;
	read_events(check);
	settle(check);
	last = find(check, MAQ_INPUT_TYPE_MOTION, 0);
	for (guint i = 0; i < check->n_events; i++)
		if (check->events[i].type == MAQ_INPUT_TYPE_WHEEL)
			wheel += check->events[i].y;
	say(check, last && !find(check, MAQ_INPUT_TYPE_SNAPSHOT, 0) && wheel == 200 * 120,
		"motion and wheel are merged, not lost");
}

static void check_keymap(Check *check)
{
	maq_autofd int fd = -1;
	guint32 length = 0;
	gsize size = 0;
	MaqInputError status = maq_input_keymap(check->input, &length, &fd);
	const char *text = fd < 0 ? NULL : maq_map(fd, false, &size, NULL);

	say(check,
		status == MAQ_INPUT_OK && text && length < size && !text[length] &&
			strlen(text) == length && g_str_has_prefix(text, "xkb_keymap"),
		"a key map is offered");
	say(check, fd >= 0 && fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE,
		"that nobody can change");
	maq_unmap(text, size);
}

static void check_exclusive(Check *check)
{
	MaqInputError status = maq_input_exclusive(check->input, true);

	check->n_events = 0;
	if (status == MAQ_INPUT_REFUSED) {
		say(check, true, "exclusive is refused");
		return;
	}
	settle(check); /* it may be refused further down */
	if (check->exclusive_ended) {
		say(check, true, "exclusive is refused later");
		return;
	}
	pointer(check, 420, 410, 0);
	say(check, comes(check, MAQ_INPUT_TYPE_RELATIVE, 0),
		"caught, motion is relative");
	say(check, !find(check, MAQ_INPUT_TYPE_MOTION, 0), "and only that");
	say(check, maq_input_exclusive(check->input, false) == MAQ_INPUT_OK,
		"the pointer is let go");
	settle(check);
	check->n_events = 0;
	pointer(check, 430, 420, 0);
	say(check, comes(check, MAQ_INPUT_TYPE_MOTION, 0), "and moves again");
}

/* Another client takes the focus, as soon as it can hear of keys: who has lost it is
 * told, and told when it is back. */
static void check_focus(Check *check)
{
	void *page = NULL;
	maq_autofd int own = maq_dataspace_new_readable("page", 4096, &page, NULL);
	MaqInput *other;

	maq_unmap(page, 4096);
	key(check, 'f', true);
	comes(check, MAQ_INPUT_TYPE_PRESS, KEY_F);
	check->n_events = 0;
	other = maq_input_open(check->env, "other", NULL);
	settle(check);
	say(check, !find(check, MAQ_INPUT_TYPE_FOCUS_LEAVE, 0),
		"who cannot hear gets no focus");
	maq_input_pages(other, own, NULL);
	say(check, comes(check, MAQ_INPUT_TYPE_FOCUS_LEAVE, 0),
		"who loses the focus is told");
	maq_input_close(other);
	say(check, comes(check, MAQ_INPUT_TYPE_FOCUS_ENTER, 0), "and when it is back");
	key(check, 'f', false);
}

void check_input(Check *check, bool window_manager)
{
	check_keys(check);
	check_pointer(check);
	check_burst(check);
	check_overflow(check);
	check_merged(check);
	check_keymap(check);
	check_exclusive(check);
	if (!window_manager)
		check_focus(check);
}
