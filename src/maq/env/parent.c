// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parent.h"

#include <maq/component.h>

#include <fcntl.h>
#include <unistd.h>

#define LATER_NS 1000000u

/* ---- as client ---- */

static void refuse(GError **error, const char *service, const char *label, int status)
{
	g_set_error(error, MAQ_ERROR, status, "session %s \"%s\" was not opened: %s",
		service, label, maq_status_text(status));
}

/* Donates more if the server says that it is too little. */
static int open_version(MaqEnvParent *parent, const MaqInterface *interface,
	const char *label, const void *args, gsize args_size, unsigned version,
	int *channel, guint32 *id)
{
	guint64 hash = interface->hashes[version - 1];
	guint64 ram = interface->ram;
	guint32 caps = interface->caps;
	int status = MAQ_FAILED;

	for (unsigned i = 0; i < MAQ_DONATION_RAISES; i++) {
		status = (int)maq_parent_open_session(parent->session, interface->service,
			label, hash, args, args_size, ram, caps, id, channel);
		if (status == MAQ_OUT_OF_RAM)
			ram = MAX(ram * 2, 4096);
		else if (status == MAQ_OUT_OF_CAPS)
			caps = MAX(caps * 2, 1);
		else
			break;
	}
	return status;
}

/* Asks for the newest version; a server that is older knows one of those before. */
static bool parent_open(MaqEnv *env, const MaqInterface *interface, const char *label,
	const void *args, gsize args_size, int *channel, guint32 *id, unsigned *version,
	GError **error)
{
	int status = MAQ_UNSUPPORTED;

	for (unsigned v = interface->version; status == MAQ_UNSUPPORTED && v > 0; v--) {
		if (interface->args_size)
			args_size = interface->args_size(args, args_size, v);
		status = open_version(
			env->parent, interface, label, args, args_size, v, channel, id);
		*version = v;
	}
	if (status != MAQ_OK)
		refuse(error, interface->service, label, status);
	return status == MAQ_OK;
}

static void parent_close(MaqEnv *env, guint32 id)
{
	MaqEnvParent *parent = env->parent;

	if (parent && !maq_session_lost(maq_parent_session(parent->session)))
		maq_parent_close_session(parent->session, id);
}

/* ---- as client that does not wait ---- */

typedef struct {
	MaqEnvParent *parent; /* borrowed */
	guint32 id;           /* of an upgrade */
	MaqAsked asked;       /* NULL */
	MaqOpenDone done;
	void *data;
} Waiting;

static void requested(void *data, MaqParentError status, guint32 id)
{
	Waiting *waiting = data;

	if (waiting->asked)
		waiting->asked(waiting->data);
	if (status == MAQ_PARENT_OK) {
		g_hash_table_insert(
			waiting->parent->requests, GUINT_TO_POINTER(id), waiting);
		return;
	}
	waiting->done(waiting->data, status, 0, -1);
	g_free(waiting);
}

void maq_env_request(MaqEnv *env, const MaqRequest *request, MaqAsked asked,
	MaqOpenDone done, void *data)
{
	Waiting *waiting = g_new(Waiting, 1);

	*waiting = (Waiting){env->parent, 0, asked, done, data};
	maq_parent_request_session_async(maq_env_parent(env), request->service,
		request->label, request->hash, request->args, request->args_size,
		request->ram, request->caps, requested, waiting);
}

static void upgrade_requested(void *data, MaqParentError status)
{
	requested(data, status, ((Waiting *)data)->id);
}

void maq_env_request_upgrade(
	MaqEnv *env, guint32 id, guint64 ram, guint32 caps, MaqOpenDone done, void *data)
{
	Waiting *waiting = g_new(Waiting, 1);

	*waiting = (Waiting){env->parent, id, NULL, done, data};
	maq_parent_request_upgrade_async(
		maq_env_parent(env), id, ram, caps, upgrade_requested, waiting);
}

static void fetch_answer(void *data);

static void got_answer(
	void *data, MaqParentError status, guint32 id, gint32 outcome, int channel)
{
	MaqEnv *env = data;
	MaqEnvParent *parent = env->parent;
	gpointer key = GUINT_TO_POINTER(id);

	if (status == MAQ_PARENT_BUSY) /* our own line of calls is full */
		maq_loop_at(env->loop, env->binding->now() + LATER_NS, fetch_answer, env);
	if (status != MAQ_PARENT_OK || !id)
		return;
	g_autofree Waiting *waiting = g_hash_table_lookup(parent->requests, key);
	g_hash_table_remove(parent->requests, key);
	if (waiting)
		waiting->done(waiting->data, (MaqParentError)outcome, id, channel);
	else
		maq_clear_fd(&channel);
	fetch_answer(env);
}

static void fetch_answer(void *data)
{
	maq_parent_next_answer_async(maq_env_parent(data), got_answer, data);
}

/* ---- as server ---- */

static const MaqProvided *find_provided(MaqEnv *env, const char *service)
{
	for (guint i = 0; i < env->provided->len; i++) {
		const MaqProvided *entry = &g_array_index(env->provided, MaqProvided, i);

		if (!strcmp(entry->skeleton->interface->service, service))
			return entry;
	}
	return NULL;
}

/* Takes the channel. */
static int serve_open(
	MaqEnv *env, const MaqProvided *entry, const MaqRequest *request, int channel)
{
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];
	int status = MAQ_OK;
	unsigned version =
		entry ? maq_interface_version(entry->skeleton->interface, request->hash)
		      : 0;

	if (!version) { /* the client may know an older version */
		maq_clear_fd(&channel);
		return entry ? MAQ_UNSUPPORTED : MAQ_DENIED;
	}
	/* what the request points to is overwritten by calls that open may make */
	memcpy(args, request->args, request->args_size);
	g_autofree char *label = g_strdup(request->label);
	MaqReader reader = maq_reader(args, 0, request->args_size, NULL, 0);
	maq_peer_open(env, entry->skeleton, entry->table, entry->service, label, channel,
		&reader, request->ram, request->caps, request->id, version, &status);
	return status;
}

/* What serving has come to: nothing if it is answered later, by maq_parent_deliver(). */
typedef struct {
	bool answered;
	int status;
} Served;

static Served serve_upgrade(MaqEnv *env, const MaqRequest *request)
{
	MaqEnvParent *parent = env->parent;

	if (maq_env_upgrade_peer(env, request->id, request->ram, request->caps) ||
		!parent->forward)
		return (Served){true, MAQ_OK};
	parent->forward->upgrade(
		parent->forward_data, request->id, request->ram, request->caps);
	return (Served){false, 0};
}

/* Takes the channel. */
static Served serve_request(
	MaqEnv *env, MaqParentRequestKind kind, const MaqRequest *request, int channel)
{
	MaqEnvParent *parent = env->parent;
	const MaqProvided *entry = find_provided(env, request->service);

	if (kind == MAQ_PARENT_REQUEST_KIND_UPGRADE) {
		maq_clear_fd(&channel);
		return serve_upgrade(env, request);
	}
	if (!entry && parent->forward) {
		parent->forward->open(parent->forward_data, request, channel);
		return (Served){false, 0};
	}
	return (Served){true, MIN(serve_open(env, entry, request, channel), 0)};
}

static int keep_room(void)
{
	return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
}

/* The answer to one request and the next request are one call. A channel that did not
 * find room here would be lost, and its client wait forever: so some is kept free. */
static MaqParentError next_request(MaqEnvParent *parent, Served served,
	MaqParentRequestKind *kind, MaqRequest *r, int *channel)
{
	MaqParent *session = parent->session;
	guint32 delivered = r->id;
	MaqParentError error;

	*r = (MaqRequest){0};
	maq_clear_fd(&parent->room);
	if (served.answered)
		error = maq_parent_deliver_next(session, delivered, served.status, kind,
			&r->id, &r->service, &r->label, &r->hash, &r->args, &r->args_size,
			&r->ram, &r->caps, channel);
	else
		error = maq_parent_next_request(session, kind, &r->id, &r->service,
			&r->label, &r->hash, &r->args, &r->args_size, &r->ram, &r->caps,
			channel);
	parent->room = keep_room();
	return error;
}

static void serve_requests(void *data)
{
	MaqEnv *env = data;
	MaqEnvParent *parent = env->parent;
	MaqRequest request = {0};
	Served served = {false, 0};

	for (;;) {
		MaqParentRequestKind kind;
		int channel = -1;

		if (next_request(parent, served, &kind, &request, &channel) !=
				MAQ_PARENT_OK ||
			kind == MAQ_PARENT_REQUEST_KIND_NONE)
			return;
		if (channel >= 0 && parent->room < 0) {
			maq_clear_fd(&channel);
			served = (Served){true, MAQ_OUT_OF_CAPS};
		} else {
			served = serve_request(env, kind, &request, channel);
		}
	}
}

static bool parent_announce(MaqEnv *env, const char *service, GError **error)
{
	MaqEnvParent *parent = env->parent;
	MaqParentError status = maq_parent_announce(parent->session, service);

	if (status == MAQ_PARENT_OK)
		return true;
	g_set_error(error, MAQ_ERROR, MAQ_DENIED,
		status == MAQ_PARENT_NOT_CONFIGURED
			? "the configuration has no \"+ service %s\" under \"+ "
			  "provides\" for this component"
			: "cannot announce %s",
		service);
	return false;
}

static int parent_upgrade(MaqEnv *env, guint32 id, guint64 ram, guint32 caps)
{
	return (int)maq_parent_upgrade(maq_env_parent(env), id, ram, caps);
}

static const MaqUpwardOps parent_ops = {
	parent_open, parent_close, parent_announce, parent_upgrade};

/* ---- signals of the parent ---- */

static void heartbeat(void *data)
{
	MaqEnv *env = data;
	MaqEnvParent *parent = env->parent;

	maq_parent_signal_alive(parent->session);
}

static void resources(void *data)
{
	MaqEnvParent *parent = ((MaqEnv *)data)->parent;

	if (parent->resources)
		parent->resources(parent->resources_data);
}

static void yield(void *data)
{
	MaqEnvParent *parent = ((MaqEnv *)data)->parent;

	if (parent->yield)
		parent->yield(parent->yield_data);
}

static void lost(void *data)
{
	maq_loop_quit(((MaqEnv *)data)->loop, 1);
}

void maq_env_connect(MaqEnv *env, int channel)
{
	MaqEnvParent *parent = g_new0(MaqEnvParent, 1);

	parent->session = maq_parent_attach(env, channel);
	parent->requests = g_hash_table_new_full(NULL, NULL, NULL, NULL);
	parent->openings = maq_openings_new();
	parent->room = keep_room();
	env->parent = parent;
	env->parent_ops = &parent_ops;
	maq_parent_on_requests(parent->session, serve_requests, env);
	maq_parent_on_answers(parent->session, fetch_answer, env);
	maq_parent_on_heartbeat(parent->session, heartbeat, env);
	maq_parent_on_resources(parent->session, resources, env);
	maq_parent_on_yield(parent->session, yield, env);
	maq_session_on_lost(maq_parent_session(parent->session), lost, env);
}

void maq_env_parent_free(MaqEnvParent *parent)
{
	GHashTableIter iter;
	gpointer waiting;

	g_hash_table_iter_init(&iter, parent->requests);
	while (g_hash_table_iter_next(&iter, NULL, &waiting))
		g_free(waiting);
	g_hash_table_unref(parent->requests);
	g_ptr_array_unref(parent->openings);
	maq_clear_fd(&parent->room);
	g_free(parent);
}

/* ---- resources ---- */

bool maq_quota(MaqEnv *env, MaqQuota *quota)
{
	MaqEnvParent *parent = env->parent;

	return maq_parent_quota(parent->session, &quota->ram, &quota->ram_used,
		       &quota->caps, &quota->caps_used) == MAQ_PARENT_OK;
}

bool maq_assigned(MaqEnv *env, guint64 *ram, guint32 *caps)
{
	return maq_parent_assigned(maq_env_parent(env), ram, caps) == MAQ_PARENT_OK;
}

void maq_assigned_async(MaqEnv *env, MaqParentAssignedDone done, void *data)
{
	maq_parent_assigned_async(maq_env_parent(env), done, data);
}

static void ignore_outcome(void *data, MaqParentError status)
{
	(void)data;
	(void)status; /* the signal resources tells */
}

void maq_request_resources(MaqEnv *env, guint64 ram, guint32 caps)
{
	maq_parent_request_resources_async(
		maq_env_parent(env), ram, caps, ignore_outcome, NULL);
}

void maq_on_resources(MaqEnv *env, MaqHandler handler, void *data)
{
	MaqEnvParent *parent = env->parent;

	parent->resources = handler;
	parent->resources_data = data;
}

void maq_on_yield(MaqEnv *env, MaqHandler handler, void *data)
{
	MaqEnvParent *parent = env->parent;

	parent->yield = handler;
	parent->yield_data = data;
}

bool maq_charge(MaqEnv *env, guint64 ram, guint32 caps)
{
	return maq_parent_charge(maq_env_parent(env), ram, caps) == MAQ_PARENT_OK;
}

void maq_refund(MaqEnv *env, guint64 ram, guint32 caps)
{
	if (maq_parent_refund(maq_env_parent(env), ram, caps) == MAQ_PARENT_EXCESS)
		g_critical("more is given back than was charged");
}

void maq_yield_request(MaqEnv *env, guint64 *ram, guint32 *caps)
{
	if (maq_parent_yield_request(maq_env_parent(env), ram, caps) != MAQ_PARENT_OK)
		*ram = *caps = 0;
}

void maq_yielded(MaqEnv *env)
{
	maq_parent_signal_yielded(maq_env_parent(env));
}

int maq_upgrade(MaqEnv *env, const MaqSession *session, guint64 ram, guint32 caps)
{
	return parent_upgrade(env, maq_session_id(session), ram, caps);
}

typedef struct {
	MaqUpgradeDone done;
	void *data; /* borrowed */
} Upgrade;

static void upgraded(void *data, MaqParentError status, guint32 id, int channel)
{
	g_autofree Upgrade *upgrade = data;

	(void)id;
	maq_clear_fd(&channel);
	upgrade->done(upgrade->data, (int)status);
}

void maq_upgrade_async(MaqEnv *env, const MaqSession *session, guint64 ram, guint32 caps,
	MaqUpgradeDone done, void *data)
{
	Upgrade *upgrade = g_new(Upgrade, 1);

	*upgrade = (Upgrade){done, data};
	maq_env_request_upgrade(
		env, maq_session_id(session), ram, caps, upgraded, upgrade);
}

void maq_env_end_upgrades(MaqEnvParent *parent)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, parent->requests);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		g_autofree Waiting *waiting = value;

		if (waiting->done == upgraded) {
			g_hash_table_iter_remove(&iter);
			waiting->done(waiting->data, (MaqParentError)MAQ_GONE, 0, -1);
		} else {
			waiting = NULL; /* its opening is the env's */
		}
	}
}

void maq_exit(MaqEnv *env, int code)
{
	MaqEnvParent *parent = env->parent;

	maq_parent_exit(parent->session, code);
	maq_loop_quit(env->loop, code);
}
