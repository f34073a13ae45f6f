// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * schedule - the Linux binding for a process whose time and turns core decides
 *
 * Only the main thread takes part; other threads, and loops besides the first one, keep
 * to the Linux binding.
 */
#include <maq/schedule.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* What belongs to the process: core knows processes, not envs. */
static MaqSchedulePage *page;
static bool loop_taken;
static _Thread_local bool takes_part;

static guint64 scheduled_now(void)
{
	guint64 now = atomic_load(&page->now);

	return now ? now : maq_binding_linux.now();
}

static void tell_core(void)
{
	guint64 one = 1;

	while (write(MAQ_SCHEDULE_NOTICE, &one, sizeof one) < 0 && errno == EINTR)
		;
}

/* Until the set (-1: none) is ready or the deadline has come, or it is our turn. */
static void wait_for(MaqScheduleState state, int set, guint64 deadline)
{
	struct pollfd polled[] = {{.fd = MAQ_SCHEDULE_GO, .events = POLLIN},
		{.fd = atomic_load(&page->serialize) ? -1 : set, .events = POLLIN}};
	guint64 gone;

	atomic_store(&page->deadline, deadline);
	atomic_store(&page->state, state);
	tell_core();
	while (poll(polled, G_N_ELEMENTS(polled), -1) < 0 && errno == EINTR)
		;
	if (polled[0].revents && read(MAQ_SCHEDULE_GO, &gone, sizeof gone) < 0 &&
		errno != EAGAIN)
		g_error("the schedule: %s", g_strerror(errno));
	atomic_fetch_add(&page->rounds, 1);
	atomic_store(&page->state, MAQ_SCHEDULE_RUNS);
}

static int scheduled_send(int channel, const MaqMessage *message)
{
	if (takes_part)
		atomic_fetch_add(&page->sent, 1);
	return maq_binding_linux.send(channel, message);
}

static int receive_later(int channel, MaqMessage *message, int timeout)
{
	guint64 deadline =
		timeout < 0 ? 0 : scheduled_now() + (guint64)timeout * 1000000u;
	int got = maq_binding_linux.set_add(MAQ_SCHEDULE_CALL, channel, EPOLLIN, NULL);

	if (got)
		return got;
	do {
		wait_for(MAQ_SCHEDULE_WAITS_FOR_REPLY, MAQ_SCHEDULE_CALL, deadline);
		got = maq_binding_linux.receive(channel, message, 0);
	} while (got == -EAGAIN && (!deadline || scheduled_now() < deadline));
	maq_binding_linux.set_remove(MAQ_SCHEDULE_CALL, channel);
	return got == -EAGAIN ? -ETIMEDOUT : got;
}

static int scheduled_receive(int channel, MaqMessage *message, int timeout)
{
	if (!takes_part)
		return maq_binding_linux.receive(channel, message, timeout);
	int got = maq_binding_linux.receive(channel, message, 0);
	if (got == -EAGAIN && timeout)
		got = receive_later(channel, message, timeout);
	if (got > 0)
		atomic_fetch_add(&page->received, 1);
	return got;
}

static int scheduled_set_new(void)
{
	if (!takes_part || loop_taken)
		return maq_binding_linux.set_new();
	loop_taken = true;
	return MAQ_SCHEDULE_LOOP;
}

static bool is_session(int handle)
{
	int domain = 0, type = 0;
	socklen_t size = sizeof domain;

	return !getsockopt(handle, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
	       !getsockopt(handle, SOL_SOCKET, SO_TYPE, &type, &size) &&
	       domain == AF_UNIX && type == SOCK_SEQPACKET;
}

static int scheduled_set_add(int set, int handle, unsigned events, void *cookie)
{
	if (!is_session(handle))
		atomic_fetch_add(&page->outside, 1);
	return maq_binding_linux.set_add(set, handle, events, cookie);
}

static int scheduled_set_wait(int set, MaqReady *ready, int max, gint64 timeout)
{
	if (!takes_part || set != MAQ_SCHEDULE_LOOP || !timeout)
		return maq_binding_linux.set_wait(set, ready, max, timeout);
	wait_for(MAQ_SCHEDULE_WAITS_FOR_LOOP, set,
		timeout < 0 ? 0 : scheduled_now() + (guint64)timeout);
	return maq_binding_linux.set_wait(set, ready, max, 0);
}

const MaqBinding *maq_schedule_attach(void)
{
	static MaqBinding binding;

	if (!getenv("MAQ_SCHEDULE"))
		return &maq_binding_linux;
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED,
		MAQ_SCHEDULE_PAGE, 0);
	if (page == MAP_FAILED)
		g_error("the schedule's page: %s", g_strerror(errno));
	for (int fd = MAQ_SCHEDULE_PAGE; fd < MAQ_SCHEDULE_END; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	unsetenv("MAQ_SCHEDULE"); /* not for programs that we may start */
	takes_part = true;
	binding = maq_binding_linux;
	binding.name = "linux, scheduled";
	binding.pages = false; /* a spinning caller would wait for who has no turn */
	binding.send = scheduled_send;
	binding.receive = scheduled_receive;
	binding.set_new = scheduled_set_new;
	binding.set_add = scheduled_set_add;
	binding.set_wait = scheduled_set_wait;
	binding.now = scheduled_now;
	if (atomic_load(&page->serialize))
		wait_for(MAQ_SCHEDULE_WAITS_TO_START, -1, 0);
	return &binding;
}
