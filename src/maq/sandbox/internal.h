// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef MAQ_SANDBOX_INTERNAL_H
#define MAQ_SANDBOX_INTERNAL_H

#include "../env/parent.h"

#include <maq/sandbox.h>

#define MAQ_LIMITS_MAX 64  /* of one call: process.xml */
#define QUEUE_MAX      256 /* requests that wait for one server, or of one client */

struct MaqSandbox {
	MaqEnv *env; /* borrowed */
	const MaqSandboxOps *ops;
	void *owner;         /* borrowed */
	GPtrArray *children; /* of MaqChild, each freed by its owner */
	GHashTable *links;   /* owned: id -> MaqLink */
	GPtrArray *answers;  /* owned, of OuterAnswer: not taken by our parent yet */
	guint32 last_id;
	/* asks.c */
	GQueue asks;      /* of link ids: our parent is to be asked for them */
	guint asking;     /* requests in the line of calls */
	MaqTimeout *busy; /* until the parent, which was busy, is asked again; NULL */
	/* limits.c */
	MaqProcess *process; /* borrowed; NULL */
	guint64 cycle;       /* that collects changes now */
	bool telling;        /* the one before is under way */
	GPtrArray *dirty,
		*told; /* owned, of MaqChild, borrowed: of this one, of that one */
	GArray *waiting_links; /* owned, of guint32 */
	GList *lowerings;      /* owned, of Lowering */
	MaqTimeout *again;     /* NULL */
	guint64 local_ram;     /* donated to services of our own */
	guint32 local_caps;
	guint64 charged_ram; /* at our parent: what is with the children */
	guint32 charged_caps;
	guint settling;       /* charges and refunds without an answer */
	gint64 unsettled_ram; /* of those: what was refused, a refund positive */
	gint64 unsettled_caps;
	MaqTimeout *settle_later;      /* the line of calls was full; NULL */
	guint32 asked[MAQ_LIMITS_MAX]; /* processes that are being told of */
	gsize n_asked;
	MaqTimeout *line_full; /* until those are told again; NULL */
};

struct MaqChild {
	MaqSandbox *sandbox; /* borrowed */
	char *name;          /* owned */
	void *data;          /* borrowed */
	MaqPeer *peer;       /* its parent session; NULL once it has ended */
	MaqAccount account;
	guint64 wanted_ram; /* back, by a yield */
	guint32 wanted_caps;
	GPtrArray *announced; /* owned, of char * */
	GQueue requests;      /* of MaqLink, borrowed: for this server, not fetched yet */
	GQueue answers;       /* of MaqAnswer, owned: for this client, not fetched yet */
	guint unanswered;     /* requests whose answer it has not fetched */
	unsigned heartbeats;
	guint32 process;  /* 0: none yet */
	guint64 told_ram; /* limits as told last */
	guint32 told_caps;
	bool dirty;   /* its limits are not those of the ledger */
	bool refused; /* could not be lowered by the last telling */
	bool ending;
};

/* The outcome of request_session. */
typedef struct {
	guint32 id;
	int status, channel; /* owned; -1 */
} MaqAnswer;

typedef enum {
	LINK_WAITING,   /* for its server, or for quota of its client */
	LINK_REQUESTED, /* its server has been asked */
	LINK_AVAILABLE, /* open, kept for its client */
	LINK_OPEN,
	LINK_DENIED,  /* a prepared session that was refused */
	LINK_CLOSING, /* the client has closed; its server still holds it */
} LinkState;

/* A session, from the request to its end. */
typedef struct {
	MaqSandbox *sandbox; /* borrowed */
	guint32 id;
	LinkState state;
	MaqChild *client; /* NULL: our parent, or ourselves */
	MaqChild *server; /* that holds the donation; NULL: our parent, or a local service
			   */
	MaqChild *payer;  /* NULL: the donation comes from outside, or is not taken yet */
	MaqTarget target; /* where it was sent */
	char *service;    /* owned */
	char *label;      /* owned: the client's own; target.label is the server's */
	guint64 hash, ram;
	guint32 caps;
	bool upgrading;   /* the server does not know yet of what was donated last */
	guint64 more_ram; /* an upgrade that it has not fetched */
	guint32 more_caps;
	GBytes *args;      /* owned */
	bool ours;         /* made on behalf of the client, which does not know of it */
	bool prepared;     /* and kept for it to ask */
	guint32 outer;     /* our parent's request for it; 0: none */
	guint32 parent_id; /* our parent's name of it; 0: not at our parent */
	int kept;          /* duplicate of one end: to end the session, to see its end */
	int server_end;    /* until the server has fetched it; -1 */
	int client_end;    /* until the client has got it; -1 */
	MaqWatch *watch;   /* on kept */
	MaqTimeout *patience; /* while the client waits for the end; NULL */
	MaqCall *call;        /* of the client, until answered; NULL */
	guint64 cycle;        /* of the limits that it waits for; 0: none */
	bool accepted;        /* by the server, while it waits for them */
	bool requested;       /* the client learns the answer by next_answer */
	MaqOpened done;       /* of ourselves, until answered; NULL */
	void *done_data;
} MaqLink;

typedef struct {
	const char *service, *label;
	guint64 hash;
	const void *args;
	gsize args_size;
	guint64 ram;
	guint32 caps;
} LinkRequest;

/* ---- account.c: a MaqStatus each ---- */

int maq_account_can_spare(const MaqAccount *account, guint64 ram, guint32 caps);
/* As a client. */
int maq_account_donate(MaqAccount *account, guint64 ram, guint32 caps);
void maq_account_get_back(MaqAccount *account, guint64 ram, guint32 caps);
/* As a server. */
void maq_account_receive(MaqAccount *account, guint64 ram, guint32 caps);
void maq_account_give_back(MaqAccount *account, guint64 ram, guint32 caps);
/* For itself; refund: false: it was not charged. */
int maq_account_charge(MaqAccount *account, guint64 ram, guint32 caps);
bool maq_account_refund(MaqAccount *account, guint64 ram, guint32 caps);

/* ---- limits.c ---- */

/* Its account has changed. */
void maq_child_touch(MaqChild *child);
/* maq_link_limited() is called when the limits of the link's payer are known. */
void maq_link_await_limits(MaqLink *link);
/* The child is about to be freed. */
void maq_limits_forget(MaqChild *child);
/* Our parent knows of all that was given away; before it is asked for more. */
void maq_sandbox_settle(MaqSandbox *sandbox);
void maq_child_signal_resources(MaqChild *child);

/* ---- link.c ---- */

/* The payer's limit is lowered, or it uses what it would give. */
void maq_link_limited(MaqLink *link, bool lowered);
MaqLink *maq_link_new(MaqSandbox *sandbox, const LinkRequest *request);
/* Finds the server and asks it; the link is answered or freed when this returns or later.
 */
void maq_link_route(MaqLink *link);
/* The server's answer: passes it on to the client; status other than 0 frees the link,
 * unless it was prepared. */
void maq_link_answer(MaqLink *link, int status);
/* Keeps a duplicate of an end, to learn of the session's end and to bring it about. */
bool maq_link_keep(MaqLink *link, int end);
/* Gives a prepared session to the client, which has set call or requested. */
void maq_link_hand_over(MaqLink *link);
/* The client is done with it; call is answered when the server has let go, or soon. */
void maq_link_close(MaqLink *link, MaqCall *call);
void maq_link_free(MaqLink *link);
/* Donates more; who has set call, requested or outer is answered when the server knows.
 */
void maq_link_upgrade(MaqLink *link, guint64 ram, guint32 caps);
void maq_link_upgraded(MaqLink *link, int status);
MaqLink *maq_link_find(MaqSandbox *sandbox, guint32 id);
/* In the order of their making; owned by the caller, the links borrowed. */
GPtrArray *maq_links_sorted(MaqSandbox *sandbox);
/* Ends and frees all sessions of a child. */
void maq_links_drop(MaqSandbox *sandbox, MaqChild *child);
void maq_sandbox_changed(MaqSandbox *sandbox);
/* Answers a request of our parent, for certain: again and again while it is busy. */
void maq_sandbox_deliver(MaqSandbox *sandbox, guint32 outer, int status);

/* ---- asks.c ---- */

/* As soon as the line of calls has room; then maq_link_answer(). */
void maq_link_ask_parent(MaqLink *link);
void maq_asks_clear(MaqSandbox *sandbox);

#endif
