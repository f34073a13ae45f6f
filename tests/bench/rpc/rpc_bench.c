// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpc - round trip of an RPC beside a bare ping-pong over the same kind of socket
 *
 * Both run in the same process, a thread a side, in turn, pinned to one CPU or to two.
 * The bare one is the limit: recvmsg, sendmsg and epoll_wait, without any meaning.
 */
#include <maq/env.h>
#include <maq/timer.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS  20000
#define REPEATS 7

typedef struct {
	int channel;
	int cpu;
} Side;

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof set, &set);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double median(double *values, gsize n)
{
	qsort(values, n, sizeof *values, compare);
	return values[n / 2];
}

static double elapsed_us(guint64 since)
{
	return (double)(maq_binding_linux.now() - since) / 1000.0 / ROUNDS;
}

/* ---- bare ---- */

static void *bare_server(void *data)
{
	Side *side = data;
	int set = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN};
	char message[64];
	ssize_t n;

	pin(side->cpu);
	epoll_ctl(set, EPOLL_CTL_ADD, side->channel, &event);
	for (;;) {
		epoll_wait(set, &event, 1, -1);
		n = recv(side->channel, message, sizeof message, MSG_DONTWAIT);
		if (n <= 0)
			break;
		send(side->channel, message, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	close(set);
	close(side->channel);
	return NULL;
}

static double bare(int client_cpu, int server_cpu)
{
	char message[64] = "";
	pthread_t thread;
	int ends[2];

	if (maq_binding_linux.pair(ends))
		return -1;
	Side side = {ends[1], server_cpu};
	pin(client_cpu);
	pthread_create(&thread, NULL, bare_server, &side);
	guint64 start = maq_binding_linux.now();
	for (int i = 0; i < ROUNDS; i++)
		if (send(ends[0], message, 32, MSG_NOSIGNAL) < 0 ||
			recv(ends[0], message, sizeof message, 0) <= 0)
			abort();
	double time = elapsed_us(start);
	shutdown(ends[0], SHUT_RDWR);
	pthread_join(thread, NULL);
	close(ends[0]);
	return time;
}

/* ---- ours ---- */

static MaqTimerError now(void *self, guint64 *time)
{
	(void)self;
	*time = 1;
	return MAQ_TIMER_OK;
}

static void closed(void *self)
{
	maq_loop_quit(self, 0);
}

static const MaqTimerService service = {.ops = {.now = now}, .close = closed};

static void *rpc_server(void *data)
{
	Side *side = data;
	MaqEnv *env = maq_env_new(&maq_binding_linux);

	pin(side->cpu);
	maq_timer_serve(env, &service, maq_env_loop(env), "bench", side->channel);
	maq_loop_run(maq_env_loop(env));
	maq_env_free(env);
	return NULL;
}

static double rpc(int client_cpu, int server_cpu)
{
	pthread_t thread;
	guint64 time = 0;
	int ends[2];

	if (maq_binding_linux.pair(ends))
		return -1;
	Side side = {ends[1], server_cpu};
	pin(client_cpu);
	pthread_create(&thread, NULL, rpc_server, &side);
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	MaqTimer *timer = maq_timer_attach(env, ends[0]);
	guint64 start = maq_binding_linux.now();
	for (int i = 0; i < ROUNDS; i++)
		if (maq_timer_now(timer, &time) != MAQ_TIMER_OK)
			abort();
	double took = elapsed_us(start);
	maq_env_free(env);
	pthread_join(thread, NULL);
	return took;
}

static void compare_on(const char *name, int client_cpu, int server_cpu, bool json)
{
	double ours[REPEATS], limit[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		limit[i] = bare(client_cpu, server_cpu);
		ours[i] = rpc(client_cpu, server_cpu);
	}
	double mine = median(ours, REPEATS), bound = median(limit, REPEATS);
	if (json)
		printf("{\"name\":\"%s\",\"unit\":\"us\",\"ours\":%.2f,\"peers\":{},"
		       "\"limit\":%.2f,\"goal\":\"<= 1.25 x limit\",\"met\":%s}\n",
			name, mine, bound, mine <= 1.25 * bound ? "true" : "false");
	else
		printf("%-34s %8.2f us   bare socket %8.2f us   ratio %.2f (goal 1.25)\n",
			name, mine, bound, mine / bound);
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");

	compare_on("rpc round trip, one CPU", 0, 0, json);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		compare_on("rpc round trip, two CPUs", 0, 1, json);
	return 0;
}
