// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef MAQ_SANDBOX_INTERNAL_H
#define MAQ_SANDBOX_INTERNAL_H

#include "../session/env_internal.h"

#include <maq/sandbox.h>

#define QUEUE_MAX 256 /* requests that wait for one server */

struct MaqSandbox {
	MaqEnv *env; /* borrowed */
	const MaqSandboxOps *ops;
	void *owner;         /* borrowed */
	GPtrArray *children; /* of MaqChild, each freed by its owner */
	GHashTable *links;   /* owned: id -> MaqLink */
	guint32 last_id;
};

struct MaqChild {
	MaqSandbox *sandbox; /* borrowed */
	char *name;          /* owned */
	void *data;          /* borrowed */
	MaqPeer *peer;       /* its parent session; NULL once it has ended */
	MaqAccount account;
	GPtrArray *announced; /* owned, of char * */
	GQueue requests;      /* of MaqLink, borrowed: for this server, not fetched yet */
	unsigned heartbeats;
};

/* A session, from the request to its end. */
typedef struct {
	MaqSandbox *sandbox; /* borrowed */
	guint32 id;
	MaqChild *client;      /* NULL: our parent, or ourselves on behalf of one */
	MaqChild *server;      /* NULL: our parent, or a local service */
	MaqChild *payer;       /* NULL: the donation comes from outside */
	char *service, *label; /* owned */
	guint64 hash, ram;
	guint32 caps;
	GBytes *args;   /* owned */
	int kept;       /* duplicate of one end: to end the session, to see its end */
	int server_end; /* until the server has fetched it; -1 */
	int client_end; /* until the client has got it; -1 */
	MaqWatch *watch;
	bool open, closing;
	MaqCall *call;  /* of the client, until answered; NULL */
	MaqOpened done; /* of ourselves, until answered; NULL */
	void *done_data;
} MaqLink;

MaqLink *maq_link_new(MaqSandbox *sandbox, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps);
/* Finds the server and asks it; the link is answered or freed when this returns or later.
 */
void maq_link_route(MaqLink *link, MaqChild *child);
void maq_link_to_child(MaqLink *link, MaqChild *server);
/* The server's answer: passes it on to the client; status other than 0 frees the link. */
void maq_link_answer(MaqLink *link, int status);
void maq_link_free(MaqLink *link);
/* Ends and frees all sessions of a child. */
void maq_links_drop(MaqSandbox *sandbox, MaqChild *child);

#endif
