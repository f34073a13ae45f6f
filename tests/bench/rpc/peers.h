// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peers - the same round trip by other means: mean time in us of one of rounds
 *
 * Each makes a pair of connected sockets or a page, serves one end in a thread pinned to
 * server_cpu, and calls from this thread, pinned to client_cpu. Negative: it failed.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

typedef double RoundTrip(int rounds, int client_cpu, int server_cpu);

RoundTrip bare_socket;  /* send, recv and epoll_wait on SOCK_SEQPACKET */
RoundTrip bare_sockets; /* likewise with epoll_wait on both sides */
RoundTrip bare_futex;   /* two words, a wake-up and a wait each way */
RoundTrip bare_eventfd; /* eventfd and epoll_wait on both sides */
RoundTrip sdbus;        /* a method call of sd-bus between two peers */
RoundTrip gdbus;        /* likewise of GDBus */
RoundTrip wayland;      /* wl_display_roundtrip */

#endif
