// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bare_chain - what the kernel takes for what a window manager and its display do with a
 * client's frames, at least: bare_chain BYTES SECONDS
 *
 * 60 times a second a packet goes from a client to a process that copies BYTES of one of
 * three frames into one of three others and tells a third process, each with a socket and
 * epoll. Prints the processor time of the two, in percent of one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FRAMES   3
#define PACKET   32
#define PERIOD   (1000000000L / 60)
#define CAPACITY (1280L * 720 * 4)

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static char *frames_new(void)
{
	char *frames = mmap(NULL, FRAMES * CAPACITY, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (frames == MAP_FAILED)
		fail("mmap");
	memset(frames, 1, FRAMES * CAPACITY);
	return frames;
}

static int receive(int set, int socket)
{
	struct epoll_event event;
	char packet[PACKET];

	return epoll_wait(set, &event, 1, -1) == 1 && recv(socket, packet, PACKET, 0) > 0;
}

/* Until its socket ends: prints its time in ns. */
static void work(int socket, int next, size_t bytes, const char *from, char *to)
{
	struct epoll_event event = {.events = EPOLLIN};
	char packet[PACKET] = "";
	struct timespec time;
	int set = epoll_create1(0);

	epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
	for (unsigned i = 0; receive(set, socket); i++) {
		long frame = CAPACITY * (long)(i % FRAMES);

		memcpy(to + frame, from + frame, bytes);
		if (next >= 0 && send(next, packet, PACKET, 0) < 0)
			break;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	dprintf(1, "%lld\n", time.tv_sec * 1000000000LL + time.tv_nsec);
	_exit(0);
}

static void tick(int socket, long ticks, char *frames, size_t bytes)
{
	struct itimerspec period = {{0, PERIOD}, {0, PERIOD}};
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	char packet[PACKET] = "";
	unsigned long long count;

	timerfd_settime(timer, 0, &period, NULL);
	for (long i = 0; i < ticks && read(timer, &count, sizeof count) > 0; i++) {
		memset(frames + CAPACITY * (i % FRAMES), (int)i, bytes);
		if (send(socket, packet, PACKET, 0) < 0)
			fail("send");
	}
}

int main(int argc, char **argv)
{
	size_t bytes = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	char *from = frames_new(), *to = frames_new();
	int first[2], second[2];

	if (seconds < 1 || bytes > (size_t)CAPACITY ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, first) ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, second))
		fail("bare_chain BYTES SECONDS");
	if (!fork()) {
		close(first[1]);
		close(second[1]);
		work(first[0], second[0], bytes, from, to);
	}
	close(first[0]);
	close(second[0]);
	if (!fork()) {
		close(first[1]);
		work(second[1], -1, 0, from, to);
	}
	close(second[1]);
	tick(first[1], seconds * 60, from, bytes);
	close(first[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
