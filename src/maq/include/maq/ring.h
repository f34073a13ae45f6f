// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ring - entries from one writer to one reader through two shared pages
 *
 * Layout and rules: docs/protocol.md, "Memory shared by both sides". The cursors are
 * free-running; slots is a power of two. One thread a side. No allocation, lock or system
 * call here. A peer that writes nonsense into its cursor is noticed (-1) and then
 * its session is to be ended; it cannot make this side read or write outside the ring.
 */
#ifndef MAQ_RING_H
#define MAQ_RING_H

#include <maq/trace.h>

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
	_Atomic guint32 *write;          /* in our page */
	const _Atomic guint32 *read;     /* in the peer's page */
	const _Atomic guint32 *sleeping; /* in the peer's page */
	guint8 *entries;                 /* in our page */
	guint32 slots, entry_size;
	guint32 at;   /* private copy of the write cursor: the peer can't change it */
	guint32 seen; /* the read cursor at the last look; looked at anew when full */
} MaqRingWriter;

typedef struct {
	const _Atomic guint32 *write; /* in the peer's page */
	_Atomic guint32 *read;        /* in our page */
	_Atomic guint32 *sleeping;    /* in our page */
	const guint8 *entries;        /* in the peer's page */
	guint32 slots, entry_size;
	guint32 at;
	guint32 seen; /* the write cursor at the last look; looked at anew when empty */
} MaqRingReader;

/* What traces call a ring: unique in its process. */
static inline guint32 maq_ring_stream(const void *entries)
{
	return (guint32)((guintptr)entries >> 6);
}

/* Free slots; -1 if the peer's cursor is impossible. */
static inline int maq_ring_room(MaqRingWriter *ring)
{
	guint32 seen = atomic_load_explicit(ring->read, memory_order_acquire);
	guint32 used = ring->at - seen;

	if (used > ring->slots)
		return -1;
	ring->seen = seen;
	return (int)(ring->slots - used);
}

/* Appends a copy: 1 done, 0 the ring is full, -1 as above. */
static inline int maq_ring_push(MaqRingWriter *ring, const void *entry)
{
	if (ring->at - ring->seen >= ring->slots) {
		int room = maq_ring_room(ring);

		if (room <= 0)
			return room;
	}
	memcpy(ring->entries + (gsize)(ring->at & (ring->slots - 1)) * ring->entry_size,
		entry, ring->entry_size);
	if (maq_trace_is_on())
		maq_trace_record(MAQ_TRACE_PACKET_SUBMIT, (guint16)ring->entry_size,
			maq_ring_stream(ring->entries), maq_flow(), ring->at);
	ring->at++;
	atomic_store_explicit(ring->write, ring->at, memory_order_release);
	return 1;
}

/* Whether the reader sleeps and wants the ring's signal; ask after pushing. */
static inline bool maq_ring_reader_sleeps(const MaqRingWriter *ring)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(ring->sleeping, memory_order_relaxed) != 0;
}

/* Copies the next entry out: 1 done, 0 the ring is empty, -1 as above. */
static inline int maq_ring_pop(MaqRingReader *ring, void *entry)
{
	if (ring->seen == ring->at) {
		guint32 seen = atomic_load_explicit(ring->write, memory_order_acquire);

		if (seen - ring->at > ring->slots)
			return -1;
		ring->seen = seen;
		if (seen == ring->at)
			return 0;
	}
	memcpy(entry,
		ring->entries + (gsize)(ring->at & (ring->slots - 1)) * ring->entry_size,
		ring->entry_size);
	if (maq_trace_is_on())
		maq_trace_record(MAQ_TRACE_PACKET_ACK, (guint16)ring->entry_size,
			maq_ring_stream(ring->entries), maq_flow(), ring->at);
	ring->at++;
	atomic_store_explicit(ring->read, ring->at, memory_order_release);
	return 1;
}

/* Declares this side asleep; false: an entry has come meanwhile, go on reading. */
static inline bool maq_ring_sleep(MaqRingReader *ring)
{
	atomic_store_explicit(ring->sleeping, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(ring->write, memory_order_acquire) == ring->at)
		return true;
	atomic_store_explicit(ring->sleeping, 0, memory_order_relaxed);
	return false;
}

static inline void maq_ring_wake(MaqRingReader *ring)
{
	atomic_store_explicit(ring->sleeping, 0, memory_order_relaxed);
}

#endif
