// SPDX-License-Identifier: GPL-2.0-or-later
#include "listen.h"

#include <arpa/inet.h>
#include <maq/component.h>
#include <maq/host.h>
#include <sys/socket.h>
#include <sys/un.h>

static void log_address(MaqEnv *env, int listener)
{
	union {
		struct sockaddr any;
		struct sockaddr_in ip4;
		struct sockaddr_in6 ip6;
		struct sockaddr_un local;
	} at = {0};
	socklen_t size = sizeof at;
	char text[INET6_ADDRSTRLEN] = "";

	getsockname(listener, &at.any, &size);
	if (at.any.sa_family == AF_UNIX) {
		maq_log(env, "listening on %s", at.local.sun_path);
		return;
	}
	if (at.any.sa_family == AF_INET)
		inet_ntop(AF_INET, &at.ip4.sin_addr, text, sizeof text);
	else
		inet_ntop(AF_INET6, &at.ip6.sin6_addr, text, sizeof text);
	/* the port is at the same place in both */
	maq_log(env,
		at.any.sa_family == AF_INET ? "listening on %s:%u"
					    : "listening on [%s]:%u",
		text, ntohs(at.ip4.sin_port));
}

unsigned listen_find(MaqEnv *env, int sockets[LISTEN_MAX])
{
	unsigned n = 0;

	for (unsigned i = 1; i <= LISTEN_MAX; i++) {
		g_autofree char *name =
			i == 1 ? g_strdup("display") : g_strdup_printf("display_%u", i);
		int fd = maq_host_listen(env, name);

		if (fd < 0)
			continue;
		log_address(env, fd);
		sockets[n++] = fd;
	}
	return n;
}
