// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server - the whole RFB server in this process, for targets that talk to it
 */
#ifndef FUZZ_VNC_SERVER_H
#define FUZZ_VNC_SERVER_H

#include <glib.h>

/* Viewers on an abstract unix socket; page: folder of files for browsers. access: of a
 * file with a certificate, NULL for none. Once a process. */
void server_start(const char *page, const char *access);
/* A connection that the server has accepted; owned by the caller. */
int server_dial(void);
/* Draws for those that come, reads what the server sends, until that viewer has gone. */
void server_await_end(int fd);

/* ---- what a viewer sends ---- */

extern const char server_hello[];   /* version 3.8, no log-in, shared */
extern const char server_upgrade[]; /* the request for a websocket */

/* A frame of a websocket, as a browser sends it: masked, by zeros. */
GByteArray *server_frame(const void *data, gsize size);

#endif
