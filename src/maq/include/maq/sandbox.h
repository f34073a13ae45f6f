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
#include <maq/process.h>

typedef struct MaqSandbox MaqSandbox;
typedef struct MaqChild MaqChild;

typedef enum {
	MAQ_TARGET_NONE,   /* no route: refused */
	MAQ_TARGET_WAIT,   /* a server that is not there yet: asked again by
			      maq_sandbox_retry() */
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
	/* Where a request goes; label is the client's own. target->kind is NONE at first.
	 */
	void (*route)(void *owner, MaqChild *child, const char *service,
		const char *label, MaqTarget *target);
	/* Whether the child may provide the service. */
	bool (*may_provide)(void *owner, MaqChild *child, const char *service);
	/* The child says that it has finished. */
	void (*exited)(void *owner, MaqChild *child, int code);
	/* All that follow are optional. Where a request of our own parent goes: a child,
	 * WAIT or NONE. */
	void (*export)(
		void *owner, const char *service, const char *label, MaqTarget *target);
	/* The child wants more. */
	void (*wants)(void *owner, MaqChild *child, guint64 ram, guint32 caps);
	/* It has given back what it could spare. */
	void (*yielded)(void *owner, MaqChild *child);
	/* A request of the child has no route. */
	void (*no_route)(
		void *owner, MaqChild *child, const char *service, const char *label);
	/* Its accounts or sessions have changed. */
	void (*changed)(void *owner);
	/* The kernel's limits of its process are to become these; false: it uses more.
	 * For who starts processes itself; others: maq_sandbox_use_process(). */
	bool (*limit)(void *owner, MaqChild *child, guint64 ram, guint32 caps);
} MaqSandboxOps;

/* What a child has; each unit is in exactly one account. */
typedef struct {
	guint64 ram;          /* assigned, with what clients have donated, bytes */
	guint64 ram_received; /* of that, what clients have donated */
	guint64 ram_donated;  /* to servers of its sessions */
	guint64 ram_charged;  /* kept by itself */
	guint32 caps, caps_received, caps_donated, caps_charged;
} MaqAccount;

/* What is left, 0 if more is in use than there is. */
guint64 maq_account_ram(const MaqAccount *account);
guint32 maq_account_caps(const MaqAccount *account);
/* What is with the component, used or not: its limit. */
guint64 maq_account_held_ram(const MaqAccount *account);
guint32 maq_account_held_caps(const MaqAccount *account);

/* ops and owner are borrowed. The parent of env, if any, is used for MAQ_TARGET_PARENT.
 */
MaqSandbox *maq_sandbox_new(MaqEnv *env, const MaqSandboxOps *ops, void *owner);
void maq_sandbox_free(MaqSandbox *sandbox);
/* Where the children's processes run, so that their limits follow the ledger; borrowed.
 */
void maq_sandbox_use_process(MaqSandbox *sandbox, MaqProcess *process);

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
/* Assigns more. */
void maq_child_raise(MaqChild *child, guint64 ram, guint32 caps);
/* Takes back a part. done is told whether that was possible, maybe before this returns:
 * not if the ledger says that it is in use, or the kernel. Not called if the child is
 * freed first. */
typedef void (*MaqLowered)(void *data, bool done);
void maq_child_lower(
	MaqChild *child, guint64 ram, guint32 caps, MaqLowered done, void *data);
/* The child's process, by its name in the session of maq_sandbox_use_process(), and the
 * quotas with which it was spawned: what the child held then. */
void maq_child_set_process(MaqChild *child, guint32 process, guint64 ram, guint32 caps);
void maq_child_signal_heartbeat(MaqChild *child);
/* Heartbeats sent since the last answer. */
unsigned maq_child_skipped_heartbeats(const MaqChild *child);
/* Asks for resources back. */
void maq_child_yield(MaqChild *child, guint64 ram, guint32 caps);

/*
 * Opens a session on behalf of a child, by its routes and at its cost. done is called
 * exactly once, maybe before this returns; the channel is the caller's, -1 if refused.
 */
typedef void (*MaqOpened)(void *data, int status, int channel);
void maq_child_open_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data);
/* As above, but the channel stays here until the child asks for just this session. */
void maq_child_prepare_session(MaqChild *child, const MaqInterface *interface,
	const char *label, MaqOpened done, void *data);

/* Whether the sessions of a child still go where its routes lead. */
typedef enum { MAQ_ROUTES_VALID, MAQ_ROUTES_CHANGED, MAQ_ROUTES_UNAVAILABLE } MaqRoutes;
/* unavailable is told of each session that has no route any more. */
typedef void (*MaqUnavailable)(void *data, const char *service, const char *label);
MaqRoutes maq_child_check_routes(MaqChild *child, MaqUnavailable unavailable, void *data);

/* Serves what our own parent asks for by ops->export; the services are announced by
 * maq_sandbox_announce(). */
bool maq_sandbox_announce(MaqSandbox *sandbox, const char *service, GError **error);
/* Ends the sessions from our parent whose export leads elsewhere by now. */
void maq_sandbox_check_exports(MaqSandbox *sandbox);
/* Asks ops->route again for the requests that wait, in the next round of the loop. */
void maq_sandbox_retry(MaqSandbox *sandbox);
/* Opens a session at a child for the sandbox's own process, as if our parent had asked.
 * The donation is added to what the children have, until the session ends. */
void maq_sandbox_open_export(MaqSandbox *sandbox, const char *service, const char *label,
	guint64 hash, const void *args, gsize args_size, guint64 ram, guint32 caps,
	MaqOpened done, void *data);

/* A session or a request for one, for reports. */
typedef struct {
	const char *service, *label;
	const MaqChild *client, *server; /* NULL: the parent, or the sandbox itself */
	const char
		*state; /* CREATING, AVAIL, OK, UPGRADING, CLOSING, DENIED: as Genode's */
	guint64 ram;    /* donated */
	guint32 caps;
} MaqSessionInfo;

/* In the order in which they were asked for. */
typedef void (*MaqSessionVisit)(void *data, const MaqSessionInfo *info);
void maq_sandbox_sessions(MaqSandbox *sandbox, MaqSessionVisit visit, void *data);

#endif
