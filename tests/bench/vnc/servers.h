// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * servers - the RFB servers of the comparison, with content, at a port of this machine
 */
#ifndef BENCH_SERVERS_H
#define BENCH_SERVERS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

typedef enum { OURS, BARE, BARE_EAGER, XVNC, X11VNC, WAYVNC, SERVERS } Server;

extern const char *const server_names[SERVERS];

typedef struct {
	pid_t pids[3];
	bool draws[3]; /* it is no part of the server */
	unsigned n, server;
	int port;
	char *folder; /* owned: of sway; NULL */
	const volatile guint64
		*drawn; /* owned: ns that drawing took in the server; NULL */
} Running;

/* NULL, or the program that is missing. */
const char *server_lacks(Server server);
/* content: react, scroll or video. False: it does not listen. */
bool server_start(Running *running, Server server, const char *content);
void server_stop(Running *running);
/* Of the server and the display that it reads, without who draws. */
double server_cpu_seconds(const Running *running);
/* Of the server alone; BENCH_ABSENT: not known. */
double server_pss_mb(const Running *running);

#endif
