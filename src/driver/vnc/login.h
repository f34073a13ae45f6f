// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * login - from a new connection to an RFB client that may go on, in the viewer's thread
 */
#ifndef VNC_LOGIN_H
#define VNC_LOGIN_H

#include "access.h"

#include <rfb/rfb.h>

#define LOGIN_TEXT 160

typedef struct {
	Peer peer;
	bool encrypted; /* the connection began with TLS */
	SecurityResult result;
	gint64 until;   /* us: when it has to be done, ClientInit included */
	Tunnel *tunnel; /* owned: of VeNCrypt; NULL: none */
	int outer;      /* owned: what the tunnel reads and writes */
} Login;

/* Negotiates after rfbNewClient(), which has sent the version; the client is at
 * ClientInit then. Its socket may be another one after it. */
SecurityOutcome login_negotiate(
	Login *login, const Access *access, Guard *guard, rfbClientPtr client);
/* After the client has gone. */
void login_fini(Login *login);
/* Who it is, for people: no control characters. */
void login_describe(const Login *login, bool view_only, char text[LOGIN_TEXT]);

#endif
