// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/trace.h>

#include <time.h>

const MaqTraceSink *_Atomic maq_trace_sink;

static _Thread_local guint64 current_flow;

void maq_trace_set_sink(const MaqTraceSink *sink)
{
	atomic_store(&maq_trace_sink, sink);
}

guint64 maq_flow(void)
{
	return current_flow;
}

guint64 maq_flow_swap(guint64 flow)
{
	guint64 before = current_flow;

	current_flow = flow;
	return before;
}

guint32 maq_trace_session_number(guint32 id)
{
	static atomic_uint attached;

	return id ? id : 0x80000000u | (atomic_fetch_add(&attached, 1) + 1);
}

guint64 maq_trace_new_flow(void)
{
	static atomic_uint threads;
	static _Thread_local guint32 thread, counter;
	const MaqTraceSink *sink = atomic_load(&maq_trace_sink);

	if (!sink)
		return 0;
	if (!thread)
		thread = atomic_fetch_add(&threads, 1) + 1;
	return (guint64)sink->component << 48 | (guint64)(thread & 0xffff) << 32 |
	       ++counter;
}

void maq_trace_record(
	MaqTraceId id, guint16 method, guint32 session, guint64 flow, guint64 arg)
{
	const MaqTraceSink *sink = atomic_load(&maq_trace_sink);
	struct timespec now;

	if (!sink)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	MaqTraceEvent event = {
		.time = (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec,
		.id = (guint16)id,
		.method = method,
		.session = session,
		.flow = flow,
		.arg = arg,
	};
	sink->record(sink->data, &event);
}
