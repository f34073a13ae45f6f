// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * host - what core has handed over open; docs/protocol.md says how
 */
#include "parent.h"

#include <maq/host.h>

#include <fcntl.h>

/* VARIABLE=display:4 web:5 */
static int find(const char *variable, const char *name)
{
	const char *text = g_getenv(variable);
	g_auto(GStrv) entries = g_strsplit(text ? text : "", " ", -1);
	gsize size = strlen(name);

	for (char **entry = entries; *entry; entry++)
		if (g_str_has_prefix(*entry, name) && (*entry)[size] == ':')
			return (int)g_ascii_strtoull(*entry + size + 1, NULL, 10);
	return -1;
}

int maq_host_listen(MaqEnv *env, const char *name)
{
	int fd = find("MAQ_LISTEN", name);

	(void)env;
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

int maq_host_open(MaqEnv *env, const char *name)
{
	int fd = find("MAQ_OPEN", name);

	(void)env;
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static void keep_from_children(const char *variable)
{
	const char *text = g_getenv(variable);
	g_auto(GStrv) entries = g_strsplit(text ? text : "", " ", -1);

	for (char **entry = entries; *entry; entry++) {
		const char *colon = strchr(*entry, ':');

		if (colon)
			fcntl((int)g_ascii_strtoull(colon + 1, NULL, 10), F_SETFD,
				FD_CLOEXEC);
	}
}

void maq_host_keep(void)
{
	keep_from_children("MAQ_LISTEN");
	keep_from_children("MAQ_OPEN");
}
