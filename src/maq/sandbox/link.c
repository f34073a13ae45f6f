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

#define CLOSE_PATIENCE_MS 200u /* longest wait of a client for a server to let go */

MaqLink *maq_link_new(MaqSandbox *sandbox, const LinkRequest *request)
{
	MaqLink *link = g_new0(MaqLink, 1);

	do
		link->id = ++sandbox->last_id;
	while (!link->id || maq_link_find(sandbox, link->id));
	link->sandbox = sandbox;
	link->service = g_strdup(request->service);
	link->label = g_strdup(request->label);
	link->hash = request->hash;
	link->ram = request->ram;
	link->caps = request->caps;
	link->args = g_bytes_new(request->args, request->args_size);
	link->kept = link->server_end = link->client_end = -1;
	g_hash_table_insert(sandbox->links, GUINT_TO_POINTER(link->id), link);
	return link;
}

MaqLink *maq_link_find(MaqSandbox *sandbox, guint32 id)
{
	return g_hash_table_lookup(sandbox->links, GUINT_TO_POINTER(id));
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const MaqLink *one = *(MaqLink *const *)a, *other = *(MaqLink *const *)b;

	return one->id < other->id ? -1 : one->id > other->id;
}

GPtrArray *maq_links_sorted(MaqSandbox *sandbox)
{
	GPtrArray *links = g_ptr_array_new();
	GHashTableIter iter;
	gpointer link;

	g_hash_table_iter_init(&iter, sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &link))
		g_ptr_array_add(links, link);
	g_ptr_array_sort(links, by_id);
	return links;
}

/* ---- donation ---- */

/* What a service of our own gets stays with us. */
static void add_local(const MaqLink *link, guint64 ram, guint32 caps)
{
	MaqSandbox *sandbox = link->sandbox;

	if (link->target.kind != MAQ_TARGET_LOCAL)
		return;
	sandbox->local_ram += ram;
	sandbox->local_caps += caps;
}

static int take_donation(MaqLink *link, MaqChild *payer)
{
	int status = maq_account_donate(&payer->account, link->ram, link->caps);

	if (status != MAQ_OK)
		return status;
	link->payer = payer;
	add_local(link, link->ram, link->caps);
	maq_child_touch(payer);
	maq_link_await_limits(link);
	maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_TAKE, link->id, maq_flow(),
		link->ram);
	return MAQ_OK;
}

static void give_donation(MaqLink *link, MaqChild *server)
{
	link->server = server;
	maq_account_receive(&server->account, link->ram, link->caps);
	maq_child_touch(server);
	maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_GIVE, link->id, maq_flow(),
		link->ram);
}

static void return_donation(MaqLink *link)
{
	if (link->server) {
		maq_account_give_back(&link->server->account, link->ram, link->caps);
		maq_child_touch(link->server);
	}
	if (link->payer) {
		add_local(link, -link->ram, -link->caps);
		maq_account_get_back(&link->payer->account, link->ram, link->caps);
		maq_child_touch(link->payer);
		maq_trace(MAQ_TRACE_QUOTA_TRANSFER, MAQ_TRACE_RETURN, link->id,
			maq_flow(), link->ram);
	}
}

/* Something of this payer's comes back soon. */
static bool has_closing(MaqSandbox *sandbox, const MaqChild *payer)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const MaqLink *link = value;

		if (link->state == LINK_CLOSING && link->payer == payer)
			return true;
	}
	return false;
}

/* ---- the end ---- */

static void tell_closed(MaqCall *call)
{
	if (call)
		maq_parent_close_session_reply(call, MAQ_PARENT_OK);
}

void maq_link_free(MaqLink *link)
{
	MaqSandbox *sandbox = link->sandbox;

	if (link->upgrading)
		maq_link_upgraded(link, MAQ_GONE);
	bool was_closing = link->state == LINK_CLOSING;
	MaqCall *closing = was_closing ? g_steal_pointer(&link->call) : NULL;
	maq_timeout_cancel(link->patience);

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
	if (was_closing)
		maq_sandbox_retry(sandbox);
	maq_sandbox_changed(sandbox);
	tell_closed(closing);
}

static void patience_over(void *data)
{
	MaqLink *link = data;

	link->patience = NULL;
	tell_closed(g_steal_pointer(&link->call));
}

void maq_link_close(MaqLink *link, MaqCall *call)
{
	MaqEnv *env = link->sandbox->env;

	link->state = LINK_CLOSING;
	link->call = call;
	link->patience = maq_loop_at(env->loop,
		env->binding->now() + CLOSE_PATIENCE_MS * 1000000ull, patience_over,
		link);
	env->binding->finish(link->kept);
	maq_sandbox_changed(link->sandbox);
}

/* Who waits for the answer to a link. */
typedef struct {
	MaqSandbox *sandbox;
	MaqChild *client;
	MaqCall *call;
	bool requested;
	MaqOpened done;
	void *data;
	guint32 id, outer;
} Waiter;

static Waiter take_waiter(MaqLink *link)
{
	Waiter waiter = {link->sandbox, link->client, link->call, link->requested,
		link->done, link->done_data, link->id, link->outer};

	link->call = NULL;
	link->done = NULL;
	link->requested = false;
	return waiter;
}

static void push_answer(MaqChild *client, guint32 id, int status, int channel)
{
	MaqAnswer *answer = g_new(MaqAnswer, 1);

	g_assert(client); /* what comes from outside is not a request by number */
	*answer = (MaqAnswer){id, status, channel};
	g_queue_push_tail(&client->answers, answer);
	if (client->peer)
		maq_parent_signal_answers(client->peer);
}

void maq_link_upgraded(MaqLink *link, int status)
{
	MaqCall *call = g_steal_pointer(&link->call);
	bool requested = link->requested;

	link->upgrading = link->requested = false;
	maq_sandbox_changed(link->sandbox);
	if (call)
		maq_parent_upgrade_reply(call, (MaqParentError)status);
	else if (requested)
		push_answer(link->client, link->id, status, -1);
	else if (link->outer)
		maq_sandbox_deliver(link->sandbox, link->outer, status);
}

/* Last of all: what is called may free this link and others. Takes the channel. */
static void answer(Waiter waiter, int status, int channel)
{
	if (waiter.call)
		maq_parent_open_session_reply(
			waiter.call, (MaqParentError)status, waiter.id, channel);
	else if (waiter.requested)
		push_answer(waiter.client, waiter.id, status, channel);
	else if (waiter.done)
		waiter.done(waiter.data, status, channel);
	else
		maq_clear_fd(&channel);
	if (waiter.outer)
		maq_sandbox_deliver(waiter.sandbox, waiter.outer, status);
}

static void ended(void *data, unsigned events)
{
	if (events & (EPOLLHUP | EPOLLERR))
		maq_link_free(data);
}

/* No events asked for: hang-up is always told. */
static void watch_end(MaqLink *link)
{
	if (!link->watch && link->kept >= 0)
		link->watch = maq_loop_watch(
			link->sandbox->env->loop, link->kept, 0, ended, link);
}

void maq_link_answer(MaqLink *link, int status)
{
	int channel = -1;

	if (status == MAQ_OK && link->cycle) {
		link->accepted = true;
		return;
	}
	Waiter waiter = take_waiter(link);

	if (status == MAQ_OK) {
		link->state = link->prepared ? LINK_AVAILABLE : LINK_OPEN;
		if (!link->prepared)
			channel = maq_steal_fd(&link->client_end);
		watch_end(link);
	} else if (link->prepared) {
		link->state = LINK_DENIED;
		return_donation(link);
		link->server = link->payer = NULL;
		maq_clear_fd(&link->kept);
	} else {
		maq_link_free(link);
	}
	maq_sandbox_changed(waiter.sandbox);
	answer(waiter, status, channel);
}

void maq_link_hand_over(MaqLink *link)
{
	link->prepared = link->ours = false;
	if (link->state == LINK_AVAILABLE)
		maq_link_answer(link, MAQ_OK);
	else if (link->state == LINK_DENIED)
		maq_link_answer(link, MAQ_DENIED);
}

static MaqLink *find_of(MaqSandbox *sandbox, const MaqChild *child)
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

/* A server that went before it answered: the request waits for the next one, or is
 * refused by the routes as they are then. */
static void request_again(MaqLink *link)
{
	return_donation(link);
	g_queue_remove(&link->server->requests, link);
	link->server = link->payer = NULL;
	link->cycle = 0;
	link->accepted = false;
	maq_clear_fd(&link->kept);
	maq_clear_fd(&link->client_end);
	if (!link->outer)
		maq_clear_fd(&link->server_end);
	link->state = LINK_WAITING;
	maq_sandbox_retry(link->sandbox);
}

void maq_links_drop(MaqSandbox *sandbox, MaqChild *child)
{
	MaqLink *link;

	while ((link = find_of(sandbox, child))) {
		if (link->upgrading)
			maq_link_upgraded(link, MAQ_GONE);
		bool can_wait =
			link->outer ? link->server_end >= 0 : link->client != NULL;

		if (link->server == child && link->client != child &&
			link->state == LINK_REQUESTED && can_wait) {
			request_again(link);
			continue;
		}
		if (link->state == LINK_CLOSING)
			tell_closed(g_steal_pointer(&link->call));
		Waiter waiter = take_waiter(link);

		if (link->state != LINK_REQUESTED && link->state != LINK_WAITING)
			waiter.outer = 0;
		if (link->client == child)
			waiter.requested = false; /* nobody is left to fetch it */
		maq_link_free(link);
		answer(waiter, MAQ_GONE, -1);
	}
}

/* ---- the beginning ---- */

bool maq_link_keep(MaqLink *link, int end)
{
	link->kept = fcntl(end, F_DUPFD_CLOEXEC, 0);
	return link->kept >= 0;
}

static bool make_channel(MaqLink *link)
{
	int ends[2];

	if (link->sandbox->env->binding->pair(ends))
		return false;
	link->client_end = ends[0];
	link->server_end = ends[1];
	return maq_link_keep(link, ends[0]);
}

static void to_child(MaqLink *link, MaqChild *server)
{
	if (server->requests.length >= QUEUE_MAX) {
		maq_link_answer(link, MAQ_DENIED);
		return;
	}
	if (link->server_end < 0 ? !make_channel(link)
				 : !maq_link_keep(link, link->server_end)) {
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
	unsigned version = maq_interface_version(target->skeleton->interface, link->hash);

	if (!version) {
		maq_link_answer(link, MAQ_UNSUPPORTED);
		return;
	}
	if (!make_channel(link)) {
		maq_link_answer(link, MAQ_FAILED);
		return;
	}
	if (size)
		memcpy(args, bytes, size);
	MaqReader reader = maq_reader(args, 0, size, NULL, 0);
	maq_peer_open(link->sandbox->env, target->skeleton, target->table,
		target->service, target->label, maq_steal_fd(&link->server_end), &reader,
		link->ram, link->caps, link->id, version, &status);
	maq_link_answer(link, status);
}

/* What a client asks for is paid by it; what our parent asks for is paid already. */
static int pay(MaqLink *link)
{
	int status = link->client ? take_donation(link, link->client) : MAQ_OK;

	return status != MAQ_OK && has_closing(link->sandbox, link->client) ? MAQ_BUSY
									    : status;
}

static void find_target(MaqSandbox *sandbox, const MaqLink *link, MaqTarget *target)
{
	const MaqSandboxOps *ops = sandbox->ops;

	*target = (MaqTarget){.kind = MAQ_TARGET_NONE};
	if (link->client)
		ops->route(
			sandbox->owner, link->client, link->service, link->label, target);
	else if (ops->export)
		ops->export(sandbox->owner, link->service, link->label, target);
}

void maq_link_route(MaqLink *link)
{
	find_target(link->sandbox, link, &link->target);
	link->state = LINK_WAITING;
	if (link->target.kind == MAQ_TARGET_WAIT) {
		maq_sandbox_changed(link->sandbox);
		return;
	}
	if (link->target.kind == MAQ_TARGET_NONE) {
		const MaqSandboxOps *ops = link->sandbox->ops;

		if (link->client && ops->no_route)
			ops->no_route(link->sandbox->owner, link->client, link->service,
				link->label);
		maq_link_answer(link, MAQ_DENIED);
		return;
	}
	int status = pay(link);
	if (status == MAQ_BUSY)
		return;
	if (status != MAQ_OK) {
		maq_link_answer(link, status);
		return;
	}
	link->state = LINK_REQUESTED;
	maq_sandbox_changed(link->sandbox);
	if (link->target.kind == MAQ_TARGET_PARENT)
		maq_link_ask_parent(link);
	else if (link->target.kind == MAQ_TARGET_CHILD)
		to_child(link, link->target.child);
	else
		to_local(link, &link->target);
}

/* ---- upgrades ---- */

static void ask_server(MaqLink *link)
{
	MaqChild *server = link->server;

	if (!g_queue_find(&server->requests, link))
		g_queue_push_tail(&server->requests, link);
	if (server->peer)
		maq_parent_signal_requests(server->peer);
}

static void move_more(MaqLink *link, guint64 ram, guint32 caps)
{
	if (link->payer) {
		maq_account_donate(&link->payer->account, ram, caps);
		add_local(link, ram, caps);
		maq_child_touch(link->payer);
	}
	if (link->server) {
		maq_account_receive(&link->server->account, ram, caps);
		maq_child_touch(link->server);
	}
	link->ram += ram;
	link->caps += caps;
	link->more_ram += ram;
	link->more_caps += caps;
}

/* What the server does not know of yet is the client's again. */
static void take_back(MaqLink *link)
{
	guint64 ram = link->more_ram;
	guint32 caps = link->more_caps;

	if (link->payer) {
		maq_account_get_back(&link->payer->account, ram, caps);
		add_local(link, -ram, -caps);
		maq_child_touch(link->payer);
	}
	if (link->server) {
		maq_account_give_back(&link->server->account, ram, caps);
		maq_child_touch(link->server);
	}
	link->ram -= ram;
	link->caps -= caps;
	link->more_ram = link->more_caps = 0;
}

static void parent_upgraded(
	void *data, MaqParentError status, guint32 parent_id, int channel)
{
	g_autofree void **held = data;
	MaqLink *link = maq_link_find(held[0], GPOINTER_TO_UINT(held[1]));

	(void)parent_id;
	maq_clear_fd(&channel);
	if (!link || !link->upgrading)
		return;
	if (status != MAQ_PARENT_OK)
		take_back(link);
	link->more_ram = link->more_caps = 0;
	maq_link_upgraded(link, (int)status);
}

static void tell_upgrade(MaqLink *link)
{
	if (link->server) {
		ask_server(link);
	} else if (link->parent_id) {
		void **data = g_new(void *, 2);

		data[0] = link->sandbox;
		data[1] = GUINT_TO_POINTER(link->id);
		maq_sandbox_settle(link->sandbox);
		maq_env_request_upgrade(link->sandbox->env, link->parent_id,
			link->more_ram, link->more_caps, parent_upgraded, data);
	} else {
		maq_env_upgrade_peer(
			link->sandbox->env, link->id, link->more_ram, link->more_caps);
		link->more_ram = link->more_caps = 0;
		maq_link_upgraded(link, MAQ_OK);
	}
}

void maq_link_upgrade(MaqLink *link, guint64 ram, guint32 caps)
{
	move_more(link, ram, caps);
	link->upgrading = true;
	maq_sandbox_changed(link->sandbox);
	if (link->payer)
		maq_link_await_limits(link);
	if (!link->cycle)
		tell_upgrade(link);
}

void maq_link_limited(MaqLink *link, bool lowered)
{
	bool accepted = link->accepted;

	link->cycle = 0;
	link->accepted = false;
	if (link->upgrading && lowered) {
		tell_upgrade(link);
	} else if (link->upgrading) {
		take_back(link);
		maq_link_upgraded(link, MAQ_OUT_OF_RAM);
	} else if (!lowered && link->state == LINK_REQUESTED) {
		maq_link_answer(link, MAQ_OUT_OF_RAM);
	} else if (accepted) {
		maq_link_answer(link, MAQ_OK);
	}
}

/* ---- a new configuration ---- */

static bool same_target(const MaqTarget *a, const MaqTarget *b)
{
	return a->kind == b->kind && a->child == b->child && a->service == b->service &&
	       !strcmp(a->label, b->label);
}

static MaqRoutes check_link(MaqSandbox *sandbox, const MaqLink *link)
{
	MaqTarget now;

	find_target(sandbox, link, &now);
	if (now.kind == MAQ_TARGET_NONE)
		return MAQ_ROUTES_UNAVAILABLE;
	return same_target(&link->target, &now) ? MAQ_ROUTES_VALID : MAQ_ROUTES_CHANGED;
}

MaqRoutes maq_child_check_routes(MaqChild *child, MaqUnavailable unavailable, void *data)
{
	g_autoptr(GPtrArray) links = maq_links_sorted(child->sandbox);
	MaqRoutes worst = MAQ_ROUTES_VALID;

	for (guint i = 0; i < links->len; i++) {
		const MaqLink *link = links->pdata[i];

		if (link->client != child || link->state == LINK_WAITING ||
			link->state == LINK_CLOSING)
			continue;
		MaqRoutes routes = check_link(child->sandbox, link);
		if (routes == MAQ_ROUTES_UNAVAILABLE)
			unavailable(data, link->service, link->label);
		worst = MAX(worst, routes);
	}
	return worst;
}

void maq_sandbox_check_exports(MaqSandbox *sandbox)
{
	g_autoptr(GPtrArray) links = maq_links_sorted(sandbox);

	for (guint i = 0; i < links->len; i++) {
		MaqLink *link = links->pdata[i];

		if (link->outer && link->state == LINK_OPEN &&
			check_link(sandbox, link) != MAQ_ROUTES_VALID)
			maq_link_free(link);
	}
}

static void retry_now(void *data)
{
	MaqSandbox *sandbox = data;
	g_autoptr(GPtrArray) links = maq_links_sorted(sandbox);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (guint i = 0; i < links->len; i++) {
		const MaqLink *link = links->pdata[i];

		if (link->state == LINK_WAITING)
			g_array_append_val(ids, link->id);
	}
	/* by id: an answer may end others */
	for (guint i = 0; i < ids->len; i++) {
		MaqLink *link = maq_link_find(sandbox, g_array_index(ids, guint32, i));

		if (link && link->state == LINK_WAITING)
			maq_link_route(link);
	}
}

void maq_sandbox_retry(MaqSandbox *sandbox)
{
	maq_loop_undefer(sandbox->env->loop, sandbox);
	maq_loop_defer(sandbox->env->loop, retry_now, sandbox);
}
