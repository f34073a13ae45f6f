// SPDX-License-Identifier: LGPL-2.1-or-later
#include "again.h"

/* A server that has crashed takes its time until its parent has seen it and started it
 * again; from then on the parent lets requests for it wait. */
#define PAUSE_NS 100000000u
#define TRIES    100

static void try_it(void *data);

static void wait_a_while(Again *again)
{
	again->timeout = maq_loop_at(maq_env_loop(again->env),
		maq_env_binding(again->env)->now() + PAUSE_NS, try_it, again);
}

static void opened(void *data, int status, MaqSession *session)
{
	Again *again = data;

	(void)status;
	again->opening = NULL;
	if (session)
		again->ops->opened(again->data, session);
	else
		again_failed(again);
}

static void try_it(void *data)
{
	Again *again = data;
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];
	gsize size = again->ops->encode ? again->ops->encode(again->data, args) : 0;

	again->timeout = NULL;
	again->opening = maq_open_async(again->env, again->ops->interface, again->label,
		args, size, opened, again);
}

void again_failed(Again *again)
{
	if (++again->tries < TRIES)
		wait_a_while(again);
	else if (again->given_up)
		again->given_up(again->given_up_data);
}

void again_init(
	Again *again, MaqEnv *env, const AgainOps *ops, const char *label, void *data)
{
	*again = (Again){.env = env, .ops = ops, .label = label, .data = data};
}

void again_fini(Again *again)
{
	maq_timeout_cancel(g_steal_pointer(&again->timeout));
	maq_opening_cancel(g_steal_pointer(&again->opening));
}

void again_on_given_up(Again *again, MaqHandler handler, void *data)
{
	again->given_up = handler;
	again->given_up_data = data;
}

void again_start(Again *again)
{
	again->tries = 0;
	wait_a_while(again);
}

void again_begin(Again *again)
{
	again->tries = 0;
	try_it(again);
}
