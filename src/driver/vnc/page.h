// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * page - serves the files of noVNC, so that a browser is enough for a viewer
 *
 * On the viewers' port, since a browser lets a page talk to where it came from. Files are
 * read only from one folder.
 */
#ifndef VNC_PAGE_H
#define VNC_PAGE_H

#include <stdbool.h>

/* Waits a moment, or two where a browser is known to be: it speaks first, a viewer waits
 * for the server. */
bool page_speaks(int socket, bool browser);
/* Of a connection that speaks: is it a browser that wants TLS? */
bool page_is_tls(int socket);
typedef enum {
	PAGE_SERVED,
	PAGE_VIEWER,          /* it is for libvncserver, and nothing was read */
	PAGE_WEBSOCKET,       /* the same, and it may be a websocket */
	PAGE_WEBSOCKET_NAMED, /* whose page anybody may have made */
} PageOutcome;

/* Looks at the first bytes of a connection, and answers if a browser asks for a file.
 * Waits, but not for ever. */
PageOutcome page_serve(int socket, const char *folder);

#endif
