// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extensions - what libvncserver does not have of RFB, by its own hooks
 *
 * One file an extension, each with the section of rfbproto that it follows:
 * https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst
 */
#ifndef VNC_EXTENSIONS_H
#define VNC_EXTENSIONS_H

#include "viewer.h"

extern rfbProtocolExtension extension_keys, extension_buttons, extension_name,
	extension_leds, extension_fence, extension_continuous;

/* For all clients of the process; before the first one. */
void extensions_register(void);
/* Sends what has changed and needs no request. */
void extensions_update(Viewer *viewer);

/* ---- for the extensions ---- */

Viewer *extension_viewer(rfbClientPtr client);
/* An update of one rectangle that has no pixels, with what belongs to its encoding. */
void extension_send(rfbClientPtr client, guint16 x, guint16 y, gint32 encoding,
	const void *content, gsize size);
/* Reads the rest of a message; false: the viewer has gone, and its connection is closed.
 */
bool extension_read(rfbClientPtr client, void *to, gsize size);

/* The extended buttons of the message at hand, which libvncserver has read but for this
 * byte. mask: as it has read it. */
unsigned buttons_complete(rfbClientPtr client, unsigned mask);
void name_update(Viewer *viewer);
void leds_update(Viewer *viewer);
/* Asks for the area in the viewer's stead, if it wants continuous updates, something has
 * changed and the socket has room. */
void continuous_update(Viewer *viewer, bool changed);
/* It would get a change at once. */
bool continuous_ready(const Viewer *viewer);

#endif
