// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench.h"
#include "peers.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIZE 32 /* bytes of our message without parameters, and of one number */

typedef struct {
	int in, out; /* the server's ends */
	int cpu;
} Side;

static int epoll_of(int handle)
{
	struct epoll_event event = {.events = EPOLLIN};
	int set = epoll_create1(0);

	epoll_ctl(set, EPOLL_CTL_ADD, handle, &event);
	return set;
}

static double mean_us(guint64 start, int rounds)
{
	return (double)(bench_now() - start) / 1000.0 / rounds;
}

/* ---- sockets ---- */

static void *socket_server(void *data)
{
	Side *side = data;
	int set = epoll_of(side->in);
	struct epoll_event event;
	char message[SIZE];
	ssize_t n;

	bench_pin(side->cpu);
	for (;;) {
		epoll_wait(set, &event, 1, -1);
		n = recv(side->in, message, sizeof message, MSG_DONTWAIT);
		if (n <= 0)
			break;
		send(side->in, message, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	close(set);
	close(side->in);
	return NULL;
}

static double socket_trip(int rounds, int client_cpu, int server_cpu, bool wait)
{
	struct epoll_event event;
	char message[SIZE] = "";
	pthread_t thread;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		return -1;
	Side side = {.in = ends[1], .cpu = server_cpu};
	int set = epoll_of(ends[0]);
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, socket_server, &side);
	guint64 start = bench_now();
	for (int i = 0; i < rounds; i++)
		if (send(ends[0], message, sizeof message, MSG_NOSIGNAL) < 0 ||
			(wait && epoll_wait(set, &event, 1, -1) < 0) ||
			recv(ends[0], message, sizeof message, 0) <= 0)
			abort();
	double time = mean_us(start, rounds);
	shutdown(ends[0], SHUT_RDWR);
	pthread_join(thread, NULL);
	close(ends[0]);
	close(set);
	return time;
}

double bare_socket(int rounds, int client_cpu, int server_cpu)
{
	return socket_trip(rounds, client_cpu, server_cpu, false);
}

double bare_sockets(int rounds, int client_cpu, int server_cpu)
{
	return socket_trip(rounds, client_cpu, server_cpu, true);
}

/* ---- eventfds ---- */

static void *eventfd_server(void *data)
{
	Side *side = data;
	int set = epoll_of(side->in);
	struct epoll_event event;
	eventfd_t value = 0;

	bench_pin(side->cpu);
	while (value < 1000) {
		epoll_wait(set, &event, 1, -1);
		eventfd_read(side->in, &value);
		eventfd_write(side->out, 1);
	}
	close(set);
	return NULL;
}

double bare_eventfd(int rounds, int client_cpu, int server_cpu)
{
	Side side = {eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK), server_cpu};
	struct epoll_event event;
	pthread_t thread;
	eventfd_t value;

	bench_pin(client_cpu);
	int set = epoll_of(side.out);
	pthread_create(&thread, NULL, eventfd_server, &side);
	guint64 start = bench_now();
	for (int i = 0; i < rounds; i++) {
		eventfd_write(side.in, 1);
		epoll_wait(set, &event, 1, -1);
		eventfd_read(side.out, &value);
	}
	double time = mean_us(start, rounds);
	eventfd_write(side.in, 1000);
	pthread_join(thread, NULL);
	close(side.in);
	close(side.out);
	close(set);
	return time;
}

/* ---- futexes ---- */

typedef struct {
	_Alignas(64) _Atomic guint32 asked;
	_Alignas(64) _Atomic guint32 answered;
	_Alignas(64) char ask[SIZE];
	_Alignas(64) char answer[SIZE];
	int rounds, cpu;
} Words;

static void change(_Atomic guint32 *word, guint32 value)
{
	atomic_store(word, value);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void await(_Atomic guint32 *word, guint32 value)
{
	guint32 now;

	while ((now = atomic_load(word)) != value)
		syscall(SYS_futex, word, FUTEX_WAIT, now, NULL, NULL, 0);
}

static void *futex_server(void *data)
{
	Words *words = data;
	char message[SIZE];

	bench_pin(words->cpu);
	for (guint32 i = 1; i <= (guint32)words->rounds; i++) {
		await(&words->asked, i);
		memcpy(message, words->ask, sizeof message);
		memcpy(words->answer, message, sizeof message);
		change(&words->answered, i);
	}
	return NULL;
}

double bare_futex(int rounds, int client_cpu, int server_cpu)
{
	/* shared, as between processes: private futexes are cheaper */
	Words *words = mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char message[SIZE] = "";
	pthread_t thread;

	words->rounds = rounds;
	words->cpu = server_cpu;
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, futex_server, words);
	guint64 start = bench_now();
	for (guint32 i = 1; i <= (guint32)rounds; i++) {
		memcpy(words->ask, message, sizeof message);
		change(&words->asked, i);
		await(&words->answered, i);
		memcpy(message, words->answer, sizeof message);
	}
	double time = mean_us(start, rounds);
	pthread_join(thread, NULL);
	munmap(words, sizeof *words);
	return time;
}
