// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * send - what one end of a session sends: messages at once, signals when the peer has
 * read those before
 *
 * Linux counts the descriptors that are under way in sockets for all processes of a user
 * together, and carries no more (ETOOMANYREFS, unix(7)) while they exceed what the sender
 * may have open. That is nobody's fault and passes, when they are received: until then
 * the message waits, and what follows it waits behind it.
 */
#include "env_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#define RETRY_NS     1000000u  /* at first, then twice as long each time */
#define RETRY_NS_MAX 20000000u /* at last: it is said once */

/* ---- messages that wait ---- */

static void waiting_free(void *data)
{
	MaqMessage *message = data;

	for (unsigned i = 0; i < message->n_fds; i++)
		maq_clear_fd(&message->fds[i]);
	g_free(message);
}

/* A copy, with descriptors of its own; NULL: there is no room for those. */
static MaqMessage *waiting_new(const MaqMessage *message)
{
	MaqMessage *copy = g_memdup2(message, sizeof *message);

	for (copy->n_fds = 0; copy->n_fds < message->n_fds; copy->n_fds++) {
		int fd = fcntl(message->fds[copy->n_fds], F_DUPFD_CLOEXEC, 0);

		if (fd < 0) {
			waiting_free(copy);
			return NULL;
		}
		copy->fds[copy->n_fds] = fd;
	}
	return copy;
}

/* Sends those that wait; false: some still have to. */
static bool send_waiting(MaqWake *wake)
{
	const MaqBinding *binding = wake->env->binding;
	MaqMessage *first;

	while ((first = g_queue_peek_head(&wake->waiting))) {
		int sent = binding->send(wake->channel, first);

		if (sent == -ETOOMANYREFS)
			return false;
		waiting_free(g_queue_pop_head(&wake->waiting));
		if (sent < 0) /* no peer, or one that does not read */
			binding->end(wake->channel);
	}
	maq_timeout_cancel(g_steal_pointer(&wake->retry));
	return true;
}

static void send_pending(MaqWake *wake);

static void retry(void *data)
{
	MaqWake *wake = data;
	MaqEnv *env = wake->env;

	wake->retry = NULL;
	if (send_waiting(wake)) {
		if (wake->pending)
			send_pending(wake);
		return;
	}
	if (wake->delay < RETRY_NS_MAX && wake->delay * 2 >= RETRY_NS_MAX)
		g_warning(
			"descriptors cannot be sent for now: this user's programs have "
			"more of them under way in sockets than this one may have open");
	wake->delay = MIN(wake->delay * 2, RETRY_NS_MAX);
	wake->retry =
		maq_loop_at(env->loop, env->binding->now() + wake->delay, retry, wake);
}

static int send_later(MaqWake *wake, const MaqMessage *message)
{
	MaqEnv *env = wake->env;
	MaqMessage *copy = waiting_new(message);

	if (!copy)
		return -EMFILE;
	g_queue_push_tail(&wake->waiting, copy);
	if (!wake->retry) {
		wake->delay = RETRY_NS;
		wake->retry = maq_loop_at(
			env->loop, env->binding->now() + RETRY_NS, retry, wake);
	}
	return 0;
}

bool maq_wake_settle(MaqWake *wake, guint64 until)
{
	while (wake->waiting.length && !send_waiting(wake)) {
		if (until && wake->env->binding->now() >= until)
			return false;
		usleep(RETRY_NS / 1000);
	}
	return true;
}

int maq_env_send(MaqWake *wake, MaqKind kind, guint16 opcode, guint32 sequence,
	int status, const MaqWriter *writer)
{
	MaqEnv *env = wake->env;
	int sent = -ETOOMANYREFS;

	maq_env_compose(env, kind, opcode, sequence, status, writer);
	if (!wake->waiting.length)
		sent = env->binding->send(wake->channel, env->out);
	if (sent == -ETOOMANYREFS)
		sent = send_later(wake, env->out);
	env->out->n_fds = 0;
	wake->sent = 0; /* a signal is not the last message any more */
	return sent;
}

/* ---- signals ---- */

void maq_wake_init(MaqWake *wake, MaqEnv *env, int channel)
{
	*wake = (MaqWake){.env = env, .channel = channel, .drain = -1};
}

static void stop_watching(MaqWake *wake)
{
	maq_watch_free(g_steal_pointer(&wake->watch));
	maq_clear_fd(&wake->drain);
}

void maq_wake_fini(MaqWake *wake)
{
	stop_watching(wake);
	maq_timeout_cancel(g_steal_pointer(&wake->retry));
	g_queue_clear_full(&wake->waiting, waiting_free);
	wake->pending = 0;
}

static void send_pending(MaqWake *wake)
{
	/* env->out may hold a call or reply in the making: signals have their own room */
	struct {
		MaqHeader header;
		guint64 bits;
	} signal = {
		{.size = 32, .kind = MAQ_KIND_SIGNAL, .flow = wake->flow}, wake->pending};
	MaqMessage *message = wake->env->reply;
	guint8 kept[sizeof signal];

	memcpy(kept, message->data, sizeof kept);
	memcpy(message->data, &signal, sizeof signal);
	unsigned n_fds = message->n_fds;
	message->n_fds = 0;
	/* a full or dead channel: its owner learns of that by other ways */
	wake->env->binding->send(wake->channel, message);
	message->n_fds = n_fds;
	memcpy(message->data, kept, sizeof kept);
	wake->unread = true;
	wake->sent = wake->pending;
	wake->pending = 0;
}

static void peer_has_read(void *data, unsigned events)
{
	MaqWake *wake = data;

	if (!(events & (EPOLLHUP | EPOLLERR)) &&
		!wake->env->binding->drained(wake->channel))
		return;
	stop_watching(wake);
	if (wake->pending && !wake->waiting.length)
		send_pending(wake);
}

bool maq_wake_is_read(MaqWake *wake)
{
	if (wake->unread && wake->env->binding->drained(wake->channel))
		wake->unread = false;
	return !wake->unread && !wake->pending && !wake->waiting.length;
}

void maq_wake_send(MaqWake *wake, guint64 bits)
{
	if (!wake->pending)
		wake->flow = maq_flow();
	wake->pending |= bits;
	if (!wake->pending || wake->watch || wake->waiting.length)
		return;
	if (wake->unread && !wake->env->binding->drained(wake->channel)) {
		/* what it has not read yet tells of these as well */
		wake->pending &= ~wake->sent;
		if (!wake->pending)
			return;
		/* Edge-triggered, so that each message read by the peer is told. */
		wake->drain = fcntl(wake->channel, F_DUPFD_CLOEXEC, 0);
		if (wake->drain < 0)
			return;
		wake->watch = maq_loop_watch(wake->env->loop, wake->drain,
			EPOLLOUT | EPOLLET, peer_has_read, wake);
		if (!wake->env->binding->drained(wake->channel))
			return;
		stop_watching(wake);
	}
	send_pending(wake);
}
