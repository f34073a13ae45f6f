// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remote - the running scenarios of this user, by their control sockets
 */
#ifndef MAQUETTE_REMOTE_H
#define MAQUETTE_REMOTE_H

#include <maq/control.h>
#include <maq/env.h>
#include <maq/hid.h>

typedef struct {
	char *name; /* owned */
	guint32 pid;
	char *path; /* owned: of the socket */
} Running;

/* Of Running, by name; sockets whose owner has gone are removed. */
GPtrArray *running_list(void);

typedef struct {
	MaqEnv *env;         /* owned */
	MaqControl *control; /* owned by env */
} Remote;

/* MAQ_GONE: it has just ended. */
Remote *remote_open(const Running *running, GError **error);
/* The scenario of this name or process id; NULL: the only one. Says on standard error
 * what is wrong. */
Remote *remote_find(const char *command, const char *name);
void remote_free(Remote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)

/* The tree as described by core; NULL and error. */
MaqHidDocument *remote_tree(Remote *remote, GError **error);
/* Names of what serves it to the owner, by the policies of the scenario's configuration;
 * NULL and error. Owned by the caller (g_strfreev). */
char **remote_servers(Remote *remote, const char *service, GError **error);
/* Likewise, with a label ("": none). */
int remote_session_labelled(
	Remote *remote, const MaqInterface *interface, const char *label, GError **error);
/* Opens a session with a service that the scenario exports; NULL and error. The channel
 * is the caller's; -1 and error. */
int remote_session(Remote *remote, const MaqInterface *interface, GError **error);

#endif
