// SPDX-License-Identifier: LGPL-2.1-or-later
#include "env_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

static void free_owned(gpointer data)
{
	MaqOwned *owned = data;

	owned->free(owned->memory);
}

MaqEnv *maq_env_new(const MaqBinding *binding)
{
	MaqEnv *env = g_new0(MaqEnv, 1);

	env->binding = binding;
	env->loop = maq_loop_new(binding);
	env->out = g_malloc(sizeof *env->out);
	env->in = g_malloc(sizeof *env->in);
	env->reply = g_malloc(sizeof *env->reply);
	env->out->n_fds = env->in->n_fds = env->reply->n_fds = 0;
	env->sessions = g_ptr_array_new();
	env->peers = g_ptr_array_new();
	env->owned = g_array_new(FALSE, FALSE, sizeof(MaqOwned));
	g_array_set_clear_func(env->owned, free_owned);
	env->provided = g_array_new(FALSE, FALSE, sizeof(MaqProvided));
	return env;
}

void maq_env_end_peers(MaqEnv *env)
{
	while (env->peers->len)
		maq_peer_close(env->peers->pdata[env->peers->len - 1]);
}

void maq_env_free(MaqEnv *env)
{
	if (!env)
		return;
	maq_env_end_peers(env);
	while (env->sessions->len)
		maq_session_close(env->sessions->pdata[env->sessions->len - 1]);
	g_ptr_array_unref(env->sessions);
	g_ptr_array_unref(env->peers);
	g_array_unref(env->provided);
	g_array_unref(env->owned);
	maq_fast_loop_free(env);
	maq_watcher_free(env->watcher);
	maq_loop_free(env->loop);
	g_free(env->out);
	g_free(env->in);
	g_free(env->reply);
	g_free(env->state);
	g_free(env);
}

MaqLoop *maq_env_loop(MaqEnv *env)
{
	return env->loop;
}

const MaqBinding *maq_env_binding(MaqEnv *env)
{
	return env->binding;
}

void maq_env_own(MaqEnv *env, void *memory)
{
	maq_env_own_by(env, memory, g_free);
}

void maq_env_own_by(MaqEnv *env, void *memory, GDestroyNotify free)
{
	MaqOwned owned = {memory, free};

	g_array_append_val(env->owned, owned);
}

void *maq_env_state(MaqEnv *env, gsize size)
{
	if (!env->state)
		env->state = g_malloc0(size);
	return env->state;
}

void maq_env_compose(MaqEnv *env, MaqKind kind, guint16 opcode, guint32 sequence,
	int status, const MaqWriter *writer)
{
	MaqMessage *out = env->out;

	out->n_fds = writer->n_fds;
	out->header = (MaqHeader){
		.size = (guint32)writer->at,
		.kind = (guint8)kind,
		.fds = (guint8)writer->n_fds,
		.opcode = opcode,
		.sequence = sequence,
		.status = status,
		.flow = maq_flow(),
	};
}

int maq_env_send(MaqWake *wake, MaqKind kind, guint16 opcode, guint32 sequence,
	int status, const MaqWriter *writer)
{
	MaqEnv *env = wake->env;

	maq_env_compose(env, kind, opcode, sequence, status, writer);
	int sent = env->binding->send(wake->channel, env->out);
	env->out->n_fds = 0;
	wake->sent = 0; /* a signal is not the last message any more */
	return sent;
}

/* ---- signals ---- */

void maq_wake_init(MaqWake *wake, MaqEnv *env, int channel)
{
	*wake = (MaqWake){.env = env, .channel = channel, .drain = -1};
}

static void stop_waiting(MaqWake *wake)
{
	maq_watch_free(g_steal_pointer(&wake->watch));
	maq_clear_fd(&wake->drain);
}

void maq_wake_fini(MaqWake *wake)
{
	stop_waiting(wake);
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
	stop_waiting(wake);
	if (wake->pending)
		send_pending(wake);
}

bool maq_wake_is_read(MaqWake *wake)
{
	if (wake->unread && wake->env->binding->drained(wake->channel))
		wake->unread = false;
	return !wake->unread && !wake->pending;
}

void maq_wake_send(MaqWake *wake, guint64 bits)
{
	if (!wake->pending)
		wake->flow = maq_flow();
	wake->pending |= bits;
	if (!wake->pending || wake->watch)
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
		stop_waiting(wake);
	}
	send_pending(wake);
}
