// SPDX-License-Identifier: GPL-2.0-or-later
#include "access.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define PATIENCE     (120 * G_USEC_PER_SEC) /* people type passwords before they are sent */
#define UNKNOWN_USER 65534u /* what the kernel says of one from another namespace */

typedef union {
	struct sockaddr any;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
	struct sockaddr_un local;
} Address;

/* The text of a node's quoted lines; NULL: there is none. Owned by the caller. */
static char *find_text(const MaqHidNode *node, const char *type)
{
	return maq_hid_quoted(maq_hid_first(node, type));
}

static void take_policy(Access *access, const MaqHidNode *config)
{
	const char *none = maq_hid_string(config, "none", "local");

	access->none = !strcmp(none, "anywhere") ? NONE_ANYWHERE
		       : !strcmp(none, "never")  ? NONE_NEVER
						 : NONE_LOCAL;
	access->encrypt = maq_hid_bool(config, "encrypt", false);
	access->view_only = maq_hid_bool(config, "view_only", false);
}

static MaqHidDocument *parse(const char *path, GBytes *file, GError **error)
{
	gsize size = 0;
	const char *text = file ? g_bytes_get_data(file, &size) : NULL;

	if (!path)
		return NULL;
	return file ? maq_hid_parse(
			      text ? text : "", (gssize)size, path, MAQ_HID_STRICT, error)
		    : maq_hid_load(path, MAQ_HID_STRICT, error);
}

Access *access_new(const MaqHidNode *config, GBytes *bytes, GError **error)
{
	const char *path = maq_hid_attr(config, "access");
	g_autoptr(MaqHidDocument) file = parse(path, bytes, error);
	const MaqHidNode *nodes[] = {config, file ? maq_hid_root(file) : NULL};
	g_autofree char *certificate = find_text(nodes[1], "certificate");
	g_autofree char *key = find_text(nodes[1], "key");

	if (path && !file)
		return NULL;
	Access *access = g_new0(Access, 1);
	access->references = 1;
	access->patience = PATIENCE;
	take_policy(access, config);
	access->accounts = accounts_new(nodes, G_N_ELEMENTS(nodes), error);
	if (access->accounts)
		access->tls = tls_new(certificate, key, error);
	if (key)
		explicit_bzero(key, strlen(key));
	if (!access->tls) {
		access_unref(access);
		return NULL;
	}
	return access;
}

Access *access_ref(Access *access)
{
	g_atomic_int_inc(&access->references);
	return access;
}

void access_unref(Access *access)
{
	if (!access || !g_atomic_int_dec_and_test(&access->references))
		return;
	accounts_free(access->accounts);
	tls_free(access->tls);
	g_free(access);
}

/* ---- who it is ---- */

static bool is_loopback(const Address *at)
{
	if (at->any.sa_family == AF_INET)
		return ntohl(at->ip4.sin_addr.s_addr) >> 24 == 127;
	if (at->any.sa_family != AF_INET6)
		return at->any.sa_family == AF_UNIX;
	return IN6_IS_ADDR_LOOPBACK(&at->ip6.sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&at->ip6.sin6_addr) &&
		       at->ip6.sin6_addr.s6_addr[12] == 127);
}

static void name_ip6(const struct in6_addr *address, Peer *peer)
{
	struct in6_addr network = *address;

	if (IN6_IS_ADDR_V4MAPPED(address)) {
		inet_ntop(AF_INET, &address->s6_addr[12], peer->text, sizeof peer->text);
		g_strlcpy(peer->key, peer->text, sizeof peer->key);
		return;
	}
	inet_ntop(AF_INET6, address, peer->text, sizeof peer->text);
	memset(&network.s6_addr[8], 0, 8);
	inet_ntop(AF_INET6, &network, peer->key, sizeof peer->key);
}

/* A confined driver knows only the users of its own namespace: user_namespaces(7). */
static void name_user(int socket, Peer *peer)
{
	struct ucred who = {0};
	socklen_t size = sizeof who;

	g_strlcpy(peer->text, "a unix socket", sizeof peer->text);
	if (!getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) &&
		who.uid != UNKNOWN_USER)
		g_snprintf(peer->text, sizeof peer->text, "user %u", who.uid);
	g_strlcpy(peer->key, peer->text, sizeof peer->key);
}

void access_peer(int socket, Peer *peer)
{
	Address at = {0}, here = {0};
	socklen_t size = sizeof at, here_size = sizeof here;

	*peer = (Peer){.text = "nowhere", .key = "nowhere"};
	if (getpeername(socket, &at.any, &size) ||
		getsockname(socket, &here.any, &here_size))
		return;
	if (at.any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &at.ip4.sin_addr, peer->text, sizeof peer->text);
		g_strlcpy(peer->key, peer->text, sizeof peer->key);
	} else if (at.any.sa_family == AF_INET6) {
		name_ip6(&at.ip6.sin6_addr, peer);
	} else {
		name_user(socket, peer);
	}
	peer->local = is_loopback(&at) && is_loopback(&here);
}

/* ---- what is offered ---- */

SecurityOffer access_offer(
	const Access *access, Guard *guard, const Peer *peer, bool encrypted)
{
	bool open = !accounts_has_users(access->accounts) &&
		    !accounts_has_password(access->accounts) &&
		    access->none != NONE_NEVER &&
		    (access->none == NONE_ANYWHERE || peer->local);

	return (SecurityOffer){
		.accounts = access->accounts,
		.none = open,
		.plain = !access->encrypt,
		.encrypted = encrypted,
		.local = peer->local,
		.tls = !encrypted,
		.x509 = !encrypted && tls_has_certificate(access->tls),
		.wait = guard_wait(guard, peer->key, g_get_monotonic_time()),
	};
}

const char *access_remark(const Access *access)
{
	if (accounts_has_password(access->accounts) ||
		accounts_has_users(access->accounts))
		return NULL;
	if (access->none == NONE_ANYWHERE)
		return "whoever reaches the port sees the desktop and types: there is no "
		       "password, and none: anywhere";
	return access->none == NONE_NEVER ? "nobody can log in: there is no password"
					  : NULL;
}
