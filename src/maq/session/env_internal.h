// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * env_internal - what a MaqEnv is to the session library
 *
 * The context of one thread that takes part in sessions: its loop, its message buffers,
 * and the way to its parent. Core has no parent; a component's is filled in by maq-env.
 */
#ifndef MAQ_ENV_INTERNAL_H
#define MAQ_ENV_INTERNAL_H

#include "fast.h"

#include <maq/env.h>
#include <maq/loop.h>
#include <maq/session.h>
#include <maq/trace.h>

typedef struct {
	/* Asks for a session: the channel, its id and version, or false. */
	bool (*open)(MaqEnv *env, const MaqInterface *interface, const char *label,
		const void *args, gsize args_size, int *channel, guint32 *id,
		unsigned *version, GError **error);
	void (*close)(MaqEnv *env, guint32 id);
	bool (*announce)(MaqEnv *env, const char *service, GError **error);
	/* Donates more to a session; a MaqStatus. */
	int (*upgrade)(MaqEnv *env, guint32 id, guint64 ram, guint32 caps);
} MaqUpwardOps;

/* A service that this env provides. */
typedef struct {
	const MaqSkeleton *skeleton;
	const void *table;
	void *service;
} MaqProvided;

/* Memory that goes with the env. */
typedef struct {
	void *memory;
	GDestroyNotify free;
} MaqOwned;

struct MaqEnv {
	const MaqBinding *binding;
	MaqLoop *loop;                  /* owned */
	MaqMessage *out;                /* owned: the call or reply being written */
	MaqMessage *in;                 /* owned: the message being read */
	MaqMessage *reply;              /* owned: the answer to our last call */
	MaqWriter writer;               /* into out */
	GPtrArray *sessions;            /* owned, of MaqSession */
	GPtrArray *peers;               /* owned, of MaqPeer */
	GArray *provided;               /* owned, of MaqProvided */
	const MaqUpwardOps *parent_ops; /* NULL: no parent */
	void *parent;                   /* owned by maq-env */
	void *state;                    /* owned */
	GArray *owned;                  /* owned, of MaqOwned */
	void *config;                   /* owned by maq-env */
	MaqWatcher *watcher;            /* owned; NULL until a session has a page */
	MaqFastLoop *fast;              /* owned; NULL until a peer has a page */
};

/* What goes to one peer (send.c). Signals are gathered until it has read the message
 * before. */
typedef struct {
	MaqEnv *env;
	int channel;
	guint64 pending;
	guint64 flow;    /* of the first bit pending */
	guint64 sent;    /* bits of the signal that was the last message sent */
	bool unread;     /* a signal message was sent and may be unread */
	int drain;       /* duplicate of the channel, watched while bits wait; -1 */
	MaqWatch *watch; /* on drain */
	GQueue waiting;  /* owned, of MaqMessage: could not be sent for their descriptors
			  */
	MaqTimeout *retry; /* while there are some */
	guint64 delay;     /* ns, until the next retry */
} MaqWake;

void maq_wake_init(MaqWake *wake, MaqEnv *env, int channel);
void maq_wake_fini(MaqWake *wake);
void maq_wake_send(MaqWake *wake, guint64 bits);
/* Sends env->out, filled by the writer, with this header: at once or, if the kernel takes
 * no descriptors now, from the loop. 0 or -errno. */
int maq_env_send(MaqWake *wake, MaqKind kind, guint16 opcode, guint32 sequence,
	int status, const MaqWriter *writer);
/* Waits until all is sent; false: not until then (0: no limit). */
bool maq_wake_settle(MaqWake *wake, guint64 until);
/* Whether the peer has read all signals. */
bool maq_wake_is_read(MaqWake *wake);

/* Puts the header before what the writer has written to env->out. */
void maq_env_compose(MaqEnv *env, MaqKind kind, guint16 opcode, guint32 sequence,
	int status, const MaqWriter *writer);
/* As maq_peer_attach, with all that a request brings; status: why it was refused. */
MaqPeer *maq_peer_open(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, const char *label, int channel, MaqReader *args, guint64 ram,
	guint32 caps, guint32 id, unsigned version, int *status);
/* To the trace, if there is one: what a session's number means. */
void maq_trace_opened(MaqTraceSide side, guint32 number, const MaqInterface *interface,
	const char *label);
/* The version that has this hash; 0: none that we know. */
unsigned maq_interface_version(const MaqInterface *interface, guint64 hash);
/* The request that brought the peer; 0: attached. */
guint32 maq_peer_id(const MaqPeer *peer);
/* False: no peer of this request. */
bool maq_env_upgrade_peer(MaqEnv *env, guint32 id, guint64 ram, guint32 caps);
void maq_peer_add_quota(MaqPeer *peer, guint64 ram, guint32 caps);
void maq_session_set_version(MaqSession *session, unsigned version);
/* Replaces what was written as reply by MAQ_FAILED. */
void maq_call_fail(MaqCall *call);

#endif
