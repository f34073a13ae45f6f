// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"

#include <stdlib.h>

static _Thread_local rfbScreenInfoPtr greeting; /* while it greets */
static _Thread_local void *context;             /* of a websocket */

/*
 * A browser that asks for a websocket and leaves before the server's version leaves the
 * context of the websocket behind: libvncserver frees the client, and not this. Its
 * complaint about the version is the last word while the client is known.
 */
static void on_error(const char *format, ...)
{
	(void)format;
	if (greeting && greeting->clientHead)
		context = greeting->clientHead->wsctx;
}

void client_setup(void)
{
	rfbLogEnable(0);
	rfbErr = on_error;
}

rfbClientPtr client_new(rfbScreenInfoPtr screen, int socket)
{
	greeting = screen;
	context = NULL;
	rfbClientPtr client = rfbNewClient(screen, socket);
	greeting = NULL;
	if (!client)
		free(context);
	return client;
}

void client_free(rfbClientPtr client)
{
	rfbExtensionData *extension;

	free(client->wsctx);
	client->wsctx = NULL;
	while ((extension = client->extensions)) {
		client->extensions = extension->next;
		free(extension);
	}
	rfbClientConnectionGone(client);
}
