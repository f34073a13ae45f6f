// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clients - one server with many clients at once: throughput, and who gets how much
 *
 * Each client is a process that calls as fast as it can. The server counts the calls of
 * each for a time. Unfairness is the largest distance of a client's count from the mean;
 * it is taken with some work in each call, so that clients wait for the server, not for
 * the one CPU that they share, which the kernel gives to them in slices.
 */
#include "bench.h"

#include <maq/env.h>
#include <maq/timer.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS_MAX 200
#define REPEATS     3
#define WORK        20000                                  /* ns */
#define WARM_UP     (300 * G_TIME_SPAN_MILLISECOND * 1000) /* ns */
#define SPAN        (1500 * G_TIME_SPAN_MILLISECOND * 1000)

typedef struct {
	MaqEnv *env;
	unsigned n;
	guint64 counts[CLIENTS_MAX];
	bool counting;
	guint64 work; /* ns of each call */
} Server;

typedef struct {
	Server *server;
	unsigned number;
} Client;

static MaqTimerError now(void *self, guint64 *time)
{
	Client *client = self;

	if (client->server->work)
		for (guint64 until = bench_now() + client->server->work;
			bench_now() < until;)
			;
	client->server->counts[client->number] += client->server->counting;
	*time = 1;
	return MAQ_TIMER_OK;
}

static void run_client(int channel)
{
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = maq_timer_attach(env, channel);
	guint64 time;

	while (maq_timer_now(timer, &time) == MAQ_TIMER_OK)
		;
	_exit(0);
}

static void start_counting(void *data)
{
	((Server *)data)->counting = true;
}

static void stop(void *data)
{
	maq_loop_quit(maq_env_loop(((Server *)data)->env), 0);
}

typedef struct {
	double rate;       /* calls a second */
	double unfairness; /* percent */
} Outcome;

static Outcome evaluate(const Server *server)
{
	guint64 sum = 0, most = 0, least = G_MAXUINT64;

	for (unsigned i = 0; i < server->n; i++) {
		sum += server->counts[i];
		most = MAX(most, server->counts[i]);
		least = MIN(least, server->counts[i]);
	}
	double mean = (double)sum / server->n;
	return (Outcome){(double)sum / ((double)SPAN / 1e9),
		100 * MAX((double)most - mean, mean - (double)least) / mean};
}

static Outcome run(unsigned n, bool fast, guint64 work)
{
	Server server = {.env = maq_env_new(&maq_binding_linux), .n = n, .work = work};
	const MaqTimerService service = {.ops = {.now = now}, .fast = fast};
	g_autofree Client *clients = g_new0(Client, n);
	g_autofree pid_t *pids = g_new0(pid_t, n);

	for (unsigned i = 0; i < n; i++) {
		int ends[2];

		clients[i] = (Client){&server, i};
		if (maq_binding_linux.pair(ends))
			abort();
		pids[i] = fork();
		if (pids[i] == 0) {
			bench_pin(bench_cpus() > 1 ? 1 : 0);
			close(ends[1]);
			run_client(ends[0]);
		}
		close(ends[0]);
		maq_timer_serve(server.env, &service, &clients[i], "client", ends[1]);
	}
	bench_pin(0);
	guint64 start = bench_now() + WARM_UP;
	maq_loop_at(maq_env_loop(server.env), start, start_counting, &server);
	maq_loop_at(maq_env_loop(server.env), start + SPAN, stop, &server);
	maq_loop_run(maq_env_loop(server.env));
	Outcome outcome = evaluate(&server);
	for (unsigned i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	maq_env_free(server.env);
	bench_pin(-1);
	return outcome;
}

static const unsigned counts[] = {1, 10, 50, 200};

static void measure_rates(void)
{
	double rates[2][G_N_ELEMENTS(counts)], peak = 0;
	bool past = false;
	char name[64];

	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		double values[2][REPEATS];

		for (unsigned n = 0; n < REPEATS; n++) {
			values[0][n] = run(counts[i], false, 0).rate;
			values[1][n] = run(counts[i], true, 0).rate;
		}
		rates[0][i] = bench_median(values[0], REPEATS);
		rates[1][i] = bench_median(values[1], REPEATS);
		peak = MAX(peak, rates[0][i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		/* up to the peak the rate rises */
		past = past || rates[0][i] == peak;
		g_snprintf(name, sizeof name, "calls of %u clients", counts[i]);
		bench_print(&(BenchFigure){name, "1/s", rates[0][i], "peak", peak,
			past ? BENCH_RATIO_LEAST : BENCH_NONE, 0.8, {{0}}, NULL});
	}
	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_snprintf(name, sizeof name, "calls of %u clients through pages",
			counts[i]);
		bench_print(&(BenchFigure){name, "1/s", rates[1][i], "sockets",
			rates[0][i], BENCH_RATIO_LEAST, 1, {{0}}, NULL});
	}
}

static void measure_fairness(bool fast)
{
	char name[64];

	for (gsize i = 1; i < G_N_ELEMENTS(counts); i++) {
		g_snprintf(name, sizeof name, "unfairness to %u clients%s", counts[i],
			fast ? " through pages" : "");
		double values[REPEATS];

		for (unsigned n = 0; n < REPEATS; n++)
			values[n] = run(counts[i], fast, WORK).unfairness;
		bench_print(&(BenchFigure){name, "%", bench_median(values, REPEATS), NULL,
			0, BENCH_MOST, 2, {{0}}, NULL});
	}
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	measure_rates();
	measure_fairness(false);
	measure_fairness(true);
	return 0;
}
