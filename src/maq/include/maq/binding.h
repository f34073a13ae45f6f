// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * binding - what carries sessions: the few operations that libmaq needs of a system
 *
 * Nothing above this table knows sockets or epoll. Handles are small integers; on Linux
 * they are file descriptors. Functions return 0 or more, or a negative errno value.
 */
#ifndef MAQ_BINDING_H
#define MAQ_BINDING_H

#include <maq/wire.h>

typedef struct {
	unsigned events; /* EPOLLIN, EPOLLOUT, EPOLLHUP ... */
	void *cookie;
} MaqReady;

#define MAQ_READY_MAX 256 /* told by one wait: so many clients are served in turn */

typedef struct {
	const char *name;
	/* Whether peers can share memory and futexes: sessions may have pages. */
	bool pages;
	/* Two connected ends of a new session. */
	int (*pair)(int ends[2]);
	/* Never blocks: -EAGAIN if the peer does not read. */
	int (*send)(int channel, const MaqMessage *message);
	/* 1 a well-formed message, 0 the session has ended, -EAGAIN, -ETIMEDOUT,
	 * -EBADMSG; -EMFILE: there is no room for its descriptors, only its header is
	 * there. timeout in ms: 0 never waits, -1 has no limit. */
	int (*receive)(int channel, MaqMessage *message, int timeout);
	/* Whether the peer has read all that was sent. */
	bool (*drained)(int channel);
	/* Nothing more will be sent from this end: the peer reads what there is, then the
	 * session's end. The session lasts until the peer closes. */
	void (*finish)(int channel);
	/* Ends the session for every holder of a duplicate of either end. */
	void (*end)(int channel);
	void (*close)(int handle);
	int (*set_new)(void);
	/* First registration, change, or removal (events 0) of a handle. */
	int (*set_add)(int set, int handle, unsigned events, void *cookie);
	int (*set_change)(int set, int handle, unsigned events, void *cookie);
	int (*set_remove)(int set, int handle);
	/* Number of ready handles; timeout in ns, -1 without limit. */
	int (*set_wait)(int set, MaqReady *ready, int max, gint64 timeout);
	guint64 (*now)(void); /* ns, monotonic */
	/* A handle that becomes readable after ns from now (-1: never) for loops that
	 * others wait for; alarm_clear reads it. NULL where that is impossible. */
	int (*alarm_new)(void);
	void (*alarm_set)(int alarm, gint64 ns);
	void (*alarm_clear)(int alarm);
	/* Which service a channel is of, for reports; NULL where nobody reports. */
	void (*describe)(int channel, const char *service);
} MaqBinding;

extern const MaqBinding maq_binding_linux;

#endif
