// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events - the client's side of an Input session
 */
#include "again.h"
#include "pay.h"

#include <maq/display.h>
#include <maq/memory.h>

#define PAGE_SIZE 4096

struct MaqEvents {
	MaqEnv *env;       /* borrowed */
	char *label;       /* owned */
	MaqInput *input;   /* owned; NULL while it is lost */
	MaqInput *opening; /* owned: the next one, whose pages are asked for; NULL */
	Pay *paying;       /* before the pages are asked for again; NULL */
	unsigned payments; /* for the pages */
	Again again;
	MaqEventHandler handler;
	void *data;        /* borrowed */
	MaqHandler opened; /* NULL: none */
	void *opened_data; /* borrowed */
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

static int make_page(MaqEvents *events, GError **error)
{
	void *own = NULL;
	int page = maq_dataspace_new_readable("input", PAGE_SIZE, &own, error);

	events->client = own;
	return page;
}

static void lost(void *self);

/* Takes the session, whose server has given its page. False: it is not closed. */
static bool use_session(MaqEvents *events, MaqInput *input, int server, GError **error)
{
	events->server = maq_map(server, false, &events->server_size, error);
	if (!events->server)
		return false;
	events->input = input;
	maq_input_events_reader(&events->ring, events->client, events->server);
	maq_ring_sleep(&events->ring);
	maq_input_on_input(input, events_arrived, events);
	maq_session_on_lost(maq_input_session(input), lost, events);
	return true;
}

/* What belongs to the session. */
static void disconnect(MaqEvents *events)
{
	pay_cancel(g_steal_pointer(&events->paying));
	maq_input_close(g_steal_pointer(&events->opening));
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

/* ---- the first session ---- */

static bool connect(MaqEvents *events, GError **error)
{
	MaqInput *input = maq_input_open(events->env, events->label, error);
	maq_autofd int client = input ? make_page(events, error) : -1;
	maq_autofd int server = -1;

	if (client < 0) {
		maq_input_close(input);
		return false;
	}
	if (maq_input_pages(input, client, &server) != MAQ_INPUT_OK)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "Input gave no pages");
	else if (use_session(events, input, server, error))
		return true;
	maq_input_close(input);
	return false;
}

/* ---- those after it ---- */

static void no_use(MaqEvents *events)
{
	disconnect(events);
	again_failed(&events->again);
}

static void got_pages(void *self, MaqInputError status, int page);

static void ask_for_pages(MaqEvents *events)
{
	maq_unmap(g_steal_pointer(&events->client), PAGE_SIZE);
	maq_autofd int client = make_page(events, NULL);
	if (client < 0)
		no_use(events);
	else
		maq_input_pages_async(events->opening, client, got_pages, events);
}

static void paid(void *self, int status)
{
	MaqEvents *events = self;

	events->paying = NULL;
	if (status == MAQ_OK)
		ask_for_pages(events);
	else
		no_use(events);
}

static void got_pages(void *self, MaqInputError status, int page)
{
	MaqEvents *events = self;
	maq_autofd int server = page;

	if (!events->opening) /* it is being closed */
		return;
	events->paying = pay_start(events->env, maq_input_session(events->opening),
		(int)status, &events->payments, paid, events);
	if (events->paying)
		return;
	if (status != MAQ_INPUT_OK ||
		!use_session(events, events->opening, server, NULL)) {
		no_use(events);
		return;
	}
	events->opening = NULL;
	if (events->opened)
		events->opened(events->opened_data);
	/* the signal that tells of the first events may have come before */
	events_arrived(events);
}

static void opened_again(void *self, MaqSession *session)
{
	MaqEvents *events = self;

	events->opening = (MaqInput *)session;
	events->payments = 0;
	ask_for_pages(events);
}

static const AgainOps again_ops = {&maq_input_interface, NULL, opened_again};

static MaqEvents *events_new(
	MaqEnv *env, const char *label, MaqEventHandler handler, void *data)
{
	MaqEvents *events = g_new0(MaqEvents, 1);

	events->env = env;
	events->label = g_strdup(label);
	events->handler = handler;
	events->data = data;
	again_init(&events->again, env, &again_ops, events->label, events);
	return events;
}

MaqEvents *maq_events_open(MaqEnv *env, const char *label, MaqEventHandler handler,
	void *data, GError **error)
{
	MaqEvents *events = events_new(env, label, handler, data);

	if (connect(events, error))
		return events;
	maq_events_close(events);
	return NULL;
}

MaqEvents *maq_events_open_later(
	MaqEnv *env, const char *label, MaqEventHandler handler, void *data)
{
	MaqEvents *events = events_new(env, label, handler, data);

	again_begin(&events->again);
	return events;
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

void maq_events_on_opened(MaqEvents *events, MaqHandler handler, void *data)
{
	events->opened = handler;
	events->opened_data = data;
}

MaqInput *maq_events_input(MaqEvents *events)
{
	return events->input;
}

void maq_events_on_lost(MaqEvents *events, MaqHandler handler, void *data)
{
	again_on_given_up(&events->again, handler, data);
}
