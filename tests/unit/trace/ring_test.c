// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring_test - what is read of a ring: whole events, the last ones, and nothing made up
 */
#include <maq/trace_ring.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COMPONENT 7
#define WRITERS   4
#define EACH      20000

typedef struct {
	int memory;
	MaqTraceRing *ring, *copy;
	MaqTraceEvent *events;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->memory = maq_trace_ring_new(COMPONENT, 5, &fixture->ring);
	g_assert_cmpint(fixture->memory, >=, 0);
	fixture->copy = g_new(MaqTraceRing, 1);
	fixture->events = g_new(MaqTraceEvent, MAQ_TRACE_SLOTS);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	maq_trace_ring_unmap(fixture->ring);
	close(fixture->memory);
	g_free(fixture->copy);
	g_free(fixture->events);
}

static void write_event(Fixture *fixture, guint id, guint64 arg)
{
	MaqTraceEvent event = {.time = arg,
		.id = (guint16)id,
		.method = 3,
		.session = 4,
		.flow = (guint64)COMPONENT << 48 | 1,
		.arg = arg};

	maq_trace_ring_record(fixture->ring, &event);
}

static guint read_events(Fixture *fixture, guint64 *lost)
{
	maq_trace_ring_copy(fixture->ring, COMPONENT, 5, "init -> it", fixture->copy);
	g_assert_true(maq_trace_copy_is(fixture->copy, sizeof *fixture->copy));
	return maq_trace_copy_events(fixture->copy, fixture->events, lost);
}

static void test_wrap(Fixture *fixture, gconstpointer data)
{
	const guint64 counts[] = {1, MAQ_TRACE_SLOTS, MAQ_TRACE_SLOTS * 3 + 17};
	guint64 lost, written = 0;

	(void)data;
	g_assert_cmpuint(read_events(fixture, &lost), ==, 0);
	g_assert_cmpuint(lost, ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		while (written < counts[i])
			write_event(fixture, MAQ_TRACE_RPC_CALL, written++);
		guint n = read_events(fixture, &lost);
		g_assert_cmpuint(n, ==, MIN(written, MAQ_TRACE_SLOTS));
		g_assert_cmpuint(lost, ==, written - n);
		for (guint at = 0; at < n; at++)
			g_assert_cmpuint(fixture->events[at].arg, ==, written - n + at);
	}
	g_assert_cmpstr(fixture->copy->label, ==, "init -> it");
	g_assert_cmpuint(fixture->copy->component, ==, COMPONENT);
}

/* ---- several threads ---- */

typedef struct {
	Fixture *fixture;
	guint number;
} Writer;

/* An event whose fields belong together: a mixed one is seen. */
static gpointer write_many(gpointer data)
{
	const Writer *writer = data;

	for (guint64 i = 1; i <= EACH; i++) {
		MaqTraceEvent event = {.time = i,
			.id = MAQ_TRACE_CHECKPOINT,
			.method = (guint16)writer->number,
			.session = (guint32)i,
			.flow = i * 7,
			.arg = i ^ writer->number};

		maq_trace_ring_record(writer->fixture->ring, &event);
	}
	return NULL;
}

static void check_events(const Fixture *fixture, guint n)
{
	guint64 last[WRITERS] = {0};

	for (guint i = 0; i < n; i++) {
		const MaqTraceEvent *event = &fixture->events[i];

		g_assert_cmpuint(event->method, <, WRITERS);
		g_assert_cmpuint(event->session, ==, event->time);
		g_assert_cmpuint(event->flow, ==, event->time * 7);
		g_assert_cmpuint(event->arg, ==, event->time ^ event->method);
		g_assert_cmpuint(event->time, >, last[event->method]);
		last[event->method] = event->time;
	}
}

static void test_threads(Fixture *fixture, gconstpointer data)
{
	GThread *threads[WRITERS];
	Writer writers[WRITERS];
	guint64 lost = 0;

	(void)data;
	for (guint i = 0; i < WRITERS; i++) {
		writers[i] = (Writer){fixture, i};
		threads[i] = g_thread_new("writer", write_many, &writers[i]);
	}
	/* while they write there are fewer whole ones, and no others */
	while (atomic_load(&fixture->ring->written) < WRITERS * EACH) {
		guint n = read_events(fixture, &lost);
		check_events(fixture, n);
	}
	for (guint i = 0; i < WRITERS; i++)
		g_thread_join(threads[i]);
	guint n = read_events(fixture, &lost);
	check_events(fixture, n);
	g_assert_cmpuint(n + lost, ==, WRITERS * EACH);
	g_assert_cmpuint(n, >, MAQ_TRACE_SLOTS / 2);
}

/* ---- a component that means ill ---- */

static void test_torn(Fixture *fixture, gconstpointer data)
{
	guint64 lost;

	(void)data;
	for (guint i = 0; i < 4; i++)
		write_event(fixture, MAQ_TRACE_RPC_CALL, i);
	/* as one that died while it wrote has left it */
	atomic_store(&fixture->ring->sequences[2], MAQ_TRACE_BUSY);
	g_assert_cmpuint(read_events(fixture, &lost), ==, 3);
	g_assert_cmpuint(lost, ==, 1);
	g_assert_cmpuint(fixture->events[2].arg, ==, 3);
	/* nobody writes over one who may still write, or over what is newer */
	atomic_store(&fixture->ring->written, MAQ_TRACE_SLOTS + 2);
	write_event(fixture, MAQ_TRACE_RPC_CALL, 4);
	g_assert_cmpuint(atomic_load(&fixture->ring->sequences[2]), ==, MAQ_TRACE_BUSY);
	atomic_store(&fixture->ring->written, 3);
	atomic_store(&fixture->ring->sequences[3], 2 * (MAQ_TRACE_SLOTS + 4));
	write_event(fixture, MAQ_TRACE_RPC_CALL, 5);
	g_assert_cmpuint(
		atomic_load(&fixture->ring->sequences[3]), ==, 2 * (MAQ_TRACE_SLOTS + 4));
}

static void test_head(Fixture *fixture, gconstpointer data)
{
	const guint64 indices[] = {
		0, 1, MAQ_TRACE_SLOTS + 1, G_MAXUINT32, G_MAXUINT64 - 1, G_MAXUINT64};
	guint64 lost;

	(void)data;
	write_event(fixture, MAQ_TRACE_RPC_CALL, 1);
	/* what it says of itself is not believed */
	memset(fixture->ring, 0xff, offsetof(MaqTraceRing, written));
	for (guint i = 0; i < G_N_ELEMENTS(indices); i++) {
		atomic_store(&fixture->ring->written, indices[i]);
		g_assert_cmpuint(read_events(fixture, &lost), <=, MAQ_TRACE_SLOTS);
		g_assert_cmpstr(fixture->copy->label, ==, "init -> it");
		g_assert_cmpuint(fixture->copy->component, ==, COMPONENT);
		g_assert_cmpuint(fixture->copy->crashed, ==, 0);
	}
}

static void test_forged(Fixture *fixture, gconstpointer data)
{
	MaqTraceEvent foreign = {.id = MAQ_TRACE_RPC_CALL, .flow = (guint64)8 << 48 | 1};
	MaqTraceEvent heard = {.id = MAQ_TRACE_RPC_DISPATCH, .flow = (guint64)8 << 48};
	guint64 lost;

	(void)data;
	write_event(fixture, 0, 0);
	write_event(fixture, MAQ_TRACE_CHECKPOINT + 1, 0);
	write_event(fixture, 0xffff, 0);
	maq_trace_ring_record(fixture->ring, &foreign);
	maq_trace_ring_record(fixture->ring, &heard);
	g_assert_cmpuint(read_events(fixture, &lost), ==, 1);
	g_assert_cmpuint(lost, ==, 4);
	g_assert_cmpuint(fixture->events[0].id, ==, MAQ_TRACE_RPC_DISPATCH);
}

static void test_garbage(Fixture *fixture, gconstpointer data)
{
	guint64 lost;
	guint n;

	(void)data;
	for (guint round = 0; round < 20; round++) {
		guint8 *bytes = (guint8 *)fixture->ring;

		for (gsize i = 0; i < sizeof *fixture->ring; i++)
			bytes[i] = (guint8)g_test_rand_int();
		/* so that events are looked at, too */
		atomic_store(&fixture->ring->written, MAQ_TRACE_SLOTS);
		for (guint i = 0; i < MAQ_TRACE_SLOTS; i++)
			atomic_store(&fixture->ring->sequences[i], 2 * (i + 1));
		n = read_events(fixture, &lost);
		for (guint i = 0; i < MAQ_TRACE_SESSIONS; i++) {
			const char *names = "", *label = "";
			MaqTraceEvent event = {.id = MAQ_TRACE_SESSION_OPEN,
				.method = fixture->copy->sessions[i].side & 1,
				.session = fixture->copy->sessions[i].number};

			if (maq_trace_copy_session(fixture->copy, &event, &names, &label))
				g_assert_cmpuint(strlen(names) + strlen(label), <=,
					MAQ_TRACE_NAMES + 56);
		}
		g_assert_cmpuint(n + lost, ==, MAQ_TRACE_SLOTS);
	}
	/* nor is a file that is no copy */
	g_assert_false(maq_trace_copy_is(fixture->copy, sizeof *fixture->copy - 1));
	fixture->copy->slots++;
	g_assert_false(maq_trace_copy_is(fixture->copy, sizeof *fixture->copy));
}

static void test_size(Fixture *fixture, gconstpointer data)
{
	(void)data;
	/* shorter, it would end who reads it; larger, it would cost core more */
	g_assert_cmpint(ftruncate(fixture->memory, 4096), ==, -1);
	g_assert_cmpint(ftruncate(fixture->memory, 1 << 20), ==, -1);
	g_assert_cmpint(fcntl(fixture->memory, F_ADD_SEALS, F_SEAL_WRITE), ==, -1);
}

/* ---- sessions ---- */

static void expect_session(Fixture *fixture, guint16 id, guint16 side, guint32 number,
	const char *names, const char *label)
{
	const char *found = NULL, *as = NULL;
	MaqTraceEvent event = {.id = id, .method = side, .session = number};
	guint64 lost;

	read_events(fixture, &lost);
	bool known = maq_trace_copy_session(fixture->copy, &event, &found, &as);
	g_assert_cmpint(known, ==, names != NULL);
	g_assert_cmpstr(found, ==, names);
	g_assert_cmpstr(as, ==, label);
}

static void test_sessions(Fixture *fixture, gconstpointer data)
{
	static const char timer[] = "Timer\n1 now\n", rom[] = "ROM\n1 update\n";
	guint32 own = maq_trace_session_number(0);
	char many[1000];

	(void)data;
	g_assert_cmpuint(maq_trace_session_number(3), ==, 3);
	g_assert_cmpuint(maq_trace_session_number(0), ==, own + 1);
	maq_trace_ring_session(fixture->ring, MAQ_TRACE_CLIENT, own, timer, "a");
	for (guint32 i = 1; i < 1000; i++) {
		maq_trace_ring_session(fixture->ring, MAQ_TRACE_CLIENT, i, rom, "b");
		maq_trace_ring_session(fixture->ring, MAQ_TRACE_SERVER, i, timer, "c");
	}
	expect_session(fixture, MAQ_TRACE_RPC_CALL, 9, 999, rom, "b");
	expect_session(fixture, MAQ_TRACE_RPC_REPLY, 9, 999, timer, "c");
	expect_session(
		fixture, MAQ_TRACE_SIGNAL_SUBMIT, MAQ_TRACE_SERVER, 999, timer, "c");
	expect_session(fixture, MAQ_TRACE_RPC_CALL, 9, own, timer, "a");
	expect_session(fixture, MAQ_TRACE_RPC_CALL, 9, 1, NULL, NULL);
	expect_session(fixture, MAQ_TRACE_CHECKPOINT, 9, 999, NULL, NULL);
	/* each interface is there once; when they are too many the rest has no name */
	g_assert_cmpuint(atomic_load(&fixture->ring->names_used), ==,
		1 + sizeof timer + sizeof rom);
	memset(many, 'x', sizeof many);
	many[sizeof many - 1] = '\0';
	for (guint32 i = 0; i < 40; i++) {
		many[0] = (char)('A' + i);
		maq_trace_ring_session(fixture->ring, MAQ_TRACE_CLIENT, 5, many, "d");
	}
	expect_session(fixture, MAQ_TRACE_RPC_CALL, 9, 5, "", "d");
}

/* ---- the process that core has given one ---- */

static void test_attach(Fixture *fixture, gconstpointer data)
{
	g_autofree char *number = g_strdup_printf("%d", dup(fixture->memory));
	g_autofree char *wrong = g_strdup_printf("%d", memfd_create("small", 0));
	guint64 lost;

	(void)data;
	maq_trace_attach();
	g_assert_false(maq_trace_is_on());
	g_setenv("MAQ_TRACE", wrong, TRUE);
	maq_trace_attach();
	g_assert_false(maq_trace_is_on());
	g_setenv("MAQ_TRACE", number, TRUE);
	maq_trace_attach();
	g_assert_true(maq_trace_is_on());
	g_assert_null(g_getenv("MAQ_TRACE"));
	g_assert_cmpint(fcntl(atoi(number), F_GETFD), ==, -1);
	guint64 flow = maq_trace_new_flow();
	maq_trace(MAQ_TRACE_RPC_CALL, 1, 2, flow, 0);
	maq_trace_set_sink(NULL);
	g_assert_cmpuint(read_events(fixture, &lost), ==, 1);
	g_assert_cmpuint(fixture->events[0].flow, ==, flow);
	g_assert_cmpuint(flow >> 48, ==, COMPONENT);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Fixture *fixture, gconstpointer data);
	} tests[] = {
		{"/trace-ring/wrap", test_wrap},
		{"/trace-ring/threads", test_threads},
		{"/trace-ring/torn", test_torn},
		{"/trace-ring/head", test_head},
		{"/trace-ring/forged", test_forged},
		{"/trace-ring/garbage", test_garbage},
		{"/trace-ring/size", test_size},
		{"/trace-ring/sessions", test_sessions},
		{"/trace-ring/attach", test_attach},
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
	return g_test_run();
}
