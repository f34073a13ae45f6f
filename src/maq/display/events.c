// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events - the client's side of an Input session
 */
#include "again.h"

#include <maq/display.h>
#include <maq/memory.h>

#define PAGE_SIZE 4096

struct MaqEvents {
	MaqEnv *env;     /* borrowed */
	char *label;     /* owned */
	MaqInput *input; /* owned; NULL while it is lost */
	Again again;
	MaqEventHandler handler;
	void *data; /* borrowed */
	MaqInputClientPage *client;
	const MaqInputServerPage *server;
	gsize server_size;
	MaqRingReader ring;
};

static void events_arrived(void *self)
{
	MaqEvents *events = self;
	MaqInputEvent event;
	int got;

	maq_ring_wake(&events->ring);
	do {
		while ((got = maq_ring_pop(&events->ring, &event)) == 1)
			events->handler(events->data, &event);
	} while (got == 0 && !maq_ring_sleep(&events->ring));
}

static bool get_pages(MaqEvents *events, GError **error)
{
	void *own = NULL;
	maq_autofd int client =
		maq_dataspace_new_readable("input", PAGE_SIZE, &own, error);
	maq_autofd int server = -1;

	if (client < 0)
		return false;
	events->client = own;
	if (maq_input_pages(events->input, client, &server) != MAQ_INPUT_OK) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "Input gave no pages");
		return false;
	}
	events->server = maq_map(server, false, &events->server_size, error);
	if (!events->server)
		return false;
	maq_input_events_reader(&events->ring, events->client, events->server);
	maq_ring_sleep(&events->ring);
	return true;
}

/* What belongs to the session. */
static void disconnect(MaqEvents *events)
{
	if (!events->input)
		return;
	maq_input_close(g_steal_pointer(&events->input));
	maq_unmap(g_steal_pointer(&events->client), PAGE_SIZE);
	maq_unmap(g_steal_pointer(&events->server), events->server_size);
}

/* Nothing is held any more, and nobody will say so. */
static void lost(void *self)
{
	MaqEvents *events = self;
	MaqInputEvent event = {.type = MAQ_INPUT_TYPE_SNAPSHOT};

	disconnect(events);
	events->handler(events->data, &event);
	event.type = MAQ_INPUT_TYPE_SNAPSHOT_END;
	events->handler(events->data, &event);
	again_start(&events->again);
}

static bool connect(MaqEvents *events, GError **error)
{
	events->input = maq_input_open(events->env, events->label, error);
	if (!events->input)
		return false;
	if (!get_pages(events, error)) {
		disconnect(events);
		return false;
	}
	maq_input_on_input(events->input, events_arrived, events);
	maq_session_on_lost(maq_input_session(events->input), lost, events);
	return true;
}

static bool connect_again(void *self)
{
	return connect(self, NULL);
}

MaqEvents *maq_events_open(MaqEnv *env, const char *label, MaqEventHandler handler,
	void *data, GError **error)
{
	MaqEvents *events = g_new0(MaqEvents, 1);

	events->env = env;
	events->label = g_strdup(label);
	events->handler = handler;
	events->data = data;
	again_init(&events->again, env, connect_again, events);
	if (connect(events, error))
		return events;
	maq_events_close(events);
	return NULL;
}

void maq_events_close(MaqEvents *events)
{
	if (!events)
		return;
	again_fini(&events->again);
	disconnect(events);
	g_free(events->label);
	g_free(events);
}

void maq_events_on_lost(MaqEvents *events, MaqHandler handler, void *data)
{
	again_on_given_up(&events->again, handler, data);
}
