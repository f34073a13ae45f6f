// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host - what components are given open of the host: sockets and devices
 *
 * Core opens a socket that listens, or a device, when the first component that is granted
 * it starts, and keeps it until the scenario ends. So a component needs no right to open
 * one, and who connects while it starts again waits. It connects anew for each start.
 * What is granted by path instead is in the component's view (view.h).
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "log.h"

#define HOST_SOCKETS_MAX 16 /* of a component */

typedef struct Host Host;

typedef struct {
	const char *name; /* borrowed, until the next host_sockets */
	int fd;           /* borrowed */
	bool listens;
} HostSocket;

/* log is borrowed. */
Host *host_new(Log *log);
/* Closes the sockets, and removes those in the file system. */
void host_free(Host *host);
/* NAME=ADDRESS:PORT: where the socket of that name listens, whatever the scenario says;
 * NAME=nowhere: nobody gets it. */
bool host_replace(Host *host, const char *text, GError **error);
/* Of the grants (HID text, or "") of a component those that it may have: all, or, if one
 * of them is not its parent's, none, and the log says which. parent_grants: NULL for
 * everything. Borrowed from grants. */
const char *host_allowed(
	Host *host, const char *label, const char *grants, const char *parent_grants);
/* Opens what of the allowed grants is handed over open. Returns their number; what cannot
 * be opened is missing, and a line of the log says why. */
unsigned host_sockets(Host *host, const char *label, const char *grants,
	HostSocket sockets[HOST_SOCKETS_MAX]);

/* Whether the file of that path is among the grants (HID text; NULL and "": none). */
bool host_grants_file(const char *grants, const char *path);
/* A granted file's content of now; NULL: it cannot be read, is larger than max, or a
 * symbolic link leads to it, as one could that somebody else has put there since. */
char *host_read_file(const char *path, gsize max, gsize *length);

#endif
