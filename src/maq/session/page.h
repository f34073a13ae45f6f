// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * page - the shared page of a session whose service asked for fast calls
 *
 * Layout and rules: docs/protocol.md, "Fast calls". Each word has one writer. The other
 * side is hostile until checked: words are read once, messages are copied, then bounded,
 * then used. It may write into the page at any time and harms only itself.
 */
#ifndef MAQ_SESSION_PAGE_H
#define MAQ_SESSION_PAGE_H

#include <maq/wire.h>

#include <stdatomic.h>

#define MAQ_PAGE_SIZE 4096
#define MAQ_PAGE_ROOM 1984 /* bytes of a message, header included */

typedef struct {
	/* written by the client */
	_Alignas(64) _Atomic guint32 called; /* number of the last call: 1, 2, ... */
	_Atomic guint32 client_sleeps;
	/* written by the server */
	_Alignas(64) _Atomic guint32 replied; /* number of the last call answered */
	_Atomic guint32 server_sleeps;
	_Alignas(64) guint8 call[MAQ_PAGE_ROOM];
	_Alignas(64) guint8 reply[MAQ_PAGE_ROOM];
} MaqPage;
G_STATIC_ASSERT(sizeof(MaqPage) == MAQ_PAGE_SIZE);

/* Whether this kernel can wait for several words (Linux 5.16). */
bool maq_page_supported(void);
/* A page, mapped, and its sealed memfd (owned by the caller); -1: there is no memory. */
int maq_page_new(MaqPage **page);
MaqPage *maq_page_map(int fd); /* a checked dataspace of one page; NULL */
void maq_page_unmap(MaqPage *page);

/*
 * Spinning before sleep. It only pays when the other side runs on another CPU and answers
 * at once: after some spins in vain it rests for a time, and then tries anew. None at all
 * on a machine of one CPU.
 */
typedef struct {
	unsigned misses; /* in a row */
} MaqPageSpin;

unsigned maq_page_spin_begin(MaqPageSpin *spin); /* iterations, at most 200 */
void maq_page_spin_end(MaqPageSpin *spin, bool hit);
void maq_page_relax(void);

/* Stores number and wakes the other side if it sleeps. */
void maq_page_ring(_Atomic guint32 *word, guint32 number, const _Atomic guint32 *sleeps);

/* Copies a message out of room. False: its size or kind is impossible. A message of size
 * 0 has only that. */
bool maq_page_take(const guint8 *room, MaqKind kind, MaqMessage *message);
/* Copies a message of at most MAQ_PAGE_ROOM bytes into room. */
void maq_page_put(guint8 *room, const MaqMessage *message);

/* One word of those that a thread sleeps on. */
typedef struct {
	const _Atomic guint32 *word;
	guint32 value; /* sleeps only while the word has it */
	bool shared;   /* with another process */
} MaqPageWait;

/* Sleeps until one of the words was changed and rung, or until (ns, monotonic; 0: no
 * limit). -ETIMEDOUT, or 0, maybe without a cause. */
int maq_page_sleep(const MaqPageWait *waits, unsigned n, guint64 until);
void maq_page_wake_private(_Atomic guint32 *word);

#define MAQ_PAGE_WAITS                                                                   \
	128 /* most words that one thread can wait for: FUTEX_WAITV_MAX                  \
	     */

#endif
