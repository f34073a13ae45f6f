// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host - what components may use of the host: sockets that listen
 *
 * Core opens a socket when the first component that is granted it starts, and keeps it
 * until the scenario ends. So a component needs no right to open one, and who connects
 * while it starts again waits.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "log.h"

#define HOST_SOCKETS_MAX 8 /* of a component */

typedef struct Host Host;

typedef struct {
	const char *name; /* borrowed, until the next host_sockets */
	int fd;           /* borrowed */
} HostSocket;

/* log is borrowed. */
Host *host_new(Log *log);
/* Closes the sockets, and removes those in the file system. */
void host_free(Host *host);
/* NAME=ADDRESS:PORT: where the socket of that name listens, whatever the scenario says;
 * NAME=nowhere: nobody gets it. */
bool host_replace(Host *host, const char *text, GError **error);
/*
 * What a component gets: the grants (HID text, or "") that its parent has itself; those
 * of the parent: NULL for everything. Returns the number of sockets. What is not granted
 * and what cannot be opened is missing, and a line of the log says why.
 */
unsigned host_sockets(Host *host, const char *label, const char *grants,
	const char *parent_grants, HostSocket sockets[HOST_SOCKETS_MAX]);

#endif
