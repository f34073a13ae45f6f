// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sandbox - the sandbox itself: requests on behalf of children and of our own parent
 */
#include "internal.h"

/* ---- a parent that is busy ---- */

#define LATER_NS 1000000u

typedef struct {
	MaqSandbox *sandbox; /* borrowed */
	guint32 outer;
	int status;
	MaqTimeout *timeout; /* NULL: it is on its way */
} OuterAnswer;

static void outer_answer_free(gpointer data)
{
	OuterAnswer *answer = data;

	maq_timeout_cancel(answer->timeout);
	g_free(answer);
}

static void deliver(void *data);

static guint64 a_little_later(MaqSandbox *sandbox)
{
	return sandbox->env->binding->now() + LATER_NS;
}

static void delivered(void *data, MaqParentError status)
{
	OuterAnswer *answer = data;
	MaqSandbox *sandbox = answer->sandbox;

	if (status == MAQ_PARENT_BUSY)
		answer->timeout = maq_loop_at(
			sandbox->env->loop, a_little_later(sandbox), deliver, answer);
	else /* else the request has gone, or the parent */
		g_ptr_array_remove_fast(sandbox->answers, answer);
}

static void deliver(void *data)
{
	OuterAnswer *answer = data;

	answer->timeout = NULL;
	maq_parent_deliver_async(maq_env_parent(answer->sandbox->env), answer->outer,
		answer->status, delivered, answer);
}

void maq_sandbox_deliver(MaqSandbox *sandbox, guint32 outer, int status)
{
	OuterAnswer *answer = g_new(OuterAnswer, 1);

	*answer = (OuterAnswer){sandbox, outer, status, NULL};
	g_ptr_array_add(sandbox->answers, answer);
	deliver(answer);
}

/* ---- the sandbox ---- */

MaqSandbox *maq_sandbox_new(MaqEnv *env, const MaqSandboxOps *ops, void *owner)
{
	MaqSandbox *sandbox = g_new0(MaqSandbox, 1);

	sandbox->env = env;
	sandbox->ops = ops;
	sandbox->owner = owner;
	sandbox->children = g_ptr_array_new();
	sandbox->links = g_hash_table_new(NULL, NULL);
	sandbox->cycle = 1;
	sandbox->dirty = g_ptr_array_new();
	sandbox->told = g_ptr_array_new();
	sandbox->waiting_links = g_array_new(FALSE, FALSE, sizeof(guint32));
	sandbox->answers = g_ptr_array_new_with_free_func(outer_answer_free);
	return sandbox;
}

void maq_sandbox_free(MaqSandbox *sandbox)
{
	if (!sandbox)
		return;
	while (sandbox->children->len)
		maq_child_free(sandbox->children->pdata[sandbox->children->len - 1]);
	/* what is left waits for nobody */
	g_autoptr(GPtrArray) links = maq_links_sorted(sandbox);
	for (guint i = 0; i < links->len; i++)
		maq_link_free(links->pdata[i]);
	maq_loop_undefer(sandbox->env->loop, sandbox);
	maq_loop_undefer(sandbox->env->loop, &sandbox->cycle);
	maq_asks_clear(sandbox);
	maq_timeout_cancel(sandbox->again);
	maq_timeout_cancel(sandbox->line_full);
	maq_timeout_cancel(sandbox->settle_later);
	g_ptr_array_unref(sandbox->dirty);
	g_ptr_array_unref(sandbox->told);
	g_array_unref(sandbox->waiting_links);
	g_list_free_full(sandbox->lowerings, g_free);
	g_ptr_array_unref(sandbox->answers);
	g_ptr_array_unref(sandbox->children);
	g_hash_table_unref(sandbox->links);
	g_free(sandbox);
}

void maq_sandbox_changed(MaqSandbox *sandbox)
{
	if (sandbox->ops->changed)
		sandbox->ops->changed(sandbox->owner);
}

/* ---- on behalf of a child ---- */

static MaqLink *own_request(MaqSandbox *sandbox, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data)
{
	LinkRequest request = {interface->service, label,
		interface->hashes[interface->version - 1], NULL, 0, interface->ram,
		interface->caps};
	MaqLink *link = maq_link_new(sandbox, &request);

	link->ours = true;
	link->done = done;
	link->done_data = data;
	return link;
}

void maq_child_open_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data)
{
	MaqLink *link = own_request(child->sandbox, interface, label, done, data);

	link->client = child;
	maq_link_route(link);
}

void maq_child_prepare_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data)
{
	MaqLink *link = own_request(child->sandbox, interface, label, done, data);

	link->client = child;
	link->prepared = true;
	maq_link_route(link);
}

/* ---- what our parent asks for ---- */

static void forward_open(void *data, const MaqRequest *request, int channel)
{
	LinkRequest copy = {request->service, request->label, request->hash,
		request->args, request->args_size, request->ram, request->caps};
	MaqLink *link = maq_link_new(data, &copy);

	link->outer = request->id;
	link->server_end = channel;
	maq_link_route(link);
}

static void forward_upgrade(void *data, guint32 id, guint64 ram, guint32 caps)
{
	MaqSandbox *sandbox = data;
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		MaqLink *link = value;

		if (link->outer != id || link->upgrading)
			continue;
		maq_link_upgrade(link, ram, caps);
		return;
	}
}

static const MaqForwardOps forward_ops = {forward_open, forward_upgrade};

bool maq_sandbox_announce(MaqSandbox *sandbox, const char *service, GError **error)
{
	MaqEnvParent *parent = sandbox->env->parent;

	parent->forward = &forward_ops;
	parent->forward_data = sandbox;
	return sandbox->env->parent_ops->announce(sandbox->env, service, error);
}

void maq_sandbox_open_export(MaqSandbox *sandbox, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps,
	MaqOpened done, void *data)
{
	LinkRequest request = {service, label, hash, args, args_size, ram, caps};
	MaqLink *link = maq_link_new(sandbox, &request);

	link->ours = true;
	link->done = done;
	link->done_data = data;
	maq_link_route(link);
}

/* ---- reports ---- */

static const char *state_text(const MaqLink *link)
{
	static const char *const texts[] = {
		[LINK_WAITING] = "CREATING",
		[LINK_REQUESTED] = "CREATING",
		[LINK_AVAILABLE] = "AVAIL",
		[LINK_OPEN] = "OK",
		[LINK_DENIED] = "DENIED",
		[LINK_CLOSING] = "CLOSING",
	};

	return link->upgrading ? "UPGRADING" : texts[link->state];
}

void maq_sandbox_sessions(MaqSandbox *sandbox, MaqSessionVisit visit, void *data)
{
	g_autoptr(GPtrArray) links = maq_links_sorted(sandbox);

	for (guint i = 0; i < links->len; i++) {
		const MaqLink *link = links->pdata[i];
		MaqSessionInfo info = {.service = link->service,
			.label = *link->target.label ? link->target.label : link->label,
			.client = link->client,
			.server = link->server,
			.state = state_text(link),
			.ram = link->ram,
			.caps = link->caps};

		visit(data, &info);
	}
}
