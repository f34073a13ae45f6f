// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parent - the env's way to its parent: opening sessions, serving requests
 */
#ifndef MAQ_ENV_PARENT_H
#define MAQ_ENV_PARENT_H

#include "../session/env_internal.h"

#include <maq/log.h>
#include <maq/parent.h>

typedef struct {
	MaqParent *session; /* owned by env */
	MaqLog *log;        /* owned by env; NULL until used */
	MaqHandler resources, yield;
	void *resources_data, *yield_data;
} MaqEnvParent;

/* Takes the channel; from now on sessions are opened through it. */
void maq_env_connect(MaqEnv *env, int channel);

#endif
