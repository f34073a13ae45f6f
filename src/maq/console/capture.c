// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture.h"

#include <maq/capture.h>
#include <maq/event.h>
#include <maq/memory.h>

struct Capture {
	const Picture *picture; /* borrowed; written by this thread */
	GPtrArray *clients;     /* owned, of Client: those of Capture */
	CaptureEvent event;
	void *owner; /* borrowed */
};

typedef struct {
	Capture *capture; /* borrowed */
	MaqPeer *peer;    /* borrowed */
	bool waits;       /* to be told of a change */
} Client;

static Client *client_new(Capture *capture, MaqPeer *peer)
{
	Client *client = g_new(Client, 1);

	*client = (Client){capture, peer, false};
	return client;
}

/* ---- Capture ---- */

static MaqCaptureError take(void *self, guint32 *width, guint32 *height, int *pixels)
{
	Client *client = self;
	const Picture *picture = client->capture->picture;
	gsize size = (gsize)picture->width * (gsize)picture->height * 4;
	g_autoptr(GError) error = NULL;

	*width = (guint32)picture->width;
	*height = (guint32)picture->height;
	*pixels = maq_dataspace_new_constant("picture", picture->pixels, size, &error);
	client->waits = *pixels >= 0;
	return *pixels < 0 ? MAQ_CAPTURE_FAILED : MAQ_CAPTURE_OK;
}

static MaqStatus capture_open(void *self, MaqPeer *peer, void **made)
{
	Capture *capture = self;
	Client *client = client_new(capture, peer);

	g_ptr_array_add(capture->clients, client);
	*made = client;
	return MAQ_OK;
}

static void capture_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->capture->clients, client);
	g_free(client);
}

static const MaqCaptureService capture_service = {
	.ops = {.capture = take},
	.open = capture_open,
	.close = capture_close,
};

void capture_changed(Capture *capture)
{
	for (guint i = 0; i < capture->clients->len; i++) {
		Client *client = capture->clients->pdata[i];

		if (client->waits)
			maq_capture_signal_changed(client->peer);
		client->waits = false;
	}
}

/* ---- Event ---- */

static MaqEventError key(void *self, guint32 keysym, bool down)
{
	const Capture *capture = ((Client *)self)->capture;

	capture->event(capture->owner,
		&(Event){.type = EVENT_KEY, .keysym = keysym, .down = down});
	return MAQ_EVENT_OK;
}

static MaqEventError pointer(void *self, gint32 x, gint32 y, guint32 buttons)
{
	const Capture *capture = ((Client *)self)->capture;

	capture->event(capture->owner,
		&(Event){.type = EVENT_POINTER, .x = x, .y = y, .buttons = buttons});
	return MAQ_EVENT_OK;
}

static MaqEventError resize(void *self, guint32 width, guint32 height)
{
	const Capture *capture = ((Client *)self)->capture;

	if (width > PICTURE_MAX || height > PICTURE_MAX)
		return MAQ_EVENT_INVALID;
	capture->event(capture->owner,
		&(Event){.type = EVENT_SIZE, .x = (int)width, .y = (int)height});
	return MAQ_EVENT_OK;
}

static MaqStatus event_open(void *self, MaqPeer *peer, void **made)
{
	*made = client_new(self, peer);
	return MAQ_OK;
}

static void event_close(void *self)
{
	const Capture *capture = ((Client *)self)->capture;

	capture->event(capture->owner, &(Event){.type = EVENT_GONE});
	g_free(self);
}

static const MaqEventService event_service = {
	.ops = {.key = key, .pointer = pointer, .resize = resize},
	.open = event_open,
	.close = event_close,
};

Capture *capture_provide(
	MaqEnv *env, const Picture *picture, CaptureEvent event, void *owner)
{
	Capture *capture = g_new(Capture, 1);

	*capture = (Capture){picture, g_ptr_array_new(), event, owner};
	maq_env_own(env, capture);
	/* a scenario need not have them: it cannot be looked at then, that is all */
	maq_capture_provide(env, &capture_service, capture, NULL);
	maq_event_provide(env, &event_service, capture, NULL);
	return capture;
}
