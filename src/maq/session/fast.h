// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * fast - calls through a shared page instead of the socket (docs/decisions/fast-path.md)
 */
#ifndef MAQ_SESSION_FAST_H
#define MAQ_SESSION_FAST_H

#include "page.h"
#include "watcher.h"

#include <maq/session.h>

#define MAQ_FAST_MAX 120 /* pages that a loop serves */

/* The watcher of this env, made at first use; NULL: the system has no room for it. */
MaqWatcher *maq_env_watcher(MaqEnv *env);

/* ---- the client's end ---- */

typedef struct {
	MaqPage *page; /* owned; NULL: all calls go over the socket */
	MaqWatcher *watcher;
	guint32 called;  /* number of the last call */
	guint32 hangups; /* count at the last look at the channel */
	MaqPageSpin spin;
} MaqFastSession;

/* Takes the page that the server offers. The descriptor is borrowed. */
void maq_fast_session_open(MaqFastSession *fast, MaqEnv *env, int page, int channel);
void maq_fast_session_close(MaqFastSession *fast, int channel);
/* Puts a message of at most MAQ_PAGE_ROOM bytes into the page and wakes the server. */
void maq_fast_session_call(MaqFastSession *fast, const MaqMessage *out);
/* Waits for the reply; until: ns, 0 no limit. MAQ_OK, MAQ_GONE, MAQ_TIMEOUT. If the size
 * of the message is 0 then, it is to come over the socket. */
int maq_fast_session_await(
	MaqFastSession *fast, int channel, guint64 until, MaqMessage *reply);

/* ---- the server's end ---- */

typedef struct MaqFastLoop MaqFastLoop; /* what serves the pages of an env */

typedef struct {
	MaqPage *page; /* owned; NULL: no page */
	MaqPeer *peer; /* borrowed */
	guint32 called;
} MaqFastPeer;

/* Makes a page and has the loop look at it. Returns a descriptor to offer, or -1. */
int maq_fast_peer_open(MaqFastPeer *fast, MaqEnv *env, MaqPeer *peer);
/* No call is taken any more. */
void maq_fast_peer_stop(MaqFastPeer *fast, MaqEnv *env);
void maq_fast_peer_close(MaqFastPeer *fast, MaqEnv *env);
/* message NULL: the reply went over the socket. */
void maq_fast_peer_reply(MaqFastPeer *fast, const MaqMessage *message);
void maq_fast_loop_free(MaqEnv *env);

/* A call that has come through the page (in peer.c). */
void maq_peer_take_call(MaqPeer *peer, MaqMessage *in);

#endif
