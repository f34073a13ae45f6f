// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parent - the env's way to its parent: opening sessions, serving requests
 */
#ifndef MAQ_ENV_PARENT_H
#define MAQ_ENV_PARENT_H

#include "../session/env_internal.h"

#include <maq/component.h>
#include <maq/log.h>

/* A request of our parent, as the operation next_request answers it. */
typedef struct {
	guint32 id;
	const char *service, *label;
	guint64 hash;
	const void *args;
	gsize args_size;
	guint64 ram;
	guint32 caps;
} MaqRequest;

/* Takes requests for services that the env does not provide itself. */
typedef struct {
	/* Takes the channel; answers by the operation deliver, now or later. */
	void (*open)(void *data, const MaqRequest *request, int channel);
	void (*upgrade)(void *data, guint32 id, guint64 ram, guint32 caps);
} MaqForwardOps;

typedef struct {
	MaqParent *session; /* owned by env */
	MaqLog *log;        /* owned by env; NULL until used */
	MaqHandler resources, yield;
	void *resources_data, *yield_data;
	GHashTable *requests; /* owned: session asked for or upgraded -> who waits */
	GPtrArray *openings;  /* owned, of MaqOpening */
	int room;             /* kept so that a request can be taken, and refused */
	const MaqForwardOps *forward; /* NULL: all is provided here */
	void *forward_data;
} MaqEnvParent;

static inline MaqParent *maq_env_parent(MaqEnv *env)
{
	return ((MaqEnvParent *)env->parent)->session;
}

/* Doublings of a donation before a refusal for lack of it is believed. */
#define MAQ_DONATION_RAISES 4

/* done gets the channel, for maq_x_attach() and maq_session_set_id(), or a status. */
typedef void (*MaqOpenDone)(void *data, MaqParentError status, guint32 id, int channel);
/* The call has left the line of calls; comes before done. */
typedef void (*MaqAsked)(void *data);
/* Asks for a session with all that a request may bring; request->id is not used. asked
 * may be NULL. */
void maq_env_request(MaqEnv *env, const MaqRequest *request, MaqAsked asked,
	MaqOpenDone done, void *data);

void maq_env_request_upgrade(
	MaqEnv *env, guint32 id, guint64 ram, guint32 caps, MaqOpenDone done, void *data);

GPtrArray *maq_openings_new(void);

/* Takes the channel; from now on sessions are opened through it. */
void maq_env_connect(MaqEnv *env, int channel);
/* Has back traces written when the process dies by a signal. Once, early in main. */
void maq_crash_install(void);
/* After env has been freed. */
void maq_env_parent_free(MaqEnvParent *parent);
/* Whoever waits for one is told that there is no answer, as for all calls at the end. */
void maq_env_end_upgrades(MaqEnvParent *parent);

/* Programs that the component starts do not get its sockets. */
void maq_host_keep(void);

#endif
