// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sandbox - being the parent of components: their requests, sessions and quotas
 *
 * The mechanism under init and core. It serves the interface `parent` to each child,
 * makes the sessions, keeps one duplicate of each so that it can end it, and keeps the
 * ledger of donations. Which server a request goes to is the owner's policy
 * (MaqSandboxOps.route). It never waits for a child.
 */
#ifndef MAQ_SANDBOX_H
#define MAQ_SANDBOX_H

#include <maq/env.h>
#include <maq/parent.h>

typedef struct MaqSandbox MaqSandbox;
typedef struct MaqChild MaqChild;

typedef enum {
	MAQ_TARGET_NONE,   /* no route: refused */
	MAQ_TARGET_PARENT, /* the sandbox's own parent */
	MAQ_TARGET_CHILD,
	MAQ_TARGET_LOCAL, /* a service of the sandbox's own process */
} MaqTargetKind;

typedef struct {
	MaqTargetKind kind;
	MaqChild *child; /* borrowed */
	const MaqSkeleton *skeleton;
	const void *table;
	void *service;
	char label[MAQ_LABEL_MAX + 1]; /* what the server sees */
} MaqTarget;

typedef struct {
	void (*route)(void *owner, MaqChild *child, const char *service,
		const char *label, MaqTarget *target);
	/* Whether the child may provide the service. */
	bool (*may_provide)(void *owner, MaqChild *child, const char *service);
	/* The child says that it has finished. */
	void (*exited)(void *owner, MaqChild *child, int code);
	/* The child wants more; optional. */
	void (*wants)(void *owner, MaqChild *child, guint64 ram, guint32 caps);
} MaqSandboxOps;

typedef struct {
	guint64 ram;      /* assigned, with what clients have donated */
	guint64 ram_used; /* donated to servers */
	guint32 caps, caps_used;
} MaqAccount;

/* ops and owner are borrowed. The parent of env, if any, is used for MAQ_TARGET_PARENT.
 */
MaqSandbox *maq_sandbox_new(MaqEnv *env, const MaqSandboxOps *ops, void *owner);
void maq_sandbox_free(MaqSandbox *sandbox);

/*
 * A new child. *channel is its end of the parent session, owned by the caller, to be
 * given to the process. data is the owner's.
 */
MaqChild *maq_child_new(MaqSandbox *sandbox, const char *name, guint64 ram, guint32 caps,
	void *data, int *channel);
/* Ends all sessions that it has or serves. */
void maq_child_free(MaqChild *child);
const char *maq_child_name(const MaqChild *child);
void *maq_child_data(const MaqChild *child);
const MaqAccount *maq_child_account(const MaqChild *child);
bool maq_child_announced(const MaqChild *child, const char *service);
/* Raises or lowers the assigned quota; false: more is in use than would be left. */
bool maq_child_transfer(MaqChild *child, gint64 ram, gint64 caps);
void maq_child_signal_heartbeat(MaqChild *child);
/* Heartbeats sent since the last answer. */
unsigned maq_child_skipped_heartbeats(const MaqChild *child);
void maq_child_signal_yield(MaqChild *child);

/* Opens a session on behalf of a child, by its routes. done is called exactly once, maybe
 * before this returns; channel is owned by it. */
typedef void (*MaqOpened)(void *data, int status, int channel);
void maq_child_open_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data);

/* Hands a request of the sandbox's own parent to a child: as the child's open_session,
 * the other way round. channel is owned; done as above, its channel is -1. */
void maq_child_serve(MaqChild *child, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps,
	int channel, MaqOpened done, void *data);

/* Every session, for reports. client or server is NULL: the parent or a local service. */
typedef void (*MaqSessionVisit)(void *data, const char *service, const char *label,
	MaqChild *client, MaqChild *server, bool open);
void maq_sandbox_sessions(MaqSandbox *sandbox, MaqSessionVisit visit, void *data);

#endif
