// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * child - the server of the interface `parent`, for one child
 */
#include "internal.h"

/* ---- as client ---- */

/* The session that was prepared for just this request. */
static MaqLink *find_prepared(
	MaqChild *child, const char *service, const char *label, guint64 hash)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, child->sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		MaqLink *link = value;

		if (link->prepared && link->client == child && link->hash == hash &&
			!strcmp(link->service, service) && !strcmp(link->label, label))
			return link;
	}
	return NULL;
}

static MaqLink *new_request(MaqChild *child, const LinkRequest *request)
{
	MaqLink *link =
		find_prepared(child, request->service, request->label, request->hash);

	if (!link) {
		link = maq_link_new(child->sandbox, request);
		link->client = child;
	}
	return link;
}

static void go(MaqLink *link)
{
	if (link->prepared)
		maq_link_hand_over(link);
	else
		maq_link_route(link);
}

static void open_session(void *self, MaqCall *call, const char *service,
	const char *label, guint64 hash, const void *args, gsize args_size, guint64 ram,
	guint32 caps)
{
	LinkRequest request = {service, label, hash, args, args_size, ram, caps};
	MaqLink *link = new_request(self, &request);

	link->call = call;
	go(link);
}

static MaqParentError request_session(void *self, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps,
	guint32 *id)
{
	MaqChild *child = self;
	LinkRequest request = {service, label, hash, args, args_size, ram, caps};

	if (child->unanswered >= QUEUE_MAX)
		return MAQ_PARENT_BUSY;
	child->unanswered++;
	MaqLink *link = new_request(child, &request);
	link->requested = true;
	*id = link->id;
	go(link);
	return MAQ_PARENT_OK;
}

static MaqParentError next_answer(void *self, guint32 *id, gint32 *status, int *channel)
{
	MaqChild *child = self;
	g_autofree MaqAnswer *answer = g_queue_pop_head(&child->answers);

	if (!answer)
		return MAQ_PARENT_OK;
	child->unanswered--;
	*id = answer->id;
	*status = answer->status;
	*channel = answer->channel;
	return MAQ_PARENT_OK;
}

static MaqLink *own_link(MaqChild *child, guint32 id)
{
	MaqLink *link = maq_link_find(child->sandbox, id);

	return link && link->client == child && link->state == LINK_OPEN && !link->ours &&
			       !link->upgrading
		       ? link
		       : NULL;
}

static void close_session(void *self, MaqCall *call, guint32 id)
{
	MaqLink *link = own_link(self, id);

	if (link)
		maq_link_close(link, call);
	else
		maq_parent_close_session_reply(call, MAQ_PARENT_UNKNOWN);
}

static MaqParentError may_upgrade(
	MaqChild *child, const MaqLink *link, guint64 ram, guint32 caps)
{
	if (!link)
		return MAQ_PARENT_UNKNOWN;
	return (MaqParentError)maq_account_can_spare(&child->account, ram, caps);
}

static void upgrade(void *self, MaqCall *call, guint32 id, guint64 ram, guint32 caps)
{
	MaqLink *link = own_link(self, id);
	MaqParentError status = may_upgrade(self, link, ram, caps);

	if (status != MAQ_PARENT_OK) {
		maq_parent_upgrade_reply(call, status);
		return;
	}
	link->call = call;
	maq_link_upgrade(link, ram, caps);
}

static MaqParentError request_upgrade(void *self, guint32 id, guint64 ram, guint32 caps)
{
	MaqChild *child = self;
	MaqLink *link = own_link(child, id);
	MaqParentError status = may_upgrade(child, link, ram, caps);

	if (status == MAQ_PARENT_OK && child->unanswered >= QUEUE_MAX)
		status = MAQ_PARENT_BUSY;
	if (status != MAQ_PARENT_OK)
		return status;
	child->unanswered++;
	link->requested = true;
	maq_link_upgrade(link, ram, caps);
	return MAQ_PARENT_OK;
}

/* ---- as server ---- */

static bool announced(const MaqChild *child, const char *service)
{
	return g_ptr_array_find_with_equal_func(
		child->announced, service, g_str_equal, NULL);
}

static MaqParentError announce(void *self, const char *service)
{
	MaqChild *child = self;
	MaqSandbox *sandbox = child->sandbox;

	if (!sandbox->ops->may_provide(sandbox->owner, child, service))
		return MAQ_PARENT_NOT_CONFIGURED;
	if (!announced(child, service))
		g_ptr_array_add(child->announced, g_strdup(service));
	if (child->requests.length)
		maq_parent_signal_requests(child->peer);
	return MAQ_PARENT_OK;
}

/* The first request whose service is announced: others wait until it is. */
static MaqLink *take_request(MaqChild *child)
{
	for (GList *l = child->requests.head; l; l = l->next) {
		MaqLink *link = l->data;

		if (!announced(child, link->service))
			continue;
		g_queue_delete_link(&child->requests, l);
		return link;
	}
	return NULL;
}

static MaqParentError next_request(void *self, MaqParentRequestKind *kind, guint32 *id,
	const char **service, const char **label, guint64 *hash, const void **args,
	gsize *args_size, guint64 *ram, guint32 *caps, int *channel)
{
	MaqLink *link = take_request(self);
	bool upgrade = link && link->server_end < 0;

	*service = *label = "";
	*kind = !link     ? MAQ_PARENT_REQUEST_KIND_NONE
		: upgrade ? MAQ_PARENT_REQUEST_KIND_UPGRADE
			  : MAQ_PARENT_REQUEST_KIND_OPEN;
	if (!link)
		return MAQ_PARENT_OK;
	*id = link->id;
	*service = link->service;
	*label = link->target.label;
	*ram = upgrade ? link->more_ram : link->ram;
	*caps = upgrade ? link->more_caps : link->caps;
	link->more_ram = link->more_caps = 0; /* an open request brings all */
	if (upgrade)
		return MAQ_PARENT_OK;
	*hash = link->hash;
	*args = g_bytes_get_data(link->args, args_size);
	*channel = maq_steal_fd(&link->server_end);
	return MAQ_PARENT_OK;
}

static MaqParentError deliver(void *self, guint32 id, gint32 status)
{
	MaqChild *child = self;
	MaqLink *link = maq_link_find(child->sandbox, id);

	if (!link || link->server != child || link->server_end >= 0)
		return MAQ_PARENT_UNKNOWN;
	if (link->upgrading && !link->more_ram && !link->more_caps) {
		maq_link_upgraded(link, MAQ_OK);
		return MAQ_PARENT_OK;
	}
	if (link->state != LINK_REQUESTED)
		return MAQ_PARENT_UNKNOWN;
	maq_link_answer(link, status);
	return MAQ_PARENT_OK;
}

static MaqParentError deliver_next(void *self, guint32 delivered, gint32 status,
	MaqParentRequestKind *kind, guint32 *id, const char **service, const char **label,
	guint64 *hash, const void **args, gsize *args_size, guint64 *ram, guint32 *caps,
	int *channel)
{
	deliver(self, delivered, status); /* its client may have gone */
	return next_request(self, kind, id, service, label, hash, args, args_size, ram,
		caps, channel);
}

/* ---- itself ---- */

static MaqParentError quota(
	void *self, guint64 *ram, guint64 *ram_used, guint32 *caps, guint32 *caps_used)
{
	const MaqAccount *account = &((MaqChild *)self)->account;

	*ram = account->ram;
	*ram_used = account->ram_donated + account->ram_charged;
	*caps = account->caps;
	*caps_used = account->caps_donated + account->caps_charged;
	return MAQ_PARENT_OK;
}

static MaqParentError assigned(void *self, guint64 *ram, guint32 *caps)
{
	const MaqAccount *account = &((MaqChild *)self)->account;

	*ram = account->ram - account->ram_received;
	*caps = account->caps - account->caps_received;
	return MAQ_PARENT_OK;
}

static MaqParentError charge(void *self, guint64 ram, guint32 caps)
{
	MaqChild *child = self;
	int status = maq_account_charge(&child->account, ram, caps);

	maq_sandbox_changed(child->sandbox);
	return (MaqParentError)status;
}

static MaqParentError refund(void *self, guint64 ram, guint32 caps)
{
	MaqChild *child = self;

	if (!maq_account_refund(&child->account, ram, caps))
		return MAQ_PARENT_EXCESS;
	maq_sandbox_changed(child->sandbox);
	return MAQ_PARENT_OK;
}

static MaqParentError yield_request(void *self, guint64 *ram, guint32 *caps)
{
	const MaqChild *child = self;

	*ram = child->wanted_ram;
	*caps = child->wanted_caps;
	return MAQ_PARENT_OK;
}

static MaqParentError request_resources(void *self, guint64 ram, guint32 caps)
{
	MaqChild *child = self;
	MaqSandbox *sandbox = child->sandbox;

	if (sandbox->ops->wants)
		sandbox->ops->wants(sandbox->owner, child, ram, caps);
	return MAQ_PARENT_OK;
}

static MaqParentError child_exit(void *self, gint32 code)
{
	MaqChild *child = self;

	child->sandbox->ops->exited(child->sandbox->owner, child, code);
	return MAQ_PARENT_OK;
}

static void alive(void *self)
{
	((MaqChild *)self)->heartbeats = 0;
}

static void yielded(void *self)
{
	MaqSandbox *sandbox = ((MaqChild *)self)->sandbox;

	if (sandbox->ops->yielded)
		sandbox->ops->yielded(sandbox->owner, self);
}

static MaqStatus child_open(void *service, MaqPeer *peer, void **client)
{
	((MaqChild *)service)->peer = peer;
	*client = service;
	return MAQ_OK;
}

static void child_close(void *self)
{
	((MaqChild *)self)->peer = NULL;
}

static const MaqParentService parent_service = {
	.ops =
		{
			.open_session = open_session,
			.request_session = request_session,
			.next_answer = next_answer,
			.close_session = close_session,
			.upgrade = upgrade,
			.request_upgrade = request_upgrade,
			.announce = announce,
			.next_request = next_request,
			.deliver = deliver,
			.deliver_next = deliver_next,
			.quota = quota,
			.assigned = assigned,
			.request_resources = request_resources,
			.exit = child_exit,
			.charge = charge,
			.refund = refund,
			.yield_request = yield_request,
			.alive = alive,
			.yielded = yielded,
		},
	.open = child_open,
	.close = child_close,
};

MaqChild *maq_child_new(MaqSandbox *sandbox, const char *name, guint64 ram, guint32 caps,
	void *data, int *channel)
{
	int ends[2];
	int failed = sandbox->env->binding->pair(ends);

	if (failed) {
		g_warning("%s: %s", name, g_strerror(-failed));
		return NULL;
	}
	MaqChild *child = g_new0(MaqChild, 1);
	child->sandbox = sandbox;
	child->name = g_strdup(name);
	child->data = data;
	child->account.ram = ram;
	child->account.caps = caps;
	child->announced = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(sandbox->children, child);
	maq_parent_serve(sandbox->env, &parent_service, child, name, ends[1]);
	*channel = ends[0];
	return child;
}

static void answer_free(gpointer data)
{
	MaqAnswer *answer = data;

	maq_clear_fd(&answer->channel);
	g_free(answer);
}

void maq_child_free(MaqChild *child)
{
	if (!child)
		return;
	maq_links_drop(child->sandbox, child);
	maq_limits_forget(child);
	if (child->peer)
		maq_peer_close(child->peer);
	g_ptr_array_remove_fast(child->sandbox->children, child);
	g_ptr_array_unref(child->announced);
	g_queue_clear(&child->requests);
	g_queue_clear_full(&child->answers, answer_free);
	g_free(child->name);
	g_free(child);
}

const char *maq_child_name(const MaqChild *child)
{
	return child->name;
}

void *maq_child_data(const MaqChild *child)
{
	return child->data;
}

const MaqAccount *maq_child_account(const MaqChild *child)
{
	return &child->account;
}

void maq_child_signal_resources(MaqChild *child)
{
	if (child->peer)
		maq_parent_signal_resources(child->peer);
}

void maq_child_signal_heartbeat(MaqChild *child)
{
	child->heartbeats++;
	if (child->peer)
		maq_parent_signal_heartbeat(child->peer);
}

unsigned maq_child_skipped_heartbeats(const MaqChild *child)
{
	return child->heartbeats > 1 ? child->heartbeats - 1 : 0;
}

void maq_child_yield(MaqChild *child, guint64 ram, guint32 caps)
{
	child->wanted_ram = ram;
	child->wanted_caps = caps;
	if (child->peer)
		maq_parent_signal_yield(child->peer);
}
