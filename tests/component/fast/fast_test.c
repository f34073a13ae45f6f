// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fast_test - calls through shared pages, and peers that die, stop or lie there
 *
 * That the generated client and server do the same on both paths is tested by
 * test_round_trip; this is about the path itself.
 */
#include "page.h"

#include <maq/env.h>
#include <maq/timer.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SESSIONS 130

static unsigned warnings;

static GLogWriterOutput count_warnings(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
		return g_log_writer_default(level, fields, n, data);
	warnings += (level & G_LOG_LEVEL_WARNING) != 0;
	return G_LOG_WRITER_HANDLED;
}

/* ---- a server ---- */

typedef struct {
	MaqEnv *env;
	int act; /* signal that it sends itself in each call; 0: none */
	unsigned calls, closed;
} Server;

static MaqTimerError op_now(void *client, guint64 *time)
{
	Server *server = client;

	if (server->act)
		raise(server->act);
	*time = ++server->calls;
	return MAQ_TIMER_OK;
}

static void on_close(void *client)
{
	((Server *)client)->closed++;
}

static const MaqTimerService service = {
	.ops = {.now = op_now}, .close = on_close, .fast = true};

/* A process that serves n channels until it is killed. */
static pid_t start_server(int *channels, unsigned n, int act)
{
	g_autofree int *ends = g_new(int, n);

	for (unsigned i = 0; i < n; i++) {
		int pair[2];

		g_assert_cmpint(maq_binding_linux.pair(pair), ==, 0);
		channels[i] = pair[0];
		ends[i] = pair[1];
	}
	pid_t pid = fork();
	if (pid == 0) {
		Server server = {maq_env_new(&maq_binding_linux), act, 0, 0};

		for (unsigned i = 0; i < n; i++) {
			close(channels[i]);
			maq_timer_serve(server.env, &service, &server, "test", ends[i]);
		}
		maq_loop_run(maq_env_loop(server.env));
		_exit(0);
	}
	for (unsigned i = 0; i < n; i++)
		close(ends[i]);
	return pid;
}

static void stop_server(pid_t pid)
{
	kill(pid, SIGKILL);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

static unsigned mapped_pages(void)
{
	g_autofree char *maps = NULL;
	unsigned n = 0;

	g_assert_true(g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
	for (char *at = maps; (at = strstr(at, "/memfd:calls")); at++)
		n++;
	return n;
}

static void test_many(void)
{
	int channels[SESSIONS];
	MaqTimer *timers[SESSIONS];
	guint64 time = 0;
	pid_t pid = start_server(channels, SESSIONS, 0);
	g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);

	for (unsigned i = 0; i < SESSIONS; i++)
		timers[i] = maq_timer_attach(env, channels[i]);
	for (unsigned round = 0; round < 20; round++)
		for (unsigned i = 0; i < SESSIONS; i++) {
			g_assert_cmpint(
				maq_timer_now(timers[i], &time), ==, MAQ_TIMER_OK);
			g_assert_cmpuint(time, ==, round * SESSIONS + i + 1);
		}
	g_assert_cmpuint(mapped_pages(), ==, 120);
	/* a place that becomes free is not given to the sessions that have none */
	maq_timer_close(timers[0]);
	g_assert_cmpint(maq_timer_now(timers[SESSIONS - 1], &time), ==, MAQ_TIMER_OK);
	g_assert_cmpuint(mapped_pages(), ==, 119);
	stop_server(pid);
	g_assert_cmpint(maq_timer_now(timers[1], &time), ==, MAQ_TIMER_GONE);
	g_assert_cmpint(maq_timer_now(timers[SESSIONS - 1], &time), ==, MAQ_TIMER_GONE);
}

/* The first call takes the page; this one goes through it. */
static MaqTimer *connect_fast(MaqEnv *env, int channel)
{
	MaqTimer *timer = maq_timer_attach(env, channel);

	while (!mapped_pages())
		maq_loop_step(maq_env_loop(env), -1);
	return timer;
}

static void test_killed(void)
{
	int channel;
	guint64 time = 0;
	pid_t pid = start_server(&channel, 1, SIGKILL);
	g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = connect_fast(env, channel);

	g_assert_cmpint(maq_timer_now(timer, &time), ==, MAQ_TIMER_GONE);
	g_assert_true(maq_session_lost(maq_timer_session(timer)));
	stop_server(pid);
}

static void on_now(void *data, MaqTimerError status, guint64 time)
{
	(void)time;
	*(int *)data = (int)status;
}

static void test_stopped(void)
{
	int channel, status = 1;
	guint64 time = 0;
	pid_t pid = start_server(&channel, 1, SIGSTOP);
	g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = connect_fast(env, channel);

	maq_session_set_deadline(maq_timer_session(timer), 50);
	g_assert_cmpint(maq_timer_now(timer, &time), ==, MAQ_TIMER_TIMEOUT);
	g_assert_cmpint(maq_timer_now(timer, &time), ==, MAQ_TIMER_TIMEOUT);
	maq_timer_now_async(timer, on_now, &status);
	g_assert_cmpint(status, ==, MAQ_TIMER_BUSY);
	/* it answers the first call, whose reply is taken by the next one */
	g_assert_cmpint(waitpid(pid, NULL, WUNTRACED), ==, pid);
	kill(pid, SIGCONT);
	while ((status = (int)maq_timer_now(timer, &time)) == MAQ_TIMER_TIMEOUT &&
		waitpid(pid, NULL, WUNTRACED | WNOHANG) != pid)
		;
	g_assert_cmpint(status, ==, MAQ_TIMER_TIMEOUT);
	stop_server(pid);
	do {
		maq_timer_now_async(timer, on_now, &status);
		maq_loop_step(maq_env_loop(env), 0);
	} while (status == MAQ_TIMER_BUSY);
	g_assert_cmpint(status, ==, MAQ_TIMER_GONE);
}

/* ---- hostile clients: server and client in this thread ---- */

typedef struct {
	Server server;
	int channel; /* the client's */
	MaqPage *page;
} Pair;

static void pair_open(Pair *pair)
{
	g_autofree MaqMessage *message = g_new0(MaqMessage, 1);
	int ends[2];

	*pair = (Pair){.server.env = maq_env_new(&maq_binding_linux)};
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	g_assert_nonnull(maq_timer_serve(
		pair->server.env, &service, &pair->server, "test", ends[1]));
	pair->channel = ends[0];
	g_assert_cmpint(maq_binding_linux.receive(ends[0], message, 0), ==, 1);
	g_assert_cmpint(message->header.kind, ==, MAQ_KIND_PAGE);
	g_assert_cmpuint(message->n_fds, ==, 1);
	pair->page = maq_page_map(message->fds[0]);
	close(message->fds[0]);
}

static void pair_close(Pair *pair)
{
	maq_page_unmap(pair->page);
	close(pair->channel);
	maq_env_free(pair->server.env);
}

static void put_call(MaqPage *page, MaqHeader header, guint32 number)
{
	memcpy(page->call, &header, sizeof header);
	atomic_store(&page->called, number);
}

static const MaqHeader good = {
	.size = sizeof(MaqHeader), .kind = MAQ_KIND_CALL, .opcode = 1, .sequence = 9};

/* The server answers; nothing is said. */
static void test_by_hand(void)
{
	Pair pair;
	MaqHeader reply;

	pair_open(&pair);
	warnings = 0;
	put_call(pair.page, good, 1);
	maq_loop_step(maq_env_loop(pair.server.env), -1);
	g_assert_cmpuint(atomic_load(&pair.page->replied), ==, 1);
	memcpy(&reply, pair.page->reply, sizeof reply);
	g_assert_cmpuint(reply.size, ==, sizeof reply + 8);
	g_assert_cmpuint(reply.kind, ==, MAQ_KIND_REPLY);
	g_assert_cmpuint(reply.sequence, ==, 9);
	g_assert_cmpint(reply.status, ==, 0);
	put_call(pair.page, (MaqHeader){.size = 24, .kind = MAQ_KIND_CALL, .opcode = 99},
		2);
	maq_loop_step(maq_env_loop(pair.server.env), -1);
	memcpy(&reply, pair.page->reply, sizeof reply);
	g_assert_cmpint(reply.status, ==, MAQ_UNSUPPORTED);
	g_assert_cmpuint(pair.server.closed, ==, 0);
	g_assert_cmpuint(warnings, ==, 0);
	pair_close(&pair);
}

/* Ends this session with one line, and leaves another of the same server alone. */
static void expect_end(MaqHeader header, guint32 number)
{
	g_autofree MaqMessage *message = g_new0(MaqMessage, 1);
	Pair pair;
	int ends[2];

	pair_open(&pair);
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	maq_timer_serve(pair.server.env, &service, &pair.server, "other", ends[1]);
	warnings = 0;
	put_call(pair.page, header, number);
	for (unsigned i = 0; i < 3; i++)
		maq_loop_step(maq_env_loop(pair.server.env), 0);
	g_assert_cmpuint(pair.server.closed, ==, 1);
	g_assert_cmpuint(pair.server.calls, ==, 0);
	g_assert_cmpuint(warnings, ==, 1);
	message->header = good;
	g_assert_cmpint(maq_binding_linux.send(ends[0], message), ==, 0);
	while (!pair.server.calls)
		maq_loop_step(maq_env_loop(pair.server.env), -1);
	close(ends[0]);
	pair_close(&pair);
}

static void test_garbage(void)
{
	const guint32 numbers[] = {2, 3, 0x80000000, G_MAXUINT32};
	const guint32 sizes[] = {0, 1, 23, MAQ_PAGE_ROOM + 1, 4096, G_MAXUINT32};
	MaqHeader header;

	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		expect_end(good, numbers[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		header = good;
		header.size = sizes[i];
		expect_end(header, 1);
	}
	header = good;
	header.size = MAQ_PAGE_ROOM; /* bytes that no parameter wants */
	expect_end(header, 1);
	header = good;
	header.kind = MAQ_KIND_REPLY;
	expect_end(header, 1);
	header = good;
	header.fds = 1;
	expect_end(header, 1);
}

typedef struct {
	MaqPage *page;
	int stop;
	guint32 seed;
} Scribbler;

/* Writes into its page while the server reads it, in the form of a call or of nothing. */
static gpointer scribble(gpointer data)
{
	Scribbler *scribbler = data;
	const _Atomic guint32 always = 1;
	g_autoptr(GRand) random = g_rand_new_with_seed(scribbler->seed);

	for (guint32 n = 1; !g_atomic_int_get(&scribbler->stop); n++) {
		MaqHeader header = good;

		if (g_rand_boolean(random))
			header.size = g_rand_int(random) % 4200;
		memcpy(scribbler->page->call, &header, sizeof header);
		guint32 next = atomic_load(&scribbler->page->replied) + 1;
		atomic_store(&scribbler->page->server_sleeps, g_rand_int(random));
		maq_page_ring(&scribbler->page->called,
			n % 64 ? next : g_rand_int(random), &always);
		atomic_store(&scribbler->page->client_sleeps, g_rand_int(random));
	}
	return NULL;
}

static void test_scribbler(void)
{
	for (guint32 i = 0; i < 30; i++) {
		Pair pair;

		pair_open(&pair);
		warnings = 0;
		Scribbler scribbler = {pair.page, 0, i};
		GThread *thread = g_thread_new("scribbler", scribble, &scribbler);
		while (!pair.server.closed)
			maq_loop_step(maq_env_loop(pair.server.env), -1);
		g_atomic_int_set(&scribbler.stop, 1);
		g_thread_join(thread);
		g_assert_cmpuint(warnings, ==, 1);
		pair_close(&pair);
	}
}

/* A client that vanishes between its call and the reply. */
static void test_client_killed(void)
{
	Pair pair;

	pair_open(&pair);
	warnings = 0;
	put_call(pair.page, good, 1);
	close(pair.channel);
	while (!pair.server.closed)
		maq_loop_step(maq_env_loop(pair.server.env), -1);
	g_assert_cmpuint(warnings, ==, 0);
	pair.channel = dup(0);
	pair_close(&pair);
}

/* ---- hostile servers ---- */

static void offer(int channel, int page)
{
	g_autofree MaqMessage *message = g_new0(MaqMessage, 1);

	message->header = (MaqHeader){.size = 24, .kind = MAQ_KIND_PAGE, .fds = 1};
	message->fds[0] = page;
	message->n_fds = 1;
	g_assert_cmpint(maq_binding_linux.send(channel, message), ==, 0);
}

static void expect_gone(guint32 replied, MaqHeader header)
{
	MaqPage *page = NULL;
	guint64 time = 0;
	int ends[2];
	maq_autofd int fd = maq_page_new(&page);
	g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);

	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	MaqTimer *timer = maq_timer_attach(env, ends[0]);
	offer(ends[1], fd);
	maq_loop_step(maq_env_loop(env), -1);
	memcpy(page->reply, &header, sizeof header);
	atomic_store(&page->replied, replied);
	g_assert_cmpint(maq_timer_now(timer, &time), ==, MAQ_TIMER_GONE);
	close(ends[1]);
	maq_page_unmap(page);
}

static void test_bad_replies(void)
{
	MaqHeader header = {.size = 32, .kind = MAQ_KIND_REPLY, .sequence = 1};

	expect_gone(2, header);
	expect_gone(G_MAXUINT32, header);
	header.size = MAQ_PAGE_ROOM + 1;
	expect_gone(1, header);
	header.size = 32;
	header.sequence = 2;
	expect_gone(1, header);
	header.kind = MAQ_KIND_CALL;
	expect_gone(1, header);
}

/* Not sealed, too large: the session ends. */
static void test_bad_pages(void)
{
	for (unsigned large = 0; large < 2; large++) {
		maq_autofd int fd = memfd_create("bad", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		g_autoptr(MaqEnv) env = maq_env_new(&maq_binding_linux);
		int ends[2];

		g_assert_cmpint(ftruncate(fd, large ? 8192 : 4096), ==, 0);
		if (large)
			fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
		g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
		MaqTimer *timer = maq_timer_attach(env, ends[0]);
		offer(ends[1], fd);
		maq_loop_step(maq_env_loop(env), -1);
		g_assert_true(maq_session_lost(maq_timer_session(timer)));
		close(ends[1]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	if (!maq_page_supported()) {
		printf("skipped: the kernel has no futex_waitv\n");
		return 77;
	}
	g_log_set_writer_func(count_warnings, NULL, NULL);
	g_test_add_func("/fast/many", test_many);
	g_test_add_func("/fast/killed", test_killed);
	g_test_add_func("/fast/stopped", test_stopped);
	g_test_add_func("/fast/by-hand", test_by_hand);
	g_test_add_func("/fast/garbage", test_garbage);
	g_test_add_func("/fast/scribbler", test_scribbler);
	g_test_add_func("/fast/client-killed", test_client_killed);
	g_test_add_func("/fast/bad-replies", test_bad_replies);
	g_test_add_func("/fast/bad-pages", test_bad_pages);
	return g_test_run();
}
