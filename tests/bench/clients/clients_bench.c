// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clients - one server with many clients at once: throughput, and who gets how much
 *
 * Each client is a process that calls as fast as it can. The server counts the calls of
 * each for a time. Unfairness is the largest distance of a client's count from the mean;
 * it is taken with some work in each call, so that clients wait for the server, not for
 * the one CPU that they share, which the kernel gives to them in slices.
 */
#include "bare.h"
#include "bench.h"

#include <maq/env.h>
#include <maq/timer.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS_MAX 200
#define REPEATS     9
#define ROUNDS      3     /* of a measurement of fairness, which is long */
#define WORK        20000 /* ns */
#define WARM_UP     (200 * G_TIME_SPAN_MILLISECOND * 1000) /* ns */
#define RATE_SPAN   (500 * G_TIME_SPAN_MILLISECOND * 1000)
#define FAIR_SPAN   (1500 * G_TIME_SPAN_MILLISECOND * 1000)

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

static Outcome evaluate(const Server *server, guint64 span)
{
	guint64 sum = 0, most = 0, least = G_MAXUINT64;

	for (unsigned i = 0; i < server->n; i++) {
		sum += server->counts[i];
		most = MAX(most, server->counts[i]);
		least = MIN(least, server->counts[i]);
	}
	double mean = (double)sum / server->n;
	return (Outcome){(double)sum / ((double)span / 1e9),
		100 * MAX((double)most - mean, mean - (double)least) / mean};
}

/* Starts a client: its process, and the server's end. */
static pid_t start_client(void (*calls)(int channel), int *channel)
{
	int ends[2];

	if (maq_binding_linux.pair(ends))
		abort();
	pid_t pid = fork();
	if (pid == 0) {
		bench_pin(bench_cpus() > 1 ? 1 : 0);
		close(ends[1]);
		calls(ends[0]);
		_exit(0);
	}
	close(ends[0]);
	*channel = ends[1];
	return pid;
}

static void end_clients(const pid_t *pids, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	bench_pin(-1);
}

static Outcome run(unsigned n, bool fast, guint64 work, guint64 span)
{
	Server server = {.env = maq_env_new(&maq_binding_linux), .n = n, .work = work};
	const MaqTimerService service = {.ops = {.now = now}, .fast = fast};
	g_autofree Client *clients = g_new0(Client, n);
	g_autofree pid_t *pids = g_new0(pid_t, n);

	for (unsigned i = 0; i < n; i++) {
		int channel;

		clients[i] = (Client){&server, i};
		pids[i] = start_client(run_client, &channel);
		maq_timer_serve(server.env, &service, &clients[i], "client", channel);
	}
	bench_pin(0);
	guint64 start = bench_now() + WARM_UP;
	maq_loop_at(maq_env_loop(server.env), start, start_counting, &server);
	maq_loop_at(maq_env_loop(server.env), start + span, stop, &server);
	maq_loop_run(maq_env_loop(server.env));
	Outcome outcome = evaluate(&server, span);
	end_clients(pids, n);
	maq_env_free(server.env);
	return outcome;
}

static double run_bare(unsigned n)
{
	g_autofree pid_t *pids = g_new0(pid_t, n);
	g_autofree int *channels = g_new0(int, n);

	for (unsigned i = 0; i < n; i++)
		pids[i] = start_client(bare_client, &channels[i]);
	bench_pin(0);
	guint64 start = bench_now() + WARM_UP;
	guint64 count = bare_serve(channels, n, start, start + RATE_SPAN);
	end_clients(pids, n);
	for (unsigned i = 0; i < n; i++)
		close(channels[i]);
	return (double)count / ((double)RATE_SPAN / 1e9);
}

static const unsigned counts[] = {1, 10, 50, 200};

typedef enum { OURS, BARE, PAGES, RATES } Rate;

static double measure_rate(Rate rate, unsigned n)
{
	return rate == BARE ? run_bare(n) : run(n, rate == PAGES, 0, RATE_SPAN).rate;
}

/*
 * All clients share one CPU. How far the rate falls with their number is the kernel's,
 * who changes between so many processes: the bare server shows it, and is the limit.
 */
static void measure_rates(void)
{
	double rates[RATES][G_N_ELEMENTS(counts)], peaks[RATES] = {0};
	char name[64];

	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		double values[RATES][REPEATS];

		for (unsigned n = 0; n < REPEATS; n++)
			for (Rate rate = 0; rate < RATES; rate++)
				values[rate][n] = measure_rate(rate, counts[i]);
		for (Rate rate = 0; rate < RATES; rate++) {
			rates[rate][i] = bench_median(values[rate], REPEATS);
			peaks[rate] = MAX(peaks[rate], rates[rate][i]);
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_snprintf(name, sizeof name, "calls of %u clients", counts[i]);
		bench_print(&(BenchFigure){name, "1/s", rates[OURS][i], "bare server",
			rates[BARE][i], BENCH_RATIO_LEAST, 0.8,
			{{"of our peak", rates[OURS][i] / peaks[OURS]},
				{"bare, of its peak", rates[BARE][i] / peaks[BARE]}},
			NULL});
	}
	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_snprintf(name, sizeof name, "calls of %u clients through pages",
			counts[i]);
		bench_print(&(BenchFigure){name, "1/s", rates[PAGES][i], "sockets",
			rates[OURS][i], BENCH_RATIO_LEAST, 1, {{0}}, NULL});
	}
}

static void measure_fairness(bool fast)
{
	char name[64];

	for (gsize i = 1; i < G_N_ELEMENTS(counts); i++) {
		g_snprintf(name, sizeof name, "unfairness to %u clients%s", counts[i],
			fast ? " through pages" : "");
		double values[ROUNDS];

		for (unsigned n = 0; n < ROUNDS; n++)
			values[n] = run(counts[i], fast, WORK, FAIR_SPAN).unfairness;
		bench_print(&(BenchFigure){name, "%", bench_median(values, ROUNDS), NULL,
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
