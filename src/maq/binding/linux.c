// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux - the native binding: SOCK_SEQPACKET socket pairs and epoll
 */
#include <maq/binding.h>

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int linux_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ? -errno : 0;
}

static int send_bytes(int channel, const MaqMessage *message)
{
	for (;;) {
		if (send(channel, message->data, message->header.size,
			    MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

static int linux_send(int channel, const MaqMessage *message)
{
	if (!message->n_fds) /* without a msghdr the kernel is faster */
		return send_bytes(channel, message);
	struct iovec part = {(void *)message->data, message->header.size};
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int) * MAQ_FDS_MAX)];
	} control;
	struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};

	gsize size = sizeof(int) * message->n_fds;

	packet.msg_control = &control;
	packet.msg_controllen = CMSG_SPACE(size);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(&control.header), message->fds, size);
	for (;;) {
		if (sendmsg(channel, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* Takes the descriptors out of the control data. */
static void take_fds(struct msghdr *packet, MaqMessage *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(packet); c; c = CMSG_NXTHDR(packet, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		gsize count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (gsize i = 0; i < count && message->n_fds < MAQ_FDS_MAX; i++)
			memcpy(&message->fds[message->n_fds++],
				CMSG_DATA(c) + i * sizeof(int), sizeof(int));
	}
}

static int check_packet(const MaqMessage *message, gsize size, int flags)
{
	const MaqHeader *header = &message->header;

	if (size < sizeof *header || header->size != size ||
		(flags & (MSG_TRUNC | MSG_CTRUNC)) || header->fds != message->n_fds ||
		header->kind < MAQ_KIND_CALL || header->kind > MAQ_KIND_PAGE)
		return -EBADMSG;
	return 1;
}

/* Descriptors were sent, but this process can have no more: no fault of the sender. */
static bool lacks_handles(const MaqMessage *message, gsize size, int flags)
{
	const MaqHeader *header = &message->header;

	return size >= sizeof *header && header->size == size &&
	       (flags & (MSG_TRUNC | MSG_CTRUNC)) == MSG_CTRUNC &&
	       header->fds <= MAQ_FDS_MAX && header->fds > message->n_fds &&
	       header->kind >= MAQ_KIND_CALL && header->kind <= MAQ_KIND_PAGE;
}

static int empty(MaqMessage *message)
{
	for (unsigned i = 0; i < message->n_fds; i++)
		maq_clear_fd(&message->fds[i]);
	message->n_fds = 0;
	message->header.fds = 0;
	message->header.size = sizeof message->header;
	return -EMFILE;
}

static int wait_readable(int channel, int timeout)
{
	struct pollfd waited = {.fd = channel, .events = POLLIN};
	int n = poll(&waited, 1, timeout);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	return n ? 0 : -ETIMEDOUT;
}

static int linux_receive(int channel, MaqMessage *message, int timeout)
{
	struct iovec part = {message->data, sizeof message->data};
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int) * MAQ_FDS_MAX)];
	} control;
	struct msghdr packet;
	ssize_t size;

	message->n_fds = 0;
	if (timeout > 0) {
		int failed = wait_readable(channel, timeout);
		if (failed)
			return failed;
	}
	do {
		packet = (struct msghdr){.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof control};
		size = recvmsg(channel, &packet,
			MSG_CMSG_CLOEXEC | (timeout < 0 ? 0 : MSG_DONTWAIT));
	} while (size < 0 && errno == EINTR);
	if (size < 0)
		return errno == ECONNRESET || errno == ENOTCONN ? 0 : -errno;
	take_fds(&packet, message);
	if (size == 0 && !message->n_fds)
		return 0;
	if (lacks_handles(message, (gsize)size, packet.msg_flags))
		return empty(message);
	int status = check_packet(message, (gsize)size, packet.msg_flags);
	for (unsigned i = 0; status < 0 && i < message->n_fds; i++)
		maq_clear_fd(&message->fds[i]);
	return status;
}

/* Unread messages hold memory of the sender's socket. One byte of it may be released a
 * moment after the rest, so that 1 means nothing. */
static bool linux_drained(int channel)
{
	int unread = 0;

	return ioctl(channel, SIOCOUTQ, &unread) < 0 || unread <= 1;
}

static void linux_finish(int channel)
{
	shutdown(channel, SHUT_WR);
}

static void linux_end(int channel)
{
	shutdown(channel, SHUT_RDWR);
}

static void linux_close(int handle)
{
	close(handle);
}

static int linux_set_new(void)
{
	int set = epoll_create1(EPOLL_CLOEXEC);

	/* cppcheck-suppress resourceLeak ; it is the caller's */
	return set < 0 ? -errno : set;
}

static int control(int set, int operation, int handle, unsigned events, void *cookie)
{
	struct epoll_event event = {.events = events, .data.ptr = cookie};

	return epoll_ctl(set, operation, handle, &event) ? -errno : 0;
}

static int linux_set_add(int set, int handle, unsigned events, void *cookie)
{
	return control(set, EPOLL_CTL_ADD, handle, events, cookie);
}

static int linux_set_change(int set, int handle, unsigned events, void *cookie)
{
	return control(set, EPOLL_CTL_MOD, handle, events, cookie);
}

static int linux_set_remove(int set, int handle)
{
	return control(set, EPOLL_CTL_DEL, handle, 0, NULL);
}

static int linux_set_wait(int set, MaqReady *ready, int max, gint64 timeout)
{
	struct epoll_event events[MAQ_READY_MAX];
	struct timespec limit = {timeout / 1000000000, timeout % 1000000000};
	int n = timeout > 0
			? epoll_pwait2(set, events, MIN(max, MAQ_READY_MAX), &limit, NULL)
			: epoll_wait(set, events, MIN(max, MAQ_READY_MAX),
				  timeout < 0 ? -1 : 0);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n; i++)
		ready[i] = (MaqReady){events[i].events, events[i].data.ptr};
	return n;
}

static guint64 linux_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec;
}

static int linux_alarm_new(void)
{
	int alarm = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	/* cppcheck-suppress resourceLeak ; it is the caller's */
	return alarm < 0 ? -errno : alarm;
}

static void linux_alarm_set(int alarm, gint64 ns)
{
	struct itimerspec time = {0}; /* zero: never */

	if (ns == 0)
		ns = 1;
	if (ns > 0) {
		time.it_value.tv_sec = ns / 1000000000;
		time.it_value.tv_nsec = ns % 1000000000;
	}
	timerfd_settime(alarm, 0, &time, NULL);
}

static void linux_alarm_clear(int alarm)
{
	guint64 count;

	while (read(alarm, &count, sizeof count) < 0 && errno == EINTR)
		;
}

const MaqBinding maq_binding_linux = {
	.name = "linux",
	.pages = true,
	.pair = linux_pair,
	.send = linux_send,
	.receive = linux_receive,
	.drained = linux_drained,
	.finish = linux_finish,
	.end = linux_end,
	.close = linux_close,
	.set_new = linux_set_new,
	.set_add = linux_set_add,
	.set_change = linux_set_change,
	.set_remove = linux_set_remove,
	.set_wait = linux_set_wait,
	.now = linux_now,
	.alarm_new = linux_alarm_new,
	.alarm_set = linux_alarm_set,
	.alarm_clear = linux_alarm_clear,
};
