// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_continuous - updates that need not be asked for
 *
 * rfbproto, "ContinuousUpdates Pseudo-encoding", "EnableContinuousUpdates" and
 * "EndOfContinuousUpdates". What is sent is limited by the socket: while its unsent bytes
 * are more than a few, changes come together, as they do for a viewer that asks late.
 */
#include "extensions.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <rfb/rfbregion.h>
#include <sys/socket.h>

#define ENCODING (-313)
#define MESSAGE  150
#define UNSENT   (128 << 10) /* bytes in the kernel that have not been sent */

typedef struct {
	guint8 on;
	guint16 x, y, width, height;
} __attribute__((packed)) ContinuousMessage;

static void send_end(rfbClientPtr client)
{
	char message = (char)MESSAGE;

	if (rfbWriteExact(client, &message, 1) < 0)
		rfbCloseClient(client);
}

static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Viewer *viewer = extension_viewer(client);

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	if (!viewer->extensions.continuous)
		send_end(client); /* says that they are known */
	viewer->extensions.continuous = true;
	return TRUE;
}

static rfbBool handle(
	rfbClientPtr client, void *data, const rfbClientToServerMsg *message)
{
	Extensions *extensions = &extension_viewer(client)->extensions;
	ContinuousMessage wanted;

	(void)data;
	if (message->type != MESSAGE)
		return FALSE;
	if (!extension_read(client, &wanted, sizeof wanted))
		return TRUE;
	if (!wanted.on && extensions->on)
		send_end(client);
	extensions->on = wanted.on;
	extensions->area = (Rect){GUINT16_FROM_BE(wanted.x), GUINT16_FROM_BE(wanted.y),
		GUINT16_FROM_BE(wanted.width), GUINT16_FROM_BE(wanted.height)};
	/* fails on a unix socket, whose buffer is small anyway */
	setsockopt(client->sock, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &(int){UNSENT},
		sizeof(int));
	return TRUE;
}

static bool has_room(rfbClientPtr client)
{
	struct pollfd fd = {client->sock, POLLOUT, 0};

	return poll(&fd, 1, 0) == 1;
}

/* What of the picture they are of; without pixels if they are off. */
static Rect find_area(const Viewer *viewer)
{
	return viewer->extensions.on
		       ? rect_clip(viewer->extensions.area, viewer->screen->width,
				 viewer->screen->height)
		       : (Rect){0};
}

bool continuous_ready(const Viewer *viewer)
{
	Rect area = find_area(viewer);

	return area.width && area.height && !viewer->awaits_room;
}

void continuous_update(Viewer *viewer, bool changed)
{
	rfbClientPtr client = viewer->client;
	Rect area = find_area(viewer);

	viewer->awaits_room = false;
	if (!changed || !area.width || !area.height)
		return;
	if (!has_room(client)) {
		viewer->awaits_room = true;
		return;
	}
	sraRegionPtr region = sraRgnCreateRect(
		area.x, area.y, area.x + area.width, area.y + area.height);
	sraRgnOr(client->requestedRegion, region);
	sraRgnDestroy(region);
}

static int encodings[] = {ENCODING, 0};

rfbProtocolExtension extension_continuous = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
	.handleMessage = handle,
};
