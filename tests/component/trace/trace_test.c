// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_test - the events of calls and signals, and the flow ids that pair them
 *
 * A client calls a front server, which calls a back server to answer. Each runs in a
 * thread; the sink gathers the events of all three.
 */
#include <maq/env.h>
#include <maq/ring.h>
#include <maq/timer.h>
#include <maq/trace.h>

#define EVENTS    4096
#define CALLS     50
#define COMPONENT 0xabcd

static MaqTraceEvent events[EVENTS];
static int n_events;

static void record(void *data, const MaqTraceEvent *event)
{
	int at = g_atomic_int_add(&n_events, 1);

	g_assert_true(data == events);
	g_assert_cmpint(at, <, EVENTS);
	events[at] = *event;
}

static const MaqTraceSink sink = {
	.record = record, .data = events, .component = COMPONENT};

typedef struct {
	int channel, next; /* next: to the server behind; -1: none */
	bool fast;
	MaqEnv *env;
	MaqTimer *behind; /* owned by env */
	MaqPeer *peer;
} Server;

static MaqTimerError op_now(void *client, guint64 *time)
{
	Server *server = client;

	*time = 7;
	maq_trace_checkpoint(42, MAQ_TRACE_INSTANT, 1);
	return server->behind ? maq_timer_now(server->behind, time) : MAQ_TIMER_OK;
}

static MaqTimerError op_wake_at(void *client, guint64 deadline)
{
	(void)deadline;
	maq_timer_signal_expired(((Server *)client)->peer);
	return MAQ_TIMER_OK;
}

static MaqStatus on_open(void *service, MaqPeer *peer, void **client)
{
	((Server *)service)->peer = peer;
	*client = service;
	return MAQ_OK;
}

static void on_close(void *client)
{
	maq_loop_quit(maq_env_loop(((Server *)client)->env), 0);
}

static gpointer serve(gpointer data)
{
	Server *server = data;
	MaqTimerService service = {
		.ops = {.now = op_now, .wake_at = op_wake_at},
		.open = on_open,
		.close = on_close,
		.fast = server->fast,
	};

	server->env = maq_env_new(&maq_binding_linux);
	if (server->next >= 0)
		server->behind = maq_timer_attach(server->env, server->next);
	maq_timer_serve(server->env, &service, server, "test", server->channel);
	maq_loop_run(maq_env_loop(server->env));
	maq_env_free(server->env);
	return NULL;
}

static void on_expired(void *data)
{
	*(guint64 *)data = maq_flow();
}

static void on_now(void *data, MaqTimerError status, guint64 time)
{
	g_assert_cmpint(status, ==, MAQ_TIMER_OK);
	g_assert_cmpuint(time, ==, 7);
	*(bool *)data = true;
}

static void run(bool fast)
{
	int front[2], back[2];
	guint64 time = 0, flow = 0;
	bool done = false;

	g_assert_cmpint(maq_binding_linux.pair(front), ==, 0);
	g_assert_cmpint(maq_binding_linux.pair(back), ==, 0);
	Server servers[] = {
		{.channel = back[1], .next = -1, .fast = fast},
		{.channel = front[1], .next = back[0], .fast = fast},
	};
	GThread *threads[] = {g_thread_new("back", serve, &servers[0]),
		g_thread_new("front", serve, &servers[1])};
	g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = maq_timer_attach(env, front[0]);
	maq_timer_on_expired(timer, on_expired, &flow);
	for (unsigned i = 0; i < CALLS; i++)
		g_assert_cmpint(maq_timer_now(timer, &time), ==, MAQ_TIMER_OK);
	maq_timer_now_async(timer, on_now, &done);
	while (!done)
		maq_loop_step(maq_env_loop(env), -1);
	g_assert_cmpint(maq_timer_wake_at(timer, 0), ==, MAQ_TIMER_OK);
	while (!flow && g_atomic_int_get(&n_events))
		maq_loop_step(maq_env_loop(env), -1);
	maq_timer_close(timer);
	for (unsigned i = 0; i < 2; i++)
		g_thread_join(threads[1 - i]);
}

/* The one event of this kind and flow. */
static int find(MaqTraceId id, guint64 flow)
{
	int found = -1;

	for (int i = 0; i < n_events; i++)
		if (events[i].id == id && events[i].flow == flow) {
			g_assert_cmpint(found, ==, -1);
			found = i;
		}
	g_assert_cmpint(found, >=, 0);
	return found;
}

static unsigned count(MaqTraceId id)
{
	unsigned n = 0;

	for (int i = 0; i < n_events; i++)
		n += events[i].id == id;
	return n;
}

static void check_call(const MaqTraceEvent *call)
{
	static const MaqTraceId order[] = {MAQ_TRACE_RPC_CALL, MAQ_TRACE_RPC_DISPATCH,
		MAQ_TRACE_RPC_REPLY, MAQ_TRACE_RPC_RETURN};
	guint64 before = 0;

	g_assert_cmpuint(call->flow >> 48, ==, COMPONENT);
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		const MaqTraceEvent *event = &events[find(order[i], call->flow)];

		g_assert_cmpuint(event->method, ==, call->method);
		g_assert_cmpuint(event->time, >=, before);
		before = event->time;
		if (order[i] == MAQ_TRACE_RPC_RETURN || order[i] == MAQ_TRACE_RPC_REPLY)
			g_assert_cmpuint(event->arg, ==, 0);
	}
	/* a call that has a parent lies inside it */
	if (call->arg) {
		g_assert_cmpuint(events[find(MAQ_TRACE_RPC_DISPATCH, call->arg)].time, <=,
			call->time);
		g_assert_cmpuint(events[find(MAQ_TRACE_RPC_REPLY, call->arg)].time, >=,
			events[find(MAQ_TRACE_RPC_RETURN, call->flow)].time);
	}
}

static void test_calls(gconstpointer data)
{
	unsigned nested = 0;

	n_events = 0;
	maq_trace_set_sink(&sink);
	run(data != NULL);
	maq_trace_set_sink(NULL);
	g_assert_cmpuint(count(MAQ_TRACE_RPC_CALL), ==, 2 * (CALLS + 1) + 1);
	g_assert_cmpuint(count(MAQ_TRACE_RPC_DISPATCH), ==, 2 * (CALLS + 1) + 1);
	g_assert_cmpuint(count(MAQ_TRACE_RPC_REPLY), ==, 2 * (CALLS + 1) + 1);
	g_assert_cmpuint(count(MAQ_TRACE_RPC_RETURN), ==, 2 * (CALLS + 1) + 1);
	g_assert_cmpuint(count(MAQ_TRACE_CHECKPOINT), ==, 2 * (CALLS + 1));
	g_assert_cmpuint(count(MAQ_TRACE_SIGNAL_SUBMIT), ==, 1);
	g_assert_cmpuint(count(MAQ_TRACE_SIGNAL_DELIVER), ==, 1);
	g_assert_cmpuint(count(MAQ_TRACE_SESSION_OPEN), ==, 4);
	g_assert_cmpuint(count(MAQ_TRACE_SESSION_CLOSE), ==, 4);
	for (int i = 0; i < n_events; i++) {
		const MaqTraceEvent *event = &events[i];

		if (event->id == MAQ_TRACE_RPC_CALL)
			check_call(event);
		nested += event->id == MAQ_TRACE_RPC_CALL && event->arg;
		if (event->id == MAQ_TRACE_CHECKPOINT)
			find(MAQ_TRACE_RPC_DISPATCH, event->flow);
		if (event->id == MAQ_TRACE_SIGNAL_DELIVER)
			find(MAQ_TRACE_SIGNAL_SUBMIT, event->flow);
	}
	g_assert_cmpuint(nested, ==, CALLS + 1);
}

static void test_off(void)
{
	n_events = 0;
	run(false);
	g_assert_cmpint(n_events, ==, 0);
	g_assert_cmpuint(maq_trace_new_flow(), ==, 0);
	g_assert_cmpuint(maq_flow(), ==, 0);
}

static void test_ring(void)
{
	_Atomic guint32 cursors[3] = {0};
	guint64 entries[4] = {0}, entry = 9;
	MaqRingWriter writer = {&cursors[0], &cursors[1], &cursors[2], (guint8 *)entries,
		4, sizeof entry, 0, 0};
	MaqRingReader reader = {&cursors[0], &cursors[1], &cursors[2],
		(const guint8 *)entries, 4, sizeof entry, 0, 0};

	n_events = 0;
	maq_trace_set_sink(&sink);
	g_assert_cmpint(maq_ring_push(&writer, &entry), ==, 1);
	g_assert_cmpint(maq_ring_pop(&reader, &entry), ==, 1);
	g_assert_cmpint(maq_ring_pop(&reader, &entry), ==, 0);
	maq_trace_set_sink(NULL);
	g_assert_cmpint(n_events, ==, 2);
	g_assert_cmpuint(events[0].id, ==, MAQ_TRACE_PACKET_SUBMIT);
	g_assert_cmpuint(events[1].id, ==, MAQ_TRACE_PACKET_ACK);
	g_assert_cmpuint(events[0].session, ==, events[1].session);
	g_assert_cmpuint(events[0].method, ==, sizeof entry);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trace/off", test_off);
	g_test_add_data_func("/trace/socket", NULL, test_calls);
	g_test_add_data_func("/trace/page", "", test_calls);
	g_test_add_func("/trace/ring", test_ring);
	return g_test_run();
}
