// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * capture - Capture and Event: the console without a user, for screenshots and tests
 */
#include "internal.h"

#include <maq/capture.h>
#include <maq/event.h>
#include <maq/memory.h>

#define ACTS_MAX 1024 /* kept for a client that does not fetch them */

typedef struct {
	MaqConsole *console; /* borrowed */
	MaqPeer *peer;       /* borrowed */
	bool waits;          /* Capture: to be told of a change */
	GQueue *acts;        /* Event: owned, of Act; NULL: it does not want them */
	guint32 lost;        /* before the first that is kept */
} Client;

static Client *client_new(const Consoles *all, MaqPeer *peer)
{
	Client *client = g_new(Client, 1);

	*client = (Client){console_find(all, maq_peer_label(peer)), peer, false, NULL, 0};
	return client;
}

/* ---- Capture ---- */

static MaqCaptureError take(void *self, guint32 *width, guint32 *height, int *pixels)
{
	Client *client = self;
	const MaqConsole *console = client->console;
	gsize size = (gsize)console->width * (gsize)console->height * 4;
	g_autofree guint32 *picture = maq_console_picture(console);
	g_autoptr(GError) error = NULL;

	*width = (guint32)console->width;
	*height = (guint32)console->height;
	*pixels = maq_dataspace_new_constant("picture", picture, size, &error);
	client->waits = *pixels >= 0;
	return *pixels < 0 ? MAQ_CAPTURE_FAILED : MAQ_CAPTURE_OK;
}

static MaqCaptureError answered(void *self, guint64 *sequence)
{
	Client *client = self;
	const MaqFrame *frame = maq_console_frame(client->console);

	*sequence = frame ? frame->input_seq : 0;
	client->waits = true;
	return MAQ_CAPTURE_OK;
}

static MaqStatus capture_open(void *self, MaqPeer *peer, void **made)
{
	Consoles *all = self;
	Client *client = client_new(all, peer);

	g_ptr_array_add(all->captures, client);
	*made = client;
	return MAQ_OK;
}

static void capture_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->console->all->captures, client);
	g_free(client);
}

static const MaqCaptureService capture_service = {
	.ops = {.capture = take, .answered = answered},
	.open = capture_open,
	.close = capture_close,
};

void capture_changed(const MaqConsole *console)
{
	const GPtrArray *clients = console->all->captures;

	for (guint i = 0; i < clients->len; i++) {
		Client *client = clients->pdata[i];

		if (client->console != console)
			continue;
		if (client->waits)
			maq_capture_signal_changed(client->peer);
		client->waits = false;
	}
}

/* ---- Event ---- */

static MaqEventError key(void *self, guint32 keysym, bool down)
{
	maq_console_keysym(((Client *)self)->console, INJECTOR, keysym, down);
	return MAQ_EVENT_OK;
}

static MaqEventError pointer(void *self, gint32 x, gint32 y, guint32 buttons)
{
	maq_console_pointer(((Client *)self)->console, INJECTOR, x, y, buttons);
	return MAQ_EVENT_OK;
}

static MaqEventError resize(void *self, guint32 width, guint32 height)
{
	MaqConsole *console = ((Client *)self)->console;

	if (width > (guint32)console->most || height > (guint32)console->most)
		return MAQ_EVENT_INVALID;
	if (console->ops->wish)
		console->ops->wish(console->owner, console, (int)width, (int)height);
	else
		maq_console_resize(console, (int)width, (int)height);
	return MAQ_EVENT_OK;
}

static MaqEventError sent(void *self, guint64 *sequence)
{
	*sequence = ((Client *)self)->console->sent;
	return MAQ_EVENT_OK;
}

static MaqEventError next_act(void *self, MaqEventActKind *kind, guint64 *time,
	guint32 *keysym, bool *down, gint32 *x, gint32 *y, guint32 *buttons,
	guint32 *lost)
{
	Client *client = self;

	if (!client->acts)
		client->acts = g_queue_new();
	g_autofree Act *act = g_queue_pop_head(client->acts);
	*lost = client->lost;
	client->lost = 0;
	if (!act)
		return MAQ_EVENT_OK;
	*kind = (MaqEventActKind)act->kind;
	*time = act->time;
	*keysym = act->keysym;
	*down = act->down;
	*x = act->x;
	*y = act->y;
	*buttons = act->buttons;
	return MAQ_EVENT_OK;
}

static void keep_act(Client *client, const Act *act)
{
	if (g_queue_get_length(client->acts) >= ACTS_MAX) {
		g_free(g_queue_pop_head(client->acts));
		client->lost++;
	}
	g_queue_push_tail(client->acts, g_memdup2(act, sizeof *act));
	maq_event_signal_acted(client->peer);
}

void capture_acted(const MaqConsole *console, Act act)
{
	const GPtrArray *clients = console->all ? console->all->events : NULL;

	act.time = maq_env_binding(console->env)->now();
	for (guint i = 0; clients && i < clients->len; i++) {
		Client *client = clients->pdata[i];

		if (client->console == console && client->acts)
			keep_act(client, &act);
	}
}

static MaqStatus event_open(void *self, MaqPeer *peer, void **made)
{
	Consoles *all = self;
	Client *client = client_new(all, peer);

	g_ptr_array_add(all->events, client);
	*made = client;
	return MAQ_OK;
}

static void event_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->console->all->events, client);
	maq_console_gone(client->console, INJECTOR);
	if (client->acts)
		g_queue_free_full(client->acts, g_free);
	g_free(client);
}

static const MaqEventService event_service = {
	.ops = {.key = key,
		.pointer = pointer,
		.resize = resize,
		.sent = sent,
		.next_act = next_act},
	.open = event_open,
	.close = event_close,
};

/* A scenario need not have them: it cannot be looked at then, that is all. */
void capture_provide(Consoles *all)
{
	maq_capture_provide(all->env, &capture_service, all, NULL);
	maq_event_provide(all->env, &event_service, all, NULL);
}
