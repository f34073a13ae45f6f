// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listen - the sockets that core has given for viewers
 */
#ifndef VNC_LISTEN_H
#define VNC_LISTEN_H

#include <maq/env.h>

#define LISTEN_MAX 8

/* Those of the names display, display_2 ... display_8; their number. Each is logged. */
unsigned listen_find(MaqEnv *env, int sockets[LISTEN_MAX]);

#endif
