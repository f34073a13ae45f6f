// SPDX-License-Identifier: LGPL-2.1-or-later
#include "env_internal.h"

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
