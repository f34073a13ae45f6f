// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpc - round trips of calls and signals beside bare ones and beside other libraries
 *
 * All run in the same process, a thread a side, in turn, pinned to one CPU or to two. The
 * bare ones are the limits: system calls without any meaning.
 */
#include "bench.h"
#include "peers.h"

#include <maq/block.h>
#include <maq/env.h>
#include <maq/timer.h>
#include <maq/trace.h>

#include <pthread.h>
#include <stdlib.h>

#define ROUNDS  10000
#define REPEATS 7

typedef struct {
	int channel;
	int cpu;
	bool fast;
	MaqEnv *env;
	MaqPeer *peer;
} Side;

/* ---- calls ---- */

static MaqTimerError now(void *self, guint64 *time)
{
	(void)self;
	*time = 1;
	return MAQ_TIMER_OK;
}

static void closed(void *self)
{
	maq_loop_quit(maq_env_loop(((Side *)self)->env), 0);
}

static void *serve_calls(void *data)
{
	Side *side = data;
	MaqTimerService service = {
		.ops = {.now = now}, .close = closed, .fast = side->fast};

	side->env = maq_env_new(&maq_binding_linux);
	bench_pin(side->cpu);
	maq_timer_serve(side->env, &service, side, "bench", side->channel);
	maq_loop_run(maq_env_loop(side->env));
	maq_env_free(side->env);
	return NULL;
}

static double call(int rounds, int client_cpu, int server_cpu, bool fast)
{
	pthread_t thread;
	guint64 time = 0;
	int ends[2];

	if (maq_binding_linux.pair(ends))
		return -1;
	Side side = {.channel = ends[1], .cpu = server_cpu, .fast = fast};
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, serve_calls, &side);
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = maq_timer_attach(env, ends[0]);
	if (maq_timer_now(timer, &time) != MAQ_TIMER_OK)
		abort();
	guint64 start = bench_now();
	for (int i = 0; i < rounds; i++)
		if (maq_timer_now(timer, &time) != MAQ_TIMER_OK)
			abort();
	double took = (double)(bench_now() - start) / 1000.0 / rounds;
	maq_env_free(env);
	pthread_join(thread, NULL);
	return took;
}

static double socket_call(int rounds, int client_cpu, int server_cpu)
{
	return call(rounds, client_cpu, server_cpu, false);
}

static double page_call(int rounds, int client_cpu, int server_cpu)
{
	return call(rounds, client_cpu, server_cpu, true);
}

/* ---- signals ---- */

static MaqStatus signal_open(void *service, MaqPeer *peer, void **client)
{
	((Side *)service)->peer = peer;
	*client = service;
	return MAQ_OK;
}

static void submitted(void *client)
{
	maq_block_signal_answered(((Side *)client)->peer);
}

static void *serve_signals(void *data)
{
	static const MaqBlockService service = {
		.ops = {.submitted = submitted}, .open = signal_open, .close = closed};
	Side *side = data;

	side->env = maq_env_new(&maq_binding_linux);
	bench_pin(side->cpu);
	maq_block_serve(side->env, &service, side, "bench", side->channel);
	maq_loop_run(maq_env_loop(side->env));
	maq_env_free(side->env);
	return NULL;
}

static void answered(void *data)
{
	++*(int *)data;
}

static double signal_trip(int rounds, int client_cpu, int server_cpu)
{
	pthread_t thread;
	int ends[2], count = 0;

	if (maq_binding_linux.pair(ends))
		return -1;
	Side side = {.channel = ends[1], .cpu = server_cpu};
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, serve_signals, &side);
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	MaqBlock *block = maq_block_attach(env, ends[0]);
	maq_block_on_answered(block, answered, &count);
	guint64 start = bench_now();
	for (int i = 0; i < rounds; i++) {
		maq_block_signal_submitted(block);
		while (count == i)
			maq_loop_step(maq_env_loop(env), -1);
	}
	double took = (double)(bench_now() - start) / 1000.0 / rounds;
	maq_env_free(env);
	pthread_join(thread, NULL);
	return took;
}

/* ---- all in turn ---- */

typedef struct {
	const char *name;
	RoundTrip *run; /* NULL: not installed */
	int rounds;
	double times[REPEATS];
} Contender;

static void run_all(Contender *contenders, gsize n, int server_cpu)
{
	for (int i = 0; i < REPEATS; i++)
		for (gsize c = 0; c < n; c++)
			if (contenders[c].run)
				contenders[c].times[i] = contenders[c].run(
					contenders[c].rounds, 0, server_cpu);
	bench_pin(-1);
}

static double result(Contender *contender)
{
	return contender->run ? bench_median(contender->times, REPEATS) : BENCH_ABSENT;
}

#ifndef BENCH_SDBUS
#define sdbus NULL
#endif
#ifndef BENCH_GDBUS
#define gdbus NULL
#endif
#ifndef BENCH_WAYLAND
#define wayland NULL
#endif

static void compare_on(const char *cpus, int server_cpu)
{
	Contender c[] = {
		{"socket call", socket_call, ROUNDS, {0}},
		{"bare socket", bare_socket, ROUNDS, {0}},
		{"fast call", page_call, ROUNDS, {0}},
		{"bare futex", bare_futex, ROUNDS, {0}},
		{"signal", signal_trip, ROUNDS, {0}},
		{"bare eventfd", bare_eventfd, ROUNDS, {0}},
		{"bare sockets", bare_sockets, ROUNDS, {0}},
		{"libwayland", wayland, ROUNDS / 2, {0}},
		{"sd-bus", sdbus, ROUNDS / 4, {0}},
		{"GDBus", gdbus, ROUNDS / 8, {0}},
	};
	char name[64];

	run_all(c, G_N_ELEMENTS(c), server_cpu);
	g_snprintf(name, sizeof name, "RPC round trip, %s", cpus);
	bench_print(&(BenchFigure){name, "us", result(&c[0]), c[1].name, result(&c[1]),
		BENCH_RATIO_MOST, 1.25,
		{{c[7].name, result(&c[7])}, {c[8].name, result(&c[8])},
			{c[9].name, result(&c[9])}},
		NULL});
	g_snprintf(name, sizeof name, "RPC round trip through a page, %s", cpus);
	bench_print(&(BenchFigure){name, "us", result(&c[2]), c[3].name, result(&c[3]),
		BENCH_RATIO_MOST, 1.3, {{"our socket", result(&c[0])}}, NULL});
	g_snprintf(name, sizeof name, "signal there and back, %s", cpus);
	bench_print(&(BenchFigure){name, "us", result(&c[4]), c[5].name, result(&c[5]),
		BENCH_RATIO_MOST, 1.5, {{c[6].name, result(&c[6])}}, NULL});
}

/* ---- what a trace point costs while nobody traces ---- */

#define POINTS 20000000

static double time_points(bool traced)
{
	guint64 start = bench_now();

	for (guint32 i = 0; i < POINTS; i++) {
		if (traced)
			maq_trace(MAQ_TRACE_CHECKPOINT, 0, i, 0, i);
		__asm__ volatile("" ::"r"(i) : "memory");
	}
	return (double)(bench_now() - start) / POINTS;
}

static void compare_points(void)
{
	double with[REPEATS], without[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		without[i] = time_points(false);
		with[i] = time_points(true);
	}
	bench_print(&(BenchFigure){"trace point, disabled", "ns",
		bench_median(with, REPEATS) - bench_median(without, REPEATS), NULL, 0,
		BENCH_MOST, 1, {{0}}, NULL});
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	compare_on("one CPU", 0);
	if (bench_cpus() > 1)
		compare_on("two CPUs", 1);
	else
		bench_skip("RPC round trip, two CPUs", "there is one CPU only");
	compare_points();
	return 0;
}
