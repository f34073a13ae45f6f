// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_buttons - the mouse's buttons back and forward
 *
 * rfbproto, "Extended Mouse Buttons Pseudo-encoding". A pointer message with the highest
 * bit has one more byte, of which libvncserver does not know: it must be read before the
 * next message.
 */
#include "extensions.h"

#define ENCODING (-316)
#define EXTENDED 0x80u
#define SHIFT    7 /* bit 0 of the byte is the eighth button */

static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Viewer *viewer = extension_viewer(client);

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	/* of who only watches libvncserver does not tell the pointer, nor this byte */
	if (client->viewOnly)
		return TRUE;
	if (!viewer->extensions.buttons)
		extension_send(client, 0, 0, ENCODING, NULL, 0);
	viewer->extensions.buttons = true;
	return TRUE;
}

unsigned buttons_complete(rfbClientPtr client, unsigned mask)
{
	guint8 more;

	if (!extension_viewer(client)->extensions.buttons || !(mask & EXTENDED))
		return mask;
	if (!extension_read(client, &more, 1))
		return 0;
	return (mask & ~EXTENDED) | (unsigned)(more & 3) << SHIFT;
}

static int encodings[] = {ENCODING, 0};

rfbProtocolExtension extension_buttons = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
};
