// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * capture - Capture and Event: the console without a user, for screenshots and tests
 */
#include "internal.h"

#include <maq/capture.h>
#include <maq/event.h>
#include <maq/memory.h>

typedef struct {
	MaqConsole *console; /* borrowed */
	MaqPeer *peer;       /* borrowed */
	bool waits;          /* to be told of a change */
} Client;

static Client *client_new(const Consoles *all, MaqPeer *peer)
{
	Client *client = g_new(Client, 1);

	*client = (Client){console_find(all, maq_peer_label(peer)), peer, false};
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
	.ops = {.capture = take},
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

static MaqStatus event_open(void *self, MaqPeer *peer, void **made)
{
	*made = client_new(self, peer);
	return MAQ_OK;
}

static void event_close(void *self)
{
	maq_console_gone(((Client *)self)->console, INJECTOR);
	g_free(self);
}

static const MaqEventService event_service = {
	.ops = {.key = key, .pointer = pointer, .resize = resize},
	.open = event_open,
	.close = event_close,
};

/* A scenario need not have them: it cannot be looked at then, that is all. */
void capture_provide(Consoles *all)
{
	maq_capture_provide(all->env, &capture_service, all, NULL);
	maq_event_provide(all->env, &event_service, all, NULL);
}
