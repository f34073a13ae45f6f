// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bare - what the kernel allows: a server of seqpacket sockets and epoll, without libmaq
 */
#ifndef BENCH_CLIENTS_BARE_H
#define BENCH_CLIENTS_BARE_H

#include <glib.h>

/* Calls as fast as it can, until the socket ends. */
void bare_client(int channel);
/* Serves the channels until bench_now() has reached until; counts the calls from start
 * on. The channels remain the caller's. */
guint64 bare_serve(const int *channels, unsigned n, guint64 start, guint64 until);

#endif
