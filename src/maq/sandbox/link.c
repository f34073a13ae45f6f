// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * link - one session between two components, as their parent sees it
 *
 * The donation moves from the client's account to the server's when the session is
 * requested, and back when it has ended, so the sum over all accounts never changes.
 */
#include "internal.h"

#include <maq/trace.h>

#include <fcntl.h>
#include <sys/epoll.h>

MaqLink *maq_link_new(MaqSandbox *sandbox, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps)
{
	MaqLink *link = g_new0(MaqLink, 1);

	do
		link->id = ++sandbox->last_id;
	while (!link->id ||
		g_hash_table_contains(sandbox->links, GUINT_TO_POINTER(link->id)));
	link->sandbox = sandbox;
	link->service = g_strdup(service);
	link->label = g_strdup(label);
	link->hash = hash;
	link->ram = ram;
	link->caps = caps;
	link->args = g_bytes_new(args, args_size);
	link->kept = link->server_end = link->client_end = -1;
	g_hash_table_insert(sandbox->links, GUINT_TO_POINTER(link->id), link);
	return link;
}

/* ---- donation ---- */

static int take_donation(MaqLink *link, MaqChild *payer)
{
	MaqAccount *account = &payer->account;

	if (link->ram > account->ram - account->ram_used)
		return MAQ_OUT_OF_RAM;
	if (link->caps > account->caps - account->caps_used)
		return MAQ_OUT_OF_CAPS;
	account->ram_used += link->ram;
	account->caps_used += link->caps;
	link->payer = payer;
	maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_TAKE, link->id, maq_flow(),
		link->ram);
	return MAQ_OK;
}

static void give_donation(MaqLink *link, MaqChild *server)
{
	link->server = server;
	server->account.ram += link->ram;
	server->account.caps += link->caps;
	maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_GIVE, link->id, maq_flow(),
		link->ram);
}

static void return_donation(MaqLink *link)
{
	if (link->server) {
		link->server->account.ram -= link->ram;
		link->server->account.caps -= link->caps;
	}
	if (link->payer) {
		link->payer->account.ram_used -= link->ram;
		link->payer->account.caps_used -= link->caps;
		maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_RETURN, link->id,
			maq_flow(), link->ram);
	}
}

/* ---- the end ---- */

void maq_link_free(MaqLink *link)
{
	MaqSandbox *sandbox = link->sandbox;

	g_hash_table_remove(sandbox->links, GUINT_TO_POINTER(link->id));
	if (link->server)
		g_queue_remove(&link->server->requests, link);
	return_donation(link);
	maq_watch_free(link->watch);
	if (link->kept >= 0)
		sandbox->env->binding->end(link->kept);
	maq_clear_fd(&link->kept);
	maq_clear_fd(&link->server_end);
	maq_clear_fd(&link->client_end);
	g_bytes_unref(link->args);
	g_free(link->service);
	g_free(link->label);
	g_free(link);
}

/* Who waits for the answer to a link. */
typedef struct {
	MaqCall *call;
	MaqOpened done;
	void *data;
	guint32 id;
} Waiter;

static Waiter take_waiter(MaqLink *link)
{
	Waiter waiter = {link->call, link->done, link->done_data, link->id};

	link->call = NULL;
	link->done = NULL;
	return waiter;
}

/* Last of all: what is called may free this link and others. Takes the channel. */
static void answer(Waiter waiter, int status, int channel)
{
	if (waiter.call)
		maq_parent_open_session_reply(
			waiter.call, (MaqParentError)status, waiter.id, channel);
	else if (waiter.done)
		waiter.done(waiter.data, status, channel);
	else
		maq_clear_fd(&channel);
}

void maq_link_answer(MaqLink *link, int status)
{
	Waiter waiter = take_waiter(link);

	if (status == MAQ_OK) {
		link->open = true;
		answer(waiter, MAQ_OK, maq_steal_fd(&link->client_end));
		return;
	}
	maq_link_free(link);
	answer(waiter, status, -1);
}

static MaqLink *find_link(MaqSandbox *sandbox, const MaqChild *child)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		MaqLink *link = value;

		if (link->client == child || link->server == child ||
			link->payer == child)
			return link;
	}
	return NULL;
}

void maq_links_drop(MaqSandbox *sandbox, MaqChild *child)
{
	MaqLink *link;

	while ((link = find_link(sandbox, child))) {
		Waiter waiter = take_waiter(link);
		/* a server that went before it answered has refused */
		int status = link->client == child || link->payer == child ? MAQ_GONE
									   : MAQ_DENIED;

		maq_link_free(link);
		answer(waiter, status, -1);
	}
}

/* ---- the beginning ---- */

static void ended(void *data, unsigned events)
{
	if (events & (EPOLLHUP | EPOLLERR))
		maq_link_free(data);
}

/* Keeps a duplicate of an end, to learn of the session's end and to bring it about. */
static bool keep(MaqLink *link, int end)
{
	link->kept = fcntl(end, F_DUPFD_CLOEXEC, 0);
	if (link->kept < 0)
		return false;
	/* no events asked for: hang-up is always told */
	link->watch =
		maq_loop_watch(link->sandbox->env->loop, link->kept, 0, ended, link);
	return true;
}

static bool make_channel(MaqLink *link)
{
	int ends[2];

	if (link->sandbox->env->binding->pair(ends))
		return false;
	link->client_end = ends[0];
	link->server_end = ends[1];
	return keep(link, ends[0]);
}

void maq_link_to_child(MaqLink *link, MaqChild *server)
{
	if (server->requests.length >= QUEUE_MAX) {
		maq_link_answer(link, MAQ_DENIED);
		return;
	}
	if (link->server_end < 0 ? !make_channel(link) : !keep(link, link->server_end)) {
		maq_link_answer(link, MAQ_FAILED);
		return;
	}
	give_donation(link, server);
	g_queue_push_tail(&server->requests, link);
	if (server->peer)
		maq_parent_signal_requests(server->peer);
}

static void to_local(MaqLink *link, const MaqTarget *target)
{
	gsize size;
	const void *bytes = g_bytes_get_data(link->args, &size);
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];
	int status = MAQ_FAILED;

	if (!make_channel(link)) {
		maq_link_answer(link, MAQ_FAILED);
		return;
	}
	if (size)
		memcpy(args, bytes, size);
	MaqReader reader = maq_reader(args, 0, size, NULL, 0);
	bool known = false;
	for (unsigned v = 0; v < target->skeleton->interface->version; v++)
		known = known || target->skeleton->interface->hashes[v] == link->hash;
	if (!known) {
		maq_link_answer(link, MAQ_DENIED);
		return;
	}
	maq_peer_open(link->sandbox->env, target->skeleton, target->table,
		target->service, link->label, maq_steal_fd(&link->server_end), &reader,
		link->ram, link->caps, 0, &status);
	maq_link_answer(link, status);
}

static void parent_answered(
	void *data, MaqParentError status, guint32 parent_id, int channel)
{
	MaqSandbox *sandbox = ((void **)data)[0];
	gpointer id = ((void **)data)[1];
	MaqLink *link = g_hash_table_lookup(sandbox->links, id);

	(void)parent_id; /* the session's end is seen at the channel */
	g_free(data);
	if (!link) {
		if (channel >= 0)
			sandbox->env->binding->end(channel);
		maq_clear_fd(&channel);
		return;
	}
	if (status == MAQ_PARENT_OK && !keep(link, channel)) {
		maq_clear_fd(&channel);
		status = MAQ_PARENT_FAILED;
	}
	link->client_end = channel;
	maq_link_answer(link, (int)status);
}

static void to_parent(MaqLink *link)
{
	MaqEnv *env = link->sandbox->env;
	void **data = g_new(void *, 2);
	gsize size;
	const void *args = g_bytes_get_data(link->args, &size);

	data[0] = link->sandbox;
	data[1] = GUINT_TO_POINTER(link->id);
	/* the parent's session is the first that the env has */
	maq_parent_open_session_async(env->sessions->pdata[0], link->service, link->label,
		link->hash, args, size, link->ram, link->caps, parent_answered, data);
}

void maq_link_route(MaqLink *link, MaqChild *child)
{
	MaqSandbox *sandbox = link->sandbox;
	MaqTarget target = {.kind = MAQ_TARGET_NONE};
	int status = take_donation(link, child);

	if (status != MAQ_OK) {
		maq_link_answer(link, status);
		return;
	}
	sandbox->ops->route(sandbox->owner, child, link->service, link->label, &target);
	g_free(link->label);
	link->label = g_strdup(target.label);
	switch (target.kind) {
	case MAQ_TARGET_PARENT:
		to_parent(link);
		break;
	case MAQ_TARGET_CHILD:
		maq_link_to_child(link, target.child);
		break;
	case MAQ_TARGET_LOCAL:
		to_local(link, &target);
		break;
	case MAQ_TARGET_NONE:
		maq_link_answer(link, MAQ_DENIED);
	}
}
