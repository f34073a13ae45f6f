// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * peer - the server's end of a session
 *
 * One message a round and session, so that clients are served in turn. Whatever a client
 * does wrong ends its own session with one line in the log, and nothing else.
 */
#include "env_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/epoll.h>

struct MaqCall {
	MaqPeer *peer;
	bool active; /* not answered yet */
	bool on_page;
	guint16 opcode;
	guint32 sequence;
	int status;
	guint64 flow, outer_flow;
};

struct MaqPeer {
	MaqEnv *env; /* borrowed */
	const MaqSkeleton *skeleton;
	const void *table;
	void *client; /* the service's own */
	int channel;
	char *label; /* owned */
	guint64 ram, ram_used;
	guint32 caps, caps_used;
	guint32 id;
	guint32 number;   /* in traces */
	unsigned version; /* of the interface, that the client knows */
	MaqHandler upgraded;
	void *upgraded_data;             /* borrowed */
	bool ending, ended, dispatching; /* ending: told, closed in a moment */
	MaqWatch *watch;
	MaqTimeout *rest; /* while it has to wait; NULL */
	MaqWake wake;
	MaqFastPeer fast;
	MaqCall call; /* the one call that may be unanswered */
};

static void channel_ready(void *data, unsigned events);

static void peer_release(MaqPeer *peer)
{
	if (!peer->ended || peer->call.active || peer->dispatching)
		return;
	g_free(peer->label);
	g_free(peer);
}

void maq_peer_close(MaqPeer *peer)
{
	if (peer->ended)
		return;
	peer->ended = true;
	maq_loop_undefer(peer->env->loop, peer); /* the end that maq_peer_end planned */
	maq_trace(MAQ_TRACE_SESSION_CLOSE, MAQ_TRACE_SERVER, peer->number, maq_flow(), 0);
	g_ptr_array_remove_fast(peer->env->peers, peer);
	maq_timeout_cancel(peer->rest);
	maq_watch_free(peer->watch);
	maq_fast_peer_close(&peer->fast, peer->env);
	maq_wake_fini(&peer->wake);
	/* the channel last: its end tells the parent that the client's donation is free
	 */
	peer->skeleton->close(peer->table, peer->client);
	peer->env->binding->end(peer->channel);
	peer->env->binding->close(peer->channel);
	peer_release(peer);
}

static void rest_over(void *data)
{
	MaqPeer *peer = data;

	peer->rest = NULL;
	if (!peer->ending)
		maq_watch_set_events(peer->watch, EPOLLIN);
}

void maq_peer_rest(MaqPeer *peer, guint64 duration)
{
	MaqEnv *env = peer->env;

	if (peer->ending || peer->ended || !duration)
		return;
	maq_timeout_cancel(peer->rest);
	maq_watch_set_events(peer->watch, 0);
	peer->rest =
		maq_loop_at(env->loop, env->binding->now() + duration, rest_over, peer);
}

static void close_deferred(void *data)
{
	maq_peer_close(data);
}

void maq_peer_end(MaqPeer *peer, const char *format, ...)
{
	va_list arguments;

	if (peer->ending || peer->ended)
		return;
	peer->ending = true;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_warning("%s session of '%s' ended: %s", peer->skeleton->interface->service,
		peer->label, text);
	maq_watch_set_events(peer->watch, 0);
	maq_fast_peer_stop(&peer->fast, peer->env);
	peer->env->binding->end(peer->channel);
	/* not at once: the caller may be working with the client's state */
	maq_loop_undefer(peer->env->loop, peer);
	maq_loop_defer(peer->env->loop, close_deferred, peer);
}

/* A client that gets none, or does not want it, calls over the socket. */
static void offer_page(MaqPeer *peer)
{
	MaqEnv *env = peer->env;
	maq_autofd int fd = maq_fast_peer_open(&peer->fast, env, peer);
	MaqWriter writer = maq_writer(
		env->out->data, sizeof(MaqHeader), MAQ_MESSAGE_MAX, env->out->fds);

	if (fd < 0)
		return;
	maq_put_fd(&writer, fd);
	if (maq_env_send(&peer->wake, MAQ_KIND_PAGE, 0, 0, 0, &writer) < 0)
		maq_fast_peer_close(&peer->fast, env);
}

MaqPeer *maq_peer_attach(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, const char *label, int channel)
{
	MaqReader none = maq_reader(NULL, 0, 0, NULL, 0);
	int status = 0;

	return maq_peer_open(env, skeleton, table, service, label, channel, &none, 0, 0,
		0, skeleton->interface->version, &status);
}

MaqPeer *maq_peer_open(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, const char *label, int channel, MaqReader *args, guint64 ram,
	guint32 caps, guint32 id, unsigned version, int *status)
{
	MaqPeer *peer = g_new0(MaqPeer, 1);

	peer->env = env;
	peer->skeleton = skeleton;
	peer->table = table;
	peer->channel = channel;
	peer->label = g_strdup(label);
	peer->ram = ram;
	peer->caps = caps;
	peer->id = id;
	peer->number = maq_trace_session_number(id);
	peer->version = version;
	peer->call.peer = peer;
	maq_wake_init(&peer->wake, env, channel);
	*status = skeleton->open(table, service, peer, args, &peer->client);
	if (*status) {
		maq_wake_fini(&peer->wake);
		env->binding->close(channel);
		g_free(peer->label);
		g_free(peer);
		return NULL;
	}
	if (env->binding->describe)
		env->binding->describe(channel, skeleton->interface->service);
	maq_trace_opened(MAQ_TRACE_SERVER, peer->number, skeleton->interface, label);
	peer->watch = maq_loop_watch(env->loop, channel, EPOLLIN, channel_ready, peer);
	g_ptr_array_add(env->peers, peer);
	if (G_STRUCT_MEMBER(bool, table, skeleton->fast))
		offer_page(peer);
	return peer;
}

const char *maq_peer_label(const MaqPeer *peer)
{
	return peer->label;
}

unsigned maq_peer_version(const MaqPeer *peer)
{
	return peer->version;
}

unsigned maq_call_version(const MaqCall *call)
{
	return call->peer->version;
}

guint64 maq_peer_ram(const MaqPeer *peer)
{
	return peer->ram;
}

guint32 maq_peer_caps(const MaqPeer *peer)
{
	return peer->caps;
}

guint32 maq_peer_id(const MaqPeer *peer)
{
	return peer->id;
}

void maq_peer_add_quota(MaqPeer *peer, guint64 ram, guint32 caps)
{
	peer->ram += ram;
	peer->caps += caps;
	if (peer->upgraded)
		peer->upgraded(peer->upgraded_data);
}

void maq_peer_on_upgraded(MaqPeer *peer, MaqHandler handler, void *data)
{
	peer->upgraded = handler;
	peer->upgraded_data = data;
}

bool maq_peer_charge(MaqPeer *peer, guint64 ram, guint32 caps)
{
	if (ram > peer->ram - peer->ram_used || caps > peer->caps - peer->caps_used)
		return false;
	peer->ram_used += ram;
	peer->caps_used += caps;
	return true;
}

void maq_peer_refund(MaqPeer *peer, guint64 ram, guint32 caps)
{
	g_assert(ram <= peer->ram_used && caps <= peer->caps_used);
	peer->ram_used -= ram;
	peer->caps_used -= caps;
}

void maq_peer_signal(MaqPeer *peer, guint64 bits)
{
	if (peer->ended)
		return;
	maq_trace(MAQ_TRACE_SIGNAL_SUBMIT, MAQ_TRACE_SERVER, peer->number, maq_flow(),
		bits);
	maq_wake_send(&peer->wake, bits);
}

/* ---- calls ---- */

MaqWriter *maq_call_reply(MaqCall *call, int status)
{
	MaqEnv *env = call->peer->env;

	g_assert(call->active);
	call->status = status;
	env->writer = maq_writer(
		env->out->data, sizeof(MaqHeader), MAQ_MESSAGE_MAX, env->out->fds);
	env->writer.version = call->peer->version;
	return status || call->peer->ended ? NULL : &env->writer;
}

static bool send_reply(MaqCall *call)
{
	MaqPeer *peer = call->peer;
	MaqEnv *env = peer->env;
	bool fits = !env->writer.n_fds && env->writer.at <= MAQ_PAGE_ROOM;

	if (call->on_page && fits) {
		maq_env_compose(env, MAQ_KIND_REPLY, call->opcode, call->sequence,
			call->status, &env->writer);
		maq_fast_peer_reply(&peer->fast, env->out);
		return true;
	}
	/* before the reply: who has that may call anew */
	if (call->on_page)
		maq_fast_peer_reply(&peer->fast, NULL);
	return maq_env_send(&peer->wake, MAQ_KIND_REPLY, call->opcode, call->sequence,
		       call->status, &env->writer) == 0;
}

void maq_call_finish(MaqCall *call)
{
	MaqPeer *peer = call->peer;
	MaqEnv *env = peer->env;

	call->active = false;
	if (!peer->ended && !env->writer.ok) {
		/* what the server itself wrote is outside the interface's bounds */
		g_warning("%s: reply to operation %u does not fit its definition",
			peer->skeleton->interface->service, call->opcode);
		maq_call_fail(call);
	}
	guint64 flow = maq_flow_swap(call->flow);
	maq_trace(MAQ_TRACE_RPC_REPLY, call->opcode, peer->number, call->flow,
		(guint64)(gint64)call->status);
	if (!peer->ended && !send_reply(call))
		maq_peer_end(peer, "it does not read its replies, or has gone");
	maq_flow_swap(flow);
	peer_release(peer);
}

void maq_call_fail(MaqCall *call)
{
	MaqEnv *env = call->peer->env;

	call->status = MAQ_FAILED;
	env->writer = maq_writer(
		env->out->data, sizeof(MaqHeader), MAQ_MESSAGE_MAX, env->out->fds);
}

MaqPeer *maq_call_peer(MaqCall *call)
{
	return call->peer->ended ? NULL : call->peer;
}

static void dispatch_call(MaqPeer *peer, MaqMessage *in, bool on_page)
{
	MaqCall *call = &peer->call;

	if (call->active) {
		maq_peer_end(peer, "a second call before the first was answered");
		return;
	}
	*call = (MaqCall){.peer = peer,
		.active = true,
		.on_page = on_page,
		.opcode = in->header.opcode,
		.sequence = in->header.sequence,
		.flow = in->header.flow};
	MaqReader reader = maq_reader(
		in->data, sizeof(MaqHeader), in->header.size, in->fds, in->n_fds);
	maq_trace(MAQ_TRACE_RPC_DISPATCH, call->opcode, peer->number, call->flow, 0);
	maq_flow_swap(call->flow);
	bool well = peer->skeleton->dispatch(
		peer->table, peer->client, call, call->opcode, &reader);
	maq_flow_swap(0);
	if (!well) {
		call->active = false;
		maq_peer_end(peer, "malformed call of operation %u", in->header.opcode);
	}
}

/* Its descriptors could not be taken: we have too many. */
static void refuse_call(MaqPeer *peer, const MaqMessage *in)
{
	MaqCall *call = &peer->call;

	if (call->active) {
		maq_peer_end(peer, "a second call before the first was answered");
		return;
	}
	*call = (MaqCall){.peer = peer,
		.active = true,
		.opcode = in->header.opcode,
		.sequence = in->header.sequence,
		.flow = in->header.flow};
	maq_call_reply(call, MAQ_OUT_OF_CAPS);
	maq_call_finish(call);
}

static void dispatch_signal(MaqPeer *peer, const MaqMessage *in)
{
	guint64 bits = 0;

	if (in->header.size == sizeof(MaqHeader) + sizeof bits && !in->n_fds)
		memcpy(&bits, in->data + sizeof(MaqHeader), sizeof bits);
	if (!bits || (bits & ~peer->skeleton->interface->from_client)) {
		maq_peer_end(peer, "malformed signal");
		return;
	}
	maq_trace(MAQ_TRACE_SIGNAL_DELIVER, MAQ_TRACE_SERVER, peer->number,
		in->header.flow, bits);
	maq_flow_swap(in->header.flow);
	peer->skeleton->signal(peer->table, peer->client, bits);
	maq_flow_swap(0);
}

void maq_peer_take_call(MaqPeer *peer, MaqMessage *in)
{
	peer->dispatching = true;
	dispatch_call(peer, in, true);
	peer->dispatching = false;
	peer_release(peer);
}

static void channel_ready(void *data, unsigned events)
{
	MaqPeer *peer = data;
	MaqMessage *in = peer->env->in;
	int got = peer->env->binding->receive(peer->channel, in, 0);

	(void)events;
	if (got == -EAGAIN)
		return;
	if (got == 0 || (got < 0 && got != -EBADMSG && got != -EMFILE)) {
		maq_peer_close(peer);
		return;
	}
	peer->dispatching = true;
	if (got == -EMFILE && in->header.kind == MAQ_KIND_CALL)
		refuse_call(peer, in);
	else if (got < 0)
		maq_peer_end(peer, "malformed message");
	else if (in->header.kind == MAQ_KIND_CALL)
		dispatch_call(peer, in, false);
	else if (in->header.kind == MAQ_KIND_SIGNAL)
		dispatch_signal(peer, in);
	else
		maq_peer_end(peer, "a message that only servers send");
	peer->dispatching = false;
	for (unsigned i = 0; i < in->n_fds; i++)
		maq_clear_fd(&in->fds[i]);
	in->n_fds = 0;
	peer_release(peer);
}
