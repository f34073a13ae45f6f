// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * harness - one server, one client that sends what the fuzzer wants
 */
#include "harness.h"

#include <maq/env.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	guint16 opcode, size;
	guint8 flags, descriptors[MAQ_FDS_MAX], unused;
} Packet;
G_STATIC_ASSERT(sizeof(Packet) == 10);

static struct {
	MaqCall *call; /* borrowed; NULL: none is deferred */
	DispatchAnswer answer;
} deferred;

static GLogWriterOutput drop_message(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	(void)level;
	(void)fields;
	(void)n;
	(void)data;
	return G_LOG_WRITER_HANDLED;
}

static MaqEnv *the_env(void)
{
	static MaqEnv *env;

	if (!env) {
		/* malformed messages are warned of: here they are the daily bread */
		g_log_set_always_fatal(G_LOG_FATAL_MASK);
		g_log_set_writer_func(drop_message, NULL, NULL);
		env = maq_env_new(&maq_binding_linux);
	}
	return env;
}

int dispatch_dataspace(guint64 size, unsigned seals)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	g_assert(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
	g_assert(!size || posix_fallocate(fd, 0, (off_t)size) == 0);
	g_assert(fcntl(fd, F_ADD_SEALS, seals | F_SEAL_SHRINK | F_SEAL_SEAL) == 0);
	return fd;
}

int dispatch_channel(void)
{
	int ends[2];

	g_assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	close(ends[1]);
	return ends[0];
}

int dispatch_file(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	g_assert(fd >= 0);
	return fd;
}

static int descriptor(guint8 word)
{
	guint64 size = (guint64)(word >> 2) * 4096;

	switch (word & 3) {
	case 0:
		return dispatch_dataspace(size, F_SEAL_GROW | F_SEAL_FUTURE_WRITE);
	case 1:
		return dispatch_dataspace(size, F_SEAL_GROW | F_SEAL_WRITE);
	case 2:
		return dispatch_channel();
	default:
		return dispatch_file();
	}
}

void dispatch_touch(const void *data, gsize size)
{
	static volatile guint8 sum;
	const guint8 *bytes = data;

	for (gsize i = 0; i < size; i++)
		sum = (guint8)(sum + bytes[i]);
}

void dispatch_touch_string(const char *text, gsize max)
{
	g_assert(strlen(text) <= max && g_utf8_validate(text, -1, NULL));
}

void dispatch_touch_fd(int fd, bool optional)
{
	g_assert((optional && fd == -1) || fcntl(fd, F_GETFD) >= 0);
}

void dispatch_defer(MaqCall *call, DispatchAnswer answer)
{
	g_assert(!deferred.call);
	deferred.call = call;
	deferred.answer = answer;
}

static void answer_deferred(void)
{
	MaqCall *call = g_steal_pointer(&deferred.call);

	if (call)
		deferred.answer(call);
}

static void clear_fds(MaqMessage *message)
{
	for (unsigned i = 0; i < message->n_fds; i++)
		maq_clear_fd(&message->fds[i]);
	message->n_fds = 0;
}

/* Replies must be well formed whatever the fuzzer sends. */
static void read_replies(int channel)
{
	static MaqMessage reply;
	int got;

	while ((got = maq_binding_linux.receive(channel, &reply, 0)) == 1) {
		g_assert(reply.header.kind == MAQ_KIND_REPLY);
		clear_fds(&reply);
	}
	g_assert(got != -EBADMSG);
}

static void send_packet(int channel, const Packet *packet, const guint8 *data, gsize size)
{
	static MaqMessage message;
	static guint32 sequence;

	message.n_fds = MIN(packet->flags & 7u, (unsigned)MAQ_FDS_MAX);
	for (unsigned i = 0; i < message.n_fds; i++)
		message.fds[i] = descriptor(packet->descriptors[i]);
	message.header = (MaqHeader){
		.size = (guint32)(sizeof(MaqHeader) + size),
		.kind = packet->opcode ? MAQ_KIND_CALL : MAQ_KIND_SIGNAL,
		.fds = (guint8)message.n_fds,
		.opcode = packet->opcode,
		.sequence = packet->opcode ? ++sequence : 0,
	};
	if (size)
		memcpy(message.data + sizeof(MaqHeader), data, size);
	maq_binding_linux.send(channel, &message);
	clear_fds(&message);
}

int dispatch_input(
	const MaqSkeleton *skeleton, const void *table, const guint8 *data, gsize size)
{
	MaqEnv *env = the_env();
	MaqLoop *loop = maq_env_loop(env);
	int ends[2];

	g_assert(maq_binding_linux.pair(ends) == 0);
	if (!maq_peer_attach(env, skeleton, table, NULL, "fuzz", ends[1]))
		g_error("an attached client was refused");
	while (size >= sizeof(Packet)) {
		Packet packet;

		memcpy(&packet, data, sizeof packet);
		data += sizeof packet;
		size -= sizeof packet;
		gsize bytes = MIN((gsize)packet.size,
			MIN(size, (gsize)MAQ_MESSAGE_MAX - sizeof(MaqHeader)));
		if (packet.flags & 0x80)
			answer_deferred();
		send_packet(ends[0], &packet, data, bytes);
		maq_loop_step(loop, 0);
		read_replies(ends[0]);
		data += bytes;
		size -= bytes;
	}
	maq_binding_linux.end(ends[0]);
	maq_binding_linux.close(ends[0]);
	maq_loop_step(loop, 0);
	maq_env_end_peers(env);
	answer_deferred();
	return 0;
}
