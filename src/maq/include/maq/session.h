// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session - both ends of a session: what generated code is built on
 *
 * A MaqSession is the client's end, a MaqPeer the server's. Both belong to the thread of
 * their MaqEnv. Programs use the generated functions (maq/log.h, maq/rom.h, ...); of this
 * file they need the handlers for loss and signals, deadlines, and the label and quota of
 * a peer.
 */
#ifndef MAQ_SESSION_H
#define MAQ_SESSION_H

#include <maq/status.h>
#include <maq/wire.h>

typedef struct MaqEnv MaqEnv;
typedef struct MaqSession MaqSession;
typedef struct MaqPeer MaqPeer;
typedef struct MaqCall MaqCall; /* a call that is being served */

/* One operation, for traces and error messages. */
typedef struct {
	guint16 opcode, since;
	bool deferred;
	const char *name;
	const char *in, *out; /* "label:string size:u64 ..." */
} MaqOperation;

/* What the generator knows of an interface; constant. */
typedef struct {
	const char *name, *service;
	unsigned version;
	const guint64 *hashes; /* of version 1, 2, ... */
	guint32 ram, caps;     /* least cost of a session: bytes, descriptors */
	/* How many bytes of open parameters an older version has; NULL: as many. */
	gsize (*args_size)(const void *args, gsize size, unsigned version);
	guint64 from_server; /* signal bits that the server may send */
	guint64 from_client;
	const MaqOperation *operations;
	unsigned n_operations;
} MaqInterface;

typedef void (*MaqHandler)(void *data);
/* Any function for the outcome of an asynchronous call; cast back by its decode thunk. */
typedef void (*MaqDone)(void);

/* ---- client ---- */

/*
 * Asks the parent for a session and waits for it. Owned by env: closed with it at the
 * latest. args are encoded open parameters (docs/protocol.md), borrowed.
 * Errors: MAQ_ERROR, MAQ_DENIED and others.
 */
MaqSession *maq_session_open(MaqEnv *env, const MaqInterface *interface,
	const char *label, const void *args, gsize args_size, GError **error);
/* Takes a channel (owned) that came otherwise, e.g. by connect(). */
MaqSession *maq_session_attach(MaqEnv *env, const MaqInterface *interface, int channel);
void maq_session_close(MaqSession *session);
/* The version of the interface that both sides know: the server may be older. What came
 * later is MAQ_UNSUPPORTED (calls), MAQ_INVALID (values) or not sent (signals). */
unsigned maq_session_version(const MaqSession *session);
bool maq_session_lost(const MaqSession *session);
/* The identifier that the parent gave the session; 0 if it was attached. */
guint32 maq_session_id(const MaqSession *session);
/* For a session attached to a channel that the parent handed out: its end is told to the
 * parent. */
void maq_session_set_id(MaqSession *session, guint32 id);
/* Longest wait of a synchronous call in milliseconds; -1 (default): no limit. */
void maq_session_set_deadline(MaqSession *session, int milliseconds);
/* Called from the loop, at most once a session, when it has ended by itself. */
void maq_session_on_lost(MaqSession *session, MaqHandler handler, void *data);
/* Called from the loop for signal bit (0 to 63). */
void maq_session_on_signal(
	MaqSession *session, unsigned bit, MaqHandler handler, void *data);
/* Sends signal bits to the server; never blocks; coalesces. */
void maq_session_signal(MaqSession *session, guint64 bits);

/* For generated code: begin, write the parameters, call. The reader and what it points to
 * are valid until the next call in the same env. */
MaqWriter *maq_session_begin(MaqSession *session, guint16 opcode);
int maq_session_call(MaqSession *session, MaqReader *reply);
/* After a call that was refused because the donation is used up: donates more, twice as
 * much with each try, 16 MiB at most. True: call again. */
bool maq_session_afford(MaqSession *session, int status, unsigned tries);
/* Whether a call that was answered so is worth an upgrade, after so many of them, and by
 * how much; for calls that are not waited for. */
bool maq_session_lacks(const MaqSession *session, int status, unsigned tries,
	guint64 *ram, guint32 *caps);
/* Sends what was begun and returns; at most 64 calls wait in line. decode is called
 * exactly once: from the loop with the reply or, when the session ends, MAQ_GONE; at once
 * with MAQ_INVALID, MAQ_GONE or MAQ_BUSY if the call cannot be sent. */
typedef void (*MaqDecode)(int status, MaqReader *reply, MaqDone done, void *data);
void maq_session_call_async(
	MaqSession *session, MaqDecode decode, MaqDone done, void *data);

/* ---- server ---- */

/* Made by the generator from an interface; constant. */
typedef struct {
	const MaqInterface *interface;
	/* decode args, call the service's open; the service table is the generated one */
	int (*open)(const void *table, void *service, MaqPeer *peer, MaqReader *args,
		void **client);
	/* false: the message was malformed */
	bool (*dispatch)(const void *table, void *client, MaqCall *call, guint16 opcode,
		MaqReader *in);
	void (*signal)(const void *table, void *client, guint64 bits);
	void (*close)(const void *table, void *client);
	gsize fast; /* offset of the table's member fast, a bool */
} MaqSkeleton;

/* Announces a service to the parent. table (generated type) and service are borrowed. */
bool maq_service_provide(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, GError **error);
/* Serves a channel (owned) that came otherwise than through the parent. NULL if the
 * service's open refused it. */
MaqPeer *maq_peer_attach(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, const char *label, int channel);

/* Ends the session from the server's side, without a word. */
void maq_peer_close(MaqPeer *peer);

/* The client's next call is taken only after this time, ns: so it waits who asks too
 * much. Not for sessions with a page. */
void maq_peer_rest(MaqPeer *peer, guint64 duration);

const char *maq_peer_label(const MaqPeer *peer);
/* The version of the interface that the client knows: newer values and outcomes are not
 * to be sent to it; generated code makes MAQ_FAILED of them. */
unsigned maq_peer_version(const MaqPeer *peer);
guint64 maq_peer_ram(const MaqPeer *peer); /* donated, bytes */
guint32 maq_peer_caps(const MaqPeer *peer);
/* The client has donated more. */
void maq_peer_on_upgraded(MaqPeer *peer, MaqHandler handler, void *data);
/* Charges what the server keeps for this client; false: its donation is used up. */
bool maq_peer_charge(MaqPeer *peer, guint64 ram, guint32 caps);
void maq_peer_refund(MaqPeer *peer, guint64 ram, guint32 caps);
void maq_peer_signal(MaqPeer *peer, guint64 bits);
/* Ends the session because the client broke a rule; one log line says which. */
void maq_peer_end(MaqPeer *peer, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* For generated code. Each call is answered once: reply (NULL if no parameters are to
 * follow: status is not 0, or the client has gone), write the parameters, finish. */
MaqWriter *maq_call_reply(MaqCall *call, int status);
void maq_call_finish(MaqCall *call);
unsigned maq_call_version(const MaqCall *call); /* that of its peer */
MaqPeer *maq_call_peer(MaqCall *call);          /* NULL once the client has gone */

#endif
