// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_name - the desktop's name, when it changes
 *
 * rfbproto, "DesktopName Pseudo-encoding".
 */
#include "extensions.h"

#include <string.h>

#define ENCODING (-307)

static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Viewer *viewer = extension_viewer(client);

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	viewer->extensions.name = true;
	return TRUE;
}

void name_update(Viewer *viewer)
{
	Picture *picture = viewer->picture;
	char content[4 + PICTURE_NAME];
	guint32 size = 0;

	if (!viewer->extensions.name)
		return;
	g_rw_lock_reader_lock(&picture->lock);
	bool changed = picture->name_serial != viewer->extensions.name_serial;
	if (changed) {
		size = (guint32)strlen(picture->name);
		memcpy(content + 4, picture->name, size);
	}
	viewer->extensions.name_serial = picture->name_serial;
	g_rw_lock_reader_unlock(&picture->lock);
	if (!changed)
		return;
	memcpy(content, &(guint32){GUINT32_TO_BE(size)}, 4);
	extension_send(viewer->client, 0, 0, ENCODING, content, 4 + size);
}

static int encodings[] = {ENCODING, 0};

rfbProtocolExtension extension_name = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
};
