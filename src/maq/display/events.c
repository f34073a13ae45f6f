// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events - the client's side of an Input session
 */
#include <maq/display.h>
#include <maq/memory.h>

#define PAGE_SIZE 4096

struct MaqEvents {
	MaqInput *input; /* owned */
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

MaqEvents *maq_events_open(MaqEnv *env, const char *label, MaqEventHandler handler,
	void *data, GError **error)
{
	MaqInput *input = maq_input_open(env, label, error);

	if (!input)
		return NULL;
	MaqEvents *events = g_new0(MaqEvents, 1);
	events->input = input;
	events->handler = handler;
	events->data = data;
	if (!get_pages(events, error)) {
		maq_events_close(events);
		return NULL;
	}
	maq_input_on_input(input, events_arrived, events);
	return events;
}

void maq_events_close(MaqEvents *events)
{
	if (!events)
		return;
	maq_input_close(events->input);
	maq_unmap(events->client, PAGE_SIZE);
	maq_unmap(events->server, events->server_size);
	g_free(events);
}

void maq_events_on_lost(MaqEvents *events, MaqHandler handler, void *data)
{
	maq_session_on_lost(maq_input_session(events->input), handler, data);
}
