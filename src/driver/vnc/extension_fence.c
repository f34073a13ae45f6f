// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_fence - answers that tell a viewer how far the server has come
 *
 * rfbproto, "Fence Pseudo-encoding", "ClientFence" and "ServerFence". One thread handles
 * a viewer's messages in their order and sends its updates: everything before a fence is
 * done when it is answered, nothing after it has begun, so that all three flags are kept.
 */
#include "extensions.h"

#include <string.h>

#define ENCODING    (-312)
#define MESSAGE     248
#define PAYLOAD_MAX 64
#define FLAGS       7u /* BlockBefore, BlockAfter, SyncNext */
#define REQUEST     0x80000000u

typedef struct {
	guint8 padding[3];
	guint32 flags;
	guint8 size;
} __attribute__((packed)) FenceHead;

static void send_fence(
	rfbClientPtr client, guint32 flags, const guint8 *payload, guint8 size)
{
	guint8 message[1 + sizeof(FenceHead) + PAYLOAD_MAX] = {MESSAGE};
	FenceHead head = {.flags = GUINT32_TO_BE(flags), .size = size};

	memcpy(message + 1, &head, sizeof head);
	if (size)
		memcpy(message + 1 + sizeof head, payload, size);
	if (rfbWriteExact(client, (char *)message, (int)(1 + sizeof head + size)) < 0)
		rfbCloseClient(client);
}

/* A request is what says that the server knows fences. */
static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Viewer *viewer = extension_viewer(client);

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	if (!viewer->extensions.fence)
		send_fence(client, REQUEST | FLAGS, NULL, 0);
	viewer->extensions.fence = true;
	return TRUE;
}

static rfbBool handle(
	rfbClientPtr client, void *data, const rfbClientToServerMsg *message)
{
	guint8 payload[PAYLOAD_MAX];
	FenceHead head;
	guint32 flags;

	(void)data;
	if (message->type != MESSAGE)
		return FALSE;
	if (!extension_read(client, &head, sizeof head))
		return TRUE;
	if (head.size > PAYLOAD_MAX) {
		rfbCloseClient(client);
		return TRUE;
	}
	if (head.size && !extension_read(client, payload, head.size))
		return TRUE;
	flags = GUINT32_FROM_BE(head.flags);
	if (flags & REQUEST)
		send_fence(client, flags & FLAGS, payload, head.size);
	return TRUE;
}

static int encodings[] = {ENCODING, 0};

rfbProtocolExtension extension_fence = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
	.handleMessage = handle,
};
