// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * asks - sessions that our parent is asked for, a few at a time
 *
 * However many links come at once, the line of calls keeps room for what else our parent
 * has to hear, and the quota given away by all that go together is settled by one call.
 */
#include "internal.h"

#include <fcntl.h>

#define ASKS_MAX 16u       /* in the line of calls at once */
#define BUSY_NS  10000000u /* until a parent that is busy is asked again */

typedef struct {
	MaqSandbox *sandbox; /* borrowed */
	guint32 id;
} Ask;

static MaqLink *asked_for(MaqSandbox *sandbox, guint32 id)
{
	MaqLink *link = maq_link_find(sandbox, id);

	return link && link->state == LINK_REQUESTED &&
			       link->target.kind == MAQ_TARGET_PARENT
		       ? link
		       : NULL;
}

static void ask_some(void *data);

static void ask_soon(MaqSandbox *sandbox)
{
	maq_loop_undefer(sandbox->env->loop, &sandbox->asks);
	maq_loop_defer(sandbox->env->loop, ask_some, &sandbox->asks);
}

/* ---- a parent that is busy: until it has answered one, or a while has passed ---- */

static void not_busy(void *data)
{
	MaqSandbox *sandbox = data;

	maq_timeout_cancel(sandbox->busy);
	sandbox->busy = NULL;
	ask_soon(sandbox);
}

static void busy_over(void *data)
{
	((MaqSandbox *)data)->busy = NULL;
	ask_soon(data);
}

static void is_busy(MaqSandbox *sandbox, guint32 id)
{
	g_queue_push_head(&sandbox->asks, GUINT_TO_POINTER(id));
	if (!sandbox->busy)
		sandbox->busy = maq_loop_at(sandbox->env->loop,
			sandbox->env->binding->now() + BUSY_NS, busy_over, sandbox);
}

/* ---- one request ---- */

static void asked(void *data)
{
	MaqSandbox *sandbox = ((Ask *)data)->sandbox;

	sandbox->asking--;
	if (sandbox->asks.length && !sandbox->busy)
		ask_soon(sandbox);
}

static void answered(void *data, MaqParentError status, guint32 parent_id, int channel)
{
	g_autofree Ask *ask = data;
	MaqSandbox *sandbox = ask->sandbox;
	MaqLink *link = asked_for(sandbox, ask->id);

	if (link && status == MAQ_PARENT_BUSY) {
		is_busy(sandbox, ask->id);
		return;
	}
	if (sandbox->busy)
		not_busy(sandbox);
	if (!link) {
		if (channel >= 0)
			sandbox->env->binding->end(channel);
		maq_clear_fd(&channel);
		return;
	}
	if (status == MAQ_PARENT_OK && !maq_link_keep(link, channel)) {
		maq_clear_fd(&channel);
		status = MAQ_PARENT_FAILED;
	}
	link->client_end = channel;
	link->parent_id = parent_id;
	maq_link_answer(link, (int)status);
}

static void ask_for(MaqLink *link)
{
	MaqSandbox *sandbox = link->sandbox;
	Ask *ask = g_new(Ask, 1);
	gsize size;
	const void *args = g_bytes_get_data(link->args, &size);
	MaqRequest request = {0, link->service, link->target.label, link->hash, args,
		size, link->ram, link->caps};

	*ask = (Ask){sandbox, link->id};
	sandbox->asking++;
	maq_env_request(sandbox->env, &request, asked, answered, ask);
}

static void ask_some(void *data)
{
	MaqSandbox *sandbox =
		(MaqSandbox *)((char *)data - G_STRUCT_OFFSET(MaqSandbox, asks));

	if (sandbox->asking < ASKS_MAX && sandbox->asks.length)
		maq_sandbox_settle(sandbox);
	while (sandbox->asking < ASKS_MAX && sandbox->asks.length && !sandbox->busy) {
		guint32 id = GPOINTER_TO_UINT(g_queue_pop_head(&sandbox->asks));
		MaqLink *link = asked_for(sandbox, id);

		if (link)
			ask_for(link);
	}
}

void maq_link_ask_parent(MaqLink *link)
{
	g_queue_push_tail(&link->sandbox->asks, GUINT_TO_POINTER(link->id));
	if (!link->sandbox->busy)
		ask_soon(link->sandbox);
}

void maq_asks_clear(MaqSandbox *sandbox)
{
	maq_loop_undefer(sandbox->env->loop, &sandbox->asks);
	maq_timeout_cancel(sandbox->busy);
	g_queue_clear(&sandbox->asks);
}
