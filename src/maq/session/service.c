// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service - what an env provides, and the peers by the identifiers of their requests
 */
#include "env_internal.h"

unsigned maq_interface_version(const MaqInterface *interface, guint64 hash)
{
	for (unsigned v = interface->version; v > 0; v--)
		if (interface->hashes[v - 1] == hash)
			return v;
	return 0;
}

bool maq_service_provide(MaqEnv *env, const MaqSkeleton *skeleton, const void *table,
	void *service, GError **error)
{
	MaqProvided entry = {skeleton, table, service};

	g_array_append_val(env->provided, entry);
	if (!env->parent_ops ||
		env->parent_ops->announce(env, skeleton->interface->service, error))
		return true;
	g_array_set_size(env->provided, env->provided->len - 1);
	return false;
}

bool maq_env_upgrade_peer(MaqEnv *env, guint32 id, guint64 ram, guint32 caps)
{
	for (guint i = 0; i < env->peers->len; i++) {
		MaqPeer *peer = env->peers->pdata[i];

		if (maq_peer_id(peer) != id)
			continue;
		maq_peer_add_quota(peer, ram, caps);
		return true;
	}
	return false;
}
