// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * host - what the scenario lets a component use of the host
 *
 * A component opens no sockets and devices by itself. Core opens those that the start
 * node's host node names, e.g.
 *
 *     + host | + listen display | address: 127.0.0.1 | port: 5900
 *
 * and keeps them open while the component starts again. Files, programs and the like are
 * found at their usual paths (docs/security.md). A nested init can grant what it was
 * granted, with the same words.
 */
#ifndef MAQ_HOST_H
#define MAQ_HOST_H

#include <maq/env.h>

/* A duplicate (owned by the caller) of the listening stream socket of that name, non-
 * blocking and closed on exec; -1: there is none, and the log has said why. */
int maq_host_listen(MaqEnv *env, const char *name);

/* Likewise a duplicate of what core has opened or connected by a grant device, kvm or
 * connect. A connection may not stand yet: it is writable when it does. */
int maq_host_open(MaqEnv *env, const char *name);

#endif
