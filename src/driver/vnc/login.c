// SPDX-License-Identifier: GPL-2.0-or-later
#include "login.h"

#include <string.h>
#include <sys/select.h>
#include <unistd.h>

typedef struct {
	Login *login;
	const Access *access;
	rfbClientPtr client;
} Link;

/* One by one, as libvncserver begins to wait anew after each byte that has come. */
static bool read_link(void *data, void *to, gsize size)
{
	Link *link = data;

	for (gsize i = 0; i < size; i++) {
		gint64 left = link->login->until - g_get_monotonic_time();

		if (left <= 0 || rfbReadExactTimeout(link->client, (char *)to + i, 1,
					 (int)(left / 1000) + 1) <= 0)
			return false;
	}
	return true;
}

static bool write_link(void *data, const void *from, gsize size)
{
	Link *link = data;

	return !size || rfbWriteExact(link->client, from, (int)size) > 0;
}

/* libvncserver reads and writes the tunnel's local socket from now on. */
static bool start_tls(void *data, bool anonymous)
{
	Link *link = data;
	rfbClientPtr client = link->client;
	rfbScreenInfoPtr screen = client->screen;
	int inner;

	link->login->tunnel =
		tls_accept(link->access->tls, client->sock, anonymous, &inner, NULL);
	if (!link->login->tunnel)
		return false;
	link->login->outer = client->sock;
	FD_CLR(client->sock, &screen->allFds);
	client->sock = inner;
	if (inner >= FD_SETSIZE || !rfbSetNonBlocking(inner))
		return false;
	FD_SET(inner, &screen->allFds);
	screen->maxFd = MAX(screen->maxFd, inner);
	return true;
}

SecurityOutcome login_negotiate(
	Login *login, const Access *access, Guard *guard, rfbClientPtr client)
{
	Link data = {login, access, client};
	SecurityLink link = {read_link, write_link, start_tls, &data};
	SecurityOffer offer = access_offer(access, guard, &login->peer, login->encrypted);
	SecurityOutcome outcome;

	/* TLS inside of a websocket's frames nobody speaks */
	if (client->wsctx)
		offer.tls = offer.x509 = false;
	outcome = security_negotiate(&offer, &link, &login->result);
	if (outcome == SECURITY_WRONG)
		guard_failed(guard, login->peer.key, g_get_monotonic_time());
	if (outcome != SECURITY_IN)
		return outcome;
	guard_succeeded(guard, login->peer.key);
	client->protocolMajorVersion = 3;
	client->protocolMinorVersion = login->result.minor;
	client->viewOnly = access->view_only || login->result.view_only;
	client->state = RFB_INITIALISATION;
	return outcome;
}

void login_fini(Login *login)
{
	if (!login->tunnel)
		return;
	tunnel_free(g_steal_pointer(&login->tunnel));
	close(login->outer);
}

void login_describe(const Login *login, bool view_only, char text[LOGIN_TEXT])
{
	char user[ACCOUNTS_NAME_MAX];
	const SecurityResult *result = &login->result;

	g_strlcpy(user, result->user, sizeof user);
	for (char *at = user; *at; at++)
		if (!g_ascii_isalnum(*at) && !strchr("-_.@", *at))
			*at = '?';
	g_snprintf(text, LOGIN_TEXT, "%s%sfrom %s, %s%s%s", user, *user ? " " : "",
		login->peer.text, login->encrypted ? "https " : "",
		result->type && *result->type ? result->type : "no type",
		view_only ? ", view-only" : "");
}
