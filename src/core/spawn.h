// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spawn - how a process begins: from fork to exec
 */
#ifndef CORE_SPAWN_H
#define CORE_SPAWN_H

#include "process.h"

/* group: it enters first of all; wrap: the command that it is run by, NULL: none; output:
 * what it prints goes there. Negative: errno says why. */
pid_t spawn(
	const LaunchSpec *spec, Group *group, const Slot *slot, char **wrap, int output);
/* The path of a program's file; NULL: it has none. */
char *spawn_path(int program);

#endif
