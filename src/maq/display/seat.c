// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * seat - the server's side of an Input session
 *
 * When little room is left in the ring, motion and turns of the wheel are merged and
 * wait. What does not fit waits in line, as a text that is typed at once has more keys
 * than the ring. Only of a client that reads nothing at all it is given up: the state of
 * keys, buttons and fingers is kept, and sent as a snapshot as soon as there is room
 * again. The client does not tell when it has read, so that we look again and again while
 * something waits.
 */
#include <maq/display.h>
#include <maq/memory.h>

#define CODES     768
#define PAGE_SIZE 12288
#define FINGERS   16
#define ORIGINS   256 /* events whose origin is known: all that the ring holds */
#define RESERVE   64  /* room that motion leaves to presses and releases */
/* a snapshot is a begin, the pressed codes, the position, fingers, the focus and an end
 */
#define SNAPSHOT_PRESSES 32
#define SNAPSHOT_ROOM    (SNAPSHOT_PRESSES + FINGERS + 4)
#define LOOK_AGAIN_NS    5000000u
#define LINE_LENGTH      4096u /* events that wait: two thousand keys */

typedef struct {
	MaqEnv *env;           /* borrowed */
	const MaqSeatOps *ops; /* borrowed */
	void *owner;           /* borrowed */
} Seats;

/* An event that waits, and where it came from. */
typedef struct {
	MaqInputEvent event;
	guint64 origin;
} Waiting;

struct MaqSeat {
	Seats *seats; /* borrowed */
	MaqPeer *peer;
	void *data;
	MaqInputServerPage *server;
	gsize server_size;
	int server_fd;
	const MaqInputClientPage *client; /* NULL until pages */
	gsize client_size;
	MaqRingWriter events;
	guint64 sequence;
	guint8 pressed[CODES / 8];
	bool told; /* its owner knows it */
	bool focused, overflowed;
	MaqInputEvent motion;           /* the last position */
	MaqInputEvent touches[FINGERS]; /* type 0: lifted */
	MaqInputEvent kept[3];          /* merged motion, relative, wheel; type 0: none */
	GQueue line;                    /* owned, of Waiting: after what is kept */
	MaqTimeout *look;               /* for room; NULL: nothing waits */
	guint64 origins[ORIGINS];       /* by sequence */
};

static guint64 send_now(MaqSeat *seat, const MaqInputEvent *event, guint64 origin);

const char *maq_seat_label(const MaqSeat *seat)
{
	return maq_peer_label(seat->peer);
}

void maq_seat_set_data(MaqSeat *seat, void *data)
{
	seat->data = data;
}

void *maq_seat_data(const MaqSeat *seat)
{
	return seat->data;
}

static bool is_pressed(const MaqSeat *seat, unsigned code)
{
	return seat->pressed[code / 8] >> (code % 8) & 1;
}

/* The state that a snapshot tells. */
static void remember(MaqSeat *seat, const MaqInputEvent *event)
{
	guint8 bit = (guint8)(1u << (event->code % 8));

	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
		seat->pressed[event->code / 8] |= bit;
		break;
	case MAQ_INPUT_TYPE_RELEASE:
		seat->pressed[event->code / 8] &= (guint8)~bit;
		break;
	case MAQ_INPUT_TYPE_FOCUS_ENTER:
		seat->focused = true;
		break;
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		seat->focused = false;
		memset(seat->pressed, 0, sizeof seat->pressed);
		break;
	case MAQ_INPUT_TYPE_MOTION:
		seat->motion = *event;
		break;
	case MAQ_INPUT_TYPE_TOUCH:
	case MAQ_INPUT_TYPE_TOUCH_RELEASE:
		if (event->code < FINGERS)
			seat->touches[event->code] = *event;
		break;
	default:
		break;
	}
}

static int push_from(MaqSeat *seat, MaqInputEvent event, guint64 origin)
{
	event.sequence = ++seat->sequence;
	if (!event.time)
		event.time = maq_env_binding(seat->seats->env)->now();
	seat->origins[seat->sequence % ORIGINS] = origin;
	return maq_ring_push(&seat->events, &event);
}

static int push(MaqSeat *seat, MaqInputEvent event)
{
	return push_from(seat, event, 0);
}

static void push_pressed(MaqSeat *seat)
{
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_PRESS};
	unsigned pressed = 0;

	for (guint16 code = 0; code < CODES && pressed < SNAPSHOT_PRESSES; code++) {
		if (!is_pressed(seat, code))
			continue;
		event.code = code;
		push(seat, event);
		pressed++;
	}
	for (unsigned i = 0; i < FINGERS; i++)
		if (seat->touches[i].type == MAQ_INPUT_TYPE_TOUCH)
			push(seat, seat->touches[i]);
}

static void push_snapshot(MaqSeat *seat)
{
	push(seat, (MaqInputEvent){.type = MAQ_INPUT_TYPE_SNAPSHOT});
	if (seat->focused)
		push(seat, (MaqInputEvent){.type = MAQ_INPUT_TYPE_FOCUS_ENTER});
	if (seat->motion.type)
		push(seat, seat->motion);
	push_pressed(seat);
	push(seat, (MaqInputEvent){.type = MAQ_INPUT_TYPE_SNAPSHOT_END});
	memset(seat->kept, 0, sizeof seat->kept);
	seat->overflowed = false;
}

/* ---- little room ---- */

static gint16 sum(gint16 a, gint16 b)
{
	return (gint16)CLAMP(a + b, -32767, 32767);
}

/* NULL: an event that is not merged. */
static MaqInputEvent *place_to_keep(MaqSeat *seat, MaqInputType type)
{
	switch (type) {
	case MAQ_INPUT_TYPE_MOTION:
		return &seat->kept[0];
	case MAQ_INPUT_TYPE_RELATIVE:
		return &seat->kept[1];
	case MAQ_INPUT_TYPE_WHEEL:
		return &seat->kept[2];
	default:
		return NULL;
	}
}

static void keep(MaqInputEvent *kept, const MaqInputEvent *event)
{
	MaqInputEvent before = *kept;

	*kept = *event;
	if (!before.type || event->type == MAQ_INPUT_TYPE_MOTION)
		return;
	kept->x = sum(before.x, event->x);
	kept->y = sum(before.y, event->y);
}

static void push_kept(MaqSeat *seat)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(seat->kept); i++) {
		if (seat->kept[i].type)
			push(seat, seat->kept[i]);
		seat->kept[i].type = 0;
	}
}

static unsigned count_kept(const MaqSeat *seat)
{
	unsigned n = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(seat->kept); i++)
		n += seat->kept[i].type != 0;
	return n;
}

static bool has_waiting(const MaqSeat *seat)
{
	return seat->overflowed || count_kept(seat) || seat->line.length;
}

static void look_for_room(void *data)
{
	MaqSeat *seat = data;

	seat->look = NULL;
	send_now(seat, NULL, 0);
}

/* ---- the line ---- */

static void give_up(MaqSeat *seat)
{
	g_queue_clear_full(&seat->line, g_free);
	seat->overflowed = true;
}

/* Whether the last one in line tells of this one, too: a motion after a motion, or a key
 * that is still held. */
static bool is_merged(MaqSeat *seat, Waiting *last, const MaqInputEvent *event)
{
	if (!last || last->event.type != event->type)
		return false;
	if (place_to_keep(seat, event->type))
		keep(&last->event, event);
	else if (event->type != MAQ_INPUT_TYPE_REPEAT || event->code != last->event.code)
		return false;
	return true;
}

static void stand_in_line(MaqSeat *seat, const MaqInputEvent *event, guint64 origin)
{
	Waiting *last = g_queue_peek_tail(&seat->line);

	if (is_merged(seat, last, event)) {
		last->origin = origin;
		return;
	}
	if (seat->line.length == LINE_LENGTH) {
		give_up(seat);
		return;
	}
	Waiting waiting = {*event, origin};
	if (!waiting.event.time)
		waiting.event.time = maq_env_binding(seat->seats->env)->now();
	g_queue_push_tail(&seat->line, g_memdup2(&waiting, sizeof waiting));
}

/* As many as there is room for, after what is kept, which happened before them; how much
 * room is left. */
static int push_line(MaqSeat *seat, int room)
{
	if (room <= (int)G_N_ELEMENTS(seat->kept))
		return room;
	push_kept(seat);
	room -= (int)G_N_ELEMENTS(seat->kept);
	for (; room > 0 && seat->line.length; room--) {
		g_autofree Waiting *first = g_queue_pop_head(&seat->line);

		push_from(seat, first->event, first->origin);
	}
	return room;
}

/* ---- sending ---- */

/* The event, or NULL: what has waited. */
static void put(MaqSeat *seat, const MaqInputEvent *event, guint64 origin, int room)
{
	MaqInputEvent *kept = event ? place_to_keep(seat, event->type) : NULL;

	if (seat->overflowed) {
		if (room > SNAPSHOT_ROOM)
			push_snapshot(seat);
		return;
	}
	if (seat->line.length)
		room = push_line(seat, room);
	if (event && seat->line.length) {
		stand_in_line(seat, event, origin);
	} else if (room > RESERVE) {
		push_kept(seat);
		if (event)
			push_from(seat, *event, origin);
	} else if (kept) {
		keep(kept, event);
	} else if (event && room > (int)G_N_ELEMENTS(seat->kept)) {
		push_kept(seat); /* it happened before */
		push_from(seat, *event, origin);
	} else if (event) {
		stand_in_line(seat, event, origin);
	}
}

/* The number that the event has, or will have when it comes to the end of the line. */
static guint64 send_now(MaqSeat *seat, const MaqInputEvent *event, guint64 origin)
{
	MaqEnv *env = seat->seats->env;
	int room = maq_ring_room(&seat->events);

	if (room < 0) {
		maq_peer_end(seat->peer, "impossible cursor of events");
		return seat->sequence;
	}
	put(seat, event, origin, room);
	if (has_waiting(seat) && !seat->look)
		seat->look = maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() + LOOK_AGAIN_NS, look_for_room, seat);
	if (maq_ring_reader_sleeps(&seat->events))
		maq_input_signal_input(seat->peer);
	return seat->line.length ? seat->sequence + count_kept(seat) + seat->line.length
				 : seat->sequence;
}

guint64 maq_seat_send(MaqSeat *seat, const MaqInputEvent *event)
{
	return maq_seat_pass(seat, event, 0);
}

guint64 maq_seat_pass(MaqSeat *seat, const MaqInputEvent *event, guint64 origin)
{
	if (event->code >= CODES)
		return seat->sequence;
	remember(seat, event);
	if (!seat->client)
		return seat->sequence;
	guint64 sequence = send_now(seat, event, origin);
	/* what was merged is answered with the event before it */
	if (origin && !seat->line.length)
		seat->origins[seat->sequence % ORIGINS] = origin;
	return sequence;
}

guint64 maq_seat_origin(const MaqSeat *seat, guint64 sequence)
{
	guint64 oldest = seat->sequence > ORIGINS ? seat->sequence - ORIGINS + 1 : 1;

	/* not every event was passed on: the last one before it that was */
	for (sequence = MIN(sequence, seat->sequence); sequence >= oldest; sequence--)
		if (seat->origins[sequence % ORIGINS])
			return seat->origins[sequence % ORIGINS];
	return 0;
}

void maq_seat_keymap_changed(MaqSeat *seat)
{
	maq_input_signal_keymap_changed(seat->peer);
}

void maq_seat_exclusive_ended(MaqSeat *seat)
{
	maq_input_signal_exclusive_ended(seat->peer);
}

/* ---- operations ---- */

/* To its owner it is there when its client can hear of something. */
static void tell_owner(MaqSeat *seat)
{
	if (!seat->told)
		seat->seats->ops->opened(seat->seats->owner, seat);
	seat->told = true;
}

static MaqInputError keymap(void *self, guint32 *size, int *content)
{
	MaqSeat *seat = self;
	const MaqSeatOps *ops = seat->seats->ops;

	tell_owner(seat);
	*content = ops->keymap ? ops->keymap(seat->seats->owner, seat, size) : -1;
	return *content < 0 ? MAQ_INPUT_NO_KEYMAP : MAQ_INPUT_OK;
}

static MaqInputError exclusive(void *self, bool on)
{
	MaqSeat *seat = self;
	const MaqSeatOps *ops = seat->seats->ops;

	tell_owner(seat);
	return ops->exclusive && ops->exclusive(seat->seats->owner, seat, on)
		       ? MAQ_INPUT_OK
		       : MAQ_INPUT_REFUSED;
}

static MaqInputError pages(void *self, int *client_page, int *server_page)
{
	MaqSeat *seat = self;

	if (seat->client)
		return MAQ_INPUT_DONE_ALREADY;
	const void *client = maq_map(*client_page, false, &seat->client_size, NULL);
	if (!client)
		return MAQ_INPUT_FAILED;
	tell_owner(seat); /* what it sends now is told by the snapshot */
	seat->client = client;
	maq_input_events_writer(&seat->events, seat->server, seat->client);
	*server_page = maq_steal_fd(&seat->server_fd);
	/* what happened before the client could be told */
	push_snapshot(seat);
	maq_input_signal_input(seat->peer);
	return MAQ_INPUT_OK;
}

static MaqStatus seat_open(void *self, MaqPeer *peer, void **client)
{
	Seats *seats = self;
	void *page = NULL;
	int fd = maq_dataspace_new_readable("input", PAGE_SIZE, &page, NULL);

	if (fd < 0)
		return MAQ_OUT_OF_RAM;
	MaqSeat *seat = g_new0(MaqSeat, 1);
	seat->seats = seats;
	seat->peer = peer;
	seat->server = page;
	seat->server_size = PAGE_SIZE;
	seat->server_fd = fd;
	*client = seat;
	return MAQ_OK;
}

static void seat_close(void *self)
{
	MaqSeat *seat = self;

	if (seat->told)
		seat->seats->ops->closed(seat->seats->owner, seat);
	maq_timeout_cancel(seat->look);
	g_queue_clear_full(&seat->line, g_free);
	maq_unmap(seat->client, seat->client_size);
	maq_unmap(seat->server, seat->server_size);
	maq_clear_fd(&seat->server_fd);
	g_free(seat);
}

static const MaqInputService input_service = {
	.ops = {.pages = pages, .keymap = keymap, .exclusive = exclusive},
	.open = seat_open,
	.close = seat_close,
};

bool maq_seats_provide(MaqEnv *env, const MaqSeatOps *ops, void *owner, GError **error)
{
	Seats *seats = g_new0(Seats, 1);

	*seats = (Seats){env, ops, owner};
	maq_env_own(env, seats);
	return maq_input_provide(env, &input_service, seats, error);
}
