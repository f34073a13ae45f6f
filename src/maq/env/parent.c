// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parent.h"

#include <maq/component.h>

#define DONATION_RETRIES 4 /* doublings of the donation before a refusal is believed */

/* ---- as client ---- */

static void refuse(GError **error, const char *service, const char *label, int status)
{
	g_set_error(error, MAQ_ERROR, status, "session %s \"%s\" was not opened: %s",
		service, label, maq_status_text(status));
}

static bool parent_open(MaqEnv *env, const MaqInterface *interface, const char *label,
	const void *args, gsize args_size, int *channel, guint32 *id, GError **error)
{
	MaqEnvParent *parent = env->parent;
	guint64 hash = interface->hashes[interface->version - 1];
	guint64 ram = interface->ram;
	guint32 caps = interface->caps;
	int status = MAQ_FAILED;

	for (unsigned i = 0; i < DONATION_RETRIES; i++) {
		status = (int)maq_parent_open_session(parent->session, interface->service,
			label, hash, args, args_size, ram, caps, id, channel);
		if (status == MAQ_OUT_OF_RAM)
			ram = MAX(ram * 2, 4096);
		else if (status == MAQ_OUT_OF_CAPS)
			caps = MAX(caps * 2, 1);
		else
			break;
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

static bool knows_hash(const MaqInterface *interface, guint64 hash)
{
	for (unsigned v = 0; v < interface->version; v++)
		if (interface->hashes[v] == hash)
			return true;
	return false;
}

typedef struct {
	guint32 id;
	const char *service, *label;
	guint64 hash;
	const void *args;
	gsize args_size;
	guint64 ram;
	guint32 caps;
} Request;

/* Takes the channel. */
static int serve_open(MaqEnv *env, const Request *request, int channel)
{
	const MaqProvided *entry = find_provided(env, request->service);
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];
	int status = MAQ_OK;

	if (!entry || !knows_hash(entry->skeleton->interface, request->hash)) {
		if (entry)
			g_warning("'%s' speaks another version of %s", request->label,
				request->service);
		maq_clear_fd(&channel);
		return MAQ_DENIED;
	}
	/* what the request points to is overwritten by calls that open may make */
	memcpy(args, request->args, request->args_size);
	g_autofree char *label = g_strdup(request->label);
	MaqReader reader = maq_reader(args, 0, request->args_size, NULL, 0);
	maq_peer_open(env, entry->skeleton, entry->table, entry->service, label, channel,
		&reader, request->ram, request->caps, request->id, &status);
	return status;
}

static void serve_requests(void *data)
{
	MaqEnv *env = data;
	MaqEnvParent *parent = env->parent;

	for (;;) {
		Request r = {0};
		MaqParentRequestKind kind;
		int channel = -1;

		if (maq_parent_next_request(parent->session, &kind, &r.id, &r.service,
			    &r.label, &r.hash, &r.args, &r.args_size, &r.ram, &r.caps,
			    &channel) != MAQ_PARENT_OK ||
			kind == MAQ_PARENT_REQUEST_KIND_NONE)
			return;
		if (kind == MAQ_PARENT_REQUEST_KIND_UPGRADE) {
			maq_clear_fd(&channel);
			maq_env_upgrade_peer(env, r.id, r.ram, r.caps);
			continue;
		}
		int status = serve_open(env, &r, channel);
		maq_parent_deliver(parent->session, r.id, MIN(status, 0));
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

static const MaqUpwardOps parent_ops = {parent_open, parent_close, parent_announce};

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
	env->parent = parent;
	env->parent_ops = &parent_ops;
	maq_parent_on_requests(parent->session, serve_requests, env);
	maq_parent_on_heartbeat(parent->session, heartbeat, env);
	maq_parent_on_resources(parent->session, resources, env);
	maq_parent_on_yield(parent->session, yield, env);
	maq_session_on_lost(maq_parent_session(parent->session), lost, env);
}

/* ---- resources ---- */

bool maq_quota(MaqEnv *env, MaqQuota *quota)
{
	MaqEnvParent *parent = env->parent;

	return maq_parent_quota(parent->session, &quota->ram, &quota->ram_used,
		       &quota->caps, &quota->caps_used) == MAQ_PARENT_OK;
}

void maq_request_resources(MaqEnv *env, guint64 ram, guint32 caps)
{
	MaqEnvParent *parent = env->parent;

	maq_parent_request_resources(parent->session, ram, caps);
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

void maq_exit(MaqEnv *env, int code)
{
	MaqEnvParent *parent = env->parent;

	maq_parent_exit(parent->session, code);
	maq_loop_quit(env->loop, code);
}
