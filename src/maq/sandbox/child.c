// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * child - the server of the interface `parent`, for one child
 */
#include "internal.h"

/* ---- as client ---- */

static void open_session(void *self, MaqCall *call, const char *service,
	const char *label, guint64 hash, const void *args, gsize args_size, guint64 ram,
	guint32 caps)
{
	MaqChild *child = self;
	MaqLink *link = maq_link_new(
		child->sandbox, service, label, hash, args, args_size, ram, caps);

	link->client = child;
	link->call = call;
	maq_link_route(link, child);
}

static MaqLink *own_link(MaqChild *child, guint32 id)
{
	MaqLink *link = g_hash_table_lookup(child->sandbox->links, GUINT_TO_POINTER(id));

	return link && link->client == child && link->open ? link : NULL;
}

static MaqParentError close_session(void *self, guint32 id)
{
	MaqLink *link = own_link(self, id);

	if (!link)
		return MAQ_PARENT_UNKNOWN;
	maq_link_free(link);
	return MAQ_PARENT_OK;
}

static MaqParentError upgrade(void *self, guint32 id, guint64 ram, guint32 caps)
{
	MaqChild *child = self;
	MaqLink *link = own_link(child, id);

	if (!link)
		return MAQ_PARENT_UNKNOWN;
	if (ram > child->account.ram - child->account.ram_used)
		return MAQ_PARENT_OUT_OF_RAM;
	if (caps > child->account.caps - child->account.caps_used)
		return MAQ_PARENT_OUT_OF_CAPS;
	child->account.ram_used += ram;
	child->account.caps_used += caps;
	link->ram += ram;
	link->caps += caps;
	if (link->server) {
		link->server->account.ram += ram;
		link->server->account.caps += caps;
	}
	return MAQ_PARENT_OK;
}

/* ---- as server ---- */

static MaqParentError announce(void *self, const char *service)
{
	MaqChild *child = self;
	MaqSandbox *sandbox = child->sandbox;

	if (!sandbox->ops->may_provide(sandbox->owner, child, service))
		return MAQ_PARENT_NOT_CONFIGURED;
	if (!maq_child_announced(child, service))
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

		if (!maq_child_announced(child, link->service))
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

	*service = *label = "";
	*kind = link ? MAQ_PARENT_REQUEST_KIND_OPEN : MAQ_PARENT_REQUEST_KIND_NONE;
	if (!link)
		return MAQ_PARENT_OK;
	*id = link->id;
	*service = link->service;
	*label = link->label;
	*hash = link->hash;
	*args = g_bytes_get_data(link->args, args_size);
	*ram = link->ram;
	*caps = link->caps;
	*channel = maq_steal_fd(&link->server_end);
	return MAQ_PARENT_OK;
}

static MaqParentError deliver(void *self, guint32 id, gint32 status)
{
	MaqChild *child = self;
	MaqLink *link = g_hash_table_lookup(child->sandbox->links, GUINT_TO_POINTER(id));

	if (!link || link->server != child || link->open || link->server_end >= 0)
		return MAQ_PARENT_UNKNOWN;
	maq_link_answer(link, status);
	return MAQ_PARENT_OK;
}

/* ---- itself ---- */

static MaqParentError quota(
	void *self, guint64 *ram, guint64 *ram_used, guint32 *caps, guint32 *caps_used)
{
	const MaqAccount *account = &((MaqChild *)self)->account;

	*ram = account->ram;
	*ram_used = account->ram_used;
	*caps = account->caps;
	*caps_used = account->caps_used;
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
			.close_session = close_session,
			.upgrade = upgrade,
			.announce = announce,
			.next_request = next_request,
			.deliver = deliver,
			.quota = quota,
			.request_resources = request_resources,
			.exit = child_exit,
			.alive = alive,
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

void maq_child_free(MaqChild *child)
{
	if (!child)
		return;
	maq_links_drop(child->sandbox, child);
	if (child->peer)
		maq_peer_close(child->peer);
	g_ptr_array_remove_fast(child->sandbox->children, child);
	g_ptr_array_unref(child->announced);
	g_queue_clear(&child->requests);
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

bool maq_child_announced(const MaqChild *child, const char *service)
{
	return g_ptr_array_find_with_equal_func(
		child->announced, service, g_str_equal, NULL);
}

bool maq_child_transfer(MaqChild *child, gint64 ram, gint64 caps)
{
	MaqAccount *account = &child->account;
	gint64 ram_left = (gint64)(account->ram - account->ram_used) + ram;
	gint64 caps_left = (gint64)account->caps - account->caps_used + caps;

	if (ram_left < 0 || caps_left < 0)
		return false;
	account->ram = (guint64)((gint64)account->ram + ram);
	account->caps = (guint32)((gint64)account->caps + caps);
	if (child->peer && (ram > 0 || caps > 0))
		maq_parent_signal_resources(child->peer);
	return true;
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

void maq_child_signal_yield(MaqChild *child)
{
	if (child->peer)
		maq_parent_signal_yield(child->peer);
}

/* ---- requests on behalf of a child, or from our own parent ---- */

void maq_child_open_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data)
{
	MaqLink *link = maq_link_new(child->sandbox, interface->service, label,
		interface->hashes[interface->version - 1], NULL, 0, 0, 0);

	link->done = done;
	link->done_data = data;
	maq_link_route(link, child);
}

void maq_child_serve(MaqChild *child, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps,
	int channel, MaqOpened done, void *data)
{
	MaqLink *link = maq_link_new(
		child->sandbox, service, label, hash, args, args_size, ram, caps);

	link->server_end = channel;
	link->done = done;
	link->done_data = data;
	maq_link_to_child(link, child);
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
	return sandbox;
}

void maq_sandbox_free(MaqSandbox *sandbox)
{
	if (!sandbox)
		return;
	while (sandbox->children->len)
		maq_child_free(sandbox->children->pdata[sandbox->children->len - 1]);
	g_ptr_array_unref(sandbox->children);
	g_hash_table_unref(sandbox->links);
	g_free(sandbox);
}

void maq_sandbox_sessions(MaqSandbox *sandbox, MaqSessionVisit visit, void *data)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, sandbox->links);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const MaqLink *link = value;

		visit(data, link->service, link->label, link->client, link->server,
			link->open);
	}
}
