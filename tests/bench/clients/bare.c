// SPDX-License-Identifier: GPL-2.0-or-later
#include "bare.h"

#include "bench.h"

#include <maq/wire.h>

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READY 256 /* told by one wait, as our loop has it */

typedef struct {
	MaqHeader header;
	guint64 time;
} Message;

void bare_client(int channel)
{
	Message message;

	do {
		message.header =
			(MaqHeader){.size = sizeof message.header, .kind = MAQ_KIND_CALL};
	} while (send(channel, &message, message.header.size, MSG_NOSIGNAL) > 0 &&
		 recv(channel, &message, sizeof message, 0) > 0);
}

static void answer(int channel)
{
	Message message;

	if (recv(channel, &message, sizeof message, MSG_DONTWAIT) <= 0)
		return;
	message.header.kind = MAQ_KIND_REPLY;
	message.header.size = sizeof message;
	message.time = 1;
	send(channel, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

guint64 bare_serve(const int *channels, unsigned n, guint64 start, guint64 until)
{
	struct epoll_event events[READY];
	int set = epoll_create1(EPOLL_CLOEXEC);
	guint64 count = 0, now;

	for (unsigned i = 0; i < n; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.fd = channels[i]};

		if (epoll_ctl(set, EPOLL_CTL_ADD, channels[i], &event))
			abort();
	}
	while ((now = bench_now()) < until) {
		int ready = epoll_wait(set, events, READY, 100);

		for (int i = 0; i < ready; i++)
			answer(events[i].data.fd);
		count += now >= start ? (guint64)MAX(ready, 0) : 0;
	}
	close(set);
	return count;
}
