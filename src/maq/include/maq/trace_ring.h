// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace_ring - memory that keeps the last events of one component
 *
 * Core makes a ring for each component, keeps it mapped and hands it over at the start:
 * an ordinary memfd of exactly this size, sealed so that it keeps it. The component's
 * threads write; they never wait, and the oldest events are overwritten. What was written
 * is there when the component has crashed.
 *
 * To write an event a thread takes the next index from `written`; its slot is the index
 * modulo the number of slots. It sets the slot's sequence to BUSY, writes, and sets it to
 * 2 * (index + 1), in 32 bits. If it finds it BUSY, another one has stood still there
 * while the ring went round, or a newer event: then its own is lost. Who reads looks at
 * the sequence before and after, and leaves out a slot that has not the one it should
 * have.
 *
 * A component can write into its ring whatever it likes. So nobody reads one in place:
 * core copies it without looking at what it says, and puts what core itself knows into
 * the head of the copy. Whoever reads a copy does so by the functions below.
 */
#ifndef MAQ_TRACE_RING_H
#define MAQ_TRACE_RING_H

#include <maq/trace.h>

#define MAQ_TRACE_MAGIC     0x5254514du /* "MQTR" */
#define MAQ_TRACE_VERSION   1u
#define MAQ_TRACE_SLOTS     8192u
#define MAQ_TRACE_SESSIONS  512u
#define MAQ_TRACE_BUSY      1u
#define MAQ_TRACE_OWN       128u /* of them */
#define MAQ_TRACE_NAMES     28672u
#define MAQ_TRACE_LABEL_MAX 256u

/* What the session of a number is, in a place that follows from number and side, where a
 * later one replaces it: of N places the one of (number modulo N / 2) * 2 + side. The
 * last MAQ_TRACE_OWN places are those of numbers whose highest bit is set. */
typedef struct {
	_Atomic guint32 number; /* 0: nothing here */
	guint16 side;           /* MaqTraceSide */
	guint16 names;          /* where in the ring's names its interface begins */
	char label[56];         /* cut off if it is longer */
} MaqTraceSession;
G_STATIC_ASSERT(sizeof(MaqTraceSession) == 64);

/* A MaqTraceEvent. */
typedef struct {
	_Atomic guint64 words[4];
} MaqTraceSlot;

typedef struct {
	/* by core, before the start, and again in a copy */
	guint32 magic, version;
	guint32 component; /* number, from 1; the upper 16 bits of its flow ids */
	guint32 slots;
	guint64 began; /* ns, monotonic: when core began to record */
	/* by core, in a copy only */
	guint32 ended;   /* the component has */
	guint32 crashed; /* likewise, by a signal */
	char label[MAQ_TRACE_LABEL_MAX];
	/* by the component */
	_Atomic guint64 written; /* events so far */
	_Atomic guint32 names_used;
	char reserved[4096 - 32 - MAQ_TRACE_LABEL_MAX - 12];
	_Atomic guint32 sequences[MAQ_TRACE_SLOTS];
	MaqTraceSession sessions[MAQ_TRACE_SESSIONS];
	/* of interfaces: the service, a newline, a line "OPCODE NAME" for each
	 * operation, a zero byte */
	char names[MAQ_TRACE_NAMES];
	MaqTraceSlot events[MAQ_TRACE_SLOTS];
} MaqTraceRing;
G_STATIC_ASSERT(sizeof(MaqTraceRing) == 88 * 4096);

/* ---- core ---- */

/* A new ring: the descriptor, owned by the caller; -1 with errno. *ring is unmapped by
 * maq_trace_ring_unmap. */
int maq_trace_ring_new(guint16 component, guint64 began, MaqTraceRing **ring);
void maq_trace_ring_unmap(MaqTraceRing *ring);
/* Of memory of that size, which need not be initialized; the component may go on writing.
 * The head becomes what core says. */
void maq_trace_ring_copy(const MaqTraceRing *ring, guint16 component, guint64 began,
	const char *label, MaqTraceRing *copy);

/* ---- who records ---- */

/* Of a MaqTraceSink; ring is a MaqTraceRing. */
void maq_trace_ring_record(void *ring, const MaqTraceEvent *event);
void maq_trace_ring_session(void *ring, MaqTraceSide side, guint32 number,
	const char *names, const char *label);
/* Takes the ring that core has given this process, if it has, and records into it. Once,
 * before anything else, in the main thread. */
void maq_trace_attach(void);

/* ---- who reads a copy ---- */

/* Whether it is one; size: of the memory at data. */
bool maq_trace_copy_is(const void *data, gsize size);
/* Those events that are whole and could be the component's, oldest first; MAQ_TRACE_SLOTS
 * at most. *lost: how many more it has written. */
guint maq_trace_copy_events(
	const MaqTraceRing *copy, MaqTraceEvent *events, guint64 *lost);
/* The session that an event is about. False: it is about none, or nothing is known. names
 * is the interface's text, as far as it is whole; label has 56 bytes. */
bool maq_trace_copy_session(const MaqTraceRing *copy, const MaqTraceEvent *event,
	const char **names, const char **label);

#endif
