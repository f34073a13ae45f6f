// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * client - a connection of libvncserver, and what 0.9.14 forgets of it
 *
 * In the viewer's thread, and one at a time on a screen.
 */
#ifndef VNC_CLIENT_H
#define VNC_CLIENT_H

#include <rfb/rfb.h>

/* For all clients of the process, before the first one. */
void client_setup(void);
/* Greets who has connected; socket: owned from now on. NULL: it has gone. */
rfbClientPtr client_new(rfbScreenInfoPtr screen, int socket);
void client_free(rfbClientPtr client);

#endif
