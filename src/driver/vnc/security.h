// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security - the first words of a viewer: version, security type, log-in
 *
 * RFC 6143, 7.1.1 to 7.1.3, and VeNCrypt (rfbproto, "VeNCrypt"), with no input or output
 * of its own: a link reads and writes.
 */
#ifndef VNC_SECURITY_H
#define VNC_SECURITY_H

#include "accounts.h"

#define SECURITY_TEXT 200

/* What carries the bytes. false: the viewer has gone, or was too slow. */
typedef struct {
	bool (*read)(void *data, void *to, gsize size);
	bool (*write)(void *data, const void *from, gsize size);
	/* From now on encrypted. */
	bool (*start_tls)(void *data, bool anonymous);
	void *data;
} SecurityLink;

/* What may be asked of a viewer on this connection. */
typedef struct {
	const Accounts *accounts; /* borrowed */
	bool none;                /* without accounts, everybody may come in */
	bool plain;               /* what is not encrypted is offered as well */
	bool encrypted;           /* it is encrypted already (https, wss) */
	bool local;               /* nobody listens on the way: loopback, unix socket */
	bool tls, x509;           /* VeNCrypt's TLS and X509 types are offered */
	gint64 wait;              /* us; not 0: nobody from there for so long */
} SecurityOffer;

typedef enum {
	SECURITY_GONE,    /* or has sent nonsense */
	SECURITY_REFUSED, /* nothing was offered; the viewer was told why */
	SECURITY_WRONG,   /* wrong password */
	SECURITY_IN,
} SecurityOutcome;

typedef struct {
	int minor;          /* of the protocol's version: 3, 7 or 8 */
	const char *type;   /* name of the security type, "" before it is known */
	const char *reason; /* why not, as the viewer was told; "" */
	char user[ACCOUNTS_NAME_MAX]; /* "": none */
	bool view_only;
	bool open; /* nothing was asked of it */
} SecurityResult;

/* After the server's version was sent, until the client's ClientInit. */
SecurityOutcome security_negotiate(
	const SecurityOffer *offer, const SecurityLink *link, SecurityResult *result);

#endif
