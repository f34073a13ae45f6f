// SPDX-License-Identifier: GPL-2.0-or-later
#include "extensions.h"

#include <string.h>

#define CONTENT_MAX 256

void extensions_register(void)
{
	rfbProtocolExtension *const all[] = {&extension_keys, &extension_buttons,
		&extension_name, &extension_leds, &extension_fence,
		&extension_continuous};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		rfbRegisterProtocolExtension(all[i]);
}

void extensions_update(Viewer *viewer)
{
	name_update(viewer);
	leds_update(viewer);
}

Viewer *extension_viewer(rfbClientPtr client)
{
	return client->screen->screenData;
}

void extension_send(rfbClientPtr client, guint16 x, guint16 y, gint32 encoding,
	const void *content, gsize size)
{
	struct {
		rfbFramebufferUpdateMsg head;
		rfbFramebufferUpdateRectHeader rect;
		char content[CONTENT_MAX];
	} __attribute__((packed)) message = {
		.head = {.type = rfbFramebufferUpdate, .nRects = GUINT16_TO_BE(1)},
		.rect = {.r = {.x = GUINT16_TO_BE(x), .y = GUINT16_TO_BE(y)},
			.encoding = GUINT32_TO_BE((guint32)encoding)},
	};

	g_assert(size <= CONTENT_MAX);
	if (size)
		memcpy(message.content, content, size);
	if (rfbWriteExact(client, (char *)&message,
		    (int)(sizeof message - CONTENT_MAX + size)) < 0)
		rfbCloseClient(client);
}

bool extension_read(rfbClientPtr client, void *to, gsize size)
{
	if (rfbReadExact(client, to, (int)size) > 0)
		return true;
	rfbCloseClient(client);
	return false;
}
