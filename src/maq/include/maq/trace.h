// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace - points in place that tell a sink what happens, and cost a load and a branch
 * else
 *
 * An event has 32 bytes and is complete in itself; what a number means (labels, services,
 * names of operations) is known from elsewhere. A flow id names one piece of work on its
 * way through components: a call carries it in its header, so that the four events of a
 * call have the same one, and the callee's own calls name it as their parent.
 */
#ifndef MAQ_TRACE_H
#define MAQ_TRACE_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* id                      method     session    flow    arg */
typedef enum {
	MAQ_TRACE_SESSION_OPEN = 1, /* side       session id current 0 */
	MAQ_TRACE_SESSION_CLOSE,    /* side       session id current 0 */
	MAQ_TRACE_RPC_CALL,         /* opcode     session id new     parent flow */
	MAQ_TRACE_RPC_RETURN,       /* opcode     session id call's  status */
	MAQ_TRACE_RPC_DISPATCH,     /* opcode     session id call's  0 */
	MAQ_TRACE_RPC_REPLY,        /* opcode     session id call's  status */
	MAQ_TRACE_SIGNAL_SUBMIT,    /* side       session id current bits */
	MAQ_TRACE_SIGNAL_DELIVER,   /* side       session id sender's bits */
	MAQ_TRACE_PACKET_SUBMIT,    /* entry size stream     current entry's number */
	MAQ_TRACE_PACKET_ACK,       /* entry size stream     current entry's number */
	MAQ_TRACE_QUOTA_TRANSFER,   /* step       session id current RAM */
	MAQ_TRACE_CHECKPOINT,       /* kind       name       current value */
} MaqTraceId;

typedef enum { MAQ_TRACE_CLIENT = 0, MAQ_TRACE_SERVER = 1 } MaqTraceSide;
/* Of quota: from the client, to the server, back from both. */
typedef enum { MAQ_TRACE_TAKE, MAQ_TRACE_GIVE, MAQ_TRACE_RETURN } MaqTraceStep;
typedef enum {
	MAQ_TRACE_BEGIN,
	MAQ_TRACE_END,
	MAQ_TRACE_INSTANT,
	MAQ_TRACE_COUNTER
} MaqTraceKind;

typedef struct {
	guint64 time;       /* ns, monotonic */
	guint16 id, method; /* MaqTraceId */
	guint32 session;
	guint64 flow;
	guint64 arg;
} MaqTraceEvent;
G_STATIC_ASSERT(sizeof(MaqTraceEvent) == 32);

/* record is called in the thread where it happens, must not block and must not use
 * sessions. */
typedef struct {
	void (*record)(void *data, const MaqTraceEvent *event);
	void *data;        /* borrowed */
	guint16 component; /* the upper 16 bits of flow ids made here */
	/* What a session's number means, before the first event of that session; NULL.
	 * names: the service, a newline, a line "OPCODE NAME" for each operation. Called
	 * where the session is opened, which may block. */
	void (*session)(void *data, MaqTraceSide side, guint32 number, const char *names,
		const char *label);
} MaqTraceSink;

/* Starts, or with NULL ends, tracing in all threads. The sink is borrowed; one that is
 * taken away may still be called by a thread that was about to. */
void maq_trace_set_sink(const MaqTraceSink *sink);

extern const MaqTraceSink *_Atomic maq_trace_sink;

static inline bool maq_trace_is_on(void)
{
	return G_UNLIKELY(
		atomic_load_explicit(&maq_trace_sink, memory_order_relaxed) != NULL);
}

/* By what number events call a session: its id, or for one that has none one of this
 * process alone. */
guint32 maq_trace_session_number(guint32 id);

/* For the inline functions here. */
void maq_trace_record(
	MaqTraceId id, guint16 method, guint32 session, guint64 flow, guint64 arg);

static inline void maq_trace(
	MaqTraceId id, guint16 method, guint32 session, guint64 flow, guint64 arg)
{
	if (maq_trace_is_on())
		maq_trace_record(id, method, session, flow, arg);
}

/* A flow id that no one else has: component, thread, counter. 0 while there is no sink.
 */
guint64 maq_trace_new_flow(void);

/* The flow that this thread works on; 0 if none. */
guint64 maq_flow(void);
/* Sets it; returns the one before. */
guint64 maq_flow_swap(guint64 flow);

/* A mark of the program's own: name is a number that the program chooses. */
static inline void maq_trace_checkpoint(guint32 name, MaqTraceKind kind, guint64 value)
{
	if (maq_trace_is_on())
		maq_trace_record(
			MAQ_TRACE_CHECKPOINT, (guint16)kind, name, maq_flow(), value);
}

#endif
