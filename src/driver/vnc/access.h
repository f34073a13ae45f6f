// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * access - the policy: what is asked of whom, by configuration and by where it comes from
 *
 * Read-only after it is made, for any thread. Another configuration is another Access;
 * what is remembered of addresses is the Guard's, which is of no configuration.
 */
#ifndef VNC_ACCESS_H
#define VNC_ACCESS_H

#include "guard.h"
#include "security.h"
#include "tls.h"

typedef struct {
	gint references;
	Accounts *accounts; /* owned */
	Tls *tls;           /* owned */
	enum {
		NONE_LOCAL,
		NONE_ANYWHERE,
		NONE_NEVER
	} none;          /* where nobody need log in */
	bool encrypt;    /* nothing is offered without TLS */
	bool view_only;  /* everybody just watches */
	gint64 patience; /* us: from connecting to ClientInit */
} Access;

/* Who is at the other end of a socket. */
typedef struct {
	char text[GUARD_ADDRESS]; /* for people: an address, or "user 1000" */
	char key[GUARD_ADDRESS]; /* who shares failures: an IPv6 network of 64 bits is one
				  */
	bool local;              /* on this machine, and so is the socket it came to */
} Peer;

/* From the driver's configuration, and the file that its attribute access names; file:
 * what is in that, NULL: to be read here. */
Access *access_new(const MaqHidNode *config, GBytes *file, GError **error);
Access *access_ref(Access *access);
void access_unref(Access *access); /* NULL: nothing */
void access_peer(int socket, Peer *peer);
SecurityOffer access_offer(
	const Access *access, Guard *guard, const Peer *peer, bool encrypted);
/* NULL, or what people should be told at the start. */
const char *access_remark(const Access *access);

#endif
