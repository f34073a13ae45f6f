// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * seat - the server's side of an Input session
 *
 * What does not fit into the ring is not kept: the state of keys and buttons is, and is
 * sent as a snapshot as soon as there is room again.
 */
#include <maq/display.h>
#include <maq/memory.h>

#define CODES     768
#define PAGE_SIZE 12288
/* a snapshot is a begin, the pressed codes, the position, the focus and an end */
#define SNAPSHOT_PRESSES 32

typedef struct {
	MaqEnv *env;           /* borrowed */
	const MaqSeatOps *ops; /* borrowed */
	void *owner;           /* borrowed */
} Seats;

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
	bool focused, overflowed;
	MaqInputEvent motion; /* the last position */
};

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
	default:
		break;
	}
}

static int push(MaqSeat *seat, MaqInputEvent event)
{
	event.sequence = ++seat->sequence;
	if (!event.time)
		event.time = maq_env_binding(seat->seats->env)->now();
	return maq_ring_push(&seat->events, &event);
}

static void push_snapshot(MaqSeat *seat)
{
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_SNAPSHOT};
	unsigned pressed = 0;

	push(seat, event);
	if (seat->focused) {
		event.type = MAQ_INPUT_TYPE_FOCUS_ENTER;
		push(seat, event);
	}
	if (seat->motion.type)
		push(seat, seat->motion);
	event.type = MAQ_INPUT_TYPE_PRESS;
	for (guint16 code = 0; code < CODES && pressed < SNAPSHOT_PRESSES; code++) {
		if (!is_pressed(seat, code))
			continue;
		event.code = code;
		push(seat, event);
		pressed++;
	}
	event.type = MAQ_INPUT_TYPE_SNAPSHOT_END;
	event.code = 0;
	push(seat, event);
	seat->overflowed = false;
}

guint64 maq_seat_send(MaqSeat *seat, const MaqInputEvent *event)
{
	int room;

	if (event->code >= CODES)
		return seat->sequence;
	remember(seat, event);
	if (!seat->client)
		return seat->sequence;
	room = maq_ring_room(&seat->events);
	if (room < 0) {
		maq_peer_end(seat->peer, "impossible cursor of events");
		return seat->sequence;
	}
	if (seat->overflowed && room > SNAPSHOT_PRESSES + 4)
		push_snapshot(seat);
	else if (!seat->overflowed && room > 0)
		push(seat, *event);
	else
		seat->overflowed = true;
	if (maq_ring_reader_sleeps(&seat->events))
		maq_input_signal_input(seat->peer);
	return seat->sequence;
}

static MaqInputError pages(void *self, int *client_page, int *server_page)
{
	MaqSeat *seat = self;

	if (seat->client)
		return MAQ_INPUT_DONE_ALREADY;
	seat->client = maq_map(*client_page, false, &seat->client_size, NULL);
	if (!seat->client)
		return MAQ_INPUT_FAILED;
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
	seats->ops->opened(seats->owner, seat);
	return MAQ_OK;
}

static void seat_close(void *self)
{
	MaqSeat *seat = self;

	seat->seats->ops->closed(seat->seats->owner, seat);
	maq_unmap(seat->client, seat->client_size);
	maq_unmap(seat->server, seat->server_size);
	maq_clear_fd(&seat->server_fd);
	g_free(seat);
}

static const MaqInputService input_service = {
	.ops = {.pages = pages},
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
