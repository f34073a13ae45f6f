// SPDX-License-Identifier: GPL-2.0-or-later
#include "access.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const Peer here = {.text = "127.0.0.1", .key = "127.0.0.1", .local = true};
static const Peer there = {.text = "192.0.2.1", .key = "192.0.2.1", .local = false};

static Access *make(const char *attributes)
{
	g_autofree char *text = g_strdup_printf("config%s\n-\n", attributes);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "config", MAQ_HID_STRICT, NULL);
	Access *access = access_new(maq_hid_root(document), NULL, NULL);

	g_assert_nonnull(access);
	return access;
}

static SecurityOffer offer(const char *attributes, const Peer *peer, bool encrypted)
{
	Access *access = make(attributes);
	Guard guard;

	guard_init(&guard);
	SecurityOffer result = access_offer(access, &guard, peer, encrypted);
	guard_fini(&guard);
	access_unref(access);
	result.accounts = NULL;
	return result;
}

/* Who comes in without a password, from this machine and from others. */
static void test_none(void)
{
	static const struct {
		const char *attributes;
		bool here, there;
	} cases[] = {
		{"", true, false},
		{" | none: local", true, false},
		{" | none: anywhere", true, true},
		{" | none: never", false, false},
		{" | password: secret", false, false},
		{" | view_password: secret | none: anywhere", false, false},
		{"\n+ user alice | hash: $5$x$y", false, false},
		{" | none: anywhere\n+ user alice | hash: $5$x$y", false, false},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_cmpint(
			offer(cases[i].attributes, &here, false).none, ==, cases[i].here);
		g_assert_cmpint(offer(cases[i].attributes, &there, false).none, ==,
			cases[i].there);
	}
}

static void test_encryption(void)
{
	SecurityOffer usual = offer("", &there, false);
	SecurityOffer strict = offer(" | encrypt: yes", &there, false);
	SecurityOffer inside = offer(" | encrypt: yes", &there, true);

	g_assert_true(usual.plain && usual.tls && !usual.encrypted && !usual.local);
	g_assert_true(!strict.plain && strict.tls && !strict.x509);
	/* no TLS within TLS */
	g_assert_true(inside.encrypted && !inside.tls && !inside.x509);
}

static void test_remarks(void)
{
	Access *open = make(" | none: anywhere"), *shut = make(" | none: never");
	Access *usual = make(""), *known = make(" | none: anywhere | password: x");

	g_assert_nonnull(strstr(access_remark(open), "there is no password"));
	g_assert_nonnull(strstr(access_remark(shut), "nobody can log in"));
	g_assert_null(access_remark(usual));
	g_assert_null(access_remark(known));
	access_unref(open);
	access_unref(shut);
	access_unref(usual);
	access_unref(known);
}

static void test_mistakes(void)
{
	static const char *const texts[] = {"config\n+ user alice\n-\n",
		"config\n+ user alice | hash:\n-\n", "config | access: /nowhere\n-\n"};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(MaqHidDocument) document =
			maq_hid_parse(texts[i], -1, "config", MAQ_HID_STRICT, NULL);
		g_autoptr(GError) error = NULL;

		g_assert_null(access_new(maq_hid_root(document), NULL, &error));
		g_assert_nonnull(error);
	}
}

/* ---- who it is: the server's end of a connection ---- */

static Peer peer_of(const struct sockaddr *at, socklen_t size)
{
	struct sockaddr_storage bound;
	socklen_t bound_size = sizeof bound;
	int listener = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	Peer peer = {.text = ""};

	if (listener >= 0 && client >= 0 && !bind(listener, at, size)) {
		g_assert_no_errno(listen(listener, 1));
		g_assert_no_errno(
			getsockname(listener, (struct sockaddr *)&bound, &bound_size));
		g_assert_no_errno(connect(client, (struct sockaddr *)&bound, bound_size));
		int server = accept(listener, NULL, NULL);
		access_peer(server, &peer);
		close(server);
	}
	close(listener);
	close(client);
	return peer;
}

static void test_peers(void)
{
	struct sockaddr_in ip4 = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 ip6 = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	socklen_t empty = offsetof(struct sockaddr_un, sun_path);
	/* 65534 is what the kernel says of users that it does not know here */
	g_autofree char *user = getuid() == 65534 ? g_strdup("a unix socket")
						  : g_strdup_printf("user %u", getuid());

	Peer peer = peer_of((struct sockaddr *)&ip4, sizeof ip4);
	g_assert_true(peer.local);
	g_assert_cmpstr(peer.text, ==, "127.0.0.1");
	/* the kernel gives it an abstract name */
	peer = peer_of((struct sockaddr *)&local, empty);
	g_assert_true(peer.local);
	g_assert_cmpstr(peer.text, ==, user);
	peer = peer_of((struct sockaddr *)&ip6, sizeof ip6);
	if (!*peer.text)
		return; /* there is no IPv6 here */
	g_assert_true(peer.local);
	g_assert_cmpstr(peer.text, ==, "::1");
	g_assert_cmpstr(peer.key, ==, "::"); /* its network */
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &ip6.sin6_addr);
	peer = peer_of((struct sockaddr *)&ip6, sizeof ip6);
	g_assert_true(peer.local);
	g_assert_cmpstr(peer.text, ==, "127.0.0.1");
	g_assert_cmpstr(peer.key, ==, "127.0.0.1");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/access/none", test_none);
	g_test_add_func("/vnc/access/encryption", test_encryption);
	g_test_add_func("/vnc/access/remarks", test_remarks);
	g_test_add_func("/vnc/access/mistakes", test_mistakes);
	g_test_add_func("/vnc/access/peers", test_peers);
	return g_test_run();
}
