// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * http - what a browser asks for on the viewers' port
 */
#ifndef VNC_HTTP_H
#define VNC_HTTP_H

#include <glib.h>

#define HTTP_HEAD_MAX 8192
#define HTTP_PATH_MAX 200

typedef enum {
	HTTP_NONE, /* no browser: a viewer, which waits for the server's first word */
	HTTP_PART, /* a request, not complete yet */
	HTTP_FILE, /* the file path */
	HTTP_WEBSOCKET,       /* a viewer in a browser */
	HTTP_WEBSOCKET_NAMED, /* the same, but the page is of a name, not of an address */
	HTTP_REFUSED,         /* a request that is not answered */
} HttpKind;

/* head: the first bytes of a connection. path: relative, "" for the root; no part of it
 * begins with a dot. */
HttpKind http_parse(const char *head, gsize size, char path[HTTP_PATH_MAX]);
/* By the end of the name. */
const char *http_type(const char *path);

#endif
